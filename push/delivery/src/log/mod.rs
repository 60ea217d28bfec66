//! The delivery log: why did this parent get it, or not.
//! Owns nothing. Reads `notice`, `delivery`, `people_v_name`, `people_v_kinship`, `people_v_member`.
//! Rights: `delivery.see_log` (support, school administrator, director).
//! Always true:
//!  1. What stands here is what stands in the rows: each phone with its attempts and its outcome, nothing summed up.
//!  2. Texts of notices are not shown: who looks here needs to know that and when, not what the child ate.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use service::{Filter, LogPage, entries};
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees which notices went to whom and what became of them.
    SeeDeliveryLog = "delivery.see_log": [Support, SupplierAdministrator, SchoolAdministrator, Director],
}
