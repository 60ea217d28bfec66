//! Identity from outside: as nobody, as a stranger from the neighbour school, as the person meant.

use std::sync::Arc;

use actix_web::{
    App,
    cookie::Cookie,
    dev::ServiceResponse,
    http::{StatusCode, header::LOCATION},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::{Data, Json, ServiceConfig, get, to},
};
use identity::{Guard, Mailer, MyGuard, Policy};
use jiff::{SignedDuration, Timestamp};
use kernel::{clock::Clock, db::DbRole, id::fresh, right::Role, rights};
use shanyraq::town::{DEMO_PASSWORD, School};
use testkit::{SchoolBuilder, database, pool};
use web::{Catalog, Memory, Mode, NavItem, Site};

rights! {
    /// What staff of a school may do here.
    SeeStaffRoom = "test.staff_room": [Director, SchoolAdministrator],
    /// What support may do everywhere, and a director at home.
    SeeBoilers = "test.boilers": [Support, Director],
    /// What guardians see of their own.
    SeeOwn = "test.own": [Guardian],
}

/// An installation of its own: clock, caches and counters are the test's.
pub struct House {
    site: Data<Site>,
    policy: Data<Policy>,
    mailer: Option<Data<dyn Mailer>>,
    pub clock: Clock,
}

pub struct Seen {
    pub status: StatusCode,
    pub location: Option<String>,
    pub session: Option<String>,
    locale: Option<String>,
    pub cookie_text: String,
    pub body: String,
}

async fn staff_room(guard: Guard<SeeStaffRoom>) -> Result<String, web::Failure> {
    Ok(format!("{} {:?} {:?}", guard.school()?.code, guard.ctx.role, guard.ctx.scope.schools.len()))
}

async fn boilers(guard: Guard<SeeBoilers>) -> Json<usize> {
    Json(guard.ctx.scope.schools.len())
}

async fn children(guard: MyGuard) -> Json<Vec<String>> {
    Json(guard.identity.children.iter().map(|child| child.person.to_string()).collect())
}

fn letters(cfg: &mut ServiceConfig, mailer: Option<&Data<dyn Mailer>>) {
    if let Some(mailer) = mailer {
        cfg.app_data(mailer.clone());
    }
}

fn routes(cfg: &mut ServiceConfig) {
    identity::routes(cfg);
    cfg.route("/my", get().to(children)).route("/api/v1/children", get().to(children)).route("/support/boilers", get().to(boilers)).route("/{school}/staff-room", get().to(staff_room)).route("/{school}/boilers", get().to(boilers));
}

impl House {
    pub fn new() -> Self {
        Self::with(Policy::default())
    }

    /// An installation that asks this of those who sign in.
    pub fn with(policy: Policy) -> Self {
        Self::at("http://127.0.0.1", policy)
    }

    /// The same, reached by this address.
    pub fn at(url: &str, policy: Policy) -> Self {
        Self::made(url, policy, Mode::Test)
    }

    /// The same, with letters sent by this mailer.
    pub fn writing(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(Data::from(mailer));
        self
    }

    /// An installation for this.
    pub fn made(url: &str, policy: Policy, mode: Mode) -> Self {
        let clock = Clock::standing_at(Clock::System.now());
        let site = Data::new(Site {
            catalog: Catalog::build(&[web::LOCALES, identity::LOCALES].concat()).expect("the messages"),
            db: pool(DbRole::Web),
            clock: clock.clone(),
            mode,
            url: url.to_owned(),
            tasks: Vec::new(),
            navigation: vec![
                NavItem { roles: &[Role::Support], ..NavItem::of::<SeeBoilers>("/support/boilers", "device", "menu") },
                NavItem::of::<SeeStaffRoom>("/{school}/staff-room", "school", "menu"),
                NavItem::of::<SeeOwn>("/my", "home", "menu"),
            ],
            rights: RIGHTS.to_vec(),
            memory: Memory::default(),
        });
        Self { site, policy: Data::new(policy), clock, mailer: None }
    }

    pub async fn send(&self, request: TestRequest) -> Seen {
        let app = init_service(App::new().app_data(self.site.clone()).app_data(self.policy.clone()).configure(|cfg| letters(cfg, self.mailer.as_ref())).configure(routes).default_service(to(web::not_found)).wrap(from_fn(web::shell))).await;
        let answer: ServiceResponse = call_service(&app, request.to_request()).await.map_into_boxed_body();
        let cookie = |name: &str| answer.response().cookies().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned());
        let (session, locale) = (cookie("session"), cookie("locale"));
        let cookie_text = answer.headers().get_all("set-cookie").filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join("\n");
        let status = answer.status();
        let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok()).map(str::to_owned);
        let body = String::from_utf8_lossy(&read_body(answer).await).into_owned();
        Seen { status, location, session, locale, cookie_text, body }
    }

    pub async fn get(&self, path: &str, session: Option<&str>) -> Seen {
        self.send(with(TestRequest::get().uri(path), session)).await
    }

    pub async fn try_password(&self, login: &str, password: &str, address: [u8; 4]) -> Seen {
        let form = [("login", login), ("password", password), ("next", "/my?after=1")];
        self.send(TestRequest::post().uri("/sign-in").peer_addr((address, 4000).into()).set_form(form)).await
    }

    pub async fn sign_in(&self, login: &str) -> String {
        let seen = self.try_password(login, DEMO_PASSWORD, [10, 0, 0, 1]).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{login} could not sign in: {}", seen.body);
        seen.session.expect("a session cookie")
    }

    /// Sends a form of a signed-in person, with its token.
    pub async fn post(&self, path: &str, session: &str, fields: &[(&str, &str)]) -> Seen {
        let token = self.form_token(session);
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.send(with(TestRequest::post().uri(path).peer_addr(([10, 0, 0, 1], 4000).into()).set_form(fields), Some(session))).await
    }

    pub fn form_token(&self, session: &str) -> String {
        let request = TestRequest::get().app_data(self.site.clone()).cookie(Cookie::new("session", session.to_owned())).to_http_request();
        web::csrf::token(&request).expect("a session has a token")
    }
}

/// A request with the session's cookie.
pub fn with(request: TestRequest, session: Option<&str>) -> TestRequest {
    match session {
        Some(session) => request.cookie(Cookie::new("session", session.to_owned())),
        None => request,
    }
}

pub fn director(school: &School) -> &str {
    &school.staff.iter().find(|employee| employee.role == Role::Director).expect("a director").login
}

/// Makes a support employee of the supplier, and gives their login.
async fn hire_support() -> String {
    let db = database().superuser().await;
    let (person, account) = (fresh(Clock::System.now()), fresh(Clock::System.now()));
    let login = format!("support-{}", kernel::id::show(person));
    db.execute("insert into person (id, surname, given_name) values ($1, 'Қолдау', 'Маман')", &[&person]).await.unwrap();
    db.execute("insert into account (id, person_id, login, password_hash) values ($1, $2, $3, $4)", &[&account, &person, &login, &shanyraq::town::DEMO_PASSWORD_HASH]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'support', now() - interval '1 day')", &[&identity::SUPPLIER.0, &person]).await.unwrap();
    login
}

#[actix_web::test]
async fn nobody_is_sent_to_the_sign_in_page_and_a_program_is_told() {
    let house = House::new();
    let page = house.get("/my?after=2", None).await;
    assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/sign-in?next=/my%3Fafter%3D2")));
    assert_eq!(house.get("/api/v1/children", None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get("/api/v1/children", Some(&"f".repeat(64))).await.status, StatusCode::UNAUTHORIZED, "a token that nobody was given");
    assert_eq!(house.get("/", None).await.location.as_deref(), Some("/sign-in"));
}

#[actix_web::test]
async fn inv_5_a_guardian_signs_in_sees_the_children_and_signs_out() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let guardian = &school.guardians[0];
    let entered = house.try_password(&format!(" {} ", guardian.login.to_uppercase()), DEMO_PASSWORD, [10, 0, 0, 1]).await;
    assert_eq!((entered.status, entered.location.as_deref()), (StatusCode::SEE_OTHER, Some("/my?after=1")));
    for promise in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(entered.cookie_text.contains(promise), "{}", entered.cookie_text);
    }
    let session = entered.session.unwrap();
    let own: Vec<String> = school.pupils.iter().filter(|pupil| pupil.guardians.contains(&guardian.id)).map(|pupil| pupil.id.to_string()).collect();
    let shown: Vec<String> = serde_json::from_str(&house.get("/my", Some(&session)).await.body).unwrap();
    assert_eq!(shown, own);
    assert_eq!(house.get("/", Some(&session)).await.location.as_deref(), Some("/my"));

    let without_token = house.send(with(TestRequest::post().uri("/sign-out").set_form([("x", "")]), Some(&session))).await;
    assert_eq!(without_token.status, StatusCode::FORBIDDEN);
    assert_eq!(house.get("/my", Some(&session)).await.status, StatusCode::OK);
    house.clock.advance(SignedDuration::from_secs(1));
    let token = house.form_token(&session);
    let left = house.send(with(TestRequest::post().uri("/sign-out").set_form([("csrf", token)]), Some(&session))).await;
    assert_eq!((left.status, left.location.as_deref()), (StatusCode::SEE_OTHER, Some("/sign-in")));
    assert_eq!(house.get("/api/v1/children", Some(&session)).await.status, StatusCode::UNAUTHORIZED, "the session is over for whoever kept its token");

    let db = database().superuser().await;
    let trail = db.query("select action from audit where school_id = $1 and person_id = $2 order by at, id", &[&school.id.0, &guardian.id.0]).await.unwrap();
    let trail: Vec<String> = trail.iter().map(|row| row.get(0)).collect();
    assert_eq!(trail, ["identity.sign_in", "identity.sign_out"]);
}

#[actix_web::test]
async fn inv_1_the_database_does_not_hold_the_token() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let session = house.sign_in(&school.guardians[0].login).await;
    let db = database().superuser().await;
    let kept = db.query("select 1 from session where token_hash = $1 or encode(token_hash, 'hex') = $2", &[&session.as_bytes(), &session]).await.unwrap();
    assert!(kept.is_empty());
}

#[actix_web::test]
async fn inv_4_signing_in_again_gives_a_fresh_token_and_ends_the_old_session() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let old = house.sign_in(&school.guardians[0].login).await;
    let form = [("login", school.guardians[1].login.as_str()), ("password", DEMO_PASSWORD), ("csrf", &house.form_token(&old))];
    let again = house.send(with(TestRequest::post().uri("/sign-in").set_form(form), Some(&old))).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_ne!(again.session.unwrap(), old);
    assert_eq!(house.get("/api/v1/children", Some(&old)).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let login = &school.guardians[0].login;
    let wrong = house.try_password(login, "not it", [10, 0, 0, 1]).await;
    let unknown = house.try_password("nobody-at-all", "not it", [10, 0, 0, 1]).await;
    for seen in [&wrong, &unknown] {
        assert_eq!((seen.status, seen.session.as_deref()), (StatusCode::UNPROCESSABLE_ENTITY, None));
        assert!(seen.body.contains("Логин немесе құпиясөз қате") && !seen.body.contains("not it"), "{}", seen.body);
    }
    assert!(wrong.body.contains(&format!("value=\"{login}\"")), "what was typed stays");
}

#[actix_web::test]
async fn guessing_is_slowed_where_it_happens_and_the_owner_still_comes_in() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let login = &school.guardians[0].login;
    for _ in 0..5 {
        assert_eq!(house.try_password(login, "guess", [10, 66, 0, 1]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(house.try_password(login, DEMO_PASSWORD, [10, 66, 0, 1]).await.status, StatusCode::TOO_MANY_REQUESTS, "even the right one waits there");
    assert_eq!(house.try_password(login, DEMO_PASSWORD, [10, 0, 0, 1]).await.status, StatusCode::SEE_OTHER, "the owner is not locked out");
    house.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(house.try_password(login, DEMO_PASSWORD, [10, 66, 0, 1]).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_neighbour_school_is_not_there_and_a_missing_right_is_said() {
    let house = House::new();
    let (school, neighbour) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().build().await);
    let own = house.sign_in(director(&school)).await;
    let page = house.get(&format!("/{}/staff-room", school.code), Some(&own)).await;
    assert_eq!((page.status, page.body), (StatusCode::OK, format!("{} Some(Director) 1", school.code)));
    for path in [format!("/{}/staff-room", neighbour.code), "/nosuchschool/staff-room".to_owned()] {
        assert_eq!(house.get(&path, Some(&own)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let guardian = house.sign_in(&school.guardians[0].login).await;
    assert_eq!(house.get(&format!("/{}/staff-room", school.code), Some(&guardian)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.get(&format!("/{}/staff-room", neighbour.code), Some(&guardian)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/support/boilers", Some(&guardian)).await.status, StatusCode::FORBIDDEN);
    let teacher = house.sign_in(&school.staff.iter().find(|employee| employee.role == Role::Teacher).unwrap().login).await;
    assert_eq!(house.get(&format!("/{}/staff-room", school.code), Some(&teacher)).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn support_is_at_home_everywhere_and_a_director_at_home_only() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let support = house.sign_in(&hire_support().await).await;
    assert_eq!(house.get("/", Some(&support)).await.location.as_deref(), Some("/support/boilers"));
    let everywhere: usize = house.get("/support/boilers", Some(&support)).await.body.parse().unwrap();
    let db = database().superuser().await;
    let at_least: i64 = db.query_one("select count(*) from organisation where created_at < now() - interval '1 second' or id = $1", &[&school.id.0]).await.unwrap().get(0);
    assert!(everywhere >= 2 && i64::try_from(everywhere).unwrap() >= at_least.min(2));
    assert_eq!(house.get(&format!("/{}/boilers", school.code), Some(&support)).await.body, "1");
    assert_eq!(house.get(&format!("/{}/staff-room", school.code), Some(&support)).await.status, StatusCode::FORBIDDEN, "support has no right there");
    let director = house.sign_in(director(&school)).await;
    assert_eq!(house.get("/support/boilers", Some(&director)).await.body, "1", "a director sees the own school there");
}

#[actix_web::test]
async fn inv_2_a_session_ends_when_nobody_uses_it() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let (parent, boss) = (house.sign_in(&school.guardians[0].login).await, house.sign_in(director(&school)).await);
    house.clock.advance(SignedDuration::from_hours(13));
    assert_eq!(house.get("/api/v1/children", Some(&boss)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get("/api/v1/children", Some(&parent)).await.status, StatusCode::OK);
    house.clock.advance(SignedDuration::from_hours(59 * 24));
    assert_eq!(house.get("/api/v1/children", Some(&parent)).await.status, StatusCode::OK, "it was used in between");
    house.clock.advance(SignedDuration::from_hours(61 * 24));
    assert_eq!(house.get("/api/v1/children", Some(&parent)).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn inv_3_a_blocked_account_is_nobody_within_half_a_minute() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let login = &school.guardians[0].login;
    let session = house.sign_in(login).await;
    assert_eq!(house.get("/api/v1/children", Some(&session)).await.status, StatusCode::OK);
    let db = database().superuser().await;
    db.execute("update account set blocked_at = now() where login = $1", &[login]).await.unwrap();
    house.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(house.get("/api/v1/children", Some(&session)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.try_password(login, DEMO_PASSWORD, [10, 0, 0, 1]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_grant_counts_only_while_it_is_valid() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let boss = &school.staff.iter().find(|employee| employee.role == Role::Director).unwrap();
    let session = house.sign_in(&boss.login).await;
    let path = format!("/{}/staff-room", school.code);
    assert_eq!(house.get(&path, Some(&session)).await.status, StatusCode::OK);
    let db = database().superuser().await;
    let ended: Timestamp = house.clock.now();
    db.execute("update role_grant set valid_to = $2 where person_id = $1", &[&boss.id.0, &ended]).await.unwrap();
    house.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(house.get(&path, Some(&session)).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_language_is_the_accounts_then_the_cookies_then_the_browsers() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let login = &school.guardians[0].login;
    let db = database().superuser().await;
    db.execute("update account set locale = null where login = $1", &[login]).await.unwrap();
    let session = house.sign_in(login).await;
    let page = |cookie: Option<&'static str>, session: Option<String>| {
        let mut request = with(TestRequest::get().uri("/nowhere/at/all"), session.as_deref()).insert_header(("accept-language", "en"));
        if let Some(cookie) = cookie {
            request = request.cookie(Cookie::new("locale", cookie));
        }
        request
    };
    assert!(house.send(page(None, None)).await.body.contains("<html lang=\"en\""));
    assert!(house.send(page(Some("ru"), None)).await.body.contains("<html lang=\"ru\""));

    let form = [("locale", "ru".to_owned()), ("csrf", house.form_token(&session))];
    let chosen = house.send(with(TestRequest::post().uri("/locale").insert_header(("referer", "http://127.0.0.1/my?after=3")).set_form(form), Some(&session))).await;
    assert_eq!((chosen.status, chosen.location.as_deref(), chosen.locale.as_deref()), (StatusCode::SEE_OTHER, Some("/my?after=3"), Some("ru")));
    let kept: Option<String> = db.query_one("select locale from account where login = $1", &[login]).await.unwrap().get(0);
    assert_eq!(kept.as_deref(), Some("ru"));
    let forbidden = with(TestRequest::get().uri(&format!("/{}/staff-room", school.code)), Some(&session)).cookie(Cookie::new("locale", "en"));
    assert!(house.send(forbidden).await.body.contains("<html lang=\"ru\""), "the account's language wins over the cookie's");
}

#[actix_web::test]
async fn after_signing_in_nobody_is_led_to_another_site() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let form = [("login", school.guardians[0].login.as_str()), ("password", DEMO_PASSWORD), ("next", next)];
        let seen = house.send(TestRequest::post().uri("/sign-in").set_form(form)).await;
        assert_eq!(seen.location.as_deref(), Some("/"), "{next}");
    }
    let form = [("login", school.guardians[0].login.as_str()), ("password", DEMO_PASSWORD)];
    let foreign = house.send(TestRequest::post().uri("/sign-in").insert_header(("origin", "https://evil.example")).set_form(form)).await;
    assert_eq!((foreign.status, foreign.session), (StatusCode::FORBIDDEN, None));
}
