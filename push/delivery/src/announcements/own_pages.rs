//! `/my/announcements/{id}`: what the school announced, with its files, and "I have read it".

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
    audit::Whose,
    id::{Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Moment,
    csrf::{self, CsrfField},
    download,
    form::Posted,
};

use super::{
    service::{self, attachments},
    store::Letter,
    view::{FileLine, file_line},
};
use crate::Own;

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/announcements/{id}", get().to(show)).route("/my/announcements/{id}", post().to(confirm)).route("/my/announcements/{id}/files/{file}", get().to(file));
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
    files: Vec<FileLine>,
    sent: Option<Moment>,
    confirmed: Option<Moment>,
}

async fn show(req: HttpRequest, guard: MyGuard, path: Path<String>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let id = id_of(&path)?;
    let own = Own::of(&guard);
    let (letter, files) = service::letter(&site.db, &own, id).await?;
    trail::read(&req, &own.ctx, Sight::of_children("delivery.see_inbox", &own.of)).await?;
    let path = format!("/my/announcements/{}", show_id(id));
    let (title, text, lang) = in_language(&letter, t.locale());
    let view = View {
        csrf: csrf::field(&req),
        files: files.iter().map(|file| file_line(&t, &path, file)).collect(),
        path,
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
    service::confirm(&Site::of(&req)?.db, &Own::of(&guard), id).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/my/announcements/{}", show_id(id)))).finish())
}

async fn file(req: HttpRequest, guard: MyGuard, path: Path<(String, String)>) -> Answer {
    let (site, own) = (Site::of(&req)?, Own::of(&guard));
    let out = attachments::of_letter(&site.db, &own, id_of(&path.0)?, id_of(&path.1)?).await?;
    trail::read(&req, &own.ctx, [Sight::of(out.school, "delivery.fetch_attachment", Whose::Nobody)]).await?;
    Ok(download::respond(&site.db, out.school, out.kept, &out.name))
}

fn id_of(path: &str) -> Result<Uuid, Error> {
    read(path).ok_or(Error::NotFound)
}
