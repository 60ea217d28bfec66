//! Support's board: every device of every school, worst first.
//! Owns nothing; asks `fleet` for what is known of each device. Rights: `fleet.see` (support).
//! Always true:
//!  1. A device that needs a person stands above one that does not, whatever the filter (`fleet::health::worst_first`).
//!  2. A live row is the page's row: one template, the same id ([`Row`]).

mod pages;
mod rules;
mod row;

use askama::Template;
use fleet::Status;
use jiff::Timestamp;
pub use pages::routes;
pub use row::Row;
pub use rules::{Filter, Totals};
use web::Texts;

#[derive(Template)]
#[template(path = "board_fragment.html")]
struct Fragment {
    rows: Vec<Row>,
}

/// Out-of-band HTML: the rows of devices whose state changed. Rows that the open page does not show are passed over by it.
pub fn support_fragment(t: &Texts<'_>, now: Timestamp, statuses: &[Status]) -> String {
    let rows = statuses.iter().map(|status| Row::new(t, now, status).out_of_band()).collect();
    Fragment { rows }.render().unwrap_or_default()
}
