//! Every statement of the transfers.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::OnDay,
};

row! {
    /// A slip: from where or to where, and until when.
    pub struct Slip {
        pub id: Uuid,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
        pub valid_until: Date,
    }
}

row! {
    /// A school to choose.
    pub struct SchoolName {
        pub id: SchoolId,
        pub code: String,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
    }
}

row! {
    /// Who was accepted, and from where.
    pub struct Accepted {
        pub pupil: Option<PersonId>,
        pub sender: Option<SchoolId>,
    }
}

row! {
    /// A time in a class of another school.
    pub struct Before {
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
        pub class_label: Option<String>,
        pub began: Option<Date>,
        pub ended: Option<Date>,
    }
}

/// School, id, pupil, to which school, why, hash of the code, when, by whom, until when.
pub type NewSlip = (SchoolId, Uuid, PersonId, SchoolId, &'static str, Vec<u8>, Timestamp, Option<PersonId>, Date);

/// Of who is in a class now.
pub const SLIP_ADD: Command<NewSlip> = Command::new(
    "people.transfer_add",
    "insert into transfer (school_id, id, pupil_id, to_school, reason, code_hash, made_at, made_by, valid_until)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9 where exists (select from enrolment e where e.school_id = $1 and e.pupil_id = $3 and e.valid_to is null)",
);

/// School, pupil, when, by whom: the open slip, used or not in time.
pub const SLIP_CANCEL: Command<(SchoolId, PersonId, Timestamp, Option<PersonId>)> = Command::new(
    "people.transfer_cancel",
    "update transfer set cancelled_at = $3, cancelled_by = $4 where school_id = $1 and pupil_id = $2 and cancelled_at is null and accepted_at is null",
);

/// School, pupil: the open slip of theirs, with the receiving school.
pub const SLIP_OF: Query<(SchoolId, PersonId), Slip> = Query::new(
    "people.transfer_of",
    "select t.id, o.name_kk, o.name_ru, o.name_en, t.valid_until from transfer t join organisation o on o.id = t.to_school
     where t.school_id = $1 and t.pupil_id = $2 and t.cancelled_at is null and t.accepted_at is null",
);

/// School, today: slips addressed to it that are open, with the sending school; not whose they are.
pub const SLIP_ADDRESSED: Query<(SchoolId, Date), Slip> = Query::new(
    "people.transfer_addressed",
    "select t.id, o.name_kk, o.name_ru, o.name_en, t.valid_until from transfer t join organisation o on o.id = t.school_id
     where t.to_school = $1 and t.cancelled_at is null and t.accepted_at is null and t.valid_until >= $2 order by t.valid_until, t.id limit 200",
);

/// A school by its code, but not this one.
pub const SCHOOL_FIND: Query<(SchoolId, String), SchoolName> =
    Query::new("people.transfer_school_find", "select id, code, name_kk, name_ru, name_en from organisation where kind = 'school' and id <> $1 and code = lower($2)");

/// School, hash of the code, first day, by whom, when.
pub const SLIP_ACCEPT: Query<(SchoolId, Vec<u8>, Date, Option<PersonId>, Timestamp), Accepted> =
    Query::new("people.transfer_accept", "select pupil, sender from people_transfer_accept($1, $2, $3, $4, $5)");

pub const BEFORE_LIST: Query<(SchoolId, PersonId), Before> = Query::new(
    "people.transfer_before_list",
    "select o.name_kk, o.name_ru, o.name_en, b.class_label, b.began, b.ended from people_schooling_before($1, $2) b join organisation o on o.id = b.school order by b.began desc",
);

/// Slips addressed to the school; the last day of one is today's work.
pub const TASK_ADDRESSED: OnDay = OnDay::new(
    "people.task_transfers",
    "select count(*) as count, count(*) filter (where valid_until = $2) as late, min(valid_until) as due from transfer
     where to_school = $1 and accepted_at is null and cancelled_at is null and valid_until >= $2",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_ADDRESSED, &SLIP_ADD, &SLIP_CANCEL, &SLIP_OF, &SLIP_ADDRESSED, &SCHOOL_FIND, &SLIP_ACCEPT, &BEFORE_LIST];
