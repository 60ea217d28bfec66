//! Downtime from outside: which silences become stops, what the service slept through, the ladder, planned work, and who sees what.

use actix_web::http::StatusCode;
use fleet::{
    Seen,
    downtime::{self, Looked, look},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx, Error,
    clock::Clock,
    db::{DbRole, Scope},
    id::{fresh, show},
    right::Role,
    row,
    sql::Query,
};
use protocol::up::Status;
use shanyraq::{town::School, voice::House};
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{rights::hire, roles::staff, visitor::Visitor};

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Two turnstiles, in service since long ago.
async fn school() -> School {
    let school = SchoolBuilder::new().entrances(1).tills(0).build().await;
    database().superuser().await.execute("update device set registered_at = '2026-09-01T00:00:00Z' where school_id = $1", &[&school.id.0]).await.unwrap();
    school
}

/// The engine hears of a device.
async fn hears(school: &School, device: usize, status: Status, at: Timestamp) {
    let seen = Seen {
        school: school.id, device: school.devices[device].id, status, status_since: at, seen_at: at, last_event_at: None, latency_ms: None, clock_offset_ms: None,
        queue: None, reader_errors: None, temperature_c: None, disk_free_percent: None, link_percent: None, rx_bytes: None, tx_bytes: None, firmware: None, store: None,
    };
    pool(DbRole::Engine).run(&scope_of(school), async |tx| fleet::save_health(tx, at, &[seen]).await).await.unwrap();
}

/// The watch looks, at a service that has listened since then.
async fn looks(school: &School, at: Timestamp, listening: Option<Timestamp>) -> Looked {
    let ctx = Ctx::system("test", scope_of(school), Clock::standing_at(at));
    look(&pool(DbRole::Jobs), &ctx, &House, vec![school.id], listening).await.unwrap()
}

/// The stops of a school: of which device, when, until when.
async fn stops(school: &School) -> Vec<(usize, Timestamp, Option<Timestamp>)> {
    let rows = database().superuser().await.query("select device_id, began_at, ended_at from downtime where school_id = $1 order by began_at", &[&school.id.0]).await.unwrap();
    let place = |id: kernel::id::Uuid| school.devices.iter().position(|device| device.id.0 == id).unwrap();
    rows.iter().map(|row| (place(row.get(0)), row.get(1), row.get(2))).collect()
}

/// At how many hours people of the school were told.
async fn told(school: &School) -> Vec<String> {
    let sql = "select distinct args->>'hours' from notice where school_id = $1 and kind = 'devices_still' order by 1";
    database().superuser().await.query(sql, &[&school.id.0]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn person_of(login: &str) -> kernel::id::Uuid {
    database().superuser().await.query_one("select person_id from account where login = $1", &[&login]).await.unwrap().get(0)
}

/// Somebody who has held the role since long before; gives their login.
async fn of_old(organisation: kernel::id::Uuid, role: Role) -> String {
    let login = hire(organisation, role).await;
    let person = person_of(&login).await;
    database().superuser().await.execute("update role_grant set valid_from = '2026-09-01' where person_id = $1", &[&person]).await.unwrap();
    login
}

fn then() -> Timestamp {
    "2026-11-10T06:00:00Z".parse().unwrap()
}

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

#[actix_web::test]
async fn inv_1_and_2_every_long_silence_is_one_row_whoever_noticed_it() {
    let school = school().await;
    let long_ago = Some(then() - hours(24));
    for device in [0, 1] {
        hears(&school, device, Status::Online, then()).await;
    }
    // Four minutes are nothing, whoever looks.
    assert_eq!(looks(&school, then() + MINUTE * 4, long_ago).await, Looked::default());
    // The first falls silent and is noticed, twice at once and once more: one row. The second speaks every four minutes.
    for minutes in [4, 8] {
        hears(&school, 1, Status::Online, then() + MINUTE * minutes).await;
    }
    let (one, other) = futures_util::future::join(looks(&school, then() + MINUTE * 10, long_ago), looks(&school, then() + MINUTE * 10, long_ago)).await;
    assert_eq!((one.opened + other.opened, one.still.max(other.still)), (1, 1));
    assert_eq!(looks(&school, then() + MINUTE * 11, long_ago).await.opened, 0);
    assert_eq!(stops(&school).await, [(0, then(), None)]);
    // It is back; and a will that comes now from its last connection makes no new stop.
    hears(&school, 0, Status::Online, then() + MINUTE * 30).await;
    assert_eq!(stops(&school).await, [(0, then(), Some(then() + MINUTE * 30))]);
    // The second is away while nobody looks: the row comes with its return.
    hears(&school, 1, Status::Offline, then() + MINUTE * 40).await;
    hears(&school, 1, Status::Online, then() + MINUTE * 100).await;
    let second = (1, then() + MINUTE * 40, Some(then() + MINUTE * 100));
    assert_eq!(stops(&school).await, [(0, then(), Some(then() + MINUTE * 30)), second]);
    // A short break, even one that was said, is none.
    hears(&school, 1, Status::Offline, then() + MINUTE * 110).await;
    hears(&school, 1, Status::Online, then() + MINUTE * 112).await;
    assert_eq!(stops(&school).await.len(), 2);
}

#[actix_web::test]
async fn inv_3_nobody_is_late_while_the_service_sleeps() {
    let school = school().await;
    hears(&school, 0, Status::Online, then()).await;
    // It does not listen, or has only just begun to: devices take up to seven minutes to come back, and five are nothing.
    assert_eq!(looks(&school, then() + hours(2), None).await.opened, 0);
    let since = Some(then() + hours(2));
    assert_eq!(looks(&school, then() + hours(2) + MINUTE * 12, since).await.opened, 0);
    assert_eq!(looks(&school, then() + hours(2) + MINUTE * 13, since).await.opened, 1);
}

row! {
    struct Slept {
        began_at: Timestamp,
        ended_at: Timestamp,
    }
}

const SLEPT: Query<(Timestamp,), Slept> = Query::new("test.slept", "select began_at, ended_at from service_outage where ended_at > $1 order by began_at");

#[actix_web::test]
async fn a_break_of_the_beat_is_a_stop_of_the_service() {
    // Far ahead of every other beat, in a transaction that ends without a trace.
    let later = Clock::System.now() + hours(24 * 365);
    let ended = pool(DbRole::Engine)
        .run(&Scope::schools(Vec::new()), async |tx| {
            for seconds in [0, 10, 60, 121, 130] {
                downtime::beat(tx, later + SignedDuration::from_secs(seconds)).await?;
            }
            let at = |seconds| later + SignedDuration::from_secs(seconds);
            let slept: Vec<_> = SLEPT.all(tx, (at(0),)).await?.into_iter().map(|one| (one.began_at, one.ended_at)).collect();
            let micro = |at: Timestamp| at.as_microsecond();
            assert_eq!(slept.iter().map(|(from, to)| (micro(*from), micro(*to))).collect::<Vec<_>>(), [(micro(at(60)), micro(at(121)))]);
            let since = downtime::listening_since(tx, at(131)).await?;
            assert_eq!(since.map(micro), Some(micro(at(121))));
            assert_eq!(downtime::listening_since(tx, at(131) + hours(1)).await?, None);
            Err::<(), _>(Error::NotFound)
        })
        .await;
    assert!(matches!(ended, Err(Error::NotFound)), "{ended:?}");
}

#[actix_web::test]
async fn inv_5_each_rung_is_told_once_to_more_and_more_people() {
    let school = school().await;
    let director = of_old(school.id.0, Role::Director).await;
    let administrator = of_old(school.id.0, Role::SchoolAdministrator).await;
    for device in [0, 1] {
        hears(&school, device, Status::Online, then()).await;
    }
    let long_ago = Some(then() - hours(24));
    assert_eq!(looks(&school, then() + hours(11), long_ago).await.told, 0);
    let (one, other) = futures_util::future::join(looks(&school, then() + hours(12), long_ago), looks(&school, then() + hours(12), long_ago)).await;
    assert!(one.told + other.told >= 1 && (one.told == 0 || other.told == 0), "two devices, one notice each who is to know: {one:?} {other:?}");
    assert_eq!(looks(&school, then() + hours(12) + MINUTE, long_ago).await.told, 0);
    let own = async |person: kernel::id::Uuid| -> i64 {
        let sql = "select count(*) from notice where school_id = $1 and kind = 'devices_still' and recipient_id = $2";
        database().superuser().await.query_one(sql, &[&school.id.0, &person]).await.unwrap().get(0)
    };
    let (administrator, director) = (person_of(&administrator).await, person_of(&director).await);
    assert_eq!((own(administrator).await, own(director).await), (1, 0));
    // Support takes it in hand: the next rung waits for twelve hours, the last one for nobody.
    let support = Visitor::signed_in(&of_old(identity::SUPPLIER.0, Role::Support).await).await;
    // Who is there after the first rung reads of the second.
    database().superuser().await.execute("update downtime set taken_at = $2 where school_id = $1", &[&school.id.0, &(then() + hours(13))]).await.unwrap();
    assert_eq!(looks(&school, then() + hours(24), long_ago).await.told, 0);
    assert!(looks(&school, then() + hours(36), long_ago).await.told > 0);
    assert_eq!(own(director).await, 1);
    database().superuser().await.execute("update downtime set taken_at = $2 where school_id = $1", &[&school.id.0, &(then() + hours(46))]).await.unwrap();
    assert!(looks(&school, then() + hours(47), long_ago).await.told > 0);
    assert_eq!(told(&school).await, ["12", "36", "47"]);
    // Support reads it where it reads what it is told.
    let inbox = support.get("/my/inbox").await;
    assert!(inbox.status == StatusCode::OK && inbox.shows("href=\"/support/downtime\""), "{}", inbox.body);
    // They are back: it is over, and nothing is left to take.
    for device in [0, 1] {
        hears(&school, device, Status::Online, then() + hours(50)).await;
    }
    assert_eq!(looks(&school, then() + hours(50), long_ago).await, Looked::default());
    let gone = support.post(&format!("/support/downtime/{}/take", school.devices[0].id), &[]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn a_retired_device_stands_still_no_longer() {
    let school = school().await;
    hears(&school, 0, Status::Online, then()).await;
    looks(&school, then() + hours(1), Some(then() - hours(1))).await;
    database().superuser().await.execute("update device set retired_at = $2 where school_id = $1", &[&school.id.0, &(then() + hours(2))]).await.unwrap();
    assert_eq!(looks(&school, then() + hours(3), Some(then() - hours(1))).await.still, 0);
    assert_eq!(stops(&school).await, [(0, then(), Some(then() + hours(2)))]);
}

#[actix_web::test]
async fn support_sees_what_has_least_left_takes_it_and_the_school_reads_what_to_do() {
    let (school, neighbour) = (school().await, school_beside().await);
    let now = Clock::System.now();
    hears(&school, 0, Status::Online, now - hours(30)).await;
    hears(&school, 1, Status::Online, now - hours(40)).await;
    looks(&school, now, Some(now - hours(100))).await;
    let support = Visitor::signed_in(&hire(identity::SUPPLIER.0, Role::Support).await).await.reading("ru");
    let codes = [&school.devices[0].code, &school.devices[1].code];
    let page = support.get(&format!("/support/downtime?q={}", school.code)).await;
    let place = |code: &str| page.body.find(code).unwrap_or_else(|| panic!("{code} in {}", page.body));
    assert!(place(codes[1]) < place(codes[0]), "the one with 8 hours left stands first");
    let little = support.get(&format!("/support/downtime?show=little&q={}", school.code)).await;
    assert!(little.shows(codes[1]) && !little.shows(codes[0]), "{}", little.body);
    assert_eq!(support.get("/support/downtime.xlsx").await.status, StatusCode::OK);

    let take = format!("/support/downtime/{}/take", school.devices[1].id);
    assert_eq!(support.post(&take, &[]).await.location.as_deref(), Some("/support/downtime?done=taken"));
    let waiting = support.get(&format!("/support/downtime?show=waiting&q={}", school.code)).await;
    assert!(waiting.shows(codes[0]) && !waiting.shows(codes[1]), "{}", waiting.body);
    let audited = "select count(*) from audit where school_id = $1 and action = 'fleet.take_downtime'";
    assert_eq!(database().superuser().await.query_one(audited, &[&school.id.0]).await.unwrap().get::<_, i64>(0), 1);

    // The school reads that both are silent, so that it looks at its line first.
    let director = staff(&school, Role::Director).await.reading("ru");
    let own = director.get(&format!("/{}/downtime", school.code)).await;
    assert!(own.shows("Молчат все устройства школы") && own.shows(codes[0]) && own.shows(codes[1]), "{}", own.body);
    // A neighbour sees nothing of it, and a director no supplier's page.
    let next_door = staff(&neighbour, Role::Director).await;
    assert_eq!(next_door.get(&format!("/{}/downtime", school.code)).await.status, StatusCode::NOT_FOUND);
    let theirs = next_door.get(&format!("/{}/downtime", neighbour.code)).await;
    assert!(theirs.status == StatusCode::OK && !theirs.shows(codes[0]), "{}", theirs.body);
    assert_eq!(director.get("/support/downtime").await.status, StatusCode::FORBIDDEN);
    assert_eq!(director.post(&take, &[]).await.status, StatusCode::FORBIDDEN);
}

async fn school_beside() -> School {
    SchoolBuilder::new().entrances(1).tills(0).build().await
}

#[actix_web::test]
async fn inv_4_planned_work_is_told_before_it_begins_and_does_not_count() {
    let school = school().await;
    let support = Visitor::signed_in(&hire(identity::SUPPLIER.0, Role::Support).await).await.reading("en");
    let now = Clock::System.now();
    let there = (now + hours(2)).to_zoned(jiff::tz::TimeZone::get("Asia/Almaty").unwrap());
    let (day, time, id) = (there.date().to_string(), there.strftime("%H:%M").to_string(), show(fresh(now)));
    let reason = format!("router of {}", school.code);
    let school_id = school.id.to_string();
    let form = |day: &'static str| [("id", id.clone()), ("school", school_id.clone()), ("day", day.to_owned()), ("time", time.clone()), ("hours", "3".to_owned()), ("reason", reason.clone())];
    let post = async |fields: [(&'static str, String); 6]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        support.post("/support/maintenance", &fields).await
    };
    let late = post(form("2026-11-01")).await;
    assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && late.shows("from now on"), "{}", late.body);
    for _ in 0..2 {
        let mut fields = form("");
        fields[2].1.clone_from(&day);
        assert_eq!(post(fields).await.location.as_deref(), Some("/support/maintenance?done=planned"));
    }
    let planned = "select count(*) from maintenance where school_id = $1";
    let db = database().superuser().await;
    assert_eq!(db.query_one(planned, &[&school.id.0]).await.unwrap().get::<_, i64>(0), 1, "sent twice, planned once");
    assert!(support.get("/support/maintenance").await.shows(&reason));
    assert!(staff(&school, Role::Director).await.get(&format!("/{}/downtime", school.code)).await.shows(&reason), "the school reads it beforehand");
    let explained = "insert into maintenance (school_id, id, from_at, to_at, reason, planned_at) values ($1, $2, now() - interval '1 hour', now() + interval '1 hour', 'too late', now())";
    assert!(db.execute(explained, &[&school.id.0, &fresh(now)]).await.is_err(), "nobody plans what has begun");

    let off = support.post(&format!("/support/maintenance/{id}/call-off"), &[]).await;
    assert_eq!(off.location.as_deref(), Some("/support/maintenance?done=called-off"));
    assert!(!staff(&school, Role::Director).await.get(&format!("/{}/downtime", school.code)).await.shows(&reason), "nobody reads of what was called off");
}

#[actix_web::test]
async fn planned_work_explains_what_begins_after_it_was_planned_and_nothing_else() {
    let school = school().await;
    let work = "insert into maintenance (school_id, id, from_at, to_at, reason, planned_at) values ($1, $2, $3, $4, 'router', $5)";
    let (from, to) = (then() + hours(2), then() + hours(5));
    database().superuser().await.execute(work, &[&school.id.0, &fresh(then()), &from, &to, &then()]).await.unwrap();
    let listening = Some(then() - hours(100));
    // Of six hours three were planned.
    hears(&school, 0, Status::Online, then() + MINUTE).await;
    assert_eq!(looks(&school, then() + MINUTE + hours(6), listening).await.longest, hours(3));
    // Another stood still when the work was planned: all of its seven hours count.
    hears(&school, 1, Status::Online, then() - hours(1)).await;
    assert_eq!(looks(&school, then() + hours(6), listening).await.longest, hours(7));
    // Called off after an hour of it: two of the three count again.
    database().superuser().await.execute("update maintenance set called_off_at = $2 where school_id = $1", &[&school.id.0, &(then() + hours(3))]).await.unwrap();
    hears(&school, 1, Status::Online, then() + hours(6)).await;
    assert_eq!(looks(&school, then() + MINUTE + hours(6), listening).await.longest, hours(5));
}

#[actix_web::test]
async fn inv_6_an_act_counts_what_stands_in_the_rows_and_says_the_same_again() {
    let school = school().await;
    hears(&school, 0, Status::Online, "2026-10-05T06:00:00Z".parse().unwrap()).await;
    hears(&school, 0, Status::Online, "2026-10-07T10:00:00Z".parse().unwrap()).await;
    let support = Visitor::signed_in(&hire(identity::SUPPLIER.0, Role::Support).await).await.reading("en");
    let address = format!("/support/downtime/act?school={}&month=2026-10", school.code);
    let (page, again) = (support.get(&address).await, support.get(&address).await);
    assert!(page.shows("52 h 0 min") && page.shows("longer than 48 hours") && page.shows(&school.devices[0].code), "{}", page.body);
    let hash = |page: &str| page.split("id=\"hash\">").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned).expect("a hash");
    assert_eq!(hash(&page.body), hash(&again.body));
    assert_eq!(support.get(&address.replace("/act?", "/act.xlsx?")).await.status, StatusCode::OK);
    for wrong in ["month=2099-01", "month=1", "school=nowhere"] {
        assert_eq!(support.get(&format!("/support/downtime/act?{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}
