//! `/{school}/pupils` and its files.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    ClassGuard,
    logins::ManageAccounts,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Ctx,
    audit::Whose,
    right::ByClass,
};
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, Sort, StatusDot, Tone, UndoToast,
        table::{Action, Cell, Filter, Row, Way},
    },
    export::{self, Format},
    xlsx::{Cell as Value, Heading, List},
};

use super::{
    TakeLists, bulk,
    service::{self, Page as Found},
    sieve::{LANGUAGES, MISSING, Order, SORTS, Sieve},
    store::Listed,
};
use crate::{
    classes::{self, Class},
    families::EditFamilies,
    iin::SeeIin,
    movement::SeeMovement,
    pupils::{
        EnrolPupils, SeePupils,
        card::{SeeCards, view::day},
        full_name,
    },
};

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils", get().to(list))
        .route("/{school}/pupils.xlsx", get().to(export))
        .route("/{school}/pupils.csv", get().to(export));
    bulk::routes(cfg);
}

#[derive(Template)]
#[template(path = "pupils.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    toast: Option<UndoToast>,
    done: Option<String>,
    /// Where a pupil is taken in, for who does that.
    enrol: Option<String>,
    /// Where the guardians are, for who sees them.
    guardians: Option<String>,
    table: DataTable<'a>,
}

async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (address, today) = (Address::of(&req), t.day_of(guard.ctx.now()));
    let sieve = Sieve::of(&address, today);
    let sort = Sort::of(&address, &SORTS);
    let after = address.get("after").parse().ok();
    let found = service::listed(&site.db, &guard.ctx, school.id, &sieve, Order::of(sort), after).await?;
    let sight = Sight::of(school.id, "people.list_pupils", Whose::persons(found.pupils.iter().map(|pupil| pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(sieve.told())]).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::within(tx, school.id, &guard.ctx.within::<SeePupils>()?).await).await?;
    let home = format!("/{}", school.code);
    let see = |ctx: &Ctx| Sees { iin: ctx.require::<SeeIin>().is_ok(), movement: ctx.require::<SeeMovement>().is_ok(), families: may::<EditFamilies>(ctx) };
    let view = ListPage {
        school_name: school.name(t.locale()),
        toast: bulk::undo_toast(&t, &req, &home, &address),
        done: (address.get("done") == "undone").then(|| t.text("lists-undone")),
        enrol: guard.ctx.require::<EnrolPupils>().is_ok().then(|| format!("{home}/enrol")),
        guardians: may::<SeeCards>(&guard.ctx).then(|| format!("{home}/guardians")),
        table: table(&t, &req, &guard.ctx, &home, &see(&guard.ctx), address.without("done").without("moved"), found, &classes),
        t,
    };
    Page::new(view.t.text("people-pupils-title")).respond(&req, &view)
}

fn may<P: ByClass>(ctx: &Ctx) -> bool {
    ctx.within::<P>().is_ok()
}

/// What of a pupil's row the reader may see or do.
struct Sees {
    iin: bool,
    movement: bool,
    families: bool,
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page, each used once")]
fn table<'a>(t: &Texts<'a>, req: &HttpRequest, ctx: &Ctx, home: &str, sees: &Sees, address: Address, found: Found, classes: &[Class]) -> DataTable<'a> {
    let sort = Sort::of(&address, &SORTS);
    let next = found.next.map(|next| next.to_string());
    let shown_after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), shown_after, next.as_deref());
    let iin = sees.iin.then(|| DataColumn::text("iin", t.text("lists-iin")).on_demand());
    let columns = vec![
        DataColumn::text("name", t.text("people-name")).sortable().always(),
        DataColumn::text("class", t.text("people-class")).sortable(),
        DataColumn::text("born", t.text("people-birth-date")).sortable(),
        DataColumn::text("sex", t.text("lists-sex")).on_demand(),
        DataColumn::text("language", t.text("classes-language")).on_demand(),
        DataColumn::number("shift", t.text("classes-shift")).on_demand(),
        DataColumn::number("guardians", t.text("lists-guardians")),
    ];
    let is_asked = !address.query().is_empty();
    let empty = Empty {
        icon: Icon("people"),
        title: t.text("people-nobody-title"),
        body: t.text(if is_asked { "people-nobody-body" } else { "lists-no-pupils-yet" }),
        action: if is_asked { Some((address.path().to_owned(), t.text("lists-show-all"))) } else { ctx.require::<crate::imports::BringIn>().is_ok().then(|| (format!("{home}/imports"), t.text("imports-title"))) },
    };
    let table = DataTable::new(t.clone(), req, "pupils", t.text("people-pupils-title"), address)
        .search(t.text("people-search"))
        .filters(filters(t, classes, sees))
        .columns(columns.into_iter().chain(iin).collect(), sort)
        .rows(found.pupils.iter().map(|pupil| row(t, home, sees, pupil)).collect())
        .bulk_of_all(bulk_actions(t, ctx, home))
        .paging(paging)
        .empty(empty);
    let table = if may::<TakeLists>(ctx) { table.files() } else { table };
    match found.total {
        Some(total) => table.found(t.with("lists-found-pupils", [("count", total)])),
        None => table,
    }
}

fn filters(t: &Texts<'_>, classes: &[Class], sees: &Sees) -> Vec<Filter> {
    let mut grades: Vec<i16> = classes.iter().map(|class| class.grade).collect();
    grades.dedup();
    let said = |values: &[&str], key: &str| values.iter().map(|value| ((*value).to_owned(), t.text(format!("{key}-{value}")))).collect::<Vec<_>>();
    let taught: Vec<&str> = LANGUAGES.into_iter().filter(|one| classes.iter().any(|class| class.language == *one)).collect();
    let missing = MISSING.into_iter().filter(|what| *what != "iin" || sees.iin).map(|what| (what.to_owned(), t.text(format!("lists-missing-{what}")))).collect();
    let filter = |name: &'static str, label: &str, all: &str, options| Filter { name, label: t.text(label), all: t.text(all), options };
    vec![
        filter("class", "people-class", "people-all-classes", classes.iter().map(|class| (class.id.to_string(), t.with("people-class-option", (("class", class.label()), ("count", class.pupils))))).collect()),
        filter("grade", "classes-grade", "lists-all-grades", grades.into_iter().map(|grade| (grade.to_string(), grade.to_string())).collect()),
        filter("shift", "classes-shift", "lists-any", ["1", "2", "3"].map(|shift| (shift.to_owned(), shift.to_owned())).into()),
        filter("language", "classes-language", "lists-any", said(&taught, "classes-language")),
        filter("sex", "lists-sex", "lists-any", said(&["f", "m"], "card-sex")),
        filter("missing", "lists-missing", "lists-nothing-asked", missing),
        filter("birthday", "lists-birthday", "lists-any", vec![("week".to_owned(), t.text("lists-birthday-week"))]),
    ]
}

fn row(t: &Texts<'_>, home: &str, sees: &Sees, pupil: &Listed) -> Row {
    let name = full_name(&pupil.surname, &pupil.given_name, pupil.patronymic.as_deref());
    let card = format!("{home}/pupils/{}", pupil.id);
    let open = |href: String, key: &str| Action { href, text: t.text(key), way: Way::Open };
    let movement = sees.movement.then(|| open(format!("{card}/movement"), "movement-link"));
    let family = sees.families.then(|| open(format!("{card}/family"), "families-edit"));
    let guardians = match pupil.guardians {
        0 => Cell::Dot(StatusDot { tone: Tone::Warn, text: t.text("lists-no-guardian") }),
        some => Cell::Text(t.number(some)),
    };
    let iin = Cell::Dot(if pupil.has_iin { StatusDot { tone: Tone::Ok, text: t.text("lists-is-written") } } else { StatusDot { tone: Tone::Warn, text: t.text("lists-is-missing") } });
    Row {
        id: pupil.id.to_string(),
        cells: vec![
            Cell::Title { href: card, text: name.clone(), note: None },
            Cell::Text(label(pupil)),
            pupil.birth_date.map_or(Cell::Nothing, |born| Cell::Text(day(born))),
            pupil.sex.as_ref().map_or(Cell::Nothing, |sex| Cell::Text(t.text(format!("card-sex-{sex}")))),
            Cell::Text(t.text(format!("classes-language-{}", pupil.language))),
            Cell::Text(pupil.shift.to_string()),
            guardians,
            iin,
        ],
        name,
        actions: movement.into_iter().chain(family).collect(),
    }
}

/// `7А`
fn label(pupil: &Listed) -> String {
    format!("{}{}", pupil.grade, pupil.letter)
}

fn bulk_actions(t: &Texts<'_>, ctx: &Ctx, home: &str) -> Vec<Action> {
    let relocate = ctx.require::<EnrolPupils>().is_ok().then(|| Action { href: format!("{home}/pupils-move"), text: t.text("lists-move"), way: Way::Send });
    let invite = ctx.require::<ManageAccounts>().is_ok().then(|| Action { href: format!("{home}/pupils-invite"), text: t.text("lists-invite"), way: Way::Ask(t.text("lists-invite-ask")) });
    relocate.into_iter().chain(invite).collect()
}

/// Exactly those whom the page says are found.
async fn export(req: HttpRequest, guard: ClassGuard<TakeLists>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (address, today) = (Address::of(&req), t.day_of(guard.ctx.now()));
    let sieve = Sieve::of(&address, today);
    let pupils = service::taken(&site.db, &guard.ctx, school.id, &sieve, Order::of(Sort::of(&address, &SORTS))).await?;
    let sight = Sight::of(school.id, "people.export_pupils", Whose::persons(pupils.iter().map(|pupil| pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(sieve.told())]).await?;
    let headings = [("classes-number", 6), ("people-name", 40), ("people-class", 8), ("people-birth-date", 14), ("lists-sex", 10), ("classes-language", 14), ("classes-shift", 8), ("lists-guardians", 12)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let words = Words { sexes: ["f", "m"].map(|sex| (sex, t.text(format!("card-sex-{sex}")))), languages: LANGUAGES.map(|one| (one, t.text(format!("classes-language-{one}")))) };
    let rows = pupils.into_iter().zip(1..).map(move |(pupil, number)| words.cells(&pupil, number));
    export::respond(Format::of(&req), List { file: file_name(&school.code, today), headings, zone: t.zone().clone() }, rows).await
}

fn file_name(school: &str, today: Date) -> String {
    format!("{school}-pupils-{today}")
}

/// Words of a file, found once for all its rows.
struct Words {
    sexes: [(&'static str, String); 2],
    languages: [(&'static str, String); 5],
}

impl Words {
    fn cells(&self, pupil: &Listed, number: i32) -> Vec<Value> {
        let said = |known: &[(&'static str, String)], value: &str| known.iter().find(|(one, _)| *one == value).map_or(Value::Empty, |(_, words)| Value::Text(words.clone()));
        vec![
            Value::Count(number),
            Value::Text(full_name(&pupil.surname, &pupil.given_name, pupil.patronymic.as_deref())),
            Value::Text(label(pupil)),
            pupil.birth_date.map_or(Value::Empty, Value::Day),
            pupil.sex.as_deref().map_or(Value::Empty, |sex| said(&self.sexes, sex)),
            said(&self.languages, &pupil.language),
            Value::Count(i32::from(pupil.shift)),
            i32::try_from(pupil.guardians).map_or(Value::Empty, Value::Count),
        ]
    }
}
