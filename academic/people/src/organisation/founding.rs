//! `/support/organisations/new`: an organisation is founded together with the person who opens it. The answer is the sheet with their login,
//! which nobody can print again; a lost one is made anew on the organisation's page.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard, School,
    logins::{
        first::FirstLogin,
        sheet::{self, Slip},
    },
};
use kernel::{
    Error, Result,
    error::FieldError,
    id::{SchoolId, fresh},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Choice, FormField, Need},
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    FoundOrganisation, list,
    rules::{self, Names},
    service::{self, NewOrganisation},
    store::Organisation,
};
use crate::pupils::NewPerson;

/// Where one is founded.
pub const PATH: &str = "/support/organisations/new";

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route(PATH, post().to(found));
}

#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    name_kk: String,
    #[serde(default)]
    name_ru: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    parent: String,
    #[serde(default)]
    surname: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    patronymic: String,
}

#[derive(Template)]
#[template(path = "organisation_new.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: &'static str,
    here: &'static str,
    failed: bool,
    of_it: Vec<FormField>,
    of_opener: Vec<FormField>,
}

async fn show(req: HttpRequest, guard: Guard<FoundOrganisation>) -> Answer {
    render(&req, &guard, &Typed { kind: "school".to_owned(), ..Typed::default() }, &[]).await
}

async fn found(req: HttpRequest, guard: Guard<FoundOrganisation>, form: Posted<Typed>) -> Answer {
    let (site, t, typed) = (Site::of(&req)?, web::page::texts(&req)?, form.0);
    let answer = match read(&typed, t.day_of(guard.ctx.now())) {
        Ok((new, person)) => {
            let name = format!("{} {}", person.surname, person.given_name);
            let school = School { id: SchoolId(fresh(guard.ctx.now())), code: new.code.clone(), name_kk: new.names.kk.clone(), name_ru: new.names.ru.clone(), name_en: new.names.en.clone(), zone: String::new() };
            service::found(site, &guard.ctx, new, person).await.map(|first| (school, name, first))
        }
        Err(wrong) => Err(wrong),
    };
    match answer {
        Ok((school, name, first)) => show_sheet(&req, &school, &name, &first),
        Err(Error::Invalid(wrong)) => render(&req, &guard, &typed, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

/// All that is wrong is said at once.
fn read(typed: &Typed, today: jiff::civil::Date) -> Result<(NewOrganisation, NewPerson)> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let chosen = rules::FOUNDED.into_iter().find(|(kind, _)| *kind == typed.kind);
    if chosen.is_none() {
        wrong.push(FieldError { field: "kind", message: "organisations-field-kind" });
    }
    let code = rules::code(&typed.code);
    if code.is_none() {
        wrong.push(FieldError { field: "code", message: "people-field-code" });
    }
    let names = gathered(Names::parse(&typed.name_kk, &typed.name_ru, &typed.name_en), &mut wrong)?;
    let person = gathered(NewPerson::parse(&typed.surname, &typed.given_name, &typed.patronymic, "", today), &mut wrong)?;
    match (chosen, code, names, person) {
        (Some((kind, opener)), Some(code), Some(names), Some(person)) => Ok((NewOrganisation { kind, opener, code, names, parent: typed.parent.parse().ok() }, person)),
        _ => Err(Error::Invalid(wrong)),
    }
}

/// What was read, or its errors beside the others.
fn gathered<T>(read: Result<T>, wrong: &mut Vec<FieldError>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(more)) => {
            wrong.extend(more);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

async fn render(req: &HttpRequest, guard: &Guard<FoundOrganisation>, typed: &Typed, wrong: &[FieldError]) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let above = service::above(site, &guard.ctx).await?;
    let kinds = rules::FOUNDED.map(|(kind, _)| Choice::new(kind, t.text(&format!("organisations-kind-{kind}"))));
    let parents = above.iter().map(|one| Choice::new(one.id.to_string(), one.name(t.locale()))).collect();
    let line = |name: &str, key: &str, value: &str| FormField::text(name, t.text(key), Need::Required).value(value);
    let of_it = vec![
        FormField::radios("kind", t.text("organisations-kind"), Need::Required, kinds.into()).value(&typed.kind),
        line("code", "organisations-code", &typed.code).hint(t.text("organisations-code-hint")),
        line("name_kk", "people-organisation-kk", &typed.name_kk),
        line("name_ru", "people-organisation-ru", &typed.name_ru),
        line("name_en", "people-organisation-en", &typed.name_en),
        FormField::select("parent", t.text("people-place-parent"), Need::optional(&t), parents, Some("—".to_owned())).value(&typed.parent),
    ];
    let of_opener = vec![
        line("surname", "organisations-surname", &typed.surname),
        line("given_name", "organisations-given-name", &typed.given_name),
        FormField::text("patronymic", t.text("organisations-patronymic"), Need::optional(&t)).value(&typed.patronymic),
    ];
    let view = View {
        csrf: csrf::field(req),
        list: list::PATH,
        here: PATH,
        failed: !wrong.is_empty(),
        of_it: of_it.into_iter().map(|field| field.error_in(wrong, &t)).collect(),
        of_opener: of_opener.into_iter().map(|field| field.error_in(wrong, &t)).collect(),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("organisations-new")).narrow().status(status).respond(req, &view)
}

/// The sheet with a first login, ready to print.
pub fn show_sheet(req: &HttpRequest, school: &School, name: &str, first: &FirstLogin) -> Answer {
    let slip = Slip::of_login(Site::of(req)?, school, name, &first.login, &first.password)?;
    sheet::respond(req, "organisations-sheet", list::PATH, vec![slip])
}

/// As identity names schools.
pub fn as_school(one: &Organisation) -> School {
    School { id: one.id, code: one.code.clone(), name_kk: one.name_kk.clone(), name_ru: one.name_ru.clone(), name_en: one.name_en.clone(), zone: one.zone.clone() }
}
