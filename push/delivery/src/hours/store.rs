//! The statements of hours.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A wish as stored.
    pub struct Wish {
        pub quiet_from: Option<i32>,
        pub quiet_to: Option<i32>,
        pub alarms: String,
        pub digest_at: Option<i32>,
    }
}

row! {
    /// A school where the wish changed.
    pub struct Changed {
        pub school_id: SchoolId,
    }
}

/// A guardian's wish: the last one, which stands at all their schools.
pub const WISH_FIND: Query<(PersonId,), Wish> = Query::new(
    "hours.wish_find",
    "select quiet_from, quiet_to, alarms, digest_at from notice_hours where guardian_id = $1 order by changed_at desc, school_id limit 1",
);

/// Reader; from, to, alarms, digest; when; where they work or learn.
pub type Set = (PersonId, Option<i32>, Option<i32>, &'static str, Option<i32>, Timestamp, Vec<SchoolId>);

/// Keeps a wish at every school where somebody is a guardian now, works or learns, and says where it changed anything.
pub const WISH_SET: Query<Set, Changed> = Query::new(
    "hours.wish_set",
    "insert into notice_hours as h (school_id, guardian_id, quiet_from, quiet_to, alarms, digest_at, changed_at)
     select k.school_id, $1::uuid, $2::int, $3::int, $4::text, $5::int, $6::timestamptz
     from (select school_id from people_v_kinship where guardian_id = $1 and valid_to is null union select school_id from unnest($7::uuid[]) o (school_id)) k
     on conflict (school_id, guardian_id) do update
       set quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, alarms = excluded.alarms, digest_at = excluded.digest_at, changed_at = excluded.changed_at
       where (h.quiet_from, h.quiet_to, h.alarms, h.digest_at) is distinct from (excluded.quiet_from, excluded.quiet_to, excluded.alarms, excluded.digest_at)
     returning h.school_id",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&WISH_FIND, &WISH_SET];
