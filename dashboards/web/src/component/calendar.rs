//! A month with what stands on its days: quarters, holidays, duties. On a phone the days show a point and the list below says the words.

use askama::{Template, filters::HtmlSafe};
use jiff::{ToSpan, civil::Date};

use super::{Icon, Tone};
use crate::i18n::Texts;

/// What stands on a day.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The day.
    pub day: Date,
    /// In words.
    pub text: String,
    /// Its colour.
    pub tone: Option<Tone>,
    /// Where more is told.
    pub href: Option<String>,
}

/// A day of the month shown, or of its neighbours where a week needs it.
struct Day {
    date: Date,
    within: bool,
    today: bool,
    entries: Vec<Entry>,
}

impl Day {
    fn class(&self) -> &'static str {
        match (self.within, self.today) {
            (false, _) => "sh-other",
            (true, true) => "sh-today",
            (true, false) => "",
        }
    }
}

/// A month.
#[derive(Template)]
#[template(path = "component/calendar.html")]
pub struct MonthCalendar<'a> {
    t: Texts<'a>,
    month: Date,
    today: Date,
    before: String,
    after: String,
    entries: Vec<Entry>,
}
impl HtmlSafe for MonthCalendar<'_> {}

impl<'a> MonthCalendar<'a> {
    /// The month of a day; `address` gives the page of another month, named as [`month_of`] reads it.
    pub fn new(t: Texts<'a>, of: Date, today: Date, entries: Vec<Entry>, address: impl Fn(&str) -> String) -> Self {
        let month = of.first_of_month();
        let named = |day: Date| address(&day.strftime("%Y-%m").to_string());
        let (before, after) = (named(month.saturating_sub(1.month())), named(month.saturating_add(1.month())));
        Self { t, month, today, before, after, entries }
    }

    fn title(&self) -> String {
        self.t.with("month-title", (("month", self.t.text(format!("month-{}", self.month.month()))), ("year", self.month.year().to_string())))
    }

    fn weekdays(&self) -> Vec<(String, String)> {
        (1..=7).map(|day| (self.t.text(format!("weekday-short-{day}")), self.t.text(format!("weekday-{day}")))).collect()
    }

    /// Whole weeks from Monday.
    fn weeks(&self) -> Vec<Vec<Day>> {
        let day = |date: Date| Day { date, within: date.first_of_month() == self.month, today: date == self.today, entries: self.entries.iter().filter(|entry| entry.day == date).cloned().collect() };
        weeks_of(self.month).into_iter().map(|week| week.into_iter().map(day).collect()).collect()
    }

    /// What the list below says.
    fn listed(&self) -> Vec<&Entry> {
        let mut listed: Vec<&Entry> = self.entries.iter().filter(|entry| entry.day.first_of_month() == self.month).collect();
        listed.sort_by_key(|entry| entry.day);
        listed
    }

    fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }

    fn class(&self, entry: &Entry) -> &'static str {
        entry.tone.map_or("", Tone::class)
    }
}

/// The days of the weeks that a month touches.
fn weeks_of(month: Date) -> Vec<Vec<Date>> {
    let first = month.first_of_month();
    let monday = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
    let week = |number: i64| (0..7).map(|day| monday.saturating_add((number * 7 + day).days())).collect::<Vec<Date>>();
    (0..6).map(week).filter(|week| week.iter().any(|day| day.first_of_month() == first)).collect()
}

/// Reads `2026-11`.
pub fn month_of(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_whole_weeks_from_monday() {
        let weeks = weeks_of(date(2026, 11, 22));
        assert_eq!((weeks.len(), weeks[0][0], weeks[5][6]), (6, date(2026, 10, 26), date(2026, 12, 6)));
        let february = weeks_of(date(2027, 2, 1));
        assert_eq!((february.len(), february[0][0], february[3][6]), (4, date(2027, 2, 1), date(2027, 2, 28)));
    }

    #[test]
    fn a_month_is_read_from_its_address() {
        assert_eq!(month_of("2026-11"), Some(date(2026, 11, 1)));
        for wrong in ["", "2026", "2026-13", "x-1", "99999-1"] {
            assert_eq!(month_of(wrong), None, "{wrong}");
        }
    }
}
