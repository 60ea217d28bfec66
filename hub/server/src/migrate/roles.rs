//! The group roles: each pool takes one (`-c role=shanyraq_web`), each owns nothing and has only what migrations grant it.

use super::MigrateError;
use tokio_postgres::{Client, error::SqlState};

/// Every group role.
pub const GROUP_ROLES: [&str; 4] = ["shanyraq_web", "shanyraq_engine", "shanyraq_jobs", "shanyraq_report"];

/// Makes the missing roles and lets the application's login take them.
pub(super) async fn provide(owner: &Client, app_login: &str) -> Result<(), MigrateError> {
    for role in GROUP_ROLES {
        create_if_absent(owner, role).await?;
    }
    require_login(owner, app_login).await?;
    for role in GROUP_ROLES {
        admit(owner, role, app_login).await?;
    }
    Ok(())
}

async fn create_if_absent(owner: &Client, role: &'static str) -> Result<(), MigrateError> {
    if exists(owner, role).await? {
        return Ok(());
    }
    match owner.batch_execute(&format!("create role {role} nologin")).await {
        Ok(()) => Ok(()),
        // Roles belong to the whole cluster, our lock to one database: somebody else may have been faster.
        Err(error) if error.code() == Some(&SqlState::DUPLICATE_OBJECT) || error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Ok(()),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => Err(MigrateError::RoleMissing { role }),
        Err(error) => Err(error.into()),
    }
}

async fn require_login(owner: &Client, login: &str) -> Result<(), MigrateError> {
    if exists(owner, login).await? {
        return Ok(());
    }
    Err(MigrateError::LoginMissing { login: login.to_owned() })
}

async fn admit(owner: &Client, role: &str, login: &str) -> Result<(), MigrateError> {
    let member = "select pg_has_role($1::text::name, $2::text::name, 'member')";
    let admitted: bool = owner.query_one(member, &[&login, &role]).await?.try_get(0)?;
    if !admitted {
        let login = login.replace('"', "\"\"");
        owner.batch_execute(&format!("grant {role} to \"{login}\"")).await?;
    }
    Ok(())
}

async fn exists(owner: &Client, role: &str) -> Result<bool, MigrateError> {
    Ok(owner.query_opt("select 1 from pg_roles where rolname = $1", &[&role]).await?.is_some())
}
