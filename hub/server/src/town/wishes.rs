//! What some families of the town have told their school lately and the office has not answered yet: a new address, another phone, a patronymic.
//! Nobody asks whose login is printed for the demo: whoever tries it begins with an empty page of their own.

use std::collections::{BTreeMap, BTreeSet};

use kernel::id::{PersonId, SchoolId, Uuid};

use super::{
    Chance, Rows, School,
    names::STREETS,
    rows::{Wish, WishField},
};

/// So many of each school.
const MOST: usize = 4;
/// Among every so manieth pupil's family those are looked for who may ask.
const EVERY: usize = 7;
/// How many hours ago each was sent; one waits for too long.
const HOURS_AGO: [i32; MOST] = [120, 30, 9, 2];
const NOTES: [Option<&str>; MOST] = [Some("Көшіп келдік, жаңа мекенжайымыз осы."), None, Some("Телефонымды ауыстырдым."), Some("Мы переехали.")];

/// Grows them into the rows, beside the cards that say what stands now.
pub fn grow(rows: &mut Rows, chance: &mut Chance, schools: &[School]) {
    let standing: BTreeMap<(SchoolId, PersonId, &str), String> = rows.values.iter().map(|value| ((value.school, value.person, value.field), value.value.clone())).collect();
    let with_login: BTreeSet<PersonId> = rows.accounts.iter().map(|account| account.person).collect();
    for school in schools {
        let mut askers = school.pupils.iter().skip(EVERY).step_by(EVERY).filter_map(|pupil| Some((pupil.id, pupil.guardians.first().copied()?)));
        for (hours_ago, note) in HOURS_AGO.into_iter().zip(NOTES) {
            let Some((child, asker)) = askers.find(|(_, asker)| with_login.contains(asker) && children(school, *asker) == 2) else { continue };
            let id: Uuid = chance.id();
            let before = |person, field| standing.get(&(school.id, person, field)).cloned();
            let street = chance.pick(&STREETS).copied().unwrap_or_default();
            let address = WishField { about: "child", field: "address", before: before(child, "address"), asked: format!("{street}, {}", 130 + chance.below(40)) };
            let phone = WishField { about: "own", field: "phone", before: before(asker, "phone"), asked: format!("+7700001{:04}", chance.below(10_000)) };
            let fields = match hours_ago {
                120 => vec![address, phone],
                9 => vec![phone],
                _ => vec![address],
            };
            rows.wishes.push(Wish { school: school.id, id, child, asker, note, hours_ago, fields });
        }
    }
}

/// How many children a guardian has at a school: the demo shows those with one and with most.
fn children(school: &School, guardian: PersonId) -> usize {
    school.pupils.iter().filter(|pupil| pupil.guardians.contains(&guardian)).count()
}
