//! The shape of rooms: SQL stands in `store.rs` and nowhere else, names its own tables and published views, and no sibling can reach it.

use crate::{Exceptions, clean, except};
use std::collections::{BTreeMap, BTreeSet};
use testkit::source::{File, files, rust};

/// SQL outside a `store.rs`.
const SQL_ELSEWHERE: Exceptions = &[
    ("hub/kernel/src/audit.rs", "the audit row is written by every room's transaction; the kernel has no rooms"),
    ("hub/kernel/src/file.rs", "files are kept for every room; the kernel has no rooms"),
    ("hub/kernel/src/job.rs", "one table of work in the background for all rooms; the kernel has no rooms"),
    ("hub/kernel/src/vault.rs", "the data keys of sealed records, of whatever room; the kernel has no rooms"),
    ("hub/kernel/src/partition.rs", "asks the database's own function to make parts; the kernel has no rooms"),
    ("hub/kernel/src/sql.rs", "asks the catalogue whether a column can be null, for the test of all statements"),
    ("hub/kernel/src/db.rs", "sets the scope of a transaction: the floor that statements stand on"),
    ("hub/identity/src/schools.rs", "two look-ups of an address's school, cached; one file is the whole room"),
    ("hub/engine/src/registry.rs", "what an actor reads once when it begins; statements of the engine's own start"),
    ("hub/engine/src/stops.rs", "one look a second at what consents stop; statements of the engine's own start"),
    ("hub/engine/src/school.rs", "what an actor reads once when it begins; statements of the engine's own start"),
    ("hub/safety/src/cards.rs", "one statement that passes and meals share; one file is the whole room"),
    ("hub/server/src/check/database.rs", "asks the server about itself before anything else may run"),
    ("hub/server/src/embedded/postgres.rs", "makes the private cluster's logins and database, as its superuser"),
    ("hub/server/src/health.rs", "asks only whether the database answers"),
    ("hub/server/src/migrate/mod.rs", "the migrator's own lock, as the owner of the tables"),
    ("hub/server/src/migrate/roles.rs", "the migrator's own roles, as the owner of the tables"),
    ("hub/server/src/migrate/state.rs", "the migrator's own memory, as the owner of the tables"),
    ("hub/server/src/town/writing.rs", "writes the synthetic town as the owner of the tables"),
];

/// Stores that a sibling may name.
const OPEN_STORES: Exceptions = &[("hub/engine/src/commit/mod.rs", "the board raises incidents by the commit's own statement; both are the engine")];

fn shipped() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests") && !file.below("devices/swarm") && !file.is("/tests.rs") && !file.is("/test_data.rs"))
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    ["select ", "insert into ", "update ", "delete from ", "create ", "alter ", "drop ", "grant ", "truncate ", "with "].iter().any(|verb| text.starts_with(verb))
        && (text.contains(" from ") || text.contains(" set ") || text.contains(" into ") || text.contains('(') || text.contains("select ") || text.starts_with("create "))
}

#[test]
fn sql_stands_in_stores() {
    let mut found = Vec::new();
    for file in shipped().filter(|file| file.name() != "store.rs") {
        let statements = rust(&file.text).literals.into_iter().filter(|literal| is_sql(&literal.text));
        found.extend(statements.map(|literal| (file.path.clone(), format!(":{}: SQL belongs into store.rs", literal.line))));
    }
    clean(&except(found, SQL_ELSEWHERE));
}

#[test]
fn a_store_knows_nothing_but_sql() {
    let mut wrong = Vec::new();
    for file in shipped().filter(|file| file.name() == "store.rs") {
        let read = rust(&file.text);
        for stranger in ["actix", "askama", "web::", "metrics::", "tracing::", "HttpRequest", "Guard<", ".require::<", "rumqttc", "reqwest"] {
            if read.code.contains(stranger) {
                wrong.push(format!("{}: a store does not know `{stranger}`", file.path));
            }
        }
        if !read.literals.iter().any(|literal| is_sql(&literal.text)) {
            wrong.push(format!("{}: a store without SQL", file.path));
        }
        if !read.code.contains("STATEMENTS") {
            wrong.push(format!("{}: its statements are not listed in STATEMENTS, so no test prepares them", file.path));
        }
    }
    clean(&wrong);
}

#[test]
fn stores_are_private() {
    let open = shipped().flat_map(|file| file.text.lines().filter(|line| line.contains("pub") && line.ends_with("mod store;")).map(|_| (file.path.clone(), ": `mod store;` is private".to_owned())));
    clean(&except(open.collect(), OPEN_STORES));
}

#[test]
fn rules_are_pure() {
    let mut wrong = Vec::new();
    for file in shipped().filter(|file| file.name() == "rules.rs" || file.path.contains("/rules/")) {
        let code = rust(&file.text).code;
        for impure in ["async ", ".await", "Clock::", ".now()", "kernel::sql", "Query<", "actix", "metrics::", "tracing::", "tokio"] {
            if code.contains(impure) {
                wrong.push(format!("{}: rules are pure, and `{}` is not", file.path, impure.trim()));
            }
        }
    }
    clean(&wrong);
}

/// The word after each of these begins a table's name.
fn tables_named(sql: &str) -> BTreeSet<String> {
    let sql = sql.to_lowercase().replace(['\n', '\t'], " ");
    let words: Vec<&str> = sql.split(' ').filter(|word| !word.is_empty()).collect();
    let named = words.windows(2).filter_map(|pair| match pair {
        ["from" | "join" | "into" | "update", name] if !name.starts_with('(') => Some(name.trim_end_matches([',', ')', ';'])),
        _ => None,
    });
    named.filter(|name| !name.contains('(') && !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')).map(str::to_owned).collect()
}

/// Table → the crate whose room says it owns it.
fn owners() -> BTreeMap<String, BTreeSet<String>> {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in shipped() {
        for line in file.text.lines().filter_map(|line| line.strip_prefix("//! Owns ")) {
            let owned = line.split(". ").next().unwrap_or(line).split(';').next().unwrap_or(line);
            for table in owned.split('`').skip(1).step_by(2) {
                let table = table.split('.').next().unwrap_or(table);
                owners.entry(table.to_owned()).or_default().insert(crate_of(file).to_owned());
            }
        }
    }
    owners
}

/// `hub/engine` of `hub/engine/src/lane.rs`.
pub fn crate_of(file: &File) -> &str {
    file.path.split_once("/src/").map_or(&file.path, |(home, _)| home)
}

/// Tables that the migrations make.
pub fn tables() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files().iter().filter(|file| file.below("migrations") && file.name().starts_with('V')) {
        for line in file.text.lines().filter(|line| !line.contains(" partition of ")) {
            found.extend(line.strip_prefix("create table ").and_then(|rest| rest.split([' ', '(']).next()).map(str::to_owned));
        }
    }
    found
}

/// Tables that another wing's statements name, with the reason.
const NEIGHBOURS: &[(&str, &str, &str)] = &[
    ("academic/people", "file", "the night removes a withdrawn picture together with its files, in one statement"),
    ("hub/safety", "file", "the night and an erasure remove notes of absence together with their documents, in one statement"),
    ("hub/safety", "person", "the one look-up of a batch's cards, on the way of every event: a view would join persons twice"),
    ("hub/safety", "enrolment", "the same look-up"),
    ("hub/safety", "school_class", "the same look-up"),
];

#[test]
fn a_rooms_sql_names_its_own_tables_and_published_views() {
    let (owners, tables) = (owners(), tables());
    let (mut wrong, mut needed) = (BTreeSet::new(), BTreeSet::new());
    for file in shipped().filter(|file| !file.below("hub/server")) {
        let home = crate_of(file);
        for literal in rust(&file.text).literals.into_iter().filter(|literal| is_sql(&literal.text)) {
            for table in tables_named(&literal.text).intersection(&tables) {
                let own = owners.get(table).is_some_and(|owners| owners.contains(home));
                let excepted = NEIGHBOURS.iter().any(|(room, one, _)| *room == home && one == table);
                needed.insert((home, table.clone()));
                if !own && !excepted {
                    wrong.insert(format!("{home} names {table}, which {} owns: read a view it publishes", owners.get(table).map_or("nobody".into(), |owners| format!("{owners:?}"))));
                }
            }
        }
    }
    let idle = NEIGHBOURS.iter().filter(|(room, table, _)| !needed.contains(&(*room, (*table).to_owned())));
    wrong.extend(idle.map(|(room, table, _)| format!("{room} names {table} no more: take it off the list")));
    clean(&wrong.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_table_has_an_owner() {
    let owners = owners();
    clean(&tables().iter().filter(|table| !owners.contains_key(*table)).map(|table| format!("{table}: no room's head says `Owns`")).collect::<Vec<_>>());
}

#[test]
fn every_file_says_what_it_is() {
    let sources = files().iter().filter(|file| file.is(".rs") && (file.path.contains("/src/") || file.path.contains("/tests/") || file.below("tests")));
    let silent = sources.filter(|file| !file.text.starts_with("//!") && !file.name().starts_with("build"));
    clean(&silent.map(|file| format!("{}: opens with no `//!` paragraph", file.path)).collect::<Vec<_>>());
}
