//! Every statement of the classes.

use kernel::{
    id::{ClassId, SchoolId},
    row,
    sql::{Query, Statement},
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

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&CLASS_LIST];
