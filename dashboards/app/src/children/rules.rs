//! Where a child is said to be, and how a history is cut into pages. Pure.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use protocol::up::Direction;
use web::component::Whereabouts;

/// Where a child is today, by the last door known. Yesterday's entry without an exit says nothing about today.
pub fn whereabouts(last: Option<(Direction, Timestamp)>, today: Date, zone: &TimeZone) -> Whereabouts {
    match last {
        Some((direction, at)) if at.to_zoned(zone.clone()).date() == today => match direction {
            Direction::In => Whereabouts::In,
            Direction::Out => Whereabouts::Out,
        },
        _ => Whereabouts::None,
    }
}

/// Happenings, newest first, by day; and the day before which the next page begins, when there may be more.
/// A day is never torn: what the limit cut off is left to the next page, unless one day fills it alone.
pub fn by_day<T>(happenings: Vec<T>, limit: usize, day_of: impl Fn(&T) -> Date) -> (Vec<(Date, Vec<T>)>, Option<Date>) {
    let cut = happenings.len() >= limit;
    let mut days: Vec<(Date, Vec<T>)> = Vec::new();
    for happening in happenings {
        let day = day_of(&happening);
        match days.last_mut() {
            Some((last, list)) if *last == day => list.push(happening),
            _ => days.push((day, vec![happening])),
        }
    }
    if cut && days.len() > 1 {
        days.pop();
    }
    let next = days.last().map(|(day, _)| *day).filter(|_| cut);
    (days, next)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_child_is_where_the_last_door_of_today_says() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let today = date(2026, 11, 21);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (last, said) in [
            (None, Whereabouts::None),
            (Some((Direction::In, at("2026-11-21T02:52:00Z"))), Whereabouts::In),
            (Some((Direction::Out, at("2026-11-21T08:40:00Z"))), Whereabouts::Out),
            // 23:30 of yesterday in the school's zone, though today in UTC+0 terms it may look near.
            (Some((Direction::In, at("2026-11-20T18:30:00Z"))), Whereabouts::None),
            // 00:10 of today in the school's zone, yesterday in UTC.
            (Some((Direction::In, at("2026-11-20T19:10:00Z"))), Whereabouts::In),
        ] {
            assert_eq!(whereabouts(last, today, &zone), said, "{last:?}");
        }
    }

    #[test]
    fn a_history_is_cut_between_days() {
        let day = |day| date(2026, 11, day);
        let list = vec![21, 21, 20, 20, 19];
        let (days, next) = by_day(list.clone(), 10, |number| day(*number));
        assert_eq!((days.len(), next), (3, None));
        let (days, next) = by_day(list.clone(), 5, |number| day(*number));
        assert_eq!((days, next), (vec![(day(21), vec![21, 21]), (day(20), vec![20, 20])], Some(day(20))));
        let (days, next) = by_day(vec![21, 21], 2, |number| day(*number));
        assert_eq!((days.len(), next), (1, Some(day(21))), "a day that fills a page alone is shown");
    }
}
