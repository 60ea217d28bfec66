//! `/{school}/invitations`: slips for the guardians of a class. `/join`: a guardian makes a login with the code on the slip.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Ctx, Error,
    error::FieldError,
    id::{ClassId, PersonId},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Field, Icon},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    rules::Code,
    service::{self, Invited, Looked},
    store::ClassLine,
};
use crate::{
    Guard, Policy, School,
    accounts::{self, Visit},
    logins::{
        ManageAccounts,
        rules::Chosen,
        sheet::{self, Slip},
    },
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/invitations", get().to(list))
        .route("/{school}/invitations", post().to(print))
        .route("/join", get().to(code_form))
        .route("/join", post().to(look))
        .route("/join/account", post().to(join));
}

#[derive(Debug, Deserialize)]
struct PrintForm {
    #[serde(default)]
    class: String,
}

#[derive(Debug, Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
struct JoinForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

#[derive(Template)]
#[template(path = "invitations.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    home: String,
    school_name: &'a str,
    classes: Vec<ClassLine>,
    nobody: Empty,
}

#[derive(Template)]
#[template(path = "invitation_code.html")]
struct CodePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    code: Field,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "invitation_join.html")]
struct JoinPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    lead: String,
    code: String,
    login: Field,
    password: Field,
    problem: Option<String>,
}

async fn list(req: HttpRequest, guard: Guard<ManageAccounts>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let classes = service::classes(site, &guard.ctx, school.id, t.day_of(guard.ctx.now())).await?;
    let home = format!("/{}", school.code);
    let view = ListPage {
        csrf: csrf::field(&req),
        school_name: school.name(t.locale()),
        nobody: Empty { icon: Icon("people"), title: t.text("invitations-nobody-title"), body: t.text("invitations-nobody-body"), action: None },
        classes,
        home,
        t: t.clone(),
    };
    Page::new(t.text("invitations-title")).respond(&req, &view)
}

async fn print(req: HttpRequest, guard: Guard<ManageAccounts>, form: Posted<PrintForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let class: ClassId = form.0.class.parse().map_err(|_| Error::invalid("class", "invitations-field-class"))?;
    let printed = service::print(site, &guard.ctx, school.id, class, t.day_of(guard.ctx.now())).await?;
    let slips = slips(site, school, &printed)?;
    if slips.is_empty() {
        return Err(Error::invalid("class", "invitations-field-class").into());
    }
    sheet::respond(&req, "invitations-sheet-title", &format!("/{}/invitations", school.code), slips)
}

/// Prints codes for chosen guardians, and for those of chosen pupils, who have no login, and leads `back` from the sheet.
///
/// # Errors
/// `identity.all_have_logins` when every one of them has a login already.
pub async fn respond_for(req: &HttpRequest, ctx: &Ctx, school: &School, persons: Vec<PersonId>, back: &str) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let printed = service::print_of(site, ctx, school.id, persons, t.day_of(ctx.now())).await?;
    if printed.is_empty() {
        return Err(Error::Refused("identity.all_have_logins").into());
    }
    sheet::respond(req, "invitations-sheet-title", back, slips(site, school, &printed)?)
}

fn slips(site: &Site, school: &School, printed: &[(super::store::Guardian, Code)]) -> kernel::Result<Vec<Slip>> {
    let slip = |(guardian, code): &(super::store::Guardian, Code)| {
        let name = format!("{} {} · {}", guardian.surname, guardian.given_name, guardian.class_label);
        Slip::of_invitation(site, school, name, &code.printed())
    };
    printed.iter().map(slip).collect()
}

/// The code of an address is only put into the field: looking at a page tries nothing.
async fn code_form(req: HttpRequest, query: Asked<CodeForm>) -> Answer {
    show_code(&req, &query.code, StatusCode::OK, None)
}

async fn look(req: HttpRequest, form: Posted<CodeForm>) -> Answer {
    match looked(&req, &form.0.code).await? {
        Ok(invited) => show_join(&req, &form.0.code, &invited, "", &[]),
        Err(refused) => refused,
    }
}

async fn join(req: HttpRequest, form: Posted<JoinForm>) -> Answer {
    let JoinForm { code, login, password } = form.0;
    let invited = match looked(&req, &code).await? {
        Ok(invited) => invited,
        Err(refused) => return refused,
    };
    let children = Invited::children_of(&invited);
    let joined = match chosen(&req, &login, &password) {
        Ok(chosen) => make(&req, invited, chosen).await,
        Err(error) => Err(error),
    };
    match joined {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => refuse_code(&req, &code),
        Err(Error::Invalid(wrong)) => show_children(&req, &code, &children, &login, &wrong),
        Err(other) => Err(other.into()),
    }
}

/// Makes the login, signs in, and leads to the children.
async fn make(req: &HttpRequest, invited: Invited, chosen: Chosen) -> kernel::Result<Option<HttpResponse>> {
    let site = Site::of(req)?;
    match service::join(site, invited, chosen, &Visit::of(req), web::page::locale_of(req)).await? {
        Some(joined) => accounts::entered(site, joined, "/my").map(Some),
        None => Ok(None),
    }
}

/// What was chosen, by the rules of this room and the installation's policy on passwords.
fn chosen(req: &HttpRequest, login: &str, password: &str) -> kernel::Result<Chosen> {
    let chosen = Chosen::parse(login, password)?;
    let policy = Policy::of(req);
    accounts::judge(&chosen.password, policy.password_least, |small| policy.knows(small), &[&chosen.login]).map_err(|_| Error::invalid("password", "join-field-password"))?;
    Ok(chosen)
}

/// What a code opens, or the page that says no.
async fn looked(req: &HttpRequest, code: &str) -> Result<Result<Invited, Answer>, web::Failure> {
    let site = Site::of(req)?;
    Ok(match service::look(site, code, Visit::of(req).address).await? {
        Looked::Works(invited) => Ok(invited),
        Looked::No => Err(refuse_code(req, code)),
        Looked::Wait(seconds) => {
            let problem = web::page::texts(req)?.with("join-wait", [("seconds", seconds)]);
            Err(show_code(req, code, StatusCode::TOO_MANY_REQUESTS, Some(problem)))
        }
    })
}

fn refuse_code(req: &HttpRequest, code: &str) -> Answer {
    let problem = web::page::texts(req)?.text("join-wrong-code");
    show_code(req, code, StatusCode::UNPROCESSABLE_ENTITY, Some(problem))
}

fn show_code(req: &HttpRequest, code: &str, status: StatusCode, problem: Option<String>) -> Answer {
    let t = web::page::texts(req)?;
    let code = Field {
        name: "code",
        kind: "text",
        label: t.text("join-code"),
        value: code.chars().take(40).collect(),
        hint: Some(t.text("join-code-hint")),
        error: None,
        autocomplete: Some("off"),
    };
    let view = CodePage { csrf: csrf::field(req), code, problem, t: t.clone() };
    Page::new(t.text("join-title")).plain().status(status).respond(req, &view)
}

fn show_join(req: &HttpRequest, code: &str, invited: &Invited, login: &str, wrong: &[FieldError]) -> Answer {
    show_children(req, code, &invited.children_of(), login, wrong)
}

fn show_children(req: &HttpRequest, code: &str, children: &str, login: &str, wrong: &[FieldError]) -> Answer {
    let t = web::page::texts(req)?;
    let least = Policy::of(req).password_least;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let field = |name: &'static str, kind: &'static str, (label, hint): (String, String), value: &str, autocomplete: &'static str| Field {
        name,
        kind,
        label,
        value: value.to_owned(),
        hint: Some(hint),
        error: error(name),
        autocomplete: Some(autocomplete),
    };
    let view = JoinPage {
        csrf: csrf::field(req),
        lead: t.with("join-child", [("child", children)]),
        code: code.to_owned(),
        login: field("login", "text", (t.text("join-login"), t.text("join-login-hint")), login, "username"),
        password: field("password", "password", (t.text("join-password"), t.with("join-password-hint", [("least", least)])), "", "new-password"),
        problem: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("join-title")).plain().status(status).respond(req, &view)
}

impl Invited {
    /// The given names of the children, as a sentence holds them.
    fn children_of(&self) -> String {
        self.children.join(", ")
    }
}

impl CodePage<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}

impl JoinPage<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}
