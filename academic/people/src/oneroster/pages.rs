//! `/{school}/oneroster`: the register as OneRoster files for another system, and the form that takes another system's.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard, Policy,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    id::{Uuid, read, show as show_id},
};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{
    Answer, Page, Site, Texts,
    component::{JobProgress, Moment},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{ExportRoster, KIND, rules::Titles, service};
use crate::{
    exports,
    imports::{BringIn, Chest},
    years::year_of,
};

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/oneroster", get().to(show)).route("/{school}/oneroster", post().to(order)).route("/{school}/oneroster/{id}/file", get().to(file));
}

#[derive(Debug, Deserialize)]
struct YearForm {
    #[serde(default)]
    year: String,
}

/// Nothing is asked.
#[derive(Debug, Deserialize)]
struct Nothing {}

#[derive(Template)]
#[template(path = "oneroster.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    path: String,
    imports: String,
    years: Vec<(i16, String, bool)>,
    job: Option<JobProgress<'a>>,
    /// When the last file was asked for, and which year it is of.
    last: Option<(Moment, String)>,
    takes: bool,
    error: Option<String>,
}

async fn show(req: HttpRequest, guard: Guard<ExportRoster>, _query: Asked<Nothing>) -> Answer {
    render(&req, &guard, None).await
}

/// The page, with what is wrong with a zip that was sent.
pub(super) async fn render(req: &HttpRequest, guard: &Guard<ExportRoster>, error: Option<String>) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let overview = service::standing(&site.db, &guard.ctx, school.id).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_roster", Whose::Nobody)]).await?;
    let path = format!("/{}/oneroster", school.code);
    let this = year_of(t.day_of(guard.ctx.now()));
    let last = overview.last.as_ref();
    let job = last.and_then(|last| {
        let progress = JobProgress::of(t.clone(), last.job.as_ref()?, path.clone(), t.with("oneroster-job", (("year", name_of(&year(&last.about))),)));
        let people = last.lines.map(i64::from).unwrap_or_default();
        Some(if last.may_fetch { progress.result(format!("{path}/{}/file", show_id(last.id)), t.with("oneroster-fetch", (("people", people),))) } else { progress })
    });
    let view = View {
        csrf: csrf::field(req),
        school_name: school.name(t.locale()),
        imports: format!("/{}/imports", school.code),
        years: overview.years.iter().map(|year| (*year, name_of(year), *year == this)).collect(),
        // What was fetched or is too old is told and not shown as new.
        job: job.filter(|_| last.is_some_and(|last| last.may_fetch || last.lines.is_none())),
        last: last.map(|last| (Moment::full(&t, last.ordered_at), name_of(&year(&last.about)))),
        takes: guard.ctx.require::<BringIn>().is_ok(),
        error,
        path,
        t: t.clone(),
    };
    let status = if view.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("oneroster-title")).status(status).respond(req, &view)
}

fn year(about: &Value) -> i16 {
    about.get("year").and_then(Value::as_i64).and_then(|year| i16::try_from(year).ok()).unwrap_or_default()
}

/// `2026/2027`
fn name_of(year: &i16) -> String {
    format!("{year}/{}", year.saturating_add(1))
}

async fn order(req: HttpRequest, guard: Guard<ExportRoster>, form: Posted<YearForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let year: i16 = form.0.year.parse().map_err(|_| Error::invalid("year", "oneroster-field-year"))?;
    // Nothing is ordered that nobody could keep.
    Chest::by(Policy::of(&req), guard.ctx.id())?;
    let titles = Titles {
        school: school.name(t.locale()).to_owned(),
        year: name_of(&year),
        quarters: (1_i64..=4).map(|n| t.with("oneroster-quarter", (("n", n),))).collect(),
        grades: (0_i64..=12).map(|n| t.with("oneroster-grade", (("n", n),))).collect(),
    };
    service::order(&site.db, &guard.ctx, school.id, &school.code, year, titles).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/oneroster", school.code))).finish())
}

async fn file(req: HttpRequest, guard: Guard<ExportRoster>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id: Uuid = read(&path.1).ok_or(Error::NotFound)?;
    let export = site.db.run(&guard.ctx.scope, async |tx| exports::find(tx, &guard.ctx, school.id, id, KIND).await).await?;
    let sight = Sight::of(school.id, "people.fetch_roster", Whose::School);
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "export": id, "year": year(&export.about) }))]).await?;
    Ok(exports::respond(&site.db, &guard.ctx, Chest::by(Policy::of(&req), id)?, school.id, &export))
}
