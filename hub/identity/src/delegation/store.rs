//! Every statement of the delegations.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A role that somebody holds in their own name.
    pub struct Held {
        pub role: Option<String>,
        pub role_id: Option<Uuid>,
        pub valid_to: Option<Timestamp>,
    }
}

row! {
    /// Somebody who works at the school.
    pub struct Colleague {
        pub person_id: PersonId,
        pub surname: String,
        pub given_name: String,
    }
}

row! {
    /// What was handed over.
    pub struct Delegation {
        /// Its id.
        pub id: Uuid,
        /// By whom.
        pub giver_id: PersonId,
        /// To whom.
        pub receiver_id: PersonId,
        /// The giver's name.
        pub giver: String,
        /// The receiver's name.
        pub receiver: String,
        /// A delivered role, as stored.
        pub role: Option<String>,
        /// A role of the school's own.
        pub role_id: Option<Uuid>,
        /// From when.
        pub valid_from: Timestamp,
        /// Until when.
        pub valid_to: Timestamp,
        /// Why.
        pub reason: String,
        /// When somebody ended it before.
        pub ended_at: Option<Timestamp>,
    }
}

/// The roles that somebody holds now at a school in their own name, each once with its last end.
pub const HELD_LIST: Query<(SchoolId, PersonId, Timestamp), Held> = Query::new(
    "identity.delegation_held_list",
    "with held as (
       select g.role, null::uuid as role_id, g.valid_to from role_grant g
       where g.school_id = $1 and g.person_id = $2 and g.valid_from <= $3 and (g.valid_to is null or g.valid_to > $3)
       union all
       select null, o.role_id, o.valid_to from school_role_grant o
       join school_role r on r.school_id = o.school_id and r.id = o.role_id and r.closed_at is null
       where o.school_id = $1 and o.person_id = $2 and o.valid_from <= $3 and (o.valid_to is null or o.valid_to > $3)
       union all
       select c.role, c.role_id, c.valid_to from class_grant c
       where c.school_id = $1 and c.person_id = $2 and c.valid_from <= $3 and (c.valid_to is null or c.valid_to > $3)
     )
     select role, role_id, case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to from held group by role, role_id order by role, role_id",
);

/// Who works at a school now and can sign in, but for one person.
pub const COLLEAGUE_LIST: Query<(SchoolId, PersonId, Timestamp), Colleague> = Query::new(
    "identity.delegation_colleague_list",
    "select n.person_id, n.surname, n.given_name
     from (select g.person_id from role_grant g where g.school_id = $1 and g.valid_from <= $3 and (g.valid_to is null or g.valid_to > $3)
           union select o.person_id from school_role_grant o where o.school_id = $1 and o.valid_from <= $3 and (o.valid_to is null or o.valid_to > $3)
           union select c.person_id from class_grant c where c.school_id = $1 and c.valid_from <= $3 and (c.valid_to is null or c.valid_to > $3)) w
     join people_v_name n on n.person_id = w.person_id
     join account a on a.person_id = w.person_id and a.blocked_at is null
     where w.person_id <> $2
     order by n.surname collate \"kk-x-icu\", n.given_name collate \"kk-x-icu\", n.person_id limit 1000",
);

/// School, whose (nothing for everybody's).
pub const DELEGATION_LIST: Query<(SchoolId, Option<PersonId>), Delegation> = Query::new(
    "identity.delegation_list",
    "select d.id, d.giver_id, d.receiver_id, g.surname || ' ' || g.given_name as giver, r.surname || ' ' || r.given_name as receiver,
       d.role, d.role_id, d.valid_from, d.valid_to, d.reason, d.ended_at
     from delegation d join people_v_name g on g.person_id = d.giver_id join people_v_name r on r.person_id = d.receiver_id
     where d.school_id = $1 and ($2::uuid is null or $2 in (d.giver_id, d.receiver_id))
     order by coalesce(d.ended_at, d.valid_to) desc, d.id limit 200",
);

/// School, id, giver, receiver, delivered role or role of the school's own, from, until, reason, now.
pub type DelegationRow = (SchoolId, Uuid, PersonId, PersonId, Option<&'static str>, Option<Uuid>, Timestamp, Timestamp, String, Timestamp);

/// A form sent twice adds once.
pub const DELEGATION_ADD: Command<DelegationRow> = Command::new(
    "identity.delegation_add",
    "insert into delegation (school_id, id, giver_id, receiver_id, role, role_id, valid_from, valid_to, reason, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (school_id, id) do nothing",
);

/// School, id, now, by whom.
pub const DELEGATION_END: Command<(SchoolId, Uuid, Timestamp, PersonId)> = Command::new(
    "identity.delegation_end",
    "update delegation set ended_at = $3, ended_by = $4 where school_id = $1 and id = $2 and ended_at is null and valid_to > $3",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&HELD_LIST, &COLLEAGUE_LIST, &DELEGATION_LIST, &DELEGATION_ADD, &DELEGATION_END];
