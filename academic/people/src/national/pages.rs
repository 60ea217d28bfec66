//! `/{school}/national`: what a file for the national database would lack, and the file.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard, Policy,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Error,
    audit::Whose,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{
    Answer, Page, Site, Texts,
    component::JobProgress,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    ExportNational, KIND, mapping_of,
    rules::{Record, What, lacking},
    service::{self, Last},
};
use crate::{
    exports,
    iin::SeeIin,
    imports::Chest,
    pupils::card::rules::day,
    years::short,
};

/// So many of those who lack something are named at once.
const NAMED_MOST: usize = 50;

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/national", get().to(show)).route("/{school}/national", post().to(order)).route("/{school}/national/{id}/file", get().to(file));
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    what: String,
    #[serde(default)]
    on: String,
    lacks: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct OrderForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    form: String,
}

#[derive(Template)]
#[template(path = "national.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    path: String,
    mapping: String,
    /// Nothing where somebody confirmed the layout.
    proposal: Option<String>,
    kinds: Vec<(&'static str, String, bool)>,
    what: &'static str,
    on: String,
    wrong: Option<String>,
    lines: String,
    is_empty: bool,
    without_iins: bool,
    gaps: Vec<Gap>,
    whole: bool,
    /// Who lacks what was asked for: the column, and name and card of each.
    named: Option<Named>,
    job: Option<JobProgress<'a>>,
}

struct Gap {
    heading: String,
    count: String,
    href: String,
    is_shown: bool,
}

struct Named {
    title: String,
    people: Vec<(String, String)>,
    more: Option<String>,
}

async fn show(req: HttpRequest, guard: Guard<ExportNational>, query: Asked<Wanted>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let mapping = mapping_of(&req);
    let today = t.day_of(guard.ctx.now());
    let what = What::parse(&query.what).unwrap_or(What::Pupils);
    let asked = day_of(&query.on, today);
    let on = asked.unwrap_or(today);
    let overview = service::overview(&site.db, &guard.ctx, school.id, what, on).await?;
    let sees_iin = guard.ctx.require::<SeeIin>().is_ok();
    let gaps = lacking(mapping, what, &overview.records);
    let path = format!("/{}/national", school.code);
    let here = format!("{path}?what={}&on={on}", what.as_str());
    let heading = |at: usize| mapping.columns(what).get(at).map(|column| column.heading.clone()).unwrap_or_default();
    let shown = query.lacks.and_then(|at| Some((at, gaps.get(&at)?))).filter(|(_, without)| !without.is_empty());
    let whose = shown.iter().filter(|_| what != What::Classes).flat_map(|(_, without)| without.iter().take(NAMED_MOST)).map(|record| PersonId(record.id));
    let sight = Sight::of(school.id, "people.see_national", Whose::persons(whose));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "what": what.as_str(), "on": on }))]).await?;
    let counted: Vec<Gap> = gaps.iter().filter(|(_, without)| !without.is_empty()).map(|(at, without)| Gap { heading: heading(*at), count: count(&t, without.len()), href: format!("{here}&lacks={at}#lacking"), is_shown: query.lacks == Some(*at) }).collect();
    let view = View {
        csrf: csrf::field(&req),
        school_name: school.name(t.locale()),
        mapping: mapping.name.clone(),
        proposal: mapping.confirmed.trim().is_empty().then(|| t.text("national-proposal")),
        kinds: What::ALL.map(|one| (one.as_str(), t.text(format!("national-what-{}", one.as_str())), one == what)).into(),
        what: what.as_str(),
        on: on.to_string(),
        wrong: asked.is_none().then(|| t.text("national-field-on")),
        lines: t.with("national-lines", (("date", short(on)), ("count", i64::try_from(overview.records.len()).unwrap_or(i64::MAX)))),
        is_empty: overview.records.is_empty(),
        without_iins: mapping.asks_iin(what) && !sees_iin,
        whole: counted.is_empty(),
        gaps: counted,
        named: shown.map(|(at, without)| named(&t, &school.code, what, heading(at), without)),
        job: overview.last.as_ref().and_then(|last| progress(&t, &path, last)),
        path,
        t: t.clone(),
    };
    Page::new(t.text("national-title")).respond(&req, &view)
}

fn count(t: &Texts<'_>, many: usize) -> String {
    t.number(i64::try_from(many).unwrap_or(i64::MAX))
}

fn named(t: &Texts<'_>, code: &str, what: What, heading: String, without: &[&Record]) -> Named {
    let card = |record: &&Record| match what {
        What::Pupils => format!("/{code}/pupils/{}", show_id(record.id)),
        What::Staff => format!("/{code}/staff/{}", show_id(record.id)),
        What::Classes => format!("/{code}/classes/{}", show_id(record.id)),
    };
    Named {
        title: t.with("national-lacks", (("column", heading),)),
        people: without.iter().take(NAMED_MOST).map(|record| (record.name.clone(), card(record))).collect(),
        more: without.len().checked_sub(NAMED_MOST).filter(|more| *more > 0).map(|more| t.with("national-more", (("count", i64::try_from(more).unwrap_or(i64::MAX)),))),
    }
}

/// The last file, while it is made or can be fetched.
fn progress<'a>(t: &Texts<'a>, path: &str, last: &Last) -> Option<JobProgress<'a>> {
    let text = |name: &str| last.about.get(name).and_then(Value::as_str).unwrap_or_default();
    let what = t.text(format!("national-what-{}", What::parse(text("what")).unwrap_or(What::Pupils).as_str()));
    let on = text("on").parse().map(short).unwrap_or_default();
    let title = t.with("national-job", (("what", what), ("date", on)));
    let progress = JobProgress::of(t.clone(), last.job.as_ref()?, path.to_owned(), title);
    let lines = last.lines.map(i64::from).unwrap_or_default();
    match (last.may_fetch, last.lines) {
        (true, _) => Some(progress.result(format!("{path}/{}/file", show_id(last.id)), t.with("national-fetch", (("form", text("form").to_owned()), ("count", lines))))),
        (false, None) => Some(progress),
        (false, Some(_)) => None,
    }
}

/// Today where nothing is typed; nothing for what is no day that the books know.
fn day_of(typed: &str, today: Date) -> Option<Date> {
    match typed.trim() {
        "" => Some(today),
        typed => day(typed).filter(|day| (1990..=today.year().saturating_add(1)).contains(&day.year())),
    }
}

async fn order(req: HttpRequest, guard: Guard<ExportNational>, form: Posted<OrderForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let what = What::parse(&form.0.what).ok_or_else(|| Error::invalid("what", "national-field-what"))?;
    let on = day_of(&form.0.on, t.day_of(guard.ctx.now())).ok_or_else(|| Error::invalid("on", "national-field-on"))?;
    // Nothing is ordered that nobody could keep.
    Chest::by(Policy::of(&req), guard.ctx.id())?;
    let asked = service::Asked { what, on, form: if form.0.form == "csv" { "csv" } else { "xlsx" }, asks_iin: mapping_of(&req).asks_iin(what) };
    service::order(&site.db, &guard.ctx, school.id, &school.code, asked).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/national?what={}&on={on}", school.code, what.as_str()))).finish())
}

async fn file(req: HttpRequest, guard: Guard<ExportNational>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id: Uuid = read(&path.1).ok_or(Error::NotFound)?;
    let export = site.db.run(&guard.ctx.scope, async |tx| exports::find(tx, &guard.ctx, school.id, id, KIND).await).await?;
    if export.has_iin {
        guard.ctx.require::<SeeIin>()?;
    }
    let sight = Sight::of(school.id, "people.fetch_national", if export.about.get("what").and_then(Value::as_str) == Some("classes") { Whose::Nobody } else { Whose::School });
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "export": id, "iins": export.has_iin, "about": export.about }))]).await?;
    Ok(exports::respond(&site.db, &guard.ctx, Chest::by(Policy::of(&req), id)?, school.id, &export))
}
