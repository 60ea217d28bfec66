//! `/api/v1/schools/{school}/classes`.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use identity::ClassGuard;
use kernel::id::ClassId;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Id, Listed, Refusals},
};

use super::within;
use crate::pupils::SeePupils;

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub(super) struct Described;

/// The routes of this room's API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/schools/{school}/classes", get().to(list));
}

/// A class of the current year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Class)]
struct ClassBody {
    #[schema(value_type = Id)]
    id: ClassId,
    /// As people call it.
    label: String,
    #[schema(minimum = 0, maximum = 12)]
    grade: i16,
    /// One capital Cyrillic letter.
    letter: String,
    /// Language of teaching: `kk`, `ru`, `ug`, `uz`, `tg`.
    language: String,
    /// How many pupils are in it now.
    #[schema(minimum = 0)]
    pupils: i64,
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/classes", tag = "register", summary = "Classes of a school",
    description = "All classes that are open now, by grade and letter; of who may see some classes only, those. Scope: `people.see_pupils`.",
    params(("school" = String, Path, description = "The school's code", example = "s001")),
    responses((status = 200, description = "The classes", body = Listed<ClassBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let bounds = guard.ctx.within::<SeePupils>()?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| within(tx, school.id, &bounds).await).await?;
    let items = classes.into_iter().map(|class| ClassBody { id: class.id, label: class.label(), grade: class.grade, letter: class.letter, language: class.language, pupils: class.pupils });
    api::respond(&req, &Listed { items: items.collect(), next: None })
}
