//! `/{school}/pupils/{id}/family`: the guardians of a pupil, of now and before; who is added, linked, changed, ended.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard, sessions,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{Error, Result, audit::Whose, error::FieldError, id::PersonId};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    EditFamilies, rules,
    service::{self, FamilyDetail, NewGuardian},
    store::Candidate,
};
use crate::{
    inputs::{Input, Kind, Need},
    pupils::{
        KinshipKind, NewPerson,
        card::{rules as card_rules, view},
        full_name,
    },
};

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/family", get().to(show))
        .route("/{school}/pupils/{id}/family", post().to(add))
        .route("/{school}/pupils/{id}/family/link", post().to(link))
        .route("/{school}/pupils/{id}/family/kind", post().to(change_kind))
        .route("/{school}/pupils/{id}/family/end", post().to(end));
}

#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct NewForm {
    #[serde(default)]
    surname: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    patronymic: String,
    #[serde(default)]
    birth_date: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    kind: String,
    /// Whoever is alike is somebody else.
    #[serde(default)]
    anyway: String,
}

#[derive(Debug, Deserialize)]
struct KinForm {
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    day: String,
}

#[derive(Template)]
#[template(path = "family.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    back: String,
    here: String,
    name: String,
    done: Option<String>,
    q: String,
    now: Vec<Line>,
    before: Vec<Line>,
    found: Vec<Found>,
    /// Nobody came of the search.
    nobody: bool,
    kinds: Vec<(&'static str, String)>,
    today: String,
    inputs: Vec<Input>,
    failed: bool,
    /// People of the school who are called the same as who was typed.
    alike: Vec<Found>,
    day_error: Option<String>,
}

struct Line {
    id: String,
    kind: String,
    words: String,
    name: String,
    href: String,
    days: String,
}

struct Found {
    id: String,
    name: String,
    children: String,
}

/// What the page says beside what is there.
#[derive(Default)]
struct Said {
    q: String,
    done: Option<String>,
    typed: NewForm,
    wrong: Vec<FieldError>,
    alike: Vec<Candidate>,
}

async fn show(req: HttpRequest, guard: ClassGuard<EditFamilies>, path: Path<(String, String)>, query: Asked<Search>) -> Answer {
    render(&req, &guard, pupil_of(&path.1)?, Said { q: query.q.clone(), done: query.done.clone(), ..Said::default() }).await
}

async fn add(req: HttpRequest, guard: ClassGuard<EditFamilies>, path: Path<(String, String)>, form: Posted<NewForm>) -> Answer {
    let (site, t, school, pupil, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?, form.0);
    service::family(&site.db, &guard.ctx, school.id, pupil, "").await?;
    let today = t.day_of(guard.ctx.now());
    let new = match read(&typed, today) {
        Ok(new) => new,
        Err(Error::Invalid(wrong)) => return render(&req, &guard, pupil, Said { typed, wrong, ..Said::default() }).await,
        Err(other) => return Err(other.into()),
    };
    if typed.anyway.is_empty() {
        let words = format!("{} {}", new.person.surname, new.person.given_name);
        let alike = service::family(&site.db, &guard.ctx, school.id, pupil, &words).await?.found;
        if !alike.is_empty() {
            let wrong = vec![FieldError { field: "anyway", message: "families-alike" }];
            return render(&req, &guard, pupil, Said { typed, wrong, alike, ..Said::default() }).await;
        }
    }
    service::add(&site.db, &guard.ctx, school.id, pupil, new, today).await?;
    Ok(back(&school.code, pupil))
}

async fn link(req: HttpRequest, guard: ClassGuard<EditFamilies>, path: Path<(String, String)>, form: Posted<KinForm>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    service::family(&site.db, &guard.ctx, school.id, pupil, "").await?;
    let (guardian, kind) = (guardian_of(&form.0.guardian)?, kind_of(&form.0.kind)?);
    service::link(&site.db, &guard.ctx, school.id, pupil, guardian, kind, t.day_of(guard.ctx.now())).await?;
    sessions::forget_person(site, guardian);
    Ok(back(&school.code, pupil))
}

async fn change_kind(req: HttpRequest, guard: ClassGuard<EditFamilies>, path: Path<(String, String)>, form: Posted<KinForm>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    service::family(&site.db, &guard.ctx, school.id, pupil, "").await?;
    let (guardian, kind) = (guardian_of(&form.0.guardian)?, kind_of(&form.0.kind)?);
    service::change_kind(&site.db, &guard.ctx, school.id, pupil, guardian, kind, t.day_of(guard.ctx.now())).await?;
    Ok(back(&school.code, pupil))
}

async fn end(req: HttpRequest, guard: ClassGuard<EditFamilies>, path: Path<(String, String)>, form: Posted<KinForm>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    service::family(&site.db, &guard.ctx, school.id, pupil, "").await?;
    let guardian = guardian_of(&form.0.guardian)?;
    match rules::ended_from(&form.0.day, t.day_of(guard.ctx.now())) {
        Ok(from) => {
            service::end(&site.db, &guard.ctx, school.id, pupil, guardian, from).await?;
            // What their sessions remember of the child is gone with the answer, not with the next word from the database.
            sessions::forget_person(site, guardian);
            Ok(back(&school.code, pupil))
        }
        Err(Error::Invalid(wrong)) => render(&req, &guard, pupil, Said { wrong, ..Said::default() }).await,
        Err(other) => Err(other.into()),
    }
}

fn read(typed: &NewForm, today: Date) -> Result<NewGuardian> {
    let mut wrong = Vec::new();
    let person = match NewPerson::parse(&typed.surname, &typed.given_name, &typed.patronymic, &typed.birth_date, today) {
        Ok(person) => Some(person),
        Err(Error::Invalid(more)) => {
            wrong.extend(more);
            None
        }
        Err(other) => return Err(other),
    };
    let phone = Some(typed.phone.trim()).filter(|phone| !phone.is_empty()).map(card_rules::phone);
    if phone == Some(None) {
        wrong.push(FieldError { field: "phone", message: "card-wrong-phone" });
    }
    let kind = KinshipKind::parse(&typed.kind);
    if kind.is_none() {
        wrong.push(FieldError { field: "kind", message: "card-wrong-choice" });
    }
    match (person, kind) {
        (Some(person), Some(kind)) if wrong.is_empty() => Ok(NewGuardian { person, kind, phone: phone.flatten() }),
        _ => Err(Error::Invalid(wrong)),
    }
}

async fn render(req: &HttpRequest, guard: &ClassGuard<EditFamilies>, pupil: PersonId, said: Said) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let FamilyDetail { pupil: who, kin, found } = service::family(&site.db, &guard.ctx, school.id, pupil, &said.q).await?;
    let others = found.iter().chain(&said.alike).map(|one| one.id);
    let shown = std::iter::once(pupil).chain(kin.iter().map(|kin| kin.guardian_id)).chain(others);
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_family", Whose::persons(shown))]).await?;
    let kinds: Vec<(&'static str, String)> = KinshipKind::ALL.map(|kind| (kind.as_str(), t.text(kind_key(kind.as_str())))).into();
    let line = |kin: &service::Kin| Line {
        id: kin.guardian_id.to_string(),
        kind: kin.kind.clone(),
        words: t.text(kind_key(&kin.kind)),
        name: full_name(&kin.surname, &kin.given_name, kin.patronymic.as_deref()),
        href: format!("/{}/guardians/{}", school.code, kin.guardian_id),
        days: match kin.valid_to {
            Some(to) => t.with("card-days-from-to", (("from", view::day(kin.valid_from)), ("to", view::day(to)))),
            None => t.with("card-days-since", [("from", view::day(kin.valid_from))]),
        },
    };
    let (now, before): (Vec<_>, Vec<_>) = kin.iter().partition(|kin| kin.valid_to.is_none());
    let status = if said.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let home = format!("/{}/pupils/{pupil}", school.code);
    let view = View {
        csrf: csrf::field(req),
        here: format!("{home}/family"),
        back: home,
        name: who.full_name(),
        done: said.done.map(|_| t.text("card-done")),
        now: now.into_iter().map(line).collect(),
        before: before.into_iter().map(line).collect(),
        nobody: !said.q.trim().is_empty() && found.is_empty(),
        found: found.iter().map(|one| found_line(&t, one)).collect(),
        alike: said.alike.iter().map(|one| found_line(&t, one)).collect(),
        q: said.q,
        inputs: inputs(&t, &said.typed, &kinds, &said.wrong),
        kinds,
        today: t.day_of(guard.ctx.now()).to_string(),
        failed: !said.wrong.is_empty(),
        day_error: said.wrong.iter().find(|wrong| wrong.field == "day").map(|wrong| t.text(wrong.message)),
        t: t.clone(),
    };
    Page::new(t.text("families-title")).narrow().status(status).respond(req, &view)
}

fn found_line(t: &Texts<'_>, one: &Candidate) -> Found {
    let children = if one.children.is_empty() { t.text("families-no-children") } else { t.with("families-children", [("children", one.children.join(", "))]) };
    Found { id: one.id.to_string(), name: full_name(&one.surname, &one.given_name, one.patronymic.as_deref()), children }
}

fn inputs(t: &Texts<'_>, typed: &NewForm, kinds: &[(&'static str, String)], wrong: &[FieldError]) -> Vec<Input> {
    let kinds = kinds.iter().map(|(kind, words)| ((*kind).to_owned(), words.clone())).collect();
    let mut inputs = vec![
        Input::new("kind", t.text("families-kind"), typed.kind.clone(), Kind::Choice(kinds), Need::Required),
        Input::new("surname", t.text("card-field-surname"), typed.surname.clone(), Kind::Line(80), Need::Required),
        Input::new("given_name", t.text("card-field-given-name"), typed.given_name.clone(), Kind::Line(80), Need::Required),
        Input::new("patronymic", t.text("card-field-patronymic"), typed.patronymic.clone(), Kind::Line(80), Need::Optional),
        Input::new("birth_date", t.text("card-field-birth-date"), typed.birth_date.clone(), Kind::Day, Need::Optional),
        Input::new("phone", t.text("card-field-phone"), typed.phone.clone(), Kind::Phone, Need::Optional).hinted(t.text("card-phone-hint")),
    ];
    view::mark(t, &mut inputs, wrong);
    inputs
}

fn kind_key(kind: &str) -> String {
    format!("people-kinship-{}", kind.replace('_', "-"))
}

fn pupil_of(text: &str) -> Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn guardian_of(text: &str) -> Result<PersonId> {
    text.parse().map_err(|_| Error::invalid("guardian", "card-wrong-choice"))
}

fn kind_of(text: &str) -> Result<KinshipKind> {
    KinshipKind::parse(text).ok_or_else(|| Error::invalid("kind", "card-wrong-choice"))
}

fn back(code: &str, pupil: PersonId) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/pupils/{pupil}/family?done=1"))).finish()
}
