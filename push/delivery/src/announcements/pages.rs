//! `/{school}/announcements`: what was written and sent, the form, and who has read it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
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
    error::FieldError,
    id::{ClassId, Uuid, read, show as show_id},
    job::Standing,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Figure, Icon, JobProgress, Moment, Paging, StatusDot, Tone, UploadProgress},
    csrf::{self, CsrfField},
    download,
    failure::encoded,
    form::{Asked, Posted},
    upload::Sent,
};

use super::{
    AnnounceToGuardians, form,
    rules::{Audience, FILES, Readers, Typed, Within},
    service::{
        self, Detail,
        attachments::{self, Came},
    },
    store::{Announcement, Class, ClassCount, Line, Reader},
    view::{FileLine, file_line},
};

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/announcements", get().to(list))
        .route("/{school}/announcements", post().to(save))
        .route("/{school}/announcements/new", get().to(new))
        .route("/{school}/announcements/{id}", get().to(show))
        .route("/{school}/announcements/{id}/form", get().to(edit))
        .route("/{school}/announcements/{id}/files", post().to(attach))
        .route("/{school}/announcements/{id}/files/remove", post().to(detach))
        .route("/{school}/announcements/{id}/files/{file}", get().to(file))
        .route("/{school}/announcements/{id}/delete", post().to(delete))
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

/// The fields beside a file.
#[derive(Debug, Deserialize)]
struct FileForm {
    #[serde(default)]
    id: String,
}

#[derive(Debug, Deserialize)]
struct RemoveForm {
    #[serde(default)]
    file: String,
}

/// What is said on the page of an announcement beside itself.
#[derive(Default)]
struct Said {
    class: Option<ClassId>,
    done: Option<String>,
    wrong: Vec<FieldError>,
}

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
    /// How many of the staff have confirmed, and who has not.
    staff: Option<(String, Vec<ReaderLine>)>,
    files: Vec<FileLine>,
    attach: Option<Attach>,
}

/// The form that adds a file.
struct Attach {
    id: String,
    error: Option<String>,
    progress: UploadProgress,
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
    let typed = Typed { readers: vec![Readers::Guardians.as_str().to_owned()], audience: Within::School.as_str().to_owned(), ..Typed::default() };
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
    let t = web::page::texts(&req)?;
    let done = query.done.as_deref().filter(|done| ["sent", "reminded"].contains(done)).map(|done| t.text(format!("announcements-done-{done}")));
    let class = query.class.as_deref().and_then(|class| class.parse().ok());
    answer(&req, &guard, id_of(&path.1)?, Said { class, done, wrong: Vec::new() }).await
}

async fn answer(req: &HttpRequest, guard: &Guard<AnnounceToGuardians>, id: Uuid, said: Said) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let detail = service::detail(&site.db, &guard.ctx, school.id, id, said.class).await?;
    let shown = service::persons(&detail.readers).chain(service::persons(&detail.staff));
    trail::read(req, &guard.ctx, [Sight::of(school.id, "delivery.see_announcement", Whose::persons(shown))]).await?;
    let status = if said.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = view(req, guard, &t, &detail, format!("/{}/announcements", school.code), said);
    Page::new(in_language(&t, &detail.announcement.title_kk, &detail.announcement.title_ru)).status(status).respond(req, &view)
}

async fn attach(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>, sent: Sent<FileForm>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, id_of(&path.1)?);
    let mut sent = sent;
    let file = read(&sent.fields.id).unwrap_or_else(|| guard.ctx.id());
    let added = match sent.scan().await {
        Ok(scan) => attachments::attach(&site.db, &guard.ctx, school.id, id, Came { id: file, name: sent.name().to_owned(), scan }).await,
        Err(wrong) => Err(wrong),
    };
    match added {
        Ok(()) => Ok(to(format!("/{}/announcements/{}#files", school.code, show_id(id)))),
        Err(Error::Invalid(wrong)) => answer(&req, &guard, id, Said { wrong, ..Said::default() }).await,
        Err(other) => Err(other.into()),
    }
}

async fn detach(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>, form: Posted<RemoveForm>) -> Answer {
    let (school, id) = (guard.school()?, id_of(&path.1)?);
    // A form that names no file takes none off.
    let file = read(&form.0.file).unwrap_or_else(|| guard.ctx.id());
    attachments::detach(&Site::of(&req)?.db, &guard.ctx, school.id, id, file).await?;
    Ok(to(format!("/{}/announcements/{}#files", school.code, show_id(id))))
}

async fn file(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let out = attachments::of_school(&site.db, &guard.ctx, school.id, id_of(&path.1)?, id_of(&path.2)?).await?;
    trail::read(&req, &guard.ctx, [Sight::of(out.school, "delivery.fetch_attachment", Whose::Nobody)]).await?;
    Ok(download::respond(&site.db, out.school, out.kept, &out.name))
}

async fn delete(req: HttpRequest, guard: Guard<AnnounceToGuardians>, path: Path<(String, String)>, _form: Posted<Pressed>) -> Answer {
    let (school, id) = (guard.school()?, id_of(&path.1)?);
    attachments::throw_away(&Site::of(&req)?.db, &guard.ctx, school.id, id).await?;
    Ok(to(format!("/{}/announcements", school.code)))
}

fn view<'a>(req: &HttpRequest, guard: &Guard<AnnounceToGuardians>, t: &Texts<'a>, detail: &'a Detail, list: String, said: Said) -> View<'a> {
    let Said { class, done, wrong } = said;
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
        is_empty: detail.reach.as_ref().is_some_and(|reach| reach.readers == 0),
        is_draft: !is_sent,
        remind: remind_again(t, detail, job).filter(|_| is_sent),
        job: job.map(|job| JobProgress::of(t.clone(), job, path.clone(), t.text("announcements-job"))),
        classes: detail.classes.iter().map(|count| class_line(t, &path, count)).collect(),
        chosen: class.and_then(|class| detail.known.iter().find(|known| known.class_id == class)).map(|class| class.class_label.clone()),
        readers: detail.readers.iter().map(|reader| reader_line(t, reader)).collect(),
        staff: (detail.total.staff > 0).then(|| staff(t, detail)),
        files: detail.files.iter().map(|file| file_line(t, &path, file)).collect(),
        attach: (!is_sent && detail.files.len() < FILES).then(|| attach_form(t, guard, &wrong)),
        announcement,
        done,
        path,
        list,
        t: t.clone(),
    }
}

fn staff(t: &Texts<'_>, detail: &Detail) -> (String, Vec<ReaderLine>) {
    let read_of = t.with("announcements-read-of", (("confirmed", detail.total.staff_confirmed), ("readers", detail.total.staff)));
    (read_of, detail.staff.iter().map(|reader| reader_line(t, reader)).collect())
}

fn attach_form(t: &Texts<'_>, guard: &Guard<AnnounceToGuardians>, wrong: &[FieldError]) -> Attach {
    let error = wrong.iter().find(|wrong| wrong.field == "file").map(|wrong| t.text(wrong.message));
    Attach { id: show_id(guard.ctx.id()), error, progress: UploadProgress::new(t) }
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
    let readers = audience.readers.iter().map(|readers| match readers {
        Readers::Staff if !audience.roles.is_empty() => {
            let roles: Vec<String> = audience.roles.iter().map(|role| t.text(format!("role-{}", role.as_str().replace('_', "-")))).collect();
            t.with("announcements-to-roles", (("roles", roles.join(", ")),))
        }
        readers => t.text(format!("announcements-to-{}", readers.as_str().replace('_', "-"))),
    });
    let within = match &audience.within {
        Within::School => None,
        Within::Grades(grades) => Some(t.with("announcements-to-grades", (("grades", grades.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")),))),
        Within::Classes(classes) => {
            let labels: Vec<&str> = known.iter().filter(|class| classes.contains(&class.class_id)).map(|class| class.class_label.as_str()).collect();
            Some(t.with("announcements-to-classes", (("classes", labels.join(", ")),)))
        }
    };
    readers.chain(within).collect::<Vec<_>>().join(" · ")
}

fn figures(t: &Texts<'_>, detail: &Detail) -> Vec<Figure> {
    let figure = |value: i64, key: &str, tone: Option<Tone>| Figure { value: t.number(value), text: t.text(key), href: None, tone };
    let Some(reach) = &detail.reach else {
        return vec![
            figure(detail.total.readers, "announcements-readers", None),
            figure(detail.total.told, "announcements-told", None),
            figure(detail.total.confirmed, "announcements-confirmed", Some(Tone::Ok)),
        ];
    };
    let audience = detail.announcement.audience();
    let mut figures = Vec::new();
    if audience.has(Readers::Guardians) {
        figures.push(figure(reach.guardians, "announcements-guardians", None));
        figures.push(figure(reach.pupils, "announcements-pupils", None));
        figures.push(figure(reach.alone, "announcements-alone", (reach.alone > 0).then_some(Tone::Warn)));
    }
    if audience.has(Readers::Pupils) {
        figures.push(figure(reach.reading, "announcements-reading", None));
    }
    if audience.has(Readers::Staff) || audience.has(Readers::ClassTeachers) {
        figures.push(figure(reach.staff, "announcements-staff", None));
    }
    figures
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
    let child = if reader.child_id == reader.guardian_id { t.text("announcements-oneself") } else { reader.child.clone() };
    ReaderLine { guardian: reader.guardian.clone(), child, confirmed: reader.confirmed_at.map(|at| Moment::full(t, at)) }
}

fn to(address: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

fn id_of(text: &str) -> Result<Uuid, Error> {
    read(text).ok_or(Error::NotFound)
}
