//! The statement of telling.

use kernel::{
    id::PersonId,
    row,
    sql::{Query, Statement},
};

row! {
    /// How a family calls its own.
    pub struct Name {
        pub given_name: String,
    }
}

/// The name of a child.
pub const CHILD_NAME: Query<(PersonId,), Name> = Query::new("tell.child_name", "select given_name from people_v_name where person_id = $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&CHILD_NAME];
