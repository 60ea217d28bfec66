//! Blocked cards from outside: who blocks, who takes back and who lifts; and what becomes of what is done with a blocked card.

use actix_web::http::StatusCode;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use serde_json::json;
use shanyraq::town::{Habits, School};
use testkit::{SchoolBuilder, database};

use crate::{
    engine::fixture::{self, Terminal, count, now, pass},
    roles::staff,
    visitor::Visitor,
};

fn id() -> String {
    show(fresh(Clock::System.now()))
}

async fn guardian(school: &School, place: usize) -> Visitor {
    let id = school.pupils[0].guardians[place];
    Visitor::signed_in(&school.guardians.iter().find(|guardian| guardian.id == id).expect("a guardian").login).await
}

async fn card_of(school: &School, code: &str) -> String {
    let card: Uuid = database().superuser().await.query_one("select id from card where school_id = $1 and code = $2", &[&school.id.0, &code]).await.unwrap().get(0);
    show(card)
}

async fn told(school: &School, kind: &str) -> i64 {
    count(&format!("job where school_id = $1 and kind = 'delivery.tell' and body->>'kind' = '{kind}'"), school).await
}

async fn holding(school: &School) -> i64 {
    count("card_block where school_id = $1 and lifted_at is null", school).await
}

#[actix_web::test]
async fn inv_1_and_2_a_guardian_blocks_once_takes_a_slip_back_and_others_do_not() {
    let school = SchoolBuilder::new().pupils(4).habits(Habits { second_guardian: 100, ..Habits::default() }).build().await;
    let neighbour = SchoolBuilder::new().build().await;
    let (mother, father) = (guardian(&school, 0).await, guardian(&school, 1).await);
    let (child, card) = (school.pupils[0].id, card_of(&school, &school.pupils[0].card).await);
    let page = format!("/my/{child}/card");
    assert!(mother.get(&format!("/my/{child}")).await.shows(&page), "the way from the child's page");
    let form = mother.get(&page).await;
    assert!(form.status == StatusCode::OK && form.shows(&card) && form.shows("Бұдан кейін не болады"), "{}", form.body);
    // What is wrong is said at its field, and what was typed stays.
    let wrong = mother.post(&page, &[("id", &id()), ("card", &card), ("reason", "other"), ("words", "")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("words-error"), "{}", wrong.body);
    let other = card_of(&school, &school.pupils[1].card).await;
    assert_eq!(mother.post(&page, &[("id", &id()), ("card", &other), ("reason", "lost")]).await.status, StatusCode::NOT_FOUND, "another's card");
    // Sent twice, and by both parents at once, it is one block, and all guardians are told once.
    let first = id();
    for _ in 0..2 {
        let blocked = mother.post(&page, &[("id", &first), ("card", &card), ("reason", "lost"), ("words", "автобуста қалды")]).await;
        assert_eq!((blocked.status, blocked.location), (StatusCode::SEE_OTHER, Some(format!("{page}?done=blocked"))));
    }
    assert_eq!(father.post(&page, &[("id", &id()), ("card", &card), ("reason", "stolen")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!((holding(&school).await, told(&school, "card_blocked").await), (1, 1));
    assert!(father.get(&page).await.shows("автобуста қалды") && mother.get("/my/cards").await.shows("Бұғатталған"));
    assert!(!staff(&school, Role::Director).await.get(&format!("/{}/pupils/{child}", school.code)).await.shows(&school.pupils[0].card), "no card that opens");
    // Nobody else's child, nobody else's block, and not for ever.
    let (undo, stranger) = (format!("{page}/undo"), Visitor::signed_in(&neighbour.guardians[0].login).await);
    for (path, fields) in [(&page, [("card", card.as_str()), ("reason", "lost")]), (&undo, [("block", first.as_str()), ("x", "")])] {
        assert_eq!(stranger.post(path, &fields).await.status, StatusCode::NOT_FOUND);
    }
    let refused = father.post(&undo, &[("block", &first)]).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.shows("Енді өзіңіз"), "{}", refused.body);
    let later = "update card_block set blocked_at = blocked_at - $2::bigint * interval '1 minute' where school_id = $1";
    database().superuser().await.execute(later, &[&school.id.0, &16_i64]).await.unwrap();
    assert_eq!(mother.post(&undo, &[("block", &first)]).await.status, StatusCode::CONFLICT, "too late");
    database().superuser().await.execute(later, &[&school.id.0, &-16_i64]).await.unwrap();
    for _ in 0..2 {
        assert_eq!(mother.post(&undo, &[("block", &first)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!((holding(&school).await, told(&school, "card_unblocked").await), (0, 1));
    // Who is barred from the child's data is a guardian no more.
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, $1, $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    database().superuser().await.execute(limit, &[&school.id.0, &child.0, &school.pupils[0].guardians[1].0]).await.unwrap();
    assert_eq!(father.get(&page).await.status, StatusCode::NOT_FOUND);
    // Of age, the pupil does it alone.
    let (db, login) = (database().superuser().await, format!("pupil-{}", school.code));
    db.execute("insert into account (id, person_id, login, password_hash) values ($1, $2, $3, $4)", &[&fresh(Clock::System.now()), &child, &login, &shanyraq::town::DEMO_PASSWORD_HASH]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'pupil', now() - interval '1 day')", &[&school.id, &child]).await.unwrap();
    let pupil = Visitor::signed_in(&login).await;
    assert_eq!(pupil.get(&page).await.status, StatusCode::NOT_FOUND, "not before eighteen");
    db.execute("update person set birth_date = '2007-01-01' where id = $1", &[&child]).await.unwrap();
    assert!(pupil.get("/my/cards").await.shows(&page));
    assert_eq!(pupil.post(&page, &[("id", &id()), ("card", &card), ("reason", "broken")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(holding(&school).await, 1);
    let rows = db.query("select action, detail::text from audit where school_id = $1 and action = any(array['safety.block_own_card', 'safety.undo_block']) order by at", &[&school.id.0]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<String>>(), ["safety.block_own_card", "safety.undo_block", "safety.block_own_card"]);
    assert!(rows.iter().all(|row| !row.get::<_, String>(1).contains("автобуста")), "ids and no words");
}

#[actix_web::test]
async fn the_office_blocks_anybodys_card_sees_what_became_of_it_and_lifts() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(6).teachers(1).build().await, SchoolBuilder::new().build().await);
    let (office, list) = (staff(&school, Role::SchoolAdministrator).await, format!("/{}/cards", school.code));
    assert!(office.get(&list).await.shows("Бұғатталған карта жоқ"));
    let employee = &school.staff[0];
    for (person, code, words) in [(school.pupils[0].id, &school.pupils[0].card, "асханада"), (employee.id, &employee.card, "көшеде")] {
        let found = office.get(&format!("{list}/new?person={person}")).await;
        assert!(found.status == StatusCode::OK && found.shows("name=\"reason\""), "{}", found.body);
        let card = card_of(&school, code).await;
        let form = [("id", id()), ("person", person.to_string()), ("card", card), ("reason", "lost".to_owned()), ("words", words.to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for _ in 0..2 {
            assert_eq!(office.post(&format!("{list}/new"), &form).await.location, Some(format!("{list}?done=blocked")));
        }
        assert!(office.get(&format!("{list}/new?person={person}")).await.shows("Жұмыс істейтін карта жоқ"));
    }
    let seek = office.get(&format!("{list}/new?q={}", web::failure::encoded(&school.pupils[1].name))).await;
    assert!(seek.shows(&format!("person={}", school.pupils[1].id)), "{}", seek.body);
    let all = office.get(&format!("{list}?other=none")).await;
    assert!(all.shows("асханада") && all.shows("көшеде") && all.shows(&employee.card), "{}", all.body);
    let one = office.get(&format!("{list}?q={}", school.pupils[0].card.to_lowercase())).await;
    assert!(one.shows("асханада") && !one.shows("көшеде"), "{}", one.body);
    assert!(office.get(&format!("{list}?reason=stolen")).await.shows("сай карта жоқ"));
    let file = String::from_utf8(office.download(&format!("{list}.csv")).await).unwrap();
    assert!(file.contains("асханада") && file.contains(&employee.card), "{file}");
    // A teacher sees none of it, the neighbour none of ours; lifted twice it is lifted once, and its history stays.
    assert_eq!(staff(&school, Role::Teacher).await.get(&list).await.status, StatusCode::FORBIDDEN);
    let block: Uuid = database().superuser().await.query_one("select id from card_block where school_id = $1 and words = 'асханада'", &[&school.id.0]).await.unwrap().get(0);
    let there = staff(&neighbour, Role::SchoolAdministrator).await;
    assert_eq!(there.post(&format!("/{}/cards/{}/lift", neighbour.code, show(block)), &[]).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(office.post(&format!("{list}/{}/lift", show(block)), &[]).await.location, Some(format!("{list}?done=lifted")));
    }
    assert_eq!((holding(&school).await, told(&school, "card_unblocked").await, count("audit where school_id = $1 and action = 'safety.lift_block'", &school).await), (1, 1, 1));
    assert!(office.get(&format!("{list}?state=lifted")).await.shows("асханада") && !office.get(&list).await.shows("асханада"));
}

async fn block(school: &School, code: &str) {
    let block = "insert into card_block (school_id, id, card_id, person_id, reason, way, blocked_at) select school_id, gen_random_uuid(), id, person_id, 'lost', 'office', now() from card where school_id = $1 and code = $2";
    database().superuser().await.execute(block, &[&school.id.0, &code]).await.unwrap();
}

#[tokio::test]
async fn inv_3_what_is_done_with_a_blocked_card_is_a_use_of_it_and_nothing_of_its_holders() {
    let school = fixture::school().await;
    let (child, card, guardians) = (&school.pupils[0], &school.pupils[0].card, i64::try_from(school.pupils[0].guardians.len()).unwrap());
    let (mut turnstile, mut till) = (Terminal::turnstile(&school).await, Terminal::till(&school).await);
    let of_child = |table: &str| format!("{table} where school_id = $1 and person_id = '{}'", child.id.0);
    let notices = |kind: &str| format!("notice where school_id = $1 and child_id = '{}' and kind = '{kind}'", child.id.0);
    let at = |seq: i64, when, direction: &str, method: &str| json!({ "seq": seq, "at": when, "kind": "pass", "card": card, "direction": direction, "method": method });
    let before = now();
    turnstile.publish(pass("j1", 1, card, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
    block(&school, card).await;
    // One batch: the blocked card out, somebody else in, the child by hand, and what the terminal kept from before the block; sent twice.
    let blocked = now();
    let neighbour = json!({ "seq": 3, "at": now(), "kind": "pass", "card": school.pupils[1].card, "direction": "in" });
    let batch = json!({ "store": "j1", "events": [at(2, blocked, "out", "card"), neighbour, at(4, blocked, "in", "manual"), at(5, before, "in", "card")] });
    for _ in 0..2 {
        turnstile.publish(batch.clone()).await;
        turnstile.acknowledged(|ack| ack.upto == 5).await;
    }
    assert_eq!((count(&of_child("blocked_card_use"), &school).await, count("event where school_id = $1", &school).await), (1, 5));
    assert_eq!(count(&format!("{} and seq in (1, 4, 5)", of_child("pass")), &school).await, 3);
    assert_eq!(count(&of_child("pass"), &school).await + count("pass where school_id = $1 and seq = 3", &school).await, 4);
    assert_eq!(count(&format!("{} and direction = 'in'", of_child("presence")), &school).await, 1, "who has the card did not leave for the child");
    assert_eq!((count(&notices("blocked_card_used"), &school).await, count(&notices("left"), &school).await), (guardians, 0));
    let kept: String = database().superuser().await.query_one("select body->>'card' from event where school_id = $1 and seq = 2", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(&kept, card, "the event is kept as it came");
    assert_eq!((count("dead_letter where school_id = $1", &school).await, count("incident where school_id = $1", &school).await), (0, 0));
    // Nobody eats at the child's cost.
    till.publish(json!({ "store": "t1", "seq": 1, "at": now(), "kind": "meal", "card": card, "item": "Борщ", "price_tiyn": 45_000 })).await;
    till.acknowledged(|ack| ack.upto == 1).await;
    assert_eq!((count(&of_child("meal"), &school).await, count(&format!("{} and kind = 'meal'", of_child("blocked_card_use")), &school).await), (0, 1));
    // Lifted, it is the child's again; what happened meanwhile is not made up for, however late it comes. A clock that is wrong by years asks for today.
    database().superuser().await.execute("update card_block set lifted_at = now() where school_id = $1", &[&school.id.0]).await.unwrap();
    let after = json!({ "store": "j1", "events": [at(6, now(), "out", "card"), at(7, blocked, "in", "card"), at(8, "1971-01-01T00:00:00Z".parse().unwrap(), "in", "card")] });
    turnstile.publish(after).await;
    turnstile.acknowledged(|ack| ack.upto == 8).await;
    assert_eq!(count(&format!("{} and seq in (6, 8)", of_child("pass")), &school).await, 2);
    assert_eq!((count(&of_child("blocked_card_use"), &school).await, count(&notices("blocked_card_used"), &school).await), (3, 3 * guardians));
    block(&school, card).await;
    turnstile.publish(json!({ "store": "j1", "events": [at(9, "1971-01-01T00:00:00Z".parse().unwrap(), "in", "card")] })).await;
    turnstile.acknowledged(|ack| ack.upto == 9).await;
    assert_eq!(count(&of_child("blocked_card_use"), &school).await, 4);
}

#[actix_web::test]
async fn a_pupils_card_file_leads_to_the_block_of_the_card_and_back() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let child = &school.pupils[0].id;
    let (file, block) = (format!("/{}/pupils/{child}", school.code), format!("/{}/cards/new?person={child}", school.code));
    let office = staff(&school, Role::SchoolAdministrator).await;
    assert!(office.get(&file).await.shows(&block));
    assert!(office.get(&block).await.shows(&format!("href=\"{file}\"")));
    assert!(!staff(&school, Role::Teacher).await.get(&file).await.shows(&block), "who may not block is not led there");
}
