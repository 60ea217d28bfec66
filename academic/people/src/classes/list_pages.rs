//! `/{school}/classes`: the classes of the school and their files. A school has a few dozen: they come at once, and are filtered and sorted here.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::ClassGuard;
use kernel::Ctx;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Sort, StatusDot, Tone,
        table::{Cell, Filter, Order, Row},
    },
    export::{self, Format},
    xlsx::{Cell as Value, Heading, List},
};

use super::{
    ManageClasses,
    pages::{done_words, home_words},
    rules::LANGUAGES,
    service::{self, Filter as Sought},
    store::ClassDetail,
};
use crate::pupils::SeePupils;

const SORTS: [&str; 3] = ["class", "pupils", "shift"];

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/classes", get().to(list)).route("/{school}/classes.xlsx", get().to(export)).route("/{school}/classes.csv", get().to(export));
}

#[derive(Template)]
#[template(path = "classes.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    sub: String,
    done: Option<String>,
    may_manage: bool,
    table: DataTable<'a>,
}

async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>) -> Answer {
    let (t, school, address) = (web::page::texts(&req)?, guard.school()?, Address::of(&req));
    let all = all(&req, &guard.ctx, school.id, &address).await?;
    let classes = sifted(all.clone(), &address);
    let view = ListPage {
        school_name: school.name(t.locale()),
        path: format!("/{}/classes", school.code),
        sub: t.with("classes-total", (("classes", classes.len()), ("count", classes.iter().map(|class| class.pupils).sum::<i64>()))),
        done: done_words(&t, Some(address.get("done")).filter(|done| !done.is_empty())),
        may_manage: guard.ctx.require::<ManageClasses>().is_ok(),
        table: table(&t, &req, address.without("done"), &classes, &all),
        t,
    };
    Page::new(view.t.text("classes-title")).respond(&req, &view)
}

async fn all(req: &HttpRequest, ctx: &Ctx, school: kernel::id::SchoolId, address: &Address) -> kernel::Result<Vec<ClassDetail>> {
    let language = Some(address.get("language")).filter(|language| LANGUAGES.contains(language)).unwrap_or_default().to_owned();
    service::list(&Site::of(req)?.db, ctx, school, Sought { label: address.get("q").trim().chars().take(10).collect(), language }).await
}

/// What the address leaves, in its order. They come by grade and letter.
fn sifted(mut classes: Vec<ClassDetail>, address: &Address) -> Vec<ClassDetail> {
    let number = |name: &str| address.get(name).parse::<i16>().ok();
    let (grade, shift, teacher) = (number("grade"), number("shift"), address.get("teacher"));
    classes.retain(|class| {
        let has_teacher = class.teachers.is_some();
        grade.is_none_or(|grade| class.grade == grade) && shift.is_none_or(|shift| class.shift == shift) && (teacher.is_empty() || (teacher == "some") == has_teacher)
    });
    let sort = Sort::of(address, &SORTS);
    match sort.map(|sort| sort.by) {
        Some("pupils") => classes.sort_by_key(|class| class.pupils),
        Some("shift") => classes.sort_by_key(|class| class.shift),
        _ => {}
    }
    if sort.is_some_and(|sort| sort.order == Order::Descending) {
        classes.reverse();
    }
    classes
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, address: Address, classes: &[ClassDetail], all: &[ClassDetail]) -> DataTable<'a> {
    let (sort, path) = (Sort::of(&address, &SORTS), address.path().to_owned());
    DataTable::new(t.clone(), req, "classes", t.text("classes-title"), address)
        .search(t.text("classes-find"))
        .filters(filters(t, all))
        .columns(
            vec![
                DataColumn::text("class", t.text("people-class")).sortable().always(),
                DataColumn::number("pupils", t.text("classes-pupils")).sortable(),
                DataColumn::text("teacher", t.text("classes-teacher")),
                DataColumn::text("language", t.text("classes-language")),
                DataColumn::number("shift", t.text("classes-shift")).sortable(),
                DataColumn::text("kind", t.text("classes-kind")),
                DataColumn::text("home", t.text("classes-home")).on_demand(),
            ],
            sort,
        )
        .rows(classes.iter().map(|class| row(t, &path, class)).collect())
        .files()
        .empty(Empty { icon: Icon("school"), title: t.text("classes-none-title"), body: t.text("classes-none-body"), action: None })
}

fn filters(t: &Texts<'_>, all: &[ClassDetail]) -> Vec<Filter> {
    let mut grades: Vec<i16> = all.iter().map(|class| class.grade).collect();
    grades.dedup();
    let filter = |name: &'static str, label: &str, all: &str, options| Filter { name, label: t.text(label), all: t.text(all), options };
    vec![
        filter("grade", "classes-grade", "lists-all-grades", grades.into_iter().map(|grade| (grade.to_string(), grade.to_string())).collect()),
        filter("language", "classes-language", "classes-any-language", LANGUAGES.map(|one| (one.to_owned(), t.text(format!("classes-language-{one}")))).into()),
        filter("shift", "classes-shift", "lists-any", ["1", "2", "3"].map(|shift| (shift.to_owned(), shift.to_owned())).into()),
        filter("teacher", "lists-teacher", "lists-any", ["none", "some"].map(|is| (is.to_owned(), t.text(format!("lists-teacher-{is}")))).into()),
    ]
}

fn row(t: &Texts<'_>, path: &str, class: &ClassDetail) -> Row {
    let teacher = class.teachers.clone().map_or_else(|| Cell::Dot(StatusDot { tone: Tone::Warn, text: t.text("classes-no-teacher") }), Cell::Text);
    Row {
        id: class.id.to_string(),
        name: class.label(),
        cells: vec![
            Cell::Title { href: format!("{path}/{}", class.id), text: class.label(), note: None },
            Cell::Text(t.number(class.pupils)),
            teacher,
            Cell::Text(t.text(format!("classes-language-{}", class.language))),
            Cell::Text(class.shift.to_string()),
            Cell::Text(kind_words(t, class)),
            Cell::Text(home_words(t, class)),
        ],
        actions: Vec::new(),
    }
}

/// The kind and profile, where they are not the usual ones.
fn kind_words(t: &Texts<'_>, class: &ClassDetail) -> String {
    let kind = (class.kind != "ordinary").then(|| t.text(format!("classes-kind-{}", class.kind)));
    let profile = (class.profile != "general").then(|| t.text(format!("classes-profile-{}", class.profile)));
    kind.into_iter().chain(profile).collect::<Vec<_>>().join(", ")
}

async fn export(req: HttpRequest, guard: ClassGuard<SeePupils>) -> Answer {
    let (t, school, address) = (web::page::texts(&req)?, guard.school()?, Address::of(&req));
    let classes = sifted(all(&req, &guard.ctx, school.id, &address).await?, &address);
    let headings = [("people-class", 10), ("classes-pupils", 10), ("classes-teacher", 40), ("classes-language", 14), ("classes-shift", 8), ("classes-kind", 30), ("classes-home", 40)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let cells = |class: &ClassDetail| {
        vec![
            Value::Text(class.label()),
            i32::try_from(class.pupils).map_or(Value::Empty, Value::Count),
            class.teachers.clone().map_or(Value::Empty, Value::Text),
            Value::Text(t.text(format!("classes-language-{}", class.language))),
            Value::Count(i32::from(class.shift)),
            Value::Text(kind_words(&t, class)),
            Value::Text(home_words(&t, class)),
        ]
    };
    let rows: Vec<Vec<Value>> = classes.iter().map(cells).collect();
    export::respond(Format::of(&req), List { file: format!("{}-classes", school.code), headings, zone: t.zone().clone() }, rows.into_iter()).await
}
