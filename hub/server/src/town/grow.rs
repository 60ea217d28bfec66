//! Growing one synthetic school: classes, pupils and their families, staff, cards, devices.

use fleet::registry::broker_password_hash;
use jiff::civil::{Date, date};
use kernel::{
    id::{AccountId, CardId, ClassId, DeviceId, PersonId, SchoolId, TokenId},
    right::Role,
};
use protocol::up::Direction;

use super::{
    chance::{Chance, password_of},
    names::{KAZAKH, Names, RUSSIAN},
    rows::{Account, Card, Class, Device, Kinship, Organisation, Person, Rows, Token},
};

const GRADES: usize = 11;

/// What to grow.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Code of the school.
    pub code: String,
    /// Its name in Kazakh, Russian and English.
    pub names: [String; 3],
    /// What it belongs to.
    pub parent: Option<SchoolId>,
    /// Parallel classes: letter and language of teaching.
    pub parallels: Vec<(&'static str, &'static str)>,
    /// Pupils.
    pub pupils: usize,
    /// Teachers, beside a director and an administrator.
    pub teachers: usize,
    /// Entrances, each with a turnstile in and one out.
    pub entrances: usize,
    /// Tills of the canteen.
    pub tills: usize,
    /// How families are.
    pub habits: Habits,
    /// Families of another school who have their next child here.
    pub known_families: Vec<Family>,
    /// First byte of all card numbers of this school.
    pub card_byte: u8,
}

/// How families are, in percent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Habits {
    /// Pupils who are somebody's brother or sister.
    pub siblings: usize,
    /// Families with a second guardian.
    pub second_guardian: usize,
    /// Guardians with a second phone.
    pub second_phone: usize,
}

/// A family.
#[derive(Debug, Clone)]
pub struct Family {
    surname: (&'static str, &'static str),
    language: &'static str,
    guardians: Vec<(PersonId, Sex)>,
}

/// A grown school, as demo and tests need to know it.
#[derive(Debug, Clone)]
pub struct School {
    /// Its id.
    pub id: SchoolId,
    /// Its code.
    pub code: String,
    /// Its pupils, class by class.
    pub pupils: Vec<Pupil>,
    /// Guardians who are new with this school.
    pub guardians: Vec<Guardian>,
    /// Families who are new with this school.
    pub families: Vec<Family>,
    /// Director, administrator, then teachers.
    pub staff: Vec<Employee>,
    /// Its devices.
    pub devices: Vec<Terminal>,
}

/// A pupil.
#[derive(Debug, Clone)]
pub struct Pupil {
    /// Their id.
    pub id: PersonId,
    /// `Surname Given`.
    pub name: String,
    /// `7А`.
    pub class: String,
    /// Number of their card.
    pub card: String,
    /// Their guardians.
    pub guardians: Vec<PersonId>,
}

/// A guardian.
#[derive(Debug, Clone)]
pub struct Guardian {
    /// Their id.
    pub id: PersonId,
    /// Their login.
    pub login: String,
    /// Their phones.
    pub tokens: Vec<String>,
}

/// Somebody who works at the school.
#[derive(Debug, Clone)]
pub struct Employee {
    /// Their id.
    pub id: PersonId,
    /// What they are.
    pub role: Role,
    /// Their login.
    pub login: String,
    /// Number of their card.
    pub card: String,
}

/// A device with its password.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Its id.
    pub id: DeviceId,
    /// Its code.
    pub code: String,
    /// Its password at the broker.
    pub password: String,
    /// `turnstile` or `till`.
    pub kind: &'static str,
    /// Which way a turnstile stands.
    pub direction: Option<Direction>,
}

/// Who a person is, for the choice of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sex {
    Male,
    Female,
}

impl Sex {
    fn letter(self) -> &'static str {
        match self {
            Self::Male => "m",
            Self::Female => "f",
        }
    }

    fn of(self, (male, female): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::Male => male,
            Self::Female => female,
        }
    }
}

/// Grows a school into the rows.
pub fn grow(rows: &mut Rows, chance: &mut Chance, secret: &str, spec: Spec) -> School {
    let id: SchoolId = chance.id();
    let school = School { id, code: spec.code.clone(), pupils: Vec::new(), guardians: Vec::new(), families: Vec::new(), staff: Vec::new(), devices: Vec::new() };
    let organisation = Organisation { id, parent: spec.parent, kind: "school", code: spec.code.clone(), names: spec.names.clone() };
    rows.organisations.push(organisation);
    let mut grower = Grower { rows, chance, spec, school, cards: 0 };
    grower.pupils();
    grower.staff();
    grower.devices(secret);
    grower.school
}

struct Grower<'a> {
    rows: &'a mut Rows,
    chance: &'a mut Chance,
    spec: Spec,
    school: School,
    cards: u32,
}

impl Grower<'_> {
    fn pupils(&mut self) {
        let classes = self.classes();
        let mut known_families = std::mem::take(&mut self.spec.known_families).into_iter();
        for number in 0..self.spec.pupils {
            // Class by class, as even as the numbers allow.
            let Some(class) = classes.get(number * classes.len() / self.spec.pupils) else { continue };
            let family = match known_families.next() {
                Some(known) => self.newcomers(known),
                None => self.siblings(class.language).unwrap_or_else(|| self.new_family(class.language)),
            };
            self.pupil(class, &family);
        }
    }

    fn classes(&mut self) -> Vec<Class> {
        let mut classes = Vec::new();
        for grade in 1..=GRADES {
            for (letter, language) in self.spec.parallels.clone() {
                let grade = i16::try_from(grade).unwrap_or(1);
                let class = Class { school: self.school.id, id: self.chance.id::<ClassId>(), grade, letter: letter.to_owned(), language, home: None };
                classes.push(class.clone());
                self.rows.classes.push(class);
            }
        }
        classes
    }

    fn pupil(&mut self, class: &Class, family: &Family) {
        let names = names_of(family.language);
        let sex = self.sex();
        let surname = sex.of(family.surname);
        let given = self.chance.pick(if sex == Sex::Male { names.boys } else { names.girls }).copied().unwrap_or_default();
        let born = self.day_of(2020 - class.grade);
        let id = self.person(surname, given, sex, names, born, family.language);
        self.rows.enrolments.push((self.school.id, id, class.id));
        for (guardian, sex) in &family.guardians {
            let kind = if *sex == Sex::Male { "father" } else { "mother" };
            self.rows.kinships.push(Kinship { school: self.school.id, pupil: id, guardian: *guardian, kind });
        }
        let card = self.card(id);
        let guardians = family.guardians.iter().map(|(guardian, _)| *guardian).collect();
        self.school.pupils.push(Pupil { id, name: format!("{surname} {given}"), class: format!("{}{}", class.grade, class.letter), card, guardians });
    }

    /// A family that has a child here already.
    fn siblings(&mut self, language: &str) -> Option<Family> {
        if !self.chance.happens(self.spec.habits.siblings) {
            return None;
        }
        self.chance.pick(&self.school.families).filter(|family| family.language == language).cloned()
    }

    /// A family known at another school.
    fn newcomers(&mut self, family: Family) -> Family {
        for (guardian, _) in &family.guardians {
            self.rows.memberships.push((self.school.id, *guardian));
        }
        family
    }

    fn new_family(&mut self, language: &'static str) -> Family {
        let surname = self.chance.pick(names_of(language).surnames).copied().unwrap_or(("", ""));
        let mut family = Family { surname, language, guardians: Vec::new() };
        let second = self.chance.happens(self.spec.habits.second_guardian);
        for sex in [Sex::Female, Sex::Male].into_iter().take(1 + usize::from(second)) {
            family.guardians.push((self.guardian(&family, sex), sex));
        }
        self.school.families.push(family.clone());
        family
    }

    fn guardian(&mut self, family: &Family, sex: Sex) -> PersonId {
        let id = self.adult(sex.of(family.surname), sex, names_of(family.language), family.language);
        let login = format!("{}-parent-{}", self.spec.code, self.school.guardians.len() + 1);
        self.rows.accounts.push(Account { id: self.chance.id::<AccountId>(), person: id, login: login.clone() });
        let second = self.chance.happens(self.spec.habits.second_phone);
        let tokens: Vec<String> = (1..=1 + usize::from(second)).map(|phone| format!("token-{login}-{phone}")).collect();
        for token in &tokens {
            self.rows.tokens.push(Token { id: self.chance.id::<TokenId>(), person: id, token: token.clone(), locale: locale_of(family.language) });
        }
        self.school.guardians.push(Guardian { id, login, tokens });
        id
    }

    fn staff(&mut self) {
        self.employee(Role::Director, "director".to_owned());
        self.employee(Role::SchoolAdministrator, "admin".to_owned());
        for number in 1..=self.spec.teachers {
            self.employee(Role::Teacher, format!("teacher-{number}"));
        }
    }

    fn employee(&mut self, role: Role, login: String) {
        let language = if self.chance.happens(60) { "kk" } else { "ru" };
        let names = names_of(language);
        let sex = if self.chance.happens(75) { Sex::Female } else { Sex::Male };
        let surname = self.chance.pick(names.surnames).copied().unwrap_or(("", ""));
        let id = self.adult(sex.of(surname), sex, names, language);
        let login = format!("{}-{login}", self.spec.code);
        self.rows.accounts.push(Account { id: self.chance.id::<AccountId>(), person: id, login: login.clone() });
        self.rows.grants.push((self.school.id, id, role.as_str()));
        let card = self.card(id);
        self.school.staff.push(Employee { id, role, login, card });
    }

    fn devices(&mut self, secret: &str) {
        for number in 1..=self.spec.entrances {
            let place = place_of_entrance(number);
            for (direction, way) in [(Direction::In, "кіру"), (Direction::Out, "шығу")] {
                let code = format!("{}gate{number}{}", self.spec.code, direction.as_str());
                self.device(secret, code, "turnstile", format!("Турникет {number}, {way}"), place.clone(), Some(direction));
            }
        }
        for number in 1..=self.spec.tills {
            let code = format!("{}till{number}", self.spec.code);
            self.device(secret, code, "till", format!("Касса {number}"), "Асхана".to_owned(), None);
        }
    }

    fn device(&mut self, secret: &str, code: String, kind: &'static str, name: String, place: String, direction: Option<Direction>) {
        let id: DeviceId = self.chance.id();
        let password = password_of(secret, &code);
        let password_hash = broker_password_hash(&password, self.chance.id());
        self.rows.devices.push(Device { school: self.school.id, id, code: code.clone(), kind, name, place, password_hash });
        self.school.devices.push(Terminal { id, code, password, kind, direction });
    }

    fn adult(&mut self, surname: &str, sex: Sex, names: &Names, language: &'static str) -> PersonId {
        let given = self.chance.pick(if sex == Sex::Male { names.men } else { names.women }).copied().unwrap_or_default();
        let years = i16::try_from(self.chance.below(25)).unwrap_or(0);
        let born = self.day_of(1972 + years);
        self.person(surname, given, sex, names, born, language)
    }

    fn person(&mut self, surname: &str, given: &str, sex: Sex, names: &Names, birth_date: Date, language: &'static str) -> PersonId {
        let id: PersonId = self.chance.id();
        // Patronymics are optional and often absent.
        let patronymic = self.chance.happens(80).then(|| self.chance.pick(names.patronymics).map(|pair| sex.of(*pair).to_owned())).flatten();
        let (surname, given_name) = (surname.to_owned(), given.to_owned());
        self.rows.persons.push(Person { id, surname, given_name, patronymic, birth_date, locale: locale_of(language), sex: Some(sex.letter()) });
        self.rows.memberships.push((self.school.id, id));
        id
    }

    /// Eight hexadecimal digits: the school's byte and a number that is scattered but never met twice.
    fn card(&mut self, person: PersonId) -> String {
        self.cards += 1;
        let scattered = self.cards.wrapping_mul(0x9e_3779) & 0xff_ffff;
        let code = format!("{:02X}{scattered:06X}", self.spec.card_byte);
        self.rows.cards.push(Card { school: self.school.id, id: self.chance.id::<CardId>(), code: code.clone(), person });
        code
    }

    fn day_of(&mut self, year: i16) -> Date {
        let days = i64::try_from(self.chance.below(365)).unwrap_or(0);
        date(year, 1, 1).saturating_add(jiff::SignedDuration::from_hours(24 * days))
    }

    fn sex(&mut self) -> Sex {
        if self.chance.happens(50) { Sex::Male } else { Sex::Female }
    }
}

fn names_of(language: &str) -> &'static Names {
    if language == "ru" { &RUSSIAN } else { &KAZAKH }
}

fn locale_of(language: &str) -> &'static str {
    if language == "ru" { "ru" } else { "kk" }
}

fn place_of_entrance(number: usize) -> String {
    match number {
        1 => "Бас кіреберіс".to_owned(),
        2 => "Аула жағы".to_owned(),
        3 => "Бастауыш сыныптар".to_owned(),
        4 => "Спортзал".to_owned(),
        other => format!("Кіреберіс {other}"),
    }
}
