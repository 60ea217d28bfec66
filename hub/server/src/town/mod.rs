//! The synthetic town of the demo: a region, a district and three schools with 2,400 pupils, their families, staff, cards and
//! sixty devices. Nobody of them exists; all follow from a seed, so that the town is the same every time.
//!
//! [`load`] writes what is missing and nothing else: a second run changes nothing, and what people did in the demo stays.
//! [`grow`] is the way to a single school of any size, which the tests use.
//! Passwords of devices follow from a secret of the installation, never from the seed alone.

mod cards;
mod chance;
mod colleagues;
mod consents;
mod grow;
mod houses;
mod losses;
mod names;
mod rows;
mod wishes;
mod writing;

use std::{io, path::Path};

pub use chance::Chance;
pub use grow::{Employee, Family, Guardian, Habits, Pupil, School, Spec, Terminal, grow};
use jiff::{civil::date, tz::TimeZone};
use kernel::{
    id::{AccountId, PersonId, SchoolId, Uuid},
    right::Role,
};
pub use rows::{Account, Organisation, Person, Rows};
use serde_json::{Value, json};
use tokio_postgres::Client;
pub use writing::Since;

/// The seed of the demo.
const SEED: u64 = 20_261_122;
/// The one password of all demo logins.
pub const DEMO_PASSWORD: &str = "shanyraq";
/// Its hash, made once: thousands of logins share it, and hashing it again for each would take minutes.
pub const DEMO_PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3ludGhldGljLXRvd24tMQ$oeobAJuySSFUWXCXf54UXG3Oj22PRpllUaCArEvDmyY";
/// The supplier of the service, made by the first migration.
const SUPPLIER: SchoolId = SchoolId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));
/// What canteens sell: item and price in tiyn.
const DISHES: [(&str, i64); 8] = [
    ("Тегін түскі ас", 0),
    ("Түскі ас", 95_000),
    ("Палау", 80_000),
    ("Самса", 45_000),
    ("Көже", 55_000),
    ("Тоқаш", 20_000),
    ("Шай", 10_000),
    ("Компот", 15_000),
];

/// Why the town could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TownError {
    /// The database refused.
    #[error("loading the synthetic town: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// The day it began is none.
    #[error("loading the synthetic town: {0}")]
    Calendar(#[from] jiff::Error),
    /// The file could not be written.
    #[error("writing {path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

/// The town as loaded.
#[derive(Debug, Clone)]
pub struct Town {
    /// Its schools.
    pub schools: Vec<School>,
    /// Logins worth printing, all with [`DEMO_PASSWORD`].
    pub logins: Vec<DemoLogin>,
    /// Rows that were not there before.
    pub new_rows: u64,
}

/// A login to try the demo with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLogin {
    /// What one is with it.
    pub role: Role,
    /// What one types.
    pub login: String,
}

/// Grows the town and writes what is missing of it through the owner's connection. `secret` is the installation's own.
pub async fn load(owner: &mut Client, secret: &str) -> Result<Town, TownError> {
    let mut rows = Rows::default();
    let (schools, others) = grow_town(&mut rows, secret);
    let logins = demo_logins(&schools, others);
    let day = date(2026, 9, 1);
    let moment = day.to_zoned(TimeZone::get("Asia/Almaty")?)?.timestamp();
    let new_rows = rows.write(owner, Since { day, moment }, DEMO_PASSWORD_HASH).await?;
    Ok(Town { schools, logins, new_rows })
}

fn grow_town(rows: &mut Rows, secret: &str) -> (Vec<School>, Vec<DemoLogin>) {
    let mut chance = Chance::new(SEED);
    let region = organisation(rows, &mut chance, None, "region", "akmola", ["Ақмола облысы", "Акмолинская область", "Akmola Region"]);
    let district = organisation(rows, &mut chance, Some(region), "district", "burabay", ["Бурабай ауданы", "Бурабайский район", "Burabay District"]);
    let mut schools: Vec<School> = Vec::new();
    for (code, names, parallels) in [
        ("s001", ["№ 1 Абай атындағы мектеп-гимназия", "Школа-гимназия № 1 имени Абая", "Abai School-Gymnasium No. 1"], [("А", "kk"), ("Ә", "kk"), ("Б", "ru")]),
        ("s002", ["№ 2 Ыбырай Алтынсарин атындағы орта мектеп", "Средняя школа № 2 имени Ыбырая Алтынсарина", "Ybyrai Altynsarin School No. 2"],
            [("А", "kk"), ("Б", "ru"), ("В", "ru")]),
        ("s003", ["№ 3 Мәншүк Мәметова атындағы лицей", "Лицей № 3 имени Маншук Маметовой", "Manshuk Mametova Lyceum No. 3"], [("А", "kk"), ("Ә", "kk"), ("В", "ru")]),
    ] {
        // Some families have children in two schools.
        let known_families = schools.last().map(|school| school.families.iter().step_by(40).cloned().collect()).unwrap_or_default();
        let card_byte = u8::try_from(schools.len()).unwrap_or(0) + 1;
        let spec = Spec {
            code: code.to_owned(),
            names: names.map(str::to_owned),
            parent: Some(district),
            parallels: parallels.to_vec(),
            pupils: 800,
            teachers: 40,
            entrances: 8,
            tills: 4,
            habits: Habits { siblings: 25, second_guardian: 50, second_phone: 20 },
            known_families,
            card_byte,
        };
        let school = grow(rows, &mut chance, secret, spec);
        schools.push(school);
    }
    support(rows, &mut chance);
    // Last of all, so that the ids of everybody before stay what they were in towns that stand already.
    let others = colleagues::grow(rows, &mut chance, &schools, (region, district));
    consents::grow(rows, &mut chance);
    cards::grow(rows, &mut chance);
    houses::grow(rows, &mut chance, &schools);
    wishes::grow(rows, &mut chance, &schools);
    losses::grow(rows, &mut chance, &schools);
    (schools, others)
}

fn organisation(rows: &mut Rows, chance: &mut Chance, parent: Option<SchoolId>, kind: &'static str, code: &str, names: [&str; 3]) -> SchoolId {
    let id: SchoolId = chance.id();
    rows.organisations.push(rows::Organisation { id, parent, kind, code: code.to_owned(), names: names.map(str::to_owned) });
    id
}

fn support(rows: &mut Rows, chance: &mut Chance) {
    let id: PersonId = chance.id();
    let person = rows::Person {
        id,
        surname: "Жұмабекова".to_owned(),
        given_name: "Дина".to_owned(),
        patronymic: None,
        birth_date: date(1994, 4, 12),
        locale: "kk",
        sex: Some("f"),
    };
    rows.persons.push(person);
    rows.memberships.push((SUPPLIER, id));
    rows.accounts.push(rows::Account { id: chance.id::<AccountId>(), person: id, login: "support".to_owned() });
    rows.grants.push((SUPPLIER, id, Role::Support.as_str()));
}

/// The guardian with most children, a usual one, each kind of staff of the first school, support, and one of every other role.
fn demo_logins(schools: &[School], others: Vec<DemoLogin>) -> Vec<DemoLogin> {
    let Some(first) = schools.first() else { return Vec::new() };
    let children = |guardian: &&Guardian| schools.iter().flat_map(|school| &school.pupils).filter(|pupil| pupil.guardians.contains(&guardian.id)).count();
    let busiest = first.guardians.iter().max_by_key(children);
    let usual = first.guardians.iter().find(|guardian| children(guardian) == 1);
    let guardians = busiest.into_iter().chain(usual).map(|guardian| DemoLogin { role: Role::Guardian, login: guardian.login.clone() });
    let staff = first.staff.iter().take(3).map(|employee| DemoLogin { role: employee.role, login: employee.login.clone() });
    let support = DemoLogin { role: Role::Support, login: "support".to_owned() };
    guardians.chain(staff).chain([support]).chain(others).collect()
}

impl Town {
    /// The town file of the swarm.
    pub fn swarm_file(&self, broker_host: &str, broker_port: u16) -> Value {
        let dishes: Vec<Value> = DISHES.iter().map(|(item, price_tiyn)| json!({ "item": item, "price_tiyn": price_tiyn })).collect();
        let schools: Vec<Value> = self.schools.iter().map(|school| swarm_school(school, &dishes)).collect();
        json!({ "broker": { "host": broker_host, "port": broker_port }, "schools": schools })
    }

    /// Writes the town file, readable by us only: it holds passwords.
    pub fn write_swarm_file(&self, path: &Path, broker_host: &str, broker_port: u16) -> Result<(), TownError> {
        let text = self.swarm_file(broker_host, broker_port).to_string();
        crate::embedded::folder::replace_file(path, 0o600, text.as_bytes())
            .map_err(|source| TownError::File { path: path.display().to_string(), source })
    }
}

fn swarm_school(school: &School, dishes: &[Value]) -> Value {
    let device = |device: &Terminal| {
        json!({ "code": device.code, "password": device.password, "kind": device.kind, "direction": device.direction.map(|direction| direction.as_str()) })
    };
    let devices: Vec<Value> = school.devices.iter().map(device).collect();
    let cards: Vec<&String> = school.pupils.iter().map(|pupil| &pupil.card).chain(school.staff.iter().map(|employee| &employee.card)).collect();
    json!({ "code": school.code, "devices": devices, "cards": cards, "dishes": dishes })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_town_is_as_large_as_promised_and_the_same_every_time() {
        let (mut rows, mut again) = (Rows::default(), Rows::default());
        let (schools, others) = grow_town(&mut rows, "secret");
        grow_town(&mut again, "secret");
        let logins = demo_logins(&schools, others);
        assert!(Role::ALL.iter().filter(|role| **role != Role::Pupil).all(|role| logins.iter().any(|login| login.role == *role)), "every role can be tried");
        let pupils: usize = schools.iter().map(|school| school.pupils.len()).sum();
        assert_eq!((schools.len(), pupils, rows.devices.len()), (3, 2400, 60));
        let ids = |rows: &Rows| rows.persons.iter().map(|person| person.id).collect::<BTreeSet<_>>();
        assert_eq!(ids(&rows), ids(&again));
        assert_eq!(ids(&rows).len(), rows.persons.len());
        let codes: BTreeSet<_> = rows.cards.iter().map(|card| &card.code).collect();
        assert_eq!(codes.len(), rows.cards.len());
        assert!(rows.devices.iter().all(|device| protocol::topic::Code::parse(&device.code).is_ok()));
    }

    #[test]
    fn every_class_has_a_room_of_its_own_and_every_school_something_to_answer() {
        let mut rows = Rows::default();
        let (schools, others) = grow_town(&mut rows, "secret");
        let rooms: BTreeSet<_> = rows.classes.iter().filter_map(|class| class.home.as_ref().map(|home| (class.school, home.building, home.room.clone()))).collect();
        assert_eq!(rooms.len(), rows.classes.len());
        let shown: BTreeSet<String> = demo_logins(&schools, others).into_iter().map(|login| login.login).collect();
        for school in &schools {
            let asked: Vec<_> = rows.wishes.iter().filter(|wish| wish.school == school.id).collect();
            assert!(asked.len() >= 3, "{}: {}", school.code, asked.len());
            assert!(asked.iter().all(|wish| wish.fields.iter().all(|field| field.before.is_some() && field.before.as_ref() != Some(&field.asked))));
            assert!(rows.accounts.iter().filter(|account| shown.contains(&account.login)).all(|account| asked.iter().all(|wish| wish.asker != account.person)));
        }
    }

    #[test]
    fn somebody_has_children_in_two_schools() {
        let mut rows = Rows::default();
        let (schools, _) = grow_town(&mut rows, "secret");
        let has_child_in = |guardian: &Guardian, school: &School| school.pupils.iter().any(|pupil| pupil.guardians.contains(&guardian.id));
        let both = schools[0].guardians.iter().filter(|guardian| has_child_in(guardian, &schools[0]) && has_child_in(guardian, &schools[1]));
        assert!(both.count() >= 10);
    }
}
