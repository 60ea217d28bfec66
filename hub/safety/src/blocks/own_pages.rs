//! `/my/cards` and `/my/{child}/card`: a guardian, or a pupil of age, blocks a card in two taps, reads what happens next, and takes a slip back.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Child, MyGuard, consents,
    trail::{self, Sight},
};
use kernel::{
    Ctx, Error,
    error::FieldError,
    id::{PersonId, read, show},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, FormField, Icon, StatusBlock, StatusDot, Tone},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    rules::{self, NewBlock, Typed, Way},
    service::{self, In, Own, Wanted},
    store::HeldCard,
    view,
};

/// The routes of a guardian.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/cards", get().to(all))
        .route("/my/{child:[0-9a-zA-Z]{26}}/card", get().to(page))
        .route("/my/{child:[0-9a-zA-Z]{26}}/card", post().to(block))
        .route("/my/{child:[0-9a-zA-Z]{26}}/card/undo", post().to(undo));
}

#[derive(Template)]
#[template(path = "blocks_all.html")]
struct AllPage<'a> {
    t: Texts<'a>,
    holders: Vec<HolderLine>,
    nobody: Option<Empty>,
}

struct HolderLine {
    href: String,
    name: String,
    state: StatusDot,
}

#[derive(Template)]
#[template(path = "blocks_my.html")]
struct OwnPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    back: (String, String),
    here: String,
    done: Option<String>,
    failed: Option<String>,
    /// Each blocked card, and the block that may be taken back.
    blocked: Vec<(StatusBlock, Option<String>)>,
    uses: Vec<String>,
    /// Nothing where no card opens.
    form: Option<Form>,
    none: Option<Empty>,
}

struct Form {
    id: String,
    card: Option<String>,
    /// Which card is meant, where it is the only one.
    title: String,
    fields: Vec<FormField>,
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
struct UndoForm {
    #[serde(default)]
    block: String,
}

/// Everybody whose card the reader may block.
async fn all(req: HttpRequest, guard: MyGuard) -> Answer {
    let (site, t, ctx) = (Site::of(&req)?, web::page::texts(&req)?, consents::own_ctx(&guard));
    let holders = consents::children(site, &ctx, &guard.identity).await?;
    let shown: Vec<Child> = holders.iter().map(|one| Child { school: one.school, person: one.person }).collect();
    let cards = service::own_cards(&site.db, &ctx, shown.iter().map(|one| (one.school, one.person)).unzip()).await?;
    let line = |one: &consents::Child| HolderLine { href: format!("/my/{}/card", one.person), name: one.name.clone(), state: state(&t, &cards, one.person) };
    let lines: Vec<HolderLine> = holders.iter().map(line).collect();
    trail::read(&req, &ctx, Sight::of_children("safety.see_own_card", &shown)).await?;
    let nobody = lines.is_empty().then(|| Empty { icon: Icon("people"), title: t.text("blocks-nobody-title"), body: t.text("blocks-nobody-body"), action: None });
    Page::new(t.text("blocks-all-title")).narrow().respond(&req, &AllPage { holders: lines, nobody, t: t.clone() })
}

fn state(t: &Texts<'_>, cards: &[HeldCard], holder: PersonId) -> StatusDot {
    let own: Vec<&HeldCard> = cards.iter().filter(|card| card.person_id == holder).collect();
    let (tone, key) = match own.iter().any(|card| card.block_id.is_none()) {
        true => (Tone::Ok, "blocks-has-open"),
        false if own.is_empty() => (Tone::Unknown, "blocks-has-none"),
        false => (Tone::Warn, "blocks-has-blocked"),
    };
    StatusDot { tone, text: t.text(key) }
}

async fn page(req: HttpRequest, guard: MyGuard, child: Path<String>, query: Asked<Done>) -> Answer {
    let done = query.0.done.as_deref().and_then(|done| ["blocked", "undone"].into_iter().find(|known| *known == done));
    let typed = Typed { reason: rules::Reason::Lost.as_str().to_owned(), ..Typed::default() };
    let (ctx, own, name) = of(&req, &guard, &child).await?;
    render(&req, &ctx, own, name, typed, &[], done).await
}

async fn block(req: HttpRequest, guard: MyGuard, child: Path<String>, form: Posted<Typed>) -> Answer {
    let (site, t, typed) = (Site::of(&req)?, web::page::texts(&req)?, form.0);
    let (ctx, own, name) = of(&req, &guard, &child).await?;
    let here = In { zone: t.zone(), today: t.day_of(ctx.now()) };
    let wanted = read(&typed.card).map(|card| Wanted { id: read(&typed.id).unwrap_or_else(|| ctx.id()), card });
    let blocked = match (NewBlock::parse(&typed, Way::Page), wanted) {
        (Ok(new), Some(wanted)) => service::block_own(&site.db, &ctx, own, here, wanted, new).await,
        (Ok(_), None) => Err(Error::invalid("card", "blocks-wrong-card")),
        (Err(wrong), _) => Err(wrong),
    };
    match blocked {
        Ok(()) => Ok(to(own.holder, "blocked")),
        Err(Error::Invalid(wrong)) => render(&req, &ctx, own, name, typed, &wrong, None).await,
        Err(other) => Err(other.into()),
    }
}

async fn undo(req: HttpRequest, guard: MyGuard, child: Path<String>, form: Posted<UndoForm>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let (ctx, own, _) = of(&req, &guard, &child).await?;
    // A form that names no block takes nothing back.
    let Some(id) = read(&form.0.block) else { return Ok(to(own.holder, "")) };
    service::take_back(&site.db, &ctx, own, In { zone: t.zone(), today: t.day_of(ctx.now()) }, id).await?;
    Ok(to(own.holder, "undone"))
}

fn to(holder: PersonId, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/my/{holder}/card?done={done}"))).finish()
}

/// A child of the guardian, or the reader themselves from eighteen on, with the name; anybody else is not there.
async fn of(req: &HttpRequest, guard: &MyGuard, holder: &str) -> kernel::Result<(Ctx, Own, String)> {
    let (site, ctx) = (Site::of(req)?, consents::own_ctx(guard));
    let holder: PersonId = holder.parse().map_err(|_| Error::NotFound)?;
    let known = consents::children(site, &ctx, &guard.identity).await?;
    let own = known.into_iter().find(|one| one.person == holder).ok_or(Error::NotFound)?;
    Ok((ctx, Own { school: own.school, holder, speaker: guard.identity.person }, own.name))
}

async fn render(req: &HttpRequest, ctx: &Ctx, own: Own, name: String, typed: Typed, wrong: &[FieldError], done: Option<&str>) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let (cards, uses) = service::own(&site.db, ctx, own, t.day_of(ctx.now())).await?;
    trail::read(req, ctx, Sight::of_children("safety.see_own_card", &[Child { school: own.school, person: own.holder }])).await?;
    let back = if own.holder == own.speaker { "/my/cards".to_owned() } else { format!("/my/{}", own.holder) };
    let may_undo = |card: &HeldCard| card.block_id.filter(|_| card.blocked_at.is_some_and(|at| rules::may_take_back(card.blocked_by, at, own.speaker, ctx.now())));
    let view = OwnPage {
        csrf: csrf::field(req),
        back: (name, back),
        here: format!("/my/{}/card", own.holder),
        done: done.map(|done| t.text(format!("blocks-done-{done}"))),
        failed: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        blocked: cards.iter().filter_map(|card| Some((view::blocked(&t, card)?, may_undo(card).map(show)))).collect(),
        uses: uses.iter().map(|one| view::used(&t, one)).collect(),
        form: cards.iter().any(|card| card.block_id.is_none()).then(|| form(&t, ctx, &cards, &typed, wrong)),
        none: cards.is_empty().then(|| Empty { icon: Icon("door-in"), title: t.text("blocks-none-title"), body: t.text("blocks-none-body"), action: None }),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("blocks-my-title")).narrow().status(status).respond(req, &view)
}

fn form(t: &Texts<'_>, ctx: &Ctx, cards: &[HeldCard], typed: &Typed, wrong: &[FieldError]) -> Form {
    let only = cards.iter().find(|card| card.block_id.is_none()).filter(|_| view::only_open(cards).is_some());
    Form {
        // What was refused keeps its id: sent again with its mistake mended it is the same block.
        id: read(&typed.id).map_or_else(|| show(ctx.id()), |_| typed.id.clone()),
        card: view::only_open(cards),
        title: only.map_or_else(|| t.text("blocks-my-title"), |card| view::card(t, &card.code)),
        fields: view::fields(t, cards, typed, wrong),
    }
}
