//! The SQL of what this crate keeps of a person, and what retention rules let go.

use kernel::{
    keep::{Fate, Holding, Release, Sweep, Trace},
    id::{PersonId, SchoolId},
    sql::{Command, Query, Statement},
};

/// A person's rows: attempts before the notices that they belong to.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "delivery",
        count: Query::new(
            "delivery.held_delivery",
            "select count(*) as count from delivery d where d.school_id = $1 and (d.recipient_id = $2
               or exists (select from notice n where n.school_id = d.school_id and n.id = d.notice_id and n.child_id = $2))",
        ),
        fate: Fate::Delete(Command::new(
            "delivery.erase_delivery",
            "delete from delivery d using (
               select d.notice_id, d.token_id, d.created_at from delivery d where d.school_id = $1 and (d.recipient_id = $2
                 or exists (select from notice n where n.school_id = d.school_id and n.id = d.notice_id and n.child_id = $2)) limit $3) own
             where d.school_id = $1 and d.notice_id = own.notice_id and d.token_id = own.token_id and d.created_at = own.created_at",
        )),
    },
    Holding {
        table: "notice",
        count: Query::new("delivery.held_notice", "select count(*) as count from notice where school_id = $1 and (recipient_id = $2 or child_id = $2)"),
        fate: Fate::Delete(Command::new(
            "delivery.erase_notice",
            "delete from notice n using (
               select recipient_id, id, created_at from notice where school_id = $1 and (recipient_id = $2 or child_id = $2) limit $3) own
             where n.school_id = $1 and n.recipient_id = own.recipient_id and n.id = own.id and n.created_at = own.created_at",
        )),
    },
    Holding {
        table: "notice_hours",
        count: Query::new("delivery.held_notice_hours", "select count(*) as count from notice_hours where school_id = $1 and guardian_id = $2"),
        fate: Fate::Delete(Command::new(
            "delivery.erase_notice_hours",
            "delete from notice_hours where ctid = any(array(select ctid from notice_hours where school_id = $1 and guardian_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "notice_switch",
        count: Query::new("delivery.held_notice_switch", "select count(*) as count from notice_switch where school_id = $1 and (guardian_id = $2 or child_id = $2)"),
        fate: Fate::Delete(Command::new(
            "delivery.erase_notice_switch",
            "delete from notice_switch where ctid = any(array(select ctid from notice_switch where school_id = $1 and (guardian_id = $2 or child_id = $2) limit $3))",
        )),
    },
];

/// A phone belongs to no school, and a code for a chat neither.
pub static RELEASES: &[Release] = &[
    Release { table: "push_token", delete: Command::new("delivery.release_token", "delete from push_token where person_id = $1") },
    Release { table: "delivery_link_code", delete: Command::new("delivery.release_link_code", "delete from delivery_link_code where person_id = $1") },
];

/// What providers know the person's phones and chats by.
pub static TRACES: Query<(SchoolId, PersonId), Trace> =
    Query::new("delivery.traces", "select distinct token as trace from push_token where $1::uuid is not null and person_id = $2");

/// What retention rules let go.
pub static SWEEPS: &[Sweep] = &[Sweep {
    what: "push_token",
    count: Query::new("delivery.old_token_count", "select count(*) as count from push_token where removed_at < $1"),
    delete: Command::new("delivery.old_token_delete", "delete from push_token where id in (select id from push_token where removed_at < $1 limit $2)"),
}];

/// Every statement stands in the lists above, and is prepared by the test that goes through them.
pub const STATEMENTS: &[&dyn Statement] = &[];
