//! What a block may say, and when whoever made it may take it back. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Result, error::FieldError, id::PersonId};
use protocol::up::{Body, Direction, Method};

/// So long a block may be taken back by whoever made it: a slip of the finger, or the card was in the other pocket.
pub const TAKE_BACK: SignedDuration = SignedDuration::from_mins(15);
/// The longest words.
pub const LONGEST: usize = 300;

/// Why a card is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody knows where it is.
    Lost,
    /// Somebody took it.
    Stolen,
    /// It does not work any more.
    Broken,
    /// Something else, which the words say.
    Other,
}

impl Reason {
    /// All of them, as forms show them.
    pub const ALL: [Self; 4] = [Self::Lost, Self::Stolen, Self::Broken, Self::Other];

    /// As in SQL, in forms and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Broken => "broken",
            Self::Other => "other",
        }
    }

    /// Reads a sent or stored one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Where a block is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// On the page of a guardian or of the holder.
    Page,
    /// At the school's office.
    Office,
}

impl Way {
    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Office => "office",
        }
    }
}

/// What was typed.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Typed {
    /// The form's own id: sent twice, it is one block.
    #[serde(default)]
    pub id: String,
    /// Whose card, at the office.
    #[serde(default)]
    pub person: String,
    /// Which card.
    #[serde(default)]
    pub card: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// In words.
    #[serde(default)]
    pub words: String,
}

/// A block that may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBlock {
    /// Why.
    pub reason: Reason,
    /// In words.
    pub words: Option<String>,
    /// Where.
    pub way: Way,
}

impl NewBlock {
    /// Reads what was typed.
    ///
    /// # Errors
    /// All that is wrong with it at once.
    pub fn parse(typed: &Typed, way: Way) -> Result<Self> {
        let mut wrong = Vec::new();
        let reason = Reason::parse(&typed.reason);
        if reason.is_none() {
            wrong.push(FieldError { field: "reason", message: "blocks-wrong-reason" });
        }
        let words = Some(typed.words.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty());
        if words.as_ref().is_some_and(|words| words.chars().count() > LONGEST) || (reason == Some(Reason::Other) && words.is_none()) {
            wrong.push(FieldError { field: "words", message: "blocks-wrong-words" });
        }
        match reason {
            Some(reason) if wrong.is_empty() => Ok(Self { reason, words, way }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// Whether somebody may take a block back that stands: only whoever made it, and not for long.
pub fn may_take_back(blocked_by: Option<PersonId>, blocked_at: Timestamp, who: PersonId, now: Timestamp) -> bool {
    blocked_by == Some(who) && now.duration_since(blocked_at) <= TAKE_BACK
}

/// What was done with a card, as the table of uses names it; nothing where a guard knew whom they let through: then it is no matter of the card.
pub fn kind_of(body: &Body) -> Option<&'static str> {
    match body {
        Body::Pass(pass) if pass.method == Method::Manual => None,
        Body::Pass(pass) => Some(match pass.direction {
            Direction::In => "in",
            Direction::Out => "out",
        }),
        Body::Meal(_) => Some("meal"),
        _ => None,
    }
}

/// How much of a card's number is shown: its end, by which one card is told from another.
pub fn end_of(code: &str) -> String {
    let skipped = code.chars().count().saturating_sub(4);
    code.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use kernel::id::Uuid;
    use proptest::prelude::*;
    use protocol::up::{Meal, Pass};

    use super::*;

    fn typed(reason: &str, words: &str) -> Typed {
        Typed { reason: reason.into(), words: words.into(), ..Typed::default() }
    }

    #[test]
    fn a_reason_is_needed_and_another_one_is_said_in_words() {
        let fields = |typed: &Typed| match NewBlock::parse(typed, Way::Page) {
            Err(Error::Invalid(wrong)) => wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(fields(&typed("", "")), ["reason"]);
        assert_eq!(fields(&typed("other", "  ")), ["words"]);
        assert_eq!(fields(&typed("x", &"а".repeat(LONGEST + 1))), ["reason", "words"]);
        let block = NewBlock::parse(&typed("stolen", " автобуста   "), Way::Office).unwrap();
        assert_eq!((block.reason, block.words.as_deref(), block.way), (Reason::Stolen, Some("автобуста"), Way::Office));
        assert_eq!((end_of("04A1B2C3"), end_of("A1")), ("B2C3".to_owned(), "A1".to_owned()));
    }

    #[test]
    fn who_is_let_in_by_hand_does_not_use_the_card() {
        let pass = |direction, method| Body::Pass(Pass { card: "04A1B2C3".into(), direction, method });
        assert_eq!(kind_of(&pass(Direction::In, Method::Card)), Some("in"));
        assert_eq!(kind_of(&pass(Direction::Out, Method::Card)), Some("out"));
        assert_eq!(kind_of(&pass(Direction::In, Method::Manual)), None);
        assert_eq!(kind_of(&Body::Meal(Meal { card: "04A1B2C3".into(), item: "Палау".into(), price_tiyn: 1 })), Some("meal"));
        assert_eq!(kind_of(&Body::Alarm { code: "tamper".into() }), None);
    }

    proptest! {
        #[test]
        fn inv_1_only_whoever_made_it_takes_it_back_and_in_time(minutes in 0_i64..60, other: bool, erased: bool) {
            let (maker, who) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(if other { 2 } else { 1 })));
            let now = Timestamp::from_second(minutes * 60).unwrap();
            let may = may_take_back((!erased).then_some(maker), Timestamp::UNIX_EPOCH, who, now);
            prop_assert_eq!(may, !other && !erased && minutes <= 15);
        }
    }
}
