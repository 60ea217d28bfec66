//! `/{school}/certificates`: which certificates families took; `/{school}/certificates/{id}`: one of them, and its revocation.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    factors::Picture,
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
        Address, DataColumn, DataTable, Empty, FormField, Icon, Need, Paging,
        table::{Cell, Filter, Row},
    },
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    RevokeCertificate, SeeCertificates,
    own_pages::{state, title},
    paper::{self, Sheet},
    rules, service,
    store::Certificate,
};

/// The routes of the office.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/certificates", get().to(list))
        .route("/{school}/certificates/{id}", get().to(show_one))
        .route("/{school}/certificates/{id}/revoke", post().to(revoke))
        .route("/{school}/certificates/{id}/certificate.pdf", get().to(file));
}

#[derive(Debug, Deserialize)]
struct WhyForm {
    #[serde(default)]
    why: String,
}

#[derive(Debug, Deserialize)]
struct InLanguage {
    #[serde(default)]
    language: String,
}

#[derive(Template)]
#[template(path = "certificates.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    table: DataTable<'a>,
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct OnePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    title: String,
    files: Vec<(String, String)>,
    /// That it was revoked, and why.
    revoked: Option<(String, String)>,
    /// Who took it, and when.
    taken: String,
    sheets: Vec<Sheet>,
    picture: Picture,
    /// Where it is revoked, for who may.
    why: Option<FormField>,
}

async fn list(req: HttpRequest, guard: Guard<SeeCertificates>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let address = Address::of(&req);
    let state = ["valid", "revoked"].into_iter().find(|state| *state == address.get("state")).unwrap_or_default();
    let words: String = address.get("q").trim().chars().take(100).collect();
    let (found, next) = service::list(&site.db, &guard.ctx, school.id, state, &words, read(address.get("after"))).await?;
    let sight = Sight::of(school.id, "people.list_certificates", Whose::persons(found.iter().map(|one| one.pupil_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "state": state, "searched": !words.is_empty() }))]).await?;
    let view = ListPage { school_name: school.name(t.locale()), table: table(&t, &req, address, &found, next), t };
    Page::new(view.t.text("certificates-title")).respond(&req, &view)
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, address: Address, found: &[Certificate], next: Option<Uuid>) -> DataTable<'a> {
    let after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), after, next.map(show).as_deref());
    let (path, is_asked) = (address.path().to_owned(), !address.query().is_empty());
    let empty = Empty {
        icon: Icon("copy"),
        title: t.text("certificates-none-title"),
        body: t.text(if is_asked { "certificates-none-found" } else { "certificates-none-body" }),
        action: is_asked.then(|| (path.clone(), t.text("certificates-show-all"))),
    };
    let states = ["valid", "revoked"].map(|state| (state.to_owned(), t.text(format!("certificates-is-{state}")))).into();
    DataTable::new(t.clone(), req, "certificates", t.text("certificates-title"), address)
        .search(t.text("certificates-find"))
        .filters(vec![Filter { name: "state", label: t.text("certificates-state"), all: t.text("certificates-state-all"), options: states }])
        .columns(
            vec![
                DataColumn::text("number", t.text("certificates-which")).always(),
                DataColumn::text("pupil", t.text("certificates-paper-pupil")).always(),
                DataColumn::text("asker", t.text("certificates-asker")),
                DataColumn::text("state", t.text("certificates-state")),
            ],
            None,
        )
        .rows(found.iter().map(|one| row(t, &path, one)).collect())
        .paging(paging)
        .empty(empty)
}

fn row(t: &Texts<'_>, path: &str, one: &Certificate) -> Row {
    Row {
        id: show(one.id),
        name: title(t, one),
        cells: vec![
            Cell::Title { href: paper::below(path, one), text: title(t, one), note: None },
            Cell::Text(format!("{} {}, {}", one.surname, one.given_name, one.class_label)),
            one.asker.clone().map_or(Cell::Nothing, Cell::Text),
            Cell::Dot(state(t, one)),
        ],
        actions: Vec::new(),
    }
}

async fn show_one(req: HttpRequest, guard: Guard<SeeCertificates>, path: Path<(String, String)>) -> Answer {
    let certificate = seen(&req, &guard, &path.1).await?;
    render(&req, &guard, &certificate, "", &[])
}

async fn revoke(req: HttpRequest, guard: Guard<RevokeCertificate>, path: Path<(String, String)>, form: Posted<WhyForm>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id = read(&path.1).ok_or(Error::NotFound)?;
    let done = match rules::reason(&form.0.why) {
        Ok(why) => service::revoke(&site.db, &guard.ctx, school.id, id, why).await,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/certificates/{}", school.code, show(id)))).finish()),
        Err(Error::Invalid(wrong)) => {
            let certificate = seen(&req, &guard, &path.1).await?;
            render(&req, &guard, &certificate, &form.0.why, &wrong)
        }
        Err(other) => Err(other.into()),
    }
}

async fn file(req: HttpRequest, guard: Guard<SeeCertificates>, path: Path<(String, String)>, query: Asked<InLanguage>) -> Answer {
    let certificate = seen(&req, &guard, &path.1).await?;
    paper::respond(&req, guard.school()?, &certificate, &query.language).await
}

/// A certificate of the school, its look written down.
async fn seen<P: kernel::right::Permission>(req: &HttpRequest, guard: &Guard<P>, id: &str) -> kernel::Result<Certificate> {
    let (site, school) = (Site::of(req)?, guard.school()?);
    let certificate = service::of_school(&site.db, &guard.ctx, school.id, read(id).ok_or(Error::NotFound)?).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_certificate", Whose::person(certificate.pupil_id))]).await?;
    Ok(certificate)
}

fn render<P: kernel::right::Permission>(req: &HttpRequest, guard: &Guard<P>, certificate: &Certificate, typed: &str, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let list = format!("/{}/certificates", school.code);
    let here = paper::below(&list, certificate);
    let may_revoke = certificate.revoked_at.is_none() && guard.ctx.require::<RevokeCertificate>().is_ok();
    let why = || FormField::area("why", t.text("certificates-why"), Need::Required, 2).value(typed).hint(t.text("certificates-why-hint")).error_in(wrong, &t);
    let view = OnePage {
        csrf: csrf::field(req),
        title: title(&t, certificate),
        files: paper::files(req, &t, &here),
        revoked: certificate.revoked_at.zip(certificate.revoked_why.clone()).map(|(at, why)| (t.with("certificates-revoked-on", [("date", t.date(at))]), why)),
        taken: t.with("certificates-taken", (("name", certificate.asker.clone().unwrap_or_default()), ("at", t.moment(certificate.issued_at)))),
        sheets: paper::languages(t.locale()).map(|locale| paper::sheet(site, school, certificate, locale)).into(),
        picture: paper::check_picture(site, certificate, t.text("certificates-picture"))?,
        why: may_revoke.then(why),
        list,
        here,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}
