//! Movement: pupils come, change their class and leave, and a book says why.
//!
//! Who is in which class when stands in `enrolment`, and nowhere else; a line of `movement` is written beside every change of it, with its
//! reason, its order and who made it. Who leaves belongs to the school no longer: enrolment, belonging and kinship end with the day, cards
//! at that moment (trigger `card_follows_belonging`), guardians without another child or an office here leave along.
//! The last act with a pupil can be taken back for a day while nothing followed: the line stays, with who took it back.
//!
//! Owns `movement`. Reads `enrolment`, `school_class`, `school_person`, `kinship`, `person`, `school_order`, `organisation`, `identity_v_office`.
//! Rights: `people.see_movement` (director, deputies, administrator) shows the books; `people.enrol` of the room of pupils acts.
//! Always true:
//!  1. A pupil's times in classes of a school never overlap ([`arrive`] and its siblings compare under the row lock; unique index `enrolment_open`).
//!  2. Every change of an enrolment by this room has its line in the book, written in the same transaction.
//!  3. What was taken back is as if it had never been, and its line stays.

mod acts;
mod books;
mod pages;
mod rules;
mod service;
mod store;

pub use acts::{About, Arrival, Departure, Move, arrive, arrive_as, leave, relocate, unmake};
pub(crate) use acts::undo;
use kernel::{
    Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
};
pub use rules::{ArrivalKind, MoveKind, Reason, may_undo};
pub use service::{change_class_of_many, take_back_order};
pub(crate) use service::known;
pub use store::{BookLine, STATEMENTS};
use web::{NavItem, Texts};

kernel::rights! {
    /// Sees why pupils came, changed their class and left, the books and the orders.
    SeeMovement = "people.see_movement": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
}

/// What the navigation offers: the book of movement.
pub const BOOK_ITEM: NavItem = NavItem::of::<SeeMovement>("/{school}/movement", "refresh", "movement-nav").in_group(web::NavGroup::Year);
/// The alphabetical book.
pub const ALPHABET_ITEM: NavItem = NavItem::of::<SeeMovement>("/{school}/alphabet", "people", "alphabet-nav").in_group(web::NavGroup::Year);

/// `/{school}/enrol`, `/{school}/pupils/{id}/movement…`, `/{school}/movement`, `/{school}/alphabet`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    books::routes(cfg);
}

/// The lines that an order is about, by name.
pub async fn lines_of(tx: &Tx, school: SchoolId, order: Uuid) -> Result<Vec<BookLine>> {
    store::BOOK_LIST.all(tx, (school, None, None, None, String::new(), String::new(), None, MOST_OF_AN_ORDER, Some(order))).await
}

/// What the book says of a pupil, the newest first.
pub async fn lines_of_pupil(tx: &Tx, school: SchoolId, pupil: PersonId) -> Result<Vec<BookLine>> {
    store::BOOK_LIST.all(tx, (school, Some(pupil), None, None, String::new(), String::new(), None, MOST_OF_A_PUPIL, None)).await
}

/// Twelve years with a change of class in each have fewer.
const MOST_OF_A_PUPIL: i64 = 100;

/// The largest school has fewer pupils.
const MOST_OF_AN_ORDER: i64 = 10_000;

/// What a line says in one sentence: `Жаңадан келді: 7А`.
pub fn sentence(t: &Texts<'_>, line: &BookLine) -> String {
    // A class that a taken-back rollover made is gone; its lines stay.
    let label = |label: &Option<String>| label.clone().unwrap_or_else(|| "…".to_owned());
    let (from, to) = (label(&line.from_label), label(&line.to_label));
    let kind = match (line.kind.as_str(), line.reason.as_deref()) {
        ("arrival", Some("from_school")) => "arrival-from-school".to_owned(),
        (kind, _) => kind.replace('_', "-"),
    };
    let said = t.with(format!("movement-is-{kind}"), (("from", from), ("to", to)));
    let why = line.reason.as_deref().filter(|_| line.kind == "departure").map(|reason| t.text(format!("movement-reason-{}", reason.replace('_', "-"))));
    let other = match t.locale() {
        kernel::Locale::Kk => &line.other_kk,
        kernel::Locale::Ru => &line.other_ru,
        kernel::Locale::En => &line.other_en,
    };
    [Some(said), why, other.clone().or_else(|| line.place.clone())].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
