//! What the database remembers about who migrated it: the single row of `shanyraq_schema`.

use super::{
    MigrateError,
    embedded::{REPLACEABLE, tables},
};
use ring::digest;
use tokio_postgres::Client;

/// The schema's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SchemaState {
    /// Version of the program, as numbers.
    pub program: Vec<i32>,
    /// Newest numbered migration.
    pub newest: i64,
    /// SHA-256 of all replaceable files.
    pub views: String,
}

impl SchemaState {
    /// What this program brings a database to.
    pub fn of_this_program() -> Self {
        let newest = tables::migrations::runner().get_migrations().iter().map(refinery::Migration::version).max();
        Self { program: version_numbers(env!("CARGO_PKG_VERSION")), newest: newest.unwrap_or(0), views: views_hash() }
    }

    /// A database nobody has migrated yet.
    fn nothing() -> Self {
        Self { program: Vec::new(), newest: 0, views: String::new() }
    }

    pub async fn exists(client: &Client) -> Result<bool, MigrateError> {
        let found: bool = client.query_one("select to_regclass('public.shanyraq_schema') is not null", &[]).await?.try_get(0)?;
        Ok(found)
    }

    pub async fn load(owner: &Client) -> Result<Self, MigrateError> {
        if !Self::exists(owner).await? {
            owner.batch_execute(CREATE).await?;
        }
        Self::load_existing(owner).await
    }

    pub async fn load_existing(client: &Client) -> Result<Self, MigrateError> {
        let row = client.query_opt("select program, newest, views from shanyraq_schema", &[]).await?;
        let Some(row) = row else { return Ok(Self::nothing()) };
        Ok(Self { program: row.try_get(0)?, newest: row.try_get(1)?, views: row.try_get(2)? })
    }

    pub async fn save(&self, owner: &Client) -> Result<(), MigrateError> {
        let statement = "insert into shanyraq_schema (program, newest, views) values ($1, $2, $3)
             on conflict (only_row) do update set program = $1, newest = $2, views = $3, migrated_at = now()";
        owner.execute(statement, &[&self.program, &self.newest, &self.views]).await?;
        Ok(())
    }

    pub fn require_not_newer_than(&self, ours: &Self) -> Result<(), MigrateError> {
        if self.newest > ours.newest || self.program > ours.program {
            return Err(MigrateError::NewerSchema { theirs: self.to_string(), ours: ours.to_string() });
        }
        Ok(())
    }

    /// Migrations are safe for the version before them, so a newer schema still serves us.
    pub fn serves(&self, ours: &Self) -> bool {
        self.newest > ours.newest || (self.newest == ours.newest && (self.program > ours.program || self.views == ours.views))
    }
}

impl std::fmt::Display for SchemaState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let numbers: Vec<String> = self.program.iter().map(ToString::to_string).collect();
        write!(f, "version {}, schema {}", numbers.join("."), self.newest)
    }
}

const CREATE: &str = "
create table shanyraq_schema (
  only_row boolean primary key default true check (only_row),
  program int[] not null,
  newest bigint not null,
  views text not null,
  migrated_at timestamptz not null default now()
);
comment on table shanyraq_schema is 'Who migrated this database last: read by check, so that an older program never touches it.';
grant select on shanyraq_schema to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;";

fn version_numbers(text: &str) -> Vec<i32> {
    text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

fn views_hash() -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for (name, text) in REPLACEABLE {
        for part in [name, text] {
            context.update(part.as_bytes());
            context.update(&[0]);
        }
    }
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(program: &[i32], newest: i64, views: &str) -> SchemaState {
        SchemaState { program: program.to_vec(), newest, views: views.to_owned() }
    }

    #[test]
    fn inv_2_an_older_program_is_refused() {
        let ours = state(&[0, 2, 0], 10, "a");
        let cases = [(state(&[0, 2, 0], 10, "b"), true), (state(&[0, 1, 9], 9, "b"), true), (state(&[], 0, ""), true), (state(&[0, 2, 0], 11, "a"), false), (state(&[0, 10, 0], 10, "a"), false)];
        for (theirs, allowed) in cases {
            assert_eq!(theirs.require_not_newer_than(&ours).is_ok(), allowed, "{theirs}");
        }
    }

    #[test]
    fn a_newer_schema_still_serves_and_an_older_one_does_not() {
        let ours = state(&[0, 2, 0], 10, "a");
        let cases = [(state(&[0, 2, 0], 10, "a"), true), (state(&[0, 2, 0], 10, "b"), false), (state(&[0, 3, 0], 11, "b"), true), (state(&[0, 2, 0], 9, "a"), false)];
        for (theirs, expected) in cases {
            assert_eq!(theirs.serves(&ours), expected, "{theirs}");
        }
    }

    #[test]
    fn version_numbers_are_compared_as_numbers() {
        assert!(version_numbers("0.10.0") > version_numbers("0.9.3"));
        assert_eq!(version_numbers("1.2.3-rc1"), vec![1, 2, 3]);
    }
}
