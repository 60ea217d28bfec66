//! `/api/v1/schools/{school}/years`.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use identity::Guard;
use jiff::civil::Date;
use kernel::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Listed, Part, Refusals},
    form::Asked,
};

use super::{
    SeeCalendar,
    rules::{Calendar, Span, SpanKind},
    service,
};

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub(super) struct Described;

/// The routes of this room's API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/schools/{school}/years", get().to(list));
}

/// A school year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchoolYear)]
struct YearBody {
    /// The year that it begins in.
    year: i16,
    /// The first day of lessons.
    #[schema(value_type = String, format = Date)]
    starts: Date,
    /// The last one.
    #[schema(value_type = String, format = Date)]
    ends: Date,
    /// The quarters, one after another.
    quarters: Vec<QuarterBody>,
    /// Breaks and attestations, by their first day.
    breaks: Vec<BreakBody>,
}

/// A quarter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Quarter)]
struct QuarterBody {
    /// From 1 on.
    #[schema(minimum = 1, maximum = 4)]
    number: usize,
    #[schema(value_type = String, format = Date)]
    starts: Date,
    #[schema(value_type = String, format = Date)]
    ends: Date,
}

/// A break, or an attestation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Break)]
struct BreakBody {
    /// `autumn_break`, `winter_break`, `spring_break`, `grade1_break`, `attestation_9`, `attestation_11`.
    kind: String,
    #[schema(value_type = String, format = Date)]
    starts: Date,
    #[schema(value_type = String, format = Date)]
    ends: Date,
}

/// Which years to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// Go on after this year: what the `next` of the last part said.
    #[param(pattern = "^[0-9]{4}$")]
    after: Option<String>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

fn body(calendar: &Calendar) -> Option<YearBody> {
    let whole = calendar.whole()?;
    let quarters = (1..).zip(calendar.quarters()).map(|(number, Span { starts, ends })| QuarterBody { number, starts, ends }).collect();
    let mut breaks: Vec<BreakBody> = calendar.spans.iter().filter(|(kind, _)| **kind != SpanKind::Year).map(|(kind, span)| BreakBody { kind: kind.as_str().to_owned(), starts: span.starts, ends: span.ends }).collect();
    breaks.sort_by_key(|one| one.starts);
    Some(YearBody { year: calendar.year, starts: whole.starts, ends: whole.ends, quarters, breaks })
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/years", tag = "register", summary = "School years",
    description = "The years that are known, the earliest first, with their quarters and breaks by the order of the ministry. Scope: `people.see_calendar`.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), Sought),
    responses((status = 200, description = "A part of the list", body = Listed<YearBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: Guard<SeeCalendar>, sought: Asked<Sought>) -> Answer {
    let site = Site::of(&req)?;
    let limit = usize::try_from(Part { after: None, limit: sought.limit }.limit()?).unwrap_or_default();
    let is_year = |text: &str| text.len() == 4 && text.bytes().all(|one| one.is_ascii_digit());
    let after: Option<i16> = sought.after.as_deref().map(|after| if is_year(after) { after.parse().map_err(|_| Error::invalid("after", "api-field-after")) } else { Err(Error::invalid("after", "api-field-after")) }).transpose()?;
    let known = service::all(&site.db, &guard.ctx).await?;
    let mut items: Vec<YearBody> = known.iter().filter(|calendar| after.is_none_or(|after| calendar.year > after)).filter_map(body).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().map(|year| year.year.to_string()).filter(|_| more);
    api::respond_list(&req, &Listed { items, next })
}
