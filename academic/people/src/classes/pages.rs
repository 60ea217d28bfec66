//! `/{school}/classes/{id}`: a class, who is in it, and the making, changing and closing of classes.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard, Guard,
    trail::{self, Sight},
};
use kernel::{
    Error, Locale,
    audit::Whose,
    error::FieldError,
    id::{ClassId, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Choice, FormField, Need},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
    xlsx::{self, Cell, Heading, List},
};

use super::{
    ManageClasses,
    rules::{KINDS, LANGUAGES, PROFILES, ROOM_MOST, Typed},
    service::{self, Filter},
    store::{ClassDetail, ClassPupil},
};
use crate::{
    buildings::Stands,
    pupils::SeePupils,
    years::short,
};

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/classes", post().to(add))
        .route("/{school}/classes/new", get().to(new))
        .route("/{school}/classes/{id}", get().to(show))
        .route("/{school}/classes/{id}", post().to(change))
        .route("/{school}/classes/{id}/form", get().to(form))
        .route("/{school}/classes/{id}/close", post().to(close))
        .route("/{school}/classes/{id}/list.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct ClassForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    grade: String,
    #[serde(default)]
    letter: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    shift: String,
    #[serde(default)]
    home_building: String,
    #[serde(default)]
    home_room: String,
}

impl ClassForm {
    fn typed(&self) -> Typed {
        let Self { id: _, grade, letter, language, kind, profile, shift, home_building, home_room } = self;
        let [grade, letter, language, kind, profile, shift, home_building, home_room] = [grade, letter, language, kind, profile, shift, home_building, home_room].map(String::clone);
        Typed { grade, letter, language, kind, profile, shift, home_building, home_room }
    }

    fn of(class: &ClassDetail) -> Self {
        Self {
            id: class.id.to_string(),
            grade: class.grade.to_string(),
            letter: class.letter.clone(),
            language: class.language.clone(),
            kind: class.kind.clone(),
            profile: class.profile.clone(),
            shift: class.shift.to_string(),
            home_building: class.home_building_id.map(show_id).unwrap_or_default(),
            home_room: class.home_room.clone().unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "class.html")]
struct ClassPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    list: String,
    path: String,
    title: String,
    facts: Vec<(String, String)>,
    pupils: Vec<(String, String, String)>,
    is_open: bool,
    may_manage: bool,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "class_form.html")]
struct FormPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    action: String,
    title: String,
    id: String,
    fields: Vec<FormField>,
}

pub(super) fn done_words(t: &Texts<'_>, done: Option<&str>) -> Option<String> {
    ["added", "changed", "closed"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("classes-done-{done}")))
}

/// The building and the room, where they are told.
pub(super) fn home_words(t: &Texts<'_>, class: &ClassDetail) -> String {
    let building = if t.locale() == Locale::Kk { &class.home_kk } else { &class.home_ru };
    [building, &class.home_room].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
}

async fn show(req: HttpRequest, guard: ClassGuard<SeePupils>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (class, pupils) = service::class(&site.db, &guard.ctx, school.id, id_of(&path.1)?).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_class", Whose::Class(class.id))]).await?;
    let home = format!("/{}", school.code);
    let mut facts = vec![
        (t.text("classes-language"), t.text(format!("classes-language-{}", class.language))),
        (t.text("classes-shift"), class.shift.to_string()),
        (t.text("classes-kind"), t.text(format!("classes-kind-{}", class.kind))),
        (t.text("classes-profile"), t.text(format!("classes-profile-{}", class.profile))),
        (t.text("classes-home"), Some(home_words(&t, &class)).filter(|home| !home.is_empty()).unwrap_or_else(|| t.text("classes-home-none"))),
        (t.text("classes-year"), format!("{}/{:02}", class.year, class.year.saturating_add(1).rem_euclid(100))),
        (t.text("classes-teacher"), class.teachers.clone().unwrap_or_else(|| t.text("classes-no-teacher"))),
    ];
    if let Some(closed) = class.valid_to {
        facts.push((t.text("classes-closed-on"), short(closed)));
    }
    let view = ClassPage {
        csrf: csrf::field(&req),
        school_name: school.name(t.locale()),
        list: format!("{home}/classes"),
        path: format!("{home}/classes/{}", class.id),
        title: t.with("classes-class-title", [("class", class.label())]),
        facts,
        pupils: pupils.iter().map(|pupil| (format!("{home}/pupils/{}", pupil.id), pupil.full_name(), pupil.birth_date.map(|born| short(born)).unwrap_or_default())).collect(),
        is_open: class.valid_to.is_none(),
        may_manage: guard.ctx.require::<ManageClasses>().is_ok(),
        done: done_words(&t, query.done.as_deref()),
        t: t.clone(),
    };
    Page::new(view.title.clone()).respond(&req, &view)
}

async fn export(req: HttpRequest, guard: ClassGuard<SeePupils>, path: Path<(String, String)>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (class, pupils) = service::class(&site.db, &guard.ctx, school.id, id_of(&path.1)?).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.export_class", Whose::Class(class.id))]).await?;
    let headings = [("classes-number", 6), ("people-name", 40), ("people-birth-date", 14), ("classes-since", 14)].map(|(key, width)| Heading { text: t.text(key), width }).into();
    let day = |day: jiff::civil::Date| Cell::Text(short(day));
    let rows: Vec<Vec<Cell>> =
        pupils.iter().zip(1..).map(|(pupil, number)| vec![Cell::Count(number), Cell::Text(pupil.full_name()), pupil.birth_date.map_or(Cell::Empty, day), day(pupil.valid_from)]).collect();
    // The letter may be none that a file's name can hold everywhere.
    xlsx::respond(List { file: format!("{}-class-{}", school.code, class.grade), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

async fn new(req: HttpRequest, guard: Guard<ManageClasses>) -> Answer {
    let typed = ClassForm { id: guard.ctx.id::<ClassId>().to_string(), language: "kk".into(), shift: "1".into(), kind: "ordinary".into(), profile: "general".into(), ..ClassForm::default() };
    respond_form(&req, &guard, None, &typed, &[]).await
}

async fn add(req: HttpRequest, guard: Guard<ManageClasses>, form: Posted<ClassForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id = form.0.id.parse().unwrap_or_else(|_| guard.ctx.id());
    match service::add(&site.db, &guard.ctx, school.id, id, &form.0.typed(), t.day_of(guard.ctx.now())).await {
        Ok(()) => Ok(back(format!("/{}/classes/{id}?done=added", school.code))),
        Err(Error::Invalid(wrong)) => respond_form(&req, &guard, None, &form.0, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn form(req: HttpRequest, guard: Guard<ManageClasses>, path: Path<(String, String)>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, id_of(&path.1)?);
    let classes = service::list(&site.db, &guard.ctx, school.id, Filter::default()).await?;
    let class = classes.into_iter().find(|class| class.id == id).ok_or(Error::NotFound)?;
    respond_form(&req, &guard, Some(&class), &ClassForm::of(&class), &[]).await
}

/// One that is not there is not there, whatever was typed.
async fn change(req: HttpRequest, guard: Guard<ManageClasses>, path: Path<(String, String)>, form: Posted<ClassForm>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, id_of(&path.1)?);
    let (class, _) = service::class(&site.db, &guard.ctx, school.id, id).await?;
    match service::change(&site.db, &guard.ctx, school.id, id, &form.0.typed(), t.day_of(guard.ctx.now())).await {
        Ok(()) => Ok(back(format!("/{}/classes/{id}?done=changed", school.code))),
        Err(Error::Invalid(wrong)) => respond_form(&req, &guard, Some(&class), &form.0, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn close(req: HttpRequest, guard: Guard<ManageClasses>, path: Path<(String, String)>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, id_of(&path.1)?);
    service::class(&site.db, &guard.ctx, school.id, id).await?;
    service::close(&site.db, &guard.ctx, school.id, id, t.day_of(guard.ctx.now())).await?;
    Ok(back(format!("/{}/classes?done=closed", school.code)))
}

async fn respond_form(req: &HttpRequest, guard: &Guard<ManageClasses>, class: Option<&ClassDetail>, typed: &ClassForm, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let standing = service::homes(&site.db, &guard.ctx, school.id, class.map(|class| class.year), t.day_of(guard.ctx.now())).await?;
    let list = format!("/{}/classes", school.code);
    let view = FormPage {
        csrf: csrf::field(req),
        action: class.map_or_else(|| list.clone(), |class| format!("{list}/{}", class.id)),
        title: t.text(if class.is_some() { "classes-change-title" } else { "classes-new-title" }),
        id: typed.id.clone(),
        fields: fields(&t, typed, homes(&t, standing, class), wrong),
        list,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}

/// The buildings to choose from; the one where the class is at home already is among them, whatever became of it.
fn homes(t: &Texts<'_>, standing: Vec<Stands>, class: Option<&ClassDetail>) -> Vec<Choice> {
    let named = |id, kk: &String, ru: &String| Choice::new(show_id(id), if t.locale() == Locale::Kk { kk } else { ru });
    let own = class.and_then(|class| Some((class.home_building_id?, class.home_kk.as_ref()?, class.home_ru.as_ref()?)));
    let left = own.filter(|(id, _, _)| standing.iter().all(|one| one.id != *id)).map(|(id, kk, ru)| named(id, kk, ru));
    standing.iter().map(|one| named(one.id, &one.name_kk, &one.name_ru)).chain(left).collect()
}

fn fields(t: &Texts<'_>, typed: &ClassForm, homes: Vec<Choice>, wrong: &[FieldError]) -> Vec<FormField> {
    let done = |field: FormField, value: &str| field.value(value).error_in(wrong, t);
    let line = |name: &'static str, value: &str| done(FormField::text(name, t.text(format!("classes-{name}")), Need::Required).most(2), value);
    let choice = |name: &'static str, value: &str, list: &[&str]| {
        let choices = list.iter().map(|one| Choice::new(*one, t.text(format!("classes-{name}-{one}")))).collect();
        done(FormField::select(name, t.text(format!("classes-{name}")), Need::Required, choices, None), value)
    };
    let shifts = ["1", "2", "3"].map(|shift| Choice::new(shift, shift)).into();
    let mut fields = vec![
        line("grade", &typed.grade),
        line("letter", &typed.letter),
        choice("language", &typed.language, &LANGUAGES),
        done(FormField::select("shift", t.text("classes-shift"), Need::Required, shifts, None), &typed.shift),
        choice("kind", &typed.kind, &KINDS),
        choice("profile", &typed.profile, &PROFILES),
    ];
    let building = FormField::select("home_building", t.text("classes-home-building"), Need::optional(t), homes.clone(), Some(t.text("classes-home-none")));
    // A school that has not written its buildings down has nothing to choose from.
    fields.extend((!homes.is_empty()).then(|| done(building, &typed.home_building)));
    fields.push(done(FormField::text("home_room", t.text("classes-home-room"), Need::optional(t)).most(ROOM_MOST), &typed.home_room).hint(t.text("classes-home-room-hint")));
    fields
}

fn id_of(text: &str) -> kernel::Result<ClassId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn back(to: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

impl ClassPupil {
    fn full_name(&self) -> String {
        crate::pupils::full_name(&self.surname, &self.given_name, self.patronymic.as_deref())
    }
}
