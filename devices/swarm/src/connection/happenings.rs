//! What happens at a terminal's reader becomes an event in its journal and a line in the ledger.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Connection, random_name, timestamp};
use crate::{
    arrivals::{Arrival, Deed},
    ledger::{EventLine, Line, Lines},
    mischief::{self, Clock, Oddity},
};

const FORTY_DAYS_MS: i64 = 40 * 86_400_000;

impl Connection {
    /// Takes what happened, and what else waits.
    pub(super) fn take_all(&mut self, arrival: Arrival) {
        self.take(arrival);
        while let Ok(more) = self.inbox.try_recv() {
            self.take(more);
        }
        self.swarm.ledger.write(&mut self.lines);
    }

    fn take(&mut self, arrival: Arrival) {
        let swarm = Arc::clone(&self.swarm);
        let mischief = &swarm.behaviour.mischief;
        if let Some(numbers) = mischief.lost(&mut self.chance) {
            self.lose(numbers, arrival.scheduled_us);
        }
        let oddity = mischief.oddity(&mut self.chance);
        self.write_down(arrival, oddity);
        self.reorder |= mischief.reorders(&mut self.chance);
        self.pranks.extend(mischief.prank(&mut self.chance));
    }

    /// Writes an event into the journal and the ledger.
    fn write_down(&mut self, arrival: Arrival, oddity: Oddity) {
        let swarm = Arc::clone(&self.swarm);
        let Some(school) = swarm.town.schools.get(self.school) else { return };
        let unknown = format!("ZZ{:06}", self.chance.below(1_000_000));
        let card = match oddity {
            Oddity::UnknownCard => unknown.as_str(),
            Oddity::Unreadable => "?",
            Oddity::None | Oddity::UnknownKind | Oddity::Alarm | Oddity::Future => school.cards.get(arrival.card).map_or("", String::as_str),
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut line = self.line(&school.code, arrival.scheduled_us, oddity);
        let what = match (oddity, arrival.deed) {
            (Oddity::Alarm, _) => {
                line.kind = "alarm";
                r#""kind":"alarm","code":"tamper""#.to_owned()
            }
            (Oddity::UnknownKind, _) => {
                line.kind = "novelty";
                format!(r#""kind":"novelty","card":"{card}""#)
            }
            (_, Deed::Pass(direction)) => {
                let direction = direction.as_str();
                (line.kind, line.card, line.direction) = ("pass", Some(card), Some(direction));
                format!(r#""kind":"pass","card":"{card}","direction":"{direction}""#)
            }
            (_, Deed::Meal(dish)) => {
                let (item, price) = school.dishes.get(dish).map_or(("meal", 0), |dish| (dish.item.as_str(), dish.price_tiyn));
                (line.kind, line.card, line.item, line.price_tiyn) = ("meal", Some(card), Some(item), Some(price));
                let item = serde_json::Value::from(item);
                format!(r#""kind":"meal","card":"{card}","item":{item},"price_tiyn":{price}"#)
            }
        };
        let fields = self.dated_fields(arrival.scheduled_us, oddity, &what);
        lines.add(&Line::Event(line));
        self.lines = lines;
        self.terminal.record(&fields, arrival.scheduled_us);
        swarm.counts.created.add(1);
    }

    /// The ledger's line of the next number, without what happened.
    fn line<'a>(&'a self, school: &'a str, scheduled_us: i64, oddity: Oddity) -> EventLine<'a> {
        let dated = self.date(scheduled_us, oddity);
        EventLine {
            device: &self.device.code,
            school,
            store: self.terminal.store(),
            seq: self.terminal.next_seq(),
            kind: "",
            expect: match oddity {
                Oddity::None => "row",
                Oddity::UnknownCard | Oddity::Unreadable | Oddity::Future => "dead",
                Oddity::UnknownKind | Oddity::Alarm => "kept",
            },
            card: None,
            direction: None,
            item: None,
            price_tiyn: None,
            at_ms: dated.at_ms,
            occurred_ms: dated.occurred_ms,
            scheduled_ms: scheduled_us / 1_000,
            clock: self.clock.as_str(),
            fresh: self.ready,
        }
    }

    fn date(&self, scheduled_us: i64, oddity: Oddity) -> mischief::Dated {
        match oddity {
            Oddity::Future => Clock::Unknown(FORTY_DAYS_MS).date(scheduled_us / 1_000),
            _ => self.clock.date(scheduled_us / 1_000),
        }
    }

    fn dated_fields(&self, scheduled_us: i64, oddity: Oddity, what: &str) -> String {
        let dated = self.date(scheduled_us, oddity);
        let at = timestamp(dated.at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = dated.offset_ms.map(|ms| format!("\"offset_ms\":{ms},")).unwrap_or_default();
        format!("\"at\":\"{at}\",{offset}\"boot\":{},{what}", self.boot)
    }

    /// Flash blocks went bad: numbers are gone and declared so.
    fn lose(&mut self, numbers: i64, scheduled_us: i64) {
        let swarm = Arc::clone(&self.swarm);
        let Some(school) = swarm.town.schools.get(self.school) else { return };
        let (from, to) = self.terminal.lose(numbers);
        let (device, store, seq) = (self.device.code.as_str(), self.terminal.store(), self.terminal.next_seq());
        let mut line = self.line(&school.code, scheduled_us, Oddity::Alarm);
        line.kind = "lost";
        let mut lines = Lines::default();
        lines.add(&Line::Lost { device, store, from, to, seq });
        lines.add(&Line::Event(line));
        let fields = self.dated_fields(scheduled_us, Oddity::None, &format!(r#""kind":"lost","from":{from},"to":{to}"#));
        swarm.ledger.write(&mut self.lines);
        swarm.ledger.write(&mut lines);
        self.terminal.record(&fields, scheduled_us);
        swarm.counts.created.add(1);
        swarm.counts.open_by(1);
        swarm.counts.lost.add(usize::try_from(numbers).unwrap_or(0));
    }

    /// The flash is gone, and with it what was not acknowledged.
    pub(super) fn wipe(&mut self) {
        let old = self.terminal.store().to_owned();
        let seqs = self.terminal.wipe(&random_name('k'));
        self.boot += 1;
        self.last_freed = None;
        self.swarm.counts.wipes.add(1);
        self.swarm.counts.wiped.add(seqs.len());
        self.settle(seqs.len());
        let at_ms = self.swarm.clock.wall_ms();
        self.lines.add(&Line::Wiped { device: &self.device.code, store: &old, seqs, at_ms });
        self.swarm.ledger.write(&mut self.lines);
    }
}
