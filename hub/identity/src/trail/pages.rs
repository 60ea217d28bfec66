//! `/{school}/audit`, its export, and `/my/audit`.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use kernel::{audit::Whose, id::PersonId};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging, StatusDot, Tone},
    failure::encoded,
    xlsx::{self, Cell, Heading},
    form::Asked,
};

use super::{
    SeeTrail,
    reading::{self, Sight},
    service::{self, Breadth, Chain, EXPORT, Filter, Looks, NAMED, PAGE, Place, TrailPage},
    store::{Line, Look},
};
use crate::{
    guard::{Guard, MyGuard},
    schools::School,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    // The guardian's first: `/{school}/audit` would take its address.
    cfg.route("/my/audit", get().to(my_trail)).route("/{school}/audit", get().to(trail)).route("/{school}/audit.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct TrailQuery {
    #[serde(default)]
    who: String,
    #[serde(default)]
    whose: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    after: Option<String>,
}

impl TrailQuery {
    fn filter(&self) -> Filter {
        Filter {
            who: self.who.clone(),
            whose: self.whose.clone(),
            action: self.action.clone(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            after: self.after.as_deref().and_then(Place::parse),
        }
    }

    /// The same choice in an address.
    fn address(&self, path: &str) -> String {
        let [who, whose, action, from, to] = [&self.who, &self.whose, &self.action, &self.from, &self.to].map(|text| encoded(text));
        format!("{path}?who={who}&whose={whose}&action={action}&from={from}&to={to}")
    }
}

/// One row in words.
struct Row {
    at: Moment,
    who: String,
    role: String,
    action: String,
    whose: String,
    from_where: String,
    reason: Option<String>,
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "trail.html")]
struct TrailView<'a> {
    t: Texts<'a>,
    school: &'a School,
    query: &'a TrailQuery,
    from: String,
    to: String,
    actions: Vec<Choice>,
    chain: StatusDot,
    chained: String,
    kept: Option<String>,
    rows: Vec<Row>,
    nothing: Empty,
    paging: Paging,
    export: String,
}

async fn trail(req: HttpRequest, guard: Guard<SeeTrail>, query: Asked<TrailQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = query.filter();
    let days = filter.days(t.day_of(guard.ctx.now()));
    let page = service::lines(&site.db, &guard.ctx, school.id, t.zone(), &filter, PAGE).await?;
    let actions = service::actions(&site.db, &guard.ctx, school.id, t.zone(), &filter).await?;
    let chain = service::chain_now(&site.db, &guard.ctx, school.id, t.zone()).await?;
    reading::read(&req, &guard.ctx, [sight(school, "trail.read", &filter, &page)]).await?;
    let address = query.address(&format!("/{}/audit", school.code));
    let view = TrailView {
        from: days.from.to_string(),
        to: days.to.to_string(),
        actions: actions.into_iter().map(|action| Choice { chosen: action == query.action, text: action_text(site, &t, &action), value: action }).collect(),
        chain: chain_dot(&t, &chain),
        chained: chain_text(&t, &chain),
        kept: chain.keep_months.map(|months| t.with("trail-kept", [("months", months)])),
        rows: page.lines.iter().map(|line| row(site, &t, &page, line)).collect(),
        nothing: Empty { icon: Icon("lock"), title: t.text("trail-nothing-title"), body: t.text("trail-nothing-body"), action: None },
        paging: Paging::of(&t, &address, query.after.as_deref(), page.next.map(|next| next.to_string()).as_deref()),
        export: query.address(&format!("/{}/audit.xlsx", school.code)),
        query: &query,
        school,
        t,
    };
    Page::new(view.t.text("trail-title")).wide().respond(&req, &view)
}

/// The same rows as the page's filter leaves.
async fn export(req: HttpRequest, guard: Guard<SeeTrail>, query: Asked<TrailQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = Filter { after: None, ..query.filter() };
    let page = service::lines(&site.db, &guard.ctx, school.id, t.zone(), &filter, EXPORT).await?;
    reading::read(&req, &guard.ctx, [sight(school, "trail.export", &filter, &page)]).await?;
    let list = xlsx::List {
        file: format!("{}-audit-{}", school.code, t.day_of(guard.ctx.now())),
        headings: [("at", 20), ("who", 32), ("role", 24), ("action", 40), ("whose", 48), ("where", 32), ("reason", 32)]
            .map(|(key, width)| Heading { text: t.text(format!("trail-column-{key}")), width })
            .to_vec(),
        zone: t.zone().clone(),
    };
    let rows: Vec<Vec<Cell>> = page.lines.iter().map(|line| cells(line, row(site, &t, &page, line))).collect();
    xlsx::respond(list, rows.into_iter()).await
}

fn cells(line: &Line, row: Row) -> Vec<Cell> {
    let Row { at: _, who, role, action, whose, from_where, reason } = row;
    let texts = [who, role, action, whose, from_where, reason.unwrap_or_default()].map(Cell::Text);
    std::iter::once(Cell::Moment(line.at)).chain(texts).collect()
}

/// Who reads the trail reads of people too. What was searched for are names, and stays out of the row.
fn sight(school: &School, action: &'static str, filter: &Filter, page: &TrailPage) -> Sight {
    let whose = page.lines.iter().filter(|line| line.whose_kind == "persons").flat_map(|line| line.whose.iter().take(NAMED)).copied().map(PersonId);
    let searched = !filter.who.trim().is_empty() || !filter.whose.trim().is_empty();
    Sight::of(school.id, action, Whose::persons(whose)).filtered(json!({ "searched": searched, "rows": page.lines.len() }))
}

fn row(site: &Site, t: &Texts<'_>, page: &TrailPage, line: &Line) -> Row {
    let name = |person: PersonId| page.names.get(&person).cloned();
    Row {
        at: Moment::full(t, line.at),
        // Support staff belong to no school, and their names are out of its sight: the role says enough.
        who: line.person_id.and_then(name).unwrap_or_default(),
        role: role_text(site, t, &line.role),
        action: action_text(site, t, &line.action),
        whose: match line.whose_kind.as_str() {
            "persons" => people_text(t, line.whose.iter().map(|id| page.names.get(&PersonId(*id)).map(String::as_str))),
            "class" => line.whose.iter().filter_map(|class| page.classes.get(class)).map(|label| t.with("trail-whose-class", [("class", label.as_str())])).collect(),
            "school" => t.text("trail-whose-school"),
            _ => String::new(),
        },
        from_where: [line.address.as_deref(), line.device.as_deref()].into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
        reason: line.reason.clone(),
    }
}

/// The first few by name, the rest by number. Who left the school is out of sight and is counted.
fn people_text<'a>(t: &Texts<'_>, names: impl ExactSizeIterator<Item = Option<&'a str>>) -> String {
    let all = names.len();
    let known: Vec<&str> = names.take(NAMED).flatten().collect();
    let more = all - known.len();
    match (known.is_empty(), more) {
        (_, 0) => known.join(", "),
        (true, more) => t.with("trail-whose-count", [("count", more)]),
        (false, more) => t.with("trail-whose-more", (("names", known.join(", ")), ("count", more))),
    }
}

/// An action in words; one that has none is shown as it is kept.
fn action_text(site: &Site, t: &Texts<'_>, action: &str) -> String {
    let key = format!("trail-action-{}", action.replace(['.', '_'], "-"));
    if site.catalog.has(&key) { t.text(key) } else { action.to_owned() }
}

/// A role in words. What else stands there is the product itself at work.
fn role_text(site: &Site, t: &Texts<'_>, role: &str) -> String {
    let key = crate::roles::role_key(role);
    match role {
        "signed_in" => t.text("trail-role-signed-in"),
        "own" => t.text("trail-role-own"),
        _ if site.catalog.has(&key) => t.text(key),
        _ => role.to_owned(),
    }
}

fn chain_dot(t: &Texts<'_>, chain: &Chain) -> StatusDot {
    match (&chain.fault, chain.checked) {
        (Some(_), _) => StatusDot { tone: Tone::Bad, text: t.text("trail-chain-broken") },
        (None, Some(_)) => StatusDot { tone: Tone::Ok, text: t.text("trail-chain-sound") },
        (None, None) => StatusDot { tone: Tone::Unknown, text: t.text("trail-chain-none") },
    }
}

fn chain_text(t: &Texts<'_>, chain: &Chain) -> String {
    let upto = chain.checked.zip(chain.chained_at).map(|(n, at)| t.with("trail-chain-upto", (("number", n), ("at", t.moment(at)))));
    let waiting = (chain.waiting > 0).then(|| t.with("trail-chain-waiting", [("count", chain.waiting)]));
    let advice = chain.fault.is_some().then(|| t.text("trail-chain-advice"));
    [upto, waiting, advice].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// One look at a child's data.
struct LookRow {
    at: Moment,
    role: String,
    school: String,
    action: String,
    whose: String,
}

#[derive(Template)]
#[template(path = "trail_my.html")]
struct MyView<'a> {
    t: Texts<'a>,
    rows: Vec<LookRow>,
    nothing: Empty,
    paging: Paging,
    /// The same with more or with less: address and text.
    other: (&'static str, String),
}

#[derive(Debug, Deserialize)]
struct MyQuery {
    #[serde(default)]
    lists: String,
    after: Option<String>,
}

/// Who looked at one's child's data. The law (№94-V, article 24) lets a person and their representative know that their data are held,
/// by whom, what for and who was given them: that is the organisation and the role. It does not ask for the employee's name, which is
/// personal data of its own; the school's responsible person finds it by the time of the row, when a guardian complains.
async fn my_trail(req: HttpRequest, guard: MyGuard, query: Asked<MyQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let after = query.after.as_deref().and_then(Place::parse);
    let breadth = if query.lists == "all" { Breadth::School } else { Breadth::Child };
    let (path, other) = match breadth {
        Breadth::Child => ("/my/audit", ("/my/audit?lists=all", t.text("trail-my-lists-show"))),
        Breadth::School => ("/my/audit?lists=all", ("/my/audit", t.text("trail-my-lists-hide"))),
    };
    let children = &guard.identity.children;
    let (looks, body) = if children.is_empty() {
        (Looks::default(), "trail-my-nobody-body")
    } else {
        (service::looks(&site.db, &guard.ctx, children, breadth, after).await?, "trail-my-nothing-body")
    };
    let view = MyView {
        rows: looks.looks.iter().map(|look| look_row(site, &t, &looks, look)).collect(),
        nothing: Empty { icon: Icon("lock"), title: t.text("trail-my-nothing-title"), body: t.text(body), action: None },
        paging: Paging::of(&t, path, query.after.as_deref(), looks.next.map(|next| next.to_string()).as_deref()),
        other,
        t: t.clone(),
    };
    Page::new(t.text("trail-my-title")).narrow().respond(&req, &view)
}

fn look_row(site: &Site, t: &Texts<'_>, looks: &Looks, look: &Look) -> LookRow {
    let school = looks.organisations.iter().find(|organisation| organisation.id == look.school_id);
    let own: Vec<&str> = look.whose.iter().filter_map(|id| looks.names.get(&PersonId(*id))).map(String::as_str).collect();
    LookRow {
        at: Moment::full(t, look.at),
        role: role_text(site, t, &look.role),
        school: school.map(|school| school.name(t.locale()).to_owned()).unwrap_or_default(),
        action: action_text(site, t, &look.action),
        whose: match look.whose_kind.as_str() {
            "persons" if look.whose.len() > own.len() => t.with("trail-my-in-list", (("names", own.join(", ")), ("count", look.whose.len()))),
            "persons" => own.join(", "),
            "class" => t.text("trail-my-in-class"),
            _ => t.text("trail-my-in-school"),
        },
    }
}

impl super::store::Organisation {
    /// Its name in a language.
    fn name(&self, locale: kernel::Locale) -> &str {
        match locale {
            kernel::Locale::Kk => &self.name_kk,
            kernel::Locale::Ru => &self.name_ru,
            kernel::Locale::En => &self.name_en,
        }
    }
}
