//! Health: the newest known of each device, for the people who must notice before the school calls.
//! Owns `device_health`. Reads `device`, `service_beat`, `people_v_organisation`. Rights: `fleet.see` (support).
//! Always true:
//!  1. What is known never grows older: a late report changes nothing that a newer one said ([`save_health`]).
//!  2. A silent device stands above a troubled one, a troubled one above a well one, the longest silent first ([`worst_first`]).

mod rules;
mod service;
mod store;

pub use rules::{Condition, LONG_QUEUE, SILENT_AFTER, SLOW_MS, WRONG_CLOCK_MS, worst_first};
pub use service::{save_health, status, statuses};
pub use store::{STATEMENTS, Seen, Status};

kernel::rights! {
    /// Sees every device of every school and how it is.
    SeeDevices = "fleet.see": [Support, SupplierAdministrator],
}
