//! Live sockets: who may open one, and how news becomes HTML for them.
//!
//! A page and its live fragments come from one template in the page's own crate; here the two halves meet, because the engine
//! knows no pages and the pages know no engine.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self as http, Data, Payload, ServiceConfig},
};
use engine::live::{Audience, Owner, Switchboard, View, Views};
use fleet::health::SeeDevices;
use identity::{
    Guard, Identity, MyGuard,
    trail::{self, Sight},
};
use kernel::audit::Whose;
use live::school::SeeSchoolNow;
use std::sync::Arc;
use web::{Failure, Site};

/// The sockets.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/live/my", http::get().to(my))
        .route("/live/school/{school}", http::get().to(school))
        .route("/live/support", http::get().to(support));
}

/// A guardian's own children.
async fn my(req: HttpRequest, stream: Payload, guard: MyGuard, switchboard: Data<Switchboard>, views: Data<Views>) -> Result<HttpResponse, Failure> {
    trail::read(&req, &guard.ctx, Sight::of_children("app.watch_children", &guard.identity.children)).await?;
    let children = guard.identity.children.iter().map(|child| child.person).collect();
    let audience = Audience::Guardian { guardian: guard.identity.person, children };
    open(&req, stream, &switchboard, &views, (owner(&guard.identity), audience), guard.ctx.locale)
}

/// A school, for those who may see who is inside.
async fn school(req: HttpRequest, stream: Payload, guard: Guard<SeeSchoolNow>, switchboard: Data<Switchboard>, views: Data<Views>) -> Result<HttpResponse, Failure> {
    let audience = Audience::School(guard.school()?.id);
    trail::read(&req, &guard.ctx, [Sight::of(guard.school()?.id, "live.watch_school", Whose::School)]).await?;
    open(&req, stream, &switchboard, &views, (owner(&guard.identity), audience), guard.ctx.locale)
}

/// Every device, for support.
async fn support(req: HttpRequest, stream: Payload, guard: Guard<SeeDevices>, switchboard: Data<Switchboard>, views: Data<Views>) -> Result<HttpResponse, Failure> {
    open(&req, stream, &switchboard, &views, (owner(&guard.identity), Audience::Support), guard.ctx.locale)
}

/// By whose rights a socket is open: the person's own, and those of colleagues in whose place they act.
fn owner(identity: &Identity) -> Owner {
    let givers = identity.limited.iter().filter_map(|held| held.giver);
    Owner { account: Some(identity.account), persons: std::iter::once(identity.person).chain(givers).collect() }
}

fn open(req: &HttpRequest, stream: Payload, switchboard: &Switchboard, views: &Data<Views>, audience: (Owner, Audience), locale: kernel::Locale) -> Result<HttpResponse, Failure> {
    let views: Arc<Views> = Arc::clone(views);
    // Of a handshake only the answer knows its status: what is no handshake is the caller's mistake, not ours.
    engine::live::open(req, stream, switchboard.clone(), views, audience, locale).map_err(|error| Failure::Status(error.error_response().status()))
}

/// How news looks.
pub(super) fn views(site: &Data<Site>) -> Views {
    Views {
        guardian: view(site, app::guardian_fragment),
        notice: {
            let site = site.clone();
            Box::new(move |locale, notices| delivery::inbox::fragment(&site.texts(locale), &site.catalog, notices))
        },
        school: {
            let site = site.clone();
            Box::new(move |locale, recorded, inside| live::school_fragment(&site.texts(locale), recorded, inside))
        },
        support: {
            let site = site.clone();
            Box::new(move |locale, statuses| live::support_fragment(&site.texts(locale), site.clock.now(), statuses))
        },
    }
}

fn view<T: 'static>(site: &Data<Site>, render: fn(&web::Texts<'_>, &[T]) -> String) -> View<T> {
    let site = site.clone();
    Box::new(move |locale, news| render(&site.texts(locale), news))
}
