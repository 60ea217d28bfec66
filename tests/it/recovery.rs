//! Coming in without the given login, and without the password: identifiers, letters over a real socket, and the school's help.

use actix_web::{http::StatusCode, test::TestRequest};
use identity::{Policy, Sealer};
use jiff::{SignedDuration, civil::date};
use kernel::{iin::Iin, right::Role};
use shanyraq::{
    config::Config,
    town::{DEMO_PASSWORD, School},
};
use simulators::mail::MailSink;
use testkit::{Patience, SchoolBuilder, database, eventually};
use web::Mode;

use crate::{
    identity::{House, Seen, director},
    identity_own::trail,
};

const NEW: &str = "kestrel over the steppe";

fn policy() -> Policy {
    Policy { sealer: Some(Sealer::of("a key of the tests, long enough to be one").unwrap()), ..Policy::default() }
}

/// A school, an installation that sends letters, and the server that takes them.
struct World {
    house: House,
    school: School,
    sink: MailSink,
}

impl World {
    async fn new() -> Self {
        Self::made(Mode::Live).await
    }

    async fn made(mode: Mode) -> Self {
        let sink = MailSink::start().await.unwrap();
        let text = format!("[mail]\nhost = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\nfrom = \"Shanyraq <no-reply@example.kz>\"\n", sink.port());
        let config = Config::parse(&text, "test.toml", std::iter::empty()).unwrap();
        let mailer = shanyraq::run::mailer(&config).unwrap().expect("a mailer");
        Self { house: House::made("http://127.0.0.1", policy(), mode).writing(mailer), school: SchoolBuilder::new().build().await, sink }
    }

    fn parent(&self) -> &str {
        &self.school.guardians[0].login
    }

    async fn letters(&self, many: usize) -> Vec<simulators::mail::Arrived> {
        eventually(&format!("{many} letters arrived"), Patience::default(), || async { self.sink.letters() }, |letters| letters.len() >= many).await
    }

    /// The token of the link in a letter.
    async fn link(&self, number: usize, path: &str) -> String {
        let letters = self.letters(number + 1).await;
        let text = letters[number].text();
        let mark = format!("http://127.0.0.1{path}?token=");
        let token: String = text.split_once(&mark).unwrap_or_else(|| panic!("no {mark} in {text}")).1.chars().take_while(char::is_ascii_hexdigit).collect();
        assert_eq!(token.len(), 64, "{text}");
        token
    }

    /// Gives the guardian an e-mail in the way that people do.
    async fn with_email(&self, email: &str) -> String {
        let session = self.house.sign_in(self.parent()).await;
        let before = self.sink.letters().len();
        let asked = self.house.post("/account/identifiers/email", &session, &[("email", email), ("password", DEMO_PASSWORD)]).await;
        assert_eq!(asked.location.as_deref(), Some("/account/identifiers?done=sent"), "{}", asked.body);
        let token = self.link(before, "/confirm-email").await;
        let followed = self.open("/confirm-email", &[("token", &token)]).await;
        assert_eq!(followed.status, StatusCode::OK, "{}", followed.body);
        session
    }

    /// Sends a form as nobody.
    async fn open(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        self.house.send(TestRequest::post().uri(path).peer_addr(([10, 0, 0, 8], 4000).into()).set_form(fields)).await
    }

    async fn come_in(&self, typed: &str, password: &str) -> StatusCode {
        self.house.try_password(typed, password, [10, 0, 0, 1]).await.status
    }

    /// The page of a guardian's login.
    fn page(&self, guardian: usize) -> String {
        format!("/{}/accounts/{}", self.school.code, self.school.guardians[guardian].id)
    }
}

/// An address that no other test uses.
fn fresh_email(world: &World) -> String {
    format!("aigul@{}.example.kz", world.school.code)
}

/// A phone that no other test uses.
fn fresh_phone(world: &World) -> String {
    let number = u64::from_str_radix(&world.school.code[1..], 16).unwrap() % 100_000_000;
    format!("+77{:09}", 700_000_000 + number)
}

fn synthetic(world: &World) -> Iin {
    let number = u64::from_str_radix(&world.school.code[1..], 16).unwrap();
    let day = date(1985, 1, 1).checked_add(jiff::Span::new().days(i64::try_from(number / 10_000 % 9_000).unwrap())).unwrap();
    (u16::try_from(number % 10_000).unwrap()..).find_map(|serial| Iin::synthetic(day, true, serial)).unwrap()
}

/// A real one, by the state's rule, that no other test uses.
fn real(world: &World) -> String {
    let synthetic = synthetic(world);
    let last: u32 = synthetic.reveal()[11..].parse().unwrap();
    format!("{}{}", &synthetic.reveal()[..11], (last + 5) % 10)
}

#[actix_web::test]
async fn a_phone_an_email_and_an_iin_open_what_the_login_opens() {
    let world = World::made(Mode::Demo).await;
    let boss = world.house.sign_in(director(&world.school)).await;
    let (phone, email, iin) = (fresh_phone(&world), fresh_email(&world), synthetic(&world));
    let set = world.house.post(&format!("{}/identifiers", world.page(0)), &boss, &[("phone", &phone), ("email", &email), ("iin", iin.reveal())]).await;
    assert_eq!(set.location, Some(format!("{}?done=identifiers", world.page(0))), "{}", set.body);
    let spaced = format!("8 {} {} {}", &phone[2..5], &phone[5..8], &phone[8..]);
    for typed in [&phone, &spaced, &email.to_uppercase(), iin.reveal(), world.parent()] {
        assert_eq!(world.come_in(typed, DEMO_PASSWORD).await, StatusCode::SEE_OTHER, "{typed}");
        assert_eq!(world.come_in(typed, "not it").await, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
    }
    let page = world.house.get(&world.page(0), Some(&boss)).await.body;
    assert!(page.contains(&phone) && page.contains(&email) && page.contains(&iin.to_string()) && !page.contains(iin.reveal()), "{page}");
    let own = world.house.get("/account/identifiers", Some(&world.house.sign_in(world.parent()).await)).await.body;
    assert!(own.contains(&phone) && own.contains(&email) && !own.contains(iin.reveal()), "{own}");
    // Emptied fields take away, an untouched IIN stays, and its own box takes it off.
    world.house.post(&format!("{}/identifiers", world.page(0)), &boss, &[("phone", ""), ("email", &email), ("iin", "")]).await;
    assert_eq!(world.come_in(&phone, DEMO_PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.come_in(iin.reveal(), DEMO_PASSWORD).await, StatusCode::SEE_OTHER);
    world.house.post(&format!("{}/identifiers", world.page(0)), &boss, &[("phone", ""), ("email", &email), ("iin", ""), ("no_iin", "on")]).await;
    assert_eq!(world.come_in(iin.reveal(), DEMO_PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    let db = database().superuser().await;
    let told: Vec<String> = db.query("select detail::text from audit where school_id = $1 and action = 'identity.set_identifiers'", &[&world.school.id.0]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(told.len() == 3 && told.iter().all(|detail| !detail.contains(&phone) && !detail.contains(iin.reveal())), "{told:?}");
}

#[actix_web::test]
async fn inv_3_a_demo_takes_no_real_iin() {
    for (mode, iin_of, status) in [
        (Mode::Demo, real as fn(&World) -> String, StatusCode::CONFLICT),
        (Mode::Demo, |world| synthetic(world).reveal().to_owned(), StatusCode::SEE_OTHER),
        (Mode::Live, real, StatusCode::SEE_OTHER),
        (Mode::Live, |world| synthetic(world).reveal().to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let world = World::made(mode).await;
        let boss = world.house.sign_in(director(&world.school)).await;
        let iin = iin_of(&world);
        let form = [("iin", iin.as_str()), ("csrf", &world.house.form_token(&boss))];
        let request = TestRequest::post().uri(&format!("{}/identifiers", world.page(0))).insert_header(("accept", "application/json")).set_form(form);
        let set = world.house.send(crate::identity::with(request, Some(&boss))).await;
        assert_eq!(set.status, status, "{mode:?} {iin}: {}", set.body);
        assert!(status != StatusCode::CONFLICT || set.body.contains("\"account.iin_real_in_demo\""), "{}", set.body);
        let comes_in = world.come_in(&iin, DEMO_PASSWORD).await == StatusCode::SEE_OTHER;
        assert_eq!(comes_in, status == StatusCode::SEE_OTHER);
    }
}

#[actix_web::test]
async fn inv_1_the_database_holds_no_identifier() {
    let world = World::new().await;
    let (email, phone) = (fresh_email(&world), fresh_phone(&world));
    let session = world.with_email(&email).await;
    world.house.post("/account/identifiers/phone", &session, &[("phone", &phone), ("password", DEMO_PASSWORD)]).await;
    assert_eq!(world.come_in(&phone, DEMO_PASSWORD).await, StatusCode::SEE_OTHER);
    let db = database().superuser().await;
    let rows = db.query("select encode(lookup, 'escape') || encode(sealed, 'escape') from account_identifier i join account a on a.id = i.account_id where a.login = $1", &[&world.parent()]).await.unwrap();
    let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(kept.len() == 2 && kept.iter().all(|text| !text.contains(&email) && !text.contains(&phone[2..])), "{kept:?}");
    // Another key finds nothing, and without one there is nothing to find.
    for policy in [Policy { sealer: Some(Sealer::of("another key of the tests, long enough to be one").unwrap()), ..Policy::default() }, Policy::default()] {
        let house = House::with(policy);
        assert_eq!(house.try_password(&email, DEMO_PASSWORD, [10, 0, 0, 1]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(house.try_password(world.parent(), DEMO_PASSWORD, [10, 0, 0, 1]).await.status, StatusCode::SEE_OTHER);
    }
}

#[actix_web::test]
async fn inv_2_one_identifier_opens_one_account() {
    let world = World::new().await;
    let phone = fresh_phone(&world);
    let (one, two) = (world.house.sign_in(world.parent()).await, world.house.sign_in(&world.school.guardians[1].login).await);
    let set = async |session: &str| world.house.post("/account/identifiers/phone", session, &[("phone", &phone), ("password", DEMO_PASSWORD)]).await;
    assert_eq!(set(&one).await.status, StatusCode::SEE_OTHER);
    let taken = set(&two).await;
    assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.body.contains("басқа адам жазып қойған"), "{}", taken.body);
    assert_eq!(world.house.post("/account/identifiers/phone", &one, &[("phone", &phone), ("password", "not it")]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the password is asked");
    // The school's word wins over a claim of one's own, and nobody's claim over the school's word.
    let boss = world.house.sign_in(director(&world.school)).await;
    let vouched = world.house.post(&format!("{}/identifiers", world.page(1)), &boss, &[("phone", &phone)]).await;
    assert_eq!(vouched.status, StatusCode::SEE_OTHER, "{}", vouched.body);
    assert_eq!(set(&one).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = world.house.post(&format!("{}/identifiers", world.page(0)), &boss, &[("phone", &phone)]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.body.contains("басқа логинде тұр"), "{}", again.body);
    let db = database().superuser().await;
    let owners: i64 = db.query_one("select count(*) from account_identifier i join account a on a.id = i.account_id where a.login = any($1) and i.kind = 'phone'", &[&vec![world.parent(), world.school.guardians[1].login.as_str()]]).await.unwrap().get(0);
    assert_eq!(owners, 1);
}

#[actix_web::test]
async fn inv_4_an_email_counts_once_its_link_was_followed() {
    let world = World::new().await;
    let (email, session) = (fresh_email(&world), world.house.sign_in(world.parent()).await);
    let ask = async || world.house.post("/account/identifiers/email", &session, &[("email", &email), ("password", DEMO_PASSWORD)]).await;
    assert_eq!(ask().await.status, StatusCode::SEE_OTHER);
    let token = world.link(0, "/confirm-email").await;
    assert_eq!(world.letters(1).await[0].to, [email.clone()]);
    assert_eq!(world.come_in(&email, DEMO_PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "not yet");
    let looked = world.house.get(&format!("/confirm-email?token={token}"), None).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert_eq!(world.come_in(&email, DEMO_PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "a program that follows links changes nothing");
    assert_eq!(world.open("/confirm-email", &[("token", &token)]).await.status, StatusCode::OK);
    assert_eq!(world.come_in(&email, DEMO_PASSWORD).await, StatusCode::SEE_OTHER);
    for over in [token.as_str(), "", "f", &"f".repeat(64)] {
        assert_eq!(world.open("/confirm-email", &[("token", over)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{over}");
    }
    // Another's address gets no letter, and the answer does not tell.
    let stranger = world.house.sign_in(&world.school.guardians[1].login).await;
    let theirs = world.house.post("/account/identifiers/email", &stranger, &[("email", &email), ("password", DEMO_PASSWORD)]).await;
    assert_eq!(theirs.location.as_deref(), Some("/account/identifiers?done=sent"));
    assert_eq!(world.sink.letters().len(), 1);
    assert_eq!(ask().await.status, StatusCode::SEE_OTHER);
    let late = world.link(1, "/confirm-email").await;
    world.house.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(world.open("/confirm-email", &[("token", &late)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn inv_4_a_new_password_ends_every_session() {
    let world = World::new().await;
    let email = fresh_email(&world);
    let session = world.with_email(&email).await;
    let asked = world.open("/recover", &[("email", &email)]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    let token = world.link(1, "/recover/password").await;
    let letter = &world.letters(2).await[1];
    assert_eq!((letter.to.clone(), letter.from.as_str()), (vec![email.clone()], "no-reply@example.kz"));
    assert!(letter.text().contains("30 минут"), "{}", letter.text());
    let page = world.house.get(&format!("/recover/password?token={token}"), None).await;
    assert!(page.status == StatusCode::OK && page.body.contains("name=\"again\""), "{}", page.body);
    for (new, again, said) in [(NEW, "something else", "басқаша терілді"), ("kestrel", "kestrel", "тым қысқа"), ("Qwertyuiop", "Qwertyuiop", "бәрі біледі")] {
        let refused = world.open("/recover/password", &[("token", &token), ("new", new), ("again", again)]).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(said), "{new}: {}", refused.body);
    }
    let done = world.open("/recover/password", &[("token", &token), ("new", NEW), ("again", NEW)]).await;
    assert!(done.status == StatusCode::OK && done.session.is_none(), "{}", done.body);
    assert_eq!(world.house.get("/api/v1/children", Some(&session)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.come_in(&email, DEMO_PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.come_in(&email, NEW).await, StatusCode::SEE_OTHER);
    let trail = trail(world.school.id.0, world.school.guardians[0].id.0).await;
    for action in ["identity.email_changed", "identity.recovery_asked", "identity.password_recovered"] {
        assert!(trail.iter().any(|done| done == action), "{action} in {trail:?}");
    }
}

#[actix_web::test]
async fn inv_1_a_link_works_once_in_time_and_for_its_address() {
    let world = World::new().await;
    let email = fresh_email(&world);
    let session = world.with_email(&email).await;
    let renew = async |token: &str| world.open("/recover/password", &[("token", token), ("new", NEW), ("again", NEW)]).await.status;
    world.open("/recover", &[("email", &email)]).await;
    let late = world.link(1, "/recover/password").await;
    world.house.clock.advance(SignedDuration::from_secs(30 * 60 + 1));
    assert_eq!(renew(&late).await, StatusCode::UNPROCESSABLE_ENTITY, "too late");
    // The e-mail is taken off meanwhile.
    world.open("/recover", &[("email", &email)]).await;
    let lost = world.link(2, "/recover/password").await;
    assert_eq!(world.house.post("/account/identifiers/email/remove", &session, &[("password", DEMO_PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(renew(&lost).await, StatusCode::UNPROCESSABLE_ENTITY, "for an address that is theirs no longer");
    world.with_email(&email).await;
    world.open("/recover", &[("email", &email)]).await;
    let token = world.link(4, "/recover/password").await;
    assert_eq!(renew(&token).await, StatusCode::OK);
    assert_eq!(renew(&token).await, StatusCode::UNPROCESSABLE_ENTITY, "used");
    for forged in ["", "f", &"f".repeat(64)] {
        assert_eq!(renew(forged).await, StatusCode::UNPROCESSABLE_ENTITY, "{forged}");
        assert_eq!(world.house.get(&format!("/recover/password?token={forged}"), None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[actix_web::test]
async fn inv_2_a_known_and_an_unknown_address_get_the_same_answer() {
    let world = World::new().await;
    let email = fresh_email(&world);
    world.with_email(&email).await;
    let known = world.open("/recover", &[("email", &email)]).await;
    let unknown = world.open("/recover", &[("email", "nobody@example.kz")]).await;
    assert_eq!((known.status, known.body), (unknown.status, unknown.body));
    assert_eq!(world.letters(2).await[1].to, [email]);
    let nonsense = world.open("/recover", &[("email", "not an address\r\nBcc: x@y.kz")]).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A server that refuses changes nothing for who asks.
    world.sink.refuse();
    assert_eq!(world.open("/recover", &[("email", "nobody@example.kz")]).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn inv_3_a_mailbox_is_not_flooded_and_its_owner_not_locked_out() {
    let world = World::new().await;
    let email = fresh_email(&world);
    world.with_email(&email).await;
    for last in 0..10 {
        let from = ([10, 66, 0, last], 4000);
        assert_eq!(world.house.send(TestRequest::post().uri("/recover").peer_addr(from.into()).set_form([("email", &email)])).await.status, StatusCode::OK);
    }
    let first = world.link(1, "/recover/password").await;
    // Each of the ten was dealt with once an eleventh, for another mailbox, is.
    let boss = world.house.sign_in(director(&world.school)).await;
    let other = format!("b-{email}");
    world.house.post(&format!("{}/identifiers", world.page(1)), &boss, &[("email", &other)]).await;
    world.open("/recover", &[("email", &other)]).await;
    eventually("the other's letter", Patience::default(), || async { world.sink.letters() }, |letters| letters.iter().any(|letter| letter.to == [other.clone()])).await;
    let to_owner = world.sink.letters().iter().filter(|letter| letter.to == [email.clone()]).count();
    assert!(to_owner <= 3, "one to confirm and two links: {to_owner}");
    assert_eq!(world.open("/recover/password", &[("token", &first), ("new", NEW), ("again", NEW)]).await.status, StatusCode::OK, "the owner still comes in");
    let from = || TestRequest::post().uri("/recover").peer_addr(([10, 66, 1, 1], 4000).into()).set_form([("email", "nobody@example.kz")]);
    for _ in 0..20 {
        assert_eq!(world.house.send(from()).await.status, StatusCode::OK);
    }
    assert_eq!(world.house.send(from()).await.status, StatusCode::TOO_MANY_REQUESTS, "one address asks no more");
}

#[actix_web::test]
async fn without_a_mail_server_the_pages_point_at_the_school() {
    let (house, school) = (House::with(policy()), SchoolBuilder::new().build().await);
    for seen in [house.get("/recover", None).await, house.send(TestRequest::post().uri("/recover").set_form([("email", "a@b.kz")])).await] {
        assert!(seen.status == StatusCode::OK && seen.body.contains("бапталмаған") && seen.body.contains("сынып жетекшісі"), "{}", seen.body);
    }
    let session = house.sign_in(&school.guardians[0].login).await;
    assert!(house.get("/account/identifiers", Some(&session)).await.body.contains("хат жіберу бапталмаған"));
    assert_eq!(house.post("/account/identifiers/email", &session, &[("email", "a@b.kz"), ("password", DEMO_PASSWORD)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Gives a login a second factor, as if its owner had switched it on.
async fn guarded(login: &str) {
    let db = database().superuser().await;
    db.execute("insert into account_totp (account_id, sealed, created_at, confirmed_at) select id, '\\x00', now(), now() from account where login = $1", &[&login]).await.unwrap();
    db.execute(
        "insert into account_passkey (id, account_id, credential_id, credential, name, created_at) select gen_random_uuid(), id, convert_to($1, 'UTF8'), '{}', 'x', now() from account where login = $1",
        &[&login],
    )
    .await
    .unwrap();
}

#[actix_web::test]
async fn the_school_takes_off_what_was_lost_after_a_reason() {
    let world = World::new().await;
    let (boss, session) = (world.house.sign_in(director(&world.school)).await, world.house.sign_in(world.parent()).await);
    guarded(world.parent()).await;
    let page = world.house.get(&world.page(0), Some(&boss)).await.body;
    assert!(page.contains("Екі сатылы кіру қосулы") && page.contains("Кіру кілті: 1"), "{page}");
    let (codes, keys) = (format!("{}/second-factor", world.page(0)), format!("{}/passkeys", world.page(0)));
    assert_eq!(world.house.post(&codes, &boss, &[("reason", "  ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.come_in(world.parent(), DEMO_PASSWORD).await, StatusCode::SEE_OTHER);
    for (path, what) in [(&codes, "account_totp"), (&keys, "account_passkey")] {
        let taken = world.house.post(path, &boss, &[("reason", "телефонын жоғалтқан")]).await;
        assert_eq!(taken.location, Some(format!("{}?done=rescued", world.page(0))), "{}", taken.body);
        let db = database().superuser().await;
        let left: i64 = db.query_one(&format!("select count(*) from {what} t join account a on a.id = t.account_id where a.login = $1"), &[&world.parent()]).await.unwrap().get(0);
        assert_eq!(left, 0, "{what}");
    }
    assert_eq!(world.house.get("/api/v1/children", Some(&session)).await.status, StatusCode::UNAUTHORIZED, "whoever was in is out");
    let db = database().superuser().await;
    let reasons = db.query("select reason from audit where school_id = $1 and action in ('identity.take_second_factor', 'identity.take_passkeys')", &[&world.school.id.0]).await.unwrap();
    assert!(reasons.len() == 2 && reasons.iter().all(|row| row.get::<_, Option<String>>(0).as_deref() == Some("телефонын жоғалтқан")));
}

#[actix_web::test]
async fn nobody_takes_it_off_from_who_holds_more_or_from_themselves() {
    let (world, neighbour) = (World::new().await, SchoolBuilder::new().build().await);
    let of = |role| world.school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role");
    let administrator = world.house.sign_in(&of(Role::SchoolAdministrator).login).await;
    for role in [Role::Director, Role::SchoolAdministrator] {
        guarded(&of(role).login).await;
        let page = format!("/{}/accounts/{}", world.school.code, of(role).id);
        for what in ["second-factor", "passkeys"] {
            let refused = world.house.post(&format!("{page}/{what}"), &administrator, &[("reason", "телефонын жоғалтқан")]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{role:?} {what}");
        }
        let identifiers = world.house.post(&format!("{page}/identifiers"), &administrator, &[("phone", &fresh_phone(&world))]).await;
        assert_eq!(identifiers.status == StatusCode::CONFLICT, role == Role::Director, "{role:?}: {}", identifiers.body);
    }
    let theirs = format!("/{}/accounts/{}", world.school.code, neighbour.guardians[0].id);
    for what in ["second-factor", "passkeys", "identifiers"] {
        assert_eq!(world.house.post(&format!("{theirs}/{what}"), &administrator, &[("reason", "телефонын жоғалтқан")]).await.status, StatusCode::NOT_FOUND, "{what}");
    }
}
