//! `/my/phones`: which phones get notices, this one among them, and how the app is installed. `/my/notices.json`: what the worker shows.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{LOCATION, USER_AGENT},
    web::{Data, Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Child, MyGuard, Policy,
    trail::{self, Sight},
};
use kernel::{
    Error,
    id::{NoticeId, TokenId},
};
use serde::{Deserialize, Serialize};
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    rules,
    service::{self, NewBrowser, Offer},
    store::{Phone, Told},
};
use crate::{
    Own,
    channels::Via,
    links,
    mailbox::{self, State},
    notice_text,
};

const PATH: &str = "/my/phones";

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show))
        .route("/my/push/subscriptions", post().to(subscribe))
        .route("/my/push/subscriptions/renew", post().to(renew))
        .route("/my/push/subscriptions/{id}/remove", post().to(remove))
        .route("/my/notices.json", get().to(told));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    done: Option<String>,
    /// The key by which a browser subscribes; nothing where the installation has none.
    key: Option<String>,
    /// How the mailbox stands, and whether the account has an address for it; nothing where no letters are sent.
    mailbox: Option<(State, bool)>,
    /// Whether there is a bot that a chat can be linked to.
    telegram: bool,
    phones: Vec<Line>,
}

struct Line {
    id: TokenId,
    name: String,
    since: String,
    /// By what the page finds its own browser; nothing for a native app.
    print: Option<String>,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    let site = Site::of(&req)?;
    let t = web::page::texts(&req)?;
    let phones = service::phones(&site.db, &guard.ctx).await?;
    let done = query.done.as_deref().filter(|done| ["on", "mail", "removed"].contains(done));
    let view = View {
        csrf: csrf::field(&req),
        done: done.map(|done| t.text(format!("subscriptions-done-{done}"))),
        key: offer(&req).map(|offer| offer.key.clone()),
        mailbox: mailbox(&req, &guard).await?,
        telegram: req.app_data::<Data<links::Offer>>().is_some(),
        phones: phones.iter().map(|phone| line(&t, phone)).collect(),
        t: t.clone(),
    };
    Page::new(t.text("subscriptions-title")).narrow().respond(&req, &view)
}

async fn mailbox(req: &HttpRequest, guard: &MyGuard) -> kernel::Result<Option<(State, bool)>> {
    if req.app_data::<Data<mailbox::Offer>>().is_none() {
        return Ok(None);
    }
    let db = &Site::of(req)?.db;
    let address = identity::confirmed_email(db, Policy::of(req), guard.identity.account).await?;
    Ok(Some((mailbox::state(db, &guard.ctx).await?, address.is_some())))
}

fn offer(req: &HttpRequest) -> Option<&Data<Offer>> {
    req.app_data::<Data<Offer>>()
}

fn line(t: &Texts<'_>, phone: &Phone) -> Line {
    let via = Via::stored(&phone.channel);
    let is_browser = via == Some(Via::WebPush);
    let name = match (phone.label.as_str(), via) {
        ("", Some(Via::Telegram)) => t.text("links-telegram"),
        ("", Some(Via::Mail)) => t.text("mailbox-title"),
        ("", Some(Via::WebPush)) => t.text("subscriptions-browser"),
        ("", _) => t.text("subscriptions-app"),
        (label, _) => label.to_owned(),
    };
    Line { id: phone.id, name, since: t.moment(phone.registered_at), print: is_browser.then(|| rules::print(&phone.token)) }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Browser {
    endpoint: String,
    key: String,
    auth: String,
    /// Where it was reached before, when it says so by itself.
    old: String,
}

async fn subscribe(req: HttpRequest, guard: MyGuard, form: Posted<Browser>) -> Answer {
    let (site, Posted(form)) = (Site::of(&req)?, form);
    let own = Own::of(&guard);
    service::subscribe(&site.db, &own.ctx, browser(&req, &guard, &form)?).await?;
    Ok(back("on"))
}

/// What the worker sends when the vendor gave the browser another address: nobody looks at the answer.
async fn renew(req: HttpRequest, guard: MyGuard, form: Posted<Browser>) -> Answer {
    let (site, Posted(form)) = (Site::of(&req)?, form);
    service::renew(&site.db, &Own::of(&guard).ctx, form.old.clone(), browser(&req, &guard, &form)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn browser(req: &HttpRequest, guard: &MyGuard, form: &Browser) -> kernel::Result<NewBrowser> {
    let offer = offer(req).ok_or(Error::Refused("subscriptions.off"))?;
    let user_agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    NewBrowser::parse(offer, (&form.endpoint, &form.key, &form.auth), rules::label(user_agent), guard.ctx.locale)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn remove(req: HttpRequest, guard: MyGuard, id: Path<String>, _form: Posted<Nothing>) -> Answer {
    let id: TokenId = id.parse().map_err(|_| Error::NotFound)?;
    service::remove(&Site::of(&req)?.db, &Own::of(&guard).ctx, id).await?;
    Ok(back("removed"))
}

fn back(done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("{PATH}?done={done}"))).finish()
}

#[derive(Debug, Deserialize)]
struct Which {
    /// Ids, with commas between them.
    #[serde(default)]
    id: String,
}

/// A notice as a phone shows it.
#[derive(Debug, Serialize)]
struct Words {
    id: NoticeId,
    title: String,
    body: String,
    /// The page that a tap opens.
    url: String,
    at: i64,
}

async fn told(req: HttpRequest, guard: MyGuard, query: Asked<Which>) -> Answer {
    let site = Site::of(&req)?;
    let t = web::page::texts(&req)?;
    let asked: Vec<NoticeId> = query.id.split(',').take(20).filter_map(|id| id.parse().ok()).collect();
    let own = Own::of(&guard);
    let told = service::told(&site.db, &own, asked).await?;
    let shown: Vec<Child> = own.of.iter().filter(|child| told.iter().any(|one| one.child_id == child.person)).copied().collect();
    trail::read(&req, &own.ctx, Sight::of_children("delivery.see_inbox", &shown)).await?;
    let words: Vec<Words> = told.into_iter().filter_map(|one| words(site, &t, one)).collect();
    Ok(HttpResponse::Ok().json(words))
}

/// A kind that only a newer version knows stays without words; the message brought some of its own.
fn words(site: &Site, t: &Texts<'_>, one: Told) -> Option<Words> {
    let kind = notice::kind(&one.kind)?;
    let (title, body) = notice_text(&site.catalog, t.locale(), kind, &one.args);
    Some(Words { id: one.id, title, body, url: kind.address(one.child_id, &one.args), at: one.occurred_at.as_millisecond() })
}
