//! Confidential records from outside: who may see what, and what a thief of the database sees.

use actix_web::http::StatusCode;
use kernel::{
    Ctx,
    clock::Clock,
    db::{DbRole, Scope},
    id::{PersonId, Uuid, fresh, show},
    job,
    right::Role,
    vault::{Realm, Sealed, Slot, Vault},
};
use people::confidential::{NeedToKnow, records};
use shanyraq::{keys, town::School};
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    rights::hire,
    visitor::{RECORDS_KEY, Visitor},
};

const WORD: &str = "Құпиясөзінеке";

async fn specialist(school: &School, role: Role) -> Visitor {
    Visitor::signed_in(&hire(school.id.0, role).await).await
}

fn vault() -> Vault {
    Vault::of(RECORDS_KEY).unwrap()
}

fn page(school: &School, pupil: usize, realm: &str) -> String {
    format!("/{}/pupils/{}/{realm}", school.code, school.pupils[pupil].id)
}

async fn consent(school: &School, act: &str) {
    let pupil = &school.pupils[0];
    let insert = "insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how)
                  values ($1, $2, $3, 'psychology', $4, $5::uuid, array[$5::uuid], now(), 1, 'kk', 'on_screen')";
    database().superuser().await.execute(insert, &[&school.id.0, &fresh(Clock::System.now()), &pupil.id.0, &act, &pupil.guardians[0].0]).await.unwrap();
}

/// Everything that a thief has of a school's records and keys, as text and as bytes in text.
async fn stolen(school: &School) -> String {
    let db = database().superuser().await;
    let mut all = String::new();
    for table in ["confidential_record", "vault_key", "audit", "job"] {
        let sql = format!("select coalesce(string_agg(t::text || coalesce(convert_from(decode(regexp_replace(encode(t::text::bytea, 'hex'), '[^0-9a-f]', '', 'g'), 'hex'), 'utf8'), ''), ' '), '') from {table} t where school_id = $1");
        all += &db.query_one(&sql, &[&school.id.0]).await.unwrap().get::<_, String>(0);
    }
    all
}

#[actix_web::test]
async fn inv_1_a_thief_of_the_database_reads_nothing_and_swapped_rows_open_nothing() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let nurse = specialist(&school, Role::Nurse).await;
    for pupil in [0, 1] {
        let note = format!("{WORD} {pupil}");
        assert_eq!(nurse.post(&page(&school, pupil, "health"), &[("group", "2"), ("notes", &note)]).await.status, StatusCode::SEE_OTHER);
    }
    let seen = nurse.get(&page(&school, 0, "health")).await;
    assert!(seen.shows(&format!("{WORD} 0")) && !seen.shows(&format!("{WORD} 1")), "{}", seen.body);

    let hex: String = WORD.bytes().map(|byte| format!("{byte:02x}")).collect();
    let stolen = stolen(&school).await;
    assert!(!stolen.is_empty() && !stolen.contains(WORD) && !stolen.contains(&hex));

    // The other school's keys, made by the same key-encryption key, open nothing; nor does another key-encryption key.
    let their_nurse = specialist(&neighbour, Role::Nurse).await;
    their_nurse.post(&page(&neighbour, 0, "health"), &[("group", "1")]).await;
    let db = database().superuser().await;
    let what = NeedToKnow { school: school.id, pupil: school.pupils[0].id, realm: Realm::Health };
    let ctx = Ctx::system("test", scope_of(&school), Clock::System);
    let other = Vault::of("another text of more than thirty-two characters").unwrap();
    assert!(records(&pool(DbRole::Web), &ctx, &other, what).await.is_err());
    let exchange_keys = "update vault_key k set sealed = o.sealed from vault_key o where k.school_id = $1 and o.school_id = $2 and k.realm = o.realm";
    let own: Vec<u8> = db.query_one("select sealed from vault_key where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(db.execute(exchange_keys, &[&school.id.0, &neighbour.id.0]).await.unwrap(), 1);
    assert!(records(&pool(DbRole::Web), &ctx, &vault(), what).await.is_err(), "another school's key");
    db.execute("update vault_key set sealed = $2 where school_id = $1", &[&school.id.0, &own]).await.unwrap();
    assert_eq!(records(&pool(DbRole::Web), &ctx, &vault(), what).await.unwrap().len(), 1);

    let swap = "update confidential_record a set sealed = b.sealed from confidential_record b where a.school_id = $1 and b.school_id = $1 and a.id <> b.id";
    assert_eq!(db.execute(swap, &[&school.id.0]).await.unwrap(), 2);
    let refused = nurse.get(&page(&school, 0, "health")).await;
    assert!(refused.status.is_server_error() && !refused.shows(WORD), "{}", refused.status);
}

#[actix_web::test]
async fn inv_2_a_correction_adds_a_version_and_the_second_of_two_is_refused() {
    let school = SchoolBuilder::new().build().await;
    let social = specialist(&school, Role::SocialPedagogue).await;
    let address = page(&school, 0, "social");
    let row = show(fresh(Clock::System.now()));
    let first = [("row", row.as_str()), ("category", "large-family"), ("proof", "№ 7"), ("from", "2026-09-01"), ("notes", "бірінші")];
    // Sent twice, as an impatient thumb does.
    for _ in 0..2 {
        assert_eq!(social.post(&address, &first).await.status, StatusCode::SEE_OTHER);
    }
    let correction = [("record", row.as_str()), ("version", "1"), ("category", "low-income"), ("proof", "№ 8"), ("from", "2026-10-01"), ("notes", "екінші")];
    assert_eq!(social.post(&address, &correction).await.status, StatusCode::SEE_OTHER);
    assert_eq!(social.post(&address, &correction).await.status, StatusCode::CONFLICT);
    let seen = social.get(&address).await;
    assert!(seen.shows("екінші") && seen.shows("бірінші") && seen.shows("№ 8") && seen.shows("№ 7"));
    assert_eq!(seen.body.matches("sh-panel-body").count(), 2, "one record, and the form");
    // A record of another pupil is nobody's to correct.
    assert_eq!(social.post(&page(&school, 1, "social"), &correction).await.status, StatusCode::CONFLICT);
    let wrong = social.post(&address, &[("category", "rich"), ("notes", "сақталсын")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("сақталсын"));
}

#[actix_web::test]
async fn inv_3_and_4_psychology_asks_for_consent_and_reason_and_the_trail_tells_both() {
    let school = SchoolBuilder::new().build().await;
    let psychologist = specialist(&school, Role::Psychologist).await;
    let address = page(&school, 0, "psychology");
    let reading = format!("{address}?reason=consultation");
    assert_eq!(psychologist.post(&address, &[("notes", WORD)]).await.status, StatusCode::CONFLICT, "nobody agreed");
    consent(&school, "given").await;
    assert_eq!(psychologist.post(&address, &[("notes", WORD)]).await.status, StatusCode::SEE_OTHER);
    assert!(!psychologist.get(&address).await.shows(WORD), "not without a reason");
    assert!(psychologist.get(&reading).await.shows(WORD));
    consent(&school, "withdrawn").await;
    assert!(!psychologist.get(&reading).await.shows(WORD));
    assert_eq!(psychologist.post(&address, &[("notes", WORD)]).await.status, StatusCode::CONFLICT);

    let rows = database().superuser().await;
    let rows = rows.query("select action, detail->>'shown', reason, whose from audit where school_id = $1 and action like 'people.%psychology%' order by at, id", &[&school.id.0]).await.unwrap();
    let told: Vec<(String, Option<String>, bool)> = rows.iter().map(|row| (row.get(0), row.get(1), row.get::<_, Option<String>>(2).is_some())).collect();
    let look = |shown: &str, reason| ("people.see_psychology".to_owned(), Some(shown.to_owned()), reason);
    assert_eq!(told, [("people.write_psychology_record".to_owned(), None, false), look("false", false), look("true", true), look("false", true)]);
    assert!(rows.iter().all(|row| row.get::<_, Vec<Uuid>>(3) == [school.pupils[0].id.0]));
}

#[actix_web::test]
async fn each_sees_their_own_realm_and_the_director_a_number_that_names_nobody() {
    let school = SchoolBuilder::new().pupils(6).build().await;
    let nurse = specialist(&school, Role::Nurse).await;
    let director = Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).unwrap().login).await;
    let counts = format!("/{}/confidential", school.code);
    for pupil in 0..4 {
        nurse.post(&page(&school, pupil, "health"), &[("group", "1"), ("notes", WORD)]).await;
    }
    assert!(!director.get(&counts).await.shows(">4<"));
    nurse.post(&page(&school, 4, "health"), &[("group", "1")]).await;
    assert!(director.get(&counts).await.shows(">5<"));
    for realm in ["health", "social", "psychology"] {
        assert_eq!(director.get(&page(&school, 0, realm)).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(nurse.get(&page(&school, 0, "social")).await.status, StatusCode::FORBIDDEN);
    let pupil = nurse.get(&format!("/{}/pupils/{}", school.code, school.pupils[0].id)).await;
    assert!(pupil.shows("/health") && !pupil.shows("/psychology"));
}

#[actix_web::test]
async fn a_rotation_seals_every_row_anew_and_the_old_key_goes_last() {
    let school = SchoolBuilder::new().build().await;
    let nurse = specialist(&school, Role::Nurse).await;
    nurse.post(&page(&school, 0, "health"), &[("group", "2"), ("notes", WORD)]).await;
    // A doctor's paper has a key of its own, and that one is sealed by the same.
    let guardian = school.guardians.iter().find(|guardian| school.pupils[0].guardians.contains(&guardian.id)).unwrap();
    let (parent, note) = (Visitor::signed_in(&guardian.login).await, show(fresh(Clock::System.now())));
    let soon = (Clock::System.now() + jiff::SignedDuration::from_hours(48)).strftime("%F").to_string();
    let told = parent.upload(&format!("/my/{}/absence", school.pupils[0].id), &[("id", &note), ("from", &soon), ("reason", "ill")], ("a.pdf", b"%PDF-1.4 paper")).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
    let (db, clock) = (pool(DbRole::Jobs), Clock::System);
    let ctx = Ctx::system("test", scope_of(&school), clock.clone());
    let both = Vault::of(&format!("a new line of more than thirty-two characters\n{RECORDS_KEY}")).unwrap();
    assert_eq!(keys::rotate_school(&db, &both, &ctx, school.id).await.unwrap(), 1);
    // Until the job has come by the old key opens what the new one did not reach, and neither can be taken away.
    let what = NeedToKnow { school: school.id, pupil: school.pupils[0].id, realm: Realm::Health };
    assert_eq!(records(&pool(DbRole::Web), &ctx, &both, what).await.unwrap().len(), 1);
    let owner = database().superuser().await;
    let torn_out = owner.execute("delete from vault_key where school_id = $1 and generation = 1", &[&school.id.0]).await;
    assert!(torn_out.is_err(), "inv_3 of the vault: a row needs it");

    let reseal = keys::Reseal { vault: Some(both.clone()) };
    let ran = job::run_next(&db, &scope_of(&school), &clock, &[&reseal], &|| true).await.unwrap().unwrap();
    assert_eq!(ran.end, job::End::Done);
    let left = owner.query("select generation from vault_key where school_id = $1", &[&school.id.0]).await.unwrap();
    assert_eq!(left.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>(), [2]);
    let new_only = Vault::of("a new line of more than thirty-two characters").unwrap();
    assert_eq!(records(&pool(DbRole::Web), &ctx, &new_only, what).await.unwrap().len(), 1);
    assert!(records(&pool(DbRole::Web), &ctx, &vault(), what).await.is_err(), "the old line opens nothing any more");
    let paper = owner.query_one("select note_id, file_id, generation, sealed_key from absence_document where school_id = $1", &[&school.id.0]).await.unwrap();
    let (slot, sealed) = (Slot { person: PersonId(paper.get(1)), row: paper.get(0) }, Sealed { generation: paper.get(2), bytes: paper.get(3) });
    let keys = pool(DbRole::Web).run(&scope_of(&school), async |tx| new_only.keys(tx, school.id, Realm::Health).await).await.unwrap();
    assert!(sealed.generation == 2 && keys.open(slot, &sealed).is_ok(), "the paper's key is sealed anew");
    assert_eq!(keys::rotate_school(&db, &both, &Ctx::system("test", Scope::school(identity::SUPPLIER), clock), identity::SUPPLIER).await.unwrap(), 0);
}

#[actix_web::test]
async fn the_social_passport_counts_what_holds_and_says_no_few() {
    let school = SchoolBuilder::new().pupils(8).build().await;
    let (social, nurse) = (specialist(&school, Role::SocialPedagogue).await, specialist(&school, Role::Nurse).await);
    let director = Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).unwrap().login).await;
    let record = |category: &'static str, to: &'static str| [("category", category), ("proof", WORD), ("from", "2026-09-01"), ("to", to)];
    for pupil in 0..6 {
        assert_eq!(social.post(&page(&school, pupil, "social"), &record("large-family", "")).await.status, StatusCode::SEE_OTHER);
    }
    // The same category once more, one that only two have, and one that is over.
    social.post(&page(&school, 0, "social"), &record("large-family", "")).await;
    social.post(&page(&school, 0, "social"), &record("one-parent", "")).await;
    social.post(&page(&school, 1, "social"), &record("one-parent", "")).await;
    social.post(&page(&school, 2, "social"), &record("orphan", "2026-09-30")).await;
    for pupil in 0..6 {
        nurse.post(&page(&school, pupil, "health"), &[("group", if pupil < 5 { "1" } else { "2" })]).await;
    }
    let passport = format!("/{}/social", school.code);
    let (seen, known) = (director.get(&passport).await, social.get(&passport).await);
    assert!(seen.shows(">6<") && !seen.shows(">2<") && !known.shows(">7<"), "{}", seen.body);
    assert!(known.shows(">6<") && known.shows(">2<"), "who reads the records sees few as well");
    let healths = |body: &str| body.rsplit_once("<table").unwrap().1.to_owned();
    assert!(!healths(&seen.body).contains(">5<") || healths(&seen.body).matches("оқушыдан аз").count() >= 2, "no number follows from the others: {}", healths(&seen.body));
    let list = format!("{passport}/list");
    let one_parent = social.get(&format!("{list}?category=one-parent")).await;
    assert!(one_parent.shows(&school.pupils[0].id.to_string()) && one_parent.shows(&school.pupils[1].id.to_string()) && !one_parent.shows(&school.pupils[2].id.to_string()));
    assert!(one_parent.shows(WORD) && !social.get(&format!("{list}?category=orphan")).await.shows(WORD), "over is over");
    assert_eq!(social.get(&format!("{list}.xlsx")).await.status, StatusCode::OK);
    for path in [list.clone(), format!("{list}.xlsx")] {
        assert_eq!((director.get(&path).await.status, nurse.get(&path).await.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN), "{path}");
    }
    assert_eq!(nurse.get(&passport).await.status, StatusCode::FORBIDDEN);
    let rows = database().superuser().await;
    let rows = rows.query("select cardinality(whose) from audit where school_id = $1 and action = 'people.list_social' and detail->>'category' = 'one-parent'", &[&school.id.0]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>(), [2]);
}
