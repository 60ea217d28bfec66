//! The SQL of what the engine keeps: raw events and letters that hold numbers of cards, and what retention rules let go.

use kernel::{
    keep::{Fate, Holding, Sweep},
    sql::{Command, Query, Statement},
};

/// Raw events that name a card of the person's, in the time it was theirs, and letters that do. Before the cards themselves leave.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "event",
        count: Query::new(
            "engine.held_event",
            "select count(*) as count from event e join safety_v_card_held c on c.school_id = e.school_id
               and c.code = upper(regexp_replace(e.body->>'card', '[^0-9A-Za-z]', '', 'g'))
               and e.received_at >= c.valid_from
               and not exists (select from safety_v_card_held n where n.school_id = c.school_id and n.code = c.code and n.person_id <> c.person_id
                               and n.valid_from > c.valid_from and n.valid_from <= e.received_at)
             where e.school_id = $1 and c.person_id = $2",
        ),
        fate: Fate::Delete(Command::new(
            "engine.anonymise_event",
            "update event e set body = jsonb_set(e.body, '{card}', '\"erased\"')
             from (select v.device_id, v.store, v.seq, v.received_at from event v join safety_v_card_held c on c.school_id = v.school_id
                     and c.code = upper(regexp_replace(v.body->>'card', '[^0-9A-Za-z]', '', 'g'))
                     and v.received_at >= c.valid_from
                     and not exists (select from safety_v_card_held n where n.school_id = c.school_id and n.code = c.code and n.person_id <> c.person_id
                                     and n.valid_from > c.valid_from and n.valid_from <= v.received_at)
                   where v.school_id = $1 and c.person_id = $2 limit $3) own
             where e.school_id = $1 and e.device_id = own.device_id and e.store = own.store and e.seq = own.seq and e.received_at = own.received_at",
        )),
    },
    Holding {
        table: "dead_letter",
        count: Query::new(
            "engine.held_letter",
            "select count(*) as count from dead_letter l where l.school_id = $1 and exists (select from safety_v_card_held c where c.school_id = l.school_id and c.person_id = $2
               and position(c.code in upper(regexp_replace(l.detail || encode(l.payload, 'escape'), '[^0-9A-Za-z]', '', 'g'))) > 0)",
        ),
        fate: Fate::Delete(Command::new(
            "engine.erase_letter",
            "delete from dead_letter where ctid = any(array(
               select l.ctid from dead_letter l where l.school_id = $1 and exists (select from safety_v_card_held c where c.school_id = l.school_id and c.person_id = $2
                 and position(c.code in upper(regexp_replace(l.detail || encode(l.payload, 'escape'), '[^0-9A-Za-z]', '', 'g'))) > 0) limit $3))",
        )),
    },
];

/// What retention rules let go.
pub static SWEEPS: &[Sweep] = &[
    Sweep {
        what: "dead_letter",
        count: Query::new("engine.old_letter_count", "select count(*) as count from dead_letter where received_at < $1"),
        delete: Command::new("engine.old_letter_delete", "delete from dead_letter where ctid = any(array(select ctid from dead_letter where received_at < $1 limit $2))"),
    },
    Sweep {
        what: "incident",
        count: Query::new("engine.old_incident_count", "select count(*) as count from incident where closed_at < $1"),
        delete: Command::new("engine.old_incident_delete", "delete from incident where ctid = any(array(select ctid from incident where closed_at < $1 limit $2))"),
    },
];

/// Every statement stands in the lists above, and is prepared by the test that goes through them.
pub const STATEMENTS: &[&dyn Statement] = &[];
