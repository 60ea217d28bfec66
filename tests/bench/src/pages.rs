//! What it costs a page to know who asks, whether they may, and to write down what they are shown; and how many people can sign in.
//!
//! The page is the list of pupils: fifty people, each named in the audit row. Beside it stand two pages of the benchmark's own in the same
//! program: one with the same guard and the same audit row and nothing to show, and one with neither. What they differ by is the cost of
//! guard and audit; the list less that cost is the list without them. Everything runs in one process against the measured world's
//! database, which makes each audit row durable before the page is answered.

use std::time::{Duration, Instant};

use actix_web::{
    App, HttpRequest, HttpResponse,
    cookie::Cookie,
    http::StatusCode,
    middleware::from_fn,
    test::{TestRequest, call_service, init_service},
    web::{Data, get},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use identity::{
    ClassGuard, Cost, hash_password,
    trail::{self, Sight},
};
use kernel::{
    audit::Whose,
    clock::Clock,
    db::{Db, DbRole},
    id::{PersonId, fresh},
};
use people::pupils::SeePupils;
use shanyraq::{rooms, town::DEMO_PASSWORD};
use web::{Answer, Catalog, Memory, Mode, Site};

use crate::{
    failure::{Failure, Outcome},
    stats::float,
    world::World,
};

/// People on a page of the list.
const SHOWN: usize = 50;
/// Requests at once: one reader alone, and a busy morning.
const AT_ONCE: [usize; 2] = [1, 16];
/// Each kind of request is measured so often, in turns; the middle one counts.
const ROUNDS: usize = 5;
/// Where the reader sits.
pub const READER: ([u8; 4], u16) = ([127, 0, 0, 1], 4_000);
/// The page with guard and audit is to cost at most so much of the page without.
const GOAL: f64 = 1.25;
/// Sign-ins under way at once, of so many people.
const SIGNING_IN: usize = 8;
const PEOPLE: i64 = 64;

/// How long a page takes, at so many requests at once.
#[derive(Debug, Clone, Copy)]
pub struct PageCost {
    /// Requests at once.
    pub at_once: usize,
    /// The list of pupils, in microseconds a request.
    pub page_us: f64,
    /// Guard and audit alone.
    pub guard_us: f64,
}

impl PageCost {
    /// The page with guard and audit, to the page without.
    pub fn ratio(&self) -> f64 {
        self.page_us / (self.page_us - self.guard_us)
    }
}

/// How many people can sign in.
#[derive(Debug, Clone, Copy)]
pub struct SignIns {
    /// Sign-ins a second through the running hub.
    pub per_s: f64,
    /// Passwords compared a second on both processors, and nothing else.
    pub limit_per_s: f64,
}

/// Measures the page, so many requests of each kind and round.
pub async fn measure(world: &World, requests: usize) -> Outcome<Vec<PageCost>> {
    let db = world.superuser().await?;
    let row = db.query_one("select a.login, o.code from account a join role_grant g on g.person_id = a.person_id join organisation o on o.id = g.school_id where g.role = 'director' order by o.code limit 1", &[]).await?;
    let (login, code, url): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, world.app_url());
    // The pages need a thread of their own: what they spawn stays on it.
    let thread = std::thread::spawn(move || actix_web::rt::System::new().block_on(compare(&url, &login, &code, requests)));
    tokio::task::spawn_blocking(move || thread.join()).await.map_err(|_| Failure::plain("the pages ended early"))?.map_err(|_| Failure::plain("the pages panicked"))?
}

async fn compare(url: &str, login: &str, code: &str, requests: usize) -> Outcome<Vec<PageCost>> {
    let app = init_service(
        App::new()
            .app_data(Data::new(site(url)?))
            .route("/{school}/bench-guarded", get().to(guarded))
            .route("/bench-bare", get().to(bare))
            .configure(rooms::routes)
            .wrap(from_fn(web::shell)),
    )
    .await;
    let form = [("login", login), ("password", DEMO_PASSWORD)];
    let entered = call_service(&app, TestRequest::post().uri("/sign-in").set_form(form).peer_addr(READER.into()).to_request()).await;
    let session = entered.response().cookies().find(|cookie| cookie.name() == "session").map(|cookie| cookie.value().to_owned());
    let session = session.ok_or_else(|| Failure::plain(format!("{login} cannot sign in: {}", entered.status())))?;
    let ask = async |path: &str| {
        let request = TestRequest::get().uri(path).cookie(Cookie::new("session", session.clone())).peer_addr(READER.into());
        match call_service(&app, request.to_request()).await.status() {
            StatusCode::OK => Ok(()),
            other => Err(Failure::plain(format!("{path} answers {other}"))),
        }
    };
    let [page, guarded] = ["pupils", "bench-guarded"].map(|page| format!("/{code}/{page}"));
    let mut costs = Vec::new();
    for at_once in AT_ONCE {
        let mut rounds = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (rounds, path) in rounds.iter_mut().zip([page.as_str(), &guarded, "/bench-bare"]) {
                let begun = Instant::now();
                stream::iter(0..requests).map(|_| ask(path)).buffer_unordered(at_once).try_collect::<Vec<()>>().await?;
                rounds.push(begun.elapsed().as_secs_f64() * 1e6 / float(u64::try_from(requests).unwrap_or(u64::MAX)));
            }
        }
        let [page_us, guarded_us, bare_us] = rounds.map(middle);
        costs.push(PageCost { at_once, page_us, guard_us: guarded_us - bare_us });
    }
    Ok(costs)
}

/// The site as the hub makes it, with a pool of connections of its own.
pub fn site(url: &str) -> Outcome<Site> {
    Ok(Site {
        catalog: Catalog::build(&rooms::locales())?,
        db: Db::connect(url, DbRole::Web, 8)?,
        clock: Clock::System,
        mode: Mode::Demo,
        url: "http://127.0.0.1".to_owned(),
        navigation: rooms::navigation(),
        tasks: rooms::tasks(),
        rights: rooms::rights().concat(),
        memory: Memory::default(),
    })
}

/// The same guard and the same audit row as the list, with nothing behind them.
async fn guarded(req: HttpRequest, guard: ClassGuard<SeePupils>) -> Answer {
    let somebody = |_| PersonId(fresh(Clock::System.now()));
    let school = guard.school()?.id;
    trail::read(&req, &guard.ctx, [Sight::of(school, "people.list_pupils", Whose::persons((0..SHOWN).map(somebody)))]).await?;
    Ok(HttpResponse::Ok().body("guarded"))
}

async fn bare() -> HttpResponse {
    HttpResponse::Ok().body("bare")
}

/// The middle of some figures.
pub fn middle(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}

/// Signs people in at a running hub for so long, and compares passwords alone for as long.
pub async fn sign_ins(world: &World, each: Duration) -> Outcome<SignIns> {
    let hash = hash_password(DEMO_PASSWORD, Cost::Full)?;
    let db = world.superuser().await?;
    let rows = db.query("with chosen as (select id from account order by id limit $2) update account a set password_hash = $1 from chosen where a.id = chosen.id returning a.login", &[&hash, &PEOPLE]).await?;
    let logins = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    let hub = world.start_hub().await?;
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let begun = Instant::now();
    let ask = |login: String| {
        let request = client.post(format!("{}/sign-in", hub.url)).header("sec-fetch-site", "same-origin");
        let body = format!("login={login}&password={DEMO_PASSWORD}");
        async move {
            let answer = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await?;
            match answer.status().as_u16() {
                303 => Ok(()),
                other => Err(Failure::plain(format!("signing in is answered by {other}"))),
            }
        }
    };
    let endless = stream::iter(logins.iter().cycle().cloned()).take_while(|_| std::future::ready(begun.elapsed() < each));
    let done = endless.map(ask).buffer_unordered(SIGNING_IN).try_collect::<Vec<()>>().await;
    let took = begun.elapsed();
    hub.stop().await?;
    let limit_per_s = passwords_per_s(&hash, each).await?;
    Ok(SignIns { per_s: crate::stats::len(&done?) / took.as_secs_f64(), limit_per_s })
}

/// Passwords compared on as many threads as the hub gives them.
async fn passwords_per_s(hash: &str, each: Duration) -> Outcome<f64> {
    let begun = Instant::now();
    let threads: Vec<_> = (0..identity::PASSWORDS_AT_ONCE)
        .map(|_| {
            let hash = hash.to_owned();
            tokio::task::spawn_blocking(move || {
                let mut done = 0_u64;
                while begun.elapsed() < each {
                    identity::password_matches(DEMO_PASSWORD, Some(&hash));
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for thread in threads {
        done += thread.await.map_err(|_| Failure::plain("comparing passwords ended early"))?;
    }
    Ok(float(done) / begun.elapsed().as_secs_f64())
}

/// The report, as Markdown.
pub fn markdown(date: &str, machine: &[String], costs: &[PageCost], sign_ins: &SignIns) -> String {
    let machine: String = machine.iter().map(|line| format!("- {line}\n")).collect();
    let rows: String = costs.iter().map(|cost| format!("| {} | {:.0} | {:.0} | {:.2} |\n", cost.at_once, cost.page_us, cost.guard_us, cost.ratio())).collect();
    let met = if costs.iter().all(|cost| cost.ratio() <= GOAL) { "met" } else { "**missed**" };
    let SignIns { per_s, limit_per_s } = sign_ins;
    format!(
        "# What guard and audit cost a page\n\nWritten by `bench` on {date}. Run it: `cargo run --profile quick -p bench -- --pages --write`.\n\n{machine}\n\
         The list of pupils ({SHOWN} people, each named in the audit row, which is durable before the page is answered), and what the guard and the audit row take of it: \
         microseconds a request, the middle of {ROUNDS} rounds.\n\n\
         | requests at once | page | guard and audit | page with them to page without |\n|---|---|---|---|\n{rows}\n\
         Goal: at most {GOAL}; {met}. Alone, a reader waits for the audit row's own commit; together, one commit carries the rows of many.\n\n\
         Sign-ins with a password of full cost (argon2id, 19 MiB, two passes): **{per_s:.1} a second**, {:.2} of the {limit_per_s:.1} passwords a second that the same threads \
         compare when they do nothing else.\n",
        per_s / limit_per_s
    )
}
