//! The database as facts. Read with plain SQL over an owner's or superuser's connection; the scope is set to all organisations
//! so that row-level security hides nothing.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio_postgres::{Client, NoTls, Row};
use uuid::Uuid;

use crate::ledger::Key;

/// An event's row.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub key: Key,
    /// pass, meal, …
    pub kind: String,
    /// The device's time.
    pub at_us: i64,
    /// When it happened.
    pub occurred_us: i64,
}

/// What an effect says besides who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A pass, `in` or `out`.
    Pass(String),
    /// A meal: item and price.
    Meal(String, i64),
}

/// A row of pass or meal.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The event's name.
    pub key: Key,
    /// The device's id.
    pub device: Uuid,
    /// The school.
    pub school: Uuid,
    /// Who.
    pub person: Uuid,
    /// When.
    pub occurred_us: i64,
    /// Whether it came too late to alarm anyone.
    pub late: bool,
    /// What.
    pub what: What,
}

impl Effect {
    /// The kind of notice that guardians get.
    pub fn notice_kind(&self) -> &'static str {
        match &self.what {
            What::Pass(direction) if direction == "in" => "entered",
            What::Pass(_) => "left",
            What::Meal(..) => "meal",
        }
    }
}

/// A row of presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// in or out.
    pub direction: String,
    /// Since when.
    pub since_us: i64,
    /// By which pass: its device's id, journal and number.
    pub pass: (Uuid, String, i64),
}

/// A row of notice.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The school.
    pub school: Uuid,
    /// Whose inbox.
    pub recipient: Uuid,
    /// The child.
    pub child: Uuid,
    /// entered, left, meal.
    pub kind: String,
    /// When it happened.
    pub occurred_us: i64,
    /// When the notice was made.
    pub created_us: i64,
    /// Whether it came too late to alarm anyone.
    pub late: bool,
}

/// A row of delivery.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The notice.
    pub notice: Uuid,
    /// The phone; all zeros where there is none.
    pub token: Uuid,
    /// How it ended.
    pub outcome: Option<String>,
}

/// A guardian, a child, a kind.
pub type Wish = (Uuid, Uuid, String);

/// Everything that matters.
#[derive(Debug, Default)]
pub struct Stored {
    /// `event`.
    pub events: Vec<Event>,
    /// `pass` and `meal`.
    pub effects: Vec<Effect>,
    /// `presence` by school and person.
    pub presence: HashMap<(Uuid, Uuid), Presence>,
    /// Persons by the code of the school and the card.
    pub cards: HashMap<(String, String), HashSet<Uuid>>,
    /// Guardians now, by school and pupil.
    pub guardians: HashMap<(Uuid, Uuid), Vec<Uuid>>,
    /// `notice` by id.
    pub notices: HashMap<Uuid, Vec<Notice>>,
    /// `delivery`.
    pub deliveries: Vec<Delivery>,
    /// Who switched a push off, and when.
    pub switched_off: HashMap<Wish, i64>,
    /// Persons and provider's names of phones, by the phone's id.
    pub phones: HashMap<Uuid, (Uuid, String)>,
    /// Reasons of dead letters, by the event's name.
    pub letters: HashMap<Key, Vec<String>>,
}

/// Opens the database with everything in scope.
pub async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // The connection ends with the client; its error shows up at the next query.
    tokio::spawn(async move { connection.await.ok() });
    client.execute("select set_config('shanyraq.schools', (select string_agg(id::text, ',') from organisation), false)", &[]).await?;
    Ok(client)
}

/// Waits until no delivery is open, or until patience ends.
pub async fn settle(client: &Client, patience: Duration) -> Result<(), tokio_postgres::Error> {
    let begin = Instant::now();
    while begin.elapsed() < patience {
        let open: bool = client.query_one("select exists (select from delivery where outcome is null)", &[]).await?.try_get(0)?;
        if !open {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Reads everything in one snapshot.
pub async fn load(client: &mut Client) -> Result<Stored, tokio_postgres::Error> {
    let tx = client.build_transaction().isolation_level(tokio_postgres::IsolationLevel::RepeatableRead).read_only(true).start().await?;
    let mut names = Names::default();
    let mut stored = Stored::default();

    for row in tx.query(&sql("select d.code, e.store, e.seq, e.kind, $us(e.at), $us(e.occurred_at) from event e join device d on d.id = e.device_id"), &[]).await? {
        stored.events.push(Event { key: names.key(&row)?, kind: row.try_get(3)?, at_us: row.try_get(4)?, occurred_us: row.try_get(5)? });
    }
    for row in tx.query(&sql("select d.code, e.store, e.seq, e.device_id, e.school_id, e.person_id, $us(e.occurred_at), e.late, e.direction from pass e join device d on d.id = e.device_id"), &[]).await? {
        let what = What::Pass(row.try_get(8)?);
        stored.effects.push(effect(&mut names, &row, what)?);
    }
    for row in tx.query(&sql("select d.code, e.store, e.seq, e.device_id, e.school_id, e.person_id, $us(e.occurred_at), e.late, e.item, e.price_tiyn from meal e join device d on d.id = e.device_id"), &[]).await? {
        let what = What::Meal(row.try_get(8)?, row.try_get(9)?);
        stored.effects.push(effect(&mut names, &row, what)?);
    }
    for row in tx.query(&sql("select school_id, person_id, direction, $us(since), device_id, store, seq from presence"), &[]).await? {
        let pass = (row.try_get(4)?, row.try_get(5)?, row.try_get(6)?);
        let presence = Presence { direction: row.try_get(2)?, since_us: row.try_get(3)?, pass };
        stored.presence.insert((row.try_get(0)?, row.try_get(1)?), presence);
    }
    for row in tx.query("select o.code, c.code, c.person_id from card c join organisation o on o.id = c.school_id", &[]).await? {
        stored.cards.entry((row.try_get(0)?, row.try_get(1)?)).or_default().insert(row.try_get(2)?);
    }
    for row in tx.query("select school_id, pupil_id, guardian_id from kinship where valid_to is null", &[]).await? {
        stored.guardians.entry((row.try_get(0)?, row.try_get(1)?)).or_default().push(row.try_get(2)?);
    }
    for row in tx.query(&sql("select id, school_id, recipient_id, child_id, kind, $us(occurred_at), $us(created_at), late from notice"), &[]).await? {
        let notice = Notice {
            school: row.try_get(1)?,
            recipient: row.try_get(2)?,
            child: row.try_get(3)?,
            kind: row.try_get(4)?,
            occurred_us: row.try_get(5)?,
            created_us: row.try_get(6)?,
            late: row.try_get(7)?,
        };
        stored.notices.entry(row.try_get(0)?).or_default().push(notice);
    }
    for row in tx.query("select notice_id, token_id, outcome from delivery", &[]).await? {
        stored.deliveries.push(Delivery { notice: row.try_get(0)?, token: row.try_get(1)?, outcome: row.try_get(2)? });
    }
    for row in tx.query(&sql("select guardian_id, child_id, kind, $us(changed_at) from notice_switch where push = 'off'"), &[]).await? {
        stored.switched_off.insert((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?), row.try_get(3)?);
    }
    for row in tx.query("select id, person_id, token from push_token", &[]).await? {
        stored.phones.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
    }
    let letters = "select d.code, l.store, l.seq, l.reason from dead_letter l join device d on d.id = l.device_id where l.store is not null and l.seq is not null";
    for row in tx.query(letters, &[]).await? {
        stored.letters.entry(names.key(&row)?).or_default().push(row.try_get(3)?);
    }
    tx.commit().await?;
    Ok(stored)
}

/// Writes out `$us(column)`: microseconds since the epoch.
fn sql(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 80);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$us(") {
        let (column, tail) = after.split_once(')').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&format!("(extract(epoch from {column}) * 1000000)::bigint"));
        rest = tail;
    }
    out + rest
}

fn effect(names: &mut Names, row: &Row, what: What) -> Result<Effect, tokio_postgres::Error> {
    Ok(Effect {
        key: names.key(row)?,
        device: row.try_get(3)?,
        school: row.try_get(4)?,
        person: row.try_get(5)?,
        occurred_us: row.try_get(6)?,
        late: row.try_get(7)?,
        what,
    })
}

/// Codes and journals' names, each kept once.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn key(&mut self, row: &Row) -> Result<Key, tokio_postgres::Error> {
        Ok(Key { device: self.name(row.try_get(0)?), store: self.name(row.try_get(1)?), seq: row.try_get(2)? })
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.0.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        self.0.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_read_as_microseconds() {
        assert_eq!(super::sql("select a, $us(t.at) from t"), "select a, (extract(epoch from t.at) * 1000000)::bigint from t");
    }
}
