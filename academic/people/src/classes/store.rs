//! Every statement of the classes.

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::AtMoment,
};

row! {
    /// A class.
    pub struct Class {
        /// Its id.
        pub id: ClassId,
        /// Its grade.
        pub grade: i16,
        /// Its letter.
        pub letter: String,
        /// Language of teaching.
        pub language: String,
        /// How many pupils it has.
        pub pupils: i64,
    }
}

impl Class {
    /// `7А`
    pub fn label(&self) -> String {
        format!("{}{}", self.grade, self.letter)
    }
}

/// School, the classes that may be seen (nothing for all).
pub const CLASS_LIST: Query<(SchoolId, Option<Vec<ClassId>>), Class> = Query::new(
    "people.class_list",
    "select k.id, k.grade, k.letter, k.language,
       (select count(*) from enrolment e where e.school_id = k.school_id and e.class_id = k.id and e.valid_to is null) as pupils
     from school_class k
     where k.school_id = $1 and k.valid_to is null and ($2::uuid[] is null or k.id = any($2))
     order by k.grade, k.letter collate \"kk-x-icu\"",
);

/// School, the classes that may be seen (nothing for all), grade (nothing for all), language (nothing for all), the class after which to go on, how many.
pub type PartKey = (SchoolId, Option<Vec<ClassId>>, Option<i16>, String, Option<ClassId>, i64);

row! {
    /// A class as programs are given it.
    pub struct ListedClass {
        pub id: ClassId,
        pub grade: i16,
        pub letter: String,
        pub language: String,
        pub home_building_id: Option<Uuid>,
        pub home_kk: Option<String>,
        pub home_ru: Option<String>,
        pub home_room: Option<String>,
        pub pupils: i64,
    }
}

impl ListedClass {
    /// `7А`
    pub fn label(&self) -> String {
        format!("{}{}", self.grade, self.letter)
    }
}

pub const CLASS_PART: Query<PartKey, ListedClass> = Query::new(
    "people.class_part",
    "select k.id, k.grade, k.letter, k.language, k.home_building_id, h.name_kk as home_kk, h.name_ru as home_ru, k.home_room,
       (select count(*) from enrolment e where e.school_id = k.school_id and e.class_id = k.id and e.valid_to is null) as pupils
     from school_class k left join people_v_building h on h.school_id = k.school_id and h.building_id = k.home_building_id
     where k.school_id = $1 and k.valid_to is null and ($2::uuid[] is null or k.id = any($2)) and ($3::smallint is null or k.grade = $3) and ($4 = '' or k.language = $4)
       and ($5::uuid is null or (k.grade, k.letter collate \"kk-x-icu\", k.id) > (select a.grade, a.letter, a.id from school_class a where a.school_id = $1 and a.id = $5))
     order by k.grade, k.letter collate \"kk-x-icu\", k.id limit $6",
);

row! {
    /// A class with all that is known of it.
    pub struct ClassDetail {
        pub id: ClassId,
        pub grade: i16,
        pub letter: String,
        pub language: String,
        pub shift: i16,
        pub kind: String,
        pub profile: String,
        pub year: i16,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        pub home_building_id: Option<Uuid>,
        pub home_kk: Option<String>,
        pub home_ru: Option<String>,
        pub home_room: Option<String>,
        pub pupils: i64,
        pub teachers: Option<String>,
    }
}

impl ClassDetail {
    /// `7А`
    pub fn label(&self) -> String {
        format!("{}{}", self.grade, self.letter)
    }
}

row! {
    /// A pupil of a class.
    pub struct ClassPupil {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub valid_from: Date,
    }
}

/// School, the classes that may be seen (nothing for all), a part of the label as typed, language, one class only.
pub type DetailKey = (SchoolId, Option<Vec<ClassId>>, String, String, Option<ClassId>);

/// Open classes; one that is asked for by its id also when it is closed.
pub const CLASS_DETAIL_LIST: Query<DetailKey, ClassDetail> = Query::new(
    "people.class_detail_list",
    "select k.id, k.grade, k.letter, k.language, k.shift, k.kind, k.profile, k.year, k.valid_from, k.valid_to,
       k.home_building_id, h.name_kk as home_kk, h.name_ru as home_ru, k.home_room,
       (select count(*) from enrolment e where e.school_id = k.school_id and e.class_id = k.id and e.valid_to is null) as pupils,
       (select string_agg(distinct p.surname || ' ' || p.given_name, ', ') from identity_v_class_teacher c join person p on p.id = c.person_id
        where c.school_id = k.school_id and c.class_id = k.id and c.valid_from <= now() and (c.valid_to is null or c.valid_to > now())) as teachers
     from school_class k left join people_v_building h on h.school_id = k.school_id and h.building_id = k.home_building_id
     where k.school_id = $1 and ($2::uuid[] is null or k.id = any($2)) and (k.valid_to is null or k.id = $5) and ($5::uuid is null or k.id = $5)
       and ($3 = '' or starts_with(fold(k.grade || k.letter), fold($3))) and ($4 = '' or k.language = $4)
     order by k.grade, k.letter collate \"kk-x-icu\" limit 500",
);

/// School, class: in the order of the Kazakh alphabet.
pub const CLASS_PUPIL_LIST: Query<(SchoolId, ClassId), ClassPupil> = Query::new(
    "people.class_pupil_list",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, e.valid_from from enrolment e join person p on p.id = e.pupil_id
     where e.school_id = $1 and e.class_id = $2 and e.valid_to is null
     order by p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", p.id limit 500",
);

/// School, id, grade, letter, language, shift, kind, profile, year, from which day, home building, home room.
pub type ClassRow = (SchoolId, ClassId, i16, String, &'static str, i16, &'static str, &'static str, i16, Date, Option<Uuid>, Option<String>);

/// A form sent twice adds once.
pub const CLASS_ADD: Command<ClassRow> = Command::new(
    "people.class_add",
    "insert into school_class (school_id, id, grade, letter, language, shift, kind, profile, year, valid_from, home_building_id, home_room)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (school_id, id) do nothing",
);

/// School, id, grade, letter, language, shift, kind, profile, home building, home room.
pub const CLASS_CHANGE: Command<(SchoolId, ClassId, i16, String, &'static str, i16, &'static str, &'static str, Option<Uuid>, Option<String>)> = Command::new(
    "people.class_change",
    "update school_class set grade = $3, letter = $4, language = $5, shift = $6, kind = $7, profile = $8, home_building_id = $9, home_room = $10
     where school_id = $1 and id = $2 and valid_to is null
       and (grade, letter, language, shift, kind, profile, home_building_id, home_room) is distinct from ($3, $4, $5, $6, $7, $8, $9, $10)",
);

row! {
    /// A class whose row is held.
    pub struct HeldClass { pub year: i16, pub home_building_id: Option<Uuid>, pub pupils: i64 }
}

/// School, class.
pub const CLASS_FOR_UPDATE: Query<(SchoolId, ClassId), HeldClass> = Query::new(
    "people.class_for_update",
    "select k.year, k.home_building_id,
       (select count(*) from enrolment e where e.school_id = k.school_id and e.class_id = k.id and e.valid_to is null) as pupils
     from school_class k where k.school_id = $1 and k.id = $2 and k.valid_to is null for update",
);

/// School, class, its last day.
pub const CLASS_CLOSE: Command<(SchoolId, ClassId, Date)> = Command::new(
    "people.class_close",
    "update school_class k set valid_to = greatest($3, k.valid_from) where k.school_id = $1 and k.id = $2 and k.valid_to is null
       and not exists (select from enrolment e where e.school_id = k.school_id and e.class_id = k.id and e.valid_to is null)",
);

row! {
    /// A class at home in a building.
    pub struct Homed {
        /// The class.
        pub id: ClassId,
        /// As people call it.
        pub label: String,
        /// The year it is of.
        pub year: i16,
        /// What its room is called.
        pub room: Option<String>,
    }
}

/// School, building: the open classes at home there.
pub const HOMED_LIST: Query<(SchoolId, Uuid), Homed> = Query::new(
    "people.class_homed_list",
    "select k.id, k.grade || k.letter as label, k.year, k.home_room as room from school_class k
     where k.school_id = $1 and k.home_building_id = $2 and k.valid_to is null order by k.grade, k.letter collate \"kk-x-icu\" limit 500",
);

/// Open classes that nobody is class teacher of.
pub const TASK_NO_TEACHER: AtMoment = AtMoment::new(
    "people.task_no_class_teacher",
    "select count(*) as count, 0::bigint as late, null::date as due from school_class k where k.school_id = $1 and k.valid_to is null
       and not exists (select from identity_v_class_teacher c where c.school_id = k.school_id and c.class_id = k.id and c.valid_from <= $2 and (c.valid_to is null or c.valid_to > $2))",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_NO_TEACHER, &CLASS_LIST, &CLASS_PART, &CLASS_DETAIL_LIST, &CLASS_PUPIL_LIST, &CLASS_ADD, &CLASS_CHANGE, &CLASS_FOR_UPDATE, &CLASS_CLOSE, &HOMED_LIST];
