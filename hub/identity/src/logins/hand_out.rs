//! `/{school}/accounts-new`: logins for everybody who works here and has none, on one sheet to print and cut. A school that has just brought its
//! staff in does in a minute what would take an afternoon one by one.
//!
//! Left out are guardians (they come by invitation), those whose roles the reader may not hand on, and those who work at another organisation too
//! (their login is not one school's). Sent twice, nobody gets a second password: who has a login by then is not on the sheet.

use std::collections::HashSet;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use futures_util::{StreamExt, TryStreamExt, stream};
use kernel::{
    Ctx, Result,
    audit::{self, Deed, Whose},
    id::{AccountId, PersonId, SchoolId},
    right::Role,
};
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon},
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    ManageAccounts,
    service::{LOGIN_LETTERS, PASSWORD_LETTERS, random_text},
    sheet::{self, Slip},
    store::{self, Loginless},
};
use crate::{
    Guard,
    accounts::password::{self, Counter},
    roles::{self, OwnRole, Power, role_key},
    trail::{self, Sight},
};

/// So many get their logins at once: a password takes its time to be hashed.
const MOST: usize = 100;

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts-new", get().to(show)).route("/{school}/accounts-new", post().to(print));
}

#[derive(Template)]
#[template(path = "hand_out.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    accounts: String,
    here: String,
    lines: Vec<Line>,
    /// Said where more wait than fit on one sheet.
    more: Option<String>,
    nobody: Empty,
}

struct Line {
    id: PersonId,
    name: String,
    roles: Vec<String>,
}

async fn show(req: HttpRequest, guard: Guard<ManageAccounts>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (mut waiting, own) = waiting(site, &guard, school.id).await?;
    let all = waiting.len();
    waiting.truncate(MOST);
    let sight = Sight::of(school.id, "identity.list_accounts", Whose::persons(waiting.iter().map(|one| one.person_id)));
    trail::read(&req, &guard.ctx, [sight]).await?;
    let view = View {
        csrf: csrf::field(&req),
        accounts: format!("/{}/accounts", school.code),
        here: format!("/{}/accounts-new", school.code),
        lines: waiting.into_iter().map(|one| Line { id: one.person_id, roles: role_names(&t, &one, &own), name: full_name(&one) }).collect(),
        more: (all > MOST).then(|| t.with("hand-out-more", (("all", all), ("most", MOST)))),
        nobody: Empty { icon: Icon("check"), title: t.text("hand-out-nobody"), body: t.text("hand-out-nobody-body"), action: None },
        t: t.clone(),
    };
    Page::new(t.text("hand-out-title")).respond(&req, &view)
}

async fn print(req: HttpRequest, guard: Guard<ManageAccounts>, form: Posted<Vec<(String, String)>>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let chosen: HashSet<PersonId> = form.0.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    let given = give(site, &guard, school.id, &school.code, &chosen).await?;
    if given.is_empty() {
        return Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/accounts-new", school.code))).finish());
    }
    let slips = given.iter().map(|one| Slip::of_login(site, school, &one.name, &one.login, &one.password)).collect::<Result<Vec<_>>>()?;
    sheet::respond(&req, "hand-out-sheet", &format!("/{}/accounts", school.code), slips)
}

/// A login that was just made.
struct Given {
    name: String,
    login: String,
    password: String,
}

/// A login on its way into the database.
struct Draft {
    person: PersonId,
    given: Given,
    hash: String,
}

/// Everybody who works here, has no login and whose login is the reader's to hand out; by name. And the roles of the school's own.
async fn waiting(site: &Site, guard: &Guard<ManageAccounts>, school: SchoolId) -> Result<(Vec<Loginless>, Vec<OwnRole>)> {
    let ctx = &guard.ctx;
    ctx.require::<ManageAccounts>()?;
    let power = roles::power(site, &guard.identity, school);
    site.db
        .run(&ctx.scope, async |tx| {
            let own = roles::own_roles(tx, school, ctx.now()).await?;
            let found = store::LOGINLESS_LIST.all(tx, (school, ctx.now())).await?;
            let elsewhere = store::WORKS_ELSEWHERE.all(tx, (school, found.iter().map(|one| one.person_id).collect())).await?;
            let elsewhere: HashSet<PersonId> = elsewhere.into_iter().map(|one| one.person_id).collect();
            let reached = found.into_iter().filter(|one| !elsewhere.contains(&one.person_id) && within(&power, site, one, &own));
            Ok((reached.collect(), own))
        })
        .await
}

/// Whether the reader could give each of their roles.
fn within(power: &Power, site: &Site, one: &Loginless, own: &[OwnRole]) -> bool {
    let delivered = one.roles.iter().filter_map(|role| Role::parse(role)).all(|role| power.may_appoint(role, &site.rights));
    delivered && one.own_roles.iter().all(|id| own.iter().find(|role| role.id == *id).is_some_and(|role| power.may_appoint_own(&role.rights)))
}

async fn give(site: &Site, guard: &Guard<ManageAccounts>, school: SchoolId, code: &str, chosen: &HashSet<PersonId>) -> Result<Vec<Given>> {
    let ctx = &guard.ctx;
    let (waiting, _) = waiting(site, guard, school).await?;
    let chosen = waiting.into_iter().filter(|one| chosen.contains(&one.person_id)).take(MOST);
    let drafts: Vec<Draft> = stream::iter(chosen).map(|one| draft(site, code, one)).buffered(password::AT_ONCE).try_collect().await?;
    let made = site.db.run(&ctx.scope, async |tx| {
        let ids: Vec<AccountId> = drafts.iter().map(|_| ctx.id()).collect();
        let column = |of: fn(&Draft) -> String| drafts.iter().map(of).collect::<Vec<_>>();
        let persons: Vec<PersonId> = drafts.iter().map(|draft| draft.person).collect();
        let made = store::ACCOUNT_ADD_MANY.all(tx, (ids, persons, column(|draft| draft.given.login.clone()), column(|draft| draft.hash.clone()), ctx.now())).await?;
        let made: HashSet<PersonId> = made.into_iter().map(|one| one.person_id).collect();
        if !made.is_empty() {
            note(tx, ctx, school, &made).await?;
        }
        Ok(made)
    });
    let made = made.await?;
    Ok(drafts.into_iter().filter(|draft| made.contains(&draft.person)).map(|draft| draft.given).collect())
}

async fn draft(site: &Site, code: &str, one: Loginless) -> Result<Draft> {
    let (login, password) = (format!("{code}-{}", random_text(LOGIN_LETTERS)?), random_text(PASSWORD_LETTERS)?);
    let hash = site.memory.of::<Counter>().hash(password.clone()).await?;
    Ok(Draft { person: one.person_id, given: Given { name: full_name(&one), login, password }, hash })
}

async fn note(tx: &kernel::db::Tx, ctx: &Ctx, school: SchoolId, made: &HashSet<PersonId>) -> Result<()> {
    let persons: Vec<PersonId> = made.iter().copied().collect();
    let deed = Deed { school, action: "identity.give_logins", subject_kind: "organisation", subject: Some(school.0), detail: json!({ "persons": persons }) };
    audit::record(tx, ctx, deed).await
}

fn full_name(one: &Loginless) -> String {
    format!("{} {}", one.surname, one.given_name)
}

fn role_names(t: &Texts<'_>, one: &Loginless, own: &[OwnRole]) -> Vec<String> {
    let delivered = one.roles.iter().map(|role| t.text(role_key(role)));
    let made_here = one.own_roles.iter().filter_map(|id| own.iter().find(|role| role.id == *id)).map(|role| role.name(t.locale()).to_owned());
    delivered.chain(made_here).collect()
}
