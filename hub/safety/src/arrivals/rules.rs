//! When a morning is due, what it means, and how a missing pupil stands. Pure.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use kernel::{Error, Result, error::FieldError};

/// The shifts of a school; the third is for emergencies.
pub const SHIFTS: [i16; 3] = [1, 2, 3];
/// Of a hundred pupils who usually come, fewer than so many mean that the gates are silent. Our own choice of November 2026, no norm: on the
/// worst days of a flu half of a school still comes, and a broken line lets nobody through.
pub const SILENT_BELOW: i64 = 30;
/// The same while a gate is without a line: what it saw is not known, so nearly all must have come by the others. Our own choice as well.
pub const BLIND_BELOW: i64 = 85;
/// After so many days of lessons without a line a gate is one that nobody uses any more, or mended by another: its silence says nothing of
/// the others. Our own choice of November 2026: a week.
pub const BLIND_FOR: usize = 5;
/// Below so many pupils a share says nothing: a class of three may all be ill.
pub const FEWEST: i64 = 5;
/// So long after it was due a morning is still looked at: a hub that was away, gates that were silent.
pub const LOOK_FOR: SignedDuration = SignedDuration::from_hours(4);
/// What is told later than this after it was due wakes nobody: it goes to the inbox.
pub const NEWS_FOR: SignedDuration = SignedDuration::from_hours(2);

/// When a shift begins and when it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Minutes after midnight.
    pub starts: i16,
    /// Minutes after that.
    pub after: i16,
}

impl Rule {
    /// Minutes after midnight at which it is told.
    pub fn tells(self) -> i16 {
        self.starts + self.after
    }

    /// `08:00`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.starts / 60, self.starts % 60)
    }

    /// Reads the two fields of a shift; nothing where the time is empty: it is off.
    ///
    /// # Errors
    /// What is wrong with them, under the names of the fields.
    pub fn parse(starts: &str, after: &str, names: (&'static str, &'static str)) -> Result<Option<Self>> {
        if starts.trim().is_empty() {
            return Ok(None);
        }
        let starts = minutes(starts).filter(|starts| (300..=1200).contains(starts));
        let after = after.trim().parse().ok().filter(|after| (5..=180).contains(after));
        match (starts, after) {
            (Some(starts), Some(after)) => Ok(Some(Self { starts, after })),
            (starts, after) => {
                let wrong = |is: bool, field, message| is.then_some(FieldError { field, message });
                Err(Error::Invalid([wrong(starts.is_none(), names.0, "arrivals-wrong-starts"), wrong(after.is_none(), names.1, "arrivals-wrong-after")].into_iter().flatten().collect()))
            }
        }
    }
}

/// `08:00`, or `8.00` as people type it.
fn minutes(text: &str) -> Option<i16> {
    let (hours, rest) = text.trim().split_once([':', '.'])?;
    let (hours, rest): (i16, i16) = (hours.parse().ok()?, rest.get(..2)?.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&rest)).then_some(hours * 60 + rest)
}

/// From which day a change holds: today, unless today's moment has passed by the old times or by the new.
pub fn holds_from(today: Date, minute: i16, old: Option<Rule>, new: Option<Rule>) -> Date {
    let passed = [old, new].into_iter().flatten().any(|rule| rule.tells() <= minute);
    if passed { today.saturating_add(1.day()) } else { today }
}

/// What a morning means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Morning {
    /// Who is missing is told.
    Told,
    /// The gates are silent: nobody is told.
    Silent,
}

impl Morning {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Silent => "silent",
        }
    }
}

/// Whether the gates of a school tell what they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gates {
    /// All that are in use.
    Telling,
    /// One of them at least is without a line.
    Blind,
}

impl Gates {
    /// By how many days of lessons each gate without a line has been so, today not counted.
    pub fn of(offline_for: impl IntoIterator<Item = usize>) -> Self {
        if offline_for.into_iter().any(|days| days <= BLIND_FOR) { Self::Blind } else { Self::Telling }
    }
}

/// Judges a morning by its gates, how many usually enter (unknown in the first days), how many were expected, and how many entered.
pub fn judge(gates: Gates, usual: Option<i64>, expected: i64, entered: i64) -> Morning {
    // A school may have shrunk since: more than are expected never have to come.
    let base = usual.unwrap_or(expected).min(expected);
    let least = match gates {
        Gates::Telling => SILENT_BELOW,
        Gates::Blind => BLIND_BELOW,
    };
    if base >= FEWEST && entered * 100 < base * least { Morning::Silent } else { Morning::Told }
}

/// Whether what was due then still alarms anybody now.
pub fn is_news(due: Timestamp, now: Timestamp) -> bool {
    now.duration_since(due) <= NEWS_FOR
}

/// How a pupil who was missing stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not seen to this moment.
    Missing,
    /// Somebody said why.
    Excused,
    /// Came later.
    Came(Timestamp),
    /// Had come before it was told; it became known later.
    InTime(Timestamp),
}

impl State {
    /// As filters and message keys name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Excused => "excused",
            Self::Came(_) => "came",
            Self::InTime(_) => "in-time",
        }
    }

    /// By the first entry of the day and by notes: who came, came, whatever was said.
    pub fn of(due: Timestamp, entered: Option<Timestamp>, is_excused: bool) -> Self {
        match entered {
            Some(at) if at <= due => Self::InTime(at),
            Some(at) => Self::Came(at),
            None if is_excused => Self::Excused,
            None => Self::Missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const NAMES: (&str, &str) = ("starts", "after");

    #[test]
    fn times_are_read_as_people_type_them_and_an_empty_one_is_off() {
        for (starts, after, is) in [("08:00", "30", Some((480, 30))), ("8.30", " 15 ", Some((510, 15))), ("", "30", None), ("14:00:00", "5", Some((840, 5)))] {
            assert_eq!(Rule::parse(starts, after, NAMES).unwrap(), is.map(|(starts, after)| Rule { starts, after }), "{starts}");
        }
        for (starts, after, field) in [("25:00", "30", "starts"), ("08:00", "1", "after"), ("04:00", "30", "starts"), ("сегіз", "30", "starts")] {
            let Err(Error::Invalid(wrong)) = Rule::parse(starts, after, NAMES) else { panic!("{starts} was taken") };
            assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), [field]);
        }
        assert_eq!(Rule { starts: 485, after: 30 }.clock(), "08:05");
    }

    #[test]
    fn inv_3_hardly_anybody_at_the_gates_is_a_silent_morning() {
        for (usual, expected, entered, is) in [
            (Some(700), 800, 0, Morning::Silent),
            (Some(700), 800, 209, Morning::Silent),
            (Some(700), 800, 210, Morning::Told),
            (None, 800, 240, Morning::Told),
            (None, 800, 239, Morning::Silent),
            (None, 4, 0, Morning::Told),
            (Some(700), 20, 10, Morning::Told),
        ] {
            assert_eq!(judge(Gates::Telling, usual, expected, entered), is, "{usual:?} {expected} {entered}");
        }
    }

    #[test]
    fn a_gate_that_is_dead_for_longer_than_a_week_blinds_nobody() {
        for (offline_for, is) in [(vec![], Gates::Telling), (vec![0], Gates::Blind), (vec![BLIND_FOR], Gates::Blind), (vec![BLIND_FOR + 1, 90], Gates::Telling), (vec![90, 1], Gates::Blind)] {
            assert_eq!(Gates::of(offline_for.clone()), is, "{offline_for:?}");
        }
    }

    proptest! {
        #[test]
        fn more_entries_never_make_a_morning_silent(usual in proptest::option::of(0_i64..2000), expected in 0_i64..2000, entered in 0_i64..2000) {
            let (fewer, more) = (judge(Gates::Telling, usual, expected, entered), judge(Gates::Telling, usual, expected, entered + 1));
            prop_assert!(fewer == Morning::Silent || more == Morning::Told);
            prop_assert!(entered < expected || fewer == Morning::Told, "all are there");
        }

        #[test]
        fn inv_4_a_change_never_makes_a_morning_that_is_over_due_again(minute in 0_i16..1440, old in proptest::option::of((300_i16..1200, 5_i16..180)), new in proptest::option::of((300_i16..1200, 5_i16..180))) {
            let rule = |pair: Option<(i16, i16)>| pair.map(|(starts, after)| Rule { starts, after });
            let today = date(2026, 11, 23);
            let from = holds_from(today, minute, rule(old), rule(new));
            if from == today {
                prop_assert!(rule(old).is_none_or(|rule| rule.tells() > minute) && rule(new).is_none_or(|rule| rule.tells() > minute));
            } else {
                prop_assert_eq!(from, date(2026, 11, 24));
            }
        }

        #[test]
        fn inv_2_who_was_in_time_is_never_missing(due in 0_i64..100_000, entered in proptest::option::of(0_i64..100_000), is_excused: bool) {
            let at = |second| Timestamp::from_second(second).unwrap();
            let state = State::of(at(due), entered.map(at), is_excused);
            match entered {
                Some(second) if second <= due => prop_assert_eq!(state, State::InTime(at(second))),
                Some(second) => prop_assert_eq!(state, State::Came(at(second))),
                None => prop_assert_eq!(state, if is_excused { State::Excused } else { State::Missing }),
            }
        }
    }
}
