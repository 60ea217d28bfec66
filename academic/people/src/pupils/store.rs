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
    /// When a pupil was in which class.
    pub struct Schooling {
        /// `7А`
        pub class_label: String,
        /// Since when.
        pub valid_from: Date,
        /// Until when; nothing while it lasts.
        pub valid_to: Option<Date>,
    }
}

row! {
    /// Who is in which class on a day.
    pub struct Enrolment {
        /// Who.
        pub pupil_id: PersonId,
        /// Where.
        pub class_id: ClassId,
        /// `7А`
        pub class_label: String,
        /// Since when.
        pub valid_from: Date,
        /// Until when; nothing while it lasts.
        pub valid_to: Option<Date>,
    }
}

/// School, day, class (nothing for all), the pupil after whom to go on, how many, the classes that may be seen (nothing for all).
pub type EnrolmentKey = (SchoolId, Date, Option<ClassId>, Option<PersonId>, i64, Option<Vec<ClassId>>);

pub const ENROLMENT_LIST: Query<EnrolmentKey, Enrolment> = Query::new(
    "people.enrolment_list",
    "select e.pupil_id, e.class_id, k.grade || k.letter as class_label, e.valid_from, e.valid_to
     from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id
     where e.school_id = $1 and e.valid_from <= $2 and (e.valid_to is null or e.valid_to >= $2) and ($3::uuid is null or e.class_id = $3)
       and ($4::uuid is null or e.pupil_id > $4) and ($6::uuid[] is null or e.class_id = any($6))
     order by e.pupil_id limit $5",
);

row! {
    /// A brother or sister at the school: a pupil with the same guardian.
    pub struct Sibling {
        /// Their id.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `7А`
        pub class_label: String,
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

/// In the order of the Kazakh alphabet. Every searched word must begin or stand within the name, as `fold` compares them; a former surname
/// is found as well.
pub const PUPIL_LIST: Query<ListKey, Pupil> = Query::new(
    "people.pupil_list",
    r#"select v.pupil_id as id, v.surname, v.given_name, v.patronymic, v.class_label
     from people_v_pupil v
     where v.school_id = $1
       and (fold(v.surname || ' ' || v.given_name || ' ' || v.class_label) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
         or exists (select from person_value o where o.school_id = v.school_id and o.person_id = v.pupil_id and o.field = 'surname' and o.ended_at is not null
              and fold(o.value || ' ' || v.given_name || ' ' || v.class_label) like all
                (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)))
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

pub const SCHOOLING_LIST: Query<(SchoolId, PersonId), Schooling> = Query::new(
    "people.schooling_list",
    "select k.grade || k.letter as class_label, e.valid_from, e.valid_to
     from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id
     where e.school_id = $1 and e.pupil_id = $2 order by e.valid_from desc limit 50",
);

/// School, pupil, the classes that may be seen (nothing for all).
pub const SIBLING_LIST: Query<(SchoolId, PersonId, Option<Vec<ClassId>>), Sibling> = Query::new(
    "people.sibling_list",
    "select distinct v.pupil_id as id, v.surname, v.given_name, v.class_label
     from kinship own join kinship other on other.school_id = own.school_id and other.guardian_id = own.guardian_id and other.pupil_id <> own.pupil_id and other.valid_to is null
     join people_v_pupil v on v.school_id = other.school_id and v.pupil_id = other.pupil_id
     where own.school_id = $1 and own.pupil_id = $2 and own.valid_to is null and ($3::uuid[] is null or v.class_id = any($3))
     order by v.given_name, id limit 20",
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
    &SCHOOLING_LIST,
    &ENROLMENT_LIST,
    &SIBLING_LIST,
    &CARD_LIST,
    &PERSON_ADD,
    &MEMBER_ADD,
    &KINSHIP_ADD,
];
