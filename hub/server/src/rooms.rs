//! Every room of the house, named once: texts, routes, navigation, statements and rights.
//!
//! To add a room: a line in each list it has something for. The tests of translations, statements and rights walk these lists.

use actix_web::web::ServiceConfig;
use kernel::{
    right::{Right, Role},
    sql::Statement,
};
use web::{NavItem, Source};

/// Texts of all rooms.
pub fn locales() -> Vec<Source> {
    [web::LOCALES, identity::LOCALES, people::LOCALES, fleet::LOCALES, live::LOCALES, app::LOCALES, delivery::LOCALES].concat()
}

/// Pages and API of all rooms.
pub fn routes(config: &mut ServiceConfig) {
    web::routes(config);
    identity::routes(config);
    app::routes(config);
    delivery::routes(config);
    // Last: `/{school}/…` would take the addresses of the others.
    fleet::routes(config);
    people::routes(config);
    live::routes(config);
}

/// The navigation, in the order shown.
pub fn navigation() -> Vec<NavItem> {
    [app::NAVIGATION, live::NAVIGATION, people::NAVIGATION, delivery::NAVIGATION, &identity::NAVIGATION.concat()].concat()
}

/// Every statement, by room.
pub fn statements() -> Vec<&'static [&'static dyn Statement]> {
    [identity::STATEMENTS, people::STATEMENTS, fleet::STATEMENTS, safety::STATEMENTS, delivery::STATEMENTS, engine::STATEMENTS, live::STATEMENTS, app::STATEMENTS].concat()
}

/// Every right with the roles that hold it, by room.
pub fn rights() -> Vec<&'static [(Right, &'static [Role])]> {
    [identity::RIGHTS, people::RIGHTS, fleet::RIGHTS, delivery::RIGHTS, live::RIGHTS, app::RIGHTS].concat()
}
