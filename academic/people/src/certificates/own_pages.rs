//! `/my/{child}/documents`: what the school has for the family to take; `/my/{child}/documents/{id}`: one certificate, on a page and as PDF.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Child, MyGuard, School,
    factors::Picture,
    schools,
    trail::{self, Sight},
};
use kernel::{
    Error,
    id::{PersonId, read, show},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{StatusDot, Tone},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    paper::{self, Sheet},
    service::{self, Family},
    store::Certificate,
};
use crate::{
    movement::{BookLine, sentence},
    years::short,
};

/// The routes of a guardian.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/{child:[0-9a-zA-Z]{26}}/documents", get().to(list))
        .route("/my/{child:[0-9a-zA-Z]{26}}/documents", post().to(issue))
        .route("/my/{child:[0-9a-zA-Z]{26}}/documents/{id}", get().to(show_one))
        .route("/my/{child:[0-9a-zA-Z]{26}}/documents/{id}/certificate.pdf", get().to(file));
}

/// A form with nothing but its button.
#[derive(Debug, Deserialize)]
struct Pressed {}

#[derive(Debug, Deserialize)]
struct InLanguage {
    #[serde(default)]
    language: String,
}

#[derive(Template)]
#[template(path = "documents_my.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    /// The child's name, and their page.
    child: (String, String),
    here: String,
    learns_here: bool,
    certificates: Vec<Line>,
    orders: Vec<OrderLine>,
}

struct Line {
    href: String,
    title: String,
    state: StatusDot,
}

struct OrderLine {
    title: String,
    says: String,
}

#[derive(Template)]
#[template(path = "certificate_my.html")]
struct OnePage<'a> {
    t: Texts<'a>,
    list: String,
    title: String,
    files: Vec<(String, String)>,
    sheets: Vec<Sheet>,
    picture: Picture,
}

async fn list(req: HttpRequest, guard: MyGuard, child: Path<String>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let family = family_of(&guard, &child)?;
    let documents = service::documents(&site.db, &guard.ctx, family, t.day_of(guard.ctx.now())).await?;
    trail::read(&req, &guard.ctx, Sight::of_children("people.see_own_documents", &[Child { school: family.school, person: family.child }])).await?;
    let known = identity::consents::children(site, &guard.ctx, &guard.identity).await?;
    let name = known.into_iter().find(|child| child.person == family.child).map(|child| child.name).unwrap_or_default();
    let here = format!("/my/{}/documents", family.child);
    let view = ListPage {
        csrf: csrf::field(&req),
        child: (name, format!("/my/{}", family.child)),
        learns_here: documents.learns_here,
        certificates: documents.certificates.iter().map(|certificate| Line { href: paper::below(&here, certificate), title: title(&t, certificate), state: state(&t, certificate) }).collect(),
        orders: documents.orders.iter().filter_map(|line| order_line(&t, line)).collect(),
        here,
        t: t.clone(),
    };
    Page::new(t.text("certificates-documents")).narrow().respond(&req, &view)
}

fn order_line(t: &Texts<'_>, line: &BookLine) -> Option<OrderLine> {
    let (number, dated) = (line.order_number?, line.order_dated?);
    let title = t.with("orders-number-of", (("number", number.to_string()), ("date", short(dated))));
    Some(OrderLine { title, says: format!("{} ({})", sentence(t, line), short(line.on_date)) })
}

async fn issue(req: HttpRequest, guard: MyGuard, child: Path<String>, _form: Posted<Pressed>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let family = family_of(&guard, &child)?;
    let id = service::issue(&site.db, &guard.ctx, family, t.day_of(guard.ctx.now())).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/my/{}/documents/{}", family.child, show(id)))).finish())
}

async fn show_one(req: HttpRequest, guard: MyGuard, path: Path<(String, String)>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let (family, school, certificate) = own(&req, &guard, &path).await?;
    let list = format!("/my/{}/documents", family.child);
    let view = OnePage {
        title: title(&t, &certificate),
        files: paper::files(&req, &t, &paper::below(&list, &certificate)),
        sheets: paper::languages(t.locale()).map(|locale| paper::sheet(site, &school, &certificate, locale)).into(),
        picture: paper::check_picture(site, &certificate, t.text("certificates-picture"))?,
        list,
        t: t.clone(),
    };
    Page::new(view.title.clone()).narrow().respond(&req, &view)
}

async fn file(req: HttpRequest, guard: MyGuard, path: Path<(String, String)>, query: Asked<InLanguage>) -> Answer {
    let (_, school, certificate) = own(&req, &guard, &path).await?;
    paper::respond(&req, &school, &certificate, &query.language).await
}

/// A certificate of the guardian's child, its look written down.
async fn own(req: &HttpRequest, guard: &MyGuard, path: &(String, String)) -> kernel::Result<(Family, School, Certificate)> {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let family = family_of(guard, &path.0)?;
    let id = read(&path.1).ok_or(Error::NotFound)?;
    let certificate = service::own(&site.db, &guard.ctx, family, id, t.day_of(guard.ctx.now())).await?;
    trail::read(req, &guard.ctx, Sight::of_children("people.see_own_documents", &[Child { school: family.school, person: family.child }])).await?;
    let school = schools::by_id(site, family.school).await?.ok_or(Error::NotFound)?;
    Ok((family, school, certificate))
}

/// `№ 12, 26.11.2026`.
pub(super) fn title(t: &Texts<'_>, certificate: &Certificate) -> String {
    t.with("certificates-title-of", (("number", certificate.number.to_string()), ("date", short(certificate.dated))))
}

/// Whether it holds.
pub(super) fn state(t: &Texts<'_>, certificate: &Certificate) -> StatusDot {
    match certificate.revoked_at {
        None => StatusDot { tone: Tone::Ok, text: t.text("certificates-is-valid") },
        Some(_) => StatusDot { tone: Tone::Bad, text: t.text("certificates-is-revoked") },
    }
}

/// A child of the guardian; anybody else is not there.
fn family_of(guard: &MyGuard, child: &str) -> kernel::Result<Family> {
    let child: PersonId = child.parse().map_err(|_| Error::NotFound)?;
    let own = guard.identity.children.iter().find(|own| own.person == child).ok_or(Error::NotFound)?;
    Ok(Family { school: own.school, child, guardian: guard.identity.person })
}
