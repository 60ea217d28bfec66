//! Every statement of OneRoster.

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    keep::{Fate, Holding},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A school.
    pub struct SchoolRow { pub code: String }
}

row! {
    /// How many are in a year.
    pub struct Size { pub pupils: i64 }
}

row! {
    /// A class of a year.
    pub struct ClassRow { pub id: ClassId, pub grade: i16, pub letter: String, pub language: String }
}

row! {
    /// Somebody.
    pub struct MemberRow {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub sex: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
    }
}

row! {
    /// When a pupil was in a class.
    pub struct TimeRow { pub pupil_id: PersonId, pub class_id: ClassId, pub valid_from: Date, pub valid_to: Option<Date> }
}

row! {
    /// Whose guardian somebody is.
    pub struct KinRow { pub pupil_id: PersonId, pub guardian_id: PersonId }
}

row! {
    /// An employee.
    pub struct WorkerRow {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub roles: Vec<String>,
        pub posts: Vec<String>,
    }
}

row! {
    /// A class teacher.
    pub struct TeacherRow { pub class_id: ClassId, pub person_id: PersonId }
}

row! {
    /// Whom another system means.
    pub struct KnownRow { pub sourced_id: String, pub person_id: PersonId }
}

pub const SCHOOL_FIND: Query<(SchoolId,), SchoolRow> = Query::new("oneroster.school_find", "select code from organisation where id = $1");

/// School, year.
pub const YEAR_SIZE: Query<(SchoolId, i16), Size> = Query::new(
    "oneroster.year_size",
    "select count(distinct e.pupil_id) as pupils from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id where e.school_id = $1 and k.year = $2",
);

/// School, year: open ones, and those in which somebody was.
pub const CLASS_LIST: Query<(SchoolId, i16), ClassRow> = Query::new(
    "oneroster.class_list",
    "select k.id, k.grade, k.letter, k.language from school_class k
     where k.school_id = $1 and k.year = $2 and (k.valid_to is null or exists (select from enrolment e where e.school_id = k.school_id and e.class_id = k.id)) order by k.id",
);

pub const PUPIL_LIST: Query<(SchoolId, i16), MemberRow> = Query::new(
    "oneroster.pupil_list",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'email' and v.ended_at is null) as email,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'phone' and v.ended_at is null) as phone
     from (select distinct e.pupil_id from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id where e.school_id = $1 and k.year = $2) here
     join person p on p.id = here.pupil_id order by p.id",
);

pub const TIME_LIST: Query<(SchoolId, i16), TimeRow> = Query::new(
    "oneroster.time_list",
    "select e.pupil_id, e.class_id, e.valid_from, e.valid_to from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id
     where e.school_id = $1 and k.year = $2 order by e.class_id, e.pupil_id, e.valid_from",
);

/// The mother first, then the father; whom a limit bars is not in the view.
pub const KIN_LIST: Query<(SchoolId, i16), KinRow> = Query::new(
    "oneroster.kin_list",
    "select n.pupil_id, n.guardian_id from people_v_kinship v
     join kinship n on n.school_id = v.school_id and n.pupil_id = v.pupil_id and n.guardian_id = v.guardian_id and n.valid_from = v.valid_from
     where v.school_id = $1 and n.valid_to is null
       and exists (select from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id where e.school_id = $1 and e.pupil_id = n.pupil_id and k.year = $2)
     order by n.pupil_id, n.kind = 'mother' desc, n.kind = 'father' desc, n.guardian_id",
);

/// School, guardians.
pub const GUARDIAN_LIST: Query<(SchoolId, Vec<PersonId>), MemberRow> = Query::new(
    "oneroster.guardian_list",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'email' and v.ended_at is null) as email,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'phone' and v.ended_at is null) as phone
     from person p where p.id = any($2) and exists (select from school_person m where m.school_id = $1 and m.person_id = p.id) order by p.id",
);

/// School, today: whoever holds an office now, or has a post that goes on.
pub const WORKER_LIST: Query<(SchoolId, Date), WorkerRow> = Query::new(
    "oneroster.worker_list",
    "with held as (
       select h.person_id, h.role from identity_v_held h where h.school_id = $1 and h.valid_from <= now() and (h.valid_to is null or h.valid_to > now()) and h.role not in ('guardian', 'pupil')
     ), post as (
       select l.person_id, l.title from staff_line l
       where l.school_id = $1 and l.kind = 'post' and l.struck_at is null and l.valid_from <= $2 and (l.valid_to is null or l.valid_to > $2)
     )
     select p.id, p.surname, p.given_name, p.patronymic,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'email' and v.ended_at is null) as email,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'phone' and v.ended_at is null) as phone,
       array(select distinct h.role from held h where h.person_id = p.id) as roles,
       array(select distinct s.title from post s where s.person_id = p.id) as posts
     from (select person_id from held union select person_id from post) w join person p on p.id = w.person_id order by p.id",
);

/// School, year: class teachers of now.
pub const TEACHER_LIST: Query<(SchoolId, i16), TeacherRow> = Query::new(
    "oneroster.teacher_list",
    "select distinct c.class_id, c.person_id from identity_v_class_teacher c join school_class k on k.school_id = c.school_id and k.id = c.class_id
     where c.school_id = $1 and k.year = $2 and c.valid_from <= now() and (c.valid_to is null or c.valid_to > now()) order by c.class_id, c.person_id",
);

/// School, system, ids.
pub const KNOWN_LIST: Query<(SchoolId, String, Vec<String>), KnownRow> =
    Query::new("oneroster.known_list", "select sourced_id, person_id from oneroster_id where school_id = $1 and system = $2 and sourced_id = any($3)");

/// School, systems, ids, persons. Of one id twice the last holds.
pub const KNOWN_PUT: Command<(SchoolId, Vec<String>, Vec<String>, Vec<PersonId>)> = Command::new(
    "oneroster.known_put",
    "insert into oneroster_id (school_id, system, sourced_id, person_id) select $1, t.* from unnest($2::text[], $3::text[], $4::uuid[]) t
     on conflict (school_id, system, sourced_id) do update set person_id = excluded.person_id",
);

pub const KNOWN_FORGET: Command<(SchoolId, Vec<PersonId>)> = Command::new("oneroster.known_forget", "delete from oneroster_id where school_id = $1 and person_id = any($2)");

/// A leaver's rows.
pub static HOLDING: Holding = Holding {
    table: "oneroster_id",
    count: Query::new("people.held_oneroster_id", "select count(*) as count from oneroster_id where school_id = $1 and person_id = $2"),
    fate: Fate::Delete(Command::new(
        "people.erase_oneroster_id",
        "delete from oneroster_id where ctid = any(array(select ctid from oneroster_id where school_id = $1 and person_id = $2 limit $3))",
    )),
};

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&SCHOOL_FIND, &YEAR_SIZE, &CLASS_LIST, &PUPIL_LIST, &TIME_LIST, &KIN_LIST, &GUARDIAN_LIST, &WORKER_LIST, &TEACHER_LIST, &KNOWN_LIST, &KNOWN_PUT, &KNOWN_FORGET];
