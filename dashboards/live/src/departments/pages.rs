//! `/departments`, `/departments/{organisation}` and the same list as an Excel file.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::Guard;
use kernel::Error;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Address, Empty, Icon, Paging},
    failure::encoded,
    xlsx::{self, Cell, Heading},
    form::Asked,
};

use super::{
    SeeDepartment,
    rules::{self, Sort},
    service::{self, Overview},
    store::Figures,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/departments", get().to(home))
        .route("/departments/{organisation}", get().to(show))
        .route("/departments/{organisation}/schools.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "departments.html")]
struct View<'a> {
    t: Texts<'a>,
    name: String,
    path: String,
    above: Vec<(String, String)>,
    q: String,
    sort: Sort,
    sorts: [Sort; 3],
    rows: Vec<Line>,
    paging: Paging,
    total: Totals,
    export: String,
    nothing: Empty,
}

struct Line {
    name: String,
    /// Where its own list is, for what is no school.
    href: Option<String>,
    schools: Option<String>,
    pupils: String,
    staff: String,
    share: String,
    passes: String,
    offline: String,
    is_offline: bool,
    late: String,
    is_late: bool,
}

struct Totals {
    schools: String,
    devices: String,
    offline: String,
    is_offline: bool,
}

/// To the reader's own organisation.
async fn home(req: HttpRequest, guard: Guard<SeeDepartment>) -> Answer {
    let own = service::own(&Site::of(&req)?.db, &guard.ctx).await?;
    let first = own.first().ok_or(Error::NotFound)?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/departments/{}", first.code))).finish())
}

async fn show(req: HttpRequest, guard: Guard<SeeDepartment>, path: Path<String>, query: Asked<ListQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let Overview { place, above, rows } = service::overview(&site.db, &guard.ctx, &path).await?;
    let (sort, here) = (Sort::parse(&query.sort), format!("/departments/{}", place.code));
    let total = totals(&t, &rows);
    let rows = rules::arranged(rows, &query.q, sort, |row| row.name(t.locale()).to_owned());
    let (rows, next) = rules::part(&rows, query.after.as_deref());
    let address = Address::of(&req).without("after").href();
    let view = View {
        name: place.name(t.locale()).to_owned(),
        above: above.iter().rev().map(|place| (format!("/departments/{}", place.code), place.name(t.locale()).to_owned())).collect(),
        export: format!("{here}/schools.xlsx?q={}&sort={}", encoded(&query.q), sort.as_str()),
        path: here,
        q: query.q.chars().take(100).collect(),
        sort,
        sorts: Sort::ALL,
        rows: rows.iter().map(|row| line(&t, row)).collect(),
        paging: Paging::of(&t, &address, query.after.as_deref(), next),
        total,
        nothing: Empty { icon: Icon("school"), title: t.text("departments-nothing-title"), body: t.text("departments-nothing-body"), action: None },
        t: t.clone(),
    };
    Page::new(view.name.clone()).wide().respond(&req, &view)
}

async fn export(req: HttpRequest, guard: Guard<SeeDepartment>, path: Path<String>, query: Asked<ListQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let Overview { place, above: _, rows } = service::overview(&site.db, &guard.ctx, &path).await?;
    let rows = rules::arranged(rows, &query.q, Sort::parse(&query.sort), |row| row.name(t.locale()).to_owned());
    let columns = [("name", 44), ("schools", 10), ("pupils", 12), ("staff", 12), ("share", 16), ("passes", 16), ("devices", 12), ("offline", 14), ("late", 16)];
    let list = xlsx::List {
        file: format!("{}-{}", place.code, t.day_of(guard.ctx.now())),
        headings: columns.map(|(key, width)| Heading { text: t.text(format!("departments-{key}")), width }).to_vec(),
        zone: t.zone().clone(),
    };
    let few = t.text("departments-few");
    let lines: Vec<Vec<Cell>> = rows.iter().map(|row| cells(&few, row.name(t.locale()), row)).collect();
    xlsx::respond(list, lines.into_iter()).await
}

fn cells(few: &str, name: &str, row: &Figures) -> Vec<Cell> {
    let count = |number: i64| i32::try_from(number).map_or(Cell::Empty, Cell::Count);
    let people = |number: Option<i64>| number.map_or_else(|| Cell::Text(few.to_owned()), count);
    vec![
        Cell::Text(name.to_owned()),
        count(row.schools),
        people(row.pupils),
        people(row.staff),
        rules::share(row).map_or(Cell::Empty, count),
        people(row.passes),
        count(row.devices),
        count(row.offline),
        people(row.late),
    ]
}

fn line(t: &Texts<'_>, row: &Figures) -> Line {
    let people = |number: Option<i64>| number.map_or_else(|| t.text("departments-few"), |number| t.number(number));
    let is_school = row.kind == "school";
    Line {
        name: row.name(t.locale()).to_owned(),
        href: (!is_school).then(|| format!("/departments/{}", row.code)),
        schools: (!is_school).then(|| t.with("departments-count-schools", [("count", row.schools)])),
        pupils: people(row.pupils),
        staff: people(row.staff),
        share: rules::share(row).map_or_else(|| "—".to_owned(), |share| t.with("departments-percent", [("share", share)])),
        passes: people(row.passes),
        offline: t.with("departments-of", (("some", row.offline), ("all", row.devices))),
        is_offline: row.offline > 0,
        late: people(row.late),
        is_late: row.late != Some(0),
    }
}

fn totals(t: &Texts<'_>, rows: &[Figures]) -> Totals {
    let sum = |figure: fn(&Figures) -> i64| rows.iter().map(figure).sum::<i64>();
    let offline = sum(|row| row.offline);
    Totals { schools: t.number(sum(|row| row.schools)), devices: t.number(sum(|row| row.devices)), offline: t.number(offline), is_offline: offline > 0 }
}
