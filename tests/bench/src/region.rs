//! What the lists of a school office cost in a region of 500 schools and 250,000 pupils, with 32 people reading at once.
//!
//! The readers are directors of schools all over the region, and people of the authorities above them. Every list is asked for in turns with a
//! bare page: one statement in a transaction with its scope (fifty pupils of the same school in the order of the alphabet) written into a
//! plain table, without guard, audit row, layout, filters or texts. Both run in this process, as many threads as the machine has processors,
//! as the hub's own pages do; nothing is spent on a client. The database is the measured world's, with row-level security in force.

use std::time::{Duration, Instant};

use actix_web::{
    App, HttpRequest, HttpResponse,
    cookie::Cookie,
    http::StatusCode,
    middleware::from_fn,
    test::{TestRequest, call_service, init_service},
    web::{Data, Path, get},
};
use futures_util::{StreamExt, TryStreamExt, future::try_join_all, stream};
use jiff::civil::date;
use kernel::{
    db::Scope,
    id::{AccountId, PersonId, SchoolId},
    right::Role,
    row,
    sql::Query,
};
use shanyraq::{
    rooms,
    town::{Account, Chance, DEMO_PASSWORD, DEMO_PASSWORD_HASH, Organisation, Person, Rows, Since},
};
use tokio_postgres::Client;
use web::{Answer, Site};

use crate::{
    failure::{Failure, Outcome},
    pages::{READER, middle, site},
    stats::{float, per_mille},
    world::World,
};

/// Requests at once, from all threads.
const READERS: usize = 32;
/// Each list is measured so often, in turns with the bare page; the middle round counts.
const ROUNDS: usize = 3;
/// A list is to cost at most so much of a bare page.
const GOAL: f64 = 2.5;
/// The one who looks after the whole region, and the one who looks after all schools of the service.
const REGION_LOGIN: &str = "region";
const SUPPORT_LOGIN: &str = "support";

/// Who reads a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// The director of a school; everyone of another.
    Director,
    /// Somebody of the region's administration.
    Region,
    /// Somebody of the supplier's support.
    Support,
}

/// The lists: what stands in the report, who reads, and where it is.
const LISTS: [(&str, Reader, &str); 26] = [
    ("pupils", Reader::Director, "/{school}/pupils"),
    ("pupils, searched", Reader::Director, "/{school}/pupils?q=%D0%B0%D1%85%D0%BC%D0%B5%D1%82"),
    ("guardians", Reader::Director, "/{school}/guardians"),
    ("classes", Reader::Director, "/{school}/classes"),
    ("staff", Reader::Director, "/{school}/staff"),
    ("forecast of staff", Reader::Director, "/{school}/staff-forecast"),
    ("alphabetical book", Reader::Director, "/{school}/alphabet"),
    ("movement book", Reader::Director, "/{school}/movement"),
    ("orders", Reader::Director, "/{school}/orders"),
    ("contingent", Reader::Director, "/{school}/contingent"),
    ("social passport", Reader::Director, "/{school}/social"),
    ("transfers", Reader::Director, "/{school}/transfers"),
    ("imports", Reader::Director, "/{school}/imports"),
    ("requests of guardians", Reader::Director, "/{school}/updates"),
    ("doubles", Reader::Director, "/{school}/doubles"),
    ("buildings", Reader::Director, "/{school}/buildings"),
    ("home", Reader::Director, "/{school}"),
    ("calendar", Reader::Director, "/{school}/calendar"),
    ("logins", Reader::Director, "/{school}/accounts"),
    ("consents", Reader::Director, "/{school}/consents"),
    ("audit trail", Reader::Director, "/{school}/audit"),
    ("roles", Reader::Director, "/{school}/roles"),
    ("find", Reader::Director, "/{school}/find?q=%D0%B0%D1%85%D0%BC%D0%B5%D1%82"),
    ("schools of the region", Reader::Region, "/departments/region"),
    ("organisations", Reader::Support, "/support/organisations"),
    ("devices", Reader::Support, "/support/devices"),
];
/// The bare page.
const BARE: (Reader, &str) = (Reader::Director, "/{school}/bench-bare-list");

row! {
    /// A pupil of the bare page.
    struct BarePupil {
        surname: String,
        given_name: String,
        class_label: String,
    }
}

/// As plain as a list can be asked for: the pupils of a school, by surname.
const BARE_LIST: Query<(SchoolId,), BarePupil> = Query::new(
    "bench.bare_list",
    r#"select p.surname, p.given_name, c.grade || c.letter as class_label
     from enrolment e join person p on p.id = e.pupil_id join school_class c on c.school_id = e.school_id and c.id = e.class_id
     where e.school_id = $1 and e.valid_to is null
     order by p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id limit 50"#,
);

/// What a list took.
#[derive(Debug, Clone)]
pub struct ListCost {
    name: &'static str,
    /// Microseconds of a request, counted over all requests at once.
    page_us: f64,
    /// The same of the bare page, in the same rounds.
    bare_us: f64,
    /// How long a reader waited, in milliseconds: half of them, and all but one of a hundred.
    p50_ms: f64,
    p99_ms: f64,
    bare_p99_ms: f64,
}

impl ListCost {
    fn ratio(&self) -> f64 {
        self.page_us / self.bare_us
    }
}

/// One round of one page: the time it took, and each reader's wait in microseconds.
#[derive(Debug, Default)]
struct Round {
    seconds: f64,
    waits: Vec<i64>,
}

/// The organisations above the schools and the two people who look from there; the schools' parent.
pub async fn authorities(owner: &mut Client, chance: &mut Chance, since: Since) -> Outcome<SchoolId> {
    let mut rows = Rows::default();
    let region: SchoolId = chance.id();
    let names = ["Облыс", "Область", "Region"].map(str::to_owned);
    rows.organisations.push(Organisation { id: region, parent: None, kind: "region", code: "region".to_owned(), names });
    let supplier: SchoolId = owner.query_one("select id from organisation where kind = 'supplier'", &[]).await?.try_get(0)?;
    for (at, role, login) in [(region, Role::RegionAdministration, REGION_LOGIN), (supplier, Role::Support, SUPPORT_LOGIN)] {
        let id: PersonId = chance.id();
        let (surname, given_name) = ("Сейтова".to_owned(), "Айгүл".to_owned());
        rows.persons.push(Person { id, surname, given_name, patronymic: None, birth_date: date(1985, 6, 15), locale: "kk", sex: Some("f") });
        rows.memberships.push((at, id));
        rows.accounts.push(Account { id: chance.id::<AccountId>(), person: id, login: login.to_owned() });
        rows.grants.push((at, id, role.as_str()));
    }
    rows.write(owner, since, DEMO_PASSWORD_HASH).await?;
    Ok(region)
}

/// Writes down how everybody came: a line of the movement book for each, and an order of each school.
async fn fill_the_books(db: &Client) -> Outcome<()> {
    db.batch_execute(
        "insert into school_order (school_id, id, kind, year, number, dated, made_at)
         select id, gen_random_uuid(), 'admission', 2026, 1, date '2026-08-31', timestamptz '2026-08-31 10:00+05' from organisation where kind = 'school';
         insert into order_number (school_id, kind, year, last) select school_id, kind, year, number from school_order;
         insert into movement (school_id, id, pupil_id, kind, on_date, to_class, order_id, made_at)
         select e.school_id, gen_random_uuid(), e.pupil_id, 'arrival', e.valid_from, e.class_id, o.id, o.made_at
         from enrolment e join school_order o on o.school_id = e.school_id;
         analyze;",
    )
    .await?;
    Ok(())
}

/// Measures every list whose name has the word in it, so many requests of each a round.
pub async fn measure(world: &World, requests: usize, word: &str, tell: &dyn Fn(&str)) -> Outcome<Vec<ListCost>> {
    let db = world.superuser().await?;
    fill_the_books(&db).await?;
    let schools: Vec<String> = world.town.schools.iter().map(|school| school.code.clone()).collect();
    let mut costs = Vec::new();
    for (name, reader, path) in LISTS.into_iter().filter(|(name, ..)| name.contains(word)) {
        let cost = list_cost(world, name, (reader, path), &schools, requests).await?;
        tell(&format!("{name}: {:.0} us, {:.2} of a bare page, p99 {:.1} ms", cost.page_us, cost.ratio(), cost.p99_ms));
        costs.push(cost);
    }
    Ok(costs)
}

async fn list_cost(world: &World, name: &'static str, page: (Reader, &'static str), schools: &[String], requests: usize) -> Outcome<ListCost> {
    let threads = std::thread::available_parallelism()?.get();
    let (each, readers) = (requests / threads, READERS / threads);
    let desks: Vec<Vec<String>> = (0..threads).map(|thread| spread(schools, thread * readers, readers)).collect();
    let url = world.app_url();
    let threads = desks.into_iter().map(|schools| {
        let url = url.clone();
        let thread = std::thread::spawn(move || actix_web::rt::System::new().block_on(read(&url, &schools, page, each)));
        tokio::task::spawn_blocking(move || thread.join())
    });
    let ended = try_join_all(threads).await.map_err(|_| Failure::plain("the readers ended early"))?;
    let rounds = ended.into_iter().map(|thread| thread.map_err(|_| Failure::plain("a reader panicked"))?).collect::<Outcome<Vec<_>>>()?;
    Ok(summed(name, rounds, each))
}

/// Schools far from each other, for so many readers beginning with one of all.
fn spread(schools: &[String], first: usize, readers: usize) -> Vec<String> {
    (first..first + readers).filter_map(|reader| schools.get(reader * schools.len() / READERS)).cloned().collect()
}

/// All rounds of one thread: the list and the bare page, in turns.
async fn read(url: &str, schools: &[String], (reader, path): (Reader, &str), requests: usize) -> Outcome<[Vec<Round>; 2]> {
    let app = init_service(
        App::new()
            .app_data(Data::new(site(url)?))
            .route("/{school}/bench-bare-list", get().to(bare))
            .configure(rooms::routes)
            .wrap(from_fn(web::shell)),
    )
    .await;
    let login = async |login: String| {
        let form = [("login", login.as_str()), ("password", DEMO_PASSWORD)];
        let entered = call_service(&app, TestRequest::post().uri("/sign-in").set_form(form).peer_addr(READER.into()).to_request()).await;
        let session = entered.response().cookies().find(|cookie| cookie.name() == "session").map(|cookie| cookie.value().to_owned());
        session.ok_or_else(|| Failure::plain(format!("{login} cannot sign in: {}", entered.status())))
    };
    let mut sessions = Vec::new();
    for school in schools {
        sessions.push(match reader {
            Reader::Director => login(format!("{school}-director")).await?,
            Reader::Region => login(REGION_LOGIN.to_owned()).await?,
            Reader::Support => login(SUPPORT_LOGIN.to_owned()).await?,
        });
    }
    let desks: Vec<(&String, &String)> = schools.iter().zip(&sessions).collect();
    let ask = async |path: String, session: &str| {
        let begun = Instant::now();
        let request = TestRequest::get().uri(&path).cookie(Cookie::new("session", session.to_owned())).peer_addr(READER.into());
        let answer = call_service(&app, request.to_request()).await;
        let status = answer.status();
        // The page is written to its end, as it would be for a reader.
        actix_web::body::to_bytes(answer.into_body()).await.map_err(|error| Failure::plain(format!("{path}: {error}")))?;
        match status {
            StatusCode::OK => Ok(micros(begun.elapsed())),
            other => Err(Failure::plain(format!("{path} answers {other}"))),
        }
    };
    let mut rounds = [Vec::new(), Vec::new()];
    // The round before the first fills caches and prepares statements, and counts for nothing.
    for counts in 0..=ROUNDS {
        for (rounds, path) in rounds.iter_mut().zip([path, BARE.1]) {
            let begun = Instant::now();
            let asked = (0..requests).filter_map(|number| desks.get(number % desks.len()));
            let waits = stream::iter(asked.map(|(school, session)| ask(path.replace("{school}", school), session)));
            let waits: Vec<i64> = waits.buffer_unordered(desks.len()).try_collect().await?;
            if counts > 0 {
                rounds.push(Round { seconds: begun.elapsed().as_secs_f64(), waits });
            }
        }
    }
    Ok(rounds)
}

/// All threads together: they ran at the same time, so a request took what the slowest thread took for all of them.
fn summed(name: &'static str, threads: Vec<[Vec<Round>; 2]>, each: usize) -> ListCost {
    let all = float(u64::try_from(each * threads.len()).unwrap_or(u64::MAX));
    let [list, bare] = [0, 1].map(|which| {
        let of = |thread: &[Vec<Round>; 2]| thread.get(which).map(|rounds| rounds.iter().map(|round| round.seconds).collect::<Vec<_>>()).unwrap_or_default();
        let rounds: Vec<Vec<f64>> = threads.iter().map(of).collect();
        let slowest = (0..ROUNDS).map(|round| rounds.iter().filter_map(|thread| thread.get(round)).copied().fold(0.0, f64::max) * 1e6 / all).collect();
        let mut waits: Vec<i64> = threads.iter().filter_map(|thread| thread.get(which)).flatten().flat_map(|round| round.waits.iter().copied()).collect();
        (middle(slowest), ms(per_mille(&mut waits, 500)), ms(per_mille(&mut waits, 990)))
    });
    ListCost { name, page_us: list.0, bare_us: bare.0, p50_ms: list.1, p99_ms: list.2, bare_p99_ms: bare.2 }
}

fn micros(took: Duration) -> i64 {
    i64::try_from(took.as_micros()).unwrap_or(i64::MAX)
}

fn ms(micros: i64) -> f64 {
    float(u64::try_from(micros).unwrap_or(0)) / 1_000.0
}

/// The bare page.
async fn bare(req: HttpRequest, path: Path<String>) -> Answer {
    let site = Site::of(&req)?;
    let school = identity::schools::by_code(site, &path).await?.ok_or(kernel::Error::NotFound)?;
    let pupils = site.db.run(&Scope::school(school.id), async |tx| BARE_LIST.all(tx, (school.id,)).await).await?;
    let rows: String = pupils.iter().map(|pupil| format!("<tr><td>{} {}</td><td>{}</td></tr>", pupil.surname, pupil.given_name, pupil.class_label)).collect();
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(format!("<!doctype html><title>bare</title><table>{rows}</table>")))
}

/// The report, as Markdown.
pub fn markdown(date: &str, machine: &[String], world: &World, people: (i64, i64), costs: &[ListCost]) -> String {
    let machine: String = machine.iter().map(|line| format!("- {line}\n")).collect();
    let row = |cost: &ListCost| {
        let met = if cost.ratio() <= GOAL { "" } else { " **missed**" };
        format!("| {} | {:.0} | {:.0} | {:.2}{met} | {:.1} | {:.1} | {:.1} |\n", cost.name, cost.page_us, cost.bare_us, cost.ratio(), cost.p50_ms, cost.p99_ms, cost.bare_p99_ms)
    };
    let rows: String = costs.iter().map(row).collect();
    let missed = costs.iter().filter(|cost| cost.ratio() > GOAL).count();
    let (pupils, persons) = people;
    format!(
        "# What lists cost in a region\n\nWritten by `bench` on {date}. Run it: `cargo run --profile quick -p bench -- --region --write`.\n\n{machine}\n\
         The region has {} schools, {pupils} pupils and {persons} people in all. {READERS} people read at once, each at another school. A bare page is one statement (fifty pupils of \
         the same school, by surname) in a transaction with its scope, without guard, audit row, layout, filters or texts. Microseconds are those of a request over all requests of a \
         round, the middle of {ROUNDS} rounds; waits are those of single readers, of all rounds.\n\n\
         | list | list, us | bare page, us | ratio | p50, ms | p99, ms | bare p99, ms |\n|---|---|---|---|---|---|---|\n{rows}\n\
         Goal: at most {GOAL}; {} of {} lists meet it.\n",
        world.town.schools.len(),
        costs.len() - missed,
        costs.len(),
    )
}

/// Pupils and people in the database.
pub async fn people(db: &Client) -> Outcome<(i64, i64)> {
    let row = db.query_one("select (select count(*) from enrolment where valid_to is null), (select count(*) from person)", &[]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}
