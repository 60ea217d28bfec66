//! People from outside: who sees which pupils, and how they are found.

use actix_web::http::StatusCode;
use kernel::{Ctx, Error, clock::Clock, db::DbRole};
use people::pupils::{self, Filter, KinshipKind, NewPerson};
use shanyraq::town::Habits;
use testkit::{SchoolBuilder, pool, scope_of};

use crate::visitor::Visitor;

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 22)
}

fn person(surname: &str, given_name: &str) -> NewPerson {
    NewPerson::parse(surname, given_name, "", "2016-04-15", today()).unwrap()
}

fn words(words: &str) -> Filter {
    Filter { words: words.into(), ..Filter::default() }
}

#[actix_web::test]
async fn the_list_follows_the_kazakh_alphabet_and_goes_on_where_it_stopped() {
    let school = SchoolBuilder::new().pupils(120).build().await;
    let (db, ctx) = (pool(DbRole::Web), Ctx::system("test", scope_of(&school), Clock::System));
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = pupils::pupils(&db, &ctx, school.id, Filter { after, ..Filter::default() }).await.unwrap();
        all.extend(page.pupils);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(all.len(), 120);
    let place = |letter: char| "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ".chars().position(|one| one == letter);
    let firsts: Vec<_> = all.iter().map(|pupil| pupil.surname.chars().next().and_then(place)).collect();
    assert!(firsts.is_sorted(), "{firsts:?}");
}

#[actix_web::test]
async fn a_name_is_found_as_people_type_it() {
    let school = SchoolBuilder::new().pupils(22).build().await;
    let (db, ctx) = (pool(DbRole::Web), Ctx::system("test", scope_of(&school), Clock::System));
    let class = db.run(&ctx.scope, async |tx| people::classes::classes(tx, school.id).await).await.unwrap()[0].clone();
    let id = pupils::enrol(&db, &ctx, school.id, class.id, person("Қабдолова", "Әсем"), today()).await.unwrap();
    let label = class.label();

    for typed in ["Қабдолова", "кабдолова асем", "  АСЕМ  қабд ", &format!("{label} асем"), "kaбдoлoвa"] {
        let found = pupils::pupils(&db, &ctx, school.id, words(typed)).await.unwrap().pupils;
        assert_eq!(found.iter().map(|pupil| pupil.id).collect::<Vec<_>>(), [id], "{typed}");
    }
    for typed in ["%", "_", "\\", "жоқ адам"] {
        assert_eq!(pupils::pupils(&db, &ctx, school.id, words(typed)).await.unwrap().pupils, [], "{typed}");
    }
}

#[actix_web::test]
async fn inv_3_a_new_guardian_stands_on_the_childs_page_and_in_the_audit() {
    let school = SchoolBuilder::new().build().await;
    let (db, ctx) = (pool(DbRole::Web), Ctx::system("test", scope_of(&school), Clock::System));
    let child = school.pupils[0].id;
    let guardian = pupils::add_guardian(&db, &ctx, school.id, child, KinshipKind::Grandparent, person("Оспанова", "Сәуле"), today()).await.unwrap();

    let detail = pupils::pupil(&db, &ctx, school.id, child).await.unwrap();
    assert!(detail.guardians.iter().any(|one| one.id == guardian && one.kind == "grandparent"));
    let audit = testkit::database().superuser().await;
    let rows = audit.query("select detail::text from audit where school_id = $1 and subject_id = $2", &[&school.id, &child]).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].get::<_, String>(0).contains("Оспанова"));
}

#[actix_web::test]
async fn a_class_of_a_neighbour_school_takes_nobody_in() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (db, ctx) = (pool(DbRole::Web), Ctx::system("test", scope_of(&school), Clock::System));
    let theirs = db.run(&scope_of(&neighbour), async |tx| people::classes::classes(tx, neighbour.id).await).await.unwrap();
    let refused = pupils::enrol(&db, &ctx, school.id, theirs[0].id, person("Оспанова", "Сәуле"), today()).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert!(matches!(pupils::pupil(&db, &ctx, school.id, neighbour.pupils[0].id).await, Err(Error::NotFound)));
    assert!(matches!(pupils::pupil(&db, &ctx, neighbour.id, neighbour.pupils[0].id).await, Err(Error::NotFound)));
}

#[actix_web::test]
async fn staff_see_their_own_pupils_and_nobody_elses() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(1).habits(Habits { second_guardian: 100, ..Habits::default() }).build().await, SchoolBuilder::new().build().await);
    let (list, child) = (format!("/{}/pupils", school.code), format!("/{}/pupils/{}", school.code, school.pupils[0].id));
    for employee in &school.staff {
        let visitor = Visitor::signed_in(&employee.login).await;
        assert!(visitor.get(&list).await.shows(&school.pupils[0].name), "{}", employee.login);
        let page = visitor.get(&child).await;
        assert!(page.shows(&school.pupils[0].card) && page.shows("Анасы") && page.shows("Әкесі"), "{}", page.body);
        assert_eq!(visitor.get(&format!("/{}/pupils", neighbour.code)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(visitor.get(&format!("/{}/pupils/{}", school.code, neighbour.pupils[0].id)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(visitor.get(&format!("/{}/pupils/x", school.code)).await.status, StatusCode::NOT_FOUND);
    }
    let parent = Visitor::signed_in(&school.guardians[0].login).await;
    assert!(parent.get(&list).await.status.is_client_error());
    assert_eq!(Visitor::nobody().get(&list).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn every_language_has_every_message() {
    let catalog = web::Catalog::build(&shanyraq::rooms::locales()).unwrap();
    assert_eq!(catalog.missing(), Vec::<String>::new());
}
