//! The SQL of cards.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// What stands in the person's own row.
    pub struct Person {
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Date of birth.
        pub birth_date: Option<Date>,
        /// `m` or `f`.
        pub sex: Option<String>,
        /// The language in which one is written to.
        pub locale: String,
    }
}

pub const PERSON_FIND: Query<(PersonId,), Person> =
    Query::new("people.card_person_find", "select surname, given_name, patronymic, birth_date, sex, locale from person where id = $1");

/// Two who change one card at once wait for each other.
pub const PERSON_LOCK: Query<(PersonId,), Person> =
    Query::new("people.card_person_lock", "select surname, given_name, patronymic, birth_date, sex, locale from person where id = $1 for update");

/// Person, surname, given name, patronymic, date of birth, sex, language.
pub type PersonRow = (PersonId, String, String, Option<String>, Option<Date>, Option<String>, String);

pub const PERSON_SET: Command<PersonRow> = Command::new(
    "people.card_person_set",
    "update person set surname = $2, given_name = $3, patronymic = $4, birth_date = $5, sex = $6, locale = $7 where id = $1",
);

row! {
    /// An open value.
    pub struct Value {
        /// The field.
        pub field: String,
        /// What it says.
        pub value: Option<String>,
        /// Since when.
        pub valid_from: Option<Date>,
    }
}

pub const VALUE_LIST: Query<(SchoolId, PersonId), Value> = Query::new(
    "people.card_value_list",
    "select field, value, valid_from from person_value where school_id = $1 and person_id = $2 and ended_at is null",
);

/// School, person, ids, fields, what they say: opens what was never written down here, or was changed by another school meanwhile.
pub const VALUE_KEEP: Command<(SchoolId, PersonId, Vec<Uuid>, Vec<&'static str>, Vec<Option<String>>)> = Command::new(
    "people.card_value_keep",
    "insert into person_value (school_id, id, person_id, field, value)
     select $1, t.id, $2, t.field, t.value from unnest($3::uuid[], $4::text[], $5::text[]) t (id, field, value)
     on conflict (school_id, person_id, field) where ended_at is null do update
       set value = excluded.value, valid_from = null, set_by = null, set_at = null where person_value.value is distinct from excluded.value",
);

/// School, person, fields, until, how, reason, by whom, when.
pub type Ending = (SchoolId, PersonId, Vec<&'static str>, Option<Date>, &'static str, Option<String>, PersonId, Timestamp);

pub const VALUE_END: Command<Ending> = Command::new(
    "people.card_value_end",
    "update person_value set valid_to = $4, ended_how = $5, reason = $6, ended_by = $7, ended_at = $8
     where school_id = $1 and person_id = $2 and field = any($3) and ended_at is null",
);

/// School, person, by whom, when; ids, fields, what they say, from when.
pub type Opening = (SchoolId, PersonId, PersonId, Timestamp, Vec<Uuid>, Vec<&'static str>, Vec<Option<String>>, Vec<Option<Date>>);

pub const VALUE_ADD: Command<Opening> = Command::new(
    "people.card_value_add",
    "insert into person_value (school_id, id, person_id, field, value, valid_from, set_by, set_at)
     select $1, t.id, $2, t.field, t.value, t.valid_from, $3, $4 from unnest($5::uuid[], $6::text[], $7::text[], $8::date[]) t (id, field, value, valid_from)",
);

row! {
    /// What a field said before.
    pub struct FormerRow {
        /// The field.
        pub field: String,
        /// What it said.
        pub value: Option<String>,
        /// Since when.
        pub valid_from: Option<Date>,
        /// Until when.
        pub valid_to: Option<Date>,
        /// `changed` or `corrected`.
        pub ended_how: Option<String>,
        /// Why it was corrected.
        pub reason: Option<String>,
        /// Who ended it, while they are in sight.
        pub ended_by: Option<String>,
        /// When it was ended.
        pub ended_at: Option<Timestamp>,
    }
}

pub const FORMER_LIST: Query<(SchoolId, PersonId, i64), FormerRow> = Query::new(
    "people.card_former_list",
    "select v.field, v.value, v.valid_from, v.valid_to, v.ended_how, v.reason, n.surname || ' ' || n.given_name as ended_by, v.ended_at
     from person_value v left join person n on n.id = v.ended_by
     where v.school_id = $1 and v.person_id = $2 and v.ended_at is not null order by v.ended_at desc, v.field, v.id limit $3",
);

row! {
    /// Somebody's phone.
    pub struct PhoneRow {
        /// Whose.
        pub person_id: PersonId,
        /// The number.
        pub phone: String,
    }
}

pub const PHONE_LIST: Query<(SchoolId, Vec<PersonId>), PhoneRow> = Query::new(
    "people.card_phone_list",
    "select person_id, coalesce(value, '') as phone from person_value
     where school_id = $1 and person_id = any($2) and field = 'phone' and ended_at is null and value is not null",
);

row! {
    /// Whose it is.
    pub struct Owner {
        /// Who.
        pub person_id: PersonId,
    }
}

pub const PHONE_OWNERS: Query<(SchoolId, String), Owner> = Query::new(
    "people.card_phone_owners",
    "select person_id from person_value where school_id = $1 and value = $2 and field = 'phone' and ended_at is null order by person_id limit 20",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&PERSON_FIND, &PERSON_LOCK, &PERSON_SET, &VALUE_LIST, &VALUE_KEEP, &VALUE_END, &VALUE_ADD, &FORMER_LIST, &PHONE_LIST, &PHONE_OWNERS];
