//! Requests of guardians from outside: what is asked, how it is answered field by field, and what is never written.

use actix_web::http::StatusCode;
use futures_util::future::join;
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{Uuid, fresh, show},
    job,
    right::Role,
};
use shanyraq::town::{Guardian, School};
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    roles::staff,
    visitor::{Seen, Visitor},
};

fn guardian(school: &School) -> &Guardian {
    school.guardians.iter().find(|guardian| school.pupils[0].guardians.contains(&guardian.id)).expect("a guardian")
}

fn id() -> String {
    show(fresh(Clock::System.now()))
}

/// Sends the guardian's form with these fields, about the first pupil.
async fn ask(school: &School, parent: &Visitor, id: &str, fields: &[(&str, &str)]) -> Seen {
    let child = school.pupils[0].id.to_string();
    let fields: Vec<(&str, &str)> = [("id", id), ("child", child.as_str())].into_iter().chain(fields.iter().copied()).collect();
    parent.upload("/my/updates", &fields, ("", b"")).await
}

async fn card(school: &School) -> (String, Option<String>) {
    let sql = "select p.surname, (select value from person_value v where v.school_id = $1 and v.person_id = $3 and v.field = 'phone' and v.ended_at is null) from person p where p.id = $2";
    let row = database().superuser().await.query_one(sql, &[&school.id.0, &school.pupils[0].id.0, &guardian(school).id.0]).await.unwrap();
    (row.get(0), row.get(1))
}

async fn number(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id.0]).await.unwrap().get(0)
}

#[actix_web::test]
async fn inv_1_5_and_6_a_guardian_asks_within_bounds_and_who_is_barred_is_nobody() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (parent, director) = (Visitor::signed_in(&guardian(&school).login).await, staff(&school, Role::Director).await);
    let child = school.pupils[0].id.to_string();
    let form = parent.get(&format!("/my/{child}/update")).await;
    assert!(form.status == StatusCode::OK && form.shows(&card(&school).await.0) && form.shows("own_phone"), "{}", form.body);
    assert!(parent.get(&format!("/my/{child}")).await.shows(&format!("/my/{child}/update")), "the way from the child's page");
    // What stands already is no request, and a wrong field keeps what was typed.
    let nothing = ask(&school, &parent, &id(), &[("surname", &card(&school).await.0)]).await;
    assert!(nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.shows("Ештеңе өзгертілмеген"));
    let wrong = ask(&school, &parent, &id(), &[("own_phone", "12"), ("address", "сақталсын")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("own_phone-error") && wrong.shows("сақталсын"));
    // Somebody else's child is not there.
    let stranger = Visitor::signed_in(&neighbour.guardians[0].login).await;
    assert_eq!(stranger.get(&format!("/my/{child}/update")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&school, &stranger, &id(), &[("surname", "Бөтен")]).await.status, StatusCode::NOT_FOUND);
    // Sent twice it is asked once; a few may wait, one more is refused.
    let first = id();
    for _ in 0..2 {
        let asked = ask(&school, &parent, &first, &[("surname", "Жаңатегі"), ("own_phone", "8 701 123 45 67"), ("note", "ауыстырдық")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    }
    assert_eq!(number("select count(*) from update_request_field where school_id = $1", &school).await, 2);
    for _ in 0..2 {
        assert_eq!(ask(&school, &parent, &id(), &[("address", "Көкше көшесі, 5")]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(ask(&school, &parent, &id(), &[("address", "Көкше көшесі, 6")]).await.status, StatusCode::CONFLICT);
    let own = parent.get("/my/updates").await;
    assert!(own.shows("Жаңатегі") && own.shows("+77011234567") && own.shows("Қаралады"), "{}", own.body);
    // What is withdrawn waits no more, and nobody else withdraws it.
    let last: Uuid = database().superuser().await.query_one("select id from update_request where school_id = $1 order by asked_at desc limit 1", &[&school.id.0]).await.unwrap().get(0);
    let withdrawn = [("child", child.as_str()), ("request", &show(last))];
    assert_eq!(stranger.post("/my/updates/withdraw", &withdrawn).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(parent.post("/my/updates/withdraw", &withdrawn).await.status, StatusCode::SEE_OTHER);
    }
    let late = director.post(&format!("/{}/updates/{}", school.code, show(last)), &[("verdict-child-address", "accepted"), ("seen-child-address", "")]).await;
    assert!(late.status == StatusCode::CONFLICT && late.shows("қайтарып алды"), "{}", late.body);
    let page = format!("/{}/updates/{first}", school.code);
    assert_eq!(staff(&neighbour, Role::Director).await.get(&page).await.status, StatusCode::NOT_FOUND);
    // Who is barred since is a guardian no more: nothing of theirs is taken over, and they find nothing of the child.
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, $1, $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    database().superuser().await.execute(limit, &[&school.id.0, &school.pupils[0].id.0, &guardian(&school).id.0]).await.unwrap();
    let accept = [("verdict-child-surname", "accepted"), ("seen-child-surname", &card(&school).await.0)];
    assert_eq!(director.post(&page, &accept).await.status, StatusCode::CONFLICT);
    assert_ne!(card(&school).await.0, "Жаңатегі");
    assert_eq!(ask(&school, &parent, &id(), &[("surname", "Басқа")]).await.status, StatusCode::NOT_FOUND);
    let refuse = [("verdict-child-surname", "refused"), ("why-child-surname", "сот шешімі бар"), ("verdict-own-phone", "refused"), ("why-own-phone", "керек емес")];
    assert_eq!(director.post(&page, &refuse).await.status, StatusCode::SEE_OTHER);
    let told = database().superuser().await;
    let told = told.query("select action, detail::text from audit where school_id = $1 and action like 'people.%update' order by at", &[&school.id.0]).await.unwrap();
    let actions: Vec<String> = told.iter().map(|row| row.get(0)).filter(|action| action != "people.see_update").collect();
    assert_eq!(actions, ["people.ask_update", "people.ask_update", "people.ask_update", "people.withdraw_update", "people.answer_update"]);
    assert!(told.iter().all(|row| !row.get::<_, String>(1).contains("Жаңатегі") && !row.get::<_, String>(1).contains("7701")), "names of fields and no values");
}

#[actix_web::test]
async fn inv_3_and_4_a_request_is_answered_once_and_never_over_what_nobody_saw() {
    let school = SchoolBuilder::new().build().await;
    let (parent, director, administrator) = (Visitor::signed_in(&guardian(&school).login).await, staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await);
    let (before, request) = (card(&school).await.0, id());
    let child = school.pupils[0].id.to_string();
    let fields = [("id", request.as_str()), ("child", &child), ("surname", "Жаңатегі"), ("address", "Көкше көшесі, 5"), ("own_phone", "8 701 123 45 67")];
    assert_eq!(parent.upload("/my/updates", &fields, ("a.pdf", b"%PDF-1.4")).await.status, StatusCode::SEE_OTHER);
    let page = format!("/{}/updates/{request}", school.code);
    let queue = administrator.get(&format!("/{}/updates?state=waiting&q={}", school.code, web::failure::encoded(&before))).await;
    assert!(queue.shows(&format!("/updates/{request}")), "{}", queue.body);
    assert!(administrator.get(&format!("/{}/updates?state=closed", school.code)).await.shows("Өтініш жоқ"));
    assert_eq!(administrator.download(&format!("{page}/document")).await, b"%PDF-1.4");
    let shown = administrator.get(&page).await;
    assert!(shown.shows("Жаңатегі") && shown.shows(&before) && shown.shows("+77011234567"), "{}", shown.body);
    // Nothing decided, and a refusal without its reason.
    assert_eq!(administrator.post(&page, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let without = administrator.post(&page, &[("verdict-own-phone", "refused")]).await;
    assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && without.shows("why-own-phone-error"));
    // Somebody changes the card while the officer looks: nothing of the answer is written, not even what did not change.
    let change = "update person set surname = 'Арада' where id = $1";
    database().superuser().await.execute(change, &[&school.pupils[0].id.0]).await.unwrap();
    let stale = [("verdict-child-surname", "accepted"), ("seen-child-surname", before.as_str()), ("verdict-own-phone", "accepted"), ("seen-own-phone", "")];
    let refused = director.post(&page, &stale).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.shows("Қазір басқаша: Арада"), "{}", refused.body);
    assert_eq!(card(&school).await, ("Арада".to_owned(), None));
    // Two officers at once, each twice: both say yes to the name, they differ about the phone, and one of them is told.
    let yes = [("verdict-child-surname", "accepted"), ("seen-child-surname", "Арада"), ("verdict-own-phone", "accepted"), ("seen-own-phone", "")];
    let no = [("verdict-child-surname", "accepted"), ("seen-child-surname", "Арада"), ("verdict-own-phone", "refused"), ("why-own-phone", "нөмір қате")];
    let (one, other) = join(director.post(&page, &yes), administrator.post(&page, &no)).await;
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let (winner, form): (&Visitor, &[(&str, &str)]) = if one.status == StatusCode::SEE_OTHER { (&director, &yes) } else { (&administrator, &no) };
    assert_eq!(winner.post(&page, form).await.status, StatusCode::SEE_OTHER, "the same form again");
    assert_eq!(card(&school).await.0, "Жаңатегі");
    assert_eq!(number("select count(*) from audit where school_id = $1 and action = 'people.answer_update'", &school).await, 1);
    assert_eq!(number("select count(*) from update_request where school_id = $1 and closed_at is not null", &school).await, 0, "the address waits");
    // The rest, and the guardian sees all of it with the reason.
    let rest = [("verdict-child-address", "refused"), ("why-child-address", "құжат анық емес")];
    assert_eq!(director.post(&page, &rest).await.status, StatusCode::SEE_OTHER);
    let own = parent.get("/my/updates").await;
    assert!(own.shows("құжат анық емес") && own.shows("Қабылданды") && own.shows("Жауап берілді"), "{}", own.body);
    // Each answer is told to who asked, in the words of their phone, and to nobody else.
    while job::run_next(&pool(DbRole::Jobs), &scope_of(&school), &Clock::System, &[&delivery::Tell], &|| true).await.unwrap().is_some() {}
    let told = database().superuser().await.query("select distinct recipient_id, args->>'accepted', args->>'refused' from notice where school_id = $1 and kind = 'request_answered' order by 2 desc, 3", &[&school.id.0]).await.unwrap();
    assert!((1..=2).contains(&told.len()) && told.iter().all(|row| row.get::<_, Uuid>(0) == guardian(&school).id.0), "{told:?}");
    assert_eq!(number("select count(*) from notice where school_id = $1 and kind = 'request_answered'", &school).await, 2);
    let inbox = parent.get("/my/inbox").await;
    assert!(inbox.shows("мектеп өтінішіңізге жауап берді") && inbox.shows("href=\"/my/updates\""), "{}", inbox.body);
    let withdraw = parent.post("/my/updates/withdraw", &[("child", &child), ("request", &request)]).await;
    assert_eq!(withdraw.status, StatusCode::CONFLICT, "what was answered is not withdrawn");
    let history = director.get(&format!("/{}/pupils/{child}/history", school.code)).await;
    assert!(history.shows("Арада"), "acceptance is a change of the card as any other");
}
