//! Imports from outside: a messy list is mended, brought in by a job that is killed on its way, changes nothing the second time, and is taken back.

use std::cell::Cell;

use actix_web::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use kernel::{
    Locale,
    clock::Clock,
    db::DbRole,
    id::PersonId,
    job::{self, End, Work},
    mode::Mode,
    right::Role,
};
use people::{
    iin::Keeper,
    imports::{Bring, TakeBack},
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    engine::fixture::count,
    messy::{self, COLUMNS, HEADER, SHEET},
    visitor::{Visitor, policy},
};

async fn director(school: &School) -> Visitor {
    Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).expect("a director").login).await
}

/// Runs the jobs of lists for at most so many portions.
async fn run(school: &School, portions: usize) -> Option<End> {
    let keeper = || Keeper::of(&policy(), Mode::Test).ok();
    let (bring, take_back, left) = (Bring { keeper: keeper() }, TakeBack { keeper: keeper() }, Cell::new(portions));
    let works: [&dyn Work; 2] = [&bring, &take_back];
    let go_on = || left.replace(left.get().saturating_sub(1)) > 0;
    job::run_next(&pool(DbRole::Jobs), &scope_of(school), &Clock::System, &works, &go_on).await.unwrap().map(|ran| ran.end)
}

/// Sends a list and tells its columns; gives the page of its rows.
async fn send(office: &Visitor, school: &School, kind: &str, bytes: &[u8], columns: &[(&str, &str)]) -> String {
    let sent = office.upload(&format!("/{}/imports", school.code), &[("kind", kind)], ("список.xlsx", bytes)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = sent.location.unwrap();
    let guessed = office.get(&page).await;
    for (column, field) in columns.iter().filter(|(name, _)| name.starts_with('c')) {
        assert!(guessed.shows(&format!("id=\"{column}\"")), "{column} {field}: {}", guessed.body);
    }
    let told = office.post(&page, columns).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
    told.location.unwrap()
}

fn columns() -> Vec<(&'static str, &'static str)> {
    [HEADER, SHEET].into_iter().chain(COLUMNS).collect()
}

#[actix_web::test]
async fn inv_1_2_and_4_a_messy_list_is_mended_brought_in_and_changes_nothing_twice() {
    const PUPILS: u16 = 1_200;
    let school = SchoolBuilder::new().pupils(1).build().await;
    let (office, messy) = (director(&school).await, messy::list(PUPILS, 1));
    let page = send(&office, &school, "pupils", &messy.bytes, &columns()).await;
    let preview = office.get(&page).await;
    assert!(preview.shows("Мұндай сыныптар жоқ"), "{}", preview.body);
    assert_eq!(office.post(&format!("{page}/classes"), &[]).await.status, StatusCode::SEE_OTHER);

    // Two rows are wrong, and say why; one of them in each language.
    let wrong = office.get(&format!("{page}?show=wrong")).await;
    assert_eq!(wrong.body.matches("sh-row-bad").count(), 2, "{}", wrong.body);
    assert!(wrong.shows("бақылау цифры сәйкес емес") && wrong.shows("«седьмой» — сынып емес"));
    assert!(office.clone().reading("ru").get(&format!("{page}?show=wrong")).await.shows("не сходится контрольная цифра"));
    assert!(office.clone().reading("en").get(&format!("{page}?show=wrong")).await.shows("the check digit does not fit"));
    for show in ["warned", "skipped"] {
        let shown = office.get(&format!("{page}?show={show}")).await;
        assert!(shown.shows(if show == "warned" { "латын әрпі" } else { "қайталануы" }), "{}", shown.body);
    }
    let mended = office.post(&format!("{page}/rows/{}", messy.wrong_iin.0), &[("iin", &messy.wrong_iin.1)]).await;
    assert!(mended.location.unwrap().contains("mended="), "{}", mended.body);
    let still = office.post(&format!("{page}/rows/{}", messy.wrong_class), &[("class", "99Я")]).await;
    assert!(still.location.unwrap().ends_with(&format!("/rows/{}", messy.wrong_class)));
    office.post(&format!("{page}/rows/{}", messy.wrong_class), &[("class", "3A")]).await;
    assert_eq!(count("enrolment where school_id = $1", &school).await, 1, "nothing is written yet");

    // Sent twice it is one job; killed after a portion another runner goes on.
    for _ in 0..2 {
        assert_eq!(office.post(&format!("{page}/go"), &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(run(&school, 1).await, Some(End::LeftToOthers));
    assert!(office.get(&page).await.shows("<progress"));
    assert_eq!(run(&school, 100).await, Some(End::Done));
    assert_eq!(run(&school, 100).await, None);
    let done = office.get(&page).await;
    assert!(done.shows("Жаңадан жазылғаны: 1") && done.shows("Енгізуді қайтару"), "{}", done.body);
    assert_eq!(count("enrolment where school_id = $1 and valid_to is null", &school).await, 1 + i64::from(PUPILS));
    assert_eq!(count("movement where school_id = $1 and kind = 'arrival' and pupil_id in (select person_id from import_row where school_id = $1)", &school).await, i64::from(PUPILS));
    let families = "select count(distinct guardian_id) from kinship where school_id = $1 and kind = 'mother' and valid_to is null and pupil_id in (select person_id from import_row where school_id = $1)";
    let mothers: i64 = database().superuser().await.query_one(families, &[&school.id]).await.unwrap().get(0);
    assert_eq!(mothers, i64::from(PUPILS / 3), "brothers and sisters share their mother");

    // The same list once more.
    let before = (count("school_person where school_id = $1", &school).await, count("kinship where school_id = $1", &school).await);
    let again = send(&office, &school, "pupils", &messy.bytes, &columns()).await;
    let preview = office.get(&format!("{again}?show=same")).await;
    assert!(preview.shows("Енгізетін ештеңе жоқ") || preview.shows("Өзгермейді"), "{}", preview.body);
    let tally = database().superuser().await;
    let tally = tally.query("select verdict, count(*) from import_row where school_id = $1 and import_id = (select id from import where school_id = $1 and state = 'mapped') group by 1 order by 1", &[&school.id]).await.unwrap();
    let tally: Vec<(String, i64)> = tally.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(tally, [("same".to_owned(), i64::from(PUPILS) - 2), ("skipped".to_owned(), 2), ("wrong".to_owned(), 2)]);
    assert_eq!(office.post(&format!("{again}/go"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!((count("school_person where school_id = $1", &school).await, count("kinship where school_id = $1", &school).await), before);
}

#[actix_web::test]
async fn inv_3_what_a_list_says_is_sealed_and_leaves() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let office = director(&school).await;
    let list = "ФИО;Класс;Телефон матери;ФИО матери\nТұмшаланған Тыныштық;1А;87019998877;Тұмшаланған Ақмарал\nТұмшаланған Қате;99Я;;\n";
    let page = send(&office, &school, "pupils", list.as_bytes(), &[("header", "1"), ("sheet", "0"), ("c0", "full-name"), ("c1", "class"), ("c2", "mother-phone"), ("c3", "mother-name")]).await;
    let found = async |text: &str| {
        let db = database().superuser().await;
        let mut hits = Vec::new();
        for table in ["import", "import_line", "import_row", "import_mapping", "job", "audit", "person"] {
            let sql = format!("select count(*) from {table} t where position($1 in t::text) > 0 or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0");
            if db.query_one(&sql, &[&text]).await.unwrap().get::<_, i64>(0) > 0 {
                hits.push(table);
            }
        }
        hits
    };
    assert_eq!(found("Тұмшаланған").await, [""; 0]);
    office.post(&format!("{page}/classes"), &[]).await;
    assert_eq!(office.post(&format!("{page}/go"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(run(&school, 100).await, Some(End::Done));
    assert_eq!(found("Тұмшаланған").await, ["person"], "in the register and nowhere else");
    assert_eq!(count("import_line where school_id = $1", &school).await, 0);
    for (file, error) in [(&b"%PDF-1.7"[..], "Бұл кесте емес"), (b"", "upload"), (b"\xd0\xcf\x11\xe0", "Файл бүлінген"), (b" ;\n", "Файл бос")] {
        let refused = office.upload(&format!("/{}/imports", school.code), &[("kind", "pupils")], ("a.xlsx", file)).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && (error == "upload" || refused.shows(error)), "{}", refused.body);
    }
}

#[actix_web::test]
async fn inv_5_what_nobody_used_is_taken_back_and_what_was_used_stays() {
    let school = SchoolBuilder::new().pupils(2).build().await;
    let (office, messy) = (director(&school).await, messy::list(40, 5_000));
    let before = (count("school_person where school_id = $1", &school).await, count("school_class where school_id = $1", &school).await);
    let page = send(&office, &school, "pupils", &messy.bytes, &columns()).await;
    office.post(&format!("{page}/classes"), &[]).await;
    office.post(&format!("{page}/go"), &[]).await;
    assert_eq!(run(&school, 100).await, Some(End::Done));
    assert_eq!(count("enrolment where school_id = $1", &school).await, 2 + 38);

    // Somebody gives a new pupil a card: that pupil stays.
    let db = database().superuser().await;
    let used: PersonId = db.query_one("select person_id from import_row where school_id = $1 and outcome = 'brought' order by n limit 1", &[&school.id]).await.unwrap().get(0);
    db.execute("insert into card (school_id, id, code, person_id, valid_from) values ($1, $2, $3, $2, now())", &[&school.id, &used, &format!("U{}", school.code.to_uppercase())]).await.unwrap();
    assert_eq!(office.post(&format!("{page}/take-back"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(run(&school, 100).await, Some(End::Done), "{:?}", error(&school).await);
    let page = office.get(&page).await;
    assert!(page.shows("Қайтарылғаны: 37") && page.shows("қалғаны: 1"), "{}", page.body);
    assert_eq!(count("enrolment where school_id = $1", &school).await, 2 + 1);
    let orphans = "select count(*) from person p where not exists (select from school_person m where m.person_id = p.id) and p.id in (select person_id from import_row where school_id = $1)";
    assert_eq!(db.query_one(orphans, &[&school.id]).await.unwrap().get::<_, i64>(0), 0);
    let kin: i64 = db.query_one("select count(*) from kinship where school_id = $1 and pupil_id = $2", &[&school.id, &used]).await.unwrap().get(0);
    assert_eq!(count("school_person where school_id = $1", &school).await, before.0 + 1 + kin);
    assert_eq!(count("school_class where school_id = $1", &school).await, before.1, "classes that nobody is in are gone");
}

async fn error(school: &School) -> Option<String> {
    let row = database().superuser().await.query_opt("select error from job where school_id = $1 order by created_at desc limit 1", &[&school.id]).await.unwrap();
    row.and_then(|row| row.get(0))
}

#[actix_web::test]
async fn employees_come_with_the_roles_that_may_be_given() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let office = Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::SchoolAdministrator).unwrap().login).await;
    let list = "Т.А.Ә.,Лауазымы,Телефоны\nҚабдолова Әсем Серікқызы,математика мұғалімі,87011112233\nКим Вера,библиотекарь,\nДиректоров Олег,директор школы,\n";
    let told = [("header", "1"), ("sheet", "0"), ("c0", "full-name"), ("c1", "role"), ("c2", "phone")];
    let page = send(&office, &school, "staff", list.as_bytes(), &told).await;
    assert!(office.get(&page).await.shows("бұл рөлді сіз бере алмайсыз"));
    office.post(&format!("{page}/go"), &[]).await;
    assert_eq!(run(&school, 10).await, Some(End::Done), "{:?}", error(&school).await);
    let roles = "select string_agg(p.surname || ' ' || coalesce(g.role, '-'), ', ' order by p.surname) from import_row r join person p on p.id = r.person_id left join role_grant g on g.school_id = r.school_id and g.person_id = p.id where r.school_id = $1";
    let given: String = database().superuser().await.query_one(roles, &[&school.id]).await.unwrap().get(0);
    assert_eq!(given, "Қабдолова teacher, Директоров -, Ким librarian".split(", ").collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", "));
    let again = send(&office, &school, "staff", list.as_bytes(), &told).await;
    assert_eq!(office.post(&format!("{again}/go"), &[]).await.status, StatusCode::CONFLICT, "a second time there is nothing to bring in");
    office.post(&format!("{page}/take-back"), &[]).await;
    assert_eq!(run(&school, 10).await, Some(End::Done));
    assert_eq!(count("import_row where school_id = $1 and outcome = 'undone'", &school).await, 3);
}

#[actix_web::test]
async fn inv_6_what_goes_out_comes_in_and_changes_nothing() {
    let school = SchoolBuilder::new().pupils(6).habits(shanyraq::town::Habits { siblings: 50, second_guardian: 50, second_phone: 0 }).build().await;
    let office = director(&school).await;
    let iin = kernel::iin::Iin::synthetic(jiff::civil::date(2014, 3, 8), true, 1201).unwrap();
    office.post(&format!("/{}/pupils/{}/iin", school.code, school.pupils[0].id), &[("iin", iin.reveal())]).await;
    for locale in [Locale::Kk, Locale::Ru, Locale::En] {
        let bytes = office.clone().reading(locale.as_str()).download(&format!("/{}/register.xlsx", school.code)).await;
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.clone())).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let cells: Vec<String> = range.used_cells().map(|(_, _, cell)| match cell { Data::String(text) => text.clone(), other => other.to_string() }).collect();
        assert!(cells.contains(&iin.reveal().to_owned()) && range.height() == 7, "{cells:?}");
        let sent = office.upload(&format!("/{}/imports", school.code), &[("kind", "pupils")], ("register.xlsx", &bytes)).await;
        let columns = sent.location.unwrap();
        let page = office.get(&columns).await;
        // What is guessed is what the form sends.
        let chosen: Vec<(String, String)> = page.body.split("<select").skip(1).filter_map(|part| {
            let name = part.split("name=\"").nth(1)?.split('"').next()?;
            let value = part.split("</select>").next()?.split("\" selected>").next().filter(|_| part.split("</select>").next().is_some_and(|one| one.contains("selected>")))?.rsplit("value=\"").next()?;
            Some((name.to_owned(), value.to_owned()))
        }).collect();
        let mut fields: Vec<(&str, &str)> = chosen.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(fields.len() >= 10, "{chosen:?}");
        fields.extend([("header", "1"), ("sheet", "0")]);
        let told = office.post(&columns, &fields).await;
        let rows = office.get(&told.location.expect(&told.body)).await;
        assert!(rows.shows("Енгізетін ештеңе жоқ") && !rows.shows("sh-row-bad"), "{}", rows.body);
    }
    let teacher = SchoolBuilder::new().teachers(1).build().await;
    let login = &teacher.staff.iter().find(|employee| employee.role == Role::Teacher).unwrap().login;
    let seen = Visitor::signed_in(login).await.get(&format!("/{}/register.xlsx", teacher.code)).await;
    assert_eq!(seen.status, StatusCode::OK);
}

/// Pupils under two titles, employees under one.
fn two_sheets() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets: [(&str, &[&[&str]]); 2] = [
        ("Учащиеся", &[&["Список учащихся"], &["2026-2027"], &["№", "ФИО", "Класс", "Дата рождения"], &["1", "Оспанова Айзере", "7А", "01.02.2014"]]),
        ("Работники", &[&["Работники школы"], &["№", "Ф.И.О.", "Должность"], &["1", "Ким Вера", "Учитель"]]),
    ];
    for (name, lines) in sheets {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0_u32..).zip(lines) {
            for (column, text) in (0_u16..).zip(*cells) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[actix_web::test]
async fn another_sheet_is_guessed_anew_and_what_was_typed_stays_with_its_own() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let office = director(&school).await;
    let sent = office.upload(&format!("/{}/imports", school.code), &[("kind", "staff")], ("школа.xlsx", &two_sheets())).await;
    let columns = sent.location.unwrap();
    let header = async |query: &str| {
        let page = office.get(&format!("{columns}{query}")).await;
        let field = page.body.split("id=\"header\"").nth(1).unwrap().split('>').next().unwrap();
        (field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned(), page)
    };
    let (found, page) = header("").await;
    assert!(found == "3" && page.shows("name=\"of\" value=\"0\""), "{}", page.body);
    let (guessed, page) = header("?of=0&sheet=1&header=3").await;
    assert!(guessed == "2" && page.shows("value=\"role\" selected") && page.shows("name=\"told\" value=\"0.3\""), "{}", page.body);
    assert_eq!(header("?of=1&sheet=1&header=1&told=0.3").await.0, "1", "typed for the same sheet it stays");
    assert_eq!(header("?of=1&sheet=0&header=1&told=0.2").await.0, "2", "and is there again when one comes back");
    let told = office.post(&columns, &[("sheet", "1"), ("header", "2"), ("c1", "full-name"), ("c2", "role")]).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
    let (kept, page) = header("?of=0&sheet=1&header=3").await;
    assert!(kept == "2" && page.shows("value=\"role\" selected"), "what was told before is known of its sheet");
}
