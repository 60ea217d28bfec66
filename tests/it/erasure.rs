//! Erasure from outside: a leaver of whom nothing is left, a neighbour school whose data stay, and a job that is killed.

use std::cell::Cell;

use actix_web::http::StatusCode;
use identity::erasure::{ERASE, Erase};
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{PersonId, Uuid, fresh, show},
    job::{self, End},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::visitor::Visitor;

/// A name that stands nowhere else but in this file's tests; the surname is each test's own.
const GIVEN: &str = "Тыныштықбай";

struct Leaver {
    school: School,
    director: Visitor,
    pupil: PersonId,
    guardian: PersonId,
    surname: String,
    card: String,
    login: String,
}

impl Leaver {
    /// The first pupil of a school, with something in every room, who left last month; the one guardian has no other child.
    async fn new() -> Self {
        let school = SchoolBuilder::new().build().await;
        let (pupil, guardian, device) = (school.pupils[0].id, school.pupils[0].guardians[0], school.devices[0].id.0);
        let own = show(fresh(Clock::System.now()));
        let (surname, card, id) = (format!("Өшірілген{own}"), format!("E{}", own.to_uppercase()), school.id.0);
        let db = database().superuser().await;
        db.execute("update card set code = $2 where school_id = $1 and person_id = $3", &[&id, &card, &pupil]).await.unwrap();
        db.execute("update person set surname = $2, given_name = $3 where id = any($1)", &[&vec![pupil.0, guardian.0], &surname, &GIVEN]).await.unwrap();
        let rows = format!(
            "insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
               select '{id}', '{pupil}', now() - n * interval '1 day', '{device}', 's', n, now(), 'in', 'card', false from generate_series(1, 7) n;
             insert into meal (school_id, person_id, occurred_at, device_id, store, seq, received_at, item, price_tiyn, late)
               values ('{id}', '{pupil}', now(), '{device}', 's', 8, now(), 'Борщ', 1, false);
             insert into presence (school_id, person_id, direction, since, device_id, store, seq) values ('{id}', '{pupil}', 'in', now(), '{device}', 's', 1);
             insert into event (school_id, device_id, store, seq, received_at, at, occurred_at, boot, kind, fingerprint, late, body)
               values ('{id}', '{device}', 's', 1, now(), now(), now(), 1, 'pass', 1, false, '{{\"card\": \"{card}\", \"kind\": \"pass\"}}');
             insert into dead_letter (school_id, id, received_at, reason, topic, detail, payload) values ('{id}', gen_random_uuid(), now(), 'malformed', 't', '{card}', '{{\"card\":\"{card}\"}}');
             insert into notice (school_id, recipient_id, id, created_at, child_id, kind, occurred_at, late, args)
               values ('{id}', '{guardian}', '{device}', now(), '{pupil}', 'entered', now(), false, '{{\"child\": \"{surname} {GIVEN}\"}}');
             insert into delivery (school_id, notice_id, token_id, created_at, recipient_id, channel, lease_until, outcome, outcome_at)
               values ('{id}', '{device}', '{device}', now(), '{guardian}', 'fcm', now(), 'sent', now());
             insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at) values ('{id}', '{guardian}', '{pupil}', 'entered', 'off', now());
             insert into announcement (school_id, id, title_kk, title_ru, text_kk, text_ru, urgency, audience, written_by, written_at)
               values ('{id}', '{device}', 't', 't', 't', 't', 'normal', 'school', '{device}', now());
             insert into announcement_reader (school_id, announcement_id, guardian_id, child_id) values ('{id}', '{device}', '{guardian}', '{pupil}');
             insert into push_token (id, person_id, channel, token, locale, registered_at)
               select gen_random_uuid(), '{guardian}', 'telegram', abs(hashtextextended('{guardian}', 1))::text, 'kk', now();
             insert into delivery_link_code (code_hash, person_id, locale, expires_at) values (sha256('{guardian}'), '{guardian}', 'kk', now());
             insert into notice_hours (school_id, guardian_id, quiet_from, quiet_to, changed_at) values ('{id}', '{guardian}', 1320, 420, now());
             insert into invitation (school_id, id, guardian_id, code_hash, created_by, created_at, expires_at)
               values ('{id}', '{device}', '{guardian}', sha256('{device}'), '{guardian}', now(), now());
             insert into vault_key (school_id, realm, generation, sealed, created_at) values ('{id}', 'health', 1, sha256('x'), now());
             insert into confidential_record (school_id, id, record_id, version, person_id, realm, generation, sealed, written_by, written_at)
               values ('{id}', '{device}', '{device}', 1, '{pupil}', 'health', 1, sha256('x'), '{guardian}', now());
             insert into file (school_id, id, kind, person_id, media_type, size, sha256, created_at) values ('{id}', '{device}', 'test.scan', '{pupil}', 'application/pdf', 5, sha256('x'), now());
             insert into file_chunk (school_id, file_id, n, bytes) values ('{id}', '{device}', 0, convert_to('{surname} {GIVEN}', 'UTF8'));
             insert into absence_note (school_id, id, child_id, from_day, to_day, reason, way, said_by, said_at) values ('{id}', '{device}', '{pupil}', current_date, current_date, 'ill', 'page', '{guardian}', now());
             insert into certificate (school_id, id, year, number, dated, pupil_id, asked_by, surname, given_name, class_label, code, issued_at)
               values ('{id}', '{device}', 2026, 1, current_date, '{pupil}', '{guardian}', '{surname}', '{GIVEN}', '1А', translate(upper(left(md5('{id}'), 12)), '01', 'GH'), now());
             insert into absence_document (school_id, note_id, file_id, generation, sealed_key, added_by, added_at) values ('{id}', '{device}', '{device}', 1, sha256('x'), '{guardian}', now());",
            pupil = pupil.0,
            guardian = guardian.0,
        );
        db.batch_execute(&rows).await.unwrap_or_else(|error| panic!("{error:?}"));
        let login: String = db.query_one("select login from account where person_id = $1", &[&guardian]).await.unwrap().get(0);
        let director = Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).unwrap().login).await;
        Self { director, pupil, guardian, surname, card, login, school }
    }

    async fn leave(&self) {
        let db = database().superuser().await;
        for sql in [
            "update school_person set valid_to = current_date - 30 where school_id = $1 and person_id = $2",
            "update enrolment set valid_to = current_date - 30 where school_id = $1 and pupil_id = $2",
        ] {
            db.execute(sql, &[&self.school.id, &self.pupil]).await.unwrap();
        }
    }

    fn page(&self) -> String {
        format!("/{}/leavers/{}", self.school.code, self.pupil)
    }

    async fn order(&self) -> String {
        let ordered = self.director.post(&format!("{}/erase", self.page()), &[("surname", &self.surname.to_lowercase())]).await;
        assert_eq!(ordered.status, StatusCode::SEE_OTHER, "{}", ordered.body);
        ordered.location.unwrap()
    }

    /// Runs the job for at most so many portions.
    async fn run(&self, portions: usize) -> Option<End> {
        let erase = Erase { registry: shanyraq::rooms::registry() };
        let left = Cell::new(portions);
        let go_on = || left.replace(left.get().saturating_sub(1)) > 0;
        let ran = job::run_next(&pool(DbRole::Jobs), &scope_of(&self.school), &Clock::System, &[&erase], &go_on).await.unwrap();
        ran.map(|ran| ran.end)
    }

    async fn error(&self) -> Option<String> {
        let row = database().superuser().await.query_opt("select error from job where school_id = $1 and kind = $2", &[&self.school.id, &ERASE]).await.unwrap();
        row.and_then(|row| row.get(0))
    }
}

/// Every table with how many of its rows hold a text: as text, or as its bytes.
async fn places(texts: &[&str]) -> Vec<(String, i64)> {
    let db = database().superuser().await;
    let tables = db.query("select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1", &[]).await.unwrap();
    let mut sought: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    sought.extend(texts.iter().map(|text| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()));
    let mut found = Vec::new();
    for row in tables {
        let table: String = row.get(0);
        let sql = format!("select count(*) from {table} t where exists (select from unnest($1::text[]) n where position(n in lower(t::text)) > 0)");
        let hits: i64 = db.query_one(&sql, &[&sought]).await.unwrap().get(0);
        if hits > 0 {
            found.push((table, hits));
        }
    }
    found
}

async fn count(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id]).await.unwrap().get(0)
}

#[actix_web::test]
async fn inv_2_and_4_of_a_leaver_and_a_guardian_without_children_nothing_is_left_but_numbers() {
    let leaver = Leaver::new().await;
    assert!(leaver.director.get(&leaver.page()).await.shows("кетпеген"), "inv_1: who has not left is refused");
    assert_eq!(leaver.director.post(&format!("{}/erase", leaver.page()), &[("surname", &leaver.surname)]).await.status, StatusCode::CONFLICT);
    leaver.leave().await;
    let list = leaver.director.get(&format!("/{}/erasures", leaver.school.code)).await;
    assert!(list.shows(&leaver.surname));
    let preview = leaver.director.get(&leaver.page()).await;
    assert!(preview.shows(&format!("along-{}", leaver.guardian)) && preview.shows("Өту жазбалары") && preview.shows("Тексеру журналының жазбалары"), "{}", preview.body);
    assert_eq!(leaver.director.post(&format!("{}/erase", leaver.page()), &[("surname", "басқа")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let act = leaver.order().await;
    assert!(leaver.director.get(&act).await.shows("<progress"));
    assert_eq!(leaver.run(1_000).await, Some(End::Done), "{:?}", leaver.error().await);

    assert_eq!(places(&[&leaver.surname, &leaver.card, &leaver.login, &format!("{} {GIVEN}", leaver.surname)]).await, []);
    let page = leaver.director.get(&act).await;
    assert!(page.shows("№ 1") && page.shows("sh-note sh-ok") && !page.shows("<progress"), "{}", page.body);
    assert_eq!(count("select count(*) from pass where school_id = $1", &leaver.school).await, 7);
    let stand_ins = database().superuser().await;
    let stand_ins = stand_ins.query("select distinct person_id from pass where school_id = $1 union select person_id from meal where school_id = $1", &[&leaver.school.id]).await.unwrap();
    let [stand_in] = stand_ins.as_slice() else { panic!("{} stand-ins", stand_ins.len()) };
    let stand_in: Uuid = stand_in.get(0);
    assert!(stand_in != leaver.pupil.0);
    let elsewhere: Vec<String> = places(&[&stand_in.to_string(), &show(stand_in)]).await.into_iter().map(|(table, _)| table).collect();
    assert_eq!(elsewhere, ["meal", "pass"]);
    let still = database().superuser().await;
    assert_eq!(still.query_one("select count(*) from person where id = any($1)", &[&vec![leaver.pupil.0, leaver.guardian.0]]).await.unwrap().get::<_, i64>(0), 0);

    // A second order, and a second run, find nothing to do.
    assert_eq!(leaver.run(1_000).await, None);
    assert_eq!(leaver.director.get(&leaver.page()).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_5_a_job_that_is_killed_again_and_again_ends_the_same() {
    let leaver = Leaver::new().await;
    leaver.leave().await;
    leaver.order().await;
    let mut runs = 0;
    while leaver.run(1).await == Some(End::LeftToOthers) {
        runs += 1;
        assert!(runs < 500, "it gets nowhere");
    }
    assert!(runs > 20, "{runs} portions");
    assert_eq!(leaver.error().await, None);
    assert_eq!(places(&[&leaver.surname, &leaver.card, &leaver.login]).await, []);
    let acts = database().superuser().await.query("select number from erasure where school_id = $1", &[&leaver.school.id]).await.unwrap();
    assert_eq!(acts.iter().map(|row| row.get::<_, Option<i32>>(0)).collect::<Vec<_>>(), [Some(1)]);
    // The next act follows without a gap.
    let second = leaver.school.pupils[1].id;
    let db = database().superuser().await;
    db.execute("update school_person set valid_to = current_date - 1 where school_id = $1 and person_id = $2", &[&leaver.school.id, &second]).await.unwrap();
    db.execute("update enrolment set valid_to = current_date - 1 where school_id = $1 and pupil_id = $2", &[&leaver.school.id, &second]).await.unwrap();
    let surname: String = db.query_one("select surname from person where id = $1", &[&second]).await.unwrap().get(0);
    let address = format!("/{}/leavers/{second}/erase", leaver.school.code);
    assert_eq!(leaver.director.post(&address, &[("surname", &surname)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(leaver.director.post(&address, &[("surname", &surname)]).await.status, StatusCode::CONFLICT);
    assert_eq!(leaver.run(1_000).await, Some(End::Done), "{:?}", leaver.error().await);
    let last = db.query_one("select max(number) from erasure where school_id = $1", &[&leaver.school.id]).await.unwrap();
    assert_eq!(last.get::<_, Option<i32>>(0), Some(2));
}

#[actix_web::test]
async fn inv_3_a_neighbour_schools_data_of_the_same_people_stay() {
    let leaver = Leaver::new().await;
    let neighbour = SchoolBuilder::new().build().await;
    let db = database().superuser().await;
    let (pupil, guardian, id, class) = (leaver.pupil.0, leaver.guardian.0, neighbour.id.0, neighbour.pupils[0].id.0);
    let rows = format!(
        "insert into school_person (school_id, person_id, valid_from) values ('{id}', '{pupil}', '2026-11-01'), ('{id}', '{guardian}', '2026-11-01');
         insert into enrolment (school_id, pupil_id, class_id, valid_from) select '{id}', '{pupil}', class_id, '2026-11-01' from enrolment where school_id = '{id}' and pupil_id = '{class}';
         insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ('{id}', '{pupil}', '{guardian}', 'mother', '2026-11-01');
         insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
           values ('{id}', '{pupil}', now(), '{pupil}', 's', 1, now(), 'in', 'card', false);"
    );
    db.batch_execute(&rows).await.unwrap_or_else(|error| panic!("{error:?}"));
    leaver.leave().await;

    // The neighbour's director can do nothing about it, and sees nothing of it.
    let theirs = Visitor::signed_in(&neighbour.staff.iter().find(|employee| employee.role == Role::Director).unwrap().login).await;
    assert_eq!(theirs.get(&leaver.page()).await.status, StatusCode::NOT_FOUND);
    let at_their_own = format!("/{}/leavers/{}", neighbour.code, leaver.school.pupils[1].id);
    assert_eq!(theirs.get(&at_their_own).await.status, StatusCode::NOT_FOUND);
    assert_eq!(theirs.post(&format!("{at_their_own}/erase"), &[("surname", &leaver.surname)]).await.status, StatusCode::NOT_FOUND);

    let act = leaver.order().await;
    assert_eq!(theirs.get(&act).await.status, StatusCode::NOT_FOUND);
    assert_eq!(leaver.run(1_000).await, Some(End::Done), "{:?}", leaver.error().await);
    assert_eq!(count("select count(*) from pass where school_id = $1 ", &neighbour).await, 1);
    let kept = db.query_one("select (select count(*) from person where id = any($1)), (select count(*) from account where person_id = $2), (select person_id from pass where school_id = $3)", &[&vec![pupil, guardian], &guardian, &id]).await.unwrap();
    assert_eq!((kept.get::<_, i64>(0), kept.get::<_, i64>(1), kept.get::<_, Uuid>(2)), (2, 1, pupil));
    let seen = db.query_one("select count(*) from school_person where school_id = $1 and person_id = any($2)", &[&leaver.school.id, &vec![pupil, guardian]]).await.unwrap();
    assert_eq!(seen.get::<_, i64>(0), 0);
    assert!(Visitor::signed_in(&leaver.login).await.get("/my").await.shows(GIVEN), "the guardian still sees the child at the other school");
}

#[actix_web::test]
async fn inv_1_a_guardian_with_another_child_stays_and_staff_are_not_erased_here() {
    let leaver = Leaver::new().await;
    leaver.leave().await;
    let db = database().superuser().await;
    let other = leaver.school.pupils[1].id;
    db.execute("insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, 'mother', '2026-09-01')", &[&leaver.school.id, &other, &leaver.guardian]).await.unwrap();
    let preview = leaver.director.get(&leaver.page()).await;
    assert!(!preview.shows(&format!("along-{}", leaver.guardian)));
    let teacher = leaver.school.staff[0].id;
    db.execute("update school_person set valid_to = current_date - 1 where school_id = $1 and person_id = $2", &[&leaver.school.id, &teacher]).await.unwrap();
    let director = Visitor::signed_in(&leaver.school.staff.iter().find(|employee| employee.role == Role::SchoolAdministrator).unwrap().login).await;
    assert!(director.get(&format!("/{}/leavers/{teacher}", leaver.school.code)).await.shows("еңбек заңнамасы"));
    leaver.order().await;
    assert_eq!(leaver.run(1_000).await, Some(End::Done), "{:?}", leaver.error().await);
    assert!(Visitor::signed_in(&leaver.login).await.get("/my").await.status == StatusCode::OK);
}

/// Tables that name a person or an account and are no part of an erasure, each with its reason.
const STAYS: &[(&str, &str)] = &[
    ("breach", "a register that the law keeps: who registered it, an employee"),
    ("breach_step", "the same register"),
    ("delegation", "between employees"),
    ("see_as", "a register of the school, like the audit: ids and times"),
];

#[actix_web::test]
async fn tables_that_name_a_person_are_registered_by_their_rooms() {
    let registry = shanyraq::rooms::registry();
    let mut known: Vec<&str> = registry.holdings.iter().map(|holding| holding.table).chain(registry.releases.iter().map(|release| release.table)).collect();
    known.extend(STAYS.iter().map(|(table, _)| *table));
    let sql = "select distinct c.conrelid::regclass::text from pg_constraint c join pg_class r on r.oid = c.conrelid
               where c.contype = 'f' and c.confrelid in ('person'::regclass, 'account'::regclass) and not r.relispartition order by 1";
    let naming = database().superuser().await.query(sql, &[]).await.unwrap();
    let forgotten: Vec<String> = naming.iter().map(|row| row.get(0)).filter(|table: &String| !known.contains(&table.as_str())).collect();
    assert_eq!(forgotten, [""; 0], "say in `keep/store.rs` of its crate what becomes of a leaver's rows, or list it here with its reason");
}
