//! `/{school}/staff`, its files, the forecast of who retires, and the form of a new employee.

use std::collections::{BTreeMap, HashMap};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    logins::ManageAccounts,
    trail::{self, Sight},
};
use jiff::{Span, civil::Date};
use kernel::{
    Error, Result,
    audit::Whose,
    error::FieldError,
    id::{Uuid, read, show},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, Sort, StatusDot, Tone,
        table::{Action, Cell as ListCell, Filter as ListFilter, Order, Row, Way},
    },
    csrf::{self, CsrfField},
    export::{self, Format},
    form::{Asked, Posted},
    xlsx::{Cell, Heading, List},
};

use super::{
    ManageStaff, SeeStaff,
    rules::{CATEGORIES, LineKind, NewLine, POSITIONS, SORTS},
    service::{self, FILE, Filter, PAGE},
    store::Employee,
    words,
};
use crate::{
    doubles::namesakes::{self, Alike},
    inputs::{Input, Kind, Need},
    pupils::{NewPerson, card::view},
};

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/staff", get().to(list))
        .route("/{school}/staff.xlsx", get().to(export))
        .route("/{school}/staff.csv", get().to(export))
        .route("/{school}/staff-forecast", get().to(forecast))
        .route("/{school}/staff-new", get().to(new))
        .route("/{school}/staff-new", post().to(hire));
}

#[derive(Debug, Deserialize)]
struct Years {
    #[serde(default)]
    years: String,
}

#[derive(Template)]
#[template(path = "staff.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    forecast: String,
    new: Option<String>,
    table: DataTable<'a>,
}

#[derive(Template)]
#[template(path = "staff_forecast.html")]
struct ForecastPage<'a> {
    t: Texts<'a>,
    back: String,
    here: String,
    years: i64,
    choices: [i64; 4],
    sub: String,
    /// What somebody does, and how many of them reach the age.
    sums: Vec<(String, usize)>,
    /// Page, name, work, day.
    rows: Vec<(String, String, String, String)>,
    /// Page and name.
    unknown: Vec<(String, String)>,
    /// Sex, since when, age, act, whether it was checked.
    rules: Vec<(String, String, String, String, String)>,
}

#[derive(Template)]
#[template(path = "staff_form.html")]
pub(super) struct FormPage<'a> {
    pub t: Texts<'a>,
    pub csrf: CsrfField,
    pub back: String,
    pub back_name: String,
    pub here: String,
    pub title: String,
    pub row: String,
    pub kind: &'static str,
    pub failed: bool,
    pub inputs: Vec<Input>,
    /// People of the school who are called the same.
    pub alike: Vec<Alike>,
    /// A box to tick: name, words, ticked.
    pub tick: Option<(&'static str, String, bool)>,
}

/// As an address says. What is no value of a filter is passed over.
fn filter_of(address: &Address) -> Filter {
    let known = |name: &str, known: &[&str]| Some(address.get(name)).filter(|value| known.contains(value)).unwrap_or_default().to_owned();
    let category = if address.get("category") == "none" { "none".to_owned() } else { known("category", &CATEGORIES) };
    let is_back = Sort::of(address, &["name"]).is_some_and(|sort| sort.order == Order::Descending);
    Filter {
        words: address.get("q").trim().chars().take(100).collect(),
        position: known("position", &POSITIONS),
        category,
        sort: known("kind", &SORTS),
        ends: known("ends", &["category", "post"]),
        order: if is_back { service::Way::Back } else { service::Way::Forth },
        after: address.get("after").parse().ok(),
    }
}

/// What of it an audit row keeps: never what was typed.
fn told(filter: &Filter) -> serde_json::Value {
    json!({ "position": filter.position, "category": filter.category, "kind": filter.sort, "ends": filter.ends, "searched": !filter.words.is_empty() })
}

async fn list(req: HttpRequest, guard: Guard<SeeStaff>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (today, address) = (t.day_of(guard.ctx.now()), Address::of(&req));
    let filter = filter_of(&address);
    let (found, more) = service::members(&site.db, &guard.ctx, school.id, &filter, today, PAGE).await?;
    let sight = Sight::of(school.id, "people.list_staff", Whose::persons(found.iter().map(|one| one.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(told(&filter))]).await?;
    let path = format!("/{}/staff", school.code);
    let view = ListPage {
        school_name: school.name(t.locale()),
        forecast: format!("{path}-forecast"),
        new: guard.ctx.require::<ManageStaff>().is_ok().then(|| format!("{path}-new")),
        table: table(&t, &req, &guard, address, &found, more)?,
        t: t.clone(),
    };
    Page::new(t.text("staff-title")).respond(&req, &view)
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, guard: &Guard<SeeStaff>, address: Address, found: &[Employee], more: bool) -> Result<DataTable<'a>> {
    let (school, today) = (guard.school()?, t.day_of(guard.ctx.now()));
    let sort = Sort::of(&address, &["name"]);
    let next = found.last().filter(|_| more).map(|one| one.id.to_string());
    let shown_after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), shown_after, next.as_deref());
    let total = shown_after.is_none().then(|| found.first().map_or(0, |one| one.total));
    let accounts = guard.ctx.require::<ManageAccounts>().is_ok().then(|| format!("/{}/accounts", school.code));
    let path = address.path().to_owned();
    let table = DataTable::new(t.clone(), req, "staff", t.text("staff-title"), address)
        .search(t.text("staff-search"))
        .filters(filters(t))
        .columns(
            vec![
                DataColumn::text("name", t.text("people-name")).sortable().always(),
                DataColumn::text("work", t.text("staff-work")),
                DataColumn::number("rate", t.text("staff-rate")),
                DataColumn::text("category", t.text("staff-category")),
                DataColumn::text("born", t.text("people-birth-date")).on_demand(),
                DataColumn::text("sex", t.text("lists-sex")).on_demand(),
            ],
            sort,
        )
        .rows(found.iter().map(|one| row(t, &path, accounts.as_deref(), one, today)).collect())
        .files()
        .paging(paging)
        .empty(Empty { icon: Icon("people"), title: t.text("staff-nobody-title"), body: t.text("staff-nobody-body"), action: Some((path.clone(), t.text("lists-show-all"))) });
    Ok(match total {
        Some(total) => table.found(t.with("lists-found-staff", [("count", total)])),
        None => table,
    })
}

fn filters(t: &Texts<'_>) -> Vec<ListFilter> {
    let filter = |name: &'static str, label: &str, all: &str, options| ListFilter { name, label: t.text(label), all: t.text(all), options };
    let categories = [words::choices(t, LineKind::Category), vec![("none".to_owned(), t.text("staff-category-none"))]].concat();
    let ends = ["category", "post"].map(|what| (what.to_owned(), t.text(format!("lists-ends-{what}"))));
    vec![
        filter("position", "staff-position", "staff-all-positions", words::choices(t, LineKind::Post)),
        filter("category", "staff-category", "staff-all-categories", categories),
        filter("kind", "staff-sort", "staff-all-sorts", words::sorts(t, LineKind::Post)),
        filter("ends", "lists-ends", "lists-nothing-asked", ends.into()),
    ]
}

fn row(t: &Texts<'_>, path: &str, accounts: Option<&str>, one: &Employee, today: Date) -> Row {
    let name = words::name(one);
    let category = match words::category(t, one, today) {
        None => ListCell::Nothing,
        Some((text, "")) => ListCell::Text(text),
        Some((text, _)) => ListCell::Dot(StatusDot { tone: Tone::Warn, text }),
    };
    Row {
        id: one.id.to_string(),
        cells: vec![
            ListCell::Title { href: format!("{path}/{}", one.id), text: name.clone(), note: None },
            ListCell::Text(words::work(t, one)),
            if one.rate > 0 { ListCell::Text(words::rate(one.rate)) } else { ListCell::Nothing },
            category,
            one.birth_date.map_or(ListCell::Nothing, |born| ListCell::Text(view::day(born))),
            one.sex.as_ref().map_or(ListCell::Nothing, |sex| ListCell::Text(t.text(format!("card-sex-{sex}")))),
        ],
        name,
        actions: accounts.map(|accounts| Action { href: format!("{accounts}/{}", one.id), text: t.text("lists-to-account"), way: Way::Open }).into_iter().collect(),
    }
}

/// Exactly those whom the page says are found.
async fn export(req: HttpRequest, guard: Guard<SeeStaff>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let today = t.day_of(guard.ctx.now());
    let filter = Filter { after: None, ..filter_of(&Address::of(&req)) };
    let (found, _) = service::members(&site.db, &guard.ctx, school.id, &filter, today, FILE).await?;
    service::note_export(&site.db, &guard.ctx, school.id, found.len()).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.list_staff", Whose::persons(found.iter().map(|one| one.id))).filtered(told(&filter))]).await?;
    let headings = [("people-name", 36), ("staff-work", 40), ("staff-rate", 10), ("staff-category", 30), ("people-birth-date", 14)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let rows: Vec<Vec<Cell>> = found
        .iter()
        .map(|one| {
            let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
            vec![
                Cell::Text(words::name(one)),
                Cell::Text(words::work(&t, one)),
                text(Some(one.rate).filter(|rate| *rate > 0).map(words::rate)),
                text(words::category(&t, one, today).map(|(words, _)| words)),
                one.birth_date.map_or(Cell::Empty, Cell::Day),
            ]
        })
        .collect();
    export::respond(Format::of(&req), List { file: format!("{}-staff", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

async fn forecast(req: HttpRequest, guard: Guard<SeeStaff>, query: Asked<Years>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let choices = [1, 3, 5, 10];
    let years: i64 = query.years.parse().ok().filter(|years| choices.contains(years)).unwrap_or(3);
    let today = t.day_of(guard.ctx.now());
    let until = today.saturating_add(Span::new().years(years));
    let found = service::forecast(&site.db, &guard.ctx, school.id, today, until).await?;
    let shown = found.retiring.iter().map(|one| one.employee.id).chain(found.unknown.iter().map(|one| one.id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_staff_forecast", Whose::persons(shown))]).await?;
    let path = format!("/{}/staff", school.code);
    let mut sums: BTreeMap<String, usize> = BTreeMap::new();
    for one in &found.retiring {
        *sums.entry(words::work(&t, &one.employee)).or_default() += 1;
    }
    let rule = |rule: &super::store::PensionAge| {
        let (years, months) = (i64::from(rule.months) / 12, i64::from(rule.months) % 12);
        let checked = t.text(if rule.is_verified { "staff-rule-checked" } else { "staff-rule-unchecked" });
        (t.text(format!("card-sex-{}", rule.sex)), view::day(rule.valid_from), t.with("staff-age", (("years", years), ("months", months))), rule.basis.clone(), checked)
    };
    let view = ForecastPage {
        here: format!("{path}-forecast"),
        years,
        choices,
        sub: t.with("staff-forecast-sub", (("count", found.retiring.len()), ("all", found.all), ("until", view::day(until)))),
        sums: sums.into_iter().collect(),
        rows: found.retiring.iter().map(|one| (format!("{path}/{}", one.employee.id), words::name(&one.employee), words::work(&t, &one.employee), view::day(one.on))).collect(),
        unknown: found.unknown.iter().map(|one| (format!("{path}/{}", one.id), words::name(one))).collect(),
        rules: found.rules.iter().map(rule).collect(),
        back: path,
        t: t.clone(),
    };
    Page::new(t.text("staff-forecast-title")).respond(&req, &view)
}

async fn new(req: HttpRequest, guard: Guard<ManageStaff>) -> Answer {
    render_new(&req, &guard, &HashMap::new(), &[], Vec::new())
}

async fn hire(req: HttpRequest, guard: Guard<ManageStaff>, _: Path<String>, form: Posted<HashMap<String, String>>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    match read_new(&typed, t.day_of(guard.ctx.now())) {
        Ok((person, sex, post)) => {
            if !typed.contains_key("anyway") {
                let alike = namesakes::of(&req, &guard.ctx, school, &person, None).await?;
                if !alike.is_empty() {
                    return render_new(&req, &guard, &typed, &[], alike);
                }
            }
            let row = typed.get("row").and_then(|row| read(row)).unwrap_or_else(|| guard.ctx.id());
            let id = service::hire(&site.db, &guard.ctx, school.id, person, sex, row, post).await?;
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/staff/{id}?done=1", school.code))).finish())
        }
        Err(Error::Invalid(wrong)) => render_new(&req, &guard, &typed, &wrong, Vec::new()),
        Err(other) => Err(other.into()),
    }
}

fn read_new(typed: &HashMap<String, String>, today: Date) -> Result<(NewPerson, Option<String>, NewLine)> {
    let text = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    let person = NewPerson::parse(text("surname"), text("given_name"), text("patronymic"), text("birth_date"), today);
    let post = NewLine::parse(LineKind::Post, typed, today);
    let sex = Some(text("sex").to_owned()).filter(|sex| ["m", "f"].contains(&sex.as_str()));
    match (person, post) {
        (Ok(person), Ok(post)) => Ok((person, sex, post)),
        (person, post) => {
            let mut wrong = Vec::new();
            for error in [person.err(), post.err()].into_iter().flatten() {
                match error {
                    Error::Invalid(more) => wrong.extend(more),
                    other => return Err(other),
                }
            }
            Err(Error::Invalid(wrong))
        }
    }
}

fn render_new(req: &HttpRequest, guard: &Guard<ManageStaff>, typed: &HashMap<String, String>, wrong: &[FieldError], alike: Vec<Alike>) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let sexes = std::iter::once((String::new(), t.text("card-not-said"))).chain(["f", "m"].map(|sex| (sex.to_owned(), t.text(format!("card-sex-{sex}"))))).collect();
    let mut inputs = vec![
        Input::new("surname", t.text("card-field-surname"), text("surname"), Kind::Line(80), Need::Required),
        Input::new("given_name", t.text("card-field-given-name"), text("given_name"), Kind::Line(80), Need::Required),
        Input::new("patronymic", t.text("card-field-patronymic"), text("patronymic"), Kind::Line(80), Need::Optional),
        Input::new("birth_date", t.text("card-field-birth-date"), text("birth_date"), Kind::Day, Need::Optional),
        Input::new("sex", t.text("card-field-sex"), text("sex"), Kind::Choice(sexes), Need::Optional),
    ];
    inputs.extend(line_inputs(&t, LineKind::Post, typed));
    view::mark(&t, &mut inputs, wrong);
    let view = FormPage {
        csrf: csrf::field(req),
        back: format!("/{}/staff", school.code),
        back_name: t.text("staff-title"),
        here: req.path().to_owned(),
        title: t.text("staff-new"),
        row: show(guard.ctx.id::<Uuid>()),
        kind: LineKind::Post.as_str(),
        failed: !wrong.is_empty(),
        inputs,
        tick: (!alike.is_empty()).then(|| ("anyway", t.text("doubles-anyway"), false)),
        alike,
        t: t.clone(),
    };
    let status = if wrong.is_empty() && view.alike.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("staff-new")).narrow().status(status).respond(req, &view)
}

/// The fields of a line of this kind.
pub(super) fn line_inputs(t: &Texts<'_>, kind: LineKind, typed: &HashMap<String, String>) -> Vec<Input> {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let key = |what: &str| t.text(format!("staff-{}-{what}", kind.as_str()));
    let choices = words::choices(t, kind);
    let title = if choices.is_empty() { Kind::Line(200) } else { Kind::Choice(choices) };
    let mut inputs = vec![Input::new("title", key("title"), text("title"), title, Need::Required)];
    if matches!(kind, LineKind::Post | LineKind::Education | LineKind::Period) {
        inputs.push(Input::new("detail", key("detail"), text("detail"), Kind::Line(200), Need::Optional));
    }
    if matches!(kind, LineKind::Post | LineKind::Education) {
        inputs.push(Input::new("sort", key("sort"), text("sort"), Kind::Choice(words::sorts(t, kind)), Need::Required));
    }
    if kind == LineKind::Post {
        let value = if typed.contains_key("rate") { text("rate") } else { "1".to_owned() };
        inputs.push(Input::new("rate", t.text("staff-rate"), value, Kind::Number, Need::Required).hinted(t.text("staff-rate-hint")));
    }
    inputs.push(Input::new("from", key("from"), text("from"), Kind::Day, Need::Required));
    if matches!(kind, LineKind::Post | LineKind::Category | LineKind::Period) {
        inputs.push(Input::new("to", key("to"), text("to"), Kind::Day, Need::Optional).hinted(t.text("staff-to-hint")));
    }
    inputs.push(Input::new("document", t.text("staff-document"), text("document"), Kind::Line(200), Need::Optional));
    inputs.push(Input::new("document_date", t.text("staff-document-date"), text("document_date"), Kind::Day, Need::Optional));
    inputs
}
