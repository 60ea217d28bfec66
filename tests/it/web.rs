//! The web kit from outside: what holds for every room's pages at once.

use web::Catalog;

use crate::visitor::locales;

#[test]
fn inv_1_every_message_is_there_in_kazakh_russian_and_english() {
    let catalog = Catalog::build(&locales()).expect("no text is broken and no two rooms use one key");
    assert_eq!(catalog.missing(), Vec::<String>::new());
}
