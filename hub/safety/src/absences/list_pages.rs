//! `/{school}/absences`: who is absent today and in the days to come, by class; and its files.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Ctx, Error,
    audit::Whose,
    id::{read, show},
};
use people::classes::{self, Class};
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, UndoToast,
        table::{Action, Cell, Filter, Row, Way as Press},
    },
    export::{self, Format},
    xlsx::{Cell as Value, Heading, List},
};

use super::{
    EnterAbsences, SeeAbsenceDocuments, SeeAbsences,
    rules::Reason,
    service::{self, Sought},
    store::Note,
    view,
};

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/absences", get().to(list))
        .route("/{school}/absences.xlsx", get().to(export))
        .route("/{school}/absences.csv", get().to(export))
        .route("/{school}/absences/{id}/withdraw", post().to(withdraw));
}

#[derive(Template)]
#[template(path = "absences.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    toast: Option<UndoToast>,
    done: Option<String>,
    /// Where a note is written down, for who does that.
    enter: Option<String>,
    table: DataTable<'a>,
}

async fn list(req: HttpRequest, guard: ClassGuard<SeeAbsences>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (address, today) = (Address::of(&req), t.day_of(guard.ctx.now()));
    let sought = sought(&address);
    let (notes, next) = service::list(&site.db, &guard.ctx, school.id, &sought, today, read(address.get("after"))).await?;
    trail::read(&req, &guard.ctx, [sight(school.id, &sought, &notes)]).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::within(tx, school.id, &guard.ctx.within::<SeeAbsences>()?).await).await?;
    let home = format!("/{}/absences", school.code);
    let toast = read(address.get("entered")).map(|id| UndoToast::new(&t, &req, t.text("absences-done-entered"), format!("{home}/{}/withdraw", show(id)), Vec::new()));
    let view = ListPage {
        school_name: school.name(t.locale()),
        toast,
        done: (address.get("done") == "withdrawn").then(|| t.text("absences-done-withdrawn")),
        enter: May::of(&guard.ctx).enter.then(|| format!("{home}/new")),
        table: table(&t, &req, address.without("entered").without("done"), &notes, next.map(show), &classes, &May::of(&guard.ctx), today),
        t,
    };
    Page::new(view.t.text("absences-title")).respond(&req, &view)
}

fn sight(school: kernel::id::SchoolId, sought: &Sought, notes: &[Note]) -> Sight {
    let shown = Sight::of(school, "safety.list_absences", Whose::persons(notes.iter().map(|note| note.child_id)));
    shown.filtered(json!({ "when": sought.when, "reason": sought.reason, "class": sought.class, "searched": !sought.words.is_empty() }))
}

/// What a reader may do beside reading.
struct May {
    /// Write notes down and take them back.
    enter: bool,
    /// Open documents.
    open: bool,
}

impl May {
    fn of(ctx: &Ctx) -> Self {
        Self { enter: ctx.within::<EnterAbsences>().is_ok(), open: ctx.within::<SeeAbsenceDocuments>().is_ok() }
    }
}

/// What the address asks for; what it says wrongly is not asked for.
fn sought(address: &Address) -> Sought {
    Sought {
        when: ["today", "coming", "past"].into_iter().find(|when| *when == address.get("when")).unwrap_or_default(),
        class: address.get("class").parse().ok(),
        reason: Reason::parse(address.get("reason")).map_or("", Reason::as_str),
        words: address.get("q").trim().chars().take(100).collect(),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page, each used once")]
fn table<'a>(t: &Texts<'a>, req: &HttpRequest, address: Address, notes: &[Note], next: Option<String>, classes: &[Class], may: &May, today: Date) -> DataTable<'a> {
    let after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), after, next.as_deref());
    let path = address.path().to_owned();
    let is_asked = !address.query().is_empty();
    let empty = Empty {
        icon: Icon("calendar"),
        title: t.text("absences-none-title"),
        body: t.text(if is_asked { "absences-none-found" } else { "absences-none-body" }),
        action: if is_asked { Some((path.clone(), t.text("absences-show-all"))) } else { may.enter.then(|| (format!("{path}/new"), t.text("absences-enter"))) },
    };
    DataTable::new(t.clone(), req, "absences", t.text("absences-title"), address)
        .search(t.text("absences-find"))
        .filters(filters(t, classes))
        .columns(
            vec![
                DataColumn::text("name", t.text("absences-pupil")).always(),
                DataColumn::text("days", t.text("absences-when")).always(),
                DataColumn::text("reason", t.text("absences-reason")),
                DataColumn::text("words", t.text("absences-words")),
                DataColumn::text("state", t.text("absences-state")),
                DataColumn::text("said", t.text("absences-said")),
                DataColumn::text("document", t.text("absences-document")),
            ],
            None,
        )
        .rows(notes.iter().map(|note| row(t, &path, note, may, today)).collect())
        .files()
        .paging(paging)
        .empty(empty)
}

fn filters(t: &Texts<'_>, classes: &[Class]) -> Vec<Filter> {
    let filter = |name: &'static str, label: &str, all: &str, options| Filter { name, label: t.text(label), all: t.text(all), options };
    vec![
        filter("when", "absences-when", "absences-when-all", ["today", "coming", "past"].map(|when| (when.to_owned(), t.text(format!("absences-when-{when}")))).into()),
        filter("class", "absences-class", "absences-class-all", classes.iter().map(|class| (class.id.to_string(), class.label())).collect()),
        filter("reason", "absences-reason", "absences-reason-all", Reason::ALL.map(|one| (one.as_str().to_owned(), view::reason(t, one.as_str()))).into()),
    ]
}

fn row(t: &Texts<'_>, path: &str, note: &Note, may: &May, today: Date) -> Row {
    let back = Action { href: format!("{path}/{}/withdraw", show(note.id)), text: t.text("absences-withdraw"), way: Press::Ask(t.text("absences-withdraw-ask")) };
    let document = Action { href: format!("{path}/{}/document", show(note.id)), text: t.text("absences-document-open"), way: Press::Open };
    let actions = [(note.document_at.is_some() && may.open, document), (may.enter, back)].into_iter().filter_map(|(is, action)| is.then_some(action)).collect();
    Row {
        id: show(note.id),
        name: note.child.clone(),
        cells: vec![
            Cell::Title { href: format!("{}/pupils/{}", path.trim_end_matches("/absences"), note.child_id), text: note.child.clone(), note: note.class_label.clone() },
            Cell::Text(view::days(t, note)),
            Cell::Text(view::reason(t, &note.reason)),
            note.words.clone().map_or(Cell::Nothing, Cell::Text),
            Cell::Dot(view::state(t, note, today)),
            Cell::Text(said(t, note)),
            note.document_at.map_or(Cell::Nothing, |at| Cell::Text(t.moment(at))),
        ],
        actions,
    }
}

fn said(t: &Texts<'_>, note: &Note) -> String {
    t.with(format!("absences-said-{}", note.way), (("name", note.sayer.as_str()), ("at", t.moment(note.said_at))))
}

async fn export(req: HttpRequest, guard: ClassGuard<SeeAbsences>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let sought = sought(&Address::of(&req));
    let notes = service::whole_list(&site.db, &guard.ctx, school.id, &sought, t.day_of(guard.ctx.now())).await?;
    trail::read(&req, &guard.ctx, [sight(school.id, &sought, &notes)]).await?;
    let headings = [("absences-pupil", 32), ("absences-class", 8), ("absences-from", 12), ("absences-to", 12), ("absences-reason", 18), ("absences-words", 40), ("absences-said", 40)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let cells = |note: &Note| {
        vec![
            Value::Text(note.child.clone()),
            note.class_label.clone().map_or(Value::Empty, Value::Text),
            Value::Text(t.day(note.from_day)),
            Value::Text(t.day(note.to_day)),
            Value::Text(view::reason(&t, &note.reason)),
            note.words.clone().map_or(Value::Empty, Value::Text),
            Value::Text(said(&t, note)),
        ]
    };
    let rows: Vec<Vec<Value>> = notes.iter().map(cells).collect();
    export::respond(Format::of(&req), List { file: format!("{}-absences", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

async fn withdraw(req: HttpRequest, guard: ClassGuard<EnterAbsences>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    service::remove(&site.db, &guard.ctx, school.id, read(&path.1).ok_or(Error::NotFound)?).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/absences?done=withdrawn", school.code))).finish())
}
