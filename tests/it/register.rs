//! The register's structure and movement, from outside: the calendar, classes, the books, orders, the next year and numbers.

use actix_web::http::StatusCode;
use jiff::{
    ToSpan, Zoned,
    civil::{Date, date},
    tz::TimeZone,
};
use kernel::{
    Ctx, Error,
    clock::Clock,
    db::{Db, DbRole},
    id::{ClassId, PersonId, SchoolId, Uuid, fresh, show},
    right::Role,
};
use people::{
    contingent::{Time, flow, numbers},
    movement::{self, About, Arrival, ArrivalKind, Departure, Move, MoveKind, Reason},
    orders,
    rollover::{self, Request},
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{roles::staff, visitor::Visitor};

/// A school with its database and the product itself as the actor.
struct Place {
    school: School,
    db: Db,
    ctx: Ctx,
}

impl Place {
    async fn new(pupils: usize) -> Self {
        let school = SchoolBuilder::new().pupils(pupils).build().await;
        let ctx = Ctx::system("test", scope_of(&school), Clock::System);
        Self { db: pool(DbRole::Web), ctx, school }
    }

    fn id(&self) -> SchoolId {
        self.school.id
    }

    fn pupil(&self, place: usize) -> PersonId {
        self.school.pupils[place].id
    }

    async fn classes(&self) -> Vec<people::classes::Class> {
        self.db.run(&self.ctx.scope, async |tx| people::classes::classes(tx, self.id()).await).await.unwrap()
    }

    /// Another open class than the pupil's.
    async fn other_class(&self, place: usize) -> ClassId {
        let label = &self.school.pupils[place].class;
        let found = self.classes().await.into_iter().find(|class| class.label() != *label);
        match found {
            Some(class) => class.id,
            None => self.make_class(3, "Ж").await,
        }
    }

    async fn make_class(&self, grade: i16, letter: &str) -> ClassId {
        let id = ClassId(fresh(Clock::System.now()));
        let sql = "insert into school_class (school_id, id, grade, letter, language, year, valid_from) values ($1, $2, $3, $4, 'kk', 2026, '2026-09-01')";
        database().superuser().await.execute(sql, &[&self.id().0, &id.0, &grade, &letter]).await.unwrap();
        id
    }

    /// The tables that say who is where, row by row.
    async fn rows(&self) -> Vec<String> {
        let sql = "select 'e' || to_jsonb(e)::text from enrolment e where school_id = $1
                   union all select 'm' || to_jsonb(m)::text from school_person m where school_id = $1
                   union all select 'k' || to_jsonb(k)::text from kinship k where school_id = $1
                   union all select 'c' || to_jsonb(c)::text from card c where school_id = $1
                   union all select 's' || to_jsonb(s)::text from school_class s where school_id = $1 order by 1";
        database().superuser().await.query(sql, &[&self.id().0]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    async fn count(&self, sql: &str) -> i64 {
        database().superuser().await.query_one(sql, &[&self.id().0]).await.unwrap().get(0)
    }

    async fn relocate(&self, place: usize, class: ClassId, on: Date) -> kernel::Result<Vec<Uuid>> {
        let moves = [Move { pupil: self.pupil(place), class, kind: MoveKind::ClassChange }];
        self.db.run(&self.ctx.scope, async |tx| movement::relocate(tx, &self.ctx, self.id(), &moves, on, About::default()).await).await
    }

    async fn leave(&self, place: usize, on: Date) -> kernel::Result<Vec<Uuid>> {
        let departures = [Departure { pupil: self.pupil(place), reason: Reason::Moving }];
        self.db.run(&self.ctx.scope, async |tx| movement::leave(tx, &self.ctx, self.id(), &departures, on, About::default()).await).await
    }

    async fn arrive(&self, place: usize, class: ClassId, on: Date) -> kernel::Result<()> {
        let arrivals = [Arrival { pupil: self.pupil(place), class, on, kind: ArrivalKind::Returned }];
        self.db.run(&self.ctx.scope, async |tx| movement::arrive(tx, &self.ctx, self.id(), &arrivals).await).await
    }
}

fn today() -> Date {
    Zoned::new(Clock::System.now(), TimeZone::get("Asia/Almaty").unwrap()).date()
}

fn is_refused<T: std::fmt::Debug>(outcome: kernel::Result<T>, code: &str) {
    assert!(matches!(&outcome, Err(Error::Refused(said)) if *said == code), "{outcome:?}");
}

#[actix_web::test]
async fn inv_1_times_of_a_pupil_never_overlap() {
    let place = Place::new(2).await;
    let (class, closed) = (place.other_class(0).await, place.make_class(4, "Щ").await);
    database().superuser().await.execute("update school_class set valid_to = valid_from where id = $1", &[&closed.0]).await.unwrap();
    is_refused(place.arrive(0, class, today()).await, "movement.already_here");
    is_refused(place.relocate(0, closed, today()).await, "movement.class_closed");
    is_refused(place.relocate(0, class, date(2026, 8, 1)).await, "movement.too_early");
    let neighbour = Place::new(1).await;
    is_refused(place.relocate(0, neighbour.classes().await[0].id, today()).await, "movement.class_closed");
    place.relocate(0, class, date(2026, 10, 5)).await.unwrap();
    is_refused(place.relocate(0, class, date(2026, 10, 6)).await, "movement.same_class");
    place.leave(0, date(2026, 10, 20)).await.unwrap();
    is_refused(place.leave(0, date(2026, 10, 21)).await, "movement.not_here");
    is_refused(place.arrive(0, class, date(2026, 10, 20)).await, "movement.already_here");
    place.arrive(0, class, date(2026, 10, 21)).await.unwrap();
    let overlapping = "select count(*) from enrolment a join enrolment b on a.school_id = b.school_id and a.pupil_id = b.pupil_id and a.valid_from < b.valid_from
                         and b.valid_from <= coalesce(a.valid_to, 'infinity') where a.school_id = $1";
    assert_eq!(place.count(overlapping).await, 0);
    // Two at once: one of them has the pupil.
    place.leave(1, date(2026, 10, 20)).await.unwrap();
    let (one, other) = tokio::join!(place.arrive(1, class, today()), place.arrive(1, class, today()));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[actix_web::test]
async fn import_takes_back_what_it_made_and_nothing_else() {
    let place = Place::new(2).await;
    let class = place.other_class(0).await;
    is_refused(place.db.run(&place.ctx.scope, async |tx| movement::unmake(tx, &place.ctx, place.id(), &[place.pupil(0)]).await).await, "movement.followed");
    place.leave(0, date(2026, 10, 20)).await.unwrap();
    let before = place.rows().await;
    place.arrive(0, class, date(2026, 11, 2)).await.unwrap();
    place.db.run(&place.ctx.scope, async |tx| movement::unmake(tx, &place.ctx, place.id(), &[place.pupil(0)]).await).await.unwrap();
    let enrolments = |rows: &[String]| rows.iter().filter(|row| row.starts_with('e')).cloned().collect::<Vec<_>>();
    assert_eq!(enrolments(&place.rows().await), enrolments(&before));
    assert_eq!(place.count("select count(*) from movement where school_id = $1 and undone_at is not null").await, 1, "the line stays");
}

#[actix_web::test]
async fn inv_2_every_change_has_its_line_and_its_order() {
    let place = Place::new(2).await;
    let office = staff(&place.school, Role::SchoolAdministrator).await;
    let code = &place.school.code;
    let (class, id) = (place.other_class(0).await, show(fresh(Clock::System.now())));
    let enrol = format!("/{code}/enrol");
    assert_eq!(office.post(&enrol, &[("surname", "7"), ("on", "2036-01-01")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (class_text, day) = (class.to_string(), today().to_string());
    let fields = [("id", id.as_str()), ("surname", "Тоқтарова"), ("given_name", "Айым"), ("class", &class_text), ("on", &day), ("kind", "from_school"), ("place", "№ 5 мектеп")];
    for _ in 0..2 {
        assert_eq!(office.post(&enrol, &fields).await.status, StatusCode::SEE_OTHER, "sent twice, taken in once");
    }
    let page = format!("/{code}/pupils/{id}/movement");
    let seen = office.get(&page).await;
    assert!(seen.shows("Басқа мектептен келді") && seen.shows("№ 5 мектеп") && seen.shows("№ 1 бұйрық"), "{}", seen.body);
    let pupil = format!("/{code}/pupils/{}/movement", place.pupil(0));
    assert_eq!(office.post(&format!("{pupil}/class"), &[("class", &class_text), ("class_on", &day)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(office.post(&format!("{pupil}/leave"), &[("on", &day)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.post(&format!("{pupil}/leave"), &[("on", &day), ("reason", "moving"), ("place", "Астана")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.count("select count(*) from movement where school_id = $1 and order_id is not null").await, 3);
    let book = office.get(&format!("/{code}/movement?kind=departure")).await;
    assert!(book.shows(&place.school.pupils[0].name) && book.shows("Астана") && !book.shows("Тоқтарова"), "{}", book.body);
    let alphabet = office.get(&format!("/{code}/alphabet?state=left")).await;
    assert!(alphabet.shows(&place.school.pupils[0].name) && !alphabet.shows(&place.school.pupils[1].name));
    for file in ["movement.xlsx", "alphabet.xlsx", "contingent.xlsx"] {
        assert_eq!(office.get(&format!("/{code}/{file}")).await.status, StatusCode::OK, "{file}");
    }
    let orders = office.get(&format!("/{code}/orders")).await;
    assert!(orders.shows("Шығару") && orders.shows("Қабылдау") && orders.shows("Сынып ауыстыру"));
    let order: Uuid = database().superuser().await.query_one("select id from school_order where school_id = $1 and kind = 'departure'", &[&place.id().0]).await.unwrap().get(0);
    let sheet = office.get(&format!("/{code}/orders/{}", show(order))).await;
    assert!(sheet.shows("БҰЙРЫҚ № 1") && sheet.shows("ПРИКАЗ № 1") && sheet.shows(&place.school.pupils[0].name), "{}", sheet.body);
}

#[actix_web::test]
async fn who_leaves_opens_no_door_and_is_seen_by_no_parent() {
    let place = Place::new(2).await;
    let (office, code) = (staff(&place.school, Role::SchoolAdministrator).await, place.school.code.clone());
    let child = &place.school.pupils[0];
    let parent = place.school.guardians.iter().find(|guardian| child.guardians.contains(&guardian.id)).unwrap();
    let before = place.rows().await;
    // Yesterday is the last day: parents see the child to its end.
    let page = format!("/{code}/pupils/{}/movement", child.id);
    let yesterday = today().yesterday().unwrap().to_string();
    assert_eq!(office.post(&format!("{page}/leave"), &[("on", &yesterday), ("reason", "moving")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(office.get(&format!("/{code}/pupils/{}", child.id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.count("select count(*) from card c join school_person m on m.school_id = c.school_id and m.person_id = c.person_id where c.school_id = $1 and c.valid_to is null and m.valid_to is not null").await, 0, "their card opens nothing");
    assert_eq!(Visitor::signed_in(&parent.login).await.get(&format!("/my/{}", child.id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.count("select count(*) from school_person where school_id = $1 and valid_to is not null").await, 2, "the guardian, who has no other child here, leaves along");
    // Taken back, everything is as it was.
    let line: Uuid = database().superuser().await.query_one("select id from movement where pupil_id = $1 and kind = 'departure'", &[&child.id.0]).await.unwrap().get(0);
    for _ in 0..2 {
        assert_eq!(office.post(&format!("{page}/undo"), &[("line", &show(line))]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(place.rows().await, before);
    assert_eq!(Visitor::signed_in(&parent.login).await.get(&format!("/my/{}", child.id)).await.status, StatusCode::OK);
    // Gone for good, and back again with the family, without the old card.
    assert_eq!(office.post(&format!("{page}/leave"), &[("on", &yesterday), ("reason", "moving")]).await.status, StatusCode::SEE_OTHER);
    let (class, day) = (place.other_class(0).await.to_string(), today().to_string());
    assert_eq!(office.post(&format!("{page}/return"), &[("class", &class), ("on", &day)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(Visitor::signed_in(&parent.login).await.get(&format!("/my/{}", child.id)).await.status, StatusCode::OK);
    assert!(!office.get(&format!("/{code}/pupils/{}", child.id)).await.shows(&child.card), "a card has to be given out anew");
    let seen = office.get(&page).await;
    assert!(seen.shows("Қайтып келді") && seen.shows("Кетті"), "{}", seen.body);
}

#[actix_web::test]
async fn inv_3_what_was_taken_back_is_as_if_it_had_never_been() {
    let place = Place::new(2).await;
    let (office, code) = (staff(&place.school, Role::Director).await, place.school.code.clone());
    let (class, page) = (place.other_class(0).await, format!("/{code}/pupils/{}/movement", place.pupil(0)));
    let before = place.rows().await;
    let class_text = class.to_string();
    for on in [date(2026, 10, 5), date(2026, 9, 1)] {
        // On the first day of all the pupil is swapped, later there are two times.
        assert_eq!(office.post(&format!("{page}/class"), &[("class", class_text.as_str()), ("class_on", &on.to_string())]).await.status, StatusCode::SEE_OTHER);
        assert_ne!(place.rows().await, before);
        let line: Uuid = database().superuser().await.query_one("select id from movement where pupil_id = $1 and undone_at is null", &[&place.pupil(0).0]).await.unwrap().get(0);
        assert_eq!(office.post(&format!("{page}/undo"), &[("line", &show(line))]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(place.rows().await, before, "{on}");
    }
    assert!(office.get(&page).await.shows("Қайтарылды"), "both lines stay");
    // What something followed, or what is a day old, stays.
    let first = place.relocate(0, class, date(2026, 10, 5)).await.unwrap()[0];
    place.leave(0, date(2026, 10, 20)).await.unwrap();
    assert_eq!(office.post(&format!("{page}/undo"), &[("line", &show(first))]).await.status, StatusCode::CONFLICT);
    database().superuser().await.execute("update movement set made_at = made_at - interval '25 hours' where pupil_id = $1", &[&place.pupil(0).0]).await.unwrap();
    let last: Uuid = database().superuser().await.query_one("select id from movement where pupil_id = $1 and kind = 'departure'", &[&place.pupil(0).0]).await.unwrap().get(0);
    assert_eq!(office.post(&format!("{page}/undo"), &[("line", &show(last))]).await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn inv_1_orders_at_once_have_numbers_without_gaps() {
    let place = Place::new(1).await;
    let issue = |fails: bool| {
        let place = &place;
        async move {
            let outcome = place
                .db
                .run(&place.ctx.scope, async |tx| {
                    let order = orders::issue(tx, &place.ctx, place.id(), orders::Kind::Admission, date(2026, 9, 1)).await?;
                    if fails { Err(Error::Refused("movement.followed")) } else { Ok(order) }
                })
                .await;
            assert_eq!(outcome.is_err(), fails);
        }
    };
    tokio::join!(issue(false), issue(true), issue(false), issue(true), issue(false));
    issue(false).await;
    assert_eq!(place.count("select case when array_agg(number order by number) = '{1,2,3,4}' then 1::bigint else 0 end from school_order where school_id = $1").await, 1);
}

#[actix_web::test]
async fn inv_2_an_order_is_cancelled_and_never_changed() {
    let db = database().connect_as("shanyraq_web").await;
    for forbidden in ["update school_order set number = 1", "update school_order set dated = '2026-01-01'", "delete from school_order", "delete from movement", "update movement set on_date = '2026-01-01'"] {
        let refused = db.execute(forbidden, &[]).await;
        assert!(refused.is_err_and(|error| error.code() == Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE)), "{forbidden}");
    }
}

#[actix_web::test]
async fn inv_3_no_class_is_closed_while_somebody_is_in_it() {
    let place = Place::new(2).await;
    let (office, code) = (staff(&place.school, Role::SchoolAdministrator).await, place.school.code.clone());
    let full = place.classes().await.into_iter().find(|class| class.pupils > 0).unwrap();
    assert_eq!(office.post(&format!("/{code}/classes/{}/close", full.id), &[]).await.status, StatusCode::CONFLICT);
    let id = show(fresh(Clock::System.now()));
    let fields = [("id", id.as_str()), ("grade", "5"), ("letter", "a"), ("language", "ru"), ("shift", "2"), ("kind", "inclusive"), ("profile", "gymnasium")];
    let taken: Vec<(&str, &str)> = fields.iter().map(|(name, value)| if *name == "letter" { (*name, "Ң") } else { (*name, *value) }).collect();
    assert_eq!(office.post(&format!("/{code}/classes"), &taken).await.status, StatusCode::SEE_OTHER);
    let twice: Vec<(&str, &str)> = taken.iter().map(|(name, value)| if *name == "id" { (*name, "") } else { (*name, *value) }).collect();
    let again = office.post(&format!("/{code}/classes"), &twice).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.shows("Мұндай сынып бар"), "{}", again.body);
    let page = office.get(&format!("/{code}/classes/{id}")).await;
    assert!(page.shows("5Ң сыныбы") && page.shows("гимназия") && page.shows("инклюзивті") && page.shows("2026/27"), "{}", page.body);
    let list = office.get(&format!("/{code}/classes")).await;
    assert!(list.shows("5Ң") && list.shows(&full.label()));
    assert!(office.get(&format!("/{code}/classes/{}", full.id)).await.shows("list.xlsx"));
    assert_eq!(office.post(&format!("/{code}/classes/{id}/close"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!office.get(&format!("/{code}/classes")).await.shows("5Ң"));
}

#[actix_web::test]
async fn inv_3_a_school_says_one_thing_of_a_day() {
    let place = Place::new(1).await;
    let (office, code) = (staff(&place.school, Role::Director).await, place.school.code.clone());
    let page = format!("/{code}/calendar?year=2026");
    let seen = office.get(&page).await;
    assert!(seen.shows("01.09.2026 – 25.10.2026") && seen.shows("29.03.2027 – 25.05.2027") && seen.shows("№213-НҚ"), "{}", seen.body);
    let days = format!("/{code}/calendar/days");
    let post = async |day: &str, kind: &str| office.post(&days, &[("day", day), ("kind", kind), ("reason", "Аяз")]).await;
    assert_eq!(post("2026-12-01", "off").await.status, StatusCode::SEE_OTHER);
    assert_eq!(post("01.12.2026", "on").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post("2026-08-01", "off").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let on = date(2026, 12, 1);
    let calendar = place.db.run(&place.ctx.scope, async |tx| people::years::calendar(tx, place.id(), 2026, today()).await).await.unwrap();
    assert!(!calendar.is_school_day(on, 5) && calendar.is_school_day(date(2026, 12, 2), 5) && calendar.quarter(on) == Some(2));
    let id: Uuid = database().superuser().await.query_one("select id from school_day where school_id = $1", &[&place.id().0]).await.unwrap().get(0);
    assert_eq!(office.post(&format!("/{code}/calendar/days/remove"), &[("id", &show(id))]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.count("select count(*) from school_day where school_id = $1").await, 1, "what was said stays");
    assert_eq!(office.post(&format!("/{code}/calendar/norm"), &[("last_grade", "12"), ("week_days", "6")]).await.status, StatusCode::SEE_OTHER);
    let calendar = place.db.run(&place.ctx.scope, async |tx| people::years::calendar(tx, place.id(), 2026, today()).await).await.unwrap();
    assert!(calendar.is_school_day(on, 5) && calendar.is_school_day(date(2026, 12, 5), 5), "a Saturday in a week of six days");
}

#[actix_web::test]
async fn inv_2_a_school_goes_into_a_year_once() {
    let place = Place::new(24).await;
    let before = place.classes().await;
    let repeater = place.pupil(0);
    let shown = rollover::preview(&place.db, &place.ctx, place.id(), &[repeater].into(), today()).await.unwrap();
    let (promoted, repeating, graduated) = shown.plan.counts();
    assert_eq!((promoted + repeating + graduated, repeating), (24, 1));
    let year = shown.year.unwrap();
    let request = Request { id: fresh(Clock::System.now()), year, repeaters: [repeater].into() };
    let roll = || rollover::roll_over(&place.db, &place.ctx, place.id(), request.clone(), today());
    let (one, other) = tokio::join!(roll(), roll());
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    let after = place.rows().await;
    let another = Request { id: fresh(Clock::System.now()), ..request.clone() };
    rollover::roll_over(&place.db, &place.ctx, place.id(), another, today()).await.unwrap();
    assert_eq!(place.rows().await, after, "the same year twice changes nothing");
    is_refused(rollover::roll_over(&place.db, &place.ctx, place.id(), Request { id: fresh(Clock::System.now()), year: year + 5, ..request.clone() }, today()).await, "rollover.changed");
    let further = Request { id: fresh(Clock::System.now()), year: year + 1, ..request.clone() };
    is_refused(rollover::roll_over(&place.db, &place.ctx, place.id(), further, today()).await, "rollover.too_soon");
    assert_eq!(place.count("select count(*) from enrolment where school_id = $1 and valid_to is null").await, i64::try_from(promoted + repeating).unwrap());
    assert_eq!(place.count("select count(*) from enrolment e join school_class k on k.id = e.class_id where e.school_id = $1 and e.valid_to is null and (k.valid_to is not null or k.year <> 2027)").await, 0);
    assert_eq!(place.count("select count(*) from school_order where school_id = $1 and kind = 'rollover'").await, 1);
    for class in before.iter().filter(|class| class.grade < 11 && class.pupils > 0) {
        assert!(place.classes().await.iter().any(|new| new.grade == class.grade + 1 && new.letter == class.letter), "{}", class.label());
    }
    let office = staff(&place.school, Role::Director).await;
    assert!(office.get(&format!("/{}/rollover", place.school.code)).await.shows("2027/28 → 2028/29"));
    assert_eq!(staff(&place.school, Role::Director).await.get(&format!("/{}/contingent", place.school.code)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn inv_3_a_rollover_taken_back_leaves_everything_as_it_was() {
    let place = Place::new(24).await;
    let before = place.rows().await;
    let year = rollover::preview(&place.db, &place.ctx, place.id(), &[].into(), today()).await.unwrap().year.unwrap();
    let request = Request { id: fresh(Clock::System.now()), year, repeaters: [place.pupil(3)].into() };
    rollover::roll_over(&place.db, &place.ctx, place.id(), request.clone(), today()).await.unwrap();
    for _ in 0..2 {
        rollover::take_back(&place.db, &place.ctx, place.id(), request.id).await.unwrap();
    }
    assert_eq!(place.rows().await, before);
    assert_eq!(place.count("select count(*) from school_order where school_id = $1 and cancelled_at is not null").await, 1);
    // Again, and somebody moves: then it stays.
    let again = Request { id: fresh(Clock::System.now()), ..request };
    rollover::roll_over(&place.db, &place.ctx, place.id(), again.clone(), today()).await.unwrap();
    let somebody = place.db.run(&place.ctx.scope, async |tx| people::classes::classes(tx, place.id()).await).await.unwrap();
    let target = somebody.iter().find(|class| class.pupils == 0).unwrap().id;
    place.relocate(3, target, today()).await.unwrap();
    is_refused(rollover::take_back(&place.db, &place.ctx, place.id(), again.id).await, "movement.followed");
}

#[actix_web::test]
async fn numbers_of_the_statement_are_those_of_the_rule() {
    let place = Place::new(6).await;
    let class = place.other_class(0).await;
    place.relocate(0, class, date(2026, 10, 5)).await.unwrap();
    place.leave(1, date(2026, 10, 20)).await.unwrap();
    place.leave(2, date(2026, 9, 30)).await.unwrap();
    place.arrive(2, class, date(2026, 11, 2)).await.unwrap();
    place.leave(3, date(2026, 10, 8)).await.unwrap();
    place.arrive(3, class, date(2026, 10, 9)).await.unwrap();
    let rows = database().superuser().await.query("select pupil_id, valid_from, valid_to from enrolment where school_id = $1", &[&place.id().0]).await.unwrap();
    let number = |pupil: Uuid| place.school.pupils.iter().position(|one| one.id.0 == pupil).unwrap() as u64;
    let times: Vec<Time> = rows.iter().map(|row| Time { pupil: number(row.get(0)), from: row.get(1), to: row.get(2) }).collect();
    for offset in 0_i64..90 {
        let from = date(2026, 8, 30).saturating_add(offset.days());
        let to = from.saturating_add((offset % 17).days());
        let counted = numbers(&place.db, &place.ctx, place.id(), to, (from, to)).await.unwrap();
        let ruled = flow(&times, from, to);
        assert!(counted.flow == ruled && ruled.is_even(), "{from} – {to}: {:?} {ruled:?}", counted.flow);
        assert_eq!(counted.groups.iter().map(|group| group.pupils).sum::<i64>(), ruled.end, "{to}");
    }
}

#[actix_web::test]
async fn inv_2_and_3_a_pupil_goes_to_another_school_with_data_and_history() {
    let (from, to) = (Place::new(2).await, Place::new(1).await);
    let (sender, receiver) = (staff(&from.school, Role::Director).await, staff(&to.school, Role::Director).await);
    let child = from.school.pupils[0].clone();
    let parent = from.school.guardians.iter().find(|guardian| child.guardians.contains(&guardian.id)).unwrap();
    let page = format!("/{}/pupils/{}/transfer", from.school.code, child.id);
    let slip = async |to: &str, reason: &str| sender.post(&page, &[("to", to), ("transfer_reason", reason)]).await;
    for (school, reason) in [("nowhere", "moving"), (from.school.code.as_str(), "moving"), (to.school.code.as_str(), "")] {
        assert_eq!(slip(school, reason).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{school} {reason}");
    }
    let code_of = |body: &str| body.split("role=\"status\"><b>").nth(1).and_then(|rest| rest.split("</b>").next()).unwrap().to_owned();
    let first = code_of(&slip(&to.school.code, "moving").await.body);
    let second = code_of(&slip(&to.school.code, "moving").await.body);
    assert_ne!(first, second);
    assert_eq!(from.count("select count(*) from transfer where school_id = $1 and cancelled_at is null").await, 1, "inv_2: the first is void");
    let kept: Vec<u8> = database().superuser().await.query_one("select code_hash from transfer where school_id = $1 and cancelled_at is null", &[&from.id().0]).await.unwrap().get(0);
    assert_eq!(kept.len(), 32);
    // A limit by a court, and somebody who tries with a wrong code, a void one, or at another school.
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, act_number, act_date, valid_from, set_by, set_at)
                 values ($1, gen_random_uuid(), $2, $3, true, true, 'court_act', '2-77/26', '2026-10-01', '2026-10-01', $3, now())";
    let class = to.classes().await[0].id.to_string();
    let accept = format!("/{}/transfers", to.school.code);
    assert!(receiver.get(&accept).await.shows(&format!("{} мектебі", from.school.code)) && !receiver.get(&accept).await.shows(&child.name), "who it is comes with the code");
    for wrong in ["", "ABCDE-FGHJK", first.as_str()] {
        assert_eq!(receiver.post(&accept, &[("code", wrong), ("class", &class)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let third = Place::new(1).await;
    let stranger = staff(&third.school, Role::Director).await;
    let elsewhere = third.classes().await[0].id.to_string();
    assert_eq!(stranger.post(&format!("/{}/transfers", third.school.code), &[("code", second.as_str()), ("class", &elsewhere)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(from.count("select count(*) from enrolment where school_id = $1 and valid_to is null").await, 2, "until it is accepted the pupil stays");
    database().superuser().await.execute(limit, &[&from.id().0, &child.id.0, &parent.id.0]).await.unwrap();
    assert_eq!(receiver.post(&accept, &[("code", &second.to_lowercase()), ("class", &class)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(receiver.post(&accept, &[("code", &second), ("class", &class)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a code works once");
    // Here with the history, there as somebody who left, with both orders.
    let here = receiver.get(&format!("/{}/pupils/{}/movement", to.school.code, child.id)).await;
    assert!(here.shows("Басқа мектептен келді") && here.shows(&format!("{} мектебі", from.school.code)) && here.shows(&child.class), "{}", here.body);
    let there = sender.get(&format!("/{}/pupils/{}/movement", from.school.code, child.id)).await;
    assert!(there.shows("Мектептен кеткен") && there.shows(&format!("{} мектебі", to.school.code)), "{}", there.body);
    assert_eq!(sender.get(&format!("/{}/pupils/{}", from.school.code, child.id)).await.status, StatusCode::NOT_FOUND);
    for (place, kind) in [(&from, "departure"), (&to, "admission")] {
        assert_eq!(place.count(&format!("select count(*) from school_order where school_id = $1 and kind = '{kind}'")).await, 1);
    }
    assert_eq!(from.count("select count(*) from card c join enrolment e on e.pupil_id = c.person_id and e.school_id = c.school_id where c.school_id = $1 and c.valid_to is null and e.valid_to is not null").await, 0);
    assert_eq!(to.count("select count(*) from custody_limit where school_id = $1 and no_data and ended_at is null").await, 1, "inv_3");
    assert_eq!(Visitor::signed_in(&parent.login).await.get(&format!("/my/{}", child.id)).await.status, StatusCode::NOT_FOUND, "barred at the new school too");
    assert_eq!(from.count("select count(*) from audit where school_id = $1 and action = 'people.transfer_out'").await, 1);
}
