//! `/{school}/accounts/{id}/see-as`: the reason first; `/see-as/end`: back to oneself; `/account/seen`: who looked with one's own eyes.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon},
    cookie,
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{SeeAs, rules, service};
use crate::{
    Guard, MyGuard,
    accounts::to,
    logins::{self, Act},
    schools,
    trail::{self, Sight},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts/{id}/see-as", get().to(ask))
        .route("/{school}/accounts/{id}/see-as", post().to(begin))
        .route("/see-as/end", post().to(end))
        .route("/account/seen", get().to(seen));
}

#[derive(Debug, Default, Deserialize)]
struct ReasonForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    reason: String,
}

/// Nothing of its own; sent with the token.
#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "see_as.html")]
struct AskPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    person: String,
    path: String,
    name: String,
    id: String,
    reason: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "account_seen.html")]
struct SeenPage<'a> {
    t: Texts<'a>,
    looks: Vec<LookLine>,
    nothing: Empty,
}

struct LookLine {
    seer: String,
    school: String,
    began: String,
    ended: String,
    reason: String,
}

async fn ask(req: HttpRequest, guard: Guard<SeeAs>, path: Path<(String, String)>) -> Answer {
    let form = ReasonForm { id: show_id(guard.ctx.id::<Uuid>()), ..ReasonForm::default() };
    show(&req, &guard, person_of(&path.1)?, form, &[]).await
}

async fn show(req: &HttpRequest, guard: &Guard<SeeAs>, person: PersonId, form: ReasonForm, wrong: &[FieldError]) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    let member = logins::reaches(&act(req, guard, person)?).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "identity.see_account", Whose::person(person))]).await?;
    let account = format!("/{}/accounts/{person}", school.code);
    let view = AskPage {
        csrf: csrf::field(req),
        path: format!("{account}/see-as"),
        person: account,
        name: format!("{} {}", member.surname, member.given_name),
        id: form.id,
        reason: form.reason,
        wrong: wrong.first().map(|wrong| t.text(wrong.message)),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("see-as-title")).narrow().status(status).respond(req, &view)
}

async fn begin(req: HttpRequest, guard: Guard<SeeAs>, path: Path<(String, String)>, form: Posted<ReasonForm>) -> Answer {
    let person = person_of(&path.1)?;
    let act = act(&req, &guard, person)?;
    logins::reaches(&act).await?;
    match rules::reason(&form.0.reason) {
        Ok(reason) => {
            let token = cookie::session_token(&req).ok_or(Error::NotFound)?;
            service::begin(&act, read(&form.0.id).unwrap_or_else(|| guard.ctx.id()), reason, &token).await?;
            Ok(to("/"))
        }
        Err(Error::Invalid(wrong)) => show(&req, &guard, person, form.0, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

/// Back to the page of the person who was helped.
async fn end(req: HttpRequest, guard: MyGuard, _form: Posted<NoFields>) -> Answer {
    let site = Site::of(&req)?;
    service::end(site, &guard.ctx, &guard.identity).await?;
    let Some(seer) = &guard.identity.seer else { return Ok(to("/")) };
    let school = schools::by_id(site, seer.school).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/accounts/{}", school.code, guard.identity.person))).finish())
}

async fn seen(req: HttpRequest, guard: MyGuard) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let looks = service::looks(site, &guard.ctx, &guard.identity).await?;
    let places = schools::by_ids(site, &looks.iter().map(|look| look.school_id).collect::<Vec<_>>()).await?;
    let school = |id| places.iter().find(|place| place.id == id).map(|place| place.name(t.locale()).to_owned()).unwrap_or_default();
    let line = |look: &super::store::Look| LookLine {
        seer: look.seer.clone().unwrap_or_else(|| t.text("see-as-somebody")),
        school: school(look.school_id),
        began: t.moment(look.began_at),
        ended: t.time(look.ended_at),
        reason: look.reason.clone(),
    };
    let view = SeenPage {
        looks: looks.iter().map(line).collect(),
        nothing: Empty { icon: Icon("user"), title: t.text("see-as-nothing-title"), body: t.text("see-as-nothing-body"), action: None },
        t: t.clone(),
    };
    Page::new(t.text("see-as-seen-title")).narrow().respond(&req, &view)
}

fn act<'a>(req: &'a HttpRequest, guard: &'a Guard<SeeAs>, person: PersonId) -> kernel::Result<Act<'a>> {
    Ok(Act { site: Site::of(req)?, ctx: &guard.ctx, identity: &guard.identity, school: guard.school()?.id, person })
}

fn person_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}
