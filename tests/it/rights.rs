//! Rights: who may do what, as two tables that reviewers read, and a walk of every route as everybody.
//!
//! The routes come from the sources (`testkit::source`), the rights from what each room declares: a new page is walked without a word here,
//! unless its address has a part that this module does not know.

use crate::visitor::Visitor;
use actix_web::http::{Method, StatusCode};
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::{Place, Role},
};
use shanyraq::town::{Pupil, School};
use testkit::{
    SchoolBuilder, database,
    source::{Access, Golden, Route, files, routes},
};

/// Answered to machines, without sign-in, on data that only the whole program has; `hub/server/tests/up.rs` asks them.
const OF_THE_PROGRAM: &str = "hub/server/src/health.rs";

/// There in a demonstration only; `a_kit_is_shown_in_a_demonstration_only` opens it.
const OF_A_DEMONSTRATION: &str = "dashboards/web/src/kit.rs";

fn holders(right: &str) -> Vec<Role> {
    let declared = shanyraq::rooms::rights().into_iter().flatten().find(|(one, _)| one.0 == right);
    declared.unwrap_or_else(|| panic!("{right} is in no list of rights: add its room to hub/server/src/rooms.rs")).1.to_vec()
}

/// Whether a right may be held for some classes only, as its declaration says.
fn may_be_by_class(right: &str) -> bool {
    files().iter().any(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests") && file.text.contains(&format!("= \"{right}\" by class:")))
}

#[test]
fn rights_and_roles_are_what_reviewers_read() {
    let mut lines: Vec<String> = shanyraq::rooms::rights()
        .into_iter()
        .flatten()
        .map(|(right, roles)| {
            let row = Role::ALL.map(|role| if roles.contains(&role) { " x" } else { " ." }).concat();
            format!("{:<28}{row}{}", right.0, if may_be_by_class(right.0) { "  by class" } else { "" })
        })
        .collect();
    lines.sort();
    lines.windows(2).for_each(|pair| assert_ne!(pair[0].split(' ').next(), pair[1].split(' ').next(), "two rooms declare one right"));
    // One letter a role: twenty names beside one another are no table that anybody reads.
    let letters = ('A'..='Z').take(Role::ALL.len());
    let legend: Vec<String> = letters.clone().zip(Role::ALL).map(|(letter, role)| format!("{letter} {}", role.as_str())).collect();
    let head = format!("{:<28}{}", "right", letters.map(|letter| format!(" {letter}")).collect::<String>());
    Golden("tests/golden/rights.txt").compare(&format!("{}\n\n{head}\n{}\n", legend.join("\n"), lines.join("\n")));
}

#[test]
fn routes_and_guards_are_what_reviewers_read() {
    let lines: Vec<String> = all_routes()
        .iter()
        .map(|route| {
            let access = match &route.access {
                Access::Open => "nobody in particular",
                Access::SignedIn => "signed in, one's own",
                Access::Right(right) => right,
            };
            format!("{:<7}{:<40}{:<24}{}", route.method, route.path, access, route.file)
        })
        .collect();
    Golden("tests/golden/routes.txt").compare(&(lines.join("\n") + "\n"));
}

#[test]
fn every_right_opens_something() {
    let routes = all_routes();
    // Asked by services only: nobody has a page for them yet.
    let without_page = ["consents.give", "people.see_pickups", "identity.see_delegations", "app.see_own_children", "delivery.see_inbox", "delivery.switch", "trail.see_own", "people.ask_update", "people.ask_certificate", "safety.tell_absence", "safety.block_own_card", "delivery.read_announcement"];
    let asked = |right: &str| routes.iter().any(|route| route.access == Access::Right(right.to_owned()));
    for (right, _) in shanyraq::rooms::rights().into_iter().flatten() {
        assert_ne!(asked(right.0), without_page.contains(&right.0), "{}: a right opens a route, or stands in this test's list of those that open none", right.0);
    }
}

fn all_routes() -> Vec<Route> {
    routes().unwrap_or_else(|unreadable| panic!("{}", unreadable.join("\n")))
}

/// Somebody who tries every route.
struct Caller {
    name: &'static str,
    visitor: Visitor,
    role: Option<Role>,
    neighbour: bool,
}

/// What may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// A page, a redirect, or a form's own error.
    Served,
    /// Where one signs in.
    SignIn,
    /// Nothing is there.
    NotFound,
    /// No right.
    Refused,
    /// Served or refused, as the room likes: the guard asks only for somebody, and shows them their own.
    Own,
}

impl Expected {
    fn of(route: &Route, caller: &Caller) -> Self {
        let names_school = route.path.contains("{school}");
        let names_object = route.path.contains("{id}") || route.path.contains("{child");
        match (&route.access, caller.role) {
            (Access::Open, _) => Self::Served,
            (_, None) => Self::SignIn,
            (Access::SignedIn, Some(Role::Guardian)) if !caller.neighbour => Self::Served,
            (Access::SignedIn, _) if route.path.contains("{child") => Self::NotFound,
            (Access::SignedIn, _) => Self::Own,
            (Access::Right(_), _) if names_school && caller.neighbour => Self::NotFound,
            (Access::Right(right), Some(role)) if !holders(right).contains(&role) => Self::Refused,
            // Each authority has its own, and another's is not there; tests/it/departments.rs asks them.
            (Access::Right(_), _) if route.path.contains("{organisation}") => Self::Own,
            (Access::Right(_), _) if names_object && caller.neighbour => Self::NotFound,
            (Access::Right(_), _) => Self::Served,
        }
    }

    fn fits(self, status: StatusCode, location: Option<&str>) -> bool {
        let to_sign_in = status == StatusCode::UNAUTHORIZED || location.is_some_and(|to| to.starts_with("/sign-in?next="));
        let form_error = [400, 409, 415, 422, 429].contains(&status.as_u16());
        let served = (status.is_success() || status.is_redirection() || form_error) && !to_sign_in;
        let refused = status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND;
        match self {
            Self::Served => served,
            Self::SignIn => to_sign_in,
            Self::NotFound => status == StatusCode::NOT_FOUND,
            Self::Refused => refused,
            Self::Own => served || refused,
        }
    }
}

/// Two schools, and everybody who could call.
struct World {
    school: School,
    neighbour: School,
    /// A picture's file of each of the two schools, of a pupil of theirs; a scan of a consent besides, of the same id.
    scans: [Uuid; 2],
    /// A class of each of the two schools, with somebody in it.
    classes: [Uuid; 2],
    /// A role that each of the two schools made.
    own_roles: [Uuid; 2],
    callers: Vec<Caller>,
}

/// Makes somebody of a role at an organisation, and gives their login.
pub async fn hire(organisation: Uuid, role: Role) -> String {
    let db = database().superuser().await;
    let (person, account) = (fresh(Clock::System.now()), fresh(Clock::System.now()));
    let login = format!("hired-{}", show(person));
    db.execute("insert into person (id, surname, given_name) values ($1, 'Қызметкер', 'Маман')", &[&person]).await.unwrap();
    db.execute("insert into school_person (school_id, person_id, valid_from) values ($1, $2, '2026-09-01')", &[&organisation, &person]).await.unwrap();
    db.execute("insert into account (id, person_id, login, password_hash) values ($1, $2, $3, $4)", &[&account, &person, &login, &shanyraq::town::DEMO_PASSWORD_HASH]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, $3, now() - interval '1 day')", &[&organisation, &person, &role.as_str()]).await.unwrap();
    login
}

/// Makes an authority above schools.
async fn found(kind: &str) -> Uuid {
    let id = fresh(Clock::System.now());
    let code = format!("o{:08x}", id.as_u128() & 0xffff_ffff);
    let shard = i16::from(protocol::topic::shard_of(&protocol::topic::Code::parse(&code).unwrap()));
    let db = database().superuser().await;
    db.execute("insert into organisation (id, kind, code, name_kk, name_ru, name_en, shard) values ($1, $2, $3, 'Ұйым', 'Орган', 'Authority', $4)", &[&id, &kind, &code, &shard]).await.unwrap();
    id
}

/// A scan of a consent of a pupil, and the pupil's picture.
pub async fn scan(school: &School, pupil: &Pupil) -> Uuid {
    let [scan, photo, small] = [(); 3].map(|()| fresh(Clock::System.now()));
    let (school_id, by, pupil) = (school.id.0, pupil.guardians[0].0, pupil.id.0);
    let db = database().superuser().await;
    let mut rows = String::new();
    for (id, kind, media) in [(scan, "consents.scan", "application/pdf"), (photo, "people.photo", "image/jpeg"), (small, "people.photo_small", "image/jpeg")] {
        rows += &format!(
            "insert into file (school_id, id, kind, person_id, media_type, size, sha256, created_at) values ('{school_id}', '{id}', '{kind}', '{pupil}', '{media}', 1, sha256('x'), now());
             insert into file_chunk (school_id, file_id, n, bytes) values ('{school_id}', '{id}', 0, 'x');"
        );
    }
    rows += &format!(
        "insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how)
           values ('{school_id}', '{scan}', '{pupil}', 'photos', 'given', '{by}', array['{by}'::uuid], now(), 1, 'kk', 'on_screen');
         insert into pupil_photo (school_id, pupil_id, file_id, small_id, added_at, added_by) values ('{school_id}', '{pupil}', '{photo}', '{small}', now(), '{by}');"
    );
    db.batch_execute(&rows).await.unwrap();
    scan
}

/// A role that a school made, and a role that was handed over there, of the same id.
async fn own_role(school: &School) -> Uuid {
    let id = fresh(Clock::System.now());
    let db = database().superuser().await;
    db.execute("insert into school_role (school_id, id, name_kk, name_ru, created_at) values ($1, $2, 'Кезекші', 'Дежурный', now())", &[&school.id.0, &id]).await.unwrap();
    let [director, administrator] = [Role::Director, Role::SchoolAdministrator].map(|role| school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role").id.0);
    let handed_over = "insert into delegation (school_id, id, giver_id, receiver_id, role, valid_from, valid_to, reason, created_at)
                       values ($1, $2, $3, $4, 'director', now() - interval '2 days', now() - interval '1 day', 'test', now())";
    db.execute(handed_over, &[&school.id.0, &id, &director, &administrator]).await.unwrap();
    id
}

impl World {
    async fn new() -> Self {
        // A device for each route that may retire it.
        let (school, neighbour) = (SchoolBuilder::new().teachers(1).entrances(12).build().await, SchoolBuilder::new().teachers(1).build().await);
        let scans = [scan(&school, &school.pupils[0]).await, scan(&neighbour, &neighbour.pupils[0]).await];
        let db = database().superuser().await;
        for place in [&school, &neighbour] {
            let act = "insert into erasure (school_id, id, person_id, persons, left_on, ordered_by, ordered_at, job_id) values ($1, $1, $1, array[$1::uuid], current_date, $1, now(), $1)";
            db.execute(act, &[&place.id.0]).await.unwrap();
            let incident = "insert into breach (school_id, id, number, detected_at, due_at, happened, contact, registered_by, registered_at)
                            values ($1, $1, 1, now(), now() + interval '1 day', 'test', 'test', $2, now())";
            db.execute(incident, &[&place.id.0, &place.guardians[0].id.0]).await.unwrap();
        }
        for place in [&school, &neighbour] {
            // Under way: whoever may order something of it changes nothing for the others who call.
            let list = "insert into import (school_id, id, kind, file_name, state, sheets, sheet, created_by, created_at) values ($1, $1, 'pupils', 'a.xlsx', 'running', '[]', 0, $2, now())";
            db.execute(list, &[&place.id.0, &place.guardians[0].id.0]).await.unwrap();
            // Not ready: whoever may fetch it is told to wait.
            let export = "insert into export (school_id, id, kind, about, has_iin, file_name, ordered_by, ordered_at, job_id) values ($1, $1, 'oneroster', '{}', false, 'a.zip', $2, now(), $1)";
            db.execute(export, &[&place.id.0, &place.guardians[0].id.0]).await.unwrap();
            let national = "insert into export (school_id, id, kind, about, has_iin, file_name, ordered_by, ordered_at, job_id) values ($1, $3, 'national', '{}', false, 'a.xlsx', $2, now(), $3)";
            db.execute(national, &[&place.id.0, &place.guardians[0].id.0, &place.pupils[1].id.0]).await.unwrap();
        }
        for place in [&school, &neighbour] {
            // With a document, so that there is one to download.
            let (file, pupil, guardian) = ("insert into file (school_id, id, kind, person_id, media_type, size, sha256, created_at) values ($1, $1, 'people.update_document', $2, 'application/pdf', 1, sha256('x'), now())", place.pupils[0].id.0, place.pupils[0].guardians[0].0);
            db.execute(file, &[&place.id.0, &pupil]).await.unwrap();
            db.execute("insert into file_chunk (school_id, file_id, n, bytes) values ($1, $1, 0, 'x')", &[&place.id.0]).await.unwrap();
            let asked = "insert into update_request (school_id, id, child_id, asked_by, file_id, asked_at) values ($1, $1, $2, $3, $1, now())";
            db.execute(asked, &[&place.id.0, &pupil, &guardian]).await.unwrap();
            let absence = "insert into absence_note (school_id, id, child_id, from_day, to_day, reason, way, said_by, said_at) values ($1, $1, $2, '2026-01-12', '2026-01-12', 'ill', 'page', $3, now())";
            db.execute(absence, &[&place.id.0, &pupil, &guardian]).await.unwrap();
            // One whose document is opened; nobody takes it back.
            let with_document = "insert into absence_note (school_id, id, child_id, from_day, to_day, reason, way, said_by, said_at) values ($1, $2, $2, '2026-02-12', '2026-02-12', 'ill', 'page', $3, now())";
            db.execute(with_document, &[&place.id.0, &pupil, &guardian]).await.unwrap();
            let block = "insert into card_block (school_id, id, card_id, person_id, reason, way, blocked_at) select school_id, $1, id, person_id, 'lost', 'office', now() from card where school_id = $1 and person_id = $2";
            db.execute(block, &[&place.id.0, &place.pupils[1].id.0]).await.unwrap();
            db.execute("insert into update_request_field (school_id, request_id, about, field, asked) values ($1, $1, 'child', 'address', 't')", &[&place.id.0]).await.unwrap();
        }
        for place in [&school, &neighbour] {
            let order = "insert into school_order (school_id, id, kind, year, number, dated, made_at) values ($1, $1, 'admission', 2020, 1, '2020-09-01', now())";
            db.execute(order, &[&place.id.0]).await.unwrap();
            let announcement = "insert into announcement (school_id, id, title_kk, title_ru, text_kk, text_ru, urgency, audience, written_by, written_at) values ($1, $1, 't', 't', 't', 't', 'normal', 'school', $1, now())";
            db.execute(announcement, &[&place.id.0]).await.unwrap();
            for guardian in &place.pupils[0].guardians {
                let reader = "insert into announcement_reader (school_id, announcement_id, guardian_id, child_id) values ($1, $1, $2, $3)";
                db.execute(reader, &[&place.id.0, &guardian.0, &place.pupils[0].id.0]).await.unwrap();
            }
            let attached = "insert into file (school_id, id, kind, person_id, media_type, size, sha256, created_at) values ($1, $2, 'delivery.attachment', $3, 'application/pdf', 1, sha256('x'), now())";
            let (file, by) = (place.pupils[1].id.0, place.staff[0].id.0);
            db.execute(attached, &[&place.id.0, &file, &by]).await.unwrap();
            db.execute("insert into file_chunk (school_id, file_id, n, bytes) values ($1, $2, 0, 'x')", &[&place.id.0, &file]).await.unwrap();
            let of = "insert into announcement_file (school_id, announcement_id, id, file_id, name, media_type, size, added_at) values ($1, $1, $1, $2, 't', 'application/pdf', 1, now())";
            db.execute(of, &[&place.id.0, &file]).await.unwrap();
            // Sent: whoever may throw drafts away does nothing to it.
            let sent = "insert into announcement (school_id, id, title_kk, title_ru, text_kk, text_ru, urgency, audience, written_by, written_at, sent_by, sent_at, job_id)
                        values ($1, $2, 't', 't', 't', 't', 'normal', 'school', $2, now(), $2, now(), $2)";
            db.execute(sent, &[&place.id.0, &place.pupils[0].id.0]).await.unwrap();
            let certificate = "insert into certificate (school_id, id, year, number, dated, pupil_id, asked_by, surname, given_name, class_label, code, issued_at)
              values ($1, $2, 2020, 1, '2020-09-01', $2, $3, 't', 't', 't', translate(upper(left(md5($1::uuid::text), 12)), '01', 'GH'), now())";
            db.execute(certificate, &[&place.id.0, &place.pupils[0].id.0, &place.pupils[0].guardians[0].0]).await.unwrap();
            let building = "insert into building (school_id, id, version, name_kk, name_ru, kind, sort, valid_from, set_at) values ($1, $1, 1, 'test', 'test', 'other', 1, '2020-09-01', now())";
            db.execute(building, &[&place.id.0]).await.unwrap();
        }
        let mut classes = [Uuid::nil(); 2];
        for (class, place) in classes.iter_mut().zip([&school, &neighbour]) {
            *class = db.query_one("select class_id from enrolment where school_id = $1 limit 1", &[&place.id.0]).await.unwrap().get(0);
        }
        let own_roles = [own_role(&school).await, own_role(&neighbour).await];
        let mut callers = vec![Caller { name: "nobody", visitor: Visitor::nobody(), role: None, neighbour: false }];
        let parent = &school.guardians.iter().find(|guardian| school.pupils[0].guardians.contains(&guardian.id)).expect("a guardian").login;
        let mut logins = vec![("guardian", parent.clone(), Role::Guardian, false), ("guardian next door", neighbour.guardians[0].login.clone(), Role::Guardian, true)];
        for role in Role::ALL {
            let at = match role {
                Role::Guardian | Role::Teacher | Role::Director | Role::SchoolAdministrator => continue,
                Role::DistrictDepartment => found("district").await,
                Role::RegionAdministration => found("region").await,
                Role::Ministry => found("ministry").await,
                role if role.place() == Place::Supplier => identity::SUPPLIER.0,
                _ => school.id.0,
            };
            logins.push((role.as_str(), hire(at, role).await, role, false));
        }
        for (name, login, role, neighbour) in logins {
            callers.push(Caller { name, visitor: Visitor::signed_in(&login).await, role: Some(role), neighbour });
        }
        for (place, neighbour) in [(&school, false), (&neighbour, true)] {
            for role in [Role::Teacher, Role::Director, Role::SchoolAdministrator] {
                let employee = place.staff.iter().find(|employee| employee.role == role).expect("somebody of that role");
                let name = if neighbour { "staff next door" } else { role.as_str() };
                callers.push(Caller { name, visitor: Visitor::signed_in(&employee.login).await, role: Some(role), neighbour });
            }
        }
        let child = show(school.pupils[0].id.0);
        let family = &callers.iter().find(|caller| caller.name == "guardian").expect("a guardian").visitor;
        assert_eq!(family.upload(&format!("/my/{child}/absence/document"), &[("note", &child)], ("a.pdf", b"%PDF-1.4")).await.status, StatusCode::SEE_OTHER);
        assert!(Role::ALL.iter().all(|role| callers.iter().any(|caller| caller.role == Some(*role) && !caller.neighbour)), "every delivered role calls");
        Self { school, neighbour, scans, classes, own_roles, callers }
    }

    /// The fields without which a form is not even read.
    fn fields(&self, route: &Route) -> Vec<(&'static str, String)> {
        match route.path.as_str() {
            "/support/connect" => vec![("id", String::new()), ("school", show(self.school.id.0))],
            path if path.ends_with("/name") => vec![("name", "Есік".to_owned())],
            "/my/consents" => [("school", show(self.school.id.0)), ("child", show(self.school.pupils[0].id.0)), ("purpose", "photos".to_owned()), ("wish", "yes".to_owned()), ("version", "1".to_owned())].into(),
            path if path.ends_with("/people/remove") => vec![("person", show(self.school.pupils[0].id.0))],
            "/my/inbox/read" => vec![("upto", show(fresh(Clock::System.now())))],
            "/my/switches" => vec![("child", show(self.school.pupils[0].id.0))],
            _ => Vec::new(),
        }
    }

    /// The address with what really is there, a device of its own for each route.
    fn address(&self, route: &Route, number: usize) -> String {
        self.address_of(route, number, &self.school, self.own_roles[0])
    }

    /// The same at our school, but of what the neighbour has: a page that shows it looks into the wrong house.
    fn address_of_neighbours(&self, route: &Route, number: usize) -> String {
        let there = self.address_of(route, number, &self.neighbour, self.own_roles[1]);
        there.replace(&format!("/{}", self.neighbour.code), &format!("/{}", self.school.code))
    }

    fn address_of(&self, route: &Route, number: usize, school: &School, own_role: Uuid) -> String {
        let object: Uuid = match route.path.as_str() {
            // Whoever is not a caller, since some routes block their login.
            path if path.starts_with("/{school}/accounts") => school.guardians[1].id.0,
            path if path.starts_with("/{school}/roles") => own_role,
            // One that is over: whoever may end it changes nothing for the others who call.
            path if path.starts_with("/{school}/delegations") => own_role,
            path if path.starts_with("/{school}/consents/scans") => self.scans[usize::from(school.id == self.neighbour.id)],
            path if path.starts_with("/{school}/consents") => school.pupils[0].id.0,
            path if path.starts_with("/support/organisations") => school.id.0,
            path if path.starts_with("/support/") => school.devices[number % school.devices.len()].id.0,
            // Written by `World::new` under the school's own id.
            path if path.starts_with("/{school}/imports") || path.starts_with("/{school}/oneroster") => school.id.0,
            path if path.starts_with("/{school}/national") => school.pupils[1].id.0,
            path if path.ends_with("/announcements/{id}/delete") => school.pupils[0].id.0,
            path if path.starts_with("/{school}/certificates") => school.pupils[0].id.0,
            "/{school}/absences/{id}/document" => school.pupils[0].id.0,
            path if path.starts_with("/{school}/updates") || path.starts_with("/{school}/absences") || path.starts_with("/{school}/cards") || path.contains("/announcements/") => school.id.0,
            path if path.starts_with("/{school}/erasures") || path.starts_with("/{school}/breaches") => school.id.0,
            // The director: nobody dismisses themselves, and no form without its box does anything.
            path if path.starts_with("/{school}/staff") => school.staff[0].id.0,
            path if path.starts_with("/{school}/guardians") => school.pupils[0].guardians[0].0,
            path if path.starts_with("/{school}/classes") => self.classes[usize::from(school.id == self.neighbour.id)],
            path if path.contains("/{school}/orders") || path.starts_with("/{school}/buildings") => school.id.0,
            path if path.starts_with("/{school}/leavers") => school.pupils[0].id.0,
            // Not the one whose picture others of the callers open.
            path if path.ends_with("/photo-remove") => school.pupils[1].id.0,
            path if path.contains("/{school}/pupils") || path.contains("{child") => school.pupils[0].id.0,
            _ => fresh(Clock::System.now()),
        };
        let mut address = String::new();
        for part in route.path.split('/').skip(1) {
            let part = match part.trim_end_matches('}').split(':').next().unwrap_or_default() {
                "{school" => school.code.clone(),
                "{id" | "{child" | "{file" => show(object),
                "{name" => "app.css".to_owned(),
                "{n" => "1".to_owned(),
                "{organisation" => school.code.clone(),
                // Nobody who calls is one, so what is switched in it disturbs no other route.
                "{role" => "canteen_worker".to_owned(),
                unknown if unknown.starts_with('{') => panic!("{}: say in tests/it/rights.rs what stands for {unknown}}}", route.path),
                _ => part.to_owned(),
            };
            address = format!("{address}/{part}");
        }
        address
    }
}

/// A form with a file is one only with its file.
fn takes_a_file(route: &Route) -> bool {
    route.method == "POST" && ["/paper", "/photo-form", "/announcements/{id}/files", "/absence", "/absence/document"].iter().any(|end| route.path.ends_with(end))
}

#[actix_web::test]
async fn every_route_answers_everybody_as_its_guard_says() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (number, route) in all_routes().iter().enumerate().filter(|(_, route)| ![OF_THE_PROGRAM, OF_A_DEMONSTRATION].contains(&route.file.as_str())) {
        let (method, address) = (Method::from_bytes(route.method.as_bytes()).unwrap(), world.address(route, number));
        let fields = world.fields(route);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // Who signs out, or fails to sign in, is signed in no longer; both are tested by `identity`.
        let callers = world.callers.iter().filter(|caller| route.method == "GET" || !["/sign-out", "/sign-in"].contains(&route.path.as_str()) || caller.role.is_none());
        for caller in callers {
            // Whose child it is, is asked before what was sent is judged: only of a form that could be read.
            let seen = if takes_a_file(route) && route.path.starts_with("/my/") { caller.visitor.upload(&address, &fields, ("scan.pdf", b"%PDF-1.4")).await } else { caller.visitor.ask(method.clone(), &address, &fields).await };
            let expected = Expected::of(route, caller);
            if !expected.fits(seen.status, seen.location.as_deref()) {
                wrong.push(format!("{} {} as {}: {expected:?} expected, got {} {:?}", route.method, route.path, caller.name, seen.status, seen.location));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are not what the guards say\n{}", wrong.len(), wrong.join("\n"));
}

#[actix_web::test]
async fn a_neighbours_objects_are_not_there_whoever_asks_at_their_own_school() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    let routes: Vec<Route> = all_routes().into_iter().filter(|route| route.path.contains("{school}") && route.path.contains("{id")).collect();
    assert!(routes.len() >= 8, "routes of a school that name an object");
    for (number, route) in routes.iter().enumerate() {
        let Access::Right(right) = &route.access else { continue };
        let (method, address) = (Method::from_bytes(route.method.as_bytes()).unwrap(), world.address_of_neighbours(route, number));
        let fields = world.fields(route);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for caller in world.callers.iter().filter(|caller| !caller.neighbour && caller.role.is_some_and(|role| role.place() == Place::School && holders(right).contains(&role))) {
            let seen = if takes_a_file(route) { caller.visitor.upload(&address, &fields, ("scan.pdf", b"%PDF-1.4")).await } else { caller.visitor.ask(method.clone(), &address, &fields).await };
            if seen.status != StatusCode::NOT_FOUND {
                wrong.push(format!("{} {} as {}: 404 expected, got {}", route.method, route.path, caller.name, seen.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("
"));
}

#[test]
fn every_right_that_a_school_gives_away_and_every_role_has_its_words() {
    let catalog = web::Catalog::build(&crate::visitor::locales()).unwrap();
    let rights = shanyraq::rooms::rights().concat();
    let given = rights.iter().filter(|(_, holders)| kernel::right::is_schools_to_give(holders)).map(|(right, _)| format!("right-{}", right.0.replace(['.', '_'], "-")));
    let roles = Role::ALL.map(|role| format!("role-{}", role.as_str().replace('_', "-")));
    let missing: Vec<String> = given.chain(roles).filter(|key| !catalog.has(key)).collect();
    assert_eq!(missing, [""; 0], "say them in hub/identity/locales");
}
