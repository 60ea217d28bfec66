//! Who looks alike, who may be merged, and until when it can be undone. Pure.

use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{Error, Result};

use crate::pupils::card::Field;

/// For how long a merge can be undone.
pub const UNDO_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Somebody as a likeness is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub born: Option<Date>,
    /// Phone.
    pub phone: Option<String>,
}

/// Why two look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The same names.
    SameName,
    /// Surname and given name have changed places.
    Swapped,
    /// One letter of a name is different.
    OneLetter,
    /// Born on the same day.
    SameBirth,
    /// The same phone.
    SamePhone,
}

impl Why {
    /// At the end of message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::SameName => "same-name",
            Self::Swapped => "swapped",
            Self::OneLetter => "one-letter",
            Self::SameBirth => "same-birth",
            Self::SamePhone => "same-phone",
        }
    }
}

/// Why these two look alike; nothing where they do not. The names must be the same, swapped, or one letter apart; names alone that are one
/// letter apart are no likeness, and who was born on another day or bears another patronymic is somebody else.
pub fn likeness(a: &Face, b: &Face) -> Vec<Why> {
    let [(s1, g1), (s2, g2)] = [a, b].map(|face| (fold(&face.surname), fold(&face.given_name)));
    let name = if s1 == s2 && g1 == g2 {
        Why::SameName
    } else if s1 == g2 && g1 == s2 {
        Why::Swapped
    } else if (s1 == s2 && is_one_apart(&g1, &g2)) || (g1 == g2 && is_one_apart(&s1, &s2)) {
        Why::OneLetter
    } else {
        return Vec::new();
    };
    let differ = |one: Option<&String>, other: Option<&String>| match (one, other) {
        (Some(one), Some(other)) => fold(one) != fold(other) && !is_one_apart(&fold(one), &fold(other)),
        _ => false,
    };
    let same_birth = a.born.is_some() && a.born == b.born;
    let other_birth = a.born.is_some() && b.born.is_some() && a.born != b.born;
    let same_phone = a.phone.is_some() && a.phone == b.phone;
    if other_birth || differ(a.patronymic.as_ref(), b.patronymic.as_ref()) || (name == Why::OneLetter && !same_birth && !same_phone) {
        return Vec::new();
    }
    [Some(name), same_birth.then_some(Why::SameBirth), same_phone.then_some(Why::SamePhone)].into_iter().flatten().collect()
}

/// Small letters, and Kazakh ones as people without them on the keyboard type them.
fn fold(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'ә' => 'а',
            'ғ' => 'г',
            'қ' => 'к',
            'ң' => 'н',
            'ө' => 'о',
            'ұ' | 'ү' => 'у',
            'һ' => 'х',
            'і' | 'й' => 'и',
            'ё' => 'е',
            other => other,
        })
        .collect()
}

/// Whether one letter was changed, left out or added; never for names of fewer than three letters, which are all near each other.
fn is_one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 3 || long.len() - short.len() > 1 || short == long {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(one, other)| one == other).count();
    let rest = |name: &[char], from: usize| name.get(from..).unwrap_or_default().to_vec();
    let skip = usize::from(short.len() == long.len());
    rest(&short, same + skip) == rest(&long, same + 1)
}

/// What could stand in the way of a merge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// One of them is known to another school.
    pub is_elsewhere: bool,
    /// Both have an IIN, and no two people share one.
    pub two_iins: bool,
    /// They were in different classes on the same days.
    pub two_classes: bool,
    /// Both have a login that was used.
    pub two_logins: bool,
    /// Both have a login, and the one of who would go was used.
    pub login_of_gone: bool,
    /// Sealed records of who would stay.
    pub confidential_of_kept: bool,
    /// Sealed records of who would go.
    pub confidential_of_gone: bool,
    /// One is the other's guardian.
    pub are_kin: bool,
    /// One of them is being erased.
    pub is_leaving: bool,
    /// A pupil, and somebody who is a guardian or works here.
    pub pupil_and_adult: bool,
    /// Both have an open slip to another school.
    pub two_transfers: bool,
    /// Who merges is one of them.
    pub is_oneself: bool,
}

/// Why two cannot be merged; nothing where they can.
pub fn refusal(facts: Facts) -> Option<&'static str> {
    let Facts { is_elsewhere, two_iins, two_classes, two_logins, login_of_gone, confidential_of_kept, confidential_of_gone, are_kin, is_leaving, pupil_and_adult, two_transfers, is_oneself } = facts;
    [
        (is_oneself, "doubles.oneself"),
        (is_leaving, "doubles.leaving"),
        (is_elsewhere, "doubles.elsewhere"),
        (two_iins, "doubles.two_iins"),
        (are_kin, "doubles.kin"),
        (pupil_and_adult, "doubles.pupil_and_adult"),
        (two_classes, "doubles.two_classes"),
        (two_transfers, "doubles.two_transfers"),
        (two_logins, "doubles.two_logins"),
        (login_of_gone, "doubles.keep_login"),
        (confidential_of_gone && confidential_of_kept, "doubles.two_confidential"),
        (confidential_of_gone, "doubles.keep_confidential"),
    ]
    .into_iter()
    .find_map(|(so, code)| so.then_some(code))
}

/// Whether a merge can be undone still.
///
/// # Errors
/// A refusal after a day.
pub fn may_undo(merged_at: Timestamp, now: Timestamp) -> Result<()> {
    if now.duration_since(merged_at) <= UNDO_WITHIN { Ok(()) } else { Err(Error::Refused("doubles.too_late")) }
}

/// What the card of who stays is to say, of the fields about which the two differ: what the other's said where the form chose it, its own
/// where it did not. Nothing of its own is a word too: what moved along with the other's rows is taken back then.
pub fn settled(fields: &[Field], kept: impl Fn(Field) -> Option<String>, gone: impl Fn(Field) -> Option<String>, is_chosen: impl Fn(Field) -> bool) -> Vec<(Field, Option<String>)> {
    let differing = fields.iter().copied().filter(|field| kept(*field) != gone(*field));
    differing.map(|field| (field, if is_chosen(field) { gone(field) } else { kept(field) })).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn face(surname: &str, given_name: &str, born: Option<Date>, phone: Option<&str>) -> Face {
        Face { surname: surname.into(), given_name: given_name.into(), patronymic: None, born, phone: phone.map(Into::into) }
    }

    #[test]
    fn who_looks_alike_and_who_does_not() {
        let (day, other) = (Some(date(2016, 4, 15)), Some(date(2015, 1, 1)));
        let meant = face("Оспанова", "Айзере", day, Some("+77010000000"));
        for (somebody, whys) in [
            (face("ОСПАНОВА", "Айзере", None, None), vec![Why::SameName]),
            (face("Айзере", "Оспанова", day, None), vec![Why::Swapped, Why::SameBirth]),
            (face("Оспанова", "Айзера", day, None), vec![Why::OneLetter, Why::SameBirth]),
            (face("Оспанва", "Айзере", None, Some("+77010000000")), vec![Why::OneLetter, Why::SamePhone]),
            (face("Оспанова", "Айзера", None, None), vec![]),
            (face("Оспанова", "Айзере", other, None), vec![]),
            (face("Оспанова", "Дана", day, Some("+77010000000")), vec![]),
            (Face { patronymic: Some("Бериковна".into()), ..face("Оспанова", "Айзере", day, None) }, vec![Why::SameName, Why::SameBirth]),
        ] {
            assert_eq!(likeness(&meant, &somebody), whys, "{somebody:?}");
        }
        let of = |patronymic: &str| Face { patronymic: Some(patronymic.into()), ..meant.clone() };
        assert!(likeness(&of("Бериковна"), &of("Маратовна")).is_empty(), "another father");
    }

    #[test]
    fn every_obstacle_has_its_own_sentence() {
        assert_eq!(refusal(Facts::default()), None);
        assert_eq!(refusal(Facts { confidential_of_kept: true, ..Facts::default() }), None);
        let obstacles = [
            Facts { is_elsewhere: true, ..Facts::default() },
            Facts { two_iins: true, ..Facts::default() },
            Facts { two_classes: true, ..Facts::default() },
            Facts { two_logins: true, ..Facts::default() },
            Facts { login_of_gone: true, ..Facts::default() },
            Facts { confidential_of_gone: true, ..Facts::default() },
            Facts { confidential_of_gone: true, confidential_of_kept: true, ..Facts::default() },
            Facts { are_kin: true, ..Facts::default() },
            Facts { is_leaving: true, ..Facts::default() },
            Facts { pupil_and_adult: true, ..Facts::default() },
            Facts { two_transfers: true, ..Facts::default() },
            Facts { is_oneself: true, ..Facts::default() },
        ];
        let mut codes: Vec<_> = obstacles.into_iter().map(|facts| refusal(facts).unwrap()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), obstacles.len());
    }

    #[test]
    fn a_day_is_a_day() {
        let at: Timestamp = "2026-11-22T03:00:00Z".parse().unwrap();
        assert!(may_undo(at, at + UNDO_WITHIN).is_ok());
        assert!(may_undo(at, at + UNDO_WITHIN + SignedDuration::from_secs(1)).is_err());
    }

    proptest! {
        #[test]
        fn inv_1_likeness_has_no_order(s1 in "[абқк]{1,4}", g1 in "[абқк]{1,4}", s2 in "[абқк]{1,4}", g2 in "[абқк]{1,4}", b1 in proptest::option::of(1_i8..3), b2 in proptest::option::of(1_i8..3)) {
            let [a, b] = [(s1, g1, b1), (s2, g2, b2)].map(|(s, g, day)| face(&s, &g, day.map(|day| date(2016, 4, day)), None));
            prop_assert_eq!(likeness(&a, &b), likeness(&b, &a));
            prop_assert_eq!(likeness(&a, &a).first().copied(), Some(Why::SameName));
        }

        #[test]
        fn one_letter_is_what_one_typing_mistake_makes(name in "[а-я]{3,8}", at in 0_usize..8, letter in proptest::char::range('а', 'я'), mistake in 0_u8..3) {
            let mut wrong: Vec<char> = name.chars().collect();
            let at = at % wrong.len();
            match mistake {
                0 => wrong[at] = letter,
                1 => wrong.insert(at, letter),
                _ => { wrong.remove(at); }
            }
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(is_one_apart(&name, &wrong), name != wrong && wrong.chars().count() >= 3);
            prop_assert_eq!(is_one_apart(&name, &wrong), is_one_apart(&wrong, &name));
            let far = name.clone() + "аб";
            prop_assert!(!is_one_apart(&name, &far));
        }

        #[test]
        fn what_was_chosen_is_what_stands(kept in proptest::collection::vec(proptest::option::of("[аб]"), 11), gone in proptest::collection::vec(proptest::option::of("[аб]"), 11), chosen in proptest::collection::vec(any::<bool>(), 11)) {
            let of = |values: &[Option<String>], field: Field| Field::ALL.into_iter().position(|one| one == field).and_then(|at| values[at].clone());
            let is_chosen = |field| Field::ALL.into_iter().position(|one| one == field).is_some_and(|at| chosen[at]);
            let settled = settled(&Field::ALL, |field| of(&kept, field), |field| of(&gone, field), is_chosen);
            for field in Field::ALL {
                let (own, other) = (of(&kept, field), of(&gone, field));
                match settled.iter().find(|(one, _)| *one == field) {
                    Some((_, value)) => prop_assert_eq!(value, if is_chosen(field) { &other } else { &own }),
                    None => prop_assert_eq!(own, other),
                }
            }
        }
    }
}
