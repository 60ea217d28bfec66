//! The schema as written: every tenant table fenced, every view seen with the reader's rights, every definer's function with its path fixed.

use crate::{clean, rooms::tables};
use testkit::source::{File, files};

/// The few tables without `school_id`, and why.
const GLOBAL: &[(&str, &str)] = &[
    ("organisation", "names of schools are no secret, and every room needs them"),
    ("person", "a person is one in all schools; schools see them through school_person, guardians through kinship (policies of its own)"),
    ("person_iin", "of a person, seen as the person is (policies of its own); sealed, and hashed with a key outside the database"),
    ("account", "signing in comes before any school; only `web` has a grant"),
    ("session", "signing in comes before any school; holds hashes only"),
    ("account_totp", "of an account; sealed with a key outside the database"),
    ("account_recovery_code", "of an account; holds hashes only"),
    ("account_half_open", "signing in comes before any school; holds hashes only"),
    ("account_passkey", "of an account; holds the public half only"),
    ("account_passkey_question", "signing in comes before any school; holds hashes only"),
    ("account_identifier", "of an account; sealed, and hashed with a key outside the database"),
    ("account_email_question", "of an account; sealed, and hashed with a key outside the database"),
    ("account_recovery", "of an account; holds hashes only"),
    ("account_key", "of an account; holds hashes only"),
    ("account_key_code", "of an account; holds hashes only"),
    ("account_key_proof", "of a device's key, whoever's it is; holds hashes only"),
    ("social_category", "reference data: which social categories there are, the same for all"),
    ("pension_age", "reference data: at what age one may retire, the same for all"),
    ("day_off", "reference data: days off by law, the same for all"),
    ("school_year_span", "reference data: school years and their breaks, the same for all"),
    ("schooling_norm", "reference data: what holds where a school says nothing else"),
    ("retention_rule", "reference data: how long what is kept, the same for all"),
    ("retention_run", "numbers of rows that left, over all schools"),
    ("consent_purpose", "reference data: what personal data may be used for, the same for all"),
    ("consent_text", "reference data: what somebody agrees to, the same for all"),
    ("push_token", "a phone belongs to a person (policy `own`)"),
    ("delivery_link_code", "of a person (policy `own`), hashed; for ten minutes"),
    ("service_beat", "when the service itself last listened; one row, of no school"),
    ("service_outage", "when the service itself did not listen, for all schools alike"),
    ("delivery_bot", "up to where a bot was listened to, and by which instance"),
];

fn numbered() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|file| file.below("migrations") && file.name().starts_with('V'))
}

/// The whole `create table` statement.
fn definition(table: &str) -> Option<(&'static File, &'static str)> {
    numbered().find_map(|file| {
        let start = file.text.find(&format!("create table {table} ("))?;
        Some((file, file.text.get(start..)?.split(";\n").next()?))
    })
}

#[test]
fn every_tenant_table_has_its_policy_and_its_school_first() {
    let mut wrong = Vec::new();
    for table in tables() {
        let Some((file, definition)) = definition(&table) else {
            wrong.push(format!("{table}: cannot find its definition"));
            continue;
        };
        let global = GLOBAL.iter().any(|(name, _)| *name == table);
        if definition.contains("school_id") == global {
            wrong.push(format!("{}: {table} {}", file.path, if global { "has a school and is listed as global" } else { "has no school_id and is not listed as global, with its reason" }));
        }
        let fenced = file.text.contains(&format!("call make_tenant_table('{table}');"));
        if !global && !fenced {
            wrong.push(format!("{}: {table} does not call make_tenant_table in the file that makes it", file.path));
        }
        if !global && !definition.contains("primary key (school_id") {
            wrong.push(format!("{}: {table} does not begin its primary key with school_id", file.path));
        }
    }
    wrong.extend(GLOBAL.iter().filter(|(name, _)| !tables().contains(*name)).map(|(name, _)| format!("{name}: listed as global, but there is no such table")));
    clean(&wrong);
}

#[test]
fn no_role_is_granted_a_partition() {
    let mut wrong = Vec::new();
    for file in numbered() {
        for grant in file.text.split("grant ").skip(1).filter_map(|rest| rest.split(';').next()) {
            if grant.split(" to ").next().is_some_and(|what| what.contains("_default")) {
                wrong.push(format!("{}: `grant {grant}`", file.path));
            }
        }
    }
    clean(&wrong);
}

#[test]
fn views_are_seen_with_the_readers_rights_and_functions_keep_their_path() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.below("migrations") && file.is(".sql") && file.name() != "schema.sql") {
        for view in file.text.split("create or replace view ").skip(1).chain(file.text.split("create view ").skip(1)) {
            let head = view.split("\n").next().unwrap_or_default();
            if !head.contains("with (security_invoker = true)") {
                wrong.push(format!("{}: view {head} is not security_invoker", file.path));
            }
        }
        for function in file.text.split("create ").skip(1).filter(|text| text.contains("security definer") && (text.starts_with("function") || text.starts_with("or replace function"))) {
            let head = function.split("$$").next().unwrap_or_default();
            if head.contains("security definer") && !head.contains("set search_path") {
                wrong.push(format!("{}: {} has no fixed search_path", file.path, head.lines().next().unwrap_or_default()));
            }
        }
    }
    clean(&wrong);
}

#[test]
fn names_and_versions_are_in_order() {
    let mut wrong = Vec::new();
    for file in numbered() {
        let version = file.name().split("__").next().unwrap_or_default().trim_start_matches('V');
        let plain = file.name().split("__").nth(1).is_some_and(|rest| rest.ends_with(".sql") && rest.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || "_.".contains(one)));
        if version.len() != 12 || !version.chars().all(|one| one.is_ascii_digit()) || !plain {
            wrong.push(format!("{}: named V<date><four digits>__<room>_<what>.sql", file.path));
        }
    }
    clean(&wrong);
}
