//! What a building may be. Pure.

use jiff::civil::Date;
use kernel::{Error, Result, error::FieldError};

/// Kinds of buildings, as in SQL: the main one first.
pub const KINDS: [&str; 8] = ["main", "primary", "study", "hostel", "gym", "canteen", "workshop", "other"];

/// A building as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Kind.
    pub kind: String,
    /// Town or village in Kazakh.
    pub place_kk: String,
    /// Town or village in Russian.
    pub place_ru: String,
    /// Street and number.
    pub address: String,
    /// Year it was built.
    pub year_built: String,
    /// Floors.
    pub floors: String,
    /// Places in one shift.
    pub capacity: String,
    /// Shifts.
    pub shifts: String,
    /// Order of showing.
    pub sort: String,
    /// In use from.
    pub valid_from: String,
    /// In use to.
    pub valid_to: String,
}

/// A building to write down, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBuilding {
    /// Name in Kazakh.
    pub name_kk: String,
    /// Name in Russian.
    pub name_ru: String,
    /// Kind.
    pub kind: &'static str,
    /// Town or village in Kazakh.
    pub place_kk: Option<String>,
    /// Town or village in Russian.
    pub place_ru: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Year it was built.
    pub year_built: Option<i16>,
    /// Floors.
    pub floors: Option<i16>,
    /// Places in one shift.
    pub capacity: Option<i32>,
    /// Shifts.
    pub shifts: Option<i16>,
    /// Order of showing.
    pub sort: i16,
    /// In use from.
    pub valid_from: Date,
    /// In use to.
    pub valid_to: Option<Date>,
}

/// What was wrong, field by field.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn unless<T>(&mut self, value: Option<T>, field: &'static str, message: &'static str) -> Option<T> {
        if value.is_none() {
            self.0.push(FieldError { field, message });
        }
        value
    }

    /// What may be left empty: nothing, or a number within its bounds.
    fn number<T: std::str::FromStr + PartialOrd>(&mut self, text: &str, (least, most): (T, T), field: &'static str, message: &'static str) -> Option<T> {
        if text.trim().is_empty() {
            return None;
        }
        let number = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
        self.unless(number, field, message)
    }

    fn words(&mut self, text: &str, most: usize, field: &'static str) -> Option<String> {
        let text = text.trim();
        let fits = text.chars().count() <= most && !text.chars().any(char::is_control);
        self.unless(fits.then_some(()), field, "buildings-field-words")?;
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn name(&mut self, text: &str, field: &'static str) -> Option<String> {
        let text = text.trim();
        let fits = (2..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        self.unless(fits.then(|| text.to_owned()), field, "buildings-field-name")
    }
}

/// A day as a browser sends it, or as people type it.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok()).filter(|day: &Date| (1900..2100).contains(&day.year()))
}

impl NewBuilding {
    /// Reads a form; all that is wrong with it is said at once.
    pub fn parse(typed: &Typed, today: Date) -> Result<Self> {
        let mut wrong = Wrong::default();
        let name_kk = wrong.name(&typed.name_kk, "name_kk");
        let name_ru = wrong.name(&typed.name_ru, "name_ru");
        let kind = wrong.unless(KINDS.into_iter().find(|kind| *kind == typed.kind), "kind", "buildings-field-choose");
        let place_kk = wrong.words(&typed.place_kk, 100, "place_kk");
        let place_ru = wrong.words(&typed.place_ru, 100, "place_ru");
        let address = wrong.words(&typed.address, 300, "address");
        let year_built = wrong.number(&typed.year_built, (1800, today.year().saturating_add(1)), "year_built", "buildings-field-year");
        let floors = wrong.number(&typed.floors, (1, 50), "floors", "buildings-field-floors");
        let capacity = wrong.number(&typed.capacity, (1, 10_000), "capacity", "buildings-field-capacity");
        let shifts = wrong.number(&typed.shifts, (1, 3), "shifts", "buildings-field-shifts");
        let sort = if typed.sort.trim().is_empty() { Some(1) } else { wrong.number(&typed.sort, (1, 99), "sort", "buildings-field-sort") };
        let valid_from = wrong.unless(day(&typed.valid_from), "valid_from", "buildings-field-day");
        let valid_to = if typed.valid_to.trim().is_empty() { Some(None) } else { wrong.unless(day(&typed.valid_to).filter(|to| valid_from.is_none_or(|from| from <= *to)).map(Some), "valid_to", "buildings-field-end") };
        match (name_kk, name_ru, kind, sort, valid_from, valid_to) {
            (Some(name_kk), Some(name_ru), Some(kind), Some(sort), Some(valid_from), Some(valid_to)) if wrong.0.is_empty() => {
                Ok(Self { name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to })
            }
            _ => Err(Error::Invalid(wrong.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed { name_kk: "Бас ғимарат".into(), name_ru: "Главный корпус".into(), kind: "main".into(), valid_from: "01.09.1987".into(), ..Typed::default() }
    }

    fn today() -> Date {
        "2026-11-22".parse().unwrap()
    }

    #[test]
    fn what_may_be_left_empty_is_nothing() {
        let building = NewBuilding::parse(&typed(), today()).unwrap();
        assert_eq!((building.year_built, building.floors, building.capacity, building.shifts, building.address, building.valid_to), (None, None, None, None, None, None));
        assert_eq!((building.sort, building.valid_from.to_string().as_str()), (1, "1987-09-01"));
    }

    #[test]
    fn every_mistake_is_said_at_its_field() {
        let cases: [(&str, fn(&mut Typed)); 11] = [
            ("name_kk", |typed| typed.name_kk = " ".into()),
            ("name_ru", |typed| typed.name_ru = "x".repeat(201)),
            ("kind", |typed| typed.kind = "castle".into()),
            ("address", |typed| typed.address = "x".repeat(301)),
            ("year_built", |typed| typed.year_built = "2100".into()),
            ("floors", |typed| typed.floors = "0".into()),
            ("capacity", |typed| typed.capacity = "many".into()),
            ("shifts", |typed| typed.shifts = "4".into()),
            ("sort", |typed| typed.sort = "-1".into()),
            ("valid_from", |typed| typed.valid_from = String::new()),
            ("valid_to", |typed| typed.valid_to = "31.08.1987".into()),
        ];
        for (field, spoil) in cases {
            let mut typed = typed();
            spoil(&mut typed);
            let Err(Error::Invalid(wrong)) = NewBuilding::parse(&typed, today()) else { panic!("{field} was taken") };
            assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), [field]);
        }
    }
}
