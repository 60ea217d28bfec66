//! The SQL of the list of pupils: one statement in six orders.

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
    waiting::{OfClasses, OfOwnClasses, OnDay},
};

row! {
    /// A pupil of the list.
    pub struct Listed {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// `m` or `f`.
        pub sex: Option<String>,
        /// Date of birth.
        pub birth_date: Option<Date>,
        /// The class.
        pub class_id: ClassId,
        /// Its grade.
        pub grade: i16,
        /// Its letter.
        pub letter: String,
        /// Its language.
        pub language: String,
        /// Its shift.
        pub shift: i16,
        /// How many guardians are named.
        pub guardians: i64,
        /// Whether an IIN is written down.
        pub has_iin: bool,
        /// How many match, this one and those after it.
        pub total: i64,
    }
}

/// School, words, class, grade, shift, language, sex, what is missing, the classes that may be seen (nothing for all), birthdays as `11-22`,
/// the pupil after whom to go on, how many.
pub type ListKey = (SchoolId, String, Option<ClassId>, Option<i16>, Option<i16>, String, String, String, Option<Vec<ClassId>>, Option<Vec<String>>, Option<PersonId>, i64);

/// The words are folded once and not for each row (`array(…)`), and names are folded only when something is searched.
macro_rules! pupil_list {
    ($name:literal, $keys:literal, $than:literal, $after:literal, $order:literal) => {
        Query::new(
            $name,
            concat!(
                r#"with found as (
       select q.*, count(*) over () as total from (
         select p.id, p.surname, p.given_name, p.patronymic, p.sex, p.birth_date, e.class_id, k.grade, k.letter, k.language, k.shift
         from enrolment e
         join school_class k on k.school_id = e.school_id and k.id = e.class_id
         join person p on p.id = e.pupil_id
         where e.school_id = $1 and e.valid_to is null
           and ($3::uuid is null or e.class_id = $3) and ($9::uuid[] is null or e.class_id = any($9))
           and ($4::smallint is null or k.grade = $4) and ($5::smallint is null or k.shift = $5)
           and ($6 = '' or k.language = $6) and ($7 = '' or p.sex = $7)
           and case $8 when 'guardian' then not exists (select from kinship g where g.school_id = e.school_id and g.pupil_id = e.pupil_id and g.valid_to is null)
                       when 'iin' then not exists (select from person_iin i where i.person_id = e.pupil_id)
                       when 'birth-date' then p.birth_date is null
                       when 'sex' then p.sex is null else true end
           and ($10::text[] is null or to_char(p.birth_date, 'MM-DD') = any($10))
           and ($2 = ''
             or fold(p.surname || ' ' || p.given_name || ' ' || coalesce(p.patronymic || ' ', '') || k.grade || k.letter) like all
                (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))
             or exists (select from person_value o where o.school_id = e.school_id and o.person_id = e.pupil_id and o.field = 'surname' and o.ended_at is not null
                and fold(o.value || ' ' || p.given_name || ' ' || k.grade || k.letter) like all
                (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))))
       ) q
       where $11::uuid is null or ("#,
                $keys,
                ") ",
                $than,
                " (",
                $after,
                ")
       order by ",
                $order,
                " limit $12
     )
     select f.id, f.surname, f.given_name, f.patronymic, f.sex, f.birth_date, f.class_id, f.grade, f.letter, f.language, f.shift, f.total,
       (select count(*) from kinship g where g.school_id = $1 and g.pupil_id = f.id and g.valid_to is null) as guardians,
       exists (select from person_iin i where i.person_id = f.id) as has_iin
     from found f order by ",
                $order
            ),
        )
    };
}

/// In the order of the Kazakh alphabet. A former surname is found as well.
pub const BY_NAME: Query<ListKey, Listed> = pupil_list!(
    "people.pupils_by_name",
    r#"surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#,
    ">",
    "select a.surname, a.given_name, a.id from person a where a.id = $11",
    r#"surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#
);

/// From its end.
pub const BY_NAME_BACK: Query<ListKey, Listed> = pupil_list!(
    "people.pupils_by_name_back",
    r#"surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#,
    "<",
    "select a.surname, a.given_name, a.id from person a where a.id = $11",
    r#"surname collate "kk-x-icu" desc, given_name collate "kk-x-icu" desc, id desc"#
);

/// By class, and in each by name.
pub const BY_CLASS: Query<ListKey, Listed> = pupil_list!(
    "people.pupils_by_class",
    r#"grade, letter collate "kk-x-icu", surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#,
    ">",
    "select c.grade, c.letter, a.surname, a.given_name, a.id from person a join enrolment n on n.pupil_id = a.id and n.school_id = $1 and n.valid_to is null join school_class c on c.school_id = n.school_id and c.id = n.class_id where a.id = $11",
    r#"grade, letter collate "kk-x-icu", surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#
);

/// From the last class.
pub const BY_CLASS_BACK: Query<ListKey, Listed> = pupil_list!(
    "people.pupils_by_class_back",
    r#"grade, letter collate "kk-x-icu", surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#,
    "<",
    "select c.grade, c.letter, a.surname, a.given_name, a.id from person a join enrolment n on n.pupil_id = a.id and n.school_id = $1 and n.valid_to is null join school_class c on c.school_id = n.school_id and c.id = n.class_id where a.id = $11",
    r#"grade desc, letter collate "kk-x-icu" desc, surname collate "kk-x-icu" desc, given_name collate "kk-x-icu" desc, id desc"#
);

/// The eldest first; of whom nobody wrote it down, last.
pub const BY_BIRTH: Query<ListKey, Listed> = pupil_list!(
    "people.pupils_by_birth",
    r#"coalesce(birth_date, 'infinity'), surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#,
    ">",
    "select coalesce(a.birth_date, 'infinity'), a.surname, a.given_name, a.id from person a where a.id = $11",
    r#"coalesce(birth_date, 'infinity'), surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#
);

/// The youngest first; of whom nobody wrote it down, before all.
pub const BY_BIRTH_BACK: Query<ListKey, Listed> = pupil_list!(
    "people.pupils_by_birth_back",
    r#"coalesce(birth_date, 'infinity'), surname collate "kk-x-icu", given_name collate "kk-x-icu", id"#,
    "<",
    "select coalesce(a.birth_date, 'infinity'), a.surname, a.given_name, a.id from person a where a.id = $11",
    r#"coalesce(birth_date, 'infinity') desc, surname collate "kk-x-icu" desc, given_name collate "kk-x-icu" desc, id desc"#
);

row! {
    /// A pupil who was chosen, and where they are.
    pub struct Picked {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// The class.
        pub class_id: ClassId,
        /// `7А`
        pub class_label: String,
    }
}

/// School, pupils: those who are here, by class and name.
pub const PICKED_LIST: Query<(SchoolId, Vec<PersonId>), Picked> = Query::new(
    "people.pupils_picked",
    "select p.id, p.surname, p.given_name, e.class_id, k.grade || k.letter as class_label
     from enrolment e join person p on p.id = e.pupil_id join school_class k on k.school_id = e.school_id and k.id = e.class_id
     where e.school_id = $1 and e.pupil_id = any($2) and e.valid_to is null
     order by k.grade, k.letter collate \"kk-x-icu\", p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", p.id",
);

/// Pupils with nobody to answer for them.
pub const TASK_NO_GUARDIAN: OfClasses = OfClasses::new(
    "people.task_no_guardian",
    "select count(*) as count, 0::bigint as late, null::date as due from enrolment e
     where e.school_id = $1 and e.valid_to is null and ($3::uuid[] is null or e.class_id = any($3))
       and not exists (select from kinship k where k.school_id = e.school_id and k.pupil_id = e.pupil_id and (k.valid_to is null or k.valid_to >= $2))",
);

/// Pupils without an IIN, at a school that writes them down: an installation without the key keeps none.
pub const TASK_NO_IIN: OnDay = OnDay::new(
    "people.task_no_iin",
    "select count(*) as count, 0::bigint as late, null::date as due from enrolment e
     where e.school_id = $1 and e.valid_to is null and e.valid_from <= $2 and not exists (select from person_iin i where i.person_id = e.pupil_id)
       and exists (select from enrolment o join person_iin i on i.person_id = o.pupil_id where o.school_id = $1 and o.valid_to is null)",
);

/// Birthdays of today and six days more.
pub const TASK_BIRTHDAYS: OfOwnClasses = OfOwnClasses::new(
    "people.task_birthdays",
    "select count(*) as count, 0::bigint as late, null::date as due from enrolment e join person p on p.id = e.pupil_id
     where e.school_id = $1 and e.valid_to is null and e.class_id = any($3)
       and to_char(p.birth_date, 'MM-DD') in (select to_char($2::date + n, 'MM-DD') from generate_series(0, 6) n)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&BY_NAME, &BY_NAME_BACK, &BY_CLASS, &BY_CLASS_BACK, &BY_BIRTH, &BY_BIRTH_BACK, &PICKED_LIST, &TASK_NO_GUARDIAN, &TASK_NO_IIN, &TASK_BIRTHDAYS];
