//! Pranks on the wire: what is published that is no event of the journal.

use jiff::Timestamp;
use protocol::topic::{Channel, Code, Topic};
use rumqttc::{AsyncClient, QoS};

use super::{Connection, random_name, timestamp};
use crate::{
    ledger::Line,
    mischief::{self, Malice, Prank},
};

impl Connection {
    /// Plays the pranks that fell to the last events; gives the one that ends the connection.
    pub(super) fn play_pranks(&mut self, client: &AsyncClient) -> Option<Prank> {
        while let Some(prank) = self.pranks.pop() {
            match prank {
                Prank::Duplicate if self.last_message.is_empty() => {}
                Prank::Duplicate => self.prank_publish(client, "duplicate", self.events_topic.clone(), self.last_message.clone()),
                Prank::Malformed => {
                    let bytes = mischief::malformed(&mut self.chance);
                    self.prank_publish(client, "malformed", self.events_topic.clone(), bytes);
                }
                Prank::Malicious(malice) => self.harm(client, malice),
                Prank::Drop | Prank::Offline(_) | Prank::Wipe => return Some(prank),
            }
        }
        None
    }

    /// Publishes something that is no event of the journal, and writes that down first.
    fn prank_publish(&mut self, client: &AsyncClient, what: &str, topic: String, payload: Vec<u8>) {
        let named = serde_json::from_slice::<serde_json::Value>(&payload).unwrap_or_default();
        let store = named.get("store").and_then(serde_json::Value::as_str).unwrap_or_default();
        let seq = named.get("seq").and_then(serde_json::Value::as_i64).unwrap_or(0);
        let at_ms = self.swarm.clock.wall_ms();
        self.lines.add(&Line::Mischief { what, device: &self.device.code, store, seq, at_ms });
        self.swarm.ledger.write(&mut self.lines);
        self.swarm.counts.mischief.add(1);
        // What finds no room was simply not done.
        client.try_publish(topic, QoS::AtLeastOnce, false, payload).ok();
    }

    fn harm(&mut self, client: &AsyncClient, malice: Malice) {
        let store = self.terminal.store();
        let at = timestamp(self.swarm.clock.wall_ms()).unwrap_or(Timestamp::UNIX_EPOCH);
        let stray = format!(r#"{{"store":"{}","seq":1,"at":"{at}","kind":"pass","card":"04A1B2C3","direction":"in"}}"#, random_name('x'));
        let (topic, payload) = match malice {
            Malice::Replay | Malice::Conflict => {
                let Some((seq, fields)) = &self.last_freed else { return };
                let payload = match malice {
                    Malice::Conflict => format!(r#"{{"store":"{store}","seq":{seq},"at":"{at}","kind":"pass","card":"C0FFEE00","direction":"in"}}"#),
                    _ => format!(r#"{{"store":"{store}",{fields}}}"#),
                };
                (self.events_topic.clone(), payload)
            }
            Malice::ForeignTopic => ("v1/0/nowhere/nobody/up/events".to_owned(), stray),
            Malice::WrongSchool => (self.wrong_school_topic(), stray),
            Malice::Oversized => (self.events_topic.clone(), format!(r#"{{"store":"{}","pad":"{}"}}"#, random_name('x'), "x".repeat(1_000_000))),
        };
        self.prank_publish(client, malice.as_str(), topic, payload.into_bytes());
    }

    fn wrong_school_topic(&self) -> String {
        let other = self.swarm.town.schools.iter().find(|school| school.code != self.topic.school.as_str());
        let other = other.and_then(|school| Code::parse(&school.code).ok()).or_else(|| Code::parse("elsewhere").ok());
        other.map_or_else(String::new, |school| Topic::of(&school, &self.topic.device, Channel::UpEvents).to_string())
    }
}
