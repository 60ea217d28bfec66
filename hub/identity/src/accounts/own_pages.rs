//! `/account` and `/account/password`: one's own account.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use kernel::{Error, Locale};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Field,
    cookie,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{Policy, Visit, own, pages::to};
use crate::MyGuard;

const PATH: &str = "/account";
const PASSWORD: &str = "/account/password";
/// More of a password is not looked at.
const MOST_TYPED: usize = 1_000;

/// The routes of one's own account.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route(PASSWORD, get().to(password_form)).route(PASSWORD, post().to(change_password));
}

/// What was just done, said once above the page.
#[derive(Deserialize)]
pub(crate) struct Done {
    pub done: Option<String>,
}

/// A form that asks for the password again.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    pub password: String,
}

#[derive(Deserialize)]
struct ChangeForm {
    old: String,
    new: String,
    again: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    name: String,
    login: String,
    just_changed: bool,
    languages: [(Locale, String); 3],
}

#[derive(Template)]
#[template(path = "account_password.html")]
struct PasswordPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    old: Field,
    new: Field,
    again: Field,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let view = AccountPage {
        csrf: csrf::field(&req),
        name: guard.identity.name.clone(),
        login: own::login_of(site, &guard.identity).await?,
        just_changed: query.done.as_deref() == Some("password"),
        languages: Locale::ALL.map(|locale| (locale, t.text(format!("language-{}", locale.as_str())))),
        t: t.clone(),
    };
    Page::new(t.text("account-title")).narrow().respond(&req, &view)
}

async fn password_form(req: HttpRequest, _guard: MyGuard) -> Answer {
    password_page(&req, None)
}

async fn change_password(req: HttpRequest, guard: MyGuard, form: Posted<ChangeForm>) -> Answer {
    let (site, ChangeForm { old, new, again }) = (Site::of(&req)?, form.0);
    if new != again {
        return password_page(&req, Some("account.password_differs"));
    }
    let typed = |text: String| text.chars().take(MOST_TYPED).collect::<String>();
    match own::change_password(site, Policy::of(&req), &guard.identity, typed(old), typed(new), &Visit::of(&req)).await {
        Ok(token) => {
            let mut answer = to("/account?done=password");
            answer.add_cookie(&cookie::session(site, token)).map_err(|error| Error::broken(error.to_string()))?;
            Ok(answer)
        }
        Err(Error::Refused(problem)) => password_page(&req, Some(problem)),
        Err(error) => Err(error.into()),
    }
}

fn password_page(req: &HttpRequest, problem: Option<&'static str>) -> Answer {
    let t = web::page::texts(req)?;
    let field = |name, label| password_field(&t, name, label, problem.filter(|problem| place_of(problem) == name));
    let fresh = |field: Field| Field { autocomplete: Some("new-password"), ..field };
    let hint = t.with("account-password-hint", [("least", Policy::of(req).password_least)]);
    let view = PasswordPage {
        csrf: csrf::field(req),
        old: field("old", "account-password-now"),
        new: Field { hint: Some(hint), ..fresh(field("new", "account-password-new")) },
        again: fresh(field("again", "account-password-again")),
        t: t.clone(),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("account-password-title")).narrow().status(status).respond(req, &view)
}

/// The field that a refusal is about.
fn place_of(problem: &str) -> &'static str {
    match problem {
        "account.wrong_password" | "account.too_many_tries" => "old",
        "account.password_differs" => "again",
        _ => "new",
    }
}

/// The field for the password of now, with what was wrong with it.
pub(crate) fn password_field(t: &Texts<'_>, name: &'static str, label: &str, problem: Option<&'static str>) -> Field {
    Field { name, kind: "password", label: t.text(label), value: String::new(), hint: None, error: problem.map(|code| refusal(t, code)), autocomplete: Some("current-password") }
}

/// Why something was refused, in a sentence.
pub(crate) fn refusal(t: &Texts<'_>, code: &str) -> String {
    t.text(format!("refused-{}-body", code.replace(['.', '_'], "-")))
}
