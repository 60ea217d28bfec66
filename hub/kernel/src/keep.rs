//! What is kept of whom, and how it leaves: each room says it of its own tables, the server collects it.
//!
//! [`Sweep`]: rows that are older than a retention rule allows (`identity::retention` removes them every night).
//! [`Holding`]: a person's rows at a school, and what becomes of them when a leaver is erased (`identity::erasure`).
//! Neither of the two knows a table of another room; a room whose tables are registered by nobody is found by the tests.

use jiff::Timestamp;

use crate::{
    id::{PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// How many rows.
    pub struct Count {
        /// The number.
        pub count: i64,
    }
}

/// Rows that a retention rule lets go, in all schools in scope.
pub struct Sweep {
    /// The rule, as `retention_rule.what` names it.
    pub what: &'static str,
    /// How many rows are older than a moment.
    pub count: Query<(Timestamp,), Count>,
    /// Removes at most so many rows older than a moment.
    pub delete: Command<(Timestamp, i64)>,
}

/// A person's rows in a table of a school.
pub struct Holding {
    /// The table; in words it is the message `erasure-table-…`.
    pub table: &'static str,
    /// How many rows the person has there.
    pub count: Query<(SchoolId, PersonId), Count>,
    /// What becomes of them.
    pub fate: Fate,
}

/// Rows of a person that belong to no school: they leave when no school, no child and no office of theirs is left anywhere.
pub struct Release {
    /// The table; in words it is the message `erasure-table-…`.
    pub table: &'static str,
    /// Removes them.
    pub delete: Command<(PersonId,)>,
}

row! {
    /// A text by which a person could be found: a name, a login, the number of a card.
    pub struct Trace {
        /// The text.
        pub trace: String,
    }
}

/// Texts by which a person could be found: after the erasure none of them stands anywhere.
pub type Traces = Query<(SchoolId, PersonId), Trace>;

/// What becomes of a person's rows when the person is erased.
pub enum Fate {
    /// Removed, at most so many at once.
    Delete(Command<(SchoolId, PersonId, i64)>),
    /// Kept with a random id in the person's place, which stands nowhere else: school, person, that id, at most so many at once.
    Anonymise(Command<(SchoolId, PersonId, PersonId, i64)>),
    /// Kept as it is, with ids only, until the retention rule of this name lets it go.
    Kept(&'static str),
}

impl Sweep {
    /// Its statements, for the test that prepares them all.
    pub fn statements(&self) -> [&dyn Statement; 2] {
        [&self.count, &self.delete]
    }
}

impl Holding {
    /// Its statements, for the test that prepares them all.
    pub fn statements(&self) -> Vec<&dyn Statement> {
        match &self.fate {
            Fate::Delete(command) => vec![&self.count, command],
            Fate::Anonymise(command) => vec![&self.count, command],
            Fate::Kept(_) => vec![&self.count],
        }
    }
}
