//! `/{school}/orders`: the book of orders, and each order in Kazakh and Russian, to be printed.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error, Locale,
    audit::Whose,
    id::{read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Paging},
    failure::encoded,
    form::Asked,
};

use super::{
    service::{self, Filter, Kind},
    store::Order,
};
use crate::{
    movement::{BookLine, SeeMovement, sentence},
    pupils::full_name,
    years::short,
};

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/orders", get().to(list)).route("/{school}/orders/{id}", get().to(show));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    number: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    kinds: Vec<(String, String, bool)>,
    year: &'a str,
    number: &'a str,
    lines: Vec<Line>,
    nothing: Empty,
    paging: Paging,
    /// Where the register of a period is printed; nothing where nothing prints.
    register: Option<Register>,
}

/// The form of the register: its address, the kind, and the period that it offers.
struct Register {
    action: String,
    kind: String,
    from: String,
    to: String,
}

struct Line {
    href: String,
    number: String,
    dated: String,
    what: String,
    pupils: i64,
    cancelled: Option<String>,
}

#[derive(Template)]
#[template(path = "order.html")]
struct OrderPage<'a> {
    t: Texts<'a>,
    list: String,
    title: String,
    cancelled: Option<String>,
    sheets: Vec<Sheet>,
    /// The order as a file, in each language.
    papers: Vec<(String, String)>,
}

/// The order in one language.
struct Sheet {
    lang: &'static str,
    school: String,
    title: String,
    dated: String,
    about: String,
    order: String,
    pupils: Vec<String>,
    signed: String,
}

async fn list(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let kind = known_kind(&query.kind).unwrap_or_default();
    let filter = Filter { kind: kind.clone(), year: query.year.trim().parse().ok(), number: query.number.trim().parse().ok(), after: query.after.as_deref().and_then(read), limit: None };
    let (orders, next) = service::list(&site.db, &guard.ctx, school.id, filter).await?;
    let path = format!("/{}/orders", school.code);
    let line = |order: &Order| Line {
        href: format!("{path}/{}", show_id(order.id)),
        number: order.number.to_string(),
        dated: short(order.dated),
        what: t.text(format!("orders-kind-{}", order.kind.replace('_', "-"))),
        pupils: order.pupils,
        cancelled: order.cancelled_at.map(|at| t.with("orders-cancelled", [("date", t.date(at))])),
    };
    let kinds = std::iter::once((String::new(), t.text("orders-any-kind"))).chain(Kind::ALL.map(|kind| (kind.as_str().to_owned(), t.text(format!("orders-kind-{}", kind.as_str().replace('_', "-"))))));
    let here = format!("{path}?kind={}&year={}&number={}", encoded(&query.kind), encoded(&query.year), encoded(&query.number));
    let view = ListPage {
        school_name: school.name(t.locale()),
        kinds: kinds.map(|(value, text)| (value.clone(), text, value == query.kind)).collect(),
        year: &query.year,
        number: &query.number,
        lines: orders.iter().map(line).collect(),
        nothing: Empty { icon: Icon("copy"), title: t.text("orders-none-title"), body: t.text("orders-none-body"), action: None },
        register: web::print::is_offered(&req).then(|| register(&path, kind, t.day_of(guard.ctx.now()))),
        paging: Paging::of(&t, &here, query.after.as_deref(), next.map(show_id).as_deref()),
        path,
        t: t.clone(),
    };
    Page::new(t.text("orders-title")).respond(&req, &view)
}

async fn show(req: HttpRequest, guard: Guard<SeeMovement>, path: Path<(String, String)>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id = read(&path.1).ok_or(Error::NotFound)?;
    let (order, lines) = service::order(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_order", Whose::persons(lines.iter().map(|line| line.pupil_id)))]).await?;
    let view = OrderPage {
        list: format!("/{}/orders", school.code),
        title: t.with("orders-number-of", (("number", order.number.to_string()), ("date", short(order.dated)))),
        papers: papers(&t, &format!("/{}/orders/{}", school.code, show_id(order.id)), web::print::is_offered(&req)),
        cancelled: order.cancelled_at.map(|at| t.with("orders-cancelled", [("date", t.date(at))])),
        sheets: [Locale::Kk, Locale::Ru].map(|locale| sheet(&site.texts(locale).in_zone(&school.zone), school.name(locale), &order, &lines)).into(),
        t: t.clone(),
    };
    Page::new(view.title.clone()).respond(&req, &view)
}

/// The order as a file, the reader's language first.
fn papers(t: &Texts<'_>, path: &str, is_offered: bool) -> Vec<(String, String)> {
    let languages = if t.locale() == Locale::Ru { [Locale::Ru, Locale::Kk] } else { [Locale::Kk, Locale::Ru] };
    let paper = |locale: Locale| (format!("{path}/order.pdf?language={}", locale.as_str()), t.text(format!("orders-paper-in-{}", locale.as_str())));
    if is_offered { languages.map(paper).into() } else { Vec::new() }
}

fn register(path: &str, kind: String, today: jiff::civil::Date) -> Register {
    let september = jiff::civil::Date::new(crate::years::year_of(today), 9, 1).unwrap_or(today).min(today);
    Register { action: format!("{path}.pdf"), kind, from: september.to_string(), to: today.to_string() }
}

/// A kind of order that there is.
pub(super) fn known_kind(text: &str) -> Option<String> {
    Kind::ALL.into_iter().find(|kind| kind.as_str() == text).map(|kind| kind.as_str().to_owned())
}

fn sheet(t: &Texts<'_>, school: &str, order: &Order, lines: &[BookLine]) -> Sheet {
    let kind = order.kind.replace('_', "-");
    let pupil = |line: &BookLine| format!("{}: {} ({})", full_name(&line.surname, &line.given_name, line.patronymic.as_deref()), sentence(t, line), short(line.on_date));
    Sheet {
        lang: t.locale().as_str(),
        school: school.to_owned(),
        title: t.with("orders-sheet-title", [("number", order.number.to_string())]),
        dated: short(order.dated),
        about: t.text(format!("orders-about-{kind}")),
        order: t.text(format!("orders-says-{kind}")),
        pupils: lines.iter().map(pupil).collect(),
        signed: t.text("orders-signed"),
    }
}
