//! `/{school}/imports`: the lists that were brought in, and the form that takes a new one.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, block, get, post},
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
use web::{
    Answer, Page, Site, Texts,
    component::{Moment, Paging},
    csrf::{self, CsrfField},
    form::Asked,
    upload::Sent,
    xlsx::{self, Cell, Heading, List},
};

use super::{
    BringIn,
    book::{self, LINES_MOST},
    export::COLUMNS,
    judging::Desk,
    service,
    store::Import,
};

/// How many lists a page shows.
const PAGE: usize = 20;

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/imports", get().to(list)).route("/{school}/imports", post().to(take)).route("/{school}/imports-sample.xlsx", get().to(sample));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    after: Option<String>,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct TakeForm {
    #[serde(default)]
    kind: String,
}

#[derive(Template)]
#[template(path = "imports.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    path: String,
    register: String,
    sample: String,
    done: Option<String>,
    of_staff: bool,
    error: Option<String>,
    most: String,
    lines: Vec<Line>,
    paging: Paging,
}

struct Line {
    href: String,
    name: String,
    kind: String,
    at: Moment,
    state: String,
    tone: &'static str,
}

/// Who acts, and where.
pub(super) fn desk<'a>(req: &'a HttpRequest, guard: &'a Guard<BringIn>) -> kernel::Result<Desk<'a>> {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    Ok(Desk { site, ctx: &guard.ctx, identity: &guard.identity, policy: Policy::of(req), school: guard.school()?.id, today: t.day_of(guard.ctx.now()) })
}

async fn list(req: HttpRequest, guard: Guard<BringIn>, query: Asked<ListQuery>) -> Answer {
    render(&req, &guard, &query, &TakeForm::default(), None).await
}

async fn take(req: HttpRequest, guard: Guard<BringIn>, mut sent: Sent<TakeForm>) -> Answer {
    let (desk, school) = (desk(&req, &guard)?, guard.school()?);
    let kind = if sent.fields.kind == "staff" { "staff" } else { "pupils" };
    let read = match sent.raw() {
        Ok((name, bytes)) => {
            // A file that breaks its reader is a broken file.
            let book = block(move || book::read(&bytes)).await.unwrap_or(Err(book::Unreadable::Broken));
            book.map(|book| (name, book)).map_err(book::Unreadable::message)
        }
        Err(Error::Invalid(wrong)) => Err(wrong.first().map_or("upload-nothing", |field| field.message)),
        Err(other) => return Err(other.into()),
    };
    match read {
        Ok((name, book)) => {
            let id = service::take(&desk, kind, &name, book).await?;
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/imports/{}/columns", school.code, show_id(id)))).finish())
        }
        Err(message) => render(&req, &guard, &ListQuery { after: None, done: None }, &sent.fields, Some(message)).await,
    }
}

async fn render(req: &HttpRequest, guard: &Guard<BringIn>, query: &ListQuery, typed: &TakeForm, error: Option<&'static str>) -> Answer {
    let (t, school, desk) = (web::page::texts(req)?, guard.school()?, desk(req, guard)?);
    let after: Option<Uuid> = query.after.as_deref().and_then(read);
    let mut imports = service::imports(&desk, after, PAGE + 1).await?;
    let more = imports.len() > PAGE;
    imports.truncate(PAGE);
    let next = imports.last().filter(|_| more).map(|import| show_id(import.id));
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.list_imports", Whose::Nobody)]).await?;
    let path = format!("/{}/imports", school.code);
    let view = View {
        csrf: csrf::field(req),
        school_name: school.name(t.locale()),
        register: format!("/{}/register.xlsx", school.code),
        sample: format!("/{}/imports-sample.xlsx", school.code),
        done: query.done.as_deref().and_then(|done| ["discarded", "oneroster"].into_iter().find(|known| *known == done)).map(|done| t.text(format!("imports-{done}"))),
        of_staff: typed.kind == "staff",
        error: error.map(|error| t.text(error)),
        most: t.with("imports-file-hint", (("lines", i64::try_from(LINES_MOST).unwrap_or_default()),)),
        lines: imports.iter().map(|import| line(&t, &path, import)).collect(),
        paging: Paging::of(&t, &path, query.after.as_deref(), next.as_deref()),
        path,
        t: t.clone(),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("imports-title")).status(status).respond(req, &view)
}

fn line(t: &Texts<'_>, path: &str, import: &Import) -> Line {
    let home = format!("{path}/{}", show_id(import.id));
    let tone = match import.state.as_str() {
        "done" => "sh-ok",
        "running" | "undoing" | "mapped" | "read" => "sh-warn",
        _ => "sh-unknown",
    };
    Line {
        href: if import.state == "read" { format!("{home}/columns") } else { home },
        name: if import.file_name.is_empty() { t.text("imports-nameless") } else { import.file_name.clone() },
        kind: t.text(format!("imports-kind-{}", service::kind_of(import))),
        at: Moment::full(t, import.created_at),
        state: t.text(format!("imports-state-{}", import.state)),
        tone,
    }
}

/// The form of a list as the register goes out, with nobody in it.
async fn sample(req: HttpRequest, guard: Guard<BringIn>) -> Answer {
    let (t, school) = (web::page::texts(&req)?, guard.school()?);
    let headings = COLUMNS.iter().map(|(key, width)| Heading { text: t.text(format!("imports-field-{key}")), width: *width }).collect();
    let rows: Vec<Vec<Cell>> = Vec::new();
    xlsx::respond(List { file: format!("{}-pupils", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}
