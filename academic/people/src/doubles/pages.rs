//! `/{school}/doubles`: who looks alike, and what was merged; `/{school}/doubles/pair`: two side by side.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard, schools::School, sessions,
    trail::{self, Sight},
};
use kernel::{
    Ctx, Error,
    audit::Whose,
    id::{PersonId, Uuid, read, show},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, Icon, Paging, StatusBlock, Tone, UndoToast,
        table::{Action, Cell, Filter, Row, Way},
    },
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    MergeDoubles, rules,
    service::{self, Apart, Compared, Double},
    store::{Merge, Pair},
};
use crate::pupils::{
    card::{Field, rules::Typed, view},
    full_name,
};

/// How many pairs a page shows.
const PAGE: usize = 50;
/// What people can be here.
const KINDS: [&str; 4] = ["pupil", "guardian", "staff", "other"];

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/doubles", get().to(list))
        .route("/{school}/doubles/pair", get().to(compare))
        .route("/{school}/doubles/pair", post().to(merge))
        .route("/{school}/doubles/apart", post().to(apart))
        .route("/{school}/doubles/together", post().to(together))
        .route("/{school}/doubles/undo", post().to(undo));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
    #[serde(default)]
    done: String,
    #[serde(default)]
    merge: String,
}

#[derive(Debug, Deserialize)]
struct PairQuery {
    #[serde(default)]
    a: String,
    #[serde(default)]
    b: String,
}

#[derive(Debug, Deserialize)]
struct UndoForm {
    #[serde(default)]
    merge: String,
}

#[derive(Template)]
#[template(path = "doubles.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    done: Option<String>,
    toast: Option<UndoToast>,
    table: DataTable<'a>,
    undo: String,
    merges: Vec<MergeLine>,
}

struct MergeLine {
    id: String,
    href: String,
    name: String,
    what: String,
    can_undo: bool,
}

#[derive(Template)]
#[template(path = "double.html")]
struct PairPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    /// Where it is said that these are two, or taken back; and its words.
    apart: (String, String),
    swap: String,
    id: String,
    kept: String,
    gone: String,
    kept_name: String,
    gone_name: String,
    refusal: Option<StatusBlock>,
    fields: Vec<FieldLine>,
    same: Vec<(String, String)>,
    /// Table, rows of who stays, rows of who goes.
    holds: Vec<(String, i64, i64)>,
    can_merge: bool,
}

/// A field about which the two differ.
struct FieldLine {
    field: &'static str,
    name: String,
    kept: String,
    gone: String,
    /// The one who stays says nothing: the other's is chosen to begin with.
    takes_gone: bool,
}

async fn list(req: HttpRequest, guard: Guard<MergeDoubles>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let mut found = service::doubles(&site.db, &guard.ctx, school.id).await?;
    let words = query.q.trim().to_lowercase();
    let says = |double: &Double| [&double.pair.a_surname, &double.pair.a_given_name, &double.pair.b_surname, &double.pair.b_given_name].into_iter().any(|name| name.to_lowercase().contains(&words));
    found.retain(|double| double.pair.is_apart == (query.state == "apart") && (query.kind.is_empty() || double.pair.a_kind == query.kind || double.pair.b_kind == query.kind) && (words.is_empty() || says(double)));
    let from = query.after.as_deref().and_then(|after| found.iter().position(|double| key_of(&double.pair) == after)).map_or(0, |at| at + 1);
    let more = found.len() > from + PAGE;
    let shown: Vec<&Double> = found.iter().skip(from).take(PAGE).collect();
    let merges = service::merges(&site.db, &guard.ctx, school.id).await?;
    let persons = shown.iter().flat_map(|double| [double.pair.a, double.pair.b]).chain(merges.iter().map(|merge| merge.kept_id));
    let sight = Sight::of(school.id, "people.list_doubles", Whose::persons(persons));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "kind": query.kind, "state": query.state, "searched": !words.is_empty() }))]).await?;
    let path = format!("/{}/doubles", school.code);
    let address = Address::of(&req).without("done").without("merge");
    let filtered = address.without("after").href();
    let next = shown.last().filter(|_| more).map(|double| key_of(&double.pair));
    let kinds = KINDS.map(|kind| (kind.to_owned(), t.text(format!("doubles-kind-{kind}"))));
    let table = DataTable::new(t.clone(), &req, "doubles", t.text("doubles-title"), address)
        .search(t.text("doubles-search"))
        .filters(vec![
            Filter { name: "kind", label: t.text("doubles-kind"), all: t.text("doubles-kind-all"), options: kinds.into() },
            Filter { name: "state", label: t.text("doubles-state"), all: t.text("doubles-state-open"), options: vec![("apart".to_owned(), t.text("doubles-state-apart"))] },
        ])
        .columns(vec![
            DataColumn::text("one", t.text("doubles-one")).always(),
            DataColumn::text("other", t.text("doubles-other")).always(),
            DataColumn::text("why", t.text("doubles-why")).always(),
        ], None)
        .rows(shown.iter().map(|double| row(&t, &path, double)).collect())
        .paging(Paging::of(&t, &filtered, query.after.as_deref(), next.as_deref()))
        .empty(Empty { icon: Icon("check"), title: t.text("doubles-nobody-title"), body: t.text("doubles-nobody-body"), action: None });
    let merged = (query.done == "merged").then(|| read(&query.merge)).flatten();
    let view = ListPage {
        csrf: csrf::field(&req),
        school_name: school.name(t.locale()),
        done: ["apart", "together", "undone"].into_iter().find(|known| *known == query.done).map(|done| t.text(format!("doubles-done-{done}"))),
        toast: merged.map(|id| UndoToast::new(&t, &req, t.text("doubles-done-merged"), format!("{path}/undo"), vec![("merge".to_owned(), show(id))])),
        table,
        merges: merges.iter().map(|merge| merge_line(&t, &school.code, merge, guard.ctx.now())).collect(),
        undo: format!("{path}/undo"),
        t: t.clone(),
    };
    Page::new(t.text("doubles-title")).respond(&req, &view)
}

fn key_of(pair: &Pair) -> String {
    format!("{}{}", pair.a, pair.b)
}

fn row(t: &Texts<'_>, path: &str, double: &Double) -> Row {
    let pair = &double.pair;
    let name = |surname: &str, given_name: &str, patronymic: &Option<String>| full_name(surname, given_name, patronymic.as_deref());
    let note = |kind: &str, class: &Option<String>, born: Option<jiff::civil::Date>| {
        let what = class.as_ref().map_or_else(|| t.text(format!("doubles-kind-{kind}")), |class| t.with("doubles-is-pupil", [("class", class.as_str())]));
        std::iter::once(what).chain(born.map(view::day)).collect::<Vec<_>>().join(", ")
    };
    let (one, other) = (name(&pair.a_surname, &pair.a_given_name, &pair.a_patronymic), name(&pair.b_surname, &pair.b_given_name, &pair.b_patronymic));
    let href = format!("{path}/pair?a={}&b={}", pair.a, pair.b);
    let whys: Vec<String> = double.whys.iter().map(|why| t.text(format!("doubles-why-{}", why.key()))).collect();
    Row {
        id: key_of(pair),
        name: one.clone(),
        cells: vec![
            Cell::Title { href: href.clone(), text: one, note: Some(note(&pair.a_kind, &pair.a_class, pair.a_birth_date)) },
            Cell::Text(format!("{other} ({})", note(&pair.b_kind, &pair.b_class, pair.b_birth_date))),
            Cell::Text(whys.join(", ")),
        ],
        actions: vec![Action { href, text: t.text("doubles-compare"), way: Way::Open }],
    }
}

fn merge_line(t: &Texts<'_>, code: &str, merge: &Merge, now: jiff::Timestamp) -> MergeLine {
    let by = merge.merged_by.clone().unwrap_or_else(|| t.text("card-somebody"));
    let told = t.with("doubles-merged-by", (("who", by), ("at", t.moment(merge.merged_at))));
    MergeLine {
        id: show(merge.id),
        href: format!("/{code}/pupils/{}", merge.kept_id),
        name: merge.kept.clone().unwrap_or_else(|| t.text("card-somebody")),
        what: merge.undone_at.map_or_else(|| told.clone(), |at| format!("{told}. {}", t.with("doubles-undone-at", [("at", t.moment(at))]))),
        can_undo: merge.undone_at.is_none() && rules::may_undo(merge.merged_at, now).is_ok(),
    }
}

/// The two of an address or a form.
fn two(a: &str, b: &str) -> kernel::Result<(PersonId, PersonId)> {
    match (a.parse(), b.parse()) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        _ => Err(Error::invalid("a", "card-wrong-choice")),
    }
}

async fn compare(req: HttpRequest, guard: Guard<MergeDoubles>, query: Asked<PairQuery>) -> Answer {
    let school = guard.school()?;
    // Without two there is nothing to compare.
    let Ok((kept, gone)) = two(&query.a, &query.b) else { return Ok(go(format!("/{}/doubles", school.code))) };
    render(&req, &guard, kept, gone, None).await
}

async fn merge(req: HttpRequest, guard: Guard<MergeDoubles>, form: Posted<Typed>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    let text = |name: &str| typed.get(name).map(String::as_str).unwrap_or_default();
    let (kept, gone) = two(text("kept"), text("gone"))?;
    let id: Uuid = read(text("id")).ok_or_else(|| Error::invalid("id", "card-wrong-choice"))?;
    let chosen: Vec<Field> = Field::ALL.into_iter().filter(|field| text(&format!("take-{}", field.as_str())) == "gone").collect();
    match service::merge(&site.db, &guard.ctx, school.id, id, kept, gone, &chosen, t.text("doubles-reason")).await {
        Ok(()) => {
            [kept, gone].into_iter().for_each(|person| sessions::forget_person(site, person));
            Ok(go(format!("/{}/doubles?done=merged&merge={}", school.code, show(id))))
        }
        // The page says itself what stands in the way.
        Err(Error::Refused(code)) => render(&req, &guard, kept, gone, Some(code)).await,
        Err(other) => Err(other.into()),
    }
}

async fn apart(req: HttpRequest, guard: Guard<MergeDoubles>, form: Posted<PairQuery>) -> Answer {
    tell(&req, &guard, &form.0, Apart::Two, "apart").await
}

async fn together(req: HttpRequest, guard: Guard<MergeDoubles>, form: Posted<PairQuery>) -> Answer {
    tell(&req, &guard, &form.0, Apart::Perhaps, "together").await
}

async fn tell(req: &HttpRequest, guard: &Guard<MergeDoubles>, pair: &PairQuery, apart: Apart, done: &str) -> Answer {
    let (site, school) = (Site::of(req)?, guard.school()?);
    let (one, other) = two(&pair.a, &pair.b)?;
    service::tell_apart(&site.db, &guard.ctx, school.id, one, other, apart).await?;
    Ok(go(format!("/{}/doubles?done={done}", school.code)))
}

async fn undo(req: HttpRequest, guard: Guard<MergeDoubles>, form: Posted<UndoForm>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id = read(&form.0.merge).ok_or_else(|| Error::invalid("merge", "card-wrong-choice"))?;
    let both = service::undo(&site.db, &guard.ctx, school.id, id).await?;
    both.into_iter().for_each(|person| sessions::forget_person(site, person));
    Ok(go(format!("/{}/doubles?done=undone", school.code)))
}

async fn render(req: &HttpRequest, guard: &Guard<MergeDoubles>, kept: PersonId, gone: PersonId, refused: Option<&'static str>) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let Compared { cards: [own, other], holds, is_apart, refusal } = service::compared(&site.db, &guard.ctx, school.id, kept, gone).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_double", Whose::persons([kept, gone]))]).await?;
    let value = |field: Field, value: Option<String>| value.map_or_else(|| t.text("updates-empty"), |value| view::words(&t, field, &value));
    let differs = |field: &&Field| own.value(**field) != other.value(**field);
    let line = |field: &Field| FieldLine {
        field: field.as_str(),
        name: view::label(&t, *field),
        kept: value(*field, own.value(*field)),
        gone: value(*field, other.value(*field)),
        takes_gone: own.value(*field).is_none(),
    };
    let refusal = refused.or(refusal);
    let block = refusal.map(|code| {
        let key = format!("refused-{}", code.replace(['.', '_'], "-"));
        StatusBlock { tone: Tone::Warn, title: t.text(format!("{key}-title")), body: t.text(format!("{key}-body")), action: None }
    });
    let path = format!("/{}/doubles", school.code);
    let view = PairPage {
        csrf: csrf::field(req),
        here: format!("{path}/pair"),
        apart: if is_apart { (format!("{path}/together"), t.text("doubles-together")) } else { (format!("{path}/apart"), t.text("doubles-apart")) },
        swap: format!("{path}/pair?a={gone}&b={kept}"),
        list: path,
        id: show(guard.ctx.id::<Uuid>()),
        kept: kept.to_string(),
        gone: gone.to_string(),
        kept_name: own.full_name(),
        gone_name: other.full_name(),
        fields: Field::ALL.iter().filter(differs).map(line).collect(),
        same: Field::ALL.iter().filter(|field| !differs(field)).filter_map(|field| Some((view::label(&t, *field), view::words(&t, *field, &own.value(*field)?)))).collect(),
        holds: holds_of(&t, &holds),
        can_merge: refusal.is_none(),
        refusal: block,
        t: t.clone(),
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Page::new(t.text("doubles-pair-title")).status(status).respond(req, &view)
}

/// What the two hold, in words; tables without words of their own together.
fn holds_of(t: &Texts<'_>, holds: &[Vec<super::store::Holds>; 2]) -> Vec<(String, i64, i64)> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (side, rows) in holds.iter().enumerate() {
        for row in rows {
            let key = format!("doubles-holds-{}", row.relation.replace('_', "-"));
            let words = if WORDED.contains(&row.relation.as_str()) { t.text(key) } else { t.text("doubles-holds-other") };
            let sum = sums.entry(words).or_default();
            if side == 0 { sum.0 += row.count } else { sum.1 += row.count }
        }
    }
    sums.into_iter().map(|(words, (kept, gone))| (words, kept, gone)).collect()
}

/// Tables with words of their own.
const WORDED: [&str; 17] = [
    "account", "card", "confidential_record", "consent", "enrolment", "file", "kinship", "meal", "movement", "notice", "pass", "person_iin", "person_value", "pupil_photo", "role_grant", "staff_line", "update_request",
];

/// An old link: to the page of who stayed when this person went, or to nothing.
pub(crate) async fn lead_on(req: &HttpRequest, ctx: &Ctx, school: &School, page: &str, gone: PersonId) -> Answer {
    match service::successor(&Site::of(req)?.db, ctx, school.id, gone).await? {
        Some(kept) => Ok(go(format!("/{}/{page}/{kept}", school.code))),
        None => Err(Error::NotFound.into()),
    }
}

fn go(to: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}
