//! Connections and routes: the Bot API, what tests ask for, and a chat as a page, so that a demonstration can be clicked through.

use std::convert::Infallible;
use std::fmt::Write;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::simulator::{Ending, Simulator};
use crate::fcm::connection::{ResetSwitch, ResettableStream};

type Answer = Response<Full<Bytes>>;

/// The longest body read.
const BODY_LIMIT: usize = 64 * 1024;
/// The pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// The longest that the service holds the line.
const LONGEST_HOLD: u64 = 50;

/// Accepts connections for ever.
pub async fn serve(listener: TcpListener, simulator: Arc<Simulator>) -> Infallible {
    let builder = Builder::new(TokioExecutor::new());
    loop {
        // An accept fails for the peer's reasons or for want of descriptors; the next one may be good.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        tokio::spawn(attend(stream, builder.clone(), Arc::clone(&simulator)));
    }
}

async fn attend(stream: TcpStream, builder: Builder<TokioExecutor>, simulator: Arc<Simulator>) {
    stream.set_nodelay(true).unwrap_or_default();
    let switch = ResetSwitch::default();
    let io = TokioIo::new(ResettableStream::new(stream, switch.clone()));
    let service = service_fn(|request| {
        let (simulator, switch) = (Arc::clone(&simulator), switch.clone());
        async move { Ok::<_, Infallible>(route(simulator, switch, request).await) }
    });
    let mut connection = pin!(builder.serve_connection(io, service));
    tokio::select! {
        biased;
        // An error is the client's hanging up.
        _ended = &mut connection => {}
        () = switch.thrown() => {}
    }
}

/// What a test makes somebody write.
#[derive(Deserialize)]
struct Say {
    chat: i64,
    text: String,
    #[serde(default)]
    language: String,
}

/// What a test makes somebody do.
#[derive(Deserialize)]
struct Which {
    chat: i64,
}

async fn route(simulator: Arc<Simulator>, switch: ResetSwitch, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await.map(http_body_util::Collected::to_bytes) else {
        return empty(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let query = |name: &str| parameter(head.uri.query().unwrap_or_default(), name);
    let path = head.uri.path();
    if let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) {
        return call(&simulator, switch, token, method, &body).await;
    }
    match (&head.method, path) {
        (&Method::POST, "/say") => match serde_json::from_slice::<Say>(&body) {
            Ok(Say { chat, text, language }) => {
                simulator.say(chat, &text, &language);
                empty(StatusCode::NO_CONTENT)
            }
            Err(_) => empty(StatusCode::BAD_REQUEST),
        },
        (&Method::POST, "/block") => match serde_json::from_slice::<Which>(&body) {
            Ok(Which { chat }) => {
                simulator.block(chat);
                empty(StatusCode::NO_CONTENT)
            }
            Err(_) => empty(StatusCode::BAD_REQUEST),
        },
        (&Method::POST, "/control") => match simulator.control(&body) {
            Ok(now) => json_answer(StatusCode::OK, &now),
            Err(mistake) => json_answer(StatusCode::BAD_REQUEST, &json!({ "error": mistake })),
        },
        (&Method::GET, "/messages") => json_answer(StatusCode::OK, &json!(simulator.sent(query("chat").and_then(|chat| chat.parse().ok())))),
        (&Method::GET, path) => page(&simulator, path.trim_start_matches('/'), query("start")),
        _ => empty(StatusCode::NOT_FOUND),
    }
}

/// A method of the Bot API.
async fn call(simulator: &Simulator, switch: ResetSwitch, token: &str, method: &str, body: &[u8]) -> Answer {
    if !simulator.knows(token) {
        return json_answer(StatusCode::UNAUTHORIZED, &json!({ "ok": false, "error_code": 401, "description": "Unauthorized" }));
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let number = |name: &str| body.get(name).and_then(Value::as_i64).unwrap_or(0);
    let ending = match method {
        "getMe" => simulator.me(),
        "sendMessage" => simulator.send(&body),
        "getUpdates" => {
            let hold = u64::try_from(number("timeout")).unwrap_or(0).min(LONGEST_HOLD);
            simulator.updates(number("offset"), Duration::from_secs(hold)).await
        }
        _ => Ending::Answer(404, json!({ "ok": false, "error_code": 404, "description": "Not Found" })),
    };
    match ending {
        Ending::Answer(status, body) => json_answer(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &body),
        Ending::Stall => pending().await,
        Ending::Reset => {
            switch.throw();
            pending().await
        }
    }
}

/// `/{bot}?start=CODE` is what a person sees who follows a link to the bot and presses "Start": a chat of their own, which is then at `/chat-{n}`.
fn page(simulator: &Simulator, path: &str, start: Option<String>) -> Answer {
    if path == simulator.bot() {
        let chat = 1_000_000 + i64::try_from(crate::fcm::simulator::now_ms() % 1_000_000_000).unwrap_or(0);
        let text = start.map_or_else(|| "/start".to_owned(), |code| format!("/start {code}"));
        simulator.say(chat, &text, "kk");
        let mut answer = empty(StatusCode::SEE_OTHER);
        if let Ok(there) = HeaderValue::from_str(&format!("/chat-{chat}")) {
            answer.headers_mut().insert(LOCATION, there);
        }
        return answer;
    }
    let Some(chat) = path.strip_prefix("chat-").and_then(|chat| chat.parse::<i64>().ok()) else { return empty(StatusCode::NOT_FOUND) };
    let mut html = "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\"><title>Telegram (simulator)</title><h1>Telegram (simulator)</h1><ul>".to_owned();
    for line in simulator.lines(chat) {
        let who = if line.of_bot { "bot" } else { "you" };
        // Writing into a String does not fail.
        write!(html, "<li class=\"{who}\"><b>{who}:</b> {}</li>", escaped(&line.text)).unwrap_or_default();
    }
    html.push_str("</ul>");
    let mut answer = Response::new(Full::new(Bytes::from(html)));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    answer
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}

/// A parameter of a query; codes need no decoding.
fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn json_answer(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
