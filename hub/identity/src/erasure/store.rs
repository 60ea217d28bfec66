//! The SQL of erasures.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{JobId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};
use serde_json::Value;

row! {
    /// Somebody who has left.
    pub struct Leaver {
        pub person_id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub left_on: Option<Date>,
    }
}

/// School, today, after whom to go on, how many. Who is not in sight any more, or ordered, is not listed.
pub const LEAVER_LIST: Query<(SchoolId, Date, Option<PersonId>, i64), Leaver> = Query::new(
    "erasure.leaver_list",
    "select b.person_id, b.surname, b.given_name, b.patronymic, max(b.valid_to) as left_on from people_v_belonging b
     where b.school_id = $1 and ($3::uuid is null or b.person_id > $3)
       and not exists (select from erasure e where e.school_id = b.school_id and e.person_id = b.person_id)
       and not exists (select from role_grant g where g.school_id = b.school_id and g.person_id = b.person_id)
     group by b.person_id, b.surname, b.given_name, b.patronymic
     having bool_and(b.valid_to < $2) order by b.person_id limit $4",
);

row! {
    /// What is known of somebody at the school.
    pub struct Known {
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub left_on: Option<Date>,
        pub in_class: bool,
        pub has_child: bool,
        pub worked: bool,
        pub ordered: bool,
    }
}

/// School, person, today.
pub const KNOWN_FIND: Query<(SchoolId, PersonId, Date), Known> = Query::new(
    "erasure.known_find",
    "select b.surname, b.given_name, b.patronymic, case when bool_and(b.valid_to is not null) then max(b.valid_to) end as left_on,
       exists (select from people_v_schooling s where s.school_id = $1 and s.pupil_id = $2 and (s.valid_to is null or s.valid_to >= $3)) as in_class,
       exists (select from people_v_kinship k join people_v_belonging c on c.school_id = k.school_id and c.person_id = k.pupil_id
               where k.school_id = $1 and k.guardian_id = $2 and (c.valid_to is null or c.valid_to >= $3)) as has_child,
       exists (select from role_grant g where g.school_id = $1 and g.person_id = $2) as worked,
       exists (select from erasure e where e.school_id = $1 and e.person_id = $2) as ordered
     from people_v_belonging b where b.school_id = $1 and b.person_id = $2 group by b.surname, b.given_name, b.patronymic",
);

row! {
    /// Somebody who goes along.
    pub struct Along { pub person_id: PersonId, pub surname: String, pub given_name: String }
}

/// The pupil's guardians at the school who have no other child there, no role and no class of their own.
pub const ALONG_LIST: Query<(SchoolId, PersonId), Along> = Query::new(
    "erasure.along_list",
    "select distinct b.person_id, b.surname, b.given_name from people_v_kinship k join people_v_belonging b on b.school_id = k.school_id and b.person_id = k.guardian_id
     where k.school_id = $1 and k.pupil_id = $2
       and not exists (select from people_v_kinship o where o.school_id = $1 and o.guardian_id = k.guardian_id and o.pupil_id <> $2)
       and not exists (select from role_grant g where g.school_id = $1 and g.person_id = k.guardian_id)
       and not exists (select from people_v_schooling s where s.school_id = $1 and s.pupil_id = k.guardian_id)
       and not exists (select from erasure e where e.school_id = $1 and e.person_id = k.guardian_id)
     order by b.person_id",
);

/// School, id, person, everybody, left on, by whom, when, job.
pub type NewErasure = (SchoolId, Uuid, PersonId, Vec<PersonId>, Date, PersonId, Timestamp, JobId);

pub const ERASURE_ADD: Command<NewErasure> = Command::new(
    "erasure.erasure_add",
    "insert into erasure (school_id, id, person_id, persons, left_on, ordered_by, ordered_at, job_id) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
);

row! {
    /// An erasure with its act.
    pub struct Erasure {
        pub id: Uuid,
        pub persons: Vec<PersonId>,
        pub left_on: Date,
        pub ordered_by: PersonId,
        pub ordered_at: Timestamp,
        pub job_id: JobId,
        pub number: Option<i32>,
        pub counts: Option<Value>,
        pub proof: Option<Value>,
        pub finished_at: Option<Timestamp>,
        pub orderer: Option<String>,
    }
}

pub const ERASURE_LIST: Query<(SchoolId, i64), Erasure> = Query::new(
    "erasure.erasure_list",
    "select e.id, e.persons, e.left_on, e.ordered_by, e.ordered_at, e.job_id, e.number, e.counts, e.proof, e.finished_at, n.surname || ' ' || n.given_name as orderer
     from erasure e left join people_v_name n on n.person_id = e.ordered_by where e.school_id = $1 order by e.ordered_at desc limit $2",
);

pub const ERASURE_FIND: Query<(SchoolId, Uuid), Erasure> = Query::new(
    "erasure.erasure_find",
    "select e.id, e.persons, e.left_on, e.ordered_by, e.ordered_at, e.job_id, e.number, e.counts, e.proof, e.finished_at, n.surname || ' ' || n.given_name as orderer
     from erasure e left join people_v_name n on n.person_id = e.ordered_by where e.school_id = $1 and e.id = $2",
);

row! {
    /// Who is erased.
    pub struct Persons { pub persons: Vec<PersonId> }
}

pub const PERSONS_FIND: Query<(SchoolId, Uuid), Persons> = Query::new("erasure.persons_find", "select persons from erasure where school_id = $1 and id = $2");

row! {
    /// Whether nobody needs the person any more.
    pub struct Free { pub free: bool }
}

/// Asked with every school in scope.
pub const FREE_FIND: Query<(PersonId,), Free> = Query::new(
    "erasure.free_find",
    "select not exists (select from people_v_belonging where person_id = $1) and not exists (select from people_v_kinship where guardian_id = $1 or pupil_id = $1)
       and not exists (select from role_grant where person_id = $1) as free",
);

row! {
    /// The tables there are.
    pub struct Relation { pub relation: String }
}

/// But for the job's own row, which holds what is searched, and persons, who are looked up by id.
pub const RELATION_LIST: Query<(), Relation> = Query::new(
    "erasure.relation_list",
    "select relname::text as relation from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname <> all('{job,person,refinery_schema_history,shanyraq_schema}') order by relname",
);

row! {
    /// How many rows hold a trace.
    pub struct Hits { pub hits: Option<i64> }
}

pub const TRACE_SEARCH: Query<(String, Vec<String>), Hits> = Query::new("erasure.trace_search", "select erasure_search($1, $2) as hits");

row! {
    /// A document's number.
    pub struct Number { pub last: i32 }
}

pub const NUMBER_NEXT: Query<(SchoolId,), Number> = Query::new(
    "erasure.number_next",
    "insert into document_number as d (school_id, kind, last) values ($1, 'erasure', 1) on conflict (school_id, kind) do update set last = d.last + 1 returning last",
);

pub const ERASURE_FINISH: Command<(SchoolId, Uuid, i32, Value, Value, Timestamp)> = Command::new(
    "erasure.erasure_finish",
    "update erasure set number = $3, counts = $4, proof = $5, finished_at = $6 where school_id = $1 and id = $2 and number is null",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &LEAVER_LIST,
    &KNOWN_FIND,
    &ALONG_LIST,
    &ERASURE_ADD,
    &ERASURE_LIST,
    &ERASURE_FIND,
    &PERSONS_FIND,
    &FREE_FIND,
    &RELATION_LIST,
    &TRACE_SEARCH,
    &NUMBER_NEXT,
    &ERASURE_FINISH,
];
