//! The files that the browser receives, embedded from `assets/dist` (made by `build-assets`) and served under `/assets/`.
//! An address with the hash of the content may be cached for ever; one without it is revalidated by ETag.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH},
    web::{Path, ServiceConfig, get},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::failure::{Answer, Failure};

#[derive(RustEmbed)]
#[folder = "assets/dist"]
struct Dist;

/// The address of a file, with the hash of its content: `/assets/app.css?v=0123456789ab`.
pub fn address(name: &str) -> String {
    match Dist::get(name) {
        Some(file) => format!("/assets/{name}?v={}", version(&file)),
        None => format!("/assets/{name}"),
    }
}

/// The address of an icon by name.
pub fn icon(name: &str) -> String {
    format!("{}#{name}", address("icons.svg"))
}

/// `GET /assets/{name}`, and what browsers look for at the root.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/assets/{name:.*}", get().to(serve)).route("/favicon.ico", get().to(favicon)).route("/sw.js", get().to(worker));
}

async fn serve(req: HttpRequest, name: Path<String>) -> Answer {
    respond(&req, &name)
}

async fn favicon(req: HttpRequest) -> Answer {
    respond(&req, "icon-192.png")
}

/// The worker of the installed app stands at the root: what it may serve is what lies below its address.
async fn worker(req: HttpRequest) -> Answer {
    respond(&req, "sw.js")
}

fn respond(req: &HttpRequest, name: &str) -> Answer {
    let file = Dist::get(name).filter(|_| !name.starts_with('.')).ok_or(Failure::from(kernel::Error::NotFound))?;
    let version = version(&file);
    let etag = format!("\"{version}\"");
    let for_ever = req.query_string() == format!("v={version}");
    // Fonts are named by the style sheet without a hash and never change under one name.
    let for_ever = for_ever || name.ends_with(".woff2");
    let caching = if for_ever { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    if req.headers().get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, etag)).insert_header((CACHE_CONTROL, caching)).finish());
    }
    Ok(HttpResponse::Ok().content_type(content_type(name)).insert_header((ETAG, etag)).insert_header((CACHE_CONTROL, caching)).body(file.data.into_owned()))
}

fn version(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
