//! `/{school}/retention`: the rules in force, what the last runs removed, and when the next one is.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment},
};

use super::{SeeRetention, service, store::Rule};
use crate::Guard;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/retention", get().to(show));
}

#[derive(Template)]
#[template(path = "retention.html")]
struct RetentionPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    rules: Vec<RuleLine>,
    runs: Vec<RunLine>,
    nothing: Empty,
}

struct RuleLine {
    what: String,
    keep: String,
    why: String,
    is_ours: bool,
    last: Option<(Moment, String)>,
}

struct RunLine {
    at: Moment,
    what: String,
    removed: String,
}

async fn show(req: HttpRequest, guard: Guard<SeeRetention>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let kept = service::kept(&site.db, &guard.ctx).await?;
    let line = |rule: &Rule| RuleLine {
        what: what(site, &t, &rule.what),
        keep: t.with("retention-months", (("count", rule.keep_months),)),
        why: why(site, &t, rule),
        is_ours: rule.source == "ours",
        last: kept.last.iter().find(|run| run.what == rule.what).map(|run| (Moment::full(&t, run.ran_at), t.number(run.removed))),
    };
    let view = RetentionPage {
        school_name: school.name(t.locale()),
        rules: kept.rules.iter().map(line).collect(),
        runs: kept.runs.iter().map(|run| RunLine { at: Moment::full(&t, run.ran_at), what: what(site, &t, &run.what), removed: t.number(run.removed) }).collect(),
        nothing: Empty { icon: Icon("clock"), title: t.text("retention-nothing-title"), body: t.text("retention-nothing-body"), action: None },
        t: t.clone(),
    };
    Page::new(t.text("retention-title")).respond(&req, &view)
}

/// A rule that this version has no words for is called by its name: rules are data.
fn what(site: &Site, t: &Texts<'_>, name: &str) -> String {
    let key = format!("retention-what-{}", name.replace('_', "-"));
    if site.catalog.has(&key) { t.text(key) } else { name.to_owned() }
}

/// The reason in the reader's language, where the rule is one that was delivered; else as it was written down.
fn why(site: &Site, t: &Texts<'_>, rule: &Rule) -> String {
    let key = format!("retention-why-{}", rule.what.replace('_', "-"));
    if site.catalog.has(&key) { t.text(key) } else { rule.basis.clone() }
}
