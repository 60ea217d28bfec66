//! `/{school}/pupils/{id}/transfer` releases a pupil with a slip; `/{school}/transfers` accepts one by its code.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{ClassId, PersonId},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    rules::{Code, Reason},
    service::{self, open_slip},
};
use crate::{
    classes,
    inputs::{Input, Kind, Need},
    movement,
    pupils::{EnrolPupils, full_name},
    years::short,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/transfer", get().to(show))
        .route("/{school}/pupils/{id}/transfer", post().to(release))
        .route("/{school}/pupils/{id}/transfer/cancel", post().to(cancel))
        .route("/{school}/transfers", get().to(list))
        .route("/{school}/transfers", post().to(accept));
}

#[derive(Debug, Default, Deserialize)]
struct ReleaseForm {
    #[serde(default)]
    to: String,
    #[serde(default)]
    transfer_reason: String,
}

#[derive(Debug, Default, Deserialize)]
struct AcceptForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    class: String,
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "transfer.html")]
struct ReleasePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    name: String,
    back: String,
    path: String,
    done: Option<String>,
    /// What is said of the slip that is open.
    slip: Option<String>,
    /// The code, right after the release and never again: who, the code, until when.
    code: Option<(String, String)>,
    school_name: &'a str,
    inputs: Vec<Input>,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "transfers.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    path: String,
    slips: Vec<(String, String)>,
    inputs: Vec<Input>,
}

async fn show(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let done = query.done.as_deref().filter(|done| *done == "cancelled");
    render(&req, &guard, pupil_of(&path.1)?, &ReleaseForm::default(), done, None, &[]).await
}

async fn release(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>, form: Posted<ReleaseForm>) -> Answer {
    let (site, t, school, pupil, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?, form.0);
    movement::known(&site.db, &guard.ctx, school.id, pupil).await?;
    let Some(reason) = Reason::parse(&typed.transfer_reason) else {
        return render(&req, &guard, pupil, &typed, None, None, &[FieldError { field: "transfer_reason", message: "movement-field-reason" }]).await;
    };
    match service::release(&site.db, &guard.ctx, school.id, pupil, &typed.to, reason, t.day_of(guard.ctx.now())).await {
        Ok((code, last)) => {
            let said = t.with("transfers-code-until", [("date", short(last))]);
            render(&req, &guard, pupil, &ReleaseForm::default(), None, Some((code.printed(), said)), &[]).await
        }
        Err(Error::Invalid(wrong)) => render(&req, &guard, pupil, &typed, None, None, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn cancel(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>) -> Answer {
    let (site, school, pupil) = (Site::of(&req)?, guard.school()?, pupil_of(&path.1)?);
    movement::known(&site.db, &guard.ctx, school.id, pupil).await?;
    service::cancel(&site.db, &guard.ctx, school.id, pupil).await?;
    Ok(back(format!("/{}/pupils/{pupil}/transfer?done=cancelled", school.code)))
}

async fn render(req: &HttpRequest, guard: &Guard<EnrolPupils>, pupil: PersonId, typed: &ReleaseForm, done: Option<&str>, code: Option<(String, String)>, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let known = movement::known(&site.db, &guard.ctx, school.id, pupil).await?;
    let slip = site.db.run(&guard.ctx.scope, async |tx| open_slip(tx, school.id, pupil).await).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_transfer", Whose::person(pupil))]).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let reasons = std::iter::once((String::new(), t.text("movement-choose"))).chain(Reason::ALL.map(|reason| (reason.as_str().to_owned(), t.text(format!("transfers-reason-{}", reason.as_str())))));
    let home = format!("/{}/pupils/{pupil}", school.code);
    let view = ReleasePage {
        csrf: csrf::field(req),
        name: full_name(&known.surname, &known.given_name, known.patronymic.as_deref()),
        back: format!("{home}/movement"),
        path: format!("{home}/transfer"),
        done: done.map(|_| t.text("transfers-done-cancelled")),
        slip: slip.as_ref().map(|slip| t.with("transfers-open-to", (("school", slip.school(t.locale()).to_owned()), ("date", short(slip.valid_until))))),
        code,
        school_name: school.name(t.locale()),
        inputs: vec![
            Input { error: error("to"), ..Input::new("to", t.text("transfers-to"), typed.to.clone(), Kind::Line(20), Need::Required) }.hinted(t.text("transfers-to-hint")),
            Input { error: error("transfer_reason"), ..Input::new("transfer_reason", t.text("movement-reason"), typed.transfer_reason.clone(), Kind::Choice(reasons.collect()), Need::Required) },
        ],
        is_here: known.class_id.is_some(),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("transfers-release-title")).narrow().status(status).respond(req, &view)
}

async fn list(req: HttpRequest, guard: Guard<EnrolPupils>) -> Answer {
    render_list(&req, &guard, &AcceptForm::default(), &[]).await
}

async fn accept(req: HttpRequest, guard: Guard<EnrolPupils>, form: Posted<AcceptForm>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    let mut wrong = Vec::new();
    let (code, class) = (Code::read(&typed.code), typed.class.parse::<ClassId>().ok());
    if code.is_none() {
        wrong.push(FieldError { field: "code", message: "transfers-field-code" });
    }
    if class.is_none() {
        wrong.push(FieldError { field: "class", message: "people-field-class" });
    }
    let (Some(code), Some(class)) = (code, class) else { return render_list(&req, &guard, &typed, &wrong).await };
    match service::accept(&site.db, &guard.ctx, school.id, &code, class, t.day_of(guard.ctx.now())).await {
        Ok(pupil) => Ok(back(format!("/{}/pupils/{pupil}/movement?done=enrolled", school.code))),
        Err(Error::Invalid(wrong)) => render_list(&req, &guard, &typed, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn render_list(req: &HttpRequest, guard: &Guard<EnrolPupils>, typed: &AcceptForm, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let slips = service::addressed(&site.db, &guard.ctx, school.id, t.day_of(guard.ctx.now())).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::classes(tx, school.id).await).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let nothing = (String::new(), t.text("movement-choose"));
    let options = std::iter::once(nothing).chain(classes.iter().map(|class| (class.id.to_string(), t.with("people-class-option", (("class", class.label()), ("count", class.pupils))))));
    let view = ListPage {
        csrf: csrf::field(req),
        school_name: school.name(t.locale()),
        path: format!("/{}/transfers", school.code),
        slips: slips.iter().map(|slip| (slip.school(t.locale()).to_owned(), short(slip.valid_until))).collect(),
        inputs: vec![
            Input { error: error("code"), ..Input::new("code", t.text("transfers-code"), typed.code.clone(), Kind::Line(30), Need::Required) }.hinted(t.text("transfers-code-hint")),
            Input { error: error("class"), ..Input::new("class", t.text("movement-to-class"), typed.class.clone(), Kind::Choice(options.collect()), Need::Required) },
        ],
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("transfers-title")).narrow().status(status).respond(req, &view)
}

fn pupil_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn back(to: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}
