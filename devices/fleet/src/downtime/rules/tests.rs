//! A month reckoned by hand, second by second over any stretches, and who is told when.

use jiff::civil::date;
use kernel::id::Uuid;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span::new(at(from), at(to)).unwrap()
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn device(number: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(number))
}

fn stop(number: u128, began: &str, ended: Option<&str>) -> Stop {
    Stop { school: SchoolId(Uuid::nil()), device: device(number), began_at: at(began), ended_at: ended.map(at) }
}

fn listed(number: u128, from: &str, to: Option<&str>) -> Listed {
    Listed { device: device(number), code: format!("gate{number}"), name: format!("Gate {number}"), from: at(from), to: to.map(at) }
}

/// November 2026 in a school of Almaty (UTC+5), reckoned by hand:
/// (the service slept from 12:30 to 13:23 and from 15:00 to 15:23 on the 2nd, and devices have 7 minutes to come back each time: 13:30 and 15:30)
///  - gate 1 stands still from 1 November 20:00 UTC for 50 hours, of which the service slept 1 hour beside the 3 that were planned: 46 hours count;
///  - gate 1 again for 4 minutes on the 10th, which is no stop;
///  - gate 2 stands still from 29 October 19:00 UTC, long before the month, until 2 November 19:00 UTC: the month begins on 31 October 19:00 UTC,
///    so 48 hours of it are in the month, less the hour of the service and the 3 planned ones: 44; the whole is 96 less 4: 92, too long;
///  - gate 3 came into service on the 16th at 00:00 of Almaty and stands still from the 30th at 06:00 UTC on: the month ends at 19:00 UTC, 13 hours.
fn november() -> Act {
    let zone = TimeZone::get("Asia/Almaty").unwrap();
    let month = month(date(2026, 11, 1), &zone, at("2026-12-05T00:00:00Z")).unwrap();
    assert_eq!(month, span("2026-10-31T19:00:00Z", "2026-11-30T19:00:00Z"));
    let stops = [
        stop(1, "2026-11-01T20:00:00Z", Some("2026-11-03T22:00:00Z")),
        stop(1, "2026-11-10T05:00:00Z", Some("2026-11-10T05:04:00Z")),
        stop(2, "2026-10-29T19:00:00Z", Some("2026-11-02T19:00:00Z")),
        stop(3, "2026-11-30T06:00:00Z", None),
    ];
    let works = [
        Work { device: None, span: span("2026-11-02T10:00:00Z", "2026-11-02T13:00:00Z"), planned_at: at("2026-10-20T00:00:00Z"), reason: "router".into() },
        Work { device: Some(device(9)), span: span("2026-11-02T01:00:00Z", "2026-11-02T05:00:00Z"), planned_at: at("2026-10-20T00:00:00Z"), reason: "another's".into() },
        // Planned when gate 1 and gate 2 stood still already: it explains neither.
        Work { device: None, span: span("2026-11-02T16:00:00Z", "2026-11-02T19:00:00Z"), planned_at: at("2026-11-02T15:45:00Z"), reason: "too late".into() },
    ];
    // Half of the first lies in the planned work: it must not be taken off twice.
    let outages = [span("2026-11-02T12:30:00Z", "2026-11-02T13:23:00Z"), span("2026-11-02T15:00:00Z", "2026-11-02T15:23:00Z")];
    let devices = vec![listed(1, "2026-09-01T00:00:00Z", None), listed(2, "2026-09-01T00:00:00Z", None), listed(3, "2026-11-15T19:00:00Z", None)];
    Act::of(month, devices, &stops, &works, &outages)
}

#[test]
fn the_act_of_a_month_equals_the_one_reckoned_by_hand() {
    let act = november();
    let shares: Vec<_> = act.shares.iter().map(|share| (share.stops, share.counted, share.longest, share.due, share.is_broken())).collect();
    let half_month = hours(15 * 24);
    assert_eq!(
        shares,
        [
            (1, hours(46), hours(46), hours(720), false),
            (1, hours(44), hours(92), hours(720), true),
            (1, hours(13), hours(13), half_month, false),
        ]
    );
    assert_eq!(act.total(), (hours(1800), hours(103)));
    assert_eq!(act.service(), SignedDuration::from_mins(53 + 23));
    // (1800 - 103) / 1800 = 94.2777… %
    assert_eq!(act.availability(), 9_427);
    assert_eq!(act.broken().map(|share| share.listed.code.as_str()).collect::<Vec<_>>(), ["gate2"]);
    assert_eq!(act.lines.iter().map(|line| (line.device, line.ended_at.is_some())).collect::<Vec<_>>(), [(device(2), true), (device(1), true), (device(3), false)]);
}

#[test]
fn inv_6_the_same_rows_give_the_same_act_and_other_rows_another_hash() {
    let act = november();
    assert_eq!(act, november());
    assert_eq!(act.hash(), november().hash());
    let mut other = november();
    other.lines[0].ended_at = None;
    assert_ne!(act.hash(), other.hash());
    // What happens after the month changes nothing of it.
    let mut later = november();
    later.shares[0].listed.to = Some(at("2026-12-20T00:00:00Z"));
    assert_eq!(act.hash(), later.hash());
}

#[test]
fn a_month_that_is_not_over_ends_now() {
    let zone = TimeZone::get("Asia/Almaty").unwrap();
    let now = at("2026-11-23T08:00:00Z");
    assert_eq!(month(date(2026, 11, 1), &zone, now).unwrap().to, now);
    assert_eq!(month(date(2026, 12, 1), &zone, now), None);
}

#[test]
fn the_48_hours_end_later_by_what_does_not_count() {
    let began = at("2026-11-01T00:00:00Z");
    let apart = Apart::of([span("2026-10-30T00:00:00Z", "2026-11-01T02:00:00Z"), span("2026-11-03T01:00:00Z", "2026-11-03T04:00:00Z"), span("2026-11-04T00:00:00Z", "2026-11-05T00:00:00Z")]);
    // Two hours of the first, three of the second, which begins before the 50th hour; the third begins after the 53rd.
    assert_eq!(breaks_at(began, &apart), at("2026-11-03T05:00:00Z"));
    let standing = Standing::of(began, at("2026-11-03T05:00:00Z"), &apart);
    assert_eq!((standing.counted, standing.left, standing.is_broken()), (ALLOWED, SignedDuration::ZERO, false));
}

#[test]
fn rungs_are_told_once_and_wait_for_who_took_it_in_hand() {
    let now = at("2026-11-23T08:00:00Z");
    let ago = |hours: i64| Some(now - SignedDuration::from_hours(hours));
    for (counted, told, taken, due) in [
        (11, 0, None, None),
        (12, 0, None, Some(12)),
        (12, 12, None, None),
        (25, 12, None, Some(24)),
        (25, 12, ago(11), None),
        (25, 12, ago(12), Some(24)),
        (40, 0, None, Some(36)),
        (47, 36, ago(1), Some(47)),
        (90, 47, None, None),
    ] {
        assert_eq!(rung(hours(counted), told, taken, now), due, "{counted} h, told {told}, taken {taken:?}");
    }
    assert!(RUNGS.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_breach_is_told_at_least_twelve_hours_ahead() {
    assert!(RUNGS.iter().any(|rung| (hours(i64::from(*rung)) + hours(12)) <= ALLOWED), "{RUNGS:?}");
}

#[test]
fn each_rung_tells_more_people_and_none_tells_nobody() {
    let person = |number: u128| PersonId(Uuid::from_u128(number));
    let all = [("support", person(1)), ("supplier_administrator", person(2)), ("supplier_administrator", person(1)), ("teacher", person(9))];
    let told_of = |rung: i16, holders: &[(&'static str, PersonId)]| told(rung, holders.iter().copied()).into_iter().collect::<Vec<_>>();
    for (rung, holders, expected) in [
        (12, &all[..], vec![person(1)]),
        (24, &all[..], vec![person(1), person(2)]),
        (47, &all[..], vec![person(1), person(2)]),
        // A school that has a director only: told at once rather than after a day and a half.
        (12, &[("director", person(3))], vec![person(3)]),
        (12, &[("teacher", person(9))], vec![]),
    ] {
        assert_eq!(told_of(rung, holders), expected, "{rung} {holders:?}");
    }
}

#[test]
fn all_wrong_fields_of_planned_work_are_named_at_once() {
    let now = at("2026-11-23T08:00:00Z");
    let fields = |from: Option<Timestamp>, hours: &str, reason: &str| match Plan::parse(from, hours, None, reason, now) {
        Ok(_) => vec![],
        Err(Error::Invalid(wrong)) => wrong.into_iter().map(|field| field.field).collect(),
        Err(other) => panic!("{other}"),
    };
    assert_eq!(fields(Some(now), "3", "router"), Vec::<&str>::new());
    assert_eq!(fields(Some(now - SignedDuration::from_secs(1)), "3", "router"), ["day"]);
    assert_eq!(fields(None, "25", "\n"), ["day", "hours", "reason"]);
}

#[test]
fn a_silent_school_points_at_its_line() {
    for (still, all, likely) in [(1, 1, Likely::Device), (2, 2, Likely::Line), (2, 3, Likely::Device)] {
        assert_eq!(Likely::of(still, all), likely, "{still} of {all}");
    }
}

prop_compose! {
    fn any_span()(from in 0_i64..5_000, length in 1_i64..2_000) -> Span {
        Span { from: Timestamp::from_second(from).unwrap(), to: Timestamp::from_second(from + length).unwrap() }
    }
}

proptest! {
    #[test]
    fn inv_3_what_does_not_count_is_taken_off_once_second_by_second(stop in any_span(), apart in prop::collection::vec(any_span(), 0..8)) {
        let by_seconds = (stop.from.as_second()..stop.to.as_second())
            .filter(|second| !apart.iter().any(|span| (span.from.as_second()..span.to.as_second()).contains(second)))
            .count();
        prop_assert_eq!(counted(stop, &Apart::of(apart)).as_secs(), i64::try_from(by_seconds).unwrap());
    }

    #[test]
    fn the_forecast_is_when_nothing_is_left(began in 0_i64..5_000, apart in prop::collection::vec((0_i64..400_000, 1_i64..90_000), 0..8)) {
        let began = Timestamp::from_second(began).unwrap();
        let apart = Apart::of(apart.into_iter().map(|(from, length)| Span { from: Timestamp::from_second(from).unwrap(), to: Timestamp::from_second(from + length).unwrap() }));
        let end = breaks_at(began, &apart);
        prop_assert_eq!(Standing::of(began, end, &apart).left, SignedDuration::ZERO);
        prop_assert!(!Standing::of(began, end - SignedDuration::from_secs(1), &apart).is_broken());
    }
}
