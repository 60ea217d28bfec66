//! A school of its own for each test: pupils with families, staff, cards and devices, written as the synthetic town is.

use crate::{broker::broker, database::database};
use jiff::civil::date;
use kernel::{
    clock::Clock,
    db::{Db, DbRole, Scope},
    id::fresh,
};
use shanyraq::town::{Chance, DEMO_PASSWORD_HASH, Habits, Rows, School, Since, Spec, grow};

/// What the school is to have. Every test has another school, whose code and ids nobody knew before.
#[derive(Debug, Clone)]
pub struct SchoolBuilder {
    pupils: usize,
    teachers: usize,
    entrances: usize,
    tills: usize,
    habits: Habits,
}

impl SchoolBuilder {
    /// Three pupils with one guardian and one phone each, a director and an administrator, a turnstile in and one out, a till.
    pub fn new() -> Self {
        Self { pupils: 3, teachers: 0, entrances: 1, tills: 1, habits: Habits::default() }
    }

    /// So many pupils.
    pub fn pupils(mut self, pupils: usize) -> Self {
        self.pupils = pupils;
        self
    }

    /// So many teachers.
    pub fn teachers(mut self, teachers: usize) -> Self {
        self.teachers = teachers;
        self
    }

    /// So many entrances, each with a turnstile in and one out.
    pub fn entrances(mut self, entrances: usize) -> Self {
        self.entrances = entrances;
        self
    }

    /// So many tills.
    pub fn tills(mut self, tills: usize) -> Self {
        self.tills = tills;
        self
    }

    /// Families as in life: brothers and sisters, second guardians, second phones.
    pub fn habits(mut self, habits: Habits) -> Self {
        self.habits = habits;
        self
    }

    /// Writes the school.
    pub async fn build(self) -> School {
        let random = fresh(Clock::System.now()).as_u128();
        let low = random & 0xffff_ffff;
        let mut rows = Rows::default();
        let code = format!("x{low:08x}");
        let spec = Spec {
            names: [format!("{code} мектебі"), format!("Школа {code}"), format!("School {code}")],
            code,
            parent: None,
            parallels: vec![("А", "kk"), ("Б", "ru")],
            pupils: self.pupils,
            teachers: self.teachers,
            entrances: self.entrances,
            tills: self.tills,
            habits: self.habits,
            known_families: Vec::new(),
            card_byte: 0xa0,
        };
        let mut chance = Chance::new(u64::try_from(random & u128::from(u64::MAX)).expect("it was masked"));
        let school = grow(&mut rows, &mut chance, "secret-of-the-tests", spec);
        let day = date(2026, 9, 1);
        let moment = "2026-08-31T19:00:00Z".parse().expect("a time");
        let mut owner = database().owner().await;
        rows.write(&mut owner, Since { day, moment }, DEMO_PASSWORD_HASH).await.expect("writing the test's school");
        school
    }
}

impl Default for SchoolBuilder {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes the broker know the school's devices.
pub fn admit(school: &School) {
    let accounts: Vec<(&str, &str)> = school.devices.iter().map(|device| (device.code.as_str(), device.password.as_str())).collect();
    broker().admit(&accounts);
}

/// A small pool of the application under a group role, living in the calling test's runtime.
pub fn pool(role: DbRole) -> Db {
    Db::connect(&database().app_url(), role, 4).expect("the test database's address")
}

/// The scope of one school.
pub fn scope_of(school: &School) -> Scope {
    Scope::school(school.id)
}
