//! `/support/devices`.

use actix_web::{
    HttpRequest,
    web::{Query, ServiceConfig, get},
};
use askama::Template;
use fleet::{Condition, health::SeeDevices};
use identity::Guard;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon},
};

use super::{
    Filter, Row, Totals,
    row::{Labels, school_name},
};

/// How many devices the board shows; the filter finds the others.
const MOST: usize = 200;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/devices", get().to(board));
}

#[derive(Debug, Deserialize)]
struct BoardQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    state: String,
}

impl BoardQuery {
    fn filter(&self) -> Filter {
        Filter {
            school: Some(self.school.clone()).filter(|school| !school.is_empty()),
            condition: Condition::parse(&self.state),
            words: self.q.chars().take(100).collect(),
        }
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
    rows: Vec<Row>,
    hidden: usize,
    nothing: Empty,
}

async fn board(req: HttpRequest, guard: Guard<SeeDevices>, query: Query<BoardQuery>) -> Answer {
    let (site, t, now) = (Site::of(&req)?, web::page::texts(&req)?, guard.ctx.now());
    let statuses = site.db.run(&guard.ctx.scope, async |tx| fleet::statuses(tx, now).await).await?;
    let filter = query.filter();
    // Retired devices are looked for on purpose only.
    let shown = |status: &&fleet::Status| filter.admits(status, now) && (filter.condition.is_some() || status.retired_at.is_none());
    let found: Vec<&fleet::Status> = statuses.iter().filter(shown).collect();
    let mut schools: Vec<(String, String)> = statuses.iter().map(|status| (status.school_code.clone(), school_name(&t, status).to_owned())).collect();
    schools.sort();
    schools.dedup();
    let view = BoardPage {
        totals: Totals::of(&statuses, now),
        rows: found.iter().take(MOST).map(|status| Row::new(&t, now, status)).collect(),
        hidden: found.len().saturating_sub(MOST),
        labels: Labels::new(&t),
        nothing: Empty { icon: Icon("device"), title: t.text("board-nothing-title"), body: t.text("board-nothing-body"), action: None },
        conditions: Condition::ALL,
        query: &query,
        filter,
        schools,
        t,
    };
    Page::new(view.t.text("board-title")).wide().live("/live/support").respond(&req, &view)
}
