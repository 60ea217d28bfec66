//! Live sockets: who may open one, and how news becomes HTML for them.
//!
//! A page and its live fragments come from one template in the page's own crate; here the two halves meet, because the engine
//! knows no pages and the pages know no engine.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self as http, Data, Payload, ServiceConfig},
};
use engine::live::{Audience, Switchboard, View, Views};
use identity::MyGuard;
use std::sync::Arc;
use web::{Failure, Site};

/// The sockets.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/live/my", http::get().to(my));
}

/// A guardian's own children.
async fn my(req: HttpRequest, stream: Payload, guard: MyGuard, switchboard: Data<Switchboard>, views: Data<Views>) -> Result<HttpResponse, Failure> {
    let children = guard.identity.children.iter().map(|child| child.person).collect();
    open(&req, stream, &switchboard, &views, Audience::Guardian { guardian: guard.identity.person, children }, guard.ctx.locale)
}

fn open(req: &HttpRequest, stream: Payload, switchboard: &Switchboard, views: &Data<Views>, audience: Audience, locale: kernel::Locale) -> Result<HttpResponse, Failure> {
    let views: Arc<Views> = Arc::clone(views);
    engine::live::open(req, stream, switchboard.clone(), views, audience, locale).map_err(|error| Failure::Status(error.as_response_error().status_code()))
}

/// How news looks.
pub(super) fn views(site: &Data<Site>) -> Views {
    Views {
        guardian: view(site, app::guardian_fragment),
        notice: nothing(),
        school: Box::new(|_, _, _| String::new()),
        support: nothing(),
    }
}

fn view<T: 'static>(site: &Data<Site>, render: fn(&web::Texts<'_>, &[T]) -> String) -> View<T> {
    let site = site.clone();
    Box::new(move |locale, news| render(&site.texts(locale), news))
}

/// News that no page shows live yet.
fn nothing<T: 'static>() -> View<T> {
    Box::new(|_, _| String::new())
}
