//! Consents from outside: who may say what, what holds when guardians differ, and what stops at once when a word is taken back.

use actix_web::http::StatusCode;
use identity::consents::{self, Purpose};
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{PersonId, Uuid, fresh, show},
    right::Role,
};
use notice::ENTERED;
use serde_json::json;
use shanyraq::town::{Habits, School};
use testkit::{Patience, SchoolBuilder, database, eventually, pool, scope_of};

use crate::{
    delivery::world::{AtWork, Provider, World},
    engine::fixture::{self, Terminal, count, now, pass},
    visitor::{Seen, Visitor},
};

/// A scan that is one by its content.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF";

async fn guardian(school: &School, pupil: usize) -> Visitor {
    let id = school.pupils[pupil].guardians[0];
    Visitor::signed_in(&school.guardians.iter().find(|guardian| guardian.id == id).expect("a guardian").login).await
}

async fn director(school: &School) -> Visitor {
    Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).expect("a director").login).await
}

async fn say(by: &Visitor, school: &School, child: PersonId, purpose: &str, wish: &str) -> Seen {
    let (school, child) = (show(school.id.0), show(child.0));
    by.post("/my/consents", &[("school", &school), ("child", &child), ("purpose", purpose), ("wish", wish), ("version", "1")]).await
}

/// `state` of what holds; nothing where nobody has said anything.
async fn state(school: &School, child: PersonId, purpose: &str) -> Option<String> {
    let db = database().superuser().await;
    let row = db.query_opt("select state from identity_v_consent where school_id = $1 and person_id = $2 and purpose = $3", &[&school.id, &child, &purpose]).await.unwrap();
    row.map(|row| row.get(0))
}

async fn open_stops(school: &School, child: PersonId) -> Vec<String> {
    let db = database().superuser().await;
    let rows = db.query("select purpose from consent_stop where school_id = $1 and person_id = $2 and until is null order by 1", &[&school.id, &child]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn allows(school: &School, child: PersonId, purpose: Purpose) -> bool {
    let today = jiff::civil::date(2026, 11, 22);
    pool(DbRole::Web).run(&scope_of(school), async |tx| consents::allows(tx, school.id, child, purpose, today).await).await.unwrap()
}

#[actix_web::test]
async fn a_guardian_reads_gives_and_takes_back_and_it_holds_at_once() {
    let school = SchoolBuilder::new().build().await;
    let (mother, child) = (guardian(&school, 0).await, school.pupils[0].id);
    let page = mother.get("/my/consents").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows("Google Firebase") && page.shows(&format!("{} мектебі", school.code)), "the text is on the page: {}", page.body);
    assert_eq!(state(&school, child, "photos").await, None);

    let given = say(&mother, &school, child, "photos", "yes").await;
    assert_eq!((given.status, given.location), (StatusCode::SEE_OTHER, Some(format!("/my/consents?said={child}#child-{child}"))));
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("given"));
    assert!(allows(&school, child, Purpose::Photos).await);

    say(&mother, &school, child, "photos", "no").await;
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("withdrawn"));
    assert!(!allows(&school, child, Purpose::Photos).await);
    say(&mother, &school, child, "ai", "no").await;
    assert_eq!(state(&school, child, "ai").await.as_deref(), Some("refused"));
    let ledger = mother.get("/my/consents/ledger").await;
    assert!(ledger.shows("Кері қайтарды") && ledger.shows("Келісім берді") && ledger.shows("Экранда"), "{}", ledger.body);
}

#[actix_web::test]
async fn inv_1_the_ledger_and_the_texts_never_change() {
    let school = SchoolBuilder::new().build().await;
    say(&guardian(&school, 0).await, &school, school.pupils[0].id, "photos", "yes").await;
    for role in ["shanyraq_web", "shanyraq_engine", "shanyraq_jobs", "shanyraq_report"] {
        let db = database().connect_as(role).await;
        db.execute("select set_config('shanyraq.schools', $1, false)", &[&school.id.0.to_string()]).await.unwrap();
        for sql in ["update consent set act = 'refused'", "update consent_stop set purpose = 'ai'", "update file set size = 1", "update file_chunk set n = 1", "update consent_text set goal = 'x'", "delete from consent_text", "update consent_purpose set rule = 'until_refused'"] {
            assert!(db.execute(sql, &[]).await.is_err(), "{role}: {sql}");
        }
        // Background work does, when it erases a person.
        assert!(role == "shanyraq_jobs" || db.execute("delete from consent", &[]).await.is_err(), "{role}");
    }
    // Not even the owner, by mistake.
    let owner = database().owner().await;
    for sql in ["update consent_text set goal = 'x' where purpose = 'photos'", "delete from consent_text where purpose = 'photos'"] {
        assert!(owner.execute(sql, &[]).await.is_err(), "{sql}");
    }
    let languages: i64 = owner.query_one("select min(n) from (select count(*) as n from consent_text group by purpose, version) t", &[]).await.unwrap().get(0);
    assert_eq!(languages, 3, "every version of every text is there in three languages");
    let purposes = owner.query("select distinct code from consent_purpose", &[]).await.unwrap();
    assert!(purposes.iter().all(|row| Purpose::parse(row.get(0)).is_some()) && purposes.len() == Purpose::ALL.len());
}

#[actix_web::test]
async fn inv_2_nobody_speaks_for_a_child_that_is_not_theirs() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (mother, child) = (guardian(&school, 0).await, school.pupils[0].id);
    assert_eq!(say(&mother, &school, school.pupils[1].id, "photos", "yes").await.status, StatusCode::NOT_FOUND);
    assert_eq!(say(&mother, &neighbour, neighbour.pupils[0].id, "photos", "yes").await.status, StatusCode::NOT_FOUND);
    assert_eq!(say(&mother, &neighbour, child, "photos", "yes").await.status, StatusCode::NOT_FOUND);
    assert!(say(&director(&school).await, &school, child, "photos", "yes").await.status.is_client_error());
    assert_eq!(say(&mother, &school, child, "nothing of the kind", "yes").await.status, StatusCode::NOT_FOUND);
    let db = database().superuser().await;
    db.execute("update kinship set valid_to = current_date - 30, valid_from = current_date - 60 where school_id = $1 and pupil_id = $2", &[&school.id, &child]).await.unwrap();
    assert!(say(&guardian(&school, 0).await, &school, child, "photos", "yes").await.status.is_client_error(), "who is a guardian no more");
    assert_eq!(state(&school, child, "photos").await, None);
}

#[actix_web::test]
async fn inv_2_from_eighteen_on_the_pupil_speaks_alone() {
    let school = SchoolBuilder::new().build().await;
    let (mother, child) = (guardian(&school, 0).await, school.pupils[0].id);
    say(&mother, &school, child, "notices", "no").await;
    let db = database().superuser().await;
    db.execute("update person set birth_date = '2007-01-01' where id = $1", &[&child]).await.unwrap();
    let login = format!("pupil-{}", school.code);
    db.execute("insert into account (id, person_id, login, password_hash) values ($1, $2, $3, $4)", &[&fresh(Clock::System.now()), &child, &login, &shanyraq::town::DEMO_PASSWORD_HASH]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'pupil', now() - interval '1 day')", &[&school.id, &child]).await.unwrap();

    let refused = say(&mother, &school, child, "notices", "yes").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.shows("Оқушы өзі шешеді"));
    let pupil = Visitor::signed_in(&login).await;
    let page = pupil.get("/my/consents").await;
    assert!(page.shows(&school.pupils[0].name), "{}", page.body);
    assert_eq!(say(&pupil, &school, child, "notices", "yes").await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&school, child, "notices").await.as_deref(), Some("given"), "the guardian's no counts no longer");
    assert_eq!(open_stops(&school, child).await, Vec::<String>::new());
}

#[actix_web::test]
async fn inv_3_when_guardians_differ_the_stricter_holds() {
    let school = SchoolBuilder::new().pupils(1).habits(Habits { second_guardian: 100, ..Habits::default() }).build().await;
    let child = school.pupils[0].id;
    let [mother, father] = [0, 1].map(|place| school.pupils[0].guardians[place]).map(|id| school.guardians.iter().find(|guardian| guardian.id == id).unwrap().login.clone());
    let (mother, father) = (Visitor::signed_in(&mother).await, Visitor::signed_in(&father).await);
    say(&mother, &school, child, "photos", "yes").await;
    say(&father, &school, child, "photos", "no").await;
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("refused"));
    say(&mother, &school, child, "photos", "no").await;
    say(&mother, &school, child, "photos", "yes").await;
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("refused"), "one's yes does not outvote the other's no");
    assert!(mother.get("/my/consents").await.shows("басқа заңды өкіл қарсы"));
    say(&father, &school, child, "photos", "yes").await;
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("given"));
    say(&father, &school, child, "photos", "no").await;
    // A court decides: the father is a guardian no more. With the next word of the mother his counts no longer.
    let db = database().superuser().await;
    db.execute("update kinship set valid_from = '2026-01-01', valid_to = '2026-01-02' where school_id = $1 and pupil_id = $2 and guardian_id = $3", &[&school.id, &child, &school.pupils[0].guardians[1]]).await.unwrap();
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("withdrawn"), "until somebody who has a say speaks, nothing changes by itself");
    say(&mother, &school, child, "photos", "no").await;
    say(&mother, &school, child, "photos", "yes").await;
    assert_eq!(state(&school, child, "photos").await.as_deref(), Some("given"));
    assert_eq!(open_stops(&school, child).await, Vec::<String>::new());
}

#[actix_web::test]
async fn inv_4_a_stop_is_open_exactly_while_the_last_word_is_no() {
    let school = SchoolBuilder::new().build().await;
    let (mother, child) = (guardian(&school, 0).await, school.pupils[0].id);
    for (wish, stops) in [("yes", 0), ("no", 1), ("no", 1), ("yes", 0), ("no", 1)] {
        say(&mother, &school, child, "card_gate", wish).await;
        assert_eq!(open_stops(&school, child).await.len(), stops, "{wish}");
    }
    let words: i64 = count("consent where school_id = $1 and purpose = 'card_gate'", &school).await;
    assert_eq!(words, 4, "a word said twice is one word");
    let audited: i64 = count("audit where school_id = $1 and action = 'consents.say'", &school).await;
    assert_eq!(audited, 4);
    assert_eq!(count("consent_stop where school_id = $1 and until is not null", &school).await, 1);
}

#[actix_web::test]
async fn inv_5_what_needs_a_yes_is_not_allowed_without_one() {
    let school = SchoolBuilder::new().build().await;
    let child = school.pupils[0].id;
    for (purpose, silent) in [(Purpose::Register, true), (Purpose::CardAndGate, true), (Purpose::Meals, true), (Purpose::Notices, true), (Purpose::Photos, false), (Purpose::Publication, false), (Purpose::Psychology, false), (Purpose::Ai, false), (Purpose::Biometrics, false)] {
        assert_eq!(allows(&school, child, purpose).await, silent, "{purpose:?}");
    }
}

#[actix_web::test]
async fn inv_6_a_word_to_an_old_text_is_refused() {
    let school = SchoolBuilder::new().build().await;
    let (mother, child) = (guardian(&school, 0).await, school.pupils[0].id);
    let (id, person) = (show(school.id.0), show(child.0));
    let old = mother.post("/my/consents", &[("school", &id), ("child", &person), ("purpose", "photos"), ("wish", "yes"), ("version", "7")]).await;
    assert_eq!(old.status, StatusCode::CONFLICT);
    assert!(old.shows("Келісім мәтіні жаңарды"));
    assert_eq!(state(&school, child, "photos").await, None);
}

#[actix_web::test]
async fn inv_7_a_word_from_paper_has_its_scan_and_who_wrote_it_down() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (office, child) = (director(&school).await, school.pupils[0].id);
    let (sheet, by) = (format!("/{}/consents/{child}", school.code), show(school.pupils[0].guardians[0].0));
    let fields = [("by", by.as_str()), ("signed_on", "2026-11-02"), ("language", "ru"), ("photos", "yes"), ("ai", "no"), ("meals", "")];
    let paper = format!("{sheet}/paper");
    assert!(office.get(&sheet).await.shows("type=\"file\""));
    let page = office.upload(&paper, &fields, ("scan.pdf", b"<html><script>alert(1)</script>")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.shows("Тек PDF, JPEG, PNG немесе WebP") && page.shows("2026-11-02"), "what was typed stays: {}", page.body);
    let large = [PDF, &vec![b'x'; 11 * 1024 * 1024]].concat();
    assert!(office.upload(&paper, &fields, ("scan.pdf", &large)).await.shows("10 МБ-тан үлкен"));
    assert!(office.upload(&paper, &fields[..3], ("scan.pdf", PDF)).await.shows("Кемінде бір мақсатты"));
    assert_eq!(office.upload(&paper, &[("by", show(neighbour.guardians[0].id.0).as_str()), ("signed_on", "2026-11-02"), ("photos", "yes")], ("scan.pdf", PDF)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(count("file where school_id = $1", &school).await, 0, "nothing is kept of what was refused");

    assert_eq!(office.upload(&paper, &fields, ("scan.pdf", PDF)).await.location, Some(format!("{sheet}?recorded=yes")));
    assert_eq!((state(&school, child, "photos").await.as_deref(), state(&school, child, "ai").await.as_deref()), (Some("given"), Some("refused")));
    let again = office.upload(&paper, &fields, ("scan.pdf", PDF)).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.shows("жаңа сөз жоқ"));
    let db = database().superuser().await;
    let row = db.query_one("select c.how, c.recorded_by, c.file_id, f.sha256 = sha256($2::bytea), f.person_id from consent c join file f on f.school_id = c.school_id and f.id = c.file_id where c.school_id = $1 and c.purpose = 'ai'", &[&school.id, &PDF]).await.unwrap();
    assert_eq!((row.get::<_, String>(0).as_str(), row.get::<_, Option<Uuid>>(1).is_some(), row.get::<_, bool>(3), row.get::<_, Uuid>(4)), ("paper", true, true, child.0));
    let scan = format!("/{}/consents/scans/{}", school.code, show(row.get(2)));
    assert!(office.get(&sheet).await.shows(&scan));
    let opened = office.get(&scan).await;
    assert_eq!(opened.body.as_bytes(), PDF);
    assert_eq!(count("audit where school_id = $1 and action = 'consents.see_scan'", &school).await, 1);
    assert_eq!(director(&neighbour).await.get(&scan).await.status, StatusCode::NOT_FOUND);
    assert_eq!(director(&neighbour).await.get(&scan.replace(&school.code, &neighbour.code)).await.status, StatusCode::NOT_FOUND);
    assert!(guardian(&school, 0).await.get(&scan).await.status.is_client_error());
    // What the check of the table says, whoever writes.
    let without = db.execute("insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how) values ($1, gen_random_uuid(), $2, 'ai', 'given', $2, array[$2::uuid], now(), 1, 'kk', 'paper')", &[&school.id, &child]).await;
    assert!(without.is_err());
}

#[actix_web::test]
async fn a_school_sees_who_lacks_what_and_prints_forms() {
    let school = SchoolBuilder::new().pupils(30).build().await;
    let office = director(&school).await;
    say(&guardian(&school, 0).await, &school, school.pupils[0].id, "photos", "yes").await;
    say(&guardian(&school, 1).await, &school, school.pupils[1].id, "photos", "no").await;
    let path = |query: &str| format!("/{}/consents?{query}", school.code);
    let (yes, no, silent) = (&school.pupils[0].name, &school.pupils[1].name, &school.pupils[2].name);
    let rows = |seen: &Seen| seen.body.split("id=\"pupils\"").nth(1).unwrap_or_default().to_owned();
    for (state, shown, hidden) in [("given", vec![yes], vec![no, silent]), ("no", vec![no], vec![yes, silent]), ("silent", vec![silent], vec![yes, no]), ("lacking", vec![no, silent], vec![yes])] {
        let listed = rows(&office.get(&path(&format!("purpose=photos&state={state}"))).await);
        assert!(shown.iter().all(|name| listed.contains(name.as_str())), "{state}");
        let clash = |name: &&&String| shown.iter().any(|one| one == *name);
        assert!(hidden.iter().filter(|name| !clash(name)).all(|name| !listed.contains(name.as_str())), "{state}: {listed}");
    }
    let sums = office.get(&path("")).await;
    assert!(sums.shows("Биометрия") && sums.shows("id=\"sums\""));
    let file = office.get(&format!("/{}/consents.xlsx?purpose=photos", school.code)).await;
    assert!(file.body.starts_with("PK"));
    assert_eq!(count("audit where school_id = $1 and action = 'consents.export'", &school).await, 1);
    let class: Uuid = database().superuser().await.query_one("select class_id from enrolment where school_id = $1 and pupil_id = $2", &[&school.id, &school.pupils[0].id]).await.unwrap().get(0);
    let forms = office.get(&format!("/{}/consents-blank?class={}", school.code, show(class))).await;
    assert!(forms.shows("lang=\"kk\"") && forms.shows("lang=\"ru\"") && forms.shows(yes) && forms.shows("Согласие на сбор и обработку"));
    assert!(guardian(&school, 0).await.get(&path("")).await.status.is_client_error());
}

#[tokio::test]
async fn a_withdrawn_card_passes_the_gate_as_nobody() {
    let school = fixture::school().await;
    let pupil = &school.pupils[0];
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(pass("j1", 1, &pupil.card, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
    let db = database().superuser().await;
    let shown = "select (select count(*) from safety_v_presence where school_id = $1) + (select count(*) from safety_v_record where school_id = $1)";
    let shown = async || db.query_one(shown, &[&school.id]).await.unwrap().get::<_, i64>(0);
    assert_eq!(shown().await, 2);

    stop(&db, &school, pupil.id, "card_gate").await;
    assert_eq!(shown().await, 0, "what is there of before is not shown either");
    turnstile.publish(json!({ "store": "j1", "events": [json!({ "seq": 2, "at": now(), "kind": "pass", "card": pupil.card, "direction": "out" }), json!({ "seq": 3, "at": now(), "kind": "pass", "card": school.pupils[1].card, "direction": "in" })] })).await;
    turnstile.acknowledged(|ack| ack.upto == 3).await;
    assert_eq!(count("pass where school_id = $1", &school).await, 2, "the neighbour in the batch is recorded, the child is not");
    assert_eq!(count("presence where school_id = $1 and seq = 2", &school).await, 0);
    assert_eq!((count("dead_letter where school_id = $1", &school).await, count("incident where school_id = $1", &school).await), (0, 0));
    assert_eq!(count(&format!("notice where school_id = $1 and child_id = '{}'", pupil.id.0), &school).await, 1, "the one of before");
    let kept: String = db.query_one("select body::text from event where school_id = $1 and seq = 2", &[&school.id]).await.unwrap().get(0);
    assert!(!kept.contains(&pupil.card), "the raw event is kept without the card: {kept}");
    assert_eq!(fixture::pushes_about(pupil.id).len(), 1);

    // Meals are another purpose, and go on.
    let mut till = Terminal::till(&school).await;
    let meal = |seq: i64| json!({ "store": "t1", "seq": seq, "at": now(), "kind": "meal", "card": pupil.card, "item": "Борщ", "price_tiyn": 45_000 });
    till.publish(meal(1)).await;
    till.acknowledged(|ack| ack.upto == 1).await;
    assert_eq!(count("meal where school_id = $1", &school).await, 1);
    stop(&db, &school, pupil.id, "meals").await;
    till.publish(meal(2)).await;
    till.acknowledged(|ack| ack.upto == 2).await;
    assert_eq!(count("meal where school_id = $1", &school).await, 1);

    // Given again: from then on, and of then on.
    let during = now();
    db.execute("update consent_stop set until = now(), changed_at = now() where school_id = $1", &[&school.id]).await.unwrap();
    let late = json!({ "store": "j1", "seq": 4, "at": during, "kind": "pass", "card": pupil.card, "direction": "in" });
    turnstile.publish(late).await;
    turnstile.acknowledged(|ack| ack.upto == 4).await;
    assert_eq!(count("pass where school_id = $1 and seq = 4", &school).await, 0, "what happened meanwhile is not made up for, however late it comes");
    let inside = db.query_one("select count(*) from safety_v_presence where school_id = $1 and person_id = $2", &[&school.id, &pupil.id]).await.unwrap().get::<_, i64>(0);
    assert_eq!(inside, 0, "where the child was before the break is no news");
    turnstile.publish(pass("j1", 5, &pupil.card, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 5).await;
    assert_eq!(count("pass where school_id = $1 and seq = 5", &school).await, 1);
    assert_eq!(count(&format!("safety_v_presence where school_id = $1 and person_id = '{}'", pupil.id.0), &school).await, 1);
}

/// A stop as the word of a guardian writes it.
async fn stop(db: &tokio_postgres::Client, school: &School, child: PersonId, purpose: &str) {
    db.execute("insert into consent_stop (school_id, person_id, purpose, since, changed_at) values ($1, $2, $3, now(), now())", &[&school.id, &child, &purpose]).await.unwrap();
}

#[actix_rt::test]
async fn without_consent_nothing_goes_abroad_and_the_inbox_remains() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let child = world.school.pupils[0].id;
    stop(&world.rows, &world.school, child, "notices").await;
    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(1, &ENTERED)]).await;
    assert_eq!((issued.notices.len(), issued.pushes.len()), (2, 1));
    let of_child = issued.notices.iter().find(|notice| notice.child == child).unwrap().id;
    assert_eq!(world.deliveries(of_child).await, ["no_consent 0"]);
    let _at_work = AtWork::start(&world, provider.channel(&world.clock));

    // Without the register nobody is told of the child at all.
    stop(&world.rows, &world.school, child, "register").await;
    assert!(world.issue_one(0).await.notices.is_empty());
    assert_eq!(provider.count("/sends"), 0);
}

#[actix_rt::test]
async fn inv_7_what_waits_in_rows_and_in_memory_is_stopped() {
    let (world, provider) = (World::new().await, Provider::start().await);
    world.rename_phone(0, "down-1").await;
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let issued = world.issue_one(0).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notice, "open 1 503 UNAVAILABLE").await;
    let child = world.school.pupils[0].id;
    let stopped = "insert into consent_stop (school_id, person_id, purpose, since, changed_at) values ($1, $2, 'notices', $3, $3)";
    let waiting = world.issue_one(0).await;
    let in_memory = waiting.notices[0].id;
    world.rows.execute(stopped, &[&world.school.id, &child, &world.clock.now()]).await.unwrap();
    // A push that the engine's commit made a moment before: the dispatcher hears of the stop with its next look.
    let other = world.issue_one(1).await;
    let other_notice = other.notices[0].id;
    at_work.hand_over(other).unwrap();
    world.delivery_becomes(other_notice, "sent 1").await;
    world.clock.advance(jiff::SignedDuration::from_secs(16));
    world.delivery_becomes(notice, "no_consent 1 while it waited").await;
    at_work.hand_over(waiting).unwrap();
    world.delivery_becomes(in_memory, "no_consent 0 while it waited").await;
    let sent = async || provider.count("/outcomes/accepted");
    eventually("one push was sent, the other child's", Patience::default(), sent, |sent| *sent == 1).await;
}
