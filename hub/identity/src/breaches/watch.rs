//! `/support/breaches`: the open incidents of all schools, the shortest time left first. Neither people nor texts: those are the school's.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use kernel::{Ctx, Result, db::Db, id::show as show_id};
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, StatusDot},
};

use super::{
    WatchBreaches,
    pages::clock_dot,
    rules::Clock,
    store::{WATCHED_LIST, Watched},
};
use crate::Guard;

/// More open incidents than this are a catastrophe of another kind.
const MOST: i64 = 200;

/// The route of the supplier.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/breaches", get().to(watch));
}

#[derive(Template)]
#[template(path = "breaches_watch.html")]
struct WatchPage<'a> {
    t: Texts<'a>,
    lines: Vec<Line>,
    nothing: Empty,
}

struct Line {
    id: String,
    school: String,
    code: String,
    number: i32,
    detected: Moment,
    due: Moment,
    clock: StatusDot,
}

async fn watch(req: HttpRequest, guard: Guard<WatchBreaches>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let open = watched(&site.db, &guard.ctx).await?;
    let line = |one: &Watched| Line {
        id: show_id(one.id),
        school: match t.locale() {
            kernel::Locale::Kk => one.name_kk.clone(),
            kernel::Locale::Ru => one.name_ru.clone(),
            kernel::Locale::En => one.name_en.clone(),
        },
        code: one.code.clone(),
        number: one.number,
        detected: Moment::full(&t, one.detected_at),
        due: Moment::full(&t, one.due_at),
        clock: clock_dot(&t, Clock::of(one.due_at, one.reported_at, None, guard.ctx.now())),
    };
    let view = WatchPage {
        lines: open.iter().map(line).collect(),
        nothing: Empty { icon: Icon("check"), title: t.text("breaches-none-title"), body: t.text("breaches-watch-none-body"), action: None },
        t: t.clone(),
    };
    Page::new(t.text("breaches-title")).wide().respond(&req, &view)
}

async fn watched(db: &Db, ctx: &Ctx) -> Result<Vec<Watched>> {
    ctx.require::<WatchBreaches>()?;
    db.run(&ctx.scope, async |tx| WATCHED_LIST.all(tx, (MOST,)).await).await
}
