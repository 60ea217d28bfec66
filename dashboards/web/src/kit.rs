//! `/kit`: every component of the house in the reader's language, for whoever builds a page or looks one over. Only a demonstration shows
//! it; elsewhere it is not there. Its people and figures are messages, so they too come in three languages.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use jiff::{ToSpan, civil::Date};
use kernel::{error::FieldError, job::Standing};
use serde::Deserialize;
use serde_json::json;

use crate::{
    component::{
        Address, Bar, BarChart, Choice, DataColumn, DataTable, DialogLink, Empty, Figure, FormField, Happening, Icon, JobProgress, Moment, MonthCalendar, Need, Paging, Sort, StatusBlock, StatusDot, Steps, Timeline, Tone, UndoToast, UploadProgress,
        calendar::{Entry, month_of},
        table::{Action, Cell, Filter, Order, Row, Way},
    },
    failure::Answer,
    form::{self, Asked, Posted},
    i18n::Texts,
    page::{Page, texts},
    site::{Mode, Site},
    upload::Sent,
};

/// The pages of the kit.
pub(crate) fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/kit", get().to(kit)).route("/kit", post().to(take)).route("/kit/dialog", get().to(dialog)).route("/kit/done", post().to(done)).route("/kit/job", get().to(job)).route("/kit/file", post().to(file));
}

#[derive(Debug, Deserialize)]
struct KitQuery {
    #[serde(default)]
    month: String,
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "kit.html")]
struct KitPage<'a> {
    t: Texts<'a>,
    toast: Option<UndoToast>,
    figures: Vec<Figure>,
    blocks: Vec<StatusBlock>,
    dots: Vec<StatusDot>,
    table: DataTable<'a>,
    nobody: Empty,
    form: KitForm,
    steps: Steps,
    timeline: Timeline,
    dialog: DialogLink,
    jobs: Vec<JobProgress<'a>>,
    chart: BarChart,
    calendar: MonthCalendar<'a>,
    csrf: crate::csrf::CsrfField,
    upload: UploadProgress,
}

#[derive(Template)]
#[template(path = "kit_dialog.html")]
struct DialogPage<'a> {
    t: Texts<'a>,
    csrf: crate::csrf::CsrfField,
}

#[derive(Template)]
#[template(source = "{{ job }}", ext = "html")]
struct JobPage<'a> {
    job: JobProgress<'a>,
}

/// The form of the kit, as it was typed.
#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    surname: String,
    #[serde(default)]
    born: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    shift: String,
    #[serde(default)]
    note: String,
}

/// Its fields.
struct KitForm {
    wrong: bool,
    fields: Vec<FormField>,
}

/// Only a demonstration has a kit to show.
fn only_in_a_demonstration(site: &Site) -> kernel::Result<()> {
    if site.mode == Mode::Demo { Ok(()) } else { Err(kernel::Error::NotFound) }
}

async fn kit(req: HttpRequest, query: Asked<KitQuery>) -> Answer {
    show(&req, &query, &Typed::default(), &[])
}

/// The form is checked and never kept.
async fn take(req: HttpRequest, typed: Posted<Typed>) -> Answer {
    only_in_a_demonstration(Site::of(&req)?)?;
    let errors = check(&typed.0);
    if errors.is_empty() {
        return Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/kit?done=form")).finish());
    }
    show(&req, &KitQuery { month: String::new(), done: String::new() }, &typed.0, &errors)
}

/// What the buttons of rows and dialogs are sent to: nothing happens but the notice.
async fn done(req: HttpRequest) -> Answer {
    only_in_a_demonstration(Site::of(&req)?)?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/kit?done=row")).finish())
}

/// The file is read and never kept.
async fn file(req: HttpRequest, _: Sent<NoFields>) -> Answer {
    only_in_a_demonstration(Site::of(&req)?)?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/kit?done=file")).finish())
}

/// Nothing beside the file.
#[derive(Debug, Deserialize)]
struct NoFields {}

async fn dialog(req: HttpRequest) -> Answer {
    only_in_a_demonstration(Site::of(&req)?)?;
    let t = texts(&req)?;
    let view = DialogPage { csrf: crate::csrf::field(&req), t };
    Page::new(view.t.text("kit-dialog-title")).narrow().respond(&req, &view)
}

/// A job that gets on with each look at it.
async fn job(req: HttpRequest, query: Asked<JobQuery>) -> Answer {
    only_in_a_demonstration(Site::of(&req)?)?;
    let t = texts(&req)?;
    let view = JobPage { job: sample_job(&t, query.at.clamp(0, TOTAL))? };
    Page::new(t.text("kit-jobs")).narrow().respond(&req, &view)
}

#[derive(Debug, Deserialize)]
struct JobQuery {
    #[serde(default)]
    at: i64,
}

/// Of how much the job of the kit is.
const TOTAL: i64 = 1_200;

fn check(typed: &Typed) -> Vec<FieldError> {
    let wrong = |is: bool, field: &'static str, message: &'static str| is.then_some(FieldError { field, message });
    [wrong(typed.surname.trim().is_empty(), "surname", "kit-surname-missing"), wrong(!typed.born.is_empty() && form::day(&typed.born).is_none(), "born", "kit-born-wrong")].into_iter().flatten().collect()
}

fn show(req: &HttpRequest, query: &KitQuery, typed: &Typed, errors: &[FieldError]) -> Answer {
    let site = Site::of(req)?;
    only_in_a_demonstration(site)?;
    let t = texts(req)?;
    let today = t.day_of(site.clock.now());
    let view = KitPage {
        toast: (!query.done.is_empty()).then(|| UndoToast::new(&t, req, t.text("kit-done"), "/kit/done".to_owned(), vec![("id".to_owned(), "1".to_owned())])),
        figures: figures(&t),
        blocks: blocks(&t),
        dots: [(Tone::Ok, "kit-dot-ok"), (Tone::Warn, "kit-dot-warn"), (Tone::Bad, "kit-dot-bad"), (Tone::Unknown, "kit-dot-unknown")].map(|(tone, key)| StatusDot { tone, text: t.text(key) }).into(),
        table: table(&t, req),
        nobody: Empty { icon: Icon("people"), title: t.text("kit-nobody"), body: t.text("kit-nobody-body"), action: Some(("/kit".to_owned(), t.text("kit-nobody-action"))) },
        form: fields(&t, typed, errors),
        steps: Steps::at(t.text("kit-steps"), t.text("kit-step-done"), (1..=4).map(|step| t.text(format!("kit-step-{step}"))).collect(), 1),
        timeline: timeline(&t, site),
        dialog: DialogLink::new(&t, "/kit/dialog".to_owned(), t.text("kit-dialog-open"), "btn-primary"),
        jobs: jobs(&t)?,
        chart: chart(&t),
        calendar: calendar(&t, month_of(&query.month).unwrap_or(today), today),
        csrf: crate::csrf::field(req),
        upload: UploadProgress::new(&t),
        t,
    };
    Page::new(view.t.text("kit-title")).respond(req, &view)
}

fn figures(t: &Texts<'_>) -> Vec<Figure> {
    let figure = |value: u64, text: &str, tone: Option<Tone>| Figure { value: t.number(value), text: t.text(text), href: None, tone };
    vec![
        Figure { href: Some("#table".to_owned()), ..figure(1_204, "kit-figure-inside", None) },
        figure(37, "kit-figure-late", Some(Tone::Warn)),
        figure(3, "kit-figure-offline", Some(Tone::Bad)),
        figure(98, "kit-figure-well", Some(Tone::Ok)),
    ]
}

fn blocks(t: &Texts<'_>) -> Vec<StatusBlock> {
    let block = |tone: Tone, key: &str| StatusBlock { tone, title: t.text(format!("kit-block-{key}")), body: t.text(format!("kit-block-{key}-body")), action: None };
    vec![block(Tone::Ok, "ok"), StatusBlock { action: Some(("#form".to_owned(), t.text("kit-block-action"))), ..block(Tone::Warn, "warn") }, block(Tone::Bad, "bad")]
}

/// Surname and name, class, year of birth, whether the pupil is at school; in the order of each language's alphabet.
const PUPILS: [(&str, &str, u64, Tone); 6] = [
    ("kit-pupil-1", "kit-class-7a", 2014, Tone::Ok),
    ("kit-pupil-2", "kit-class-7a", 2013, Tone::Ok),
    ("kit-pupil-3", "kit-class-7b", 2014, Tone::Warn),
    ("kit-pupil-4", "kit-class-7b", 2014, Tone::Unknown),
    ("kit-pupil-5", "kit-class-7a", 2013, Tone::Ok),
    ("kit-pupil-6", "kit-class-7b", 2015, Tone::Bad),
];

fn table<'a>(t: &Texts<'a>, req: &HttpRequest) -> DataTable<'a> {
    let address = Address::of(req);
    let sort = Sort::of(&address, &["name", "born"]);
    let (typed, class) = (address.get("q").to_lowercase(), address.get("class").to_owned());
    let mut pupils: Vec<(String, &str, u64, Tone)> = PUPILS.into_iter().map(|(name, class, born, tone)| (t.text(name), class, born, tone)).collect();
    pupils.retain(|(name, of, _, _)| name.to_lowercase().contains(&typed) && (class.is_empty() || class == *of));
    if sort.is_some_and(|sort| sort.by == "born") {
        pupils.sort_by_key(|(_, _, born, _)| *born);
    }
    if sort.is_some_and(|sort| sort.order == Order::Descending) {
        pupils.reverse();
    }
    let send = |key: &str| Action { href: "/kit/done".to_owned(), text: t.text(key), way: Way::Send };
    let row = |(place, (name, class, born, tone)): (usize, (String, &str, u64, Tone))| Row {
        id: place.to_string(),
        cells: vec![
            Cell::Title { href: "#table".to_owned(), text: name.clone(), note: None },
            Cell::Text(t.text(class)),
            Cell::Text(born.to_string()),
            Cell::Dot(StatusDot { tone, text: t.text(match tone { Tone::Ok => "kit-dot-ok", Tone::Warn => "kit-dot-warn", Tone::Bad => "kit-dot-bad", Tone::Unknown => "kit-dot-unknown" }) }),
            Cell::Text(format!("{:08}", 40_512_000 + place)),
        ],
        name,
        actions: vec![Action { href: "#table".to_owned(), text: t.text("kit-open"), way: Way::Open }, send("kit-move"), Action { way: Way::Ask(t.text("kit-remove-question")), ..send("kit-remove") }],
    };
    let classes = ["kit-class-7a", "kit-class-7b"].map(|class| (class.to_owned(), t.text(class)));
    DataTable::new(t.clone(), req, "kit-pupils", t.text("kit-table"), address.clone())
        .search(t.text("kit-search"))
        .filters(vec![Filter { name: "class", label: t.text("kit-class"), all: t.text("kit-all"), options: classes.into() }])
        .columns(
            vec![
                DataColumn::text("name", t.text("kit-name")).sortable().always(),
                DataColumn::text("class", t.text("kit-class")),
                DataColumn::number("born", t.text("kit-born")).sortable(),
                DataColumn::text("state", t.text("kit-state")),
                DataColumn::number("card", t.text("kit-card")).on_demand(),
            ],
            sort,
        )
        .rows(pupils.into_iter().enumerate().map(row).collect())
        .bulk(vec![send("kit-move"), send("kit-print")])
        .exports()
        .paging(Paging::of(t, &address.href(), None, Some("6")))
        .empty(Empty { icon: Icon("search"), title: t.text("kit-nobody"), body: t.text("kit-nobody-body"), action: None })
}

fn fields(t: &Texts<'_>, typed: &Typed, errors: &[FieldError]) -> KitForm {
    let choices = |name: &str, values: &[&str]| values.iter().map(|value| Choice::new(*value, t.text(format!("kit-{name}-{value}")))).collect::<Vec<_>>();
    let fields = vec![
        FormField::text("surname", t.text("kit-surname"), Need::Required).value(&typed.surname).hint(t.text("kit-surname-hint")).most(80).error_in(errors, t),
        FormField::date("born", t.text("kit-birth"), Need::optional(t)).value(&typed.born).error_in(errors, t),
        FormField::select("language", t.text("kit-language"), Need::optional(t), choices("language", &["kk", "ru"]), Some(t.text("kit-language-none"))).value(&typed.language),
        FormField::radios("shift", t.text("kit-shift"), Need::Required, choices("shift", &["first", "second"])).value(if typed.shift.is_empty() { "first" } else { &typed.shift }),
        FormField::checks("category", t.text("kit-category"), Need::optional(t), choices("category", &["large", "orphan", "disabled"])),
        FormField::area("note", t.text("kit-note"), Need::optional(t), 3).value(&typed.note).hint(t.text("kit-note-hint")),
    ];
    KitForm { wrong: !errors.is_empty(), fields }
}

fn timeline(t: &Texts<'_>, site: &Site) -> Timeline {
    let now = site.clock.now();
    let one = |hours: i64, key: &str, class: &'static str| Happening { at: Moment::time(t, now.saturating_sub(hours.hours()).unwrap_or(now)), title: t.text(format!("kit-event-{key}")), note: t.text("kit-event-note"), class };
    Timeline { days: vec![(t.day(t.day_of(now)), vec![one(1, "out", "sh-out"), one(3, "meal", "sh-meal"), one(6, "in", "sh-in")])] }
}

fn standing(id: &str, done: i64, outcome: Option<&str>) -> kernel::Result<Standing> {
    let id = id.parse().map_err(|_| kernel::Error::broken("the kit's job has no id"))?;
    Ok(Standing { id, kind: "kit.import".to_owned(), done, total: Some(TOTAL), attempts: 0, run_at: jiff::Timestamp::UNIX_EPOCH, result: Some(json!({})), error: None, outcome: outcome.map(str::to_owned), finished_at: None })
}

/// The job that gets on: its own address says how far it is.
fn sample_job<'a>(t: &Texts<'a>, at: i64) -> kernel::Result<JobProgress<'a>> {
    let next = at.saturating_add(300);
    let job = standing("01arz3ndektsv4rrffq69g5fav", at, (at >= TOTAL).then_some("done"))?;
    Ok(JobProgress::of(t.clone(), &job, format!("/kit/job?at={next}"), t.text("kit-job-import")).result("/kit".to_owned(), t.text("kit-job-result")))
}

fn jobs<'a>(t: &Texts<'a>) -> kernel::Result<Vec<JobProgress<'a>>> {
    let failed = JobProgress::of(t.clone(), &standing("01arz3ndektsv4rrffq69g5faw", 0, Some("failed"))?, "/kit", t.text("kit-job-export")).failure(t.text("kit-job-failure")).again("/kit".to_owned(), t.text("kit-job-again"));
    Ok(vec![sample_job(t, 0)?, failed])
}

fn chart(t: &Texts<'_>) -> BarChart {
    let bar = |key: &str, value: u64, tone: Option<Tone>| Bar { label: t.text(key), value, tone };
    BarChart::new(t, t.text("kit-chart"), vec![bar("kit-chart-1", 1_180, Some(Tone::Ok)), bar("kit-chart-2", 37, Some(Tone::Warn)), bar("kit-chart-3", 21, None), bar("kit-chart-4", 4, Some(Tone::Bad))])
}

fn calendar<'a>(t: &Texts<'a>, month: Date, today: Date) -> MonthCalendar<'a> {
    let first = month.first_of_month();
    let entry = |after: i64, key: &str, tone: Option<Tone>| Entry { day: first.saturating_add(after.days()), text: t.text(key), tone, href: None };
    let entries = vec![entry(3, "kit-calendar-council", None), entry(10, "kit-calendar-duty", Some(Tone::Warn)), entry(15, "kit-calendar-holiday", Some(Tone::Ok)), entry(19, "kit-calendar-deadline", Some(Tone::Bad))];
    MonthCalendar::new(t.clone(), month, today, entries, |month| Address::new("/kit").with("month", month).href() + "#calendar")
}
