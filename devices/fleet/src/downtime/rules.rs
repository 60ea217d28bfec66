//! What of a stop counts, how much of the 48 hours is left, which rung of the ladder is due, and the act of a month. No clock and no database.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Error, Result,
    error::FieldError,
    id::{DeviceId, PersonId, SchoolId},
};
use ring::digest::{SHA256, digest};

use crate::health::SILENT_AFTER;

/// No technical stop may last longer (service specification "Safe School").
pub const ALLOWED: SignedDuration = SignedDuration::from_hours(48);
/// After so many hours that count, people are told: each rung the people of the ones before, and some more.
pub const RUNGS: [i16; 4] = [12, 24, 36, 47];
/// Whoever takes a stop in hand has so long before others are told again.
pub const IN_HAND: SignedDuration = SignedDuration::from_hours(12);
/// So little of the 48 hours left is worth an alarm.
pub const LITTLE: SignedDuration = SignedDuration::from_hours(12);
/// Devices try to reach the service again after pauses of up to five minutes and a quarter: for so long after a break of its own nobody is late.
pub const BACK_WITHIN: SignedDuration = SignedDuration::from_mins(7);
/// How far ahead work is planned.
const PLANNED_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A stretch of time, its end not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// When it begins.
    pub from: Timestamp,
    /// When it is over.
    pub to: Timestamp,
}

impl Span {
    /// From one moment to another; nothing where that is no time.
    pub fn new(from: Timestamp, to: Timestamp) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// How long it is.
    pub fn length(self) -> SignedDuration {
        self.to.duration_since(self.from)
    }

    /// What both have.
    pub fn within(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }
}

/// What does not count, in order and without overlap: the union of what was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart(Vec<Span>);

impl Apart {
    /// The union of these stretches.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        spans.sort_unstable();
        let mut union: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match union.last_mut() {
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                _ => union.push(span),
            }
        }
        Self(union)
    }

    /// How much of a stretch does not count.
    pub fn of_span(&self, span: Span) -> SignedDuration {
        self.0.iter().filter_map(|apart| apart.within(span)).map(Span::length).sum()
    }
}

/// How much of a stop counts.
pub fn counted(stop: Span, apart: &Apart) -> SignedDuration {
    stop.length() - apart.of_span(stop)
}

/// Whether it is a stop at all: a device may be silent for as long as [`SILENT_AFTER`] without anybody's minding.
pub fn is_stop(stop: Span, apart: &Apart) -> bool {
    counted(stop, apart) > SILENT_AFTER
}

/// When the 48 hours of a stop will be over if it goes on, with what is planned by now.
pub fn breaks_at(began: Timestamp, apart: &Apart) -> Timestamp {
    apart.0.iter().filter(|span| span.to > began).fold(began + ALLOWED, |end, span| match Span::new(span.from.max(began), span.to) {
        Some(span) if span.from < end => end + span.length(),
        _ => end,
    })
}

/// The rung that is due and was not told, the highest first.
pub fn rung(counted: SignedDuration, told: i16, taken_at: Option<Timestamp>, now: Timestamp) -> Option<i16> {
    let [.., last] = RUNGS;
    let due = RUNGS.into_iter().rev().find(|hours| counted >= SignedDuration::from_hours(i64::from(*hours)))?;
    (due > told && (due == last || !is_in_hand(taken_at, now))).then_some(due)
}

/// Whether somebody has a stop in hand still.
pub fn is_in_hand(taken_at: Option<Timestamp>, now: Timestamp) -> bool {
    taken_at.is_some_and(|at| now.duration_since(at) < IN_HAND)
}

/// How a stop stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What of it counts.
    pub counted: SignedDuration,
    /// What is left of the 48 hours; negative where nothing is.
    pub left: SignedDuration,
    /// When they are over.
    pub breaks_at: Timestamp,
}

impl Standing {
    /// Of a stop that goes on, or ended then.
    pub fn of(began: Timestamp, until: Timestamp, apart: &Apart) -> Self {
        let counted = Span::new(began, until).map_or(SignedDuration::ZERO, |stop| counted(stop, apart));
        Self { counted, left: ALLOWED - counted, breaks_at: breaks_at(began, apart) }
    }

    /// Whether the 48 hours were exceeded.
    pub fn is_broken(self) -> bool {
        self.counted > ALLOWED
    }
}

/// A stop as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Whose.
    pub school: SchoolId,
    /// Of which device.
    pub device: DeviceId,
    /// When the device last said anything.
    pub began_at: Timestamp,
    /// When it spoke again.
    pub ended_at: Option<Timestamp>,
}

/// A device in an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub device: DeviceId,
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Since when it is in service.
    pub from: Timestamp,
    /// Until when, where it is not any more.
    pub to: Option<Timestamp>,
}

/// One stop in the month of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of which device.
    pub device: DeviceId,
    /// When it began, in whatever month.
    pub began_at: Timestamp,
    /// When it ended; nothing where it went on past the month or goes on.
    pub ended_at: Option<Timestamp>,
    /// What of it counts in this month.
    pub in_month: SignedDuration,
    /// What of it counts from its beginning to its end, or to the month's.
    pub whole: SignedDuration,
}

/// What an act says of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The device.
    pub listed: Listed,
    /// How often it stopped.
    pub stops: usize,
    /// How long in all.
    pub counted: SignedDuration,
    /// Its longest stop.
    pub longest: SignedDuration,
    /// How long it was to work this month.
    pub due: SignedDuration,
}

impl Share {
    /// Whether one of its stops was longer than allowed.
    pub fn is_broken(&self) -> bool {
        self.longest > ALLOWED
    }
}

/// The act of a school's month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The month, in the school's zone; up to now where it is not over.
    pub month: Span,
    /// Every device that was to work, by code.
    pub shares: Vec<Share>,
    /// Every stop, by beginning and device.
    pub lines: Vec<Line>,
    /// The service's own stops, as far as they are in the month.
    pub outages: Vec<Span>,
    /// Planned work, as far as it is in the month.
    pub works: Vec<Work>,
}

/// Planned work as an act lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Of which device; of the whole school where there is none.
    pub device: Option<DeviceId>,
    /// When.
    pub span: Span,
    /// When it was planned: what stood still before that is not explained by it.
    pub planned_at: Timestamp,
    /// What for.
    pub reason: String,
}

/// A month of a school's calendar as a stretch of time, and none that begins after now.
pub fn month(first: Date, zone: &TimeZone, now: Timestamp) -> Option<Span> {
    let begin = |day: Date| day.to_zoned(zone.clone()).ok().map(|moment| moment.timestamp());
    let next = first.last_of_month().tomorrow().ok()?;
    Span::new(begin(first)?, begin(next)?.min(now))
}

impl Act {
    /// Reckons it. `stops` of these devices that touch the month, `works` and `outages` as they were at any time.
    pub fn of(month: Span, listed: Vec<Listed>, stops: &[Stop], works: &[Work], outages: &[Span]) -> Self {
        let mut lines: Vec<Line> = listed.iter().flat_map(|one| lines_of(month, one, stops, works, outages)).collect();
        lines.sort_by_key(|line| (line.began_at, line.device));
        let shares = listed.into_iter().filter_map(|one| share(month, one, &lines)).collect();
        let outages = Apart::of(outages.iter().filter_map(|outage| outage.within(month))).0;
        let works = works.iter().filter_map(|work| Some(Work { span: work.span.within(month)?, ..work.clone() })).collect();
        Self { month, shares, lines, outages, works }
    }

    /// How long all devices were to work, and how long they stood still.
    pub fn total(&self) -> (SignedDuration, SignedDuration) {
        self.shares.iter().fold((SignedDuration::ZERO, SignedDuration::ZERO), |(due, counted), share| (due + share.due, counted + share.counted))
    }

    /// How long the service itself stood still.
    pub fn service(&self) -> SignedDuration {
        self.outages.iter().map(|outage| outage.length()).sum()
    }

    /// The devices of which a stop was too long.
    pub fn broken(&self) -> impl Iterator<Item = &Share> {
        self.shares.iter().filter(|share| share.is_broken())
    }

    /// How much of the time that they were to work devices did work, in hundredths of a percent, rounded down: never better than it was.
    pub fn availability(&self) -> i64 {
        let (due, counted) = self.total();
        match due.as_secs() {
            0 => 10_000,
            seconds => (seconds - counted.as_secs().min(seconds)) * 10_000 / seconds,
        }
    }

    /// SHA-256 of the raw stretches, in hexadecimal: two acts of one month with one hash rest on the same rows.
    pub fn hash(&self) -> String {
        let mut text = String::new();
        let mut line = |kind: &str, of: &str, from: Timestamp, to: Option<Timestamp>| {
            let to = to.map_or_else(|| "-".to_owned(), |to| to.to_string());
            text.push_str(&format!("{kind} {of} {from} {to}\n"));
        };
        line("month", "-", self.month.from, Some(self.month.to));
        for share in &self.shares {
            // Whoever leaves service after the month was in service to its end.
            line("device", &share.listed.device.to_string(), share.listed.from, share.listed.to.filter(|to| *to < self.month.to));
        }
        for stop in &self.lines {
            line("stop", &stop.device.to_string(), stop.began_at, stop.ended_at);
        }
        for work in &self.works {
            line("work", &work.device.map_or_else(|| "-".to_owned(), |device| device.to_string()), work.span.from, Some(work.span.to));
            line("planned", &work.reason, work.planned_at, None);
        }
        for outage in &self.outages {
            line("service", "-", outage.from, Some(outage.to));
        }
        digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a string does not fail.
            write!(hex, "{byte:02x}").unwrap_or_default();
            hex
        })
    }
}

/// What does not count of a stop: work that was planned before it began, and the service's own stops with the time that devices take to come back.
pub fn apart<'w>(device: DeviceId, began: Timestamp, works: impl IntoIterator<Item = &'w Work>, outages: &[Span]) -> Apart {
    let explains = |work: &&Work| work.planned_at < began && work.device.is_none_or(|of| of == device);
    let planned = works.into_iter().filter(explains).map(|work| work.span);
    Apart::of(planned.chain(outages.iter().map(|outage| Span { from: outage.from, to: outage.to + BACK_WITHIN })))
}

fn lines_of(month: Span, listed: &Listed, stops: &[Stop], works: &[Work], outages: &[Span]) -> Vec<Line> {
    let line = |stop: &Stop| {
        let apart = apart(listed.device, stop.began_at, works, outages);
        let until = stop.ended_at.map_or(month.to, |ended| ended.min(month.to));
        let whole = Span::new(stop.began_at, until)?;
        let in_month = whole.within(month)?;
        is_stop(whole, &apart).then(|| Line {
            device: stop.device,
            began_at: stop.began_at,
            ended_at: stop.ended_at.filter(|ended| *ended <= month.to),
            in_month: counted(in_month, &apart),
            whole: counted(whole, &apart),
        })
    };
    stops.iter().filter(|stop| stop.device == listed.device).filter_map(line).collect()
}

fn share(month: Span, listed: Listed, lines: &[Line]) -> Option<Share> {
    let due = Span::new(listed.from, listed.to.unwrap_or(month.to))?.within(month)?.length();
    let own = || lines.iter().filter(|line| line.device == listed.device);
    let (stops, counted) = (own().count(), own().map(|line| line.in_month).sum());
    let longest = own().map(|line| line.whole).max().unwrap_or_default();
    Some(Share { listed, stops, counted, longest, due })
}

/// Planned work as somebody typed it, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// When.
    pub span: Span,
    /// Which device; the whole school where there is none.
    pub device: Option<DeviceId>,
    /// What for.
    pub reason: String,
}

impl Plan {
    /// Reads the fields of a form; all that is wrong with them is said at once.
    pub fn parse(from: Option<Timestamp>, hours: &str, device: Option<DeviceId>, reason: &str, now: Timestamp) -> Result<Self> {
        let mut wrong = Vec::new();
        let reason = reason.trim();
        let hours = hours.trim().parse::<u8>().ok().filter(|hours| (1..=24).contains(hours));
        let from = from.filter(|from| *from >= now && from.duration_since(now) <= PLANNED_AHEAD);
        if from.is_none() {
            wrong.push(FieldError { field: "day", message: "downtime-field-begin" });
        }
        if hours.is_none() {
            wrong.push(FieldError { field: "hours", message: "downtime-field-hours" });
        }
        if reason.is_empty() || reason.chars().count() > 200 || reason.chars().any(char::is_control) {
            wrong.push(FieldError { field: "reason", message: "downtime-field-reason" });
        }
        match (from, hours) {
            (Some(from), Some(hours)) if wrong.is_empty() => {
                let to = from + SignedDuration::from_hours(i64::from(hours));
                Ok(Self { span: Span { from, to }, device, reason: reason.to_owned() })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// From which rung on the holders of a role are told: the supplier's, and the school's.
const LADDER: [(&str, i16); 4] = [("support", 12), ("school_administrator", 12), ("supplier_administrator", 24), ("director", 36)];

/// The roles that are told at all.
pub fn everybody() -> Vec<&'static str> {
    LADDER.map(|(role, _)| role).to_vec()
}

/// Who of the holders of an organisation's roles is told at a rung, each once. Where nobody holds a role that is due, those of the next rung are told:
/// a stop is never known to nobody.
pub fn told<'h>(rung: i16, holders: impl Iterator<Item = (&'h str, PersonId)>) -> BTreeSet<PersonId> {
    let mut by_rung: BTreeMap<i16, BTreeSet<PersonId>> = BTreeMap::new();
    for (role, person) in holders {
        if let Some((_, from)) = LADDER.iter().find(|(name, _)| *name == role) {
            by_rung.entry(*from).or_default().insert(person);
        }
    }
    let first = by_rung.keys().next().copied().unwrap_or_default();
    by_rung.into_iter().filter(|(from, _)| *from <= rung.max(first)).flat_map(|(_, persons)| persons).collect()
}

/// Why a device may stand still, as far as can be seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likely {
    /// Every device of the school is silent: the line, or the power.
    Line,
    /// Some are silent, others not: each by itself.
    Device,
}

impl Likely {
    /// Of so many devices that stand still of all in service.
    pub fn of(still: usize, all: usize) -> Self {
        if still > 1 && still >= all { Self::Line } else { Self::Device }
    }

    /// As in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Device => "device",
        }
    }
}

#[cfg(test)]
mod tests;
