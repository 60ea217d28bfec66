//! `/{school}/erasures`: who has left, what an erasure would do, its progress, and the act.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Data, Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Error,
    audit::Whose,
    id::{PersonId, Uuid, read, show as show_id},
    job::Standing,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Field, Icon, Moment, Paging},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    OrderErasure, Preview, Registry,
    service::{self, PAGE},
    store::Erasure,
};
use crate::{
    Guard,
    trail::{self, Sight},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/erasures", get().to(list))
        .route("/{school}/erasures/{id}", get().to(show))
        .route("/{school}/leavers/{id}", get().to(leaver))
        .route("/{school}/leavers/{id}/erase", post().to(erase));
}

#[derive(Debug, Deserialize)]
struct After {
    after: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Confirmed {
    #[serde(default)]
    surname: String,
}

#[derive(Template)]
#[template(path = "erasures.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    leavers: Vec<LeaverLine>,
    nobody: Empty,
    paging: Paging,
    acts: Vec<ActLine>,
}

struct LeaverLine {
    href: String,
    name: String,
    left_on: String,
}

struct ActLine {
    href: String,
    title: String,
    ordered: Moment,
    is_finished: bool,
}

#[derive(Template)]
#[template(path = "erasure_preview.html")]
struct PreviewPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    action: String,
    preview: Preview,
    left_on: Option<String>,
    refused: Option<(String, String)>,
    lines: Vec<Line>,
    confirm: Field,
}

struct Line {
    table: String,
    fate: String,
    why: String,
    count: String,
}

#[derive(Template)]
#[template(path = "erasure.html")]
struct ActPage<'a> {
    t: Texts<'a>,
    list: String,
    here: String,
    school_name: &'a str,
    title: String,
    ordered: String,
    orderer: String,
    left_on: String,
    people: usize,
    progress: Option<Progress>,
    failed: Option<String>,
    act: Option<Act>,
}

/// How far the job is.
struct Progress {
    done: i64,
    total: i64,
}

struct Act {
    finished: String,
    counts: Vec<(String, String)>,
    searched: String,
    found: Vec<(String, String)>,
    needed: i64,
}

async fn list(req: HttpRequest, guard: Guard<OrderErasure>, query: Asked<After>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let after: Option<PersonId> = query.after.as_deref().and_then(|after| after.parse().ok());
    let (mut leavers, acts) = service::leavers(&site.db, &guard.ctx, school.id, t.day_of(guard.ctx.now()), after).await?;
    let more = leavers.len() > PAGE;
    leavers.truncate(PAGE);
    let next = leavers.last().filter(|_| more).map(|leaver| leaver.person_id.to_string());
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "erasure.list_leavers", Whose::persons(leavers.iter().map(|leaver| leaver.person_id)))]).await?;
    let path = format!("/{}/erasures", school.code);
    let view = ListPage {
        school_name: school.name(t.locale()),
        paging: Paging::of(&t, &path, query.after.as_deref(), next.as_deref()),
        nobody: Empty { icon: Icon("people"), title: t.text("erasure-nobody-title"), body: t.text("erasure-nobody-body"), action: None },
        leavers: leavers
            .into_iter()
            .map(|leaver| LeaverLine {
                href: format!("/{}/leavers/{}", school.code, leaver.person_id),
                name: [Some(leaver.surname), Some(leaver.given_name), leaver.patronymic].into_iter().flatten().collect::<Vec<_>>().join(" "),
                left_on: leaver.left_on.map(day).unwrap_or_default(),
            })
            .collect(),
        acts: acts.iter().map(|act| ActLine { href: format!("{path}/{}", show_id(act.id)), title: title(&t, act), ordered: Moment::full(&t, act.ordered_at), is_finished: act.finished_at.is_some() }).collect(),
        t: t.clone(),
    };
    Page::new(t.text("erasure-title")).respond(&req, &view)
}

async fn leaver(req: HttpRequest, guard: Guard<OrderErasure>, path: Path<(String, String)>) -> Answer {
    let person: PersonId = path.1.parse().map_err(|_| Error::NotFound)?;
    let preview = look(&req, &guard, person).await?;
    let whose = Whose::persons(std::iter::once(person).chain(preview.along.iter().map(|along| along.0)));
    trail::read(&req, &guard.ctx, [Sight::of(guard.school()?.id, "erasure.preview", whose)]).await?;
    show_preview(&req, &guard, person, preview, "", None)
}

async fn erase(req: HttpRequest, guard: Guard<OrderErasure>, path: Path<(String, String)>, form: Posted<Confirmed>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let person: PersonId = path.1.parse().map_err(|_| Error::NotFound)?;
    match service::order(&site.db, &guard.ctx, school.id, person, &form.0.surname, t.day_of(guard.ctx.now())).await {
        Ok(ordered) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/erasures/{}", school.code, show_id(ordered.id)))).finish()),
        Err(Error::Invalid(wrong)) => {
            let preview = look(&req, &guard, person).await?;
            trail::read(&req, &guard.ctx, [Sight::of(school.id, "erasure.preview", Whose::person(person))]).await?;
            let error = wrong.first().map(|wrong| t.text(wrong.message));
            show_preview(&req, &guard, person, preview, &form.0.surname, error)
        }
        Err(other) => Err(other.into()),
    }
}

async fn show(req: HttpRequest, guard: Guard<OrderErasure>, path: Path<(String, String)>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id: Uuid = read(&path.1).ok_or(Error::NotFound)?;
    let (erasure, job) = service::find(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "erasure.see_act", Whose::persons(erasure.persons.iter().copied()))]).await?;
    let list = format!("/{}/erasures", school.code);
    let view = ActPage {
        here: format!("{list}/{}", show_id(id)),
        list,
        school_name: school.name(t.locale()),
        title: title(&t, &erasure),
        ordered: t.moment(erasure.ordered_at),
        orderer: erasure.orderer.clone().unwrap_or_default(),
        left_on: day(erasure.left_on),
        people: erasure.persons.len(),
        progress: job.as_ref().filter(|job| job.outcome.is_none()).map(progress),
        failed: job.filter(|job| job.outcome.as_deref() == Some("failed")).map(|job| job.error.unwrap_or_default()),
        act: act(&t, &erasure),
        t: t.clone(),
    };
    Page::new(view.title.clone()).narrow().respond(&req, &view)
}

async fn look(req: &HttpRequest, guard: &Guard<OrderErasure>, person: PersonId) -> kernel::Result<Preview> {
    let registry = req.app_data::<Data<Registry>>().ok_or_else(|| Error::broken("Data<Registry> is not registered"))?;
    let t = web::page::texts(req)?;
    service::preview(&Site::of(req)?.db, &guard.ctx, registry, guard.school()?.id, person, t.day_of(guard.ctx.now())).await
}

fn show_preview(req: &HttpRequest, guard: &Guard<OrderErasure>, person: PersonId, preview: Preview, typed: &str, error: Option<String>) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let line = |(table, fate, count): &(&'static str, &'static str, i64)| Line {
        table: table_name(&t, table),
        fate: t.text(format!("erasure-fate-{fate}")),
        why: if *fate == "kept" { t.text("erasure-why-kept") } else { String::new() },
        count: t.number(*count),
    };
    let view = PreviewPage {
        csrf: csrf::field(req),
        list: format!("/{}/erasures", school.code),
        action: format!("/{}/leavers/{person}/erase", school.code),
        left_on: preview.left_on.map(day),
        refused: preview.refused.map(|code| {
            let key = format!("refused-{}", code.replace(['.', '_'], "-"));
            (t.text(format!("{key}-title")), t.text(format!("{key}-body")))
        }),
        lines: preview.lines.iter().map(line).collect(),
        confirm: Field {
            name: "surname",
            kind: "text",
            label: t.text("erasure-confirm"),
            value: typed.to_owned(),
            hint: Some(t.with("erasure-confirm-hint", [("surname", preview.surname.as_str())])),
            error,
            autocomplete: Some("off"),
        },
        preview,
        t: t.clone(),
    };
    Page::new(t.text("erasure-preview-title")).narrow().status(status).respond(req, &view)
}

fn title(t: &Texts<'_>, erasure: &Erasure) -> String {
    match erasure.number {
        Some(number) => t.with("erasure-act-title", [("number", number.to_string())]),
        None => t.text("erasure-under-way"),
    }
}

fn table_name(t: &Texts<'_>, table: &str) -> String {
    t.text(format!("erasure-table-{}", table.replace('_', "-")))
}

fn progress(job: &Standing) -> Progress {
    let total = job.total.unwrap_or(1).max(1);
    Progress { done: job.done.min(total), total }
}

fn act(t: &Texts<'_>, erasure: &Erasure) -> Option<Act> {
    let finished = erasure.finished_at?;
    let numbers = |value: Option<&serde_json::Value>| -> Vec<(String, i64)> {
        value.and_then(serde_json::Value::as_object).into_iter().flatten().filter_map(|(name, count)| Some((name.clone(), count.as_i64()?))).collect()
    };
    let proof = erasure.proof.as_ref();
    let of_proof = |key: &str| proof.and_then(|proof| proof.get(key));
    Some(Act {
        finished: t.moment(finished),
        counts: numbers(erasure.counts.as_ref()).into_iter().map(|(table, count)| (table_name(t, &table), t.number(count))).collect(),
        searched: t.number(of_proof("tables").and_then(serde_json::Value::as_i64).unwrap_or(0)),
        found: numbers(of_proof("found")).into_iter().map(|(table, count)| (table, t.number(count))).collect(),
        needed: of_proof("needed").and_then(serde_json::Value::as_i64).unwrap_or(0),
    })
}

fn day(day: jiff::civil::Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}
