//! `/api/v1/schools/{school}/staff`.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use identity::{
    Guard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{Error, audit::Whose, id::PersonId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{self, Id, Listed, Part, Refusals},
    form::Asked,
};

use super::{
    SeeStaff,
    rules::{CATEGORIES, POSITIONS},
    service::{self, Filter},
    store::Employee,
};

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub(super) struct Described;

/// The routes of this room's API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/schools/{school}/staff", get().to(list));
}

/// Somebody who works at the school.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Employee)]
struct EmployeeBody {
    #[schema(value_type = Id)]
    id: PersonId,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    /// Roles of now: `director`, `teacher`, …; `own` is a role that the school made.
    roles: Vec<String>,
    /// Positions of now: `teacher`, `deputy`, …
    posts: Vec<String>,
    /// Subjects and other words beside the positions.
    subjects: Vec<String>,
    /// The load of all positions, in hundredths of a full one.
    #[schema(minimum = 0)]
    rate: i64,
    /// The qualification category: `pedagogue`, `moderator`, `expert`, `researcher`, `master`.
    category: Option<String>,
    /// Its last day.
    #[schema(value_type = Option<String>, format = Date)]
    category_until: Option<Date>,
}

/// Whom to give.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// Words of the name; Kazakh letters and their Russian look-alikes are the same.
    #[serde(default)]
    #[param(required = false)]
    q: String,
    /// In this position only.
    #[param(pattern = "^(director|deputy|teacher|preschool-teacher|psychologist|social-pedagogue|career-counsellor|speech-therapist|assistant|librarian|nurse|accountant|laboratory-assistant|technician|other)$")]
    position: Option<String>,
    /// Of this category only; `none` for who has none.
    #[param(pattern = "^(pedagogue|moderator|expert|researcher|master|none)$")]
    category: Option<String>,
    /// Go on after this employee: what the `next` of the last part said.
    #[param(value_type = Option<Id>)]
    after: Option<String>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

impl EmployeeBody {
    fn of(employee: Employee) -> Self {
        let Employee { id, surname, given_name, patronymic, birth_date: _, sex: _, roles, posts, subjects, rate, category, category_to, total: _ } = employee;
        Self { id, surname, given_name, patronymic, roles, posts, subjects, rate, category, category_until: category_to }
    }
}

fn known(field: &'static str, typed: Option<&String>, values: &[&str]) -> kernel::Result<String> {
    match typed {
        None => Ok(String::new()),
        Some(typed) if values.contains(&typed.as_str()) => Ok(typed.clone()),
        Some(_) => Err(Error::invalid(field, "api-field-filter")),
    }
}

#[utoipa::path(get, path = "/api/v1/schools/{school}/staff", tag = "register", summary = "Staff of a school",
    description = "Who holds an office or a position now, in the order of the Kazakh alphabet. Scope: `people.see_staff`. Every look is written down in the school's audit trail.",
    params(("school" = String, Path, description = "The school's code", example = "s001"), Sought),
    responses((status = 200, description = "A part of the list", body = Listed<EmployeeBody>), (status = 304, description = "You have this version"), Refusals))]
async fn list(req: HttpRequest, guard: Guard<SeeStaff>, sought: Asked<Sought>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let part = Part { after: sought.after.clone(), limit: sought.limit };
    let categories: Vec<&str> = CATEGORIES.into_iter().chain(["none"]).collect();
    let filter = Filter {
        words: sought.q.clone(),
        position: known("position", sought.position.as_ref(), &POSITIONS)?,
        category: known("category", sought.category.as_ref(), &categories)?,
        after: part.after()?,
        ..Filter::default()
    };
    let most = usize::try_from(part.limit()?).unwrap_or_default();
    let (employees, more) = service::members(&site.db, &guard.ctx, school.id, &filter, t.day_of(guard.ctx.now()), most).await?;
    let sight = Sight::of(school.id, "people.list_staff", Whose::persons(employees.iter().map(|one| one.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "position": filter.position, "category": filter.category, "searched": !sought.q.trim().is_empty() }))]).await?;
    let next = employees.last().map(|one| one.id.to_string()).filter(|_| more);
    api::respond_list(&req, &Listed { items: employees.into_iter().map(EmployeeBody::of).collect(), next })
}
