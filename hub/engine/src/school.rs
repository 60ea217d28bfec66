//! The school actor: who is inside, as of the last commit, for the counters of live pages.
//! A cache of `presence`, read when it begins and kept by the same order of passes; dropped and re-read after a panic.

use std::{collections::HashMap, sync::Arc};

use actix::prelude::*;
use jiff::Timestamp;
use kernel::{
    clock::Clock,
    db::{Db, Scope},
    id::{PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};
use protocol::up::Direction;
use safety::{Recorded, What, access::INSIDE_AT_MOST};

use crate::{
    lane::IntoWorker,
    live::Switchboard,
    sabotage::panic_point,
    supervision::{Supervised, Worker},
};

row! {
    struct PresenceRow { person_id: PersonId, direction: String, since: Timestamp }
}

const PRESENCE: Query<(SchoolId,), PresenceRow> =
    Query::new("engine.presence_list", "select person_id, direction, since from safety_v_presence where school_id = $1");

/// Every statement of this module.
pub(crate) const STATEMENTS: &[&dyn Statement] = &[&PRESENCE];

/// What a school actor is sent.
#[derive(Debug, Clone)]
pub enum Message {
    /// Passes and meals of the school became durable.
    Recorded(Arc<[Recorded]>),
    /// The consent of these to the gate is withdrawn: they are nowhere.
    Stopped(Arc<[PersonId]>),
}

/// What school actors are made of.
#[derive(Clone)]
pub struct Seed {
    /// Where presence is read.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Live sessions.
    pub switchboard: Switchboard,
}

/// See the module.
pub struct SchoolActor {
    seed: Seed,
    school: SchoolId,
    last: HashMap<PersonId, (Timestamp, Direction)>,
}

impl SchoolActor {
    /// An actor that has yet to read presence.
    pub fn new(seed: Seed, school: SchoolId) -> Self {
        Self { seed, school, last: HashMap::new() }
    }

    fn see(&mut self, person: PersonId, since: Timestamp, direction: Direction) {
        if self.last.get(&person).is_none_or(|(known, _)| *known <= since) {
            self.last.insert(person, (since, direction));
        }
    }

    /// Open pages get what is new, and the counter.
    fn show(&self, recorded: Arc<[Recorded]>) {
        self.seed.switchboard.recorded(self.school, recorded, u64::try_from(self.inside()).unwrap_or(u64::MAX));
    }

    fn inside(&self) -> usize {
        let since = self.seed.clock.now() - INSIDE_AT_MOST;
        self.last.values().filter(|(at, direction)| *direction == Direction::In && *at >= since).count()
    }
}

async fn read_presence(seed: Seed, school: SchoolId) -> kernel::Result<Vec<PresenceRow>> {
    seed.db.run(&Scope::school(school), async |tx| PRESENCE.all(tx, (school,)).await).await
}

impl Worker for SchoolActor {
    type Message = Message;
    const KIND: &'static str = "school";
    const MAILBOX: usize = 256;

    fn name(&self) -> String {
        self.school.to_string()
    }

    fn rebuilt(&self) -> Self {
        Self::new(self.seed.clone(), self.school)
    }

    fn begin(&mut self, ctx: &mut Context<Supervised<Self>>) {
        let read = read_presence(self.seed.clone(), self.school);
        ctx.spawn(read.into_actor_worker(|school: &mut Self, _, rows| match rows {
            Ok(rows) => {
                for row in rows {
                    let direction = if row.direction == "in" { Direction::In } else { Direction::Out };
                    school.see(row.person_id, row.since, direction);
                }
            }
            Err(error) => tracing::warn!(%error, school = %school.school, "presence could not be read; the counter starts empty"),
        }));
    }

    fn handle(&mut self, message: Message, _: &mut Context<Supervised<Self>>) {
        panic_point("school");
        match message {
            Message::Recorded(recorded) => {
                for one in recorded.iter() {
                    if let What::Pass { direction, method: _ } = one.what {
                        self.see(one.person, one.occurred_at, direction);
                    }
                }
                self.show(recorded);
            }
            Message::Stopped(persons) => {
                let known = self.last.len();
                self.last.retain(|person, _| !persons.contains(person));
                if self.last.len() < known {
                    self.show(Arc::from([]));
                }
            }
        }
    }
}
