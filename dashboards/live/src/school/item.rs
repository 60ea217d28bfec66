//! One line of the stream, on the page and in a live fragment.

use askama::{Template, filters::HtmlSafe};
use jiff::Timestamp;
use kernel::{id::PersonId, money::Money};
use safety::{Recorded, What};
use web::{Texts, component::Moment};

use super::store::StreamRow;

/// What happened, as the stream tells it.
#[derive(Template)]
#[template(path = "stream_item.html")]
pub struct Item {
    id: String,
    class: &'static str,
    time: Moment,
    name: String,
    what: String,
    around: String,
    /// Said of what came long after it happened: the day it happened on.
    late: Option<String>,
    /// Where the small picture is. Pages have it; what comes live a moment later does not wait for it.
    photo: Option<String>,
}
impl HtmlSafe for Item {}

impl Item {
    /// A row of the database.
    pub fn of_row(t: &Texts<'_>, row: &StreamRow) -> Self {
        let what = match row.kind.as_str() {
            "meal" => meal(t, row.item.as_deref().unwrap_or_default(), Money::from_tiyn(row.price_tiyn.unwrap_or(0))),
            "in" => t.text("school-kind-in"),
            _ => t.text("school-kind-out"),
        };
        let name = format!("{} {}", row.surname, row.given_name);
        Self::new(t, &row.kind, row.person, row.occurred_at, name, what, row.class_label.as_deref(), &row.place).late(t, row.late, row.occurred_at)
    }

    /// What became durable a moment ago.
    pub fn of_recorded(t: &Texts<'_>, recorded: &Recorded) -> Self {
        let (kind, what) = match &recorded.what {
            What::Pass { direction, method: _ } => (direction.as_str(), t.text(format!("school-kind-{}", direction.as_str()))),
            What::Meal { item, price } => ("meal", meal(t, item, *price)),
        };
        let name = recorded.person_name.clone();
        let item = Self::new(t, kind, recorded.person, recorded.occurred_at, name, what, recorded.class.as_deref(), &recorded.place);
        item.late(t, recorded.late, recorded.occurred_at)
    }

    #[expect(clippy::too_many_arguments, reason = "the two kinds of source have the same parts under different names")]
    fn new(t: &Texts<'_>, kind: &str, person: PersonId, at: Timestamp, name: String, what: String, class: Option<&str>, place: &str) -> Self {
        Self {
            id: format!("ev-{person}-{}-{kind}", at.as_millisecond()),
            class: match kind {
                "in" => "sh-in",
                "out" => "sh-out",
                _ => "sh-meal",
            },
            time: Moment::time(t, at),
            name,
            what,
            around: [class.unwrap_or_default(), place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            late: None,
            photo: None,
        }
    }

    /// With the picture of who it was, where there is one.
    #[must_use]
    pub fn beside_photo(self, school: &str, row: &StreamRow) -> Self {
        Self { photo: row.has_photo.then(|| format!("/{school}/pupils/{}/photo-small", row.person)), ..self }
    }

    fn late(mut self, t: &Texts<'_>, late: bool, at: Timestamp) -> Self {
        if late {
            self.late = Some(t.with("school-late", [("date", t.date(at))]));
        }
        self
    }
}

fn meal(t: &Texts<'_>, item: &str, price: Money) -> String {
    if price.tiyn() == 0 { t.with("school-meal-free", [("item", item)]) } else { t.with("school-meal", (("item", item), ("price", price))) }
}
