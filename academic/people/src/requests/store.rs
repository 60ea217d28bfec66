//! The SQL of requests.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{FileId, PersonId, SchoolId, Uuid},
    keep::{Fate, Holding},
    row,
    sql::{Command, Query, Statement},
    waiting::AtMoment,
};

row! {
    /// Held until the transaction ends.
    pub struct Locked { pub locked: i32 }
}

/// One request of a guardian about a child at a time: school, child and guardian in one text.
pub const FAMILY_LOCK: Query<(String,), Locked> =
    Query::new("people.update_family_lock", "select 1 as locked from (select pg_advisory_xact_lock(hashtextextended($1, 24))) held");

row! {
    /// Whether it is so.
    pub struct Is { pub so: bool }
}

/// School, child, guardian, day: whether they are a guardian then whom nothing bars.
pub const KIN_IS: Query<(SchoolId, PersonId, PersonId, Date), Is> = Query::new(
    "people.update_kin_is",
    "select exists (select from people_v_kinship where school_id = $1 and pupil_id = $2 and guardian_id = $3
       and valid_from <= $4 and (valid_to is null or valid_to >= $4)) as so",
);

row! {
    /// How many.
    pub struct Count { pub count: i64 }
}

/// School, child, guardian, but for this one: how many wait.
pub const OPEN_COUNT: Query<(SchoolId, PersonId, PersonId, Uuid), Count> = Query::new(
    "people.update_open_count",
    "select count(*) as count from update_request where school_id = $1 and child_id = $2 and asked_by = $3 and id <> $4 and closed_at is null",
);

/// School, id, child, guardian, note, document, when.
pub type NewRequest = (SchoolId, Uuid, PersonId, PersonId, Option<String>, Option<FileId>, Timestamp);

/// A form sent twice asks once.
pub const REQUEST_ADD: Command<NewRequest> = Command::new(
    "people.update_request_add",
    "insert into update_request (school_id, id, child_id, asked_by, note, file_id, asked_at) values ($1, $2, $3, $4, $5, $6, $7)",
);

/// School, id: whether it is there.
pub const REQUEST_IS: Query<(SchoolId, Uuid), Is> =
    Query::new("people.update_request_is", "select exists (select from update_request where school_id = $1 and id = $2) as so");

/// School, request; of whom, which, what stood, what is asked.
pub type NewFields = (SchoolId, Uuid, Vec<&'static str>, Vec<&'static str>, Vec<Option<String>>, Vec<Option<String>>);

pub const FIELD_ADD: Command<NewFields> = Command::new(
    "people.update_field_add",
    "insert into update_request_field (school_id, request_id, about, field, before, asked)
     select $1, $2, f.about, f.field, f.before, f.asked from unnest($3::text[], $4::text[], $5::text[], $6::text[]) f (about, field, before, asked)",
);

row! {
    /// A request as lists and pages show it.
    pub struct Request {
        /// The school.
        pub school_id: SchoolId,
        /// Which.
        pub id: Uuid,
        /// The child.
        pub child_id: PersonId,
        /// The child's name.
        pub child: String,
        /// `7А`, while the child is here.
        pub class_label: Option<String>,
        /// Who asks.
        pub asked_by: PersonId,
        /// Their name.
        pub asker: String,
        /// What they wrote.
        pub note: Option<String>,
        /// The document.
        pub file_id: Option<FileId>,
        /// When.
        pub asked_at: Timestamp,
        /// When it was withdrawn.
        pub withdrawn_at: Option<Timestamp>,
        /// When nothing was left to answer.
        pub closed_at: Option<Timestamp>,
        /// How many fields.
        pub fields: i64,
        /// How many of them wait.
        pub waiting: i64,
    }
}

/// Schools and children of a guardian, the guardian: their requests, the newest first.
pub const OWN_LIST: Query<(Vec<SchoolId>, Vec<PersonId>, PersonId), Request> = Query::new(
    "people.update_own_list",
    "select r.school_id, r.id, r.child_id, n.surname || ' ' || n.given_name as child, v.class_label, r.asked_by, a.surname || ' ' || a.given_name as asker,
       r.note, r.file_id, r.asked_at, r.withdrawn_at, r.closed_at,
       (select count(*) from update_request_field f where f.school_id = r.school_id and f.request_id = r.id) as fields,
       (select count(*) from update_request_field f where f.school_id = r.school_id and f.request_id = r.id and f.verdict is null) as waiting
     from unnest($1::uuid[], $2::uuid[]) c (school_id, child_id)
     join update_request r on r.school_id = c.school_id and r.child_id = c.child_id and r.asked_by = $3
     join people_v_name n on n.person_id = r.child_id join people_v_name a on a.person_id = r.asked_by
     left join people_v_pupil v on v.school_id = r.school_id and v.pupil_id = r.child_id
     order by r.asked_at desc, r.id desc limit 50",
);

/// School, state (`waiting`, `closed`, or empty for all), words of the child's name, go on after this request, how many.
pub type QueueKey = (SchoolId, String, String, Option<Uuid>, i64);

/// Those that wait first, the oldest of them before all; then the others.
pub const QUEUE: Query<QueueKey, Request> = Query::new(
    "people.update_queue",
    r#"select r.school_id, r.id, r.child_id, n.surname || ' ' || n.given_name as child, v.class_label, r.asked_by, a.surname || ' ' || a.given_name as asker,
       r.note, r.file_id, r.asked_at, r.withdrawn_at, r.closed_at,
       (select count(*) from update_request_field f where f.school_id = r.school_id and f.request_id = r.id) as fields,
       (select count(*) from update_request_field f where f.school_id = r.school_id and f.request_id = r.id and f.verdict is null) as waiting
     from update_request r
     join people_v_name n on n.person_id = r.child_id join people_v_name a on a.person_id = r.asked_by
     left join people_v_pupil v on v.school_id = r.school_id and v.pupil_id = r.child_id
     where r.school_id = $1
       and ($2 = '' or ($2 = 'waiting') = (r.closed_at is null))
       and fold(n.surname || ' ' || n.given_name || ' ' || coalesce(v.class_label, '')) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word)
       and ($4::uuid is null or (r.closed_at is not null, r.asked_at, r.id) >
           (select o.closed_at is not null, o.asked_at, o.id from update_request o where o.school_id = $1 and o.id = $4))
     order by r.closed_at is not null, r.asked_at, r.id limit $5"#,
);

pub const REQUEST_FIND: Query<(SchoolId, Uuid), Request> = Query::new(
    "people.update_request_find",
    "select r.school_id, r.id, r.child_id, n.surname || ' ' || n.given_name as child, v.class_label, r.asked_by, a.surname || ' ' || a.given_name as asker,
       r.note, r.file_id, r.asked_at, r.withdrawn_at, r.closed_at,
       (select count(*) from update_request_field f where f.school_id = r.school_id and f.request_id = r.id) as fields,
       (select count(*) from update_request_field f where f.school_id = r.school_id and f.request_id = r.id and f.verdict is null) as waiting
     from update_request r
     join people_v_name n on n.person_id = r.child_id join people_v_name a on a.person_id = r.asked_by
     left join people_v_pupil v on v.school_id = r.school_id and v.pupil_id = r.child_id
     where r.school_id = $1 and r.id = $2",
);

/// Two who answer one request wait for each other.
pub const REQUEST_FOR_UPDATE: Query<(SchoolId, Uuid), Locked> =
    Query::new("people.update_request_for_update", "select 1 as locked from update_request where school_id = $1 and id = $2 for update");

row! {
    /// A field that was asked for.
    pub struct AskedField {
        /// The request.
        pub request_id: Uuid,
        /// `child` or `own`.
        pub about: String,
        /// Which field.
        pub field: String,
        /// What stood.
        pub before: Option<String>,
        /// What is asked.
        pub asked: Option<String>,
        /// The answer.
        pub verdict: Option<String>,
        /// Why not.
        pub reason: Option<String>,
        /// When it was answered.
        pub decided_at: Option<Timestamp>,
    }
}

/// The fields of requests, as forms show them.
pub const FIELD_LIST: Query<(Vec<SchoolId>, Vec<Uuid>), AskedField> = Query::new(
    "people.update_field_list",
    "select request_id, about, field, before, asked, verdict, reason, decided_at from update_request_field
     where school_id = any($1) and request_id = any($2)
     order by request_id, about, array_position(array['surname', 'given_name', 'patronymic', 'birth_date', 'sex', 'address', 'phone', 'email', 'locale'], field)",
);

/// School, request, by whom, when; of whom, which, verdict, why not. Never one that is answered.
pub type Answers = (SchoolId, Uuid, PersonId, Timestamp, Vec<&'static str>, Vec<&'static str>, Vec<&'static str>, Vec<Option<String>>);

pub const FIELD_ANSWER: Command<Answers> = Command::new(
    "people.update_field_answer",
    "update update_request_field f set verdict = d.verdict, reason = d.reason, decided_by = $3, decided_at = $4
     from unnest($5::text[], $6::text[], $7::text[], $8::text[]) d (about, field, verdict, reason)
     where f.school_id = $1 and f.request_id = $2 and f.about = d.about and f.field = d.field and f.verdict is null",
);

/// School, request, when: closed when nothing is left to answer.
pub const REQUEST_CLOSE: Command<(SchoolId, Uuid, Timestamp)> = Command::new(
    "people.update_request_close",
    "update update_request r set closed_at = $3 where r.school_id = $1 and r.id = $2 and r.closed_at is null
       and not exists (select from update_request_field f where f.school_id = r.school_id and f.request_id = r.id and f.verdict is null)",
);

row! {
    /// What was withdrawn.
    pub struct Withdrawn { pub child_id: PersonId }
}

/// School, request, who asked, when: only while it waits.
pub const REQUEST_WITHDRAW: Query<(SchoolId, Uuid, PersonId, Timestamp), Withdrawn> = Query::new(
    "people.update_request_withdraw",
    "update update_request set withdrawn_at = $4, closed_at = $4 where school_id = $1 and id = $2 and asked_by = $3 and closed_at is null returning child_id",
);

/// What becomes of a leaver's requests: they go, with their fields; whoever answered stays with what they answered.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "update_request_field",
        count: Query::new(
            "people.held_update_request_field",
            "select count(*) as count from update_request_field f join update_request r on r.school_id = f.school_id and r.id = f.request_id
             where f.school_id = $1 and (r.child_id = $2 or r.asked_by = $2)",
        ),
        fate: Fate::Delete(Command::new(
            "people.erase_update_request_field",
            "delete from update_request_field where ctid = any(array(select f.ctid from update_request_field f join update_request r on r.school_id = f.school_id and r.id = f.request_id
             where f.school_id = $1 and (r.child_id = $2 or r.asked_by = $2) limit $3))",
        )),
    },
    Holding {
        table: "update_request",
        count: Query::new("people.held_update_request", "select count(*) as count from update_request where school_id = $1 and (child_id = $2 or asked_by = $2)"),
        fate: Fate::Delete(Command::new(
            "people.erase_update_request",
            "delete from update_request where ctid = any(array(select ctid from update_request where school_id = $1 and (child_id = $2 or asked_by = $2) limit $3))",
        )),
    },
];

/// Requests that wait for the office; late is what waits for more than three days, in the hub's own time.
pub const TASK_WAITING: AtMoment = AtMoment::new(
    "people.task_updates",
    "select count(*) as count, count(*) filter (where asked_at < $2::timestamptz - interval '3 days') as late, null::date as due from update_request where school_id = $1 and closed_at is null",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &TASK_WAITING,
    &FAMILY_LOCK,
    &KIN_IS,
    &OPEN_COUNT,
    &REQUEST_ADD,
    &REQUEST_IS,
    &FIELD_ADD,
    &OWN_LIST,
    &QUEUE,
    &REQUEST_FIND,
    &REQUEST_FOR_UPDATE,
    &FIELD_LIST,
    &FIELD_ANSWER,
    &REQUEST_CLOSE,
    &REQUEST_WITHDRAW,
];
