//! What waits to be done, as rooms count it for the page that a person's day begins with (`web::task`): one row for each thing, numbers
//! and a day, nobody's data.

use jiff::{Timestamp, civil::Date};

use crate::{
    id::{ClassId, SchoolId},
    row,
    sql::Query,
};

row! {
    /// How much waits, how much of it is late, and by when the first of it has to be done.
    pub struct Waiting {
        /// So many.
        pub count: i64,
        /// Of which so many are late.
        pub late: i64,
        /// The nearest day, where there is one.
        pub due: Option<Date>,
    }
}

/// School, today at the school.
pub type OnDay = Query<(SchoolId, Date), Waiting>;
/// School, now.
pub type AtMoment = Query<(SchoolId, Timestamp), Waiting>;
/// School, today, the classes that may be seen (nothing for all).
pub type OfClasses = Query<(SchoolId, Date, Option<Vec<ClassId>>), Waiting>;
/// School, today, the classes of somebody who has some only.
pub type OfOwnClasses = Query<(SchoolId, Date, Vec<ClassId>), Waiting>;
