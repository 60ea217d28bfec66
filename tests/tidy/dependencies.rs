//! Dependencies: one version each with its reason, floors that stand only on those below, and nothing that we banned.

use crate::clean;
use std::collections::{BTreeMap, BTreeSet};
use testkit::source::{File, files};

/// Our crates, lowest floor first. A crate uses only crates of floors before its own, or those named in [`SAME_FLOOR`].
const FLOORS: &[&[&str]] = &[
    &["kernel", "protocol"],
    &["notice"],
    &["web"],
    &["identity"],
    &["people"],
    &["fleet", "safety", "delivery"],
    &["engine", "live", "app"],
    &["shanyraq"],
];

/// Programs beside the hub, with all of ours that they may use. The hub never links them.
const BESIDE: &[(&str, &[&str])] = &[
    ("swarm", &["protocol"]),
    ("terminal", &["protocol"]),
    ("simulators", &[]),
    ("checker", &[]),
    ("shanyraq-print", &[]),
];

/// Test programs: they may use everything.
fn is_test_program(name: &str) -> bool {
    ["shanyraq-tests", "bench", "faults"].contains(&name)
}

/// Never in the lock: a second TLS stack, or one in C++ and assembler that needs cmake.
const BANNED: &[&str] = &["aws-lc-sys", "aws-lc-rs", "openssl", "openssl-sys", "native-tls", "chrono", "sqlx", "diesel"];

/// Banned, yet in the lock, because a crate names it as something that it could use; nobody asks for that, so that it is never built. The
/// crate that names it, which must be the only one, and why it is there.
const NAMED_ONLY: &[(&str, &str, &str)] = &[("chrono", "serde_with", "webauthn-rs uses serde_with without its feature for chrono; `cargo tree -i chrono` finds nothing")];

/// The packages of the lock that name this one.
fn named_by(lock: &str, name: &str) -> Vec<String> {
    let names = |package: &&str| package.lines().any(|line| line.trim().trim_matches(['"', ',']).split(' ').next() == Some(name));
    lock.split("[[package]]").filter(names).filter_map(|package| Some(package.split_once("name = \"")?.1.split('"').next()?.to_owned())).collect()
}

fn manifests() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|file| file.name() == "Cargo.toml")
}

/// A workspace of its own, for the reason that its manifest opens with.
fn stands_alone(manifest: &File) -> bool {
    manifest.path == "hub/print/Cargo.toml"
}

fn name_of(manifest: &File) -> Option<&str> {
    manifest.text.split_once("[package]")?.1.split_once("name = \"")?.1.split('"').next()
}

/// Section, line number, name and the whole line of every dependency.
fn dependencies(manifest: &'static File) -> Vec<(&'static str, usize, &'static str, &'static str)> {
    let mut section = "";
    let mut found = Vec::new();
    for (number, line) in manifest.text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies") && line.contains('=') && !line.starts_with('#') {
            found.push((section, number + 1, line.split(['=', '.', ' ']).next().unwrap_or_default().trim(), line));
        }
    }
    found
}

#[test]
fn every_dependency_has_one_version_and_a_reason() {
    let mut wrong = Vec::new();
    for manifest in manifests() {
        for (section, line, name, text) in dependencies(manifest) {
            let place = format!("{}:{line}", manifest.path);
            if section == "workspace.dependencies" || stands_alone(manifest) {
                let reason = text.split_once('#').is_some_and(|(_, reason)| reason.trim().len() >= 3);
                if !reason && !text.contains("path = ") {
                    wrong.push(format!("{place}: {name} has no reason"));
                }
            } else if !text.contains("workspace = true") && !text.contains("path = ") {
                wrong.push(format!("{place}: {name} names its own version; the workspace has one for all"));
            }
        }
    }
    clean(&wrong);
}

#[test]
fn every_named_dependency_is_used() {
    let root = manifests().find(|manifest| manifest.path == "Cargo.toml").map(dependencies).unwrap_or_default();
    let used: BTreeSet<&str> = manifests().filter(|manifest| manifest.path != "Cargo.toml").flat_map(dependencies).map(|(_, _, name, _)| name).collect();
    clean(&root.iter().filter(|(_, _, name, _)| !used.contains(name)).map(|(_, line, name, _)| format!("Cargo.toml:{line}: no crate uses {name}")).collect::<Vec<_>>());
}

#[test]
fn crates_stand_on_lower_floors_only() {
    let floor: BTreeMap<&str, usize> = FLOORS.iter().enumerate().flat_map(|(height, names)| names.iter().map(move |name| (*name, height))).collect();
    let beside: BTreeMap<&str, &[&str]> = BESIDE.iter().copied().collect();
    let mut wrong = Vec::new();
    for manifest in manifests() {
        let Some(name) = name_of(manifest).filter(|name| !is_test_program(name)) else { continue };
        for (section, line, used, _) in dependencies(manifest) {
            let ours = floor.contains_key(used) || beside.contains_key(used);
            let allowed = match (floor.get(name), beside.get(name)) {
                (Some(own), _) => floor.get(used).is_some_and(|other| other < own),
                (None, Some(allowed)) => allowed.contains(&used),
                (None, None) => {
                    wrong.push(format!("{}: {name} has no floor; give it one in tests/tidy/dependencies.rs", manifest.path));
                    break;
                }
            };
            if ours && !allowed && section != "dev-dependencies" {
                wrong.push(format!("{}:{line}: {name} does not stand on {used}", manifest.path));
            }
        }
    }
    clean(&wrong);
}

#[test]
fn crates_name_our_lints() {
    let members = manifests().filter(|manifest| name_of(manifest).is_some() && !stands_alone(manifest));
    clean(&members.filter(|manifest| !manifest.text.contains("[lints]\nworkspace = true")).map(|manifest| format!("{}: does not take the workspace's lints", manifest.path)).collect::<Vec<_>>());
}

/// The lints of a manifest, as they stand under `prefix`.
fn lints(manifest: &File, prefix: &str) -> Vec<String> {
    let mut inside = "";
    let mut found = Vec::new();
    for line in manifest.text.lines() {
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']).strip_prefix(prefix).unwrap_or_default();
        } else if !inside.is_empty() && line.contains('=') {
            found.push(format!("{inside}: {line}"));
        }
    }
    found
}

#[test]
fn who_stands_alone_has_our_lints_and_a_reason() {
    let root = manifests().find(|manifest| manifest.path == "Cargo.toml").map(|manifest| lints(manifest, "workspace.lints.")).unwrap_or_default();
    // No future of its own waits with a lock in its hand: it has none.
    let for_all: Vec<_> = root.into_iter().filter(|line| !line.contains("await_holding_lock")).collect();
    for alone in manifests().filter(|manifest| stands_alone(manifest)) {
        assert_eq!(lints(alone, "lints."), for_all, "{}", alone.path);
        assert!(alone.text.starts_with('#'), "{} says why it stands alone", alone.path);
    }
}

#[test]
fn what_we_banned_is_not_in_the_locks() {
    for path in ["Cargo.lock", "hub/print/Cargo.lock"] {
        let lock = files().iter().find(|file| file.path == path).expect("every lock is committed");
        let locked: BTreeSet<&str> = lock.text.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
        let only_named = |name: &&&str| NAMED_ONLY.iter().any(|(banned, by, _)| *banned == **name && named_by(&lock.text, banned) == [*by]);
        clean(&BANNED.iter().filter(|name| locked.contains(*name)).filter(|name| !only_named(name)).map(|name| format!("{path}: {name}; `cargo tree -i {name}` says who brings it")).collect::<Vec<_>>());
    }
}

#[test]
fn deny_toml_bans_the_same() {
    let deny = files().iter().find(|file| file.path == "deny.toml").expect("deny.toml");
    clean(&BANNED.iter().filter(|name| !deny.text.contains(&format!("crate = \"{name}\""))).map(|name| format!("deny.toml: does not ban {name}")).collect::<Vec<_>>());
}

#[test]
fn locks_of_packages_name_no_host() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.name() == "package-lock.json") {
        let named = file.text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\"") || line.contains("https://") && !line.contains("\"url\""));
        wrong.extend(named.map(|(number, line)| format!("{}:{}: {}", file.path, number + 1, line.trim())));
    }
    for folder in ["dashboards/web", "tests/browser"] {
        let told = files().iter().any(|file| file.path == format!("{folder}/.npmrc") && file.text.contains("omit-lockfile-registry-resolved"));
        if !told {
            wrong.push(format!("{folder}/.npmrc: says nothing of omit-lockfile-registry-resolved"));
        }
    }
    clean(&wrong);
}

#[test]
fn every_crate_of_ours_says_how_it_is_built() {
    let root = files().iter().find(|file| file.path == "Cargo.toml").expect("the workspace");
    let members = root.text.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).expect("its members");
    let folders: Vec<&str> = members.split('"').skip(1).step_by(2).collect();
    assert!(folders.len() > 15, "{folders:?}");
    let name = |folder: &str| {
        let file = files().iter().find(|file| file.path == format!("{folder}/Cargo.toml")).expect("a member's own file");
        file.text.lines().find_map(|line| line.strip_prefix("name = \"")).and_then(|rest| rest.split('"').next()).expect("its name").to_owned()
    };
    let unnamed: Vec<String> = folders.iter().map(|folder| name(folder)).filter(|name| !root.text.contains(&format!("[profile.quick.package.{name}]\n"))).collect();
    assert_eq!(unnamed, Vec::<String>::new(), "without its lines in the profile a crate is built as a foreign one: no overflow checks, no line numbers");
}
