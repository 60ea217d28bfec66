//! `/{school}/guardians`, its files, and codes for many.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard, Guard,
    logins::{ManageAccounts, invitations},
    trail::{self, Sight},
};
use kernel::{Ctx, Error, audit::Whose, id::PersonId};
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, Chosen, DataColumn, DataTable, Empty, Icon, Paging, Sort, StatusDot, Tone,
        table::{Action, Cell, Filter, Row, Way},
    },
    export::{self, Format},
    form::Posted,
    xlsx::{Cell as Value, Heading, List},
};

use super::{
    service::{self, ACCOUNTS, Found, Sieve},
    store::Listed,
};
use crate::{
    classes::{self, Class},
    pupils::{card::SeeCards, full_name, list::TakeLists},
};

/// For so many guardians codes are printed at once.
const MOST_SLIPS: usize = 600;

/// The routes of the list.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/guardians", get().to(list))
        .route("/{school}/guardians.xlsx", get().to(export))
        .route("/{school}/guardians.csv", get().to(export))
        .route("/{school}/guardians-invite", post().to(invite));
}

#[derive(Template)]
#[template(path = "guardians.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    table: DataTable<'a>,
}

async fn list(req: HttpRequest, guard: ClassGuard<SeeCards>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let address = Address::of(&req);
    let (sieve, sort) = (Sieve::of(&address), Sort::of(&address, &["name"]));
    let found = service::listed(&site.db, &guard.ctx, school.id, &sieve, sort, address.get("after").parse().ok()).await?;
    let sight = Sight::of(school.id, "people.list_guardians", Whose::persons(found.guardians.iter().map(|guardian| guardian.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(sieve.told())]).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::within(tx, school.id, &guard.ctx.within::<SeeCards>()?).await).await?;
    let view = ListPage { school_name: school.name(t.locale()), table: table(&t, &req, &guard.ctx, &format!("/{}", school.code), address, found, &classes), t };
    Page::new(view.t.text("lists-guardians-title")).respond(&req, &view)
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, ctx: &Ctx, home: &str, address: Address, found: Found, classes: &[Class]) -> DataTable<'a> {
    let sort = Sort::of(&address, &["name"]);
    let next = found.next.map(|next| next.to_string());
    let shown_after = Some(address.get("after")).filter(|after| !after.is_empty());
    let paging = Paging::of(t, &address.without("after").href(), shown_after, next.as_deref());
    let invite = ctx.require::<ManageAccounts>().is_ok().then(|| Action { href: format!("{home}/guardians-invite"), text: t.text("lists-invite-guardians"), way: Way::Ask(t.text("lists-invite-ask")) });
    let empty = Empty { icon: Icon("people"), title: t.text("people-nobody-title"), body: t.text("lists-guardians-none"), action: Some((address.path().to_owned(), t.text("lists-show-all"))) };
    let table = DataTable::new(t.clone(), req, "guardians", t.text("lists-guardians-title"), address)
        .search(t.text("lists-guardians-search"))
        .filters(filters(t, classes))
        .columns(
            vec![
                DataColumn::text("name", t.text("people-name")).sortable().always(),
                DataColumn::text("children", t.text("lists-children")),
                DataColumn::text("phone", t.text("lists-phone")),
                DataColumn::text("language", t.text("lists-language")).on_demand(),
                DataColumn::text("account", t.text("lists-account")),
            ],
            sort,
        )
        .rows(found.guardians.iter().map(|guardian| row(t, home, guardian)).collect())
        .bulk_of_all(invite.into_iter().collect())
        .paging(paging)
        .empty(empty);
    let table = if ctx.within::<TakeLists>().is_ok() { table.files() } else { table };
    match found.total {
        Some(total) => table.found(t.with("lists-found-guardians", [("count", total)])),
        None => table,
    }
}

fn filters(t: &Texts<'_>, classes: &[Class]) -> Vec<Filter> {
    let said = |values: &[&str], key: &str| values.iter().map(|value| ((*value).to_owned(), t.text(format!("{key}-{value}")))).collect::<Vec<_>>();
    let filter = |name: &'static str, label: &str, all: &str, options| Filter { name, label: t.text(label), all: t.text(all), options };
    vec![
        filter("class", "people-class", "people-all-classes", classes.iter().map(|class| (class.id.to_string(), class.label())).collect()),
        filter("account", "lists-account", "lists-any", said(&ACCOUNTS, "lists-account")),
        filter("language", "lists-language", "lists-any", said(&["kk", "ru", "en"], "lists-language")),
        filter("missing", "lists-missing", "lists-nothing-asked", vec![("phone".to_owned(), t.text("lists-missing-phone"))]),
    ]
}

fn row(t: &Texts<'_>, home: &str, guardian: &Listed) -> Row {
    let name = full_name(&guardian.surname, &guardian.given_name, guardian.patronymic.as_deref());
    let tone = match guardian.account.as_str() {
        "used" => Tone::Ok,
        "blocked" => Tone::Bad,
        "none" => Tone::Warn,
        _ => Tone::Unknown,
    };
    Row {
        id: guardian.id.to_string(),
        cells: vec![
            Cell::Title { href: format!("{home}/guardians/{}", guardian.id), text: name.clone(), note: None },
            Cell::Text(guardian.children.join(", ")),
            guardian.phone.clone().map_or_else(|| Cell::Dot(StatusDot { tone: Tone::Warn, text: t.text("lists-no-phone") }), Cell::Text),
            Cell::Text(t.text(format!("lists-language-{}", guardian.locale))),
            Cell::Dot(StatusDot { tone, text: t.text(format!("lists-account-{}", guardian.account)) }),
        ],
        name,
        actions: Vec::new(),
    }
}

/// Exactly those whom the page says are found.
async fn export(req: HttpRequest, guard: ClassGuard<TakeLists>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let address = Address::of(&req);
    let sieve = Sieve::of(&address);
    let guardians = service::taken(&site.db, &guard.ctx, school.id, &sieve, Sort::of(&address, &["name"])).await?;
    let sight = Sight::of(school.id, "people.export_guardians", Whose::persons(guardians.iter().map(|guardian| guardian.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(sieve.told())]).await?;
    let headings = [("classes-number", 6), ("people-name", 40), ("lists-children", 36), ("lists-phone", 18), ("lists-language", 14), ("lists-account", 24)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(key), width }).into();
    let cells = |(guardian, number): (&Listed, i32)| {
        vec![
            Value::Count(number),
            Value::Text(full_name(&guardian.surname, &guardian.given_name, guardian.patronymic.as_deref())),
            Value::Text(guardian.children.join(", ")),
            guardian.phone.clone().map_or(Value::Empty, Value::Text),
            Value::Text(t.text(format!("lists-language-{}", guardian.locale))),
            Value::Text(t.text(format!("lists-account-{}", guardian.account))),
        ]
    };
    let rows: Vec<Vec<Value>> = guardians.iter().zip(1..).map(cells).collect();
    let file = format!("{}-guardians-{}", school.code, t.day_of(guard.ctx.now()));
    export::respond(Format::of(&req), List { file, headings, zone: t.zone().clone() }, rows.into_iter()).await
}

/// Slips for the chosen guardians who have no login.
async fn invite(req: HttpRequest, guard: Guard<ManageAccounts>, form: Posted<Vec<(String, String)>>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let guardians: Vec<PersonId> = match Chosen::of(&form.0, "") {
        Chosen::Picked(ids) => ids.iter().filter_map(|id| id.parse().ok()).collect(),
        Chosen::All(address) => service::matching(&site.db, &guard.ctx, school.id, &Sieve::of(&address)).await?,
    };
    match guardians.len() {
        0 => Err(Error::Refused("people.nobody_chosen").into()),
        some if some > MOST_SLIPS => Err(Error::Refused("people.too_many_chosen").into()),
        _ => invitations::respond_for(&req, &guard.ctx, school, guardians, &format!("/{}/guardians", school.code)).await,
    }
}
