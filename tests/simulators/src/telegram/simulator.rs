//! What the simulator knows and decides, behind one lock that is never held across an await.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::fcm::faults::{Dice, Faults};
use crate::fcm::simulator::now_ms;
use crate::fcm::verdict::Verdict;

/// The longest text that the service takes, in characters.
const LONGEST: usize = 4096;
/// Sends kept; the oldest leave.
const KEPT: usize = 100_000;
/// So many updates at a time.
const UPDATES: usize = 100;

/// One line of a chat.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Whether the bot wrote it.
    pub of_bot: bool,
    /// What it says.
    pub text: String,
}

/// A private chat of somebody with the bot.
#[derive(Debug, Default)]
struct Chat {
    blocked: bool,
    lines: Vec<Line>,
    /// When the bot may write there again, where chats have a limit.
    free_at: Option<Instant>,
    /// Until when the bot was told to be silent there.
    silent_until: Option<Instant>,
}

/// One line of the ledger: something that the bot sent.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    /// Milliseconds since the epoch.
    pub at: u64,
    /// Its number, from 1.
    pub n: u64,
    /// To which chat.
    pub chat: i64,
    /// What it says.
    pub text: String,
    /// Whether it makes no sound.
    pub silent: bool,
    /// `accepted`, or what went wrong.
    pub outcome: &'static str,
}

/// What shall happen to sends, certain.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// To this chat only.
    #[serde(default)]
    pub chat: Option<i64>,
    /// The status; 0 drops the connection without an answer.
    pub status: u16,
    /// How often.
    #[serde(default = "once")]
    pub times: u32,
    /// With 429: for how long the bot must be silent.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

fn once() -> u32 {
    1
}

/// The body of a control call: what is absent stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Control {
    faults: Option<Faults>,
    retry_after_s: Option<u64>,
    /// So many milliseconds between two messages of one chat; 0 takes the limit away.
    per_chat_ms: Option<u64>,
    plan: Vec<Plan>,
}

/// How a call ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// An answer.
    Answer(u16, Value),
    /// No answer, ever.
    Stall,
    /// The connection is reset.
    Reset,
}

/// The simulator without its sockets.
pub struct Simulator {
    token: String,
    bot: String,
    state: Mutex<State>,
    written: Notify,
}

struct State {
    faults: Faults,
    retry_after: Duration,
    per_chat: Duration,
    dice: Dice,
    plans: VecDeque<Plan>,
    chats: BTreeMap<i64, Chat>,
    updates: VecDeque<(i64, Value)>,
    next_update: i64,
    listeners: u32,
    sent: Vec<Sent>,
    sends: u64,
    silent_until: Option<Instant>,
}

/// Somebody listens, until this is dropped.
pub struct Listening<'a>(&'a Simulator);

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.0.state().listeners -= 1;
    }
}

impl Simulator {
    /// A simulator with one bot and no chats.
    #[must_use]
    pub fn new(token: String, bot: String, seed: u64) -> Self {
        let state = State {
            faults: Faults::default(),
            retry_after: Duration::from_secs(1),
            per_chat: Duration::ZERO,
            dice: Dice::new(seed),
            plans: VecDeque::new(),
            chats: BTreeMap::new(),
            updates: VecDeque::new(),
            next_update: 1_000,
            listeners: 0,
            sent: Vec::new(),
            sends: 0,
            silent_until: None,
        };
        Self { token, bot, state: Mutex::new(state), written: Notify::new() }
    }

    /// The bot's user name.
    #[must_use]
    pub fn bot(&self) -> &str {
        &self.bot
    }

    /// Whether a path's token is the bot's.
    #[must_use]
    pub fn knows(&self, token: &str) -> bool {
        self.token == token
    }

    /// The bot's answer to `getMe`.
    #[must_use]
    pub fn me(&self) -> Ending {
        taken(&json!({ "id": 100, "is_bot": true, "first_name": "Shanyraq", "username": self.bot }))
    }

    /// Somebody writes in a chat of theirs; the first time they open it.
    pub fn say(&self, chat: i64, text: &str, language: &str) {
        let mut state = self.state();
        let opened = state.chats.entry(chat).or_default();
        opened.blocked = false;
        opened.lines.push(Line { of_bot: false, text: text.to_owned() });
        let person = json!({ "id": chat, "is_bot": false, "first_name": "Simulated", "language_code": language });
        state.add(|n| json!({ "update_id": n, "message": { "message_id": n, "date": now_ms() / 1000, "chat": { "id": chat, "type": "private" }, "from": person, "text": text } }));
        drop(state);
        self.written.notify_waiters();
    }

    /// An update as it is, with a number of its own: what a test invents.
    pub fn tell(&self, mut update: Value) {
        self.state().add(|n| {
            if let Some(fields) = update.as_object_mut() {
                fields.insert("update_id".to_owned(), json!(n));
            }
            update
        });
        self.written.notify_waiters();
    }

    /// Somebody blocks the bot.
    pub fn block(&self, chat: i64) {
        let mut state = self.state();
        state.chats.entry(chat).or_default().blocked = true;
        state.add(|n| json!({ "update_id": n, "my_chat_member": { "chat": { "id": chat, "type": "private" }, "date": now_ms() / 1000,
            "old_chat_member": { "status": "member" }, "new_chat_member": { "status": "kicked" } } }));
        drop(state);
        self.written.notify_waiters();
    }

    /// Blocks it without a word: the bot hears of it when it writes.
    pub fn block_quietly(&self, chat: i64) {
        self.state().chats.entry(chat).or_default().blocked = true;
    }

    /// What stands in a chat.
    #[must_use]
    pub fn lines(&self, chat: i64) -> Vec<Line> {
        self.state().chats.get(&chat).map(|chat| chat.lines.clone()).unwrap_or_default()
    }

    /// The ledger of one chat, or of all.
    #[must_use]
    pub fn sent(&self, chat: Option<i64>) -> Vec<Sent> {
        self.state().sent.iter().filter(|sent| chat.is_none_or(|chat| chat == sent.chat)).cloned().collect()
    }

    /// Takes a message of the bot, or does not.
    pub fn send(&self, body: &Value) -> Ending {
        let mut state = self.state();
        let (chat, text) = (body.get("chat_id").and_then(Value::as_i64), body.get("text").and_then(Value::as_str).unwrap_or_default());
        let Some(chat) = chat else { return refused(400, "Bad Request: chat_id is empty", None) };
        let (ending, outcome) = state.judge(chat, text);
        state.sends += 1;
        let silent = body.get("disable_notification").and_then(Value::as_bool).unwrap_or(false);
        let sent = Sent { at: now_ms(), n: state.sends, chat, text: text.to_owned(), silent, outcome };
        if outcome == "accepted" {
            state.chats.entry(chat).or_default().lines.push(Line { of_bot: true, text: text.to_owned() });
        }
        if state.sent.len() >= KEPT {
            state.sent.remove(0);
        }
        state.sent.push(sent);
        ending
    }

    /// Gives updates from a number on, and forgets those before it; waits so long for the first. Of two that listen at a time one is told so.
    pub async fn updates(&self, offset: i64, wait: Duration) -> Ending {
        let _listening = match self.listen() {
            Ok(listening) => listening,
            Err(conflict) => return conflict,
        };
        let deadline = tokio::time::Instant::now() + wait;
        loop {
            let written = self.written.notified();
            let ready = self.state().ready(offset);
            if !ready.is_empty() || tokio::time::timeout_at(deadline, written).await.is_err() {
                return taken(&Value::Array(ready));
            }
        }
    }

    /// Changes settings; gives counters back.
    ///
    /// # Errors
    /// The mistake in words; nothing is changed then.
    pub fn control(&self, body: &[u8]) -> Result<Value, String> {
        let control: Control = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let faults = control.faults.map(Faults::checked).transpose().map_err(|error| error.to_string())?;
        let mut state = self.state();
        state.faults = faults.unwrap_or(state.faults);
        state.retry_after = control.retry_after_s.map_or(state.retry_after, Duration::from_secs);
        state.per_chat = control.per_chat_ms.map_or(state.per_chat, Duration::from_millis);
        state.plans.extend(control.plan);
        Ok(json!({ "sends": state.sends, "chats": state.chats.len() }))
    }

    fn listen(&self) -> Result<Listening<'_>, Ending> {
        let mut state = self.state();
        if state.listeners > 0 {
            return Err(refused(409, "Conflict: terminated by other getUpdates request", None));
        }
        state.listeners += 1;
        Ok(Listening(self))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, make: impl FnOnce(i64) -> Value) {
        let number = self.next_update;
        self.next_update += 1;
        self.updates.push_back((number, make(number)));
    }

    fn ready(&mut self, offset: i64) -> Vec<Value> {
        self.updates.retain(|(number, _)| *number >= offset);
        self.updates.iter().take(UPDATES).map(|(_, update)| update.clone()).collect()
    }

    /// By what is planned, else by what is so, else by chance.
    fn judge(&mut self, chat: i64, text: &str) -> (Ending, &'static str) {
        if let Some(left) = self.silent_until.and_then(|until| until.checked_duration_since(Instant::now())).filter(|left| !left.is_zero()) {
            return (refused(429, "Too Many Requests", Some(left.as_secs() + 1)), "early");
        }
        if let Some(plan) = self.planned(chat) {
            return self.by_plan(&plan);
        }
        match self.chats.get(&chat) {
            None => return (refused(400, "Bad Request: chat not found", None), "nobody"),
            Some(Chat { blocked: true, .. }) => return (refused(403, "Forbidden: bot was blocked by the user", None), "blocked"),
            Some(_) => {}
        }
        if let Some(busy) = self.too_fast(chat, Instant::now()) {
            return busy;
        }
        if text.trim().is_empty() || text.chars().count() > LONGEST {
            return (refused(400, "Bad Request: message text is empty or too long", None), "bad_text");
        }
        match self.faults.draw(&mut self.dice, self.retry_after) {
            Verdict::Accepted => (taken(&json!({ "message_id": self.sends + 1, "chat": { "id": chat, "type": "private" }, "date": now_ms() / 1000, "text": text })), "accepted"),
            Verdict::Quota { retry_after } => self.busy(retry_after.as_secs()),
            Verdict::Unavailable { .. } => (refused(502, "Bad Gateway", None), "unavailable"),
            Verdict::Stall => (Ending::Stall, "stall"),
            Verdict::Reset => (Ending::Reset, "reset"),
            _ => (refused(500, "Internal Server Error", None), "internal"),
        }
    }

    /// A chat that was written to a moment ago: the answer does not say that it is the chat's, and only the chat is closed for the time it names.
    fn too_fast(&mut self, chat: i64, now: Instant) -> Option<(Ending, &'static str)> {
        let per_chat = self.per_chat;
        let chat = self.chats.get_mut(&chat).filter(|_| !per_chat.is_zero())?;
        let left = |until: Option<Instant>| until.and_then(|until| until.checked_duration_since(now)).filter(|left| !left.is_zero());
        let whole = |left: Duration| left.as_secs() + 1;
        if let Some(left) = left(chat.silent_until) {
            return Some((refused(429, "Too Many Requests", Some(whole(left))), "early"));
        }
        if let Some(left) = left(chat.free_at) {
            chat.silent_until = Some(now + Duration::from_secs(whole(left)));
            return Some((refused(429, "Too Many Requests: retry later", Some(whole(left))), "chat_quota"));
        }
        chat.free_at = Some(now + per_chat);
        None
    }

    fn planned(&mut self, chat: i64) -> Option<Plan> {
        let place = self.plans.iter().position(|plan| plan.chat.is_none_or(|only| only == chat))?;
        let plan = self.plans.get_mut(place)?;
        plan.times = plan.times.saturating_sub(1);
        let planned = plan.clone();
        if planned.times == 0 {
            self.plans.remove(place);
        }
        Some(planned)
    }

    fn by_plan(&mut self, plan: &Plan) -> (Ending, &'static str) {
        match plan.status {
            0 => (Ending::Reset, "reset"),
            429 => self.busy(plan.retry_after.unwrap_or(1)),
            400..=499 => (refused(plan.status, "Bad Request: as planned", None), "refused"),
            status => (refused(status, "as planned", None), "unavailable"),
        }
    }

    fn busy(&mut self, seconds: u64) -> (Ending, &'static str) {
        self.silent_until = Some(Instant::now() + Duration::from_secs(seconds));
        (refused(429, "Too Many Requests: retry later", Some(seconds)), "quota")
    }
}

fn taken(result: &Value) -> Ending {
    Ending::Answer(200, json!({ "ok": true, "result": result }))
}

fn refused(status: u16, description: &str, retry_after: Option<u64>) -> Ending {
    let mut body = json!({ "ok": false, "error_code": status, "description": description });
    if let (Some(fields), Some(seconds)) = (body.as_object_mut(), retry_after) {
        fields.insert("parameters".to_owned(), json!({ "retry_after": seconds }));
    }
    Ending::Answer(status, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(ending: &Ending) -> u16 {
        match ending {
            Ending::Answer(status, _) => *status,
            Ending::Stall | Ending::Reset => 0,
        }
    }

    #[tokio::test]
    async fn a_chat_is_opened_by_its_owner_and_closed_by_blocking() {
        let simulator = Simulator::new("1:x".into(), "a_bot".into(), 1);
        let hello = json!({ "chat_id": 5, "text": "hello" });
        assert_eq!(status(&simulator.send(&hello)), 400);
        simulator.say(5, "/start", "kk");
        assert_eq!(status(&simulator.send(&hello)), 200);
        simulator.control(br#"{"plan":[{"chat":5,"status":500}]}"#).unwrap();
        assert_eq!((status(&simulator.send(&hello)), status(&simulator.send(&hello))), (500, 200));
        simulator.block(5);
        assert_eq!(status(&simulator.send(&hello)), 403);
        assert_eq!(simulator.lines(5).len(), 3);
    }

    #[tokio::test]
    async fn a_chat_takes_one_message_in_its_time_and_no_other_chat_minds() {
        let simulator = Simulator::new("1:x".into(), "a_bot".into(), 1);
        let to = |chat: i64| json!({ "chat_id": chat, "text": "hello" });
        [5, 6].iter().for_each(|chat| simulator.say(*chat, "/start", "kk"));
        assert_eq!((status(&simulator.send(&to(5))), status(&simulator.send(&to(5)))), (200, 200), "no limit yet");
        simulator.control(br#"{"per_chat_ms":60000}"#).unwrap();
        assert_eq!((status(&simulator.send(&to(5))), status(&simulator.send(&to(5))), status(&simulator.send(&to(6)))), (200, 429, 200));
        simulator.send(&to(5));
        let outcomes: Vec<_> = simulator.sent(Some(5)).iter().map(|sent| sent.outcome).collect();
        assert_eq!(outcomes, ["accepted", "accepted", "accepted", "chat_quota", "early"]);
    }

    #[tokio::test]
    async fn updates_are_given_until_they_are_confirmed_and_to_one_at_a_time() {
        let simulator = Simulator::new("1:x".into(), "a_bot".into(), 1);
        simulator.say(5, "/start", "kk");
        let first = simulator.updates(0, Duration::ZERO).await;
        assert_eq!(simulator.updates(0, Duration::ZERO).await, first);
        let Ending::Answer(200, body) = first else { panic!("no answer") };
        let number = body.pointer("/result/0/update_id").and_then(Value::as_i64).unwrap();
        assert_eq!(simulator.updates(number + 1, Duration::ZERO).await, taken(&json!([])));
        let _other = simulator.listen().unwrap();
        assert_eq!(status(&simulator.updates(0, Duration::ZERO).await), 409);
    }
}
