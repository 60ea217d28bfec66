//! The schema as it really is: the dumped truth that reviewers read, and the indexes that rooms lean on.

use shanyraq::embedded::programs::PostgresPrograms;
use std::process::Command;
use testkit::{
    database,
    source::{Golden, files},
};
use tokio_postgres::config::Host;

/// A rule that a room leaves to the database: table, columns of the unique index, and whether it holds for open rows only.
const UNIQUE: &[(&str, &str, &str)] = &[
    ("school_class", "school_id, grade, letter", "valid_to IS NULL"),
    ("organisation", "code", ""),
    ("enrolment", "school_id, pupil_id", "valid_to IS NULL"),
    ("kinship", "school_id, pupil_id, guardian_id", "valid_to IS NULL"),
    ("person_value", "school_id, person_id, field", "ended_at IS NULL"),
    ("device", "code", ""),
    ("push_token", "channel, token", "removed_at IS NULL"),
    ("incident", "school_id, kind, key", "closed_at IS NULL"),
];

#[tokio::test]
async fn what_rooms_leave_to_an_index_is_there() {
    let db = database().owner().await;
    let found = db.query("select tablename::text, indexdef from pg_indexes where schemaname = 'public' and indexdef like 'CREATE UNIQUE%'", &[]).await.unwrap();
    for (table, columns, only) in UNIQUE {
        let there = found.iter().any(|row| {
            let definition: String = row.get(1);
            row.get::<_, String>(0) == *table && definition.contains(&format!("({columns})")) && definition.contains(only) && (only.is_empty() != definition.contains(" WHERE "))
        });
        assert!(there, "{table} has no unique index over {columns} {only}");
    }
}

#[tokio::test]
async fn nothing_changes_an_organisations_code() {
    let db = database().owner().await;
    let found = db.query("select indexdef from pg_indexes where tablename = 'organisation'", &[]).await.unwrap();
    assert!(!found.is_empty());
    let sets_code = |text: &str| text.split("update organisation set ").skip(1).any(|rest| rest.split(" where ").next().is_some_and(|set| set.contains("code")));
    let changing = files().iter().filter(|file| file.name() == "store.rs" && sets_code(&file.text)).map(|file| file.path.as_str());
    assert_eq!(changing.collect::<Vec<_>>(), [""; 0]);
}

/// The version whose dump is kept: each dumps in its own words.
const MAJOR: &str = "15";

/// `pg_dump`'s text without what differs from server to server: versions, comments, parts made by the calendar.
fn normal(dump: &str) -> String {
    let mut statements: Vec<String> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in dump.lines().filter(|line| !line.starts_with("--") && !line.starts_with("SET ") && !line.starts_with('\\') && !line.starts_with("SELECT pg_catalog.set_config")) {
        lines.push(line);
        let in_body = lines.iter().flat_map(|line| line.matches("$$").chain(line.matches("$_$"))).count() % 2 == 1;
        if line.ends_with(';') && !in_body {
            statements.push(lines.join("\n").trim().to_owned());
            lines.clear();
        }
    }
    statements.retain(|statement| !of_a_month(statement) && !statement.is_empty());
    statements.join("\n\n") + "\n"
}

/// Whether it is about a part named after a month, such as `event_202611`.
fn of_a_month(statement: &str) -> bool {
    let months = ["event", "pass", "meal", "notice", "delivery", "audit", "audit_chain"].map(|table| format!("{table}_20"));
    months.iter().any(|month| statement.split(month.as_str()).skip(1).any(|rest| rest.chars().take(4).all(|one| one.is_ascii_digit())))
}

#[tokio::test]
async fn schema_sql_is_the_dumped_truth() {
    let config = database().owner_config();
    let Some(Host::Unix(folder)) = config.get_hosts().first() else { panic!("the test database listens on a socket") };
    let programs = PostgresPrograms::locate().expect("PostgreSQL is installed");
    if programs.major != MAJOR {
        println!("PostgreSQL {} dumps in other words than {MAJOR}, of which schema.sql is: not compared", programs.major);
        return;
    }
    let dumped = Command::new(programs.program("pg_dump"))
        .args(["--schema-only", "--no-owner", "--schema=public", "--exclude-table=refinery_schema_history", "--exclude-table=shanyraq_schema", "--dbname=shanyraq"])
        .arg("--host").arg(folder)
        .arg("--username").arg(config.get_user().unwrap())
        .arg("--port").arg(config.get_ports().first().unwrap_or(&5432).to_string())
        .env("PGPASSWORD", String::from_utf8_lossy(config.get_password().unwrap()).into_owned())
        .output()
        .expect("running pg_dump");
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let head = "-- The schema after every migration and every replaceable file, as pg_dump tells it; tests/it/schema.rs compares. Not run by anything.\n\n";
    Golden("migrations/schema.sql").compare(&format!("{head}{}", normal(&String::from_utf8_lossy(&dumped.stdout))));
}
