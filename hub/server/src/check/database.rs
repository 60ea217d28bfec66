//! PostgreSQL: reachable, new enough, durable, migrated, and with roles that keep schools apart.

use super::Finding;
use crate::{config::Config, migrate};
use tokio_postgres::{Client, NoTls, error::SqlState};

const OLDEST_VERSION: i32 = 150_000;
/// Levels at which a commit is on the disk of this server before it returns.
const DURABLE_COMMITS: [&str; 2] = ["on", "remote_apply"];

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let client = match connect(config).await {
        Ok(client) => client,
        Err(finding) => return vec![finding],
    };
    match look_inside(&client, config).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::Bad(format!("PostgreSQL answered with an error: {error}"))],
    }
}

async fn connect(config: &Config) -> Result<Client, Finding> {
    let url = config.database.app_url().map_err(|error| Finding::Bad(error.to_string()))?;
    let mut app: tokio_postgres::Config = url.reveal().parse().map_err(|error| Finding::Bad(format!("database.url: {error}")))?;
    app.connect_timeout(std::time::Duration::from_secs(5));
    match app.connect(NoTls).await {
        Ok((client, connection)) => {
            tokio::spawn(connection);
            Ok(client)
        }
        Err(error) => Err(Finding::Bad(unreachable(&error, config))),
    }
}

fn unreachable(error: &tokio_postgres::Error, config: &Config) -> String {
    let login = config.database.app_login().unwrap_or_default();
    match error.code() {
        Some(code) if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            format!("PostgreSQL refuses the login {login}: put its password into the file named by database.password_file, or create it (create role {login} login noinherit password '…')")
        }
        Some(code) if *code == SqlState::INVALID_CATALOG_NAME => "the database named by database.url does not exist: create it (create database … owner …), then run `shanyraq migrate`".to_owned(),
        _ => format!("PostgreSQL cannot be reached as database.url says: {}. Is it running, and is the address right?", root_cause(error)),
    }
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

async fn look_inside(client: &Client, config: &Config) -> Result<Vec<Finding>, tokio_postgres::Error> {
    let mut findings = vec![version(client).await?];
    for name in ["fsync", "full_page_writes"] {
        findings.push(is_on(client, name).await?);
    }
    findings.push(synchronous_commit(client).await?);
    findings.push(connections(client, config).await?);
    findings.push(login_is_harmless(client).await?);
    let roles = missing_roles(client).await?;
    findings.push(Finding::of(roles.is_empty(), "the login may take the four group roles", format!("the login may not take the roles {}: run `shanyraq migrate`", roles.join(", "))));
    if roles.is_empty() {
        findings.push(migrated(client).await?);
    }
    Ok(findings)
}

async fn setting(client: &Client, name: &str) -> Result<String, tokio_postgres::Error> {
    client.query_one("select current_setting($1)", &[&name]).await?.try_get(0)
}

async fn version(client: &Client) -> Result<Finding, tokio_postgres::Error> {
    let number: i32 = client.query_one("select current_setting('server_version_num')::int", &[]).await?.try_get(0)?;
    let text = setting(client, "server_version").await?;
    Ok(Finding::of(number >= OLDEST_VERSION, format!("PostgreSQL {text}"), format!("PostgreSQL {text} is too old: 15 or newer is needed")))
}

async fn is_on(client: &Client, name: &str) -> Result<Finding, tokio_postgres::Error> {
    let value = setting(client, name).await?;
    Ok(Finding::of(value == "on", format!("{name} is on"), format!("{name} is {value}: a power cut would lose or damage what was acknowledged. Set {name} = on in postgresql.conf and reload")))
}

async fn synchronous_commit(client: &Client) -> Result<Finding, tokio_postgres::Error> {
    let value = setting(client, "synchronous_commit").await?;
    Ok(Finding::of(
        DURABLE_COMMITS.contains(&value.as_str()),
        format!("synchronous_commit is {value}"),
        format!("synchronous_commit is {value}: an acknowledged event could be lost. Set it to on in postgresql.conf and reload"),
    ))
}

async fn connections(client: &Client, config: &Config) -> Result<Finding, tokio_postgres::Error> {
    let text = setting(client, "max_connections").await?;
    let pools = &config.database;
    let needed = pools.web_connections + pools.engine_connections + pools.jobs_connections;
    let enough = text.parse::<usize>().is_ok_and(|available| available >= needed);
    Ok(Finding::of(
        enough,
        format!("max_connections is {text}, the pools take at most {needed}"),
        format!("max_connections is {text}, but the pools take up to {needed}: raise it, or lower database.…_connections"),
    ))
}

/// A superuser, or a login that bypasses row-level security, would see every school at once.
async fn login_is_harmless(client: &Client) -> Result<Finding, tokio_postgres::Error> {
    let row = client
        .query_one(
            "select current_user::text, rolsuper or rolbypassrls, exists (select 1 from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p'))
             from pg_roles r where rolname = current_user",
            &[],
        )
        .await?;
    let (login, above_policies, owns_tables): (String, bool, bool) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    if above_policies {
        return Ok(Finding::Bad(format!("the login {login} stands above row-level security: alter role {login} nosuperuser nobypassrls")));
    }
    Ok(Finding::of(
        !owns_tables,
        format!("the login {login} owns no table"),
        format!("the login {login} owns tables: use another login for database.url, and this one for database.owner_url only"),
    ))
}

async fn missing_roles(client: &Client) -> Result<Vec<&'static str>, tokio_postgres::Error> {
    let mut missing = Vec::new();
    for role in migrate::GROUP_ROLES {
        let member = "select coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1), false)";
        let has: bool = client.query_one(member, &[&role]).await?.try_get(0)?;
        if !has {
            missing.push(role);
        }
    }
    Ok(missing)
}

async fn migrated(client: &Client) -> Result<Finding, tokio_postgres::Error> {
    client.batch_execute("set role shanyraq_web").await?;
    Ok(match migrate::is_migrated(client).await {
        Ok(migrated) => Finding::of(migrated, "the database is migrated", "the database is not migrated to this version: run `shanyraq migrate`"),
        Err(error) => Finding::Bad(format!("the schema cannot be looked at: {error}")),
    })
}
