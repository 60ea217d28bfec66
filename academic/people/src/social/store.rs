//! The SQL of the social passport.

use jiff::civil::Date;
use kernel::{
    id::{PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A category that there is.
    pub struct CategoryRow {
        /// Its code.
        pub code: String,
        /// The act, where there is one.
        pub basis: Option<String>,
        /// Whether somebody compared it with the act.
        pub is_verified: bool,
    }
}

/// The categories of a day, in the order of the passport.
pub const CATEGORY_LIST: Query<(Date,), CategoryRow> = Query::new(
    "social.category_list",
    "select c.code, c.basis, c.is_verified from social_category c
     where c.valid_from = (select max(l.valid_from) from social_category l where l.code = c.code and l.valid_from <= $1) order by c.place, c.code",
);

row! {
    /// A pupil by name.
    pub struct Named {
        /// Who.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// `7А`
        pub class_label: String,
    }
}

/// In the order of the Kazakh alphabet.
pub const NAME_LIST: Query<(SchoolId, Vec<PersonId>), Named> = Query::new(
    "social.name_list",
    "select pupil_id as id, surname, given_name, patronymic, class_label from people_v_pupil where school_id = $1 and pupil_id = any($2)
     order by surname collate \"kk-x-icu\", given_name collate \"kk-x-icu\", pupil_id",
);

row! {
    /// How many learn here.
    pub struct Number {
        /// So many.
        pub pupils: i64,
    }
}

pub const PUPIL_COUNT: Query<(SchoolId,), Number> = Query::new("social.pupil_count", "select count(*) as pupils from people_v_pupil where school_id = $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&CATEGORY_LIST, &NAME_LIST, &PUPIL_COUNT];
