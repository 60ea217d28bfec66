//! The SQL of what this crate keeps of a person.

use kernel::{
    keep::{Fate, Holding, Release, Traces},
    sql::{Command, Query, Statement},
};

/// A person's rows, in the order in which they leave. Belonging to the school is last: until then the person is in sight.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "pupil_photo",
        count: Query::new("people.held_pupil_photo", "select count(*) as count from pupil_photo where school_id = $1 and pupil_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_pupil_photo",
            "delete from pupil_photo where ctid = any(array(select ctid from pupil_photo where school_id = $1 and pupil_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "confidential_record",
        count: Query::new("people.held_confidential_record", "select count(*) as count from confidential_record where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_confidential_record",
            "delete from confidential_record where ctid = any(array(select ctid from confidential_record where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "staff_line",
        count: Query::new("people.held_staff_line", "select count(*) as count from staff_line where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_staff_line",
            "delete from staff_line where ctid = any(array(select ctid from staff_line where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "person_value",
        count: Query::new("people.held_person_value", "select count(*) as count from person_value where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_person_value",
            "delete from person_value where ctid = any(array(select ctid from person_value where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "custody_limit",
        count: Query::new("people.held_custody_limit", "select count(*) as count from custody_limit where school_id = $1 and (pupil_id = $2 or guardian_id = $2)"),
        fate: Fate::Delete(Command::new(
            "people.erase_custody_limit",
            "delete from custody_limit where ctid = any(array(select ctid from custody_limit where school_id = $1 and (pupil_id = $2 or guardian_id = $2) limit $3))",
        )),
    },
    Holding {
        table: "kinship",
        count: Query::new("people.held_kinship", "select count(*) as count from kinship where school_id = $1 and (pupil_id = $2 or guardian_id = $2)"),
        fate: Fate::Delete(Command::new(
            "people.erase_kinship",
            "delete from kinship where ctid = any(array(select ctid from kinship where school_id = $1 and (pupil_id = $2 or guardian_id = $2) limit $3))",
        )),
    },
    Holding {
        table: "transfer",
        count: Query::new("people.held_transfer", "select count(*) as count from transfer where school_id = $1 and pupil_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_transfer",
            "delete from transfer where ctid = any(array(select ctid from transfer where school_id = $1 and pupil_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "movement",
        count: Query::new("people.held_movement", "select count(*) as count from movement where school_id = $1 and pupil_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_movement",
            "delete from movement where ctid = any(array(select ctid from movement where school_id = $1 and pupil_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "enrolment",
        count: Query::new("people.held_enrolment", "select count(*) as count from enrolment where school_id = $1 and pupil_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_enrolment",
            "delete from enrolment where ctid = any(array(select ctid from enrolment where school_id = $1 and pupil_id = $2 limit $3))",
        )),
    },
];

/// The very last.
pub static BELONGING: &[Holding] = &[
    Holding {
        table: "school_person",
        count: Query::new("people.held_school_person", "select count(*) as count from school_person where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "people.erase_school_person",
            "delete from school_person where ctid = any(array(select ctid from school_person where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
];

/// What belongs to the person and to no school.
pub static RELEASES: &[Release] = &[Release { table: "person_iin", delete: Command::new("people.release_person_iin", "delete from person_iin where person_id = $1") }];

/// The person's own row, when nobody sees them any more.
pub static PERSON: Release = Release { table: "person", delete: Command::new("people.release_person", "delete from person where id = $1") };

/// Where a register that stays needs the row: it is nobody's.
pub static PERSON_BLANK: Release = Release {
    table: "person_blank",
    delete: Command::new("people.blank_person", "update person set surname = '—', given_name = '—', patronymic = null, birth_date = null, sex = null where id = $1"),
};

/// The name, as documents write it and as rows hold it.
pub static TRACES: Traces = Query::new(
    "people.traces",
    "select t.trace from school_person m join person p on p.id = m.person_id
     cross join lateral (values (p.surname || ' ' || p.given_name), (p.given_name || ' ' || p.surname), (p.surname || ',' || p.given_name)) t (trace)
     where m.school_id = $1 and m.person_id = $2 group by t.trace",
);

/// Every statement stands in the lists above, and is prepared by the test that goes through them.
pub const STATEMENTS: &[&dyn Statement] = &[];
