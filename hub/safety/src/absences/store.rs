//! The SQL of absence notes.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Result,
    db::Tx,
    id::{ClassId, PersonId, SchoolId, Uuid},
    keep::{Fate, Holding, Sweep},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// Held until the transaction ends.
    pub struct Locked { pub locked: i32 }
}

/// One note of a child at a time: school and child in one text.
const CHILD_LOCK: Query<(String,), Locked> = Query::new("absences.child_lock", "select 1 as locked from (select pg_advisory_xact_lock(hashtextextended($1, 61))) held");

/// Waits until nobody else changes a note of this child.
pub async fn lock_child(tx: &Tx, school: SchoolId, child: PersonId) -> Result<()> {
    CHILD_LOCK.one(tx, (format!("{school}{child}"),)).await?;
    Ok(())
}

row! {
    /// Whether it is so.
    pub struct Is { pub so: bool }
}

/// School, child, guardian, day: whether they are a guardian then whom nothing bars.
pub const KIN_IS: Query<(SchoolId, PersonId, PersonId, Date), Is> = Query::new(
    "absences.kin_is",
    "select exists (select from people_v_kinship where school_id = $1 and pupil_id = $2 and guardian_id = $3
       and valid_from <= $4 and (valid_to is null or valid_to >= $4)) as so",
);

row! {
    /// Whether a form's id is known, and whether it said the same, which still holds.
    pub struct Known {
        pub is_known: bool,
        pub is_said: bool,
    }
}

/// School, id, child, first day, last day, reason.
pub const NOTE_KNOWN: Query<(SchoolId, Uuid, PersonId, Date, Date, &'static str), Known> = Query::new(
    "absences.note_known",
    "select count(*) > 0 as is_known,
       count(*) filter (where child_id = $3 and from_day = $4 and to_day = $5 and reason = $6 and withdrawn_at is null) > 0 as is_said
     from absence_note where school_id = $1 and id = $2",
);

/// School, child, first day, last day: whether a note that holds says something of one of them.
pub const OVERLAP_IS: Query<(SchoolId, PersonId, Date, Date), Is> = Query::new(
    "absences.overlap_is",
    "select exists (select from absence_note where school_id = $1 and child_id = $2 and withdrawn_at is null and from_day <= $4 and to_day >= $3) as so",
);

/// School, id, child, first day, last day, reason, words, way, who, when.
pub type NoteRow = (SchoolId, Uuid, PersonId, Date, Date, &'static str, Option<String>, &'static str, PersonId, Timestamp);

pub const NOTE_ADD: Command<NoteRow> = Command::new(
    "absences.note_add",
    "insert into absence_note (school_id, id, child_id, from_day, to_day, reason, words, way, said_by, said_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);

row! {
    /// A note as pages show it.
    pub struct Note {
        /// Which.
        pub id: Uuid,
        /// The child.
        pub child_id: PersonId,
        /// The child's name.
        pub child: String,
        /// `7А`, while the child is here.
        pub class_label: Option<String>,
        /// The class.
        pub class_id: Option<ClassId>,
        /// The first day.
        pub from_day: Date,
        /// The last.
        pub to_day: Date,
        /// Why.
        pub reason: String,
        /// In words.
        pub words: Option<String>,
        /// `page` or `telephone`.
        pub way: String,
        /// Who said it, or wrote it down.
        pub sayer: String,
        /// When.
        pub said_at: Timestamp,
        /// When it was taken back.
        pub withdrawn_at: Option<Timestamp>,
        /// When its document was added.
        pub document_at: Option<Timestamp>,
    }
}

/// School, child: the notes of a child, the newest day first.
pub const OWN_LIST: Query<(SchoolId, PersonId), Note> = Query::new(
    "absences.own_list",
    "select a.id, a.child_id, n.surname || ' ' || n.given_name as child, v.class_label, v.class_id, a.from_day, a.to_day, a.reason, a.words, a.way,
       s.surname || ' ' || s.given_name as sayer, a.said_at, a.withdrawn_at,
       (select d.added_at from absence_document d where d.school_id = a.school_id and d.note_id = a.id) as document_at
     from absence_note a
     join people_v_name n on n.person_id = a.child_id join people_v_name s on s.person_id = a.said_by
     left join people_v_pupil v on v.school_id = a.school_id and v.pupil_id = a.child_id
     where a.school_id = $1 and a.child_id = $2 order by a.from_day desc, a.id desc limit 50",
);

/// School, id.
pub const NOTE_FIND: Query<(SchoolId, Uuid), Note> = Query::new(
    "absences.note_find",
    "select a.id, a.child_id, n.surname || ' ' || n.given_name as child, v.class_label, v.class_id, a.from_day, a.to_day, a.reason, a.words, a.way,
       s.surname || ' ' || s.given_name as sayer, a.said_at, a.withdrawn_at,
       (select d.added_at from absence_document d where d.school_id = a.school_id and d.note_id = a.id) as document_at
     from absence_note a
     join people_v_name n on n.person_id = a.child_id join people_v_name s on s.person_id = a.said_by
     left join people_v_pupil v on v.school_id = a.school_id and v.pupil_id = a.child_id
     where a.school_id = $1 and a.id = $2",
);

/// School, today, `today`, `coming`, `past` (empty for today and coming), the classes that may be seen, a class, a reason, words of the
/// child's name, go on after this note, how many.
pub type ListKey = (SchoolId, Date, String, Option<Vec<ClassId>>, Option<ClassId>, String, String, Option<Uuid>, i64);

/// What holds, by class and name.
pub const LIST: Query<ListKey, Note> = Query::new(
    "absences.list",
    r#"select a.id, a.child_id, n.surname || ' ' || n.given_name as child, v.class_label, v.class_id, a.from_day, a.to_day, a.reason, a.words, a.way,
       s.surname || ' ' || s.given_name as sayer, a.said_at, a.withdrawn_at,
       (select d.added_at from absence_document d where d.school_id = a.school_id and d.note_id = a.id) as document_at
     from absence_note a
     join people_v_name n on n.person_id = a.child_id join people_v_name s on s.person_id = a.said_by
     join people_v_pupil v on v.school_id = a.school_id and v.pupil_id = a.child_id
     where a.school_id = $1 and a.withdrawn_at is null
       and case $3 when 'today' then a.from_day <= $2 and a.to_day >= $2 when 'coming' then a.from_day > $2 when 'past' then a.to_day < $2 else a.to_day >= $2 end
       and ($4::uuid[] is null or v.class_id = any($4)) and ($5::uuid is null or v.class_id = $5) and ($6 = '' or a.reason = $6)
       and fold(n.surname || ' ' || n.given_name || ' ' || v.class_label) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($7), '\s+') as word)
       and ($8::uuid is null or (v.grade, v.letter collate "kk-x-icu", n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", a.from_day, a.id) >
           (select w.grade, w.letter, m.surname, m.given_name, o.from_day, o.id from absence_note o join people_v_name m on m.person_id = o.child_id
            join people_v_pupil w on w.school_id = o.school_id and w.pupil_id = o.child_id where o.school_id = $1 and o.id = $8))
     order by v.grade, v.letter collate "kk-x-icu", n.surname collate "kk-x-icu", n.given_name collate "kk-x-icu", a.from_day, a.id limit $9"#,
);

row! {
    /// What was taken back.
    pub struct Withdrawn { pub child_id: PersonId }
}

/// School, id, who, when: once.
pub const NOTE_WITHDRAW: Query<(SchoolId, Uuid, PersonId, Timestamp), Withdrawn> = Query::new(
    "absences.note_withdraw",
    "update absence_note set withdrawn_by = $3, withdrawn_at = $4 where school_id = $1 and id = $2 and withdrawn_at is null returning child_id",
);

row! {
    /// A pupil whom a note may be about.
    pub struct Pupil {
        /// Who.
        pub pupil_id: PersonId,
        /// Their name.
        pub name: String,
        /// `7А`.
        pub class_label: String,
    }
}

/// School, the classes that may be seen, words of the name.
pub const PUPIL_SEEK: Query<(SchoolId, Option<Vec<ClassId>>, String), Pupil> = Query::new(
    "absences.pupil_seek",
    r#"select v.pupil_id, v.surname || ' ' || v.given_name as name, v.class_label from people_v_pupil v
     where v.school_id = $1 and ($2::uuid[] is null or v.class_id = any($2))
       and fold(v.surname || ' ' || v.given_name || ' ' || v.class_label) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word)
     order by v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", v.pupil_id limit 20"#,
);

/// School, the classes that may be seen, the pupil.
pub const PUPIL_FIND: Query<(SchoolId, Option<Vec<ClassId>>, PersonId), Pupil> = Query::new(
    "absences.pupil_find",
    "select v.pupil_id, v.surname || ' ' || v.given_name as name, v.class_label from people_v_pupil v
     where v.school_id = $1 and ($2::uuid[] is null or v.class_id = any($2)) and v.pupil_id = $3",
);

/// What becomes of a leaver's notes, and of a guardian's who leaves with the child: they go.
pub static HOLDINGS: &[Holding] = &[Holding {
    table: "absence_note",
    count: Query::new("absences.held_note", "select count(*) as count from absence_note where school_id = $1 and (child_id = $2 or said_by = $2 or withdrawn_by = $2)"),
    fate: Fate::Delete(Command::new(
        "absences.erase_note",
        "delete from absence_note where ctid = any(array(select ctid from absence_note where school_id = $1 and (child_id = $2 or said_by = $2 or withdrawn_by = $2) limit $3))",
    )),
}];

/// Notes whose last day is long over.
pub static SWEEP: Sweep = Sweep {
    what: "absence_note",
    count: Query::new("absences.sweep_count", "select count(*) as count from absence_note where to_day < $1::timestamptz::date"),
    delete: Command::new(
        "absences.sweep",
        "with old as (select a.school_id, a.id, d.file_id from absence_note a left join absence_document d on d.school_id = a.school_id and d.note_id = a.id
           where a.to_day < $1::timestamptz::date limit $2),
         papers as (delete from file f using old where f.school_id = old.school_id and f.id = old.file_id)
         delete from absence_note a using old where a.school_id = old.school_id and a.id = old.id",
    ),
};

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&CHILD_LOCK, &KIN_IS, &NOTE_KNOWN, &OVERLAP_IS, &NOTE_ADD, &OWN_LIST, &NOTE_FIND, &LIST, &NOTE_WITHDRAW, &PUPIL_SEEK, &PUPIL_FIND];
