//! People: who belongs to a school and to whom.
//! Rooms: [`organisation`] (the tree of schools), [`classes`], [`pupils`] (pupils, their class and their guardians), [`confidential`]
//! (what one person at the school needs to know of a pupil), [`photos`] (their pictures), [`custody`] (what a guardian may not),
//! [`requests`] (what guardians say has changed), [`doubles`] (who is registered twice),
//! [`certificates`] (what the school has for a family to take).
//! Other rooms read what is published as views: `people_v_pupil`, `people_v_member`; and compare names by `fold`.

pub mod buildings;
pub mod certificates;
pub mod classes;
pub mod confidential;
pub mod contingent;
pub mod custody;
pub mod doubles;
pub mod families;
mod inputs;
pub mod iin;
pub mod imports;
pub mod exports;
pub mod find;
pub mod keep;
pub mod movement;
pub mod national;
pub mod oneroster;
pub mod orders;
pub mod organisation;
pub mod photos;
pub mod pupils;
pub mod requests;
pub mod rollover;
pub mod social;
pub mod staff;
pub mod transfers;
pub mod years;

use kernel::{
    Locale,
    right::{Right, Role},
    sql::Statement,
};
use web::{NavItem, Source, Task};

/// Texts of the pages.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/people.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/people.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/people.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/organisations.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/organisations.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/organisations.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/custody.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/custody.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/custody.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/confidential.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/confidential.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/confidential.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/find.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/find.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/find.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/lists.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/lists.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/lists.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/card.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/card.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/card.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/families.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/families.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/families.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/staff.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/staff.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/staff.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/social.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/social.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/social.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/photos.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/photos.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/photos.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/iin.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/iin.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/iin.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/imports.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/imports.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/imports.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/oneroster.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/oneroster.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/oneroster.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/national.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/national.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/national.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/movement.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/movement.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/movement.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/transfers.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/transfers.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/transfers.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/rollover.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/rollover.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/rollover.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/contingent.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/contingent.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/contingent.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/years.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/years.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/years.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/buildings.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/buildings.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/buildings.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/classes.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/classes.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/classes.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/updates.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/updates.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/updates.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/certificates.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/certificates.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/certificates.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/doubles.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/doubles.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/doubles.ftl") },
];

/// Every statement of this crate, by room.
pub const STATEMENTS: &[&[&dyn Statement]] = &[organisation::STATEMENTS, classes::STATEMENTS, pupils::STATEMENTS, pupils::card::STATEMENTS, pupils::list::STATEMENTS, families::STATEMENTS, families::list::STATEMENTS, staff::STATEMENTS, social::STATEMENTS, custody::STATEMENTS, confidential::STATEMENTS, photos::STATEMENTS, find::STATEMENTS, iin::STATEMENTS, imports::STATEMENTS, exports::STATEMENTS, oneroster::STATEMENTS, national::STATEMENTS, movement::STATEMENTS, years::STATEMENTS, orders::STATEMENTS, rollover::STATEMENTS, contingent::STATEMENTS, buildings::STATEMENTS, transfers::STATEMENTS, requests::STATEMENTS, doubles::STATEMENTS, certificates::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[organisation::RIGHTS, classes::RIGHTS, years::RIGHTS, buildings::RIGHTS, movement::RIGHTS, rollover::RIGHTS, pupils::RIGHTS, pupils::list::RIGHTS, pupils::card::RIGHTS, families::RIGHTS, staff::RIGHTS, social::RIGHTS, custody::RIGHTS, confidential::RIGHTS, photos::RIGHTS, iin::RIGHTS, imports::RIGHTS, oneroster::RIGHTS, national::RIGHTS, requests::RIGHTS, doubles::RIGHTS, certificates::RIGHTS];

/// What may wait to be done, by room.
pub const TASKS: &[Task] = {
    let ([unfinished, left_out], [no_guardian, no_iin, birthdays], [post_ends, category_ends]) = (imports::TASKS, pupils::list::TASKS, staff::TASKS);
    &[transfers::TASK, requests::TASK, unfinished, left_out, no_guardian, no_iin, classes::TASK, rollover::TASK, post_ends, category_ends, birthdays]
};

/// Where the pages stand in the navigation.
pub const NAVIGATION: &[NavItem] = &[NavItem::of::<pupils::SeePupils>("/{school}/pupils", "people", "people-nav-pupils").first(), NavItem::of::<organisation::PlaceOrganisation>("/support/organisations", "school", "people-place-title"), families::list::NAVIGATION_ITEM, staff::NAVIGATION_ITEM, social::NAVIGATION_ITEM, confidential::NAVIGATION_ITEM, imports::NAVIGATION_ITEM, oneroster::NAVIGATION_ITEM, classes::NAVIGATION_ITEM, movement::BOOK_ITEM, movement::ALPHABET_ITEM, orders::NAVIGATION_ITEM, contingent::NAVIGATION_ITEM, national::NAVIGATION_ITEM, rollover::NAVIGATION_ITEM, transfers::NAVIGATION_ITEM, years::NAVIGATION_ITEM, buildings::NAVIGATION_ITEM, find::NAVIGATION_ITEM, requests::NAVIGATION_ITEM, doubles::NAVIGATION_ITEM, certificates::NAVIGATION_ITEM];

/// `/{school}/organisation`, `/{school}/pupils…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    requests::routes(cfg);
    certificates::routes(cfg);
    doubles::routes(cfg);
    organisation::routes(cfg);
    classes::routes(cfg);
    buildings::routes(cfg);
    years::routes(cfg);
    movement::routes(cfg);
    orders::routes(cfg);
    rollover::routes(cfg);
    transfers::routes(cfg);
    contingent::routes(cfg);
    find::routes(cfg);
    pupils::routes(cfg);
    pupils::card::routes(cfg);
    families::routes(cfg);
    staff::routes(cfg);
    social::routes(cfg);
    custody::routes(cfg);
    confidential::routes(cfg);
    photos::routes(cfg);
    iin::routes(cfg);
    imports::routes(cfg);
    oneroster::routes(cfg);
    national::routes(cfg);
}

/// The description of this wing's API.
pub fn described() -> utoipa::openapi::OpenApi {
    let mut described = classes::described();
    for room in [pupils::described(), staff::described(), years::described(), orders::described()] {
        described.merge(room);
    }
    described
}
