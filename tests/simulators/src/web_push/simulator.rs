//! What the simulator knows and decides, behind one lock that is never held across an await.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::keys::{Browser, OpenError};
use super::vapid;
use crate::fcm::faults::{Dice, Faults, Latency, SettingsError};
use crate::fcm::journal::Journal;
use crate::fcm::script::Script;
use crate::fcm::simulator::now_ms;
use crate::fcm::verdict::Verdict;

/// The longest body that vendors promise to take.
const LONGEST: usize = 4096;
/// What a subscription named `small-…` takes.
const SMALL: usize = 200;
/// Messages kept; the oldest leave.
const KEPT: usize = 100_000;

/// What can be changed while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Settings {
    /// Faults by chance.
    pub faults: Faults,
    /// The time an answer takes.
    #[serde(flatten)]
    pub latency: Latency,
    /// The Retry-After of 429 and 503.
    pub retry_after_s: u64,
    /// How often a subscription with a passing fault fails when its name does not say so.
    pub failures: u32,
}

impl Settings {
    /// Refuses settings that cannot be meant.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn checked(self) -> Result<Self, SettingsError> {
        Ok(Self { faults: self.faults.checked()?, latency: self.latency.checked()?, ..self })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { faults: Faults::default(), latency: Latency::default(), retry_after_s: 1, failures: 2 }
    }
}

/// The body of a control call: what is absent stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Control {
    faults: Option<Faults>,
    latency: Option<Latency>,
    retry_after_s: Option<u64>,
    failures: Option<u32>,
}

/// What a browser asks for: the sender's key, and a name that may tell what happens to its messages.
#[derive(Debug, Deserialize)]
pub struct Wish {
    /// The sender's public key, base64url.
    pub key: String,
    /// The last part of the address; letters, digits, `-` and `_`. One of our own without it.
    pub name: Option<String>,
}

/// A send as it came.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The subscription's name.
    pub name: &'a str,
    /// `Authorization`.
    pub authorization: Option<&'a str>,
    /// `TTL`.
    pub ttl: Option<&'a str>,
    /// `Urgency`.
    pub urgency: Option<&'a str>,
    /// `Topic`.
    pub topic: Option<&'a str>,
    /// `Content-Encoding`.
    pub encoding: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// How a send ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// An answer with this status.
    Answer(u16, Option<Duration>),
    /// No answer, ever.
    Stall,
    /// The connection is reset.
    Reset,
}

/// What shall happen to one send.
#[derive(Debug)]
pub struct Ruling {
    /// Its number.
    pub n: u64,
    /// How.
    pub ending: Ending,
    /// When, counted from its receipt.
    pub latency: Duration,
}

/// One line of the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Milliseconds since the epoch.
    pub at: u64,
    /// Its number, from 1.
    pub n: u64,
    /// The subscription's name.
    pub subscription: String,
    /// `accepted`, or what went wrong.
    pub outcome: &'static str,
    /// The topic.
    pub topic: Option<String>,
    /// The urgency.
    pub urgency: Option<String>,
    /// Seconds that the service would keep it.
    pub ttl: Option<u64>,
    /// What the browser would be given, where it opens.
    pub text: Option<String>,
}

struct Subscription {
    browser: Browser,
    sender: String,
}

/// The simulator without its sockets.
pub struct Simulator {
    origin: String,
    journal: Journal,
    state: Mutex<State>,
    in_flight: AtomicU64,
}

struct State {
    settings: Settings,
    dice: Dice,
    script: Script,
    subscriptions: HashMap<String, Subscription>,
    entries: Vec<Entry>,
    arrivals: u64,
    outcomes: BTreeMap<&'static str, u64>,
}

/// Why a send is not even thrown the dice for.
struct Refusal {
    status: u16,
    outcome: &'static str,
}

impl Simulator {
    /// A simulator that has seen nothing yet. `origin` is its address, without a slash at the end.
    #[must_use]
    pub fn new(origin: String, journal: Journal, settings: Settings, seed: u64) -> Self {
        let state = State {
            settings,
            dice: Dice::new(seed),
            script: Script::default(),
            subscriptions: HashMap::new(),
            entries: Vec::new(),
            arrivals: 0,
            outcomes: BTreeMap::new(),
        };
        Self { origin, journal, state: Mutex::new(state), in_flight: AtomicU64::default() }
    }

    /// Makes a subscription, as a browser would, and tells of it what `PushSubscription.toJSON()` does.
    ///
    /// # Errors
    /// When no keys could be made.
    pub fn subscribe(&self, wish: Wish) -> Result<Value, OpenError> {
        let browser = Browser::generate()?;
        let mut state = self.state();
        let name = wish.name.filter(|name| is_name(name)).unwrap_or_else(|| format!("browser-{:016x}", state.dice.bits()));
        let told = json!({
            "endpoint": format!("{}/push/{name}", self.origin),
            "expirationTime": null,
            "keys": { "p256dh": browser.key(), "auth": browser.auth() },
        });
        state.subscriptions.insert(name, Subscription { browser, sender: wish.key });
        Ok(told)
    }

    /// Decides about a send and writes it down.
    pub fn judge(&self, arrival: &Arrival<'_>) -> Ruling {
        let at = now_ms();
        let mut state = self.state();
        let opened = self.admit(&state, arrival, at / 1000);
        let (ending, outcome) = match &opened {
            Err(refusal) => (Ending::Answer(refusal.status, None), refusal.outcome),
            Ok(_) => state.fate(arrival),
        };
        let latency = state.draw_latency();
        state.arrivals += 1;
        *state.outcomes.entry(outcome).or_default() += 1;
        let entry = Entry {
            at,
            n: state.arrivals,
            subscription: arrival.name.to_owned(),
            outcome,
            topic: arrival.topic.map(str::to_owned),
            urgency: arrival.urgency.map(str::to_owned),
            ttl: arrival.ttl.and_then(|ttl| ttl.parse().ok()),
            text: opened.ok(),
        };
        self.journal.write(&entry);
        if state.entries.len() >= KEPT {
            state.entries.remove(0);
        }
        state.entries.push(entry);
        Ruling { n: state.arrivals, ending, latency }
    }

    /// The ledger of one subscription, or of all.
    #[must_use]
    pub fn messages(&self, of: Option<&str>) -> Vec<Entry> {
        self.state().entries.iter().filter(|entry| of.is_none_or(|name| entry.subscription == name)).cloned().collect()
    }

    /// The counters since the start.
    #[must_use]
    pub fn stats(&self) -> Value {
        let state = self.state();
        json!({
            "sends": state.arrivals,
            "outcomes": state.outcomes,
            "subscriptions": state.subscriptions.len(),
            "in_flight": self.in_flight.load(Ordering::Relaxed),
            "settings": state.settings,
        })
    }

    /// Changes settings; gives them back as they are now.
    ///
    /// # Errors
    /// The mistake in words; nothing is changed then.
    pub fn control(&self, body: &[u8]) -> Result<Value, String> {
        let control: Control = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let mut state = self.state();
        let old = state.settings;
        let new = Settings {
            faults: control.faults.unwrap_or(old.faults),
            latency: control.latency.unwrap_or(old.latency),
            retry_after_s: control.retry_after_s.unwrap_or(old.retry_after_s),
            failures: control.failures.unwrap_or(old.failures),
        };
        state.settings = new.checked().map_err(|error| error.to_string())?;
        Ok(json!({ "settings": state.settings }))
    }

    /// Sends being answered right now.
    #[must_use]
    pub fn in_flight(&self) -> &AtomicU64 {
        &self.in_flight
    }

    /// The text of a message that may be delivered, or why not.
    fn admit(&self, state: &State, arrival: &Arrival<'_>, now_s: u64) -> Result<String, Refusal> {
        let refuse = |status, outcome| Refusal { status, outcome };
        let subscription = state.subscriptions.get(arrival.name).ok_or(refuse(404, "unknown"))?;
        vapid::check(arrival.authorization, &subscription.sender, &self.origin, now_s).map_err(|_| refuse(403, "bad_vapid"))?;
        if !headers_hold(arrival) {
            return Err(refuse(400, "bad_headers"));
        }
        if arrival.body.len() > LONGEST {
            return Err(refuse(413, "too_large"));
        }
        // A real service cannot know this; the simulator can, and nothing that a browser would throw away counts as accepted.
        let text = subscription.browser.open(arrival.body).map_err(|_| refuse(400, "not_for_this_browser"))?;
        String::from_utf8(text).map_err(|_| refuse(400, "not_for_this_browser"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// By the subscription's name, else by chance. `gone-` is 404, `left-` 410, `small-` takes little; the rest is [`Script`]'s.
    fn fate(&mut self, arrival: &Arrival<'_>) -> (Ending, &'static str) {
        if arrival.name.starts_with("left-") {
            return (Ending::Answer(410, None), "gone");
        }
        if arrival.name.starts_with("small-") && arrival.body.len() > SMALL {
            return (Ending::Answer(413, None), "too_large");
        }
        let retry_after = Duration::from_secs(self.settings.retry_after_s);
        let scripted = self.script.verdict(arrival.name, self.settings.failures, retry_after);
        let verdict = scripted.unwrap_or_else(|| self.settings.faults.draw(&mut self.dice, retry_after));
        let answer = |status, wait| Ending::Answer(status, wait);
        match verdict {
            Verdict::Accepted => (answer(201, None), "accepted"),
            Verdict::Unregistered => (answer(404, None), "gone"),
            Verdict::Quota { retry_after } => (answer(429, Some(retry_after)), "quota"),
            Verdict::Unavailable { retry_after } => (answer(503, retry_after), "unavailable"),
            Verdict::Stall => (Ending::Stall, "stall"),
            Verdict::Reset => (Ending::Reset, "reset"),
            _ => (answer(500, None), "internal"),
        }
    }

    fn draw_latency(&mut self) -> Duration {
        self.settings.latency.draw(&mut self.dice)
    }
}

/// What RFC 8030 asks of a send's headers.
fn headers_hold(arrival: &Arrival<'_>) -> bool {
    let ttl = arrival.ttl.is_some_and(|ttl| ttl.parse::<u32>().is_ok());
    let urgency = arrival.urgency.is_none_or(|urgency| ["very-low", "low", "normal", "high"].contains(&urgency));
    let topic = arrival.topic.is_none_or(|topic| topic.len() <= 32 && is_name(topic));
    ttl && urgency && topic && arrival.encoding == Some("aes128gcm")
}

/// Letters and digits of base64url.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 100 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
