//! `/api/v1/schools/{school}/pupils` and `/api/v1/schools/{school}/pupils/{id}`.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use identity::{
    ClassGuard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Error,
    audit::Whose,
    id::{ClassId, PersonId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Id, Listed, Part, Refusals},
    form::Asked,
};

use super::{Filter, Guardian, Pupil, SeePupils, service};

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(list, show))]
pub(super) struct Described;

/// The routes of this room's API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/schools/{school}/pupils", get().to(list)).route("/api/v1/schools/{school}/pupils/{id}", get().to(show));
}

/// A pupil in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pupil)]
struct PupilBody {
    #[schema(value_type = Id)]
    id: PersonId,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    /// The class of today.
    class: Option<String>,
}

/// A pupil with what their page shows.
#[derive(Debug, Serialize, ToSchema)]
struct PupilDetail {
    #[serde(flatten)]
    #[schema(inline)]
    pupil: PupilBody,
    #[schema(value_type = Option<String>, format = Date)]
    birth_date: Option<Date>,
    guardians: Vec<GuardianBody>,
}

/// Somebody who answers for a pupil at home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Guardian)]
struct GuardianBody {
    #[schema(value_type = Id)]
    id: PersonId,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    /// `mother`, `father`, `grandparent`, `legal_representative`, `other`.
    kinship: String,
}

/// Which pupils to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// Words of the name or class; Kazakh letters and their Russian look-alikes are the same.
    #[serde(default)]
    #[param(required = false)]
    q: String,
    /// One class only.
    #[param(value_type = Option<Id>)]
    class: Option<String>,
    /// Go on after this pupil: what the `next` of the last part said.
    #[param(value_type = Option<Id>)]
    after: Option<String>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

impl PupilBody {
    fn of(pupil: Pupil) -> Self {
        let Pupil { id, surname, given_name, patronymic, class_label, .. } = pupil;
        Self { id, surname, given_name, patronymic, class: class_label }
    }
}

impl GuardianBody {
    fn of(guardian: Guardian) -> Self {
        let Guardian { id, surname, given_name, patronymic, kind, .. } = guardian;
        Self { id, surname, given_name, patronymic, kinship: kind }
    }
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/pupils", tag = "register", summary = "Pupils of a school",
    description = "In the order of the Kazakh alphabet; of who may see some classes only, theirs. Scope: `people.see_pupils`. Every look is written down in the school's audit trail.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), Sought),
    responses((status = 200, description = "A part of the list", body = Listed<PupilBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>, sought: Asked<Sought>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let class: Option<ClassId> = sought.class.as_deref().map(|class| class.parse().map_err(|_| Error::invalid("class", "people-field-class"))).transpose()?;
    let part = Part { after: sought.after.clone(), limit: sought.limit };
    let filter = Filter { words: sought.q.clone(), class, after: part.after()?, limit: Some(part.limit()?) };
    let found = service::pupils(&site.db, &guard.ctx, school.id, filter).await?;
    let sight = Sight::of(school.id, "people.list_pupils", Whose::persons(found.pupils.iter().map(|pupil| pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "class": class, "searched": !sought.q.trim().is_empty() }))]).await?;
    let list = Listed { items: found.pupils.into_iter().map(PupilBody::of).collect(), next: found.next.map(|next| next.to_string()) };
    api::respond_list(&req, &list)
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/pupils/{id}", tag = "register", summary = "One pupil",
    description = "With date of birth and guardians. Scope: `people.see_pupils`. The look is written down in the school's audit trail.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), ("id" = Id, Path, description = "The pupil")),
    responses((status = 200, description = "The pupil", body = PupilDetail), (status = 304, description = "You have this version"), Refusals))]
async fn show(req: HttpRequest, guard: ClassGuard<SeePupils>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id: PersonId = path.1.parse().map_err(|_| Error::NotFound)?;
    let found = service::pupil(&site.db, &guard.ctx, school.id, id).await?;
    let shown = std::iter::once(id).chain(found.guardians.iter().map(|guardian| guardian.id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_pupil", Whose::persons(shown))]).await?;
    let guardians = found.guardians.into_iter().map(GuardianBody::of).collect();
    api::respond(&req, &PupilDetail { pupil: PupilBody::of(found.pupil), birth_date: found.birth_date, guardians })
}
