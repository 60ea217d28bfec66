//! `/api/v1/schools/{school}/enrolments` and `/api/v1/schools/{school}/pupils/{id}/guardians`.

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
    right::Permission,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Id, Listed, Part, Refusals},
    form::Asked,
};

use super::{
    SeePupils,
    card::SeeCards,
    service::{self, Enrolled},
    store::Enrolment,
};

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(list, guardians))]
pub(super) struct Described;

/// The routes of this room's API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/schools/{school}/enrolments", get().to(list)).route("/api/v1/schools/{school}/pupils/{id}/guardians", get().to(guardians));
}

/// Who is in which class on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Enrolment)]
struct EnrolmentBody {
    #[schema(value_type = Id)]
    pupil: PersonId,
    #[schema(value_type = Id)]
    class: ClassId,
    /// The class as people call it.
    class_label: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last one; nothing while it lasts.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
}

/// Somebody who answers for a pupil at home, as the pupil's page shows them.
#[derive(Debug, Serialize, ToSchema)]
struct GuardianContact {
    #[schema(value_type = Id)]
    id: PersonId,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    /// `mother`, `father`, `grandparent`, `legal_representative`, `other`.
    kinship: String,
    /// For who sees cards; nothing for others.
    phone: Option<String>,
}

/// Which enrolments to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// On this day; today where it is left out.
    #[param(value_type = Option<String>, format = Date)]
    on: Option<String>,
    /// Of one class only.
    #[param(value_type = Option<Id>)]
    class: Option<String>,
    /// Go on after this pupil: what the `next` of the last part said.
    #[param(value_type = Option<Id>)]
    after: Option<String>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

impl EnrolmentBody {
    fn of(enrolment: Enrolment) -> Self {
        let Enrolment { pupil_id, class_id, class_label, valid_from, valid_to } = enrolment;
        Self { pupil: pupil_id, class: class_id, class_label, from: valid_from, until: valid_to }
    }
}

/// `2026-09-01`, and no other form: programs write it.
fn day(text: &str) -> kernel::Result<Date> {
    let day = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
    day.ok_or_else(|| Error::invalid("on", "api-field-day"))
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/enrolments", tag = "register", summary = "Who is in which class",
    description = "On a day, in the order of pupils' ids; of who may see some classes only, theirs. Scope: `people.see_pupils`. Every look is written down in the school's audit trail.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), Sought),
    responses((status = 200, description = "A part of the list", body = Listed<EnrolmentBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>, sought: Asked<Sought>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let part = Part { after: sought.after.clone(), limit: sought.limit };
    let class: Option<ClassId> = sought.class.as_deref().map(|class| class.parse().map_err(|_| Error::invalid("class", "people-field-class"))).transpose()?;
    let on = sought.on.as_deref().map(day).transpose()?.unwrap_or_else(|| t.day_of(guard.ctx.now()));
    let (found, next) = service::enrolled(&site.db, &guard.ctx, school.id, Enrolled { on, class, after: part.after()?, limit: part.limit()? }).await?;
    let sight = Sight::of(school.id, "people.list_pupils", Whose::persons(found.iter().map(|one| one.pupil_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "class": class, "on": on }))]).await?;
    api::respond_list(&req, &Listed { items: found.into_iter().map(EnrolmentBody::of).collect(), next: next.map(|next| next.to_string()) })
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/pupils/{id}/guardians", tag = "register", summary = "Guardians of a pupil",
    description = "As the pupil's page shows them to staff; phones for who holds `people.see_cards`, and for a key that has it. What a limit closes to a guardian it closes to that guardian, not to the school. Scope: `people.see_pupils`. The look is written down in the school's audit trail.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), ("id" = Id, Path, description = "The pupil"), Part),
    responses((status = 200, description = "A part of the list", body = Listed<GuardianContact>), (status = 304, description = "You have this version"), Refusals))]
async fn guardians(req: HttpRequest, guard: ClassGuard<SeePupils>, path: Path<(String, String)>, part: Asked<Part>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id: PersonId = path.1.parse().map_err(|_| Error::NotFound)?;
    let (after, limit): (Option<PersonId>, _) = (part.after()?, usize::try_from(part.limit()?).unwrap_or_default());
    let found = service::pupil(&site.db, &guard.ctx, school.id, id).await?;
    // A key opens what it was made for and nothing else.
    let phones = found.family.filter(|_| guard.identity.key_lets(SeeCards::RIGHT).is_ok()).map(|family| family.phones).unwrap_or_default();
    let from = after.map_or(0, |after| found.guardians.iter().position(|one| one.id == after).map_or(found.guardians.len(), |at| at + 1));
    let mut items: Vec<GuardianContact> = found.guardians.into_iter().skip(from).map(|one| GuardianContact { phone: phones.get(&one.id).cloned(), id: one.id, surname: one.surname, given_name: one.given_name, patronymic: one.patronymic, kinship: one.kind }).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let shown = std::iter::once(id).chain(items.iter().map(|one| one.id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_pupil", Whose::persons(shown))]).await?;
    let next = items.last().map(|one| one.id.to_string()).filter(|_| more);
    api::respond_list(&req, &Listed { items, next })
}
