//! Every statement of the photos.

use jiff::Timestamp;
use kernel::{
    id::{ClassId, FileId, PersonId, SchoolId},
    keep::{Count, Sweep},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// The picture of a pupil.
    pub struct PhotoRow {
        /// As it is opened.
        pub file_id: FileId,
        /// As lists show it.
        pub small_id: FileId,
        /// Since when.
        pub added_at: Timestamp,
    }
}

/// School, pupil, the classes that may be seen (nothing for all).
pub const PHOTO_FIND: Query<(SchoolId, PersonId, Option<Vec<ClassId>>), PhotoRow> = Query::new(
    "photos.photo_find",
    "select f.file_id, f.small_id, f.added_at from people_v_photo f
     join people_v_pupil v on v.school_id = f.school_id and v.pupil_id = f.pupil_id
     where f.school_id = $1 and f.pupil_id = $2 and ($3::uuid[] is null or v.class_id = any($3))",
);

row! {
    /// The files of a picture, seen or not.
    pub struct Files {
        pub file_id: FileId,
        pub small_id: FileId,
    }
}

/// Takes the picture of a pupil away and says which files were its.
pub const PHOTO_REMOVE: Query<(SchoolId, PersonId), Files> =
    Query::new("photos.photo_remove", "delete from pupil_photo where school_id = $1 and pupil_id = $2 returning file_id, small_id");

/// School, pupil, picture, small one, when, by whom.
pub type NewPhoto = (SchoolId, PersonId, FileId, FileId, Timestamp, PersonId);

pub const PHOTO_ADD: Command<NewPhoto> =
    Command::new("photos.photo_add", "insert into pupil_photo (school_id, pupil_id, file_id, small_id, added_at, added_by) values ($1, $2, $3, $4, $5, $6)");

row! {
    /// A pupil by name.
    pub struct PupilName {
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
    }
}

/// A pupil who is at the school now.
pub const PUPIL_FIND: Query<(SchoolId, PersonId), PupilName> =
    Query::new("photos.pupil_find", "select surname, given_name from people_v_pupil where school_id = $1 and pupil_id = $2");

/// Pictures whose consent was withdrawn before a moment.
const STOPPED_COUNT: Query<(Timestamp,), Count> = Query::new(
    "photos.stopped_count",
    "select count(*) as count from pupil_photo f
     join identity_v_consent_stop s on s.school_id = f.school_id and s.person_id = f.pupil_id and s.purpose = 'photos' and s.until is null
     where s.since < $1",
);

/// Removes them with their files.
const STOPPED_DELETE: Command<(Timestamp, i64)> = Command::new(
    "photos.stopped_delete",
    "with gone as (
       delete from pupil_photo where (school_id, pupil_id) in (
         select f.school_id, f.pupil_id from pupil_photo f
         join identity_v_consent_stop s on s.school_id = f.school_id and s.person_id = f.pupil_id and s.purpose = 'photos' and s.until is null
         where s.since < $1 limit $2)
       returning school_id, file_id, small_id)
     delete from file k using gone where k.school_id = gone.school_id and k.id in (gone.file_id, gone.small_id)",
);

/// What the night removes.
pub const SWEEP: Sweep = Sweep { what: "photo_after_consent", count: STOPPED_COUNT, delete: STOPPED_DELETE };

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&PHOTO_FIND, &PHOTO_REMOVE, &PHOTO_ADD, &PUPIL_FIND, &STOPPED_COUNT, &STOPPED_DELETE];
