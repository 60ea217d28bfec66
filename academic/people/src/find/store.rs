//! Every statement of finding.

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A pupil who was found.
    pub struct FoundPupil {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// `7А`
        pub class_label: Option<String>,
    }
}

row! {
    /// A class that was found.
    pub struct FoundClass {
        /// Its id.
        pub id: ClassId,
        /// `7А`
        pub label: Option<String>,
    }
}

/// School, words, how many at most, the classes that may be seen (nothing for all).
pub type FindKey = (SchoolId, String, i64, Option<Vec<ClassId>>);

/// Every word begins a word of the name or is the beginning of the class. Surnames that begin as typed come first, then the Kazakh alphabet.
pub const PUPIL_FIND: Query<FindKey, FoundPupil> = Query::new(
    "find.pupil_find",
    r#"select v.pupil_id as id, v.surname, v.given_name, v.patronymic, v.class_label
     from people_v_pupil v
     where v.school_id = $1
       and ($4::uuid[] is null or v.class_id = any($4))
       and ' ' || fold(v.surname || ' ' || v.given_name || ' ' || coalesce(v.patronymic || ' ', '') || v.class_label) like all
           (array(select '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))
     order by not starts_with(fold(v.surname), split_part(fold($2), ' ', 1)), v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", v.pupil_id
     limit $3"#,
);

/// As typed with or without a space: `7 а` finds 7А.
pub const CLASS_FIND: Query<FindKey, FoundClass> = Query::new(
    "find.class_find",
    "select class_id as id, class_label as label
     from people_v_class
     where school_id = $1 and ($4::uuid[] is null or class_id = any($4)) and starts_with(fold(class_label), replace(fold($2), ' ', ''))
     order by grade, letter collate \"kk-x-icu\"
     limit $3",
);

row! {
    /// Somebody of the staff who was found.
    pub struct FoundStaff {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Positions of now.
        pub posts: Vec<String>,
        /// Offices of now, as stored.
        pub roles: Vec<String>,
    }
}

/// School, words, how many at most, today.
pub const STAFF_FIND: Query<(SchoolId, String, i64, Date), FoundStaff> = Query::new(
    "find.staff_find",
    r#"with held as (
       select h.person_id, h.role from identity_v_held h
       where h.school_id = $1 and h.valid_from <= now() and (h.valid_to is null or h.valid_to > now()) and h.role not in ('guardian', 'pupil')
     ), post as (
       select l.person_id, l.title from staff_line l
       where l.school_id = $1 and l.kind = 'post' and l.struck_at is null and l.valid_from <= $4 and (l.valid_to is null or l.valid_to >= $4)
     )
     select p.id, p.surname, p.given_name, p.patronymic,
       array(select distinct l.title from post l where l.person_id = p.id order by l.title) as posts,
       array(select distinct h.role from held h where h.person_id = p.id order by h.role) as roles
     from (select person_id from held union select person_id from post) w join person p on p.id = w.person_id
     where ' ' || fold(p.surname || ' ' || p.given_name || coalesce(' ' || p.patronymic, '')) like all
           (array(select '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))
     order by not starts_with(fold(p.surname), split_part(fold($2), ' ', 1)), p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id
     limit $3"#,
);

row! {
    /// A guardian who was found.
    pub struct FoundGuardian {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Their children here: `Алихан 3Б`.
        pub children: Vec<String>,
    }
}

/// School, words, how many at most, the classes that may be seen (nothing for all), digits of a phone (nothing for none).
pub type GuardianKey = (SchoolId, String, i64, Option<Vec<ClassId>>, Option<String>);

/// By their own name, or by the end of their phone.
pub const GUARDIAN_FIND: Query<GuardianKey, FoundGuardian> = Query::new(
    "find.guardian_find",
    r#"with child as (
       select k.guardian_id, e.pupil_id, e.class_id from kinship k join enrolment e on e.school_id = k.school_id and e.pupil_id = k.pupil_id and e.valid_to is null
       where k.school_id = $1 and k.valid_to is null and ($4::uuid[] is null or e.class_id = any($4))
     )
     select p.id, p.surname, p.given_name, p.patronymic,
       array(select b.given_name || ' ' || c.grade || c.letter from child k join person b on b.id = k.pupil_id join school_class c on c.school_id = $1 and c.id = k.class_id
             where k.guardian_id = p.id order by c.grade, b.given_name collate "kk-x-icu", b.id) as children
     from (select distinct guardian_id from child) w join person p on p.id = w.guardian_id
     where ' ' || fold(p.surname || ' ' || p.given_name || coalesce(' ' || p.patronymic, '')) like all
           (array(select '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word))
        or $5::text is not null and exists (select from person_value f where f.school_id = $1 and f.person_id = p.id and f.field = 'phone' and f.ended_at is null and f.value like '%' || $5)
     order by not starts_with(fold(p.surname), split_part(fold($2), ' ', 1)), p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id
     limit $3"#,
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&PUPIL_FIND, &CLASS_FIND, &STAFF_FIND, &GUARDIAN_FIND];
