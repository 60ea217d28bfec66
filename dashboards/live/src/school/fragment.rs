//! What open pages of a school receive when something happened.

use askama::Template;
use safety::Recorded;
use web::Texts;

use super::Item;

#[derive(Template)]
#[template(path = "school_fragment.html")]
struct Fragment {
    inside: String,
    items: Vec<Item>,
}

/// Out-of-band HTML: how many are inside, and the newest lines of the stream, newest first.
pub fn school_fragment(t: &Texts<'_>, recorded: &[Recorded], inside: u64) -> String {
    let items = recorded.iter().rev().map(|recorded| Item::of_recorded(t, recorded)).collect();
    Fragment { inside: t.number(inside), items }.render().unwrap_or_default()
}
