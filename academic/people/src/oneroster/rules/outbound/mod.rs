//! From the register to the files. Everything is written from what was read at once: a row that would name another which is not there is left out,
//! or names nobody.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use kernel::id::{ClassId, PersonId, SchoolId};

use crate::{
    oneroster::format::{self, CLASSES, COURSES, DEMOGRAPHICS, ENROLLMENTS, FILES, MANIFEST, ORGS, ROLES, SESSIONS, Table, USERS, VERSION},
    years::Span,
};

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its id.
    pub id: ClassId,
    /// Its grade.
    pub grade: i16,
    /// Its letter.
    pub letter: String,
    /// Language of teaching.
    pub language: String,
}

/// A pupil, a guardian or an employee.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// `m` or `f`.
    pub sex: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
}

/// When a pupil was in which class.
#[derive(Debug, Clone)]
pub struct Time {
    /// Who.
    pub pupil: PersonId,
    /// Where.
    pub class: ClassId,
    /// The first day.
    pub from: Date,
    /// The last day; nothing while it lasts.
    pub to: Option<Date>,
}

/// Whose guardian somebody is; whom a limit bars is not here.
#[derive(Debug, Clone)]
pub struct Kin {
    /// The child.
    pub pupil: PersonId,
    /// The guardian.
    pub guardian: PersonId,
}

/// An employee.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Who.
    pub member: Member,
    /// Roles, as in SQL.
    pub roles: Vec<String>,
    /// Positions, as in SQL.
    pub posts: Vec<String>,
}

/// Words that the files show, in the language of whoever asked.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Titles {
    /// The school.
    pub school: String,
    /// The year.
    pub year: String,
    /// The quarters.
    pub quarters: Vec<String>,
    /// The grades from 0 on.
    pub grades: Vec<String>,
}

/// A school in a year.
#[derive(Debug, Clone)]
pub struct Roster {
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub code: String,
    /// The year that the school year begins in.
    pub year: i16,
    /// Its first and last day.
    pub whole: Span,
    /// Its quarters.
    pub quarters: Vec<Span>,
    /// Words.
    pub titles: Titles,
    /// Classes.
    pub classes: Vec<Class>,
    /// Everybody who was in one of them.
    pub pupils: Vec<Member>,
    /// When.
    pub times: Vec<Time>,
    /// Guardians.
    pub guardians: Vec<Member>,
    /// Whose.
    pub kin: Vec<Kin>,
    /// Employees.
    pub staff: Vec<Worker>,
    /// Class teachers.
    pub teachers: Vec<(ClassId, PersonId)>,
}

/// Where rows go, one after another.
pub trait Sink {
    /// Why it cannot take more.
    type Error;
    /// Begins a file.
    fn begin(&mut self, name: &str, columns: &[&str]) -> Result<(), Self::Error>;
    /// Takes a row of it.
    fn row(&mut self, cells: &[String]) -> Result<(), Self::Error>;
}

/// Everything that rows may name.
struct Known<'a> {
    roster: &'a Roster,
    school: String,
    year: String,
    terms: Vec<String>,
    classes: BTreeMap<ClassId, &'a Class>,
    pupils: BTreeSet<PersonId>,
    /// Guardians of each pupil, as they are listed.
    agents: BTreeMap<PersonId, Vec<PersonId>>,
    guardians: BTreeSet<PersonId>,
    grades: BTreeMap<PersonId, i16>,
    staff: BTreeMap<PersonId, Vec<&'static str>>,
}

/// Writes all files, the manifest last, and says how many people are in them.
///
/// # Errors
/// The sink's.
pub fn write<S: Sink>(roster: &Roster, sink: &mut S) -> Result<usize, S::Error> {
    let known = Known::of(roster);
    let tables: [(&Table, Vec<Vec<String>>); 8] = [
        (&SESSIONS, known.sessions()),
        (&CLASSES, known.classes()),
        (&COURSES, known.courses()),
        (&DEMOGRAPHICS, known.demographics()),
        (&ENROLLMENTS, known.enrollments()),
        (&ORGS, vec![cells(&ORGS, &[("sourcedId", &known.school), ("name", &roster.titles.school), ("type", "school"), ("identifier", &roster.code)])]),
        (&ROLES, known.roles()),
        (&USERS, known.users()),
    ];
    let people = tables.iter().find(|(table, _)| table.name == USERS.name).map_or(0, |(_, rows)| rows.len());
    let mut present = BTreeSet::new();
    // A file without a row is not allowed: it is absent.
    for (table, rows) in tables.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        present.insert(table.name);
        sink.begin(&format!("{}.csv", table.name), table.columns)?;
        for row in rows {
            sink.row(&row)?;
        }
    }
    sink.begin("manifest.csv", &MANIFEST)?;
    let mut says = |name: &str, value: &str| sink.row(&[name.to_owned(), value.to_owned()]);
    says("manifest.version", "1.0")?;
    says("oneroster.version", VERSION)?;
    for file in FILES {
        says(&format!("file.{file}"), if present.contains(file) { "bulk" } else { "absent" })?;
    }
    says("source.systemName", SYSTEM)?;
    says("source.systemCode", &roster.code)?;
    Ok(people)
}

/// What we call ourselves.
pub const SYSTEM: &str = "Shanyraq";

/// A row of a table: these columns, and the others empty.
fn cells(table: &Table, told: &[(&str, &str)]) -> Vec<String> {
    table.columns.iter().map(|column| told.iter().find(|(name, _)| name == column).map_or_else(String::new, |(_, value)| plain(value))).collect()
}

/// Without the signs that a field may not hold: ends of lines and what nobody sees.
fn plain(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect::<String>().trim().to_owned()
}

impl<'a> Known<'a> {
    fn of(roster: &'a Roster) -> Self {
        let (school, year) = (roster.school.to_string(), format!("{}-{}", roster.school, roster.year));
        let classes: BTreeMap<ClassId, &Class> = roster.classes.iter().map(|class| (class.id, class)).collect();
        let pupils: BTreeSet<PersonId> = roster.pupils.iter().map(|pupil| pupil.id).collect();
        let there: BTreeSet<PersonId> = roster.guardians.iter().map(|guardian| guardian.id).collect();
        let mut agents: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
        for kin in roster.kin.iter().filter(|kin| pupils.contains(&kin.pupil) && there.contains(&kin.guardian)) {
            let of_pupil = agents.entry(kin.pupil).or_default();
            if !of_pupil.contains(&kin.guardian) {
                of_pupil.push(kin.guardian);
            }
        }
        let mut grades: BTreeMap<PersonId, (Date, i16)> = BTreeMap::new();
        for time in &roster.times {
            let Some(class) = classes.get(&time.class) else { continue };
            let latest = grades.entry(time.pupil).or_insert((time.from, class.grade));
            if time.from >= latest.0 {
                *latest = (time.from, class.grade);
            }
        }
        Self {
            guardians: agents.values().flatten().copied().collect(),
            terms: (1..=roster.quarters.len()).map(|n| format!("{year}-q{n}")).collect(),
            staff: roster.staff.iter().map(|worker| (worker.member.id, offices(worker))).collect(),
            grades: grades.into_iter().map(|(pupil, (_, grade))| (pupil, grade)).collect(),
            roster,
            school,
            year,
            classes,
            pupils,
            agents,
        }
    }

    fn sessions(&self) -> Vec<Vec<String>> {
        let Roster { year, whole, quarters, titles, .. } = self.roster;
        let ends_in = year.saturating_add(1).to_string();
        let session = |id: &str, title: &str, kind: &str, span: &Span, parent: &str| {
            let told = [("sourcedId", id), ("title", title), ("type", kind), ("startDate", &span.starts.to_string()), ("endDate", &after(span.ends)), ("parentSourcedId", parent), ("schoolYear", &ends_in)];
            cells(&SESSIONS, &told)
        };
        let mut all = vec![session(&self.year, &titles.year, "schoolYear", whole, "")];
        for ((n, span), id) in (1..).zip(quarters).zip(&self.terms) {
            let title = titles.quarters.get(n - 1).cloned().unwrap_or_else(|| n.to_string());
            all.push(session(id, &title, "term", span, &self.year));
        }
        all
    }

    fn course(&self, grade: i16) -> String {
        format!("{}-g{grade}", self.school)
    }

    /// A course is a grade: what is taught in it is not the register's to say.
    fn courses(&self) -> Vec<Vec<String>> {
        let grades: BTreeSet<i16> = self.roster.classes.iter().map(|class| class.grade).collect();
        let row = |grade: i16| {
            let title = usize::try_from(grade).ok().and_then(|grade| self.roster.titles.grades.get(grade)).cloned().unwrap_or_else(|| grade.to_string());
            cells(&COURSES, &[("sourcedId", &self.course(grade)), ("schoolYearSourcedId", &self.year), ("title", &title), ("courseCode", &grade.to_string()), ("grades", &format::grade(grade)), ("orgSourcedId", &self.school)])
        };
        grades.into_iter().map(row).collect()
    }

    fn classes(&self) -> Vec<Vec<String>> {
        let terms = if self.terms.is_empty() { self.year.clone() } else { self.terms.join(",") };
        let row = |class: &&Class| {
            let label = format!("{}{}", class.grade, class.letter);
            let told = [
                ("sourcedId", class.id.to_string()),
                ("title", label.clone()),
                ("grades", format::grade(class.grade)),
                ("courseSourcedId", self.course(class.grade)),
                ("classCode", label),
                ("classType", "homeroom".to_owned()),
                ("schoolSourcedId", self.school.clone()),
                ("termSourcedIds", terms.clone()),
                (format::LANGUAGE, class.language.clone()),
            ];
            cells(&CLASSES, &told.each_ref().map(|(name, value)| (*name, value.as_str())))
        };
        self.classes.values().map(row).collect()
    }

    /// Everybody once: who is a guardian and works here is one user.
    fn members(&self) -> BTreeMap<PersonId, &'a Member> {
        let guardians = self.roster.guardians.iter().filter(|guardian| self.guardians.contains(&guardian.id));
        let workers = self.roster.staff.iter().map(|worker| &worker.member);
        guardians.chain(workers).chain(&self.roster.pupils).map(|member| (member.id, member)).collect()
    }

    fn users(&self) -> Vec<Vec<String>> {
        let list = |ids: &[PersonId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let row = |member: &Member| {
            let id = member.id.to_string();
            let told = [
                ("sourcedId", id.clone()),
                ("enabledUser", "true".to_owned()),
                ("username", id.clone()),
                ("givenName", member.given_name.clone()),
                ("familyName", member.surname.clone()),
                ("middleName", member.patronymic.clone().unwrap_or_default()),
                ("email", member.email.clone().unwrap_or_default()),
                ("phone", member.phone.clone().unwrap_or_default()),
                ("agentSourcedIds", self.agents.get(&member.id).map(|agents| list(agents)).unwrap_or_default()),
                ("grades", self.grades.get(&member.id).map(|grade| format::grade(*grade)).unwrap_or_default()),
                ("userMasterIdentifier", id),
                ("primaryOrgSourcedId", self.school.clone()),
            ];
            cells(&USERS, &told.each_ref().map(|(name, value)| (*name, value.as_str())))
        };
        self.members().into_values().map(row).collect()
    }

    /// One primary role each, and what else they are as secondary ones.
    fn roles(&self) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for id in self.members().into_keys() {
            let mut held: Vec<&str> = Vec::new();
            held.extend(self.pupils.contains(&id).then_some("student"));
            held.extend(self.staff.get(&id).into_iter().flatten());
            held.extend(self.guardians.contains(&id).then_some("guardian"));
            for (n, role) in held.into_iter().enumerate() {
                let kind = if n == 0 { "primary" } else { "secondary" };
                all.push(cells(&ROLES, &[("sourcedId", &format!("{id}-{role}")), ("userSourcedId", &id.to_string()), ("roleType", kind), ("role", role), ("orgSourcedId", &self.school)]));
            }
        }
        all
    }

    fn enrollments(&self) -> Vec<Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for time in self.roster.times.iter().filter(|time| self.classes.contains_key(&time.class) && self.pupils.contains(&time.pupil)) {
            let id = format!("{}-{}-{}", time.class, time.pupil, time.from.strftime("%Y%m%d"));
            let until = time.to.map(after).unwrap_or_default();
            let told = [("sourcedId", id.as_str()), ("classSourcedId", &time.class.to_string()), ("schoolSourcedId", &self.school), ("userSourcedId", &time.pupil.to_string()), ("role", "student"), ("primary", "false"), ("beginDate", &time.from.to_string()), ("endDate", &until)];
            all.insert(id.clone(), cells(&ENROLLMENTS, &told));
        }
        let mut led: BTreeSet<ClassId> = BTreeSet::new();
        for (class, teacher) in self.roster.teachers.iter().filter(|(class, teacher)| self.classes.contains_key(class) && self.staff.contains_key(teacher)) {
            let id = format!("{class}-{teacher}-teacher");
            // One teacher of a class is its primary one.
            let primary = if led.insert(*class) { "true" } else { "false" };
            let told = [("sourcedId", id.as_str()), ("classSourcedId", &class.to_string()), ("schoolSourcedId", &self.school), ("userSourcedId", &teacher.to_string()), ("role", "teacher"), ("primary", primary)];
            all.entry(id.clone()).or_insert_with(|| cells(&ENROLLMENTS, &told));
        }
        all.into_values().collect()
    }

    /// Of pupils only: nobody else's day of birth is another system's concern.
    fn demographics(&self) -> Vec<Vec<String>> {
        let row = |pupil: &Member| {
            let sex = match pupil.sex.as_deref() {
                Some("m") => "male",
                Some("f") => "female",
                _ => "",
            };
            let born = pupil.birth_date.map(|day| day.to_string()).unwrap_or_default();
            cells(&DEMOGRAPHICS, &[("sourcedId", &pupil.id.to_string()), ("birthDate", &born), ("sex", sex)])
        };
        self.roster.pupils.iter().filter(|pupil| pupil.birth_date.is_some() || pupil.sex.is_some()).map(|pupil| (pupil.id, row(pupil))).collect::<BTreeMap<_, _>>().into_values().collect()
    }
}

/// The end of a stretch as the standard says it: the first day that does not belong to it.
fn after(last: Date) -> String {
    last.saturating_add(1.day()).to_string()
}

/// What an employee is in the words of the standard, the weightiest first.
fn offices(worker: &Worker) -> Vec<&'static str> {
    const ORDER: [&str; 5] = ["principal", "siteAdministrator", "teacher", "counselor", "aide"];
    let of_role = |role: &str| match role {
        "director" => "principal",
        "deputy_academic" | "deputy_upbringing" | "school_administrator" => "siteAdministrator",
        "teacher" | "class_teacher" => "teacher",
        "psychologist" | "social_pedagogue" | "career_counsellor" => "counselor",
        _ => "aide",
    };
    let of_post = |post: &str| match post {
        "director" => "principal",
        "deputy" => "siteAdministrator",
        "teacher" | "preschool-teacher" => "teacher",
        "psychologist" | "social-pedagogue" | "career-counsellor" => "counselor",
        _ => "aide",
    };
    let held: BTreeSet<&str> = worker.roles.iter().map(|role| of_role(role)).chain(worker.posts.iter().map(|post| of_post(post))).collect();
    let offices: Vec<&'static str> = ORDER.into_iter().filter(|office| held.contains(office) && (*office != "aide" || held.len() == 1)).collect();
    if offices.is_empty() { vec!["aide"] } else { offices }
}

#[cfg(test)]
mod tests;
