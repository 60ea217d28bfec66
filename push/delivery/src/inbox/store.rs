//! The statements of the inbox.

use jiff::Timestamp;
use kernel::{
    id::{NoticeId, PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A notice in the inbox.
    pub struct Note {
        /// The notice.
        pub id: NoticeId,
        /// Whom it is about.
        pub child_id: PersonId,
        /// Its kind, as stored.
        pub kind: String,
        /// When it happened.
        pub occurred_at: Timestamp,
        /// Whether it became known too late to alarm anyone.
        pub late: bool,
        /// Arguments of its messages.
        pub args: serde_json::Value,
        /// When it was read.
        pub read_at: Option<Timestamp>,
    }
}

row! {
    /// How many are unread, up to a bound.
    pub struct Unread {
        /// How many.
        pub unread: Option<i64>,
    }
}

row! {
    /// A child, or the reader themselves, for the filter.
    pub struct Child {
        /// The child.
        pub id: PersonId,
        /// Given name: a family knows its own.
        pub given_name: String,
    }
}

/// Schools, recipient, the notice before which to go on, child, kind, how many, the recipient's children now and themselves: of a child who is theirs no
/// longer, or whose data is closed to them, old notices are not shown either.
pub type ListKey = (Vec<SchoolId>, PersonId, Option<NoticeId>, Option<PersonId>, Option<&'static str>, i64, Vec<PersonId>);

/// Newest first. School by school, so that the primary key gives each school's newest without reading the rest.
pub const NOTICE_LIST: Query<ListKey, Note> = Query::new(
    "inbox.notice_list",
    "select n.id, n.child_id, n.kind, n.occurred_at, n.late, n.args, n.read_at
     from unnest($1::uuid[]) s (school_id)
     cross join lateral (
       select id, child_id, kind, occurred_at, late, args, read_at from notice
       where school_id = s.school_id and recipient_id = $2 and ($3::uuid is null or id < $3)
         and child_id = any($7) and ($4::uuid is null or child_id = $4) and ($5::text is null or kind = $5)
       order by id desc limit $6
     ) n
     order by n.id desc limit $6",
);

/// Counts unread notices, a hundred at most.
pub const UNREAD_COUNT: Query<(Vec<SchoolId>, PersonId, Vec<PersonId>), Unread> = Query::new(
    "inbox.unread_count",
    "select count(*) as unread from (
       select from notice where school_id = any($1) and recipient_id = $2 and child_id = any($3) and read_at is null limit 100) n",
);

/// Names for the filter.
pub const CHILD_LIST: Query<(Vec<PersonId>,), Child> =
    Query::new("inbox.child_list", "select person_id as id, given_name from people_v_name where person_id = any($1) order by birth_date nulls last, given_name");

/// Marks one as read.
pub const NOTICE_READ: Command<(Vec<SchoolId>, PersonId, NoticeId, Timestamp)> = Command::new(
    "inbox.notice_read",
    "update notice set read_at = $4 where school_id = any($1) and recipient_id = $2 and id = $3 and read_at is null",
);

/// Marks one and all older ones as read.
pub const NOTICE_READ_UPTO: Command<(Vec<SchoolId>, PersonId, NoticeId, Timestamp)> = Command::new(
    "inbox.notice_read_upto",
    "update notice set read_at = $4 where school_id = any($1) and recipient_id = $2 and id <= $3 and read_at is null",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&NOTICE_LIST, &UNREAD_COUNT, &CHILD_LIST, &NOTICE_READ, &NOTICE_READ_UPTO];
