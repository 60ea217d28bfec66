//! Texts for people: every message in three languages with the same arguments, every message used, every used message there.

use crate::{Exceptions, clean, except};
use std::{collections::{BTreeMap, BTreeSet}, sync::LazyLock};
use testkit::source::{File, Golden, Literal, files, rust};

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

/// Cyrillic in Rust that is no text for people.
const NOT_FOR_PEOPLE: Exceptions = &[
    ("academic/people/src/imports/rules/headings.rs", "how offices call the columns of their lists, in three languages"),
    ("academic/people/src/imports/rules/judge.rs", "how offices call positions, in three languages"),
    ("academic/people/src/imports/rules/values.rs", "how people write months, sexes, languages and kinships"),
    ("hub/server/src/town/colleagues.rs", "the synthetic town: its people and places have names, as rows"),
    ("hub/server/src/town/grow.rs", "the synthetic town: its people and places have names, as rows"),
    ("hub/server/src/town/houses.rs", "the synthetic town: its people and places have names, as rows"),
    ("hub/server/src/town/losses.rs", "the synthetic town: what its people wrote, as rows"),
    ("hub/server/src/town/mod.rs", "the synthetic town: its people and places have names, as rows"),
    ("hub/server/src/town/names.rs", "the synthetic town: its people and places have names, as rows"),
    ("hub/server/src/town/wishes.rs", "the synthetic town: its people and places have names, as rows"),
    ("hub/server/src/town/writing.rs", "the synthetic town: its people and places have names, as rows"),
];

/// Keys made at run time in a way that this program cannot follow, each with the place that makes it.
const MADE: &[(&str, &str)] = &[
    ("failure-", "`web::Failure::message_key`, from the status"),
    ("refused-", "`web::Failure::message_key`, from the code of a refusal"),
];

/// A message in one language.
#[derive(Debug, Default, Clone)]
struct Message {
    place: String,
    arguments: BTreeSet<String>,
}

type Messages = BTreeMap<String, Message>;

fn locale_files(language: &str) -> impl Iterator<Item = &'static File> {
    files().iter().filter(move |file| file.is(".ftl") && file.path.contains(&format!("/locales/{language}/")))
}

fn messages(language: &str) -> Messages {
    let mut found = Messages::new();
    for file in locale_files(language) {
        let mut key = None;
        for (number, line) in file.text.lines().enumerate() {
            if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
                let name = line.split('=').next().unwrap_or_default().trim().to_owned();
                let message = Message { place: format!("{}:{}", file.path, number + 1), ..Message::default() };
                assert!(found.insert(name.clone(), message).is_none(), "{}:{}: {name} stands twice", file.path, number + 1);
                key = Some(name);
            }
            if let Some(message) = key.as_ref().and_then(|key| found.get_mut(key)) {
                let names = line.split('$').skip(1).map(|rest| rest.chars().take_while(|one| one.is_ascii_alphanumeric() || *one == '_' || *one == '-').collect());
                message.arguments.extend(names);
            }
        }
    }
    found
}

/// A text in code with the place it stands at. `{…}` in it stands for anything.
struct Mention {
    place: String,
    text: String,
}

impl Mention {
    fn fits(&self, key: &str) -> bool {
        let mut parts = self.text.split('{').enumerate().map(|(number, part)| if number == 0 { part } else { part.split_once('}').map_or(part, |(_, after)| after) });
        let Some(mut rest) = parts.next().and_then(|first| key.strip_prefix(first)) else { return false };
        let mut open = false;
        for part in parts {
            open = true;
            match rest.rfind(part) {
                Some(at) if !part.is_empty() => (rest, open) = (rest.get(at + part.len()..).unwrap_or_default(), false),
                Some(_) => {}
                None => return false,
            }
        }
        rest.is_empty() || open
    }

    /// Whether it says enough to be looked for.
    fn says_something(&self) -> bool {
        let fixed: String = self.text.split('{').next().unwrap_or_default().to_owned();
        fixed.len() >= 3 && self.text.chars().all(|one| one.is_ascii_alphanumeric() || "-_.{}:?".contains(one))
    }
}

/// Every text of shipped Rust and of the templates.
static MENTIONS: LazyLock<Vec<Mention>> = LazyLock::new(|| {
    let mut found = Vec::new();
    for file in files().iter().filter(|file| !file.below("tests")) {
        if file.is(".rs") && !file.is("/tests.rs") {
            found.extend(rust(&file.text).literals.into_iter().map(|literal| Mention { place: format!("{}:{}", file.path, literal.line), text: literal.text }));
        }
        if file.is(".html") {
            for (number, line) in file.text.lines().enumerate() {
                found.extend(line.split('"').map(|text| Mention { place: format!("{}:{}", file.path, number + 1), text: text.to_owned() }));
            }
        }
    }
    found.retain(Mention::says_something);
    found
});

/// The keys that `t.text("…")` and `t.with("…")` ask for.
fn asked() -> Vec<Mention> {
    let mut found = Vec::new();
    for file in files().iter().filter(|file| !file.below("tests") && !file.is("/tests.rs") && (file.is(".rs") || file.is(".html"))) {
        let text = if file.is(".rs") { rust(&file.text).uncommented } else { file.text.clone() };
        for (number, line) in text.lines().enumerate() {
            for call in ["t.text(\"", "t.with(\"", "texts.text(\"", "texts.with(\"", ".text(format!(\"", ".with(format!(\""] {
                let keys = line.split(call).skip(1).filter_map(|rest| rest.split('"').next());
                found.extend(keys.map(|key| Mention { place: format!("{}:{}", file.path, number + 1), text: key.to_owned() }));
            }
        }
    }
    found.retain(Mention::says_something);
    found
}

#[test]
fn every_message_stands_in_three_languages_with_the_same_arguments() {
    let read = LANGUAGES.map(messages);
    let mut wrong = Vec::new();
    for (key, message) in read.iter().flatten() {
        for (language, others) in LANGUAGES.iter().zip(&read) {
            match others.get(key) {
                None => wrong.push(format!("{}: {key} is not there in {language}", message.place)),
                Some(other) if other.arguments != message.arguments => {
                    wrong.push(format!("{}: {key} has {:?}, and {:?} at {}", message.place, message.arguments, other.arguments, other.place));
                }
                Some(_) => {}
            }
        }
    }
    clean(&wrong);
}

#[test]
fn every_message_is_used() {
    let used = |key: &str| MADE.iter().any(|(start, _)| key.starts_with(start)) || MENTIONS.iter().any(|mention| mention.fits(key));
    let idle: Vec<String> = messages("kk").iter().filter(|(key, _)| !used(key)).map(|(key, message)| format!("{}: nothing uses {key}", message.place)).collect();
    clean(&idle);
}

#[test]
fn every_used_message_is_there() {
    let keys = messages("kk");
    let missing = asked().into_iter().filter(|mention| !keys.keys().any(|key| mention.fits(key)));
    clean(&missing.map(|mention| format!("{}: there is no message {}", mention.place, mention.text)).collect::<Vec<_>>());
}

/// Codes of refusals, `room.reason`, with the file that says them first.
fn refusals() -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    for file in files().iter().filter(|file| file.is(".rs") && !file.below("tests") && !file.is("/tests.rs")) {
        let text = rust(&file.text).uncommented;
        for code in text.split("Error::Refused(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            found.entry(code.to_owned()).or_insert(file.path.as_str());
        }
    }
    found
}

/// Codes of failures that any room may answer with.
fn failures() -> Vec<Literal> {
    let all = files().iter().find(|file| file.path == "dashboards/web/src/failure.rs").map(|file| rust(&file.text).literals).unwrap_or_default();
    all.into_iter().filter(|literal| literal.text.strip_prefix("web.").is_some_and(|rest| !rest.is_empty())).collect()
}

#[test]
fn every_refusal_says_why() {
    let keys = messages("kk");
    let refused = refusals().into_iter().map(|(code, file)| (file, format!("refused-{}", code.replace(['.', '_'], "-"))));
    let failed = failures().into_iter().map(|code| ("dashboards/web/src/failure.rs", format!("failure-{}", code.text.trim_start_matches("web.").replace('_', "-"))));
    let wanted = refused.chain(failed.filter(|(_, key)| key != "failure-sign-in")).flat_map(|(file, key)| [(file, format!("{key}-title")), (file, format!("{key}-body"))]);
    clean(&wanted.filter(|(_, key)| !keys.contains_key(key)).map(|(file, key)| format!("{file}: there is no message {key}")).collect::<Vec<_>>());
}

#[test]
fn codes_are_what_reviewers_read() {
    let mut lines: BTreeSet<String> = refusals().into_keys().map(|code| format!("{code}  (409)")).collect();
    lines.extend(failures().into_iter().map(|code| code.text));
    Golden("tests/golden/codes.txt").compare(&(lines.into_iter().collect::<Vec<_>>().join("\n") + "\n"));
}

#[test]
fn no_text_for_people_stands_in_rust() {
    let cyrillic = |text: &str| text.chars().any(|one| ('\u{400}'..='\u{4ff}').contains(&one));
    let mut found = Vec::new();
    for file in files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests") && !file.is("/tests.rs") && !file.is("/test_data.rs")) {
        let words = rust(&file.text).literals.into_iter().filter(|literal| cyrillic(&literal.text));
        found.extend(words.map(|literal| (file.path.clone(), format!(":{}: \"{}\" belongs into locales/", literal.line, literal.text))));
    }
    clean(&except(found, NOT_FOR_PEOPLE));
}
