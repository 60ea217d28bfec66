//! Passkeys from outside: a device made here answers as a phone would, and as an attacker would.

use actix_web::{cookie::Cookie, http::StatusCode, test::TestRequest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use identity::{Policy, Sealer};
use jiff::SignedDuration;
use kernel::right::Role;
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use shanyraq::town::{DEMO_PASSWORD, School};
use testkit::{SchoolBuilder, database};

use crate::{
    identity::{House, Seen, director, with},
    identity_own::trail,
};

const SITE: &str = "http://localhost:8080";

fn policy() -> Policy {
    Policy { sealer: Some(Sealer::of("a key of the tests, long enough to be one").unwrap()), ..Policy::default() }
}

/// A device that holds one passkey.
struct Device {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    counter: u32,
    /// The account that it was made for, as the site named it.
    handle: String,
    /// Where its owner believes to be.
    origin: &'static str,
    /// Present and verified; without the second bit, nobody's finger was asked for.
    flags: u8,
}

/// What a browser was asked: the challenge, the whole question, and the cookie by which it is known.
struct Question {
    challenge: String,
    options: Value,
    cookie: String,
}

impl Question {
    fn of(seen: &Seen) -> Self {
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        let options: Value = serde_json::from_str(&seen.body).unwrap();
        let cookie = seen.cookie_text.lines().find_map(|line| line.strip_prefix("passkey=")).expect("the question's cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("Max-Age=300"), "{cookie}");
        Self { challenge: options["publicKey"]["challenge"].as_str().unwrap().to_owned(), options, cookie: cookie.split(';').next().unwrap().to_owned() }
    }
}

impl Device {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let id = digest::digest(&digest::SHA256, key.public_key().as_ref()).as_ref().to_vec();
        Self { key, id, counter: 1, handle: String::new(), origin: SITE, flags: 0x05 }
    }

    fn said(&self, kind: &str, question: &Question) -> Vec<u8> {
        json!({ "type": kind, "challenge": question.challenge, "origin": self.origin, "crossOrigin": false }).to_string().into_bytes()
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let site = digest::digest(&digest::SHA256, b"localhost");
        [site.as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// Makes the passkey.
    fn make(&mut self, question: &Question) -> String {
        self.handle = question.options["publicKey"]["user"]["id"].as_str().unwrap().to_owned();
        let point = self.key.public_key().as_ref().to_vec();
        let cose = [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20][..], &point[1..33], &[0x22, 0x58, 0x20], &point[33..]].concat();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.head(self.flags | 0x40)[..], &[0; 16], &length, &self.id, &cose].concat();
        let long = [&[0x58, u8::try_from(data.len()).unwrap()][..], &data].concat();
        let object = [&[0xa3, 0x63][..], b"fmt", &[0x64], b"none", &[0x67], b"attStmt", &[0xa0, 0x68], b"authData", &long].concat();
        let response = json!({ "attestationObject": BASE64.encode(object), "clientDataJSON": BASE64.encode(self.said("webauthn.create", question)) });
        self.answer(response)
    }

    /// Shows it.
    fn show(&mut self, question: &Question) -> String {
        self.counter += 1;
        let (data, said) = (self.head(self.flags), self.said("webauthn.get", question));
        let signed = [&data[..], digest::digest(&digest::SHA256, &said).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({ "authenticatorData": BASE64.encode(data), "clientDataJSON": BASE64.encode(said), "signature": BASE64.encode(signature), "userHandle": self.handle });
        self.answer(response)
    }

    fn answer(&self, response: Value) -> String {
        let id = BASE64.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} }).to_string()
    }
}

/// A guardian at a site that has a name.
struct World {
    house: House,
    school: School,
    session: String,
}

impl World {
    async fn new() -> Self {
        Self::with(policy()).await
    }

    async fn with(policy: Policy) -> Self {
        let (house, school) = (House::at(SITE, policy), SchoolBuilder::new().build().await);
        let session = house.sign_in(&school.guardians[0].login).await;
        Self { house, school, session }
    }

    async fn ask_to_add(&self, session: &str) -> Question {
        Question::of(&self.house.post("/account/passkeys/options", session, &[("name", "Телефон"), ("password", DEMO_PASSWORD)]).await)
    }

    async fn send_new(&self, session: &str, question: &Question, answer: &str) -> Seen {
        let form = [("name", "Телефон"), ("credential", answer), ("csrf", &self.house.form_token(session))];
        let request = TestRequest::post().uri("/account/passkeys").peer_addr(([10, 0, 0, 1], 4000).into()).cookie(Cookie::new("passkey", question.cookie.clone()));
        self.house.send(with(request.set_form(form), Some(session))).await
    }

    /// Adds a passkey as a person does; gives the device and the session's fresh token.
    async fn add(&self, session: &str) -> (Device, String) {
        let (mut device, question) = (Device::new(), self.ask_to_add(session).await);
        let answer = device.make(&question);
        let added = self.send_new(session, &question, &answer).await;
        assert_eq!(added.location.as_deref(), Some("/account/passkeys?done=added"), "{}", added.body);
        (device, added.session.expect("a fresh token"))
    }

    async fn ask_who(&self) -> Question {
        Question::of(&self.house.send(TestRequest::post().uri("/sign-in/passkey/options").set_form([("x", "")])).await)
    }

    async fn enter(&self, question: &Question, answer: &str) -> Seen {
        let request = TestRequest::post().uri("/sign-in/passkey").peer_addr(([10, 0, 0, 3], 4000).into()).cookie(Cookie::new("passkey", question.cookie.clone()));
        self.house.send(request.set_form([("credential", answer), ("next", "/my")])).await
    }

    async fn status(&self, session: Option<&str>) -> StatusCode {
        self.house.get("/api/v1/children", session).await.status
    }
}

fn is_out(seen: &Seen) -> bool {
    seen.session.is_none() && seen.status == StatusCode::UNPROCESSABLE_ENTITY && seen.body.contains("Кіру кілті танылмады")
}

#[actix_web::test]
async fn inv_3_a_passkey_opens_its_own_account_until_it_is_removed() {
    let world = World::new().await;
    let (mut device, session) = world.add(&world.session).await;
    let page = world.house.get("/account/passkeys", Some(&session)).await.body;
    assert!(page.contains("Телефон"), "{page}");
    let question = world.ask_who().await;
    let entered = world.enter(&question, &device.show(&question)).await;
    assert_eq!((entered.status, entered.location.as_deref()), (StatusCode::SEE_OTHER, Some("/my")), "{}", entered.body);
    assert_eq!(world.status(entered.session.as_deref()).await, StatusCode::OK);

    // Somebody else's account named in the answer, with our own signature.
    let own = device.handle.clone();
    let stranger = world.house.sign_in(&world.school.guardians[1].login).await;
    device.handle = BASE64.encode(uuid_of(&world.school.guardians[1].login).await);
    let question = world.ask_who().await;
    assert!(is_out(&world.enter(&question, &device.show(&question)).await));
    device.handle = own;

    let id = page.split("/account/passkeys/").filter_map(|rest| rest.split('/').next()).find(|id| id.len() == 26).unwrap().to_owned();
    let remove = format!("/account/passkeys/{id}/remove");
    world.house.post(&remove, &stranger, &[]).await;
    let question = world.ask_who().await;
    assert!(world.enter(&question, &device.show(&question)).await.session.is_some(), "a stranger removes nothing");
    let removed = world.house.post(&remove, &session, &[]).await;
    assert_eq!(removed.location.as_deref(), Some("/account/passkeys?done=removed"));
    assert_eq!(world.status(Some(&session)).await, StatusCode::UNAUTHORIZED, "the token was exchanged");
    assert_eq!(world.status(removed.session.as_deref()).await, StatusCode::OK);
    let question = world.ask_who().await;
    assert!(is_out(&world.enter(&question, &device.show(&question)).await));
    let trail = trail(world.school.id.0, world.school.guardians[0].id.0).await;
    for action in ["identity.passkey_added", "identity.passkey_refused", "identity.passkey_removed"] {
        assert!(trail.iter().any(|done| done == action), "{action} in {trail:?}");
    }
}

async fn uuid_of(login: &str) -> [u8; 16] {
    let db = database().superuser().await;
    let id: kernel::id::Uuid = db.query_one("select id from account where login = $1", &[&login]).await.unwrap().get(0);
    id.into_bytes()
}

#[actix_web::test]
async fn inv_2_a_question_is_answered_once_in_time_by_whom_it_was_asked() {
    let world = World::new().await;
    let (mut device, session) = world.add(&world.session).await;
    let question = world.ask_who().await;
    let answer = device.show(&question);
    assert!(world.enter(&question, &answer).await.session.is_some());
    assert!(is_out(&world.enter(&question, &answer).await), "replayed");
    let other = world.ask_who().await;
    assert!(is_out(&world.enter(&other, &answer).await), "replayed to another question");

    let late = world.ask_who().await;
    world.house.clock.advance(SignedDuration::from_secs(301));
    assert!(is_out(&world.enter(&late, &device.show(&late)).await), "too late");

    let (mut one, mut two) = (Device::new(), Device::new());
    let stranger = world.house.sign_in(&world.school.guardians[1].login).await;
    let theirs = world.ask_to_add(&stranger).await;
    let refused = world.send_new(&session, &theirs, &one.make(&theirs)).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.session.is_none(), "a question of another account");
    let mine = world.ask_to_add(&session).await;
    let at_the_door = world.ask_who().await;
    assert!(is_out(&world.enter(&mine, &device.show(&mine)).await), "a question of adding answered at the door");
    assert_eq!(world.send_new(&session, &at_the_door, &two.make(&mine)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let late = world.ask_to_add(&session).await;
    world.house.clock.advance(SignedDuration::from_secs(301));
    assert_eq!(world.send_new(&session, &late, &two.make(&late)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_forged_answer_opens_nothing() {
    let world = World::new().await;
    let (mut device, session) = world.add(&world.session).await;
    let whole = {
        let question = world.ask_who().await;
        device.show(&question)
    };
    for forged in ["", "null", "{}", "[]", "{\"id\":1}", &"[".repeat(10_000), &whole.replace("public-key", "other"), &whole[..whole.len() / 2]] {
        let question = world.ask_who().await;
        assert!(is_out(&world.enter(&question, forged).await), "{forged:.40}");
        let question = world.ask_to_add(&session).await;
        assert_eq!(world.send_new(&session, &question, forged).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{forged:.40}");
    }
    // Another key, another place, nobody's finger.
    let mut thief = Device { id: device.id.clone(), handle: device.handle.clone(), counter: 100, ..Device::new() };
    let question = world.ask_who().await;
    assert!(is_out(&world.enter(&question, &thief.show(&question)).await), "another key");
    device.origin = "http://localhost.evil.example:8080";
    let question = world.ask_who().await;
    assert!(is_out(&world.enter(&question, &device.show(&question)).await), "another place");
    (device.origin, device.flags) = (SITE, 0x01);
    let question = world.ask_who().await;
    assert!(is_out(&world.enter(&question, &device.show(&question)).await), "nobody was verified");
    device.flags = 0x05;
    for cookie in ["", "f", &"f".repeat(64)] {
        let question = Question { cookie: cookie.to_owned(), ..world.ask_who().await };
        assert!(is_out(&world.enter(&question, &device.show(&question)).await), "{cookie}");
    }
    let question = world.ask_who().await;
    assert!(world.enter(&question, &device.show(&question)).await.session.is_some(), "and its owner still comes in");
}

#[actix_web::test]
async fn inv_3_a_counter_that_went_back_tells_of_a_copy() {
    let world = World::new().await;
    let (mut device, _) = world.add(&world.session).await;
    device.counter = 50;
    let question = world.ask_who().await;
    assert!(world.enter(&question, &device.show(&question)).await.session.is_some());
    for counter in [20, 50] {
        device.counter = counter;
        let question = world.ask_who().await;
        assert!(is_out(&world.enter(&question, &device.show(&question)).await), "{counter}");
    }
    device.counter = 60;
    let question = world.ask_who().await;
    assert!(world.enter(&question, &device.show(&question)).await.session.is_some());
}

#[actix_web::test]
async fn inv_4_adding_asks_for_the_password_and_ends_what_was_open_elsewhere() {
    let world = World::new().await;
    let elsewhere = world.house.sign_in(&world.school.guardians[0].login).await;
    let asked = world.house.post("/account/passkeys/options", &world.session, &[("name", "Телефон"), ("password", "not it")]).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    let nameless = world.house.post("/account/passkeys/options", &world.session, &[("name", "  "), ("password", DEMO_PASSWORD)]).await;
    assert_eq!(nameless.status, StatusCode::CONFLICT);
    let (_, fresh) = world.add(&world.session).await;
    for over in [&world.session, &elsewhere] {
        assert_eq!(world.status(Some(over)).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(world.status(Some(&fresh)).await, StatusCode::OK);
}

#[actix_web::test]
async fn inv_1_the_database_holds_the_public_half_only() {
    let world = World::new().await;
    let (device, _) = world.add(&world.session).await;
    let db = database().superuser().await;
    let kept: String = db.query_one("select credential::text from account_passkey where credential_id = $1", &[&device.id]).await.unwrap().get(0);
    let private = ["\"d\"", "private"].into_iter().find(|word| kept.contains(word));
    assert_eq!(private, None, "{kept}");
    let open: i64 = db.query_one("select count(*) from account_passkey_question where state::text like '%' || $1 || '%'", &[&world.session]).await.unwrap().get(0);
    assert_eq!(open, 0);
}

#[actix_web::test]
async fn inv_5_it_counts_as_the_second_factor_of_a_role_that_needs_one() {
    let world = World::with(Policy { second_factor_roles: vec![Role::Director], ..policy() }).await;
    let (login, room) = (director(&world.school).to_owned(), format!("/{}/staff-room", world.school.code));
    let boss = world.house.sign_in(&login).await;
    assert_eq!(world.house.get(&room, Some(&boss)).await.location.as_deref(), Some("/account/second-factor"));
    assert_eq!(world.house.get("/account/passkeys", Some(&boss)).await.status, StatusCode::OK, "this page is open, to add one");
    let (mut device, session) = world.add(&boss).await;
    assert_eq!(world.house.get(&room, Some(&session)).await.status, StatusCode::OK, "shown in this session");
    let by_password = world.house.try_password(&login, DEMO_PASSWORD, [10, 0, 0, 1]).await;
    assert!(by_password.session.is_none() && by_password.body.contains("кіру кілтімен кіріңіз"), "{}", by_password.body);
    let question = world.ask_who().await;
    let entered = world.enter(&question, &device.show(&question)).await.session;
    assert_eq!(world.house.get(&room, entered.as_deref()).await.status, StatusCode::OK);
    assert!(world.house.try_password(&world.school.guardians[0].login, DEMO_PASSWORD, [10, 0, 0, 1]).await.session.is_some(), "nobody else is asked");
}

#[actix_web::test]
async fn a_site_without_a_name_has_no_passkeys_and_says_so() {
    let (house, school) = (House::at("http://192.0.2.7:8080", policy()), SchoolBuilder::new().build().await);
    let session = house.sign_in(&school.guardians[0].login).await;
    let page = house.get("/account/passkeys", Some(&session)).await.body;
    assert!(page.contains("цифрлы мекенжаймен") && !page.contains("data-passkey="), "{page}");
    assert!(!house.get("/sign-in", None).await.body.contains("data-passkey="));
    let asked = house.post("/account/passkeys/options", &session, &[("name", "Телефон"), ("password", DEMO_PASSWORD)]).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    // The demo listens on this machine's number and may be opened by its name.
    let demo = House::at("http://127.0.0.1:8080", policy());
    let by = async |host: &'static str| demo.send(TestRequest::get().uri("/sign-in").insert_header(("host", host))).await.body.contains("data-passkey=");
    assert!(by("localhost:8080").await && !by("127.0.0.1:8080").await && !by("evil.example").await);
}
