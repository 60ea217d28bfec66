//! OneRoster from outside: what goes out is what the standard says, comes in again, and names nobody it should not.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Write},
};

use actix_web::http::StatusCode;
use kernel::{
    clock::Clock,
    db::DbRole,
    id::show,
    job::{self, End, Work},
    mode::Mode,
    right::Role,
};
use people::{
    iin::Keeper,
    imports::{Bring, TakeBack},
    oneroster::WriteRoster,
};
use shanyraq::town::{Habits, School};
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    engine::fixture::count,
    roster_checker::{Rows, check},
    visitor::{Visitor, policy},
};

async fn director(school: &School) -> Visitor {
    Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).expect("a director").login).await
}

/// Runs the next job of the school to its end.
async fn run(school: &School) -> Option<End> {
    let keeper = || Keeper::of(&policy(), Mode::Test).ok();
    let (bring, take_back, write) = (Bring { keeper: keeper() }, TakeBack { keeper: keeper() }, WriteRoster { keeper: keeper() });
    let works: [&dyn Work; 3] = [&bring, &take_back, &write];
    job::run_next(&pool(DbRole::Jobs), &scope_of(school), &Clock::System, &works, &|| true).await.unwrap().map(|ran| ran.end)
}

/// The zip of this year, as the office fetches it.
async fn fetch(office: &Visitor, school: &School) -> Vec<u8> {
    let page = format!("/{}/oneroster", school.code);
    for _ in 0..2 {
        assert_eq!(office.post(&page, &[("year", "2026")]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(office.get(&page).await.shows("<progress"));
    assert_eq!((run(school).await, run(school).await), (Some(End::Done), None), "sent twice it is one job: {:?}", error(school).await);
    let shown = office.get(&page).await;
    let href = shown.body.split("href=\"").filter_map(|part| part.split('"').next()).find(|href| href.ends_with("/file")).unwrap_or_else(|| panic!("{}", shown.body)).to_owned();
    office.download(&href).await
}

async fn error(school: &School) -> Option<String> {
    database().superuser().await.query_one("select error from job where school_id = $1 order by created_at desc limit 1", &[&school.id]).await.unwrap().get(0)
}

fn zip(files: &BTreeMap<String, String>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn texts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len()).map(|at| { let mut entry = archive.by_index(at).unwrap(); let name = entry.name().unwrap().into_owned(); (name, std::io::read_to_string(&mut entry).unwrap()) }).collect()
}

/// Surname, given name, class and language of everybody who learns at the school.
async fn learns(school: &School) -> BTreeSet<String> {
    let sql = "select concat_ws(' ', p.surname, p.given_name, p.patronymic, p.birth_date, k.grade || k.letter, k.language) from enrolment e join person p on p.id = e.pupil_id
               join school_class k on k.school_id = e.school_id and k.id = e.class_id where e.school_id = $1 and e.valid_to is null";
    database().superuser().await.query(sql, &[&school.id]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// What became of the rows of the last list of a kind.
async fn verdicts(school: &School, kind: &str) -> Vec<(String, i64)> {
    let sql = "select verdict, count(*) from import_row where school_id = $1 and import_id = (select id from import where school_id = $1 and kind = $2 order by created_at desc, id desc limit 1) group by 1 order by 1";
    database().superuser().await.query(sql, &[&school.id, &kind]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn send(office: &Visitor, school: &School, bytes: &[u8]) -> String {
    let sent = office.upload(&format!("/{}/oneroster/read", school.code), &[], ("roster.zip", bytes)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let id: kernel::id::Uuid = database().superuser().await.query_one("select id from import where school_id = $1 and kind = 'pupils' order by created_at desc, id desc limit 1", &[&school.id]).await.unwrap().get(0);
    format!("/{}/imports/{}", school.code, show(id))
}

fn agents(users: &Rows) -> BTreeSet<String> {
    users.iter().flat_map(|user| user["agentSourcedIds"].split(',').map(str::to_owned).collect::<Vec<_>>()).filter(|one| !one.is_empty()).collect()
}

#[actix_web::test]
async fn inv_1_to_3_our_own_zip_is_right_names_nobody_barred_and_comes_in_again() {
    let school = SchoolBuilder::new().pupils(9).teachers(2).habits(Habits { siblings: 40, second_guardian: 60, second_phone: 0 }).build().await;
    let office = director(&school).await;
    let iin = kernel::iin::Iin::synthetic(jiff::civil::date(2014, 3, 8), true, 1307).unwrap();
    office.post(&format!("/{}/pupils/{}/iin", school.code, school.pupils[0].id), &[("iin", iin.reveal())]).await;
    let files = check(&fetch(&office, &school).await);
    let students = files["roles"].iter().filter(|role| role["role"] == "student").count();
    assert_eq!((students, files["enrollments"].len()), (9, 9));
    assert_eq!(agents(&files["users"]).len(), school.pupils.iter().flat_map(|pupil| pupil.guardians.clone()).collect::<BTreeSet<_>>().len());
    assert!(files["roles"].iter().any(|role| role["role"] == "principal") && files["academicSessions"].len() == 5);
    assert!(!files.values().flatten().flat_map(BTreeMap::values).any(|cell| cell.contains(iin.reveal())), "no IIN");

    // A court closes a child's data to a guardian: that guardian is no agent of the child any more.
    let (pupil, barred) = (&school.pupils[0], school.pupils[0].guardians[0]);
    let db = database().superuser().await;
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, gen_random_uuid(), $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    db.execute(limit, &[&school.id, &pupil.id, &barred]).await.unwrap();
    let bytes = fetch(&office, &school).await;
    let files = check(&bytes);
    let child = files["users"].iter().find(|user| user["sourcedId"] == pupil.id.to_string()).unwrap();
    assert!(!child["agentSourcedIds"].contains(&barred.to_string()), "{child:?}");
    assert_eq!(count("export where school_id = $1", &school).await, 2);
    assert_eq!(count("export x where school_id = $1 and exists (select from export_part p where p.school_id = x.school_id and p.export_id = x.id)", &school).await, 1, "the bytes of one file");
    let clear = "export_part where school_id = $1 and (position('PK' in encode(sealed, 'escape')) = 1)";
    assert_eq!(count(clear, &school).await, 0, "sealed");

    // Into the same school: nothing changes.
    send(&office, &school, &bytes).await;
    assert_eq!(verdicts(&school, "pupils").await, [("same".to_owned(), 9)]);
    assert!(verdicts(&school, "staff").await.iter().all(|(verdict, _)| verdict == "same"), "{:?}", verdicts(&school, "staff").await);

    // Into another, where nobody is yet but one: the same pupils in the same classes.
    let other = SchoolBuilder::new().pupils(1).build().await;
    let (there, own) = (director(&other).await, learns(&other).await);
    let page = send(&there, &other, &bytes).await;
    there.post(&format!("{page}/classes"), &[]).await;
    assert_eq!(there.post(&format!("{page}/go"), &[]).await.status, StatusCode::SEE_OTHER, "{}", there.get(&page).await.body);
    assert_eq!(run(&other).await, Some(End::Done), "{:?}", error(&other).await);
    let came: BTreeSet<String> = learns(&other).await.difference(&own).cloned().collect();
    assert_eq!(came, learns(&school).await);
    assert_eq!(count("oneroster_id where school_id = $1", &other).await, 9);

    // The same zip again changes nothing; a changed surname is somebody known, whose register stays as it is.
    send(&there, &other, &bytes).await;
    assert_eq!(verdicts(&other, "pupils").await, [("same".to_owned(), 9)]);
    let mut married = texts(&bytes);
    let surname = files["users"].iter().find(|user| user["sourcedId"] == pupil.id.to_string()).unwrap()["familyName"].clone();
    let line = married["users.csv"].lines().find(|line| line.starts_with(&pupil.id.to_string())).unwrap().to_owned();
    let users = married["users.csv"].replace(&line, &line.replacen(&surname, "Сәрсенбайқызы", 1));
    married.insert("users.csv".to_owned(), users);
    let page = send(&there, &other, &zip(&married)).await;
    assert_eq!(verdicts(&other, "pupils").await, [("same".to_owned(), 9)]);
    assert!(there.get(&format!("{page}?show=warned")).await.shows("Сәрсенбайқызы"));
    assert_eq!(learns(&other).await.len(), 1 + 9);
}

#[actix_web::test]
async fn what_is_taken_back_is_forgotten_and_a_file_is_fetched_for_a_day() {
    let (school, other) = (SchoolBuilder::new().pupils(3).build().await, SchoolBuilder::new().pupils(1).build().await);
    let (office, there) = (director(&school).await, director(&other).await);
    let bytes = fetch(&office, &school).await;
    let page = send(&there, &other, &bytes).await;
    assert_eq!(there.get(&format!("{page}/columns")).await.status, StatusCode::NOT_FOUND, "nobody tells columns of what came as rows");
    there.post(&format!("{page}/classes"), &[]).await;
    there.post(&format!("{page}/go"), &[]).await;
    assert_eq!(run(&other).await, Some(End::Done));
    assert_eq!(count("oneroster_id where school_id = $1", &other).await, 3);
    there.post(&format!("{page}/take-back"), &[]).await;
    assert_eq!(run(&other).await, Some(End::Done), "{:?}", error(&other).await);
    assert_eq!((count("oneroster_id where school_id = $1", &other).await, learns(&other).await.len()), (0, 1));

    let db = database().superuser().await;
    let id: kernel::id::Uuid = db.query_one("select id from export where school_id = $1", &[&school.id]).await.unwrap().get(0);
    let file = format!("/{}/oneroster/{}/file", school.code, show(id));
    assert_eq!(there.get(&file.replace(&school.code, &other.code)).await.status, StatusCode::NOT_FOUND);
    db.execute("update export set finished_at = now() - interval '25 hours' where school_id = $1", &[&school.id]).await.unwrap();
    assert_eq!(office.get(&file).await.status, StatusCode::CONFLICT);
    assert!(!office.get(&format!("/{}/oneroster", school.code)).await.shows("/file\""));
}

#[actix_web::test]
async fn a_zip_that_is_not_taken_says_why_in_the_readers_language() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let office = director(&school).await;
    let good = texts(&fetch(&office, &school).await);
    let with = |name: &str, text: Option<String>| { let mut files = good.clone(); files.remove(name); if let Some(text) = text { files.insert(name.to_owned(), text); } zip(&files) };
    let manifest = &good["manifest.csv"];
    let cases = [
        (with("manifest.csv", None), "manifest.csv жоқ", "нет manifest.csv"),
        (with("manifest.csv", Some(manifest.replace("oneroster.version,1.2", "oneroster.version,1.1"))), "«1.1» нұсқасы", "версии «1.1»"),
        (with("manifest.csv", Some(manifest.replace("file.users,bulk", "file.users,delta"))), "users.csv — тек өзгерістер", "users.csv — это изменения"),
        (with("roles.csv", None), "roles.csv файлы жоқ", "Нет файла roles.csv"),
        (zip(&BTreeMap::from([("../users.csv".to_owned(), "x".to_owned())])), "қалтасыз", "без папок"),
        (b"not a zip".to_vec(), "zip файл емес", "не zip-файл"),
    ];
    for (bytes, kk, ru) in cases {
        for (language, says) in [("kk", kk), ("ru", ru)] {
            let sent = office.clone().reading(language).upload(&format!("/{}/oneroster/read", school.code), &[], ("a.zip", &bytes)).await;
            assert!(sent.status == StatusCode::UNPROCESSABLE_ENTITY && sent.shows(says), "{says}: {} {}", sent.status, sent.body);
        }
    }
    let strange = with("users.csv", Some(good["users.csv"].replacen("pronouns", "shoeSize", 1)));
    let page = send(&office, &school, &strange).await;
    assert!(office.get(&page).await.shows("users.csv: shoeSize"));
}
