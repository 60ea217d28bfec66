//! The SQL of documents of absence notes.

use jiff::Timestamp;
use kernel::{
    id::{FileId, PersonId, SchoolId, Uuid},
    keep::{Fate, Holding},
    row,
    sql::{Command, Query, Statement},
};

/// School, note, file, generation, the sealed key, who, when.
pub type NewDocument = (SchoolId, Uuid, FileId, i32, Vec<u8>, PersonId, Timestamp);

pub const DOCUMENT_ADD: Command<NewDocument> = Command::new(
    "absences.document_add",
    "insert into absence_document (school_id, note_id, file_id, generation, sealed_key, added_by, added_at) values ($1, $2, $3, $4, $5, $6, $7)",
);

row! {
    /// A document without its bytes.
    pub struct Stored {
        /// Its file.
        pub file_id: FileId,
        /// Of the key that seals its key.
        pub generation: i32,
        /// Its key.
        pub sealed_key: Vec<u8>,
    }
}

/// School, note.
pub const DOCUMENT_FIND: Query<(SchoolId, Uuid), Stored> =
    Query::new("absences.document_find", "select file_id, generation, sealed_key from absence_document where school_id = $1 and note_id = $2");

row! {
    /// How many rows wait for the newest key.
    pub struct Waiting { pub waiting: i64 }
}

/// School, realm, generation.
pub const RESEAL_COUNT: Query<(SchoolId, &'static str, i32), Waiting> = Query::new(
    "absences.document_reseal_count",
    "select count(*) as waiting from absence_document where school_id = $1 and realm = $2 and generation < $3",
);

row! {
    /// A key to be sealed anew.
    pub struct Older { pub note_id: Uuid, pub file_id: FileId, pub generation: i32, pub sealed_key: Vec<u8> }
}

/// School, realm, generation, how many.
pub const RESEAL_LIST: Query<(SchoolId, &'static str, i32, i64), Older> = Query::new(
    "absences.document_reseal_list",
    "select note_id, file_id, generation, sealed_key from absence_document where school_id = $1 and realm = $2 and generation < $3 order by note_id limit $4",
);

/// School, notes, what their keys are sealed to now, one generation; never that of a file that another took the place of meanwhile.
pub const RESEAL_SET: Command<(SchoolId, Vec<Uuid>, Vec<FileId>, Vec<Vec<u8>>, i32)> = Command::new(
    "absences.document_reseal_set",
    "update absence_document d set sealed_key = n.sealed_key, generation = $5 from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as n (note_id, file_id, sealed_key)
     where d.school_id = $1 and d.note_id = n.note_id and d.file_id = n.file_id",
);

/// What becomes of the documents of a leaver's notes, and of those that a guardian who leaves with the child told or added: they go with
/// their files, before their notes.
pub static HOLDING: Holding = Holding {
    table: "absence_document",
    count: Query::new(
        "absences.held_document",
        "select count(*) as count from absence_document d join absence_note a on a.school_id = d.school_id and a.id = d.note_id
         where d.school_id = $1 and (a.child_id = $2 or a.said_by = $2 or a.withdrawn_by = $2 or d.added_by = $2)",
    ),
    fate: Fate::Delete(Command::new(
        "absences.erase_document",
        "delete from file f using (select d.school_id, d.file_id from absence_document d join absence_note a on a.school_id = d.school_id and a.id = d.note_id
           where d.school_id = $1 and (a.child_id = $2 or a.said_by = $2 or a.withdrawn_by = $2 or d.added_by = $2) limit $3) gone
         where f.school_id = gone.school_id and f.id = gone.file_id",
    )),
};

/// Every statement of this part of the room.
pub const STATEMENTS: &[&dyn Statement] = &[&DOCUMENT_ADD, &DOCUMENT_FIND, &RESEAL_COUNT, &RESEAL_LIST, &RESEAL_SET];
