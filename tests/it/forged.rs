//! Forged requests: every route is attacked with whatever a stranger, a neighbour or a curious employee could send.
//!
//! The routes come from the sources, as in `rights`: a new page is attacked without a word here. Callers are nobody, somebody with a
//! token that was made up or is over, and people of one school; what they ask for belongs to another, whose every person bears a name
//! that stands nowhere else. An answer may refuse in any way, but: never 5xx, never a name of the neighbour's, always with the security
//! headers, never a script or style of the page's own, a problem document always with a code that stands in the golden list, and no
//! redirect leads away. Forgeries are numbered: the number of a failing one is in the message, and makes it again.

use std::time::{Duration, Instant};

use actix_web::{
    App,
    cookie::Cookie,
    dev::ServiceResponse,
    http::{Method, header::LOCATION},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::{Data, to},
};
use engine::live::{Switchboard, Views};
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{
    SchoolBuilder, database, pool,
    source::{Route, root, routes},
};
use web::{Catalog, Memory, Mode, Site};

use crate::visitor::Visitor;

/// At most so many for each route.
const FORGERIES: u32 = 1_000;
/// All of them together take no longer.
const PATIENCE: Duration = Duration::from_secs(45);
/// What everybody of the neighbour's is called.
const FOREIGN: &str = "Бөтенұлы";
/// Machines ask these without sign-in, of data that only the whole program has.
const OF_THE_PROGRAM: &str = "hub/server/src/health.rs";

/// A small stream of choices that can be made again from its number.
struct Choices(u64);

impl Choices {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.next()).unwrap_or(0) % all.len()]
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.next() % many == 0
    }
}

struct World {
    school: School,
    neighbour: School,
    /// Sessions: of people of the school, over, and made up.
    sessions: Vec<Session>,
    /// Tokens of those of them that are good to the end.
    alive: Vec<Session>,
    codes: String,
}

/// What a caller's browser holds.
#[derive(Clone)]
struct Session {
    token: Option<String>,
    /// The token of its forms, as a page of theirs would hold it.
    form: Option<String>,
}

impl Session {
    fn of(token: Option<String>) -> Self {
        let form = token.as_ref().and_then(|token| {
            let request = TestRequest::get().app_data(site()).cookie(Cookie::new("session", token.clone())).to_http_request();
            web::csrf::token(&request)
        });
        Self { token, form }
    }
}

impl World {
    async fn new() -> Self {
        let (school, neighbour) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().build().await);
        let db = database().superuser().await;
        let renamed = "update person set surname = $2, given_name = $2 where id in (select person_id from school_person where school_id = $1)";
        assert!(db.execute(renamed, &[&neighbour.id, &FOREIGN]).await.unwrap() > 3);
        // An event of the neighbour's on every kind of page.
        let (id, pupil, guardian, device) = (neighbour.id.0, neighbour.pupils[0].id.0, neighbour.pupils[0].guardians[0].0, neighbour.devices[0].id.0);
        let rows = format!(
            "insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
               values ('{id}', '{pupil}', now(), '{device}', 's', 1, now(), 'in', 'card', false);
             insert into presence (school_id, person_id, direction, since, device_id, store, seq) values ('{id}', '{pupil}', 'in', now(), '{device}', 's', 1);
             insert into notice (school_id, recipient_id, id, created_at, child_id, kind, occurred_at, late, args)
               values ('{id}', '{guardian}', gen_random_uuid(), now(), '{pupil}', 'entered', now(), false, '{{\"child\": \"{FOREIGN}\"}}');"
        );
        db.batch_execute(&rows).await.unwrap();
        let mut sessions = vec![None, Some(String::new()), Some("0".repeat(64)), Some("é\u{1}".to_owned()), Some("a".repeat(5_000)), Some("' or 1=1 --".to_owned())];
        for role in [Role::Director, Role::SchoolAdministrator, Role::Teacher] {
            sessions.push(Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == role).unwrap().login).await.session());
        }
        sessions.push(Visitor::signed_in(&school.guardians[0].login).await.session());
        let alive = sessions.iter().skip(6).cloned().map(Session::of).collect();
        let over = Visitor::signed_in(&school.guardians[1].login).await.session().unwrap();
        db.execute("delete from session where account_id = (select id from account where login = $1)", &[&school.guardians[1].login]).await.unwrap();
        sessions.push(Some(over));
        let codes = std::fs::read_to_string(root().join("tests/golden/codes.txt")).unwrap();
        let sessions = sessions.into_iter().map(Session::of).collect();
        Self { school, neighbour, sessions, alive, codes }
    }

    /// What may stand where an id is expected.
    fn id(&self, choices: &mut Choices) -> String {
        let neighbour = &self.neighbour;
        let ids: [Uuid; 6] = [neighbour.pupils[0].id.0, neighbour.devices[0].id.0, neighbour.pupils[0].guardians[0].0, neighbour.id.0, self.school.pupils[0].id.0, fresh(Clock::System.now())];
        let id = show(*choices.of(&ids));
        match choices.next() % 12 {
            0 => "0".repeat(26),
            1 => "z".repeat(26),
            2 => id.to_uppercase(),
            3 => format!("{id}0"),
            4 => "%00".to_owned(),
            5 => "..%2f..%2fetc%2fpasswd".to_owned(),
            6 => "%27%20or%201%3D1".to_owned(),
            7 => "x".repeat(3_000),
            8 => "%F0%9F%92%A9%FF".to_owned(),
            _ => id,
        }
    }

    fn address(&self, route: &Route, choices: &mut Choices) -> String {
        let mut address = String::new();
        for part in route.path.split('/').skip(1) {
            let part = match part.trim_start_matches('{').split(['}', ':']).next().unwrap_or_default() {
                "school" if part.starts_with('{') => (*choices.of(&[&self.neighbour.code, &self.neighbour.code, &self.school.code, &"nobody".to_owned(), &"%00".to_owned(), &"%2e%2e".to_owned(), &"a".repeat(500)])).clone(),
                _ if part.starts_with('{') => self.id(choices),
                _ => part.to_owned(),
            };
            address = format!("{address}/{part}");
        }
        if choices.one_in(2) {
            return address;
        }
        let pairs: Vec<String> = (0..choices.next() % 5).map(|_| self.pair(choices)).collect();
        format!("{address}?{}", pairs.join("&"))
    }

    /// A field of a form or query, of a name that some page knows or of one that none does.
    fn pair(&self, choices: &mut Choices) -> String {
        const NAMES: [&str; 40] = [
            "q", "after", "class", "kind", "day", "child", "card", "next", "id", "school", "name", "place", "login", "password", "locale", "theme", "notice", "upto", "back", "saved", "who", "whose", "action", "from",
            "to", "csrf", "state", "role", "code", "person", "is_admin", "role[]", "school_id", "valid_from", "valid_to", "right", "secret", "channel", "token", "__proto__",
        ];
        let name = choices.of(&NAMES);
        format!("{name}={}", self.value(choices))
    }

    fn value(&self, choices: &mut Choices) -> String {
        const ODD: [&str; 30] = [
            "", "%00", "a%00b", "%FF%FE", "-1", "99999999999999999999", "1-1-1-1", "9999-12-31", "-009999-01-01", "2026-02-30", "//evil.example/", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%0D%0ASet-Cookie%3A%20a%3Db",
            "javascript%3Aalert(1)", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "%27%3B%20drop%20table%20audit%3B--", "%25", "_", "%5C", "%7B%7B7*7%7D%7D", "null", "true", "on", "in", "entered",
            "support", "director", "1799999999999999-00000000000000000000000000",
        ];
        match choices.next() % 8 {
            0 => self.id(choices),
            1 => "%D2%9A".repeat(2_000),
            2 => self.neighbour.code.clone(),
            _ => (*choices.of(&ODD)).to_owned(),
        }
    }

    /// The whole request of a number.
    fn request(&self, route: &Route, number: u64) -> (TestRequest, String) {
        let mut choices = Choices(number);
        let address = self.address(route, &mut choices);
        let method = if choices.one_in(10) { choices.of(&[Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS, Method::PATCH]).clone() } else { Method::from_bytes(route.method.as_bytes()).unwrap() };
        let is_signed_in = !choices.one_in(3);
        // Who signs out is nobody afterwards, and could do no more harm.
        let session = if route.path.ends_with("sign-out") { Session::of(Some("0".repeat(64))) } else { choices.of(if is_signed_in { &self.alive } else { &self.sessions }).clone() };
        let mut request = TestRequest::with_uri(&address).method(method.clone());
        let [a, b, ..] = number.to_be_bytes()[6..] else { unreachable!() };
        request = request.peer_addr((std::net::Ipv4Addr::new(10, 9, a, b), 1).into());
        let mut told = format!("{method} {address}");
        if let Some(token) = &session.token {
            request = request.cookie(Cookie::new("session", token.clone()));
            told = format!("{told} session={}", token.chars().take(6).collect::<String>());
        }
        for (name, values) in [
            ("accept", &["application/json", "text/html", "*/*"][..]),
            ("sec-fetch-site", &["same-origin", "same-origin", "same-origin", "cross-site", "none", "evil"]),
            ("origin", &["https://evil.example", "null", "http://127.0.0.1"]),
            ("referer", &["https://evil.example//evil.example/x", "http://127.0.0.1//evil.example", "x"]),
            ("hx-request", &["true"]),
            ("upgrade", &["websocket", "h2c"]),
            ("accept-language", &["ru", "kk;q=9999999999999", "қаз", "*"]),
            ("user-agent", &["<script>alert(1)</script>", "curl"]),
            ("x-forwarded-for", &["203.0.113.1, not an address", "::1"]),
            ("content-length", &["99999999999999"]),
        ] {
            let often = if ["accept", "sec-fetch-site"].contains(&name) { 2 } else { 8 };
            if choices.one_in(often) {
                request = request.insert_header((name, *choices.of(values)));
            }
        }
        if method != Method::GET && method != Method::HEAD {
            request = self.with_body(request, &session, &mut choices);
        }
        (request, told)
    }

    fn with_body(&self, request: TestRequest, session: &Session, choices: &mut Choices) -> TestRequest {
        let mut pairs: Vec<String> = (0..choices.next() % 8).map(|_| self.pair(choices)).collect();
        let token = match choices.next() % 4 {
            0 => None,
            1 => Some("0".repeat(64)),
            // The right one: a forger who is signed in and opened the page.
            _ => session.form.clone(),
        };
        pairs.extend(token.map(|token| format!("csrf={token}")));
        let form = pairs.join("&");
        let kind = choices.of(&["application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=utf-7", "\u{20}"]);
        let body: Vec<u8> = match choices.next() % 16 {
            0 => vec![b'a'; 3_000_000],
            1 => vec![0, 255, 254, 0],
            2 => b"{\"token\": \"\\u0000\", \"channel\": \"fcm\", \"role\": \"support\"}".to_vec(),
            3 => format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000)).into_bytes(),
            4 => b"--x\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\n\0\r\n--x--".to_vec(),
            5 => format!("{form}&q=1&q=2&q=3").into_bytes(),
            6 => "a=1&".repeat(20_000).into_bytes(),
            _ => form.into_bytes(),
        };
        request.insert_header(("content-type", *kind)).set_payload(body)
    }

    /// What is wrong with an answer.
    async fn judge(&self, answer: ServiceResponse<impl actix_web::body::MessageBody>) -> Vec<String> {
        let mut wrong = Vec::new();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let body = String::from_utf8_lossy(&read_body(answer).await).into_owned();
        if status.is_server_error() {
            wrong.push(format!("{status}"));
        }
        if body.contains(FOREIGN) {
            wrong.push("a name of the neighbour's".to_owned());
        }
        let policy = header("content-security-policy");
        if !policy.contains("script-src 'self'") || policy.contains("unsafe") {
            wrong.push(format!("content policy `{policy}`"));
        }
        for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")] {
            if header(name) != value {
                wrong.push(format!("{name} is `{}`", header(name)));
            }
        }
        if header("content-type").starts_with("text/html") {
            let inline = ["<script>", "<img src=x", " onclick=\"", " style=\"", "href=\"javascript:"].into_iter().find(|mark| body.contains(mark));
            wrong.extend(inline.map(|mark| format!("`{mark}` on the page")));
        }
        if header("content-type").starts_with("application/problem+json") {
            let problem: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
            let code = problem["code"].as_str().unwrap_or_default().to_owned();
            if code.is_empty() || !self.codes.lines().any(|line| line.split(' ').next() == Some(code.as_str())) {
                wrong.push(format!("the code `{code}` is in no list"));
            }
        }
        let location = header(LOCATION.as_str());
        let ours = location.starts_with('/') && !location.starts_with("//") && !location.contains(['\\', '\r', '\n']);
        if status.is_redirection() && !location.is_empty() && !ours {
            wrong.push(format!("leads to `{location}`"));
        }
        wrong
    }
}

fn site() -> Data<Site> {
    Data::new(Site {
        catalog: Catalog::build(&shanyraq::rooms::locales()).unwrap(),
        db: pool(DbRole::Web),
        clock: Clock::System,
        mode: Mode::Live,
        url: "http://127.0.0.1".into(),
        navigation: shanyraq::rooms::navigation(),
        tasks: shanyraq::rooms::tasks(),
        rights: shanyraq::rooms::rights().concat(),
        memory: Memory::default(),
    })
}

fn blank_views() -> Views {
    Views { guardian: Box::new(|_, _| String::new()), notice: Box::new(|_, _| String::new()), school: Box::new(|_, _, _| String::new()), support: Box::new(|_, _| String::new()) }
}

#[actix_web::test]
async fn no_forgery_breaks_a_page_or_shows_a_neighbour() {
    let world = World::new().await;
    let app = init_service(
        App::new().app_data(site()).app_data(Data::new(Switchboard::default())).app_data(Data::new(shanyraq::rooms::registry())).app_data(Data::new(blank_views())).configure(shanyraq::run::live_routes).configure(shanyraq::rooms::routes).default_service(to(web::not_found)).wrap(from_fn(web::shell)),
    )
    .await;
    let routes: Vec<Route> = routes().unwrap().into_iter().filter(|route| route.file != OF_THE_PROGRAM).collect();
    let began = Instant::now();
    let (mut wrong, mut sent, mut served) = (Vec::new(), 0_u32, 0_u32);
    // Round by round, so that a slow machine attacks every route alike, only less often.
    'rounds: for round in 0..FORGERIES {
        for (place, route) in (0_u64..).zip(&routes) {
            if began.elapsed() > PATIENCE || wrong.len() > 40 {
                break 'rounds;
            }
            let number = place << 32 | u64::from(round);
            let (request, told) = world.request(route, number);
            let found = match try_call_service(&app, request.to_request()).await {
                Ok(answer) => {
                    served += u32::from(answer.status().is_success());
                    world.judge(answer).await
                }
                Err(error) => vec![format!("no answer at all ({error})")],
            };
            let told: String = told.chars().take(300).collect();
            wrong.extend(found.into_iter().map(|wrong| format!("{wrong}: forgery {number} of {} {}: {told}", route.method, route.path)));
            sent += 1;
        }
    }
    println!("{sent} forgeries ({served} served), {} for each of {} routes, in {:?}", usize::try_from(sent).unwrap() / routes.len(), routes.len(), began.elapsed());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(usize::try_from(sent).unwrap() >= routes.len() * 20, "too few forgeries to mean anything: {sent}");
    assert!(served >= sent / 30, "almost nothing was served, so almost nothing was tried: {served} of {sent}");
    for session in &world.alive {
        let request = TestRequest::get().uri("/").cookie(Cookie::new("session", session.token.clone().unwrap())).to_request();
        let answer = try_call_service(&app, request).await.unwrap();
        assert!(!answer.headers().get(LOCATION).unwrap().to_str().unwrap().contains("sign-in"), "a forger was signed out on the way, and tried nothing from then on");
    }
}

#[actix_web::test]
async fn a_form_is_read_only_by_whom_the_guard_lets_in() {
    let school = SchoolBuilder::new().build().await;
    let device = show(school.devices[0].id.0);
    let director = Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).unwrap().login).await;
    for path in ["/support/connect".to_owned(), format!("/support/devices/{device}/name"), format!("/support/devices/{device}/retire")] {
        let answer = director.post(&path, &[("not", "asked for")]).await;
        assert_eq!(answer.status.as_u16(), 403, "{path}: an incomplete form tells nothing to whom the page is not for");
        let stranger = Visitor::nobody().post(&path, &[("not", "asked for")]).await;
        assert_eq!(stranger.location.as_deref().map(|to| to.starts_with("/sign-in")), Some(true), "{path}");
    }
}
