//! Every statement of the custody limits.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A limit of a guardian, with who set it.
    pub struct Limit {
        pub id: Uuid,
        pub guardian_id: PersonId,
        pub guardian: String,
        pub no_data: bool,
        pub no_pickup: bool,
        pub basis: String,
        pub act_number: Option<String>,
        pub act_date: Option<Date>,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        pub set_at: Timestamp,
        pub set_by: Option<String>,
        pub ended_at: Option<Timestamp>,
    }
}

row! {
    /// A guardian whom the school knows, limited or not.
    pub struct Kin {
        pub guardian_id: PersonId,
        pub name: String,
    }
}

row! {
    /// To whom a child is not to be handed over today.
    pub struct Pickup {
        /// The child.
        pub pupil_id: PersonId,
        /// The child's name.
        pub pupil: String,
        /// `7А`
        pub class_label: String,
        /// The guardian.
        pub guardian_id: PersonId,
        /// The guardian's name.
        pub guardian: String,
    }
}

row! {
    /// Whose limit was ended.
    pub struct Ended { pub guardian_id: PersonId }
}

/// Guardians of a pupil, those who are barred too: the office must see whom it bars.
pub const KIN_LIST: Query<(SchoolId, PersonId), Kin> = Query::new(
    "people.custody_kin_list",
    "select k.guardian_id, n.surname || ' ' || n.given_name as name from kinship k join people_v_name n on n.person_id = k.guardian_id
     where k.school_id = $1 and k.pupil_id = $2 and k.valid_to is null order by n.surname collate \"kk-x-icu\", n.given_name collate \"kk-x-icu\", k.guardian_id",
);

pub const LIMIT_LIST: Query<(SchoolId, PersonId), Limit> = Query::new(
    "people.custody_limit_list",
    "select l.id, l.guardian_id, n.surname || ' ' || n.given_name as guardian, l.no_data, l.no_pickup, l.basis, l.act_number, l.act_date,
       l.valid_from, l.valid_to, l.set_at, b.surname || ' ' || b.given_name as set_by, l.ended_at
     from custody_limit l join people_v_name n on n.person_id = l.guardian_id left join people_v_name b on b.person_id = l.set_by
     where l.school_id = $1 and l.pupil_id = $2 order by l.ended_at is not null, l.valid_from desc, l.id limit 200",
);

/// School, id, pupil, guardian, data, pickup, basis, number and date of the act, from, to, by whom, when.
pub type LimitRow = (SchoolId, Uuid, PersonId, PersonId, bool, bool, &'static str, Option<String>, Option<Date>, Date, Option<Date>, PersonId, Timestamp);

/// A form sent twice adds once.
pub const LIMIT_ADD: Command<LimitRow> = Command::new(
    "people.custody_limit_add",
    "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, act_number, act_date, valid_from, valid_to, set_by, set_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (school_id, id) do nothing",
);

/// School, pupil, limit, by whom, when.
pub const LIMIT_END: Query<(SchoolId, PersonId, Uuid, PersonId, Timestamp), Ended> = Query::new(
    "people.custody_limit_end",
    "update custody_limit set ended_by = $4, ended_at = $5 where school_id = $1 and pupil_id = $2 and id = $3 and ended_at is null returning guardian_id",
);

/// School, the classes that may be seen (nothing for all).
pub const PICKUP_LIST: Query<(SchoolId, Option<Vec<ClassId>>), Pickup> = Query::new(
    "people.custody_pickup_list",
    "select distinct v.pupil_id, v.surname || ' ' || v.given_name as pupil, v.class_label, l.guardian_id, n.surname || ' ' || n.given_name as guardian
     from custody_limit l join organisation o on o.id = l.school_id
     join people_v_pupil v on v.school_id = l.school_id and v.pupil_id = l.pupil_id
     join people_v_name n on n.person_id = l.guardian_id
     where l.school_id = $1 and l.no_pickup and l.ended_at is null and ($2::uuid[] is null or v.class_id = any($2))
       and l.valid_from <= (now() at time zone o.zone)::date and (l.valid_to is null or l.valid_to >= (now() at time zone o.zone)::date)
     order by class_label, pupil, guardian limit 500",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&KIN_LIST, &LIMIT_LIST, &LIMIT_ADD, &LIMIT_END, &PICKUP_LIST];
