//! `/{school}/accounts/{id}`: one person's roles and login, and what is done to them.

use std::collections::{BTreeSet, HashMap};

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
    id::{ClassId, PersonId, show as show_id},
    right::Role,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Moment, StatusDot},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    ManageAccounts,
    identifiers::{self, IdentifierForm, Shown},
    rescue::{self, Guarded},
    list,
    rules::{Period, Reach},
    service::{self, Act, Chosen, MemberDetail},
    sheet::{self, Slip},
    store::{Class, Grant},
};
use crate::{
    Guard,
    roles::{self, role_key},
    see_as::SeeAs,
    standing::Standing,
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
    #[serde(default)]
    reach: String,
    /// A checked class stands under its own name, `class-` and its id.
    #[serde(flatten)]
    checked: HashMap<String, String>,
}

impl GrantForm {
    fn classes(&self) -> impl Iterator<Item = &str> {
        self.checked.keys().filter_map(|field| field.strip_prefix(CLASS))
    }
}

/// What the name of a class's box begins with.
const CLASS: &str = "class-";

#[derive(Debug, Deserialize)]
struct EndForm {
    #[serde(default)]
    role: String,
    /// Which grant, where it is for some classes.
    grant: Option<String>,
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
    /// Whether the reader may look with this person's eyes.
    sees_as: bool,
    is_guardian: bool,
    grants: Vec<GrantLine>,
    choices: Vec<(String, String)>,
    typed: GrantForm,
    classes: Vec<ClassBox>,
    /// What a role for some classes opens at most.
    by_class: Vec<String>,
    /// What is wrong with what was typed: of the role, of the classes, of the first day, of the last day.
    wrong: [Option<String>; 4],
    /// Phone, e-mail and IIN; nothing where there is no login, or no key to keep them with.
    identifiers: Option<Shown>,
    /// What can be taken off when it is lost.
    guarded: Option<Guarded>,
    wrong_reason: Option<String>,
}

struct ClassBox {
    name: String,
    label: String,
    on: bool,
}

struct GrantLine {
    name: String,
    /// For which classes; nothing for the whole school.
    classes: Option<String>,
    from: String,
    until: Option<String>,
    /// Its own id, where it is for some classes.
    grant: Option<String>,
    /// What the form sends to end it; nothing for what is over or beyond the reader's power.
    ends: Option<String>,
    over: bool,
}

async fn show(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    render(&req, &guard, person_of(&path.1)?, query.done.as_deref(), Typed::default(), &[]).await
}

/// What the forms of the page hold.
#[derive(Debug, Default)]
struct Typed {
    grant: GrantForm,
    identifiers: Option<IdentifierForm>,
}

/// The page with what was wrong with the identifiers.
pub(super) async fn with_identifiers(req: &HttpRequest, guard: &Guard<ManageAccounts>, person: PersonId, form: IdentifierForm, wrong: &[FieldError]) -> Answer {
    render(req, guard, person, None, Typed { identifiers: Some(form), ..Typed::default() }, wrong).await
}

/// The page with what was wrong with another form of it.
pub(super) async fn with_wrong(req: &HttpRequest, guard: &Guard<ManageAccounts>, person: PersonId, wrong: &[FieldError]) -> Answer {
    render(req, guard, person, None, Typed::default(), wrong).await
}

async fn render(req: &HttpRequest, guard: &Guard<ManageAccounts>, person: PersonId, done: Option<&str>, typed: Typed, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let detail = service::member(site, &guard.ctx, school.id, person).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "identity.see_account", Whose::persons([person]))]).await?;
    let power = roles::power(site, &guard.identity, school.id);
    let delivered = Role::ALL.into_iter().filter(|role| power.may_appoint(*role, &site.rights)).map(|role| (role.as_str().to_owned(), t.text(role_key(role.as_str()))));
    let own = detail.own_roles.iter().filter(|role| power.may_appoint_own(&role.rights)).map(|role| (show_id(role.id), role.name(t.locale()).to_owned()));
    let choices: Vec<(String, String)> = delivered.chain(own).collect();
    let done = ["granted", "ended", "blocked", "unblocked", "identifiers", "rescued"].into_iter().find(|known| done == Some(*known));
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let known = identifiers::known(req, &guard.ctx, detail.member.account_id).await?;
    let list = format!("/{}/accounts", school.code);
    let view = MemberPage {
        csrf: csrf::field(req),
        wrong: ["role", "classes", "from", "until"].map(error),
        classes: detail.classes.iter().map(|class| class_box(class, &typed.grant)).collect(),
        by_class: rights_by_class(site).into_iter().map(|right| t.text(roles::right_key(right))).collect(),
        guarded: rescue::guarded(site, &guard.ctx, detail.member.account_id).await?,
        wrong_reason: error("reason"),
        identifiers: known.map(|known| Shown::of(known, typed.identifiers, ["phone", "email", "iin"].map(error))),
        typed: typed.grant,
        path: format!("{list}/{person}"),
        list,
        name: list::full_name(&detail.member),
        done: done.map(|done| t.text(format!("logins-done-{done}"))),
        state: list::state_of(&t, &detail.member),
        login: detail.member.login.clone(),
        signed_in: detail.member.signed_in_at.map(|at| Moment::full(&t, at)),
        blocked: detail.member.blocked_at.is_some(),
        sees_as: guard.identity.person != person && Standing::at::<SeeAs>(&guard.identity, school.id, &site.rights).is_ok(),
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
        classes: grant.class_grant.map(|_| grant.classes.join(", ")),
        grant: grant.class_grant.map(show_id),
        from: t.date(grant.valid_from),
        // The end is the first moment after it: the day that people mean is the one before.
        until: grant.valid_to.map(|end| t.date(end - jiff::SignedDuration::from_secs(1))),
        ends: Some(value).filter(|value| !over && choices.iter().any(|(choice, _)| choice == value)),
        over,
    }
}

fn class_box(class: &Class, typed: &GrantForm) -> ClassBox {
    let name = format!("{CLASS}{}", class.class_id);
    ClassBox { on: typed.checked.contains_key(&name), label: class.class_label.clone(), name }
}

/// The rights that can be held for some classes, as the navigation knows them.
fn rights_by_class(site: &Site) -> BTreeSet<&'static str> {
    site.navigation.iter().filter(|item| item.by_class).map(|item| item.right.0).collect()
}

async fn grant(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<GrantForm>) -> Answer {
    let act = act(&req, &guard, &path)?;
    let detail = service::member(act.site, act.ctx, act.school, act.person).await?;
    let zone = web::page::texts(&req)?.zone().clone();
    let there: Vec<ClassId> = detail.classes.iter().map(|class| class.class_id).collect();
    let chosen = || Ok((Chosen::parse(&form.0.role)?, Reach::parse(&form.0.reach, form.0.classes(), &there)?, Period::parse(&form.0.from, &form.0.until, guard.ctx.now(), &zone)?));
    let granted = match chosen() {
        Ok((role, reach, period)) => service::grant(&act, role, reach, period).await,
        Err(error) => Err(error),
    };
    match granted {
        Ok(()) => back(&guard, act.person, "granted"),
        Err(Error::Invalid(wrong)) => render(&req, &guard, act.person, None, Typed { grant: form.0, identifiers: None }, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn end(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<EndForm>) -> Answer {
    let act = act(&req, &guard, &path)?;
    service::member(act.site, act.ctx, act.school, act.person).await?;
    match &form.0.grant {
        Some(grant) => service::end_for_classes(&act, kernel::id::read(grant).ok_or(Error::NotFound)?).await?,
        None => service::end(&act, Chosen::parse(&form.0.role)?).await?,
    }
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

pub(super) fn act<'a>(req: &'a HttpRequest, guard: &'a Guard<ManageAccounts>, path: &(String, String)) -> kernel::Result<Act<'a>> {
    Ok(Act { site: Site::of(req)?, ctx: &guard.ctx, identity: &guard.identity, school: guard.school()?.id, person: person_of(&path.1)? })
}

fn person_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

pub(super) fn back(guard: &Guard<ManageAccounts>, person: PersonId, done: &str) -> Answer {
    let address = format!("/{}/accounts/{person}?done={done}", guard.school()?.code);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, address)).finish())
}
