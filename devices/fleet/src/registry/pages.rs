//! `/support/devices/new`, and what is done to the entry of a device.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::Guard;
use kernel::{
    Error,
    error::FieldError,
    id::{DeviceId, SchoolId},
};
use people::organisation::{self, Organisation};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Field,
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{Kind, NewDevice, RegisterDevices, Registration, service};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/devices/new", get().to(new_form))
        .route("/support/devices/new", post().to(register))
        .route("/support/devices/{id}/name", post().to(rename))
        .route("/support/devices/{id}/password", post().to(renew_password))
        .route("/support/devices/{id}/retire", post().to(retire));
}

#[derive(Debug, Default, Deserialize)]
struct NewForm {
    /// The id that the device will have: a form sent twice registers once.
    #[serde(default)]
    id: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    place: String,
}

#[derive(Debug, Deserialize)]
struct NameForm {
    name: String,
    #[serde(default)]
    place: String,
}

#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "device_new.html")]
struct NewPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    form: NewForm,
    schools: Vec<Organisation>,
    kinds: [Kind; 6],
    school_error: Option<String>,
    kind_error: Option<String>,
    place_error: Option<String>,
    name: Field,
}

#[derive(Template)]
#[template(path = "device_password.html")]
struct PasswordPage<'a> {
    t: Texts<'a>,
    registration: Registration,
}

async fn new_form(req: HttpRequest, guard: Guard<RegisterDevices>) -> Answer {
    let form = NewForm { id: guard.ctx.id::<DeviceId>().to_string(), ..NewForm::default() };
    show_form(&req, &guard, form, &[]).await
}

async fn register(req: HttpRequest, guard: Guard<RegisterDevices>, form: Posted<NewForm>) -> Answer {
    let (site, form) = (Site::of(&req)?, form.0);
    let device = NewDevice::parse(&form.kind, &form.name, &form.place);
    let school: Result<SchoolId, _> = form.school.parse().map_err(|_| FieldError { field: "school", message: "fleet-field-school-missing" });
    let (device, school) = match (device, school) {
        (Ok(device), Ok(school)) => (device, school),
        (device, school) => {
            let mut wrong: Vec<FieldError> = school.err().into_iter().collect();
            match device {
                Err(Error::Invalid(fields)) => wrong.extend(fields),
                Err(other) => return Err(other.into()),
                Ok(_) => {}
            }
            return show_form(&req, &guard, form, &wrong).await;
        }
    };
    let id = form.id.parse().unwrap_or_else(|_| guard.ctx.id());
    match service::register(&site.db, &guard.ctx, school, id, device).await {
        Ok(registration) => show_password(&req, registration),
        Err(Error::Refused("fleet.already_registered")) => Ok(to_device(id)),
        Err(other) => Err(other.into()),
    }
}

async fn rename(req: HttpRequest, guard: Guard<RegisterDevices>, path: Path<String>, form: Posted<NameForm>) -> Answer {
    let id = device_of(&path)?;
    // The kind stays; what is checked is the rest.
    let device = NewDevice::parse(Kind::Link.as_str(), &form.0.name, &form.0.place)?;
    service::rename(&Site::of(&req)?.db, &guard.ctx, id, device).await?;
    Ok(to_device(id))
}

async fn renew_password(req: HttpRequest, guard: Guard<RegisterDevices>, path: Path<String>, _form: Posted<NoFields>) -> Answer {
    let registration = service::renew_password(&Site::of(&req)?.db, &guard.ctx, device_of(&path)?).await?;
    show_password(&req, registration)
}

async fn retire(req: HttpRequest, guard: Guard<RegisterDevices>, path: Path<String>, _form: Posted<NoFields>) -> Answer {
    let id = device_of(&path)?;
    service::retire(&Site::of(&req)?.db, &guard.ctx, id).await?;
    Ok(to_device(id))
}

async fn show_form(req: &HttpRequest, guard: &Guard<RegisterDevices>, form: NewForm, wrong: &[FieldError]) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let schools = site.db.run(&guard.ctx.scope, async |tx| organisation::schools(tx).await).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let name = Field {
        name: "name",
        kind: "text",
        label: t.text("fleet-name"),
        value: form.name.clone(),
        hint: Some(t.text("fleet-name-hint")),
        error: error("name"),
        autocomplete: Some("off"),
    };
    let view = NewPage {
        csrf: csrf::field(req),
        school_error: error("school"),
        kind_error: error("kind"),
        place_error: error("place"),
        name,
        kinds: Kind::ALL,
        form,
        schools,
        t,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.t.text("fleet-new-title")).narrow().status(status).respond(req, &view)
}

fn show_password(req: &HttpRequest, registration: Registration) -> Answer {
    let view = PasswordPage { t: web::page::texts(req)?, registration };
    Page::new(view.t.text("fleet-password-title")).narrow().respond(req, &view)
}

fn device_of(path: &str) -> kernel::Result<DeviceId> {
    path.parse().map_err(|_| Error::NotFound)
}

fn to_device(id: DeviceId) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/support/devices/{id}"))).finish()
}
