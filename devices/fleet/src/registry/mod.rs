//! Registry: which devices there are, where they stand, and how they sign in at the broker.
//! Owns `device`. Reads `people_v_organisation`. Rights: `fleet.register` (support).
//! Always true:
//!  1. A device's code is unique among all schools: it is its user name at the broker (unique constraint on `device.code`).
//!  2. A password is never stored, only its hash; it is shown once, by the answer to the call that made it ([`Registration`]).
//!  3. A retired device is in no accounts file ([`broker_accounts`]).
//!  4. Every change is audited in its own transaction and moves [`version`], which the hub and the broker's file follow.

mod accounts_file;
mod pages;
mod rules;
mod service;
mod store;

pub use accounts_file::{Written, write_accounts_file};
pub use pages::routes;
pub use rules::{Kind, NewDevice, broker_password_hash};
pub use service::{Registration, broker_accounts, register, registered, rename, renew_password, retire, version};
pub use store::{Registered, STATEMENTS};

kernel::rights! {
    /// Registers, renames and retires devices and gives them passwords at the broker.
    RegisterDevices = "fleet.register": [Support, SupplierAdministrator],
}
