//! What follows from an attempt. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use notice::Kind;

use crate::{
    Push,
    channels::{Detail, Verdict},
    issue,
};

/// The wait after the first failed attempt.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(10);
/// The longest wait that a provider is granted; a push is no news after that anyway.
const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(24);
/// The longest wait we choose ourselves.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// After quiet hours a banner that stands for several is worth showing for so long.
pub const BANNER_LASTS: SignedDuration = SignedDuration::from_hours(12);

/// A lease must outlast an attempt by this, for the outcome to be written.
const WRITING: SignedDuration = SignedDuration::from_secs(2);

/// What is written about a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Attempts this adds.
    pub attempts: i32,
    /// What comes next.
    pub next: Next,
    /// Why, in a few words.
    pub detail: Option<Detail>,
}

/// What comes next for a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is over.
    Over(Outcome),
    /// It may be taken again from then on.
    Again(Timestamp),
}

/// How a push ended, as `delivery.outcome` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Sent,
    /// The app is gone from the phone.
    Unregistered,
    /// The provider will not take it.
    Refused,
    /// It got too old.
    Expired,
    /// The guardian switched it off while it waited.
    SwitchedOff,
    /// The consent was withdrawn while it waited.
    NoConsent,
}

impl Outcome {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Unregistered => "unregistered",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::SwitchedOff => "switched_off",
            Self::NoConsent => "no_consent",
        }
    }
}

/// What to do with a push whose turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Send it.
    Send,
    /// It got too old while it waited.
    Expired,
    /// Its lease may end during the attempt: somebody else may take the row. Leave it to the row.
    LeaseTooShort,
}

/// Decides a push's turn.
pub fn turn(push: &Push, now: Timestamp, attempt: Duration) -> Turn {
    if now >= push.expires_at {
        return Turn::Expired;
    }
    if push.lease_until.duration_since(now) < signed(attempt) + WRITING { Turn::LeaseTooShort } else { Turn::Send }
}

/// What follows from how an attempt ended.
pub fn entry(push: &Push, verdict: Verdict, now: Timestamp) -> Entry {
    let over = |outcome, detail| Entry { attempts: 1, next: Next::Over(outcome), detail };
    match verdict {
        Verdict::Accepted => over(Outcome::Sent, None),
        Verdict::Unregistered(detail) => over(Outcome::Unregistered, Some(detail)),
        Verdict::Refused(detail) => over(Outcome::Refused, Some(detail)),
        Verdict::Later { after, detail } => again(push, after, detail, now),
        Verdict::Paused { after, detail } => again(push, Some(after), detail, now),
    }
}

/// A push that got too old before its turn.
pub fn expired() -> Entry {
    Entry { attempts: 0, next: Next::Over(Outcome::Expired), detail: None }
}

/// A push whose consent was withdrawn before its turn.
pub fn stopped() -> Entry {
    Entry { attempts: 0, next: Next::Over(Outcome::NoConsent), detail: Some("while it waited".into()) }
}

/// A push given back untried, for whoever comes next.
pub fn given_back(now: Timestamp) -> Entry {
    Entry { attempts: 0, next: Next::Again(now), detail: None }
}

/// Sorts entries by key and leaves one a row: attempts add up, and an end wins over another try. Two entries of one row are rare
/// (a push that came from its row while its first attempt was still not written), and one statement may write a row only once.
pub fn once_a_row<K: Ord>(mut entries: Vec<(K, Entry)>) -> Vec<(K, Entry)> {
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.dedup_by(|(later_key, later), (key, kept)| {
        let same = later_key == key;
        if same {
            kept.attempts += later.attempts;
            if !matches!(kept.next, Next::Over(_)) {
                kept.next = later.next;
                kept.detail = later.detail.take().or_else(|| kept.detail.take());
            }
        }
        same
    });
    entries
}

fn again(push: &Push, after: Option<Duration>, detail: Detail, now: Timestamp) -> Entry {
    let at = now.saturating_add(wait(push, after)).unwrap_or(Timestamp::MAX);
    let next = if at >= push.expires_at { Next::Over(Outcome::Expired) } else { Next::Again(at) };
    Entry { attempts: 1, next, detail: Some(detail) }
}

/// 10 s, 20 s, 40 s … 5 min, each up to half as long again, and at least what the provider asked for.
fn wait(push: &Push, after: Option<Duration>) -> SignedDuration {
    let doublings = u32::try_from(push.attempts.clamp(0, 10)).unwrap_or(0);
    let own = (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT);
    let base = after.map_or(own, |after| own.max(signed(after).min(LONGEST_ASKED)));
    base + own.mul_f64(jitter(push) / 2.0)
}

/// Between 0 and 1, different for each phone, notice and attempt; always the same for the same, so that nothing here is random.
fn jitter(push: &Push) -> f64 {
    let seed = push.notice.0.as_u128() ^ push.token.0.as_u128().rotate_left(64) ^ u128::from(push.attempts.unsigned_abs());
    let mixed = (seed ^ (seed >> 64)).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    let top = u32::try_from((mixed >> 64) & u128::from(u32::MAX)).unwrap_or(0);
    f64::from(top) / f64::from(u32::MAX)
}

/// From when on a push is no news: its own time, or that of the banner which it is, where that is later.
pub fn expiry(kind: &Kind, occurred_at: Timestamp, banner: Option<Timestamp>) -> Timestamp {
    let own = issue::expiry(kind, occurred_at);
    banner.map_or(own, |banner| banner.max(own))
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_data::push;

    fn later(after: Option<u64>) -> Verdict {
        Verdict::Later { after: after.map(Duration::from_secs), detail: "503".into() }
    }

    #[test]
    fn inv_4_old_news_is_not_sent() {
        let mut push = push();
        let attempt = Duration::from_secs(10);
        push.lease_until = push.occurred_at + SignedDuration::from_hours(9);
        let at = |minutes| push.occurred_at + SignedDuration::from_mins(minutes);
        assert_eq!(turn(&push, at(59), attempt), Turn::Send);
        assert_eq!(turn(&push, at(60), attempt), Turn::Expired);
        assert_eq!(entry(&push, later(None), at(59)).attempts, 1);
        let late = push.occurred_at + SignedDuration::from_secs(3599);
        assert_eq!(entry(&push, later(None), late).next, Next::Over(Outcome::Expired));
    }

    #[test]
    fn inv_1_a_short_lease_is_left_to_its_row() {
        let push = push();
        let attempt = Duration::from_secs(10);
        let before_end = |seconds| push.lease_until - SignedDuration::from_secs(seconds);
        assert_eq!(turn(&push, before_end(12), attempt), Turn::Send);
        assert_eq!(turn(&push, before_end(11), attempt), Turn::LeaseTooShort);
    }

    #[test]
    fn every_verdict_has_its_outcome() {
        let push = push();
        let cases = [
            (Verdict::Accepted, "sent"),
            (Verdict::Unregistered("404".into()), "unregistered"),
            (Verdict::Refused("400".into()), "refused"),
        ];
        for (verdict, word) in cases {
            let Next::Over(outcome) = entry(&push, verdict, push.created_at).next else { panic!("over") };
            assert_eq!(outcome.as_str(), word);
        }
    }

    #[test]
    fn a_row_is_written_once_in_a_batch_and_its_end_wins() {
        let one = |next, attempts| Entry { attempts, next, detail: None };
        let (later, sent) = (Next::Again(Timestamp::UNIX_EPOCH), Next::Over(Outcome::Sent));
        let written = once_a_row(vec![(2, one(later, 1)), (1, one(sent, 1)), (2, one(sent, 1)), (1, one(later, 0))]);
        assert_eq!(written, [(1, one(sent, 1)), (2, one(sent, 2))]);
    }

    proptest! {
        #[test]
        fn inv_3_a_retry_waits_ten_seconds_and_what_the_provider_asked(attempts in 0_i32..1000, after in proptest::option::of(prop_oneof![0_u64..100_000, Just(u64::MAX)]), bits: u128) {
            let mut push = push();
            push.attempts = attempts;
            push.notice.0 = kernel::id::Uuid::from_u128(bits);
            let wait = wait(&push, after.map(Duration::from_secs));
            // Whatever is asked for, nobody is put off for more than a day.
            let asked = after.map_or(SignedDuration::ZERO, |after| signed(Duration::from_secs(after)).min(LONGEST_ASKED));
            prop_assert!(wait >= FIRST_WAIT.max(asked));
            prop_assert!(wait <= LONGEST_WAIT.max(asked) + LONGEST_WAIT / 2);
        }
    }
}
