//! `/{school}/find`: a page, the part of it that follows the typing, and the list of the palette.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    ClassGuard,
    trail::{self, Sight},
};
use kernel::audit::Whose;
use serde::Deserialize;
use web::{
    Answer, NavItem, Page, Site, Texts,
    component::{Empty, Icon},
    form::Asked,
    navigation,
};

use super::{Found, FoundGuardian, FoundPupil, FoundStaff, Others, rules, service};
use crate::{
    pupils::{SeePupils, card::SeeCards, full_name},
    staff::SeeStaff,
};

/// What opens from the header of every page.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeePupils>("/{school}/find", "search", "find-nav").searching();

/// How many pupils or classes the palette shows, and the page.
const IN_PALETTE: i64 = 8;
const ON_PAGE: i64 = 50;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/find", get().to(find));
}

#[derive(Debug, Deserialize)]
struct FindQuery {
    #[serde(default)]
    q: String,
    /// `palette` for the palette's list.
    #[serde(default)]
    part: String,
}

/// One line of what was found.
struct Hit {
    href: String,
    text: String,
    note: String,
}

/// What was found, by kind.
struct Section {
    title: String,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "find.html")]
struct FindPage<'a> {
    t: Texts<'a>,
    path: String,
    q: &'a str,
    sections: Vec<Section>,
    nothing: Empty,
}

#[derive(Template)]
#[template(path = "find_palette.html")]
struct FindPalette<'a> {
    t: Texts<'a>,
    sections: Vec<Section>,
}

impl FindPalette<'_> {
    fn count(&self) -> usize {
        self.sections.iter().map(|section| section.hits.len()).sum()
    }

    /// The place of a hit among all, for its id.
    fn number(&self, section: &usize, hit: &usize) -> usize {
        self.sections.iter().take(*section).map(|section| section.hits.len()).sum::<usize>() + hit
    }
}

async fn find(req: HttpRequest, guard: ClassGuard<SeePupils>, query: Asked<FindQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let in_palette = query.part == "palette";
    let others = Others { staff: guard.also::<SeeStaff>(&req).map(|ctx| (ctx, t.day_of(guard.ctx.now()))), guardians: guard.also_within::<SeeCards>(&req) };
    let found = service::find_all(&site.db, &guard.ctx, &others, school.id, &query.q, if in_palette { IN_PALETTE } else { ON_PAGE }).await?;
    let shown = Whose::persons(found.pupils.iter().map(|pupil| pupil.id).chain(found.staff.iter().map(|one| one.id)).chain(found.guardians.iter().map(|one| one.id)));
    if shown != Whose::Nobody {
        trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.find", shown)]).await?;
    }
    let sections = sections(&t, &school.code, found, pages(&req, &query.q)?);
    if in_palette {
        let list = FindPalette { t, sections };
        return Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(list.render()?));
    }
    let nothing = Empty { icon: Icon("search"), title: t.text("find-nothing-title"), body: t.text("find-nothing-body"), action: None };
    let view = FindPage { path: format!("/{}/find", school.code), q: &query.q, sections, nothing, t };
    Page::new(view.t.text("find-title")).narrow().respond(&req, &view)
}

/// Pages of the reader's navigation whose names begin as typed.
fn pages(req: &HttpRequest, typed: &str) -> kernel::Result<Vec<Hit>> {
    let meant = rules::by_keys(typed);
    let fits = |text: &str| rules::fits(text, typed) || meant.as_ref().is_some_and(|meant| rules::fits(text, meant));
    let links = navigation::links_of(req)?.into_iter().filter(|link| fits(&link.text));
    Ok(links.map(|link| Hit { href: link.href, text: link.text, note: link.about }).collect())
}

fn sections(t: &Texts<'_>, school: &str, found: Found, pages: Vec<Hit>) -> Vec<Section> {
    let home = format!("/{school}");
    let pupil = |pupil: FoundPupil| Hit {
        href: format!("{home}/pupils/{}", pupil.id),
        text: full_name(&pupil.surname, &pupil.given_name, pupil.patronymic.as_deref()),
        note: pupil.class_label.unwrap_or_default(),
    };
    let employee = |one: FoundStaff| Hit { href: format!("{home}/staff/{}", one.id), note: work(t, &one), text: full_name(&one.surname, &one.given_name, one.patronymic.as_deref()) };
    let guardian = |one: FoundGuardian| Hit { href: format!("{home}/guardians/{}", one.id), text: full_name(&one.surname, &one.given_name, one.patronymic.as_deref()), note: one.children.join(", ") };
    let class = |class: super::FoundClass| {
        let label = class.label.unwrap_or_default();
        Hit { href: format!("/{school}/classes/{}", class.id), text: t.with("find-class", [("class", label.as_str())]), note: String::new() }
    };
    let all = [
        ("find-pupils", found.pupils.into_iter().map(pupil).collect::<Vec<_>>()),
        ("find-classes", found.classes.into_iter().map(class).collect()),
        ("find-staff", found.staff.into_iter().map(employee).collect()),
        ("find-guardians", found.guardians.into_iter().map(guardian).collect()),
        ("find-pages", pages),
    ];
    all.into_iter().filter(|(_, hits)| !hits.is_empty()).map(|(title, hits)| Section { title: t.text(title), hits }).collect()
}

/// What somebody does here: posts, else offices.
fn work(t: &Texts<'_>, one: &FoundStaff) -> String {
    let posts: Vec<String> = one.posts.iter().map(|post| t.text(format!("staff-position-{post}"))).collect();
    let offices = || one.roles.iter().filter(|role| *role != "own").map(|role| t.text(format!("role-{}", role.replace('_', "-")))).collect::<Vec<_>>();
    let said = if posts.is_empty() { offices() } else { posts };
    said.join(", ")
}
