//! The SQL of arrivals.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    keep::{Fate, Holding, Sweep},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// The times of a shift, as they hold on a day.
    pub struct RuleRow {
        /// Which shift.
        pub shift: i16,
        /// Minutes after midnight; nothing where it is off.
        pub starts_minute: Option<i16>,
        /// Minutes after that.
        pub tell_after: Option<i16>,
        /// Since which day.
        pub valid_from: Date,
    }
}

/// School, day: what holds then, one row a shift that was ever set.
pub const RULE_LIST: Query<(SchoolId, Date), RuleRow> = Query::new(
    "arrivals.rule_list",
    "select distinct on (shift) shift, starts_minute, tell_after, valid_from from arrival_rule where school_id = $1 and valid_from <= $2 order by shift, valid_from desc",
);

/// School, who, when; shifts, from which day, minute, minutes after.
pub type NewRules = (SchoolId, PersonId, Timestamp, Vec<i16>, Vec<Date>, Vec<Option<i16>>, Vec<Option<i16>>);

pub const RULE_SET: Command<NewRules> = Command::new(
    "arrivals.rule_set",
    "insert into arrival_rule (school_id, set_by, set_at, shift, valid_from, starts_minute, tell_after)
     select $1, $2, $3, n.* from unnest($4::smallint[], $5::date[], $6::smallint[], $7::smallint[]) n
     on conflict (school_id, shift, valid_from) do update
     set starts_minute = excluded.starts_minute, tell_after = excluded.tell_after, set_by = excluded.set_by, set_at = excluded.set_at",
);

/// The same: what was set for a later day gives way.
pub const RULE_LATER: Command<NewRules> = Command::new(
    "arrivals.rule_later",
    "update arrival_rule r set starts_minute = n.starts_minute, tell_after = n.tell_after, set_by = $2, set_at = $3
     from unnest($4::smallint[], $5::date[], $6::smallint[], $7::smallint[]) n (shift, valid_from, starts_minute, tell_after)
     where r.school_id = $1 and r.shift = n.shift and r.valid_from > n.valid_from",
);

row! {
    /// A morning that is due.
    pub struct Due {
        /// The school.
        pub school_id: SchoolId,
        /// Its zone.
        pub zone: String,
        /// The day there.
        pub day: Date,
        /// The shift.
        pub shift: i16,
        /// When it begins.
        pub starts_minute: i16,
        /// Minutes after that.
        pub tell_after: i16,
    }
}

/// Now, for how many minutes a morning is looked at: those of the schools in scope that nobody has finished.
pub const DUE_LIST: Query<(Timestamp, i32), Due> = Query::new(
    "arrivals.due_list",
    "select o.id as school_id, o.zone, d.day, s.shift, coalesce(r.starts_minute, 0::smallint) as starts_minute, coalesce(r.tell_after, 0::smallint) as tell_after
     from (select distinct school_id, shift from arrival_rule) s
     join people_v_organisation o on o.id = s.school_id
     cross join lateral (select ($1 at time zone o.zone)::date as day, (extract(epoch from ($1 at time zone o.zone)::time) / 60)::int as minute) d
     cross join lateral (select a.starts_minute, a.tell_after from arrival_rule a
       where a.school_id = s.school_id and a.shift = s.shift and a.valid_from <= d.day order by a.valid_from desc limit 1) r
     where r.starts_minute is not null and r.tell_after is not null
       and d.minute between r.starts_minute + r.tell_after and r.starts_minute + r.tell_after + $2::int
       and not exists (select from arrival_check c where c.school_id = s.school_id and c.day = d.day and c.shift = s.shift and c.outcome in ('told', 'no_lessons'))
     order by o.id, s.shift",
);

/// School, day, shift, when: whoever looks first makes the row, and the others wait for it.
pub const CHECK_OPEN: Command<(SchoolId, Date, i16, Timestamp)> = Command::new(
    "arrivals.check_open",
    "insert into arrival_check (school_id, day, shift, outcome, checked_at) values ($1, $2, $3, 'open', $4) on conflict do nothing",
);

row! {
    /// A morning in the hands of who looks at it.
    pub struct Held { pub outcome: String }
}

pub const CHECK_FOR_UPDATE: Query<(SchoolId, Date, i16), Held> =
    Query::new("arrivals.check_for_update", "select outcome from arrival_check where school_id = $1 and day = $2 and shift = $3 for update");

/// School, day, shift, outcome, expected, entered, missing, when.
pub const CHECK_CLOSE: Command<(SchoolId, Date, i16, &'static str, i32, i32, i32, Timestamp)> = Command::new(
    "arrivals.check_close",
    "update arrival_check set outcome = $4, expected = $5, entered = $6, missing = $7, checked_at = $8 where school_id = $1 and day = $2 and shift = $3",
);

row! {
    /// How many usually enter.
    pub struct Usual { pub usual: Option<i64> }
}

/// School, day, shift: the middle of the last ten mornings that were told.
pub const USUAL_FIND: Query<(SchoolId, Date, i16), Usual> = Query::new(
    "arrivals.usual_find",
    "select percentile_disc(0.5) within group (order by l.entered::bigint) as usual
     from (select entered from arrival_check where school_id = $1 and day < $2 and shift = $3 and outcome = 'told' order by day desc limit 10) l",
);

row! {
    /// A morning in numbers.
    pub struct Counted {
        /// Who were to come: neither excused nor out of sight.
        pub expected: i64,
        /// Of them, who were seen to enter.
        pub entered: i64,
    }
}

/// School, day, shift, grades with lessons, the beginning of the day, now.
pub type MorningKey = (SchoolId, Date, i16, Vec<i16>, Timestamp, Timestamp);

/// A terminal's clock may be some minutes fast: a pass that is here has happened, whatever it says (the engine takes five minutes).
pub const MORNING_COUNT: Query<MorningKey, Counted> = Query::new(
    "arrivals.morning_count",
    "select count(*) as expected, count(*) filter (where exists (select from pass p where p.school_id = v.school_id and p.person_id = v.pupil_id
         and p.direction = 'in' and p.occurred_at >= $5 and p.occurred_at <= $6::timestamptz + interval '10 minutes' and p.received_at >= $5)) as entered
     from safety_v_watched v
     where v.school_id = $1 and v.shift = $3 and v.grade = any($4) and v.valid_from <= $2
       and not exists (select from safety_v_excused a where a.school_id = v.school_id and a.child_id = v.pupil_id and a.from_day <= $2 and a.to_day >= $2)",
);

row! {
    /// A gate without a line.
    pub struct Offline {
        /// Since when.
        pub status_since: Timestamp,
    }
}

/// School: its gates without a line, the latest first.
pub const OFFLINE_LIST: Query<(SchoolId,), Offline> =
    Query::new("arrivals.offline_list", "select status_since from fleet_v_gate_offline where school_id = $1 order by status_since desc limit 100");

row! {
    /// A pupil who is told of now.
    pub struct Gone {
        /// Who.
        pub pupil_id: PersonId,
        /// What a notice calls them.
        pub given_name: String,
    }
}

/// The same, and when it was due: writes a row for each who has not come, once a pupil and day, and gives those that are new.
pub const MISSING_ADD: Query<(SchoolId, Date, i16, Vec<i16>, Timestamp, Timestamp, Timestamp), Gone> = Query::new(
    "arrivals.missing_add",
    "with gone as (
       insert into missing_arrival (school_id, day, pupil_id, shift, due_at, told_at)
       select v.school_id, $2, v.pupil_id, v.shift, $7, $6 from safety_v_watched v
       where v.school_id = $1 and v.shift = $3 and v.grade = any($4) and v.valid_from <= $2
         and not exists (select from pass p where p.school_id = v.school_id and p.person_id = v.pupil_id
           and p.direction = 'in' and p.occurred_at >= $5 and p.occurred_at <= $6::timestamptz + interval '10 minutes' and p.received_at >= $5)
         and not exists (select from safety_v_excused a where a.school_id = v.school_id and a.child_id = v.pupil_id and a.from_day <= $2 and a.to_day >= $2)
       on conflict do nothing returning pupil_id)
     select g.pupil_id, n.given_name from gone g join people_v_name n on n.person_id = g.pupil_id order by g.pupil_id",
);

row! {
    /// Who was missing, and how it stands.
    pub struct Missing {
        /// Who.
        pub pupil_id: PersonId,
        /// Their name.
        pub name: String,
        /// Their class.
        pub class_id: ClassId,
        /// `7А`.
        pub class_label: String,
        /// The shift.
        pub shift: i16,
        /// When it was to be told.
        pub due_at: Timestamp,
        /// When it was told.
        pub told_at: Timestamp,
        /// The first entry of the day.
        pub entered_at: Option<Timestamp>,
        /// Whether somebody said why.
        pub is_excused: bool,
    }
}

/// School, day, the beginning of the day and of the next, the classes that may be seen, a class, words of the name.
pub type MissingKey = (SchoolId, Date, Timestamp, Timestamp, Option<Vec<ClassId>>, Option<ClassId>, String);

pub const MISSING_LIST: Query<MissingKey, Missing> = Query::new(
    "arrivals.missing_list",
    r#"select m.pupil_id, v.surname || ' ' || v.given_name as name, v.class_id, v.class_label, m.shift, m.due_at, m.told_at, e.entered_at,
       exists (select from safety_v_excused a where a.school_id = m.school_id and a.child_id = m.pupil_id and a.from_day <= $2 and a.to_day >= $2) as is_excused
     from missing_arrival m
     join people_v_pupil v on v.school_id = m.school_id and v.pupil_id = m.pupil_id
     cross join lateral (select min(p.occurred_at) as entered_at from pass p where p.school_id = m.school_id and p.person_id = m.pupil_id
       and p.direction = 'in' and p.occurred_at >= $3 and p.occurred_at < $4 and p.received_at >= $3) e
     where m.school_id = $1 and m.day = $2 and ($5::uuid[] is null or v.class_id = any($5)) and ($6::uuid is null or v.class_id = $6)
       and fold(v.surname || ' ' || v.given_name || ' ' || v.class_label) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($7), '\s+') as word)
     order by v.grade, v.letter collate "kk-x-icu", v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", m.pupil_id"#,
);

row! {
    /// A guardian to call.
    pub struct Callee {
        /// Of whom.
        pub pupil_id: PersonId,
        /// Who.
        pub guardian_id: PersonId,
        /// Their name.
        pub name: String,
        /// Their number, where the school knows it.
        pub phone: Option<String>,
    }
}

/// School, day, pupils: the guardians of each now.
pub const CALLEE_LIST: Query<(SchoolId, Date, Vec<PersonId>), Callee> = Query::new(
    "arrivals.callee_list",
    "select k.pupil_id, k.guardian_id, n.surname || ' ' || n.given_name as name, f.phone
     from people_v_kinship k join people_v_name n on n.person_id = k.guardian_id
     left join people_v_phone f on f.school_id = k.school_id and f.person_id = k.guardian_id
     where k.school_id = $1 and k.pupil_id = any($3) and k.valid_from <= $2 and (k.valid_to is null or k.valid_to >= $2)
     order by k.pupil_id, f.phone is null, n.surname, k.guardian_id",
);

row! {
    /// A morning as the page shows it.
    pub struct Morning {
        /// The shift.
        pub shift: i16,
        /// What it meant.
        pub outcome: String,
        /// Who were to come.
        pub expected: i32,
        /// Who were seen to enter by then.
        pub entered: i32,
        /// When it was looked at last.
        pub checked_at: Timestamp,
    }
}

/// School, day.
pub const MORNING_LIST: Query<(SchoolId, Date), Morning> =
    Query::new("arrivals.morning_list", "select shift, outcome, expected, entered, checked_at from arrival_check where school_id = $1 and day = $2 order by shift");

/// What becomes of a leaver's mornings: they go. Times stay without who set them.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "missing_arrival",
        count: Query::new("arrivals.held_missing", "select count(*) as count from missing_arrival where school_id = $1 and pupil_id = $2"),
        fate: Fate::Delete(Command::new(
            "arrivals.erase_missing",
            "delete from missing_arrival where ctid = any(array(select ctid from missing_arrival where school_id = $1 and pupil_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "arrival_rule",
        count: Query::new("arrivals.held_rule", "select count(*) as count from arrival_rule where school_id = $1 and set_by = $2"),
        fate: Fate::Delete(Command::new(
            "arrivals.erase_rule_setter",
            "update arrival_rule set set_by = null where ctid = any(array(select ctid from arrival_rule where school_id = $1 and set_by = $2 limit $3))",
        )),
    },
];

/// Mornings that are long over.
pub static SWEEPS: &[Sweep] = &[
    Sweep {
        what: "missing_arrival",
        count: Query::new("arrivals.sweep_missing_count", "select count(*) as count from missing_arrival where told_at < $1"),
        delete: Command::new(
            "arrivals.sweep_missing",
            "delete from missing_arrival m using (select school_id, day, pupil_id from missing_arrival where told_at < $1 limit $2) old
             where m.school_id = old.school_id and m.day = old.day and m.pupil_id = old.pupil_id",
        ),
    },
    Sweep {
        what: "arrival_check",
        count: Query::new("arrivals.sweep_check_count", "select count(*) as count from arrival_check where checked_at < $1"),
        delete: Command::new(
            "arrivals.sweep_check",
            "delete from arrival_check c using (select school_id, day, shift from arrival_check where checked_at < $1 limit $2) old
             where c.school_id = old.school_id and c.day = old.day and c.shift = old.shift",
        ),
    },
];

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &RULE_LIST,
    &RULE_SET,
    &RULE_LATER,
    &DUE_LIST,
    &CHECK_OPEN,
    &CHECK_FOR_UPDATE,
    &CHECK_CLOSE,
    &USUAL_FIND,
    &MORNING_COUNT, &OFFLINE_LIST,
    &MISSING_ADD,
    &MISSING_LIST,
    &CALLEE_LIST,
    &MORNING_LIST,
];
