//! Every statement of the invitations.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::AtMoment,
};

row! {
    /// A class with how many of its guardians have a login.
    pub struct ClassLine {
        pub id: ClassId,
        pub label: String,
        pub guardians: i64,
        pub without_login: i64,
        pub invited: i64,
    }
}

row! {
    /// A guardian without a login.
    pub struct Guardian {
        pub guardian_id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub class_label: String,
    }
}

row! {
    /// An invitation that works.
    pub struct Invitation { pub school_id: SchoolId, pub id: Uuid, pub guardian_id: PersonId }
}

row! {
    /// A child, by given name alone.
    pub struct Child { pub given_name: String }
}

row! {
    /// What a setting now is.
    pub struct Setting { pub value: String }
}

row! {
    /// How many.
    pub struct Number { pub number: i64 }
}

/// School, today, now.
pub const CLASS_LIST: Query<(SchoolId, Date, Timestamp), ClassLine> = Query::new(
    "identity.invitation_class_list",
    r#"select p.class_id as id, p.class_label as label, count(distinct k.guardian_id) as guardians,
       count(distinct k.guardian_id) filter (where a.id is null) as without_login,
       count(distinct i.guardian_id) filter (where a.id is null) as invited
     from people_v_pupil_class p
     join people_v_kinship k on k.school_id = p.school_id and k.pupil_id = p.pupil_id and k.valid_from <= $2 and (k.valid_to is null or k.valid_to >= $2)
     left join account a on a.person_id = k.guardian_id
     left join invitation i on i.school_id = p.school_id and i.guardian_id = k.guardian_id and i.used_at is null and i.revoked_at is null and i.expires_at > $3
     where p.school_id = $1
     group by p.class_id, p.class_label, p.grade, p.letter order by p.grade, p.letter collate "kk-x-icu""#,
);

/// School, class, today.
pub const GUARDIAN_LIST: Query<(SchoolId, ClassId, Date), Guardian> = Query::new(
    "identity.invitation_guardian_list",
    r#"select k.guardian_id, g.surname, g.given_name, min(p.class_label) as class_label
     from people_v_pupil p
     join people_v_kinship k on k.school_id = p.school_id and k.pupil_id = p.pupil_id and k.valid_from <= $3 and (k.valid_to is null or k.valid_to >= $3)
     join people_v_name g on g.person_id = k.guardian_id
     left join account a on a.person_id = k.guardian_id
     where p.school_id = $1 and p.class_id = $2 and a.id is null
     group by k.guardian_id, g.surname, g.given_name order by g.surname collate "kk-x-icu", g.given_name collate "kk-x-icu", k.guardian_id"#,
);

/// School, persons, today: the same for chosen guardians, and for the guardians of chosen pupils.
pub const GUARDIAN_LIST_OF: Query<(SchoolId, Vec<PersonId>, Date), Guardian> = Query::new(
    "identity.invitation_guardian_list_of",
    r#"select k.guardian_id, g.surname, g.given_name, min(p.class_label) as class_label
     from people_v_pupil p
     join people_v_kinship k on k.school_id = p.school_id and k.pupil_id = p.pupil_id and k.valid_from <= $3 and (k.valid_to is null or k.valid_to >= $3)
     join people_v_name g on g.person_id = k.guardian_id
     left join account a on a.person_id = k.guardian_id
     where p.school_id = $1 and (p.pupil_id = any($2) or k.guardian_id = any($2)) and a.id is null
     group by k.guardian_id, g.surname, g.given_name order by min(p.grade), min(p.class_label) collate "kk-x-icu", g.surname collate "kk-x-icu", g.given_name collate "kk-x-icu", k.guardian_id"#,
);

pub const REVOKE: Command<(SchoolId, Vec<PersonId>, Timestamp)> = Command::new(
    "identity.invitation_revoke",
    "update invitation set revoked_at = $3 where school_id = $1 and guardian_id = any($2) and used_at is null and revoked_at is null",
);

/// School, ids, guardians, hashes, who printed, now, until.
pub type AddRow = (SchoolId, Vec<Uuid>, Vec<PersonId>, Vec<Vec<u8>>, PersonId, Timestamp, Timestamp);

pub const ADD: Command<AddRow> = Command::new(
    "identity.invitation_add",
    "insert into invitation (school_id, id, guardian_id, code_hash, created_by, created_at, expires_at)
     select $1, t.id, t.guardian_id, t.code_hash, $5, $6, $7 from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as t (id, guardian_id, code_hash)",
);

/// Brings the one invitation of this hash (in hexadecimal) into sight, before it is known whose school it is of.
pub const IN_SIGHT: Query<(String,), Setting> = Query::new("identity.invitation_in_sight", "select set_config('shanyraq.invitation', $1, true) as value");

pub const FIND: Query<(Vec<u8>, Timestamp), Invitation> = Query::new(
    "identity.invitation_find",
    "select school_id, id, guardian_id from invitation where code_hash = $1 and used_at is null and revoked_at is null and expires_at > $2",
);

/// School, guardian, today.
pub const CHILD_LIST: Query<(SchoolId, PersonId, Date), Child> = Query::new(
    "identity.invitation_child_list",
    r#"select p.given_name from people_v_pupil p
     join people_v_kinship k on k.school_id = p.school_id and k.pupil_id = p.pupil_id and k.valid_from <= $3 and (k.valid_to is null or k.valid_to >= $3)
     where p.school_id = $1 and k.guardian_id = $2 order by p.given_name collate "kk-x-icu""#,
);

pub const ACCOUNT_COUNT: Query<(PersonId,), Number> = Query::new("identity.invitation_account_count", "select count(*) as number from account where person_id = $1");

/// Uses it up, if it still works.
pub const USE: Command<(SchoolId, Uuid, Timestamp)> = Command::new(
    "identity.invitation_use",
    "update invitation set used_at = $3 where school_id = $1 and id = $2 and used_at is null and revoked_at is null and expires_at > $3",
);

/// Guardians who have neither a login nor a code that works.
pub const TASK_NOT_INVITED: AtMoment = AtMoment::new(
    "identity.task_not_invited",
    "select count(distinct k.guardian_id) as count, 0::bigint as late, null::date as due from people_v_kinship k
     where k.school_id = $1 and k.valid_to is null and not exists (select from account a where a.person_id = k.guardian_id)
       and not exists (select from invitation i where i.school_id = $1 and i.guardian_id = k.guardian_id and i.used_at is null and i.revoked_at is null and i.expires_at > $2)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_NOT_INVITED, &CLASS_LIST, &GUARDIAN_LIST, &GUARDIAN_LIST_OF, &REVOKE, &ADD, &IN_SIGHT, &FIND, &CHILD_LIST, &ACCOUNT_COUNT, &USE];
