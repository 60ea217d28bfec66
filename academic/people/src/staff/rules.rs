//! Seniority, pension, and what may stand in a staff card. Pure.

use std::collections::HashMap;

use jiff::{Span, civil::{Date, date}};
use kernel::{Error, Result, error::FieldError};

use crate::pupils::card::rules::day;

/// Positions that forms offer.
pub const POSITIONS: [&str; 15] = [
    "director",
    "deputy",
    "teacher",
    "preschool-teacher",
    "psychologist",
    "social-pedagogue",
    "career-counsellor",
    "speech-therapist",
    "assistant",
    "librarian",
    "nurse",
    "accountant",
    "laboratory-assistant",
    "technician",
    "other",
];
/// How a post is held.
pub const SORTS: [&str; 3] = ["main", "internal", "external"];
/// Qualification categories, the lowest first.
pub const CATEGORIES: [&str; 5] = ["pedagogue", "moderator", "expert", "researcher", "master"];
/// Degrees of an education.
pub const DEGREES: [&str; 7] = ["secondary", "vocational", "bachelor", "specialist", "master", "candidate", "doctor"];
const LONGEST: usize = 200;

/// A stretch of work: from its first day to its last; nothing while it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
}

/// How long somebody has worked, in years, months and days of the labour office: a month has thirty days, a year twelve months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seniority(i64);

impl Seniority {
    /// Whole years, months beyond them, days beyond those.
    pub fn parts(self) -> (i64, i64, i64) {
        (self.0 / 360, self.0 % 360 / 30, self.0 % 30)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

/// A day as the labour office counts: each month has thirty days, the thirty-first is the thirtieth. So stretches that meet add up exactly.
fn serial(day: Date) -> i64 {
    i64::from(day.year()) * 360 + (i64::from(day.month()) - 1) * 30 + i64::from(day.day().min(30)) - 1
}

/// How long these periods are together, until today at most. A day counts once.
pub fn seniority(periods: &[Period], today: Date) -> Seniority {
    let after = |day: Date| day.tomorrow().unwrap_or(day);
    let mut stretches: Vec<(Date, Date)> = periods.iter().map(|period| (period.from, after(period.to.unwrap_or(today).min(today)))).filter(|(from, to)| from < to).collect();
    stretches.sort_unstable();
    let (mut sum, mut open) = (0, None);
    for (from, to) in stretches {
        open = Some(match open {
            Some((begun, ends)) if from <= ends => (begun, to.max(ends)),
            Some((begun, ends)) => {
                sum += serial(ends) - serial(begun);
                (from, to)
            }
            None => (from, to),
        });
    }
    Seniority(sum + open.map_or(0, |(from, to)| serial(to) - serial(from)))
}

/// From a day on one of this sex may retire at this age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PensionRule {
    /// Since when.
    pub from: Date,
    /// The age in months.
    pub months: i16,
}

/// The day on which somebody reaches the age of the rule that holds then. `rules` are of one sex, the earliest first.
pub fn pension_date(born: Date, rules: &[PensionRule]) -> Option<Date> {
    let reached = |rule: &PensionRule| born.checked_add(Span::new().months(rule.months)).ok();
    rules.iter().enumerate().find_map(|(at, rule)| {
        let ends = rules.get(at + 1).map(|next| next.from);
        reached(rule).map(|day| day.max(rule.from)).filter(|day| ends.is_none_or(|ends| *day < ends))
    })
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// What somebody does here.
    Post,
    /// What somebody learned.
    Education,
    /// A qualification category.
    Category,
    /// An award.
    Award,
    /// Work elsewhere, before or beside.
    Period,
}

impl LineKind {
    /// All of them, as cards show them.
    pub const ALL: [Self; 5] = [Self::Post, Self::Education, Self::Category, Self::Award, Self::Period];

    /// As in SQL, in forms and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Education => "education",
            Self::Category => "category",
            Self::Award => "award",
            Self::Period => "period",
        }
    }

    /// Reads a stored or posted kind.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A line to write down, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// What it is about.
    pub kind: LineKind,
    /// Position, institution, category, award, employer.
    pub title: String,
    /// Subject, speciality, position there.
    pub detail: Option<String>,
    /// How a post is held; degree.
    pub sort: Option<String>,
    /// Hundredths of a full load.
    pub rate: Option<i16>,
    /// Whether a period was work as a pedagogue.
    pub is_pedagogical: Option<bool>,
    /// The first day; of an education or award its day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
    /// The document.
    pub document: Option<String>,
    /// Its day.
    pub document_date: Option<Date>,
}

impl NewLine {
    /// Reads a form; all that is wrong with it is said at once.
    pub fn parse(kind: LineKind, typed: &HashMap<String, String>, today: Date) -> Result<Self> {
        let text = |name: &str| typed.get(name).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default();
        let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
        let within = |day: &Date| (date(1940, 1, 1)..date(2100, 1, 1)).contains(day);
        let mut wrong = Vec::new();
        let mut expect = |good: bool, field: &'static str, message: &'static str| {
            if !good {
                wrong.push(FieldError { field, message });
            }
        };
        let title = text("title");
        let known = match kind {
            LineKind::Post => POSITIONS.contains(&title.as_str()),
            LineKind::Category => CATEGORIES.contains(&title.as_str()),
            LineKind::Education | LineKind::Award | LineKind::Period => (1..=LONGEST).contains(&title.chars().count()),
        };
        expect(known, "title", "staff-wrong-title");
        for field in ["detail", "document"] {
            expect(text(field).chars().count() <= LONGEST, field, "staff-wrong-long");
        }
        let sort = match kind {
            LineKind::Post => some("sort").filter(|sort| SORTS.contains(&sort.as_str())),
            LineKind::Education => some("sort").filter(|sort| DEGREES.contains(&sort.as_str())),
            LineKind::Category | LineKind::Award | LineKind::Period => None,
        };
        expect(sort.is_some() || !matches!(kind, LineKind::Post | LineKind::Education), "sort", "card-wrong-choice");
        let rate = (kind == LineKind::Post).then(|| rate(&text("rate")));
        expect(rate != Some(None), "rate", "staff-wrong-rate");
        let is_future = |day: Date| day > today && kind != LineKind::Post;
        let from = day(&text("from")).filter(|day| within(day) && !is_future(*day));
        expect(from.is_some(), "from", "staff-wrong-from");
        let to = some("to").map(|to| day(&to).filter(within));
        let ends_well = to.is_none_or(|to| to.is_some_and(|to| from.is_none_or(|from| to >= from)));
        expect(ends_well, "to", "staff-wrong-to");
        let document_date = some("document_date").map(|text| day(&text).filter(|day| within(day) && *day <= today));
        expect(document_date != Some(None), "document_date", "staff-wrong-from");
        match from {
            Some(from) if wrong.is_empty() => Ok(Self {
                kind,
                title,
                detail: some("detail"),
                sort,
                rate: rate.flatten(),
                is_pedagogical: (kind == LineKind::Period).then(|| !text("is_pedagogical").is_empty()),
                from,
                to: to.flatten(),
                document: some("document"),
                document_date: document_date.flatten(),
            }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// `0,75`, `1.5` or `1`: from a quarter to two loads, in hundredths.
fn rate(typed: &str) -> Option<i16> {
    let typed = typed.replace(',', ".");
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    if part.len() > 2 || !part.chars().all(|one| one.is_ascii_digit()) || !whole.chars().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let hundredths: i16 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i16>().ok()?.checked_mul(100)?.checked_add(hundredths).filter(|rate| (25..=200).contains(rate))
}

/// How a category stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It ends within half a year.
    EndsSoon,
    /// It is over.
    Over,
}

/// How something that holds until a day stands today.
pub fn standing(to: Option<Date>, today: Date) -> Standing {
    let soon = today.saturating_add(Span::new().months(6));
    match to {
        Some(to) if to < today => Standing::Over,
        Some(to) if to <= soon => Standing::EndsSoon,
        _ => Standing::Holds,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn period(from: Date, to: Date) -> Period {
        Period { from, to: Some(to) }
    }

    #[test]
    fn ten_school_years_are_ten_years() {
        assert_eq!(seniority(&[period(date(2010, 9, 1), date(2020, 8, 31))], TODAY).parts(), (10, 0, 0));
        assert_eq!(seniority(&[Period { from: date(2026, 9, 1), to: None }], TODAY).parts(), (0, 2, 22));
        assert_eq!(seniority(&[period(date(2010, 9, 1), date(2015, 8, 31)), period(date(2013, 1, 1), date(2016, 2, 29))], TODAY).parts(), (5, 6, 0), "what overlaps counts once");
        assert_eq!(seniority(&[period(date(2027, 1, 1), date(2028, 1, 1))], TODAY), Seniority::default(), "nothing that is to come");
    }

    #[test]
    fn a_woman_retires_by_the_rule_that_holds_then() {
        let rule = |from, months| PensionRule { from, months };
        let women = [rule(date(2023, 1, 1), 732), rule(date(2028, 1, 1), 738), rule(date(2029, 1, 1), 744)];
        assert_eq!(pension_date(date(1966, 5, 10), &women), Some(date(2027, 5, 10)));
        assert_eq!(pension_date(date(1966, 12, 31), &women), Some(date(2027, 12, 31)), "the last before the age rises");
        assert_eq!(pension_date(date(1967, 1, 1), &women), Some(date(2028, 7, 1)), "a day later, half a year more");
        assert_eq!(pension_date(date(1968, 3, 1), &women), Some(date(2030, 3, 1)));
        assert_eq!(pension_date(date(1968, 3, 1), &[]), None);
    }

    #[test]
    fn a_load_is_read_as_people_write_it() {
        assert_eq!([rate("0,75"), rate("1"), rate("1.5"), rate("2,00"), rate(".5")], [Some(75), Some(100), Some(150), Some(200), None]);
        assert_eq!([rate("0,2"), rate("2,01"), rate(""), rate("1,555"), rate("-1"), rate("99999999")], [None; 6]);
    }

    #[test]
    fn each_kind_of_line_asks_for_its_own() {
        let typed = |fields: &[(&str, &str)]| fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<HashMap<_, _>>();
        let wrong = |kind, fields: &[(&str, &str)]| match NewLine::parse(kind, &typed(fields), TODAY) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(wrong)) => wrong.into_iter().map(|wrong| wrong.field).collect(),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(wrong(LineKind::Post, &[("title", "teacher"), ("sort", "main"), ("rate", "1"), ("from", "2026-12-01")]), [""; 0], "one who comes next month");
        assert_eq!(wrong(LineKind::Post, &[]), ["title", "sort", "rate", "from"]);
        assert_eq!(wrong(LineKind::Category, &[("title", "tsar"), ("from", "2026-12-01"), ("to", "x")]), ["title", "from", "to"]);
        assert_eq!(wrong(LineKind::Period, &[("title", "№ 5"), ("from", "2010-09-01"), ("to", "2009-09-01")]), ["to"]);
    }

    fn periods() -> impl Strategy<Value = Vec<Period>> {
        let one = (0_i64..9_000, 0_i64..4_000).prop_map(|(start, length)| {
            let from = date(1990, 1, 1).saturating_add(Span::new().days(start));
            period(from, from.saturating_add(Span::new().days(length)))
        });
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn inv_1_a_day_counts_once_in_any_order(periods in periods(), at in 0_usize..8) {
            let whole = seniority(&periods, TODAY);
            let mut turned = periods.clone();
            turned.reverse();
            prop_assert_eq!(seniority(&turned, TODAY), whole);
            let twice: Vec<Period> = periods.iter().chain(&periods).copied().collect();
            prop_assert_eq!(seniority(&twice, TODAY), whole);
            // Cut in two at any day, it is as long as before.
            if let Some(cut) = periods.get(at) {
                let middle = cut.from.saturating_add(Span::new().days(37)).min(cut.to.unwrap());
                let mut parts: Vec<Period> = periods.clone();
                parts[at] = period(cut.from, middle);
                if let Some(next) = middle.tomorrow().ok().filter(|next| *next <= cut.to.unwrap()) {
                    parts.push(period(next, cut.to.unwrap()));
                }
                prop_assert_eq!(seniority(&parts, TODAY), whole);
            }
        }

        #[test]
        fn stretches_that_meet_add_up(start in 0_i64..9_000, first in 0_i64..3_000, second in 0_i64..3_000) {
            let from = date(1990, 1, 1).saturating_add(Span::new().days(start));
            let middle = from.saturating_add(Span::new().days(first));
            let next = middle.tomorrow().unwrap();
            let end = next.saturating_add(Span::new().days(second));
            let sum = seniority(&[period(from, middle)], end).plus(seniority(&[period(next, end)], end));
            prop_assert_eq!(seniority(&[period(from, end)], end), sum);
        }
    }
}
