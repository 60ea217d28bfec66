//! Every statement of the imports. All over many rows are over arrays: a portion costs the same number of statements whatever it holds.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, JobId, PersonId, SchoolId, Uuid},
    keep::{Count, Fate, Holding, Sweep},
    row,
    sql::{Command, Query, Statement},
    waiting::OnDay,
};
use serde_json::Value;

row! {
    /// A list.
    pub struct Import {
        pub id: Uuid,
        pub kind: String,
        pub file_name: String,
        pub state: String,
        pub sheets: Value,
        pub sheet: i32,
        pub header: Option<i32>,
        pub columns: Value,
        pub counts: Value,
        pub created_at: Timestamp,
        pub began_at: Option<Timestamp>,
        pub job_id: Option<JobId>,
        pub finished_at: Option<Timestamp>,
        pub undone_at: Option<Timestamp>,
    }
}

row! {
    /// A line of the file.
    pub struct LineRow { pub n: i32, pub sealed: Vec<u8> }
}

row! {
    /// A row of the list.
    pub struct RowRow { pub n: i32, pub verdict: String, pub has_warning: bool, pub person_id: Option<PersonId>, pub sealed: Vec<u8>, pub outcome: Option<String> }
}

row! {
    /// How many rows of a verdict, and of an outcome.
    pub struct Tally { pub verdict: String, pub outcome: Option<String>, pub warned: i64, pub count: i64 }
}

row! {
    /// Columns that were told before.
    pub struct Mapping { pub columns: Value }
}

row! {
    /// Somebody of the school.
    pub struct PersonRow {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub has_sex: bool,
        pub class_id: Option<ClassId>,
        pub class_label: Option<String>,
        pub has_iin: bool,
        pub phone: Option<String>,
        pub has_address: bool,
        pub was_pupil: bool,
        pub is_here: bool,
    }
}

row! {
    /// Whose guardian somebody is.
    pub struct Kin { pub pupil_id: PersonId, pub guardian_id: PersonId }
}

row! {
    /// An open class.
    pub struct ClassRow { pub id: ClassId, pub label: String }
}

row! {
    /// A pupil as the register goes out.
    pub struct Listed {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub sex: Option<String>,
        pub class_label: String,
        pub language: String,
        pub address: Option<String>,
        pub phone: Option<String>,
    }
}

row! {
    /// A guardian as the register goes out.
    pub struct ListedGuardian { pub pupil_id: PersonId, pub surname: String, pub given_name: String, pub patronymic: Option<String>, pub kind: String, pub phone: Option<String> }
}

row! {
    /// Which classes were made for a list.
    pub struct Made { pub classes: Vec<ClassId> }
}

/// School, id, kind, name of the file, sheets, sheet, header, by whom, when.
pub type NewImport = (SchoolId, Uuid, &'static str, String, Value, i32, Option<i32>, PersonId, Timestamp);

pub const IMPORT_ADD: Command<NewImport> = Command::new(
    "imports.import_add",
    "insert into import (school_id, id, kind, file_name, state, sheets, sheet, header, created_by, created_at) values ($1, $2, $3, $4, 'read', $5, $6, $7, $8, $9)",
);

pub const IMPORT_FIND: Query<(SchoolId, Uuid), Import> = Query::new(
    "imports.import_find",
    "select id, kind, file_name, state, sheets, sheet, header, columns, counts, created_at, began_at, job_id, finished_at, undone_at from import where school_id = $1 and id = $2",
);

/// The same, held until the transaction is over.
pub const IMPORT_FIND_FOR_UPDATE: Query<(SchoolId, Uuid), Import> = Query::new(
    "imports.import_find_for_update",
    "select id, kind, file_name, state, sheets, sheet, header, columns, counts, created_at, began_at, job_id, finished_at, undone_at from import
     where school_id = $1 and id = $2 for update",
);

/// School, the list after which to go on, how many.
pub const IMPORT_LIST: Query<(SchoolId, Option<Uuid>, i64), Import> = Query::new(
    "imports.import_list",
    "select id, kind, file_name, state, sheets, sheet, header, columns, counts, created_at, began_at, job_id, finished_at, undone_at from import i
     where school_id = $1 and ($2::uuid is null or (i.created_at, i.id) < (select o.created_at, o.id from import o where o.school_id = $1 and o.id = $2))
     order by created_at desc, id desc limit $3",
);

/// School, id, sheet, header, columns.
pub const IMPORT_MAP: Command<(SchoolId, Uuid, i32, Option<i32>, Value)> = Command::new(
    "imports.import_map",
    "update import set state = 'mapped', sheet = $3, header = $4, columns = $5 where school_id = $1 and id = $2 and state in ('read', 'mapped')",
);

pub const IMPORT_COUNT: Command<(SchoolId, Uuid, Value)> = Command::new("imports.import_count", "update import set counts = $3 where school_id = $1 and id = $2");

pub const IMPORT_ADD_CLASSES: Command<(SchoolId, Uuid, Vec<ClassId>)> =
    Command::new("imports.import_add_classes", "update import set classes = classes || $3::uuid[] where school_id = $1 and id = $2");

/// School, id, job, when.
pub const IMPORT_BEGIN: Command<(SchoolId, Uuid, JobId, Timestamp)> = Command::new(
    "imports.import_begin",
    "update import set state = 'running', job_id = $3, began_at = $4 where school_id = $1 and id = $2 and state = 'mapped'",
);

pub const IMPORT_FINISH: Command<(SchoolId, Uuid, Timestamp)> =
    Command::new("imports.import_finish", "update import set state = 'done', finished_at = $3 where school_id = $1 and id = $2 and state = 'running'");

pub const IMPORT_BEGIN_UNDO: Command<(SchoolId, Uuid, JobId)> =
    Command::new("imports.import_begin_undo", "update import set state = 'undoing', job_id = $3 where school_id = $1 and id = $2 and state = 'done'");

pub const IMPORT_MADE: Query<(SchoolId, Uuid), Made> = Query::new("imports.import_made", "select classes from import where school_id = $1 and id = $2");

pub const IMPORT_FINISH_UNDO: Command<(SchoolId, Uuid, Timestamp)> =
    Command::new("imports.import_finish_undo", "update import set state = 'undone', undone_at = $3 where school_id = $1 and id = $2 and state = 'undoing'");

/// What is not under way and was not brought in.
pub const IMPORT_DELETE: Command<(SchoolId, Uuid)> =
    Command::new("imports.import_delete", "delete from import where school_id = $1 and id = $2 and state in ('read', 'mapped')");

/// School, import, sheets, numbers, sealed.
pub const LINE_ADD: Command<(SchoolId, Uuid, Vec<i32>, Vec<i32>, Vec<Vec<u8>>)> = Command::new(
    "imports.line_add",
    "insert into import_line (school_id, import_id, sheet, n, sealed) select $1, $2, t.* from unnest($3::int[], $4::int[], $5::bytea[]) t",
);

/// School, import, sheet, how many.
pub const LINE_LIST: Query<(SchoolId, Uuid, i32, i64), LineRow> =
    Query::new("imports.line_list", "select n, sealed from import_line where school_id = $1 and import_id = $2 and sheet = $3 order by n limit $4");

pub const LINE_CLEAR: Command<(SchoolId, Uuid)> = Command::new("imports.line_clear", "delete from import_line where school_id = $1 and import_id = $2");

pub const ROW_CLEAR: Command<(SchoolId, Uuid)> = Command::new("imports.row_clear", "delete from import_row where school_id = $1 and import_id = $2");

/// School, import, numbers, verdicts, warned, persons, sealed.
pub type Rows = (SchoolId, Uuid, Vec<i32>, Vec<&'static str>, Vec<bool>, Vec<Option<PersonId>>, Vec<Vec<u8>>);

pub const ROW_PUT: Command<Rows> = Command::new(
    "imports.row_put",
    "insert into import_row (school_id, import_id, n, verdict, has_warning, person_id, sealed)
     select $1, $2, t.* from unnest($3::int[], $4::text[], $5::boolean[], $6::uuid[], $7::bytea[]) t
     on conflict (school_id, import_id, n) do update
     set verdict = excluded.verdict, has_warning = excluded.has_warning, person_id = excluded.person_id, sealed = excluded.sealed",
);

pub const ROW_ALL: Query<(SchoolId, Uuid), RowRow> =
    Query::new("imports.row_all", "select n, verdict, has_warning, person_id, sealed, outcome from import_row where school_id = $1 and import_id = $2 order by n");

/// School, import, which (a verdict, `warned`, `left`, or nothing for all), after which, how many.
pub const ROW_LIST: Query<(SchoolId, Uuid, String, i32, i64), RowRow> = Query::new(
    "imports.row_list",
    "select n, verdict, has_warning, person_id, sealed, outcome from import_row
     where school_id = $1 and import_id = $2 and n > $4
       and case $3 when '' then true when 'warned' then has_warning and verdict <> 'wrong' when 'left' then outcome in ('left', 'kept') or verdict = 'wrong' else verdict = $3 end
     order by n limit $5",
);

pub const ROW_FIND: Query<(SchoolId, Uuid, i32), RowRow> =
    Query::new("imports.row_find", "select n, verdict, has_warning, person_id, sealed, outcome from import_row where school_id = $1 and import_id = $2 and n = $3");

pub const ROW_TALLY: Query<(SchoolId, Uuid), Tally> = Query::new(
    "imports.row_tally",
    "select verdict, outcome, count(*) filter (where has_warning) as warned, count(*) as count from import_row where school_id = $1 and import_id = $2 group by verdict, outcome",
);

/// What waits to be brought in.
pub const ROW_WAITING: Query<(SchoolId, Uuid, i64), RowRow> = Query::new(
    "imports.row_waiting",
    "select n, verdict, has_warning, person_id, sealed, outcome from import_row
     where school_id = $1 and import_id = $2 and outcome is null and verdict in ('new', 'changed') order by n limit $3",
);

/// What waits to be taken back.
pub const ROW_BROUGHT: Query<(SchoolId, Uuid, i64), RowRow> = Query::new(
    "imports.row_brought",
    "select n, verdict, has_warning, person_id, sealed, outcome from import_row
     where school_id = $1 and import_id = $2 and outcome = 'brought' order by n desc limit $3",
);

/// School, import, numbers, outcome, sealed.
pub const ROW_MARK: Command<(SchoolId, Uuid, Vec<i32>, &'static str, Vec<Vec<u8>>)> = Command::new(
    "imports.row_mark",
    "update import_row r set outcome = $4, sealed = t.sealed from unnest($3::int[], $5::bytea[]) t (n, sealed)
     where r.school_id = $1 and r.import_id = $2 and r.n = t.n",
);

pub const MAPPING_FIND: Query<(SchoolId, &'static str, String), Mapping> =
    Query::new("imports.mapping_find", "select columns from import_mapping where school_id = $1 and kind = $2 and fingerprint = $3");

pub const MAPPING_PUT: Command<(SchoolId, &'static str, String, Value, Timestamp)> = Command::new(
    "imports.mapping_put",
    "insert into import_mapping (school_id, kind, fingerprint, columns, used_at) values ($1, $2, $3, $4, $5)
     on conflict (school_id, kind, fingerprint) do update set columns = excluded.columns, used_at = excluded.used_at",
);

pub const PERSON_ALL: Query<(SchoolId,), PersonRow> = Query::new(
    "imports.person_all",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex is not null as has_sex, e.class_id, k.grade || k.letter as class_label,
       exists (select from person_iin i where i.person_id = p.id) as has_iin,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'phone' and v.ended_at is null) as phone,
       exists (select from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'address' and v.ended_at is null and v.value is not null) as has_address,
       exists (select from enrolment x where x.school_id = $1 and x.pupil_id = p.id) as was_pupil, m.is_here
     from (select person_id, bool_or(valid_to is null) as is_here from school_person where school_id = $1 group by person_id) m
     join person p on p.id = m.person_id
     left join enrolment e on e.school_id = $1 and e.pupil_id = p.id and e.valid_to is null
     left join school_class k on k.school_id = $1 and k.id = e.class_id",
);

pub const KIN_ALL: Query<(SchoolId,), Kin> = Query::new("imports.kin_all", "select pupil_id, guardian_id from kinship where school_id = $1 and valid_to is null");

pub const CLASS_ALL: Query<(SchoolId,), ClassRow> = Query::new("imports.class_all", "select id, grade || letter as label from school_class where school_id = $1 and valid_to is null");

/// School, ids, grades, letters, languages, from.
pub const CLASS_ADD: Command<(SchoolId, Vec<ClassId>, Vec<i16>, Vec<String>, Vec<String>, Date)> = Command::new(
    "imports.class_add",
    "insert into school_class (school_id, id, grade, letter, language, valid_from) select $1, t.*, $6 from unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[]) t
     on conflict (school_id, grade, letter) where valid_to is null do nothing",
);

/// Classes that nobody was ever in.
pub const CLASS_DELETE: Command<(SchoolId, Vec<ClassId>)> = Command::new(
    "imports.class_delete",
    "delete from school_class k where k.school_id = $1 and k.id = any($2) and not exists (select from enrolment e where e.school_id = k.school_id and e.class_id = k.id)",
);

/// Ids, surnames, given names, patronymics, dates of birth, sexes.
pub type NewPersons = (Vec<PersonId>, Vec<String>, Vec<String>, Vec<Option<String>>, Vec<Option<Date>>, Vec<Option<String>>);

/// A person of this id is made once, however many rows name them. No index is named after the conflict: that would ask to see the new row, which
/// nobody sees before it belongs to a school.
pub const PERSON_ADD: Command<NewPersons> = Command::new(
    "imports.person_add",
    "insert into person (id, surname, given_name, patronymic, birth_date, sex)
     select t.* from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[]) t on conflict do nothing",
);

/// Ids, patronymics, dates of birth, sexes: fills in what is empty.
pub const PERSON_FILL: Command<(Vec<PersonId>, Vec<Option<String>>, Vec<Option<Date>>, Vec<Option<String>>)> = Command::new(
    "imports.person_fill",
    "update person p set patronymic = coalesce(p.patronymic, t.patronymic), birth_date = coalesce(p.birth_date, t.birth_date), sex = coalesce(p.sex, t.sex)
     from unnest($1::uuid[], $2::text[], $3::date[], $4::text[]) t (id, patronymic, birth_date, sex) where p.id = t.id",
);

/// The same values, taken out again where they stand as they were filled in.
pub const PERSON_EMPTY: Command<(Vec<PersonId>, Vec<Option<String>>, Vec<Option<Date>>, Vec<Option<String>>)> = Command::new(
    "imports.person_empty",
    "update person p set patronymic = nullif(p.patronymic, t.patronymic), birth_date = nullif(p.birth_date, t.birth_date), sex = nullif(p.sex, t.sex)
     from unnest($1::uuid[], $2::text[], $3::date[], $4::text[]) t (id, patronymic, birth_date, sex) where p.id = t.id",
);

/// School, persons, from: who does not belong to the school now.
pub const MEMBER_ADD: Command<(SchoolId, Vec<PersonId>, Date)> = Command::new(
    "imports.member_add",
    "insert into school_person (school_id, person_id, valid_from) select distinct $1::uuid, t.id, $3::date from unnest($2::uuid[]) t (id)
     where not exists (select from school_person m where m.school_id = $1 and m.person_id = t.id and m.valid_to is null)
     on conflict (school_id, person_id, valid_from) do update set valid_to = null",
);

/// School, pupils, guardians, kinds, from.
pub const KINSHIP_ADD: Command<(SchoolId, Vec<PersonId>, Vec<PersonId>, Vec<String>, Date)> = Command::new(
    "imports.kinship_add",
    "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) select $1, t.*, $5 from unnest($2::uuid[], $3::uuid[], $4::text[]) t on conflict do nothing",
);

pub const KINSHIP_DELETE: Command<(SchoolId, Vec<PersonId>, Vec<PersonId>, Date)> = Command::new(
    "imports.kinship_delete",
    "delete from kinship k using unnest($2::uuid[], $3::uuid[]) t (pupil_id, guardian_id)
     where k.school_id = $1 and k.pupil_id = t.pupil_id and k.guardian_id = t.guardian_id and k.valid_from = $4 and k.valid_to is null",
);

/// School, ids, persons, fields, values, from, by whom, when: where nothing is written down.
pub type NewValues = (SchoolId, Vec<Uuid>, Vec<PersonId>, Vec<&'static str>, Vec<String>, Option<PersonId>, Timestamp);

pub const VALUE_ADD: Command<NewValues> = Command::new(
    "imports.value_add",
    "insert into person_value (school_id, id, person_id, field, value, set_by, set_at)
     select $1, t.*, $6, $7 from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) t
     on conflict (school_id, person_id, field) where ended_at is null do nothing",
);

/// School, persons, fields, values, since when.
pub const VALUE_DELETE: Command<(SchoolId, Vec<PersonId>, Vec<&'static str>, Vec<String>, Timestamp)> = Command::new(
    "imports.value_delete",
    "delete from person_value v using unnest($2::uuid[], $3::text[], $4::text[]) t (person_id, field, value)
     where v.school_id = $1 and v.person_id = t.person_id and v.field = t.field and v.value = t.value and v.ended_at is null and v.set_at >= $5",
);

/// Lines of the book of those who leave no trace behind; they go with their pupil.
pub const MOVEMENT_DELETE: Command<(SchoolId, Vec<PersonId>)> = Command::new("imports.movement_delete", "delete from movement where school_id = $1 and pupil_id = any($2)");

/// Guardians of this list whom no child needs any more.
pub const GUARDIAN_IDLE: Query<(SchoolId, Vec<PersonId>), Idle> = Query::new(
    "imports.guardian_idle",
    "select t.id from unnest($2::uuid[]) t (id) where not exists (select from kinship k where k.school_id = $1 and k.guardian_id = t.id)",
);

row! {
    /// Somebody.
    pub struct Idle { pub id: PersonId }
}

/// Persons who belong to this school alone, and nobody used: whoever is used is held by a reference, and the whole statement is refused.
pub const PERSON_DELETE: Command<(SchoolId, Vec<PersonId>)> = Command::new(
    "imports.person_delete",
    "with gone as (delete from school_person where school_id = $1 and person_id = any($2) returning person_id)
     delete from person p using gone where p.id = gone.person_id",
);

/// School, the classes that may be seen (nothing for all).
pub const REGISTER: Query<(SchoolId, Option<Vec<ClassId>>), Listed> = Query::new(
    "imports.register",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, k.grade || k.letter as class_label, k.language,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'address' and v.ended_at is null) as address,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'phone' and v.ended_at is null) as phone
     from enrolment e join person p on p.id = e.pupil_id join school_class k on k.school_id = e.school_id and k.id = e.class_id
     where e.school_id = $1 and e.valid_to is null and ($2::uuid[] is null or e.class_id = any($2))
     order by k.grade, k.letter collate \"kk-x-icu\", p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", p.id",
);

/// Their guardians, the mother first.
pub const REGISTER_GUARDIANS: Query<(SchoolId, Option<Vec<ClassId>>), ListedGuardian> = Query::new(
    "imports.register_guardians",
    "select n.pupil_id, p.surname, p.given_name, p.patronymic, n.kind,
       (select v.value from person_value v where v.school_id = $1 and v.person_id = p.id and v.field = 'phone' and v.ended_at is null) as phone
     from kinship n join enrolment e on e.school_id = n.school_id and e.pupil_id = n.pupil_id and e.valid_to is null join person p on p.id = n.guardian_id
     where n.school_id = $1 and n.valid_to is null and ($2::uuid[] is null or e.class_id = any($2))
     order by n.pupil_id, n.kind = 'mother' desc, n.kind = 'father' desc, p.id",
);

/// What the night removes.
pub const SWEEP: Sweep = Sweep { what: "import", count: SWEEP_COUNT, delete: SWEEP_DELETE };
const SWEEP_COUNT: Query<(Timestamp,), Count> = Query::new("imports.sweep_count", "select count(*) as count from import where created_at < $1 and state not in ('running', 'undoing')");
const SWEEP_DELETE: Command<(Timestamp, i64)> = Command::new(
    "imports.sweep",
    "delete from import i using (select school_id, id from import where created_at < $1 and state not in ('running', 'undoing') limit $2) old
     where i.school_id = old.school_id and i.id = old.id",
);

/// A leaver's rows.
pub static HOLDING: Holding = Holding {
    table: "import_row",
    count: Query::new("people.held_import_row", "select count(*) as count from import_row where school_id = $1 and person_id = $2"),
    fate: Fate::Delete(Command::new(
        "people.erase_import_row",
        "delete from import_row where ctid = any(array(select ctid from import_row where school_id = $1 and person_id = $2 limit $3))",
    )),
};

/// Lists of the last month that were read and not brought in.
pub const TASK_UNFINISHED: OnDay = OnDay::new(
    "imports.task_unfinished",
    "select count(*) as count, 0::bigint as late, null::date as due from import where school_id = $1 and state in ('read', 'mapped') and created_at >= $2::date - 30",
);

/// Lists of the last two weeks that were brought in and left lines out.
pub const TASK_LEFT_OUT: OnDay = OnDay::new(
    "imports.task_left_out",
    "select count(*) as count, 0::bigint as late, null::date as due from import i where i.school_id = $1 and i.state = 'done' and i.finished_at >= $2::date - 14
       and exists (select from import_row r where r.school_id = i.school_id and r.import_id = i.id and r.verdict = 'wrong')",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_UNFINISHED, &TASK_LEFT_OUT, 
    &IMPORT_ADD, &IMPORT_FIND, &IMPORT_FIND_FOR_UPDATE, &IMPORT_LIST, &IMPORT_MAP, &IMPORT_COUNT, &IMPORT_ADD_CLASSES, &IMPORT_BEGIN, &IMPORT_FINISH, &IMPORT_BEGIN_UNDO,
    &IMPORT_MADE, &IMPORT_FINISH_UNDO, &IMPORT_DELETE, &LINE_ADD, &LINE_LIST, &LINE_CLEAR, &ROW_CLEAR, &ROW_PUT, &ROW_ALL, &ROW_LIST, &ROW_FIND, &ROW_TALLY, &ROW_WAITING, &ROW_BROUGHT, &ROW_MARK,
    &MAPPING_FIND, &MAPPING_PUT, &PERSON_ALL, &KIN_ALL, &CLASS_ALL, &CLASS_ADD, &CLASS_DELETE, &PERSON_ADD, &PERSON_FILL, &PERSON_EMPTY, &MEMBER_ADD, &KINSHIP_ADD, &KINSHIP_DELETE,
    &VALUE_ADD, &VALUE_DELETE, &MOVEMENT_DELETE, &GUARDIAN_IDLE, &PERSON_DELETE, &REGISTER, &REGISTER_GUARDIANS, &SWEEP_COUNT, &SWEEP_DELETE,
];
