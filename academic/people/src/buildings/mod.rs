//! Buildings: where the school is, from which day to which, and what each house holds.
//!
//! A building is a row of versions: whoever changes it adds the next one, and its page shows all of them. One that is left gets its last
//! day and stays in the list of former ones. Orders take the place of the main building.
//!
//! Owns `building`; publishes `people_v_building`.
//! Rights: `people.see_calendar` of the room of the school year shows them; `people.manage_buildings` (director, deputy for academic work,
//! administrator) writes them down and changes them.
//! Always true:
//!  1. What was written of a building stays: no role of the application changes or deletes a row (grants of `building`).
//!  2. Of two who change the same version the second is refused, and a form sent twice changes once (primary key of `building`).
//!  3. A building in which a class is at home is not left before the class's school year ends, and none is chosen that is left before that
//!     ([`hold`]: who leaves one and who chooses one wait for each other).

mod pages;
mod rules;
mod service;
mod store;

use jiff::civil::Date;
use kernel::{Result, db::Tx, id::SchoolId};
pub use pages::routes;
pub use store::{Place, STATEMENTS, Stands};
use web::NavItem;

use crate::years::SeeCalendar;

kernel::rights! {
    /// Writes down the school's buildings and changes them.
    ManageBuildings = "people.manage_buildings": [Director, DeputyAcademic, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeCalendar>("/{school}/buildings", "school", "buildings-nav").in_group(web::NavGroup::Year);

/// Where the school is, as its papers say: the place of its main building.
pub async fn place(tx: &Tx, school: SchoolId) -> Result<Option<Place>> {
    store::PLACE_FIND.opt(tx, (school,)).await
}

/// Who says where classes are at home and who leaves a building wait for each other until the transaction ends. Taken before any class is locked.
pub async fn hold(tx: &Tx, school: SchoolId) -> Result<()> {
    store::HOMES_HOLD.one(tx, (school.0.to_string(),)).await.map(drop)
}

/// The buildings that stand for the school on a day, and are not left before it.
pub async fn standing(tx: &Tx, school: SchoolId, until: Date) -> Result<Vec<Stands>> {
    store::STANDING_LIST.all(tx, (school, until)).await
}
