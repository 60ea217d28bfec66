//! The SQL of certificates.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    keep::{Fate, Holding, Sweep},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// Held until the transaction ends.
    pub struct Locked { pub locked: i32 }
}

/// One certificate of a child at a time: school and child in one text.
pub const CHILD_LOCK: Query<(String,), Locked> = Query::new("certificates.child_lock", "select 1 as locked from (select pg_advisory_xact_lock(hashtextextended($1, 71))) held");

row! {
    /// Whether it is so.
    pub struct Is { pub so: bool }
}

/// School, child, guardian, day: whether they are a guardian then whom nothing bars.
pub const KIN_IS: Query<(SchoolId, PersonId, PersonId, Date), Is> = Query::new(
    "certificates.kin_is",
    "select exists (select from people_v_kinship where school_id = $1 and pupil_id = $2 and guardian_id = $3
       and valid_from <= $4 and (valid_to is null or valid_to >= $4)) as so",
);

row! {
    /// What a certificate says of a pupil.
    pub struct Pupil {
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Date of birth.
        pub birth_date: Option<Date>,
        /// `7А`.
        pub class_label: String,
    }
}

/// School, child: as they learn here now.
pub const PUPIL_FIND: Query<(SchoolId, PersonId), Pupil> = Query::new(
    "certificates.pupil_find",
    "select v.surname, v.given_name, v.patronymic, p.birth_date, v.class_label from people_v_pupil v join person p on p.id = v.pupil_id
     where v.school_id = $1 and v.pupil_id = $2",
);

row! {
    /// A certificate.
    pub struct Certificate {
        /// Which.
        pub id: Uuid,
        /// The year of its number.
        pub year: i16,
        /// Its number.
        pub number: i32,
        /// Its day.
        pub dated: Date,
        /// The pupil.
        pub pupil_id: PersonId,
        /// Surname, as it says.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Date of birth.
        pub birth_date: Option<Date>,
        /// The class.
        pub class_label: String,
        /// Who was director.
        pub signer: Option<String>,
        /// Its code.
        pub code: String,
        /// When it was issued.
        pub issued_at: Timestamp,
        /// Who took it.
        pub asker: Option<String>,
        /// When it was revoked.
        pub revoked_at: Option<Timestamp>,
        /// Why.
        pub revoked_why: Option<String>,
    }
}

row! {
    /// Which certificate.
    pub struct Known { pub id: Uuid }
}

/// School, child, guardian, day; surname, given name, patronymic, date of birth, class: the one that says the same and holds.
pub type Same = (SchoolId, PersonId, PersonId, Date, String, String, Option<String>, Option<Date>, String);

pub const SAME_FIND: Query<Same, Known> = Query::new(
    "certificates.same_find",
    "select id from certificate where school_id = $1 and pupil_id = $2 and asked_by = $3 and dated = $4 and revoked_at is null
       and surname = $5 and given_name = $6 and patronymic is not distinct from $7 and birth_date is not distinct from $8 and class_label = $9 limit 1",
);

/// School, child, since when; surname, given name, patronymic, date of birth, class: whether one that said the same was revoked since.
pub type SameRevoked = (SchoolId, PersonId, Timestamp, String, String, Option<String>, Option<Date>, String);

pub const REVOKED_IS: Query<SameRevoked, Is> = Query::new(
    "certificates.revoked_is",
    "select exists (select from certificate where school_id = $1 and pupil_id = $2 and revoked_at >= $3
       and surname = $4 and given_name = $5 and patronymic is not distinct from $6 and birth_date is not distinct from $7 and class_label = $8) as so",
);

row! {
    /// A number.
    pub struct Number { pub last: i32 }
}

/// School, year: the next number; whoever asks next waits until this certificate is durable or gone.
pub const NUMBER_NEXT: Query<(SchoolId, i16), Number> = Query::new(
    "certificates.number_next",
    "insert into certificate_number as n (school_id, year, last) values ($1, $2, 1) on conflict (school_id, year) do update set last = n.last + 1 returning last",
);

/// School, id, year, number, day, child, guardian; surname, given name, patronymic, date of birth, class, who signs; code, when.
pub type NewCertificate = (SchoolId, Uuid, i16, i32, Date, PersonId, PersonId, String, String, Option<String>, Option<Date>, String, Option<String>, String, Timestamp);

pub const CERTIFICATE_ADD: Command<NewCertificate> = Command::new(
    "certificates.add",
    "insert into certificate (school_id, id, year, number, dated, pupil_id, asked_by, surname, given_name, patronymic, birth_date, class_label, signer, code, issued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
);

/// School, child: those of a child, the newest first.
pub const OWN_LIST: Query<(SchoolId, PersonId), Certificate> = Query::new(
    "certificates.own_list",
    "select c.id, c.year, c.number, c.dated, c.pupil_id, c.surname, c.given_name, c.patronymic, c.birth_date, c.class_label, c.signer, c.code, c.issued_at,
       (select n.surname || ' ' || n.given_name from people_v_name n where n.person_id = c.asked_by) as asker, c.revoked_at, c.revoked_why
     from certificate c where c.school_id = $1 and c.pupil_id = $2 order by c.issued_at desc, c.id desc limit 30",
);

/// School, id.
pub const FIND: Query<(SchoolId, Uuid), Certificate> = Query::new(
    "certificates.find",
    "select c.id, c.year, c.number, c.dated, c.pupil_id, c.surname, c.given_name, c.patronymic, c.birth_date, c.class_label, c.signer, c.code, c.issued_at,
       (select n.surname || ' ' || n.given_name from people_v_name n where n.person_id = c.asked_by) as asker, c.revoked_at, c.revoked_why
     from certificate c where c.school_id = $1 and c.id = $2",
);

/// School, `valid` or `revoked` (empty for all), words of the name or the number, go on after this one, how many.
pub type ListKey = (SchoolId, String, String, Option<Uuid>, i64);

/// The newest first.
pub const LIST: Query<ListKey, Certificate> = Query::new(
    "certificates.list",
    r#"select c.id, c.year, c.number, c.dated, c.pupil_id, c.surname, c.given_name, c.patronymic, c.birth_date, c.class_label, c.signer, c.code, c.issued_at,
       (select n.surname || ' ' || n.given_name from people_v_name n where n.person_id = c.asked_by) as asker, c.revoked_at, c.revoked_why
     from certificate c
     where c.school_id = $1 and ($2 = '' or ($2 = 'revoked') = (c.revoked_at is not null))
       and (c.number::text = trim($3) or fold(c.surname || ' ' || c.given_name || ' ' || c.class_label) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word))
       and ($4::uuid is null or (c.issued_at, c.id) < (select a.issued_at, a.id from certificate a where a.school_id = $1 and a.id = $4))
     order by c.issued_at desc, c.id desc limit $5"#,
);

row! {
    /// Whose certificate was revoked.
    pub struct Revoked { pub pupil_id: PersonId }
}

/// School, id, who, when, why: once.
pub const REVOKE: Query<(SchoolId, Uuid, PersonId, Timestamp, String), Revoked> = Query::new(
    "certificates.revoke",
    "update certificate set revoked_by = $3, revoked_at = $4, revoked_why = $5 where school_id = $1 and id = $2 and revoked_at is null returning pupil_id",
);

row! {
    /// What a setting became.
    pub struct Setting { pub value: String }
}

/// Brings the one certificate of this code into sight, before it is known whose school it is of.
pub const IN_SIGHT: Query<(String,), Setting> = Query::new("certificates.in_sight", "select set_config('shanyraq.certificate', $1, true) as value");

row! {
    /// What anybody learns of a certificate by its code.
    pub struct Checked {
        /// The school.
        pub school_id: SchoolId,
        /// Its number.
        pub number: i32,
        /// Its day.
        pub dated: Date,
        /// The first letter of the surname.
        pub surname: String,
        /// The first letter of the given name.
        pub given_name: String,
        /// When it was revoked.
        pub revoked_at: Option<Timestamp>,
    }
}

/// A code.
pub const CHECK: Query<(String,), Checked> = Query::new(
    "certificates.check",
    "select school_id, number, dated, left(surname, 1) as surname, left(given_name, 1) as given_name, revoked_at from certificate where code = $1",
);

/// What becomes of a leaver's certificates, and of those that a guardian took who leaves with the child: they go. Their numbers are not given again.
pub static HOLDINGS: &[Holding] = &[Holding {
    table: "certificate",
    count: Query::new("certificates.held", "select count(*) as count from certificate where school_id = $1 and (pupil_id = $2 or asked_by = $2)"),
    fate: Fate::Delete(Command::new(
        "certificates.erase",
        "delete from certificate where ctid = any(array(select ctid from certificate where school_id = $1 and (pupil_id = $2 or asked_by = $2) limit $3))",
    )),
}];

/// Certificates that nobody is shown any more.
pub static SWEEP: Sweep = Sweep {
    what: "certificate",
    count: Query::new("certificates.sweep_count", "select count(*) as count from certificate where issued_at < $1"),
    delete: Command::new(
        "certificates.sweep",
        "delete from certificate c using (select school_id, id from certificate where issued_at < $1 limit $2) old where c.school_id = old.school_id and c.id = old.id",
    ),
};

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&CHILD_LOCK, &KIN_IS, &PUPIL_FIND, &SAME_FIND, &REVOKED_IS, &NUMBER_NEXT, &CERTIFICATE_ADD, &OWN_LIST, &FIND, &LIST, &REVOKE, &IN_SIGHT, &CHECK];
