//! The audit trail: reads leave their rows before pages are answered, chains show every kind of tampering, pages show it to those meant.

use std::collections::BTreeSet;

use actix_web::{
    http::StatusCode,
    test::TestRequest,
    web::Data,
};
use identity::trail::{self, Expected, Fault, Sight};
use kernel::{
    Ctx,
    audit::{self, Deed, Whose},
    clock::Clock,
    db::{Db, DbRole, Scope},
    id::{PersonId, Uuid},
    right::Role,
};
use serde_json::json;
use shanyraq::{config::Config, town::School};
use testkit::{
    Patience, SchoolBuilder, database, eventually, pool, scope_of,
    source::{File, files, routes, rust},
};
use tokio_postgres::{Client, error::SqlState};
use web::{Catalog, Memory, Mode, Site};

use crate::visitor::Visitor;

/// A school with a chain of its own, and the superuser who may do anything to it.
struct Chain {
    school: School,
    root: Client,
    web: Db,
}

impl Chain {
    /// So many rows, all chained.
    async fn of(rows: usize) -> Self {
        let chain = Self { school: SchoolBuilder::new().build().await, root: database().superuser().await, web: pool(DbRole::Web) };
        chain.add(rows).await;
        chain.grow().await;
        assert_eq!(chain.fault(None).await, None);
        chain
    }

    async fn add(&self, rows: usize) {
        let ctx = Ctx::system("test", scope_of(&self.school), Clock::System);
        for number in 0..rows {
            let deed = Deed { school: self.school.id, action: "test.act", subject_kind: "person", subject: Some(self.school.pupils[0].id.0), detail: json!({ "number": number }) };
            self.web.run(&ctx.scope, async |tx| audit::record(tx, &ctx, deed.clone()).await).await.unwrap();
        }
    }

    /// Another test may be at it at this moment: there is one chainer at a time.
    async fn grow(&self) {
        let jobs = pool(DbRole::Jobs);
        eventually(
            "every row is chained",
            Patience::default(),
            || async {
                trail::chain(&jobs, &scope_of(&self.school), Clock::System.now()).await.unwrap();
                self.root.query_one("select count(*) from audit_pending where school_id = $1", &[&self.school.id]).await.unwrap().get::<_, i64>(0)
            },
            |waiting| *waiting == 0,
        )
        .await;
    }

    async fn fault(&self, expected: Option<Expected>) -> Option<Fault> {
        trail::verify(&pool(DbRole::Report), self.school.id, expected).await.unwrap().fault
    }

    /// Does something to the tables as nobody of the application could; `$1` is the school.
    async fn tamper(&self, sql: &str) {
        let touched = self.root.execute(sql, &[&self.school.id]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        assert!(touched > 0, "{sql}: touched nothing");
    }
}

/// The row of a link.
const ROW_OF: &str = "(select audit_id from audit_chain where school_id = $1 and n = ";

#[tokio::test]
async fn an_edited_row_is_found() {
    for edit in ["person_id = gen_random_uuid()", "role = 'teacher'", "action = 'test.other'", "detail = '{}'", "whose = '{}'", "address = '203.0.113.7'", "device = ''", "reason = 'because'", "at = at + interval '1 microsecond'"] {
        let chain = Chain::of(4).await;
        chain.tamper(&format!("update audit set {edit} where school_id = $1 and id = {ROW_OF} 3)")).await;
        // A row whose time was changed is not found where its link looks for it.
        let expected = if edit.starts_with("at") { Fault::RowGone(3) } else { Fault::Changed(3) };
        assert_eq!(chain.fault(None).await, Some(expected), "{edit}");
    }
}

#[tokio::test]
async fn a_deleted_row_is_found_with_or_without_its_link() {
    let chain = Chain::of(4).await;
    chain.tamper(&format!("delete from audit where school_id = $1 and id = {ROW_OF} 2)")).await;
    assert_eq!(chain.fault(None).await, Some(Fault::RowGone(2)));
    chain.tamper("delete from audit_chain where school_id = $1 and n = 2").await;
    assert_eq!(chain.fault(None).await, Some(Fault::LinkMissing(2)));
    chain.tamper("update audit_chain set n = n - 1 where school_id = $1 and n > 2").await;
    assert_eq!(chain.fault(None).await, Some(Fault::Changed(2)));
}

#[tokio::test]
async fn rows_that_changed_places_are_found() {
    let chain = Chain::of(4).await;
    chain.tamper("update audit_chain set n = n + 100 where school_id = $1 and n in (2, 3)").await;
    chain.tamper("update audit_chain set n = 105 - n where school_id = $1 and n > 100").await;
    assert_eq!(chain.fault(None).await, Some(Fault::Changed(2)));
}

#[tokio::test]
async fn a_row_slipped_in_is_found() {
    let slipped = "insert into audit (school_id, at, id, role, action, subject_kind) select school_id, at + interval '1 microsecond', gen_random_uuid(), 'test', 'test.slipped', 'x'
                   from audit_chain where school_id = $1 and n = 2";
    // Past the trigger, and not in the queue: it stands beside the chain.
    let chain = Chain::of(4).await;
    chain.root.batch_execute("set session_replication_role = replica").await.unwrap();
    chain.tamper(slipped).await;
    assert!(matches!(chain.fault(None).await, Some(Fault::Outside(_))));
    // Given a link between two others.
    chain.tamper("update audit_chain set n = n + 1000 where school_id = $1 and n > 2").await;
    chain.tamper("update audit_chain set n = n - 999 where school_id = $1 and n > 1000").await;
    chain
        .tamper("insert into audit_chain (school_id, n, at, audit_id, hash, chained_at)
                 select a.school_id, 3, a.at, a.id, sha256('x'), now() from audit a where a.school_id = $1 and a.action = 'test.slipped'")
        .await;
    assert_eq!(chain.fault(None).await, Some(Fault::Changed(3)));
    // Left to the chainer like any other, with a time that is long past.
    let chain = Chain::of(4).await;
    chain.tamper(&slipped.replace("1 microsecond", "-2 hours")).await;
    chain.grow().await;
    assert_eq!(chain.fault(None).await, Some(Fault::OutOfTime(5)));
}

#[tokio::test]
async fn a_chain_cut_short_is_found() {
    let chain = Chain::of(4).await;
    let told = trail::verify(&pool(DbRole::Report), chain.school.id, None).await.unwrap();
    let told = Expected { n: told.links, hash: told.hash };
    chain.tamper(&format!("delete from audit where school_id = $1 and id = {ROW_OF} 4)")).await;
    chain.tamper("delete from audit_chain where school_id = $1 and n = 4").await;
    assert_eq!(chain.fault(None).await, Some(Fault::CutShort(4)));
    // The forger thinks of the head too; the log still knows.
    chain.root.batch_execute("set session_replication_role = replica").await.unwrap();
    chain.tamper("update audit_head h set n = c.n, hash = c.hash from audit_chain c where h.school_id = $1 and c.school_id = $1 and c.n = 3").await;
    assert_eq!(chain.fault(None).await, None, "nothing inside the database says so any more");
    assert_eq!(chain.fault(Some(told)).await, Some(Fault::CutShort(4)));
    // And goes on with rows of their own: the number is there again, the hash is not.
    chain.add(2).await;
    chain.root.batch_execute("set session_replication_role = default").await.unwrap();
    chain.grow().await;
    assert_eq!(chain.fault(None).await, None);
    assert_eq!(chain.fault(Some(told)).await, Some(Fault::HeadDiffers(4)));
}

#[tokio::test]
async fn a_head_that_was_touched_is_found() {
    let chain = Chain::of(4).await;
    chain.tamper("update audit_head set hash = sha256('x') where school_id = $1").await;
    assert_eq!(chain.fault(None).await, Some(Fault::HeadDiffers(4)));
    chain.tamper("delete from audit_head where school_id = $1").await;
    assert_eq!(chain.fault(None).await, Some(Fault::HeadDiffers(4)));
}

#[tokio::test]
async fn a_row_removed_before_it_was_chained_is_found() {
    let chain = Chain::of(2).await;
    chain.add(2).await;
    chain.tamper("delete from audit where school_id = $1 and id = (select audit_id from audit_pending where school_id = $1 order by at limit 1)").await;
    chain.grow().await;
    assert_eq!(chain.fault(None).await, Some(Fault::RowGone(3)));
}

#[tokio::test]
async fn inv_4_many_chainers_at_once_make_one_chain() {
    let chain = Chain::of(1).await;
    for _ in 0..5 {
        chain.add(20).await;
        let (db, scope, now) = (pool(DbRole::Jobs), scope_of(&chain.school), Clock::System.now());
        let at_once = futures_util::future::join_all((0..4).map(|_| trail::chain(&db, &scope, now))).await;
        let rows: Vec<usize> = at_once.into_iter().map(|chained| chained.unwrap().rows).collect();
        assert!(rows.iter().filter(|rows| **rows > 0).count() <= 1, "one at a time: {rows:?}");
        let neither = "select count(*) from audit a where school_id = $1 and not exists (select from audit_pending p where p.audit_id = a.id)
                       and not exists (select from audit_chain c where c.audit_id = a.id)";
        assert_eq!(chain.root.query_one(neither, &[&chain.school.id]).await.unwrap().get::<_, i64>(0), 0);
    }
    chain.grow().await;
    let found = trail::verify(&pool(DbRole::Report), chain.school.id, None).await.unwrap();
    assert_eq!((found.links, found.waiting, found.fault), (101, 0, None));
}

#[tokio::test]
async fn rows_wait_until_they_are_chained_and_neighbours_do_not_matter() {
    let (chain, neighbour) = (Chain::of(2).await, Chain::of(3).await);
    chain.add(3).await;
    let found = trail::verify(&pool(DbRole::Report), chain.school.id, None).await.unwrap();
    assert_eq!((found.links, found.waiting, found.fault), (2, 3, None));
    neighbour.tamper("update audit set role = 'x' where school_id = $1").await;
    assert_eq!(neighbour.fault(None).await, Some(Fault::Changed(1)));
    assert_eq!(chain.fault(None).await, None);
}

#[tokio::test]
async fn inv_2_no_role_of_the_application_changes_what_was_written() {
    let chain = Chain::of(2).await;
    let school = chain.school.id.0;
    for role in ["shanyraq_web", "shanyraq_engine", "shanyraq_jobs", "shanyraq_report"] {
        let db = database().connect_as(role).await;
        db.execute("select set_config('shanyraq.schools', $1, false)", &[&school.to_string()]).await.unwrap();
        for table in ["audit", "audit_chain"] {
            for sql in [format!("update {table} set at = at"), format!("delete from {table}"), format!("truncate {table}")] {
                let refused = db.batch_execute(&sql).await.unwrap_err();
                assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{role}: {sql}");
            }
        }
        let refused = db.batch_execute("update audit_head set n = 1").await.unwrap_err();
        let why = if role == "shanyraq_jobs" { SqlState::CHECK_VIOLATION } else { SqlState::INSUFFICIENT_PRIVILEGE };
        assert_eq!(refused.code(), Some(&why), "{role}: the head of a chain goes forward only");
        assert!(db.batch_execute("delete from audit_head").await.is_err(), "{role}");
    }
}

#[tokio::test]
async fn the_command_says_which_school_and_ends_badly_when_one_is_broken() {
    let (sound, broken) = (Chain::of(3).await, Chain::of(3).await);
    broken.tamper("update audit set role = 'x' where school_id = $1").await;
    let mut config = Config::default();
    config.database.url = database().app_url();
    let report = |code: String| {
        let config = config.clone();
        async move { shanyraq::audit::verify(&config, Some(&code), None).await.unwrap().remove(0) }
    };
    let (good, bad) = (report(sound.school.code.clone()).await, report(broken.school.code.clone()).await);
    assert!(good.is_sound() && good.to_string().starts_with(&format!("ok      {}: 3 links", sound.school.code)), "{good}");
    assert!(!bad.is_sound() && bad.to_string().starts_with(&format!("BROKEN  {}: link 1 ", broken.school.code)), "{bad}");
    assert!(matches!(shanyraq::audit::verify(&config, Some("nobody"), None).await, Err(shanyraq::audit::AuditError::NoSuchSchool(_))));
    assert!(matches!(shanyraq::audit::verify(&config, Some(&sound.school.code), Some("7")).await, Err(shanyraq::audit::AuditError::Expect)));
}

/// Rows of a school: action, role, kind of whose, whose.
async fn rows_of(school: &School) -> Vec<(String, String, String, Vec<Uuid>)> {
    let root = database().superuser().await;
    let rows = root.query("select action, role, whose_kind, whose from audit where school_id = $1 order by at, id", &[&school.id]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

fn login_of(school: &School, role: Role) -> &str {
    &school.staff.iter().find(|employee| employee.role == role).unwrap().login
}

#[actix_web::test]
async fn inv_5_what_a_page_shows_is_written_down_by_ids_with_role_and_origin() {
    let school = SchoolBuilder::new().pupils(22).build().await;
    let director = Visitor::signed_in(login_of(&school, Role::Director)).await;
    let pupil = &school.pupils[0];
    assert_eq!(director.get(&format!("/{}/pupils?q={}", school.code, web::failure::encoded(&pupil.name))).await.status, StatusCode::OK);
    assert_eq!(director.get(&format!("/{}/pupils/{}", school.code, pupil.id)).await.status, StatusCode::OK);
    assert_eq!(director.get(&format!("/{}/pupils", school.code)).await.status, StatusCode::OK);

    let rows: Vec<_> = rows_of(&school).await.into_iter().filter(|row| row.0.starts_with("people.")).collect();
    assert_eq!(rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["people.list_pupils", "people.see_pupil", "people.list_pupils"]);
    assert!(rows.iter().all(|row| row.1 == "director" && row.2 == "persons"));
    assert!(rows[0].3.contains(&pupil.id.0) && rows[1].3.contains(&pupil.id.0) && pupil.guardians.iter().all(|guardian| rows[1].3.contains(&guardian.0)));
    assert_eq!(rows[2].3.len(), 22);

    let root = database().superuser().await;
    let text: String = root.query_one("select string_agg(a::text, ' ') from audit a where school_id = $1", &[&school.id]).await.unwrap().get(0);
    for word in pupil.name.split(' ') {
        assert!(!text.contains(word), "{word} is a name");
    }
    let origin = root.query_one("select count(*) filter (where address is not null) from audit where school_id = $1 and action like 'people.%'", &[&school.id]).await.unwrap();
    assert_eq!(origin.get::<_, i64>(0), 3);
}

/// A site of its own on a database of its own, where something can be taken away.
async fn site_on(url: &str) -> Data<Site> {
    Data::new(Site {
        catalog: Catalog::build(&shanyraq::rooms::locales()).unwrap(),
        db: Db::connect(url, DbRole::Web, 4).unwrap(),
        clock: Clock::System,
        mode: Mode::Test,
        url: "http://127.0.0.1".into(),
        navigation: Vec::new(),
        tasks: Vec::new(),
        rights: shanyraq::rooms::rights().concat(),
        memory: Memory::default(),
    })
}

#[actix_web::test]
async fn inv_1_what_cannot_be_written_down_is_not_shown() {
    let own = database().another("trail_refused").await;
    let site = site_on(&own.app_url()).await;
    let request = TestRequest::get().app_data(site).to_http_request();
    let ctx = Ctx::system("test", Scope::school(identity::SUPPLIER), Clock::System);
    let look = || [Sight::of(identity::SUPPLIER, "test.look", Whose::School)];
    trail::read(&request, &ctx, look()).await.unwrap();
    own.owner().await.batch_execute("revoke insert on audit from shanyraq_web").await.unwrap();
    assert!(matches!(trail::read(&request, &ctx, look()).await, Err(kernel::Error::Busy)));
    own.owner().await.batch_execute("grant insert on audit to shanyraq_web").await.unwrap();
    trail::read(&request, &ctx, look()).await.unwrap();
}

#[actix_web::test]
async fn many_looks_share_few_inserts_and_a_page_that_refreshes_itself_is_one_look() {
    let school = SchoolBuilder::new().build().await;
    let site = site_on(&database().app_url()).await;
    let ctx = Ctx::system("test", scope_of(&school), Clock::System);
    let opened = TestRequest::get().app_data(site.clone()).to_http_request();
    let looks = (0..200).map(|number| trail::read(&opened, &ctx, [Sight::of(school.id, "test.look", Whose::person(PersonId(Uuid::from_u128(number))))]));
    for look in futures_util::future::join_all(looks).await {
        look.unwrap();
    }
    let root = database().superuser().await;
    let counted = root.query_one("select count(*), count(distinct xmin::text) from audit where school_id = $1", &[&school.id]).await.unwrap();
    assert_eq!(counted.get::<_, i64>(0), 200);
    assert!(counted.get::<_, i64>(1) <= 20, "{} transactions", counted.get::<_, i64>(1));

    let refreshed = TestRequest::get().app_data(site.clone()).insert_header(("hx-request", "true")).to_http_request();
    let socket = TestRequest::get().app_data(site).insert_header(("upgrade", "websocket")).to_http_request();
    for request in [&refreshed, &socket, &refreshed, &socket] {
        trail::read(request, &ctx, [Sight::of(school.id, "test.refresh", Whose::School)]).await.unwrap();
    }
    trail::read(&refreshed, &ctx, [Sight::of(school.id, "test.refresh", Whose::Nobody)]).await.unwrap();
    let refreshes = rows_of(&school).await.into_iter().filter(|row| row.0 == "test.refresh").count();
    assert_eq!(refreshes, 2, "once for each of what was shown");
}

#[actix_web::test]
async fn the_responsible_person_searches_the_trail_and_sees_the_chain() {
    let school = SchoolBuilder::new().pupils(22).build().await;
    let chain = Chain { root: database().superuser().await, web: pool(DbRole::Web), school };
    let school = &chain.school;
    let (first, other) = (&school.pupils[0], &school.pupils[1]);
    let administrator = Visitor::signed_in(login_of(school, Role::SchoolAdministrator)).await;
    administrator.get(&format!("/{}/pupils/{}", school.code, first.id)).await;
    let director = Visitor::signed_in(login_of(school, Role::Director)).await.reading("ru");
    director.get(&format!("/{}/pupils/{}", school.code, other.id)).await;
    chain.grow().await;

    let address = format!("/{}/audit", school.code);
    let page = director.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows("Просмотр страницы ученика") && page.shows("Администратор школы") && page.shows("Записи не изменены"), "{}", page.body);
    assert!(page.shows(&first.name) && page.shows(&other.name));
    let of_first = director.get(&format!("{address}?whose={}&action=people.see_pupil", web::failure::encoded(&first.name))).await;
    assert!(of_first.shows(&format!("{}", first.name)) && !of_first.body.split("id=\"rows\"").nth(1).unwrap().contains(&other.name), "{}", of_first.body);
    let before = director.get(&format!("{address}?to=2026-01-01")).await;
    assert!(before.shows("Записей не найдено"));
    for odd in ["?from=x&to=y&after=z", "?from=9999-12-31&to=9999-12-31", "?after=1-00000000000000000000000000", "?who=%25&whose=_"] {
        assert!(!director.get(&format!("{address}{odd}")).await.status.is_server_error(), "{odd}");
    }
    let sheet = director.get(&format!("/{}/audit.xlsx", school.code)).await;
    assert!(sheet.status == StatusCode::OK && sheet.body.starts_with("PK"));

    chain.tamper("update audit set role = 'x' where school_id = $1 and action = 'people.see_pupil'").await;
    assert!(director.get(&address).await.shows("Цепочка записей нарушена"));
}

#[actix_web::test]
async fn a_long_trail_goes_on_where_it_stopped() {
    let chain = Chain::of(120).await;
    let director = Visitor::signed_in(login_of(&chain.school, Role::Director)).await;
    let (mut address, mut seen) = (format!("/{}/audit?action=test.act", chain.school.code), 0);
    loop {
        let page = director.get(&address).await;
        seen += page.body.split("id=\"rows\"").nth(1).map_or(0, |rows| rows.matches("<tr>").count());
        let Some(next) = page.body.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()) else { break };
        address = next.replace("&#38;", "&").replace("&amp;", "&");
    }
    assert_eq!(seen, 120);
}

#[actix_web::test]
async fn a_guardian_sees_who_looked_at_their_child_and_no_names() {
    let school = SchoolBuilder::new().pupils(3).build().await;
    let pupil = &school.pupils[0];
    let root = database().superuser().await;
    root.execute("update person set surname = 'Ерекше' where id = (select person_id from account where login = $1)", &[&login_of(&school, Role::Director)]).await.unwrap();
    let director = Visitor::signed_in(login_of(&school, Role::Director)).await;
    director.get(&format!("/{}/pupils/{}", school.code, pupil.id)).await;
    director.get(&format!("/{}/pupils", school.code)).await;
    let guardian = |pupil: usize| school.guardians.iter().find(|guardian| school.pupils[pupil].guardians.contains(&guardian.id)).unwrap();
    let own = Visitor::signed_in(&guardian(0).login).await.reading("ru");
    own.get("/my").await;
    let page = own.get("/my/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows("Просмотр страницы ученика") && page.shows("Просмотр списка учеников") && page.shows("Директор"), "{}", page.body);
    assert!(!page.shows("Просмотр дня своего ребёнка"), "what one did oneself is not shown");
    assert!(!page.shows("Ерекше"), "the employee is told by the role");
    let other = Visitor::signed_in(&guardian(1).login).await.reading("ru").get("/my/audit").await;
    assert!(!other.shows("Просмотр страницы ученика") && other.shows("Просмотр списка учеников"));
}

/// Pages that show no personal data, or show it by something else that is written down.
const SHOWS_NOBODY: &[(&str, &str)] = &[
    ("/support/downtime", "devices that stand still, and when somebody took them in hand"),
    ("/support/downtime.xlsx", "devices that stand still, and when somebody took them in hand"),
    ("/support/downtime/act", "devices, with hours"),
    ("/support/downtime/act.xlsx", "devices, with hours"),
    ("/support/maintenance", "planned work on devices"),
    ("/{school}/downtime", "the school's devices that stand still"),
    ("/{school}/imports-sample.xlsx", "the empty form of a list"),
    ("/{school}/staff-new", "the empty form of somebody whom nobody knows yet"),
    ("/{school}/announcements", "what the school announced, with numbers of readers"),
    ("/{school}/announcements/new", "an empty form"),
    ("/{school}/announcements/{id}/form", "what the school writes to many"),
    ("/{school}/arrivals/times", "the school's own times"),
    ("/", "leads on, or says that there is nothing"),
    ("/sign-in", "a form"),
    ("/sign-in/code", "a form"),
    ("/join", "a form; whose children a code opens is shown to the answer of a form"),
    ("/account", "one's own account"),
    ("/account/password", "a form"),
    ("/account/devices", "one's own sessions"),
    ("/account/identifiers", "one's own account"),
    ("/account/keys", "one's own keys"),
    ("/kit", "invented people, and only in a demo"),
    ("/kit/dialog", "a component, and only in a demo"),
    ("/kit/job", "a component, and only in a demo"),
    ("/api", "the description of the API"),
    ("/api/v1/openapi.json", "the description of the API"),
    ("/api/v1/schools/{school}/classes", "classes with numbers of pupils"),
    ("/api/v1/me", "ids, roles and rights of whoever asks"),
    ("/account/passkeys", "one's own account"),
    ("/confirm-email", "a form"),
    ("/certificate", "initials, to whoever was shown the paper with the code; of attempts by codes `identity::papers` keeps count"),
    ("/recover", "a form"),
    ("/recover/password", "a form"),
    ("/account/second-factor", "one's own account"),
    ("/account/second-factor/enrol", "one's own secret"),
    ("/{school}/consents.xlsx", "its use case writes the row of the export in its own transaction"),
    ("/{school}/accounts.xlsx", "its use case writes the row of the export in its own transaction"),
    ("/{school}/accounts.csv", "its use case writes the row of the export in its own transaction"),
    ("/{school}/invitations", "classes with numbers of guardians"),
    ("/{school}/organisation", "names of the organisation itself"),
    ("/{school}/roles", "roles with the number of those who hold them"),
    ("/{school}/roles/new", "a form"),
    ("/{school}/roles/{id}", "a role and its rights"),
    ("/assets/{name:.*}", "files of the program"),
    ("/favicon.ico", "a file of the program"),
    ("/sw.js", "a file of the program"),
    ("/my/phones", "one's own phones and browsers"),
    ("/health/live", "for machines"),
    ("/health/ready", "for machines"),
    ("/metrics", "numbers"),
    ("/live/support", "conditions of devices"),
    ("/account/seen", "who looked with one's own eyes, when and why: about oneself"),
    ("/departments", "a redirection"),
    ("/departments/{organisation}", "sums, and no number of people below five"),
    ("/departments/{organisation}/schools.xlsx", "the same sums"),
    ("/my/delegations", "a redirection"),
    ("/support/organisations", "organisations"),
    ("/support/organisations/new", "an empty form"),
    ("/support/organisations/{id}", "an organisation"),
    ("/{school}/roles/delivered/{role}", "roles and rights"),
    ("/support/breaches", "clocks of incidents, without people and texts"),
    ("/{school}/breaches/new", "an empty form"),
    ("/{school}/buildings", "buildings, and nobody in them"),
    ("/{school}/buildings.xlsx", "the same buildings"),
    ("/{school}/buildings/new", "an empty form"),
    ("/{school}/buildings/{id}", "a building as it is and was"),
    ("/{school}/buildings/{id}/form", "what is said of a building"),
    ("/{school}/calendar", "days of the year"),
    ("/{school}/classes", "classes and numbers of pupils; class teachers by name, as on the school’s door"),
    ("/{school}/classes.xlsx", "the same list"),
    ("/{school}/classes.csv", "the same list"),
    ("/{school}/classes/new", "an empty form"),
    ("/{school}/classes/{id}/form", "what is said of a class"),
    ("/{school}/contingent", "numbers"),
    ("/{school}/contingent.xlsx", "the same numbers"),
    ("/{school}/orders", "numbers and dates of orders"),
    ("/api/v1/schools/{school}/orders", "numbers and dates of orders"),
    ("/api/v1/schools/{school}/years", "days of the year"),
    ("/{school}/orders.pdf", "the same, with who of the school made them out"),
    ("/{school}/transfers", "schools that released somebody, and until when; not whom"),
    ("/{school}/retention", "rules and numbers of rows"),
    ("/support/connect", "schools and devices"),
    ("/support/devices", "conditions of devices"),
    ("/support/devices.xlsx", "conditions of devices"),
    ("/support/devices/new", "a form for a device"),
    ("/support/devices/{id}", "events as the device wrote them: numbers of cards, without names"),
    ("/my/audit", "roles and actions; of persons only the guardian's own children by name"),
    ("/support/undelivered", "channels, causes and numbers"),
    ("/support/undelivered/cause", "schools, kinds and times; nobody’s name (`delivery::undelivered`, invariant 5)"),
];

/// The text of a function and of all in its file that it calls.
fn reached(file: &File, handler: &str) -> String {
    let text = rust(&file.text).uncommented;
    let body = |name: &str| {
        let after = text.split(&format!("fn {name}(")).nth(1).or_else(|| text.split(&format!("fn {name}<")).nth(1))?;
        Some(after.split("\n}\n").next().unwrap_or(after).to_owned())
    };
    let names: BTreeSet<&str> = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next()).collect();
    let (mut all, mut seen, mut next) = (String::new(), BTreeSet::new(), vec![handler]);
    while let Some(name) = next.pop() {
        if !seen.insert(name) {
            continue;
        }
        let Some(body) = body(name) else { continue };
        next.extend(names.iter().filter(|other| body.contains(&format!("{other}("))).copied());
        all.push_str(&body);
    }
    all
}

#[test]
fn every_page_that_shows_people_writes_it_down() {
    let mut wrong = Vec::new();
    let routes = routes().unwrap_or_else(|unreadable| panic!("{}", unreadable.join("\n")));
    for route in routes.iter().filter(|route| route.method == "GET") {
        let file = files().iter().find(|file| file.path == route.file).unwrap();
        let body = reached(file, &route.handler);
        let writes = ["trail::read(", "reading::read("].iter().any(|call| body.split(call).skip(1).any(|rest| rest.split(';').next().is_some_and(|end| end.ends_with(".await?"))));
        match (writes, SHOWS_NOBODY.iter().any(|(path, _)| *path == route.path)) {
            (false, false) => wrong.push(format!("{}: await `identity::trail::read` before answering, or list it in tests/it/trail.rs with its reason ({})", route.path, route.file)),
            (true, true) => wrong.push(format!("{} writes down what it shows: take it off the list", route.path)),
            _ => {}
        }
    }
    let gone = SHOWS_NOBODY.iter().filter(|(path, _)| !routes.iter().any(|route| route.method == "GET" && route.path == *path));
    wrong.extend(gone.map(|(path, _)| format!("{path} is no route any more: take it off the list")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_action_of_the_trail_has_its_words() {
    let catalog = Catalog::build(&shanyraq::rooms::locales()).unwrap();
    let mut silent = BTreeSet::new();
    for file in files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests")) {
        if !["audit::record", "trail::read(", "reading::read("].iter().any(|call| file.text.contains(call)) {
            continue;
        }
        // An action is `room.verb` in a file that writes rows; a refusal looks alike and says so.
        let text = rust(&file.text);
        let refused = |action: &str| file.text.contains(&format!("Refused(\"{action}\")"));
        let files_name = |text: &str| [".html", ".svg", ".css", ".js", ".png"].iter().any(|ending| text.ends_with(ending));
        for literal in text.literals.into_iter().filter(|literal| !files_name(&literal.text)) {
            let plain = literal.text.split_once('.').is_some_and(|(room, verb)| [room, verb].iter().all(|part| !part.is_empty() && part.chars().all(|one| one.is_ascii_lowercase() || one == '_')));
            if plain && !refused(&literal.text) && !shanyraq::rooms::rights().into_iter().flatten().any(|(right, _)| right.0 == literal.text) {
                let key = format!("trail-action-{}", literal.text.replace(['.', '_'], "-"));
                if !catalog.has(&key) {
                    silent.insert(format!("{}: {key}", file.path));
                }
            }
        }
    }
    assert!(silent.is_empty(), "say in hub/identity/locales/*/trail.ftl what was done:\n{}", silent.into_iter().collect::<Vec<_>>().join("\n"));
}
