//! What a period changed, said of days: the statement of the store does the same, and a test holds one against the other. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};

/// A time in a class, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// Whose.
    pub pupil: u64,
    /// The first day.
    pub from: Date,
    /// The last; nothing while it goes on.
    pub to: Option<Date>,
}

/// What a period changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    /// On the evening before its first day.
    pub start: i64,
    /// Came on one of its days.
    pub arrived: i64,
    /// Had their last day on one of its days.
    pub left: i64,
    /// On the evening of its last day.
    pub end: i64,
}

impl Flow {
    /// Whether it comes out even.
    pub fn is_even(&self) -> bool {
        self.start + self.arrived - self.left == self.end
    }
}

/// The flow of a period over times that do not overlap for a pupil.
pub fn flow(times: &[Time], from: Date, to: Date) -> Flow {
    let before = from.saturating_sub(1.day());
    let firsts: BTreeSet<(u64, Date)> = times.iter().map(|time| (time.pupil, time.from)).collect();
    let lasts: BTreeSet<(u64, Date)> = times.iter().filter_map(|time| Some((time.pupil, time.to?))).collect();
    let goes_on = |time: &Time, end: Date| firsts.contains(&(time.pupil, end.saturating_add(1.day())));
    let on_evening = |day: Date| {
        let here = |time: &&Time| time.from <= day && time.to.is_none_or(|end| end > day || (end == day && goes_on(time, end)));
        let pupils: BTreeMap<u64, ()> = times.iter().filter(here).map(|time| (time.pupil, ())).collect();
        i64::try_from(pupils.len()).unwrap_or_default()
    };
    let count = |wanted: &dyn Fn(&Time) -> bool| i64::try_from(times.iter().filter(|time| wanted(time)).count()).unwrap_or_default();
    Flow {
        start: on_evening(before),
        arrived: count(&|time| time.from >= from && time.from <= to && !lasts.contains(&(time.pupil, time.from.saturating_sub(1.day())))),
        left: count(&|time| time.to.is_some_and(|end| end >= from && end <= to && !goes_on(time, end))),
        end: on_evening(to),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        /// Times of one pupil: each a gap after the one before (none is a change of class) and so long; the last may go on.
        fn a_pupil()(parts in prop::collection::vec((0_i64..6, 0_i64..20), 1..6), open: bool, first in 0_i64..60) -> Vec<(i64, Option<i64>)> {
            let (mut times, mut day) = (Vec::new(), first);
            for (gap, length) in &parts {
                times.push((day + gap, Some(day + gap + length)));
                day += gap + length + 1;
            }
            if open { if let Some(last) = times.last_mut() { last.1 = None; } }
            times
        }
    }

    proptest! {
        #[test]
        fn inv_1_start_and_arrivals_less_departures_is_the_end(pupils in prop::collection::vec(a_pupil(), 0..12), from in 0_i64..120, length in 0_i64..60) {
            let day = |offset: i64| date(2026, 9, 1).saturating_add(offset.days());
            let times: Vec<Time> = pupils.iter().zip(0_u64..).flat_map(|(times, pupil)| times.iter().map(move |(from, to)| Time { pupil, from: day(*from), to: to.map(day) })).collect();
            let flow = flow(&times, day(from), day(from + length));
            prop_assert!(flow.is_even(), "{flow:?}");
        }
    }

    #[test]
    fn a_change_of_class_is_no_departure() {
        let times = [Time { pupil: 1, from: date(2026, 9, 1), to: Some(date(2026, 10, 4)) }, Time { pupil: 1, from: date(2026, 10, 5), to: None }, Time { pupil: 2, from: date(2026, 9, 1), to: Some(date(2026, 10, 4)) }];
        assert_eq!(flow(&times, date(2026, 10, 1), date(2026, 10, 31)), Flow { start: 2, arrived: 0, left: 1, end: 1 });
    }
}
