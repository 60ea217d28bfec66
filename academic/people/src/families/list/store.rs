//! The SQL of the list of guardians: one statement in two orders.

use jiff::Timestamp;
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A guardian of the list.
    pub struct Listed {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// The language they are told things in.
        pub locale: String,
        /// Their phone.
        pub phone: Option<String>,
        /// `none`, `invited`, `new`, `used`, `blocked`.
        pub account: String,
        /// Their children here: `Алихан 3Б`.
        pub children: Vec<String>,
        /// How many match, this one and those after it.
        pub total: i64,
    }
}

/// School, words, digits of a phone (nothing for none), class, language, how the account stands, the classes that may be seen (nothing for
/// all), `phone` for who has none, now, the guardian after whom to go on, how many.
pub type ListKey = (SchoolId, String, Option<String>, Option<ClassId>, String, String, Option<Vec<ClassId>>, String, Timestamp, Option<PersonId>, i64);

// How a guardian's account stands. A guardian has one phone and one account, so that both are asked for by key: for the fifty that are
// shown, and for the others only where the reader filters by them.
macro_rules! account_of {
    ($person:literal) => {
        concat!(
            "coalesce((select case when a.blocked_at is not null then 'blocked' when a.signed_in_at is not null then 'used' else 'new' end from identity_v_account a where a.person_id = ",
            $person,
            "), case when exists (select from identity_v_invited i where i.school_id = $1 and i.guardian_id = ",
            $person,
            " and i.expires_at > $9) then 'invited' else 'none' end)"
        )
    };
}

macro_rules! guardian_list {
    ($name:literal, $than:literal, $order:literal) => {
        Query::new(
            $name,
            concat!(
                r#"with child as (
       select k.guardian_id, e.pupil_id, e.class_id from kinship k join enrolment e on e.school_id = k.school_id and e.pupil_id = k.pupil_id and e.valid_to is null
       where k.school_id = $1 and k.valid_to is null and ($7::uuid[] is null or e.class_id = any($7))
     ), found as (
       select p.id, p.surname, p.given_name, p.patronymic, p.locale, count(*) over () as total
       from (select distinct c.guardian_id from child c where $4::uuid is null or c.class_id = $4) w
       join person p on p.id = w.guardian_id
       where ($5 = '' or p.locale = $5)
         and ($8 <> 'phone' or not exists (select from person_value f where f.school_id = $1 and f.person_id = p.id and f.field = 'phone' and f.ended_at is null))
         and ($2 = ''
           or fold(p.surname || ' ' || p.given_name || ' ' || coalesce(p.patronymic, '')) like all
              (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))
           or exists (select from person_value f where f.school_id = $1 and f.person_id = p.id and f.field = 'phone' and f.ended_at is null and f.value like '%' || $3)
           or exists (select from child c join person b on b.id = c.pupil_id join school_class k on k.school_id = $1 and k.id = c.class_id
              where c.guardian_id = p.id and fold(b.surname || ' ' || b.given_name || ' ' || k.grade || k.letter) like all
              (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))))
         and ($6 = '' or $6 = "#,
                account_of!("p.id"),
                r#")
         and ($10::uuid is null or (surname collate "kk-x-icu", given_name collate "kk-x-icu", id) "#,
                $than,
                r#" (select n.surname, n.given_name, n.id from person n where n.id = $10))
       order by "#,
                $order,
                r#" limit $11
     ), children as materialized (
       select c.guardian_id, array_agg(b.given_name || ' ' || k.grade || k.letter order by k.grade, b.given_name collate "kk-x-icu", b.id) as names
       from found f join child c on c.guardian_id = f.id join person b on b.id = c.pupil_id join school_class k on k.school_id = $1 and k.id = c.class_id
       group by c.guardian_id
     )
     select f.id, f.surname, f.given_name, f.patronymic, f.locale, f.total, h.names as children,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = f.id and v.field = 'phone' and v.ended_at is null) as phone, "#,
                account_of!("f.id"),
                r#" as account
     from found f join children h on h.guardian_id = f.id order by "#,
                $order
            ),
        )
    };
}

/// In the order of the Kazakh alphabet. Found by their own name, by a child's, or by the end of a phone.
pub const BY_NAME: Query<ListKey, Listed> = guardian_list!("people.guardians_by_name", ">", r#"surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#);

/// From its end.
pub const BY_NAME_BACK: Query<ListKey, Listed> =
    guardian_list!("people.guardians_by_name_back", "<", r#"surname collate "kk-x-icu" desc, given_name collate "kk-x-icu" desc, id desc"#);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&BY_NAME, &BY_NAME_BACK];
