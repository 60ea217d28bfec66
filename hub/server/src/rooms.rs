//! Every room of the house, named once: texts, routes, navigation, statements and rights.
//!
//! To add a room: a line in each list it has something for. The tests of translations, statements and rights walk these lists.

use std::sync::Arc;

use crate::{
    config::{Config, ConfigError},
    keys::Reseal,
    voice::House,
};
use actix_web::web::{Data, ServiceConfig};
use identity::{
    erasure::{Erase, Registry},
    retention::{self, Retain},
};
use kernel::{
    job::{self, Order, Work},
    keep::Sweep,
    right::{Right, Role},
    sql::Statement,
    vault::SealedRows,
};
use people::{
    iin::Keeper,
    imports::{Bring, TakeBack},
    national::WriteNational,
    oneroster::WriteRoster,
};
use web::{
    NavItem, Source, Task,
    api::{Describe, Document},
};

/// Texts of all rooms.
pub fn locales() -> Vec<Source> {
    [web::LOCALES, identity::LOCALES, people::LOCALES, fleet::LOCALES, live::LOCALES, app::LOCALES, safety::LOCALES, delivery::LOCALES].concat()
}

/// Pages and API of all rooms.
pub fn routes(config: &mut ServiceConfig) {
    config.app_data(Data::new(Describe(api)));
    web::routes(config);
    identity::routes(config);
    app::routes(config);
    delivery::routes(config);
    // Last: `/{school}/…` would take the addresses of the others.
    fleet::routes(config);
    people::routes(config);
    safety::routes(config);
    live::routes(config);
}

/// The description of the API, put together.
///
/// # Errors
/// When it cannot be written.
pub fn api() -> kernel::Result<Document> {
    #[derive(utoipa::OpenApi)]
    #[openapi(
        info(title = "Shanyraq", description = "What programs may ask of a hub of safe and digital schools."),
        security(("key" = []), ("device" = []))
    )]
    struct Described;
    let mut described = <Described as utoipa::OpenApi>::openapi();
    for room in [identity::described(), people::described(), delivery::described()] {
        described.merge(room);
    }
    Document::new(described)
}

/// The navigation, in the order shown.
pub fn navigation() -> Vec<NavItem> {
    [app::NAVIGATION, live::NAVIGATION, fleet::NAVIGATION, people::NAVIGATION, safety::NAVIGATION, delivery::NAVIGATION, &identity::NAVIGATION.concat()].concat()
}

/// What may wait to be done, for the page that a person's day begins with.
pub fn tasks() -> Vec<Task> {
    [people::TASKS, identity::TASKS, safety::TASKS].concat()
}

/// Every statement, by room.
pub fn statements() -> Vec<&'static [&'static dyn Statement]> {
    [identity::STATEMENTS, people::STATEMENTS, fleet::STATEMENTS, safety::STATEMENTS, delivery::STATEMENTS, engine::STATEMENTS, live::STATEMENTS, app::STATEMENTS].concat()
}

/// Every right with the roles that hold it, by room.
pub fn rights() -> Vec<&'static [(Right, &'static [Role])]> {
    [identity::RIGHTS, people::RIGHTS, fleet::RIGHTS, safety::RIGHTS, delivery::RIGHTS, live::RIGHTS, app::RIGHTS].concat()
}

/// Every table with sealed rows, for a rotation of keys.
pub fn sealed_rows() -> Vec<&'static dyn SealedRows> {
    vec![people::confidential::RESEALED, safety::absences::document::RESEALED]
}

/// Who does which jobs.
///
/// # Errors
/// When a file that one of them needs cannot be read.
pub fn works(config: &Config) -> Result<Vec<Box<dyn Work>>, ConfigError> {
    Ok(vec![Box::new(Reseal { vault: config.vault()? }), Box::new(Retain { sweeps: sweeps() }), Box::new(Erase { registry: registry() }), Box::new(Bring { keeper: keeper(config)? }), Box::new(TakeBack { keeper: keeper(config)? }), Box::new(delivery::Tell), Box::new(delivery::Announce), Box::new(delivery::AnnounceToAll), Box::new(safety::arrivals::Watch { voice: House }), Box::new(fleet::downtime::Watch { voice: House }), Box::new(WriteRoster { keeper: keeper(config)? }), Box::new(WriteNational { keeper: keeper(config)?, mapping: Arc::new(config.national_mapping()?) })])
}

/// What keeps IINs; nothing where the installation has no key.
fn keeper(config: &Config) -> Result<Option<Keeper>, ConfigError> {
    Ok(Keeper::of(&config.sign_in_policy()?, config.mode).ok())
}

/// What is ordered every night.
pub fn nightly() -> Vec<Order> {
    vec![retention::order()]
}

/// What is ordered every minute.
pub fn minutely() -> Vec<Order> {
    vec![safety::arrivals::order(), fleet::downtime::order()]
}

/// What retention rules let go, by room.
pub fn sweeps() -> Vec<&'static Sweep> {
    let rooms = retention::SWEEPS.iter().chain(fleet::keep::SWEEPS).chain(fleet::downtime::SWEEPS).chain(delivery::keep::SWEEPS).chain(engine::keep::SWEEPS);
    rooms.chain([&job::SWEEP, &people::photos::SWEEP, &people::imports::SWEEP, &people::exports::SWEEP, &people::certificates::SWEEP, &safety::absences::SWEEP]).chain(safety::arrivals::SWEEPS).chain(safety::blocks::SWEEPS).collect()
}

/// What rooms keep of a person, in the order in which it leaves: the card opens nothing first; what points at other rows goes before them; the
/// person is in sight until the end.
pub fn registry() -> Registry {
    let holdings = safety::keep::BLOCKED.iter().chain(delivery::announcements::HOLDINGS).chain(delivery::keep::HOLDINGS).chain(engine::keep::HOLDINGS).chain([&safety::absences::document::HOLDING]).chain(safety::absences::HOLDINGS).chain(safety::arrivals::HOLDINGS).chain(safety::blocks::HOLDINGS).chain(safety::keep::HOLDINGS);
    let holdings = holdings.chain([&people::imports::HOLDING, &people::oneroster::HOLDING]).chain(people::requests::HOLDINGS).chain(people::certificates::HOLDINGS).chain(people::doubles::HOLDINGS).chain(people::keep::HOLDINGS).chain(identity::keep::HOLDINGS).chain(kernel::file::HOLDINGS).chain(people::keep::BELONGING);
    Registry {
        holdings: holdings.collect(),
        releases: delivery::keep::RELEASES.iter().chain(identity::keep::RELEASES).chain(people::keep::RELEASES).collect(),
        person: Some((&people::keep::PERSON, &people::keep::PERSON_BLANK)),
        traces: vec![&people::keep::TRACES, &safety::keep::TRACES],
        common_traces: vec![&identity::keep::TRACES, &delivery::keep::TRACES],
    }
}
