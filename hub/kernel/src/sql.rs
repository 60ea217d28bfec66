//! Typed SQL: a statement is a value with its text, its parameter types and its row type. The compiler checks the callers;
//! one test prepares every statement of every room against the real schema and compares types and nullability ([`check`]).

use std::marker::PhantomData;

use tokio_postgres::{Client, Row};
pub use types::{FromSql, ToSql, Type};

use crate::{db::Tx, error::Result};

/// What the id and row macros need of the driver.
pub mod types {
    pub use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
}

/// A column that a row type reads.
pub struct ColumnSpec {
    /// Its name in the result.
    pub name: &'static str,
    accepts: fn(&Type) -> bool,
    nullable: bool,
}

/// The column that a field of type `T` reads.
pub fn column<T: for<'a> FromSql<'a>>(name: &'static str) -> ColumnSpec {
    ColumnSpec { name, accepts: <T as FromSql>::accepts, nullable: <T as FromSql>::from_sql_null(&Type::TEXT).is_ok() }
}

/// A type read from a row. Made by [`row!`](crate::row).
pub trait FromRow: Sized {
    /// The columns it reads.
    fn columns() -> Vec<ColumnSpec>;
    /// Reads one row.
    fn from_row(row: &Row) -> std::result::Result<Self, tokio_postgres::Error>;
}

/// Declares a row type and its reader at once: `row! { pub struct Loan { pub id: LoanId, … } }`.
#[macro_export]
macro_rules! row {
    ($(#[$m:meta])* $v:vis struct $N:ident { $($(#[$fm:meta])* $fv:vis $f:ident : $t:ty),* $(,)? }) => {
        $(#[$m])* #[derive(Debug, Clone, PartialEq)]
        $v struct $N { $($(#[$fm])* $fv $f: $t),* }
        impl $crate::sql::FromRow for $N {
            fn columns() -> Vec<$crate::sql::ColumnSpec> { vec![$($crate::sql::column::<$t>(stringify!($f))),*] }
            fn from_row(row: &$crate::sql::Row_) -> std::result::Result<Self, $crate::sql::DriverError> {
                Ok(Self { $($f: row.try_get(stringify!($f))?),* })
            }
        }
    };
}
pub use tokio_postgres::{Error as DriverError, Row as Row_};

/// Parameters of a statement: a tuple.
pub trait Params {
    /// What each parameter can be.
    fn accepts() -> Vec<fn(&Type) -> bool>;
    /// The parameters for the driver.
    fn refs(&self) -> Vec<&(dyn ToSql + Sync)>;
}

macro_rules! params {
    ($($T:ident $i:tt),*) => {
        impl<$($T: ToSql + Sync),*> Params for ($($T,)*) {
            fn accepts() -> Vec<fn(&Type) -> bool> { vec![$(<$T as ToSql>::accepts),*] }
            fn refs(&self) -> Vec<&(dyn ToSql + Sync)> { vec![$(&self.$i),*] }
        }
    };
}
params!();
params!(A 0);
params!(A 0, B 1);
params!(A 0, B 1, C 2);
params!(A 0, B 1, C 2, D 3);
params!(A 0, B 1, C 2, D 3, E 4);
params!(A 0, B 1, C 2, D 3, E 4, F 5);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);
params!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);

/// A statement that returns rows.
pub struct Query<P, R> {
    /// `room.noun_verb`.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
    types: PhantomData<fn(P) -> R>,
}

impl<P: Params, R: FromRow> Query<P, R> {
    /// Declares a statement.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, types: PhantomData }
    }

    /// All rows.
    pub async fn all(&self, tx: &Tx, params: P) -> Result<Vec<R>> {
        let statement = tx.client()?.prepare_cached(self.sql).await?;
        let rows = tx.client()?.query(&statement, &params.refs()).await?;
        Ok(rows.iter().map(R::from_row).collect::<std::result::Result<_, _>>()?)
    }

    /// The one row, or none.
    pub async fn opt(&self, tx: &Tx, params: P) -> Result<Option<R>> {
        let statement = tx.client()?.prepare_cached(self.sql).await?;
        let row = tx.client()?.query_opt(&statement, &params.refs()).await?;
        Ok(row.as_ref().map(R::from_row).transpose()?)
    }

    /// The one row, or [`NotFound`](crate::Error::NotFound).
    pub async fn one(&self, tx: &Tx, params: P) -> Result<R> {
        self.opt(tx, params).await?.ok_or(crate::Error::NotFound)
    }
}

/// A statement that returns no rows.
pub struct Command<P> {
    /// `room.noun_verb`.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
    types: PhantomData<fn(P)>,
}

impl<P: Params> Command<P> {
    /// Declares a statement.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, types: PhantomData }
    }

    /// Runs it and says how many rows it touched.
    pub async fn run(&self, tx: &Tx, params: P) -> Result<u64> {
        let statement = tx.client()?.prepare_cached(self.sql).await?;
        Ok(tx.client()?.execute(&statement, &params.refs()).await?)
    }
}

/// A statement as the checking test sees it.
pub struct Spec {
    /// Name.
    pub name: &'static str,
    /// Text.
    pub sql: &'static str,
    params: Vec<fn(&Type) -> bool>,
    columns: Vec<ColumnSpec>,
}

/// Anything that can be prepared and compared with the schema.
pub trait Statement: Sync {
    /// What to compare.
    fn spec(&self) -> Spec;
}

impl<P: Params, R: FromRow> Statement for Query<P, R> {
    fn spec(&self) -> Spec {
        Spec { name: self.name, sql: self.sql, params: P::accepts(), columns: R::columns() }
    }
}

impl<P: Params> Statement for Command<P> {
    fn spec(&self) -> Spec {
        Spec { name: self.name, sql: self.sql, params: P::accepts(), columns: Vec::new() }
    }
}

/// Prepares one statement and lists where Postgres and Rust disagree; empty means they agree.
pub async fn check(db: &Client, spec: &Spec) -> Vec<String> {
    let statement = match db.prepare(spec.sql).await {
        Ok(statement) => statement,
        Err(error) => return vec![format!("{}: {}", spec.name, error.as_db_error().map_or_else(|| error.to_string(), |e| e.message().to_owned()))],
    };
    let mut bad = Vec::new();
    if statement.params().len() != spec.params.len() {
        bad.push(format!("{}: takes {} parameters, Rust gives {}", spec.name, statement.params().len(), spec.params.len()));
    }
    for (place, (ty, accepts)) in statement.params().iter().zip(&spec.params).enumerate() {
        if !accepts(ty) {
            bad.push(format!("{}: ${} is {ty} in Postgres", spec.name, place + 1));
        }
    }
    for want in &spec.columns {
        let Some(got) = statement.columns().iter().find(|column| column.name() == want.name) else {
            bad.push(format!("{}: no column `{}`", spec.name, want.name));
            continue;
        };
        if !(want.accepts)(got.type_()) {
            bad.push(format!("{}: `{}` is {} in Postgres", spec.name, want.name, got.type_()));
        }
        if let (Some(table), Some(number), false) = (got.table_oid(), got.column_id(), want.nullable) {
            // A view does not say of its columns whether they may be NULL.
            let asked = "select a.attnotnull or c.relkind = 'v' from pg_attribute a join pg_class c on c.oid = a.attrelid where attrelid = $1 and attnum = $2";
            let not_null = db.query_one(asked, &[&table, &number]).await;
            if !not_null.is_ok_and(|row| row.try_get(0).unwrap_or(false)) {
                bad.push(format!("{}: `{}` may be NULL, Rust says it cannot", spec.name, want.name));
            }
        }
    }
    for column in statement.columns() {
        if !spec.columns.iter().any(|want| want.name == column.name()) {
            bad.push(format!("{}: column `{}` is fetched but never read", spec.name, column.name()));
        }
    }
    bad
}
