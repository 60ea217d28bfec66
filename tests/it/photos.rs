//! Pictures of pupils from outside: taken with a consent, seen with a right, gone with the consent.

use actix_web::http::StatusCode;
use kernel::{
    Ctx,
    clock::Clock,
    db::DbRole,
    file::{Files, InDatabase, Media, NewFile},
    id::{PersonId, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    engine::fixture::count,
    rights::hire,
    visitor::{Seen, Visitor},
};

/// A picture of one black pixel row, as a phone might send it: with the place where it was taken.
fn picture() -> Vec<u8> {
    let plain: &[u8] = include_bytes!("../../dashboards/web/assets/static/icon-192.png");
    // A text chunk behind the head: four bytes of length, name, text, and a sum that decoders of pictures pass over in ancillary chunks.
    let text = b"tEXtComment\0GPS 43.2389 76.8897";
    let sum = crc(text).to_be_bytes();
    let length = u32::try_from(text.len() - 4).unwrap().to_be_bytes();
    [&plain[..33], &length[..], &text[..], &sum[..], &plain[33..]].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }))
}

async fn staff(school: &School, role: Role) -> Visitor {
    Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role").login).await
}

async fn wish(school: &School, child: PersonId, wish: &str) -> Seen {
    let guardian = Visitor::signed_in(&school.guardians[0].login).await;
    let (school, child) = (show(school.id.0), show(child.0));
    guardian.post("/my/consents", &[("school", &school), ("child", &child), ("purpose", "photos"), ("wish", wish), ("version", "1")]).await
}

#[actix_web::test]
async fn inv_1_a_picture_is_taken_with_a_consent_only() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let (office, child) = (staff(&school, Role::Director).await, school.pupils[0].id);
    let form = format!("/{}/pupils/{child}/photo-form", school.code);
    assert!(office.get(&form).await.shows("Суретке келісім жоқ"));
    let refused = office.upload(&form, &[], ("me.png", &picture())).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(count("file where school_id = $1", &school).await, 0);

    wish(&school, child, "yes").await;
    let kept = office.upload(&form, &[], ("me.png", &picture())).await;
    assert_eq!(kept.location, Some(format!("/{}/pupils/{child}", school.code)), "{}", kept.body);
    assert_eq!((count("file where school_id = $1", &school).await, count("pupil_photo where school_id = $1", &school).await), (2, 1));
    let hidden = "select count(*) from file_chunk where school_id = $1 and position('43.2389'::bytea in bytes) > 0";
    let hidden: i64 = database().superuser().await.query_one(hidden, &[&school.id]).await.unwrap().get(0);
    assert_eq!(hidden, 0, "the place where it was taken is gone");
    for (file, error) in [(&b"%PDF-1.4"[..], "Мұнда сурет керек"), (b"\x89PNG\r\n\x1a\n", "Суретті оқу мүмкін болмады"), (b"<svg/>", "Тек PDF, JPEG, PNG немесе WebP")] {
        let wrong = office.upload(&form, &[], ("me.png", file)).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows(error), "{}", wrong.body);
    }
}

#[actix_web::test]
async fn inv_2_a_withdrawn_picture_is_not_there_and_is_deleted_when_its_rule_says() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let (office, child) = (staff(&school, Role::Director).await, school.pupils[0].id);
    let page = format!("/{}/pupils/{child}", school.code);
    wish(&school, child, "yes").await;
    office.upload(&format!("{page}/photo-form"), &[], ("me.png", &picture())).await;
    for path in ["photo", "photo-small"] {
        let seen = office.get(&format!("{page}/{path}")).await;
        assert!(seen.status == StatusCode::OK && seen.body.contains("JFIF"), "{path}");
    }
    assert!(office.get(&page).await.shows(&format!("{page}/photo\"")));
    assert_eq!(count("audit where school_id = $1 and action = 'people.see_photo_small'", &school).await, 1);

    wish(&school, child, "no").await;
    for path in ["photo", "photo-small"] {
        assert_eq!(office.get(&format!("{page}/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!office.get(&page).await.shows(&format!("{page}/photo\"")));
    // The night: nothing yet, for a month; then all of it.
    let jobs = pool(DbRole::Jobs);
    let sweep = &people::photos::SWEEP;
    let month_ago = Clock::System.now() - jiff::SignedDuration::from_hours(24 * 30);
    let removed = jobs.run(&scope_of(&school), async |tx| sweep.delete.run(tx, (month_ago, 100)).await).await.unwrap();
    assert_eq!((removed, count("pupil_photo where school_id = $1", &school).await), (0, 1));
    let later = Clock::System.now() + jiff::SignedDuration::from_secs(1);
    jobs.run(&scope_of(&school), async |tx| sweep.delete.run(tx, (later, 100)).await).await.unwrap();
    assert_eq!((count("pupil_photo where school_id = $1", &school).await, count("file where school_id = $1", &school).await, count("file_chunk where school_id = $1", &school).await), (0, 0, 0));
    let rule: i64 = database().superuser().await.query_one("select count(*) from retention_rule where what = $1 and keep_months = 1", &[&sweep.what]).await.unwrap().get(0);
    assert_eq!(rule, 1);
}

#[actix_web::test]
async fn inv_3_a_new_picture_takes_the_place_of_the_old_one_and_can_be_removed() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let (office, child) = (staff(&school, Role::Director).await, school.pupils[0].id);
    let page = format!("/{}/pupils/{child}", school.code);
    wish(&school, child, "yes").await;
    for _ in 0..2 {
        office.upload(&format!("{page}/photo-form"), &[], ("me.png", &picture())).await;
    }
    assert_eq!((count("file where school_id = $1", &school).await, count("pupil_photo where school_id = $1", &school).await), (2, 1));
    office.post(&format!("{page}/photo-remove"), &[]).await;
    office.post(&format!("{page}/photo-remove"), &[]).await;
    assert_eq!(count("file where school_id = $1", &school).await, 0);
    assert_eq!(count("audit where school_id = $1 and action = 'people.remove_photo'", &school).await, 1);
}

#[actix_web::test]
async fn inv_2_a_large_file_is_read_by_chunks() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let (web, ctx) = (pool(DbRole::Web), Ctx::system("test", scope_of(&school), Clock::System));
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let file = |bytes| NewFile { school: school.id, person: school.pupils[0].id, kind: "test.file", media: Media::Pdf, bytes };
    let id = web.run(&ctx.scope, async |tx| InDatabase.put(tx, &ctx, file(&bytes)).await).await.unwrap();
    let (kept, read) = web
        .run(&ctx.scope, async |tx| {
            let kept = InDatabase.find(tx, school.id, "test.file", id).await?;
            let mut read = Vec::new();
            for n in 0..kept.chunks {
                read.push(InDatabase.chunk(tx, school.id, id, n).await?);
            }
            assert!(matches!(InDatabase.find(tx, school.id, "test.other", id).await, Err(kernel::Error::NotFound)), "of another kind");
            Ok((kept, read))
        })
        .await
        .unwrap();
    assert_eq!((kept.size, kept.chunks, read.iter().map(Vec::len).max()), (2_500_000, 3, Some(1024 * 1024)));
    assert_eq!(read.concat(), bytes);
    let vast = vec![0; kernel::file::MOST + 1];
    assert!(web.run(&ctx.scope, async |tx| InDatabase.put(tx, &ctx, file(&vast)).await).await.is_err());
}

#[actix_web::test]
async fn a_picture_is_seen_with_the_right_and_beside_a_pass() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(1).teachers(1).build().await, SchoolBuilder::new().build().await);
    let (office, child) = (staff(&school, Role::Director).await, school.pupils[0].id);
    let page = format!("/{}/pupils/{child}", school.code);
    wish(&school, child, "yes").await;
    office.upload(&format!("{page}/photo-form"), &[], ("me.png", &picture())).await;
    let small = format!("{page}/photo-small");
    let door = Visitor::signed_in(&hire(school.id.0, Role::DoorGuard).await).await;
    assert_eq!(door.get(&small).await.status, StatusCode::OK);
    assert_eq!(door.get(&format!("{page}/photo-form")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(staff(&school, Role::Teacher).await.get(&small).await.status, StatusCode::OK);
    assert_eq!(staff(&neighbour, Role::Director).await.get(&small).await.status, StatusCode::NOT_FOUND);
    assert_eq!(staff(&neighbour, Role::Director).await.get(&small.replace(&school.code, &neighbour.code)).await.status, StatusCode::NOT_FOUND);
    assert!(Visitor::signed_in(&school.guardians[0].login).await.get(&small).await.status.is_client_error());
    let db = database().superuser().await;
    let device = school.devices[0].id;
    db.execute("insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late) values ($1, $2, now(), $3, 's', 1, now(), 'in', 'card', false)", &[&school.id, &child, &device]).await.unwrap();
    assert!(door.get(&format!("/{}/stream", school.code)).await.shows(&small));
    wish(&school, child, "no").await;
    assert!(!door.get(&format!("/{}/stream", school.code)).await.shows(&small));
}
