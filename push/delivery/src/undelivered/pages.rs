//! `/support/undelivered`: channels and causes with their numbers; `/support/undelivered/cause`: those of one, with the button that sends them again.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::Guard;
use jiff::Timestamp;
use kernel::{
    Error, Locale,
    id::{NoticeId, TokenId},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, StatusDot, Tone},
    csrf::{self, CsrfField},
    failure::encoded,
    form::{Asked, Posted},
};

use super::{
    Cause, Filter, Group, Letter, Period, ReplayDeliveries, rules,
    service::{self, Letters},
    store::{Counted, Dead},
};
use crate::channels::Via;

const PATH: &str = "/support/undelivered";
const CAUSE: &str = "/support/undelivered/cause";

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(groups)).route(CAUSE, get().to(cause)).route("/support/undelivered/replay", post().to(replay));
}

/// What the address says, and what a form sends along to come back to it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Where {
    days: String,
    school: String,
    channel: String,
    outcome: String,
    detail: String,
    /// What an act did: how many went again, and how many were given up.
    again: Option<i64>,
    old: Option<i64>,
}

impl Where {
    fn filter(&self) -> Filter {
        Filter { period: Period::parse(&self.days), school: self.school.clone() }
    }

    fn group(&self) -> Group {
        Group { channel: self.channel.clone(), outcome: self.outcome.clone(), detail: self.detail.clone() }
    }

    /// The page of a cause, looked at as here.
    fn address_of(&self, group: &Group) -> String {
        let Group { channel, outcome, detail } = group;
        format!("{CAUSE}?{}&channel={}&outcome={}&detail={}", self.query(), encoded(channel), encoded(outcome), encoded(detail))
    }

    fn query(&self) -> String {
        format!("days={}&school={}", Period::parse(&self.days).as_str(), encoded(&self.school))
    }
}

#[derive(Template)]
#[template(path = "undelivered.html")]
struct GroupsView<'a> {
    t: Texts<'a>,
    periods: Vec<PeriodChoice>,
    school: String,
    lines: Vec<GroupLine>,
    nothing: Empty,
}

struct PeriodChoice {
    value: &'static str,
    text: String,
    chosen: bool,
}

struct GroupLine {
    href: String,
    channel: String,
    cause: String,
    detail: String,
    letters: String,
    fresh: String,
    old: String,
    schools: String,
    last: Moment,
}

async fn groups(req: HttpRequest, guard: Guard<ReplayDeliveries>, query: Asked<Where>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let filter = query.filter();
    let found = service::groups(&site.db, &guard.ctx, &filter).await?;
    let choice = |period: Period| PeriodChoice { value: period.as_str(), text: t.text(period.key()), chosen: period == filter.period };
    let view = GroupsView {
        periods: Period::ALL.into_iter().map(choice).collect(),
        school: query.school.clone(),
        lines: found.iter().map(|counted| group_line(&t, &query, counted)).collect(),
        nothing: nothing(&t),
        t: t.clone(),
    };
    Page::new(t.text("undelivered-title")).respond(&req, &view)
}

fn nothing(t: &Texts<'_>) -> Empty {
    Empty { icon: Icon("check"), title: t.text("undelivered-nothing-title"), body: t.text("undelivered-nothing-body"), action: None }
}

fn group_line(t: &Texts<'_>, at: &Where, counted: &Counted) -> GroupLine {
    let group = Group::of(counted);
    GroupLine {
        href: at.address_of(&group),
        channel: channel(t, &group),
        cause: cause_of(t, &group),
        letters: t.number(counted.letters),
        fresh: t.number(counted.fresh),
        old: t.number(counted.letters - counted.fresh),
        schools: t.number(counted.schools),
        last: Moment::full(t, counted.last_at),
        detail: group.detail,
    }
}

fn channel(t: &Texts<'_>, group: &Group) -> String {
    t.text(match Via::stored(&group.channel) {
        Some(Via::Fcm) => "log-by-app",
        Some(Via::WebPush) => "log-by-browser",
        Some(Via::Telegram) => "log-by-telegram",
        Some(Via::Mail) => "log-by-mail",
        None => "undelivered-channel-other",
    })
}

fn cause_of(t: &Texts<'_>, group: &Group) -> String {
    t.text(Cause::of(&group.channel, &group.outcome, &group.detail).key())
}

#[derive(Template)]
#[template(path = "undelivered_cause.html")]
struct CauseView<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    back: String,
    channel: String,
    cause: String,
    group: Group,
    days: &'static str,
    school: String,
    seen_at: Timestamp,
    done: Option<String>,
    counts: Option<Counts>,
    lines: Vec<LetterLine>,
    nothing: Empty,
}

/// The numbers of a cause, and what its button says.
struct Counts {
    fresh: String,
    old: String,
    button: String,
    ask: String,
    /// Where one press does not do all.
    most: Option<String>,
    shown: String,
}

struct LetterLine {
    notice: NoticeId,
    token: TokenId,
    school: String,
    code: String,
    kind: String,
    happened: Moment,
    attempts: i32,
    state: StatusDot,
    before: Option<Moment>,
    button: String,
}

async fn cause(req: HttpRequest, guard: Guard<ReplayDeliveries>, query: Asked<Where>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let (filter, group) = (query.filter(), query.group());
    let Letters { counted, shown } = service::letters(&site.db, &guard.ctx, &filter, &group).await?;
    let view = CauseView {
        csrf: csrf::field(&req),
        back: format!("{PATH}?{}", query.query()),
        channel: channel(&t, &group),
        cause: cause_of(&t, &group),
        days: filter.period.as_str(),
        school: filter.school,
        seen_at: guard.ctx.now(),
        done: query.again.zip(query.old).map(|done| said(&t, done)),
        counts: counted.map(|counted| counts(&t, &counted, shown.len())),
        lines: shown.iter().map(|dead| letter_line(&t, dead)).collect(),
        nothing: nothing(&t),
        group,
        t: t.clone(),
    };
    Page::new(t.text("undelivered-title")).respond(&req, &view)
}

fn said(t: &Texts<'_>, (again, old): (i64, i64)) -> String {
    match (again, old) {
        (0, 0) => t.text("undelivered-done-nothing"),
        (again, old) => t.with("undelivered-done", [("again", again), ("old", old)]),
    }
}

fn counts(t: &Texts<'_>, counted: &Counted, shown: usize) -> Counts {
    let (fresh, old) = (counted.fresh, counted.letters - counted.fresh);
    let (button, ask) = match fresh {
        0 => (t.with("undelivered-close", [("count", old)]), t.with("undelivered-close-ask", [("old", old)])),
        fresh => (t.with("undelivered-replay", [("count", fresh)]), t.with("undelivered-replay-ask", [("fresh", fresh), ("old", old)])),
    };
    Counts {
        fresh: t.number(fresh),
        old: t.number(old),
        button,
        ask,
        most: (counted.letters > rules::MOST).then(|| t.with("undelivered-most", [("count", rules::MOST)])),
        shown: t.with("undelivered-shown", [("shown", i64::try_from(shown).unwrap_or(i64::MAX)), ("count", counted.letters)]),
    }
}

fn letter_line(t: &Texts<'_>, dead: &Dead) -> LetterLine {
    let (tone, state, button) = if dead.fresh { (Tone::Ok, "undelivered-is-fresh", "undelivered-one") } else { (Tone::Unknown, "undelivered-is-old", "undelivered-one-close") };
    let name = match t.locale() {
        Locale::Kk => &dead.name_kk,
        Locale::Ru => &dead.name_ru,
        Locale::En => &dead.name_en,
    };
    LetterLine {
        notice: dead.notice_id,
        token: dead.token_id,
        school: name.clone(),
        code: dead.code.clone(),
        kind: t.text(format!("notice-{}-name", dead.kind)),
        happened: Moment::full(t, dead.occurred_at),
        attempts: dead.attempts,
        state: StatusDot { tone, text: t.text(state) },
        before: dead.replayed_at.map(|at| Moment::full(t, at)),
        button: t.text(button),
    }
}

/// What a button sends: where its page looked and when it was made; and which one, where it is of one.
#[derive(Debug, Deserialize)]
struct Sent {
    #[serde(flatten)]
    at: Where,
    seen_at: String,
    #[serde(default)]
    notice: String,
    #[serde(default)]
    token: String,
}

impl Sent {
    fn only(&self) -> kernel::Result<Option<Letter>> {
        if self.notice.is_empty() && self.token.is_empty() {
            return Ok(None);
        }
        let letter = Letter { notice: self.notice.parse().map_err(|_| Error::NotFound)?, token: self.token.parse().map_err(|_| Error::NotFound)? };
        Ok(Some(letter))
    }
}

async fn replay(req: HttpRequest, guard: Guard<ReplayDeliveries>, form: Posted<Sent>) -> Answer {
    let Posted(sent) = form;
    let seen_at = sent.seen_at.parse().map_err(|_| Error::NotFound)?;
    let asked = service::Asked { filter: sent.at.filter(), group: sent.at.group(), only: sent.only()?, seen_at };
    let done = service::replay(&Site::of(&req)?.db, &guard.ctx, asked).await?;
    let back = format!("{}&again={}&old={}", sent.at.address_of(&sent.at.group()), done.again, done.old);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, back)).finish())
}
