//! The code that links a chat, what somebody wants of the bot, and who tries too often. Pure.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Locale, Result};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};

/// How long a code works.
pub const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Nothing that is taken for something else when it is read off a screen: 30 letters.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;
const GROUP: usize = 4;

/// A code in its one spelling.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A fresh one, of 30¹².
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn fresh() -> Result<Self> {
        let random = SystemRandom::new();
        let mut code = String::with_capacity(LENGTH);
        while code.len() < LENGTH {
            let mut bytes = [0_u8; 32];
            random.fill(&mut bytes).map_err(|_| Error::broken("no randomness"))?;
            // 240 is eight times thirty: above it some letters would come more often.
            let fair = bytes.iter().filter(|byte| **byte < 240).filter_map(|byte| LETTERS.get(usize::from(*byte % 30)));
            code.extend(fair.map(|letter| char::from(*letter)).take(LENGTH - code.len()));
        }
        Ok(Self(code))
    }

    /// Reads what somebody typed: in any case, with dashes and spaces or without. Nothing for what cannot be a code.
    pub fn read(text: &str) -> Option<Self> {
        let code: String = text.chars().take(60).filter(|one| !matches!(one, ' ' | '-' | '–')).map(|one| one.to_ascii_uppercase()).collect();
        (code.len() == LENGTH && code.bytes().all(|byte| LETTERS.contains(&byte))).then_some(Self(code))
    }

    /// As an address carries it.
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// As a person reads it: `ABCD-EFGH-JKMN`.
    pub fn shown(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// The key of its row.
    pub fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, format!("shanyraq link: {}", self.0).as_bytes()).as_ref().to_vec()
    }
}

/// What somebody wants of the bot.
#[derive(Clone, PartialEq, Eq)]
pub enum Wish {
    /// To link the chat by this code.
    Link(Code),
    /// To link it by what is no code.
    LinkBy(Unread),
    /// No more notices here.
    Stop,
    /// Something else, or the bot was just opened.
    Help,
}

/// A code that cannot be one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Unread;

/// Reads what was written: `/start CODE`, the code alone, `/stop`.
pub fn wish(text: &str) -> Wish {
    let text = text.trim();
    let (command, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    // In some clients a command names the bot it is for.
    match (command.split('@').next().unwrap_or_default(), rest.trim()) {
        ("/start", "") => Wish::Help,
        ("/start", code) => Code::read(code).map_or(Wish::LinkBy(Unread), Wish::Link),
        ("/stop", _) => Wish::Stop,
        _ => Code::read(text).map_or(Wish::Help, Wish::Link),
    }
}

/// The language to answer somebody in whom we do not know: that of their Telegram, where we speak it.
pub fn language(named: Option<&str>) -> Locale {
    let two: String = named.unwrap_or_default().chars().take(2).collect();
    match two.as_str() {
        "ru" => Locale::Ru,
        "en" => Locale::En,
        _ => Locale::Kk,
    }
}

/// So many wrong codes from one chat in the time that a code works; then it is not answered.
const MOST_WRONG: u32 = 5;
/// So many chats are remembered; beyond it all are forgotten rather than memory filled.
const MOST_CHATS: usize = 10_000;

/// Who tried how often.
#[derive(Debug, Default)]
pub struct Tries(HashMap<i64, (u32, Timestamp)>);

impl Tries {
    /// Whether a chat tried too often.
    pub fn too_many(&self, chat: i64, now: Timestamp) -> bool {
        self.0.get(&chat).is_some_and(|(wrong, since)| *wrong >= MOST_WRONG && now < *since + VALID_FOR)
    }

    /// A chat showed a code that does not work.
    pub fn wrong(&mut self, chat: i64, now: Timestamp) {
        if self.0.len() >= MOST_CHATS {
            self.0.clear();
        }
        let (wrong, since) = self.0.entry(chat).or_insert((0, now));
        if now >= *since + VALID_FOR {
            (*wrong, *since) = (0, now);
        }
        *wrong += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn inv_1_a_code_is_read_as_it_is_shown_and_kept_by_its_hash() {
        let (one, other) = (Code::fresh().unwrap(), Code::fresh().unwrap());
        assert!(one != other && one.hash() != other.hash() && one.hash().len() == 32);
        for typed in [one.shown(), one.plain().to_owned(), one.shown().to_lowercase(), format!(" {} ", one.plain())] {
            assert!(Code::read(&typed).as_ref() == Some(&one), "{typed}");
            assert!(wish(&typed) == Wish::Link(one.clone()) && wish(&format!("/start {typed}")) == Wish::Link(one.clone()));
        }
    }

    #[test]
    fn what_is_wanted_is_understood() {
        assert!(wish("/start") == Wish::Help && wish("сәлем") == Wish::Help && wish("") == Wish::Help);
        assert!(wish("/stop") == Wish::Stop && wish(" /stop@shanyraq_bot ") == Wish::Stop);
        assert!(wish("/start hello") == Wish::LinkBy(Unread));
        assert_eq!((language(Some("ru-RU")), language(Some("en")), language(Some("de")), language(None)), (Locale::Ru, Locale::En, Locale::Kk, Locale::Kk));
    }

    #[test]
    fn inv_4_the_sixth_wrong_code_of_a_chat_is_not_looked_at_for_a_while() {
        let (mut tries, now) = (Tries::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..MOST_WRONG {
            assert!(!tries.too_many(7, now));
            tries.wrong(7, now);
        }
        assert!(tries.too_many(7, now) && !tries.too_many(8, now));
        assert!(!tries.too_many(7, now + VALID_FOR));
        tries.wrong(7, now + VALID_FOR);
        assert!(!tries.too_many(7, now + VALID_FOR));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let read = wish(&text);
            if let Wish::Link(code) = read {
                prop_assert!(Code::read(&code.shown()) == Some(code));
            }
        }
    }
}
