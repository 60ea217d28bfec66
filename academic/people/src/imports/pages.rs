//! `/{school}/imports/{id}`: every row with what is wrong with it, how far the job is, and what came of it; the same as a file.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    audit::Whose,
    id::{Uuid, show as show_id},
    job::Standing,
};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{
    Answer, Page, Texts,
    component::Paging,
    csrf::{self, CsrfField},
    form::Asked,
    xlsx::{self, Cell, Heading, List},
};

use super::{
    BringIn,
    chest::Kept,
    forms::{id_of, says},
    list_pages::desk,
    rules::{Field, Level, Verdict},
    service::{self, PAGE, Preview},
    store::{Import, RowRow, Tally},
};

/// The routes of the list's page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/imports/{id}", get().to(show)).route("/{school}/imports/{id}/errors.xlsx", get().to(errors));
}

#[derive(Debug, Deserialize)]
struct ShowQuery {
    #[serde(default)]
    show: String,
    after: Option<String>,
    mended: Option<i32>,
}

#[derive(Template)]
#[template(path = "import.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    file: String,
    state: String,
    title: String,
    mended: Option<String>,
    figures: Vec<Figure>,
    classes: Vec<String>,
    to_bring: i64,
    stay_out: i64,
    progress: Option<Progress>,
    failed: Option<String>,
    result: Vec<String>,
    takes_back: bool,
    lines: Vec<Line>,
    paging: Paging,
    has_errors: bool,
    /// Whether somebody tells its columns.
    has_columns: bool,
    /// What nobody reads in the file.
    unread: Option<String>,
    pupils: String,
}

/// How many rows of a verdict, and where they are shown.
struct Figure {
    href: String,
    tone: &'static str,
    count: String,
    text: String,
    is_shown: bool,
}

/// How far the job is.
struct Progress {
    done: i64,
    total: i64,
}

struct Line {
    n: i32,
    name: String,
    class: String,
    tone: &'static str,
    verdict: String,
    says: Vec<(&'static str, String)>,
    href: Option<String>,
}

async fn show(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, query: Asked<ShowQuery>) -> Answer {
    let (t, school, desk, id) = (web::page::texts(&req)?, guard.school()?, desk(&req, &guard)?, id_of(&path.1)?);
    let shown = ["new", "changed", "same", "wrong", "skipped", "warned", "left"].into_iter().find(|known| *known == query.show).unwrap_or_default();
    let after: i32 = query.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    let preview = service::preview(&desk, id, shown, after, PAGE).await?;
    read(&req, &guard, school.id, id, &preview).await?;
    let here = format!("/{}/imports/{}", school.code, show_id(id));
    let state = preview.import.state.clone();
    let page = if shown.is_empty() { here.clone() } else { format!("{here}?show={shown}") };
    let open = state == "mapped";
    let view = View {
        csrf: csrf::field(&req),
        list: format!("/{}/imports", school.code),
        pupils: format!("/{}/pupils", school.code),
        file: preview.import.file_name.clone(),
        title: t.text(format!("imports-title-{state}")),
        mended: query.mended.map(|n| t.with("imports-mended", (("row", i64::from(n)),))),
        figures: figures(&t, &here, &preview.tally, shown),
        classes: if open { service::missing_classes(&preview.import).into_iter().map(|(label, rows, _)| t.with("imports-missing-class", (("class", label), ("rows", rows)))).collect() } else { Vec::new() },
        to_bring: service::count(&preview.tally, Verdict::New) + service::count(&preview.tally, Verdict::Changed),
        stay_out: service::count(&preview.tally, Verdict::Wrong),
        progress: progress(&state, preview.job.as_ref()),
        failed: preview.job.as_ref().filter(|job| job.outcome.as_deref() == Some("failed")).map(|job| job.error.clone().unwrap_or_default()),
        result: result(&t, &preview.import, preview.job.as_ref()),
        takes_back: service::may_take_back(&preview.import, &desk),
        lines: preview.rows.iter().map(|(kept, row)| line(&t, &here, open, kept, row)).collect(),
        paging: Paging::of(&t, &page, query.after.as_deref(), preview.next.map(|n| n.to_string()).as_deref()),
        has_errors: preview.tally.iter().any(|one| one.verdict == "wrong" || one.warned > 0 || matches!(one.outcome.as_deref(), Some("left" | "kept"))),
        has_columns: !service::came_as_rows(&preview.import),
        unread: Some(service::unread(&preview.import).join(", ")).filter(|unread| !unread.is_empty()).map(|unread| t.with("imports-unread", (("columns", unread),))),
        here,
        state,
        t: t.clone(),
    };
    Page::new(view.title.clone()).respond(&req, &view)
}

async fn read(req: &HttpRequest, guard: &Guard<BringIn>, school: kernel::id::SchoolId, id: Uuid, preview: &Preview) -> kernel::Result<()> {
    let whose = Whose::persons(preview.rows.iter().filter_map(|(_, row)| row.person_id));
    trail::read(req, &guard.ctx, [Sight::of(school, "people.see_import", whose).filtered(json!({ "import": id }))]).await?;
    Ok(())
}

fn figures(t: &Texts<'_>, here: &str, tally: &[Tally], shown: &str) -> Vec<Figure> {
    let one = |key: &'static str, count: i64| Figure {
        href: if key.is_empty() { here.to_owned() } else { format!("{here}?show={key}") },
        tone: match key {
            "wrong" | "left" if count > 0 => "sh-bad",
            "warned" if count > 0 => "sh-warn",
            "new" | "changed" if count > 0 => "sh-ok",
            _ => "",
        },
        count: t.number(count),
        text: t.text(format!("imports-show-{}", if key.is_empty() { "all" } else { key })),
        is_shown: key == shown,
    };
    let warned = tally.iter().filter(|one| one.verdict != "wrong").map(|one| one.warned).sum();
    let left: i64 = tally.iter().filter(|one| matches!(one.outcome.as_deref(), Some("left" | "kept"))).map(|one| one.count).sum();
    let mut all = vec![one("", tally.iter().map(|one| one.count).sum())];
    all.extend([Verdict::Wrong, Verdict::New, Verdict::Changed, Verdict::Same, Verdict::Skipped].map(|verdict| one(verdict.as_str(), service::count(tally, verdict))));
    all.insert(2, one("warned", warned));
    if left > 0 {
        all.push(one("left", left + service::count(tally, Verdict::Wrong)));
    }
    all
}

/// How far the work is, for a page that looks again by itself. The job may have ended after the import was read: a page that says that the list
/// is being brought in must not stand still.
fn progress(state: &str, job: Option<&Standing>) -> Option<Progress> {
    let is_under_way = matches!(state, "running" | "undoing");
    let job = job.filter(|job| job.outcome.is_none() || is_under_way && job.outcome.as_deref() != Some("failed"))?;
    let total = job.total.unwrap_or(0).max(job.done).max(1);
    Some(Progress { done: job.done, total })
}

/// What came of it, in sentences.
fn result(t: &Texts<'_>, import: &Import, job: Option<&Standing>) -> Vec<String> {
    let Some(told) = job.and_then(|job| job.result.as_ref()) else { return Vec::new() };
    let keys: &[&str] = if import.state == "undone" { &["undone", "kept"] } else { &["new", "changed", "same", "skipped", "wrong", "left"] };
    let count = |key: &str| told.get(key).and_then(Value::as_i64).filter(|count| *count > 0);
    keys.iter().filter_map(|key| Some(t.with(format!("imports-result-{key}"), (("count", count(key)?),)))).collect()
}

fn line(t: &Texts<'_>, here: &str, open: bool, kept: &Kept, row: &RowRow) -> Line {
    let tone = match row.verdict.as_str() {
        "wrong" => "sh-bad",
        "new" | "changed" => "sh-ok",
        _ => "sh-unknown",
    };
    let outcome = match row.outcome.as_deref() {
        Some(outcome) => t.text(format!("imports-outcome-{outcome}")),
        None => t.text(format!("imports-verdict-{}", row.verdict)),
    };
    let say = |problem: &super::rules::Problem| {
        let field = t.text(format!("imports-field-{}", problem.field));
        (if problem.level == Level::Wrong { "sh-bad" } else { "sh-warn" }, t.with("imports-says", (("field", field), ("what", says(t, problem)))))
    };
    let name = kept.row.name();
    let planned = kept.plan.as_ref().map(|plan| format!("{} {}", plan.surname, plan.given_name).trim().to_owned()).unwrap_or_default();
    Line {
        n: row.n,
        name: if name.is_empty() { planned } else { name },
        class: kept.row.text(Field::Class).to_owned(),
        tone: if matches!(row.outcome.as_deref(), Some("left" | "kept")) { "sh-bad" } else { tone },
        verdict: outcome,
        says: kept.problems.iter().map(say).collect(),
        href: (open && row.verdict != "skipped").then(|| format!("{here}/rows/{}", row.n)),
    }
}

/// What is wrong, to be mended in the office's own file.
async fn errors(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>) -> Answer {
    let (t, school, desk, id) = (web::page::texts(&req)?, guard.school()?, desk(&req, &guard)?, id_of(&path.1)?);
    let preview = service::preview(&desk, id, "", 0, super::book::LINES_MOST).await?;
    let sight = Sight::of(school.id, "people.export_import_errors", Whose::persons(preview.rows.iter().filter_map(|(_, row)| row.person_id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "import": id }))]).await?;
    let headings = [("imports-row", 8), ("imports-name", 36), ("imports-verdict", 20), ("imports-field", 24), ("imports-what", 80)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (kept, row) in &preview.rows {
        let line = line(&t, "", false, kept, row);
        for problem in &kept.problems {
            let field = t.text(format!("imports-field-{}", problem.field));
            rows.push(vec![Cell::Count(row.n), Cell::Text(line.name.clone()), Cell::Text(line.verdict.clone()), Cell::Text(field), Cell::Text(says(&t, problem))]);
        }
        if kept.problems.is_empty() && matches!(row.outcome.as_deref(), Some("left" | "kept")) {
            rows.push(vec![Cell::Count(row.n), Cell::Text(line.name.clone()), Cell::Text(line.verdict.clone()), Cell::Empty, Cell::Empty]);
        }
    }
    xlsx::respond(List { file: format!("{}-errors", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_read_while_the_work_ended_looks_again() {
        let job = |outcome: Option<&str>| Standing {
            id: kernel::id::JobId(kernel::id::fresh(kernel::clock::Clock::System.now())),
            kind: "people.bring_in".to_owned(),
            done: 3,
            total: Some(3),
            attempts: 0,
            run_at: kernel::clock::Clock::System.now(),
            result: None,
            error: None,
            outcome: outcome.map(str::to_owned),
            finished_at: None,
        };
        for (state, outcome, looks_again) in [
            ("running", None, true),
            ("running", Some("done"), true),
            ("undoing", Some("done"), true),
            ("running", Some("failed"), false),
            ("done", Some("done"), false),
        ] {
            assert_eq!(progress(state, Some(&job(outcome))).is_some(), looks_again, "{state} {outcome:?}");
        }
        assert!(progress("mapped", None).is_none());
    }
}
