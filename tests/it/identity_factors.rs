//! Two-step sign-in from outside: switched on, asked for, lost, switched off, required.

use actix_web::{cookie::Cookie, http::StatusCode, test::TestRequest};
use identity::{Policy, Sealer, factors::code_at};
use jiff::SignedDuration;
use kernel::right::Role;
use shanyraq::town::{DEMO_PASSWORD, School};
use testkit::{SchoolBuilder, database};

use crate::{
    identity::{House, Seen, director},
    identity_own::trail,
};

fn sealing() -> Policy {
    Policy { sealer: Some(Sealer::of("a key of the tests, long enough to be one").unwrap()), ..Policy::default() }
}

/// A guardian with two-step sign-in on.
struct Careful {
    house: House,
    school: School,
    secret: Vec<u8>,
    codes: Vec<String>,
    session: String,
}

impl Careful {
    async fn new() -> Self {
        let (house, school) = (House::with(sealing()), SchoolBuilder::new().build().await);
        let session = house.sign_in(&school.guardians[0].login).await;
        let (secret, codes, session) = switch_on(&house, &session).await;
        // The step of the first code is used up: what follows happens in a later one.
        house.clock.advance(SignedDuration::from_secs(60));
        Self { house, school, secret, codes, session }
    }

    fn login(&self) -> &str {
        &self.school.guardians[0].login
    }

    fn code(&self) -> String {
        code_at(&self.secret, self.house.clock.now()).unwrap()
    }

    /// The right password; gives the half-open token.
    async fn half_open(&self) -> String {
        let seen = self.house.try_password(self.login(), DEMO_PASSWORD, [10, 0, 0, 2]).await;
        assert_eq!((seen.status, seen.location.as_deref(), seen.session.as_deref()), (StatusCode::SEE_OTHER, Some("/sign-in/code"), None), "{}", seen.body);
        let cookie = seen.cookie_text.lines().find_map(|line| line.strip_prefix("sign-in=")).expect("a half-open token");
        assert!(cookie.contains("HttpOnly") && cookie.contains("Max-Age=300"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn try_code(&self, half_open: &str, code: &str) -> Seen {
        let request = TestRequest::post().uri("/sign-in/code").peer_addr(([10, 0, 0, 2], 4000).into()).cookie(Cookie::new("sign-in", half_open.to_owned()));
        self.house.send(request.set_form([("code", code)])).await
    }
}

/// Switches it on as a person does; gives what the authenticator holds, the recovery codes and the session's fresh token.
async fn switch_on(house: &House, session: &str) -> (Vec<u8>, Vec<String>, String) {
    let begun = house.post("/account/second-factor/begin", session, &[]).await;
    assert_eq!(begun.location.as_deref(), Some("/account/second-factor/enrol"), "{}", begun.body);
    let page = house.get("/account/second-factor/enrol", Some(session)).await.body;
    let secret = base32(between(&page, "<pre id=\"secret\">"));
    assert!(page.contains("<svg role=\"img\""), "{page}");
    let on = house.post("/account/second-factor/confirm", session, &[("code", &code_at(&secret, house.clock.now()).unwrap())]).await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.body);
    let codes: Vec<String> = between(&on.body, "<pre id=\"codes\">").split_whitespace().map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    (secret, codes, on.session.expect("a fresh token"))
}

fn between<'a>(page: &'a str, mark: &str) -> &'a str {
    page.split_once(mark).and_then(|(_, rest)| rest.split_once('<')).unwrap_or_else(|| panic!("no {mark} in {page}")).0
}

fn base32(text: &str) -> Vec<u8> {
    let digit = |letter: char| u32::try_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap()).unwrap();
    let bits: Vec<u32> = text.chars().filter(|one| *one != ' ').flat_map(|letter| (0..5).rev().map(move |place| digit(letter) >> place & 1)).collect();
    bits.chunks_exact(8).map(|eight| u8::try_from(eight.iter().fold(0, |sum, bit| sum * 2 + bit)).unwrap()).collect()
}

#[actix_web::test]
async fn inv_3_a_right_password_alone_opens_nothing() {
    let careful = Careful::new().await;
    let half_open = careful.half_open().await;
    let as_session = careful.house.get("/api/v1/children", Some(&half_open)).await;
    assert_eq!(as_session.status, StatusCode::UNAUTHORIZED, "a half-open token is no session");
    let entered = careful.try_code(&half_open, &careful.code()).await;
    assert_eq!((entered.status, entered.location.as_deref()), (StatusCode::SEE_OTHER, Some("/my?after=1")), "{}", entered.body);
    assert_eq!(careful.house.get("/api/v1/children", entered.session.as_deref()).await.status, StatusCode::OK);
    assert!(entered.cookie_text.contains("sign-in=;"), "{}", entered.cookie_text);
    careful.house.clock.advance(SignedDuration::from_secs(60));
    let again = careful.try_code(&half_open, &careful.code()).await;
    assert_eq!((again.location.as_deref(), again.session), (Some("/sign-in"), None), "a half-open session works once");
}

#[actix_web::test]
async fn inv_1_a_code_works_once() {
    let careful = Careful::new().await;
    let (first, second) = (careful.half_open().await, careful.half_open().await);
    let code = careful.code();
    assert_eq!(careful.try_code(&first, &code).await.status, StatusCode::SEE_OTHER);
    let replayed = careful.try_code(&second, &code).await;
    assert_eq!((replayed.status, replayed.session), (StatusCode::UNPROCESSABLE_ENTITY, None));
    careful.house.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(careful.try_code(&second, &careful.code()).await.status, StatusCode::SEE_OTHER, "the next one does");
}

#[actix_web::test]
async fn inv_2_the_database_holds_no_secret_and_no_code() {
    let careful = Careful::new().await;
    let half_open = careful.half_open().await;
    let db = database().superuser().await;
    let (sealed, login) = (db.query_one("select t.sealed, a.id from account_totp t join account a on a.id = t.account_id where a.login = $1", &[&careful.login()]).await.unwrap(), careful.login());
    let (sealed, account): (Vec<u8>, kernel::id::Uuid) = (sealed.get(0), sealed.get(1));
    assert!(!sealed.windows(8).any(|part| careful.secret.starts_with(part)), "{login}");
    let plain = careful.codes[0].replace('-', "");
    let kept = db.query("select 1 from account_recovery_code where account_id = $1 and (code_hash = $2 or encode(code_hash, 'escape') = $3)", &[&account, &plain.as_bytes(), &plain]).await.unwrap();
    assert!(kept.is_empty());
    let kept = db.query("select 1 from account_half_open where account_id = $1 and encode(token_hash, 'hex') = $2", &[&account, &half_open]).await.unwrap();
    assert!(kept.is_empty());
}

#[actix_web::test]
async fn inv_4_a_recovery_code_works_once() {
    let careful = Careful::new().await;
    let code = careful.codes[3].to_uppercase().replace('-', " ");
    let entered = careful.try_code(&careful.half_open().await, &code).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    let again = careful.try_code(&careful.half_open().await, &code).await;
    assert_eq!((again.status, again.session), (StatusCode::UNPROCESSABLE_ENTITY, None));
    let page = careful.house.get("/account/second-factor", entered.session.as_deref()).await.body;
    assert!(page.contains("Пайдаланылмаған қалпына келтіру коды: 9"), "{page}");
    let db = database().superuser().await;
    let by: Vec<String> = db.query("select detail->>'by' from audit where school_id = $1 and action = 'identity.sign_in' order by at, id", &[&careful.school.id.0]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(by, ["password", "recovery_code"]);
}

#[actix_web::test]
async fn inv_5_five_wrong_codes_end_a_half_open_session() {
    let careful = Careful::new().await;
    let half_open = careful.half_open().await;
    for _ in 0..4 {
        assert_eq!(careful.try_code(&half_open, "000 00x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(careful.try_code(&half_open, "").await.location.as_deref(), Some("/sign-in"));
    let right = careful.try_code(&half_open, &careful.code()).await;
    assert_eq!((right.location.as_deref(), right.session), (Some("/sign-in"), None));
    let next = careful.half_open().await;
    let waiting = careful.try_code(&next, &careful.code()).await;
    assert_eq!((waiting.status, waiting.session), (StatusCode::TOO_MANY_REQUESTS, None), "trying on is slowed");
    careful.house.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(careful.try_code(&next, &careful.code()).await.status, StatusCode::SEE_OTHER);
    let trail = trail(careful.school.id.0, careful.school.guardians[0].id.0).await;
    assert_eq!(trail.iter().filter(|action| *action == "identity.code_refused").count(), 5, "{trail:?}");
}

#[actix_web::test]
async fn a_half_open_session_is_over_after_five_minutes() {
    let careful = Careful::new().await;
    let half_open = careful.half_open().await;
    careful.house.clock.advance(SignedDuration::from_secs(301));
    assert_eq!(careful.try_code(&half_open, &careful.code()).await.location.as_deref(), Some("/sign-in"));
    for forged in ["", "f", &"f".repeat(64), "'; drop table account"] {
        assert_eq!(careful.try_code(forged, &careful.code()).await.location.as_deref(), Some("/sign-in"), "{forged}");
    }
}

#[actix_web::test]
async fn switching_it_on_needs_a_code_and_ends_what_the_password_alone_had_opened() {
    let (house, school) = (House::with(sealing()), SchoolBuilder::new().build().await);
    let login = &school.guardians[0].login;
    let (here, elsewhere) = (house.sign_in(login).await, house.sign_in(login).await);
    house.post("/account/second-factor/begin", &here, &[]).await;
    let wrong = house.post("/account/second-factor/confirm", &here, &[("code", "000000")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("Код қате"), "{}", wrong.body);
    assert_eq!(house.try_password(login, DEMO_PASSWORD, [10, 0, 0, 1]).await.location.as_deref(), Some("/my?after=1"), "not on yet");
    let (.., fresh) = switch_on(&house, &here).await;
    for over in [&elsewhere, &here] {
        assert_eq!(house.get("/api/v1/children", Some(over)).await.status, StatusCode::UNAUTHORIZED);
    }
    let here = fresh;
    assert_eq!(house.get("/api/v1/children", Some(&here)).await.status, StatusCode::OK);
    assert_eq!(house.post("/account/second-factor/begin", &here, &[]).await.location.as_deref(), Some("/account/second-factor"), "it stays as it is");
}

#[actix_web::test]
async fn new_codes_and_switching_it_off_ask_for_the_password() {
    let careful = Careful::new().await;
    for path in ["/account/second-factor/codes", "/account/second-factor/off"] {
        let refused = careful.house.post(path, &careful.session, &[("password", "not it")]).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("Қазіргі құпиясөз қате"), "{path}: {}", refused.body);
    }
    let renewed = careful.house.post("/account/second-factor/codes", &careful.session, &[("password", DEMO_PASSWORD)]).await;
    assert!(renewed.status == StatusCode::OK && !renewed.body.contains(&careful.codes[0]));
    let old = careful.try_code(&careful.half_open().await, &careful.codes[0]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY, "an old code is none any more");
    let off = careful.house.post("/account/second-factor/off", &careful.session, &[("password", DEMO_PASSWORD)]).await;
    assert_eq!(off.location.as_deref(), Some("/account/second-factor?done=off"));
    assert_eq!(careful.house.get("/my", Some(&careful.session)).await.location.as_deref().map(|to| to.starts_with("/sign-in")), Some(true), "the token was exchanged");
    assert_eq!(careful.house.get("/my", off.session.as_deref()).await.status, StatusCode::OK);
    assert!(careful.house.try_password(careful.login(), DEMO_PASSWORD, [10, 0, 0, 1]).await.session.is_some());
    let trail = trail(careful.school.id.0, careful.school.guardians[0].id.0).await;
    for action in ["identity.second_factor_on", "identity.recovery_codes_made", "identity.second_factor_off"] {
        assert!(trail.iter().any(|done| done == action), "{action} in {trail:?}");
    }
}

#[actix_web::test]
async fn inv_5_a_role_that_needs_it_sees_nothing_else_before() {
    let (house, school) = (House::with(Policy { second_factor_roles: vec![Role::Director], ..sealing() }), SchoolBuilder::new().build().await);
    let (boss, parent) = (house.sign_in(director(&school)).await, house.sign_in(&school.guardians[0].login).await);
    let rooms = ["/".to_owned(), "/my".to_owned(), "/account".to_owned(), "/account/devices".to_owned(), format!("/{}/staff-room", school.code)];
    for room in &rooms {
        let seen = house.get(room, Some(&boss)).await;
        assert_eq!((seen.status, seen.location.as_deref()), (StatusCode::SEE_OTHER, Some("/account/second-factor")), "{room}");
    }
    let program = house.get("/api/v1/children", Some(&boss)).await;
    assert!(program.status == StatusCode::CONFLICT && program.body.contains("account.second_factor_needed"), "{}", program.body);
    assert_eq!(house.get("/my", Some(&parent)).await.status, StatusCode::OK, "nobody else is asked");
    assert!(house.get("/account/second-factor", Some(&boss)).await.body.contains("Сіздің рөліңіз үшін"));
    let (.., boss) = switch_on(&house, &boss).await;
    assert_eq!(house.get(&format!("/{}/staff-room", school.code), Some(&boss)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn without_a_key_nobody_can_switch_it_on() {
    let (house, school) = (House::new(), SchoolBuilder::new().build().await);
    let session = house.sign_in(&school.guardians[0].login).await;
    assert!(house.get("/account/second-factor", Some(&session)).await.body.contains("бапталмаған"));
    assert_eq!(house.post("/account/second-factor/begin", &session, &[]).await.status, StatusCode::CONFLICT);
}
