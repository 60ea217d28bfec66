//! Words that stand nowhere, and files that are not too long.

use crate::{Exceptions, clean, except};
use testkit::source::{File, files, rust};

/// Files that machines write.
fn by_hand(file: &&File) -> bool {
    !file.is(".lock") && !file.is("package-lock.json") && file.name() != "LICENSE" && !file.below("tests/golden") && file.name() != "schema.sql"
}

/// Tests that run only when asked for.
const MEASURED: Exceptions = &[
    ("devices/swarm/tests/run.rs", "measures what the swarm itself costs"),
    ("tests/simulators/tests/fcm/lifetime.rs", "measures what a send costs, on a quiet machine"),
];

/// Waiting for time where there is no condition to wait for.
const SLEEPS: Exceptions = &[
    ("tests/src/wait.rs", "the one loop that asks for a condition again and again"),
    ("tests/src/database.rs", "asks again and again whether a killed server's processes have left, with a deadline"),
];

/// What speaks to somebody outside. Each of these takes a `WayOut`, which mode `test` does not give.
const OUTWARD: Exceptions = &[
    ("push/delivery/src/channels/fcm/client.rs", "pushes to phones; made with a way out"),
    ("push/delivery/src/channels/fcm/access.rs", "their access token; made by the channel"),
    ("push/delivery/src/channels/web_push/client.rs", "messages to browsers; made with a way out"),
    ("push/delivery/src/channels/web_push/address.rs", "where those may go, and how a name is resolved; sends nothing"),
    ("push/delivery/src/channels/web_push/vapid.rs", "the type of a header; sends nothing"),
    ("push/delivery/src/channels/telegram/bot.rs", "messages of the bot; made with a way out"),
    ("hub/server/src/run/mail.rs", "letters; made with a way out"),
    ("hub/server/src/check/fcm.rs", "whether the push service answers; asked with a way out"),
    ("hub/server/src/up/programs.rs", "counts of the push simulator that `up` itself started"),
];

/// Each place where one of the words stands, in a file that is not this one.
fn places(words: &[String], wanted: impl Fn(&&File) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in files().iter().filter(by_hand).filter(wanted).filter(|file| file.path != "tests/tidy/words.rs") {
        for (number, line) in file.text.lines().enumerate() {
            let named = words.iter().filter(|word| line.contains(word.as_str()));
            found.extend(named.map(|word| (file.path.clone(), format!(":{}: `{word}`", number + 1))));
        }
    }
    found
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn nothing_is_left_to_do() {
    clean(&except(places(&owned(&["todo!(", "unimplemented!(", "TODO", "FIXME", "XXX"]), |_| true), &[]));
}

#[test]
fn no_registry_and_no_machine_is_named() {
    // In halves, so that this file does not name them either.
    let registries = [["registry.npm", "js.org"], ["crates", ".io"], ["pypi", ".org"], ["proxy.golang", ".org"]].map(|halves| halves.concat());
    let machines = [["\"/wo", "rk/"], [" /wo", "rk/"], ["`/wo", "rk/"], ["/ro", "ot/"], ["\"/home", "/"], [" /home", "/"], ["`/home", "/"], ["/tmp", "/w/"]].map(|halves| halves.concat());
    clean(&except(places(&[registries.as_slice(), machines.as_slice()].concat(), |_| true), &[]));
}

#[test]
fn nothing_speaks_outward_but_what_is_listed() {
    let of_the_hub = |file: &&File| file.is(".rs") && ["hub", "push", "dashboards", "academic"].iter().any(|place| file.below(place)) && !file.path.contains("/tests/");
    let found: std::collections::BTreeMap<String, String> = places(&owned(&["reqwest::", "lettre::", "hyper::client", "ureq::"]), of_the_hub).into_iter().collect();
    clean(&except(found.into_iter().collect(), OUTWARD));
    for (path, reason) in OUTWARD.iter().filter(|(_, reason)| reason.contains("a way out")) {
        let file = files().iter().find(|file| file.path == *path).expect("it was just found");
        assert!(file.text.contains("_: WayOut"), "{path}: {reason}, says the list");
    }
}

#[test]
fn tests_are_run() {
    clean(&except(places(&owned(&["#[ignore"]), |file| file.is(".rs")), MEASURED));
}

#[test]
fn tests_wait_for_conditions() {
    let sleeping = |file: &&File| file.is(".rs") && (file.below("tests/it") || file.below("tests/src") || file.path == "tests/servers.rs");
    clean(&except(places(&owned(&["thread::sleep", "time::sleep("]), sleeping), SLEEPS));
    let threads = |file: &&File| file.is(".rs") && !sleeping(file);
    let polling: Exceptions = &[("hub/server/tests/up.rs", "polls an outside process, with a deadline")];
    clean(&except(places(&owned(&["thread::sleep("]), threads), polling));
}

/// Who reads the machine's clock or its randomness. Everybody else is given time and ids by `Ctx`.
const CLOCKS: Exceptions = &[
    ("hub/kernel/src/clock.rs", "the clock itself"),
    ("devices/terminal/src/clock.rs", "the terminal's own clock: it knows no kernel, and tests turn it by hand"),
];

#[test]
fn only_the_kernel_reads_the_clock() {
    let shipped = |file: &&File| file.is(".rs") && file.path.contains("/src/") && !file.below("tests") && !file.below("devices/swarm");
    clean(&except(places(&owned(&["Timestamp::now()", "Zoned::now()", "SystemTime::now()", "Uuid::now_v7(", "Uuid::new_v4("]), shipped), CLOCKS));
}

#[test]
fn exceptions_to_lints_say_why() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.is(".rs") && file.path != "tests/tidy/words.rs") {
        let code = rust(&file.text).uncommented;
        for (at, _) in code.match_indices("[expect(").chain(code.match_indices("[allow(")) {
            let attribute = code.get(at..).and_then(|rest| rest.split(")]").next()).unwrap_or_default();
            if !attribute.contains("reason = \"") {
                wrong.push(format!("{}: `#{}` has no reason", file.path, attribute.lines().next().unwrap_or_default()));
            }
        }
    }
    clean(&wrong);
}

#[test]
fn files_are_not_too_long() {
    let lines = |file: &File| file.text.lines().count();
    let written = || files().iter().filter(by_hand).filter(|file| [".rs", ".ts", ".mjs", ".scss", ".sql", ".ftl", ".html", ".md"].iter().any(|ending| file.is(ending)));
    for file in written().filter(|file| (501..=900).contains(&lines(file))) {
        println!("long: {} has {} lines", file.path, lines(file));
    }
    clean(&written().filter(|file| lines(file) > 900).map(|file| format!("{}: {} lines are too many", file.path, lines(file))).collect::<Vec<_>>());
}

#[test]
fn the_map_stays_a_map() {
    let map = files().iter().find(|file| file.path == "ARCHITECTURE.md").map_or(0, |file| file.text.lines().count());
    assert!((1..400).contains(&map), "ARCHITECTURE.md has {map} lines");
}
