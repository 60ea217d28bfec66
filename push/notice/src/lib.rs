//! Kinds of notice, declared in one place, and the draft of a notice that a room hands to delivery.
//! A new kind is a constant here, three messages `notice-<kind>-title`/`-body` in `push/delivery/locales`, and nothing else:
//! it then appears in the guardian's switches and inbox by itself.

use jiff::{SignedDuration, Timestamp};
use kernel::id::{PersonId, SchoolId};

/// A kind of notice.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Name in rows, switches and message keys; never renamed.
    pub name: &'static str,
    /// Whether guardians get a push while they have not chosen.
    pub default_push: Push,
    /// After this long a push is given up: old news is history, not an alarm.
    pub expires_after: SignedDuration,
}

/// Whether a push is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Push {
    /// Wanted.
    On,
    /// Not wanted; the inbox keeps the notice all the same.
    Off,
}

impl Push {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }

    /// As stored, which a CHECK keeps to ours.
    pub fn stored(text: &str) -> Self {
        if text == "off" { Self::Off } else { Self::On }
    }
}

/// The child entered the school (R-HUB-3). Arguments: `child`, `place`, `date`, `time`.
pub const ENTERED: Kind = Kind { name: "entered", default_push: Push::On, expires_after: SignedDuration::from_mins(60) };
/// The child left the school (R-HUB-3). Arguments: `child`, `place`, `date`, `time`.
pub const LEFT: Kind = Kind { name: "left", default_push: Push::On, expires_after: SignedDuration::from_mins(60) };
/// The child took a meal (R-HUB-3, R-MEAL-5). Arguments: `child`, `item`, `price` (as shown), `date`, `time`.
pub const MEAL: Kind = Kind { name: "meal", default_push: Push::On, expires_after: SignedDuration::from_hours(3) };

/// All kinds, in the order in which settings show them.
pub const KINDS: [&Kind; 3] = [&ENTERED, &LEFT, &MEAL];

/// The kind of a stored name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.name == name)
}

/// What guardians of a child are to be told. Delivery finds the guardians, their switches and their phones.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The school it happened at.
    pub school: SchoolId,
    /// The child it is about.
    pub child: PersonId,
    /// What kind.
    pub kind: &'static Kind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Whether it became known too late to alarm anyone: then it goes to the inbox only.
    pub late: bool,
    /// Arguments of the kind's messages.
    pub args: serde_json::Value,
}
