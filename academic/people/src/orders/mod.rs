//! Orders: the school's book of orders about its pupils, numbered without gaps by kind and year, each to be printed in Kazakh and Russian.
//!
//! An order is issued by the act that it is about ([`issue`], in that act's transaction); who it is about are the lines of the movement book
//! that name it. It is printed as PDF by `shanyraq-print`, and so is the register of a period. When the act is taken back the order is cancelled and keeps its number.
//!
//! Owns `school_order`, `order_number`. Reads `movement` through the room of movement, `identity_v_held` and `people_v_name` for who signs,
//! and the room of buildings for where.
//! Rights: `people.see_movement` of the room of movement.
//! Always true:
//!  1. Numbers of a school, kind and year have no gaps (the counter's row is locked until the order is durable).
//!  2. An order once issued changes no more, but that it is cancelled (no statement does more).

mod api;
mod pages;
mod paper;
mod service;
mod store;

pub(crate) use service::{cancel_if_idle, director};
pub use service::{Kind, issue};
pub use store::STATEMENTS;
use web::NavItem;

use crate::movement::SeeMovement;

/// `/{school}/orders…`, `/api/v1/schools/{school}/orders…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    paper::routes(cfg);
    api::routes(cfg);
}

/// The description of the API of orders.
pub fn described() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeMovement>("/{school}/orders", "copy", "orders-nav").in_group(web::NavGroup::Year);
