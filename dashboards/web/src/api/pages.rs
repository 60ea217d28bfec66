//! `/api`: the description for people; `/api/v1/openapi.json`: for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::CACHE_CONTROL,
    web::{Data, ServiceConfig, get},
};
use askama::Template;

use super::document::{Describe, Operation, Schema};
use crate::{
    failure::Answer,
    i18n::Texts,
    page::{self, Page},
};

/// `/api`, `/api/v1/openapi.json`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api", get().to(show)).route("/api/v1/openapi.json", get().to(description));
}

/// As programs write it; the rest of the key stands where the dots are.
const HEADER: &str = "Authorization: Bearer shq_…";

#[derive(Template)]
#[template(path = "api.html")]
struct View<'a> {
    t: Texts<'a>,
    header: &'static str,
    operations: Vec<Operation>,
    schemas: Vec<Schema>,
}

async fn show(req: HttpRequest, describe: Data<Describe>) -> Answer {
    let document = (describe.0)()?;
    let view = View { header: HEADER, t: page::texts(&req)?, operations: document.operations(), schemas: document.schemas() };
    Page::new(view.t.text("api-title")).respond(&req, &view)
}

async fn description(describe: Data<Describe>) -> Answer {
    let document = (describe.0)()?;
    Ok(HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "no-cache")).body(document.text().to_owned()))
}
