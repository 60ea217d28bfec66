//! `/{school}/consents`: how each purpose and class stands, who lacks what; the same as a file.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use kernel::{
    audit::Whose,
    id::{ClassId, PersonId},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Paging, StatusDot},
    failure::encoded,
    xlsx::{self, Cell, Heading, List},
    form::Asked,
};

use super::{
    SeeConsents,
    own_pages::state_of,
    rules::{Act, Purpose},
    school::{self, Filter},
    service::Standing,
    store::{Count, Listed},
};
use crate::{
    ClassGuard,
    trail::{self, Sight},
};

/// How many pupils a page of the list shows.
const PAGE: usize = 50;
/// How many a file holds: more than any school has.
const FILE: usize = 20_000;

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/consents", get().to(list)).route("/{school}/consents.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        Filter {
            class: self.class.parse().ok(),
            words: self.q.clone(),
            purpose: Purpose::parse(&self.purpose),
            state: self.state.clone(),
            after: self.after.as_deref().and_then(|after| after.parse().ok()),
        }
    }

    /// The same as the query of an address, with the class where it is one that the reader may see.
    fn encoded(&self, class: Option<ClassId>) -> String {
        let class = class.map(|class| class.to_string()).unwrap_or_default();
        format!("?q={}&class={class}&purpose={}&state={}", encoded(&self.q), encoded(&self.purpose), encoded(&self.state))
    }
}

#[derive(Template)]
#[template(path = "consents.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    home: String,
    q: &'a str,
    class_choices: Vec<Choice>,
    purpose_choices: Vec<Choice>,
    state_choices: Vec<Choice>,
    sums: Vec<Sum>,
    sums_of: String,
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

/// How many stand how: of a purpose, or of a class to a chosen purpose.
struct Sum {
    name: String,
    href: String,
    given: String,
    silent: String,
    no: String,
}

struct Line {
    href: String,
    name: String,
    class: String,
    /// How the chosen purpose stands, else how many have a yes.
    state: Option<StatusDot>,
    given: Option<String>,
}

async fn list(req: HttpRequest, guard: ClassGuard<SeeConsents>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = query.filter();
    let purpose = filter.purpose;
    let rules = school::purposes(&site.db, &guard.ctx, school.id, t.day_of(guard.ctx.now()), t.locale()).await?;
    let counts = school::counts(&site.db, &guard.ctx, school.id).await?;
    let class = filter.class.filter(|class| counts.iter().any(|count| count.class_id == *class));
    let address = query.encoded(class);
    let mut pupils = school::pupils(&site.db, &guard.ctx, school.id, filter, PAGE + 1).await?;
    let more = pupils.len() > PAGE;
    pupils.truncate(PAGE);
    let next = pupils.last().map(|pupil| pupil.id.to_string()).filter(|_| more);
    let sight = Sight::of(school.id, "consents.list", Whose::persons(pupils.iter().map(|pupil| pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "class": class, "purpose": purpose.map(Purpose::as_str), "state": query.state, "searched": !query.q.trim().is_empty() }))]).await?;
    let home = format!("/{}", school.code);
    let view = ListPage {
        school_name: school.name(t.locale()),
        q: &query.q,
        class_choices: class_choices(&t, &counts, class),
        purpose_choices: purpose_choices(&t, &rules, purpose),
        state_choices: ["", "lacking", "silent", "given", "no"].map(|state| choice(state.to_owned(), t.text(format!("consents-filter-{}", if state.is_empty() { "any" } else { state })), &query.state)).into(),
        sums: sums(&t, &counts, &rules, class, purpose, &home),
        sums_of: purpose.map_or_else(|| t.text("consents-by-purpose"), |purpose| t.text(format!("consents-purpose-{}", purpose.key()))),
        lines: pupils.iter().map(|pupil| line(&t, pupil, &rules, purpose, &home)).collect(),
        nobody: Empty { icon: Icon("check"), title: t.text("consents-none-title"), body: t.text("consents-none-body"), action: None },
        paging: Paging::of(&t, &format!("{home}/consents{address}"), query.after.as_deref(), next.as_deref()),
        file: format!("{home}/consents.xlsx{address}"),
        home,
        t: t.clone(),
    };
    Page::new(t.text("consents-title")).respond(&req, &view)
}

fn line(t: &Texts<'_>, pupil: &Listed, rules: &[Standing], purpose: Option<Purpose>, home: &str) -> Line {
    let of_purpose = purpose.and_then(|purpose| rules.iter().find(|standing| standing.purpose == purpose));
    let given = rules.iter().filter(|standing| act_of(pupil, standing.purpose) == Some(Act::Given)).count();
    Line {
        href: format!("{home}/consents/{}", pupil.id),
        name: format!("{} {}", pupil.surname, pupil.given_name),
        class: pupil.class_label.clone(),
        state: of_purpose.map(|standing| state_of(t, standing.rule, act_of(pupil, standing.purpose))),
        given: of_purpose.is_none().then(|| t.with("consents-given-of", (("given", given), ("all", rules.len())))),
    }
}

/// The last word about a pupil of the list.
fn act_of(pupil: &Listed, purpose: Purpose) -> Option<Act> {
    let said = |state: &String| state.strip_prefix(purpose.as_str())?.strip_prefix(' ').map(Act::stored);
    pupil.states.iter().find_map(said)
}

/// By purpose; or, where one is chosen, by class. A line leads to the list of who lacks it.
fn sums(t: &Texts<'_>, counts: &[Count], rules: &[Standing], class: Option<ClassId>, purpose: Option<Purpose>, home: &str) -> Vec<Sum> {
    let within = |count: &&Count| class.is_none_or(|class| class == count.class_id);
    let sum = |name: String, href: String, of: Vec<&Count>| {
        let (pupils, given, no) = of.iter().fold((0, 0, 0), |(pupils, given, no), count| (pupils + count.pupils, given + count.given, no + count.no));
        Sum { name, href, given: t.number(given), silent: t.number(pupils - given - no), no: t.number(no) }
    };
    match purpose {
        None => rules
            .iter()
            .map(|standing| {
                let code = standing.purpose.as_str();
                let of = counts.iter().filter(within).filter(|count| count.purpose == code).collect();
                let class = class.map(|class| class.to_string()).unwrap_or_default();
                sum(t.text(format!("consents-purpose-{}", standing.purpose.key())), format!("{home}/consents?purpose={code}&state=lacking&class={class}"), of)
            })
            .collect(),
        Some(purpose) => counts
            .iter()
            .filter(within)
            .filter(|count| count.purpose == purpose.as_str())
            .map(|count| sum(count.class_label.clone(), format!("{home}/consents?purpose={}&state=lacking&class={}", purpose.as_str(), count.class_id), vec![count]))
            .collect(),
    }
}

async fn export(req: HttpRequest, guard: ClassGuard<SeeConsents>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let rules = school::purposes(&site.db, &guard.ctx, school.id, t.day_of(guard.ctx.now()), t.locale()).await?;
    let pupils = school::pupils(&site.db, &guard.ctx, school.id, Filter { after: None, ..query.filter() }, FILE).await?;
    school::note_export(&site.db, &guard.ctx, school.id, pupils.len()).await?;
    let heading = |text: String, width| Heading { text, width };
    let purposes = rules.iter().map(|standing| heading(t.text(format!("consents-purpose-{}", standing.purpose.key())), 22));
    let headings = [heading(t.text("consents-column-child"), 36), heading(t.text("consents-class"), 8)].into_iter().chain(purposes).collect();
    let rows: Vec<Vec<Cell>> = pupils.iter().map(|pupil| cells(&t, pupil, &rules)).collect();
    xlsx::respond(List { file: format!("{}-consents", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

fn cells(t: &Texts<'_>, pupil: &Listed, rules: &[Standing]) -> Vec<Cell> {
    let states = rules.iter().map(|standing| Cell::Text(state_of(t, standing.rule, act_of(pupil, standing.purpose)).text));
    [Cell::Text(format!("{} {}", pupil.surname, pupil.given_name)), Cell::Text(pupil.class_label.clone())].into_iter().chain(states).collect()
}

fn class_choices(t: &Texts<'_>, counts: &[Count], chosen: Option<ClassId>) -> Vec<Choice> {
    let chosen = chosen.map(|class| class.to_string()).unwrap_or_default();
    let mut choices = vec![choice(String::new(), t.text("consents-all-classes"), &chosen)];
    for count in counts {
        let value = count.class_id.to_string();
        if choices.last().is_some_and(|last| last.value != value) {
            choices.push(choice(value, count.class_label.clone(), &chosen));
        }
    }
    choices
}

fn purpose_choices(t: &Texts<'_>, rules: &[Standing], chosen: Option<Purpose>) -> Vec<Choice> {
    let chosen = chosen.map(Purpose::as_str).unwrap_or_default();
    let all = choice(String::new(), t.text("consents-all-purposes"), chosen);
    let one = |standing: &Standing| choice(standing.purpose.as_str().to_owned(), t.text(format!("consents-purpose-{}", standing.purpose.key())), chosen);
    std::iter::once(all).chain(rules.iter().map(one)).collect()
}

fn choice(value: String, text: String, chosen: &str) -> Choice {
    Choice { chosen: value == chosen, value, text }
}

/// A pupil named in an address.
pub(super) fn pupil_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| kernel::Error::NotFound)
}
