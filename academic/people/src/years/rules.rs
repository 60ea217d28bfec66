//! The calendar of a school year. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// What a stretch of the year is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpanKind {
    /// Lessons, with the breaks between.
    Year,
    /// After the first quarter.
    AutumnBreak,
    /// After the second.
    WinterBreak,
    /// After the third.
    SpringBreak,
    /// Of the first grade only.
    Grade1Break,
    /// Final attestation of grade 9 (10).
    Attestation9,
    /// Final attestation of grade 11 (12).
    Attestation11,
}

impl SpanKind {
    /// All of them, in the order of the year.
    pub const ALL: [Self; 7] = [Self::Year, Self::AutumnBreak, Self::WinterBreak, Self::Grade1Break, Self::SpringBreak, Self::Attestation9, Self::Attestation11];

    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::AutumnBreak => "autumn_break",
            Self::WinterBreak => "winter_break",
            Self::SpringBreak => "spring_break",
            Self::Grade1Break => "grade1_break",
            Self::Attestation9 => "attestation_9",
            Self::Attestation11 => "attestation_11",
        }
    }

    /// Reads a stored kind.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A stretch of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub starts: Date,
    /// The last.
    pub ends: Date,
}

impl Span {
    /// Whether a day lies within.
    pub fn holds(&self, day: Date) -> bool {
        self.starts <= day && day <= self.ends
    }

    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let ends = self.ends;
        self.starts.series(1.day()).take_while(move |day| *day <= ends)
    }
}

/// What a day is for a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Before the year or after it.
    Outside,
    /// Within a break.
    Break(SpanKind),
    /// Off by law.
    Holiday,
    /// The school itself is off.
    OwnOff,
    /// The end of the week.
    Weekend,
    /// A day of lessons.
    Lessons,
}

/// A school year as one school keeps it.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The year it begins in.
    pub year: i16,
    /// Stretches by kind.
    pub spans: BTreeMap<SpanKind, Span>,
    /// Days off by law.
    pub days_off: BTreeSet<Date>,
    /// The school's own word about a day: whether there are lessons.
    pub own: BTreeMap<Date, bool>,
    /// How many days a week the school works.
    pub week_days: i8,
}

/// `22.11.2026`, as registers and orders write it.
pub fn short(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

/// The school year that a day belongs to: from July on the one to come.
pub fn year_of(day: Date) -> i16 {
    if day.month() >= 7 { day.year() } else { day.year() - 1 }
}

impl Calendar {
    /// The whole year, where it is known.
    pub fn whole(&self) -> Option<Span> {
        self.spans.get(&SpanKind::Year).copied()
    }

    /// The four quarters, as the breaks part them; fewer where a break is not known.
    pub fn quarters(&self) -> Vec<Span> {
        let Some(whole) = self.whole() else { return Vec::new() };
        let mut starts = whole.starts;
        let mut quarters = Vec::new();
        for kind in [SpanKind::AutumnBreak, SpanKind::WinterBreak, SpanKind::SpringBreak] {
            let Some(pause) = self.spans.get(&kind) else { continue };
            quarters.push(Span { starts, ends: pause.starts.saturating_sub(1.day()) });
            starts = pause.ends.saturating_add(1.day());
        }
        quarters.push(Span { starts, ends: whole.ends });
        quarters
    }

    /// Which quarter a day lies in, from one.
    pub fn quarter(&self, day: Date) -> Option<usize> {
        self.quarters().iter().position(|quarter| quarter.holds(day)).map(|place| place + 1)
    }

    /// What a day is for a grade.
    pub fn day(&self, day: Date, grade: i16) -> Day {
        if !self.whole().is_some_and(|whole| whole.holds(day)) {
            return Day::Outside;
        }
        if let Some(has_lessons) = self.own.get(&day) {
            return if *has_lessons { Day::Lessons } else { Day::OwnOff };
        }
        let within = |kind: &SpanKind| self.spans.get(kind).is_some_and(|span| span.holds(day));
        let pauses = [SpanKind::AutumnBreak, SpanKind::WinterBreak, SpanKind::SpringBreak];
        if let Some(kind) = pauses.into_iter().find(within) {
            return Day::Break(kind);
        }
        if grade == 1 && within(&SpanKind::Grade1Break) {
            return Day::Break(SpanKind::Grade1Break);
        }
        if self.days_off.contains(&day) {
            return Day::Holiday;
        }
        if day.weekday().to_monday_one_offset() > self.week_days { Day::Weekend } else { Day::Lessons }
    }

    /// Whether a grade has lessons on a day.
    pub fn is_school_day(&self, day: Date, grade: i16) -> bool {
        self.day(day, grade) == Day::Lessons
    }

    /// How many days of lessons a stretch has for a grade.
    pub fn school_days(&self, span: Span, grade: i16) -> usize {
        span.days().filter(|day| self.is_school_day(*day, grade)).count()
    }

    /// The day on which so many working days after a day are over: neither weekends nor days off by law count.
    pub fn working_days_after(&self, day: Date, count: usize) -> Date {
        let works = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.days_off.contains(day);
        day.saturating_add(1.day()).series(1.day()).filter(works).nth(count.saturating_sub(1)).unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        let span = |kind, from: (i16, i8, i8), to: (i16, i8, i8)| (kind, Span { starts: date(from.0, from.1, from.2), ends: date(to.0, to.1, to.2) });
        Calendar {
            year: 2026,
            spans: BTreeMap::from([
                span(SpanKind::Year, (2026, 9, 1), (2027, 5, 25)),
                span(SpanKind::AutumnBreak, (2026, 10, 26), (2026, 11, 1)),
                span(SpanKind::WinterBreak, (2026, 12, 28), (2027, 1, 10)),
                span(SpanKind::Grade1Break, (2027, 2, 8), (2027, 2, 14)),
                span(SpanKind::SpringBreak, (2027, 3, 22), (2027, 3, 28)),
            ]),
            days_off: [date(2026, 12, 16), date(2027, 3, 8)].into(),
            own: BTreeMap::new(),
            week_days: 5,
        }
    }

    #[test]
    fn the_year_of_2026_is_as_the_order_says() {
        let calendar = calendar();
        let starts: Vec<Date> = calendar.quarters().iter().map(|quarter| quarter.starts).collect();
        assert_eq!(starts, [date(2026, 9, 1), date(2026, 11, 2), date(2027, 1, 11), date(2027, 3, 29)]);
        for (day, grade, is) in [
            (date(2026, 9, 1), 5, Day::Lessons),
            (date(2026, 8, 31), 5, Day::Outside),
            (date(2026, 11, 22), 5, Day::Weekend),
            (date(2026, 12, 16), 5, Day::Holiday),
            (date(2027, 2, 9), 1, Day::Break(SpanKind::Grade1Break)),
            (date(2027, 2, 9), 2, Day::Lessons),
            (date(2027, 3, 22), 11, Day::Break(SpanKind::SpringBreak)),
        ] {
            assert_eq!(calendar.day(day, grade), is, "{day} in grade {grade}");
        }
        assert_eq!((calendar.quarter(date(2026, 11, 22)), calendar.quarter(date(2026, 10, 27))), (Some(2), None));
        assert_eq!((year_of(date(2026, 6, 30)), year_of(date(2026, 7, 1)), year_of(date(2027, 1, 5))), (2025, 2026, 2026));
        assert_eq!(calendar.working_days_after(date(2026, 12, 11), 3), date(2026, 12, 17), "a weekend and a day off between");
    }

    proptest! {
        #[test]
        fn inv_1_a_day_lies_in_one_quarter_or_in_a_break_or_outside(offset in -60_i64..400) {
            let calendar = calendar();
            let day = date(2026, 9, 1).saturating_add(offset.days());
            let quarters = calendar.quarters().iter().filter(|quarter| quarter.holds(day)).count();
            let is_break = matches!(calendar.day(day, 5), Day::Break(_));
            let outside = calendar.day(day, 5) == Day::Outside;
            prop_assert_eq!(quarters + usize::from(is_break) + usize::from(outside), 1);
        }

        #[test]
        fn inv_2_a_schools_own_word_holds_within_the_year_only(offset in -60_i64..400, has_lessons: bool) {
            let mut calendar = calendar();
            let day = date(2026, 9, 1).saturating_add(offset.days());
            let before = calendar.day(day, 3);
            calendar.own.insert(day, has_lessons);
            let expected = if before == Day::Outside { Day::Outside } else if has_lessons { Day::Lessons } else { Day::OwnOff };
            prop_assert_eq!(calendar.day(day, 3), expected);
        }
    }
}
