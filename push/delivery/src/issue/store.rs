//! The statements of issue. They run inside the engine's commit, thousands of rows a second: arrays in, no row by itself.

use std::sync::Arc;

use jiff::Timestamp;
use kernel::{
    id::{NoticeId, PersonId, SchoolId, TokenId},
    row,
    sql::{
        Command, Query, Statement,
        types::{BytesMut, IsNull, ToSql, Type, to_sql_checked},
    },
};

row! {
    /// Whoever is to be told of a draft, a guardian mostly, once for each of their phones (or once without a phone).
    pub struct Recipient {
        /// Place of the draft among those asked for, from 1.
        pub draft: i64,
        pub guardian_id: PersonId,
        /// What the guardian chose for this child and kind.
        pub switch: Option<String>,
        /// The same for chats, where it was chosen apart.
        pub telegram_switch: Option<String>,
        /// The same for the mailbox.
        pub mail_switch: Option<String>,
        /// When they want quiet, and the digest; with the zone that it is meant in, where they said anything.
        pub quiet_from: Option<i32>,
        pub quiet_to: Option<i32>,
        pub alarms: Option<String>,
        pub digest_at: Option<i32>,
        pub zone: Option<String>,
        pub token_id: Option<TokenId>,
        pub token: Option<String>,
        /// By what the phone is reached.
        pub channel: Option<String>,
        pub locale: Option<String>,
        /// Whether the consent to services abroad is withdrawn: the inbox only.
        pub stopped: bool,
    }
}

/// Schools, children, kinds, and who alone is told, one element a draft.
type Drafts = (Vec<SchoolId>, Vec<PersonId>, Vec<&'static str>, Vec<Option<PersonId>>);

/// Guardians now, their wish and their phones; those of one guardian of one draft next to each other. The limit takes all and
/// lets the planner expect a single row, so that each is looked up by its key, however small the tables were when it planned.
/// Nobody is told of a child whose consent to the register is withdrawn.
pub const RECIPIENT_LIST: Query<Drafts, Recipient> = Query::new(
    "issue.recipient_list",
    "select d.draft, k.guardian_id, s.push as switch, s.telegram as telegram_switch, s.mail as mail_switch, t.id as token_id, t.token, t.channel, t.locale, h.quiet_from, h.quiet_to, h.alarms, h.digest_at,
       case when h.guardian_id is not null then (select o.zone from people_v_organisation o where o.id = d.school_id) end as zone,
       exists (select from identity_v_consent_stop c
         where c.school_id = d.school_id and c.person_id = d.child_id and c.purpose = 'notices' and c.until is null) as stopped
     from (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) with ordinality d (school_id, child_id, kind, only_id, draft) limit cardinality($1)) d
     join people_v_kinship k on k.school_id = d.school_id and k.pupil_id = d.child_id and k.valid_to is null and (d.only_id is null or k.guardian_id = d.only_id)
     left join notice_switch s on s.school_id = d.school_id and s.guardian_id = k.guardian_id and s.child_id = d.child_id and s.kind = d.kind
     left join notice_hours h on h.school_id = d.school_id and h.guardian_id = k.guardian_id
     left join push_token t on t.person_id = k.guardian_id and t.removed_at is null
     where not exists (select from identity_v_consent_stop c
       where c.school_id = d.school_id and c.person_id = d.child_id and c.purpose = 'register' and c.until is null)
     order by d.draft, k.guardian_id",
);

/// Schools, persons, kinds and places of the drafts, one element a draft; now.
type OwnDrafts = (Vec<SchoolId>, Vec<PersonId>, Vec<&'static str>, Vec<i64>, Timestamp);

/// Those who are told of themselves, while they work or learn at the school, with their wish and their phones: as [`RECIPIENT_LIST`], without
/// anybody's guardians.
pub const OWN_RECIPIENT_LIST: Query<OwnDrafts, Recipient> = Query::new(
    "issue.own_recipient_list",
    "select d.draft, d.person_id as guardian_id, s.push as switch, s.telegram as telegram_switch, s.mail as mail_switch, t.id as token_id, t.token, t.channel, t.locale, h.quiet_from, h.quiet_to, h.alarms, h.digest_at,
       case when h.guardian_id is not null then (select o.zone from people_v_organisation o where o.id = d.school_id) end as zone,
       exists (select from identity_v_consent_stop c
         where c.school_id = d.school_id and c.person_id = d.person_id and c.purpose = 'notices' and c.until is null) as stopped
     from (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) d (school_id, person_id, kind, draft) limit cardinality($1)) d
     left join notice_switch s on s.school_id = d.school_id and s.guardian_id = d.person_id and s.child_id = d.person_id and s.kind = d.kind
     left join notice_hours h on h.school_id = d.school_id and h.guardian_id = d.person_id
     left join push_token t on t.person_id = d.person_id and t.removed_at is null
     where exists (select from identity_v_held r where r.school_id = d.school_id and r.person_id = d.person_id and r.role <> 'guardian'
         and r.valid_from <= $5 and (r.valid_to is null or r.valid_to > $5))
       and not exists (select from identity_v_consent_stop c
         where c.school_id = d.school_id and c.person_id = d.person_id and c.purpose = 'register' and c.until is null)
     order by d.draft",
);

/// Columns of `notice`, one element a row; the last is when.
type Notices = (Vec<SchoolId>, Vec<PersonId>, Vec<NoticeId>, Vec<PersonId>, Vec<&'static str>, Vec<Timestamp>, Vec<bool>, Vec<JsonText>, Timestamp);

/// Inserts notices.
pub const NOTICE_ADD: Command<Notices> = Command::new(
    "issue.notice_add",
    "insert into notice (school_id, recipient_id, id, child_id, kind, occurred_at, late, args, created_at)
     select n.*, $9::timestamptz from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::bool[], $8::jsonb[]) n",
);

/// Columns of `delivery`, one element a row: key and recipient, outcome, channel, lane, until when it waits, for how many it stands; then when, and
/// until when it is leased.
type Deliveries = (Vec<SchoolId>, Vec<NoticeId>, Vec<TokenId>, Vec<PersonId>, Vec<Option<&'static str>>, Vec<&'static str>, Vec<i32>, Vec<Option<Timestamp>>, Vec<Option<i32>>, Timestamp, Timestamp);

/// Inserts deliveries: open ones leased or held back, the others finished from the start.
pub const DELIVERY_ADD: Command<Deliveries> = Command::new(
    "issue.delivery_add",
    "insert into delivery (school_id, notice_id, token_id, recipient_id, outcome, lane, held_until, gathers, outcome_at, created_at, channel, lease_until)
     select d.school_id, d.notice_id, d.token_id, d.recipient_id, d.outcome, d.lane, d.held_until, d.gathers,
       case when d.outcome is not null then $10::timestamptz end, $10::timestamptz, d.channel, coalesce(d.held_until, $11::timestamptz)
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::int[])
       d (school_id, notice_id, token_id, recipient_id, outcome, channel, lane, held_until, gathers)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&RECIPIENT_LIST, &OWN_RECIPIENT_LIST, &NOTICE_ADD, &DELIVERY_ADD];

/// JSON already written as text, so that two guardians of one child share one serialisation.
#[derive(Debug, Clone)]
pub struct JsonText(pub Arc<str>);

impl ToSql for JsonText {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        // The binary form of jsonb: its version, then the text.
        out.extend_from_slice(&[1]);
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }

    to_sql_checked!();
}
