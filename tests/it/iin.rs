//! IINs of persons from outside: sealed at rest, whole for whoever holds the right, and nothing to be learned by typing numbers.

use actix_web::http::StatusCode;
use jiff::civil::date;
use kernel::{Ctx, Error, clock::Clock, db::DbRole, iin::Iin, mode::Mode, right::Role};
use people::iin::Keeper;
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::visitor::{Visitor, policy};

fn number(serial: u16) -> Iin {
    Iin::synthetic(date(2014, 3, 8), true, serial).expect("a number that is issued")
}

async fn staff(school: &School, role: Role) -> Visitor {
    Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role").login).await
}

#[actix_web::test]
async fn inv_1_and_4_twelve_digits_stand_nowhere_but_on_the_page_of_their_right() {
    let school = SchoolBuilder::new().pupils(2).teachers(1).build().await;
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    let page = format!("/{}/pupils/{}/iin", school.code, school.pupils[0].id);
    assert!(director.get(&page).await.shows("ЖСН жазылмаған"));
    for (typed, error) in [("123", "12 цифр"), ("140338501234", "мұндай күн жоқ"), ("140308600002", "соңғы цифры")] {
        let wrong = director.post(&page, &[("iin", typed)]).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows(error) && wrong.shows(typed), "{typed}: {}", wrong.body);
    }
    let iin = number(1101);
    assert_eq!(director.post(&page, &[("iin", iin.reveal())]).await.status, StatusCode::SEE_OTHER);
    assert!(director.get(&page).await.shows(iin.reveal()));
    assert_eq!(teacher.get(&page).await.status, StatusCode::FORBIDDEN);
    assert!(!teacher.get(page.trim_end_matches("/iin")).await.shows(iin.reveal()));

    let db = database().superuser().await;
    let rows = "select count(*) from person_iin i where i.person_id = $1 and position($2 in i::text) = 0 and position(convert_to($2, 'UTF8') in i.sealed) = 0";
    assert_eq!(db.query_one(rows, &[&school.pupils[0].id, &iin.reveal()]).await.unwrap().get::<_, i64>(0), 1);
    let audited = "select count(*) from audit where school_id = $1 and action = $2 and position($3 in detail::text) = 0";
    for (action, times) in [("people.set_iin", 1_i64), ("people.see_iin", 5)] {
        assert_eq!(db.query_one(audited, &[&school.id, &action, &iin.reveal()]).await.unwrap().get::<_, i64>(0), times, "{action}");
    }
    let keeper = |mode| Keeper::of(&policy(), mode).unwrap();
    let real = Iin::parse("160415563059").unwrap();
    assert!(matches!(keeper(Mode::Demo).accepts(&real), Err(Error::Refused("people.iin_real_in_demo"))) && keeper(Mode::Demo).accepts(&iin).is_ok());
    assert!(matches!(keeper(Mode::Live).accepts(&iin), Err(Error::Refused("people.iin_invented"))) && keeper(Mode::Live).accepts(&real).is_ok());
}

#[actix_web::test]
async fn inv_2_and_3_a_number_is_one_persons_and_a_neighbour_learns_nothing_of_it() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(2).build().await, SchoolBuilder::new().pupils(1).build().await);
    let (keeper, web, iin) = (Keeper::of(&policy(), Mode::Test).unwrap(), pool(DbRole::Web), number(1102));
    let put = async |school: &School, pupil: usize| {
        let ctx = Ctx::system("test", scope_of(school), Clock::System);
        web.run(&scope_of(school), async |tx| keeper.put_many(tx, &ctx, school.id, &[(school.pupils[pupil].id, iin.clone())]).await).await
    };
    let find = async |school: &School| web.run(&scope_of(school), async |tx| keeper.find_many(tx, school.id, &[iin.clone()]).await).await.unwrap();
    assert_eq!(put(&school, 0).await.unwrap(), 1);
    assert_eq!(put(&school, 0).await.unwrap(), 0, "written twice it changes nothing");
    assert!(matches!(put(&school, 1).await, Err(Error::Refused("people.iin_taken"))));
    assert_eq!(find(&neighbour).await, [], "who learns elsewhere is not found");

    // The neighbour writes the same number down and sees what it would see of any other.
    assert_eq!(put(&neighbour, 0).await.unwrap(), 1);
    assert_eq!(find(&neighbour).await, [(iin.clone(), neighbour.pupils[0].id)]);
    assert_eq!(find(&school).await, [(iin.clone(), school.pupils[0].id)]);
    let held = "select array_agg(held order by person_id = $1 desc) from person_iin where person_id in ($1, $2)";
    let held: Vec<bool> = database().superuser().await.query_one(held, &[&school.pupils[0].id, &neighbour.pupils[0].id]).await.unwrap().get(0);
    assert_eq!(held, [true, false], "in the country one person holds it");
    let wrong = Keeper::of(&identity::Policy::default(), Mode::Test);
    assert!(matches!(wrong, Err(Error::Refused("people.no_iin_key"))));
}
