//! The SQL of the trail.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// Whether it was had.
    pub struct Had { pub had: bool }
}

/// One chainer at a time; the lock ends with the transaction.
pub const CHAINER_LOCK: Query<(i64,), Had> = Query::new("trail.chainer_lock", "select pg_try_advisory_xact_lock($1) as had");

/// The content of a row as the chain takes it: every column in a fixed order, as PostgreSQL writes a record, which no two records share.
/// The time as a number, so that no setting of a session changes how it is written.
macro_rules! content {
    () => {
        "row(a.school_id, (extract(epoch from a.at) * 1000000)::bigint, a.id, a.person_id, a.role, a.action, a.subject_kind, a.subject_id, a.detail,
           a.whose_kind, a.whose, a.address, a.device, a.reason)::text"
    };
}

row! {
    /// A row that no chain has yet.
    pub struct Waiting {
        pub school_id: SchoolId,
        pub at: Timestamp,
        pub audit_id: Uuid,
        /// Nothing when somebody removed the row before it was chained.
        pub content: Option<String>,
    }
}

/// Takes so many rows out of the queue, school by school in the order of their time.
pub const PENDING_TAKE: Query<(i64,), Waiting> = Query::new(
    "trail.pending_take",
    concat!(
        "with taken as (
           delete from audit_pending p using (select school_id, at, audit_id from audit_pending order by school_id, at, audit_id limit $1) next
           where p.school_id = next.school_id and p.at = next.at and p.audit_id = next.audit_id returning p.school_id, p.at, p.audit_id)
         select t.school_id, t.at, t.audit_id, case when a.id is not null then ",
        content!(),
        " end as content
         from taken t left join audit a on a.school_id = t.school_id and a.at = t.at and a.id = t.audit_id
         order by t.school_id, t.at, t.audit_id"
    ),
);

row! {
    /// Where a chain ends.
    pub struct Head {
        pub school_id: SchoolId,
        pub n: i64,
        pub hash: Vec<u8>,
        pub chained_at: Timestamp,
    }
}

pub const HEAD_LIST: Query<(Vec<SchoolId>,), Head> =
    Query::new("trail.head_list", "select school_id, n, hash, chained_at from audit_head where school_id = any($1) order by school_id");

row! {
    /// The last link that left with the oldest parts.
    pub struct Base { pub n: i64, pub hash: Vec<u8> }
}

/// Nothing for a base younger than the rule of retention allows: then the first link is missing, and somebody took it.
pub const BASE_FIND: Query<(SchoolId,), Base> = Query::new(
    "trail.base_find",
    "select b.n, b.hash from audit_base b
     where b.school_id = $1 and b.before <= now() - make_interval(months => (
       select keep_months from retention_rule where what = 'audit' and valid_from <= current_date order by valid_from desc limit 1))",
);

/// School, number, time and id of the row, hash; one element a link. Then when.
pub type Links = (Vec<SchoolId>, Vec<i64>, Vec<Timestamp>, Vec<Uuid>, Vec<Vec<u8>>, Timestamp);

pub const CHAIN_ADD: Command<Links> = Command::new(
    "trail.chain_add",
    "insert into audit_chain (school_id, n, at, audit_id, hash, chained_at)
     select l.school_id, l.n, l.at, l.audit_id, l.hash, $6 from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::uuid[], $5::bytea[])
       as l (school_id, n, at, audit_id, hash)",
);

/// School, number and hash, one element a head. Then when.
pub type Heads = (Vec<SchoolId>, Vec<i64>, Vec<Vec<u8>>, Timestamp);

pub const HEAD_SET: Command<Heads> = Command::new(
    "trail.head_set",
    "insert into audit_head (school_id, n, hash, chained_at)
     select h.school_id, h.n, h.hash, $4 from unnest($1::uuid[], $2::bigint[], $3::bytea[]) as h (school_id, n, hash)
     on conflict (school_id) do update set n = excluded.n, hash = excluded.hash, chained_at = excluded.chained_at",
);

row! {
    /// A link with its row as that stands now.
    pub struct Link {
        pub n: i64,
        pub hash: Vec<u8>,
        pub at: Timestamp,
        pub content: Option<String>,
    }
}

/// School, the number after which to go on, how many.
pub const LINK_LIST: Query<(SchoolId, i64, i64), Link> = Query::new(
    "trail.link_list",
    concat!(
        "select c.n, c.hash, c.at, case when a.id is not null then ",
        content!(),
        " end as content
         from audit_chain c left join audit a on a.school_id = c.school_id and a.at = c.at and a.id = c.audit_id
         where c.school_id = $1 and c.n > $2 order by c.n limit $3"
    ),
);

row! {
    /// A row by its id.
    pub struct RowId { pub id: Uuid }
}

/// A row that neither stands in the chain nor waits for it.
pub const OUTSIDE_FIND: Query<(SchoolId,), RowId> = Query::new(
    "trail.outside_find",
    "select a.id from audit a where a.school_id = $1
       and not exists (select from audit_chain c where c.school_id = a.school_id and c.at = a.at and c.audit_id = a.id)
       and not exists (select from audit_pending p where p.school_id = a.school_id and p.at = a.at and p.audit_id = a.id)
     order by a.at limit 1",
);

row! {
    /// How many rows wait to be chained.
    pub struct Tail { pub waiting: i64 }
}

pub const TAIL_COUNT: Query<(SchoolId,), Tail> = Query::new("trail.tail_count", "select count(*) as waiting from audit_pending where school_id = $1");

row! {
    /// The oldest row that no chain has yet.
    pub struct Oldest { pub at: Option<Timestamp> }
}

pub const PENDING_OLDEST: Query<(), Oldest> = Query::new("trail.pending_oldest", "select min(at) as at from audit_pending");

row! {
    /// How long rows are kept.
    pub struct Kept { pub keep_months: i32 }
}

/// The rule that holds on a day.
pub const KEPT_FIND: Query<(jiff::civil::Date,), Kept> = Query::new(
    "trail.kept_find",
    "select keep_months from retention_rule where what = 'audit' and valid_from <= $1 order by valid_from desc limit 1",
);

row! {
    /// A person of the school.
    pub struct Member { pub person_id: PersonId, pub class_id: Option<Uuid> }
}

/// School, words, how many at most: whoever has the searched name.
pub const MEMBER_FIND: Query<(SchoolId, String, i64), Member> = Query::new(
    "trail.member_find",
    r#"select m.person_id, m.class_id from people_v_member m
     where m.school_id = $1 and fold(m.surname || ' ' || m.given_name || ' ' || coalesce(m.class_label, '')) like all
       (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
     limit $3"#,
);

row! {
    /// A row as the school's page shows it.
    pub struct Line {
        pub at: Timestamp,
        pub id: Uuid,
        pub person_id: Option<PersonId>,
        pub role: String,
        pub action: String,
        pub detail: serde_json::Value,
        pub whose_kind: String,
        pub whose: Vec<Uuid>,
        pub address: Option<String>,
        pub device: Option<String>,
        pub reason: Option<String>,
    }
}

/// School, from, until, actors, whose, classes of theirs, action, time and id after which to go on, how many.
pub type LineKey = (SchoolId, Timestamp, Timestamp, Option<Vec<PersonId>>, Option<Vec<PersonId>>, Vec<Uuid>, Option<String>, Option<Timestamp>, Option<Uuid>, i64);

/// Newest first. A row about a class or the whole school is about each of its people.
pub const LINE_LIST: Query<LineKey, Line> = Query::new(
    "trail.line_list",
    "select at, id, person_id, role, action, detail, whose_kind, whose, host(address) as address, device, reason from audit
     where school_id = $1 and at >= $2 and at < $3
       and ($4::uuid[] is null or person_id = any($4))
       and ($5::uuid[] is null or whose_kind = 'school' or whose && $5 or (whose_kind = 'class' and whose && $6::uuid[]))
       and ($7::text is null or action = $7)
       and ($8::timestamptz is null or (at, id) < ($8, $9::uuid))
     order by at desc, id desc limit $10",
);

row! {
    /// What a person is called.
    pub struct Name { pub person_id: PersonId, pub name: String }
}

pub const NAME_LIST: Query<(Vec<PersonId>,), Name> =
    Query::new("trail.name_list", "select person_id, surname || ' ' || given_name as name from people_v_name where person_id = any($1)");

row! {
    /// What a class is called.
    pub struct ClassName { pub class_id: Option<Uuid>, pub class_label: Option<String> }
}

pub const CLASS_LIST: Query<(SchoolId, Vec<Uuid>), ClassName> = Query::new(
    "trail.class_list",
    "select distinct class_id, class_label from people_v_member where school_id = $1 and class_id = any($2)",
);

row! {
    /// An action that was done at the school.
    pub struct Action { pub action: String }
}

/// School, from, until.
pub const ACTION_LIST: Query<(SchoolId, Timestamp, Timestamp), Action> = Query::new(
    "trail.action_list",
    "select distinct action from audit where school_id = $1 and at >= $2 and at < $3 order by action",
);

row! {
    /// A row as a guardian sees it.
    pub struct Look {
        pub school_id: SchoolId,
        pub at: Timestamp,
        pub id: Uuid,
        pub role: String,
        pub action: String,
        pub whose_kind: String,
        pub whose: Vec<Uuid>,
    }
}

/// Schools and children pair by pair, the guardian, from, time and id after which to go on, how many, the wider kind that counts too.
pub type LookKey = (Vec<SchoolId>, Vec<PersonId>, PersonId, Timestamp, Option<Timestamp>, Option<Uuid>, i64, Option<&'static str>);

/// What others read or changed of the children's data, newest first. What the guardian did is known to the guardian. A row about a class is
/// about the child who was in that class on that day.
pub const LOOK_LIST: Query<LookKey, Look> = Query::new(
    "trail.look_list",
    "select a.school_id, a.at, a.id, a.role, a.action, a.whose_kind, a.whose
     from (select c.school_id, array_agg(c.person_id) as persons from unnest($1::uuid[], $2::uuid[]) c (school_id, person_id) group by c.school_id) child
     cross join lateral (
       select school_id, at, id, role, action, whose_kind, whose from audit
       where school_id = child.school_id and at >= $4 and person_id is distinct from $3
         and (whose_kind = $8 or whose && child.persons or (whose_kind = 'class' and exists (
           select from people_v_class_time e where e.school_id = audit.school_id and e.pupil_id = any(child.persons) and e.class_id = any(audit.whose)
             and audit.at::date between e.valid_from and coalesce(e.valid_to, 'infinity'))))
         and ($5::timestamptz is null or (at, id) < ($5, $6::uuid))
       order by at desc, id desc limit $7) a
     order by a.at desc, a.id desc limit $7",
);

row! {
    /// An organisation by its names.
    pub struct Organisation { pub id: SchoolId, pub name_kk: String, pub name_ru: String, pub name_en: String }
}

pub const ORGANISATION_LIST: Query<(Vec<SchoolId>,), Organisation> =
    Query::new("trail.organisation_list", "select id, name_kk, name_ru, name_en from people_v_organisation where id = any($1)");

row! {
    /// An organisation by its code.
    pub struct Coded { pub id: SchoolId, pub code: String }
}

pub const PLACE_LIST: Query<(), Coded> = Query::new("trail.place_list", "select id, code from people_v_organisation order by code");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &CHAINER_LOCK,
    &PENDING_TAKE,
    &HEAD_LIST,
    &BASE_FIND,
    &CHAIN_ADD,
    &HEAD_SET,
    &LINK_LIST,
    &OUTSIDE_FIND,
    &TAIL_COUNT,
    &PENDING_OLDEST,
    &KEPT_FIND,
    &MEMBER_FIND,
    &LINE_LIST,
    &NAME_LIST,
    &CLASS_LIST,
    &ACTION_LIST,
    &LOOK_LIST,
    &ORGANISATION_LIST,
    &PLACE_LIST,
];
