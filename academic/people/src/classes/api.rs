//! `/api/v1/schools/{school}/classes`.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use identity::ClassGuard;
use kernel::{
    Error,
    id::{ClassId, show},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Id, Listed, Part, Refusals},
    form::Asked,
};

use super::{
    service::{self, PartFilter},
    store::ListedClass,
};
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
    /// The building it is at home in.
    home_building: Option<BuildingBody>,
    /// What its room is called.
    home_room: Option<String>,
    /// How many pupils are in it now.
    #[schema(minimum = 0)]
    pupils: i64,
}

/// A building of the school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClassBuilding)]
struct BuildingBody {
    #[schema(value_type = Id)]
    id: String,
    /// Its name in Kazakh.
    name_kk: String,
    /// Its name in Russian.
    name_ru: String,
}

impl BuildingBody {
    fn of(class: &ListedClass) -> Option<Self> {
        Some(Self { id: show(class.home_building_id?), name_kk: class.home_kk.clone()?, name_ru: class.home_ru.clone()? })
    }
}

/// Which classes to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// Of this grade only.
    #[param(minimum = 0, maximum = 12)]
    grade: Option<i16>,
    /// Of this language of teaching only: `kk`, `ru`, `ug`, `uz`, `tg`.
    #[param(pattern = "^(kk|ru|ug|uz|tg)$")]
    language: Option<String>,
    /// Go on after this class: what the `next` of the last part said.
    #[param(value_type = Option<Id>)]
    after: Option<String>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/classes", tag = "register", summary = "Classes of a school",
    description = "Classes that are open now, by grade and letter; of who may see some classes only, those. Scope: `people.see_pupils`.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), Sought),
    responses((status = 200, description = "A part of the list", body = Listed<ClassBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>, sought: Asked<Sought>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let part = Part { after: sought.after.clone(), limit: sought.limit };
    if sought.grade.is_some_and(|grade| !(0..=12).contains(&grade)) {
        return Err(Error::invalid("grade", "api-field-filter").into());
    }
    if sought.language.as_deref().is_some_and(|language| !["kk", "ru", "ug", "uz", "tg"].contains(&language)) {
        return Err(Error::invalid("language", "api-field-filter").into());
    }
    let filter = PartFilter { grade: sought.grade, language: sought.language.clone().unwrap_or_default(), after: part.after()?, limit: part.limit()? };
    let (classes, next) = service::part(&site.db, &guard.ctx, school.id, filter).await?;
    let items = classes.into_iter().map(|class| ClassBody { home_building: BuildingBody::of(&class), id: class.id, label: class.label(), grade: class.grade, letter: class.letter, language: class.language, home_room: class.home_room, pupils: class.pupils });
    api::respond_list(&req, &Listed { items: items.collect(), next: next.map(|next| next.to_string()) })
}
