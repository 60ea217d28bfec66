//! How a child and what happened are written, the same for pages and live frames.

use askama::{Template, filters::HtmlSafe};
use jiff::Timestamp;
use kernel::{Locale, id::DeviceId, id::PersonId, money::Money};
use protocol::up::{Direction, Method};
use safety::{Recorded, What};
use web::{
    Texts,
    component::{ChildCard, ChildState, Moment, Whereabouts},
};

use super::{
    rules,
    service::zone_of,
    store::{ChildRow, HappeningRow},
};

/// One line of a timeline.
#[derive(Debug, Clone, Template)]
#[template(path = "children/happening.html")]
pub struct Happening {
    id: String,
    class: &'static str,
    moment: Moment,
    what: String,
    details: Vec<String>,
    late: Option<String>,
}
impl HtmlSafe for Happening {}

impl Happening {
    /// As the database keeps it.
    pub fn of_row(t: &Texts<'_>, row: &HappeningRow) -> Self {
        let (class, what, mut details) = match &row.item {
            None => pass(t, direction_of(&row.kind), row.method.as_deref() == Some(Method::Manual.as_str())),
            Some(item) => meal(t, item, Money::from_tiyn(row.price_tiyn.unwrap_or_default())),
        };
        details.extend(row.place.clone().filter(|place| !place.is_empty()));
        Self { id: id_of(row.person_id, row.device_id, row.occurred_at), class, moment: Moment::time(t, row.occurred_at), what, details, late: row.late.then(|| t.text("happening-late")) }
    }

    /// As the engine tells of it.
    pub fn of_event(t: &Texts<'_>, event: &Recorded) -> Self {
        let (class, what, mut details) = match &event.what {
            What::Pass { direction, method } => pass(t, *direction, *method == Method::Manual),
            What::Meal { item, price } => meal(t, item, *price),
        };
        details.extend(Some(event.place.clone()).filter(|place| !place.is_empty()));
        Self { id: id_of(event.person, event.device, event.occurred_at), class, moment: Moment::time(t, event.occurred_at), what, details, late: event.late.then(|| t.text("happening-late")) }
    }
}

/// Whether a card names the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchoolName {
    /// The card is alone in saying it.
    OnCard,
    /// The page says it once for all cards.
    Above,
}

/// A child's card, as it stands on the child's own page: without a link to it.
pub fn card(t: &Texts<'_>, child: &ChildRow, now: Timestamp, school: SchoolName) -> ChildCard {
    let zone = zone_of(child);
    let last = child.direction.as_deref().map(direction_of).zip(child.since);
    let whereabouts = rules::whereabouts(last, now.to_zoned(zone.clone()).date(), &zone);
    let place = match (&child.class_label, school) {
        (Some(class), SchoolName::OnCard) => t.with("child-place", (("class", class), ("school", school_name(t, child)))),
        (Some(class), SchoolName::Above) => t.with("child-class", [("class", class)]),
        (None, _) => school_name(t, child).to_owned(),
    };
    ChildCard {
        href: None,
        name: format!("{} {}", child.surname, child.given_name),
        place,
        state: state(t, child.person_id, whereabouts, child.since, child.place.clone().unwrap_or_default()),
    }
}

/// A child's card that leads to the child's page.
pub fn linked_card(t: &Texts<'_>, child: &ChildRow, now: Timestamp, school: SchoolName) -> ChildCard {
    ChildCard { href: Some(format!("/my/{}", child.person_id)), ..card(t, child, now, school) }
}

/// The school's name in the reader's language.
pub fn school_name<'a>(t: &Texts<'_>, child: &'a ChildRow) -> &'a str {
    match t.locale() {
        Locale::Kk => &child.school_kk,
        Locale::Ru => &child.school_ru,
        Locale::En => &child.school_en,
    }
}

/// Where a child is, in words.
pub fn state(t: &Texts<'_>, child: PersonId, whereabouts: Whereabouts, since: Option<Timestamp>, place: String) -> ChildState {
    let time = since.map(|since| t.time(since)).unwrap_or_default();
    let now = match whereabouts {
        Whereabouts::In => t.with("child-in-since", [("time", time)]),
        Whereabouts::Out => t.with("child-left-at", [("time", time)]),
        Whereabouts::None => t.text("child-not-today"),
    };
    let note = since.filter(|_| whereabouts != Whereabouts::None).map(|since| (Moment::ago(t, since), place));
    ChildState::new(child.to_string(), whereabouts, now, note)
}

fn pass(t: &Texts<'_>, direction: Direction, by_hand: bool) -> (&'static str, String, Vec<String>) {
    let (class, what) = match direction {
        Direction::In => ("sh-in", t.text("happening-in")),
        Direction::Out => ("sh-out", t.text("happening-out")),
    };
    (class, what, by_hand.then(|| t.text("happening-by-hand")).into_iter().collect())
}

fn meal(t: &Texts<'_>, item: &str, price: Money) -> (&'static str, String, Vec<String>) {
    let price = if price == Money::default() { t.text("happening-free") } else { price.to_string() };
    ("sh-meal", t.with("happening-meal", [("item", item)]), vec![price])
}

/// As stored, which a CHECK keeps to ours.
fn direction_of(text: &str) -> Direction {
    if text == Direction::In.as_str() { Direction::In } else { Direction::Out }
}

/// The same for a row and for its event, so that a frame applied after a snapshot does not double a line.
fn id_of(person: PersonId, device: DeviceId, at: Timestamp) -> String {
    format!("ev-{person}-{device}-{}", at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use kernel::id::{SchoolId, Uuid};

    use super::*;

    #[test]
    fn inv_2_a_page_and_a_live_frame_write_the_same_line() {
        let sources: Vec<_> = web::LOCALES.iter().chain(crate::LOCALES).copied().collect();
        let catalog = web::Catalog::build(&sources).unwrap();
        let at: Timestamp = "2026-11-21T02:52:00.123456Z".parse().unwrap();
        let (person, device) = (PersonId(Uuid::from_u128(2)), DeviceId(Uuid::from_u128(3)));
        let whats = [
            (What::Pass { direction: Direction::In, method: Method::Card }, ("in", Some("card"), None, None)),
            (What::Pass { direction: Direction::Out, method: Method::Manual }, ("out", Some("manual"), None, None)),
            (What::Meal { item: "Палау".into(), price: Money::from_tiyn(80_000) }, ("meal", None, Some("Палау"), Some(80_000))),
            (What::Meal { item: "Тегін түскі ас".into(), price: Money::default() }, ("meal", None, Some("Тегін түскі ас"), Some(0))),
        ];
        for (locale, (what, (kind, method, item, price_tiyn))) in Locale::ALL.into_iter().cycle().zip(whats) {
            let t = catalog.texts(locale);
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let row = HappeningRow { person_id: person, device_id: device, occurred_at: at, kind: kind.into(), method: owned(method), item: owned(item), price_tiyn, late: true, place: Some("Асхана".into()) };
            let event = Recorded { school: SchoolId(Uuid::from_u128(1)), person, person_name: String::new(), class: None, device, place: "Асхана".into(), occurred_at: at, received_at: at, late: true, what };
            assert_eq!(Happening::of_row(&t, &row).to_string(), Happening::of_event(&t, &event).to_string());
        }
    }
}
