//! Kinds of notice, declared in one place; the draft of a notice; and how a room hands one over.
//!
//! A new kind is a constant here, its messages `notice-<kind>-name`/`-title`/`-body` in `push/delivery/locales`, and nothing else: it then
//! appears in the guardian's switches and inbox by itself, goes out in the lane of its urgency, waits while its reader wants quiet, and is
//! given up when it is too old.
//!
//! Who already writes the rows of delivery in one transaction with its own (the engine) gives drafts to `delivery::issue`. Every other room
//! calls [`tell`] in the transaction of what it tells of: the draft is then a job, which delivery does.

mod tell;

use jiff::{SignedDuration, Timestamp};
use kernel::id::{PersonId, SchoolId};

pub use tell::{TELL, Told, tell};

/// A kind of notice.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Name in rows, switches and message keys; never renamed.
    pub name: &'static str,
    /// Whom it can tell something.
    pub who: Who,
    /// How soon it must be there, and before whom it goes.
    pub urgency: Urgency,
    /// Whether guardians get a push while they have not chosen.
    pub default_push: Push,
    /// Whether guardians who get mail get it of this kind while they have not chosen.
    pub default_mail: Push,
    /// Whether they may choose.
    pub choice: Choice,
    /// What it becomes together with others that waited for the same phone.
    pub held_back: HeldBack,
    /// After this long a push is given up: old news is history, not an alarm.
    pub expires_after: SignedDuration,
    /// Where it leads: an address in which `{child}` and the names of arguments in braces are filled in.
    pub opens: &'static str,
}

/// Whom a kind can tell something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Guardians, of a child of theirs.
    Guardians,
    /// Guardians, and whoever works or learns at the school, of what is meant for themselves.
    Everybody,
    /// Whoever answers for something at a school or at the supplier's, of what they answer for.
    Staff,
}

/// How soon a notice must be there. The order is that of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Somebody may have to act now. Breaks quiet hours unless the reader said otherwise.
    Alarm,
    /// Happens now and is worth a second.
    Now,
    /// A minute later will do.
    Normal,
    /// Told to many at once, or many a day: goes when nothing else does, and into the daily digest of who has one.
    Bulk,
}

/// A queue of its own on the way out, so that many of one urgency never stand before a few of a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Alarms, and what happens now.
    Urgent,
    /// The rest but bulk.
    Normal,
    /// Bulk.
    Bulk,
}

impl Lane {
    /// All, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Normal, Self::Bulk];

    /// As in SQL.
    pub fn number(self) -> i32 {
        match self {
            Self::Urgent => 0,
            Self::Normal => 1,
            Self::Bulk => 2,
        }
    }
}

impl Urgency {
    /// The lane it goes out by.
    pub fn lane(self) -> Lane {
        match self {
            Self::Alarm | Self::Now => Lane::Urgent,
            Self::Normal => Lane::Normal,
            Self::Bulk => Lane::Bulk,
        }
    }
}

/// Whether a guardian may switch pushes of a kind off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// As they like.
    Free,
    /// It always comes: the school may have to reach everybody.
    Always,
}

/// What becomes of a push that waited, together with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeldBack {
    /// One banner with the others, which says how many there are.
    Together,
    /// A banner of its own in any case.
    Alone,
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

/// A kind that tells of something at a door or till a moment ago: no mail, unless its reader wants it.
const fn happening(name: &'static str, urgency: Urgency, expires_after: SignedDuration) -> Kind {
    Kind { name, who: Who::Guardians, urgency, default_push: Push::On, default_mail: Push::Off, choice: Choice::Free, held_back: HeldBack::Together, expires_after, opens: "/my/{child}" }
}

/// The child entered the school (R-HUB-3). Arguments: `child`, `place`, `date`, `time`.
pub const ENTERED: Kind = happening("entered", Urgency::Now, SignedDuration::from_mins(60));
/// The child left the school (R-HUB-3). Arguments: `child`, `place`, `date`, `time`.
pub const LEFT: Kind = happening("left", Urgency::Now, SignedDuration::from_mins(60));
/// The child took a meal (R-HUB-3, R-MEAL-5). Arguments: `child`, `item`, `price` (as shown), `date`, `time`.
pub const MEAL: Kind = happening("meal", Urgency::Normal, SignedDuration::from_hours(3));
/// The school answered what a guardian asked to change in a card (R-PPL-1). Arguments: `child`, `accepted`, `refused` (how many fields).
pub const REQUEST_ANSWERED: Kind = Kind {
    name: "request_answered",
    who: Who::Guardians,
    urgency: Urgency::Normal,
    default_push: Push::On,
    default_mail: Push::On,
    choice: Choice::Free,
    held_back: HeldBack::Together,
    expires_after: SignedDuration::from_hours(72),
    opens: "/my/updates",
};

/// The school announced something (R-HUB-5). Arguments: `announcement` (its id), `title_kk`, `title_ru`, `text_kk`, `text_ru` (beginnings).
pub const ANNOUNCEMENT: Kind = Kind {
    name: "announcement",
    who: Who::Everybody,
    urgency: Urgency::Bulk,
    default_push: Push::On,
    default_mail: Push::On,
    choice: Choice::Free,
    held_back: HeldBack::Together,
    expires_after: SignedDuration::from_hours(72),
    opens: "/my/announcements/{announcement}",
};
/// The same, where somebody may have to act now: it comes in quiet hours, and nobody may switch it off.
pub const ALERT: Kind = Kind {
    name: "alert",
    urgency: Urgency::Alarm,
    choice: Choice::Always,
    held_back: HeldBack::Alone,
    expires_after: SignedDuration::from_hours(12),
    ..ANNOUNCEMENT
};

/// The child has not come to school by the set time (R-HUB-6). Arguments: `child`, `date`, `time` (when lessons began).
pub const NOT_ARRIVED: Kind = Kind { held_back: HeldBack::Alone, ..happening("not_arrived", Urgency::Alarm, SignedDuration::from_hours(2)) };

/// A card of the child's was blocked (R-CARD-3): whoever did it, every guardian learns it. Arguments: `child`, `date`, `time`.
pub const CARD_BLOCKED: Kind = Kind {
    name: "card_blocked",
    who: Who::Guardians,
    urgency: Urgency::Normal,
    default_push: Push::On,
    default_mail: Push::Off,
    choice: Choice::Free,
    held_back: HeldBack::Together,
    expires_after: SignedDuration::from_hours(72),
    opens: "/my/{child}/card",
};
/// The block was lifted: the card is the child's again. Arguments: `child`, `date`, `time`.
pub const CARD_UNBLOCKED: Kind = Kind { name: "card_unblocked", ..CARD_BLOCKED };
/// Somebody used the child's blocked card: whoever holds it is at the school now. Arguments: `child`, `place`, `date`, `time`.
pub const BLOCKED_CARD_USED: Kind = Kind {
    name: "blocked_card_used",
    urgency: Urgency::Alarm,
    held_back: HeldBack::Alone,
    expires_after: SignedDuration::from_hours(2),
    ..CARD_BLOCKED
};

/// Devices of a school stand still, and 48 hours are not far (R-DEV-4). Arguments: `school_kk`, `school_ru` (the worst one's), `schools` and
/// `devices` (how many), `hours` (of the longest stop that count), `left` (hours; 0 where none are), `place` (whose page it opens: `support`, or the school's code).
pub const DEVICES_STILL: Kind = Kind {
    name: "devices_still",
    who: Who::Staff,
    urgency: Urgency::Alarm,
    default_push: Push::On,
    default_mail: Push::On,
    choice: Choice::Always,
    held_back: HeldBack::Alone,
    expires_after: SignedDuration::from_hours(12),
    opens: "/{place}/downtime",
};

/// All kinds, in the order in which settings show them.
pub const KINDS: [&Kind; 11] =
    [&ENTERED, &LEFT, &MEAL, &NOT_ARRIVED, &CARD_BLOCKED, &CARD_UNBLOCKED, &BLOCKED_CARD_USED, &REQUEST_ANSWERED, &ANNOUNCEMENT, &ALERT, &DEVICES_STILL];

/// The kind of a stored name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.name == name)
}

impl Kind {
    /// The page that a notice of this kind leads to. Arguments that are no text are not filled in: the address would not be ours.
    pub fn address(&self, child: PersonId, args: &serde_json::Value) -> String {
        let mut address = self.opens.replace("{child}", &child.to_string());
        let named = args.as_object().into_iter().flatten();
        for (name, value) in named {
            let place = format!("{{{name}}}");
            if let Some(value) = value.as_str().filter(|value| address.contains(&place) && value.chars().all(|c| c.is_ascii_alphanumeric())) {
                address = address.replace(&place, value);
            }
        }
        address
    }
}

/// Who is told of the person that a draft is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Each guardian of the child.
    Guardians,
    /// This one, while they are one.
    Guardian(PersonId),
    /// The person themselves, while they work or learn at the school.
    Oneself,
}

impl To {
    /// The one who is told alone of this person.
    pub fn only(self, about: PersonId) -> Option<PersonId> {
        match self {
            Self::Guardians => None,
            Self::Guardian(person) => Some(person),
            Self::Oneself => Some(about),
        }
    }

    /// Read again: nobody is their own guardian.
    pub(crate) fn stored(only: Option<PersonId>, about: PersonId) -> Self {
        match only {
            None => Self::Guardians,
            Some(person) if person == about => Self::Oneself,
            Some(person) => Self::Guardian(person),
        }
    }
}

/// What somebody is to be told of a child, or of themselves. Delivery finds who that is, their switches and their phones.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The school it happened at.
    pub school: SchoolId,
    /// The child it is about; whoever is told of themselves.
    pub child: PersonId,
    /// Who is told.
    pub to: To,
    /// What kind.
    pub kind: &'static Kind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Whether it became known too late to alarm anyone: then it goes to the inbox only.
    pub late: bool,
    /// Arguments of the kind's messages.
    pub args: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::id::Uuid;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_a_lane() {
        let names: BTreeSet<_> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), KINDS.len());
        for pair in [(Urgency::Alarm, Urgency::Now), (Urgency::Now, Urgency::Normal), (Urgency::Normal, Urgency::Bulk)] {
            assert!(pair.0 < pair.1 && pair.0.lane() <= pair.1.lane());
        }
        for kind in KINDS {
            assert!(kind.choice == Choice::Free || kind.default_push == Push::On, "{}: what nobody chooses comes", kind.name);
            assert!(kind.urgency != Urgency::Alarm || kind.held_back == HeldBack::Alone, "{}: an alarm is never one of many", kind.name);
            assert_eq!(super::kind(kind.name), Some(kind));
        }
    }

    #[test]
    fn whoever_is_told_alone_is_read_again() {
        let (child, guardian) = (PersonId(Uuid::from_u128(4)), PersonId(Uuid::from_u128(5)));
        for to in [To::Guardians, To::Guardian(guardian), To::Oneself] {
            assert_eq!(To::stored(to.only(child), child), to);
        }
    }

    #[test]
    fn an_address_is_ours_whatever_the_arguments() {
        let child = PersonId(Uuid::from_u128(4));
        let kind = Kind { opens: "/my/letters/{letter}", ..happening("x", Urgency::Bulk, SignedDuration::ZERO) };
        assert_eq!(kind.address(child, &json!({ "letter": "06EZ" })), "/my/letters/06EZ");
        for wrong in [json!("//elsewhere.example/"), json!("a/../b"), json!(7), json!(null)] {
            assert_eq!(kind.address(child, &json!({ "letter": wrong })), "/my/letters/{letter}");
        }
        assert_eq!(ENTERED.address(child, &json!({})), format!("/my/{child}"));
    }
}
