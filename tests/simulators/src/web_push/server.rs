//! Connections and routes of the push service: HTTP/2 in clear text with prior knowledge and HTTP/1.1 on one port.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::simulator::{Arrival, Ending, Simulator, Wish};
use crate::fcm::connection::{ResetSwitch, ResettableStream};

type Answer = Response<Full<Bytes>>;

/// The longest body read.
const BODY_LIMIT: usize = 64 * 1024;
/// The pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

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

async fn route(simulator: Arc<Simulator>, switch: ResetSwitch, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await.map(http_body_util::Collected::to_bytes) else {
        return empty(StatusCode::PAYLOAD_TOO_LARGE);
    };
    match (&head.method, head.uri.path()) {
        (&Method::POST, "/subscribe") => match serde_json::from_slice::<Wish>(&body).ok().and_then(|wish| simulator.subscribe(wish).ok()) {
            Some(told) => json_answer(StatusCode::CREATED, &told),
            None => empty(StatusCode::BAD_REQUEST),
        },
        (&Method::POST, "/control") => match simulator.control(&body) {
            Ok(now) => json_answer(StatusCode::OK, &now),
            Err(mistake) => json_answer(StatusCode::BAD_REQUEST, &json!({ "error": mistake })),
        },
        (&Method::GET, "/messages") => {
            let of = head.uri.query().and_then(|query| query.strip_prefix("of="));
            json_answer(StatusCode::OK, &json!(simulator.messages(of)))
        }
        (&Method::GET, "/stats") => json_answer(StatusCode::OK, &simulator.stats()),
        (&Method::POST, path) => match path.strip_prefix("/push/") {
            Some(name) => send(simulator, switch, &arrival(name, &head.headers, &body)).await,
            None => empty(StatusCode::NOT_FOUND),
        },
        _ => empty(StatusCode::NOT_FOUND),
    }
}

fn arrival<'a>(name: &'a str, headers: &'a HeaderMap, body: &'a [u8]) -> Arrival<'a> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Arrival {
        name,
        authorization: header("authorization"),
        ttl: header("ttl"),
        urgency: header("urgency"),
        topic: header("topic"),
        encoding: header("content-encoding"),
        body,
    }
}

/// Gives a send what it was ruled to get, when it was ruled to get it.
async fn send(simulator: Arc<Simulator>, switch: ResetSwitch, arrival: &Arrival<'_>) -> Answer {
    let ruling = simulator.judge(arrival);
    let _under_way = UnderWay::of(&simulator);
    if !ruling.latency.is_zero() {
        tokio::time::sleep(ruling.latency).await;
    }
    match ruling.ending {
        Ending::Answer(status, wait) => {
            let mut answer = empty(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            if let Some(wait) = wait {
                answer.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
            }
            answer
        }
        Ending::Stall => pending().await,
        Ending::Reset => {
            switch.throw();
            pending().await
        }
    }
}

/// Counts itself while it lives.
struct UnderWay(Arc<Simulator>);

impl UnderWay {
    fn of(simulator: &Arc<Simulator>) -> Self {
        simulator.in_flight().fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(simulator))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.in_flight().fetch_sub(1, Ordering::Relaxed);
    }
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn json_answer(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    answer
}
