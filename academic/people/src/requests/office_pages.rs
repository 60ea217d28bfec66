//! `/{school}/updates`: what guardians ask to be changed, those that wait first; `/{school}/updates/{id}`: one of them, field by field.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard, sessions,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{Uuid, read, show},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Moment, Paging, StatusBlock, StatusDot, Tone,
        table::{Cell, Filter, Row},
    },
    csrf::{self, CsrfField},
    download,
    form::{Asked, Posted},
};

use super::{
    AnswerUpdates,
    own_pages::{field_name, state_of, value_words},
    rules::{self, Verdict, Wrong, name_of},
    service::{self, Detail, FieldState},
    store::Request,
};
use crate::{
    inputs::Input,
    pupils::card::{EditCards, rules as card_rules, rules::Typed, view},
};

/// The routes of the office.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/updates", get().to(queue))
        .route("/{school}/updates/{id}", get().to(show_one))
        .route("/{school}/updates/{id}", post().to(answer))
        .route("/{school}/updates/{id}/document", get().to(document));
}

#[derive(Debug, Deserialize)]
struct QueueQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "updates.html")]
struct QueuePage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    table: DataTable<'a>,
}

#[derive(Template)]
#[template(path = "update.html")]
struct OnePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    child: String,
    /// The pupil's page, while the child is here.
    pupil: Option<String>,
    /// Who asks, and their page.
    asker: (String, Option<String>),
    at: Moment,
    state: StatusDot,
    note: Option<String>,
    document: Option<String>,
    block: Option<StatusBlock>,
    failed: Option<String>,
    fields: Vec<Line>,
    /// How a change came to be; nothing where nothing waits.
    how: Vec<Input>,
    next: Option<String>,
}

/// A field as the office looks at it.
struct Line {
    key: String,
    name: String,
    before: String,
    asked: String,
    /// What stands now, where it is not what stood when it was asked.
    changed: Option<String>,
    /// What the form was shown with; nothing where it is answered.
    open: Option<Open>,
    state: StatusDot,
    reason: Option<String>,
}

/// What the officer types of a field.
struct Open {
    seen: String,
    verdict: String,
    why: String,
    error: Option<String>,
}

async fn queue(req: HttpRequest, guard: Guard<AnswerUpdates>, query: Asked<QueueQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let state = ["waiting", "closed"].into_iter().find(|known| *known == query.state).unwrap_or_default();
    let after = query.after.as_deref().and_then(read);
    let (found, next) = service::queue(&site.db, &guard.ctx, school.id, state, &query.q, after).await?;
    let shown = found.iter().flat_map(|request| [request.child_id, request.asked_by]);
    let sight = Sight::of(school.id, "people.list_updates", Whose::persons(shown));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "state": state, "searched": !query.q.trim().is_empty() }))]).await?;
    let address = Address::of(&req);
    let filtered = address.without("after").href();
    let options = ["waiting", "closed"].map(|state| (state.to_owned(), t.text(format!("updates-filter-{state}"))));
    let table = DataTable::new(t.clone(), &req, "updates", t.text("updates-title"), address)
        .search(t.text("updates-search"))
        .filters(vec![Filter { name: "state", label: t.text("updates-state"), all: t.text("updates-filter-all"), options: options.into() }])
        .columns(vec![
            DataColumn::text("child", t.text("updates-child")).always(),
            DataColumn::text("asker", t.text("updates-asker")),
            DataColumn::text("at", t.text("updates-at")),
            DataColumn::text("state", t.text("updates-state")).always(),
        ], None)
        .rows(found.iter().map(|request| row(&t, &school.code, request)).collect())
        .paging(Paging::of(&t, &filtered, query.after.as_deref(), next.map(show).as_deref()))
        .empty(Empty { icon: Icon("inbox"), title: t.text("updates-nothing-title"), body: t.text("updates-nothing-body"), action: None });
    let view = QueuePage { school_name: school.name(t.locale()), table, t: t.clone() };
    Page::new(t.text("updates-title")).respond(&req, &view)
}

fn row(t: &Texts<'_>, code: &str, request: &Request) -> Row {
    Row {
        id: show(request.id),
        name: request.child.clone(),
        cells: vec![
            Cell::Title { href: format!("/{code}/updates/{}", show(request.id)), text: request.child.clone(), note: request.class_label.clone() },
            Cell::Text(request.asker.clone()),
            Cell::Text(t.moment(request.asked_at)),
            Cell::Dot(state_of(t, request)),
        ],
        actions: Vec::new(),
    }
}

/// What the page says beside what is there.
#[derive(Default)]
struct Said {
    typed: Typed,
    wrong: Wrong,
    wrong_how: Vec<FieldError>,
    /// Why the answer was not taken.
    refused: Option<&'static str>,
    done: bool,
}

async fn show_one(req: HttpRequest, guard: Guard<AnswerUpdates>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    render(&req, &guard, id_of(&path.1)?, Said { done: query.done.is_some(), ..Said::default() }).await
}

async fn answer(req: HttpRequest, guard: Guard<AnswerUpdates>, path: Path<(String, String)>, form: Posted<Typed>) -> Answer {
    let (site, t, school, id, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, id_of(&path.1)?, form.0);
    let today = t.day_of(guard.ctx.now());
    let detail = service::request(&site.db, &guard.ctx, school.id, id, today).await?;
    let fields: Vec<_> = detail.asked.fields.iter().map(|state| (state.about, state.field)).collect();
    let (decisions, how) = match (rules::decisions(&fields, &typed), card_rules::read(&[], &typed, today)) {
        (Ok(decisions), Ok((_, how))) => (decisions, how),
        (decisions, how) => {
            let wrong_how = if let Err(Error::Invalid(wrong)) = how { wrong } else { Vec::new() };
            return render(&req, &guard, id, Said { typed, wrong: decisions.err().unwrap_or_default(), wrong_how, ..Said::default() }).await;
        }
    };
    match service::answer(&site.db, &guard.ctx, school.id, id, &decisions, &how, today).await {
        Ok(family) => {
            // The guardian may be called otherwise now, and read another language.
            sessions::forget_person(site, family.guardian);
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/updates/{}?done=1", school.code, show(id)))).finish())
        }
        Err(Error::Invalid(wrong_how)) => render(&req, &guard, id, Said { typed, wrong_how, ..Said::default() }).await,
        // What somebody else did meanwhile is shown where it happened.
        Err(Error::Refused(code @ ("updates.stale" | "updates.answered"))) => render(&req, &guard, id, Said { typed, refused: Some(code), ..Said::default() }).await,
        Err(other) => Err(other.into()),
    }
}

async fn document(req: HttpRequest, guard: Guard<AnswerUpdates>, path: Path<(String, String)>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, id_of(&path.1)?);
    let kept = service::document(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_update_document", Whose::person(kept.person))]).await?;
    Ok(download::respond(&site.db, school.id, kept, "document"))
}

async fn render(req: &HttpRequest, guard: &Guard<AnswerUpdates>, id: Uuid, said: Said) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let detail = service::request(&site.db, &guard.ctx, school.id, id, t.day_of(guard.ctx.now())).await?;
    let request = &detail.asked.request;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_update", Whose::persons([request.child_id, request.asked_by]))]).await?;
    let waits = request.closed_at.is_none();
    let mut how: Vec<Input> = if waits { view::how_inputs(&t, &said.typed).into() } else { Vec::new() };
    view::mark(&t, &mut how, &said.wrong_how);
    let sees_cards = guard.ctx.within::<EditCards>().is_ok();
    let next = if said.done { next_of(req, guard).await? } else { None };
    let status = match (said.refused, said.wrong.is_empty() && said.wrong_how.is_empty()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let view = OnePage {
        csrf: csrf::field(req),
        list: format!("/{}/updates", school.code),
        here: format!("/{}/updates/{}", school.code, show(id)),
        child: request.child.clone(),
        pupil: request.class_label.as_ref().map(|_| format!("/{}/pupils/{}", school.code, request.child_id)),
        asker: (request.asker.clone(), (sees_cards && detail.is_kin).then(|| format!("/{}/guardians/{}", school.code, request.asked_by))),
        at: Moment::full(&t, request.asked_at),
        state: state_of(&t, request),
        note: request.note.clone(),
        document: request.file_id.map(|_| format!("/{}/updates/{}/document", school.code, show(id))),
        block: block(&t, &detail, &said),
        failed: failed(&t, &said),
        fields: detail.asked.fields.iter().map(|state| line(&t, &detail, state, &said)).collect(),
        how,
        next,
        t: t.clone(),
    };
    Page::new(t.text("updates-one-title")).status(status).respond(req, &view)
}

/// The next request that waits, to go on with.
async fn next_of(req: &HttpRequest, guard: &Guard<AnswerUpdates>) -> kernel::Result<Option<String>> {
    let (site, school) = (Site::of(req)?, guard.school()?);
    let (found, _) = service::queue(&site.db, &guard.ctx, school.id, "waiting", "", None).await?;
    Ok(found.first().map(|request| format!("/{}/updates/{}", school.code, show(request.id))))
}

fn block(t: &Texts<'_>, detail: &Detail, said: &Said) -> Option<StatusBlock> {
    let says = |tone, title: &str, body: &str| Some(StatusBlock { tone, title: t.text(title), body: t.text(body), action: None });
    match said.refused {
        Some("updates.stale") => says(Tone::Warn, "refused-updates-stale-title", "refused-updates-stale-body"),
        Some(_) => says(Tone::Warn, "refused-updates-answered-title", "refused-updates-answered-body"),
        None if said.done => says(Tone::Ok, "updates-done-answered", "updates-done-answered-body"),
        None if !detail.is_kin && detail.asked.request.closed_at.is_none() => says(Tone::Warn, "refused-updates-no-guardian-title", "refused-updates-no-guardian-body"),
        None => None,
    }
}

fn failed(t: &Texts<'_>, said: &Said) -> Option<String> {
    let nothing = said.wrong.get("nothing").map(|message| t.text(message));
    nothing.or_else(|| (!said.wrong.is_empty() || !said.wrong_how.is_empty()).then(|| t.text("failure-invalid-body")))
}

fn line(t: &Texts<'_>, detail: &Detail, state: &FieldState, said: &Said) -> Line {
    let stands = detail.stands(state.about, state.field);
    let typed = |what: &str| said.typed.get(&name_of(what, state.about, state.field)).cloned().unwrap_or_default();
    let waits = state.verdict.is_none() && detail.asked.request.closed_at.is_none();
    let (tone, key) = match (state.verdict, waits) {
        (Some(Verdict::Accepted), _) => (Tone::Ok, "updates-is-accepted"),
        (Some(Verdict::Refused), _) => (Tone::Bad, "updates-is-refused"),
        (None, true) => (Tone::Warn, "updates-is-waiting"),
        (None, false) => (Tone::Unknown, "updates-is-withdrawn"),
    };
    let why = name_of("why", state.about, state.field);
    Line {
        key: format!("{}-{}", state.about.as_str(), state.field.as_str()),
        name: field_name(t, state),
        before: value_words(t, state, state.before.as_deref()),
        asked: value_words(t, state, state.asked.as_deref()),
        changed: (waits && stands != state.before).then(|| value_words(t, state, stands.as_deref())),
        // After a refusal the officer looks anew: what was chosen for a card that changed is not chosen again by itself.
        open: waits.then(|| Open {
            seen: stands.unwrap_or_default(),
            verdict: if said.refused.is_some() { String::new() } else { typed("verdict") },
            why: typed("why"),
            error: said.wrong.get(&why).map(|message| t.text(message)),
        }),
        state: StatusDot { tone, text: t.text(key) },
        reason: state.reason.clone(),
    }
}

fn id_of(text: &str) -> kernel::Result<Uuid> {
    read(text).ok_or(Error::NotFound)
}
