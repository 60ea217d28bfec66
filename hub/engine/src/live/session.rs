//! The session actor: one open page. The only file that knows actix-web-actors.
//!
//! Frames are JSON: `{"rev": n, "html": "…"}` with out-of-band fragments, or `{"rev": n, "snapshot": true}`. The socket's own buffer
//! is not bounded by the library, so we bound it: every frame is counted, every [`CONFIRM_EVERY`]th is followed by a ping that
//! names it, and a reader more than [`MOST_UNCONFIRMED`] frames behind gets nothing until it answers, and then a snapshot.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use actix::prelude::*;
use actix_web::{HttpRequest, HttpResponse, web::Payload};
use actix_web_actors::ws;
use delivery::IssuedNotice;
use kernel::Locale;
use safety::Recorded;

use super::{
    Views,
    switchboard::{Audience, Line, News, Owner, Signals, Switchboard},
};
use crate::sabotage::panic_point;

const BREATH: Duration = Duration::from_secs(1);
const HEARTBEAT: Duration = Duration::from_secs(20);
const DEAD_AFTER: Duration = Duration::from_secs(65);
const CONFIRM_EVERY: u64 = 8;
const MOST_UNCONFIRMED: u64 = 64;
const MAILBOX: usize = 64;
/// Says to the browser that it must ask anew whether it may look.
pub const GONE: u16 = 4401;
/// Browsers send us nothing but pongs.
const LARGEST_FRAME_BYTES: usize = 4_096;

/// Opens the socket of a page whose viewer has been let in.
pub fn open(req: &HttpRequest, stream: Payload, switchboard: Switchboard, views: Arc<Views>, (owner, audience): (Owner, Audience), locale: Locale) -> actix_web::Result<HttpResponse> {
    let session = Session {
        switchboard,
        views,
        owner,
        audience,
        locale,
        line: None,
        signals: Arc::default(),
        rev: 0,
        confirmed: 0,
        heard: Instant::now(),
        pinged: Instant::now(),
    };
    ws::WsResponseBuilder::new(session, req, stream).frame_size(LARGEST_FRAME_BYTES).start()
}

/// See the module.
pub struct Session {
    switchboard: Switchboard,
    views: Arc<Views>,
    owner: Owner,
    audience: Audience,
    locale: Locale,
    line: Option<Line>,
    signals: Arc<Signals>,
    rev: u64,
    confirmed: u64,
    heard: Instant,
    pinged: Instant,
}

type Socket = ws::WebsocketContext<Session>;

impl Session {
    fn render(&self, news: &News) -> String {
        match (news, &self.audience) {
            (News::Recorded(recorded, _), Audience::Guardian { children, .. }) => {
                let own: Vec<Recorded> = recorded.iter().filter(|one| children.contains(&one.person)).cloned().collect();
                (self.views.guardian)(self.locale, &own)
            }
            (News::Noticed(notices), Audience::Guardian { guardian, .. }) => {
                let own: Vec<IssuedNotice> = notices.iter().filter(|notice| notice.recipient == *guardian).cloned().collect();
                (self.views.notice)(self.locale, &own)
            }
            (News::Recorded(recorded, inside), Audience::School(_)) => (self.views.school)(self.locale, recorded, *inside),
            (News::Statuses(statuses), Audience::Support) => (self.views.support)(self.locale, statuses),
            _ => String::new(),
        }
    }

    fn show(&mut self, html: &str, socket: &mut Socket) {
        if html.is_empty() {
            return;
        }
        if self.is_behind() {
            self.signals.missed.store(true, Ordering::Relaxed);
            return;
        }
        self.frame(&serde_json::json!({ "rev": self.rev + 1, "html": html }), socket);
    }

    fn snapshot(&mut self, socket: &mut Socket) {
        self.signals.missed.store(false, Ordering::Relaxed);
        self.frame(&serde_json::json!({ "rev": self.rev + 1, "snapshot": true }), socket);
    }

    fn frame(&mut self, frame: &serde_json::Value, socket: &mut Socket) {
        self.rev += 1;
        socket.text(frame.to_string());
        if self.rev.is_multiple_of(CONFIRM_EVERY) {
            self.ping(socket);
        }
    }

    fn ping(&mut self, socket: &mut Socket) {
        self.pinged = Instant::now();
        socket.ping(&self.rev.to_be_bytes());
    }

    fn is_behind(&self) -> bool {
        self.rev - self.confirmed > MOST_UNCONFIRMED
    }

    /// Nothing more is shown from here on.
    fn end(socket: &mut Socket) {
        socket.close(Some(ws::CloseReason { code: ws::CloseCode::Other(GONE), description: None }));
        socket.stop();
    }

    fn breathe(&mut self, socket: &mut Socket) {
        if self.signals.ended.load(Ordering::Relaxed) {
            return Self::end(socket);
        }
        if self.heard.elapsed() > DEAD_AFTER {
            return socket.stop();
        }
        if self.signals.missed.load(Ordering::Relaxed) && !self.is_behind() {
            self.snapshot(socket);
        }
        if self.pinged.elapsed() > HEARTBEAT {
            self.ping(socket);
        }
    }
}

impl Actor for Session {
    type Context = Socket;

    fn started(&mut self, socket: &mut Socket) {
        socket.set_mailbox_capacity(MAILBOX);
        self.line = Some(self.switchboard.plug(&self.audience, self.owner.clone(), socket.address(), Arc::clone(&self.signals)));
        // Between the page's own load and this moment something may have happened.
        self.snapshot(socket);
        socket.run_interval(BREATH, Self::breathe);
    }

    fn stopped(&mut self, _: &mut Socket) {
        if let Some(line) = self.line.take() {
            self.switchboard.unplug(line);
        }
    }
}

impl Handler<News> for Session {
    type Result = ();

    /// A panic while rendering costs this page one frame, and it fetches a snapshot; the session goes on.
    fn handle(&mut self, news: News, socket: &mut Socket) {
        if matches!(news, News::Ended) || self.signals.ended.load(Ordering::Relaxed) {
            return Self::end(socket);
        }
        let rendered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            panic_point("session");
            self.render(&news)
        }));
        match rendered {
            Ok(html) => self.show(&html, socket),
            Err(_) => {
                metrics::counter!("actor_restarts_total", "kind" => "session").increment(1);
                self.signals.missed.store(true, Ordering::Relaxed);
            }
        }
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Session {
    fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, socket: &mut Socket) {
        self.heard = Instant::now();
        match message {
            Ok(ws::Message::Pong(payload)) => {
                if let Ok(rev) = <[u8; 8]>::try_from(payload.as_ref()) {
                    self.confirmed = self.confirmed.max(u64::from_be_bytes(rev).min(self.rev));
                }
            }
            Ok(ws::Message::Ping(payload)) => socket.pong(&payload),
            Ok(ws::Message::Text(_) | ws::Message::Binary(_) | ws::Message::Nop) => {}
            Ok(ws::Message::Close(_) | ws::Message::Continuation(_)) | Err(_) => socket.stop(),
        }
    }
}
