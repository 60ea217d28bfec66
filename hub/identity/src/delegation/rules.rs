//! What may be handed over, and for how long. Pure.

use jiff::{Timestamp, tz::TimeZone};
use kernel::{Error, Result, error::FieldError, id::PersonId};

use crate::logins::{Chosen, Period};

/// The longest that a role is handed over at once: a school year.
const MOST_DAYS: i64 = 366;
const DAY_S: i64 = 86_400;

/// A role that somebody holds in their own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Which.
    pub role: Chosen,
    /// Until when, if there is an end.
    pub until: Option<Timestamp>,
}

/// A role to hand over, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandingOver {
    /// Which role.
    pub role: Chosen,
    /// To whom.
    pub receiver: PersonId,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

/// What was typed.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// Which role, as the form names it.
    pub role: &'a str,
    /// To whom, an id.
    pub receiver: &'a str,
    /// The first day.
    pub from: &'a str,
    /// The last day.
    pub until: &'a str,
    /// Why.
    pub reason: &'a str,
}

impl HandingOver {
    /// Reads a form; all that is wrong with it is said at once. `held` are the giver's own roles, `colleagues` whom they may choose.
    pub fn parse(typed: Typed<'_>, held: &[Holding], colleagues: &[PersonId], now: Timestamp, zone: &TimeZone) -> Result<Self> {
        let mut wrong = Vec::new();
        let holding = Chosen::parse(typed.role).ok().and_then(|role| held.iter().find(|holding| holding.role == role));
        if holding.is_none() {
            wrong.push(FieldError { field: "role", message: "delegations-field-role" });
        }
        let receiver = typed.receiver.parse().ok().filter(|person| colleagues.contains(person));
        if receiver.is_none() {
            wrong.push(FieldError { field: "receiver", message: "delegations-field-receiver" });
        }
        let reason = typed.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if !(3..=300).contains(&reason.chars().count()) {
            wrong.push(FieldError { field: "reason", message: "delegations-field-reason" });
        }
        let days = match days(typed, holding, now, zone) {
            Ok(days) => Some(days),
            Err(Error::Invalid(fields)) => {
                wrong.extend(fields);
                None
            }
            Err(other) => return Err(other),
        };
        match (holding, receiver, days) {
            (Some(holding), Some(receiver), Some((from, until))) if wrong.is_empty() => Ok(Self { role: holding.role, receiver, from, until, reason }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// From when until when; never longer than the giver's own role.
fn days(typed: Typed<'_>, holding: Option<&Holding>, now: Timestamp, zone: &TimeZone) -> Result<(Timestamp, Timestamp)> {
    let period = Period::parse(typed.from, typed.until, now, zone)?;
    let until = period.until.ok_or_else(|| Error::invalid("until", "delegations-field-until"))?;
    let own_end = holding.and_then(|holding| holding.until);
    if own_end.is_some_and(|end| until > end) {
        return Err(Error::invalid("until", "delegations-field-too-long"));
    }
    if until.as_second() - period.from.as_second() > MOST_DAYS * DAY_S {
        return Err(Error::invalid("until", "delegations-field-until"));
    }
    Ok((period.from, until))
}

#[cfg(test)]
mod tests {
    use kernel::{id::Uuid, right::Role};

    use super::*;

    const COLLEAGUE: PersonId = PersonId(Uuid::from_u128(7));

    fn parse(role: &str, receiver: &str, from: &str, until: &str, reason: &str) -> Result<HandingOver> {
        let end: Timestamp = "2027-01-31T19:00:00Z".parse().unwrap();
        let held = [Holding { role: Chosen::Delivered(Role::Director), until: None }, Holding { role: Chosen::Delivered(Role::Teacher), until: Some(end) }];
        let now = "2026-11-22T03:00:00Z".parse().unwrap();
        HandingOver::parse(Typed { role, receiver, from, until, reason }, &held, &[COLLEAGUE], now, &TimeZone::get("Asia/Almaty").unwrap())
    }

    #[test]
    fn inv_2_nothing_is_handed_over_without_an_end_or_beyond_the_givers_own() {
        let receiver = COLLEAGUE.to_string();
        let good = parse("teacher", &receiver, "2026-12-01", "2027-01-31", " Еңбек   демалысы ").unwrap();
        assert_eq!((good.until, good.reason.as_str()), ("2027-01-31T19:00:00Z".parse().unwrap(), "Еңбек демалысы"));
        assert!(parse("director", &receiver, "", "2027-05-25", "демалыс").is_ok());
        for (role, from, until) in [("teacher", "", "2027-02-01"), ("teacher", "", ""), ("director", "", "2028-05-25"), ("director", "2027-01-01", "2026-12-31")] {
            let Err(Error::Invalid(wrong)) = parse(role, &receiver, from, until, "демалыс") else { panic!("{role} {until}") };
            assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["until"]);
        }
    }

    #[test]
    fn inv_3_only_a_role_of_ones_own_goes_to_a_colleague_for_a_reason() {
        let stranger = PersonId(Uuid::from_u128(8)).to_string();
        let Err(Error::Invalid(wrong)) = parse("school_administrator", &stranger, "", "2027-01-01", "?") else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["role", "receiver", "reason"]);
    }
}
