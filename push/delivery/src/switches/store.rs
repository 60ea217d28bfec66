//! The statements of the switches.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A child of the guardian, or the reader themselves, once for each switch that was chosen, or once with none.
    pub struct Chosen {
        pub child_id: PersonId,
        pub given_name: String,
        pub kind: Option<String>,
        pub push: Option<String>,
        pub telegram: Option<String>,
        pub mail: Option<String>,
    }
}

row! {
    /// A switch that was changed.
    pub struct Changed {
        pub school_id: SchoolId,
    }
}

/// Schools in sight, reader, the reader's own schools. What they chose: for themselves first, then for the eldest child.
pub const CHOSEN_LIST: Query<(Vec<SchoolId>, PersonId, Vec<SchoolId>), Chosen> = Query::new(
    "switches.chosen_list",
    "select p.person_id as child_id, p.given_name, s.kind, s.push, s.telegram, s.mail
     from (select school_id, pupil_id as about_id from people_v_kinship where school_id = any($1) and guardian_id = $2 and valid_to is null
           union select school_id, $2 from unnest($3::uuid[]) o (school_id)) k
     join people_v_name p on p.person_id = k.about_id
     left join notice_switch s on s.school_id = k.school_id and s.guardian_id = $2 and s.child_id = k.about_id
     order by p.person_id <> $2, p.birth_date nulls last, p.given_name, p.person_id",
);

/// Reader, child or reader, kind, wish for phones, those for chats and for the mailbox if any, when, the reader's own schools. Says at which
/// schools it changed something.
pub type SetKey = (PersonId, PersonId, &'static str, &'static str, Option<&'static str>, Option<&'static str>, Timestamp, Vec<SchoolId>);

/// Sets a switch at every school where the child is and the guardian is their guardian, or for oneself where one works or learns.
pub const SWITCH_SET: Query<SetKey, Changed> = Query::new(
    "switches.switch_set",
    "insert into notice_switch as s (school_id, guardian_id, child_id, kind, push, telegram, mail, changed_at)
     select k.school_id, $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::timestamptz
     from (select school_id from people_v_kinship where guardian_id = $1 and pupil_id = $2 and valid_to is null
           union select school_id from unnest($8::uuid[]) o (school_id) where $1 = $2) k
     on conflict (school_id, guardian_id, child_id, kind) do update
       set push = excluded.push, telegram = coalesce(excluded.telegram, s.telegram), mail = coalesce(excluded.mail, s.mail), changed_at = excluded.changed_at
       where s.push <> excluded.push or s.telegram is distinct from coalesce(excluded.telegram, s.telegram) or s.mail is distinct from coalesce(excluded.mail, s.mail)
     returning s.school_id",
);

row! {
    /// By what somebody is reached.
    pub struct Connected {
        pub channel: String,
    }
}

/// By what a person is reached, each once.
pub const CONNECTED_LIST: Query<(PersonId,), Connected> =
    Query::new("switches.connected_list", "select distinct channel from push_token where person_id = $1 and removed_at is null");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&CHOSEN_LIST, &SWITCH_SET, &CONNECTED_LIST];
