//! Every statement of the roles that schools make.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A role of the school.
    pub struct StoredRole {
        pub id: Uuid,
        pub name_kk: String,
        pub name_ru: String,
        pub rights: Vec<String>,
        pub holders: i64,
    }
}

row! {
    /// A right that a person holds by a role of a school; nothing for a role without rights.
    pub struct OwnHeld { pub school_id: SchoolId, pub right_name: Option<String> }
}

row! {
    /// A role whose row is locked now.
    pub struct Locked { pub closed_at: Option<Timestamp> }
}

/// School, now.
pub const ROLE_LIST: Query<(SchoolId, Timestamp), StoredRole> = Query::new(
    "identity.role_list",
    r#"select r.id, r.name_kk, r.name_ru,
       array(select x.right_name from school_role_right x where x.school_id = r.school_id and x.role_id = r.id order by x.right_name) as rights,
       (select count(distinct g.person_id) from school_role_grant g
        where g.school_id = r.school_id and g.role_id = r.id and (g.valid_to is null or g.valid_to > greatest($2, g.valid_from))) as holders
     from school_role r where r.school_id = $1 and r.closed_at is null order by r.name_kk collate "kk-x-icu", r.id"#,
);

pub const ROLE_LOCK: Query<(SchoolId, Uuid), Locked> =
    Query::new("identity.role_lock", "select closed_at from school_role where school_id = $1 and id = $2 for update");

/// School, role, name in Kazakh, in Russian, now. A form sent twice adds once.
pub const ROLE_ADD: Command<(SchoolId, Uuid, String, String, Timestamp)> = Command::new(
    "identity.role_add",
    "insert into school_role (school_id, id, name_kk, name_ru, created_at) values ($1, $2, $3, $4, $5) on conflict (school_id, id) do nothing",
);

pub const ROLE_RENAME: Command<(SchoolId, Uuid, String, String)> =
    Command::new("identity.role_rename", "update school_role set name_kk = $3, name_ru = $4 where school_id = $1 and id = $2");

pub const ROLE_CLOSE: Command<(SchoolId, Uuid, Timestamp)> =
    Command::new("identity.role_close", "update school_role set closed_at = $3 where school_id = $1 and id = $2 and closed_at is null");

pub const RIGHT_KEEP_ONLY: Command<(SchoolId, Uuid, Vec<String>)> =
    Command::new("identity.role_right_keep_only", "delete from school_role_right where school_id = $1 and role_id = $2 and right_name <> all($3)");

pub const RIGHT_ADD: Command<(SchoolId, Uuid, Vec<String>, Timestamp)> = Command::new(
    "identity.role_right_add",
    "insert into school_role_right (school_id, role_id, right_name, added_at) select $1, $2, unnest($3::text[]), $4
     on conflict (school_id, role_id, right_name) do nothing",
);

/// Ends every grant of a role; one that had not begun never counts.
pub const GRANT_END_ALL: Command<(SchoolId, Uuid, Timestamp)> = Command::new(
    "identity.own_grant_end_all",
    "update school_role_grant set valid_to = greatest(valid_from, $3) where school_id = $1 and role_id = $2 and (valid_to is null or valid_to > $3)",
);

/// What a person holds by roles of schools, anywhere, with the person's own rows in sight.
pub const OWN_HELD_LIST: Query<(PersonId, Timestamp), OwnHeld> = Query::new(
    "identity.own_held_list",
    "select g.school_id, x.right_name
     from school_role_grant g
     join school_role r on r.school_id = g.school_id and r.id = g.role_id and r.closed_at is null
     left join school_role_right x on x.school_id = g.school_id and x.role_id = g.role_id
     where g.person_id = $1 and g.valid_from <= $2 and (g.valid_to is null or g.valid_to > $2) order by g.school_id, x.right_name",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&ROLE_LIST, &ROLE_LOCK, &ROLE_ADD, &ROLE_RENAME, &ROLE_CLOSE, &RIGHT_KEEP_ONLY, &RIGHT_ADD, &GRANT_END_ALL, &OWN_HELD_LIST];
