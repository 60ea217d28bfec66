//! `/{school}/rollover`: into the next year in three steps: who stays, what will happen, done.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    RollOver,
    rules::{OldClass, Way},
    service::{self, Preview, Request},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/rollover", get().to(show))
        .route("/{school}/rollover/preview", post().to(preview))
        .route("/{school}/rollover", post().to(roll_over))
        .route("/{school}/rollover/undo", post().to(take_back));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
struct UndoForm {
    #[serde(default)]
    id: String,
}

/// A form with a field that comes many times.
type Fields = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "rollover.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    path: String,
    done: Option<String>,
    /// `2026/27 → 2027/28`, where there is a class at all.
    years: Option<String>,
    is_early: bool,
    last_grade: String,
    undoable: Option<String>,
    step: Step,
}

enum Step {
    /// Who stays.
    Choose(Vec<Class>),
    /// What will happen.
    Confirm(Confirm),
}

struct Class {
    label: String,
    count: usize,
    leaves: bool,
    pupils: Vec<(String, String)>,
}

struct Confirm {
    id: String,
    year: i16,
    repeaters: Vec<String>,
    counts: [String; 4],
    lines: Vec<Line>,
}

struct Line {
    from: String,
    to: String,
    promoted: usize,
    repeating: usize,
    graduated: usize,
}

async fn show(req: HttpRequest, guard: Guard<RollOver>, query: Asked<Done>) -> Answer {
    let preview = asked(&req, &guard, &BTreeSet::new()).await?;
    let classes = preview.classes.iter().map(|class| choose(&preview, class)).collect();
    respond(&req, &guard, &preview, query.done.as_deref(), Step::Choose(classes)).await
}

async fn preview(req: HttpRequest, guard: Guard<RollOver>, form: Posted<Fields>) -> Answer {
    let t = web::page::texts(&req)?;
    let repeaters = repeaters_of(&form.0);
    let preview = asked(&req, &guard, &repeaters).await?;
    let (promoted, repeating, graduated) = preview.plan.counts();
    let counts = [("promoted", promoted), ("repeating", repeating), ("graduated", graduated), ("classes", preview.plan.classes.len())];
    let confirm = Confirm {
        id: show_id(guard.ctx.id::<Uuid>()),
        year: preview.year.unwrap_or_default(),
        repeaters: repeaters.iter().map(ToString::to_string).collect(),
        counts: counts.map(|(what, count)| t.with(format!("rollover-count-{what}"), [("count", i64::try_from(count).unwrap_or_default())])),
        lines: preview.classes.iter().map(|class| line(&t, &preview, class)).collect(),
    };
    respond(&req, &guard, &preview, None, Step::Confirm(confirm)).await
}

async fn roll_over(req: HttpRequest, guard: Guard<RollOver>, form: Posted<Fields>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let field = |name: &str| form.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let year = field("year").and_then(|year| year.parse().ok()).ok_or(Error::Refused("rollover.changed"))?;
    let request = Request { id: field("id").and_then(read).unwrap_or_else(|| guard.ctx.id()), year, repeaters: repeaters_of(&form.0) };
    service::roll_over(&site.db, &guard.ctx, school.id, request, t.day_of(guard.ctx.now())).await?;
    Ok(back(&school.code, "done"))
}

async fn take_back(req: HttpRequest, guard: Guard<RollOver>, form: Posted<UndoForm>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id = read(&form.0.id).ok_or(Error::Refused("movement.followed"))?;
    service::take_back(&site.db, &guard.ctx, school.id, id).await?;
    Ok(back(&school.code, "undone"))
}

async fn asked(req: &HttpRequest, guard: &Guard<RollOver>, repeaters: &BTreeSet<PersonId>) -> kernel::Result<Preview> {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    service::preview(&site.db, &guard.ctx, school.id, repeaters, t.day_of(guard.ctx.now())).await
}

async fn respond(req: &HttpRequest, guard: &Guard<RollOver>, preview: &Preview, done: Option<&str>, step: Step) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_rollover", Whose::School)]).await?;
    let years = |year: i16| format!("{year}/{:02}", year.saturating_add(1).rem_euclid(100));
    let view = View {
        csrf: csrf::field(req),
        school_name: school.name(t.locale()),
        path: format!("/{}/rollover", school.code),
        done: ["done", "undone"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("rollover-done-{done}"))),
        years: preview.year.map(|year| format!("{} → {}", years(year), years(year.saturating_add(1)))),
        is_early: preview.is_early,
        last_grade: t.with("rollover-last-grade", [("grade", preview.last_grade.to_string())]),
        undoable: preview.undoable.as_ref().map(|rollover| show_id(rollover.id)),
        step,
        t: t.clone(),
    };
    Page::new(t.text("rollover-title")).respond(req, &view)
}

fn choose(preview: &Preview, class: &OldClass) -> Class {
    let own = preview.names.iter().filter(|name| name.class_id == class.id);
    Class {
        label: format!("{}{}", class.grade, class.letter),
        count: class.pupils.len(),
        leaves: class.grade >= preview.last_grade,
        pupils: own.map(|name| (name.pupil_id.to_string(), format!("{} {}", name.surname, name.given_name))).collect(),
    }
}

fn line(t: &Texts<'_>, preview: &Preview, class: &OldClass) -> Line {
    let count = |wanted: fn(&Way) -> bool| class.pupils.iter().filter(|pupil| preview.plan.ways.get(pupil).is_some_and(wanted)).count();
    let to = preview.plan.classes.iter().find(|made| made.like == class.id && made.grade == class.grade + 1);
    Line {
        from: format!("{}{}", class.grade, class.letter),
        to: to.map_or_else(|| t.text("rollover-leaves"), |made| format!("{}{}", made.grade, made.letter)),
        promoted: count(|way| matches!(way, Way::Promoted(_))),
        repeating: count(|way| matches!(way, Way::Repeats(_))),
        graduated: count(|way| matches!(way, Way::Graduated)),
    }
}

fn repeaters_of(fields: &Fields) -> BTreeSet<PersonId> {
    fields.iter().filter(|(field, _)| field == "repeat").filter_map(|(_, value)| value.parse().ok()).collect()
}

fn back(code: &str, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/rollover?done={done}"))).finish()
}
