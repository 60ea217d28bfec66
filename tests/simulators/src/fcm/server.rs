//! Connections and routes: HTTP/2 in clear text with prior knowledge and HTTP/1.1
//! on one port, like the two a client may negotiate with the real service.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::AUTHORIZATION;
use hyper::service::service_fn;
use hyper::{Method, Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};

use super::answer::{self, Answer};
use super::connection::{ResetSwitch, ResettableStream};
use super::message::Violation;
use super::simulator::{Arrival, Simulator};
use super::verdict::Verdict;

/// The longest body read; a message may have 4 KiB of payload and some wrapping.
const BODY_LIMIT: usize = 64 * 1024;

/// Streams that a client may have reset before we saw them, until we think of an
/// attack. High: a client that gives up on thousands at once is a test here.
const PENDING_RESETS: usize = 100_000;

/// The pause after a failed accept, so that want of descriptors does not cost a core.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Accepts connections for ever; `max_streams` is what each HTTP/2 connection allows at once.
pub async fn serve(
    listener: TcpListener,
    simulator: Arc<Simulator>,
    max_streams: u32,
) -> Infallible {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http2()
        .max_concurrent_streams(max_streams)
        .max_pending_accept_reset_streams(PENDING_RESETS);
    let mut conn = 0;
    loop {
        // An accept fails for the peer's reasons (it hung up already) or for want of
        // descriptors; the next one may be good once others have closed theirs.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        conn += 1;
        tokio::spawn(attend(
            stream,
            conn,
            builder.clone(),
            Arc::clone(&simulator),
        ));
    }
}

/// Serves one connection until it ends or a fault resets it.
async fn attend(
    stream: TcpStream,
    conn: u64,
    builder: Builder<TokioExecutor>,
    simulator: Arc<Simulator>,
) {
    // Without it answers of a few bytes would wait for one another; failing that they are only slower.
    stream.set_nodelay(true).unwrap_or_default();
    let _open = Gauge::up(Arc::clone(&simulator), Simulator::connections);
    let switch = ResetSwitch::default();
    let io = TokioIo::new(ResettableStream::new(stream, switch.clone()));
    let service = service_fn(|request| {
        let (simulator, switch) = (Arc::clone(&simulator), switch.clone());
        async move { Ok::<_, Infallible>(route(simulator, switch, conn, request).await) }
    });
    let mut connection = pin!(builder.serve_connection(io, service));
    // The connection first: answers already given leave before a reset.
    tokio::select! {
        biased;
        // An error is the client's hanging up: the sends that it cuts are noted by their debts.
        _ended = &mut connection => {}
        () = switch.thrown() => {}
    }
}

async fn route(
    simulator: Arc<Simulator>,
    switch: ResetSwitch,
    conn: u64,
    request: Request<Incoming>,
) -> Answer {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let project = path
        .strip_prefix("/v1/projects/")
        .and_then(|rest| rest.strip_suffix("/messages:send"));
    match (&head.method, path, project) {
        (&Method::POST, _, Some(project)) => {
            let body = read(body).await;
            let bearer = head
                .headers
                .get(AUTHORIZATION)
                .and_then(|value| value.to_str().ok());
            let arrival = Arrival {
                conn,
                http: if head.version == Version::HTTP_2 {
                    "2"
                } else {
                    "1.1"
                },
                project,
                bearer: bearer.and_then(|value| value.strip_prefix("Bearer ")),
                body: body.as_deref().map_err(Violation::clone),
            };
            send(simulator, switch, &arrival).await
        }
        (&Method::POST, "/token", None) => match read(body).await {
            Ok(form) => match simulator.exchange(&form) {
                Ok((token, lifetime_s)) => answer::token(&token, lifetime_s),
                Err(error) => answer::no_token(error),
            },
            Err(violation) => answer::malformed(&violation),
        },
        (&Method::POST, "/control", None) => {
            match read(body).await.and_then(|body| simulator.control(&body)) {
                Ok(now) => answer::ok(&now),
                Err(violation) => answer::malformed(&violation),
            }
        }
        (&Method::GET, "/stats", None) => answer::ok(&simulator.stats()),
        _ => answer::no_such_address(),
    }
}

/// Gives a send what it was ruled to get, when it was ruled to get it.
async fn send(simulator: Arc<Simulator>, switch: ResetSwitch, arrival: &Arrival<'_>) -> Answer {
    let ruling = simulator.judge(arrival);
    let _in_flight = Gauge::up(Arc::clone(&simulator), Simulator::in_flight);
    let mut debt = Debt {
        simulator,
        owed: ruling.verdict.status().map(|_| ruling.n),
    };
    if !ruling.latency.is_zero() {
        tokio::time::sleep(ruling.latency).await;
    }
    if ruling.verdict == Verdict::Reset {
        switch.throw();
    }
    match answer::to_send(&ruling.verdict, &ruling.name) {
        Some(answer) => {
            debt.owed = None;
            answer
        }
        None => pending().await,
    }
}

async fn read(body: Incoming) -> Result<Bytes, Violation> {
    match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(cause) => Err(Violation {
            field: "",
            description: format!("The body cannot be read: {cause}."),
        }),
    }
}

/// An answer owed. Dropped unpaid, when the client gives up or the connection
/// breaks, it is noted: a checker may then see the same notice again.
struct Debt {
    simulator: Arc<Simulator>,
    owed: Option<u64>,
}

impl Drop for Debt {
    fn drop(&mut self) {
        if let Some(n) = self.owed {
            self.simulator.note_unanswered(n);
        }
    }
}

/// Counts itself while it lives.
struct Gauge {
    simulator: Arc<Simulator>,
    gauge: fn(&Simulator) -> &AtomicU64,
}

impl Gauge {
    fn up(simulator: Arc<Simulator>, gauge: fn(&Simulator) -> &AtomicU64) -> Self {
        gauge(&simulator).fetch_add(1, Ordering::Relaxed);
        Self { simulator, gauge }
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        (self.gauge)(&self.simulator).fetch_sub(1, Ordering::Relaxed);
    }
}
