//! The null subscriber: takes every event from the broker, does nothing with it, and says so to the terminal, so that broker and
//! swarm have the work they have with the hub. Run as a process of its own.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use kernel::clock::Clock;
use protocol::{
    cursor::Cursor,
    down::Ack,
    topic::{Channel, Topic},
};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};

use crate::failure::{Failure, Outcome};

/// Acknowledgements gather for so long, as they do behind the hub's commits.
const GATHER: Duration = Duration::from_millis(50);

/// The newest number of each device's journal.
type News = HashMap<String, (String, i64)>;

/// Subscribes until it is killed.
pub async fn subscribe(host: &str, port: u16, user: &str, password: &str) -> Outcome<()> {
    let mut options = MqttOptions::new("bench-null", host, port);
    options.set_credentials(user, password).set_clean_session(true).set_max_packet_size(1 << 20, 1 << 20);
    let (client, mut events) = AsyncClient::new(options, 8_192);
    let mut news = News::new();
    let mut beat = tokio::time::interval(GATHER);
    loop {
        let event = tokio::select! {
            event = events.poll() => event.map_err(|error| Failure::plain(format!("the broker: {error}")))?,
            _ = beat.tick() => {
                acknowledge(&client, &mut news, Clock::System.now())?;
                continue;
            }
        };
        match event {
            Event::Incoming(Incoming::ConnAck(_)) => client.try_subscribe("v1/+/+/+/up/events", QoS::AtLeastOnce).map_err(|error| Failure::plain(error.to_string()))?,
            Event::Incoming(Incoming::Publish(publish)) => note(&mut news, publish.topic, &publish.payload),
            _ => {}
        }
    }
}

fn note(news: &mut News, topic: String, payload: &[u8]) {
    let Some((store, seq)) = std::str::from_utf8(payload).ok().and_then(newest) else { return };
    let entry = news.entry(topic).or_default();
    if entry.0 != store {
        *entry = (store.to_owned(), 0);
    }
    entry.1 = entry.1.max(seq);
}

/// The journal and the last number, without reading more of the JSON than that.
fn newest(text: &str) -> Option<(&str, i64)> {
    let (_, rest) = text.split_once("\"store\":\"")?;
    let (store, _) = rest.split_once('"')?;
    let (_, rest) = text.rsplit_once("\"seq\":")?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    Some((store, rest.get(..end)?.parse().ok()?))
}

fn acknowledge(client: &AsyncClient, news: &mut News, now: Timestamp) -> Outcome<()> {
    for (topic, (store, seq)) in news.drain() {
        let Ok(topic) = Topic::parse(&topic) else { continue };
        let ack = serde_json::to_vec(&Ack::of(&store, &Cursor::from_parts(seq, []), now))?;
        // Our own socket behind: said again with the next news.
        client.try_publish(topic.sibling(Channel::DownAck).to_string(), QoS::AtMostOnce, false, ack).ok();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_number_is_found() {
        assert_eq!(newest(r#"{"store":"k1","events":[{"seq":7,"kind":"pass"},{"seq":12,"kind":"pass"}]}"#), Some(("k1", 12)));
        assert_eq!(newest(r#"{"seq":5,"store":"k1"}"#), Some(("k1", 5)));
        assert_eq!(newest("{}"), None);
    }
}
