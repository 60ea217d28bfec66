//! Arrivals: a pupil who has not come by a set time is told to the guardians, once, and listed for the class teacher and the office.
//!
//! It is off until a school switches it on for a shift: when lessons begin, and after how many minutes it is told. Every minute a job looks
//! which shifts of which schools are due ([`watch`]), and looks at each morning once: on a day without lessons for a grade nobody of it is
//! missed; who was said to stay away is excused; who has no card that opens cannot be missed. A morning on which hardly anybody went through
//! the gates is a fault of the gates, not of the pupils: it raises one incident, tells nobody, and is looked at again until the passes have
//! come or the day has gone on ([`rules::judge`]).
//!
//! What was told stays as it was told. How it stands now is read from passes and notes whenever somebody looks ([`rules::State`]): came
//! after all, was in time (the terminal had no line), is excused, or is missing still. So a pass may come at any time and in any order.
//!
//! Owns `arrival_rule`, `arrival_check`, `missing_arrival`; publishes `safety_v_watched`. Reads `pass` of this wing, `safety_v_excused`, `fleet_v_gate_offline`,
//! `people_v_pupil`, `people_v_name`, `people_v_kinship`, `people_v_phone`, and the calendar of `people::years`.
//! Rights: `safety.see_arrivals` (the office, class teachers for their classes), `safety.set_arrivals` (director, deputy for upbringing,
//! administrator).
//! Always true:
//!  1. A pupil's day is told at most once, across restarts and instances (primary key of `missing_arrival`; the notices are written in the
//!     transaction of its rows, under the lock of `arrival_check`).
//!  2. Nobody is told of on a day without lessons for their grade, nor of who is excused, nor of who was in time by what is known.
//!  3. A silent morning raises one incident and no notice ([`rules::judge`]).
//!  4. A change of the times never makes a morning that is over due again ([`rules::holds_from`]).
//!  5. Who has some classes sees the missing of these only (`Ctx::within`, in the statement).

mod pages;
pub mod rules;
mod service;
mod store;
mod watch;

pub use service::Times;
pub use store::{HOLDINGS, STATEMENTS, SWEEPS};
pub use watch::{Looked, Voice, WATCH, Watch, look, order};

use web::NavItem;

kernel::rights! {
    /// Sees who has not arrived today, with the phones of their guardians.
    SeeArrivals = "safety.see_arrivals" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, ClassTeacher, SocialPedagogue],
    /// Says when a shift begins and after how many minutes it is told that a pupil has not arrived.
    SetArrivals = "safety.set_arrivals": [Director, DeputyUpbringing, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeArrivals>("/{school}/arrivals", "alarm", "arrivals-nav");

/// `/{school}/arrivals…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
}
