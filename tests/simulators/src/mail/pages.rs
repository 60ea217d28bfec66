//! The letters for people and for tests, over HTTP: in a demonstration somebody must be able to read them.
//!
//! `GET /` lists them, the newest first; `GET /letters?to=a@b.kz` is the same as JSON; `POST /control` says what goes wrong.

use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::{Arrived, Shared};

type Answer = Response<Full<Bytes>>;

/// The longest body read.
const BODY_LIMIT: usize = 64 * 1024;
/// The pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// So many letters stand on the page.
const SHOWN: usize = 100;

/// Accepts connections for ever.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Infallible {
    let builder = Builder::new(TokioExecutor::new());
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        tokio::spawn(attend(stream, builder.clone(), Arc::clone(&shared)));
    }
}

async fn attend(stream: TcpStream, builder: Builder<TokioExecutor>, shared: Arc<Shared>) {
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(route(&shared, request).await) }
    });
    // An error is the client's hanging up.
    builder.serve_connection(TokioIo::new(stream), service).await.unwrap_or_default();
}

async fn route(shared: &Shared, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await.map(http_body_util::Collected::to_bytes) else {
        return answer(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", String::new());
    };
    match (&head.method, head.uri.path()) {
        (&Method::GET, "/") => answer(StatusCode::OK, "text/html; charset=utf-8", page(&shared.letters())),
        (&Method::GET, "/letters") => {
            let to = head.uri.query().and_then(|query| query.strip_prefix("to="));
            let letters: Vec<_> = shared.letters().into_iter().filter(|letter| to.is_none_or(|to| letter.to.iter().any(|one| one.eq_ignore_ascii_case(to)))).collect();
            answer(StatusCode::OK, "application/json", format!("{}\n", json!(letters)))
        }
        (&Method::POST, "/control") => match shared.control(&body) {
            Ok(()) => answer(StatusCode::NO_CONTENT, "text/plain", String::new()),
            Err(mistake) => answer(StatusCode::BAD_REQUEST, "application/json", format!("{}\n", json!({ "error": mistake }))),
        },
        _ => answer(StatusCode::NOT_FOUND, "text/plain", String::new()),
    }
}

fn page(letters: &[Arrived]) -> String {
    let mut html = "<!doctype html><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Mail (simulator)</title><h1>Mail (simulator)</h1>".to_owned();
    for letter in letters.iter().rev().take(SHOWN) {
        let plain = letter.parts().into_iter().next().unwrap_or_else(|| letter.text());
        // Writing into a String does not fail.
        write!(html, "<hr><p><b>{}</b></p><p>{}</p>", escaped(&letter.to.join(", ")), linked(&plain)).unwrap_or_default();
    }
    html
}

/// Text whose addresses can be followed.
fn linked(text: &str) -> String {
    let word = |word: &str| {
        let shown = escaped(word);
        if word.starts_with("http://") || word.starts_with("https://") { format!("<a href=\"{shown}\">{shown}</a>") } else { shown }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("<br>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn answer(status: StatusCode, media_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_read_on_the_page_and_its_links_are_followed() {
        let letter = |body: &str| Arrived { from: "a@b.kz".into(), to: vec!["c@d.kz".into()], data: format!("Subject: x\r\n\r\n{body}") };
        let html = page(&[letter("first"), letter("Open\r\nhttps://e.kz/x?a=1&b=2 <now>")]);
        assert!(html.contains("<a href=\"https://e.kz/x?a=1&amp;b=2\">https://e.kz/x?a=1&amp;b=2</a> &lt;now&gt;") && html.contains("c@d.kz"), "{html}");
        assert!(html.find("Open") < html.find("first"), "the newest first");
    }
}
