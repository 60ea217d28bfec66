//! Finding from outside: a letter or two, and only what the reader may see.

use actix_web::http::StatusCode;
use kernel::{Ctx, clock::Clock, db::DbRole, id::show, right::Role};
use people::{
    find::{find, fold},
    pupils::{NewPerson, enrol},
};
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    bounds::{class_of, grant, own_role, two},
    roles::staff,
    visitor::Visitor,
};

#[actix_web::test]
async fn a_pupil_is_found_by_the_beginning_of_any_of_their_names_and_a_class_by_its_own() {
    let school = SchoolBuilder::new().pupils(22).build().await;
    let (db, ctx) = (pool(DbRole::Web), Ctx::system("test", scope_of(&school), Clock::System));
    let today = jiff::civil::date(2026, 11, 22);
    let class = db.run(&ctx.scope, async |tx| people::classes::classes(tx, school.id).await).await.unwrap()[0].clone();
    let pupil = |surname, name, patronymic| NewPerson::parse(surname, name, patronymic, "", today).unwrap();
    let meant = enrol(&db, &ctx, school.id, class.id, pupil("Ғұмарқызы", "Әсем", "Фархадқызы"), today).await.unwrap();
    let other = enrol(&db, &ctx, school.id, class.id, pupil("Яковлева", "Ғұмар", ""), today).await.unwrap();
    let label = class.label();
    for typed in ["гума", "Ғұм әс", "асем ф", "фархад гум", "uevfhrs", &format!("гумаркызы {label}")] {
        let found = find(&db, &ctx, school.id, typed, 8).await.unwrap().pupils;
        assert_eq!(found.first().map(|pupil| pupil.id), Some(meant), "{typed}");
    }
    // A surname that begins so comes before a given name that does.
    assert_eq!(find(&db, &ctx, school.id, "гумар", 8).await.unwrap().pupils.iter().map(|pupil| pupil.id).collect::<Vec<_>>(), [meant, other]);
    for typed in ["умар", "%", "_", "\\", "", "   "] {
        assert!(find(&db, &ctx, school.id, typed, 8).await.unwrap().pupils.is_empty(), "{typed}");
    }
    let spaced = format!("{} {}", class.grade, class.letter.to_lowercase());
    for typed in [&label, &spaced] {
        assert!(find(&db, &ctx, school.id, typed, 50).await.unwrap().classes.iter().any(|one| one.id == class.id), "{typed}");
    }
    let names = ["Қабдолова Әсем", "Щёлоков ІЙһ", "ALMATY 7a", "ҰЛДАНА ӨтеҢ ҮҒ"];
    for name in names {
        let theirs: String = database().superuser().await.query_one("select fold($1)", &[&name]).await.unwrap().get(0);
        assert_eq!(fold(name), theirs, "pages are compared as people are");
    }
}

#[actix_web::test]
async fn inv_1_nobody_is_found_beyond_the_readers_classes_and_school() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(44).build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let [(own, class), (foreign, foreign_class)] = two(&school).await;
    let role = own_role(&school, &director, &["people.see_pupils".to_owned()]).await;
    let helper = school.guardians.iter().find(|guardian| !own.guardians.contains(&guardian.id) && !foreign.guardians.contains(&guardian.id)).expect("a guardian of others");
    assert_eq!(grant(&school, &director, helper.id.0, &role, &[class], "").await, StatusCode::SEE_OTHER);
    let helper = Visitor::signed_in(&helper.login).await;
    let address = |words: &str, part: &str| format!("/{}/find?q={}&part={part}", school.code, web::failure::encoded(words));
    for part in ["", "palette"] {
        assert!(helper.get(&address(&own.name, part)).await.shows(&own.id.to_string()), "their own class");
        for hidden in [foreign, &neighbour.pupils[0]] {
            let seen = helper.get(&address(&hidden.name, part)).await;
            assert!(seen.status == StatusCode::OK && !seen.shows(&hidden.id.to_string()), "{}", seen.body);
            assert!(!director.get(&address(&neighbour.pupils[0].name, part)).await.shows(&neighbour.pupils[0].id.to_string()));
        }
        let every_class: String = (1..=11).map(|grade| grade.to_string()).collect::<Vec<_>>().join(" ");
        assert!(!helper.get(&address(&every_class, part)).await.shows(&show(foreign_class)));
        assert!(director.get(&address(&foreign.name, part)).await.shows(&foreign.id.to_string()));
    }
    assert!(class_of(own).await == class && class_of(foreign).await == foreign_class);
    let parent = Visitor::signed_in(&neighbour.guardians[0].login).await;
    assert!(parent.get(&address("а", "palette")).await.status.is_client_error());
    assert!(director.get(&format!("/{}/find", school.code)).await.shows("data-palette"), "the header offers the search");
}

#[actix_web::test]
async fn inv_2_what_was_typed_is_written_down_nowhere() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let pupil = &school.pupils[0];
    assert!(director.get(&format!("/{}/find?q={}", school.code, web::failure::encoded(&pupil.name))).await.shows(&pupil.id.to_string()));
    let rows = database().superuser().await.query("select whose::text, detail::text from audit where school_id = $1 and action = 'people.find'", &[&school.id]).await.unwrap();
    assert_eq!(rows.len(), 1);
    let (persons, detail): (String, String) = (rows[0].get(0), rows[0].get(1));
    assert!(persons.contains(&pupil.id.0.to_string()) && detail == "{}", "{persons} {detail}");
}
