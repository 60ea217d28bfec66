//! `/my/announcements/{id}`: what the school announced, and "I have read it".

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    MyGuard,
    trail::{self, Sight},
};
use kernel::{
    Error, Locale,
    id::{Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Moment,
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{service, store::Letter};

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/announcements/{id}", get().to(show)).route("/my/announcements/{id}", post().to(confirm));
}

/// A form with nothing but its button.
#[derive(Debug, Deserialize)]
struct Pressed {}

#[derive(Template)]
#[template(path = "my_announcement.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    path: String,
    title: &'a str,
    paragraphs: Vec<&'a str>,
    /// Whose language the text is in, for who reads it aloud.
    lang: &'static str,
    is_urgent: bool,
    sent: Option<Moment>,
    confirmed: Option<Moment>,
}

async fn show(req: HttpRequest, guard: MyGuard, path: Path<String>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let id = id_of(&path)?;
    let letter = service::letter(&site.db, &guard.ctx, id).await?;
    trail::read(&req, &guard.ctx, Sight::of_children("delivery.see_inbox", &guard.identity.children)).await?;
    let (title, text, lang) = in_language(&letter, t.locale());
    let view = View {
        csrf: csrf::field(&req),
        path: format!("/my/announcements/{}", show_id(id)),
        title,
        paragraphs: text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect(),
        lang,
        is_urgent: letter.urgency == "alarm",
        sent: letter.sent_at.map(|at| Moment::full(&t, at)),
        confirmed: letter.confirmed_at.map(|at| Moment::full(&t, at)),
        t: t.clone(),
    };
    Page::new(title).narrow().respond(&req, &view)
}

/// A school writes in two languages; who reads in a third gets the Russian text.
fn in_language(letter: &Letter, locale: Locale) -> (&str, &str, &'static str) {
    match locale {
        Locale::Kk => (&letter.title_kk, &letter.text_kk, "kk"),
        Locale::Ru | Locale::En => (&letter.title_ru, &letter.text_ru, "ru"),
    }
}

async fn confirm(req: HttpRequest, guard: MyGuard, path: Path<String>, _form: Posted<Pressed>) -> Answer {
    let id = id_of(&path)?;
    service::confirm(&Site::of(&req)?.db, &guard.ctx, id).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/my/announcements/{}", show_id(id)))).finish())
}

fn id_of(path: &str) -> Result<Uuid, Error> {
    read(path).ok_or(Error::NotFound)
}
