//! Undelivered: what reached nobody by a fault of ours or of a provider, counted by channel and cause, and sent again.
//!
//! A delivery that the provider refused, or that got too old while we tried, is a dead letter: no retry brings it back. When the cause is mended
//! (a key, a payload, a provider's bad day) support opens such deliveries again, one or all of a cause, and [`dispatch`](crate::dispatch) takes
//! them as it takes any that are due: with the switch, the consent and the guardian as they are by then. What is no news any more is not sent:
//! it ends as `given_up` and stays in the inbox, where it was from the start. Phones whose app is gone are no fault to mend and are not here.
//!
//! Owns nothing: it changes `delivery`, of [`dispatch`](crate::dispatch). Reads `notice`, `people_v_organisation`.
//! Rights: `delivery.replay` (support, the supplier's administrator).
//! Always true:
//!  1. Nothing goes twice to an address by sending a form twice: what a form may open is what was dead when its page was made and was not opened
//!     since ([`store::REPLAY`], under the rows' locks).
//!  2. Only what is news still is opened; what is not ends as `given_up`, and the page counted both before.
//!  3. One act is one statement over a chosen set of at most [`rules::MOST`], and one audit row for each school that it touched.
//!  4. The page and the act choose by the same words: what is counted is what is opened.
//!  5. Nobody's name stands here: schools, kinds and times only.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{Cause, Period};
pub use service::{Asked, Done, Filter, Group, Letter, Letters, groups, letters, replay};
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees what was not delivered by a fault, and sends it again.
    ReplayDeliveries = "delivery.replay": [Support, SupplierAdministrator],
}
