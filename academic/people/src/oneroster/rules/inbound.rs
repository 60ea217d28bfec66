//! From the files of another system to two lists of the room of imports: pupils and employees, one row each, by their line in `users.csv`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use crate::{
    imports::{Field, RowIn, read_class},
    oneroster::format::{self, CLASSES, DEMOGRAPHICS, ENROLLMENTS, FORMER, ORGS, ROLES, TABLES, USERS, VERSION},
};

/// The files of a zip: name → text.
pub type Files = BTreeMap<String, String>;

/// Why a zip is not read. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No zip, or a broken one.
    NotAZip,
    /// More than so many files.
    TooMany(usize),
    /// This file is too large, or packed as no list is.
    TooLarge(String),
    /// A file in a folder, or with a strange name.
    Path(String),
    /// This file is no UTF-8.
    NotUtf8(String),
    /// No `manifest.csv`.
    NoManifest,
    /// Another version.
    Version(String),
    /// This file says what changed, and what to delete.
    Delta(String),
    /// This file is needed.
    Missing(String),
    /// This file has no such column.
    Column(String, String),
    /// This line of this file has another number of cells.
    Ragged(String, u64),
    /// This id stands twice in this file.
    Twice(String, String),
    /// More schools than one.
    Schools(usize),
    /// Nobody is in it.
    Nobody,
    /// More people than a list holds.
    People(usize),
}

impl Trouble {
    /// The message, and what it names.
    pub fn told(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Self::NotAZip => ("oneroster-not-a-zip", Vec::new()),
            Self::TooMany(most) => ("oneroster-too-many", vec![("most", most.to_string())]),
            Self::TooLarge(file) => ("oneroster-too-large", vec![("file", file.clone())]),
            Self::Path(file) => ("oneroster-path", vec![("file", file.clone())]),
            Self::NotUtf8(file) => ("oneroster-not-utf8", vec![("file", file.clone())]),
            Self::NoManifest => ("oneroster-no-manifest", Vec::new()),
            Self::Version(version) => ("oneroster-version", vec![("version", version.clone())]),
            Self::Delta(file) => ("oneroster-delta", vec![("file", file.clone())]),
            Self::Missing(file) => ("oneroster-missing", vec![("file", file.clone())]),
            Self::Column(file, column) => ("oneroster-column", vec![("file", file.clone()), ("column", column.clone())]),
            Self::Ragged(file, line) => ("oneroster-ragged", vec![("file", file.clone()), ("line", line.to_string())]),
            Self::Twice(file, id) => ("oneroster-twice", vec![("file", file.clone()), ("id", id.clone())]),
            Self::Schools(count) => ("oneroster-schools", vec![("count", count.to_string())]),
            Self::Nobody => ("oneroster-nobody", Vec::new()),
            Self::People(most) => ("oneroster-people", vec![("most", most.to_string())]),
        }
    }
}

/// What a zip says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What the other system calls itself.
    pub system: String,
    /// Its code for itself.
    pub code: String,
    /// Pupils: the other system's id, and the row.
    pub pupils: Vec<(String, RowIn)>,
    /// Employees.
    pub staff: Vec<(String, RowIn)>,
    /// Columns that nobody reads here: file and column.
    pub unread: Vec<(String, String)>,
}

/// So many of one kind a list holds.
const PEOPLE_MOST: usize = 10_000;
/// So long an id may be.
const ID_MOST: usize = 255;

/// A line: column → cell, and its number.
struct Line {
    n: i32,
    cells: HashMap<&'static str, String>,
}

impl Line {
    fn text(&self, column: &str) -> &str {
        self.cells.get(column).map(String::as_str).unwrap_or_default()
    }

    fn day(&self, column: &str) -> Option<Date> {
        // Some systems write a moment where the standard has a day.
        self.text(column).get(..10).and_then(|day| day.parse().ok())
    }

    fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.text(column).split(',').map(str::trim).filter(|one| !one.is_empty())
    }
}

/// Reads a zip's files.
///
/// # Errors
/// Why it is not taken.
pub fn read(files: &Files, today: Date) -> Result<Found, Trouble> {
    let manifest = manifest(files)?;
    let told = |name: &str| manifest.get(name).map(String::as_str).unwrap_or_default();
    let mut found = Found { system: told("source.systemName").to_owned(), code: told("source.systemCode").to_owned(), ..Found::default() };
    found.unread = unread(files);
    let table = |name: &'static str, needed: &[&'static str]| lines(files, &manifest, name, needed);
    let orgs = table(ORGS.name, &["name", "type"])?;
    let schools = orgs.iter().filter(|org| org.text("type") == "school").count();
    if schools > 1 {
        return Err(Trouble::Schools(schools));
    }
    let users = table(USERS.name, &["givenName", "familyName"])?;
    let roles = table(ROLES.name, &["userSourcedId", "role"])?;
    let classes = table(CLASSES.name, &["title"])?;
    let enrollments = table(ENROLLMENTS.name, &["classSourcedId", "userSourcedId", "role"])?;
    let born = table(DEMOGRAPHICS.name, &[])?;
    let (classes, born) = (by_id(&classes), by_id(&born));
    let mut held: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for role in &roles {
        held.entry(role.text("userSourcedId")).or_default().insert(role.text("role"));
    }
    let mut of_user: HashMap<&str, Vec<&Line>> = HashMap::new();
    for place in enrollments.iter().filter(|one| one.text("role") == "student") {
        of_user.entry(place.text("userSourcedId")).or_default().push(place);
    }
    let people = by_id(&users);
    for user in &users {
        let id = user.text("sourcedId");
        let held = held.get(id).cloned().unwrap_or_default();
        let enrolled = of_user.get(id).map(Vec::as_slice).unwrap_or_default();
        if held.contains("student") || !enrolled.is_empty() {
            let class = class_of(enrolled, &classes, today);
            found.pupils.push((id.to_owned(), pupil(user, born.get(id).copied(), class, &people)));
        } else if held.iter().any(|role| is_office(role)) {
            found.staff.push((id.to_owned(), employee(user, &held)));
        }
    }
    match found.pupils.len().max(found.staff.len()) {
        0 => Err(Trouble::Nobody),
        people if people > PEOPLE_MOST => Err(Trouble::People(PEOPLE_MOST)),
        _ => Ok(found),
    }
}

fn manifest(files: &Files) -> Result<BTreeMap<String, String>, Trouble> {
    let text = files.get("manifest.csv").ok_or(Trouble::NoManifest)?;
    let told: BTreeMap<String, String> = records("manifest.csv", text)?.into_iter().skip(1).filter_map(|(_, cells)| Some((cells.first()?.clone(), cells.get(1)?.clone()))).collect();
    match told.get("oneroster.version").map(String::as_str).unwrap_or_default() {
        VERSION => {}
        // The word of a later edition of the same version.
        version if version.starts_with("1.2.") => {}
        other => return Err(Trouble::Version(other.to_owned())),
    }
    match told.iter().find(|(name, value)| name.starts_with("file.") && value.as_str() == "delta") {
        Some((name, _)) => Err(Trouble::Delta(format!("{}.csv", name.trim_start_matches("file.")))),
        None => Ok(told),
    }
}

/// Line number and cells.
fn records(file: &str, text: &str) -> Result<Vec<(u64, Vec<String>)>, Trouble> {
    // The reader counts the line before where lines end with two signs.
    let text = text.replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let read = |record: Result<csv::StringRecord, csv::Error>| match record {
        Ok(record) => Ok((record.position().map_or(0, csv::Position::line), record.iter().map(|cell| cell.trim().to_owned()).collect())),
        Err(error) => Err(Trouble::Ragged(file.to_owned(), error.position().map_or(0, csv::Position::line))),
    };
    reader.records().map(read).collect()
}

/// The lines of a file that the manifest says is there; none where it is absent. Users and roles are needed.
fn lines(files: &Files, manifest: &BTreeMap<String, String>, name: &str, needed: &[&'static str]) -> Result<Vec<Line>, Trouble> {
    let file = format!("{name}.csv");
    let is_needed = name == USERS.name || name == ROLES.name;
    let is_there = manifest.get(&format!("file.{name}")).is_some_and(|value| value == "bulk");
    let text = match files.get(&file) {
        Some(text) if is_there => text,
        None if !is_there && !is_needed => return Ok(Vec::new()),
        Some(_) if !is_needed => return Ok(Vec::new()),
        _ => return Err(Trouble::Missing(file)),
    };
    let columns = TABLES.into_iter().find(|table| table.name == name).map(|table| table.columns).unwrap_or_default();
    let mut records = records(&file, text)?.into_iter();
    let headings = records.next().map(|(_, cells)| cells).unwrap_or_default();
    for column in ["sourcedId"].iter().chain(needed) {
        if !headings.iter().any(|heading| heading == column) {
            return Err(Trouble::Column(file, (*column).to_owned()));
        }
    }
    let places: Vec<Option<&'static str>> = headings.iter().map(|heading| columns.iter().find(|column| *column == heading).copied()).collect();
    let (mut found, mut ids) = (Vec::new(), BTreeSet::new());
    for (n, cells) in records {
        let cells: HashMap<&'static str, String> = places.iter().zip(cells).filter_map(|(column, cell)| Some(((*column)?, cell))).collect();
        let line = Line { n: i32::try_from(n).unwrap_or(i32::MAX), cells };
        if line.text("status") == "tobedeleted" {
            return Err(Trouble::Delta(file));
        }
        let id = line.text("sourcedId");
        if id.is_empty() || id.len() > ID_MOST {
            return Err(Trouble::Ragged(file, n));
        }
        if !ids.insert(id.to_owned()) {
            return Err(Trouble::Twice(file, id.chars().take(60).collect()));
        }
        found.push(line);
    }
    Ok(found)
}

/// Columns that the standard does not have, but for those that it lets one add.
fn unread(files: &Files) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for table in TABLES {
        let file = format!("{}.csv", table.name);
        let Some(heading) = files.get(&file).and_then(|text| text.lines().next()) else { continue };
        let strange = heading.split(',').map(|cell| cell.trim().trim_matches('"')).filter(|cell| !cell.is_empty() && !cell.starts_with("metadata.") && !table.columns.contains(cell) && !FORMER.contains(cell));
        found.extend(strange.take(10).map(|column| (file.clone(), column.chars().take(60).collect())));
    }
    found
}

fn by_id(lines: &[Line]) -> HashMap<&str, &Line> {
    lines.iter().map(|line| (line.text("sourcedId"), line)).collect()
}

/// The class that a pupil is in today: their homeroom, else the one whose name is a class's.
fn class_of<'a>(enrolled: &[&Line], classes: &HashMap<&str, &'a Line>, today: Date) -> Option<&'a Line> {
    let is_now = |one: &&&Line| one.day("beginDate").is_none_or(|day| day <= today) && one.day("endDate").is_none_or(|day| day > today);
    let mut now: Vec<&&Line> = enrolled.iter().filter(is_now).collect();
    if now.is_empty() {
        now = enrolled.iter().collect();
    }
    now.sort_by_key(|one| one.day("beginDate"));
    let named = || now.iter().rev().filter_map(|one| classes.get(one.text("classSourcedId")).copied());
    let is_class = |class: &&Line| label(class).is_some();
    named().find(|class| class.text("classType") == "homeroom").or_else(|| named().find(is_class)).or_else(|| named().next())
}

/// `7А` of a class, where its name or code says so.
fn label(class: &Line) -> Option<String> {
    ["title", "classCode"].into_iter().find_map(|column| read_class(class.text(column))).map(|(grade, letter, _)| format!("{grade}{letter}"))
}

fn row(n: i32, fields: Vec<(Field, String)>) -> RowIn {
    let fields = fields.into_iter().filter(|(_, text)| !text.is_empty()).map(|(field, text)| (field.as_str().to_owned(), text.chars().take(300).collect())).collect();
    RowIn { n, fields, ..RowIn::default() }
}

fn named(user: &Line) -> Vec<(Field, String)> {
    let phone = ["phone", "sms"].into_iter().map(|column| user.text(column)).find(|text| !text.is_empty()).unwrap_or_default();
    vec![
        (Field::Surname, user.text("familyName").to_owned()),
        (Field::GivenName, user.text("givenName").to_owned()),
        (Field::Patronymic, user.text("middleName").to_owned()),
        (Field::Phone, phone.to_owned()),
    ]
}

fn pupil(user: &Line, born: Option<&Line>, class: Option<&Line>, people: &HashMap<&str, &Line>) -> RowIn {
    let mut fields = named(user);
    let born = |column: &str| born.map(|line| line.text(column).to_owned()).unwrap_or_default();
    fields.push((Field::BirthDate, born("birthDate").chars().take(10).collect()));
    let sex = match born("sex").as_str() {
        "male" => "m",
        "female" => "f",
        _ => "",
    };
    fields.push((Field::Sex, sex.to_owned()));
    if let Some(class) = class {
        fields.push((Field::Class, label(class).unwrap_or_else(|| class.text("title").to_owned())));
        fields.push((Field::Language, class.text(format::LANGUAGE).to_owned()));
    }
    let whole = |user: &Line| ["familyName", "givenName", "middleName"].map(|column| user.text(column)).join(" ").trim().to_owned();
    let places = [(Field::GuardianName, Field::GuardianPhone), (Field::OtherName, Field::OtherPhone)];
    // What they are to the child the standard does not say.
    for ((name, phone), agent) in places.into_iter().zip(user.list("agentSourcedIds").filter_map(|id| people.get(id))) {
        fields.push((name, whole(agent)));
        let told = ["phone", "sms"].into_iter().map(|column| agent.text(column)).find(|text| !text.is_empty()).unwrap_or_default();
        fields.push((phone, told.to_owned()));
    }
    row(user.n, fields)
}

fn employee(user: &Line, held: &BTreeSet<&str>) -> RowIn {
    let mut fields = named(user);
    // Counsellors and aides may be several things here: which, the office says.
    let role = [("principal", "principal"), ("teacher", "teacher")].into_iter().find(|(role, _)| held.contains(role)).map_or("", |(_, word)| word);
    fields.push((Field::Role, role.to_owned()));
    row(user.n, fields)
}

fn is_office(role: &str) -> bool {
    matches!(role, "teacher" | "aide" | "principal" | "counselor" | "siteAdministrator" | "systemAdministrator" | "districtAdministrator" | "proctor")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn files(manifest: &str, users: &str) -> Files {
        let told = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        [
            told("manifest.csv", &format!("propertyName,value\r\n{manifest}")),
            told("users.csv", users),
            told("roles.csv", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\r\nr1,,,u1,primary,student,,,o1,\r\nr2,,,u2,primary,guardian,,,o1,\r\nr3,,,u3,primary,teacher,,,o1,\r\n"),
            told("classes.csv", "sourcedId,title,classType\r\nc1,7 \"А\",homeroom\r\nc2,Algebra,scheduled\r\n"),
            told("enrollments.csv", "sourcedId,classSourcedId,userSourcedId,role,beginDate,endDate\r\ne1,c2,u1,student,2026-09-02,\r\ne2,c1,u1,student,2026-09-01,2027-05-26\r\n"),
            told("demographics.csv", "sourcedId,birthDate,sex\r\nu1,2014-03-08,female\r\n"),
        ]
        .into()
    }

    const BULK: &str = "oneroster.version,1.2\r\nfile.users,bulk\r\nfile.roles,bulk\r\nfile.classes,bulk\r\nfile.enrollments,bulk\r\nfile.demographics,bulk\r\nsource.systemName,Kundelik\r\n";
    const USERS_CSV: &str = "sourcedId,status,dateLastModified,givenName,familyName,middleName,phone,agentSourcedIds,shoeSize\r\nu1,,,Айзере,Оспанова,,,\"u2\",35\r\nu2,,,Гүлнар,Оспанова,,87011234567,,\r\nu3,,,Серік,\"Қабдолов\",,,,\r\n";

    #[test]
    fn people_become_rows_of_two_lists() {
        let found = read(&files(BULK, USERS_CSV), date(2026, 11, 22)).unwrap();
        assert_eq!((found.system.as_str(), found.unread), ("Kundelik", vec![("users.csv".to_owned(), "shoeSize".to_owned())]));
        let [(id, pupil)] = &found.pupils[..] else { panic!() };
        assert_eq!((id.as_str(), pupil.n), ("u1", 2));
        let told = |field: Field| pupil.text(field).to_owned();
        assert_eq!([told(Field::Surname), told(Field::Class), told(Field::BirthDate), told(Field::Sex), told(Field::GuardianName), told(Field::GuardianPhone)], ["Оспанова", "7А", "2014-03-08", "f", "Оспанова Гүлнар", "87011234567"]);
        let [(_, teacher)] = &found.staff[..] else { panic!() };
        assert_eq!((teacher.text(Field::Surname), teacher.text(Field::Role)), ("Қабдолов", "teacher"));
    }

    #[test]
    fn what_is_not_taken_says_why() {
        let day = date(2026, 11, 22);
        let changed = |from: &str, to: &str| files(&BULK.replace(from, to), USERS_CSV);
        for (files, trouble) in [
            (Files::new(), Trouble::NoManifest),
            (changed("version,1.2", "version,1.1"), Trouble::Version("1.1".into())),
            (changed("file.users,bulk", "file.users,delta"), Trouble::Delta("users.csv".into())),
            (changed("file.users,bulk", "file.users,absent"), Trouble::Missing("users.csv".into())),
            (files(BULK, "sourcedId,givenName\r\nu1,А\r\n"), Trouble::Column("users.csv".into(), "familyName".into())),
            (files(BULK, "sourcedId,givenName,familyName\r\nu1,А\r\n"), Trouble::Ragged("users.csv".into(), 2)),
            (files(BULK, "sourcedId,givenName,familyName\r\nu1,А,Б\r\nu1,А,Б\r\n"), Trouble::Twice("users.csv".into(), "u1".into())),
            (files(BULK, "sourcedId,status,givenName,familyName\r\nu1,tobedeleted,А,Б\r\n"), Trouble::Delta("users.csv".into())),
            (files(BULK, "sourcedId,givenName,familyName\r\nu9,А,Б\r\n"), Trouble::Nobody),
        ] {
            assert_eq!(read(&files, day), Err(trouble));
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(users in "[a-zА-Я,\"\r\n ]{0,80}", manifest in "[a-z.,\r\n12]{0,40}") {
            drop(read(&files(BULK, &format!("sourcedId,givenName,familyName\r\n{users}")), date(2026, 11, 22)));
            drop(read(&files(&manifest, &users), date(2026, 11, 22)));
        }
    }
}
