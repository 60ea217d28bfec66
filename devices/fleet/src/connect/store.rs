//! Every statement of connect.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A pupil whose card can be tried.
    pub struct Trial {
        /// The pupil.
        pub person: PersonId,
        /// The card's number.
        pub code: String,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `7А`
        pub class_label: Option<String>,
    }
}

row! {
    /// A pass or meal that came from the device.
    pub struct Arrival {
        /// Whose it was.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `in`, `out`, `meal`.
        pub kind: String,
        /// Number in the journal.
        pub seq: i64,
        /// When it happened.
        pub occurred_at: Timestamp,
        /// When the hub got it.
        pub received_at: Timestamp,
    }
}

row! {
    /// A device of kind `link`.
    pub struct Link {
        /// Its id.
        pub id: DeviceId,
        /// Its name.
        pub name: String,
        /// Its code.
        pub code: String,
        /// Its school's code.
        pub school_code: String,
    }
}

pub const TRIAL_LIST: Query<(SchoolId, i64), Trial> = Query::new(
    "fleet.trial_list",
    "select v.pupil_id as person, c.code, v.surname, v.given_name, v.class_label
     from people_v_pupil v join safety_v_card c on c.school_id = v.school_id and c.person_id = v.pupil_id
     where v.school_id = $1 order by v.grade, v.letter collate \"kk-x-icu\", v.surname collate \"kk-x-icu\", v.pupil_id limit $2",
);

pub const ARRIVAL_LIST: Query<(SchoolId, DeviceId, Timestamp, i64), Arrival> = Query::new(
    "fleet.arrival_list",
    "select m.surname, m.given_name, r.kind, r.seq, r.occurred_at, r.received_at
     from safety_v_record r join people_v_member m on m.school_id = r.school_id and m.person_id = r.person_id
     where r.school_id = $1 and r.device_id = $2 and r.received_at >= $3
     order by r.received_at desc, r.seq desc limit $4",
);

pub const LINK_LIST: Query<(), Link> = Query::new(
    "fleet.link_list",
    "select d.id, d.name, d.code, o.code as school_code
     from device d join organisation o on o.id = d.school_id
     where d.kind = 'link' and d.retired_at is null order by d.registered_at desc limit 20",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TRIAL_LIST, &ARRIVAL_LIST, &LINK_LIST];
