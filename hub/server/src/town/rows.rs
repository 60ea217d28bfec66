//! The rows of synthetic schools. How they get into the database says `writing`.

use jiff::civil::Date;
use kernel::id::{AccountId, CardId, ClassId, DeviceId, PersonId, SchoolId, TokenId, Uuid};

/// An organisation of the tree.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its id.
    pub id: SchoolId,
    /// What it belongs to.
    pub parent: Option<SchoolId>,
    /// `school`, `district`, `region`.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its name in Kazakh, Russian and English.
    pub names: [String; 3],
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub birth_date: Date,
    /// The language they read.
    pub locale: &'static str,
    /// `m` or `f`, where the register knows it.
    pub sex: Option<&'static str>,
}

/// What stands in somebody's card.
#[derive(Debug, Clone)]
pub struct Value {
    /// The school that wrote it.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// Whose card.
    pub person: PersonId,
    /// Which field.
    pub field: &'static str,
    /// What it says.
    pub value: String,
}

/// A line of an employee's card.
#[derive(Debug, Clone)]
pub struct StaffLine {
    /// The school.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// Whose card.
    pub person: PersonId,
    /// `post`, `education`, `category`, `period`.
    pub kind: &'static str,
    /// Position, institution, category, employer.
    pub title: &'static str,
    /// Subject, speciality.
    pub detail: Option<&'static str>,
    /// How a post is held; degree.
    pub sort: Option<&'static str>,
    /// Hundredths of a load.
    pub rate: Option<i16>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
}

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its school.
    pub school: SchoolId,
    /// Its id.
    pub id: ClassId,
    /// Grade.
    pub grade: i16,
    /// Letter.
    pub letter: String,
    /// Language of teaching.
    pub language: &'static str,
    /// Where it is at home, where that is known.
    pub home: Option<Home>,
}

/// Where a class is at home.
#[derive(Debug, Clone)]
pub struct Home {
    /// The building.
    pub building: Uuid,
    /// The room.
    pub room: String,
}

/// A building.
#[derive(Debug, Clone)]
pub struct Building {
    /// Its school.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// Its name in Kazakh.
    pub name_kk: &'static str,
    /// In Russian.
    pub name_ru: &'static str,
    /// `main`, `primary`, `gym`, …
    pub kind: &'static str,
    /// Street and number.
    pub address: &'static str,
    /// The year it was built.
    pub year_built: i16,
    /// Floors.
    pub floors: i16,
    /// Places in one shift.
    pub capacity: i32,
    /// Shifts.
    pub shifts: Option<i16>,
    /// The order of showing.
    pub sort: i16,
    /// In use from.
    pub from: Date,
}

/// What a guardian says has changed.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The school.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// The child.
    pub child: PersonId,
    /// Who says it.
    pub asker: PersonId,
    /// What they wrote beside.
    pub note: Option<&'static str>,
    /// How long before the town was loaded.
    pub hours_ago: i32,
    /// The fields.
    pub fields: Vec<WishField>,
}

/// A field of it.
#[derive(Debug, Clone)]
pub struct WishField {
    /// `child`, `own`.
    pub about: &'static str,
    /// Which.
    pub field: &'static str,
    /// What stands.
    pub before: Option<String>,
    /// What is asked for.
    pub asked: String,
}

/// Whose child a pupil is.
#[derive(Debug, Clone)]
pub struct Kinship {
    /// The pupil's school.
    pub school: SchoolId,
    /// The pupil.
    pub pupil: PersonId,
    /// The guardian.
    pub guardian: PersonId,
    /// `mother`, `father`, `grandparent`.
    pub kind: &'static str,
}

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The school it opens.
    pub school: SchoolId,
    /// Its id.
    pub id: CardId,
    /// Its number.
    pub code: String,
    /// Whose it is.
    pub person: PersonId,
}

/// A card that was lost, and blocked by a guardian.
#[derive(Debug, Clone)]
pub struct Loss {
    /// The school it opened.
    pub school: SchoolId,
    /// The block's id.
    pub id: Uuid,
    /// The card.
    pub card: CardId,
    /// Whose it is.
    pub person: PersonId,
    /// Who blocked it.
    pub guardian: PersonId,
    /// `lost`, `stolen`, `broken`.
    pub reason: &'static str,
    /// In words.
    pub words: Option<&'static str>,
    /// So long ago.
    pub hours_ago: i32,
}

/// A device.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its school.
    pub school: SchoolId,
    /// Its id.
    pub id: DeviceId,
    /// Its code.
    pub code: String,
    /// What it is.
    pub kind: &'static str,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Hash of its password at the broker.
    pub password_hash: String,
}

/// A login.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// What they type.
    pub login: String,
}

/// What a guardian said about a pupil's data.
#[derive(Debug, Clone)]
pub struct Consent {
    /// The pupil's school.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// The pupil.
    pub pupil: PersonId,
    /// What for.
    pub purpose: &'static str,
    /// `given`, `refused`.
    pub act: &'static str,
    /// Who said it.
    pub by: PersonId,
    /// Who had a say.
    pub voters: Vec<PersonId>,
}

/// A phone.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub person: PersonId,
    /// What the push service knows it by.
    pub token: String,
    /// Its language.
    pub locale: &'static str,
}

/// Everything to be written.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Organisations, parents first.
    pub organisations: Vec<Organisation>,
    /// Persons.
    pub persons: Vec<Person>,
    /// Who belongs to which school.
    pub memberships: Vec<(SchoolId, PersonId)>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Which pupil is in which class.
    pub enrolments: Vec<(SchoolId, PersonId, ClassId)>,
    /// Families.
    pub kinships: Vec<Kinship>,
    /// Cards.
    pub cards: Vec<Card>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Logins.
    pub accounts: Vec<Account>,
    /// Roles.
    pub grants: Vec<(SchoolId, PersonId, &'static str)>,
    /// Phones.
    pub tokens: Vec<Token>,
    /// Consents.
    pub consents: Vec<Consent>,
    /// What stands in cards.
    pub values: Vec<Value>,
    /// Lines of employees' cards.
    pub staff_lines: Vec<StaffLine>,
    /// Buildings.
    pub buildings: Vec<Building>,
    /// What guardians say has changed.
    pub wishes: Vec<Wish>,
    /// Cards that were lost.
    pub losses: Vec<Loss>,
}
