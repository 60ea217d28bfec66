//! How the rows of synthetic schools get into the database: one statement a table, nothing twice.

use jiff::{Timestamp, civil::Date};
use kernel::id::SchoolId;
use tokio_postgres::{Client, Error, Transaction, types::ToSql};

use super::rows::{Consent, Rows, Wish, WishField};

/// From when the rows hold.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    /// The school year's first day.
    pub day: Date,
    /// The moment that registrations say.
    pub moment: Timestamp,
}

impl Rows {
    /// Writes what is not there yet, through the owner's connection, all or nothing. Says how many rows are new.
    pub async fn write(&self, owner: &mut Client, since: Since, password_hash: &str) -> Result<u64, Error> {
        let tx = owner.transaction().await?;
        // Row-level security holds for the owner too.
        let schools: Vec<String> = self.scope().iter().map(|school| school.0.to_string()).collect();
        tx.execute("select set_config('shanyraq.schools', $1, true)", &[&schools.join(",")]).await?;
        let mut written = self.write_people(&tx, since).await?;
        written += self.write_school(&tx, since).await?;
        written += self.write_accounts(&tx, since, password_hash).await?;
        written += self.write_consents(&tx, since).await?;
        written += self.write_cards(&tx, since).await?;
        written += self.write_wishes(&tx).await?;
        written += self.write_losses(&tx).await?;
        written += self.write_tokens(&tx, since).await?;
        tx.commit().await?;
        // Thousands of rows at once: whoever plans a statement before the database looks by itself would plan for empty tables.
        owner.batch_execute("analyze").await?;
        Ok(written)
    }

    /// Every organisation that some row belongs to.
    fn scope(&self) -> Vec<SchoolId> {
        let own = self.organisations.iter().map(|organisation| organisation.id);
        let mut all: Vec<SchoolId> = own.chain(self.grants.iter().map(|grant| grant.0)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    async fn write_people(&self, tx: &Transaction<'_>, since: Since) -> Result<u64, Error> {
        let rows = &self.organisations;
        let shards = column(rows, |row| protocol::topic::Code::parse(&row.code).map_or(0, |code| i16::from(protocol::topic::shard_of(&code))));
        let mut written = insert(
            tx,
            "insert into organisation (id, parent_id, kind, code, name_kk, name_ru, name_en, shard, created_at)
             select t.*, $9::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[]) t",
            &[&column(rows, |row| row.id), &column(rows, |row| row.parent), &column(rows, |row| row.kind), &column(rows, |row| row.code.clone()),
                &column(rows, |row| row.names.first().cloned()), &column(rows, |row| row.names.get(1).cloned()),
                &column(rows, |row| row.names.get(2).cloned()), &shards, &since.moment],
        )
        .await?;
        let rows = &self.persons;
        written += insert(
            tx,
            "insert into person (id, surname, given_name, patronymic, birth_date, locale, sex, created_at)
             select t.*, $8::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[]) t",
            &[&column(rows, |row| row.id), &column(rows, |row| row.surname.clone()), &column(rows, |row| row.given_name.clone()),
                &column(rows, |row| row.patronymic.clone()), &column(rows, |row| row.birth_date), &column(rows, |row| row.locale), &column(rows, |row| row.sex), &since.moment],
        )
        .await?;
        let rows = &self.memberships;
        written += insert(
            tx,
            "insert into school_person (school_id, person_id, valid_from) select t.*, $3::date from unnest($1::uuid[], $2::uuid[]) t",
            &[&column(rows, |row| row.0), &column(rows, |row| row.1), &since.day],
        )
        .await?;
        Ok(written)
    }

    async fn write_school(&self, tx: &Transaction<'_>, since: Since) -> Result<u64, Error> {
        let rows = &self.buildings;
        let mut written = insert(
            tx,
            "insert into building (school_id, id, version, name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, set_at)
             select t.school_id, t.id, 1, t.name_kk, t.name_ru, t.kind, 'Щучинск қ.', 'г. Щучинск', t.address, t.year_built, t.floors, t.capacity, t.shifts, t.sort, t.valid_from, $13::timestamptz
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::smallint[], $9::int[], $10::smallint[], $11::smallint[], $12::date[])
               t (school_id, id, name_kk, name_ru, kind, address, year_built, floors, capacity, shifts, sort, valid_from)",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.name_kk), &column(rows, |row| row.name_ru),
                &column(rows, |row| row.kind), &column(rows, |row| row.address), &column(rows, |row| row.year_built), &column(rows, |row| row.floors),
                &column(rows, |row| row.capacity), &column(rows, |row| row.shifts), &column(rows, |row| row.sort), &column(rows, |row| row.from), &since.moment],
        )
        .await?;
        let rows = &self.classes;
        written += insert(
            tx,
            "insert into school_class (school_id, id, grade, letter, language, home_building_id, home_room, valid_from)
             select t.*, $8::date from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::uuid[], $7::text[]) t",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.grade), &column(rows, |row| row.letter.clone()),
                &column(rows, |row| row.language), &column(rows, |row| row.home.as_ref().map(|home| home.building)),
                &column(rows, |row| row.home.as_ref().map(|home| home.room.clone())), &since.day],
        )
        .await?;
        let rows = &self.enrolments;
        written += insert(
            tx,
            "insert into enrolment (school_id, pupil_id, class_id, valid_from) select t.*, $4::date from unnest($1::uuid[], $2::uuid[], $3::uuid[]) t",
            &[&column(rows, |row| row.0), &column(rows, |row| row.1), &column(rows, |row| row.2), &since.day],
        )
        .await?;
        let rows = &self.kinships;
        written += insert(
            tx,
            "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from)
             select t.*, $5::date from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) t",
            &[&column(rows, |row| row.school), &column(rows, |row| row.pupil), &column(rows, |row| row.guardian), &column(rows, |row| row.kind), &since.day],
        )
        .await?;
        let rows = &self.cards;
        written += insert(
            tx,
            "insert into card (school_id, id, code, person_id, valid_from)
             select t.*, $5::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) t",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.code.clone()), &column(rows, |row| row.person), &since.moment],
        )
        .await?;
        let rows = &self.devices;
        written += insert(
            tx,
            "insert into device (school_id, id, code, kind, name, place, broker_password_hash, registered_at)
             select t.*, $8::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) t",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.code.clone()), &column(rows, |row| row.kind),
                &column(rows, |row| row.name.clone()), &column(rows, |row| row.place.clone()), &column(rows, |row| row.password_hash.clone()), &since.moment],
        )
        .await?;
        Ok(written)
    }

    async fn write_accounts(&self, tx: &Transaction<'_>, since: Since, password_hash: &str) -> Result<u64, Error> {
        let rows = &self.accounts;
        let mut written = insert(
            tx,
            "insert into account (id, person_id, login, password_hash, created_at)
             select t.*, $4::text, $5::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[]) t",
            &[&column(rows, |row| row.id), &column(rows, |row| row.person), &column(rows, |row| row.login.clone()), &password_hash, &since.moment],
        )
        .await?;
        let rows = &self.grants;
        written += insert(
            tx,
            "insert into role_grant (school_id, person_id, role, valid_from) select t.*, $4::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[]) t",
            &[&column(rows, |row| row.0), &column(rows, |row| row.1), &column(rows, |row| row.2), &since.moment],
        )
        .await?;
        Ok(written)
    }

    /// Words, and the stops that follow from a no. Of each the town has one, so a stop begins with it.
    async fn write_consents(&self, tx: &Transaction<'_>, since: Since) -> Result<u64, Error> {
        let rows = &self.consents;
        let voters = column(rows, |row| format!("{{{}}}", row.voters.iter().map(|voter| voter.0.to_string()).collect::<Vec<_>>().join(",")));
        let mut written = insert(
            tx,
            "insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how)
             select t.school_id, t.id, t.person_id, t.purpose, t.act, t.by_person, t.voters::uuid[], $8::timestamptz, 1, 'kk', 'on_screen'
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[]) t (school_id, id, person_id, purpose, act, by_person, voters)",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.pupil), &column(rows, |row| row.purpose),
                &column(rows, |row| row.act), &column(rows, |row| row.by), &voters, &since.moment],
        )
        .await?;
        let stops: Vec<&Consent> = rows.iter().filter(|row| row.act != "given").collect();
        written += insert(
            tx,
            "insert into consent_stop (school_id, person_id, purpose, since, changed_at)
             select t.*, $4::timestamptz, $4::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[]) t",
            &[&column(&stops, |row| row.school), &column(&stops, |row| row.pupil), &column(&stops, |row| row.purpose), &since.moment],
        )
        .await?;
        Ok(written)
    }

    /// A card's values and lines; each line was written down by its own person, since somebody must have.
    async fn write_cards(&self, tx: &Transaction<'_>, since: Since) -> Result<u64, Error> {
        let rows = &self.values;
        let mut written = insert(
            tx,
            "insert into person_value (school_id, id, person_id, field, value, valid_from)
             select t.*, $6::date from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) t",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.person), &column(rows, |row| row.field),
                &column(rows, |row| row.value.clone()), &since.day],
        )
        .await?;
        let rows = &self.staff_lines;
        written += insert(
            tx,
            "insert into staff_line (school_id, id, person_id, kind, title, detail, sort, rate, valid_from, valid_to, is_pedagogical, set_by, set_at)
             select t.*, case when t.kind = 'period' then true end, t.person_id, $11::timestamptz
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::date[], $10::date[])
               t (school_id, id, person_id, kind, title, detail, sort, rate, valid_from, valid_to)",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.person), &column(rows, |row| row.kind),
                &column(rows, |row| row.title), &column(rows, |row| row.detail), &column(rows, |row| row.sort), &column(rows, |row| row.rate),
                &column(rows, |row| row.from), &column(rows, |row| row.to), &since.moment],
        )
        .await?;
        Ok(written)
    }

    /// Sent so many hours before the town is loaded, so that a demo has something fresh to answer; once, whatever became of it.
    async fn write_wishes(&self, tx: &Transaction<'_>) -> Result<u64, Error> {
        let rows = &self.wishes;
        let mut written = insert(
            tx,
            "insert into update_request (school_id, id, child_id, asked_by, note, asked_at)
             select t.school_id, t.id, t.child_id, t.asked_by, t.note, now() - t.hours * interval '1 hour'
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[]) t (school_id, id, child_id, asked_by, note, hours)",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.child), &column(rows, |row| row.asker),
                &column(rows, |row| row.note), &column(rows, |row| row.hours_ago)],
        )
        .await?;
        let fields: Vec<(&Wish, &WishField)> = rows.iter().flat_map(|wish| wish.fields.iter().map(move |field| (wish, field))).collect();
        written += insert(
            tx,
            "insert into update_request_field (school_id, request_id, about, field, before, asked)
             select t.* from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) t",
            &[&column(&fields, |row| row.0.school), &column(&fields, |row| row.0.id), &column(&fields, |row| row.1.about), &column(&fields, |row| row.1.field),
                &column(&fields, |row| row.1.before.clone()), &column(&fields, |row| row.1.asked.clone())],
        )
        .await?;
        Ok(written)
    }

    /// Blocked so many hours before the town is loaded; once, whatever became of it.
    async fn write_losses(&self, tx: &Transaction<'_>) -> Result<u64, Error> {
        let rows = &self.losses;
        insert(
            tx,
            "insert into card_block (school_id, id, card_id, person_id, reason, words, way, blocked_by, blocked_at)
             select t.school_id, t.id, t.card_id, t.person_id, t.reason, t.words, 'page', t.blocked_by, now() - t.hours * interval '1 hour'
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::int[])
               t (school_id, id, card_id, person_id, blocked_by, reason, words, hours)",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.card), &column(rows, |row| row.person),
                &column(rows, |row| row.guardian), &column(rows, |row| row.reason), &column(rows, |row| row.words), &column(rows, |row| row.hours_ago)],
        )
        .await
    }

    /// A phone is its person's own, so each is written as that person.
    async fn write_tokens(&self, tx: &Transaction<'_>, since: Since) -> Result<u64, Error> {
        let act_as = tx.prepare("select set_config('shanyraq.person', $1, true)").await?;
        let add = tx.prepare(
            "insert into push_token (id, person_id, channel, token, locale, registered_at) values ($1, $2, 'fcm', $3, $4, $5) on conflict do nothing",
        );
        let add = add.await?;
        let mut written = 0;
        for row in &self.tokens {
            let person = row.person.0.to_string();
            let act_as_params: [&(dyn ToSql + Sync); 1] = [&person];
            let params: [&(dyn ToSql + Sync); 5] = [&row.id, &row.person, &row.token, &row.locale, &since.moment];
            // Both are sent before either answer is awaited; the driver keeps their order.
            let (acting, added) = tokio::join!(tx.execute(&act_as, &act_as_params), tx.execute(&add, &params));
            acting?;
            written += added?;
        }
        Ok(written)
    }
}

/// One field of every row.
fn column<R, T>(rows: &[R], field: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(field).collect()
}

/// Inserts what is not there yet.
async fn insert(tx: &Transaction<'_>, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
    tx.execute(&format!("{sql} on conflict do nothing"), params).await
}
