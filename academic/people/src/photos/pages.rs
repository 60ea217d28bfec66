//! `/{school}/pupils/{id}/photo`: the picture itself, its form, and its removal.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard, Guard,
    trail::{self, Sight},
};
use kernel::{Error, audit::Whose, id::PersonId};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    download,
    form::Posted,
    upload::{Sent, Sizes},
};

use super::{
    KeepPhotos, SeePhotos,
    service::{self, Photo, Standing},
};

/// As it is opened, and as lists show it.
const SIZES: Sizes = Sizes { full: 1024, small: 160 };

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/photo", get().to(full))
        .route("/{school}/pupils/{id}/photo-small", get().to(small))
        .route("/{school}/pupils/{id}/photo-form", get().to(form))
        .route("/{school}/pupils/{id}/photo-form", post().to(put))
        .route("/{school}/pupils/{id}/photo-remove", post().to(remove));
}

#[derive(Template)]
#[template(path = "photo_form.html")]
struct FormPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    pupil: String,
    name: String,
    has_photo: bool,
    allowed: bool,
    error: Option<String>,
}

async fn full(req: HttpRequest, guard: ClassGuard<SeePhotos>, path: Path<(String, String)>) -> Answer {
    let (site, school, pupil) = (Site::of(&req)?, guard.school()?, pupil_of(&path.1)?);
    let kept = service::find(&site.db, &guard.ctx, school.id, pupil, Photo::Full).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_photo_full", Whose::person(pupil))]).await?;
    Ok(download::respond(&site.db, school.id, kept, "photo"))
}

async fn small(req: HttpRequest, guard: ClassGuard<SeePhotos>, path: Path<(String, String)>) -> Answer {
    let (site, school, pupil) = (Site::of(&req)?, guard.school()?, pupil_of(&path.1)?);
    let kept = service::find(&site.db, &guard.ctx, school.id, pupil, Photo::Small).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_photo_small", Whose::person(pupil))]).await?;
    Ok(download::respond(&site.db, school.id, kept, "photo"))
}

async fn form(req: HttpRequest, guard: Guard<KeepPhotos>, path: Path<(String, String)>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    let standing = service::standing(&site.db, &guard.ctx, school.id, pupil, t.day_of(guard.ctx.now())).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_photo_form", Whose::person(pupil))]).await?;
    let page = page(&req, &t, &school.code, pupil, standing, None);
    Page::new(page.name.clone()).narrow().respond(&req, &page)
}

fn page<'a>(req: &HttpRequest, t: &Texts<'a>, code: &str, pupil: PersonId, standing: Standing, error: Option<&'static str>) -> FormPage<'a> {
    let Standing { name, has_photo, allowed } = standing;
    FormPage { csrf: csrf::field(req), pupil: format!("/{code}/pupils/{pupil}"), name, has_photo, allowed, error: error.map(|key| t.text(key)), t: t.clone() }
}

async fn put(req: HttpRequest, guard: Guard<KeepPhotos>, path: Path<(String, String)>, sent: Sent<HashMap<String, String>>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    let (today, mut sent) = (t.day_of(guard.ctx.now()), sent);
    // First, whether the pupil is this school's at all: a stranger is not there, whatever the form says.
    let standing = service::standing(&site.db, &guard.ctx, school.id, pupil, today).await?;
    let kept = match sent.picture(SIZES).await {
        Ok(picture) => service::put(&site.db, &guard.ctx, school.id, pupil, &picture, today).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/pupils/{pupil}", school.code))).finish()),
        Err(Error::Invalid(wrong)) => {
            let page = page(&req, &t, &school.code, pupil, standing, wrong.first().map(|field| field.message));
            Page::new(page.name.clone()).narrow().status(StatusCode::UNPROCESSABLE_ENTITY).respond(&req, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// A form that asks for nothing.
#[derive(Debug, Deserialize)]
struct NoFields {}

async fn remove(req: HttpRequest, guard: Guard<KeepPhotos>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let (site, school, pupil) = (Site::of(&req)?, guard.school()?, pupil_of(&path.1)?);
    service::remove(&site.db, &guard.ctx, school.id, pupil).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/pupils/{pupil}", school.code))).finish())
}

fn pupil_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}
