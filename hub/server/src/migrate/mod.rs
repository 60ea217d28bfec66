//! Migrate: brings a database to the schema of this program, or refuses plainly.
//!
//! Numbered files in `migrations/` (tables) run once, in order, by refinery; views and functions in `migrations/replaceable/` are
//! made anew whenever their text changed. All of it, and the group roles, under one advisory lock, by the owner's login.
//!
//! Always true:
//!  1. Two programs never migrate at once (advisory lock).
//!  2. An older program never touches a newer schema (`shanyraq_schema` keeps the newest version and program that migrated).
//!  3. A second run changes nothing.

mod embedded;
mod roles;
mod state;

use embedded::{REPLACEABLE, tables};
pub use roles::GROUP_ROLES;
use state::SchemaState;
use tokio_postgres::Client;

/// Why the database was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The schema was made by a newer program.
    #[error("the database was migrated by a newer program ({theirs}); this is {ours}. Install that version or a newer one")]
    NewerSchema {
        /// What the database says.
        theirs: String,
        /// What we are.
        ours: String,
    },
    /// A role is missing and we may not make it.
    #[error("the role {role} is missing and the owner's login may not create it: run `create role {role} nologin` as a superuser, or `alter role … createrole` for the owner")]
    RoleMissing {
        /// The group role.
        role: &'static str,
    },
    /// The application's login is missing.
    #[error("the login {login} named by database.url does not exist: run `create role {login} login noinherit password '…'` as a superuser")]
    LoginMissing {
        /// The login.
        login: String,
    },
    /// A numbered migration failed or the files do not fit what was applied.
    #[error("migrating the tables: {0}")]
    Tables(#[from] refinery::Error),
    /// A replaceable file failed.
    #[error("migrations/replaceable/{file}: {source}")]
    Replaceable {
        /// The file.
        file: &'static str,
        /// The database's answer.
        source: tokio_postgres::Error,
    },
    /// The database refused something else.
    #[error("migrating: {0}")]
    Database(#[from] tokio_postgres::Error),
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Names of the numbered migrations applied now.
    pub applied: Vec<String>,
    /// Whether views and functions were made anew.
    pub views: Views,
}

/// What happened to the replaceable files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Views {
    /// Their text is what the database has.
    Unchanged,
    /// They were made anew.
    Replaced,
}

/// A number nobody else uses: the ASCII of "shanyraq".
const LOCK: i64 = 0x7368_616e_7972_6171;

/// Migrates through the owner's connection and lets `app_login` take the group roles.
pub async fn migrate(owner: &mut Client, app_login: &str) -> Result<Report, MigrateError> {
    owner.execute("select pg_advisory_lock($1)", &[&LOCK]).await?;
    let outcome = migrate_locked(owner, app_login).await;
    owner.execute("select pg_advisory_unlock($1)", &[&LOCK]).await?;
    outcome
}

async fn migrate_locked(owner: &mut Client, app_login: &str) -> Result<Report, MigrateError> {
    roles::provide(owner, app_login).await?;
    let before = SchemaState::load(owner).await?;
    let ours = SchemaState::of_this_program();
    before.require_not_newer_than(&ours)?;
    let applied = run_tables(owner).await?;
    let views = if applied.is_empty() && before.views == ours.views { Views::Unchanged } else { replace_views(owner).await? };
    if before != ours {
        ours.save(owner).await?;
    }
    Ok(Report { applied, views })
}

async fn run_tables(owner: &mut Client) -> Result<Vec<String>, MigrateError> {
    let report = tables::migrations::runner().set_abort_divergent(true).set_abort_missing(true).run_async(owner).await?;
    Ok(report.applied_migrations().iter().map(ToString::to_string).collect())
}

async fn replace_views(owner: &mut Client) -> Result<Views, MigrateError> {
    let transaction = owner.transaction().await?;
    for (file, text) in REPLACEABLE {
        transaction.batch_execute(text).await.map_err(|source| MigrateError::Replaceable { file, source })?;
    }
    transaction.commit().await?;
    Ok(Views::Replaced)
}

/// True when the database that this connection reaches has exactly our schema, or a newer one that still serves us.
pub async fn is_migrated(client: &Client) -> Result<bool, MigrateError> {
    if !SchemaState::exists(client).await? {
        return Ok(false);
    }
    let theirs = SchemaState::load_existing(client).await?;
    Ok(theirs.serves(&SchemaState::of_this_program()))
}
