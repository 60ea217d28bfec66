//! Those whom a demo needs beside teachers: one person of every other role, and guardians who have no login yet and wait for a code.

use jiff::civil::date;
use kernel::{
    id::{AccountId, PersonId, SchoolId},
    right::{Place, Role},
};

use super::{Chance, DemoLogin, Rows, SUPPLIER, School, rows};

/// Roles that the town has by other ways: by kinship, by growing a school, by the supplier's own.
const THERE_ALREADY: [Role; 6] = [Role::Guardian, Role::Pupil, Role::Teacher, Role::Director, Role::SchoolAdministrator, Role::Support];
/// Names enough for all roles, for men and women of the staff room.
const NAMES: [(&str, &str); 8] = [
    ("Сейітқали", "Гүлмира"),
    ("Ахметова", "Сәуле"),
    ("Ким", "Светлана"),
    ("Нұрланов", "Ерболат"),
    ("Петрова", "Ирина"),
    ("Тілеубай", "Бақыт"),
    ("Жақсыбекова", "Мәншүк"),
    ("Ли", "Андрей"),
];

/// Grows them into the rows: staff at the first school, a librarian who works at the second too, authorities at their own places.
pub fn grow(rows: &mut Rows, chance: &mut Chance, schools: &[School], (region, district): (SchoolId, SchoolId)) -> Vec<DemoLogin> {
    let Some(first) = schools.first() else { return Vec::new() };
    let mut logins = Vec::new();
    for (number, role) in Role::ALL.into_iter().filter(|role| !THERE_ALREADY.contains(role)).enumerate() {
        let (at, prefix) = match (role.place(), role) {
            (Place::Supplier, _) => (SUPPLIER, "supplier"),
            (_, Role::DistrictDepartment) => (district, "burabay"),
            // The ministry has no organisation of its own in a town; its person sits with the region.
            (Place::Authority, _) => (region, "akmola"),
            _ => (first.id, first.code.as_str()),
        };
        let login = format!("{prefix}-{}", role.as_str().replace('_', "-"));
        let person = somebody(rows, chance, number, at, role, &login);
        if role == Role::Librarian
            && let Some(second) = schools.get(1)
        {
            rows.memberships.push((second.id, person));
            rows.grants.push((second.id, person, role.as_str()));
        }
        logins.push(DemoLogin { role, login });
    }
    without_login(rows, schools);
    logins
}

fn somebody(rows: &mut Rows, chance: &mut Chance, number: usize, at: SchoolId, role: Role, login: &str) -> PersonId {
    let id: PersonId = chance.id();
    let (surname, given_name) = NAMES.get(number % NAMES.len()).copied().unwrap_or_default();
    rows.persons.push(rows::Person { id, surname: surname.to_owned(), given_name: given_name.to_owned(), patronymic: None, birth_date: date(1985, 6, 15), locale: "kk", sex: None });
    rows.memberships.push((at, id));
    rows.accounts.push(rows::Account { id: chance.id::<AccountId>(), person: id, login: login.to_owned() });
    rows.grants.push((at, id, role.as_str()));
    id
}

/// The last guardian of the first school has no login yet, so that a code can be printed for somebody.
fn without_login(rows: &mut Rows, schools: &[School]) {
    if let Some(guardian) = schools.first().and_then(|school| school.guardians.last()) {
        rows.accounts.retain(|account| account.person != guardian.id);
    }
}
