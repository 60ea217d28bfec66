//! Every statement of the IINs.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A number as it is kept.
    pub struct Kept { pub person_id: PersonId, pub sealed: Vec<u8> }
}

row! {
    /// Whose a number is at the school.
    pub struct Found { pub lookup: Vec<u8>, pub person_id: PersonId }
}

/// School, hashes.
pub const IIN_FIND: Query<(SchoolId, Vec<Vec<u8>>), Found> = Query::new(
    "iin.iin_find",
    "select i.lookup, i.person_id from unnest($2::bytea[]) as sought (lookup) join person_iin i on i.lookup = sought.lookup
     where exists (select from school_person m where m.school_id = $1 and m.person_id = i.person_id)",
);

pub const IIN_OF: Query<(Vec<PersonId>,), Kept> = Query::new(
    "iin.iin_of",
    "select i.person_id, i.sealed from unnest($1::uuid[]) as sought (person_id) join person_iin i on i.person_id = sought.person_id",
);

/// Persons, hashes, sealed, when, by whom.
pub type NewIins = (Vec<PersonId>, Vec<Vec<u8>>, Vec<Vec<u8>>, Timestamp, Option<PersonId>);

/// What stands there already stays as it is.
pub const IIN_PUT: Command<NewIins> = Command::new(
    "iin.iin_put",
    "insert into person_iin as i (person_id, lookup, sealed, set_at, set_by)
     select t.person_id, t.lookup, t.sealed, $4, $5 from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as t (person_id, lookup, sealed) order by t.lookup
     on conflict (person_id) do update set lookup = excluded.lookup, sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by
     where i.lookup <> excluded.lookup",
);

pub const IIN_REMOVE: Command<(Vec<PersonId>,)> = Command::new("iin.iin_remove", "delete from person_iin where person_id = any($1)");

row! {
    /// Who belongs to the school.
    pub struct Name { pub surname: String, pub given_name: String, pub patronymic: Option<String> }
}

/// Somebody in the books of the school, here or gone.
pub const PERSON_FIND: Query<(SchoolId, PersonId), Name> = Query::new(
    "iin.person_find",
    "select p.surname, p.given_name, p.patronymic from person p
     where p.id = $2 and exists (select from school_person m where m.school_id = $1 and m.person_id = p.id)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&IIN_FIND, &IIN_OF, &IIN_PUT, &IIN_REMOVE, &PERSON_FIND];
