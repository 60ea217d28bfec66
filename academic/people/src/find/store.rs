//! Every statement of finding.

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
           (select '% ' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
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

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&PUPIL_FIND, &CLASS_FIND];
