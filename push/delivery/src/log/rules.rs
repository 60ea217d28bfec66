//! What a row means, in words. Pure.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::id::{TokenId, Uuid};
use web::component::Tone;

use super::store::Attempted;
use crate::channels::Via;

/// What became of a notice at one phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Message key of the plain words.
    pub key: &'static str,
    /// Its colour.
    pub tone: Tone,
    /// The moment that the words name.
    pub at: Option<Timestamp>,
}

/// Puts a row into words.
pub fn told(row: &Attempted, now: Timestamp) -> Told {
    let done = |key, tone| Told { key, tone, at: row.outcome_at };
    match row.outcome.as_deref() {
        Some("sent") if row.gathers.is_some_and(|gathers| gathers > 1) => done("log-sent-for-several", Tone::Ok),
        Some("sent") => done("log-sent", Tone::Ok),
        Some("switched_off") => done("log-switched-off", Tone::Unknown),
        Some("no_consent") => done("log-no-consent", Tone::Unknown),
        Some("no_phone") => done("log-no-phone", Tone::Warn),
        Some("late") => done("log-late", Tone::Unknown),
        Some("quiet") => done("log-quiet", Tone::Unknown),
        Some("collapsed") => done("log-collapsed", Tone::Ok),
        Some("given_up") => done("log-given-up", Tone::Unknown),
        Some("expired") => done("log-expired", Tone::Bad),
        Some("unregistered") if Via::stored(&row.channel) == Some(Via::Telegram) => done("log-unregistered-telegram", Tone::Warn),
        Some("unregistered") if Via::stored(&row.channel) == Some(Via::Mail) => done("log-unregistered-mail", Tone::Warn),
        Some("unregistered") => done("log-unregistered", Tone::Warn),
        Some("refused") => done("log-refused", Tone::Bad),
        // An outcome of a newer version: shown as it stands beside the words.
        Some(_) => done("log-other", Tone::Unknown),
        None if row.gathers.is_none() && row.held_until.is_some_and(|until| until > now) => Told { key: "log-held", tone: Tone::Unknown, at: row.held_until },
        None if row.attempts > 0 => Told { key: "log-again", tone: Tone::Warn, at: Some(row.lease_until.max(now)) },
        None => Told { key: "log-under-way", tone: Tone::Unknown, at: None },
    }
}

/// By what a phone is reached, as a message key; nothing where there is no phone, or where only another version knows.
pub fn by(row: &Attempted) -> Option<&'static str> {
    let via = Via::stored(&row.channel).filter(|_| row.token_id != TokenId(Uuid::nil()))?;
    Some(match via {
        Via::Fcm => "log-by-app",
        Via::WebPush => "log-by-browser",
        Via::Telegram => "log-by-telegram",
        Via::Mail => "log-by-mail",
    })
}

/// The moments between which a day lies in a zone.
pub fn bounds(day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let start = |day: Date| day.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    Some((start(day)?, start(day.tomorrow().ok()?)?))
}

#[cfg(test)]
mod tests {
    use kernel::id::NoticeId;

    use super::*;

    fn row(outcome: Option<&str>, attempts: i32) -> Attempted {
        Attempted {
            notice_id: NoticeId(Uuid::nil()),
            token_id: TokenId(Uuid::nil()),
            channel: "fcm".to_owned(),
            attempts,
            lease_until: Timestamp::UNIX_EPOCH,
            held_until: None,
            gathers: None,
            outcome: outcome.map(str::to_owned),
            outcome_at: outcome.map(|_| Timestamp::UNIX_EPOCH),
            detail: None,
            replayed_at: None,
        }
    }

    #[test]
    fn every_outcome_has_its_words() {
        let catalog = web::Catalog::build(crate::LOCALES).unwrap();
        let now = "2026-11-21T03:00:00Z".parse().unwrap();
        for outcome in [None, Some("sent"), Some("switched_off"), Some("no_consent"), Some("no_phone"), Some("late"), Some("expired"), Some("unregistered"), Some("refused"), Some("quiet"), Some("collapsed"), Some("given_up"), Some("x")] {
            for attempts in [0, 1] {
                assert!(catalog.has(told(&row(outcome, attempts), now).key), "{outcome:?} {attempts}");
            }
        }
        for via in [Via::Fcm, Via::WebPush, Via::Telegram, Via::Mail] {
            let gone = Attempted { channel: via.as_str().to_owned(), token_id: TokenId(Uuid::from_u128(7)), ..row(Some("unregistered"), 1) };
            assert!(catalog.has(told(&gone, now).key) && by(&gone).is_some_and(|key| catalog.has(key)), "{via:?}");
        }
        assert_eq!(by(&row(Some("no_phone"), 0)), None, "nothing where there is no phone");
        let held = Attempted { held_until: Some(now + jiff::SignedDuration::from_hours(1)), ..row(None, 0) };
        assert_eq!((told(&held, now).key, told(&held, now).at), ("log-held", held.held_until));
        assert_eq!(told(&Attempted { gathers: Some(1), ..held }, now).key, "log-under-way");
        assert!(catalog.has("log-held") && catalog.has(told(&Attempted { gathers: Some(3), ..row(Some("sent"), 1) }, now).key));
        assert_eq!(told(&row(None, 1), now).at, Some(now), "a retry is never promised for the past");
    }

    #[test]
    fn a_day_is_a_day_of_the_school() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let (from, until) = bounds(jiff::civil::date(2026, 11, 21), &zone).unwrap();
        assert_eq!((from.to_string(), until.to_string()), ("2026-11-20T19:00:00Z".into(), "2026-11-21T19:00:00Z".into()));
    }
}
