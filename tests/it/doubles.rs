//! Doubles from outside: found, told apart, merged into one wherever rows hold them, undone exactly; and the warning before the next one.

use actix_web::http::StatusCode;
use futures_util::future::join;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database};

use crate::{
    rights::hire,
    roles::staff,
    visitor::{Seen, Visitor},
};

fn id() -> String {
    show(fresh(Clock::System.now()))
}

/// Writes the first pupil down a second time: in the same class, with a guardian, a phone, passes, consents and a login of their own.
async fn double_of(school: &School) -> Uuid {
    let (double, school_id, pupil, device) = (fresh(Clock::System.now()), school.id.0, school.pupils[0].id.0, school.devices[0].id.0);
    let guardian = school.guardians.iter().find(|guardian| !school.pupils[0].guardians.contains(&guardian.id)).expect("another family").id.0;
    let rows = format!(
        "insert into person (id, surname, given_name, patronymic, birth_date, locale) select '{double}', upper(surname), given_name, null, birth_date, 'ru' from person where id = '{pupil}';
         insert into school_person (school_id, person_id, valid_from) values ('{school_id}', '{double}', '2026-10-01');
         insert into enrolment (school_id, pupil_id, class_id, valid_from) select school_id, '{double}', class_id, '2026-10-01' from enrolment where school_id = '{school_id}' and pupil_id = '{pupil}' and valid_to is null;
         insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ('{school_id}', '{double}', '{guardian}', 'father', '2026-10-01');
         insert into person_value (school_id, id, person_id, field, value) values ('{school_id}', gen_random_uuid(), '{double}', 'phone', '+77019990000'), ('{school_id}', gen_random_uuid(), '{double}', 'address', 'Абай көшесі, 1');
         insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
           select '{school_id}', '{double}', '2026-11-20T03:00:00Z', '{device}', 'd', n, '2026-11-20T03:00:00Z', 'in', 'card', false from generate_series(1, 30) n;
         insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how)
           values ('{school_id}', gen_random_uuid(), '{double}', 'photos', 'given', '{guardian}', array['{double}'::uuid, '{guardian}'], now(), 1, 'kk', 'on_screen');
         insert into account (id, person_id, login, password_hash) values (gen_random_uuid(), '{double}', 'double-{double}', 'x');
         insert into person_iin (person_id, lookup, sealed, set_at, set_by) values ('{double}', sha256('{double}'), 'x', now(), '{guardian}');"
    );
    database().superuser().await.batch_execute(&rows).await.unwrap();
    double
}

/// Every column of every table that holds somebody, as the catalogue knows them.
async fn holding(who: Uuid) -> Vec<String> {
    let db = database().superuser().await;
    let columns = "select c.relname::text, a.attname::text, a.atttypid = 'uuid[]'::regtype from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype) order by 1, 2";
    let parts: Vec<String> = db.query(columns, &[]).await.unwrap().iter().map(|row| {
        let (table, column, is_array): (String, String, bool) = (row.get(0), row.get(1), row.get(2));
        let holds = if is_array { format!("'{who}' = any(t.{column})") } else { format!("t.{column} = '{who}'") };
        format!("select '{table}.{column}' where exists (select from {table} t where {holds})")
    }).collect();
    db.query(&parts.join(" union all "), &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// All that the school has, but for the audit and the memory of merges.
async fn everything(school: &School, double: Uuid) -> String {
    let db = database().superuser().await;
    let tables = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' where c.relnamespace = 'public'::regnamespace
                  and c.relkind in ('r', 'p') and not c.relispartition and c.relname !~ '^(audit|person_merge)' order by 1";
    let mut parts: Vec<String> = db.query(tables, &[]).await.unwrap().iter().map(|row| {
        let table: String = row.get(0);
        format!("select '{table}' as name, to_jsonb(t)::text as row from {table} t where school_id = '{}'", school.id.0)
    }).collect();
    parts.extend(["person", "account", "person_iin"].map(|table| {
        let column = if table == "person" { "id" } else { "person_id" };
        // A sign-in of a test in between is none of ours.
        format!("select '{table}', (to_jsonb(t) - 'signed_in_at')::text from {table} t where {column} in ('{}', '{double}')", school.pupils[0].id.0)
    }));
    let sql = format!("select coalesce(string_agg(name || ' ' || row, chr(10) order by name, row), '') from ({}) x", parts.join(" union all "));
    db.query_one(&sql, &[]).await.unwrap().get(0)
}

async fn merge(school: &School, by: &Visitor, id: &str, kept: Uuid, gone: Uuid, taken: &[(&str, &str)]) -> Seen {
    let (kept, gone) = (show(kept), show(gone));
    let fields: Vec<(&str, &str)> = [("id", id), ("kept", &kept), ("gone", &gone)].into_iter().chain(taken.iter().copied()).collect();
    by.post(&format!("/{}/doubles/pair", school.code), &fields).await
}

#[actix_web::test]
async fn inv_1_who_looks_alike_is_found_and_who_is_told_apart_is_not() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    let list = format!("/{}/doubles", school.code);
    let double = double_of(&school).await;
    let (one, other) = (school.pupils[0].id.0.min(double), school.pupils[0].id.0.max(double));
    let pair = format!("a={}&#38;b={}", show(one), show(other));
    let found = director.get(&list).await;
    assert!(found.shows(&pair) && found.shows("туған күні бірдей"), "{}", found.body);
    assert!(!director.get(&format!("{list}?kind=staff")).await.shows(&pair));
    assert_eq!(teacher.get(&list).await.status, StatusCode::FORBIDDEN);
    for (path, shown) in [("apart", false), ("together", true)] {
        for _ in 0..2 {
            assert_eq!(director.post(&format!("{list}/{path}"), &[("a", &show(one)), ("b", &show(other))]).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(director.get(&list).await.shows(&pair), shown, "{path}");
        assert_eq!(director.get(&format!("{list}?state=apart")).await.shows(&pair), !shown, "{path}");
    }
    let side = director.get(&format!("{list}/pair?a={}&b={}", show(one), show(other))).await;
    assert!(side.shows("+77019990000") && side.shows("Абай көшесі, 1") && side.shows("name=\"take-phone\""), "{}", side.body);
}

#[actix_web::test]
async fn inv_2_4_5_and_6_a_merge_leaves_nothing_behind_and_its_undo_nothing_changed() {
    let school = SchoolBuilder::new().build().await;
    let (director, administrator) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await);
    let (double, kept, form) = (double_of(&school).await, school.pupils[0].id.0, id());
    let before = everything(&school, double).await;
    // By two at once, and again: done once.
    let taken = [("take-phone", "gone"), ("take-surname", "kept"), ("take-address", "gone")];
    let (one, other) = join(merge(&school, &director, &form, kept, double, &taken), merge(&school, &administrator, &form, kept, double, &taken)).await;
    assert_eq!([one.status, other.status], [StatusCode::SEE_OTHER; 2], "{}{}", one.body, other.body);
    assert_eq!(merge(&school, &director, &id(), kept, double, &taken).await.status, StatusCode::NOT_FOUND, "who went is nobody of the school");
    let left: Vec<String> = holding(double).await.into_iter().filter(|place| !place.starts_with("audit")).collect();
    assert_eq!(left, ["person.id", "person_merge.gone_id"], "no row of any table holds who went");
    let name: String = database().superuser().await.query_one("select surname || given_name from person where id = $1", &[&double]).await.unwrap().get(0);
    assert_eq!(name, "——", "and nobody is called so");
    let page = director.get(&format!("/{}/pupils/{}", school.code, show(double))).await;
    assert_eq!(page.location.as_deref(), Some(format!("/{}/pupils/{}", school.code, show(kept)).as_str()), "old links lead on");
    let card = director.get(&format!("/{}/pupils/{}/contacts", school.code, show(kept))).await;
    assert!(card.shows("+77019990000") && card.shows("Абай көшесі, 1"), "{}", card.body);
    let passes: i64 = database().superuser().await.query_one("select count(*) from pass where school_id = $1 and person_id = $2", &[&school.id.0, &kept]).await.unwrap().get(0);
    assert_eq!(passes, 30);
    // Something follows: the undo is refused and changes nothing.
    let phone = "update person_value set value = $3 where school_id = $1 and person_id = $2 and field = 'phone' and ended_at is null";
    database().superuser().await.execute(phone, &[&school.id.0, &kept, &"+77770000000"]).await.unwrap();
    let merged = everything(&school, double).await;
    let undo = format!("/{}/doubles/undo", school.code);
    let refused = director.post(&undo, &[("merge", &form)]).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.shows("өзгеріп үлгерді"), "{}", refused.body);
    assert_eq!(everything(&school, double).await, merged);
    database().superuser().await.execute("update kinship set kind = 'other' where school_id = $1 and pupil_id = $2 and valid_from = '2026-10-01'", &[&school.id.0, &kept]).await.unwrap();
    database().superuser().await.execute(phone, &[&school.id.0, &kept, &"+77019990000"]).await.unwrap();
    assert_eq!(director.post(&undo, &[("merge", &form)]).await.status, StatusCode::CONFLICT, "a moved row is another one now");
    database().superuser().await.execute("update kinship set kind = 'father' where school_id = $1 and pupil_id = $2 and valid_from = '2026-10-01'", &[&school.id.0, &kept]).await.unwrap();
    for _ in 0..2 {
        assert_eq!(administrator.post(&undo, &[("merge", &form)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(everything(&school, double).await, before, "every row as it was");
    assert_eq!(director.get(&format!("/{}/pupils/{}/contacts", school.code, show(double))).await.status, StatusCode::OK);
    let told = database().superuser().await;
    let told = told.query("select action, detail::text from audit where school_id = $1 and action in ('people.merge', 'people.undo_merge') order by at", &[&school.id.0]).await.unwrap();
    assert_eq!(told.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["people.merge", "people.undo_merge"]);
    assert!(told.iter().all(|row| !row.get::<_, String>(1).contains("7701")), "ids and names of fields");
    // A day later there is no way back.
    let again = id();
    assert_eq!(merge(&school, &director, &again, kept, double, &[]).await.status, StatusCode::SEE_OTHER);
    database().superuser().await.execute("update person_merge set merged_at = merged_at - interval '25 hours' where school_id = $1", &[&school.id.0]).await.unwrap();
    let late = director.post(&undo, &[("merge", &again)]).await;
    assert!(late.status == StatusCode::CONFLICT && late.shows("Бір тәулік өтіп кетті"), "{}", late.body);
}

#[actix_web::test]
async fn inv_3_what_cannot_be_merged_is_refused_with_its_own_sentence() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let (double, kept, db) = (double_of(&school).await, school.pupils[0].id.0, database().superuser().await);
    let (school_id, guardian, device) = (school.id.0, school.pupils[0].guardians[0].0, school.devices[0].id.0);
    let class: Uuid = db.query_one("select id from school_class where school_id = $1 and id <> (select class_id from enrolment where school_id = $1 and pupil_id = $2 and valid_to is null) limit 1", &[&school_id, &kept]).await.map_or_else(|_| Uuid::nil(), |row| row.get(0));
    let other_class = if class.is_nil() { fresh(Clock::System.now()) } else { class };
    db.execute("insert into school_class (school_id, id, grade, letter, language, valid_from) values ($1, $2, 9, 'Ю', 'kk', '2026-09-01') on conflict do nothing", &[&school_id, &other_class]).await.unwrap();
    let before = everything(&school, double).await;
    let obstacles = [
        ("Бірін басқа мектеп те біледі", format!("insert into school_person (school_id, person_id, valid_from) values ('{}', '{double}', '2026-09-01')", neighbour.id.0), format!("delete from school_person where school_id = '{}' and person_id = '{double}'", neighbour.id.0)),
        ("Екеуінің де ЖСН-і бар", format!("insert into person_iin (person_id, lookup, sealed, set_at) values ('{kept}', sha256('{kept}'), 'x', now())"), format!("delete from person_iin where person_id = '{kept}'")),
        ("Бір күнде екі сыныпта тұр", format!("update enrolment set class_id = '{other_class}' where school_id = '{school_id}' and pupil_id = '{double}'"), format!("update enrolment set class_id = (select class_id from enrolment where school_id = '{school_id}' and pupil_id = '{kept}' and valid_to is null) where school_id = '{school_id}' and pupil_id = '{double}'")),
        ("Екеуінің де логині бар", format!("insert into account (id, person_id, login, password_hash, signed_in_at) values ('{kept}', '{kept}', 'kept-{kept}', 'x', now()); update account set signed_in_at = now() where person_id = '{double}'"), format!("delete from account where person_id = '{kept}'; update account set signed_in_at = null where person_id = '{double}'")),
        ("Бірі екіншісінің ата-анасы", format!("insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ('{school_id}', '{kept}', '{double}', 'other', '2026-09-01')"), format!("delete from kinship where school_id = '{school_id}' and guardian_id = '{double}'")),
        ("Бірі оқушы, екіншісі ересек", format!("insert into staff_line (school_id, id, person_id, kind, title, sort, rate, valid_from, set_by, set_at) values ('{school_id}', '{double}', '{double}', 'post', 'teacher', 'main', 100, '2026-09-01', '{guardian}', now())"), format!("delete from staff_line where school_id = '{school_id}' and id = '{double}'")),
        ("Құпия жазбасы бар адам қалсын", format!("insert into vault_key (school_id, realm, generation, sealed, created_at) values ('{school_id}', 'health', 1, sha256('x'), now()); insert into confidential_record (school_id, id, record_id, version, person_id, realm, generation, sealed, written_by, written_at) values ('{school_id}', '{device}', '{device}', 1, '{double}', 'health', 1, sha256('x'), '{guardian}', now())"), format!("delete from confidential_record where school_id = '{school_id}'; delete from vault_key where school_id = '{school_id}'")),
    ];
    for (says, obstacle, remove) in obstacles {
        db.batch_execute(&obstacle).await.unwrap();
        let shown = director.get(&format!("/{}/doubles/pair?a={}&b={}", school.code, show(kept), show(double))).await;
        assert!(shown.status == StatusCode::OK && shown.shows(says) && !shown.shows("data-confirm=\"Оң"), "{says}: {}", shown.body);
        let refused = merge(&school, &director, &id(), kept, double, &[]).await;
        assert!(refused.status == StatusCode::CONFLICT && refused.shows(says), "{says}: {}", refused.body);
        db.batch_execute(&remove).await.unwrap();
    }
    assert_eq!(everything(&school, double).await, before, "nothing was moved");
    let stranger = merge(&school, &director, &id(), kept, neighbour.pupils[0].id.0, &[]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn who_is_here_already_is_named_before_somebody_is_written_down_again() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let db = database().superuser().await;
    let row = db.query_one("select p.surname, p.given_name, p.birth_date::text, e.class_id from person p join enrolment e on e.school_id = $1 and e.pupil_id = p.id where p.id = $2", &[&school.id.0, &school.pupils[0].id.0]).await.unwrap();
    let (surname, given_name, born, class): (String, String, String, Uuid) = (row.get(0), row.get(1), row.get(2), row.get(3));
    let (form, class) = (id(), show(class));
    let fields = [("id", form.as_str()), ("surname", &given_name), ("given_name", &surname), ("birth_date", &born), ("class", &class), ("on", "2026-09-01"), ("kind", "new")];
    let path = format!("/{}/enrol", school.code);
    let warned = director.post(&path, &fields).await;
    assert!(warned.status == StatusCode::UNPROCESSABLE_ENTITY && warned.shows(&format!("/pupils/{}", school.pupils[0].id)) && warned.shows("name=\"anyway\""), "{}", warned.body);
    let mut sure: Vec<(&str, &str)> = fields.into();
    sure.push(("anyway", "1"));
    for _ in 0..2 {
        assert_eq!(director.post(&path, &sure).await.status, StatusCode::SEE_OTHER);
    }
    hire(school.id.0, Role::Teacher).await;
    let hired = [("surname", "Қызметкер"), ("given_name", "Маман"), ("title", "teacher"), ("sort", "main"), ("rate", "1"), ("from", "2026-09-01")];
    let path = format!("/{}/staff-new", school.code);
    let warned = director.post(&path, &hired).await;
    assert!(warned.status == StatusCode::UNPROCESSABLE_ENTITY && warned.shows("Мектепте осындай адам бар") && warned.shows("value=\"Маман\""), "{}", warned.body);
    let mut sure: Vec<(&str, &str)> = hired.into();
    sure.push(("anyway", "1"));
    assert_eq!(director.post(&path, &sure).await.status, StatusCode::SEE_OTHER);
}
