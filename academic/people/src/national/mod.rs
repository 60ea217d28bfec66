//! National: the contingent, the staff and the classes of a school as a file for the national education database (НОБД).
//!
//! The database has no public description of what it takes in, so that nothing of its layout is in the code: a mapping says which columns there are,
//! what of ours stands in each, which must be filled, and by which codes ([`Mapping`]). The delivered one (`mapping.toml`) is a proposal and says so;
//! another is named in the configuration. The page says first whom a mandatory column lacks, with the way to their cards; then a job writes the file.
//!
//! Owns nothing. Reads `enrolment`, `school_class`, `person`, `person_value`, `person_iin`, `staff_line`, `movement`, `school_order`, `organisation`,
//! `people_v_kinship`, `identity_v_held`, `identity_v_class_teacher`.
//! Rights: `people.export_national` (director, school administrator); whole IINs stand in the file only for who holds `people.see_iin` as well.
//! Always true:
//!  1. A mapping is right as a whole, or the program does not start with it ([`Mapping::parse`]).
//!  2. Without the right that shows whole IINs no IIN stands in the file, nor does a file with them go to who lost it.
//!  3. What the page counts as lacking stands empty in the file, and nothing else that must be filled does ([`rules::lacking`]).

mod pages;
mod rules;
mod service;
mod store;
mod work;

pub use rules::{Mapping, What};
pub use store::STATEMENTS;
pub use work::WriteNational;

use std::sync::LazyLock;

use actix_web::{HttpRequest, web::Data};
use web::NavItem;

/// The job that writes a file.
pub const WRITE: &str = "people.write_national";
/// The kind of its file.
const KIND: &str = "national";
/// The mapping that comes with the program: a proposal.
pub const DELIVERED: &str = include_str!("mapping.toml");

kernel::rights! {
    /// Takes the contingent out as a file for the national education database.
    ExportNational = "people.export_national": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<ExportNational>("/{school}/national", "download", "national-nav").in_group(web::NavGroup::Year);

/// `/{school}/national…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
}

/// The mapping of the installation, else the delivered one.
fn mapping_of(req: &HttpRequest) -> &Mapping {
    static OURS: LazyLock<Mapping> = LazyLock::new(|| Mapping::parse(DELIVERED).unwrap_or_default());
    req.app_data::<Data<Mapping>>().map_or(&OURS, Data::get_ref)
}
