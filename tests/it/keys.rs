//! Keys of the API from outside: a program with its key, an app with its device's key, and whoever copied either.

use actix_web::{
    http::{StatusCode, header::AUTHORIZATION},
    test::TestRequest,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use identity::Policy;
use jiff::SignedDuration;
use kernel::{clock::Clock, id::fresh};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use shanyraq::town::{DEMO_PASSWORD, School};
use testkit::{SchoolBuilder, database};

use crate::{
    identity::{House, Seen, director},
    identity_own::trail,
};

const SITE: &str = "http://127.0.0.1";
const ME: &str = "/api/v1/me";
const OWN: &str = "/api/v1/children";

struct World {
    house: House,
    school: School,
    session: String,
}

impl World {
    /// A director who is signed in.
    async fn new() -> Self {
        let (house, school) = (House::new(), SchoolBuilder::new().build().await);
        let session = house.sign_in(director(&school)).await;
        Self { house, school, session }
    }

    async fn ask_key(&self, fields: &[(&str, &str)]) -> Seen {
        let fields: Vec<(&str, &str)> = [("name", "Бухгалтерия"), ("days", "30"), ("kind", "key"), ("password", DEMO_PASSWORD)].into_iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name)).chain(fields.iter().copied()).collect();
        self.house.post("/account/keys", &self.session, &fields).await
    }

    async fn key(&self, scopes: &[&str]) -> String {
        let fields: Vec<(&str, &str)> = scopes.iter().map(|scope| (*scope, "on")).collect();
        secret(&self.ask_key(&fields).await)
    }

    async fn by_key(&self, path: &str, key: &str) -> Seen {
        self.house.send(TestRequest::get().uri(path).insert_header((AUTHORIZATION, format!("Bearer {key}")))).await
    }

    /// Connects an app; gives its token.
    async fn connect(&self, device: &Device) -> String {
        let code = secret(&self.ask_key(&[("kind", "app"), ("own", "on")]).await);
        let connected = self.send_code(&code, &device.proof("POST", "/api/v1/device-keys", None, &self.house.clock)).await;
        assert_eq!(connected.status, StatusCode::CREATED, "{}", connected.body);
        let told: Value = serde_json::from_str(&connected.body).unwrap();
        assert_eq!(told["token_type"], "DPoP");
        told["token"].as_str().unwrap().to_owned()
    }

    async fn send_code(&self, code: &str, proof: &str) -> Seen {
        let request = TestRequest::post().uri("/api/v1/device-keys").peer_addr(([10, 0, 0, 4], 1).into()).insert_header(("dpop", proof.to_owned()));
        self.house.send(request.set_json(json!({ "code": code }))).await
    }

    async fn by_app(&self, path: &str, token: &str, proof: &str) -> StatusCode {
        self.house.send(TestRequest::get().uri(path).insert_header((AUTHORIZATION, format!("DPoP {token}"))).insert_header(("dpop", proof.to_owned()))).await.status
    }
}

fn secret(seen: &Seen) -> String {
    let page = &seen.body;
    page.split_once("<pre id=\"secret\">").and_then(|(_, rest)| rest.split_once('<')).unwrap_or_else(|| panic!("{} no secret in {page}", seen.status)).0.to_owned()
}

/// A phone that keeps a key pair for an app.
struct Device(EcdsaKeyPair);

impl Device {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap())
    }

    fn proof(&self, method: &str, path: &str, token: Option<&str>, clock: &Clock) -> String {
        let point = self.0.public_key().as_ref().to_vec();
        let head = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": { "kty": "EC", "crv": "P-256", "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]) } });
        let ath = token.map(|token| BASE64.encode(digest::digest(&digest::SHA256, token.as_bytes())));
        let mut claims = json!({ "jti": fresh(Clock::System.now()).to_string(), "htm": method, "htu": format!("{SITE}{path}"), "iat": clock.now().as_second() });
        if let Some(ath) = ath {
            claims["ath"] = json!(ath);
        }
        let signed = format!("{}.{}", BASE64.encode(head.to_string()), BASE64.encode(claims.to_string()));
        let tag = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64.encode(tag))
    }
}

#[actix_web::test]
async fn inv_1_a_key_is_shown_once_and_kept_as_a_hash() {
    let world = World::new().await;
    let key = world.key(&["own"]).await;
    assert!(key.starts_with("shq_") && key.len() == 68, "{key}");
    let page = world.house.get("/account/keys", Some(&world.session)).await.body;
    assert!(page.contains("Бухгалтерия") && !page.contains(&key), "{page}");
    let db = database().superuser().await;
    let kept = db.query("select 1 from account_key where encode(token_hash, 'hex') = $1 or encode(token_hash, 'escape') = $1", &[&key.trim_start_matches("shq_")]).await.unwrap();
    assert!(kept.is_empty());
    for refused in [vec![("own", "on"), ("password", "not it")], vec![("own", "on"), ("days", "366")], vec![("own", "on"), ("name", " ")], vec![], vec![("fleet.see", "on")], vec![("people.nothing", "on")]] {
        assert_eq!(world.ask_key(&refused).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    }
}

#[actix_web::test]
async fn inv_2_a_key_opens_the_api_and_nothing_else() {
    let world = World::new().await;
    let key = world.key(&["own", "test.staff_room"]).await;
    assert_eq!(world.by_key(ME, &key).await.status, StatusCode::OK);
    for page in ["/my".to_owned(), "/account/keys".to_owned(), "/account".to_owned(), format!("/{}/accounts", world.school.code), format!("/{}/staff-room", world.school.code)] {
        assert!(world.by_key(&page, &key).await.location.is_some_and(|to| to.starts_with("/sign-in")), "{page}");
    }
    for forged in ["", "shq_", &key[4..], &key.to_uppercase(), &format!("{key}0"), &format!("shq_{}", "f".repeat(64)), &world.session] {
        assert_eq!(world.by_key(ME, forged).await.status, StatusCode::UNAUTHORIZED, "{forged}");
    }
    for scheme in ["Basic", "bearer", "DPoP", "Token"] {
        let seen = world.house.send(TestRequest::get().uri(ME).insert_header((AUTHORIZATION, format!("{scheme} {key}")))).await;
        assert_eq!(seen.status == StatusCode::OK, scheme == "bearer", "{scheme}");
    }
    let problem = world.by_key(ME, "shq_").await.body;
    assert!(problem.contains("\"web.sign_in\"") && problem.contains("\"status\":401"), "{problem}");
}

#[actix_web::test]
async fn inv_3_a_key_opens_no_more_than_its_owner_and_its_scopes() {
    let world = World::new().await;
    let (own, work) = (world.key(&["own"]).await, world.key(&["test.staff_room"]).await);
    assert_eq!((world.by_key(OWN, &own).await.status, world.by_key(OWN, &work).await.status), (StatusCode::OK, StatusCode::FORBIDDEN));
    let me: Value = serde_json::from_str(&world.by_key(ME, &work).await.body).unwrap();
    let boss = world.school.staff.iter().find(|employee| employee.login == director(&world.school)).unwrap();
    assert_eq!((me["person_id"].as_str(), &me["scopes"]), (Some(boss.id.to_string().as_str()), &json!(["test.staff_room"])));
    assert_eq!((&me["organisations"][0]["code"], &me["organisations"][0]["roles"], &me["organisations"][0]["rights"]), (&json!(world.school.code), &json!(["director"]), &json!(["test.staff_room"])));
    let whole: Value = serde_json::from_str(&world.house.get(ME, Some(&world.session)).await.body).unwrap();
    assert!(whole["scopes"].is_null() && whole["organisations"][0]["rights"].as_array().unwrap().len() > 1, "{whole}");
    // What the owner loses, the key loses.
    let db = database().superuser().await;
    db.execute("update role_grant set valid_to = $2 where person_id = $1", &[&boss.id.0, &world.house.clock.now()]).await.unwrap();
    world.house.clock.advance(SignedDuration::from_secs(31));
    let me: Value = serde_json::from_str(&world.by_key(ME, &work).await.body).unwrap();
    assert_eq!(me["organisations"], json!([]));
    // And it ends.
    world.house.clock.advance(SignedDuration::from_hours(30 * 24));
    assert_eq!(world.by_key(ME, &own).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn inv_5_what_happens_to_keys_stands_in_the_audit() {
    let world = World::new().await;
    let (key, device) = (world.key(&["own"]).await, Device::new());
    world.connect(&device).await;
    let page = world.house.get("/account/keys", Some(&world.session)).await.body;
    let ids: Vec<&str> = page.split("/account/keys/").filter_map(|rest| rest.split('/').next()).filter(|id| id.len() == 26).collect();
    assert_eq!(ids.len(), 2);
    let stranger = world.house.sign_in(&world.school.guardians[0].login).await;
    for id in &ids {
        world.house.post(&format!("/account/keys/{id}/revoke"), &stranger, &[]).await;
    }
    assert_eq!(world.by_key(ME, &key).await.status, StatusCode::OK, "a stranger revokes nothing");
    for id in ids.iter().chain(&ids) {
        assert_eq!(world.house.post(&format!("/account/keys/{id}/revoke"), &world.session, &[]).await.location.as_deref(), Some("/account/keys?done=revoked"));
    }
    assert_eq!(world.by_key(ME, &key).await.status, StatusCode::UNAUTHORIZED);
    let boss = world.school.staff.iter().find(|employee| employee.login == director(&world.school)).unwrap();
    let trail = trail(world.school.id.0, boss.id.0).await;
    let mut of_keys: Vec<&str> = trail.iter().map(String::as_str).filter(|action| action.contains("key") || action.contains("app_")).collect();
    // All at one moment of the standing clock: their order is not told.
    of_keys.sort_unstable();
    assert_eq!(of_keys, ["identity.app_code_made", "identity.app_connected", "identity.key_made", "identity.key_revoked", "identity.key_revoked"]);
}

#[actix_web::test]
async fn inv_4_a_bound_token_is_refused_from_elsewhere() {
    let world = World::new().await;
    let (device, thief) = (Device::new(), Device::new());
    let token = world.connect(&device).await;
    let clock = &world.house.clock;
    let good = device.proof("GET", OWN, Some(&token), clock);
    assert_eq!(world.by_app(OWN, &token, &good).await, StatusCode::OK);
    assert_eq!(world.by_app(OWN, &token, &good).await, StatusCode::UNAUTHORIZED, "replayed");
    assert_eq!(world.by_key(OWN, &token).await.status, StatusCode::UNAUTHORIZED, "without a proof");
    let old = device.proof("GET", OWN, Some(&token), clock);
    for (proof, what) in [
        (thief.proof("GET", OWN, Some(&token), clock), "another device"),
        (device.proof("POST", OWN, Some(&token), clock), "another method"),
        (device.proof("GET", ME, Some(&token), clock), "another address"),
        (device.proof("GET", OWN, Some("shq_"), clock), "another token"),
        (device.proof("GET", OWN, None, clock), "no token"),
        (String::new(), "nothing"),
    ] {
        assert_eq!(world.by_app(OWN, &token, &proof).await, StatusCode::UNAUTHORIZED, "{what}");
    }
    world.house.clock.advance(SignedDuration::from_secs(61));
    assert_eq!(world.by_app(OWN, &token, &old).await, StatusCode::UNAUTHORIZED, "too old");
    assert_eq!(world.by_app(OWN, &token, &device.proof("GET", OWN, Some(&token), clock)).await, StatusCode::OK);
    // A plain key is not made better by a proof.
    let key = world.key(&["own"]).await;
    assert_eq!(world.by_app(OWN, &key, &device.proof("GET", OWN, Some(&key), clock)).await, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn an_apps_code_works_once_within_ten_minutes() {
    let world = World::new().await;
    let (device, clock) = (Device::new(), &world.house.clock);
    let proof = || device.proof("POST", "/api/v1/device-keys", None, clock);
    let code = secret(&world.ask_key(&[("kind", "app"), ("own", "on")]).await);
    assert_eq!(code.len(), 14, "{code}");
    let without = world.house.send(TestRequest::post().uri("/api/v1/device-keys").peer_addr(([10, 0, 0, 4], 1).into()).set_json(json!({ "code": code }))).await;
    assert!(without.status == StatusCode::UNPROCESSABLE_ENTITY && without.body.contains("\"DPoP\""), "{}", without.body);
    let bare = world.send_code(&code, "").await;
    assert!(bare.status == StatusCode::CONFLICT && bare.body.contains("account.proof_refused"), "{}", bare.body);
    let typed = code.to_uppercase().replace('-', " ");
    assert_eq!(world.send_code(&typed, &proof()).await.status, StatusCode::CREATED);
    for wrong in [code.as_str(), "", "aaaa-aaaa-aaaa"] {
        let refused = world.send_code(wrong, &proof()).await;
        assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("account.app_code_wrong"), "{wrong}: {}", refused.body);
    }
    let late = secret(&world.ask_key(&[("kind", "app"), ("own", "on")]).await);
    world.house.clock.advance(SignedDuration::from_secs(601));
    assert_eq!(world.send_code(&late, &proof()).await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn a_key_does_not_go_round_a_second_factor() {
    let world = World::new().await;
    let key = world.key(&["own"]).await;
    // From now on directors need one, and this one has none.
    let strict = House::with(Policy { second_factor_roles: vec![kernel::right::Role::Director], ..Policy::default() });
    let seen = strict.send(TestRequest::get().uri(OWN).insert_header((AUTHORIZATION, format!("Bearer {key}")))).await;
    assert!(seen.status == StatusCode::CONFLICT && seen.body.contains("account.second_factor_needed"), "{}", seen.body);
}
