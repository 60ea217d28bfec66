//! Every statement of the rollover.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::OnDay,
};

row! {
    /// An open class with who is in it.
    pub struct OpenClass {
        pub id: ClassId,
        pub grade: i16,
        pub letter: String,
        pub language: String,
        pub year: i16,
        pub pupils: Vec<PersonId>,
    }
}

row! {
    /// A pupil to tick.
    pub struct Name {
        pub class_id: ClassId,
        pub pupil_id: PersonId,
        pub surname: String,
        pub given_name: String,
    }
}

row! {
    /// A rollover.
    pub struct Rollover {
        pub id: Uuid,
        pub year: i16,
        pub on_date: Date,
        pub order_id: Uuid,
        pub closed_classes: Vec<ClassId>,
        pub made_classes: Vec<ClassId>,
        pub made_at: Timestamp,
        pub undone_at: Option<Timestamp>,
    }
}

row! {
    /// A class whose row is locked.
    pub struct LockedClass { pub id: ClassId }
}

row! {
    /// A line of the movement book.
    pub struct LineId { pub id: Uuid }
}

row! {
    /// Whether anything followed.
    pub struct Followed { pub followed: bool }
}

pub const CLASS_LIST: Query<(SchoolId,), OpenClass> = Query::new(
    "people.rollover_class_list",
    "select k.id, k.grade, k.letter, k.language, k.year,
       array(select e.pupil_id from enrolment e where e.school_id = k.school_id and e.class_id = k.id and e.valid_to is null order by e.pupil_id) as pupils
     from school_class k where k.school_id = $1 and k.valid_to is null order by k.grade, k.letter collate \"kk-x-icu\"",
);

/// The same, locked: nobody is enrolled into one of them until the end.
pub const CLASS_FOR_UPDATE: Query<(SchoolId,), LockedClass> =
    Query::new("people.rollover_class_for_update", "select id from school_class where school_id = $1 and valid_to is null order by id for update");

pub const NAME_LIST: Query<(SchoolId,), Name> = Query::new(
    "people.rollover_name_list",
    "select e.class_id, e.pupil_id, p.surname, p.given_name from enrolment e join person p on p.id = e.pupil_id where e.school_id = $1 and e.valid_to is null
     order by p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", e.pupil_id",
);

/// School, classes, the first day without them.
pub const CLASS_CLOSE: Command<(SchoolId, Vec<ClassId>, Date)> = Command::new(
    "people.rollover_class_close",
    "update school_class set valid_to = greatest($3::date - 1, valid_from) where school_id = $1 and id = any($2) and valid_to is null",
);

/// School; a class each: id, grade, letter, the class that it is like; for all: year, the first day. A class keeps its home unless the school
/// leaves that building.
pub const CLASS_MAKE: Command<(SchoolId, Vec<ClassId>, Vec<i16>, Vec<String>, Vec<ClassId>, i16, Date)> = Command::new(
    "people.rollover_class_make",
    "insert into school_class (school_id, id, grade, letter, language, shift, kind, profile, year, valid_from, home_building_id, home_room)
     select $1, w.id, w.grade, w.letter, k.language, k.shift, k.kind, k.profile, $6, $7,
       h.building_id, case when h.building_id is not null or k.home_building_id is null then k.home_room end
     from unnest($2::uuid[], $3::smallint[], $4::text[], $5::uuid[]) as w (id, grade, letter, like_id)
     join school_class k on k.school_id = $1 and k.id = w.like_id
     left join people_v_building h on h.school_id = $1 and h.building_id = k.home_building_id and h.valid_to is null",
);

/// School, id, year, day, order, closed classes, made classes, when, by whom.
pub type NewRollover = (SchoolId, Uuid, i16, Date, Uuid, Vec<ClassId>, Vec<ClassId>, Timestamp, Option<PersonId>);

pub const ROLLOVER_ADD: Command<NewRollover> = Command::new(
    "people.rollover_add",
    "insert into rollover (school_id, id, year, on_date, order_id, closed_classes, made_classes, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

/// School: the latest, taken back or not.
pub const ROLLOVER_LAST: Query<(SchoolId,), Rollover> = Query::new(
    "people.rollover_last",
    "select id, year, on_date, order_id, closed_classes, made_classes, made_at, undone_at from rollover where school_id = $1 order by made_at desc, id desc limit 1",
);

/// School, id.
pub const ROLLOVER_FOR_UPDATE: Query<(SchoolId, Uuid), Rollover> = Query::new(
    "people.rollover_for_update",
    "select id, year, on_date, order_id, closed_classes, made_classes, made_at, undone_at from rollover where school_id = $1 and id = $2 for update",
);

pub const LINE_LIST: Query<(SchoolId, Uuid), LineId> =
    Query::new("people.rollover_line_list", "select id from movement where school_id = $1 and rollover_id = $2 and undone_at is null order by id");

/// School, rollover, when it was made.
pub const FOLLOWED_FIND: Query<(SchoolId, Uuid, Timestamp), Followed> = Query::new(
    "people.rollover_followed_find",
    "select exists (select from movement where school_id = $1 and rollover_id is distinct from $2 and made_at >= $3 and undone_at is null) as followed",
);

row! {
    /// A made class and the closed one in whose place it stands.
    pub struct Follower { pub made: ClassId, pub closed: ClassId }
}

/// School, made classes, closed classes: by letter and grade.
pub const FOLLOWER_LIST: Query<(SchoolId, Vec<ClassId>, Vec<ClassId>), Follower> = Query::new(
    "people.rollover_follower_list",
    "select m.id as made, c.id as closed from school_class m join school_class c on c.school_id = m.school_id and c.letter = m.letter and c.grade = m.grade - 1
     where m.school_id = $1 and m.id = any($2) and c.id = any($3)",
);

/// School, the made classes: their names are free again.
pub const CLASS_VOID: Command<(SchoolId, Vec<ClassId>)> =
    Command::new("people.rollover_class_void", "update school_class set valid_to = valid_from where school_id = $1 and id = any($2) and valid_to is null");

pub const CLASS_REOPEN: Command<(SchoolId, Vec<ClassId>)> =
    Command::new("people.rollover_class_reopen", "update school_class set valid_to = null where school_id = $1 and id = any($2)");

pub const CLASS_DROP: Command<(SchoolId, Vec<ClassId>)> = Command::new("people.rollover_class_drop", "delete from school_class where school_id = $1 and id = any($2)");

/// School, id, when, by whom.
pub const ROLLOVER_UNDO: Command<(SchoolId, Uuid, Timestamp, Option<PersonId>)> =
    Command::new("people.rollover_undo", "update rollover set undone_at = $3, undone_by = $4 where school_id = $1 and id = $2 and undone_at is null");

/// School years that are over and whose classes are open still; late from the first day of the next.
pub const TASK_DUE: OnDay = OnDay::new(
    "people.task_rollover",
    "select count(*) as count, count(*) filter (where n.starts <= $2) as late, min(n.starts) as due
     from (select distinct year from school_class where school_id = $1 and valid_to is null) k
     join school_year_span s on s.year = k.year and s.kind = 'year' and s.ends < $2
     left join school_year_span n on n.year = k.year + 1 and n.kind = 'year'",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_DUE, 
    &CLASS_LIST,
    &CLASS_FOR_UPDATE,
    &NAME_LIST,
    &CLASS_CLOSE,
    &CLASS_MAKE,
    &ROLLOVER_ADD,
    &ROLLOVER_LAST,
    &ROLLOVER_FOR_UPDATE,
    &LINE_LIST,
    &FOLLOWED_FIND,
    &FOLLOWER_LIST,
    &CLASS_VOID,
    &CLASS_REOPEN,
    &CLASS_DROP,
    &ROLLOVER_UNDO,
];
