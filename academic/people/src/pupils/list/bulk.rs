//! What is done with many pupils at once: `/{school}/pupils-move` puts them into another class, `/{school}/pupils-invite` prints codes for their
//! guardians. The list sends whom it chose; the page between says whom it concerns, and sends exactly them.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, post},
};
use askama::Template;
use identity::{
    Guard,
    logins::{ManageAccounts, invitations},
    trail::{self, Sight},
};
use kernel::{
    Ctx, Error, Result,
    audit::Whose,
    error::FieldError,
    id::{ClassId, PersonId, SchoolId, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Address, Choice, Chosen, FormField, Need, UndoToast},
    csrf::{self, CsrfField},
    form::{self, Posted},
};

use super::{
    service,
    sieve::Sieve,
    store::{self, Picked},
};
use crate::{classes, movement, pupils::EnrolPupils};

/// For so many pupils codes are printed at once: a parallel, not a school.
const MOST_SLIPS: usize = 300;

/// The routes of these acts.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils-move", post().to(relocate)).route("/{school}/pupils-move/undo", post().to(undo)).route("/{school}/pupils-invite", post().to(invite));
}

type Sent = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "pupils_move.html")]
struct MovePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    action: String,
    /// Class, how many, and their names.
    groups: Vec<(String, usize, String)>,
    ids: Vec<String>,
    title: String,
    fields: [FormField; 2],
    failed: bool,
}

#[derive(Debug, Deserialize)]
struct UndoForm {
    #[serde(default)]
    order: String,
}

/// Asks into which class, and then does it.
async fn relocate(req: HttpRequest, guard: Guard<EnrolPupils>, form: Posted<Sent>) -> Answer {
    let (site, t, school, sent) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    let of = |name: &str| sent.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let pupils = chosen(&req, &guard.ctx, school.id, &sent).await?;
    let today = t.day_of(guard.ctx.now());
    if of("step") != "2" {
        return ask(&req, &guard, pupils, ("", &today.to_string()), &[]).await;
    }
    let class: Option<ClassId> = of("class").parse().ok();
    let on = form::day(of("on")).filter(|day| *day <= today && day.year() >= 2000);
    let wrong = |is: bool, field: &'static str, message: &'static str| is.then_some(FieldError { field, message });
    let errors: Vec<FieldError> = [wrong(class.is_none(), "class", "people-field-class"), wrong(on.is_none(), "on", "movement-field-day")].into_iter().flatten().collect();
    let (Some(class), Some(on)) = (class, on) else { return ask(&req, &guard, pupils, (of("class"), of("on")), &errors).await };
    let shown = Address::new(format!("/{}/pupils", school.code)).with("class", &class.to_string());
    match movement::change_class_of_many(&site.db, &guard.ctx, school.id, pupils.clone(), class, on).await {
        Ok(Some(order)) => Ok(to(shown.with("moved", &show_id(order)).href())),
        Ok(None) => Ok(to(shown.href())),
        Err(Error::Refused("movement.too_early")) => ask(&req, &guard, pupils, (of("class"), of("on")), &[FieldError { field: "on", message: "lists-field-too-early" }]).await,
        Err(Error::Refused("movement.class_closed")) => ask(&req, &guard, pupils, ("", of("on")), &[FieldError { field: "class", message: "people-field-class" }]).await,
        Err(other) => Err(other.into()),
    }
}

async fn ask(req: &HttpRequest, guard: &Guard<EnrolPupils>, pupils: Vec<PersonId>, (class, on): (&str, &str), errors: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let (picked, classes) = site.db.run(&guard.ctx.scope, async |tx| Ok((store::PICKED_LIST.all(tx, (school.id, pupils.clone())).await?, classes::classes(tx, school.id).await?))).await?;
    if picked.is_empty() {
        return Err(Error::Refused("people.nobody_chosen").into());
    }
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.list_pupils", Whose::persons(picked.iter().map(|pupil| pupil.id)))]).await?;
    let choices = classes.iter().map(|class| Choice::new(class.id.to_string(), t.with("people-class-option", (("class", class.label()), ("count", class.pupils))))).collect();
    let view = MovePage {
        csrf: csrf::field(req),
        list: format!("/{}/pupils", school.code),
        action: format!("/{}/pupils-move", school.code),
        title: t.with("lists-move-title", [("count", picked.len())]),
        ids: picked.iter().map(|pupil| pupil.id.to_string()).collect(),
        groups: groups(&picked),
        fields: [
            FormField::select("class", t.text("lists-move-class"), Need::Required, choices, Some(t.text("movement-choose"))).value(class).error_in(errors, &t),
            FormField::date("on", t.text("movement-first-day-there"), Need::Required).value(on).error_in(errors, &t),
        ],
        failed: !errors.is_empty(),
        t,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}

/// By class, in the order of the rows.
fn groups(picked: &[Picked]) -> Vec<(String, usize, String)> {
    let same = |one: &Picked, other: &Picked| one.class_id == other.class_id;
    let group = |class: &[Picked]| {
        let label = class.first().map(|pupil| pupil.class_label.clone()).unwrap_or_default();
        let names: Vec<String> = class.iter().map(|pupil| format!("{} {}", pupil.surname, pupil.given_name)).collect();
        (label, class.len(), names.join(", "))
    };
    picked.chunk_by(same).map(group).collect()
}

async fn undo(req: HttpRequest, guard: Guard<EnrolPupils>, form: Posted<UndoForm>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let order = read(&form.0.order).ok_or(Error::Refused("movement.followed"))?;
    movement::take_back_order(&site.db, &guard.ctx, school.id, order).await?;
    Ok(to(format!("/{}/pupils?done=undone", school.code)))
}

/// Slips for the guardians of the chosen pupils who have no login.
async fn invite(req: HttpRequest, guard: Guard<ManageAccounts>, form: Posted<Sent>) -> Answer {
    let school = guard.school()?;
    let pupils = chosen(&req, &guard.ctx, school.id, &form.0).await?;
    if pupils.len() > MOST_SLIPS {
        return Err(Error::Refused("people.too_many_chosen").into());
    }
    invitations::respond_for(&req, &guard.ctx, school, pupils, &format!("/{}/pupils", school.code)).await
}

/// The chosen pupils: those ticked, or all that match.
async fn chosen(req: &HttpRequest, ctx: &Ctx, school: SchoolId, sent: &Sent) -> Result<Vec<PersonId>> {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let pupils = match Chosen::of(sent, "") {
        Chosen::Picked(ids) => ids.iter().filter_map(|id| id.parse().ok()).collect(),
        Chosen::All(address) => service::matching(&site.db, ctx, school, &Sieve::of(&address, t.day_of(ctx.now()))).await?,
    };
    if pupils.is_empty() { Err(Error::Refused("people.nobody_chosen")) } else { Ok(pupils) }
}

/// What was done a moment ago, with a way back.
pub fn undo_toast(t: &Texts<'_>, req: &HttpRequest, home: &str, address: &Address) -> Option<UndoToast> {
    let order = read(address.get("moved"))?;
    Some(UndoToast::new(t, req, t.text("lists-moved"), format!("{home}/pupils-move/undo"), vec![("order".to_owned(), show_id(order))]))
}

fn to(address: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}
