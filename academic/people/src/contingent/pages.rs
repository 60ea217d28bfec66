//! `/{school}/contingent`: numbers on a day and of a period, to look at, to print and as a file.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::Guard;
use jiff::civil::Date;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon},
    failure::encoded,
    form::Asked,
    xlsx::{self, Cell, Heading, List},
};

use super::{
    service::{self, Numbers},
    store::Group,
};
use crate::{movement::SeeMovement, years::short};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/contingent", get().to(show)).route("/{school}/contingent.xlsx", get().to(file));
}

#[derive(Debug, Deserialize)]
struct Period {
    #[serde(default)]
    on: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// What is asked: the day, and the period.
struct Wanted {
    on: Date,
    from: Date,
    to: Date,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "contingent.html")]
struct View<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    file: String,
    sub: String,
    on: String,
    from: String,
    to: String,
    wrong: Option<String>,
    flow: Vec<(String, i64)>,
    groups: Vec<Line>,
    total: Line,
    nobody: Empty,
}

struct Line {
    grade: String,
    language: String,
    shift: String,
    numbers: [i64; 5],
}

impl Period {
    fn read(&self, today: Date) -> Wanted {
        let year = crate::years::year_of(today);
        let september = Date::new(year, 9, 1).unwrap_or(today);
        let day = |text: &str, usual: Date| match text.trim() {
            "" => Some(usual),
            text => text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok()).filter(|day: &Date| (1990..2100).contains(&day.year())),
        };
        let (on, from, to) = (day(&self.on, today), day(&self.from, september.min(today)), day(&self.to, today));
        let is_wrong = on.is_none() || from.is_none() || to.is_none() || from > to;
        if is_wrong { Wanted { on: on.unwrap_or(today), from: september.min(today), to: today, is_wrong } } else { Wanted { on: on.unwrap_or(today), from: from.unwrap_or(today), to: to.unwrap_or(today), is_wrong } }
    }
}

async fn show(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<Period>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let wanted = query.read(t.day_of(guard.ctx.now()));
    let Numbers { groups, flow } = service::numbers(&site.db, &guard.ctx, school.id, wanted.on, (wanted.from, wanted.to)).await?;
    let path = format!("/{}/contingent", school.code);
    let total = sum(&groups);
    let view = View {
        school_name: school.name(t.locale()),
        file: format!("{path}.xlsx?on={}&from={}&to={}", encoded(&query.on), encoded(&query.from), encoded(&query.to)),
        sub: t.with("contingent-sub", (("date", short(wanted.on)), ("count", total[1]))),
        on: wanted.on.to_string(),
        from: wanted.from.to_string(),
        to: wanted.to.to_string(),
        wrong: wanted.is_wrong.then(|| t.text("contingent-field-day")),
        flow: [("start", flow.start), ("arrived", flow.arrived), ("left", flow.left), ("end", flow.end)].map(|(what, count)| (t.text(format!("contingent-{what}")), count)).into(),
        groups: groups.iter().map(|group| line(&t, group)).collect(),
        total: Line { grade: t.text("contingent-total"), language: String::new(), shift: String::new(), numbers: total },
        nobody: Empty { icon: Icon("people"), title: t.text("contingent-none-title"), body: t.text("contingent-none-body"), action: None },
        path,
        t: t.clone(),
    };
    Page::new(t.text("contingent-title")).respond(&req, &view)
}

async fn file(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<Period>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let wanted = query.read(t.day_of(guard.ctx.now()));
    let numbers = service::numbers(&site.db, &guard.ctx, school.id, wanted.on, (wanted.from, wanted.to)).await?;
    let headings = [("contingent-grade", 10), ("classes-language", 14), ("contingent-shift", 10), ("contingent-classes", 12), ("contingent-pupils", 12), ("contingent-boys", 12), ("contingent-girls", 12), ("contingent-unknown", 20)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let count = |number: i64| Cell::Count(i32::try_from(number).unwrap_or(i32::MAX));
    let lines: Vec<Line> = numbers.groups.iter().map(|group| line(&t, group)).chain([Line { grade: t.text("contingent-total"), language: String::new(), shift: String::new(), numbers: sum(&numbers.groups) }]).collect();
    let rows: Vec<Vec<Cell>> = lines.into_iter().map(|line| [Cell::Text(line.grade), Cell::Text(line.language), Cell::Text(line.shift)].into_iter().chain(line.numbers.map(count)).collect()).collect();
    xlsx::respond(List { file: format!("{}-contingent-{}", school.code, wanted.on), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

fn line(t: &Texts<'_>, group: &Group) -> Line {
    Line { grade: group.grade.to_string(), language: t.text(format!("classes-language-{}", group.language)), shift: group.shift.to_string(), numbers: numbers_of(group) }
}

/// Classes, pupils, boys, girls, and those whose sex is not known.
fn numbers_of(group: &Group) -> [i64; 5] {
    [group.classes, group.pupils, group.boys, group.girls, group.pupils - group.boys - group.girls]
}

fn sum(groups: &[Group]) -> [i64; 5] {
    groups.iter().map(numbers_of).fold([0; 5], |[a, b, c, d, e], [f, g, h, i, j]| [a + f, b + g, c + h, d + i, e + j])
}
