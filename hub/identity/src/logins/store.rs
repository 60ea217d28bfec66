//! Every statement of the logins.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{AccountId, ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::AtMoment,
};

row! {
    /// Somebody of a school who is no pupil.
    pub struct Member {
        /// Their id.
        pub person_id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Their account, if they have one.
        pub account_id: Option<AccountId>,
        /// What they type to sign in.
        pub login: Option<String>,
        /// When they signed in last.
        pub signed_in_at: Option<Timestamp>,
        /// Since when they cannot.
        pub blocked_at: Option<Timestamp>,
        /// Delivered roles, as stored; `guardian` by kinship.
        pub roles: Vec<String>,
        /// Roles of the school's own.
        pub own_roles: Vec<Uuid>,
        /// How many match, this one and those after it.
        pub total: i64,
    }
}

row! {
    /// A role that somebody holds, held or will hold.
    pub struct Grant {
        /// A delivered role, as stored; nothing for a role of the school's own.
        pub role: Option<String>,
        /// A role of the school's own.
        pub own_role: Option<Uuid>,
        /// From when.
        pub valid_from: Timestamp,
        /// Until when, if there is an end.
        pub valid_to: Option<Timestamp>,
        /// Its id, where it is for some classes only.
        pub class_grant: Option<Uuid>,
        /// For which.
        pub classes: Vec<String>,
    }
}

row! {
    /// A class that a role can be given for.
    pub struct Class {
        /// Its id.
        pub class_id: ClassId,
        /// `7А`
        pub class_label: String,
    }
}

row! {
    /// Whose row is locked now.
    pub struct Locked { pub person_id: PersonId }
}

row! {
    /// How many.
    pub struct Number { pub number: i64 }
}

/// School, now, today, searched words, role (as stored, or the id of a role of the school's own), state, the person after whom to go on,
/// one person only, how many.
pub type ListKey = (SchoolId, Timestamp, Date, String, String, String, Option<PersonId>, Option<PersonId>, i64);

/// Members who are no pupils, and whoever holds a role or has a child here; in the order of the Kazakh alphabet.
pub const MEMBER_LIST: Query<ListKey, Member> = Query::new(
    "identity.member_list",
    r#"with held as materialized (
       select m.person_id, null::text as role, null::uuid as own_role from people_v_adult m where m.school_id = $1 and ($8::uuid is null or m.person_id = $8)
       union all
       select g.person_id, g.role, null from role_grant g
       where g.school_id = $1 and (g.valid_to is null or g.valid_to > greatest($2, g.valid_from)) and ($8::uuid is null or g.person_id = $8)
       union all
       select o.person_id, null, o.role_id from school_role_grant o join school_role r on r.school_id = o.school_id and r.id = o.role_id and r.closed_at is null
       where o.school_id = $1 and (o.valid_to is null or o.valid_to > greatest($2, o.valid_from)) and ($8::uuid is null or o.person_id = $8)
       union all
       select c.person_id, c.role, c.role_id from class_grant c
       where c.school_id = $1 and (c.valid_to is null or c.valid_to > greatest($2, c.valid_from)) and ($8::uuid is null or c.person_id = $8)
       union all
       select k.guardian_id, 'guardian', null from people_v_kinship k
       where k.school_id = $1 and k.valid_from <= $3 and (k.valid_to is null or k.valid_to >= $3) and ($8::uuid is null or k.guardian_id = $8)
     ), shown as materialized (
       select l.person_id, n.surname, n.given_name, count(*) over () as total
       from (select distinct h.person_id from held h where $5 = '' or h.role = $5 or h.own_role::text = $5) l join people_v_name n on n.person_id = l.person_id
       where ($4 = '' or fold(n.surname || ' ' || n.given_name || ' ' || coalesce((select a.login from account a where a.person_id = l.person_id), '')) like all
             (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($4), '\s+') as word)))
         and case $6 when 'without_login' then not exists (select from account a where a.person_id = l.person_id)
             when 'with_login' then exists (select from account a where a.person_id = l.person_id)
             when 'blocked' then exists (select from account a where a.person_id = l.person_id and a.blocked_at is not null)
             when 'ends_soon' then exists (select from identity_v_office o where o.school_id = $1 and o.person_id = l.person_id and o.valid_to > $2 and o.valid_to <= $2 + interval '14 days')
             else true end
         and ($7::uuid is null or (n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", l.person_id) >
             (select p.surname, p.given_name, p.person_id from people_v_name p where p.person_id = $7))
       order by n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", l.person_id
       limit $9
     ), roles as materialized (
       select h.person_id, array_remove(array_agg(distinct h.role), null) as roles, array_remove(array_agg(distinct h.own_role), null) as own_roles
       from held h where h.person_id = any (array(select s.person_id from shown s)) group by h.person_id
     )
     select s.person_id, s.surname, s.given_name, a.id as account_id, a.login, a.signed_in_at, a.blocked_at, r.roles, r.own_roles, s.total
     from shown s join roles r on r.person_id = s.person_id left join account a on a.person_id = s.person_id
     order by s.surname collate "kk-x-icu", s.given_name collate "kk-x-icu", s.person_id"#,
);

/// What somebody is, was and will be at a school, newest first.
pub const GRANT_LIST: Query<(SchoolId, PersonId), Grant> = Query::new(
    "identity.person_grant_list",
    "select g.role, null::uuid as own_role, g.valid_from, g.valid_to, null::uuid as class_grant, '{}'::text[] as classes
     from role_grant g where g.school_id = $1 and g.person_id = $2
     union all
     select null, o.role_id, o.valid_from, o.valid_to, null, '{}' from school_role_grant o where o.school_id = $1 and o.person_id = $2
     union all
     select c.role, c.role_id, c.valid_from, c.valid_to, c.id,
       array(select v.class_label from people_v_class v where v.school_id = c.school_id and v.class_id = any(c.class_ids) order by v.grade, v.letter collate \"kk-x-icu\")
     from class_grant c where c.school_id = $1 and c.person_id = $2
     order by valid_from desc limit 100",
);

/// School, person, role, from, until. Adds nothing while the role is held or promised already; one that was
/// promised and taken back before it began stands there with an empty time, and is promised anew.
pub const GRANT_ADD: Command<(SchoolId, PersonId, &'static str, Timestamp, Option<Timestamp>)> = Command::new(
    "identity.grant_add",
    "insert into role_grant (school_id, person_id, role, valid_from, valid_to) select $1, $2, $3, $4, $5
     where not exists (select from role_grant g where g.school_id = $1 and g.person_id = $2 and g.role = $3 and (g.valid_to is null or g.valid_to > greatest($4, g.valid_from)))
     on conflict (school_id, person_id, role, valid_from) do update set valid_to = excluded.valid_to",
);

row! {
    /// A role that somebody holds now.
    pub struct HeldRole { pub person_id: PersonId, pub role: String }
}

pub const HELD_BY_ALL: Query<(SchoolId, Timestamp), HeldRole> = Query::new(
    "identity.held_by_all",
    "select person_id, role from role_grant where school_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
);

/// School, persons, roles, from.
pub const GRANT_MANY: Command<(SchoolId, Vec<PersonId>, Vec<&'static str>, Timestamp)> = Command::new(
    "identity.grant_many",
    "insert into role_grant (school_id, person_id, role, valid_from) select $1, t.person_id, t.role, $4 from unnest($2::uuid[], $3::text[]) t (person_id, role)
     where not exists (select from role_grant g where g.school_id = $1 and g.person_id = t.person_id and g.role = t.role and (g.valid_to is null or g.valid_to > greatest($4, g.valid_from)))
     on conflict (school_id, person_id, role, valid_from) do update set valid_to = null",
);

/// School, persons, roles, since when.
pub const GRANT_TAKE_BACK: Command<(SchoolId, Vec<PersonId>, Vec<&'static str>, Timestamp)> = Command::new(
    "identity.grant_take_back",
    "delete from role_grant g using unnest($2::uuid[], $3::text[]) t (person_id, role)
     where g.school_id = $1 and g.person_id = t.person_id and g.role = t.role and g.valid_from >= $4",
);

/// Ends a role; one that had not begun never counts.
pub const GRANT_END: Command<(SchoolId, PersonId, &'static str, Timestamp)> = Command::new(
    "identity.grant_end",
    "update role_grant set valid_to = greatest(valid_from, $4)
     where school_id = $1 and person_id = $2 and role = $3 and (valid_to is null or valid_to > $4)",
);

/// School, person, role of the school's own, from, until.
pub const OWN_GRANT_ADD: Command<(SchoolId, PersonId, Uuid, Timestamp, Option<Timestamp>)> = Command::new(
    "identity.own_grant_add",
    "insert into school_role_grant (school_id, role_id, person_id, valid_from, valid_to) select r.school_id, r.id, $2, $4, $5
     from school_role r where r.school_id = $1 and r.id = $3 and r.closed_at is null
       and not exists (select from school_role_grant g where g.school_id = $1 and g.person_id = $2 and g.role_id = $3 and (g.valid_to is null or g.valid_to > greatest($4, g.valid_from)))
     on conflict (school_id, role_id, person_id, valid_from) do update set valid_to = excluded.valid_to",
);

pub const OWN_GRANT_END: Command<(SchoolId, PersonId, Uuid, Timestamp)> = Command::new(
    "identity.own_grant_end",
    "update school_role_grant set valid_to = greatest(valid_from, $4)
     where school_id = $1 and person_id = $2 and role_id = $3 and (valid_to is null or valid_to > $4)",
);

/// The classes of a school.
pub const CLASS_LIST: Query<(SchoolId,), Class> = Query::new(
    "identity.class_list",
    "select class_id, class_label from people_v_class where school_id = $1 order by grade, letter collate \"kk-x-icu\"",
);

/// School, id, person, delivered role or role of the school's own, classes in order, from, until.
pub type ClassGrantRow = (SchoolId, Uuid, PersonId, Option<&'static str>, Option<Uuid>, Vec<ClassId>, Timestamp, Option<Timestamp>);

/// Adds nothing while the role is held or promised already for the same classes.
pub const CLASS_GRANT_ADD: Command<ClassGrantRow> = Command::new(
    "identity.class_grant_add",
    "insert into class_grant (school_id, id, person_id, role, role_id, class_ids, valid_from, valid_to) select $1, $2, $3, $4, $5, $6, $7, $8
     where ($5::uuid is null or exists (select from school_role r where r.school_id = $1 and r.id = $5 and r.closed_at is null))
       and not exists (select from class_grant g where g.school_id = $1 and g.person_id = $3 and (g.role = $4 or g.role_id = $5) and g.class_ids = $6
                       and (g.valid_to is null or g.valid_to > greatest($7, g.valid_from)))",
);

pub const CLASS_GRANT_END: Command<(SchoolId, PersonId, Uuid, Timestamp)> = Command::new(
    "identity.class_grant_end",
    "update class_grant set valid_to = greatest(valid_from, $4)
     where school_id = $1 and person_id = $2 and id = $3 and (valid_to is null or valid_to > $4)",
);

/// School, person, now: every delivered role.
pub const GRANT_END_EVERY: Command<(SchoolId, PersonId, Timestamp)> = Command::new(
    "identity.grant_end_every",
    "update role_grant set valid_to = greatest(valid_from, $3) where school_id = $1 and person_id = $2 and role not in ('guardian', 'pupil') and (valid_to is null or valid_to > $3)",
);

/// School, person, now: every role of the school's own.
pub const OWN_GRANT_END_EVERY: Command<(SchoolId, PersonId, Timestamp)> = Command::new(
    "identity.own_grant_end_every",
    "update school_role_grant set valid_to = greatest(valid_from, $3) where school_id = $1 and person_id = $2 and (valid_to is null or valid_to > $3)",
);

/// School, person, now: every role for some classes.
pub const CLASS_GRANT_END_EVERY: Command<(SchoolId, PersonId, Timestamp)> = Command::new(
    "identity.class_grant_end_every",
    "update class_grant set valid_to = greatest(valid_from, $3) where school_id = $1 and person_id = $2 and (valid_to is null or valid_to > $3)",
);

/// Takes the rows of a school's lasting administrators, so that two of them cannot end each other at once.
pub const ADMINISTRATOR_LOCK: Query<(SchoolId, Vec<&'static str>), Locked> = Query::new(
    "identity.administrator_lock",
    "select person_id from role_grant where school_id = $1 and role = any($2) and valid_to is null order by person_id, role for update",
);

/// How many administrators can sign in now and have no end. Asked in a statement of its own, after the lock.
pub const ADMINISTRATOR_COUNT: Query<(SchoolId, Vec<&'static str>, Timestamp), Number> = Query::new(
    "identity.administrator_count",
    "select count(distinct g.person_id) as number from role_grant g join account a on a.person_id = g.person_id and a.blocked_at is null
     where g.school_id = $1 and g.role = any($2) and g.valid_to is null and g.valid_from <= $3",
);

pub const ACCOUNT_BLOCK: Command<(AccountId, Timestamp)> =
    Command::new("identity.account_block", "update account set blocked_at = $2 where id = $1 and blocked_at is null");

pub const ACCOUNT_UNBLOCK: Command<(AccountId,)> = Command::new("identity.account_unblock", "update account set blocked_at = null where id = $1 and blocked_at is not null");

pub const LOGIN_SET_PASSWORD: Command<(AccountId, String)> = Command::new("identity.login_set_password", "update account set password_hash = $2 where id = $1");

/// Id, person, login, hash, language, now.
pub type AccountRow = (AccountId, PersonId, String, String, Option<&'static str>, Timestamp);

/// Adds nothing when the person has a login or the login is taken.
pub const ACCOUNT_ADD: Command<AccountRow> = Command::new(
    "identity.account_add",
    "insert into account (id, person_id, login, password_hash, locale, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
);

pub const LOGIN_COUNT: Query<(String,), Number> = Query::new("identity.login_count", "select count(*) as number from account where login = $1");

row! {
    /// Somebody who works at a school and has no login.
    pub struct Loginless {
        /// Who.
        pub person_id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Delivered roles, as stored.
        pub roles: Vec<String>,
        /// Roles of the school's own.
        pub own_roles: Vec<Uuid>,
    }
}

/// School, now. Everybody with a role there and no login, in the order of the Kazakh alphabet.
pub const LOGINLESS_LIST: Query<(SchoolId, Timestamp), Loginless> = Query::new(
    "identity.loginless_list",
    r#"with held as (
       select g.person_id, g.role, null::uuid as own_role from role_grant g where g.school_id = $1 and (g.valid_to is null or g.valid_to > greatest($2, g.valid_from))
       union all
       select o.person_id, null, o.role_id from school_role_grant o join school_role r on r.school_id = o.school_id and r.id = o.role_id and r.closed_at is null
       where o.school_id = $1 and (o.valid_to is null or o.valid_to > greatest($2, o.valid_from))
       union all
       select c.person_id, c.role, c.role_id from class_grant c where c.school_id = $1 and (c.valid_to is null or c.valid_to > greatest($2, c.valid_from))
     )
     select h.person_id, n.surname, n.given_name, array_remove(array_agg(distinct h.role), null) as roles, array_remove(array_agg(distinct h.own_role), null) as own_roles
     from held h join people_v_name n on n.person_id = h.person_id
     where not exists (select from account a where a.person_id = h.person_id)
     group by h.person_id, n.surname, n.given_name
     order by n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", h.person_id limit 1000"#,
);

row! {
    /// A person of a list.
    pub struct OfPerson { pub person_id: PersonId }
}

/// Who of a school's people holds a role at another organisation.
pub const WORKS_ELSEWHERE: Query<(SchoolId, Vec<PersonId>), OfPerson> =
    Query::new("identity.works_elsewhere", "select e as person_id from identity_works_elsewhere($1, $2) e");

/// Ids, persons, logins, hashes, now. Says whose login is new; who has one keeps it.
pub const ACCOUNT_ADD_MANY: Query<(Vec<AccountId>, Vec<PersonId>, Vec<String>, Vec<String>, Timestamp), OfPerson> = Query::new(
    "identity.account_add_many",
    "insert into account (id, person_id, login, password_hash, created_at)
     select t.*, $5 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) t on conflict do nothing returning person_id",
);

row! {
    /// How many have a role at an organisation, and how many of them ever signed in.
    pub struct Holders { pub holders: i64, pub came: i64 }
}

pub const HOLDER_COUNT: Query<(SchoolId,), Holders> = Query::new(
    "identity.holder_count",
    "select count(*) as holders, count(a.signed_in_at) as came
     from role_grant g left join account a on a.person_id = g.person_id where g.school_id = $1",
);

row! {
    /// The same of one of many organisations.
    pub struct HoldersOf { pub school_id: SchoolId, pub came: i64 }
}

/// Organisations where somebody has a role.
pub const HOLDER_LIST: Query<(Vec<SchoolId>,), HoldersOf> = Query::new(
    "identity.holder_list",
    "select g.school_id, count(a.signed_in_at) as came
     from role_grant g left join account a on a.person_id = g.person_id where g.school_id = any($1) group by g.school_id",
);

row! {
    /// Who got the first login of an organisation.
    pub struct FirstHolder { pub account_id: AccountId, pub person_id: PersonId, pub surname: String, pub given_name: String }
}

/// The row is taken, so that two who make it anew at once do not both hand out a password.
pub const FIRST_HOLDER: Query<(SchoolId,), FirstHolder> = Query::new(
    "identity.first_holder",
    "select a.id as account_id, g.person_id, n.surname, n.given_name
     from role_grant g join account a on a.person_id = g.person_id join people_v_name n on n.person_id = g.person_id
     where g.school_id = $1 order by g.valid_from, g.person_id limit 1 for update of a",
);

/// Account, its new login, its new hash.
pub const LOGIN_RENEW: Command<(AccountId, String, String)> =
    Command::new("identity.login_renew", "update account set login = $2, password_hash = $3 where id = $1 and signed_in_at is null");

/// Who works here and cannot sign in.
pub const TASK_LOGINLESS: AtMoment = AtMoment::new(
    "identity.task_loginless",
    "select count(distinct g.person_id) as count, 0::bigint as late, null::date as due from role_grant g
     where g.school_id = $1 and g.valid_from <= $2 and (g.valid_to is null or g.valid_to > $2) and not exists (select from account a where a.person_id = g.person_id)",
);

/// Roles that end within two weeks.
pub const TASK_ROLES_END: AtMoment = AtMoment::new(
    "identity.task_roles_end",
    "select count(distinct person_id) as count, 0::bigint as late, min(valid_to)::date as due from identity_v_office
     where school_id = $1 and valid_to > $2 and valid_to <= $2 + interval '14 days'",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &TASK_ROLES_END,
    &TASK_LOGINLESS,
    &MEMBER_LIST,
    &GRANT_LIST,
    &GRANT_ADD,
    &GRANT_END,
    &HELD_BY_ALL,
    &GRANT_MANY,
    &GRANT_TAKE_BACK,
    &OWN_GRANT_ADD,
    &OWN_GRANT_END,
    &CLASS_LIST,
    &CLASS_GRANT_ADD,
    &CLASS_GRANT_END,
    &GRANT_END_EVERY,
    &OWN_GRANT_END_EVERY,
    &CLASS_GRANT_END_EVERY,
    &ADMINISTRATOR_LOCK,
    &ADMINISTRATOR_COUNT,
    &ACCOUNT_BLOCK,
    &ACCOUNT_UNBLOCK,
    &LOGIN_SET_PASSWORD,
    &ACCOUNT_ADD,
    &LOGIN_COUNT,
    &LOGINLESS_LIST,
    &WORKS_ELSEWHERE,
    &ACCOUNT_ADD_MANY,
    &HOLDER_COUNT,
    &HOLDER_LIST,
    &FIRST_HOLDER,
    &LOGIN_RENEW,
];
