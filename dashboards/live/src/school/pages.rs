//! `/{school}/presence`, `/{school}/stream` and its export.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    ClassGuard, School,
    trail::{self, Sight},
};
use kernel::{audit::Whose, id::ClassId, money::Money};
use people::{
    classes::{self, Class},
    custody,
};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging},
    failure::encoded,
    xlsx::{self, Cell, Heading},
    form::Asked,
};

use super::{
    Item, SeeSchoolNow,
    service::{self, ClassNow, EXPORT, PAGE, Presence, StreamFilter, WhoNow},
    store::StreamRow,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/presence", get().to(presence))
        .route("/{school}/stream", get().to(stream))
        .route("/{school}/stream.xlsx", get().to(export));
}

/// A page that hears what happens at the school: only for who may see all of it. The others' pages fetch their figures anew.
fn live(page: Page, guard: &ClassGuard<SeeSchoolNow>) -> kernel::Result<Page> {
    let whole = guard.ctx.within::<SeeSchoolNow>()?.is_whole();
    Ok(if whole { page.live(format!("/live/school/{}", guard.school()?.code)) } else { page })
}

#[derive(Debug, Deserialize)]
struct PresenceQuery {
    #[serde(default)]
    class: String,
}

#[derive(Template)]
#[template(path = "presence.html")]
struct PresencePage<'a> {
    t: Texts<'a>,
    school: &'a School,
    today: String,
    presence: Presence,
    chosen: Option<(String, Vec<WhoNow>)>,
    /// To whom which children are not to be handed over, for who may know.
    refused: Vec<custody::Refused>,
}

impl PresencePage<'_> {
    fn share(&self, class: &ClassNow) -> i64 {
        if class.pupils == 0 { 0 } else { class.inside * 100 / class.pupils }
    }

    fn at(&self, who: &WhoNow) -> Option<Moment> {
        who.since.map(|since| Moment::time(&self.t, since))
    }

    /// The day, where it is not today: somebody went in and was never seen to leave.
    fn other_day(&self, who: &WhoNow) -> Option<String> {
        who.since.map(|since| self.t.date(since)).filter(|date| !self.today.starts_with(date.as_str()))
    }
}

async fn presence(req: HttpRequest, guard: ClassGuard<SeeSchoolNow>, query: Asked<PresenceQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let presence = service::presence(&site.db, &guard.ctx, school.id, t.zone()).await?;
    let class = query.class.parse().ok().and_then(|id: ClassId| presence.classes.iter().find(|class| class.class_id == id));
    let chosen = match class {
        Some(class) => Some((class.class_label.clone(), service::who(&site.db, &guard.ctx, school.id, class.class_id).await?)),
        None => None,
    };
    let refused = custody::refused_pickups(&site.db, &guard.ctx, school.id, &guard.ctx.within::<SeeSchoolNow>()?).await?;
    let of_refused = Whose::persons(refused.iter().flat_map(|one| [one.pupil_id, one.guardian_id]));
    let sights = presence_sights(school, &presence, class.map(|class| class.class_id)).into_iter();
    trail::read(&req, &guard.ctx, sights.chain((!refused.is_empty()).then(|| Sight::of(school.id, "people.see_custody", of_refused)))).await?;
    let view = PresencePage { today: t.day(t.day_of(guard.ctx.now())), presence, chosen, refused, school, t };
    live(Page::new(view.t.text("school-presence-title")), &guard)?.respond(&req, &view)
}

#[derive(Debug, Deserialize)]
struct StreamQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    class: String,
    after: Option<String>,
}

impl StreamQuery {
    fn filter(&self) -> StreamFilter {
        StreamFilter {
            kind: if ["in", "out", "meal"].contains(&self.kind.as_str()) { self.kind.clone() } else { String::new() },
            class: self.class.parse().ok(),
            words: self.q.trim().to_owned(),
            after: self.after.as_deref().and_then(|after| after.parse().ok()),
        }
    }

    /// The same choice in an address.
    fn address(&self, path: &str) -> String {
        format!("{path}?q={}&kind={}&class={}", encoded(&self.q), encoded(&self.kind), encoded(&self.class))
    }
}

#[derive(Template)]
#[template(path = "stream.html")]
struct StreamPage<'a> {
    t: Texts<'a>,
    school: &'a School,
    today: String,
    query: &'a StreamQuery,
    filter: StreamFilter,
    classes: Vec<Class>,
    items: Vec<Item>,
    most: usize,
    quiet: Empty,
    paging: Paging,
    export: String,
}

async fn stream(req: HttpRequest, guard: ClassGuard<SeeSchoolNow>, query: Asked<StreamQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = query.filter();
    let found = service::stream(&site.db, &guard.ctx, school.id, t.zone(), filter.clone(), PAGE).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "live.see_stream", people_of(&found.rows)).filtered(filter_told(&filter))]).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::within(tx, school.id, &guard.ctx.within::<SeeSchoolNow>()?).await).await?;
    let address = query.address(&format!("/{}/stream", school.code));
    let next = found.next.map(|next| next.to_string());
    let view = StreamPage {
        today: t.day(t.day_of(guard.ctx.now())),
        export: query.address(&format!("/{}/stream.xlsx", school.code)),
        paging: Paging::of(&t, &address, query.after.as_deref(), next.as_deref()),
        items: found.rows.iter().map(|row| Item::of_row(&t, row).beside_photo(&school.code, row)).collect(),
        quiet: quiet(&t),
        most: PAGE,
        query: &query,
        filter,
        classes,
        school,
        t,
    };
    let page = Page::new(view.t.text("school-stream-title"));
    // Live lines join the newest page only: a chosen part of the stream stands still while it is read.
    let page = if view.filter.is_plain() { live(page, &guard)? } else { page };
    page.respond(&req, &view)
}

/// The same lines as the page's filter leaves, all of today.
async fn export(req: HttpRequest, guard: ClassGuard<SeeSchoolNow>, query: Asked<StreamQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = StreamFilter { after: None, ..query.filter() };
    let found = service::stream(&site.db, &guard.ctx, school.id, t.zone(), filter.clone(), EXPORT).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "live.export_stream", people_of(&found.rows)).filtered(filter_told(&filter))]).await?;
    let kinds = ["in", "out", "meal"].map(|kind| (kind, t.text(format!("school-kind-{kind}"))));
    let list = xlsx::List {
        file: format!("{}-{}", school.code, t.day_of(guard.ctx.now())),
        headings: [("time", 20), ("name", 36), ("class", 8), ("kind", 24), ("item", 24), ("price", 12), ("place", 28)]
            .map(|(key, width)| Heading { text: t.text(format!("school-column-{key}")), width })
            .to_vec(),
        zone: t.zone().clone(),
    };
    xlsx::respond(list, found.rows.into_iter().map(move |row| cells(row, &kinds))).await
}

pub(crate) fn people_of(rows: &[StreamRow]) -> Whose {
    Whose::persons(rows.iter().map(|row| row.person))
}

/// The filter as the trail keeps it: what was typed may be a name, and stays out.
fn filter_told(filter: &StreamFilter) -> Value {
    json!({ "kind": filter.kind, "class": filter.class, "searched": !filter.words.is_empty() })
}

/// The staff who are inside, and the class that was chosen.
fn presence_sights(school: &School, presence: &Presence, class: Option<ClassId>) -> Vec<Sight> {
    let staff = Whose::persons(presence.staff.iter().map(|who| who.person));
    let of_class = class.map(|class| Sight::of(school.id, "live.see_presence", Whose::Class(class)));
    std::iter::once(Sight::of(school.id, "live.see_presence", staff)).chain(of_class).collect()
}

fn cells(row: StreamRow, kinds: &[(&str, String)]) -> Vec<Cell> {
    let kind = kinds.iter().find(|(kind, _)| *kind == row.kind).map(|(_, text)| text.clone()).unwrap_or_default();
    vec![
        Cell::Moment(row.occurred_at),
        Cell::Text(format!("{} {}", row.surname, row.given_name)),
        row.class_label.map_or(Cell::Empty, Cell::Text),
        Cell::Text(kind),
        row.item.map_or(Cell::Empty, Cell::Text),
        row.price_tiyn.map_or(Cell::Empty, |price| Cell::Money(Money::from_tiyn(price))),
        Cell::Text(row.place),
    ]
}

pub(crate) fn quiet(t: &Texts<'_>) -> Empty {
    Empty { icon: Icon("clock"), title: t.text("school-quiet-title"), body: t.text("school-quiet-body"), action: None }
}
