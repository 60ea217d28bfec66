//! `/{school}`.

use actix_web::{
    HttpMessage, HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    ClassGuard, School,
    logins::ManageAccounts,
    trail::{self, Sight},
};
use kernel::{Ctx, Result};
use people::{
    imports::BringIn,
    movement::SeeMovement,
    pupils::{EnrolPupils, SeePupils, card::SeeCards},
    staff::SeeStaff,
    years::SeeCalendar,
};
use web::{
    Answer, NavItem, Page, Site, Texts, Viewer,
    component::{Empty, Icon, StatusDot, Tone},
    navigation::{self, Link},
    task::{self, Waits},
};

use super::SeeHome;
use crate::school::{Figures, Item, SeeSchoolNow, StreamFilter, figures, people_of, quiet, stream};

/// How many lines of the stream the page shows.
const LINES: usize = 10;
/// How many ways on it offers.
const WAYS: usize = 3;

/// What is opened most, in the order of who does it: the office, deputies, class teachers, everybody.
const SHORTCUTS: [NavItem; 10] = [
    NavItem::of::<EnrolPupils>("/{school}/enrol", "plus", "movement-enrol-title"),
    NavItem::of::<BringIn>("/{school}/imports", "download", "imports-title"),
    NavItem::of::<ManageAccounts>("/{school}/invitations", "user", "invitations-title"),
    NavItem::of::<SeeMovement>("/{school}/movement", "refresh", "movement-nav"),
    NavItem::of::<SeeStaff>("/{school}/staff", "people", "staff-nav"),
    NavItem::of::<SeeCards>("/{school}/guardians", "people", "lists-guardians-title"),
    NavItem::of::<SeePupils>("/{school}/pupils", "people", "people-nav-pupils"),
    NavItem::of::<SeeSchoolNow>("/{school}/presence", "school", "school-nav-presence"),
    NavItem::of::<SeeSchoolNow>("/{school}/stream", "clock", "school-nav-stream"),
    NavItem::of::<SeeCalendar>("/{school}/calendar", "calendar", "years-nav"),
];

/// The route of this room; `/{school}` is any one word.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}", get().to(home));
}

/// Something to do, in words.
struct Line {
    href: String,
    text: String,
    /// By when, or that it is late.
    note: Option<StatusDot>,
}

/// The day at the doors.
struct Day {
    figures: Figures,
    items: Vec<Item>,
    quiet: Empty,
}

#[derive(Template)]
#[template(path = "school_home.html")]
struct HomePage<'a> {
    t: Texts<'a>,
    school: &'a School,
    today: String,
    tasks: Vec<Line>,
    shortcuts: Vec<Link>,
    /// Nothing for who does not see it.
    day: Option<Day>,
    most: usize,
}

impl HomePage<'_> {
    fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }
}

async fn home(req: HttpRequest, guard: ClassGuard<SeeHome>) -> Answer {
    let (t, school) = (web::page::texts(&req)?, guard.school()?);
    let at_doors = guard.also_within::<SeeSchoolNow>(&req);
    let is_live = at_doors.as_ref().is_some_and(|ctx| ctx.within::<SeeSchoolNow>().is_ok_and(|bounds| bounds.is_whole()));
    let day = match &at_doors {
        Some(ctx) => Some(day(&req, ctx, school).await?),
        None => None,
    };
    // The figures that keep themselves fresh are all that a fragment is asked for.
    let waits = if web::page::is_fragment(&req) { Vec::new() } else { waits(&req, &guard).await? };
    let view = HomePage {
        today: t.day(t.day_of(guard.ctx.now())),
        tasks: waits.iter().map(|one| line(&t, &school.code, one)).collect(),
        shortcuts: navigation::open_to(&req, &SHORTCUTS)?.into_iter().take(WAYS).collect(),
        day,
        most: LINES,
        school,
        t,
    };
    let page = Page::new(school.name(view.t.locale()));
    let page = if is_live { page.live(format!("/live/school/{}", school.code)) } else { page };
    page.respond(&req, &view)
}

async fn day(req: &HttpRequest, ctx: &Ctx, school: &School) -> Result<Day> {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let figures = figures(&site.db, ctx, school.id, t.zone()).await?;
    let stream = stream(&site.db, ctx, school.id, t.zone(), StreamFilter::default(), LINES).await?;
    trail::read(req, ctx, [Sight::of(school.id, "live.see_home", people_of(&stream.rows))]).await?;
    let items = stream.rows.iter().map(|row| Item::of_row(&t, row).beside_photo(&school.code, row)).collect();
    Ok(Day { figures, items, quiet: quiet(&t) })
}

/// What waits for the reader, the most pressing first.
async fn waits(req: &HttpRequest, guard: &ClassGuard<SeeHome>) -> Result<Vec<Waits>> {
    let (site, t, school, now) = (Site::of(req)?, web::page::texts(req)?, guard.school()?, guard.ctx.now());
    let viewer = req.extensions().get::<Viewer>().cloned().unwrap_or_default();
    let tasks: Vec<_> = site.tasks.iter().filter_map(|task| Some((*task, task.concerns(&viewer)?))).collect();
    site.db.run(&guard.ctx.scope, async |tx| task::look(tx, school.id, t.day_of(now), now, tasks).await).await
}

fn line(t: &Texts<'_>, school: &str, one: &Waits) -> Line {
    let due = one.waiting.due.map(|due| t.with("home-due", [("date", due.strftime("%d.%m.%Y").to_string())]));
    let note = match (one.waiting.late, due) {
        (late, _) if late > 0 => Some(StatusDot { tone: Tone::Bad, text: t.with("home-late", [("count", late)]) }),
        (_, Some(text)) => Some(StatusDot { tone: Tone::Warn, text }),
        (_, None) => None,
    };
    Line { href: one.task.href.replace("{school}", school), text: t.with(one.task.text, [("count", one.waiting.count)]), note }
}
