//! `/{school}/accounts/{id}`: one person's roles and login, and what is done to them.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, Query, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, show as show_id},
    right::Role,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Moment, StatusDot},
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    ManageAccounts, list,
    rules::Period,
    service::{self, Act, Chosen, MemberDetail},
    sheet::{self, Slip},
    store::Grant,
};
use crate::{
    Guard,
    roles::{self, role_key},
    trail::{self, Sight},
};

/// The routes of a person's page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts/{id}", get().to(show))
        .route("/{school}/accounts/{id}/grant", post().to(grant))
        .route("/{school}/accounts/{id}/end", post().to(end))
        .route("/{school}/accounts/{id}/block", post().to(block))
        .route("/{school}/accounts/{id}/unblock", post().to(unblock))
        .route("/{school}/accounts/{id}/password", post().to(reset_password))
        .route("/{school}/accounts/{id}/login", post().to(give_login));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct GrantForm {
    #[serde(default)]
    role: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

#[derive(Debug, Deserialize)]
struct EndForm {
    #[serde(default)]
    role: String,
}

/// Nothing of its own; sent with the token.
#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "login.html")]
struct MemberPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    path: String,
    name: String,
    done: Option<String>,
    state: StatusDot,
    login: Option<String>,
    signed_in: Option<Moment>,
    blocked: bool,
    is_guardian: bool,
    grants: Vec<GrantLine>,
    choices: Vec<(String, String)>,
    typed: GrantForm,
    /// What is wrong with what was typed: of the role, of the first day, of the last day.
    wrong: [Option<String>; 3],
}

struct GrantLine {
    name: String,
    from: String,
    until: Option<String>,
    /// What the form sends to end it; nothing for what is over or beyond the reader's power.
    ends: Option<String>,
    over: bool,
}

async fn show(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, query: Query<Done>) -> Answer {
    render(&req, &guard, person_of(&path.1)?, query.done.as_deref(), GrantForm::default(), &[]).await
}

async fn render(req: &HttpRequest, guard: &Guard<ManageAccounts>, person: PersonId, done: Option<&str>, typed: GrantForm, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let detail = service::member(site, &guard.ctx, school.id, person).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "identity.see_account", Whose::persons([person]))]).await?;
    let power = roles::power(site, &guard.identity, school.id);
    let delivered = Role::ALL.into_iter().filter(|role| power.may_appoint(*role, &site.rights)).map(|role| (role.as_str().to_owned(), t.text(role_key(role.as_str()))));
    let own = detail.own_roles.iter().filter(|role| power.may_appoint_own(&role.rights)).map(|role| (show_id(role.id), role.name(t.locale()).to_owned()));
    let choices: Vec<(String, String)> = delivered.chain(own).collect();
    let done = ["granted", "ended", "blocked", "unblocked"].into_iter().find(|known| done == Some(*known));
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let list = format!("/{}/accounts", school.code);
    let view = MemberPage {
        csrf: csrf::field(req),
        wrong: ["role", "from", "until"].map(error),
        typed,
        path: format!("{list}/{person}"),
        list,
        name: list::full_name(&detail.member),
        done: done.map(|done| t.text(format!("logins-done-{done}"))),
        state: list::state_of(&t, &detail.member),
        login: detail.member.login.clone(),
        signed_in: detail.member.signed_in_at.map(|at| Moment::full(&t, at)),
        blocked: detail.member.blocked_at.is_some(),
        is_guardian: detail.member.roles.iter().any(|role| role == Role::Guardian.as_str()),
        grants: detail.grants.iter().map(|grant| grant_line(&t, &detail, grant, &choices, guard.ctx.now())).collect(),
        choices,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.name.clone()).narrow().status(status).respond(req, &view)
}

fn grant_line(t: &Texts<'_>, detail: &MemberDetail, grant: &Grant, choices: &[(String, String)], now: jiff::Timestamp) -> GrantLine {
    let value = grant.role.clone().or_else(|| grant.own_role.map(show_id)).unwrap_or_default();
    let own_name = grant.own_role.and_then(|id| detail.own_roles.iter().find(|role| role.id == id)).map(|role| role.name(t.locale()).to_owned());
    let delivered_name = grant.role.as_deref().and_then(Role::parse).map(|role| t.text(role_key(role.as_str())));
    let over = grant.is_over(now);
    GrantLine {
        name: delivered_name.or(own_name).unwrap_or_else(|| t.text("logins-closed-role")),
        from: t.date(grant.valid_from),
        // The end is the first moment after it: the day that people mean is the one before.
        until: grant.valid_to.map(|end| t.date(end - jiff::SignedDuration::from_secs(1))),
        ends: Some(value).filter(|value| !over && choices.iter().any(|(choice, _)| choice == value)),
        over,
    }
}

async fn grant(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<GrantForm>) -> Answer {
    let act = act(&req, &guard, &path)?;
    service::member(act.site, act.ctx, act.school, act.person).await?;
    let zone = web::page::texts(&req)?.zone().clone();
    let chosen = Chosen::parse(&form.0.role).and_then(|role| Ok((role, Period::parse(&form.0.from, &form.0.until, guard.ctx.now(), &zone)?)));
    let granted = match chosen {
        Ok((role, period)) => service::grant(&act, role, period).await,
        Err(error) => Err(error),
    };
    match granted {
        Ok(()) => back(&guard, act.person, "granted"),
        Err(Error::Invalid(wrong)) => render(&req, &guard, act.person, None, form.0, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn end(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<EndForm>) -> Answer {
    let act = act(&req, &guard, &path)?;
    service::member(act.site, act.ctx, act.school, act.person).await?;
    service::end(&act, Chosen::parse(&form.0.role)?).await?;
    back(&guard, act.person, "ended")
}

async fn block(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let act = act(&req, &guard, &path)?;
    service::block(&act).await?;
    back(&guard, act.person, "blocked")
}

async fn unblock(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let act = act(&req, &guard, &path)?;
    service::unblock(&act).await?;
    back(&guard, act.person, "unblocked")
}

async fn reset_password(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let act = act(&req, &guard, &path)?;
    let handed = service::reset_password(&act).await?;
    show_handed(&req, &guard, &handed)
}

async fn give_login(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let act = act(&req, &guard, &path)?;
    let handed = service::give_login(&act, &guard.school()?.code).await?;
    show_handed(&req, &guard, &handed)
}

/// The one time that a password is seen.
fn show_handed(req: &HttpRequest, guard: &Guard<ManageAccounts>, handed: &service::Handed) -> Answer {
    let (site, school) = (Site::of(req)?, guard.school()?);
    let slip = Slip::of_login(site, school, &list::full_name(&handed.member), &handed.login, &handed.password)?;
    sheet::respond(req, "sheet-password-title", &format!("/{}/accounts/{}", school.code, handed.member.person_id), vec![slip])
}

fn act<'a>(req: &'a HttpRequest, guard: &'a Guard<ManageAccounts>, path: &(String, String)) -> kernel::Result<Act<'a>> {
    Ok(Act { site: Site::of(req)?, ctx: &guard.ctx, identity: &guard.identity, school: guard.school()?.id, person: person_of(&path.1)? })
}

fn person_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn back(guard: &Guard<ManageAccounts>, person: PersonId, done: &str) -> Answer {
    let address = format!("/{}/accounts/{person}?done={done}", guard.school()?.code);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, address)).finish())
}
