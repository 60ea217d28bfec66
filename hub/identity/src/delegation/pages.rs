//! `/{school}/delegations`: what one handed over or got, and for administrators everybody's; `/my/delegations` leads there.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use jiff::{SignedDuration, Timestamp};
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
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    HandOver, SeeDelegations,
    rules::{HandingOver, Typed},
    service::{self, Overview, Sees},
    store::Delegation,
};
use crate::{
    ClassGuard, MyGuard,
    accounts::to,
    logins::Chosen,
    organisations,
    roles::role_key,
    schools,
    standing::Standing,
    trail::{self, Sight},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/delegations", get().to(mine))
        .route("/{school}/delegations", get().to(show))
        .route("/{school}/delegations", post().to(hand_over))
        .route("/{school}/delegations/{id}/end", post().to(end));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct HandForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    receiver: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

/// Nothing of its own; sent with the token.
#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "delegations.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    path: String,
    done: Option<String>,
    id: String,
    lines: Vec<Line>,
    nothing: Empty,
    roles: Vec<(String, String)>,
    colleagues: Vec<(String, String)>,
    typed: HandForm,
    /// What is wrong with the role, the colleague, the first day, the last day, the reason.
    wrong: [Option<String>; 5],
}

struct Line {
    id: String,
    role: String,
    giver: String,
    receiver: String,
    from: String,
    until: String,
    reason: String,
    state: String,
    ends: bool,
}

/// To the page of the school where the person is at home.
async fn mine(req: HttpRequest, guard: MyGuard) -> Answer {
    let site = Site::of(&req)?;
    let places = schools::by_ids(site, &organisations::workplaces(&guard.identity)).await?;
    let place = organisations::chosen(&req, &places).or_else(|| places.first());
    Ok(to(&place.map_or_else(|| "/".to_owned(), |place| format!("/{}/delegations", place.code))))
}

async fn show(req: HttpRequest, guard: ClassGuard<HandOver>, query: Asked<Done>) -> Answer {
    let form = HandForm { id: show_id(guard.ctx.id::<Uuid>()), ..HandForm::default() };
    render(&req, &guard, form, query.done.as_deref(), &[]).await
}

async fn hand_over(req: HttpRequest, guard: ClassGuard<HandOver>, form: Posted<HandForm>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    let overview = service::overview(site, &guard.ctx, school.id, Sees::Own).await?;
    let colleagues: Vec<PersonId> = overview.colleagues.iter().map(|colleague| colleague.person_id).collect();
    let fields = Typed { role: &typed.role, receiver: &typed.receiver, from: &typed.from, until: &typed.until, reason: &typed.reason };
    match HandingOver::parse(fields, &overview.held, &colleagues, guard.ctx.now(), t.zone()) {
        Ok(handing) => {
            service::hand_over(site, &guard.ctx, school.id, read(&typed.id).unwrap_or_else(|| guard.ctx.id()), handing).await?;
            Ok(back(&school.code, "given"))
        }
        Err(Error::Invalid(wrong)) => render(&req, &guard, typed, None, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn end(req: HttpRequest, guard: ClassGuard<HandOver>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id = read(&path.1).ok_or(Error::NotFound)?;
    service::end(site, &guard.ctx, school.id, id, sees(site, &guard)?).await?;
    Ok(back(&school.code, "ended"))
}

/// Whoever may see all delegations sees them here, whichever role let them in.
fn sees(site: &Site, guard: &ClassGuard<HandOver>) -> kernel::Result<Sees> {
    let all = Standing::at::<SeeDelegations>(&guard.identity, guard.school()?.id, &site.rights).is_ok();
    Ok(if all { Sees::All } else { Sees::Own })
}

async fn render(req: &HttpRequest, guard: &ClassGuard<HandOver>, typed: HandForm, done: Option<&str>, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let sees = sees(site, guard)?;
    let overview = service::overview(site, &guard.ctx, school.id, sees).await?;
    let shown = overview.delegations.iter().flat_map(|one| [one.giver_id, one.receiver_id]).chain(overview.colleagues.iter().map(|colleague| colleague.person_id));
    trail::read(req, &guard.ctx, [Sight::of(school.id, "identity.see_delegations", Whose::persons(shown))]).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let me = guard.ctx.person()?;
    let view = View {
        csrf: csrf::field(req),
        path: format!("/{}/delegations", school.code),
        done: ["given", "ended"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("delegations-done-{done}"))),
        id: typed.id.clone(),
        lines: overview.delegations.iter().map(|one| line(&t, &overview, one, guard.ctx.now(), (me, sees))).collect(),
        nothing: Empty { icon: Icon("calendar"), title: t.text("delegations-nothing-title"), body: t.text("delegations-nothing-body"), action: None },
        roles: overview.held.iter().map(|holding| choice(&t, &overview, holding.role)).collect(),
        colleagues: overview.colleagues.iter().map(|colleague| (colleague.person_id.to_string(), format!("{} {}", colleague.surname, colleague.given_name))).collect(),
        typed,
        wrong: ["role", "receiver", "from", "until", "reason"].map(error),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("delegations-title")).status(status).respond(req, &view)
}

fn choice(t: &Texts<'_>, overview: &Overview, role: Chosen) -> (String, String) {
    match role {
        Chosen::Delivered(role) => (role.as_str().to_owned(), t.text(role_key(role.as_str()))),
        Chosen::Own(id) => {
            let name = overview.own_roles.iter().find(|role| role.id == id).map(|role| role.name(t.locale()).to_owned());
            (show_id(id), name.unwrap_or_else(|| t.text("logins-closed-role")))
        }
    }
}

fn line(t: &Texts<'_>, overview: &Overview, one: &Delegation, now: Timestamp, (me, sees): (PersonId, Sees)) -> Line {
    let role = one.role.as_deref().map(|role| t.text(role_key(role)));
    let is_over = one.ended_at.is_some() || one.valid_to <= now;
    let state = match (one.ended_at, one.valid_from > now, is_over) {
        (Some(at), _, _) => t.with("delegations-ended", [("date", t.date(at))]),
        (None, _, true) => t.text("delegations-over"),
        (None, true, false) => t.text("delegations-to-come"),
        (None, false, false) => t.text("delegations-now"),
    };
    Line {
        id: show_id(one.id),
        role: role.unwrap_or_else(|| one.role_id.map(|id| choice(t, overview, Chosen::Own(id)).1).unwrap_or_default()),
        giver: one.giver.clone(),
        receiver: one.receiver.clone(),
        from: t.date(one.valid_from),
        // The end is the first moment after it: the day that people mean is the one before.
        until: t.date(one.valid_to - SignedDuration::from_secs(1)),
        reason: one.reason.clone(),
        state,
        ends: !is_over && (sees == Sees::All || one.giver_id == me),
    }
}

fn back(code: &str, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/delegations?done={done}"))).finish()
}
