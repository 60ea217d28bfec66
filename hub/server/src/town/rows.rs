//! The rows of synthetic schools, and how they get into the database: one statement a table, nothing twice.

use jiff::{Timestamp, civil::Date};
use kernel::id::{AccountId, CardId, ClassId, DeviceId, PersonId, SchoolId, TokenId, Uuid};
use tokio_postgres::{Client, Error, Transaction, types::ToSql};

/// An organisation of the tree.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its id.
    pub id: SchoolId,
    /// What it belongs to.
    pub parent: Option<SchoolId>,
    /// `school`, `district`, `region`.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its name in Kazakh, Russian and English.
    pub names: [String; 3],
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub birth_date: Date,
    /// The language they read.
    pub locale: &'static str,
    /// `m` or `f`, where the register knows it.
    pub sex: Option<&'static str>,
}

/// What stands in somebody's card.
#[derive(Debug, Clone)]
pub struct Value {
    /// The school that wrote it.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// Whose card.
    pub person: PersonId,
    /// Which field.
    pub field: &'static str,
    /// What it says.
    pub value: String,
}

/// A line of an employee's card.
#[derive(Debug, Clone)]
pub struct StaffLine {
    /// The school.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// Whose card.
    pub person: PersonId,
    /// `post`, `education`, `category`, `period`.
    pub kind: &'static str,
    /// Position, institution, category, employer.
    pub title: &'static str,
    /// Subject, speciality.
    pub detail: Option<&'static str>,
    /// How a post is held; degree.
    pub sort: Option<&'static str>,
    /// Hundredths of a load.
    pub rate: Option<i16>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
}

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its school.
    pub school: SchoolId,
    /// Its id.
    pub id: ClassId,
    /// Grade.
    pub grade: i16,
    /// Letter.
    pub letter: String,
    /// Language of teaching.
    pub language: &'static str,
}

/// Whose child a pupil is.
#[derive(Debug, Clone)]
pub struct Kinship {
    /// The pupil's school.
    pub school: SchoolId,
    /// The pupil.
    pub pupil: PersonId,
    /// The guardian.
    pub guardian: PersonId,
    /// `mother`, `father`, `grandparent`.
    pub kind: &'static str,
}

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The school it opens.
    pub school: SchoolId,
    /// Its id.
    pub id: CardId,
    /// Its number.
    pub code: String,
    /// Whose it is.
    pub person: PersonId,
}

/// A device.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its school.
    pub school: SchoolId,
    /// Its id.
    pub id: DeviceId,
    /// Its code.
    pub code: String,
    /// What it is.
    pub kind: &'static str,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// Hash of its password at the broker.
    pub password_hash: String,
}

/// A login.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// What they type.
    pub login: String,
}

/// What a guardian said about a pupil's data.
#[derive(Debug, Clone)]
pub struct Consent {
    /// The pupil's school.
    pub school: SchoolId,
    /// Its id.
    pub id: Uuid,
    /// The pupil.
    pub pupil: PersonId,
    /// What for.
    pub purpose: &'static str,
    /// `given`, `refused`.
    pub act: &'static str,
    /// Who said it.
    pub by: PersonId,
    /// Who had a say.
    pub voters: Vec<PersonId>,
}

/// A phone.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub person: PersonId,
    /// What the push service knows it by.
    pub token: String,
    /// Its language.
    pub locale: &'static str,
}

/// Everything to be written.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Organisations, parents first.
    pub organisations: Vec<Organisation>,
    /// Persons.
    pub persons: Vec<Person>,
    /// Who belongs to which school.
    pub memberships: Vec<(SchoolId, PersonId)>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Which pupil is in which class.
    pub enrolments: Vec<(SchoolId, PersonId, ClassId)>,
    /// Families.
    pub kinships: Vec<Kinship>,
    /// Cards.
    pub cards: Vec<Card>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Logins.
    pub accounts: Vec<Account>,
    /// Roles.
    pub grants: Vec<(SchoolId, PersonId, &'static str)>,
    /// Phones.
    pub tokens: Vec<Token>,
    /// Consents.
    pub consents: Vec<Consent>,
    /// What stands in cards.
    pub values: Vec<Value>,
    /// Lines of employees' cards.
    pub staff_lines: Vec<StaffLine>,
}

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
        let rows = &self.classes;
        let mut written = insert(
            tx,
            "insert into school_class (school_id, id, grade, letter, language, valid_from)
             select t.*, $6::date from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[]) t",
            &[&column(rows, |row| row.school), &column(rows, |row| row.id), &column(rows, |row| row.grade), &column(rows, |row| row.letter.clone()),
                &column(rows, |row| row.language), &since.day],
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
