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
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging, StatusDot, Tone},
    failure::encoded,
    xlsx::{self, Cell, Heading, List},
    form::Asked,
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
    cfg.route("/{school}/accounts", get().to(list)).route("/{school}/accounts.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        Filter {
            words: self.q.clone(),
            role: self.role.clone(),
            state: self.state.clone(),
            after: self.after.as_deref().and_then(|after| after.parse().ok()),
        }
    }

    /// The same as the query of an address.
    fn encoded(&self) -> String {
        format!("?q={}&role={}&state={}", encoded(&self.q), encoded(&self.role), encoded(&self.state))
    }
}

#[derive(Template)]
#[template(path = "logins.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    home: String,
    q: &'a str,
    role_choices: Vec<Choice>,
    state_choices: Vec<Choice>,
    lines: Vec<Line>,
    nobody: Empty,
    paging: Paging,
    file: String,
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

struct Line {
    href: String,
    name: String,
    roles: Vec<String>,
    login: Option<String>,
    signed_in: Option<Moment>,
    state: StatusDot,
}

async fn list(req: HttpRequest, guard: Guard<ManageAccounts>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (mut members, own) = service::members(site, &guard.ctx, school.id, query.filter(), PAGE + 1).await?;
    let more = members.len() > PAGE;
    members.truncate(PAGE);
    let next = members.last().map(|member| member.person_id.to_string()).filter(|_| more);
    let sight = Sight::of(school.id, "identity.list_accounts", Whose::persons(members.iter().map(|member| member.person_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "searched": !query.q.trim().is_empty() }))]).await?;
    let home = format!("/{}", school.code);
    let line = |member: &Member| Line {
        href: format!("{home}/accounts/{}", member.person_id),
        name: full_name(member),
        roles: role_names(&t, member, &own),
        login: member.login.clone(),
        signed_in: member.signed_in_at.map(|at| Moment::full(&t, at)),
        state: state_of(&t, member),
    };
    let view = ListPage {
        school_name: school.name(t.locale()),
        q: &query.q,
        role_choices: role_choices(&t, &own, &query.role),
        state_choices: ["", "with_login", "without_login", "blocked"].map(|state| choice(state.to_owned(), t.text(format!("logins-state-{}", if state.is_empty() { "any".to_owned() } else { state.replace('_', "-") })), &query.state)).into(),
        lines: members.iter().map(line).collect(),
        nobody: Empty { icon: Icon("people"), title: t.text("logins-nobody-title"), body: t.text("logins-nobody-body"), action: None },
        paging: Paging::of(&t, &format!("{home}/accounts{}", query.encoded()), query.after.as_deref(), next.as_deref()),
        file: format!("{home}/accounts.xlsx{}", query.encoded()),
        home,
        t: t.clone(),
    };
    Page::new(t.text("logins-title")).respond(&req, &view)
}

async fn export(req: HttpRequest, guard: Guard<ManageAccounts>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (members, own) = service::members(site, &guard.ctx, school.id, Filter { after: None, ..query.filter() }, FILE).await?;
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
    xlsx::respond(List { file: format!("{}-accounts", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

fn role_choices(t: &Texts<'_>, own: &[OwnRole], chosen: &str) -> Vec<Choice> {
    let everybody = choice(String::new(), t.text("logins-any-role"), chosen);
    let delivered = Role::ALL.into_iter().filter(|role| role.place() == Place::School || *role == Role::Guardian).map(|role| choice(role.as_str().to_owned(), t.text(role_key(role.as_str())), chosen));
    let own = own.iter().map(|role| choice(show_id(role.id), role.name(t.locale()).to_owned(), chosen));
    [everybody].into_iter().chain(delivered).chain(own).collect()
}

fn choice(value: String, text: String, chosen: &str) -> Choice {
    Choice { chosen: value == chosen, value, text }
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
