//! What answers of the Bot API mean, and what people wrote to the bot. Pure.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::channels::{Detail, Verdict};

/// The wait after 429 that names none.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);

/// Words of a 400 by which the service says that nobody is there any more.
const NOBODY: [&str; 3] = ["chat not found", "user is deactivated", "peer_id_invalid"];

/// Why a call gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The status that the service named; nothing where it said nothing at all.
    pub status: Option<u16>,
    /// The wait that it asked for.
    pub after: Option<Duration>,
    /// Whether it said that nobody is there.
    pub nobody: bool,
    /// A few words without addresses and texts.
    pub detail: Detail,
}

impl Trouble {
    /// The network's.
    pub fn of_network(detail: &'static str) -> Self {
        Self { status: None, after: None, nobody: false, detail: detail.into() }
    }

    /// The wait that the service asks for, where it does.
    pub fn wait(&self) -> Option<Duration> {
        (self.status == Some(429)).then(|| self.after.unwrap_or(Duration::from_secs(1)))
    }

    /// What it means for a message.
    pub fn verdict(self) -> Verdict {
        let Self { status, after, nobody, detail } = self;
        match status {
            Some(403) => Verdict::Unregistered(detail),
            Some(400) if nobody => Verdict::Unregistered(detail),
            Some(429) => Verdict::Later { after: Some(after.unwrap_or(DEFAULT_WAIT)), detail },
            // The token's trouble: no chat is to blame, and somebody mends it.
            Some(401 | 404) => Verdict::Later { after, detail },
            Some(400..=499) => Verdict::Refused(detail),
            _ => Verdict::Later { after, detail },
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

/// Reads an answer: its status and its body.
///
/// # Errors
/// What went wrong.
pub fn read(status: u16, body: &[u8]) -> Result<Value, Trouble> {
    let detail: Detail = status.to_string().into();
    match serde_json::from_slice::<Envelope>(body) {
        Ok(Envelope { ok: true, result, .. }) if (200..300).contains(&status) => Ok(result),
        Ok(Envelope { description, parameters, .. }) => {
            let said = description.to_lowercase();
            let nobody = NOBODY.iter().any(|words| said.contains(words));
            Err(Trouble { status: Some(status), after: parameters.retry_after.map(Duration::from_secs), nobody, detail })
        }
        // A page of somebody between us and the service.
        Err(_) if (200..300).contains(&status) => Err(Trouble::of_network("no answer of the service")),
        Err(_) => Err(Trouble { status: Some(status), after: None, nobody: false, detail }),
    }
}

/// What somebody did in a chat with the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// Wrote.
    Said {
        /// The chat.
        chat: i64,
        /// The text.
        text: String,
        /// The language of their Telegram, as it names it.
        language: Option<String>,
    },
    /// Blocked the bot.
    Blocked {
        /// The chat.
        chat: i64,
    },
    /// Something that is no affair of ours: a group, a picture, a kind of a newer service.
    Other,
}

#[derive(Deserialize)]
struct RawUpdate {
    message: Option<RawMessage>,
    my_chat_member: Option<RawMember>,
}

#[derive(Deserialize)]
struct RawMessage {
    chat: RawChat,
    from: Option<RawUser>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct RawChat {
    id: i64,
    #[serde(rename = "type", default)]
    kind: String,
}

#[derive(Deserialize)]
struct RawUser {
    language_code: Option<String>,
}

#[derive(Deserialize)]
struct RawMember {
    chat: RawChat,
    new_chat_member: RawStatus,
}

#[derive(Deserialize)]
struct RawStatus {
    #[serde(default)]
    status: String,
}

/// Reads updates, each with its number, in order. One that cannot be read is [`Update::Other`]: it must not be asked for again.
pub fn updates(result: &Value) -> Vec<(i64, Update)> {
    let each = result.as_array().into_iter().flatten();
    let mut read: Vec<_> = each.filter_map(|one| Some((one.get("update_id")?.as_i64()?, update(one)))).collect();
    read.sort_by_key(|(number, _)| *number);
    read
}

fn update(one: &Value) -> Update {
    let Ok(RawUpdate { message, my_chat_member }) = RawUpdate::deserialize(one) else { return Update::Other };
    match (message, my_chat_member) {
        (Some(RawMessage { chat, from, text: Some(text) }), _) if chat.kind == "private" => Update::Said { chat: chat.id, text, language: from.and_then(|from| from.language_code) },
        (_, Some(RawMember { chat, new_chat_member })) if chat.kind == "private" && new_chat_member.status == "kicked" => Update::Blocked { chat: chat.id },
        _ => Update::Other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn word(status: u16, body: &Value) -> &'static str {
        read(status, body.to_string().as_bytes()).map_or_else(|trouble| trouble.verdict().word(), |_| "accepted")
    }

    #[test]
    fn inv_2_only_who_blocked_the_bot_or_is_no_more_loses_the_link() {
        let said = |words: &str| json!({ "ok": false, "description": words });
        for (status, words, expected) in [
            (403, "Forbidden: bot was blocked by the user", "unregistered"),
            (400, "Bad Request: chat not found", "unregistered"),
            (400, "Bad Request: message is too long", "refused"),
            (401, "Unauthorized", "later"),
            (404, "Not Found", "later"),
            (409, "Conflict", "refused"),
            (500, "Internal Server Error", "later"),
            (502, "Bad Gateway", "later"),
        ] {
            assert_eq!(word(status, &said(words)), expected, "{status} {words}");
        }
        assert_eq!(word(200, &json!({ "ok": true, "result": { "message_id": 7 } })), "accepted");
    }

    #[test]
    fn the_wait_asked_for_is_kept() {
        let busy = json!({ "ok": false, "error_code": 429, "parameters": { "retry_after": 7 } });
        let Err(trouble) = read(429, busy.to_string().as_bytes()) else { panic!("taken") };
        assert_eq!(trouble.verdict(), Verdict::Later { after: Some(Duration::from_secs(7)), detail: "429".into() });
        assert_eq!(read(429, b"<html>").unwrap_err().verdict(), Verdict::Later { after: Some(DEFAULT_WAIT), detail: "429".into() });
    }

    #[test]
    fn only_a_private_chat_is_listened_to() {
        let said = |kind: &str| json!({ "update_id": 5, "message": { "chat": { "id": 9, "type": kind }, "from": { "language_code": "kk" }, "text": "/stop" } });
        let read = updates(&json!([said("group"), said("private"), { "update_id": 4, "poll": {} }, "nonsense",
            { "update_id": 6, "my_chat_member": { "chat": { "id": 9, "type": "private" }, "new_chat_member": { "status": "kicked" } } }]));
        let expected = Update::Said { chat: 9, text: "/stop".into(), language: Some("kk".into()) };
        assert_eq!(read, [(4, Update::Other), (5, Update::Other), (5, expected), (6, Update::Blocked { chat: 9 })]);
    }

    proptest! {
        #[test]
        fn inv_3_nothing_of_an_answer_is_kept_but_its_status(status in 100_u16..600, text in ".{0,60}") {
            if let Err(trouble) = read(status, text.as_bytes()) {
                prop_assert!(trouble.detail == status.to_string() || trouble.detail == "no answer of the service");
            }
        }
    }
}
