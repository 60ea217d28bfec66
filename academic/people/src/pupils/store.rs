//! Every statement of the pupils.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A pupil as lists show them.
    pub struct Pupil {
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
    /// What only the pupil's own page shows.
    pub struct Birth {
        /// Date of birth.
        pub birth_date: Option<Date>,
    }
}

row! {
    /// A guardian of a pupil.
    pub struct Guardian {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// How they stand to the child, as stored.
        pub kind: String,
    }
}

row! {
    /// A card that opens now.
    pub struct Card {
        /// Its number.
        pub code: String,
        /// Since when.
        pub valid_from: Timestamp,
    }
}

/// School, searched text, class, the pupil after whom to go on, how many, the classes that may be seen (nothing for all).
pub type ListKey = (SchoolId, String, Option<ClassId>, Option<PersonId>, i64, Option<Vec<ClassId>>);

/// In the order of the Kazakh alphabet. Every searched word must begin or stand within the name, as `fold` compares them.
pub const PUPIL_LIST: Query<ListKey, Pupil> = Query::new(
    "people.pupil_list",
    r#"select v.pupil_id as id, v.surname, v.given_name, v.patronymic, v.class_label
     from people_v_pupil v
     where v.school_id = $1
       and fold(v.surname || ' ' || v.given_name || ' ' || v.class_label) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
       and ($3::uuid is null or v.class_id = $3)
       and ($6::uuid[] is null or v.class_id = any($6))
       and ($4::uuid is null or (v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", v.pupil_id) >
           (select p.surname, p.given_name, p.id from person p where p.id = $4))
     order by v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", v.pupil_id
     limit $5"#,
);

/// School, pupil, the classes that may be seen (nothing for all).
pub const PUPIL_FIND: Query<(SchoolId, PersonId, Option<Vec<ClassId>>), Pupil> = Query::new(
    "people.pupil_find",
    "select pupil_id as id, surname, given_name, patronymic, class_label from people_v_pupil
     where school_id = $1 and pupil_id = $2 and ($3::uuid[] is null or class_id = any($3))",
);

pub const BIRTH_FIND: Query<(PersonId,), Birth> = Query::new("people.birth_find", "select birth_date from person where id = $1");

pub const GUARDIAN_LIST: Query<(SchoolId, PersonId), Guardian> = Query::new(
    "people.guardian_list",
    "select p.id, p.surname, p.given_name, p.patronymic, k.kind
     from kinship k join person p on p.id = k.guardian_id
     where k.school_id = $1 and k.pupil_id = $2 and k.valid_to is null
     order by k.kind, p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\"",
);

pub const CARD_LIST: Query<(SchoolId, PersonId), Card> = Query::new(
    "people.card_list",
    "select code, valid_from from safety_v_card where school_id = $1 and person_id = $2 order by valid_from desc",
);

/// Id, surname, given name, patronymic, date of birth.
pub type PersonRow = (PersonId, String, String, Option<String>, Option<Date>);

pub const PERSON_ADD: Command<PersonRow> = Command::new(
    "people.person_add",
    "insert into person (id, surname, given_name, patronymic, birth_date) values ($1, $2, $3, $4, $5)",
);

pub const MEMBER_ADD: Command<(SchoolId, PersonId, Date)> =
    Command::new("people.member_add", "insert into school_person (school_id, person_id, valid_from) values ($1, $2, $3)");

/// Adds nothing when the class is not this school's or is closed.
pub const ENROLMENT_ADD: Command<(SchoolId, PersonId, ClassId, Date)> = Command::new(
    "people.enrolment_add",
    "insert into enrolment (school_id, pupil_id, class_id, valid_from)
     select school_id, $2, id, $4 from school_class where school_id = $1 and id = $3 and valid_to is null",
);

pub const KINSHIP_ADD: Command<(SchoolId, PersonId, PersonId, &'static str, Date)> = Command::new(
    "people.kinship_add",
    "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, $4, $5)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &PUPIL_LIST,
    &PUPIL_FIND,
    &BIRTH_FIND,
    &GUARDIAN_LIST,
    &CARD_LIST,
    &PERSON_ADD,
    &MEMBER_ADD,
    &ENROLMENT_ADD,
    &KINSHIP_ADD,
];
