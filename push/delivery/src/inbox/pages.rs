//! `/my/inbox`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    MyGuard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    id::{NoticeId, PersonId},
};
use notice::{Kind, Who};
use serde::Deserialize;
use web::{
    Answer, Catalog, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging},
    csrf::{self, CsrfField},
    failure::encoded,
    form::{Asked, Posted},
};

use super::{
    Filter,
    service::{self, InboxPage},
    store::{Child, Note},
};
use crate::{IssuedNotice, Own, notice_text};

const PATH: &str = "/my/inbox";

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route("/my/inbox/read", post().to(read));
}

#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    child: String,
    #[serde(default)]
    kind: String,
    after: Option<String>,
}

/// One notice, in words.
struct Item {
    id: NoticeId,
    opens: String,
    title: String,
    body: String,
    at: Moment,
    late: bool,
    unread: bool,
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    back: String,
    unread: i64,
    newest: Option<NoticeId>,
    /// Whether the reader is told of themselves, too.
    is_own: bool,
    children: Vec<Choice>,
    kinds: Vec<Choice>,
    items: Vec<Item>,
    nothing: Option<Empty>,
    paging: Option<Paging>,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<ListQuery>) -> Answer {
    let site = Site::of(&req)?;
    let t = web::page::texts(&req)?;
    let own = Own::of(&guard);
    let view = if own.of.is_empty() {
        nobody(&t)
    } else {
        let filter = Filter { child: query.child.parse().ok(), kind: notice::kind(&query.kind), after: query.after.as_deref().and_then(|after| after.parse().ok()) };
        let page = service::notices(&site.db, &own, filter).await?;
        view(&req, site, &t, &query, page, own.ctx.person()?)
    };
    trail::read(&req, &own.ctx, Sight::of_children("delivery.see_inbox", &own.of)).await?;
    let page = Page::new(t.text("inbox-title")).narrow();
    // Only the newest of all notices grow while one looks: a filtered or older part of the list stands still.
    let is_newest = query.child.is_empty() && query.kind.is_empty() && query.after.is_none();
    let page = if is_newest { page.live("/live/my").snapshot(PATH, "#inbox") } else { page };
    page.respond(&req, &view)
}

#[derive(Template)]
#[template(path = "inbox_live.html")]
struct LiveView<'a> {
    t: &'a Texts<'a>,
    items: Vec<Item>,
}

/// Notices issued a moment ago, for an inbox that is open: out-of-band fragments, newest first.
pub fn fragment(t: &Texts<'_>, catalog: &Catalog, notices: &[IssuedNotice]) -> String {
    if notices.is_empty() {
        return String::new();
    }
    let items = notices.iter().rev().map(|notice| {
        let (title, body) = notice_text(catalog, t.locale(), notice.kind, &notice.args);
        Item { id: notice.id, opens: notice.kind.address(notice.child, &notice.args), title, body, at: Moment::ago(t, notice.occurred_at), late: notice.late, unread: true }
    });
    LiveView { t, items: items.collect() }.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a live notice could not be written");
        String::new()
    })
}

fn nobody<'a>(t: &Texts<'a>) -> View<'a> {
    let nothing = Empty { icon: Icon("inbox"), title: t.text("inbox-nothing-title"), body: t.text("inbox-nobody-body"), action: None };
    View { csrf: CsrfField::default(), back: PATH.to_owned(), unread: 0, newest: None, is_own: false, children: Vec::new(), kinds: Vec::new(), items: Vec::new(), nothing: Some(nothing), paging: None, t: t.clone() }
}

fn view<'a>(req: &HttpRequest, site: &Site, t: &Texts<'a>, query: &ListQuery, page: InboxPage, reader: PersonId) -> View<'a> {
    let filtered = format!("{PATH}?child={}&kind={}", encoded(&query.child), encoded(&query.kind));
    let next = page.next.map(|next| next.to_string());
    let of_children = page.children.iter().any(|child| child.id != reader);
    let nothing = || Empty { icon: Icon("inbox"), title: t.text("inbox-nothing-title"), body: t.text(if of_children { "inbox-nothing-body" } else { "inbox-nothing-own-body" }), action: None };
    View {
        csrf: csrf::field(req),
        is_own: page.children.iter().any(|child| child.id == reader),
        unread: page.unread,
        newest: page.notices.first().map(|note| note.id),
        children: page.children.iter().map(|child| child_choice(t, child, query, reader)).collect(),
        kinds: kinds(&page.children, reader).map(|kind| Choice { value: kind.name.to_owned(), text: t.text(format!("notice-{}-name", kind.name)), chosen: query.kind == kind.name }).collect(),
        items: page.notices.iter().map(|note| item(site, t, note)).collect(),
        nothing: page.notices.is_empty().then(nothing),
        paging: Some(Paging::of(t, &filtered, query.after.as_deref(), next.as_deref())),
        back: query.after.as_ref().map_or(filtered.clone(), |after| format!("{filtered}&after={}", encoded(after))),
        t: t.clone(),
    }
}

/// Who is told of themselves only is not asked about kinds that tell of children.
fn kinds(children: &[Child], reader: PersonId) -> impl Iterator<Item = &'static Kind> {
    let of_children = children.iter().any(|child| child.id != reader);
    notice::KINDS.into_iter().filter(move |kind| match kind.who {
        Who::Everybody => true,
        Who::Guardians => of_children,
        // They come seldom and stand on top: nobody looks for them by kind.
        Who::Staff => false,
    })
}

fn child_choice(t: &Texts<'_>, child: &Child, query: &ListQuery, reader: PersonId) -> Choice {
    let value = child.id.to_string();
    let text = if child.id == reader { t.text("inbox-oneself") } else { child.given_name.clone() };
    Choice { chosen: query.child == value, value, text }
}

fn item(site: &Site, t: &Texts<'_>, note: &Note) -> Item {
    // A kind of a newer version is shown by its bare name rather than not at all.
    let kind = notice::kind(&note.kind);
    let (title, body) = kind.map_or_else(|| (note.kind.clone(), String::new()), |kind| notice_text(&site.catalog, t.locale(), kind, &note.args));
    let opens = kind.map_or_else(|| format!("/my/{}", note.child_id), |kind| kind.address(note.child_id, &note.args));
    Item { id: note.id, opens, title, body, at: Moment::ago(t, note.occurred_at), late: note.late, unread: note.read_at.is_none() }
}

#[derive(Debug, Deserialize)]
struct ReadForm {
    /// One notice.
    notice: Option<String>,
    /// This and all older.
    upto: Option<String>,
    /// Where to go then.
    #[serde(default)]
    back: String,
}

async fn read(req: HttpRequest, guard: MyGuard, form: Posted<ReadForm>) -> Answer {
    let (site, Posted(form)) = (Site::of(&req)?, form);
    match (parse(form.notice.as_deref())?, parse(form.upto.as_deref())?) {
        (Some(notice), _) => service::mark_read(&site.db, &Own::of(&guard), notice).await?,
        (None, Some(upto)) => service::mark_all_read(&site.db, &Own::of(&guard), upto).await?,
        (None, None) => return Err(Error::NotFound.into()),
    }
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, own_page(&form.back))).finish())
}

fn parse(id: Option<&str>) -> Result<Option<NoticeId>, Error> {
    id.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()
}

/// Only pages under `/my` may be named as the way back: the form must not lead elsewhere.
fn own_page(back: &str) -> &str {
    let ours = (back == PATH || back.starts_with("/my/")) && back.chars().all(|c| c.is_ascii_graphic());
    if ours { back } else { PATH }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_our_own_pages_only() {
        assert_eq!(own_page("/my/inbox?child=a&kind=meal"), "/my/inbox?child=a&kind=meal");
        for elsewhere in ["https://elsewhere.example/", "//elsewhere.example/my/", "/myx", "/my/\r\nSet-Cookie: a=b", ""] {
            assert_eq!(own_page(elsewhere), PATH, "{elsewhere}");
        }
    }
}
