//! The SQL of the guardian's pages. Read only; every statement names the schools and the children.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A child at a school.
    pub struct ChildRow {
        pub school_id: SchoolId,
        pub person_id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub grade: Option<i16>,
        pub letter: Option<String>,
        pub school_kk: String,
        pub school_ru: String,
        pub school_en: String,
        pub zone: String,
        pub direction: Option<String>,
        pub since: Option<Timestamp>,
        pub place: Option<String>,
    }
}

row! {
    /// A pass or a meal.
    pub struct HappeningRow {
        pub person_id: PersonId,
        pub device_id: DeviceId,
        pub occurred_at: Timestamp,
        pub direction: Option<String>,
        pub method: Option<String>,
        pub item: Option<String>,
        pub price_tiyn: Option<i64>,
        pub late: bool,
        pub place: Option<String>,
    }
}

/// The children; one who is known at two schools comes with the school of the open enrolment first.
pub const CHILD_LIST: Query<(Vec<SchoolId>, Vec<PersonId>, Timestamp), ChildRow> = Query::new(
    "app.child_list",
    "select k.school_id, k.person_id, p.surname, p.given_name, c.grade, c.letter,
       o.name_kk as school_kk, o.name_ru as school_ru, o.name_en as school_en, o.zone, s.direction, s.since, d.place
     from unnest($1::uuid[], $2::uuid[]) as k (school_id, person_id)
     join person p on p.id = k.person_id
     join organisation o on o.id = k.school_id
     left join enrolment e on e.school_id = k.school_id and e.pupil_id = k.person_id
       and e.valid_from <= ($3 at time zone o.zone)::date and (e.valid_to is null or e.valid_to >= ($3 at time zone o.zone)::date)
     left join school_class c on c.school_id = e.school_id and c.id = e.class_id
     left join presence s on s.school_id = k.school_id and s.person_id = k.person_id
     left join device d on d.school_id = s.school_id and d.id = s.device_id
     order by p.birth_date nulls last, p.given_name, k.person_id, (e.class_id is null), k.school_id",
);

/// What happened to the children in `[$3, $4)`, newest first.
pub const HAPPENING_LIST: Query<(Vec<SchoolId>, Vec<PersonId>, Timestamp, Timestamp, i64), HappeningRow> = Query::new(
    "app.happening_list",
    "select h.person_id, h.device_id, h.occurred_at, h.direction, h.method, h.item, h.price_tiyn, h.late, d.place
     from (
       select school_id, person_id, device_id, occurred_at, seq, direction, method, null::text as item, null::bigint as price_tiyn, late
       from pass where school_id = any($1) and person_id = any($2) and occurred_at >= $3 and occurred_at < $4
       union all
       select school_id, person_id, device_id, occurred_at, seq, null, null, item, price_tiyn, late
       from meal where school_id = any($1) and person_id = any($2) and occurred_at >= $3 and occurred_at < $4
     ) h
     left join device d on d.school_id = h.school_id and d.id = h.device_id
     order by h.occurred_at desc, h.device_id desc, h.seq desc
     limit $5",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&CHILD_LIST, &HAPPENING_LIST];
