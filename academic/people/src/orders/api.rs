//! `/api/v1/schools/{school}/orders` and `/api/v1/schools/{school}/orders/{id}`.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use identity::{
    Guard,
    trail::{self, Sight},
};
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error,
    audit::Whose,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Id, Listed, Part, Refusals},
    form::Asked,
};

use super::{
    service::{self, Filter, Kind},
    store::Order,
};
use crate::movement::{BookLine, SeeMovement};

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(list, show))]
pub(super) struct Described;

/// The routes of this room's API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/schools/{school}/orders", get().to(list)).route("/api/v1/schools/{school}/orders/{id}", get().to(show));
}

/// An order about pupils.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
struct OrderBody {
    #[schema(value_type = Id)]
    id: String,
    /// `admission`, `departure`, `class_change`, `rollover`.
    kind: String,
    /// The year of its number.
    year: i16,
    /// Its number, without gaps by kind and year.
    #[schema(minimum = 1)]
    number: i32,
    /// Its date.
    #[schema(value_type = String, format = Date)]
    dated: Date,
    /// How many lines it has.
    #[schema(minimum = 0)]
    pupils: i64,
    /// When it was cancelled; its number stays.
    #[schema(value_type = Option<String>, format = DateTime)]
    cancelled_at: Option<Timestamp>,
}

/// An order with what it is about.
#[derive(Debug, Serialize, ToSchema)]
struct OrderDetail {
    #[serde(flatten)]
    #[schema(inline)]
    order: OrderBody,
    /// Who it is about.
    lines: Vec<OrderLine>,
}

/// A pupil whom an order is about.
#[derive(Debug, Serialize, ToSchema)]
struct OrderLine {
    #[schema(value_type = Id)]
    pupil: PersonId,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    /// `arrival`, `return`, `departure`, `class_change`, `promotion`, `repeat`.
    kind: String,
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// Out of which class.
    from_class: Option<String>,
    /// Into which class.
    to_class: Option<String>,
}

/// Which orders to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// Of this kind only.
    #[param(pattern = "^(admission|departure|class_change|rollover)$")]
    kind: Option<String>,
    /// Of this year only.
    #[param(minimum = 1990, maximum = 2100)]
    year: Option<i16>,
    /// Go on after this order: what the `next` of the last part said.
    #[param(value_type = Option<Id>)]
    after: Option<String>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

impl OrderBody {
    fn of(order: Order) -> Self {
        let Order { id, kind, year, number, dated, made_at: _, cancelled_at, pupils } = order;
        Self { id: show_id(id), kind, year, number, dated, pupils, cancelled_at }
    }
}

impl OrderLine {
    fn of(line: BookLine) -> Self {
        let BookLine { pupil_id, surname, given_name, patronymic, kind, on_date, from_label, to_label, .. } = line;
        Self { pupil: pupil_id, surname, given_name, patronymic, kind, on: on_date, from_class: from_label, to_class: to_label }
    }
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/orders", tag = "register", summary = "Orders of a school",
    description = "Orders about pupils, the latest first. Scope: `people.see_movement`.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), Sought),
    responses((status = 200, description = "A part of the list", body = Listed<OrderBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: Guard<SeeMovement>, sought: Asked<Sought>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let part = Part { after: sought.after.clone(), limit: sought.limit };
    if sought.kind.as_deref().is_some_and(|kind| !Kind::ALL.iter().any(|known| known.as_str() == kind)) {
        return Err(Error::invalid("kind", "api-field-filter").into());
    }
    if sought.year.is_some_and(|year| !(1990..=2100).contains(&year)) {
        return Err(Error::invalid("year", "api-field-filter").into());
    }
    let after = part.after.as_deref().map(|after| read(after).ok_or_else(|| Error::invalid("after", "api-field-after"))).transpose()?;
    let filter = Filter { kind: sought.kind.clone().unwrap_or_default(), year: sought.year, number: None, after, limit: Some(part.limit()?) };
    let (orders, next) = service::list(&site.db, &guard.ctx, school.id, filter).await?;
    api::respond_list(&req, &Listed { items: orders.into_iter().map(OrderBody::of).collect(), next: next.map(show_id) })
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/orders/{id}", tag = "register", summary = "One order",
    description = "With the pupils it is about. Scope: `people.see_movement`. The look is written down in the school's audit trail.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), ("id" = Id, Path, description = "The order")),
    responses((status = 200, description = "The order", body = OrderDetail), (status = 304, description = "You have this version"), Refusals))]
async fn show(req: HttpRequest, guard: Guard<SeeMovement>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id: Uuid = read(&path.1).ok_or(Error::NotFound)?;
    let (order, lines) = service::order(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_order", Whose::persons(lines.iter().map(|line| line.pupil_id)))]).await?;
    api::respond(&req, &OrderDetail { order: OrderBody::of(order), lines: lines.into_iter().map(OrderLine::of).collect() })
}
