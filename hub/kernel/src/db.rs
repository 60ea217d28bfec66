//! The database: pools by role, and transactions that cannot be begun without a scope.
//!
//! Row-level security reads two settings that [`Db::begin`] makes for the one transaction: `shanyraq.schools` and
//! `shanyraq.person`. A pool acts under one group role (`shanyraq_web`, `shanyraq_engine`, …) that owns nothing.
//! Lock order for every writer: `device_cursor`, then `presence`, each sorted by key; see migrations/README.md.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::future::join3;
use tokio_postgres::{NoTls, types::ToSql};

use crate::{
    error::{Error, Result},
    id::{PersonId, SchoolId},
};

/// The group role that a pool acts under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbRole {
    /// Pages and API.
    Web,
    /// Events from devices.
    Engine,
    /// Work in the background.
    Jobs,
    /// Long reads.
    Report,
}

impl DbRole {
    /// The role's name, how long one statement may take there, and how its statements are planned.
    fn settings(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Web => ("shanyraq_web", "10s", BY_STATISTICS),
            Self::Engine => ("shanyraq_engine", "30s", BY_INDEX),
            Self::Jobs => ("shanyraq_jobs", "60s", BY_INDEX),
            Self::Report => ("shanyraq_report", "10min", BY_STATISTICS),
        }
    }
}

/// Pages and reports ask many different questions: the planner's statistics know best.
const BY_STATISTICS: &str = "";
/// The engine and jobs ask the same few questions all day: arrays joined to rows by their keys. Planned once, and by index:
/// a partition that was empty when its statement was first planned must not be read from end to end an hour later.
const BY_INDEX: &str = " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

/// The first statement of every transaction.
const SET_SCOPE: &str =
    "select set_config('shanyraq.schools', $1, true), set_config('shanyraq.person', $2, true), set_config('lock_timeout', $3, true)";

/// Which rows a transaction may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The schools (or other organisations) whose rows are in sight.
    pub schools: Vec<SchoolId>,
    /// The person whose own rows are in sight.
    pub person: Option<PersonId>,
}

impl Scope {
    /// No school at all: only global tables.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// One school.
    pub fn school(school: SchoolId) -> Self {
        Self { schools: vec![school], person: None }
    }

    /// Several schools.
    pub fn schools(schools: impl IntoIterator<Item = SchoolId>) -> Self {
        Self { schools: schools.into_iter().collect(), person: None }
    }

    /// The same, with a person's own rows in sight.
    pub fn with_person(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }

    fn texts(&self) -> (String, String) {
        let schools: Vec<String> = self.schools.iter().map(|school| school.0.to_string()).collect();
        (schools.join(","), self.person.map(|person| person.0.to_string()).unwrap_or_default())
    }
}

/// How long a transaction waits for a row lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockWait {
    /// As long as the statement may take.
    Patient,
    /// At most this long; then SQLSTATE 55P03.
    AtMost(Duration),
}

/// A pool under one role.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
}

impl Db {
    /// A pool of at most `size` connections to `url` under `role`. Connects when first used.
    ///
    /// # Errors
    /// When the URL cannot be read.
    pub fn connect(url: &str, role: DbRole, size: usize) -> Result<Self> {
        let mut config: tokio_postgres::Config = url.parse()?;
        let (name, timeout, planning) = role.settings();
        config.options(format!("-c role={name} -c statement_timeout={timeout} -c jit=off{planning}"));
        config.application_name(name);
        config.connect_timeout(Duration::from_secs(5));
        config.keepalives_idle(Duration::from_secs(30));
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1).wait_timeout(Some(Duration::from_secs(10))).build();
        Ok(Self { pool: pool.map_err(|error| Error::broken(error.to_string()))? })
    }

    /// Begins a transaction that sees what the scope names.
    pub async fn begin(&self, scope: &Scope) -> Result<Tx> {
        self.begin_waiting(scope, LockWait::Patient).await
    }

    /// Begins a transaction that gives up on a row lock after a while.
    pub async fn begin_waiting(&self, scope: &Scope, wait: LockWait) -> Result<Tx> {
        let (tx, ()) = self.begin_with(scope, wait, async |_| Ok(())).await?;
        Ok(tx)
    }

    /// The same, with the first statement sent before the answer to the beginning is awaited.
    pub async fn begin_with<T>(&self, scope: &Scope, wait: LockWait, first: impl AsyncFnOnce(&Tx) -> Result<T>) -> Result<(Tx, T)> {
        let tx = Tx { client: Some(self.pool.get().await?) };
        let client = tx.client()?;
        // Prepared beforehand: from here on nothing is awaited before the beginning and the scope are sent, and the driver keeps
        // their order, so the first statement can run only inside the transaction and its scope.
        let set = client.prepare_cached(SET_SCOPE).await?;
        let (schools, person) = scope.texts();
        let wait = match wait {
            LockWait::Patient => "0".to_owned(),
            LockWait::AtMost(wait) => format!("{}ms", wait.as_millis()),
        };
        let settings: [&(dyn ToSql + Sync); 3] = [&schools, &person, &wait];
        let (begun, set, first) = join3(client.batch_execute("begin"), client.query_one(&set, &settings), first(&tx)).await;
        match begun.and(set).map_err(Error::from).and(first) {
            Ok(value) => Ok((tx, value)),
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }

    /// Runs one use case in one transaction: commits what returns `Ok`, rolls back what returns `Err`.
    pub async fn run<T>(&self, scope: &Scope, work: impl AsyncFnOnce(&Tx) -> Result<T>) -> Result<T> {
        let tx = self.begin(scope).await?;
        match work(&tx).await {
            Ok(value) => tx.commit().await.map(|()| value),
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }
}

/// An open transaction. Dropped without [`commit`](Self::commit), nothing of it remains.
pub struct Tx {
    client: Option<Object>,
}

impl Tx {
    pub(crate) fn client(&self) -> Result<&Object> {
        self.client.as_ref().ok_or_else(|| Error::broken("the transaction is over"))
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// The database's; then nothing of it remains, unless the connection broke during the commit: then the caller cannot know,
    /// and must be safe to repeat.
    pub async fn commit(mut self) -> Result<()> {
        self.client()?.batch_execute("commit").await?;
        self.client = self.client.take().and_then(keep_in_pool);
        Ok(())
    }

    /// Takes all of it back.
    pub async fn rollback(mut self) {
        let rolled_back = match self.client() {
            Ok(client) => client.batch_execute("rollback").await.is_ok(),
            Err(_) => return,
        };
        if rolled_back {
            self.client = self.client.take().and_then(keep_in_pool);
        }
    }
}

/// Gives a clean connection back to its pool (by dropping it here) and leaves nothing for [`Tx`]'s own drop.
fn keep_in_pool(client: Object) -> Option<Object> {
    drop(client);
    None
}

impl Drop for Tx {
    /// A transaction left open is closed with its connection: the pool must never hand out a half-done one.
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}
