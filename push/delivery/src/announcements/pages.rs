//! `/{school}/announcements`: what was written and sent, the form, and who has read it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error, Locale,
    audit::Whose,
    id::{ClassId, Uuid, read, show as show_id},
    job::Standing,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Figure, Icon, JobProgress, Moment, Paging, StatusDot, Tone},
    csrf::{self, CsrfField},
    failure::encoded,
    form::{Asked, Posted},
};

use super::{
    AnnounceToGuardians, form,
    rules::{Audience, Typed},
    service::{self, Detail},
    store::{Announcement, Class, ClassCount, Line, Reader},
};

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/announcements", get().to(list))
        .route("/{school}/announcements", post().to(save))
        .route("/{school}/announcements/new", get().to(new))
        .route("/{school}/announcements/{id}", get().to(show))
        .route("/{school}/announcements/{id}/form", get().to(edit))
        .route("/{school}/announcements/{id}/send", post().to(send))
        .route("/{school}/announcements/{id}/remind", post().to(remind));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ShowQuery {
    class: Option<String>,
    done: Option<String>,
}

/// A form with nothing but its button.
#[derive(Debug, Deserialize)]
struct Pressed {}

#[derive(Template)]
#[template(path = "announcements.html")]
struct ListView<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    q: &'a str,
    states: [(&'static str, String, bool); 3],
    lines: Vec<ListLine>,
    nothing: Empty,
    paging: Paging,
}

struct ListLine {
    href: String,
    title: String,
    state: StatusDot,
    at: Moment,
    read: String,
}

#[derive(Template)]
#[template(path = "announcement.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    path: String,
    list: String,
    done: Option<String>,
    announcement: &'a Announcement,
    kk: Vec<&'a str>,
    ru: Vec<&'a str>,
    is_urgent: bool,
    audience: String,
    sent: Option<Moment>,
    reminded: Option<Moment>,
    figures: Vec<Figure>,
    /// Nobody is reached.
    is_empty: bool,
    is_draft: bool,
    /// What the button says that tells those again who have not read it, or the rest of whom telling failed.
    remind: Option<String>,
    job: Option<JobProgress<'a>>,
    classes: Vec<ClassLine>,
    chosen: Option<String>,
    readers: Vec<ReaderLine>,
}

struct ClassLine {
    href: Option<String>,
    name: String,
    readers: i64,
    confirmed: i64,
    waiting: i64,
}

struct ReaderLine {
    guardian: String,
    child: String,
    confirmed: Option<Moment>,
}

async fn list(req: HttpRequest, guard: Guard<AnnounceToGuardians>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let after = query.after.as_deref().and_then(read);
    let (lines, next) = service::list(&site.db, &guard.ctx, school.id, &query.q, &query.state, after).await?;
    let path = format!("/{}/announcements", school.code);
    let filtered = format!("{path}?q={}&state={}", encoded(&query.q), encoded(&query.state));
    let state = |value: &'static str, key: &str| (value, t.text(key), query.state == value);
    let view = ListView {
        school_name: school.name(t.locale()),
        q: &query.q,
        states: [state("", "announcements-all"), state("draft", "announcements-drafts"), state("sent", "announcements-sent-ones")],
        lines: lines.iter().map(|line| list_line(&t, &path, line)).collect(),
        nothing: Empty { icon: Icon("bell"), title: t.text("announcements-nothing-title"), body: t.text("announcements-nothing-body"), action: Some((format!("{path}/new"), t.text("announcements-new"))) },
        paging: Paging::of(&t, &filtered, query.after.as_deref(), next.map(show_id).as_deref()),
        path,
        t: t.clone(),
    };
    Page::new(t.text("announcements-title")).respond(&req, &view)
}

fn list_line(t: &Texts<'_>, path: &str, line: &Line) -> ListLine {
    let state = match (line.sent_at, line.urgency.as_str()) {
        (None, _) => StatusDot { tone: Tone::Unknown, text: t.text("announcements-draft") },
        (Some(_), "alarm") => StatusDot { tone: Tone::Warn, text: t.text("announcements-sent-urgent") },
        (Some(_), _) => StatusDot { tone: Tone::Ok, text: t.text("announcements-sent") },
    };
    let read = line.readers.zip(line.confirmed).map(|(readers, confirmed)| t.with("announcements-read-of", (("confirmed", confirmed), ("readers", readers))));
    ListLine {
        href: format!("{path}/{}", show_id(line.id)),
        title: in_language(t, &line.title_kk, &line.title_ru).to_owned(),
        state,
        at: Moment::full(t, line.sent_at.unwrap_or(line.written_at)),
        read: read.unwrap_or_else(|| "—".to_owned()),
    }
}

/// Of two languages the reader's; Russian for who reads in a third.
fn in_language<'a>(t: &Texts<'_>, kk: &'a str, ru: &'a str) -> &'a str {
    if t.locale() == Locale::Kk { kk } else { ru }
}

async fn new(req: HttpRequest, guard: Guard<AnnounceToGuardians>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let classes = service::classes(&site.db, &guard.ctx, school.id).await?;
    let typed = Typed { audience: "school".to_owned(), ..Typed::default() };
    form::respond(&req, format!("/{}/announcements", school.code), guard.ctx.id(), &typed, &classes, &[])
}

async fn edit(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, id_of(&path.1)?);
    let Detail { announcement, known, .. } = service::detail(&site.db, &guard.ctx, school.id, id, None).await?;
    if announcement.sent_at.is_some() {
        return Err(Error::Refused("announcements.sent").into());
    }
    form::respond(&req, format!("/{}/announcements", school.code), id, &Typed::of(&announcement), &known, &[])
}

async fn save(req: HttpRequest, guard: Guard<AnnounceToGuardians>, form: Posted<Vec<(String, String)>>) -> Answer {
    let (site, school, Posted(pairs)) = (Site::of(&req)?, guard.school()?, form);
    let id = pairs.iter().find(|(name, _)| name == "id").and_then(|(_, id)| read(id)).unwrap_or_else(|| guard.ctx.id());
    let typed = Typed::of_pairs(&pairs);
    let path = format!("/{}/announcements", school.code);
    match typed.read() {
        Ok(new) => {
            service::save(&site.db, &guard.ctx, school.id, id, &new).await?;
            Ok(to(format!("{path}/{}", show_id(id))))
        }
        Err(Error::Invalid(wrong)) => {
            let classes = service::classes(&site.db, &guard.ctx, school.id).await?;
            form::respond(&req, path, id, &typed, &classes, &wrong)
        }
        Err(other) => Err(other.into()),
    }
}

async fn send(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>, _form: Posted<Pressed>) -> Answer {
    let (school, id) = (guard.school()?, id_of(&path.1)?);
    service::send(&Site::of(&req)?.db, &guard.ctx, school.id, id).await?;
    Ok(to(format!("/{}/announcements/{}?done=sent", school.code, show_id(id))))
}

async fn remind(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>, _form: Posted<Pressed>) -> Answer {
    let (school, id) = (guard.school()?, id_of(&path.1)?);
    service::remind(&Site::of(&req)?.db, &guard.ctx, school.id, id).await?;
    Ok(to(format!("/{}/announcements/{}?done=reminded", school.code, show_id(id))))
}

async fn show(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>, query: Asked<ShowQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id = id_of(&path.1)?;
    let class: Option<ClassId> = query.class.as_deref().and_then(|class| class.parse().ok());
    let detail = service::detail(&site.db, &guard.ctx, school.id, id, class).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "delivery.see_announcement", Whose::persons(service::persons(&detail.readers)))]).await?;
    let list = format!("/{}/announcements", school.code);
    let done = query.done.as_deref().and_then(|done| match done {
        "sent" => Some(t.text("announcements-done-sent")),
        "reminded" => Some(t.text("announcements-done-reminded")),
        _ => None,
    });
    let view = view(&req, &t, &detail, list, class, done);
    Page::new(in_language(&t, &detail.announcement.title_kk, &detail.announcement.title_ru)).respond(&req, &view)
}

fn view<'a>(req: &HttpRequest, t: &Texts<'a>, detail: &'a Detail, list: String, class: Option<ClassId>, done: Option<String>) -> View<'a> {
    let announcement = &detail.announcement;
    let path = format!("{list}/{}", show_id(announcement.id));
    let is_sent = announcement.sent_at.is_some();
    let job = detail.job.as_ref().filter(|job| job.outcome.as_deref() != Some("done"));
    View {
        csrf: csrf::field(req),
        kk: paragraphs(&announcement.text_kk),
        ru: paragraphs(&announcement.text_ru),
        is_urgent: announcement.urgency == "alarm",
        audience: audience(t, &announcement.audience(), &detail.known),
        sent: announcement.sent_at.map(|at| Moment::full(t, at)),
        reminded: announcement.reminded_at.map(|at| Moment::full(t, at)),
        figures: figures(t, detail),
        is_empty: detail.reach.as_ref().is_some_and(|reach| reach.guardians == 0),
        is_draft: !is_sent,
        remind: remind_again(t, detail, job).filter(|_| is_sent),
        job: job.map(|job| JobProgress::of(t.clone(), job, path.clone(), t.text("announcements-job"))),
        classes: detail.classes.iter().map(|count| class_line(t, &path, count)).collect(),
        chosen: class.and_then(|class| detail.known.iter().find(|known| known.class_id == class)).map(|class| class.class_label.clone()),
        readers: detail.readers.iter().map(|reader| reader_line(t, reader)).collect(),
        announcement,
        done,
        path,
        list,
        t: t.clone(),
    }
}

fn remind_again(t: &Texts<'_>, detail: &Detail, job: Option<&Standing>) -> Option<String> {
    match job.map(|job| job.outcome.as_deref()) {
        Some(Some("failed")) => Some(t.text("announcements-go-on")),
        Some(_) => None,
        None => (detail.total.confirmed < detail.total.readers).then(|| t.text("announcements-remind")),
    }
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect()
}

fn audience(t: &Texts<'_>, audience: &Audience, known: &[Class]) -> String {
    match audience {
        Audience::School => t.text("announcements-audience-school"),
        Audience::Grades(grades) => t.with("announcements-to-grades", (("grades", grades.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")),)),
        Audience::Classes(classes) => {
            let labels: Vec<&str> = known.iter().filter(|class| classes.contains(&class.class_id)).map(|class| class.class_label.as_str()).collect();
            t.with("announcements-to-classes", (("classes", labels.join(", ")),))
        }
    }
}

fn figures(t: &Texts<'_>, detail: &Detail) -> Vec<Figure> {
    let figure = |value: i64, key: &str, tone: Option<Tone>| Figure { value: t.number(value), text: t.text(key), href: None, tone };
    match &detail.reach {
        Some(reach) => vec![
            figure(reach.guardians, "announcements-guardians", None),
            figure(reach.pupils, "announcements-pupils", None),
            figure(reach.alone, "announcements-alone", (reach.alone > 0).then_some(Tone::Warn)),
        ],
        None => vec![
            figure(detail.total.readers, "announcements-guardians", None),
            figure(detail.total.told, "announcements-told", None),
            figure(detail.total.confirmed, "announcements-confirmed", Some(Tone::Ok)),
        ],
    }
}

fn class_line(t: &Texts<'_>, path: &str, count: &ClassCount) -> ClassLine {
    ClassLine {
        href: count.class_id.map(|class| format!("{path}?class={class}#readers")),
        name: count.class_label.clone().unwrap_or_else(|| t.text("announcements-no-class")),
        readers: count.readers,
        confirmed: count.confirmed,
        waiting: count.readers - count.confirmed,
    }
}

fn reader_line(t: &Texts<'_>, reader: &Reader) -> ReaderLine {
    ReaderLine { guardian: reader.guardian.clone(), child: reader.child.clone(), confirmed: reader.confirmed_at.map(|at| Moment::full(t, at)) }
}

fn to(address: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

fn id_of(text: &str) -> Result<Uuid, Error> {
    read(text).ok_or(Error::NotFound)
}
