//! `/{school}/accounts`: who of the school can sign in, as what, and when they did; the same as a file.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use kernel::{
    audit::Whose,
    id::show as show_id,
    right::{Place, Role},
};
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, StatusDot, Tone,
        table::{Cell as ListCell, Filter as ListFilter, Row},
    },
    export::{self, Format},
    xlsx::{Cell, Heading, List},
};

use super::{
    ManageAccounts,
    service::{self, Filter},
    store::Member,
};
use crate::{
    Guard,
    roles::{OwnRole, role_key},
    trail::{self, Sight},
};

/// How many people a page of the list shows.
const PAGE: usize = 50;
/// How many a file holds: more than any school has.
const FILE: usize = 20_000;

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts", get().to(list)).route("/{school}/accounts.xlsx", get().to(export)).route("/{school}/accounts.csv", get().to(export));
}

#[derive(Template)]
#[template(path = "logins.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    home: String,
    table: DataTable<'a>,
}

fn filter_of(address: &Address) -> Filter {
    Filter { words: address.get("q").to_owned(), role: address.get("role").to_owned(), state: address.get("state").to_owned(), after: address.get("after").parse().ok() }
}

async fn list(req: HttpRequest, guard: Guard<ManageAccounts>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let address = Address::of(&req);
    let (mut members, own) = service::members(site, &guard.ctx, school.id, filter_of(&address), PAGE + 1).await?;
    let more = members.len() > PAGE;
    members.truncate(PAGE);
    let next = members.last().map(|member| member.person_id.to_string()).filter(|_| more);
    let sight = Sight::of(school.id, "identity.list_accounts", Whose::persons(members.iter().map(|member| member.person_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "searched": !address.get("q").trim().is_empty() }))]).await?;
    let home = format!("/{}", school.code);
    let view = ListPage { school_name: school.name(t.locale()), table: table(&t, &req, &home, address, &members, &own, next.as_deref()), home, t };
    Page::new(view.t.text("logins-title")).respond(&req, &view)
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, home: &str, address: Address, members: &[Member], own: &[OwnRole], next: Option<&str>) -> DataTable<'a> {
    let shown_after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), shown_after, next);
    let total = shown_after.is_none().then(|| members.first().map_or(0, |member| member.total));
    let states = ["with_login", "without_login", "blocked", "ends_soon"].map(|state| (state.to_owned(), t.text(format!("logins-state-{}", state.replace('_', "-")))));
    let table = DataTable::new(t.clone(), req, "accounts", t.text("logins-title"), address)
        .search(t.text("logins-search"))
        .filters(vec![
            ListFilter { name: "role", label: t.text("logins-role"), all: t.text("logins-any-role"), options: role_choices(t, own) },
            ListFilter { name: "state", label: t.text("logins-state"), all: t.text("logins-state-any"), options: states.into() },
        ])
        .columns(
            vec![
                DataColumn::text("name", t.text("logins-name")).always(),
                DataColumn::text("roles", t.text("logins-roles")),
                DataColumn::text("login", t.text("logins-login")),
                DataColumn::text("signed-in", t.text("logins-signed-in")),
                DataColumn::text("state", t.text("logins-state")),
            ],
            None,
        )
        .rows(members.iter().map(|member| row(t, home, member, own)).collect())
        .files()
        .paging(paging)
        .empty(Empty { icon: Icon("people"), title: t.text("logins-nobody-title"), body: t.text("logins-nobody-body"), action: None });
    match total {
        Some(total) => table.found(t.with("logins-found", [("count", total)])),
        None => table,
    }
}

fn row(t: &Texts<'_>, home: &str, member: &Member, own: &[OwnRole]) -> Row {
    let roles = role_names(t, member, own);
    Row {
        id: member.person_id.to_string(),
        name: full_name(member),
        cells: vec![
            ListCell::Title { href: format!("{home}/accounts/{}", member.person_id), text: full_name(member), note: None },
            ListCell::Text(if roles.is_empty() { t.text("logins-no-role") } else { roles.join(", ") }),
            member.login.clone().map_or(ListCell::Nothing, ListCell::Text),
            ListCell::Text(member.signed_in_at.map_or_else(|| t.text("logins-never"), |at| t.moment(at))),
            ListCell::Dot(state_of(t, member)),
        ],
        actions: Vec::new(),
    }
}

async fn export(req: HttpRequest, guard: Guard<ManageAccounts>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = Filter { after: None, ..filter_of(&Address::of(&req)) };
    let (members, own) = service::members(site, &guard.ctx, school.id, filter, FILE).await?;
    service::note_export(site, &guard.ctx, school.id, members.len()).await?;
    let headings = [("logins-name", 36), ("logins-roles", 40), ("logins-login", 24), ("logins-signed-in", 20), ("logins-state", 20)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let rows: Vec<Vec<Cell>> = members
        .iter()
        .map(|member| {
            vec![
                Cell::Text(full_name(member)),
                Cell::Text(role_names(&t, member, &own).join(", ")),
                member.login.clone().map_or(Cell::Empty, Cell::Text),
                member.signed_in_at.map_or(Cell::Empty, Cell::Moment),
                Cell::Text(state_of(&t, member).text),
            ]
        })
        .collect();
    export::respond(Format::of(&req), List { file: format!("{}-accounts", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

fn role_choices(t: &Texts<'_>, own: &[OwnRole]) -> Vec<(String, String)> {
    let delivered = Role::ALL.into_iter().filter(|role| role.place() == Place::School || *role == Role::Guardian).map(|role| (role.as_str().to_owned(), t.text(role_key(role.as_str()))));
    let own = own.iter().map(|role| (show_id(role.id), role.name(t.locale()).to_owned()));
    delivered.chain(own).collect()
}

/// `Surname Given`.
pub(super) fn full_name(member: &Member) -> String {
    format!("{} {}", member.surname, member.given_name)
}

/// What somebody is, in words; a role of a newer version is shown by its bare name.
pub(super) fn role_names(t: &Texts<'_>, member: &Member, own: &[OwnRole]) -> Vec<String> {
    let delivered = Role::ALL.into_iter().filter(|role| member.roles.iter().any(|held| held == role.as_str())).map(|role| t.text(role_key(role.as_str())));
    let unknown = member.roles.iter().filter(|held| Role::parse(held).is_none()).cloned();
    let own = own.iter().filter(|role| member.own_roles.contains(&role.id)).map(|role| role.name(t.locale()).to_owned());
    delivered.chain(unknown).chain(own).collect()
}

/// Whether they can sign in.
pub(super) fn state_of(t: &Texts<'_>, member: &Member) -> StatusDot {
    let (tone, key) = match (member.account_id, member.blocked_at) {
        (None, _) => (Tone::Unknown, "logins-is-without"),
        (Some(_), Some(_)) => (Tone::Bad, "logins-is-blocked"),
        (Some(_), None) => (Tone::Ok, "logins-is-open"),
    };
    StatusDot { tone, text: t.text(key) }
}
