//! `/support/devices`, and the same list as an Excel file.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use fleet::{
    Condition, Status,
    dossier::{self, SilentSchool},
    health::SeeDevices,
};
use identity::Guard;
use jiff::Timestamp;
use kernel::{Locale, id::DeviceId};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging},
    failure::encoded,
    xlsx::{self, Cell, Heading},
    form::Asked,
};

use super::{
    Filter, Row, Totals,
    row::{Labels, school_name},
};

/// How many devices a page shows.
const PAGE: usize = 100;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/devices", get().to(board)).route("/support/devices.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct BoardQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

impl BoardQuery {
    fn filter(&self) -> Filter {
        Filter {
            school: Some(self.school.clone()).filter(|school| !school.is_empty()),
            condition: Condition::parse(&self.state),
            words: self.q.chars().take(100).collect(),
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{path}?q={}&school={}&state={}", encoded(&self.q), encoded(&self.school), encoded(&self.state))
    }

    /// The devices the filter leaves, worst first. Retired ones are looked for on purpose only.
    fn found<'s>(&self, statuses: &'s [Status], now: Timestamp) -> Vec<&'s Status> {
        let filter = self.filter();
        let shown = |status: &&Status| filter.admits(status, now) && (filter.condition.is_some() || status.retired_at.is_none());
        statuses.iter().filter(shown).collect()
    }

    /// Where the page begins: after the device that ended the one before, wherever that stands by now.
    fn begin(&self, found: &[&Status]) -> usize {
        let after: Option<DeviceId> = self.after.as_deref().and_then(|after| after.parse().ok());
        after.and_then(|after| found.iter().position(|status| status.id == after)).map_or(0, |place| place + 1)
    }
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage<'a> {
    t: Texts<'a>,
    query: &'a BoardQuery,
    filter: Filter,
    totals: Totals,
    schools: Vec<(String, String)>,
    conditions: [Condition; 5],
    labels: Labels,
    /// Schools whose gates are silent this morning: name, since when, and their devices.
    silent: Vec<(String, Moment, String)>,
    rows: Vec<Row>,
    paging: Paging,
    export: String,
    nothing: Empty,
}

async fn board(req: HttpRequest, guard: Guard<SeeDevices>, query: Asked<BoardQuery>) -> Answer {
    let (site, t, now) = (Site::of(&req)?, web::page::texts(&req)?, guard.ctx.now());
    let (statuses, silent) = site.db.run(&guard.ctx.scope, async |tx| Ok((fleet::statuses(tx, now).await?, dossier::silent_schools(tx, now).await?))).await?;
    let found = query.found(&statuses, now);
    let begin = query.begin(&found);
    let shown: Vec<&Status> = found.iter().skip(begin).take(PAGE).copied().collect();
    let next = shown.last().filter(|_| begin + PAGE < found.len()).map(|status| status.id.to_string());
    let mut schools: Vec<(String, String)> = statuses.iter().map(|status| (status.school_code.clone(), school_name(&t, status).to_owned())).collect();
    schools.sort();
    schools.dedup();
    let view = BoardPage {
        totals: Totals::of(&statuses, now),
        silent: silent.iter().map(|school| silent_line(&t, school)).collect(),
        rows: shown.into_iter().map(|status| Row::new(&t, now, status)).collect(),
        paging: Paging::of(&t, &query.address("/support/devices"), query.after.as_deref(), next.as_deref()),
        export: query.address("/support/devices.xlsx"),
        labels: Labels::new(&t),
        nothing: Empty { icon: Icon("device"), title: t.text("board-nothing-title"), body: t.text("board-nothing-body"), action: None },
        conditions: Condition::ALL,
        filter: query.filter(),
        query: &query,
        schools,
        t,
    };
    Page::new(view.t.text("board-title")).wide().live("/live/support").respond(&req, &view)
}

fn silent_line(t: &Texts<'_>, school: &SilentSchool) -> (String, Moment, String) {
    let name = match t.locale() {
        Locale::Kk => &school.name_kk,
        Locale::Ru => &school.name_ru,
        Locale::En => &school.name_en,
    };
    (name.clone(), Moment::full(t, school.opened_at), format!("/support/devices?school={}", encoded(&school.code)))
}

/// The devices that the page's filter leaves, all of them.
async fn export(req: HttpRequest, guard: Guard<SeeDevices>, query: Asked<BoardQuery>) -> Answer {
    let (site, t, now) = (Site::of(&req)?, web::page::texts(&req)?, guard.ctx.now());
    let statuses = site.db.run(&guard.ctx.scope, async |tx| fleet::statuses(tx, now).await).await?;
    let columns = [("device", 28), ("place", 28), ("code", 16), ("school", 36), ("state", 20), ("seen", 20), ("last-event", 20), ("queue", 12), ("latency-ms", 14)];
    let list = xlsx::List {
        file: format!("devices-{}", t.day_of(now)),
        headings: columns.map(|(key, width)| Heading { text: t.text(format!("board-{key}")), width }).to_vec(),
        zone: t.zone().clone(),
    };
    let lines: Vec<Vec<Cell>> = query.found(&statuses, now).into_iter().map(|status| line(&t, now, status)).collect();
    xlsx::respond(list, lines.into_iter()).await
}

fn line(t: &Texts<'_>, now: Timestamp, status: &Status) -> Vec<Cell> {
    let moment = |at: Option<Timestamp>| at.map_or(Cell::Empty, Cell::Moment);
    let count = |value: Option<i64>| value.and_then(|value| i32::try_from(value).ok()).map_or(Cell::Empty, Cell::Count);
    vec![
        Cell::Text(status.name.clone()),
        Cell::Text(status.place.clone()),
        Cell::Text(status.code.clone()),
        Cell::Text(school_name(t, status).to_owned()),
        Cell::Text(t.text(format!("fleet-condition-{}", status.condition(now).as_str()))),
        moment(status.seen_at),
        moment(status.last_event_at),
        count(status.queue),
        count(status.latency_ms),
    ]
}
