//! The statements of announcements.

use jiff::Timestamp;
use kernel::{
    id::{ClassId, FileId, JobId, PersonId, SchoolId, Uuid},
    keep::{Fate, Holding},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// An announcement.
    pub struct Announcement {
        pub id: Uuid,
        pub title_kk: String,
        pub title_ru: String,
        pub text_kk: String,
        pub text_ru: String,
        pub urgency: String,
        pub audience: String,
        pub grades: Vec<i32>,
        pub class_ids: Vec<ClassId>,
        pub readers: Vec<String>,
        pub roles: Vec<String>,
        pub written_at: Timestamp,
        pub sent_at: Option<Timestamp>,
        pub job_id: Option<JobId>,
        pub reminded_at: Option<Timestamp>,
    }
}

row! {
    /// An announcement in the list.
    pub struct Line {
        pub id: Uuid,
        pub title_kk: String,
        pub title_ru: String,
        pub urgency: String,
        pub written_at: Timestamp,
        pub sent_at: Option<Timestamp>,
        /// Those whom it was sent to.
        pub readers: Option<i64>,
        /// Those who said that they have read it.
        pub confirmed: Option<i64>,
    }
}

row! {
    /// Whom an audience means now.
    pub struct Reach {
        /// Pupils of the classes it names.
        pub pupils: i64,
        /// Their guardians.
        pub guardians: i64,
        /// Pupils who have no guardian whom it would reach.
        pub alone: i64,
        /// Pupils who read it themselves.
        pub reading: i64,
        /// Staff and class teachers.
        pub staff: i64,
        /// All who read it, each once.
        pub readers: i64,
    }
}

row! {
    /// A class with how many of its guardians and pupils have confirmed.
    pub struct ClassCount {
        pub class_id: Option<ClassId>,
        pub class_label: Option<String>,
        pub readers: i64,
        pub confirmed: i64,
    }
}

row! {
    /// How many readers in all, each once.
    pub struct Total {
        pub readers: i64,
        pub told: i64,
        pub confirmed: i64,
        /// Those who read it as staff.
        pub staff: i64,
        pub staff_confirmed: i64,
    }
}

row! {
    /// A guardian of a class, one of its pupils, or somebody of the staff.
    pub struct Reader {
        pub guardian_id: PersonId,
        /// Who reads it for themselves stands here, too.
        pub child_id: PersonId,
        pub guardian: String,
        pub child: String,
        pub confirmed_at: Option<Timestamp>,
    }
}

row! {
    /// Somebody who is to be told: a guardian by one of their children, anybody else by themselves.
    pub struct Waiting {
        pub guardian_id: PersonId,
        pub child_id: PersonId,
    }
}

row! {
    /// A class to choose.
    pub struct Class {
        pub class_id: ClassId,
        pub grade: i16,
        pub class_label: String,
    }
}

row! {
    /// What a reader reads.
    pub struct Letter {
        pub school_id: SchoolId,
        pub id: Uuid,
        pub title_kk: String,
        pub title_ru: String,
        pub text_kk: String,
        pub text_ru: String,
        pub urgency: String,
        pub sent_at: Option<Timestamp>,
        pub confirmed_at: Option<Timestamp>,
    }
}

row! {
    /// A school where a reader's word was kept.
    pub struct Confirmed {
        pub school_id: SchoolId,
    }
}

row! {
    /// A file of an announcement.
    pub struct Attached {
        pub id: Uuid,
        pub file_id: FileId,
        pub name: String,
        pub media_type: String,
        pub size: i32,
    }
}

/// School, id; titles, texts, urgency; audience; by whom, when; readers, roles.
pub type Kept = (SchoolId, Uuid, String, String, String, String, &'static str, &'static str, Vec<i32>, Vec<ClassId>, PersonId, Timestamp, Vec<&'static str>, Vec<&'static str>);

/// Keeps a draft, new or again; one that was sent stays as it is.
pub const DRAFT_SET: Command<Kept> = Command::new(
    "announcements.draft_set",
    "insert into announcement as a (school_id, id, title_kk, title_ru, text_kk, text_ru, urgency, audience, grades, class_ids, written_by, written_at, readers, roles)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (school_id, id) do update set title_kk = excluded.title_kk, title_ru = excluded.title_ru, text_kk = excluded.text_kk, text_ru = excluded.text_ru,
       urgency = excluded.urgency, audience = excluded.audience, grades = excluded.grades, class_ids = excluded.class_ids, written_by = excluded.written_by, written_at = excluded.written_at,
       readers = excluded.readers, roles = excluded.roles
     where a.sent_at is null",
);

/// One.
pub const ANNOUNCEMENT_FIND: Query<(SchoolId, Uuid), Announcement> = Query::new(
    "announcements.find",
    "select id, title_kk, title_ru, text_kk, text_ru, urgency, audience, grades, class_ids, readers, roles, written_at, sent_at, job_id, reminded_at from announcement where school_id = $1 and id = $2",
);

/// The same, and nobody else sends or reminds meanwhile.
pub const ANNOUNCEMENT_FOR_UPDATE: Query<(SchoolId, Uuid), Announcement> = Query::new(
    "announcements.for_update",
    "select id, title_kk, title_ru, text_kk, text_ru, urgency, audience, grades, class_ids, readers, roles, written_at, sent_at, job_id, reminded_at from announcement where school_id = $1 and id = $2 for update",
);

/// School, words of a title, `draft` or `sent` or all, the one before which to go on, how many.
pub const LIST: Query<(SchoolId, String, String, Option<Uuid>, i64), Line> = Query::new(
    "announcements.list",
    r#"select a.id, a.title_kk, a.title_ru, a.urgency, a.written_at, a.sent_at, r.readers, r.confirmed
     from (select * from announcement where school_id = $1 and ($4::uuid is null or id < $4)
             and ($3 = '' or ($3 = 'sent') = (sent_at is not null))
             and fold(title_kk || ' ' || title_ru) like '%' || regexp_replace(fold($2), '([\\%_])', '\\\1', 'g') || '%'
           order by id desc limit $5) a
     left join lateral (select count(distinct guardian_id) as readers, count(distinct guardian_id) filter (where confirmed_at is not null) as confirmed
       from announcement_reader where school_id = $1 and announcement_id = a.id) r on a.sent_at is not null
     order by a.id desc"#,
);

/// School; readers, classes with their kind, roles; now.
pub type Whom = (SchoolId, Vec<&'static str>, &'static str, Vec<i32>, Vec<ClassId>, Vec<&'static str>, Timestamp);

/// Whom it would reach: as [`READER_ADD`]. Of a child whose data may not be shown electronically nobody is told.
pub const REACH: Query<Whom, Reach> = Query::new(
    "announcements.reach",
    "with pupil as materialized (
       select p.pupil_id, p.class_id,
         exists (select from identity_v_consent_stop c where c.school_id = p.school_id and c.person_id = p.pupil_id and c.purpose = 'register' and c.until is null) as stopped
       from people_v_pupil p
       where p.school_id = $1 and ($3 = 'school' or ($3 = 'grades' and p.grade = any($4::int[])) or ($3 = 'classes' and p.class_id = any($5)))
     ), holder as materialized (
       select h.person_id, h.role from identity_v_held h where h.school_id = $1 and h.role <> 'guardian' and h.valid_from <= $7 and (h.valid_to is null or h.valid_to > $7)
     ), kin as (
       select p.pupil_id, k.guardian_id from pupil p
       left join people_v_kinship k on not p.stopped and k.school_id = $1 and k.pupil_id = p.pupil_id and k.valid_to is null
     ), reading as (
       select p.pupil_id as person_id from pupil p where 'pupils' = any($2::text[]) and not p.stopped and p.pupil_id in (select person_id from holder where role = 'pupil')
     ), staff as (
       select person_id from holder where 'staff' = any($2) and role <> 'pupil' and (cardinality($6::text[]) = 0 or role = any($6))
       union
       select person_id from holder where 'class_teachers' = any($2) and $3 = 'school' and role = 'class_teacher'
       union
       select t.person_id from identity_v_class_teacher t
       where 'class_teachers' = any($2) and t.school_id = $1 and t.valid_from <= $7 and (t.valid_to is null or t.valid_to > $7) and t.class_id in (select class_id from pupil)
     )
     select count(distinct pupil_id) as pupils, count(distinct guardian_id) as guardians, count(distinct pupil_id) filter (where guardian_id is null) as alone,
       (select count(*) from reading) as reading, (select count(*) from staff) as staff,
       (select count(*) from (select guardian_id from kin where 'guardians' = any($2) and guardian_id is not null union select person_id from reading union select person_id from staff) r) as readers
     from kin",
);

/// School, announcement; readers, classes with their kind, roles; now.
pub type Sent = (SchoolId, Uuid, Vec<&'static str>, &'static str, Vec<i32>, Vec<ClassId>, Vec<&'static str>, Timestamp);

/// Fixes its readers: guardians of the pupils, the pupils who have a login, class teachers of their classes, staff.
pub const READER_ADD: Command<Sent> = Command::new(
    "announcements.reader_add",
    "with pupil as materialized (
       select p.pupil_id, p.class_id,
         exists (select from identity_v_consent_stop c where c.school_id = p.school_id and c.person_id = p.pupil_id and c.purpose = 'register' and c.until is null) as stopped
       from people_v_pupil p
       where p.school_id = $1 and ($4 = 'school' or ($4 = 'grades' and p.grade = any($5::int[])) or ($4 = 'classes' and p.class_id = any($6)))
     ), holder as materialized (
       select h.person_id, h.role from identity_v_held h where h.school_id = $1 and h.role <> 'guardian' and h.valid_from <= $8 and (h.valid_to is null or h.valid_to > $8)
     )
     insert into announcement_reader (school_id, announcement_id, guardian_id, child_id, reads_as)
     select $1::uuid, $2::uuid, k.guardian_id, p.pupil_id, 'guardian' from pupil p
       join people_v_kinship k on k.school_id = $1 and k.pupil_id = p.pupil_id and k.valid_to is null
       where 'guardians' = any($3::text[]) and not p.stopped
     union
     select $1, $2, p.pupil_id, p.pupil_id, 'pupil' from pupil p
       where 'pupils' = any($3) and not p.stopped and p.pupil_id in (select person_id from holder where role = 'pupil')
     union
     select $1, $2, person_id, person_id, 'staff' from holder where 'staff' = any($3) and role <> 'pupil' and (cardinality($7::text[]) = 0 or role = any($7))
     union
     select $1, $2, person_id, person_id, 'staff' from holder where 'class_teachers' = any($3) and $4 = 'school' and role = 'class_teacher'
     union
     select $1, $2, t.person_id, t.person_id, 'staff' from identity_v_class_teacher t
       where 'class_teachers' = any($3) and t.school_id = $1 and t.valid_from <= $8 and (t.valid_to is null or t.valid_to > $8) and t.class_id in (select class_id from pupil)
     on conflict do nothing",
);

/// School, id, by whom, when, the job that tells.
pub const SENT_SET: Command<(SchoolId, Uuid, PersonId, Timestamp, JobId)> =
    Command::new("announcements.sent_set", "update announcement set sent_by = $3, sent_at = $4, job_id = $5 where school_id = $1 and id = $2 and sent_at is null");

/// School, id, when, the job that tells.
pub const REMINDED_SET: Command<(SchoolId, Uuid, Timestamp, JobId)> =
    Command::new("announcements.reminded_set", "update announcement set reminded_at = $3, job_id = $4 where school_id = $1 and id = $2");

/// School, id, the job that tells what is left.
pub const JOB_SET: Command<(SchoolId, Uuid, JobId)> = Command::new("announcements.job_set", "update announcement set job_id = $3 where school_id = $1 and id = $2");

/// Who has not confirmed is to be told again; one confirmed row of a reader stands for all of theirs.
pub const READER_AGAIN: Command<(SchoolId, Uuid)> =
    Command::new("announcements.reader_again", "update announcement_reader set told_at = null where school_id = $1 and announcement_id = $2 and confirmed_at is null");

/// The next readers who are to be told, each for themselves or by a child of whom they may still be told: one who left, or whose consent to
/// the register is withdrawn, stands for nobody, and one whose notices may go to phones comes first. Whoever has no such child, and is no
/// reader for themselves, is told of as one whom nothing reaches.
pub const WAITING_LIST: Query<(SchoolId, Uuid, i64), Waiting> = Query::new(
    "announcements.waiting_list",
    "with waiting as materialized (
       select distinct guardian_id from announcement_reader where school_id = $1 and announcement_id = $2 and told_at is null order by guardian_id limit $3
     )
     select distinct on (r.guardian_id) r.guardian_id, r.child_id
     from waiting w join announcement_reader r on r.school_id = $1 and r.announcement_id = $2 and r.guardian_id = w.guardian_id and r.told_at is null
     left join people_v_kinship k on k.school_id = r.school_id and k.pupil_id = r.child_id and k.guardian_id = r.guardian_id and k.valid_to is null
     order by r.guardian_id, r.reads_as = 'guardian' and k.guardian_id is null,
       exists (select from identity_v_consent_stop c where c.school_id = r.school_id and c.person_id = r.child_id and c.purpose = 'register' and c.until is null),
       exists (select from identity_v_consent_stop c where c.school_id = r.school_id and c.person_id = r.child_id and c.purpose = 'notices' and c.until is null),
       r.child_id",
);

/// They were told: school, announcement, readers, when.
pub const TOLD_SET: Command<(SchoolId, Uuid, Vec<PersonId>, Timestamp)> = Command::new(
    "announcements.told_set",
    "update announcement_reader set told_at = $4 where school_id = $1 and announcement_id = $2 and guardian_id = any($3) and told_at is null",
);

/// How many in all.
pub const TOTAL: Query<(SchoolId, Uuid), Total> = Query::new(
    "announcements.total",
    "select count(distinct guardian_id) as readers, count(distinct guardian_id) filter (where told_at is not null) as told,
       count(distinct guardian_id) filter (where confirmed_at is not null) as confirmed,
       count(*) filter (where reads_as = 'staff') as staff, count(*) filter (where reads_as = 'staff' and confirmed_at is not null) as staff_confirmed
     from announcement_reader where school_id = $1 and announcement_id = $2",
);

/// By the class that each child is in now; who has left stands under none, and staff stands apart.
pub const CLASS_COUNT_LIST: Query<(SchoolId, Uuid), ClassCount> = Query::new(
    "announcements.class_count_list",
    r#"select p.class_id, p.class_label, count(distinct r.guardian_id) as readers, count(distinct r.guardian_id) filter (where r.confirmed_at is not null) as confirmed
     from announcement_reader r left join people_v_pupil p on p.school_id = r.school_id and p.pupil_id = r.child_id
     where r.school_id = $1 and r.announcement_id = $2 and r.reads_as <> 'staff'
     group by p.class_id, p.class_label, p.grade, p.letter order by p.grade nulls last, p.letter collate "kk-x-icu""#,
);

/// Guardians and pupils of a class, those who have not confirmed first.
pub const READER_LIST: Query<(SchoolId, Uuid, ClassId), Reader> = Query::new(
    "announcements.reader_list",
    r#"select r.guardian_id, r.child_id, g.surname || ' ' || g.given_name as guardian, p.surname || ' ' || p.given_name as child, r.confirmed_at
     from announcement_reader r
     join people_v_pupil p on p.school_id = r.school_id and p.pupil_id = r.child_id and p.class_id = $3
     join people_v_name g on g.person_id = r.guardian_id
     where r.school_id = $1 and r.announcement_id = $2 and r.reads_as <> 'staff'
     order by r.confirmed_at is not null, p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.pupil_id, r.guardian_id limit 200"#,
);

/// Those who read it as staff, those who have not confirmed first.
pub const STAFF_LIST: Query<(SchoolId, Uuid), Reader> = Query::new(
    "announcements.staff_list",
    r#"select r.guardian_id, r.child_id, g.surname || ' ' || g.given_name as guardian, g.surname || ' ' || g.given_name as child, r.confirmed_at
     from announcement_reader r
     join people_v_name g on g.person_id = r.guardian_id
     where r.school_id = $1 and r.announcement_id = $2 and r.reads_as = 'staff'
     order by r.confirmed_at is not null, g.surname collate "kk-x-icu", g.given_name collate "kk-x-icu", r.guardian_id limit 200"#,
);

/// Classes to choose from.
pub const CLASS_LIST: Query<(SchoolId,), Class> = Query::new(
    "announcements.class_list",
    r#"select class_id, grade, class_label from people_v_class where school_id = $1 order by grade, letter collate "kk-x-icu""#,
);

/// What a reader was sent: schools, reader, announcement, the schools where they work or learn.
pub const LETTER_FIND: Query<(Vec<SchoolId>, PersonId, Uuid, Vec<SchoolId>), Letter> = Query::new(
    "announcements.letter_find",
    "select a.school_id, a.id, a.title_kk, a.title_ru, a.text_kk, a.text_ru, a.urgency, a.sent_at, max(r.confirmed_at) as confirmed_at
     from announcement_reader r
     join announcement a on a.school_id = r.school_id and a.id = r.announcement_id
     where r.school_id = any($1) and r.guardian_id = $2 and r.announcement_id = $3
       and case r.reads_as when 'guardian' then exists (select from people_v_kinship k where k.school_id = r.school_id and k.pupil_id = r.child_id and k.guardian_id = r.guardian_id and k.valid_to is null)
         else r.school_id = any($4) end
     group by a.school_id, a.id",
);

/// A reader has read it: schools, reader, announcement, when, the schools where they work or learn.
pub const CONFIRM: Query<(Vec<SchoolId>, PersonId, Uuid, Timestamp, Vec<SchoolId>), Confirmed> = Query::new(
    "announcements.confirm",
    "with said as (
       update announcement_reader r set confirmed_at = $4
       where r.school_id = any($1) and r.guardian_id = $2 and r.announcement_id = $3 and r.confirmed_at is null
         and case r.reads_as when 'guardian' then exists (select from people_v_kinship k where k.school_id = r.school_id and k.pupil_id = r.child_id and k.guardian_id = r.guardian_id and k.valid_to is null)
           else r.school_id = any($5) end
       returning r.school_id)
     select distinct school_id from said",
);

/// The notices of it are read: schools, reader, the announcement as their arguments name it, when.
pub const NOTICE_READ: Command<(Vec<SchoolId>, PersonId, String, Timestamp)> = Command::new(
    "announcements.notice_read",
    "update notice set read_at = $4 where school_id = any($1) and recipient_id = $2 and kind in ('announcement', 'alert') and args->>'announcement' = $3 and read_at is null",
);

/// Its files, in the order in which they were added.
pub const FILE_LIST: Query<(SchoolId, Uuid), Attached> = Query::new(
    "announcements.file_list",
    "select id, file_id, name, media_type, size from announcement_file where school_id = $1 and announcement_id = $2 order by added_at, id",
);

/// School, announcement, the form's id, the kept file, its name, what it is, its bytes, when.
pub type NewFile = (SchoolId, Uuid, Uuid, FileId, String, &'static str, i32, Timestamp);

/// Adds a file.
pub const FILE_ADD: Command<NewFile> = Command::new(
    "announcements.file_add",
    "insert into announcement_file (school_id, announcement_id, id, file_id, name, media_type, size, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
);

row! {
    /// A file that belongs to no announcement any more.
    pub struct Loose {
        pub file_id: FileId,
    }
}

/// School, announcement, a file of it or all. Lets them go.
pub const FILE_REMOVE: Query<(SchoolId, Uuid, Option<Uuid>), Loose> = Query::new(
    "announcements.file_remove",
    "delete from announcement_file where school_id = $1 and announcement_id = $2 and ($3::uuid is null or id = $3) returning file_id",
);

/// Throws a draft away.
pub const DRAFT_REMOVE: Command<(SchoolId, Uuid)> = Command::new("announcements.draft_remove", "delete from announcement where school_id = $1 and id = $2 and sent_at is null");

/// What the room keeps of a person. Its files are of whoever added them, as the announcement is, and stay with it. Who wrote or sent one stays: it is the school's own act.
pub static HOLDINGS: &[Holding] = &[Holding {
    table: "announcement_reader",
    count: Query::new("announcements.held", "select count(*) as count from announcement_reader where school_id = $1 and (guardian_id = $2 or child_id = $2)"),
    fate: Fate::Delete(Command::new(
        "announcements.erase",
        "delete from announcement_reader where ctid = any(array(select ctid from announcement_reader where school_id = $1 and (guardian_id = $2 or child_id = $2) limit $3))",
    )),
}];

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &DRAFT_SET,
    &ANNOUNCEMENT_FIND,
    &ANNOUNCEMENT_FOR_UPDATE,
    &LIST,
    &REACH,
    &READER_ADD,
    &SENT_SET,
    &REMINDED_SET,
    &JOB_SET,
    &READER_AGAIN,
    &WAITING_LIST,
    &TOLD_SET,
    &TOTAL,
    &CLASS_COUNT_LIST,
    &READER_LIST,
    &STAFF_LIST,
    &FILE_LIST,
    &FILE_ADD,
    &FILE_REMOVE,
    &DRAFT_REMOVE,
    &CLASS_LIST,
    &LETTER_FIND,
    &CONFIRM,
    &NOTICE_READ,
];
