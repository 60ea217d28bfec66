//! Certificates: a guardian takes a paper that says that the child learns here, with one tap, and whoever is shown it asks whether it is genuine.
//!
//! A certificate says what was so on its day: name, date of birth, class. It is kept as it was said, with its number and a code, and printed
//! in Kazakh and Russian as often as the family likes. The page of the code is open to everybody, tells number, date, initials, school and
//! whether it was revoked, and nothing of today: whether the child still learns here is nobody's to learn from an old paper. The same page of
//! the guardian lists the orders about the child.
//!
//! Owns `certificate`, `certificate_number`. Reads `people_v_kinship`, `people_v_pupil`, `person`, the book of movement and who signs orders.
//! Rights: `people.ask_certificate` (guardian), `people.see_certificates` (director, deputies, administrator), `people.revoke_certificate`
//! (director, administrator).
//! Always true:
//!  1. Only who is a guardian of a child who learns here now is issued one, and sees those of that child (`people_v_kinship`, `people_v_pupil`,
//!     in the same transaction).
//!  2. Numbers of a school and year have no gaps when they are given (the counter's row is locked until the certificate is durable); the same
//!     paper is issued once a day, however often it is asked for ([`service::issue`], under the child's lock).
//!  3. The open page learns initials only (the statement cuts them), and nobody tries many codes ([`identity::papers`]).
//!  4. A certificate once issued changes no more, but that it is revoked, once and with a reason (grants of the table).

mod check_pages;
mod office_pages;
mod own_pages;
mod paper;
mod rules;
mod service;
mod store;

pub use store::{HOLDINGS, STATEMENTS, SWEEP};

use web::NavItem;

kernel::rights! {
    /// Takes a certificate that one's own child learns here, and sees the orders about the child.
    AskCertificate = "people.ask_certificate": [Guardian],
    /// Sees which certificates were issued.
    SeeCertificates = "people.see_certificates": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
    /// Revokes a certificate.
    RevokeCertificate = "people.revoke_certificate": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeCertificates>("/{school}/certificates", "copy", "certificates-nav").in_group(web::NavGroup::Year);

/// `/certificate`, `/my/{child}/documents…`, `/{school}/certificates…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The guardian's first: `/{school}/…` would take their address.
    own_pages::routes(cfg);
    check_pages::routes(cfg);
    office_pages::routes(cfg);
}
