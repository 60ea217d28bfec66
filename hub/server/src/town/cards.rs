//! What stands in the cards of the town: addresses and phones of families, posts, education, categories and earlier work of staff.

use std::collections::BTreeSet;

use jiff::civil::date;
use kernel::id::{PersonId, SchoolId};

use super::{
    Chance, Rows,
    names::{EMPLOYERS, STREETS, SUBJECTS, UNIVERSITIES},
    rows::{StaffLine, Value},
};

/// Offices that have a post of the same kind.
const POSTS: [(&str, &str); 9] = [
    ("director", "director"),
    ("deputy_academic", "deputy"),
    ("deputy_upbringing", "deputy"),
    ("teacher", "teacher"),
    ("psychologist", "psychologist"),
    ("social_pedagogue", "social-pedagogue"),
    ("career_counsellor", "career-counsellor"),
    ("librarian", "librarian"),
    ("nurse", "nurse"),
];
const CATEGORIES: [&str; 5] = ["pedagogue", "moderator", "expert", "researcher", "master"];

/// Grows the cards of everybody whom the rows know.
pub fn grow(rows: &mut Rows, chance: &mut Chance) {
    families(rows, chance);
    staff(rows, chance);
}

fn families(rows: &mut Rows, chance: &mut Chance) {
    let pupils: Vec<(SchoolId, PersonId)> = rows.enrolments.iter().map(|(school, pupil, _)| (*school, *pupil)).collect();
    for (school, person) in pupils {
        let street = chance.pick(&STREETS).copied().unwrap_or_default();
        let address = format!("{street}, {}", chance.below(120) + 1);
        for (field, value) in [("address", address), ("citizenship", "kz".to_owned())] {
            rows.values.push(Value { school, id: chance.id(), person, field, value });
        }
    }
    let guardians: BTreeSet<(SchoolId, PersonId)> = rows.kinships.iter().map(|kinship| (kinship.school, kinship.guardian)).collect();
    for (school, person) in guardians {
        // Numbers of a block that no operator gives out.
        let value = format!("+7700000{:04}", chance.below(10_000));
        rows.values.push(Value { school, id: chance.id(), person, field: "phone", value });
    }
}

fn staff(rows: &mut Rows, chance: &mut Chance) {
    for (school, person, role) in rows.grants.clone() {
        let Some((_, title)) = POSTS.iter().find(|(office, _)| *office == role) else { continue };
        let began = date(2008, 9, 1).saturating_add(jiff::Span::new().years(i64::try_from(chance.below(17)).unwrap_or(0)));
        let subject = if *title == "teacher" { chance.pick(&SUBJECTS).copied() } else { None };
        let mut line = |kind, title, detail, sort, rate, from, to| rows.staff_lines.push(StaffLine { school, id: chance.id(), person, kind, title, detail, sort, rate, from, to });
        line("post", title, subject, Some("main"), Some(100), began, None);
        let number = usize::try_from(began.year()).unwrap_or(0);
        let some = |of: &'static [&'static str]| of.get(number % of.len().max(1)).copied().unwrap_or_default();
        line("education", some(&UNIVERSITIES), subject, Some("bachelor"), None, date(began.year() - 4, 6, 25), None);
        if !["librarian", "nurse"].contains(title) {
            // They were given in different years, so that some end soon.
            let given = 2022 + began.year().rem_euclid(4);
            line("category", some(&CATEGORIES), None, None, None, date(given, 4, 1), Some(date(given + 5, 3, 31)));
        }
        if number % 3 == 0 {
            line("period", some(&EMPLOYERS), subject, None, None, date(began.year() - 4, 9, 1), Some(date(began.year(), 8, 31)));
        }
    }
}
