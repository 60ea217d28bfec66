//! `/{school}/movement` and `/{school}/alphabet`: the book of arrivals and departures, and the alphabetical book.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    audit::Whose,
    id::{read, show as show_id},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Paging},
    failure::encoded,
    form::Asked,
    xlsx::{self, Cell, Heading, List},
};

use super::{
    SeeMovement, sentence,
    service::{self, AlphabetFilter, BookFilter, FILE, PAGE},
};
use crate::{
    pupils::{EnrolPupils, full_name},
    years::short,
};

/// The routes of the two books.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/movement", get().to(book))
        .route("/{school}/movement.xlsx", get().to(book_file))
        .route("/{school}/alphabet", get().to(alphabet))
        .route("/{school}/alphabet.xlsx", get().to(alphabet_file));
}

/// Kinds that the filter offers.
const KINDS: [&str; 6] = ["arrival", "departure", "return", "class_change", "promotion", "repeat"];

#[derive(Debug, Deserialize)]
struct BookQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    after: Option<String>,
    done: Option<String>,
}

impl BookQuery {
    fn filter(&self) -> BookFilter {
        let day = |text: &str| text.trim().parse::<Date>().ok();
        BookFilter {
            from: day(&self.from),
            to: day(&self.to),
            kind: KINDS.into_iter().find(|kind| *kind == self.kind).unwrap_or_default().to_owned(),
            words: self.q.trim().chars().take(100).collect(),
            after: self.after.as_deref().and_then(read),
        }
    }

    fn encoded(&self) -> String {
        format!("?q={}&kind={}&from={}&to={}", encoded(&self.q), encoded(&self.kind), encoded(&self.from), encoded(&self.to))
    }
}

#[derive(Template)]
#[template(path = "movement.html")]
struct BookPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    file: String,
    enrol: Option<String>,
    done: Option<String>,
    q: &'a str,
    kinds: Vec<(String, String, bool)>,
    from: &'a str,
    to: &'a str,
    lines: Vec<BookRow>,
    nobody: Empty,
    paging: Paging,
}

struct BookRow {
    day: String,
    href: String,
    name: String,
    words: String,
    order: Option<(String, String)>,
    undone: Option<String>,
}

async fn book(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<BookQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (lines, next) = service::book(&site.db, &guard.ctx, school.id, query.filter(), PAGE).await?;
    let sight = Sight::of(school.id, "people.list_movement", Whose::persons(lines.iter().map(|line| line.pupil_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "searched": !query.q.trim().is_empty() }))]).await?;
    let home = format!("/{}", school.code);
    let row = |line: &super::BookLine| BookRow {
        day: short(line.on_date),
        href: format!("{home}/pupils/{}/movement", line.pupil_id),
        name: full_name(&line.surname, &line.given_name, line.patronymic.as_deref()),
        words: sentence(&t, line),
        order: line.order_id.zip(line.order_number).map(|(id, number)| (format!("{home}/orders/{}", show_id(id)), t.with("orders-number", [("number", number.to_string())]))),
        undone: line.undone_at.map(|at| t.with("movement-undone", [("date", t.date(at))])),
    };
    let kinds = std::iter::once((String::new(), t.text("movement-any-kind"))).chain(KINDS.map(|kind| (kind.to_owned(), t.text(format!("movement-kind-{}", kind.replace('_', "-"))))));
    let path = format!("{home}/movement");
    let view = BookPage {
        school_name: school.name(t.locale()),
        file: format!("{path}.xlsx{}", query.encoded()),
        enrol: guard.ctx.require::<EnrolPupils>().is_ok().then(|| format!("{home}/enrol")),
        done: query.done.as_deref().filter(|done| *done == "undone").map(|_| t.text("movement-done-undone")),
        q: &query.q,
        kinds: kinds.map(|(value, text)| (value.clone(), text, value == query.kind)).collect(),
        from: &query.from,
        to: &query.to,
        lines: lines.iter().map(row).collect(),
        nobody: Empty { icon: Icon("refresh"), title: t.text("movement-nothing-title"), body: t.text("movement-nothing-body"), action: None },
        paging: Paging::of(&t, &format!("{path}{}", query.encoded()), query.after.as_deref(), next.map(show_id).as_deref()),
        path,
        t: t.clone(),
    };
    Page::new(t.text("movement-title")).respond(&req, &view)
}

async fn book_file(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<BookQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (lines, _) = service::book(&site.db, &guard.ctx, school.id, BookFilter { after: None, ..query.filter() }, FILE).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.export_movement", Whose::persons(lines.iter().map(|line| line.pupil_id)))]).await?;
    let headings = [("movement-day", 12), ("people-name", 40), ("movement-what", 60), ("movement-order", 20)].map(|(key, width)| Heading { text: t.text(key), width }).into();
    let rows: Vec<Vec<Cell>> = lines
        .iter()
        .filter(|line| line.undone_at.is_none())
        .map(|line| {
            let order = line.order_number.zip(line.order_dated).map(|(number, dated)| t.with("orders-number-of", (("number", number.to_string()), ("date", short(dated)))));
            vec![Cell::Text(short(line.on_date)), Cell::Text(full_name(&line.surname, &line.given_name, line.patronymic.as_deref())), Cell::Text(sentence(&t, line)), order.map_or(Cell::Empty, Cell::Text)]
        })
        .collect();
    xlsx::respond(List { file: format!("{}-movement", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

#[derive(Debug, Deserialize)]
struct AlphabetQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

impl AlphabetQuery {
    fn filter(&self) -> AlphabetFilter {
        let state = ["here", "left"].into_iter().find(|state| *state == self.state).unwrap_or_default();
        AlphabetFilter { words: self.q.trim().chars().take(100).collect(), state: state.to_owned(), after: self.after.as_deref().and_then(|after| after.parse().ok()) }
    }

    fn encoded(&self) -> String {
        format!("?q={}&state={}", encoded(&self.q), encoded(&self.state))
    }
}

#[derive(Template)]
#[template(path = "alphabet.html")]
struct AlphabetPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    file: String,
    q: &'a str,
    states: Vec<(String, String, bool)>,
    lines: Vec<AlphabetRow>,
    nobody: Empty,
    paging: Paging,
}

struct AlphabetRow {
    href: String,
    name: String,
    born: String,
    class: String,
    came: String,
    left: String,
}

async fn alphabet(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<AlphabetQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (lines, next) = service::alphabet(&site.db, &guard.ctx, school.id, query.filter(), PAGE).await?;
    let sight = Sight::of(school.id, "people.list_alphabet", Whose::persons(lines.iter().map(|line| line.pupil_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "searched": !query.q.trim().is_empty() }))]).await?;
    let day = |day: Option<Date>| day.map(|day| short(day)).unwrap_or_default();
    let row = |line: &super::store::AlphabetLine| AlphabetRow {
        href: format!("/{}/pupils/{}/movement", school.code, line.pupil_id),
        name: full_name(&line.surname, &line.given_name, line.patronymic.as_deref()),
        born: day(line.birth_date),
        class: line.class_label.clone(),
        came: day(Some(line.came_on)),
        left: day(line.left_on),
    };
    let path = format!("/{}/alphabet", school.code);
    let view = AlphabetPage {
        school_name: school.name(t.locale()),
        file: format!("{path}.xlsx{}", query.encoded()),
        q: &query.q,
        states: ["", "here", "left"].map(|state| (state.to_owned(), t.text(format!("alphabet-{}", if state.is_empty() { "all" } else { state })), state == query.state)).into(),
        lines: lines.iter().map(row).collect(),
        nobody: Empty { icon: Icon("people"), title: t.text("people-nobody-title"), body: t.text("people-nobody-body"), action: None },
        paging: Paging::of(&t, &format!("{path}{}", query.encoded()), query.after.as_deref(), next.map(|next| next.to_string()).as_deref()),
        path,
        t: t.clone(),
    };
    Page::new(t.text("alphabet-title")).respond(&req, &view)
}

async fn alphabet_file(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<AlphabetQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (lines, _) = service::alphabet(&site.db, &guard.ctx, school.id, AlphabetFilter { after: None, ..query.filter() }, FILE).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.export_alphabet", Whose::persons(lines.iter().map(|line| line.pupil_id)))]).await?;
    let headings = [("classes-number", 6), ("people-name", 40), ("people-birth-date", 14), ("people-class", 10), ("alphabet-came", 14), ("alphabet-left-on", 14)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let day = |day: Option<Date>| day.map_or(Cell::Empty, |day| Cell::Text(short(day)));
    let rows: Vec<Vec<Cell>> = lines
        .iter()
        .zip(1..)
        .map(|(line, number)| {
            let name = full_name(&line.surname, &line.given_name, line.patronymic.as_deref());
            vec![Cell::Count(number), Cell::Text(name), day(line.birth_date), Cell::Text(line.class_label.clone()), day(Some(line.came_on)), day(line.left_on)]
        })
        .collect();
    xlsx::respond(List { file: format!("{}-alphabet", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}
