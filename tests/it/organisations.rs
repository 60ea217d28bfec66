//! Founding an organisation, from outside: it comes with the person who opens it, or not at all.

use actix_web::http::StatusCode;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use testkit::database;

use crate::{rights::hire, visitor::Visitor};

fn code() -> String {
    format!("f{:010x}", fresh(Clock::System.now()).as_u128() & 0xff_ffff_ffff)
}

async fn support() -> Visitor {
    Visitor::signed_in(&hire(identity::SUPPLIER.0, Role::Support).await).await.reading("en")
}

/// What stands after a label on a slip of paper.
fn on_the_slip(page: &str, label: &str) -> String {
    let after = page.split_once(&format!("<dt>{label}")).unwrap_or_else(|| panic!("no {label}: {page}")).1;
    let value = after.split_once("<dd").and_then(|(_, rest)| rest.split_once('>')).and_then(|(_, rest)| rest.split_once('<')).expect("a value").0;
    value.trim().to_owned()
}

fn form<'a>(code: &'a str, kind: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("kind", kind), ("code", code), ("name_kk", "№ 77 мектеп"), ("name_ru", "Школа № 77"), ("name_en", "School No. 77"), ("surname", "Сейтқали"), ("given_name", "Гүлмира"), ("patronymic", "")]
}

async fn id_of(code: &str) -> Option<Uuid> {
    database().superuser().await.query_opt("select id from organisation where code = $1", &[&code]).await.unwrap().map(|row| row.get(0))
}

async fn sign_in(login: &str, password: &str) -> StatusCode {
    Visitor::nobody().post("/sign-in", &[("login", login), ("password", password)]).await.status
}

#[actix_web::test]
async fn inv_4_a_school_is_founded_with_its_director_who_signs_in_and_works() {
    let (support, code) = (support().await, code());
    assert_eq!(support.get("/support/organisations/new").await.status, StatusCode::OK);
    let sheet = support.post("/support/organisations/new", &form(&code, "school")).await;
    assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.body);
    assert!(sheet.shows("Сейтқали Гүлмира") && sheet.shows("№ 77 мектеп"));
    let (login, password) = (on_the_slip(&sheet.body, "Логин"), on_the_slip(&sheet.body, "Құпиясөз"));
    assert!(login.starts_with(&format!("{code}-")), "{login}");
    let id = id_of(&code).await.expect("the school");
    let page = format!("/support/organisations/{}", show(id));
    assert!(support.get(&page).await.shows("Nobody has signed in yet"));

    let anew = support.post(&format!("{page}/first-login"), &[]).await;
    let (second, again) = (on_the_slip(&anew.body, "Логин"), on_the_slip(&anew.body, "Құпиясөз"));
    assert_eq!(sign_in(&login, &password).await, StatusCode::UNPROCESSABLE_ENTITY, "the lost sheet opens nothing");
    let director = Visitor::with_password(&second, &again).await;
    assert_eq!(director.get(&format!("/{code}/pupils")).await.status, StatusCode::OK);
    assert_eq!(director.get(&format!("/{code}/accounts")).await.status, StatusCode::OK);

    let late = support.post(&format!("{page}/first-login"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "from now on the school gives its logins itself");
    assert!(support.get(&page).await.shows("At work"));
    assert!(support.get(&format!("/support/organisations?q={code}")).await.shows(&page));
    let rows = database().superuser().await.query("select action from audit where school_id = $1", &[&id]).await.unwrap();
    let actions: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    for action in ["people.found_organisation", "identity.give_login", "identity.grant_role", "identity.reset_password"] {
        assert!(actions.iter().any(|one| one == action), "{action}: {actions:?}");
    }
}

#[actix_web::test]
async fn inv_4_nothing_stays_of_an_organisation_that_could_not_be_founded() {
    let (support, code) = (support().await, code());
    let people = async || database().superuser().await.query_one("select count(*) from person where surname = 'Қайталанған'", &[]).await.unwrap().get::<_, i64>(0);
    let mut first = form(&code, "district");
    assert_eq!(support.post("/support/organisations/new", &first).await.status, StatusCode::OK);
    first.iter_mut().find(|(name, _)| *name == "surname").unwrap().1 = "Қайталанған";
    let before = people().await;
    let twice = support.post("/support/organisations/new", &first).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.shows("This code is taken") && twice.shows("Қайталанған"), "what was typed stays: {}", twice.body);
    assert_eq!(people().await, before);

    let wrong = support.post("/support/organisations/new", &[("kind", "supplier"), ("code", "support"), ("name_kk", ""), ("surname", "7")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["Choose the kind of organisation", "2 to 20 Latin letters", "a name of 2 to 200", "surname"] {
        assert!(wrong.shows(said), "{said}: {}", wrong.body);
    }
    let (below, school) = (show(id_of(&code).await.unwrap()), self::code());
    let mut placed = form(&school, "region");
    placed.push(("parent", &below));
    assert_eq!(support.post("/support/organisations/new", &placed).await.status, StatusCode::CONFLICT, "a region lies below no district");
    assert_eq!(id_of(&school).await, None);
}
