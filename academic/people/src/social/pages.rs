//! `/{school}/social`: the numbers; `/{school}/social/list`: whom, for who needs to know, and as a file.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{Error, audit::Whose};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Paging},
    form::Asked,
    xlsx::{self, Cell, Heading, List},
};

use super::{
    SeePassport,
    rules::Figure,
    service::{self, Listed},
};
use crate::{
    confidential::{Category, LEAST_SHOWN, SeeSocial, vault_of},
    pupils::{card::view::day, full_name},
};

/// How many a page of the list shows.
const PAGE: usize = 50;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/social", get().to(numbers)).route("/{school}/social/list", get().to(list)).route("/{school}/social/list.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    category: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "social.html")]
struct NumberPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    has_key: bool,
    printed: String,
    pupils: String,
    list: Option<String>,
    /// Words, number, act.
    categories: Vec<(String, String, String)>,
    groups: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "social_list.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    back: String,
    here: String,
    file: String,
    printed: String,
    chosen: String,
    categories: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    nobody: Empty,
    paging: Paging,
}

struct Row {
    href: String,
    name: String,
    class_label: String,
    category: String,
    proof: String,
    days: String,
}

async fn numbers(req: HttpRequest, guard: Guard<SeePassport>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let today = t.day_of(guard.ctx.now());
    let passport = match vault_of(&req) {
        Some(vault) => Some(service::passport(&site.db, &guard.ctx, vault, school.id, today).await?),
        None => None,
    };
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_passport", Whose::Nobody)]).await?;
    let said = |figure: Figure| match figure {
        Figure::Known(number) => t.number(number),
        Figure::Few => t.with("confidential-few", [("least", LEAST_SHOWN)]),
    };
    let act = |row: &super::store::CategoryRow| match (&row.basis, row.is_verified) {
        (None, _) => String::new(),
        (Some(basis), true) => basis.clone(),
        (Some(basis), false) => t.with("social-unchecked", [("act", basis.as_str())]),
    };
    let group = |at: usize| if at < 5 { t.with("social-group", [("group", ["I", "II", "III", "IV", "V"].get(at).copied().unwrap_or_default())]) } else { t.text("social-no-group") };
    let view = NumberPage {
        school_name: school.name(t.locale()),
        has_key: passport.is_some(),
        printed: t.moment(guard.ctx.now()),
        pupils: passport.as_ref().map(|passport| t.number(passport.pupils)).unwrap_or_default(),
        list: guard.ctx.require::<SeeSocial>().is_ok().then(|| format!("/{}/social/list", school.code)),
        categories: passport.iter().flat_map(|passport| &passport.categories).map(|(row, figure)| (t.text(format!("confidential-category-{}", row.code)), said(*figure), act(row))).collect(),
        groups: passport.iter().flat_map(|passport| passport.groups.iter().enumerate()).map(|(at, figure)| (group(at), said(*figure))).collect(),
        t: t.clone(),
    };
    Page::new(t.text("social-title")).narrow().respond(&req, &view)
}

async fn list(req: HttpRequest, guard: Guard<SeeSocial>, query: Asked<ListQuery>) -> Answer {
    let (t, school) = (web::page::texts(&req)?, guard.school()?);
    let (found, next) = cut(looked(&req, &guard, &query).await?, query.after.as_deref());
    let sight = Sight::of(school.id, "people.list_social", Whose::persons(found.iter().map(|one| one.pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "category": Category::parse(&query.category).map(Category::as_str) }))]).await?;
    let here = format!("/{}/social/list", school.code);
    let filtered = format!("{here}?category={}", web::failure::encoded(&query.category));
    let view = ListPage {
        back: format!("/{}/social", school.code),
        file: format!("{here}.xlsx?category={}", web::failure::encoded(&query.category)),
        printed: t.moment(guard.ctx.now()),
        chosen: query.category.clone(),
        categories: Category::ALL.map(|category| (category.as_str(), words(&t, category))).into(),
        rows: found.iter().map(|one| row(&t, &school.code, one)).collect(),
        nobody: Empty { icon: Icon("people"), title: t.text("social-nobody-title"), body: t.text("social-nobody-body"), action: None },
        paging: Paging::of(&t, &filtered, query.after.as_deref(), next.as_deref()),
        here,
        t: t.clone(),
    };
    Page::new(t.text("social-list-title")).respond(&req, &view)
}

async fn export(req: HttpRequest, guard: Guard<SeeSocial>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let found = looked(&req, &guard, &query).await?;
    service::note_export(&site.db, &guard.ctx, school.id, found.len()).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.list_social", Whose::persons(found.iter().map(|one| one.pupil.id)))]).await?;
    let headings = [("people-name", 36), ("people-class", 10), ("confidential-category", 44), ("confidential-proof", 30), ("confidential-from", 14), ("confidential-to", 14)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let cells: Vec<Vec<Cell>> = found
        .iter()
        .map(|one| {
            let text = |text: String| Cell::Text(text);
            vec![text(name(one)), text(one.pupil.class_label.clone()), text(words(&t, one.category)), text(one.proof.clone()), text(day(one.from)), one.to.map_or(Cell::Empty, |to| text(day(to)))]
        })
        .collect();
    xlsx::respond(List { file: format!("{}-social", school.code), headings, zone: t.zone().clone() }, cells.into_iter()).await
}

async fn looked(req: &HttpRequest, guard: &Guard<SeeSocial>, query: &ListQuery) -> kernel::Result<Vec<Listed>> {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let vault = vault_of(req).ok_or(Error::Refused("people.no_records_key"))?;
    service::listed(&site.db, &guard.ctx, vault, school.id, t.day_of(guard.ctx.now()), Category::parse(&query.category)).await
}

/// A page of the list: after this pupil, and the last one when more follow. What one pupil has stays together.
fn cut(found: Vec<Listed>, after: Option<&str>) -> (Vec<Listed>, Option<String>) {
    let start = after.and_then(|after| found.iter().rposition(|one| one.pupil.id.to_string() == after)).map_or(0, |at| at + 1);
    let mut page: Vec<Listed> = Vec::new();
    let mut rest = found.into_iter().skip(start).peekable();
    while let Some(one) = rest.next_if(|one| page.len() < PAGE || page.last().is_some_and(|last| last.pupil.id == one.pupil.id)) {
        page.push(one);
    }
    let next = rest.peek().and(page.last()).map(|last| last.pupil.id.to_string());
    (page, next)
}

fn row(t: &Texts<'_>, code: &str, one: &Listed) -> Row {
    let days = match one.to {
        Some(to) => t.with("card-days-from-to", (("from", day(one.from)), ("to", day(to)))),
        None => t.with("card-days-since", [("from", day(one.from))]),
    };
    Row { href: format!("/{code}/pupils/{}/social", one.pupil.id), name: name(one), class_label: one.pupil.class_label.clone(), category: words(t, one.category), proof: one.proof.clone(), days }
}

fn name(one: &Listed) -> String {
    full_name(&one.pupil.surname, &one.pupil.given_name, one.pupil.patronymic.as_deref())
}

fn words(t: &Texts<'_>, category: Category) -> String {
    t.text(format!("confidential-category-{}", category.as_str()))
}
