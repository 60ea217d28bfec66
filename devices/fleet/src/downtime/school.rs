//! `/{school}/downtime`: what stands still at a school, in plain words: what is wrong, what to do now, what to do so that it does not come again.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::Guard;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon},
};

use super::{SeeOwnDowntime, pages::Line, rules::Likely, service};

/// The route of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/downtime", get().to(show));
}

#[derive(Template)]
#[template(path = "downtime_school.html")]
struct SchoolPage<'a> {
    t: Texts<'a>,
    school: &'a str,
    likely: &'static str,
    lines: Vec<Line>,
    /// Planned work: from, to, what for.
    works: Vec<(String, String, String)>,
    nothing: Empty,
}

async fn show(req: HttpRequest, guard: Guard<SeeOwnDowntime>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let own = service::open_of(&site.db, &guard.ctx, school.id).await?;
    let view = SchoolPage {
        school: school.name(t.locale()),
        likely: Likely::of(own.still.len(), own.all).as_str(),
        lines: own.still.iter().map(|one| Line::new(&t, one, guard.ctx.now())).collect(),
        works: own.works.iter().map(|work| (t.moment(work.from_at), t.moment(work.to_at), work.reason.clone())).collect(),
        nothing: Empty { icon: Icon("check"), title: t.text("downtime-none-title"), body: t.text("downtime-own-none-body"), action: None },
        t: t.clone(),
    };
    Page::new(t.text("downtime-own-title")).respond(&req, &view)
}
