//! `/support/organisations`: every school, district and region of the service, found by code or name, and how far each has come.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{Guard, logins::first::Arrival};
use kernel::id::show;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, StatusDot, Tone,
        table::{Cell, Filter, Row},
    },
    form::Asked,
};

use super::{FoundOrganisation, PlaceOrganisation, founding, rules, service, store::Listed};

/// Where the list is.
pub const PATH: &str = "/support/organisations";

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show_list));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct View<'a> {
    t: Texts<'a>,
    /// Where one is founded, for who does that.
    found: Option<&'static str>,
    table: DataTable<'a>,
}

async fn show_list(req: HttpRequest, guard: Guard<PlaceOrganisation>, query: Asked<ListQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let (found, more) = service::list(site, &guard.ctx, &query.q, &query.kind, query.after.as_deref().unwrap_or_default()).await?;
    let next = found.last().filter(|_| more).map(|(last, _)| last.code.clone());
    let address = Address::of(&req);
    let kinds = rules::FOUNDED.map(|(kind, _)| (kind.to_owned(), t.text(&format!("organisations-kind-{kind}"))));
    let table = DataTable::new(t.clone(), &req, "organisations", t.text("people-place-title"), address.clone())
        .search(t.text("organisations-search"))
        .filters(vec![Filter { name: "kind", label: t.text("organisations-kind"), all: t.text("organisations-kind-all"), options: kinds.into() }])
        .columns(
            vec![
                DataColumn::text("name", t.text("people-place-organisation")).always(),
                DataColumn::text("kind", t.text("organisations-kind")),
                DataColumn::text("parent", t.text("people-place-parent")),
                DataColumn::text("state", t.text("organisations-state")),
            ],
            None,
        )
        .rows(found.iter().map(|(one, arrival)| row(&t, one, *arrival)).collect())
        .paging(Paging::of(&t, &address.without("after").href(), query.after.as_deref(), next.as_deref()))
        .empty(Empty { icon: Icon("school"), title: t.text("organisations-none"), body: t.text("organisations-none-body"), action: None });
    let view = View { found: guard.ctx.require::<FoundOrganisation>().is_ok().then_some(founding::PATH), table, t: t.clone() };
    Page::new(t.text("people-place-title")).respond(&req, &view)
}

fn row(t: &Texts<'_>, one: &Listed, arrival: Arrival) -> Row {
    let name = one.name(t.locale()).to_owned();
    Row {
        id: show(one.id.0),
        cells: vec![
            Cell::Title { href: format!("{PATH}/{}", one.id), text: name.clone(), note: Some(one.code.clone()) },
            Cell::Text(t.text(&format!("organisations-kind-{}", one.kind))),
            one.parent(t.locale()).map_or(Cell::Nothing, |parent| Cell::Text(parent.to_owned())),
            Cell::Dot(state(t, arrival)),
        ],
        name,
        actions: Vec::new(),
    }
}

/// How far an organisation has come, in words.
pub fn state(t: &Texts<'_>, arrival: Arrival) -> StatusDot {
    let (tone, key) = match arrival {
        Arrival::Nobody => (Tone::Bad, "organisations-state-nobody"),
        Arrival::Awaited => (Tone::Warn, "organisations-state-awaited"),
        Arrival::Came => (Tone::Ok, "organisations-state-came"),
    };
    StatusDot { tone, text: t.text(key) }
}
