//! Every statement of the roles that schools make.

use jiff::Timestamp;
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A role of the school.
    pub struct StoredRole {
        pub id: Uuid,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: Option<String>,
        pub rights: Vec<String>,
        pub holders: i64,
    }
}

row! {
    /// A right that a person holds by a role of a school; nothing for a role without rights.
    pub struct OwnHeld { pub school_id: SchoolId, pub right_name: Option<String> }
}

row! {
    /// A role held for some classes, or in a colleague's place.
    pub struct Limited {
        pub school_id: SchoolId,
        pub role: Option<String>,
        pub rights: Vec<String>,
        pub class_ids: Option<Vec<ClassId>>,
        pub giver_id: Option<PersonId>,
    }
}

row! {
    /// A right of a delivered role that the school switched.
    pub struct RightSwitch { pub school_id: SchoolId, pub role: String, pub right_name: String, pub is_on: bool }
}

row! {
    /// A role whose row is locked now.
    pub struct Locked { pub closed_at: Option<Timestamp> }
}

/// School, now.
pub const ROLE_LIST: Query<(SchoolId, Timestamp), StoredRole> = Query::new(
    "identity.role_list",
    r#"select r.id, r.name_kk, r.name_ru, r.name_en,
       array(select x.right_name from school_role_right x where x.school_id = r.school_id and x.role_id = r.id order by x.right_name) as rights,
       (select count(distinct g.person_id) from school_role_grant g
        where g.school_id = r.school_id and g.role_id = r.id and (g.valid_to is null or g.valid_to > greatest($2, g.valid_from))) as holders
     from school_role r where r.school_id = $1 and r.closed_at is null order by r.name_kk collate "kk-x-icu", r.id"#,
);

pub const ROLE_LOCK: Query<(SchoolId, Uuid), Locked> =
    Query::new("identity.role_lock", "select closed_at from school_role where school_id = $1 and id = $2 for update");

/// School, role, name in Kazakh, in Russian, in English, now. A form sent twice adds once.
pub const ROLE_ADD: Command<(SchoolId, Uuid, String, String, Option<String>, Timestamp)> = Command::new(
    "identity.role_add",
    "insert into school_role (school_id, id, name_kk, name_ru, name_en, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (school_id, id) do nothing",
);

pub const ROLE_RENAME: Command<(SchoolId, Uuid, String, String, Option<String>)> =
    Command::new("identity.role_rename", "update school_role set name_kk = $3, name_ru = $4, name_en = $5 where school_id = $1 and id = $2");

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

/// What a person holds now for some classes only or in a colleague's place, anywhere, with the person's own rows in sight. What was handed
/// over counts for as long as the giver holds it themselves, and with the giver's own bounds.
pub const LIMITED_LIST: Query<(PersonId, Timestamp), Limited> = Query::new(
    "identity.limited_list",
    "with handed as (
       select d.school_id, d.giver_id, d.role, d.role_id from delegation d
       where d.receiver_id = $1 and d.valid_from <= $2 and d.valid_to > $2 and d.ended_at is null
     ), held as (
       select c.school_id, c.role, c.role_id, c.class_ids, null::uuid as giver_id from class_grant c
       where c.person_id = $1 and c.valid_from <= $2 and (c.valid_to is null or c.valid_to > $2)
       union all
       select h.school_id, h.role, h.role_id, c.class_ids, h.giver_id from handed h
       join class_grant c on c.school_id = h.school_id and c.person_id = h.giver_id and (c.role = h.role or c.role_id = h.role_id)
         and c.valid_from <= $2 and (c.valid_to is null or c.valid_to > $2)
       union all
       select h.school_id, h.role, h.role_id, null, h.giver_id from handed h
       where exists (select from role_grant g where g.school_id = h.school_id and g.person_id = h.giver_id and g.role = h.role
                     and g.valid_from <= $2 and (g.valid_to is null or g.valid_to > $2))
          or exists (select from school_role_grant g where g.school_id = h.school_id and g.person_id = h.giver_id and g.role_id = h.role_id
                     and g.valid_from <= $2 and (g.valid_to is null or g.valid_to > $2))
     )
     select h.school_id, h.role, h.class_ids, h.giver_id,
       array(select x.right_name from school_role_right x join school_role r on r.school_id = x.school_id and r.id = x.role_id and r.closed_at is null
             where x.school_id = h.school_id and x.role_id = h.role_id order by x.right_name) as rights
     from held h order by h.school_id, h.role, h.giver_id",
);

/// What schools switched in these roles, pair by pair.
pub const SWITCH_OF_LIST: Query<(Vec<SchoolId>, Vec<&'static str>), RightSwitch> = Query::new(
    "identity.right_switch_of_list",
    "select s.school_id, s.role, s.right_name, s.is_on from unnest($1::uuid[], $2::text[]) h (school_id, role)
     join role_right_switch s on s.school_id = h.school_id and s.role = h.role",
);

/// What a school switched.
pub const SWITCH_LIST: Query<(SchoolId,), RightSwitch> =
    Query::new("identity.right_switch_list", "select school_id, role, right_name, is_on from role_right_switch where school_id = $1 order by role, right_name");

pub const SWITCH_SET: Command<(SchoolId, &'static str, &'static str, bool, Timestamp)> = Command::new(
    "identity.right_switch_set",
    "insert into role_right_switch as s (school_id, role, right_name, is_on, changed_at) values ($1, $2, $3, $4, $5)
     on conflict (school_id, role, right_name) do update set is_on = excluded.is_on, changed_at = excluded.changed_at where s.is_on <> excluded.is_on",
);

/// As delivered again: these rights of a role, or all of them where none are named.
pub const SWITCH_RESET: Command<(SchoolId, &'static str, Vec<&'static str>)> = Command::new(
    "identity.right_switch_reset",
    "delete from role_right_switch where school_id = $1 and role = $2 and (cardinality($3::text[]) = 0 or right_name = any($3))",
);

/// Ends every grant of a role for some classes.
pub const CLASS_GRANT_END_ALL: Command<(SchoolId, Uuid, Timestamp)> = Command::new(
    "identity.class_grant_end_all",
    "update class_grant set valid_to = greatest(valid_from, $3) where school_id = $1 and role_id = $2 and (valid_to is null or valid_to > $3)",
);

/// School, classes, the classes that follow them, now: grants in force hold for those that follow.
pub const CLASS_GRANT_FOLLOW: Command<(SchoolId, Vec<ClassId>, Vec<ClassId>, Timestamp)> = Command::new(
    "identity.class_grant_follow",
    "update class_grant g set class_ids = array(select distinct coalesce(w.after, c.id) from unnest(g.class_ids) c (id)
         left join unnest($2::uuid[], $3::uuid[]) as w (before, after) on w.before = c.id)
     where g.school_id = $1 and g.class_ids && $2 and (g.valid_to is null or g.valid_to > $4)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &ROLE_LIST,
    &ROLE_LOCK,
    &ROLE_ADD,
    &ROLE_RENAME,
    &ROLE_CLOSE,
    &RIGHT_KEEP_ONLY,
    &RIGHT_ADD,
    &GRANT_END_ALL,
    &CLASS_GRANT_END_ALL,
    &CLASS_GRANT_FOLLOW,
    &OWN_HELD_LIST,
    &LIMITED_LIST,
    &SWITCH_OF_LIST,
    &SWITCH_LIST,
    &SWITCH_SET,
    &SWITCH_RESET,
];
