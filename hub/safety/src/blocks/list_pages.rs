//! `/{school}/cards`: which cards are blocked, why, since when, and where they were used; a block is lifted here.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    id::{SchoolId, read, show},
};
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, StatusDot, Tone,
        table::{Action, Cell, Filter, Row, Way as Press},
    },
    export::{self, Format},
    xlsx::{Cell as Value, Heading, List},
};

use super::{
    BlockCards, LiftBlocks, SeeBlockedCards,
    rules::Reason,
    service::{self, In, Sought},
    store::Block,
    view,
};

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/cards", get().to(list))
        .route("/{school}/cards.xlsx", get().to(export))
        .route("/{school}/cards.csv", get().to(export))
        .route("/{school}/cards/{id}/lift", post().to(lift));
}

#[derive(Template)]
#[template(path = "blocks.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    done: Option<String>,
    /// Where a card is blocked, for who does that.
    block: Option<String>,
    table: DataTable<'a>,
}

async fn list(req: HttpRequest, guard: Guard<SeeBlockedCards>) -> Answer {
    let (site, t, school, address) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, Address::of(&req));
    let sought = sought(&address);
    let (blocks, next) = service::list(&site.db, &guard.ctx, school.id, &sought, read(address.get("after"))).await?;
    trail::read(&req, &guard.ctx, [sight(school.id, &sought, &blocks)]).await?;
    let home = format!("/{}/cards", school.code);
    let (blocker, lifter) = (guard.ctx.require::<BlockCards>().is_ok(), guard.ctx.require::<LiftBlocks>().is_ok());
    let done = ["blocked", "lifted"].into_iter().find(|done| *done == address.get("done"));
    let view = ListPage {
        school_name: school.name(t.locale()),
        done: done.map(|done| t.text(format!("blocks-list-done-{done}"))),
        block: blocker.then(|| format!("{home}/new")),
        table: table(&t, &req, address.without("done"), &blocks, next.map(show), lifter),
        t,
    };
    Page::new(view.t.text("blocks-title")).respond(&req, &view)
}

fn sight(school: SchoolId, sought: &Sought, blocks: &[Block]) -> Sight {
    let shown = Sight::of(school, "safety.list_blocked_cards", Whose::persons(blocks.iter().map(|block| block.person_id)));
    shown.filtered(json!({ "state": sought.state, "reason": sought.reason, "cardless": sought.cardless, "searched": !sought.words.is_empty() }))
}

/// What the address asks for; what it says wrongly is not asked for.
fn sought(address: &Address) -> Sought {
    Sought {
        state: ["lifted", "all"].into_iter().find(|state| *state == address.get("state")).unwrap_or_default(),
        reason: Reason::parse(address.get("reason")).map_or("", Reason::as_str),
        cardless: address.get("other") == "none",
        words: address.get("q").trim().chars().take(100).collect(),
    }
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, address: Address, blocks: &[Block], next: Option<String>, lifter: bool) -> DataTable<'a> {
    let after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), after, next.as_deref());
    let path = address.path().to_owned();
    let is_asked = !address.query().is_empty();
    let empty = Empty {
        icon: Icon("lock"),
        title: t.text("blocks-list-none-title"),
        body: t.text(if is_asked { "blocks-list-none-found" } else { "blocks-list-none-body" }),
        action: is_asked.then(|| (path.clone(), t.text("blocks-show-all"))),
    };
    DataTable::new(t.clone(), req, "blocks", t.text("blocks-title"), address)
        .search(t.text("blocks-find"))
        .filters(filters(t))
        .columns(
            vec![
                DataColumn::text("name", t.text("blocks-holder")).always(),
                DataColumn::text("card", t.text("blocks-number")).always(),
                DataColumn::text("state", t.text("blocks-state")).always(),
                DataColumn::text("reason", t.text("blocks-reason")),
                DataColumn::text("blocked", t.text("blocks-blocked")),
                DataColumn::text("used", t.text("blocks-used")),
                DataColumn::text("lifted", t.text("blocks-lifted")).on_demand(),
            ],
            None,
        )
        .rows(blocks.iter().map(|block| row(t, &path, block, lifter)).collect())
        .files()
        .paging(paging)
        .empty(empty)
}

fn filters(t: &Texts<'_>) -> Vec<Filter> {
    let filter = |name: &'static str, label: &str, all: &str, options| Filter { name, label: t.text(label), all: t.text(all), options };
    let states = ["lifted", "all"].map(|state| (state.to_owned(), t.text(format!("blocks-state-{state}")))).into();
    vec![
        filter("state", "blocks-state", "blocks-state-holds", states),
        filter("reason", "blocks-reason", "blocks-reason-all", Reason::ALL.map(|one| (one.as_str().to_owned(), view::reason(t, one.as_str()))).into()),
        filter("other", "blocks-other", "blocks-other-all", vec![("none".to_owned(), t.text("blocks-other-none"))]),
    ]
}

fn row(t: &Texts<'_>, path: &str, block: &Block, lifter: bool) -> Row {
    let lift = Action { href: format!("{path}/{}/lift", show(block.id)), text: t.text("blocks-lift"), way: Press::Ask(t.text("blocks-lift-ask")) };
    let why = view::reason(t, &block.reason);
    let who = match &block.class_label {
        Some(class) => Cell::Title { href: format!("{}/pupils/{}", path.trim_end_matches("/cards"), block.person_id), text: block.holder.clone(), note: Some(class.clone()) },
        None => Cell::Text(block.holder.clone()),
    };
    Row {
        id: show(block.id),
        name: block.holder.clone(),
        cells: vec![
            who,
            Cell::Text(block.code.clone()),
            Cell::Dot(state(t, block)),
            Cell::Text(block.words.as_ref().map_or_else(|| why.clone(), |words| t.with("blocks-reason-words", (("reason", why.clone()), ("words", words.clone()))))),
            Cell::Text(blocked(t, block)),
            used(t, block).map_or(Cell::Nothing, Cell::Text),
            lifted(t, block).map_or(Cell::Nothing, Cell::Text),
        ],
        actions: if lifter && block.lifted_at.is_none() { vec![lift] } else { Vec::new() },
    }
}

fn state(t: &Texts<'_>, block: &Block) -> StatusDot {
    let (tone, key) = match (block.lifted_at, block.has_other) {
        (Some(_), _) => (Tone::Unknown, "blocks-is-lifted"),
        (None, true) => (Tone::Ok, "blocks-is-replaced"),
        (None, false) => (Tone::Warn, "blocks-is-cardless"),
    };
    StatusDot { tone, text: t.text(key) }
}

fn blocked(t: &Texts<'_>, block: &Block) -> String {
    let name = block.blocker.clone().unwrap_or_else(|| t.text("blocks-somebody"));
    t.with(format!("blocks-blocked-{}", block.way), (("name", name), ("at", t.moment(block.blocked_at))))
}

fn used(t: &Texts<'_>, block: &Block) -> Option<String> {
    block.used_at.map(|at| t.with("blocks-used-times", (("count", block.uses), ("at", t.moment(at)))))
}

fn lifted(t: &Texts<'_>, block: &Block) -> Option<String> {
    let name = block.lifter.clone().unwrap_or_else(|| t.text("blocks-somebody"));
    block.lifted_at.map(|at| t.with("blocks-lifted-by", (("name", name), ("at", t.moment(at)))))
}

async fn export(req: HttpRequest, guard: Guard<SeeBlockedCards>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let sought = sought(&Address::of(&req));
    let blocks = service::whole_list(&site.db, &guard.ctx, school.id, &sought).await?;
    trail::read(&req, &guard.ctx, [sight(school.id, &sought, &blocks)]).await?;
    let headings = [("blocks-holder", 32), ("blocks-class", 8), ("blocks-number", 14), ("blocks-state", 24), ("blocks-reason", 18), ("blocks-words", 36), ("blocks-blocked", 40), ("blocks-used", 30), ("blocks-lifted", 40)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let maybe = |text: Option<String>| text.map_or(Value::Empty, Value::Text);
    let cells = |block: &Block| {
        vec![
            Value::Text(block.holder.clone()),
            maybe(block.class_label.clone()),
            Value::Text(block.code.clone()),
            Value::Text(state(&t, block).text),
            Value::Text(view::reason(&t, &block.reason)),
            maybe(block.words.clone()),
            Value::Text(blocked(&t, block)),
            maybe(used(&t, block)),
            maybe(lifted(&t, block)),
        ]
    };
    let rows: Vec<Vec<Value>> = blocks.iter().map(cells).collect();
    export::respond(Format::of(&req), List { file: format!("{}-cards", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

async fn lift(req: HttpRequest, guard: Guard<LiftBlocks>, path: Path<(String, String)>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let here = In { zone: t.zone(), today: t.day_of(guard.ctx.now()) };
    service::lift(&site.db, &guard.ctx, school.id, here, read(&path.1).ok_or(Error::NotFound)?).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/cards?done=lifted", school.code))).finish())
}
