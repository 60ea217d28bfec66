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
        pub class_label: Option<String>,
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
        pub kind: String,
        pub method: Option<String>,
        pub item: Option<String>,
        pub price_tiyn: Option<i64>,
        pub late: bool,
        pub place: Option<String>,
    }
}

/// The children; one who is known at two schools comes with the school of the open enrolment first.
pub const CHILD_LIST: Query<(Vec<SchoolId>, Vec<PersonId>), ChildRow> = Query::new(
    "app.child_list",
    "select k.school_id, k.person_id, p.surname, p.given_name, m.class_label,
       o.name_kk as school_kk, o.name_ru as school_ru, o.name_en as school_en, o.zone, s.direction, s.since, d.place
     from unnest($1::uuid[], $2::uuid[]) as k (school_id, person_id)
     join people_v_name p on p.person_id = k.person_id
     join people_v_organisation o on o.id = k.school_id
     left join people_v_member m on m.school_id = k.school_id and m.person_id = k.person_id
     left join safety_v_presence s on s.school_id = k.school_id and s.person_id = k.person_id
     left join fleet_v_device d on d.school_id = s.school_id and d.device_id = s.device_id
     order by p.birth_date nulls last, p.given_name, k.person_id, (m.class_id is null), k.school_id",
);

/// Schools, children, from, until, at most.
type HappeningKey = (Vec<SchoolId>, Vec<PersonId>, Timestamp, Timestamp, i64);

/// What happened to the children in `[$3, $4)`, newest first.
pub const HAPPENING_LIST: Query<HappeningKey, HappeningRow> = Query::new(
    "app.happening_list",
    "select r.person_id, r.device_id, r.occurred_at, r.kind, r.method, r.item, r.price_tiyn, r.late, d.place
     from safety_v_record r
     left join fleet_v_device d on d.school_id = r.school_id and d.device_id = r.device_id
     where r.school_id = any($1) and r.person_id = any($2) and r.occurred_at >= $3 and r.occurred_at < $4
     order by r.occurred_at desc, r.device_id desc, r.seq desc
     limit $5",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&CHILD_LIST, &HAPPENING_LIST];
