//! `/my/{child}/absence`: a guardian says that a child will not come, with a document or without, sees what was said, and takes it back
//! before it begins.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Child, MyGuard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    error::FieldError,
    id::{PersonId, Uuid, read, show},
};
use people::confidential::vault_of;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{FormField, StatusDot, UploadProgress},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
    upload::Sent,
};

use super::{
    document::{pages::chosen, service::Sent as Paper},
    rules::{self, NewNote, Typed, Way},
    service::{self, Family},
    store::Note,
    view,
};

/// The routes of a guardian.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/{child:[0-9a-zA-Z]{26}}/absence", get().to(page))
        .route("/my/{child:[0-9a-zA-Z]{26}}/absence", post().to(tell))
        .route("/my/{child:[0-9a-zA-Z]{26}}/absence/withdraw", post().to(withdraw));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WithdrawForm {
    #[serde(default)]
    note: String,
}

#[derive(Template)]
#[template(path = "absence_my.html")]
struct OwnPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    /// The child's name, and their page.
    child: (String, String),
    here: String,
    id: String,
    done: Option<String>,
    failed: Option<String>,
    fields: [FormField; 4],
    /// Whether documents are taken: not without a key that seals them.
    takes_documents: bool,
    /// What is wrong with the document of the form.
    file_error: Option<String>,
    progress: UploadProgress,
    notes: Vec<Line>,
}

struct Line {
    id: String,
    days: String,
    reason: String,
    words: Option<String>,
    said: String,
    state: StatusDot,
    /// Its document: where it opens, and since when it is there.
    document: Option<(String, String)>,
    /// Whether it holds, so that a document may be added.
    holds: bool,
    /// What is wrong with the document that was added.
    file_error: Option<String>,
    can_withdraw: bool,
}

/// What a page shows beside what was said.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub wrong: Vec<FieldError>,
    /// The note that it is about, where it is not the form's.
    pub at: Option<Uuid>,
    /// What was done.
    pub done: Option<&'static str>,
}

async fn page(req: HttpRequest, guard: MyGuard, child: Path<String>, query: Asked<Done>) -> Answer {
    let done = query.0.done.as_deref().and_then(|done| ["told", "withdrawn", "document"].into_iter().find(|known| *known == done));
    render(&req, &guard, family_of(&guard, &child)?, Shown { done, ..Shown::default() }).await
}

async fn tell(req: HttpRequest, guard: MyGuard, child: Path<String>, sent: Sent<Typed>) -> Answer {
    let (site, t, mut sent) = (Site::of(&req)?, web::page::texts(&req)?, sent);
    let typed = sent.fields.clone();
    let family = family_of(&guard, &child)?;
    let id = read(&typed.id).unwrap_or_else(|| guard.ctx.id());
    let today = t.day_of(guard.ctx.now());
    let told = match (NewNote::parse(&typed, Way::Page, today), chosen(&req, &mut sent).await) {
        (Ok(note), Ok(scan)) => {
            let paper = scan.as_ref().zip(vault_of(&req)).map(|(scan, vault)| Paper { vault, scan });
            service::tell(&site.db, &guard.ctx, family, id, note, paper, today).await
        }
        (Err(Error::Invalid(wrong)), Err(Error::Invalid(more))) => Err(Error::Invalid(wrong.into_iter().chain(more).collect())),
        (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
    };
    match told {
        Ok(()) => Ok(to(family.child, "told")),
        Err(Error::Invalid(wrong)) => render(&req, &guard, family, Shown { typed, wrong, ..Shown::default() }).await,
        Err(other) => Err(other.into()),
    }
}

async fn withdraw(req: HttpRequest, guard: MyGuard, child: Path<String>, form: Posted<WithdrawForm>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let family = family_of(&guard, &child)?;
    // A form that names no note takes nothing back.
    let Some(id) = read(&form.0.note) else { return Ok(to(family.child, "")) };
    service::take_back(&site.db, &guard.ctx, family, id, t.day_of(guard.ctx.now())).await?;
    Ok(to(family.child, "withdrawn"))
}

/// Back to the page, which says what was done.
pub(super) fn to(child: PersonId, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/my/{child}/absence?done={done}"))).finish()
}

/// A child of the guardian; anybody else is not there.
pub(super) fn family_of(guard: &MyGuard, child: &str) -> kernel::Result<Family> {
    let child: PersonId = child.parse().map_err(|_| Error::NotFound)?;
    let own = guard.identity.children.iter().find(|own| own.person == child).ok_or(Error::NotFound)?;
    Ok(Family { school: own.school, child, guardian: guard.identity.person })
}

pub(super) async fn render(req: &HttpRequest, guard: &MyGuard, family: Family, shown: Shown) -> Answer {
    let Shown { typed, wrong, at, done } = shown;
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let today = t.day_of(guard.ctx.now());
    let notes = service::own(&site.db, &guard.ctx, family, today).await?;
    trail::read(req, &guard.ctx, Sight::of_children("safety.see_own_absences", &[Child { school: family.school, person: family.child }])).await?;
    let known = identity::consents::children(site, &guard.ctx, &guard.identity).await?;
    let name = known.into_iter().find(|child| child.person == family.child).map(|child| child.name).unwrap_or_default();
    let file_error = wrong.iter().find(|wrong| wrong.field == "file").map(|wrong| t.text(wrong.message));
    let typed = Typed { from: if typed.from.is_empty() && (wrong.is_empty() || at.is_some()) { today.to_string() } else { typed.from }, ..typed };
    let view = OwnPage {
        csrf: csrf::field(req),
        child: (name, format!("/my/{}", family.child)),
        here: format!("/my/{}/absence", family.child),
        // What was refused keeps its id: sent again with its mistake mended it is the same note.
        id: read(&typed.id).map_or_else(|| show(guard.ctx.id()), |_| typed.id.clone()),
        done: done.map(|done| t.text(format!("absences-done-{done}"))),
        failed: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        fields: view::fields(&t, &typed, &wrong),
        takes_documents: vault_of(req).is_some(),
        notes: notes.iter().map(|note| line(&t, note, today, file_error.clone().filter(|_| at == Some(note.id)))).collect(),
        file_error: file_error.filter(|_| at.is_none()),
        progress: UploadProgress::new(&t),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("absences-my-title")).narrow().status(status).respond(req, &view)
}

fn line(t: &Texts<'_>, note: &Note, today: jiff::civil::Date, file_error: Option<String>) -> Line {
    Line {
        id: show(note.id),
        days: view::days(t, note),
        reason: view::reason(t, &note.reason),
        words: note.words.clone(),
        said: t.with(format!("absences-said-{}", note.way), (("name", note.sayer.as_str()), ("at", t.moment(note.said_at)))),
        state: view::state(t, note, today),
        document: note.document_at.map(|at| (format!("/my/{}/absence/document?note={}", note.child_id, show(note.id)), t.moment(at))),
        holds: note.withdrawn_at.is_none(),
        file_error,
        can_withdraw: note.withdrawn_at.is_none() && rules::may_take_back(Way::Page, note.from_day, today),
    }
}
