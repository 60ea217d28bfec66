//! Every statement of the movement of pupils: enrolment as the truth, the book beside it.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// How many.
    pub struct Count { pub count: i64 }
}

row! {
    /// Where a pupil is now.
    pub struct Current {
        pub pupil_id: PersonId,
        pub class_id: ClassId,
        pub valid_from: Date,
    }
}

row! {
    /// A line of the book, as acts need it.
    pub struct Line {
        pub id: Uuid,
        pub pupil_id: PersonId,
        pub kind: String,
        pub made_at: Timestamp,
        pub order_id: Option<Uuid>,
        pub rollover_id: Option<Uuid>,
    }
}

/// School, classes: how many of them are open there.
pub const OPEN_CLASS_COUNT: Query<(SchoolId, Vec<ClassId>), Count> =
    Query::new("people.open_class_count", "select count(*) as count from school_class where school_id = $1 and id = any($2) and valid_to is null");

/// School, pupils, classes, days. Adds nothing for who is in a class, or was on that day.
pub const ENROLMENT_BEGIN: Command<(SchoolId, Vec<PersonId>, Vec<ClassId>, Vec<Date>)> = Command::new(
    "people.enrolment_begin",
    "insert into enrolment (school_id, pupil_id, class_id, valid_from)
     select $1, w.pupil_id, w.class_id, w.on_date from unnest($2::uuid[], $3::uuid[], $4::date[]) as w (pupil_id, class_id, on_date)
     where not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = w.pupil_id and (e.valid_to is null or e.valid_to >= w.on_date))",
);

/// School, pupils, days: whoever is in a class belongs to the school.
pub const MEMBER_BEGIN: Command<(SchoolId, Vec<PersonId>, Vec<Date>)> = Command::new(
    "people.member_begin",
    "insert into school_person (school_id, person_id, valid_from)
     select $1, w.pupil_id, w.on_date from unnest($2::uuid[], $3::date[]) as w (pupil_id, on_date)
     where not exists (select from school_person m where m.school_id = $1 and m.person_id = w.pupil_id and m.valid_to is null)
     on conflict (school_id, person_id, valid_from) do update set valid_to = null, movement_id = null",
);

/// School, pupils: where they are, locked.
pub const CURRENT_FOR_UPDATE: Query<(SchoolId, Vec<PersonId>), Current> = Query::new(
    "people.enrolment_current_for_update",
    "select pupil_id, class_id, valid_from from enrolment where school_id = $1 and pupil_id = any($2) and valid_to is null order by pupil_id for update",
);

/// School, pupils, classes, day: who came on that very day is put into the other class at once.
pub const ENROLMENT_SWAP: Command<(SchoolId, Vec<PersonId>, Vec<ClassId>, Date)> = Command::new(
    "people.enrolment_swap",
    "update enrolment e set class_id = w.class_id from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, class_id)
     where e.school_id = $1 and e.pupil_id = w.pupil_id and e.valid_to is null and e.valid_from = $4",
);

/// School, pupils, the first day elsewhere.
pub const ENROLMENT_STOP_BEFORE: Command<(SchoolId, Vec<PersonId>, Date)> = Command::new(
    "people.enrolment_stop_before",
    "update enrolment set valid_to = $3::date - 1 where school_id = $1 and pupil_id = any($2) and valid_to is null and valid_from < $3",
);

/// School, pupils, classes, day: those who are in no class now.
pub const ENROLMENT_FOLLOW: Command<(SchoolId, Vec<PersonId>, Vec<ClassId>, Date)> = Command::new(
    "people.enrolment_follow",
    "insert into enrolment (school_id, pupil_id, class_id, valid_from)
     select $1, w.pupil_id, w.class_id, $4 from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, class_id)
     where not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = w.pupil_id and e.valid_to is null)",
);

/// School, pupils, the last day.
pub const ENROLMENT_END: Command<(SchoolId, Vec<PersonId>, Date)> =
    Command::new("people.enrolment_end", "update enrolment set valid_to = $3 where school_id = $1 and pupil_id = any($2) and valid_to is null and valid_from <= $3");

/// School, pupils, their lines, the last day.
pub const KINSHIP_END: Command<(SchoolId, Vec<PersonId>, Vec<Uuid>, Date)> = Command::new(
    "people.kinship_end_with_departure",
    "update kinship k set valid_to = greatest($4, k.valid_from), movement_id = w.movement_id from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, movement_id)
     where k.school_id = $1 and k.pupil_id = w.pupil_id and k.valid_to is null",
);

/// The same.
pub const MEMBER_END: Command<(SchoolId, Vec<PersonId>, Vec<Uuid>, Date)> = Command::new(
    "people.member_end",
    "update school_person m set valid_to = greatest($4, m.valid_from), movement_id = w.movement_id from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, movement_id)
     where m.school_id = $1 and m.person_id = w.pupil_id and m.valid_to is null",
);

/// School, lines, the last day, now: guardians whose last kinship ended with these lines, and who have nothing else to do with the school.
pub const GUARDIAN_END: Command<(SchoolId, Vec<Uuid>, Date, Timestamp)> = Command::new(
    "people.guardian_end",
    "update school_person m set valid_to = greatest($3, m.valid_from), movement_id = w.movement_id
     from (select guardian_id, min(movement_id::text)::uuid as movement_id from kinship where school_id = $1 and movement_id = any($2) group by guardian_id) w
     where m.school_id = $1 and m.person_id = w.guardian_id and m.valid_to is null
       and not exists (select from kinship k where k.school_id = $1 and k.guardian_id = m.person_id and k.valid_to is null)
       and not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = m.person_id and e.valid_to is null)
       and not exists (select from identity_v_office o where o.school_id = $1 and o.person_id = m.person_id and (o.valid_to is null or o.valid_to > $4))",
);

/// School; a line each: id, pupil, kind, day, from which class, into which, reason; for all: place, other school, order, rollover, when, by whom.
pub type Lines = (
    SchoolId,
    Vec<Uuid>,
    Vec<PersonId>,
    Vec<&'static str>,
    Vec<Date>,
    Vec<Option<ClassId>>,
    Vec<Option<ClassId>>,
    Vec<Option<&'static str>>,
    Option<String>,
    Option<SchoolId>,
    Option<Uuid>,
    Option<Uuid>,
    Timestamp,
    Option<PersonId>,
);

pub const MOVEMENT_ADD: Command<Lines> = Command::new(
    "people.movement_add",
    "insert into movement (school_id, id, pupil_id, kind, on_date, from_class, to_class, reason, place, other_school, order_id, rollover_id, made_at, made_by)
     select $1, w.id, w.pupil_id, w.kind, w.on_date, w.from_class, w.to_class, w.reason, $9, $10, $11, $12, $13, $14
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::uuid[], $7::uuid[], $8::text[]) as w (id, pupil_id, kind, on_date, from_class, to_class, reason)",
);

/// School, pupils: the last line of each that was not taken back.
pub const LAST_LINE_LIST: Query<(SchoolId, Vec<PersonId>), Line> = Query::new(
    "people.movement_last_list",
    "select distinct on (pupil_id) id, pupil_id, kind, made_at, order_id, rollover_id from movement
     where school_id = $1 and pupil_id = any($2) and undone_at is null order by pupil_id, made_at desc, id desc",
);

/// School, lines: what began with an arrival is gone.
pub const ARRIVAL_UNMAKE: Command<(SchoolId, Vec<Uuid>)> = Command::new(
    "people.arrival_unmake",
    "delete from enrolment e using movement m where m.school_id = $1 and m.id = any($2) and m.kind in ('arrival', 'return')
       and e.school_id = $1 and e.pupil_id = m.pupil_id and e.valid_to is null and e.valid_from = m.on_date and e.class_id = m.to_class",
);

/// School, lines, when, by whom.
pub const MOVEMENT_UNDO: Command<(SchoolId, Vec<Uuid>, Timestamp, Option<PersonId>)> = Command::new(
    "people.movement_undo",
    "update movement set undone_at = $3, undone_by = $4 where school_id = $1 and id = any($2) and undone_at is null",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &OPEN_CLASS_COUNT,
    &ENROLMENT_BEGIN,
    &MEMBER_BEGIN,
    &CURRENT_FOR_UPDATE,
    &ENROLMENT_SWAP,
    &ENROLMENT_STOP_BEFORE,
    &ENROLMENT_FOLLOW,
    &ENROLMENT_END,
    &KINSHIP_END,
    &MEMBER_END,
    &GUARDIAN_END,
    &MOVEMENT_ADD,
    &LAST_LINE_LIST,
    &ARRIVAL_UNMAKE,
    &MOVEMENT_UNDO,
];
