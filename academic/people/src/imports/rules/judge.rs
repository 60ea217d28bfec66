//! What becomes of each row: somebody new, something to add to somebody known, nothing, or a question to a person.
//!
//! A row is recognised by its IIN; without one, by name, date of birth and class. What the register knows already is never written over by a
//! list: a list adds what is missing, and says what differs.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId},
    iin::Iin,
    right::Role,
};
use serde::{Deserialize, Serialize};

use super::{
    Field,
    values::{self, Level, Name, Problem, Sex, fold},
};
use crate::pupils::KinshipKind;

/// A row as it was read, or mended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowIn {
    /// Its number in the file.
    pub n: i32,
    /// Field → what stands there.
    pub fields: BTreeMap<String, String>,
    /// What somebody decided about a likeness: `same`, `other`.
    #[serde(default)]
    pub decision: String,
    /// Whether the line counts others, and is left out.
    #[serde(default)]
    pub is_total: bool,
    /// Whom another system means, where the row came from one.
    #[serde(default)]
    pub source: Option<Source>,
}

/// What another system calls a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The system.
    pub system: String,
    /// Its id.
    pub id: String,
    /// Who that was when last something of that system was read here.
    pub known: Option<PersonId>,
}

impl RowIn {
    /// What stands in a field.
    pub fn text(&self, field: Field) -> &str {
        self.fields.get(field.as_str()).map(String::as_str).unwrap_or_default()
    }

    /// The name as it stands there.
    pub fn name(&self) -> String {
        let whole = self.text(Field::FullName);
        if !whole.is_empty() {
            return whole.to_owned();
        }
        [Field::Surname, Field::GivenName, Field::Patronymic].map(|field| self.text(field)).join(" ").trim().to_owned()
    }
}

/// What is found out about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody new.
    New,
    /// Somebody known, of whom something is added.
    Changed,
    /// Somebody known, with nothing to add.
    Same,
    /// Something has to be mended first.
    Wrong,
    /// No person: a total, or the same as another row.
    Skipped,
}

impl Verdict {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Wrong => "wrong",
            Self::Skipped => "skipped",
        }
    }
}

/// Somebody of the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// Who.
    pub id: PersonId,
    /// The parts of the name.
    pub name: Name,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Whether man or woman is known.
    pub has_sex: bool,
    /// The class now, with its label.
    pub class: Option<(ClassId, String)>,
    /// Whether an IIN is written down.
    pub has_iin: bool,
    /// The phone.
    pub phone: Option<String>,
    /// Whether an address is written down.
    pub has_address: bool,
    /// Whether they were ever in a class here.
    pub was_pupil: bool,
    /// Whether they belong to the school now.
    pub is_here: bool,
}

/// Which IINs may be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Any.
    Any,
    /// Real people's.
    Real,
    /// Invented ones.
    Synthetic,
}

/// What the school knows.
#[derive(Debug, Clone)]
pub struct World {
    /// Today at the school.
    pub today: Date,
    /// Whether employees are brought in.
    pub of_staff: bool,
    /// Open classes.
    pub classes: HashMap<String, ClassId>,
    /// Everybody.
    pub persons: HashMap<PersonId, KnownPerson>,
    /// Folded surname and given name → who.
    pub by_name: HashMap<String, Vec<PersonId>>,
    /// Whose an IIN is.
    pub iins: HashMap<String, PersonId>,
    /// Pupil → guardians.
    pub kin: HashMap<PersonId, Vec<PersonId>>,
    /// Employee → delivered roles now.
    pub roles: HashMap<PersonId, Vec<String>>,
    /// Roles that whoever brings the list in may give.
    pub giveable: Vec<Role>,
    /// Which IINs may be written down.
    pub iin_rule: Known,
}

/// A guardian to write down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedGuardian {
    /// Who, where the school knows them; filled in for the others when the list is brought in.
    pub person: Option<PersonId>,
    /// Whether the person is made by this list.
    pub is_new: bool,
    /// Name and phone, as brothers and sisters share them.
    pub key: String,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// As in SQL.
    pub kind: String,
    /// The phone.
    pub phone: Option<String>,
}

/// What a row writes. For somebody known only what is missing stands here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Who; filled in for somebody new when the list is brought in.
    pub person: Option<PersonId>,
    /// Whether the person is made by this list.
    pub is_new: bool,
    /// Surname, given name; for somebody new.
    pub surname: String,
    /// Given name; for somebody new.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// As in SQL.
    pub sex: Option<String>,
    /// All twelve digits.
    pub iin: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// The class to come into.
    pub class: Option<ClassId>,
    /// Whether they were here before.
    pub returns: bool,
    /// Guardians.
    pub guardians: Vec<PlannedGuardian>,
    /// The role to give, as in SQL.
    pub role: Option<String>,
}

/// What was found out about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its number.
    pub n: i32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is wrong, or should be looked at.
    pub problems: Vec<Problem>,
    /// Who it is, where the school knows them.
    pub person: Option<PersonId>,
    /// What it writes.
    pub plan: Option<Plan>,
}

/// A row, read.
struct Read {
    name: Name,
    iin: Option<Iin>,
    birth: Option<Date>,
    sex: Option<Sex>,
    class: Option<(ClassId, String)>,
    address: Option<String>,
    phone: Option<String>,
    guardians: Vec<PlannedGuardian>,
    role: Option<Role>,
    problems: Vec<Problem>,
}

/// Folded surname and given name.
pub fn key_of(surname: &str, given_name: &str) -> String {
    format!("{} {}", fold(surname), fold(given_name))
}

/// Judges all rows of a list, each in the light of the others.
pub fn judge(rows: &[RowIn], world: &World) -> Vec<Outcome> {
    let read: Vec<Read> = rows.iter().map(|row| read(row, world)).collect();
    let mut outcomes: Vec<Outcome> = rows.iter().zip(&read).map(|(row, read)| decide(row, read, world)).collect();
    let mut earlier = Earlier::default();
    // Rows with one number and different names are both wrong: which is right only a person can say.
    let mut disputed: HashSet<usize> = HashSet::new();
    for (at, ((row, read), outcome)) in rows.iter().zip(&read).zip(&mut outcomes).enumerate() {
        if row.is_total || outcome.verdict == Verdict::Skipped {
            continue;
        }
        let number = |other: usize| rows.get(other).map(|row| row.n.to_string()).unwrap_or_default();
        match earlier.likeness(read) {
            Likeness::None => earlier.add(at, read),
            Likeness::SameRow(other) => skip(outcome, &number(other)),
            Likeness::SameIin(other) => {
                outcome.problems.push(Problem::new(Field::Iin, "iin-twice", Level::Wrong, &[("row", &number(other))]));
                disputed.extend([at, other]);
            }
        }
    }
    for at in disputed {
        if let Some(outcome) = outcomes.get_mut(at) {
            if !outcome.problems.iter().any(|problem| problem.code == "iin-twice") {
                outcome.problems.push(Problem::new(Field::Iin, "iin-twice-first", Level::Wrong, &[]));
            }
            (outcome.verdict, outcome.plan) = (Verdict::Wrong, None);
        }
    }
    outcomes
}

/// The rows above.
#[derive(Default)]
struct Earlier {
    by_iin: HashMap<String, (usize, String)>,
    by_self: HashMap<(String, Date), Vec<(usize, bool, Option<ClassId>)>>,
}

enum Likeness {
    None,
    SameRow(usize),
    SameIin(usize),
}

impl Earlier {
    fn likeness(&self, read: &Read) -> Likeness {
        if let Some((other, name)) = read.iin.as_ref().and_then(|iin| self.by_iin.get(iin.reveal())) {
            return if *name == read.key() { Likeness::SameRow(*other) } else { Likeness::SameIin(*other) };
        }
        let Some(birth) = read.birth else { return Likeness::None };
        let class = read.class.as_ref().map(|(id, _)| *id);
        let fits = |(_, has_iin, other): &&(usize, bool, Option<ClassId>)| !(*has_iin && read.iin.is_some()) && (class.is_none() || other.is_none() || class == *other);
        self.by_self.get(&(read.key(), birth)).into_iter().flatten().find(fits).map_or(Likeness::None, |(other, ..)| Likeness::SameRow(*other))
    }

    fn add(&mut self, at: usize, read: &Read) {
        if let Some(iin) = &read.iin {
            self.by_iin.insert(iin.reveal().to_owned(), (at, read.key()));
        }
        if let Some(birth) = read.birth {
            self.by_self.entry((read.key(), birth)).or_default().push((at, read.iin.is_some(), read.class.as_ref().map(|(id, _)| *id)));
        }
    }
}

fn skip(outcome: &mut Outcome, row: &str) {
    outcome.problems = vec![Problem::new(Field::FullName, "same-row", Level::Warning, &[("row", row)])];
    (outcome.verdict, outcome.plan, outcome.person) = (Verdict::Skipped, None, None);
}

impl Read {
    fn key(&self) -> String {
        key_of(&self.name.surname, &self.name.given_name)
    }
}

/// What stands in the cells.
fn read(row: &RowIn, world: &World) -> Read {
    let mut problems = Vec::new();
    let whole = row.text(Field::FullName);
    let name = if whole.is_empty() {
        let fields = [Field::Surname, Field::GivenName, Field::Patronymic];
        values::read_name(fields.map(|field| row.text(field)), fields, &mut problems)
    } else {
        let parts = values::split_name(whole);
        let [surname, given, patronymic] = &parts;
        values::read_name([surname.as_str(), given.as_str(), patronymic.as_str()], [Field::FullName; 3], &mut problems)
    };
    let in_one = !whole.is_empty() || row.fields.contains_key(Field::FullName.as_str());
    for (part, field, code) in [(&name.surname, Field::Surname, "surname-missing"), (&name.given_name, Field::GivenName, "given-name-missing")] {
        if part.is_empty() {
            problems.push(Problem::new(if in_one { Field::FullName } else { field }, code, Level::Wrong, &[]));
        }
    }
    let iin = values::read_iin(row.text(Field::Iin), &mut problems).filter(|iin| may_be_kept(iin, world.iin_rule, &mut problems));
    let birth = values::read_birth(row.text(Field::BirthDate), world.today, &mut problems);
    let sex = values::read_sex(row.text(Field::Sex), &mut problems);
    values::read_language(row.text(Field::Language), &mut problems);
    let class = if world.of_staff { None } else { read_class(row, world, &mut problems) };
    let guardians = if world.of_staff { Vec::new() } else { guardians(row, &mut problems) };
    let role = if world.of_staff { read_role(row, world, &mut problems) } else { None };
    let address = Some(row.text(Field::Address).to_owned()).filter(|text| !text.is_empty());
    let phone = values::read_phone(row.text(Field::Phone), Field::Phone, &mut problems);
    compare(&iin, birth, sex, world, &mut problems);
    Read { name, iin, birth, sex, class, address, phone, guardians, role, problems }
}

fn may_be_kept(iin: &Iin, rule: Known, problems: &mut Vec<Problem>) -> bool {
    let code = match (rule, iin.is_synthetic()) {
        (Known::Synthetic, false) => "iin-real",
        (Known::Real, true) => "iin-invented",
        _ => return true,
    };
    problems.push(Problem::new(Field::Iin, code, Level::Wrong, &[]));
    false
}

/// What the number says of day and sex, beside what the row says of them.
fn compare(iin: &Option<Iin>, birth: Option<Date>, sex: Option<Sex>, world: &World, problems: &mut Vec<Problem>) {
    if let (Some(iin), Some(birth)) = (iin, birth)
        && iin.day() != birth
    {
        let day = |day: Date| day.strftime("%d.%m.%Y").to_string();
        problems.push(Problem::new(Field::BirthDate, "birth-not-of-iin", Level::Warning, &[("value", &day(birth)), ("mended", &day(iin.day()))]));
    }
    let said = iin.as_ref().and_then(|iin| iin.reveal().chars().nth(6)).and_then(|digit| digit.to_digit(10));
    if let (Some(said), Some(sex)) = (said, sex)
        && (said % 2 == 1) != (sex == Sex::Man)
    {
        problems.push(Problem::new(Field::Sex, "sex-not-of-iin", Level::Warning, &[]));
    }
    let years = |birth: Date| world.today.year() - birth.year();
    if !world.of_staff && birth.is_some_and(|birth| !(4..=21).contains(&years(birth))) {
        let years = birth.map(|birth| years(birth).to_string()).unwrap_or_default();
        problems.push(Problem::new(Field::BirthDate, "age", Level::Warning, &[("years", &years)]));
    }
}

fn read_class(row: &RowIn, world: &World, problems: &mut Vec<Problem>) -> Option<(ClassId, String)> {
    let typed = row.text(Field::Class);
    let Some((grade, letter, is_latin)) = values::read_class(typed) else {
        let code = if typed.is_empty() { "class-missing" } else { "class-none" };
        problems.push(Problem::new(Field::Class, code, Level::Wrong, &[("value", typed)]));
        return None;
    };
    let label = format!("{grade}{letter}");
    if is_latin {
        problems.push(Problem::new(Field::Class, "look-alikes", Level::Warning, &[("value", typed), ("mended", &label)]));
    }
    match world.classes.get(&label) {
        Some(id) => Some((*id, label)),
        None => {
            problems.push(Problem::new(Field::Class, "class-unknown", Level::Wrong, &[("class", &label)]));
            None
        }
    }
}

/// Name, kinship, phone of each guardian that a row can hold; what is said where no kinship is.
const GUARDIANS: [(Field, Option<Field>, Field, KinshipKind); 4] = [
    (Field::MotherName, None, Field::MotherPhone, KinshipKind::Mother),
    (Field::FatherName, None, Field::FatherPhone, KinshipKind::Father),
    (Field::GuardianName, Some(Field::GuardianKinship), Field::GuardianPhone, KinshipKind::Other),
    (Field::OtherName, Some(Field::OtherKinship), Field::OtherPhone, KinshipKind::Other),
];

fn guardians(row: &RowIn, problems: &mut Vec<Problem>) -> Vec<PlannedGuardian> {
    let mut found: Vec<PlannedGuardian> = Vec::new();
    for (name_field, kinship_field, phone_field, kind) in GUARDIANS {
        let (typed, phone) = (row.text(name_field), values::read_phone(row.text(phone_field), phone_field, problems));
        if typed.is_empty() {
            if phone.is_some() {
                problems.push(Problem::new(name_field, "guardian-nameless", Level::Warning, &[]));
            }
            continue;
        }
        let parts = values::split_name(typed);
        let [surname, given, patronymic] = &parts;
        let mut said = Vec::new();
        let name = values::read_name([surname.as_str(), given.as_str(), patronymic.as_str()], [name_field; 3], &mut said);
        let is_whole = !name.surname.is_empty() && !name.given_name.is_empty() && said.iter().all(|problem| problem.level == Level::Warning);
        problems.extend(said.into_iter().filter(|problem| problem.level == Level::Warning));
        if !is_whole {
            problems.push(Problem::new(name_field, "guardian-name", Level::Warning, &[("value", typed)]));
            continue;
        }
        let kind = kinship_field.map_or(kind, |field| values::read_kinship(row.text(field), field, problems));
        let own = key_of(&name.surname, &name.given_name);
        let key = format!("{own}|{}", phone.as_deref().unwrap_or_default());
        if !found.iter().any(|other| key_of(&other.surname, &other.given_name) == own) {
            found.push(PlannedGuardian { person: None, is_new: false, key, surname: name.surname, given_name: name.given_name, patronymic: name.patronymic, kind: kind.as_str().to_owned(), phone });
        }
    }
    found
}

/// Positions by how they are called, the longer ones first.
fn read_role(row: &RowIn, world: &World, problems: &mut Vec<Problem>) -> Option<Role> {
    let typed = row.text(Field::Role);
    let text = fold(typed);
    if text.is_empty() {
        return None;
    }
    let known: [(Role, &[&str]); 14] = [
        (Role::DeputyUpbringing, &["воспитат", "тәрбие іс"]),
        (Role::DeputyAcademic, &["зам", "орынбасар", "завуч", "оқу ісі", "deputy"]),
        (Role::ClassTeacher, &["классный рук", "классн рук", "сынып жетекші", "class teacher", "homeroom"]),
        (Role::SocialPedagogue, &["соц", "әлеуметтік", "social"]),
        (Role::Psychologist, &["психолог", "psycholog"]),
        (Role::CareerCounsellor, &["профориент", "кәсіптік бағдар", "career"]),
        (Role::Librarian, &["библиотек", "кітапхана", "librar"]),
        (Role::Nurse, &["мед", "мейір", "врач", "дәрігер", "nurse"]),
        (Role::CanteenWorker, &["повар", "аспаз", "столов", "асхана", "canteen", "cook"]),
        (Role::DoorGuard, &["охран", "күзет", "вахт", "guard"]),
        (Role::SchoolAdministrator, &["администратор", "әкімші", "administrator"]),
        (Role::CardOfficer, &["карт", "card"]),
        (Role::Director, &["директор", "director", "principal"]),
        (Role::Teacher, &["учител", "мұғалім", "педагог", "преподав", "ұстаз", "teacher"]),
    ];
    let found = known.into_iter().find(|(_, words)| words.iter().any(|word| text.contains(&fold(word)))).map(|(role, _)| role);
    match found {
        None => {
            problems.push(Problem::new(Field::Role, "role-none", Level::Warning, &[("value", typed)]));
            None
        }
        Some(role) if !world.giveable.contains(&role) => {
            problems.push(Problem::new(Field::Role, "role-beyond", Level::Warning, &[("value", typed)]));
            None
        }
        Some(role) => Some(role),
    }
}

/// Whether somebody known is meant, by what the row says.
enum Match {
    Nobody,
    Somebody(PersonId),
    /// Only a person can say.
    Maybe(PersonId),
}

fn find(row: &RowIn, read: &Read, world: &World, problems: &mut Vec<Problem>) -> Match {
    if let Some(known) = read.iin.as_ref().and_then(|iin| world.iins.get(iin.reveal())).and_then(|id| world.persons.get(id)) {
        let (surname, given) = (fold(&known.name.surname) == fold(&read.name.surname), fold(&known.name.given_name) == fold(&read.name.given_name));
        if !surname && !given {
            problems.push(Problem::new(Field::Iin, "iin-of-other", Level::Wrong, &[("name", &full(&known.name))]));
        }
        return Match::Somebody(known.id);
    }
    if let Some(known) = row.source.as_ref().and_then(|source| source.known).and_then(|id| world.persons.get(&id)).filter(|_| row.decision != "other") {
        return Match::Somebody(known.id);
    }
    let named: Vec<&KnownPerson> = world.by_name.get(&read.key()).into_iter().flatten().filter_map(|id| world.persons.get(id)).filter(|known| !(known.has_iin && read.iin.is_some())).collect();
    let born: Vec<&&KnownPerson> = named.iter().filter(|known| read.birth.is_some() && known.birth_date == read.birth).collect();
    let class = read.class.as_ref().map(|(id, _)| *id);
    let at_home = |known: &KnownPerson| world.of_staff || known.class.is_none() || class.is_none() || known.class.as_ref().map(|(id, _)| *id) == class;
    let likely = match born.as_slice() {
        [one] if at_home(one) => return recognised(row, one, problems),
        [one, ..] => Some(**one),
        // A day is missing: the same name in the same class may be the same child.
        [] => named.iter().find(|known| (known.birth_date.is_none() || read.birth.is_none()) && (world.of_staff || known.was_pupil && at_home(known))).copied(),
    };
    match (likely, row.decision.as_str()) {
        (None, _) | (_, "other") => Match::Nobody,
        (Some(known), "same") => Match::Somebody(known.id),
        (Some(known), _) => {
            let class = known.class.as_ref().map(|(_, label)| label.clone()).unwrap_or_default();
            problems.push(Problem::new(Field::FullName, "maybe-known", Level::Wrong, &[("name", &full(&known.name)), ("class", &class)]));
            Match::Maybe(known.id)
        }
    }
}

fn recognised(row: &RowIn, known: &KnownPerson, problems: &mut Vec<Problem>) -> Match {
    if row.decision == "other" {
        return Match::Nobody;
    }
    problems.push(Problem::new(Field::FullName, "recognised", Level::Warning, &[]));
    Match::Somebody(known.id)
}

fn full(name: &Name) -> String {
    [Some(name.surname.as_str()), Some(name.given_name.as_str()), name.patronymic.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn decide(row: &RowIn, read: &Read, world: &World) -> Outcome {
    let mut outcome = Outcome { n: row.n, verdict: Verdict::Wrong, problems: read.problems.clone(), person: None, plan: None };
    if row.is_total {
        outcome.problems = vec![Problem::new(Field::FullName, "total", Level::Warning, &[])];
        outcome.verdict = Verdict::Skipped;
        return outcome;
    }
    let known = match find(row, read, world, &mut outcome.problems) {
        Match::Somebody(id) => world.persons.get(&id),
        Match::Maybe(id) => {
            outcome.person = Some(id);
            None
        }
        Match::Nobody => None,
    };
    let plan = match known {
        Some(known) => additions(read, known, world, &mut outcome.problems),
        None => newcomer(read),
    };
    outcome.person = known.map(|known| known.id).or(outcome.person);
    if outcome.problems.iter().any(|problem| problem.level == Level::Wrong) {
        return outcome;
    }
    outcome.verdict = match known {
        None => Verdict::New,
        Some(_) if plan.adds_nothing() => Verdict::Same,
        Some(_) => Verdict::Changed,
    };
    outcome.plan = Some(plan);
    outcome
}

impl Plan {
    fn adds_nothing(&self) -> bool {
        let Self { person: _, is_new, surname: _, given_name: _, patronymic, birth_date, sex, iin, address, phone, class, returns: _, guardians, role } = self;
        !is_new && patronymic.is_none() && birth_date.is_none() && sex.is_none() && iin.is_none() && address.is_none() && phone.is_none() && class.is_none() && guardians.is_empty() && role.is_none()
    }
}

fn newcomer(read: &Read) -> Plan {
    Plan {
        person: None,
        is_new: true,
        surname: read.name.surname.clone(),
        given_name: read.name.given_name.clone(),
        patronymic: read.name.patronymic.clone(),
        birth_date: read.birth,
        sex: read.sex.map(|sex| sex.as_str().to_owned()),
        iin: read.iin.as_ref().map(|iin| iin.reveal().to_owned()),
        address: read.address.clone(),
        phone: read.phone.clone(),
        class: read.class.as_ref().map(|(id, _)| *id),
        returns: false,
        guardians: read.guardians.clone(),
        role: read.role.map(|role| role.as_str().to_owned()),
    }
}

/// What the list knows of somebody that the register does not; what differs is said.
fn additions(read: &Read, known: &KnownPerson, world: &World, problems: &mut Vec<Problem>) -> Plan {
    if key_of(&known.name.surname, &known.name.given_name) != read.key() {
        problems.push(Problem::new(Field::FullName, "name-differs", Level::Warning, &[("name", &full(&known.name))]));
    }
    if let (Some(known), Some(read)) = (known.birth_date, read.birth)
        && known != read
    {
        problems.push(Problem::new(Field::BirthDate, "birth-differs", Level::Warning, &[("value", &known.strftime("%d.%m.%Y").to_string())]));
    }
    if let (Some((here, label)), Some((there, _))) = (&known.class, &read.class)
        && here != there
    {
        problems.push(Problem::new(Field::Class, "class-differs", Level::Warning, &[("class", label)]));
    }
    let kin = world.kin.get(&known.id);
    let is_kin = |guardian: &PlannedGuardian| kin.into_iter().flatten().filter_map(|id| world.persons.get(id)).any(|one| key_of(&one.name.surname, &one.name.given_name) == key_of(&guardian.surname, &guardian.given_name));
    let holds = |role: &Role| world.roles.get(&known.id).is_some_and(|held| held.iter().any(|one| one == role.as_str()));
    Plan {
        person: Some(known.id),
        is_new: false,
        patronymic: read.name.patronymic.clone().filter(|_| known.name.patronymic.is_none()),
        birth_date: read.birth.filter(|_| known.birth_date.is_none()),
        sex: read.sex.filter(|_| !known.has_sex).map(|sex| sex.as_str().to_owned()),
        iin: read.iin.as_ref().filter(|_| !known.has_iin).map(|iin| iin.reveal().to_owned()),
        address: read.address.clone().filter(|_| !known.has_address),
        phone: read.phone.clone().filter(|_| known.phone.is_none()),
        class: read.class.as_ref().filter(|_| known.class.is_none()).map(|(id, _)| *id),
        returns: known.was_pupil,
        guardians: read.guardians.iter().filter(|guardian| !is_kin(guardian)).cloned().collect(),
        role: read.role.filter(|role| !holds(role)).map(|role| role.as_str().to_owned()),
        ..Plan::default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::id::Uuid;

    use super::*;

    fn world() -> World {
        let class = ClassId(Uuid::from_u128(7));
        let known = KnownPerson {
            id: PersonId(Uuid::from_u128(1)),
            name: Name { surname: "Оспанова".into(), given_name: "Айзере".into(), patronymic: None },
            birth_date: Some(date(2014, 3, 8)),
            has_sex: false,
            class: Some((class, "7А".into())),
            has_iin: false,
            phone: None,
            has_address: false,
            was_pupil: true,
            is_here: true,
        };
        World {
            today: date(2026, 11, 22),
            of_staff: false,
            classes: [("7А".to_owned(), class), ("7Б".to_owned(), ClassId(Uuid::from_u128(8)))].into(),
            by_name: [(key_of("Оспанова", "Айзере"), vec![known.id])].into(),
            persons: [(known.id, known)].into(),
            iins: HashMap::new(),
            kin: HashMap::new(),
            roles: HashMap::new(),
            giveable: vec![Role::Teacher],
            iin_rule: Known::Any,
        }
    }

    fn row(n: i32, cells: &[(Field, &str)]) -> RowIn {
        RowIn { n, fields: cells.iter().map(|(field, text)| (field.as_str().to_owned(), (*text).to_owned())).collect(), ..RowIn::default() }
    }

    fn said(outcome: &Outcome) -> Vec<&str> {
        outcome.problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    #[test]
    fn a_row_is_recognised_and_only_what_is_missing_is_added() {
        let iin = Iin::synthetic(date(2014, 3, 8), true, 17).unwrap();
        let full = [(Field::FullName, "Оспанова Айзере Қайратқызы"), (Field::BirthDate, "08.03.2014"), (Field::Class, "7А"), (Field::Iin, iin.reveal())];
        let [known] = &judge(&[row(2, &full)], &world())[..] else { panic!() };
        assert_eq!((known.verdict, said(known)), (Verdict::Changed, vec!["recognised"]));
        let plan = known.plan.as_ref().unwrap();
        assert_eq!((plan.patronymic.as_deref(), plan.iin.as_deref(), plan.class, plan.birth_date), (Some("Қайратқызы"), Some(iin.reveal()), None, None));
        let [same] = &judge(&[row(2, &full[1..3].iter().chain([&(Field::FullName, "Оспанова Айзере")]).copied().collect::<Vec<_>>())], &world())[..] else { panic!() };
        assert_eq!(same.verdict, Verdict::Same);
        let elsewhere = row(2, &[(Field::FullName, "Оспанова Айзере"), (Field::BirthDate, "08.03.2014"), (Field::Class, "7Б")]);
        let [asked] = &judge(&[elsewhere.clone()], &world())[..] else { panic!() };
        assert_eq!((asked.verdict, said(asked)), (Verdict::Wrong, vec!["maybe-known"]));
        for (decision, verdict) in [("same", Verdict::Same), ("other", Verdict::New)] {
            assert_eq!(judge(&[RowIn { decision: decision.into(), ..elsewhere.clone() }], &world())[0].verdict, verdict);
        }
    }

    #[test]
    fn whom_another_system_meant_before_is_known_under_another_name() {
        let source = Some(Source { system: "Kundelik".into(), id: "u1".into(), known: Some(PersonId(Uuid::from_u128(1))) });
        let married = RowIn { source: source.clone(), ..row(2, &[(Field::FullName, "Сәрсенова Айзере"), (Field::BirthDate, "08.03.2014"), (Field::Class, "7А")]) };
        let [known] = &judge(&[married.clone()], &world())[..] else { panic!() };
        assert_eq!((known.verdict, known.person, said(known)), (Verdict::Same, source.and_then(|source| source.known), vec!["name-differs"]));
        assert_eq!(judge(&[RowIn { decision: "other".into(), ..married }], &world())[0].verdict, Verdict::New);
    }

    #[test]
    fn rows_are_compared_with_each_other() {
        let iin = Iin::synthetic(date(2014, 5, 8), true, 17).unwrap();
        let one = |n, name: &str, iin: &str| row(n, &[(Field::FullName, name), (Field::Class, "7А"), (Field::BirthDate, "08.05.2014"), (Field::Iin, iin)]);
        let rows = [one(2, "Ким Анна", iin.reveal()), one(3, "Ким Анна", iin.reveal()), one(4, "Ли Вера", ""), one(5, "Ли Вера", ""), one(6, "Цой Алла", iin.reveal()), RowIn { is_total: true, ..one(7, "Итого", "") }];
        let outcomes = judge(&rows, &world());
        let verdicts: Vec<_> = outcomes.iter().map(|outcome| (outcome.verdict, said(outcome).join(","))).collect();
        let expected = [
            (Verdict::Wrong, "iin-twice-first"), (Verdict::Skipped, "same-row"), (Verdict::New, ""), (Verdict::Skipped, "same-row"), (Verdict::Wrong, "iin-twice"), (Verdict::Skipped, "total"),
        ];
        assert_eq!(verdicts, expected.map(|(verdict, said)| (verdict, said.to_owned())));
    }

    #[test]
    fn what_a_row_needs_is_said() {
        let mut of_staff = world();
        of_staff.of_staff = true;
        for (cells, world, codes) in [
            (vec![(Field::Surname, "Ким"), (Field::Class, "9Ж")], world(), vec!["given-name-missing", "class-unknown"]),
            (vec![(Field::FullName, "Ким Анна"), (Field::Class, "")], world(), vec!["class-missing"]),
            (vec![(Field::FullName, "Ким Анна"), (Field::Class, "седьмой"), (Field::MotherPhone, "87011234567")], world(), vec!["class-none", "guardian-nameless"]),
            (vec![(Field::FullName, "Ким Анна"), (Field::Class, "7А"), (Field::BirthDate, "08.05.1970")], world(), vec!["age"]),
            (vec![(Field::FullName, "Ким Анна"), (Field::Role, "директор")], of_staff.clone(), vec!["role-beyond"]),
            (vec![(Field::FullName, "Ким Анна"), (Field::Role, "учитель физики")], of_staff, vec![]),
        ] {
            let [outcome] = &judge(&[row(2, &cells)], &world)[..] else { panic!() };
            assert_eq!(said(outcome), codes, "{cells:?}");
        }
    }
}
