//! Tenancy: a school sees its own rows and no neighbour's, under every role of the application, through every table, view, part of a
//! table and function.
//!
//! Two kinds of proof. The catalogue: what PostgreSQL says of every object there is, so that a new table cannot forget its policy.
//! The attack: signed in as the neighbour, everything is tried on a school that has at least one row in every tenant table. The attack
//! has been seen to succeed: with one policy taken away it reports the leak.

use std::collections::BTreeSet;

use shanyraq::town::School;
use testkit::{SchoolBuilder, database};
use tokio_postgres::{Client, error::SqlState};

const ROLES: [&str; 4] = ["shanyraq_web", "shanyraq_engine", "shanyraq_jobs", "shanyraq_report"];
/// Tables that belong to no school, each with its reason.
const GLOBAL: &[&str] = &[
    "organisation",              // names and codes of schools are no secret
    "person",                    // one human in several schools; seen through school_person by a policy of its own
    "person_iin",                // of a person, seen as the person is
    "account",                   // one login in several schools
    "session",                   // of an account
    "account_totp",              // of an account
    "account_recovery_code",     // of an account
    "account_half_open",         // of an account
    "account_identifier",        // of an account
    "account_email_question",    // of an account
    "account_recovery",          // of an account
    "account_key",               // of an account
    "account_key_code",          // of an account
    "account_key_proof",         // of a device's key, whoever's it is
    "account_passkey",           // of an account
    "account_passkey_question",  // of an account, or of nobody yet
    "social_category",           // reference data, the same for all
    "pension_age",               // reference data, the same for all
    "day_off",                   // reference data, the same for all
    "school_year_span",          // reference data, the same for all
    "schooling_norm",            // reference data, the same for all
    "retention_rule",            // reference data, the same for all
    "retention_run",             // numbers of rows, over all schools
    "consent_purpose",           // reference data, the same for all
    "consent_text",              // reference data, the same for all
    "push_token",                // a phone belongs to a person; a policy of its own
    "delivery_link_code",        // of a person; a policy of its own
    "service_beat",              // when the service itself last listened
    "service_outage",            // when the service itself did not listen
    "delivery_bot",              // up to where a bot was listened to
    "refinery_schema_history",   // migrations
    "shanyraq_schema",           // who migrated last
];
/// Functions that act with the owner's rights, each read by somebody.
const OWNERS_FUNCTIONS: [&str; 17] = ["delivery_carry_wishes", "delivery_wishes_follow", "people_merge_facts", "people_merge_counts", "people_merge_move", "people_merge_seal", "people_merge_undo", "identity_works_elsewhere", "ensure_partitions", "delivery_claim_push_token", "retention_parts", "retention_drop_parts", "erasure_search", "departments_figures", "person_iin_hold", "people_transfer_accept", "people_schooling_before"];

/// First column of every row.
async fn list(db: &Client, sql: &str) -> Vec<String> {
    db.query(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")).iter().map(|row| row.get(0)).collect()
}

/// Tables that are no part of another.
async fn tenant_tables(db: &Client) -> Vec<String> {
    let sql = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
               where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1";
    list(db, sql).await
}

#[tokio::test]
async fn every_tenant_table_forces_its_policy() {
    let db = database().superuser().await;
    let careless = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id' and not a.attisdropped
                    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                      and not (c.relrowsecurity and c.relforcerowsecurity
                               and 2 = (select count(*) from pg_policy p
                                        where p.polrelid = c.oid and p.polname in ('tenant', 'tenant_in_batch') and p.polwithcheck is not null))";
    assert_eq!(list(&db, careless).await, Vec::<String>::new());
    assert!(tenant_tables(&db).await.len() >= 18);
    let keyed = "select c.relname::text from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
                 join pg_attribute a on a.attrelid = c.oid and a.attname = 'school_id'
                 where c.relnamespace = 'public'::regnamespace and not c.relispartition and i.indkey[0] <> a.attnum";
    assert_eq!(list(&db, keyed).await, Vec::<String>::new(), "school_id is first in the primary key");
}

#[tokio::test]
async fn tables_without_a_school_are_the_listed_ones() {
    let db = database().superuser().await;
    let sql = "select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
               and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'school_id')";
    let found: BTreeSet<String> = list(&db, sql).await.into_iter().collect();
    let listed: BTreeSet<String> = GLOBAL.iter().map(|table| (*table).to_owned()).collect();
    assert_eq!(found.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn the_applications_roles_own_nothing_and_reach_no_part_of_a_table() {
    let db = database().superuser().await;
    let owned = "select format('%s owns %s', r.rolname, d.objid) from pg_shdepend d join pg_roles r on r.oid = d.refobjid
                 where d.deptype = 'o' and (r.rolname like 'shanyraq\\_%' and r.rolname <> 'shanyraq_owner')";
    assert_eq!(list(&db, owned).await, Vec::<String>::new());
    let mighty = "select rolname::text from pg_roles where rolname like 'shanyraq\\_%' and (rolsuper or rolbypassrls)";
    assert_eq!(list(&db, mighty).await, Vec::<String>::new());
    let parts = "select format('%s on %s', r.rolname, c.relname) from pg_class c, pg_roles r
                 where c.relnamespace = 'public'::regnamespace and c.relispartition and c.relkind in ('r', 'p')
                   and r.rolname = any('{shanyraq_web,shanyraq_engine,shanyraq_jobs,shanyraq_report,shanyraq_app}')
                   and (has_table_privilege(r.oid, c.oid, 'select,insert,update,delete,truncate') or has_any_column_privilege(r.oid, c.oid, 'select,insert,update'))";
    assert_eq!(list(&db, parts).await, Vec::<String>::new());
}

#[tokio::test]
async fn views_see_what_their_reader_may_see() {
    let db = database().superuser().await;
    let sql = "select relname::text from pg_class where relnamespace = 'public'::regnamespace
               and (relkind = 'm' or relkind = 'v' and not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'
                    and not exists (select from pg_depend d where d.objid = pg_class.oid and d.deptype = 'e'))";
    assert_eq!(list(&db, sql).await, Vec::<String>::new());
}

#[tokio::test]
async fn functions_with_the_owners_rights_are_listed_closed_and_fixed() {
    let db = database().superuser().await;
    let ours = "p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')";
    let found: BTreeSet<String> = list(&db, &format!("select p.proname::text from pg_proc p where {ours} and p.prosecdef")).await.into_iter().collect();
    assert_eq!(found, OWNERS_FUNCTIONS.map(str::to_owned).into_iter().collect());
    let loose = format!("select p.proname::text from pg_proc p where {ours} and p.prosecdef
        and (not exists (select from unnest(p.proconfig) c where c like 'search_path=%') or has_function_privilege('public', p.oid, 'execute'))");
    assert_eq!(list(&db, &loose).await, Vec::<String>::new());
}

#[tokio::test]
async fn no_neighbour_reads_or_writes_a_schools_rows() {
    let attack = Attack::prepare().await;
    let mut leaks = Vec::new();
    for role in ROLES {
        leaks.extend(attack.run(role, "").await);
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

#[tokio::test]
async fn the_attack_notices_a_policy_that_was_taken_away() {
    let attack = Attack::prepare().await;
    // Within the attack's own transaction, which is rolled back: nobody else sees the table open.
    let leaks = attack.run("shanyraq_web", "drop policy tenant on pass; create policy tenant on pass using (true) with check (true);").await;
    assert!(leaks.iter().any(|leak| leak.contains("pass:")), "{leaks:?}");
    let leaks = attack.run("shanyraq_web", "drop view if exists people_v_pupil cascade; create view people_v_pupil as select * from enrolment; grant select on people_v_pupil to shanyraq_web;").await;
    assert!(leaks.iter().any(|leak| leak.contains("people_v_pupil")), "a view with its owner's rights: {leaks:?}");
}

/// A neighbour, a victim, and everything that can be tried.
struct Attack {
    db: Client,
    victim: School,
    neighbour: School,
    /// Tables, parts of tables and views, with whether they have a `school_id`.
    relations: Vec<(String, bool)>,
    /// A row of the victim's in each tenant table, as JSON.
    rows: Vec<(String, String)>,
}

impl Attack {
    async fn prepare() -> Self {
        let db = database().superuser().await;
        let (victim, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
        for school in [&victim, &neighbour] {
            fill(&db, school).await;
        }
        let relations = "select c.relname::text, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'school_id')
                         from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
                           and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1";
        let relations = db.query(relations, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
        let mut rows = Vec::new();
        for table in tenant_tables(&db).await {
            let row = db.query_opt(&format!("select to_jsonb(t)::text from {table} t where school_id = $1 limit 1"), &[&victim.id]).await.unwrap();
            let row = row.unwrap_or_else(|| panic!("the victim has no row in {table}: add one to `fill`, or the attack on it proves nothing"));
            rows.push((table, row.get(0)));
        }
        Self { db, victim, neighbour, relations, rows }
    }

    /// Everything tried as a role, signed in as the neighbour; gives what succeeded. `sabotage` is run by the superuser before.
    async fn run(&self, role: &str, sabotage: &str) -> Vec<String> {
        let mut leaks = Vec::new();
        self.db.batch_execute(&format!("begin; {sabotage} set local role {role}; set local lock_timeout = '20s'")).await.unwrap();
        let scope = "select set_config('shanyraq.schools', $1, true), set_config('shanyraq.person', $2, true)";
        let (schools, person) = (self.neighbour.id.0.to_string(), self.neighbour.pupils[0].guardians[0].0.to_string());
        self.db.query_one(scope, &[&schools, &person]).await.unwrap();
        for (relation, has_school) in &self.relations {
            if *has_school {
                let of_victim = format!("school_id = '{}'", self.victim.id.0);
                self.expect_nothing(role, relation, &format!("select * from {relation} where {of_victim}"), &mut leaks).await;
                self.expect_nothing(role, relation, &format!("update {relation} set school_id = school_id where {of_victim}"), &mut leaks).await;
                self.expect_nothing(role, relation, &format!("delete from {relation} where {of_victim}"), &mut leaks).await;
                let handed_over = format!("update {relation} set school_id = '{}' where school_id = '{}'", self.victim.id.0, self.neighbour.id.0);
                self.expect_nothing(role, relation, &handed_over, &mut leaks).await;
            } else if let Some((key, victims)) = self.persons_in(relation) {
                self.expect_nothing(role, relation, &format!("select * from {relation} where {key} {victims}"), &mut leaks).await;
                self.expect_nothing(role, relation, &format!("update {relation} set {key} = {key} where {key} {victims}"), &mut leaks).await;
                self.expect_nothing(role, relation, &format!("delete from {relation} where {key} {victims}"), &mut leaks).await;
            }
        }
        for (table, row) in &self.rows {
            let row = row.replace('\'', "''");
            self.expect_nothing(role, table, &format!("insert into {table} select * from jsonb_populate_record(null::{table}, '{row}')"), &mut leaks).await;
        }
        self.db.batch_execute("rollback").await.unwrap();
        leaks
    }

    /// How the victim's people stand in a global table that guards them by a policy of its own.
    fn persons_in(&self, relation: &str) -> Option<(&'static str, String)> {
        let ids = |ids: Vec<String>| format!("in ('{}')", ids.join("','"));
        match relation {
            "person" => Some(("id", ids(self.victim.pupils.iter().map(|pupil| pupil.id.0.to_string()).collect()))),
            "person_iin" => Some(("person_id", ids(self.victim.pupils.iter().map(|pupil| pupil.id.0.to_string()).collect()))),
            _ => None,
        }
    }

    /// Nothing may come of the statement: it finds no row, or is refused.
    async fn expect_nothing(&self, role: &str, relation: &str, sql: &str, leaks: &mut Vec<String>) {
        match self.attempt(sql).await {
            Ok(0) => {}
            Ok(rows) => leaks.push(format!("{role} {relation}: {rows} rows by {sql}")),
            Err(state) if state == SqlState::INSUFFICIENT_PRIVILEGE || is_no_view_for_writing(&state) => {}
            Err(state) => leaks.push(format!("{role} {relation}: {state:?} instead of a refusal by {sql}")),
        }
    }

    /// Tries it and takes it back.
    async fn attempt(&self, sql: &str) -> Result<u64, SqlState> {
        self.db.batch_execute("savepoint attempt").await.unwrap();
        let outcome = self.db.execute(sql, &[]).await.map_err(|error| error.code().cloned().unwrap_or_else(|| panic!("{sql}: {error:?}")));
        self.db.batch_execute("rollback to savepoint attempt").await.unwrap();
        outcome
    }
}

/// A view of several tables cannot be written at all.
fn is_no_view_for_writing(state: &SqlState) -> bool {
    *state == SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE || *state == SqlState::FEATURE_NOT_SUPPORTED
}

/// One row of a school in each tenant table that the school builder leaves empty.
async fn fill(db: &Client, school: &School) {
    let (id, device, pupil, guardian) = (school.id.0, school.devices[0].id.0, school.pupils[0].id.0, school.pupils[0].guardians[0].0);
    let token = school.guardians[0].id.0;
    let now = "'2026-11-22T03:00:00Z'";
    let rows = format!(
        "insert into device_cursor (school_id, device_id, store, created_at, updated_at) values ('{id}', '{device}', 's', {now}, {now});
         insert into device_health (school_id, device_id, status, status_since, seen_at) values ('{id}', '{device}', 'online', {now}, {now});
         insert into device_service (school_id, device_id, from_at) values ('{id}', '{device}', {now});
         insert into downtime (school_id, device_id, began_at, recorded_at) values ('{id}', '{device}', {now}, {now});
         insert into maintenance (school_id, id, from_at, to_at, reason, planned_at) values ('{id}', '{device}', {now}, {now}::timestamptz + interval '1 hour', 't', {now});
         insert into incident (school_id, id, kind, key, opened_at, last_at) values ('{id}', gen_random_uuid(), 'test', 't', {now}, {now});
         insert into event (school_id, device_id, store, seq, received_at, at, occurred_at, boot, kind, fingerprint, late, body)
           values ('{id}', '{device}', 's', 1, {now}, {now}, {now}, 1, 'pass', 1, false, '{{}}');
         insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
           values ('{id}', '{pupil}', {now}, '{device}', 's', 1, {now}, 'in', 'card', false);
         insert into meal (school_id, person_id, occurred_at, device_id, store, seq, received_at, item, price_tiyn, late)
           values ('{id}', '{pupil}', {now}, '{device}', 's', 2, {now}, 'Борщ', 1, false);
         insert into presence (school_id, person_id, direction, since, device_id, store, seq) values ('{id}', '{pupil}', 'in', {now}, '{device}', 's', 1);
         insert into dead_letter (school_id, id, received_at, reason, topic, payload) values ('{id}', gen_random_uuid(), {now}, 'malformed', 't', '');
         insert into notice (school_id, recipient_id, id, created_at, child_id, kind, occurred_at, late, args)
           values ('{id}', '{guardian}', gen_random_uuid(), {now}, '{pupil}', 'entered', {now}, false, '{{}}');
         insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at) values ('{id}', '{guardian}', '{pupil}', 'entered', 'off', {now});
         insert into announcement (school_id, id, title_kk, title_ru, text_kk, text_ru, urgency, audience, written_by, written_at)
           values ('{id}', '{device}', 't', 't', 't', 't', 'normal', 'school', '{guardian}', {now});
         insert into announcement_reader (school_id, announcement_id, guardian_id, child_id) values ('{id}', '{device}', '{guardian}', '{pupil}');
         insert into notice_hours (school_id, guardian_id, quiet_from, quiet_to, changed_at) values ('{id}', '{guardian}', 1320, 420, {now});
         insert into delivery (school_id, notice_id, token_id, created_at, recipient_id, channel, lease_until, outcome, outcome_at)
           values ('{id}', gen_random_uuid(), '{token}', {now}, '{guardian}', 'fcm', {now}, 'sent', {now});
         insert into school_role (school_id, id, name_kk, name_ru, created_at) values ('{id}', '{device}', 'Кезекші', 'Дежурный', {now});
         insert into school_role_right (school_id, role_id, right_name, added_at) values ('{id}', '{device}', 'live.see_school', {now});
         insert into school_role_grant (school_id, role_id, person_id, valid_from) values ('{id}', '{device}', '{guardian}', {now});
         insert into class_grant (school_id, id, person_id, role, class_ids, valid_from) values ('{id}', '{device}', '{guardian}', 'teacher', array['{device}'::uuid], {now});
         insert into role_right_switch (school_id, role, right_name, is_on, changed_at) values ('{id}', 'teacher', 'people.see_pupils', false, {now});
         insert into delegation (school_id, id, giver_id, receiver_id, role, valid_from, valid_to, reason, created_at)
           values ('{id}', '{device}', '{pupil}', '{guardian}', 'director', {now}, '2026-12-22T03:00:00Z', 'test', {now});
         insert into see_as (school_id, id, seer_id, seen_id, session_id, reason, began_at, expires_at)
           values ('{id}', '{device}', '{guardian}', '{pupil}', '{device}', 'test', {now}, '2026-11-22T03:30:00Z');
         insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at)
           values ('{id}', '{device}', '{pupil}', '{guardian}', false, true, 'family_word', '2026-09-01', '{guardian}', {now});
         insert into staff_line (school_id, id, person_id, kind, title, sort, rate, valid_from, set_by, set_at)
           values ('{id}', '{device}', '{guardian}', 'post', 'teacher', 'main', 100, '2026-09-01', '{guardian}', {now});
         insert into person_value (school_id, id, person_id, field, value) values ('{id}', '{device}', '{pupil}', 'phone', '+77010000000');
         insert into invitation (school_id, id, guardian_id, code_hash, created_by, created_at, expires_at)
           values ('{id}', '{device}', '{guardian}', sha256('{device}'), '{guardian}', {now}, {now});
         insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how)
           values ('{id}', '{device}', '{pupil}', 'photos', 'given', '{guardian}', array['{guardian}'::uuid], {now}, 1, 'kk', 'on_screen');
         insert into consent_stop (school_id, person_id, purpose, since, changed_at) values ('{id}', '{pupil}', 'ai', {now}, {now});
         insert into file (school_id, id, kind, person_id, media_type, size, sha256, created_at)
           values ('{id}', '{device}', 'people.photo', '{pupil}', 'image/jpeg', 1, sha256('x'), {now});
         insert into file_chunk (school_id, file_id, n, bytes) values ('{id}', '{device}', 0, 'x');
         insert into announcement_file (school_id, announcement_id, id, file_id, name, media_type, size, added_at)
           values ('{id}', '{device}', '{device}', '{device}', 't', 'image/jpeg', 1, {now});
         insert into pupil_photo (school_id, pupil_id, file_id, small_id, added_at, added_by) values ('{id}', '{pupil}', '{device}', '{device}', {now}, '{guardian}');
         insert into person_pair (school_id, first_id, second_id, said_by, said_at) values ('{id}', least('{pupil}'::uuid, '{guardian}'), greatest('{pupil}'::uuid, '{guardian}'), '{guardian}', {now});
         insert into person_merge (school_id, id, kept_id, gone_id, merged_by, merged_at) values ('{id}', '{device}', '{pupil}', '{guardian}', '{guardian}', {now});
         insert into person_merge_row (school_id, merge_id, n, relation, col, before) values ('{id}', '{device}', 1, 't', 't', '{{}}');
         insert into update_request (school_id, id, child_id, asked_by, asked_at) values ('{id}', '{device}', '{pupil}', '{guardian}', {now});
         insert into absence_note (school_id, id, child_id, from_day, to_day, reason, way, said_by, said_at)
           values ('{id}', '{device}', '{pupil}', '2026-11-23', '2026-11-23', 'ill', 'page', '{guardian}', {now});
         insert into card_block (school_id, id, card_id, person_id, reason, way, blocked_by, blocked_at) values ('{id}', '{device}', '{device}', '{pupil}', 'lost', 'page', '{guardian}', {now});
         insert into blocked_card_use (school_id, device_id, store, seq, received_at, occurred_at, block_id, person_id, kind, late)
           values ('{id}', '{device}', 't', 1, {now}, {now}, '{device}', '{pupil}', 'in', false);
         insert into school_tally (school_id, counted_at, pupils, staff, guardians, reached, passes, devices, offline, late) values ('{id}', {now}, 0, 0, 0, 0, 0, 0, 0, 0);
         insert into arrival_rule (school_id, shift, valid_from, set_at) values ('{id}', 1, '2026-11-23', {now});
         insert into arrival_check (school_id, day, shift, outcome, checked_at) values ('{id}', '2026-11-23', 1, 'told', {now});
         insert into missing_arrival (school_id, day, pupil_id, shift, due_at, told_at) values ('{id}', '2026-11-23', '{pupil}', 1, {now}, {now});
         insert into update_request_field (school_id, request_id, about, field, asked) values ('{id}', '{device}', 'child', 'address', 't');
         insert into import (school_id, id, kind, file_name, state, sheets, sheet, created_by, created_at) values ('{id}', '{device}', 'pupils', 't', 'read', '[]', 0, '{guardian}', {now});
         insert into import_line (school_id, import_id, sheet, n, sealed) values ('{id}', '{device}', 0, 1, 'x');
         insert into import_row (school_id, import_id, n, verdict, has_warning, sealed) values ('{id}', '{device}', 1, 'new', false, 'x');
         insert into import_mapping (school_id, kind, fingerprint, columns, used_at) values ('{id}', 'pupils', 't', '{{}}', {now});
         insert into export (school_id, id, kind, about, has_iin, file_name, ordered_by, ordered_at, job_id) values ('{id}', '{device}', 'oneroster', '{{}}', false, 't', '{guardian}', {now}, '{device}');
         insert into export_part (school_id, export_id, n, sealed) values ('{id}', '{device}', 0, 'x');
         insert into oneroster_id (school_id, system, sourced_id, person_id) values ('{id}', 't', 't', '{pupil}');
         insert into person_iin (person_id, lookup, sealed, set_at) values ('{pupil}', sha256('{pupil}'), 'x', {now});
         insert into audit (school_id, id, at, role, action, subject_kind) values ('{id}', gen_random_uuid(), {now}, 'test', 'test', 'test');
         insert into audit_chain (school_id, n, at, audit_id, hash, chained_at) values ('{id}', 1, {now}, gen_random_uuid(), sha256('x'), {now});
         insert into audit_head (school_id, n, hash, chained_at) values ('{id}', 1, sha256('x'), {now});
         insert into audit_base (school_id, n, hash, before) values ('{id}', 1, sha256('x'), {now});
         insert into vault_key (school_id, realm, generation, sealed, created_at) values ('{id}', 'health', 1, sha256('x'), {now});
         insert into confidential_record (school_id, id, record_id, version, person_id, realm, generation, sealed, written_by, written_at)
           values ('{id}', '{device}', '{device}', 1, '{pupil}', 'health', 1, sha256('x'), '{guardian}', {now});
         insert into absence_document (school_id, note_id, file_id, generation, sealed_key, added_by, added_at) values ('{id}', '{device}', '{device}', 1, 'x', '{guardian}', {now});
         insert into job (school_id, id, kind, key, created_at, run_at) values ('{id}', '{device}', 'test.work', 'a', {now}, '2126-11-22T03:00:00Z');
         insert into erasure (school_id, id, person_id, persons, left_on, ordered_by, ordered_at, job_id)
           values ('{id}', '{device}', '{pupil}', array['{pupil}'::uuid], '2026-11-21', '{guardian}', {now}, '{device}');
         insert into breach (school_id, id, number, detected_at, due_at, happened, contact, registered_by, registered_at)
           values ('{id}', '{device}', 1, {now}, '2026-11-23T03:00:00Z', 'test', 'test', '{guardian}', {now});
         insert into breach_step (school_id, breach_id, at, id, person_id, kind) values ('{id}', '{device}', {now}, '{device}', '{guardian}', 'finding');
         insert into breach_person (school_id, breach_id, person_id, added_at) values ('{id}', '{device}', '{pupil}', {now});
         insert into document_number (school_id, kind, last) values ('{id}', 'test', 1);
         insert into school_order (school_id, id, kind, year, number, dated, made_at) values ('{id}', '{device}', 'departure', 2026, 1, '2026-11-22', {now});
         insert into certificate (school_id, id, year, number, dated, pupil_id, asked_by, surname, given_name, class_label, code, issued_at)
           values ('{id}', '{device}', 2026, 1, '2026-11-22', '{pupil}', '{guardian}', 't', 't', 't', translate(upper(left(md5('{id}'), 12)), '01', 'GH'), {now});
         insert into certificate_number (school_id, year, last) values ('{id}', 2026, 1);
         insert into order_number (school_id, kind, year, last) values ('{id}', 'departure', 2026, 1);
         insert into movement (school_id, id, pupil_id, kind, on_date, to_class, order_id, made_at)
           values ('{id}', '{device}', '{pupil}', 'arrival', '2026-09-01', '{device}', '{device}', {now});
         insert into school_norm (school_id, last_grade, week_days, set_at) values ('{id}', 11, 5, {now});
         insert into school_day (school_id, id, day, kind, reason, set_at) values ('{id}', '{device}', '2026-12-01', 'off', 'test', {now});
         insert into building (school_id, id, version, name_kk, name_ru, kind, sort, valid_from, set_at) values ('{id}', '{device}', 1, 'test', 'test', 'main', 1, '2026-09-01', {now});
         insert into rollover (school_id, id, year, on_date, order_id, closed_classes, made_classes, made_at)
           values ('{id}', '{device}', 2025, '2026-09-01', '{device}', '{{}}', '{{}}', {now});
         insert into transfer (school_id, id, pupil_id, to_school, reason, code_hash, made_at, valid_until)
           values ('{id}', '{device}', '{pupil}', (select id from organisation where kind = 'supplier' limit 1), 'moving', sha256('x'), {now}, '2026-11-25');"
    );
    db.batch_execute(&rows).await.unwrap_or_else(|error| panic!("{error:?}"));
}
