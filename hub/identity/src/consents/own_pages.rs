//! `/my/consents`: what a family allows, child by child, each text one tap away; and `/my/consents/ledger`: who said what when.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Ctx, Error,
    audit::Whose,
    id::{PersonId, SchoolId},
    right::Role,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging, StatusDot, Tone},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    rules::{Act, How, Purpose, Rule, Wish},
    service::{self, Child, Given, Place, Standing},
    store::{TextRow, Word},
};
use crate::{
    guard::MyGuard,
    schools::{self, School},
    trail::{self, Sight},
};

/// How many words a page of the ledger shows.
const PAGE: usize = 50;

/// The routes of a family.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/consents", get().to(show)).route("/my/consents", post().to(say)).route("/my/consents/ledger", get().to(ledger));
}

#[derive(Debug, Deserialize)]
struct Done {
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "consents_my.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    children: Vec<ChildView>,
    nobody: Option<Empty>,
}

struct ChildView {
    school: SchoolId,
    child: PersonId,
    name: String,
    place: String,
    said: bool,
    of_age: bool,
    rows: Vec<Row>,
}

struct Row {
    purpose: Purpose,
    name: String,
    state: StatusDot,
    facts: Vec<(String, String)>,
    /// What stops with a no, and what the law keeps all the same.
    stops: String,
    /// Somebody else's no holds against the reader's yes.
    overruled: bool,
    version: i32,
    yes: Option<String>,
    no: Option<String>,
}

/// The context with the schools where the person is a pupil by a login of their own: who is of age acts there for themselves.
pub fn own_ctx(guard: &MyGuard) -> Ctx {
    let mut ctx = guard.ctx.clone();
    let own = service::own_schools(&guard.identity);
    if ctx.role.is_none() && !own.is_empty() {
        ctx.role = Some(Role::Pupil);
    }
    ctx.scope.schools.extend(own);
    ctx.scope.schools.sort_unstable();
    ctx.scope.schools.dedup();
    ctx
}

fn sights(children: &[Child], action: &'static str) -> Vec<Sight> {
    children.chunk_by(|a, b| a.school == b.school).filter_map(|here| Some(Sight::of(here.first()?.school, action, Whose::persons(here.iter().map(|child| child.person))))).collect()
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    let (site, t, ctx) = (Site::of(&req)?, web::page::texts(&req)?, own_ctx(&guard));
    let children = service::children(site, &ctx, &guard.identity).await?;
    trail::read(&req, &ctx, sights(&children, "consents.see_own")).await?;
    let of: Vec<(SchoolId, PersonId)> = children.iter().map(|child| (child.school, child.person)).collect();
    let today = t.day_of(ctx.now());
    let standings = site.db.run(&ctx.scope, async |tx| service::standings(tx, &of, Some(guard.identity.person), today, t.locale()).await).await?;
    let places = schools::by_ids(site, &ctx.scope.schools).await?;
    let views = children.iter().zip(standings).map(|(child, standings)| {
        let school = places.iter().find(|school| school.id == child.school);
        let speaks = !child.of_age || child.person == guard.identity.person;
        let said = query.said.as_deref() == Some(child.person.to_string().as_str());
        child_view(&t, child, school, &standings, speaks, said)
    });
    let nobody = || Empty { icon: Icon("check"), title: t.text("consents-nobody-title"), body: t.text("consents-nobody-body"), action: None };
    let view = View { csrf: csrf::field(&req), nobody: children.is_empty().then(nobody), children: views.collect(), t: t.clone() };
    Page::new(t.text("consents-my-title")).narrow().respond(&req, &view)
}

fn child_view(t: &Texts<'_>, child: &Child, school: Option<&School>, standings: &[Standing], speaks: bool, said: bool) -> ChildView {
    let place = school.map(|school| school.name(t.locale()).to_owned()).unwrap_or_default();
    ChildView {
        school: child.school,
        child: child.person,
        name: child.name.clone(),
        said,
        of_age: child.of_age && !speaks,
        rows: standings.iter().map(|standing| row(t, standing, &place, speaks)).collect(),
        place,
    }
}

fn row(t: &Texts<'_>, standing: &Standing, place: &str, speaks: bool) -> Row {
    let purpose = standing.purpose;
    let yes = (speaks && standing.own_last != Some(Act::Given)).then(|| t.text("consents-give"));
    let no = match standing.own_last {
        Some(Act::Refused | Act::Withdrawn) => None,
        Some(Act::Given) => Some(t.text("consents-withdraw")),
        None => Some(t.text("consents-refuse")),
    };
    Row {
        purpose,
        name: t.text(format!("consents-purpose-{}", purpose.key())),
        state: state_of(t, standing.rule, standing.act()),
        facts: facts(t, &standing.text, place),
        stops: t.text(format!("consents-stops-{}", purpose.key())),
        overruled: !standing.is_allowed() && standing.own_last == Some(Act::Given),
        version: standing.text.version,
        yes,
        no: no.filter(|_| speaks),
    }
}

/// What a purpose stands at, in words.
pub(super) fn state_of(t: &Texts<'_>, rule: Rule, act: Option<Act>) -> StatusDot {
    let (tone, key) = match (act, rule) {
        (Some(Act::Given), _) => (Tone::Ok, "consents-is-given"),
        (Some(Act::Refused), _) => (Tone::Warn, "consents-is-refused"),
        (Some(Act::Withdrawn), _) => (Tone::Warn, "consents-is-withdrawn"),
        (None, Rule::UntilRefused) => (Tone::Unknown, "consents-is-silent-runs"),
        (None, Rule::AfterYes) => (Tone::Unknown, "consents-is-silent"),
    };
    StatusDot { tone, text: t.text(key) }
}

/// What the law asks a consent to say.
pub(super) fn facts(t: &Texts<'_>, text: &TextRow, operator: &str) -> Vec<(String, String)> {
    [
        ("consents-fact-who", operator.to_owned()),
        ("consents-fact-goal", text.goal.clone()),
        ("consents-fact-data", text.data.clone()),
        ("consents-fact-term", text.term.clone()),
        ("consents-fact-third-parties", text.third_parties.clone()),
        ("consents-fact-cross-border", text.cross_border.clone()),
        ("consents-fact-publication", text.publication.clone()),
    ]
    .map(|(key, value)| (t.text(key), value))
    .into()
}

#[derive(Debug, Deserialize)]
struct WordForm {
    school: String,
    child: String,
    purpose: String,
    wish: String,
    version: i32,
}

async fn say(req: HttpRequest, guard: MyGuard, form: Posted<WordForm>) -> Answer {
    let (site, ctx, form) = (Site::of(&req)?, own_ctx(&guard), form.0);
    let school: SchoolId = form.school.parse().map_err(|_| Error::NotFound)?;
    let child: PersonId = form.child.parse().map_err(|_| Error::NotFound)?;
    let purpose = Purpose::parse(&form.purpose).ok_or(Error::NotFound)?;
    let wish = Wish::parse(&form.wish).ok_or(Error::NotFound)?;
    service::give(site, &ctx, school, child, Given { purpose, wish, version: Some(form.version) }).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/my/consents?said={child}#child-{child}"))).finish())
}

#[derive(Debug, Deserialize)]
struct LedgerQuery {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "consents_ledger.html")]
struct LedgerPage<'a> {
    t: Texts<'a>,
    words: Vec<WordLine>,
    nothing: Empty,
    paging: Paging,
}

/// A word of the ledger, in words.
pub(super) struct WordLine {
    pub(super) at: Moment,
    pub(super) child: String,
    pub(super) purpose: String,
    pub(super) act: StatusDot,
    pub(super) by: String,
    pub(super) how: String,
    pub(super) text: String,
    pub(super) scan: Option<String>,
}

async fn ledger(req: HttpRequest, guard: MyGuard, query: Asked<LedgerQuery>) -> Answer {
    let (site, t, ctx) = (Site::of(&req)?, web::page::texts(&req)?, own_ctx(&guard));
    let children = service::children(site, &ctx, &guard.identity).await?;
    trail::read(&req, &ctx, sights(&children, "consents.see_own")).await?;
    let (schools, persons): (Vec<SchoolId>, Vec<PersonId>) = children.iter().map(|child| (child.school, child.person)).unzip();
    let after = query.after.as_deref().and_then(Place::parse);
    let mut words = site.db.run(&ctx.scope, async |tx| service::ledger(tx, schools, persons, after, PAGE + 1).await).await?;
    let more = words.len() > PAGE;
    words.truncate(PAGE);
    let next = words.last().map(|word| Place::of(word).show()).filter(|_| more);
    let name = |word: &Word| children.iter().find(|child| child.person == word.person_id).map(|child| child.name.clone()).unwrap_or_default();
    let view = LedgerPage {
        words: words.iter().map(|word| word_line(&t, word, name(word), None)).collect(),
        nothing: Empty { icon: Icon("check"), title: t.text("consents-ledger-nothing-title"), body: t.text("consents-ledger-nothing-body"), action: None },
        paging: Paging::of(&t, "/my/consents/ledger", query.after.as_deref(), next.as_deref()),
        t: t.clone(),
    };
    Page::new(t.text("consents-ledger-title")).respond(&req, &view)
}

pub(super) fn word_line(t: &Texts<'_>, word: &Word, child: String, scan: Option<String>) -> WordLine {
    let act = Act::stored(&word.act);
    let tone = if act == Act::Given { Tone::Ok } else { Tone::Warn };
    let purpose = Purpose::parse(&word.purpose).map_or_else(|| word.purpose.clone(), |purpose| t.text(format!("consents-purpose-{}", purpose.key())));
    let how = match (&word.signed_on, &word.recorder) {
        (Some(day), Some(recorder)) => t.with("consents-how-paper-by", (("date", day.strftime("%d.%m.%Y").to_string()), ("name", recorder.as_str()))),
        _ if word.how == How::Eds.as_str() => t.text("consents-how-eds"),
        _ if word.how == How::Paper.as_str() => t.text("consents-how-paper"),
        _ => t.text("consents-how-on-screen"),
    };
    WordLine {
        at: Moment::full(t, word.at),
        child,
        purpose,
        act: StatusDot { tone, text: t.text(format!("consents-act-{}", act.as_str())) },
        by: [&word.surname, &word.given_name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" "),
        how,
        text: t.with("consents-text-version", (("version", word.text_version), ("language", word.text_locale.as_str()))),
        scan,
    }
}
