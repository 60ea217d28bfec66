//! Organisation: schools and what they belong to (district, region, ministry), and the supplier of the service.
//! Owns `organisation`, which is global: its names are no secret and every room needs them.
//! Rights: `people.rename_organisation` (director, administrator), `people.place_organisation` and `people.found_organisation` (the supplier).
//! Always true:
//!  1. A code is unique and never changes (unique constraint; no statement changes it): topics and addresses carry it.
//!  2. The shard is a stable hash of the code ([`protocol`'s `shard_of`]), written when the organisation is made.
//!  3. A tree has no ring: an organisation lies below one of a higher kind only ([`rules::may_lie_below`]).
//!  4. An organisation is founded with the person who opens it, their role and their login, or not at all ([`founding`]).

mod founding;
mod list;
mod pages;
mod placing;
mod rules;
mod service;
mod store;

use kernel::{Result, db::Tx};
pub use pages::routes;
pub use service::open_supplier;
pub use store::{Organisation, STATEMENTS};

kernel::rights! {
    /// Gives the organisation other names.
    RenameOrganisation = "people.rename_organisation": [Director, SchoolAdministrator],
    /// Says which organisation lies below which.
    PlaceOrganisation = "people.place_organisation": [Support, SupplierAdministrator],
    /// Founds an organisation and hands out its first login.
    FoundOrganisation = "people.found_organisation": [Support, SupplierAdministrator],
}

/// All schools, by code.
pub async fn schools(tx: &Tx) -> Result<Vec<Organisation>> {
    store::SCHOOL_LIST.all(tx, ()).await
}
