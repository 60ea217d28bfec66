//! `/{school}/buildings`: the buildings in use and the former ones, each with its history, and the form that writes them down.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{Guard, schools::School};
use kernel::{
    Error, Locale,
    error::FieldError,
    id::{Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Choice, Empty, FormField, Icon, Need, StatusBlock, Tone},
    csrf::{self, CsrfField},
    failure::encoded,
    form::{Asked, Posted},
    xlsx::{self, Cell, Heading, List},
};

use super::{
    ManageBuildings,
    rules::{KINDS, NewBuilding, Typed},
    service::{self, Which},
    store::Building,
};
use crate::{
    classes::Homed,
    pupils::SeePupils,
    years::{SeeCalendar, short},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/buildings", get().to(list))
        .route("/{school}/buildings", post().to(add))
        .route("/{school}/buildings.xlsx", get().to(file))
        .route("/{school}/buildings/new", get().to(new))
        .route("/{school}/buildings/{id}", get().to(show))
        .route("/{school}/buildings/{id}", post().to(change))
        .route("/{school}/buildings/{id}/form", get().to(form));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    done: Option<String>,
}

impl ListQuery {
    fn which(&self) -> Which {
        if self.state == "former" { Which::Former } else { Which::InUse }
    }

    fn name(&self) -> String {
        self.q.trim().chars().take(100).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BuildingForm {
    id: String,
    version: String,
    name_kk: String,
    name_ru: String,
    kind: String,
    place_kk: String,
    place_ru: String,
    address: String,
    year_built: String,
    floors: String,
    capacity: String,
    shifts: String,
    sort: String,
    valid_from: String,
    valid_to: String,
}

impl BuildingForm {
    fn typed(&self) -> Typed {
        let Self { id: _, version: _, name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to } = self;
        let [name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to] =
            [name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to].map(String::clone);
        Typed { name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to }
    }

    fn of(building: &Building) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = |value: Option<i32>| value.map(|number| number.to_string()).unwrap_or_default();
        Self {
            id: show_id(building.id),
            version: building.version.to_string(),
            name_kk: building.name_kk.clone(),
            name_ru: building.name_ru.clone(),
            kind: building.kind.clone(),
            place_kk: text(&building.place_kk),
            place_ru: text(&building.place_ru),
            address: text(&building.address),
            year_built: number(building.year_built.map(i32::from)),
            floors: number(building.floors.map(i32::from)),
            capacity: number(building.capacity),
            shifts: number(building.shifts.map(i32::from)),
            sort: building.sort.to_string(),
            valid_from: building.valid_from.to_string(),
            valid_to: building.valid_to.map(|day| day.to_string()).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "buildings.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    file: String,
    q: &'a str,
    states: [(&'static str, String, bool); 2],
    done: Option<String>,
    lines: Vec<Line>,
    capacity: i64,
    nothing: Empty,
    may_manage: bool,
}

struct Line {
    href: String,
    name: String,
    kind: String,
    address: String,
    capacity: String,
    shifts: String,
    times: String,
}

#[derive(Template)]
#[template(path = "building.html")]
struct BuildingPage<'a> {
    t: Texts<'a>,
    list: String,
    path: String,
    title: String,
    facts: Vec<(String, String)>,
    /// Earlier versions: until when it was so, and what was otherwise.
    earlier: Vec<(String, Vec<(String, String)>)>,
    /// The classes that are at home here: their page where it may be opened, their label, and their room.
    homes: Vec<(Option<String>, String, String)>,
    done: Option<String>,
    may_manage: bool,
}

#[derive(Template)]
#[template(path = "building_form.html")]
struct FormPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    action: String,
    title: String,
    typed: &'a BuildingForm,
    refused: Option<StatusBlock>,
    fields: Vec<FormField>,
}

fn name(t: &Texts<'_>, building: &Building) -> String {
    if t.locale() == Locale::Kk { building.name_kk.clone() } else { building.name_ru.clone() }
}

/// The place and the street, as one writes on a letter.
fn address(t: &Texts<'_>, building: &Building) -> String {
    let place = if t.locale() == Locale::Kk { &building.place_kk } else { &building.place_ru };
    [place, &building.address].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
}

/// From which day, or from which to which.
fn times(t: &Texts<'_>, building: &Building) -> String {
    let from = short(building.valid_from);
    match building.valid_to {
        Some(to) => t.with("buildings-from-to", (("from", from), ("to", short(to)))),
        None => t.with("buildings-since", [("from", from)]),
    }
}

fn done_words(t: &Texts<'_>, done: Option<&str>) -> Option<String> {
    ["added", "changed"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("buildings-done-{done}")))
}

async fn list(req: HttpRequest, guard: Guard<SeeCalendar>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let which = query.which();
    let buildings = service::list(&site.db, &guard.ctx, school.id, query.name(), which, t.day_of(guard.ctx.now())).await?;
    let path = format!("/{}/buildings", school.code);
    let number = |value: Option<i32>| value.map(|number| t.number(number)).unwrap_or_default();
    let line = |building: &Building| Line {
        href: format!("{path}/{}", show_id(building.id)),
        name: name(&t, building),
        kind: t.text(format!("buildings-kind-{}", building.kind)),
        address: address(&t, building),
        capacity: number(building.capacity),
        shifts: number(building.shifts.map(i32::from)),
        times: times(&t, building),
    };
    let view = ListPage {
        school_name: school.name(t.locale()),
        file: format!("{path}.xlsx?q={}&state={}", encoded(&query.q), encoded(&query.state)),
        q: &query.q,
        states: [("", "in-use", which == Which::InUse), ("former", "former", which == Which::Former)].map(|(value, key, chosen)| (value, t.text(format!("buildings-{key}")), chosen)),
        done: done_words(&t, query.done.as_deref()),
        lines: buildings.iter().map(line).collect(),
        capacity: buildings.iter().filter_map(|building| building.capacity).map(i64::from).sum(),
        nothing: Empty { icon: Icon("school"), title: t.text("buildings-none-title"), body: t.text("buildings-none-body"), action: None },
        may_manage: guard.ctx.require::<ManageBuildings>().is_ok(),
        path,
        t: t.clone(),
    };
    Page::new(t.text("buildings-title")).respond(&req, &view)
}

async fn file(req: HttpRequest, guard: Guard<SeeCalendar>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let buildings = service::list(&site.db, &guard.ctx, school.id, query.name(), query.which(), t.day_of(guard.ctx.now())).await?;
    let headings = [("buildings-name_kk", 40), ("buildings-name_ru", 40), ("buildings-kind", 18), ("buildings-address", 40), ("buildings-year_built", 12), ("buildings-floors", 10), ("buildings-capacity", 12), ("buildings-shifts", 10), ("buildings-valid_from", 14), ("buildings-valid_to", 14)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let count = |number: Option<i32>| number.map_or(Cell::Empty, Cell::Count);
    let row = |building: &Building| {
        let words = [building.name_kk.clone(), building.name_ru.clone(), t.text(format!("buildings-kind-{}", building.kind)), address(&t, building)].map(Cell::Text);
        let numbers = [building.year_built.map(i32::from), building.floors.map(i32::from), building.capacity, building.shifts.map(i32::from)].map(count);
        let days = [Cell::Text(short(building.valid_from)), building.valid_to.map_or(Cell::Empty, |day| Cell::Text(short(day)))];
        words.into_iter().chain(numbers).chain(days).collect::<Vec<_>>()
    };
    let rows: Vec<_> = buildings.iter().map(row).collect();
    xlsx::respond(List { file: format!("{}-buildings", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

/// All that is known of a version.
fn facts(t: &Texts<'_>, building: &Building) -> Vec<(String, String)> {
    let fact = |key: &str, value: Option<String>| value.map(|value| (t.text(format!("buildings-{key}")), value));
    let number = |value: Option<i32>| value.map(|number| number.to_string());
    let all = [
        fact("name_kk", Some(building.name_kk.clone())),
        fact("name_ru", Some(building.name_ru.clone())),
        fact("kind", Some(t.text(format!("buildings-kind-{}", building.kind)))),
        fact("place_kk", building.place_kk.clone()),
        fact("place_ru", building.place_ru.clone()),
        fact("address", building.address.clone()),
        fact("year_built", number(building.year_built.map(i32::from))),
        fact("floors", number(building.floors.map(i32::from))),
        fact("capacity", number(building.capacity)),
        fact("shifts", number(building.shifts.map(i32::from))),
        fact("valid_from", Some(short(building.valid_from))),
        fact("valid_to", building.valid_to.map(short)),
        fact("sort", Some(building.sort.to_string())),
    ];
    all.into_iter().flatten().collect()
}

async fn show(req: HttpRequest, guard: Guard<SeeCalendar>, path: Path<(String, String)>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (now, earlier) = service::versions(&site.db, &guard.ctx, school.id, id_of(&path.1)?).await?;
    let homed = service::at_home(&site.db, &guard.ctx, school.id, now.id).await?;
    let opens = |class: &Homed| guard.ctx.within::<SeePupils>().is_ok().then(|| format!("/{}/classes/{}", school.code, class.id));
    let list = format!("/{}/buildings", school.code);
    let mut after = (facts(&t, &now), now.set_at);
    let mut history = Vec::with_capacity(earlier.len());
    for version in &earlier {
        let all = facts(&t, version);
        let otherwise = all.iter().filter(|fact| !after.0.contains(fact)).cloned().collect();
        history.push((t.with("buildings-until", [("date", t.date(after.1))]), otherwise));
        after = (all, version.set_at);
    }
    let view = BuildingPage {
        path: format!("{list}/{}", show_id(now.id)),
        list,
        title: name(&t, &now),
        facts: facts(&t, &now),
        earlier: history,
        homes: homed.iter().map(|class| (opens(class), class.label.clone(), class.room.clone().unwrap_or_default())).collect(),
        done: done_words(&t, query.done.as_deref()),
        may_manage: guard.ctx.require::<ManageBuildings>().is_ok(),
        t: t.clone(),
    };
    Page::new(view.title.clone()).respond(&req, &view)
}

async fn new(req: HttpRequest, guard: Guard<ManageBuildings>) -> Answer {
    let t = web::page::texts(&req)?;
    let typed = BuildingForm { id: show_id(guard.ctx.id::<Uuid>()), kind: "main".into(), sort: "1".into(), valid_from: t.day_of(guard.ctx.now()).to_string(), ..BuildingForm::default() };
    respond_form(&req, guard.school()?, None, &typed, Said::default())
}

async fn add(req: HttpRequest, guard: Guard<ManageBuildings>, form: Posted<BuildingForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id = read(&form.0.id).unwrap_or_else(|| guard.ctx.id());
    let added = match NewBuilding::parse(&form.0.typed(), t.day_of(guard.ctx.now())) {
        Ok(building) => service::add(&site.db, &guard.ctx, school.id, id, building).await,
        Err(wrong) => Err(wrong),
    };
    match added {
        Ok(()) => Ok(back(school, id, "added")),
        Err(Error::Invalid(wrong)) => respond_form(&req, school, None, &form.0, Said::wrong(&wrong)),
        Err(other) => Err(other.into()),
    }
}

async fn form(req: HttpRequest, guard: Guard<ManageBuildings>, path: Path<(String, String)>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, id_of(&path.1)?);
    let (building, _) = service::versions(&site.db, &guard.ctx, school.id, id).await?;
    respond_form(&req, school, Some(id), &BuildingForm::of(&building), Said::default())
}

/// One that is not there is not there, whatever was typed.
async fn change(req: HttpRequest, guard: Guard<ManageBuildings>, path: Path<(String, String)>, form: Posted<BuildingForm>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, id_of(&path.1)?);
    service::versions(&site.db, &guard.ctx, school.id, id).await?;
    let changed = match NewBuilding::parse(&form.0.typed(), t.day_of(guard.ctx.now())) {
        Ok(building) => service::change(&site.db, &guard.ctx, school.id, id, form.0.version.parse().unwrap_or_default(), building, t.day_of(guard.ctx.now())).await,
        Err(wrong) => Err(wrong),
    };
    match changed {
        Ok(()) => Ok(back(school, id, "changed")),
        Err(Error::Invalid(wrong)) => respond_form(&req, school, Some(id), &form.0, Said::wrong(&wrong)),
        // What was typed stays: the classes are given another home, or the day is changed.
        Err(Error::Refused("buildings.in_use")) => {
            let homed = service::at_home(&site.db, &guard.ctx, school.id, id).await?;
            respond_form(&req, school, Some(id), &form.0, Said { homed, ..Said::default() })
        }
        Err(other) => Err(other.into()),
    }
}

/// What is said of a form that was not taken.
#[derive(Default)]
struct Said<'a> {
    wrong: &'a [FieldError],
    /// Whom it would leave without a home.
    homed: Vec<Homed>,
}

impl<'a> Said<'a> {
    fn wrong(wrong: &'a [FieldError]) -> Self {
        Self { wrong, ..Self::default() }
    }

    fn status(&self) -> StatusCode {
        match (self.wrong.is_empty(), self.homed.is_empty()) {
            (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
            (true, false) => StatusCode::CONFLICT,
            (true, true) => StatusCode::OK,
        }
    }

    fn refused(&self, t: &Texts<'_>) -> Option<StatusBlock> {
        let labels = self.homed.iter().map(|class| class.label.as_str()).collect::<Vec<_>>().join(", ");
        (!labels.is_empty()).then(|| StatusBlock {
            tone: Tone::Bad,
            title: t.text("refused-buildings-in-use-title"),
            body: t.with("buildings-in-use-classes", [("classes", labels)]),
            action: None,
        })
    }
}

fn respond_form(req: &HttpRequest, school: &School, building: Option<Uuid>, typed: &BuildingForm, said: Said<'_>) -> Answer {
    let t = web::page::texts(req)?;
    let list = format!("/{}/buildings", school.code);
    let view = FormPage {
        csrf: csrf::field(req),
        action: building.map_or_else(|| list.clone(), |id| format!("{list}/{}", show_id(id))),
        title: t.text(if building.is_some() { "buildings-change-title" } else { "buildings-new-title" }),
        typed,
        refused: said.refused(&t),
        fields: fields(&t, typed, said.wrong),
        list,
        t: t.clone(),
    };
    Page::new(view.title.clone()).narrow().status(said.status()).respond(req, &view)
}

fn fields(t: &Texts<'_>, typed: &BuildingForm, wrong: &[FieldError]) -> Vec<FormField> {
    let label = |name: &str| t.text(format!("buildings-{name}"));
    let done = |field: FormField, value: &str| field.value(value).error_in(wrong, t);
    let line = |name: &'static str, value: &str, need: Need, most| done(FormField::text(name, label(name), need).most(most), value);
    let kinds = KINDS.map(|kind| Choice::new(kind, t.text(format!("buildings-kind-{kind}")))).into();
    let shifts = ["1", "2", "3"].map(|shift| Choice::new(shift, shift)).into();
    vec![
        line("name_kk", &typed.name_kk, Need::Required, 200),
        line("name_ru", &typed.name_ru, Need::Required, 200),
        done(FormField::select("kind", label("kind"), Need::Required, kinds, None), &typed.kind),
        line("place_kk", &typed.place_kk, Need::optional(t), 100).hint(t.text("buildings-place-hint")),
        line("place_ru", &typed.place_ru, Need::optional(t), 100),
        line("address", &typed.address, Need::optional(t), 300),
        line("year_built", &typed.year_built, Need::optional(t), 4),
        line("floors", &typed.floors, Need::optional(t), 2),
        line("capacity", &typed.capacity, Need::optional(t), 5).hint(t.text("buildings-capacity-hint")),
        done(FormField::select("shifts", label("shifts"), Need::optional(t), shifts, Some(t.text("buildings-shifts-none"))), &typed.shifts),
        done(FormField::date("valid_from", label("valid_from"), Need::Required), &typed.valid_from),
        done(FormField::date("valid_to", label("valid_to"), Need::optional(t)), &typed.valid_to).hint(t.text("buildings-end-hint")),
        line("sort", &typed.sort, Need::optional(t), 2).hint(t.text("buildings-sort-hint")),
    ]
}

fn id_of(text: &str) -> kernel::Result<Uuid> {
    read(text).ok_or(Error::NotFound)
}

fn back(school: &School, id: Uuid, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/buildings/{}?done={done}", school.code, show_id(id)))).finish()
}
