//! A reader of OneRoster zips that knows the standard and nothing of the hub: which files there may be, their columns in their order, what each
//! column may hold, and what names what. Written from the CSV binding 1.2; it shares no code with what writes the files.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};

/// Rows of a file: column → cell.
pub type Rows = Vec<BTreeMap<String, String>>;

const MANIFEST: &str = "manifest.version oneroster.version file.academicSessions file.categories file.classes file.classResources file.courses file.courseResources file.demographics \
    file.enrollments file.lineItemLearningObjectiveIds file.lineItems file.lineItemScoreScales file.orgs file.resources file.resultLearningObjectiveIds file.results file.resultScoreScales \
    file.roles file.scoreScales file.userProfiles file.userResources file.users source.systemName source.systemCode";

/// File, its columns; a column with `!` must not be empty.
const FILES: [(&str, &str); 8] = [
    ("orgs", "sourcedId! status dateLastModified name! type! identifier parentSourcedId"),
    ("academicSessions", "sourcedId! status dateLastModified title! type! startDate! endDate! parentSourcedId schoolYear!"),
    ("courses", "sourcedId! status dateLastModified schoolYearSourcedId title! courseCode grades orgSourcedId! subjects subjectCodes"),
    ("classes", "sourcedId! status dateLastModified title! grades courseSourcedId! classCode classType! location schoolSourcedId! termSourcedIds! subjects subjectCodes periods"),
    ("users", "sourcedId! status dateLastModified enabledUser! username! userIds givenName! familyName! middleName identifier email sms phone agentSourcedIds grades password userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns"),
    ("roles", "sourcedId! status dateLastModified userSourcedId! roleType! role! beginDate endDate orgSourcedId! userProfileSourcedId"),
    ("enrollments", "sourcedId! status dateLastModified classSourcedId! schoolSourcedId! userSourcedId! role! primary beginDate endDate"),
    ("demographics", "sourcedId! status dateLastModified birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus"),
];

/// File, column, what it names.
const NAMES: [(&str, &str, &str); 13] = [
    ("orgs", "parentSourcedId", "orgs"),
    ("academicSessions", "parentSourcedId", "academicSessions"),
    ("courses", "schoolYearSourcedId", "academicSessions"),
    ("courses", "orgSourcedId", "orgs"),
    ("classes", "courseSourcedId", "courses"),
    ("classes", "schoolSourcedId", "orgs"),
    ("classes", "termSourcedIds", "academicSessions"),
    ("users", "agentSourcedIds", "users"),
    ("users", "primaryOrgSourcedId", "orgs"),
    ("roles", "userSourcedId", "users"),
    ("roles", "orgSourcedId", "orgs"),
    ("enrollments", "classSourcedId", "classes"),
    ("enrollments", "userSourcedId", "users"),
];

/// File, column, its words.
const WORDS: [(&str, &str, &str); 11] = [
    ("orgs", "type", "department school district local state national"),
    ("academicSessions", "type", "gradingPeriod semester schoolYear term"),
    ("classes", "classType", "homeroom scheduled"),
    ("classes", "grades", "KG 01 02 03 04 05 06 07 08 09 10 11 12"),
    ("courses", "grades", "KG 01 02 03 04 05 06 07 08 09 10 11 12"),
    ("users", "enabledUser", "true false"),
    ("users", "grades", "KG 01 02 03 04 05 06 07 08 09 10 11 12"),
    ("roles", "roleType", "primary secondary"),
    ("roles", "role", "aide counselor districtAdministrator guardian parent principal proctor relative siteAdministrator student systemAdministrator teacher"),
    ("enrollments", "role", "administrator proctor student teacher"),
    ("demographics", "sex", "male female other unspecified"),
];

/// Everything that the standard asks of a zip in bulk mode; gives its files.
pub fn check(bytes: &[u8]) -> BTreeMap<String, Rows> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut texts = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap_or_else(|error| panic!("{name} is no UTF-8: {error}"));
        assert!(texts.insert(name.clone(), text).is_none(), "{name} twice");
    }
    let manifest = texts.remove("manifest.csv").expect("manifest.csv");
    let (head, told) = records("manifest.csv", &manifest);
    assert_eq!(head, ["propertyName", "value"]);
    let names: Vec<&str> = told.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, MANIFEST.split_whitespace().collect::<Vec<_>>(), "the properties of the manifest in their order");
    let told: BTreeMap<&str, &str> = told.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!((told["manifest.version"], told["oneroster.version"]), ("1.0", "1.2"));
    let mut files = BTreeMap::new();
    for (property, value) in told.iter().filter_map(|(property, value)| Some((property.strip_prefix("file.")?, *value))) {
        let text = texts.remove(&format!("{property}.csv"));
        assert_eq!(value == "bulk", text.is_some(), "{property} is said to be {value}");
        assert!(matches!(value, "bulk" | "absent"), "{property}: {value}");
        if let Some(text) = text {
            let rows = rows(property, &text);
            files.insert(property.to_owned(), rows);
        }
    }
    assert!(texts.is_empty(), "files of which the manifest says nothing: {:?}", texts.keys());
    refer(&files);
    say(&files);
    files
}

fn rows(name: &str, text: &str) -> Rows {
    let (head, found) = records(name, text);
    let columns = FILES.iter().find(|(file, _)| *file == name).unwrap_or_else(|| panic!("{name} is unknown")).1;
    let columns: Vec<&str> = columns.split_whitespace().collect();
    let (own, added) = head.split_at(columns.len());
    assert_eq!(own, columns.iter().map(|column| column.trim_end_matches('!').to_owned()).collect::<Vec<_>>(), "{name}: columns in their order");
    assert!(added.iter().all(|column| column.starts_with("metadata.")), "{name}: {added:?}");
    assert!(!found.is_empty(), "{name} without a row is not allowed");
    let mut ids = BTreeSet::new();
    for row in &found {
        assert!(ids.insert(row[0].clone()), "{name}: {} twice", row[0]);
        assert!(row[0].len() <= 255 && row[0].chars().all(|one| one.is_ascii_alphanumeric() || "-_./@".contains(one)), "{name}: {}", row[0]);
        assert!(row[1].is_empty() && row[2].is_empty(), "{name}: status and dateLastModified are empty in bulk");
        for (column, cell) in columns.iter().zip(row).filter(|(column, _)| column.ends_with('!')) {
            assert!(!cell.is_empty(), "{name}: {column} is empty in {row:?}");
        }
        for (column, cell) in head.iter().zip(row).filter(|(column, cell)| column.ends_with("Date") && !cell.is_empty()) {
            assert!(cell.parse::<jiff::civil::Date>().is_ok() && cell.len() == 10, "{name}: {column} {cell}");
        }
    }
    found.into_iter().map(|row| head.iter().cloned().zip(row).collect()).collect()
}

fn refer(files: &BTreeMap<String, Rows>) {
    let ids = |file: &str| files.get(file).into_iter().flatten().map(|row| row["sourcedId"].clone()).collect::<BTreeSet<_>>();
    for (file, column, there) in NAMES {
        let known = ids(there);
        for named in files.get(file).into_iter().flatten().flat_map(|row| row[column].split(',').map(str::to_owned).collect::<Vec<_>>()).filter(|one| !one.is_empty()) {
            assert!(known.contains(&named), "{file}.{column} names {named}, who is not in {there}");
        }
    }
    let users = ids("users");
    assert!(ids("demographics").is_subset(&users));
    let primary: Vec<String> = files["roles"].iter().filter(|row| row["roleType"] == "primary").map(|row| row["userSourcedId"].clone()).collect();
    assert_eq!(primary.len(), users.len(), "one primary role each");
    assert_eq!(primary.into_iter().collect::<BTreeSet<_>>(), users);
}

fn say(files: &BTreeMap<String, Rows>) {
    for (file, column, words) in WORDS {
        let words: Vec<&str> = words.split_whitespace().collect();
        for row in files.get(file).into_iter().flatten() {
            assert!(row[column].is_empty() || words.contains(&row[column].as_str()), "{file}.{column}: {}", row[column]);
        }
    }
    for session in files.get("academicSessions").into_iter().flatten() {
        assert!(session["startDate"] < session["endDate"] && session["schoolYear"].len() == 4, "{session:?}");
    }
}

/// RFC 4180 by its letter: CRLF, and quotes doubled within quotes.
fn records(name: &str, text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    assert!(text.ends_with("\r\n"), "{name} ends its last line");
    let (mut all, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => cell.extend(signs.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(signs.next(), Some('\n'), "{name}: a CR is followed by LF");
                row.push(std::mem::take(&mut cell));
                all.push(std::mem::take(&mut row));
            }
            '\n' | '\r' => panic!("{name}: an end of line within a cell, or without CR"),
            other => cell.push(other),
        }
    }
    let head = all.remove(0);
    assert!(all.iter().all(|row| row.len() == head.len()), "{name}: each row has all cells");
    (head, all)
}
