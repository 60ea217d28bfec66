//! The SQL of what this crate keeps of a person.

use kernel::{
    keep::{Fate, Holding, Traces},
    sql::{Command, Query, Statement},
};

/// First of all: the card opens nothing more, so that nothing new is written while the rest leaves.
pub static BLOCKED: &[Holding] = &[Holding {
    table: "card_blocked",
    count: Query::new("safety.held_card_open", "select count(*) as count from card where school_id = $1 and person_id = $2 and valid_to is null"),
    fate: Fate::Delete(Command::new(
        "safety.block_card",
        "update card set valid_to = greatest(valid_from, now())
         where ctid = any(array(select ctid from card where school_id = $1 and person_id = $2 and valid_to is null limit $3))",
    )),
}];

/// A person's rows. Passes and meals stay as numbers, of nobody.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "pass",
        count: Query::new("safety.held_pass", "select count(*) as count from pass where school_id = $1 and person_id = $2"),
        fate: Fate::Anonymise(Command::new(
            "safety.anonymise_pass",
            "update pass p set person_id = $3
             from (select person_id, occurred_at, device_id, store, seq, received_at from pass where school_id = $1 and person_id = $2 limit $4) own
             where p.school_id = $1 and p.person_id = own.person_id and p.occurred_at = own.occurred_at and p.device_id = own.device_id and p.store = own.store
               and p.seq = own.seq and p.received_at = own.received_at",
        )),
    },
    Holding {
        table: "meal",
        count: Query::new("safety.held_meal", "select count(*) as count from meal where school_id = $1 and person_id = $2"),
        fate: Fate::Anonymise(Command::new(
            "safety.anonymise_meal",
            "update meal p set person_id = $3
             from (select person_id, occurred_at, device_id, store, seq, received_at from meal where school_id = $1 and person_id = $2 limit $4) own
             where p.school_id = $1 and p.person_id = own.person_id and p.occurred_at = own.occurred_at and p.device_id = own.device_id and p.store = own.store
               and p.seq = own.seq and p.received_at = own.received_at",
        )),
    },
    Holding {
        table: "presence",
        count: Query::new("safety.held_presence", "select count(*) as count from presence where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "safety.erase_presence",
            "delete from presence where ctid = any(array(select ctid from presence where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "card",
        count: Query::new("safety.held_card", "select count(*) as count from card where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "safety.erase_card",
            "delete from card where ctid = any(array(select ctid from card where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
];

/// The numbers of the person's cards.
pub static TRACES: Traces = Query::new("safety.traces", "select distinct code as trace from card where school_id = $1 and person_id = $2");

/// Every statement stands in the lists above, and is prepared by the test that goes through them.
pub const STATEMENTS: &[&dyn Statement] = &[];
