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

macro_rules! guardian_list {
    ($name:literal, $than:literal, $order:literal) => {
        Query::new(
            $name,
            concat!(
                r#"with child as (
       select k.guardian_id, e.pupil_id, e.class_id from kinship k join enrolment e on e.school_id = k.school_id and e.pupil_id = k.pupil_id and e.valid_to is null
       where k.school_id = $1 and k.valid_to is null and ($7::uuid[] is null or e.class_id = any($7))
     ), found as (
       select q.*, count(*) over () as total from (
         select p.id, p.surname, p.given_name, p.patronymic, p.locale, f.value as phone,
           case when a.blocked_at is not null then 'blocked' when a.signed_in_at is not null then 'used' when a.person_id is not null then 'new'
                when exists (select from identity_v_invited i where i.school_id = $1 and i.guardian_id = p.id and i.expires_at > $9) then 'invited' else 'none' end as account
         from (select distinct c.guardian_id from child c where $4::uuid is null or c.class_id = $4) w
         join person p on p.id = w.guardian_id
         left join person_value f on f.school_id = $1 and f.person_id = p.id and f.field = 'phone' and f.ended_at is null
         left join identity_v_account a on a.person_id = p.id
         where ($5 = '' or p.locale = $5) and ($8 <> 'phone' or f.value is null)
           and ($2 = ''
             or fold(p.surname || ' ' || p.given_name || ' ' || coalesce(p.patronymic, '')) like all
                (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))
             or f.value like '%' || $3
             or exists (select from child c join person b on b.id = c.pupil_id join school_class k on k.school_id = $1 and k.id = c.class_id
                where c.guardian_id = p.id and fold(b.surname || ' ' || b.given_name || ' ' || k.grade || k.letter) like all
                (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))))
       ) q
       where ($6 = '' or account = $6)
         and ($10::uuid is null or (surname collate "kk-x-icu", given_name collate "kk-x-icu", id) "#,
                $than,
                r#" (select n.surname, n.given_name, n.id from person n where n.id = $10))
       order by "#,
                $order,
                r#" limit $11
     )
     select f.id, f.surname, f.given_name, f.patronymic, f.locale, f.phone, f.account, f.total,
       array(select b.given_name || ' ' || k.grade || k.letter from child c join person b on b.id = c.pupil_id join school_class k on k.school_id = $1 and k.id = c.class_id
             where c.guardian_id = f.id order by k.grade, b.given_name collate "kk-x-icu", b.id) as children
     from found f order by "#,
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
