//! The web kit from outside: what holds for every room's pages at once.

use actix_web::http::StatusCode;
use web::Catalog;

use crate::visitor::{Visitor, locales};

#[test]
fn inv_1_every_message_is_there_in_kazakh_russian_and_english() {
    let catalog = Catalog::build(&locales()).expect("no text is broken and no two rooms use one key");
    assert_eq!(catalog.missing(), Vec::<String>::new());
}

#[actix_web::test]
async fn a_kit_is_shown_in_a_demonstration_only() {
    // The visitor's program is not one.
    for address in ["/kit", "/kit/dialog", "/kit/job"] {
        assert_eq!(Visitor::nobody().get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}
