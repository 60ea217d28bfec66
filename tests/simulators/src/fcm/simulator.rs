//! What the simulator knows and decides: one state behind one lock, taken once per
//! request and never across an await. Sockets and HTTP are [`super::server`]'s.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::faults::{Dice, Faults, Latency, SettingsError};
use super::journal::{Journal, Line};
use super::message::{self, Message, Violation};
use super::oauth::{self, AccessTokens, GrantError};
use super::script::Script;
use super::service_account::ServiceAccount;
use super::verdict::Verdict;

/// What can be changed while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Settings {
    /// Faults by chance.
    pub faults: Faults,
    /// The time an answer takes.
    #[serde(flatten)]
    pub latency: Latency,
    /// `expires_in` of the access tokens issued from now on.
    pub token_lifetime_s: u64,
    /// The Retry-After of 429 and 503.
    pub retry_after_s: u64,
    /// How often a token with a passing fault fails when it does not say so itself.
    pub failures: u32,
}

impl Settings {
    /// Refuses settings that cannot be meant.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn checked(self) -> Result<Self, SettingsError> {
        Ok(Self {
            faults: self.faults.checked()?,
            latency: self.latency.checked()?,
            ..self
        })
    }
}

/// The body of a control call: what is absent stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Control {
    /// Replaces all probabilities; those not named become 0.
    faults: Option<Faults>,
    /// Replaces the latency; without `latency_p99_ms` it is fixed.
    latency: Option<Latency>,
    token_lifetime_s: Option<u64>,
    retry_after_s: Option<u64>,
    failures: Option<u32>,
    /// Every access token issued so far becomes bad.
    revoke_tokens: bool,
    /// Tokens with a passing fault begin again.
    forget_script: bool,
}

/// One send as it came.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The number of its TCP connection.
    pub conn: u64,
    /// `1.1` or `2`.
    pub http: &'static str,
    /// The project in its address.
    pub project: &'a str,
    /// What follows `Bearer `, if anything.
    pub bearer: Option<&'a str>,
    /// Its body, or why it could not be read.
    pub body: Result<&'a [u8], Violation>,
}

/// What shall happen to one send.
#[derive(Debug)]
pub struct Ruling {
    /// Its number.
    pub n: u64,
    /// How it ends.
    pub verdict: Verdict,
    /// When, counted from its receipt.
    pub latency: Duration,
    /// The name of the message, should it be accepted.
    pub name: String,
}

/// The simulator without its sockets.
#[derive(Debug)]
pub struct Simulator {
    account: ServiceAccount,
    journal: Journal,
    state: Mutex<State>,
    in_flight: AtomicU64,
    connections: AtomicU64,
}

#[derive(Debug)]
struct State {
    settings: Settings,
    dice: Dice,
    tokens: AccessTokens,
    script: Script,
    requests: u64,
    outcomes: BTreeMap<&'static str, u64>,
    by_http: BTreeMap<&'static str, u64>,
    unanswered: u64,
    tokens_issued: u64,
    tokens_refused: u64,
}

impl Simulator {
    /// A simulator that has seen nothing yet.
    #[must_use]
    pub fn new(account: ServiceAccount, journal: Journal, settings: Settings, seed: u64) -> Self {
        let state = State {
            settings,
            dice: Dice::new(seed),
            tokens: AccessTokens::default(),
            script: Script::default(),
            requests: 0,
            outcomes: BTreeMap::new(),
            by_http: BTreeMap::new(),
            unanswered: 0,
            tokens_issued: 0,
            tokens_refused: 0,
        };
        let zero = AtomicU64::default;
        Self {
            account,
            journal,
            state: Mutex::new(state),
            in_flight: zero(),
            connections: zero(),
        }
    }

    /// Exchanges an assertion for an access token and its lifetime in seconds.
    ///
    /// # Errors
    /// Why not.
    pub fn exchange(&self, form: &[u8]) -> Result<(String, u64), GrantError> {
        let now = now_ms();
        let checked = oauth::check(form, &self.account, now / 1000);
        let mut state = self.state();
        state.requests += 1;
        let outcome = checked.map_or_else(GrantError::code, |()| "issued");
        self.journal.write(&Line::Token {
            at: now,
            n: state.requests,
            outcome,
        });
        if let Err(error) = checked {
            state.tokens_refused += 1;
            return Err(error);
        }
        state.tokens_issued += 1;
        let lifetime_s = state.settings.token_lifetime_s;
        let bits = state.dice.bits();
        let expiry = now.saturating_add(lifetime_s.saturating_mul(1000));
        Ok((state.tokens.issue(bits, now, expiry), lifetime_s))
    }

    /// Decides about a send and writes it down.
    pub fn judge(&self, arrival: &Arrival<'_>) -> Ruling {
        let at = now_ms();
        let mut state = self.state();
        let message = self.admit(&state, arrival, at);
        let verdict = message
            .as_ref()
            .map_or_else(Verdict::clone, |message| state.verdict(message));
        let latency = state.draw_latency();
        let n = state.count(&verdict, arrival.http);
        let message = message.as_ref().ok();
        self.journal.write(&Line::Send {
            at,
            n,
            conn: arrival.conn,
            http: arrival.http,
            project: arrival.project,
            token: message.map(|message| &*message.token),
            notice: message.and_then(Message::notice),
            data: message.map(|message| &message.data),
            outcome: verdict.word(),
            status: verdict.status(),
            latency_ms: u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
        });
        let name = format!("projects/{}/messages/0:{at}%{n:016x}", arrival.project);
        Ruling {
            n,
            verdict,
            latency,
            name,
        }
    }

    /// Writes down that the answer to send `n` could not be given.
    pub fn note_unanswered(&self, n: u64) {
        self.state().unanswered += 1;
        self.journal.write(&Line::Unanswered { at: now_ms(), n });
    }

    /// Changes settings; gives them back as they are now.
    ///
    /// # Errors
    /// The mistake; nothing is changed then.
    pub fn control(&self, body: &[u8]) -> Result<Value, Violation> {
        let refuse = |description: String| Violation {
            field: "",
            description,
        };
        let control: Control = serde_json::from_slice(body).map_err(|e| refuse(e.to_string()))?;
        let mut state = self.state();
        let old = state.settings;
        let new = Settings {
            faults: control.faults.unwrap_or(old.faults),
            latency: control.latency.unwrap_or(old.latency),
            token_lifetime_s: control.token_lifetime_s.unwrap_or(old.token_lifetime_s),
            retry_after_s: control.retry_after_s.unwrap_or(old.retry_after_s),
            failures: control.failures.unwrap_or(old.failures),
        };
        state.settings = new.checked().map_err(|e| refuse(e.to_string()))?;
        let revoked = if control.revoke_tokens {
            state.tokens.revoke_all()
        } else {
            0
        };
        if control.forget_script {
            state.script.forget();
        }
        Ok(json!({ "settings": state.settings, "revoked": revoked }))
    }

    /// The counters since the start.
    #[must_use]
    pub fn stats(&self) -> Value {
        let state = self.state();
        json!({
            "requests": state.requests,
            "sends": state.outcomes.values().sum::<u64>(),
            "outcomes": state.outcomes,
            "http": state.by_http,
            "unanswered": state.unanswered,
            "tokens_issued": state.tokens_issued,
            "tokens_refused": state.tokens_refused,
            "in_flight": self.in_flight.load(Ordering::Relaxed),
            "connections": self.connections.load(Ordering::Relaxed),
            "settings": state.settings,
        })
    }

    /// Sends being answered right now.
    #[must_use]
    pub fn in_flight(&self) -> &AtomicU64 {
        &self.in_flight
    }

    /// TCP connections open right now.
    #[must_use]
    pub fn connections(&self) -> &AtomicU64 {
        &self.connections
    }

    /// The message of a send that is allowed and well-formed, or its refusal.
    fn admit<'a>(
        &self,
        state: &State,
        arrival: &'a Arrival<'a>,
        now: u64,
    ) -> Result<Message<'a>, Verdict> {
        if !arrival
            .bearer
            .is_some_and(|token| state.tokens.is_good(token, now))
        {
            return Err(Verdict::Unauthenticated);
        }
        if arrival.project != self.account.project() {
            return Err(Verdict::PermissionDenied);
        }
        let body = arrival
            .body
            .as_ref()
            .map_err(|violation| Verdict::Malformed(violation.clone()))?;
        message::parse(body).map_err(Verdict::Malformed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn verdict(&mut self, message: &Message<'_>) -> Verdict {
        if !message::is_token(&message.token) {
            return Verdict::BadToken;
        }
        let retry_after = Duration::from_secs(self.settings.retry_after_s);
        let scripted = self
            .script
            .verdict(&message.token, self.settings.failures, retry_after);
        let verdict =
            scripted.unwrap_or_else(|| self.settings.faults.draw(&mut self.dice, retry_after));
        if message.validate_only && verdict == Verdict::Accepted {
            Verdict::Validated
        } else {
            verdict
        }
    }

    fn draw_latency(&mut self) -> Duration {
        self.settings.latency.draw(&mut self.dice)
    }

    fn count(&mut self, verdict: &Verdict, http: &'static str) -> u64 {
        self.requests += 1;
        *self.outcomes.entry(verdict.word()).or_default() += 1;
        *self.by_http.entry(http).or_default() += 1;
        self.requests
    }
}

/// Milliseconds since the epoch.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
