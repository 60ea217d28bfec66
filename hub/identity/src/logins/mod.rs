//! Logins: who of a school can sign in, as what, until when; and how a person comes to a login.
//! Owns nothing of its own but [`invitations`]; writes `account`, `role_grant` and `school_role_grant` with the rooms that own them.
//! Reads `people_v_adult`, `people_v_kinship`, `people_v_name`.
//! Rights: `identity.manage_accounts` (director, administrator).
//! Always true:
//!  1. Nobody gives or ends a role that they may not hand on, and nobody touches the login of somebody who holds such a role
//!     (`roles::Power`).
//!  2. A school keeps an administrator: the last one without an end is neither ended nor blocked (counted under their locked rows).
//!  3. A school does not take over the login of a person who belongs to another organisation too ([`service`]).
//!  4. A password made here is shown once, by the answer that made it, and ends every session of the login.
//!  5. A role that is given or ended counts at once on this instance, and every change is audited in its own transaction.
//!  6. A first login is handed out only where nobody has a role yet, and anew only while nobody has signed in ([`first`]).

pub mod first;
mod hand_out;
mod identifiers;
pub mod invitations;
mod list;
mod many;
mod pages;
mod rescue;
mod rules;
mod service;
pub mod sheet;
mod store;

pub use many::{grant_many, held_by_all, take_back_many};
pub(crate) use rules::Period;
pub use service::{Act, end_all};
pub(crate) use service::{Chosen, reaches};
pub(crate) use service::random_text;
pub use store::STATEMENTS;
use web::task::{Look, Task, Urgency};

kernel::rights! {
    /// Sees who can sign in, gives and ends roles, hands out and blocks logins.
    ManageAccounts = "identity.manage_accounts": [Director, SchoolAdministrator],
}

/// What may wait.
pub const TASKS: [Task; 3] = [
    Task::of::<ManageAccounts>("/{school}/accounts?state=ends_soon", "home-roles-end", Urgency::Soon, Look::Moment(&store::TASK_ROLES_END)),
    Task::of::<ManageAccounts>("/{school}/accounts-new", "home-loginless", Urgency::Soon, Look::Moment(&store::TASK_LOGINLESS)),
    Task::of::<ManageAccounts>("/{school}/invitations", "home-not-invited", Urgency::Sometime, Look::Moment(&invitations::TASK_NOT_INVITED)),
];

/// What the navigation offers.
pub const NAVIGATION: &[web::NavItem] = &[web::NavItem::of::<ManageAccounts>("/{school}/accounts", "settings", "logins-nav")];

/// `/{school}/accounts…`, `/{school}/accounts-new`, `/{school}/invitations`, `/join`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    invitations::routes(cfg);
    list::routes(cfg);
    hand_out::routes(cfg);
    pages::routes(cfg);
    identifiers::routes(cfg);
    rescue::routes(cfg);
    sheet::routes(cfg);
}
