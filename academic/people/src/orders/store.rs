//! Every statement of the orders.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A number.
    pub struct Number { pub last: i32 }
}

row! {
    /// An order.
    pub struct Order {
        pub id: Uuid,
        pub kind: String,
        pub year: i16,
        pub number: i32,
        pub dated: Date,
        pub made_at: Timestamp,
        pub cancelled_at: Option<Timestamp>,
        pub pupils: i64,
    }
}

/// School, kind, year: the next number; whoever asks next waits until this order is durable or gone.
pub const NUMBER_NEXT: Query<(SchoolId, &'static str, i16), Number> = Query::new(
    "people.order_number_next",
    "insert into order_number as n (school_id, kind, year, last) values ($1, $2, $3, 1) on conflict (school_id, kind, year) do update set last = n.last + 1 returning last",
);

/// School, id, kind, year, number, its date, when, by whom.
pub const ORDER_ADD: Command<(SchoolId, Uuid, &'static str, i16, i32, Date, Timestamp, Option<PersonId>)> = Command::new(
    "people.order_add",
    "insert into school_order (school_id, id, kind, year, number, dated, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
);

/// School, order, when, by whom: an order of which no line holds any more.
pub const ORDER_CANCEL: Command<(SchoolId, Uuid, Timestamp, Option<PersonId>)> = Command::new(
    "people.order_cancel",
    "update school_order o set cancelled_at = $3, cancelled_by = $4 where o.school_id = $1 and o.id = $2 and o.cancelled_at is null
       and not exists (select from movement m where m.school_id = $1 and m.order_id = $2 and m.undone_at is null)",
);

/// School, kind, year (nothing for all), number (nothing for all), the order after which to go on, how many; the latest first.
pub const ORDER_LIST: Query<(SchoolId, String, Option<i16>, Option<i32>, Option<Uuid>, i64), Order> = Query::new(
    "people.order_list",
    "select o.id, o.kind, o.year, o.number, o.dated, o.made_at, o.cancelled_at,
       (select count(*) from movement m where m.school_id = o.school_id and m.order_id = o.id) as pupils
     from school_order o where o.school_id = $1 and ($2 = '' or o.kind = $2) and ($3::smallint is null or o.year = $3) and ($4::int is null or o.number = $4)
       and ($5::uuid is null or (o.made_at, o.id) < (select a.made_at, a.id from school_order a where a.school_id = $1 and a.id = $5))
     order by o.made_at desc, o.id desc limit $6",
);

pub const ORDER_FIND: Query<(SchoolId, Uuid), Order> = Query::new(
    "people.order_find",
    "select o.id, o.kind, o.year, o.number, o.dated, o.made_at, o.cancelled_at,
       (select count(*) from movement m where m.school_id = o.school_id and m.order_id = o.id) as pupils
     from school_order o where o.school_id = $1 and o.id = $2",
);

row! {
    /// Who signs.
    pub struct Signer { pub surname: String, pub given_name: String }
}

/// School, moment: who was its director then; of two the one who came last.
pub const SIGNER_FIND: Query<(SchoolId, Timestamp), Signer> = Query::new(
    "people.order_signer_find",
    "select n.surname, n.given_name from identity_v_held h join people_v_name n on n.person_id = h.person_id
     where h.school_id = $1 and h.role = 'director' and h.valid_from <= $2 and (h.valid_to is null or h.valid_to > $2)
     order by h.valid_from desc, h.person_id limit 1",
);

row! {
    /// An order as the register shows it.
    pub struct RegisterLine {
        pub kind: String,
        pub number: i32,
        pub dated: Date,
        pub cancelled_at: Option<Timestamp>,
        pub pupils: i64,
        pub signer: Option<String>,
    }
}

/// School, kind (nothing for all), the first and the last day: what a register of a period holds, by date.
pub const ORDER_REGISTER: Query<(SchoolId, String, Date, Date), RegisterLine> = Query::new(
    "people.order_register",
    "select o.kind, o.number, o.dated, o.cancelled_at,
       (select count(*) from movement m where m.school_id = o.school_id and m.order_id = o.id) as pupils,
       (select n.surname || ' ' || n.given_name from people_v_name n where n.person_id = o.made_by) as signer
     from school_order o where o.school_id = $1 and ($2 = '' or o.kind = $2) and o.dated between $3 and $4
     order by o.dated, o.made_at, o.id limit 5000",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&NUMBER_NEXT, &ORDER_ADD, &ORDER_CANCEL, &ORDER_LIST, &ORDER_FIND, &SIGNER_FIND, &ORDER_REGISTER];
