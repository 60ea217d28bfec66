//! Every statement of the register.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::AtMoment,
};

row! {
    /// An incident.
    pub struct Breach {
        pub id: Uuid,
        pub number: i32,
        pub detected_at: Timestamp,
        pub due_at: Timestamp,
        pub happened: String,
        pub contact: String,
        pub registered_at: Timestamp,
        pub reported_at: Option<Timestamp>,
        pub reported_as: Option<String>,
        pub closed_at: Option<Timestamp>,
        pub people: i64,
        pub told: i64,
    }
}

macro_rules! columns {
    () => {
        "select b.id, b.number, b.detected_at, b.due_at, b.happened, b.contact, b.registered_at, b.reported_at, b.reported_as, b.closed_at,
           (select count(*) from breach_person p where p.school_id = b.school_id and p.breach_id = b.id) as people,
           (select count(*) from breach_person p where p.school_id = b.school_id and p.breach_id = b.id and p.told_at is not null) as told
         from breach b "
    };
}

/// School, state (`open`, `closed` or anything for all), searched words, the number after which to go on, how many. Newest first.
pub const BREACH_LIST: Query<(SchoolId, String, String, Option<i32>, i64), Breach> = Query::new(
    "breaches.breach_list",
    concat!(
        columns!(),
        r#"where b.school_id = $1
           and case $2 when 'open' then b.closed_at is null when 'closed' then b.closed_at is not null else true end
           and fold(b.number || ' ' || b.happened || ' ' || b.contact || ' ' || coalesce(b.reported_as, '')) like all
               (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word)
           and ($4::int is null or b.number < $4)
         order by b.number desc limit $5"#
    ),
);

pub const BREACH_FIND: Query<(SchoolId, Uuid), Breach> = Query::new("breaches.breach_find", concat!(columns!(), "where b.school_id = $1 and b.id = $2"));

row! {
    /// An incident whose row is locked now.
    pub struct Locked { pub detected_at: Timestamp, pub reported_at: Option<Timestamp>, pub closed_at: Option<Timestamp> }
}

pub const BREACH_LOCK: Query<(SchoolId, Uuid), Locked> =
    Query::new("breaches.breach_lock", "select detected_at, reported_at, closed_at from breach where school_id = $1 and id = $2 for update");

row! {
    /// Something was done.
    pub struct Done { pub done: bool }
}

/// One registers at a time in a school, so that numbers have no gaps.
pub const NUMBER_LOCK: Query<(String,), Done> =
    Query::new("breaches.number_lock", "select pg_advisory_xact_lock(hashtextextended('breach ' || $1, 0)) is not null as done");

/// School, id, noticed, due, what happened, contact, who, now. A form sent twice adds once.
pub const BREACH_ADD: Command<(SchoolId, Uuid, Timestamp, Timestamp, String, String, PersonId, Timestamp)> = Command::new(
    "breaches.breach_add",
    "insert into breach (school_id, id, number, detected_at, due_at, happened, contact, registered_by, registered_at)
     select $1, $2, coalesce((select max(number) from breach where school_id = $1), 0) + 1, $3, $4, $5, $6, $7, $8
     on conflict (school_id, id) do nothing",
);

/// School, incident, when, the letter's number.
pub const BREACH_SET_REPORTED: Command<(SchoolId, Uuid, Timestamp, String)> =
    Command::new("breaches.breach_set_reported", "update breach set reported_at = $3, reported_as = $4 where school_id = $1 and id = $2 and reported_at is null");

/// School, incident, when; nothing to open it again.
pub const BREACH_SET_CLOSED: Command<(SchoolId, Uuid, Option<Timestamp>)> =
    Command::new("breaches.breach_set_closed", "update breach set closed_at = $3 where school_id = $1 and id = $2");

row! {
    /// What was found out or done.
    pub struct Step { pub at: Timestamp, pub kind: String, pub note: String, pub people: i32, pub name: Option<String> }
}

pub const STEP_LIST: Query<(SchoolId, Uuid), Step> = Query::new(
    "breaches.step_list",
    "select s.at, s.kind, s.note, s.people, n.surname || ' ' || n.given_name as name
     from breach_step s left join people_v_name n on n.person_id = s.person_id
     where s.school_id = $1 and s.breach_id = $2 order by s.at, s.id limit 500",
);

/// School, incident, when, id, who, kind, note, how many people.
pub const STEP_ADD: Command<(SchoolId, Uuid, Timestamp, Uuid, PersonId, &'static str, String, i32)> = Command::new(
    "breaches.step_add",
    "insert into breach_step (school_id, breach_id, at, id, person_id, kind, note, people) values ($1, $2, $3, $4, $5, $6, $7, $8)",
);

row! {
    /// Somebody concerned.
    pub struct Concerned {
        pub person_id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub birth_date: Option<Date>,
        pub class_label: Option<String>,
        pub guardians: Option<String>,
        pub guardian_ids: Vec<PersonId>,
        pub told_at: Option<Timestamp>,
    }
}

/// School, incident, today, the person after whom to go on, how many. In the order of the Kazakh alphabet; with the guardians, who are to be told.
pub const CONCERNED_LIST: Query<(SchoolId, Uuid, Date, Option<PersonId>, i64), Concerned> = Query::new(
    "breaches.concerned_list",
    r#"select p.person_id, n.surname, n.given_name, n.birth_date, m.class_label, p.told_at,
         (select string_agg(g.surname || ' ' || g.given_name, ', ' order by g.surname collate "kk-x-icu", g.given_name collate "kk-x-icu")
          from people_v_kinship k join people_v_name g on g.person_id = k.guardian_id
          where k.school_id = p.school_id and k.pupil_id = p.person_id and k.valid_from <= $3 and (k.valid_to is null or k.valid_to >= $3)) as guardians,
         array(select k.guardian_id from people_v_kinship k
          where k.school_id = p.school_id and k.pupil_id = p.person_id and k.valid_from <= $3 and (k.valid_to is null or k.valid_to >= $3)) as guardian_ids
       from breach_person p
       join people_v_name n on n.person_id = p.person_id
       left join people_v_member m on m.school_id = p.school_id and m.person_id = p.person_id
       where p.school_id = $1 and p.breach_id = $2
         and ($4::uuid is null or (n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", n.person_id) >
             (select x.surname, x.given_name, x.person_id from people_v_name x where x.person_id = $4))
       order by n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", n.person_id limit $5"#,
);

/// School, incident, class (the whole school without one), now.
pub const PEOPLE_ADD_CLASS: Command<(SchoolId, Uuid, Option<Uuid>, Timestamp)> = Command::new(
    "breaches.people_add_class",
    "insert into breach_person (school_id, breach_id, person_id, added_at)
     select distinct $1::uuid, $2::uuid, m.person_id, $4::timestamptz from people_v_member m where m.school_id = $1 and ($3::uuid is null or m.class_id = $3)
     on conflict (school_id, breach_id, person_id) do nothing",
);

/// School, incident, person, now: one whom the school sees, now or in former years.
pub const PEOPLE_ADD_ONE: Command<(SchoolId, Uuid, PersonId, Timestamp)> = Command::new(
    "breaches.people_add_one",
    "insert into breach_person (school_id, breach_id, person_id, added_at)
     select $1, $2, n.person_id, $4 from people_v_name n where n.person_id = $3
     on conflict (school_id, breach_id, person_id) do nothing",
);

/// School, incident, login, from, until, now: everybody whose data that login read or changed at this school.
pub const PEOPLE_ADD_SEEN: Command<(SchoolId, Uuid, String, Timestamp, Timestamp, Timestamp)> = Command::new(
    "breaches.people_add_seen",
    "with seen as (
       select a.whose_kind, a.whose from audit a join account l on l.person_id = a.person_id
       where a.school_id = $1 and l.login = $3 and a.at >= $4 and a.at < $5 and a.whose_kind <> 'nobody'
     ), concerned as (
       select u.id from seen s cross join lateral unnest(s.whose) u (id) where s.whose_kind = 'persons'
       union
       select m.person_id from people_v_member m
       where m.school_id = $1
         and (exists (select from seen s where s.whose_kind = 'school')
              or m.class_id in (select u.id from seen s cross join lateral unnest(s.whose) u (id) where s.whose_kind = 'class'))
     )
     insert into breach_person (school_id, breach_id, person_id, added_at)
     select $1, $2, n.person_id, $6 from concerned c join people_v_name n on n.person_id = c.id
     on conflict (school_id, breach_id, person_id) do nothing",
);

pub const PERSON_REMOVE: Command<(SchoolId, Uuid, PersonId)> =
    Command::new("breaches.person_remove", "delete from breach_person where school_id = $1 and breach_id = $2 and person_id = $3 and told_at is null");

pub const PEOPLE_SET_TOLD: Command<(SchoolId, Uuid, Timestamp)> =
    Command::new("breaches.people_set_told", "update breach_person set told_at = $3 where school_id = $1 and breach_id = $2 and told_at is null");

row! {
    /// Somebody found by name.
    pub struct Found { pub person_id: PersonId, pub surname: String, pub given_name: String, pub class_label: Option<String>, pub listed: bool }
}

/// School, incident, words, how many at most.
pub const PERSON_SEARCH: Query<(SchoolId, Uuid, String, i64), Found> = Query::new(
    "breaches.person_search",
    r#"select m.person_id, m.surname, m.given_name, m.class_label,
         exists (select from breach_person p where p.school_id = $1 and p.breach_id = $2 and p.person_id = m.person_id) as listed
       from people_v_member m
       where m.school_id = $1 and fold(m.surname || ' ' || m.given_name || ' ' || coalesce(m.class_label, '')) like all
         (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word)
       order by m.surname collate "kk-x-icu", m.given_name collate "kk-x-icu", m.person_id limit $4"#,
);

row! {
    /// A class to choose.
    pub struct Class { pub class_id: Option<Uuid>, pub class_label: Option<String> }
}

pub const CLASS_LIST: Query<(SchoolId,), Class> = Query::new(
    "breaches.class_list",
    "select class_id, class_label from (
       select distinct class_id, class_label, grade, letter from people_v_member where school_id = $1 and class_id is not null
     ) class order by grade, letter",
);

row! {
    /// A day off.
    pub struct DayOff { pub day: Date }
}

pub const DAY_OFF_LIST: Query<(Date, Date), DayOff> = Query::new("breaches.day_off_list", "select day from day_off where day between $1 and $2");

row! {
    /// An open incident as the supplier sees it.
    pub struct Watched {
        pub school_id: SchoolId,
        pub id: Uuid,
        pub number: i32,
        pub detected_at: Timestamp,
        pub due_at: Timestamp,
        pub reported_at: Option<Timestamp>,
        pub code: String,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
    }
}

/// How many. Those not reported first, the shortest time left first.
pub const WATCHED_LIST: Query<(i64,), Watched> = Query::new(
    "breaches.watched_list",
    "select b.school_id, b.id, b.number, b.detected_at, b.due_at, b.reported_at, o.code, o.name_kk, o.name_ru, o.name_en
     from breach b join people_v_organisation o on o.id = b.school_id
     where b.closed_at is null order by b.reported_at is not null, b.due_at, b.school_id, b.number limit $1",
);

row! {
    /// How many incidents should have been reported by now.
    pub struct Overdue { pub number: i64 }
}

pub const OVERDUE_COUNT: Query<(Timestamp,), Overdue> =
    Query::new("breaches.overdue_count", "select count(*) as number from breach where reported_at is null and closed_at is null and due_at <= $1");

/// Incidents that the authorised body has not been told of.
pub const TASK_UNREPORTED: AtMoment = AtMoment::new(
    "breaches.task_unreported",
    "select count(*) as count, count(*) filter (where due_at <= $2) as late, min(due_at)::date as due from breach where school_id = $1 and reported_at is null and closed_at is null",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_UNREPORTED, 
    &BREACH_LIST,
    &BREACH_FIND,
    &BREACH_LOCK,
    &NUMBER_LOCK,
    &BREACH_ADD,
    &BREACH_SET_REPORTED,
    &BREACH_SET_CLOSED,
    &STEP_LIST,
    &STEP_ADD,
    &CONCERNED_LIST,
    &PEOPLE_ADD_CLASS,
    &PEOPLE_ADD_ONE,
    &PEOPLE_ADD_SEEN,
    &PERSON_REMOVE,
    &PEOPLE_SET_TOLD,
    &PERSON_SEARCH,
    &CLASS_LIST,
    &DAY_OFF_LIST,
    &WATCHED_LIST,
    &OVERDUE_COUNT,
];
