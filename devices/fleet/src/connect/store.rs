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
        /// Whose card it was; nothing for a card of nobody.
        pub person_id: Option<PersonId>,
        /// Surname.
        pub surname: Option<String>,
        /// Given name.
        pub given_name: Option<String>,
        /// `in`, `out`, `meal`.
        pub kind: String,
        /// Number in the journal.
        pub seq: i64,
        /// When it happened.
        pub occurred_at: Timestamp,
        /// When the hub got it.
        pub received_at: Timestamp,
        /// How many guardians were told.
        pub told: i64,
        /// How many phones the push service accepted a message for.
        pub pushed: i64,
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

/// The newest passes and meals of one journal, along its primary key. The card is compared as the hub stores cards.
pub const ARRIVAL_LIST: Query<(SchoolId, DeviceId, String, Timestamp, i64), Arrival> = Query::new(
    "fleet.arrival_list",
    "select m.person_id, m.surname, m.given_name, coalesce(e.body ->> 'direction', 'meal') as kind, e.seq, e.occurred_at, e.received_at,
       count(distinct n.recipient_id) as told, count(d.token_id) filter (where d.outcome = 'sent') as pushed
     from (select * from engine_v_event where school_id = $1 and device_id = $2 and store = $3 and received_at >= $4 and kind in ('pass', 'meal')
           order by seq desc limit $5) e
     left join safety_v_card c on c.school_id = e.school_id and c.code = upper(translate(e.body ->> 'card', ':- ', ''))
     left join people_v_member m on m.school_id = c.school_id and m.person_id = c.person_id
     left join people_v_kinship k on k.school_id = m.school_id and k.pupil_id = m.person_id and k.valid_to is null
     left join delivery_v_notice n on n.school_id = k.school_id and n.recipient_id = k.guardian_id and n.child_id = k.pupil_id
       and n.occurred_at = e.occurred_at and n.created_at >= $4
     left join delivery_v_delivery d on d.school_id = n.school_id and d.notice_id = n.id and d.created_at >= $4
     group by m.person_id, m.surname, m.given_name, e.body, e.seq, e.occurred_at, e.received_at
     order by e.seq desc",
);

pub const LINK_LIST: Query<(), Link> = Query::new(
    "fleet.link_list",
    "select d.id, d.name, d.code, o.code as school_code
     from device d join people_v_organisation o on o.id = d.school_id
     where d.kind = 'link' and d.retired_at is null order by d.registered_at desc limit 20",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TRIAL_LIST, &ARRIVAL_LIST, &LINK_LIST];
