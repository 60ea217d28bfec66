//! Classes: `7А`, with its language of teaching, kind, profile, shift and school year, and where it is at home: a building and a room.
//! Owns `school_class`; publishes `people_v_class`. Reads `enrolment`, `person`, `people_v_building`,
//! `identity_v_class_teacher`.
//! Rights: `people.see_pupils` shows classes and who is in them, `people.manage_classes` (director, deputy for academic work, administrator)
//! makes, changes and closes them.
//! Always true:
//!  1. A school has at most one class of a grade and letter at a time (unique index `school_class_name`).
//!  2. A class letter is one capital Cyrillic letter, whatever keyboard it was typed on ([`Letter`]).
//!  3. No class is closed while somebody is in it (`CLASS_CLOSE` looks under the row lock).
//!  4. A class is at home in a building of its own school that stands until the class's year ends (`buildings::hold`).

mod api;
mod list_pages;
mod pages;
mod rules;
mod service;
mod store;

use jiff::civil::Date;
use kernel::{
    Result,
    db::Tx,
    id::{SchoolId, Uuid},
    right::Bounds,
};
pub use rules::{KINDS, LANGUAGES, Letter, PROFILES};
pub use store::{Class, Homed, STATEMENTS};
use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

use crate::pupils::SeePupils;

kernel::rights! {
    /// Makes, changes and closes classes.
    ManageClasses = "people.manage_classes": [Director, DeputyAcademic, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeePupils>("/{school}/classes", "school", "classes-nav").in_group(web::NavGroup::Year);

/// What may wait.
pub const TASK: Task = Task::of::<ManageClasses>("/{school}/classes?teacher=none", "home-no-class-teacher", Urgency::Soon, Look::Moment(&store::TASK_NO_TEACHER));

/// `/{school}/classes…`, `/api/v1/schools/{school}/classes`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    list_pages::routes(cfg);
    pages::routes(cfg);
    api::routes(cfg);
}

/// The classes of a school with how many pupils each has, by grade and letter.
pub async fn classes(tx: &Tx, school: SchoolId) -> Result<Vec<Class>> {
    within(tx, school, &Bounds::Whole).await
}

/// Those of them that may be seen.
pub async fn within(tx: &Tx, school: SchoolId, bounds: &Bounds) -> Result<Vec<Class>> {
    store::CLASS_LIST.all(tx, (school, bounds.classes())).await
}

/// The open classes that are at home in a building.
pub async fn at_home(tx: &Tx, school: SchoolId, building: Uuid) -> Result<Vec<Homed>> {
    store::HOMED_LIST.all(tx, (school, building)).await
}

/// The day on which the last of them has its year behind it; nothing where none is at home there.
pub async fn homes_end(tx: &Tx, school: SchoolId, building: Uuid, today: Date) -> Result<Option<Date>> {
    match at_home(tx, school, building).await?.iter().map(|class| class.year).max() {
        Some(year) => service::year_end(tx, school, year, today).await.map(Some),
        None => Ok(None),
    }
}

/// The description of the API of classes.
pub fn described() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
