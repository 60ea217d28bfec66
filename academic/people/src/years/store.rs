//! Every statement of the school year.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A stretch of the year.
    pub struct SpanRow {
        pub kind: String,
        pub starts: Date,
        pub ends: Date,
        pub basis: String,
    }
}

row! {
    /// A day off by law.
    pub struct DayOff { pub day: Date, pub basis: String }
}

row! {
    /// A school's own word about a day.
    pub struct OwnDay {
        pub id: Uuid,
        pub day: Date,
        pub kind: String,
        pub reason: String,
        pub set_at: Timestamp,
    }
}

row! {
    /// What holds at a school.
    pub struct NormRow {
        pub last_grade: i16,
        pub week_days: i16,
    }
}

row! {
    /// A year that is known.
    pub struct YearRow { pub year: i16 }
}

pub const SPAN_LIST: Query<(i16,), SpanRow> = Query::new("people.year_span_list", "select kind, starts, ends, basis from school_year_span where year = $1 order by starts, kind");

row! {
    /// A stretch of some year.
    pub struct AnySpanRow { pub year: i16, pub kind: String, pub starts: Date, pub ends: Date }
}

pub const SPAN_ALL: Query<(), AnySpanRow> = Query::new("people.year_span_all", "select year, kind, starts, ends from school_year_span order by year, starts, kind");

pub const YEAR_LIST: Query<(), YearRow> = Query::new("people.year_list", "select year from school_year_span where kind = 'year' order by year");

pub const DAY_OFF_LIST: Query<(Date, Date), DayOff> = Query::new("people.day_off_list", "select day, basis from identity_v_day_off where day between $1 and $2 order by day");

pub const OWN_DAY_LIST: Query<(SchoolId, Date, Date), OwnDay> = Query::new(
    "people.own_day_list",
    "select id, day, kind, reason, set_at from school_day where school_id = $1 and removed_at is null and day between $2 and $3 order by day",
);

/// School, today: its own word, else the country's.
pub const NORM_FIND: Query<(SchoolId, Date), NormRow> = Query::new(
    "people.norm_find",
    "select coalesce((select s.last_grade from school_norm s where s.school_id = $1), (select n.value from schooling_norm n where n.what = 'last_grade' and n.valid_from <= $2 order by n.valid_from desc limit 1), 11::smallint) as last_grade,
       coalesce((select s.week_days from school_norm s where s.school_id = $1), (select n.value from schooling_norm n where n.what = 'week_days' and n.valid_from <= $2 order by n.valid_from desc limit 1), 5::smallint) as week_days",
);

/// School, last grade, days a week, when, by whom.
pub const NORM_SET: Command<(SchoolId, i16, i16, Timestamp, Option<PersonId>)> = Command::new(
    "people.norm_set",
    "insert into school_norm as s (school_id, last_grade, week_days, set_at, set_by) values ($1, $2, $3, $4, $5)
     on conflict (school_id) do update set last_grade = excluded.last_grade, week_days = excluded.week_days, set_at = excluded.set_at, set_by = excluded.set_by
     where (s.last_grade, s.week_days) is distinct from (excluded.last_grade, excluded.week_days)",
);

/// School, id, day, kind, reason, when, by whom. Sent twice it is one; a day that has a word already takes no second.
pub const OWN_DAY_ADD: Command<(SchoolId, Uuid, Date, &'static str, String, Timestamp, Option<PersonId>)> = Command::new(
    "people.own_day_add",
    "insert into school_day (school_id, id, day, kind, reason, set_at, set_by) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
);

/// School, id, when, by whom.
pub const OWN_DAY_REMOVE: Command<(SchoolId, Uuid, Timestamp, Option<PersonId>)> =
    Command::new("people.own_day_remove", "update school_day set removed_at = $3, removed_by = $4 where school_id = $1 and id = $2 and removed_at is null");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SPAN_LIST, &SPAN_ALL, &YEAR_LIST, &DAY_OFF_LIST, &OWN_DAY_LIST, &NORM_FIND, &NORM_SET, &OWN_DAY_ADD, &OWN_DAY_REMOVE];
