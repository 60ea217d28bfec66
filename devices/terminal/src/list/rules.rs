//! Whether a gate opens. Pure.

use protocol::up::Direction;

use super::file::{AllowList, Standing};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// What a gate does for cards of which no list in force says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// It opens: nobody stands before a locked school because a list did not come.
    Open,
    /// It stays shut.
    Refuse,
}

/// What the gate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It opens.
    Open,
    /// It stays shut.
    Refuse(Refusal),
}

/// Why it stays shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The card is barred.
    Barred,
    /// The list does not know the card.
    Unknown,
    /// Not at this time, or not this way.
    Hours,
    /// There is no list in force, and the gate's rule is to stay shut.
    NoList,
    /// The reader gave something that is no card.
    Unreadable,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Barred, Self::Unknown, Self::Hours, Self::NoList, Self::Unreadable];

    /// As in logs and screen texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Barred => "barred",
            Self::Unknown => "unknown",
            Self::Hours => "hours",
            Self::NoList => "no_list",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Decides about a card, at the best that is known of the time.
pub fn decide(list: Option<&AllowList>, fallback: Fallback, card: &str, direction: Direction, now_ms: i64) -> Verdict {
    let Some(list) = list else { return without_list(fallback) };
    match (list.standing(card), is_over(list, now_ms)) {
        (Some(Standing::Barred), _) => Verdict::Refuse(Refusal::Barred),
        (_, true) => without_list(fallback),
        (None, false) => Verdict::Refuse(Refusal::Unknown),
        (Some(Standing::Always), false) => Verdict::Open,
        (Some(Standing::Hours(schedule)), false) => within_hours(list, schedule, direction, now_ms),
    }
}

fn without_list(fallback: Fallback) -> Verdict {
    match fallback {
        Fallback::Open => Verdict::Open,
        Fallback::Refuse => Verdict::Refuse(Refusal::NoList),
    }
}

/// Whether a list's time is over. A clock that stands before the list was made says nothing about that.
pub fn is_over(list: &AllowList, now_ms: i64) -> bool {
    now_ms >= list.expires_ms
}

fn within_hours(list: &AllowList, schedule: u8, direction: Direction, now_ms: i64) -> Verdict {
    if now_ms < list.issued_ms.saturating_sub(DAY_MS) {
        // A clock this wrong must not lock children out or in.
        return Verdict::Open;
    }
    let local_ms = now_ms.saturating_add(i64::from(list.utc_offset_minutes) * MINUTE_MS);
    // 1970 began on a Thursday.
    let weekday = u8::try_from((local_ms.div_euclid(DAY_MS) + 3).rem_euclid(7)).unwrap_or(0);
    let minute = u16::try_from(local_ms.rem_euclid(DAY_MS) / MINUTE_MS).unwrap_or(0);
    let hold = list.hours(schedule).iter().any(|hours| hours.hold(weekday, minute, direction));
    if hold { Verdict::Open } else { Verdict::Refuse(Refusal::Hours) }
}
