//! What a class may be.

use std::fmt;

use kernel::{
    Error, Result,
    error::FieldError,
    id::{Uuid, read},
};

/// Languages of teaching, as in SQL.
pub const LANGUAGES: [&str; 5] = ["kk", "ru", "ug", "uz", "tg"];
/// Kinds of classes, as in SQL.
pub const KINDS: [&str; 6] = ["ordinary", "special", "correction", "inclusive", "home", "combined"];
/// Profiles, as in SQL.
pub const PROFILES: [&str; 5] = ["general", "gymnasium", "lyceum", "science", "humanities"];

/// A class as typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Grade.
    pub grade: String,
    /// Letter.
    pub letter: String,
    /// Language of teaching.
    pub language: String,
    /// Kind.
    pub kind: String,
    /// Profile.
    pub profile: String,
    /// Shift.
    pub shift: String,
    /// The building it is at home in.
    pub home_building: String,
    /// What its room is called.
    pub home_room: String,
}

/// A class to write down, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClass {
    /// Grade.
    pub grade: i16,
    /// Letter.
    pub letter: Letter,
    /// Language of teaching.
    pub language: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Profile.
    pub profile: &'static str,
    /// Shift.
    pub shift: i16,
    /// Where it is at home.
    pub home: Home,
}

/// Where a class is at home; both may be left open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// The building.
    pub building: Option<Uuid>,
    /// What its room is called: `214`, `спортзал`.
    pub room: Option<String>,
}

/// So many letters of a room's name.
pub const ROOM_MOST: u32 = 40;

impl Home {
    /// Nothing for the building or for the room where what was typed is none.
    fn parse(typed: &Typed) -> (Option<Option<Uuid>>, Option<Option<String>>) {
        let (building, room) = (typed.home_building.trim(), typed.home_room.trim());
        let building = if building.is_empty() { Some(None) } else { read(building).map(Some) };
        let fits = room.chars().count() <= usize::try_from(ROOM_MOST).unwrap_or(usize::MAX) && !room.chars().any(char::is_control);
        (building, fits.then(|| (!room.is_empty()).then(|| room.to_owned())))
    }
}

impl NewClass {
    /// Reads a form; all that is wrong with it is said at once.
    pub fn parse(typed: &Typed, last_grade: i16) -> Result<Self> {
        let one_of = |list: &[&'static str], text: &str| list.iter().copied().find(|one| *one == text.trim());
        let grade = typed.grade.trim().parse().ok().filter(|grade| (0..=last_grade).contains(grade));
        let letter = Letter::parse(&typed.letter);
        let (language, kind, profile) = (one_of(&LANGUAGES, &typed.language), one_of(&KINDS, &typed.kind), one_of(&PROFILES, &typed.profile));
        let shift = typed.shift.trim().parse().ok().filter(|shift| (1..=3).contains(shift));
        let (building, room) = Home::parse(typed);
        let (has_building, has_room) = (building.is_some(), room.is_some());
        match (grade, letter, language, kind, profile, shift, building, room) {
            (Some(grade), Some(letter), Some(language), Some(kind), Some(profile), Some(shift), Some(building), Some(room)) => {
                Ok(Self { grade, letter, language, kind, profile, shift, home: Home { building, room } })
            }
            _ => {
                let checked = [
                    ("grade", "classes-field-grade", grade.is_some()),
                    ("letter", "classes-field-letter", letter.is_some()),
                    ("language", "classes-field-choose", language.is_some()),
                    ("kind", "classes-field-choose", kind.is_some()),
                    ("profile", "classes-field-choose", profile.is_some()),
                    ("shift", "classes-field-choose", shift.is_some()),
                    ("home_building", "classes-field-choose", has_building),
                    ("home_room", "classes-field-room", has_room),
                ];
                Err(Error::Invalid(checked.into_iter().filter(|(_, _, fine)| !fine).map(|(field, message, _)| FieldError { field, message }).collect()))
            }
        }
    }
}

/// The letter of a class, normalised: `a`, `A` and `а` are all `А`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Letter(char);

/// Latin letters that look like Cyrillic ones, and the Cyrillic ones.
const LOOK_ALIKES: [(char, char); 12] =
    [('A', 'А'), ('B', 'В'), ('C', 'С'), ('E', 'Е'), ('H', 'Н'), ('I', 'І'), ('K', 'К'), ('M', 'М'), ('O', 'О'), ('P', 'Р'), ('T', 'Т'), ('X', 'Х')];

impl Letter {
    /// Reads a letter as typed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = text.trim().chars().flat_map(char::to_uppercase);
        let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
        let cyrillic = LOOK_ALIKES.iter().find(|(latin, _)| *latin == letter).map_or(letter, |(_, cyrillic)| *cyrillic);
        matches!(cyrillic, 'А'..='Я' | 'Ё' | 'Ә' | 'Ғ' | 'Қ' | 'Ң' | 'Ө' | 'Ұ' | 'Ү' | 'Һ' | 'І').then_some(Self(cyrillic))
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_a_class_is_said_at_once() {
        let typed = |grade: &str, letter: &str| Typed { grade: grade.into(), letter: letter.into(), language: "kk".into(), kind: "combined".into(), profile: "science".into(), shift: "2".into(), home_building: String::new(), home_room: " 214 ".into() };
        let class = NewClass::parse(&typed("11", "a"), 11).unwrap();
        assert_eq!((class.grade, class.letter.to_string(), class.kind, class.shift), (11, "А".to_owned(), "combined", 2));
        assert_eq!(class.home, Home { building: None, room: Some("214".into()) });
        let Err(Error::Invalid(wrong)) = NewClass::parse(&Typed { shift: "4".into(), home_building: "castle".into(), home_room: "x".repeat(41), ..typed("12", "7") }, 11) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["grade", "letter", "shift", "home_building", "home_room"]);
        assert!(NewClass::parse(&typed("12", "Б"), 12).is_ok(), "where twelve grades are tried out");
    }

    #[test]
    fn inv_2_a_letter_is_one_capital_cyrillic_letter() {
        for (typed, letter) in [("а", "А"), ("A", "А"), ("a", "А"), (" ә ", "Ә"), ("Б", "Б"), ("k", "К"), ("i", "І")] {
            assert_eq!(Letter::parse(typed).map(|letter| letter.to_string()).as_deref(), Some(letter), "{typed}");
        }
        for typed in ["", "АБ", "7", "D", "-", "ß"] {
            assert_eq!(Letter::parse(typed), None, "{typed}");
        }
    }
}
