//! One device on the board.

use askama::{Template, filters::HtmlSafe};
use fleet::{
    Condition, Status,
    health::{LONG_QUEUE, SLOW_MS, WRONG_CLOCK_MS},
};
use jiff::Timestamp;
use web::{
    Texts,
    component::{Moment, StatusDot, Tone},
};

/// A row of the board.
#[derive(Template)]
#[template(path = "board_row.html")]
pub struct Row {
    /// `dev-…`, on the page and in fragments alike.
    pub id: String,
    class: &'static str,
    href: String,
    name: String,
    detail: String,
    school: String,
    dot: StatusDot,
    event: Option<Moment>,
    queue: Figure,
    latency: Figure,
    offset: Figure,
    labels: Labels,
    placing: Placing,
}
impl HtmlSafe for Row {}

/// Where a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placing {
    /// It stands in the page.
    InPage,
    /// It takes the place of the row with its id.
    OutOfBand,
}

/// A figure, and whether it is the trouble.
struct Figure {
    text: String,
    class: &'static str,
}

/// The headings, which each cell says on a narrow screen.
pub struct Labels {
    pub device: String,
    pub school: String,
    pub state: String,
    pub event: String,
    pub queue: String,
    pub latency: String,
    pub offset: String,
}

impl Labels {
    /// In the reader's language.
    pub fn new(t: &Texts<'_>) -> Self {
        let text = |key: &str| t.text(format!("board-{key}"));
        Self {
            device: text("device"),
            school: text("school"),
            state: text("state"),
            event: text("last-event"),
            queue: text("queue"),
            latency: text("latency"),
            offset: text("offset"),
        }
    }
}

impl Row {
    /// A device as known at this moment.
    pub fn new(t: &Texts<'_>, now: Timestamp, status: &Status) -> Self {
        let condition = status.condition(now);
        let figure = |value: Option<i64>, limit: i64, key: &str, unit: i64| match value {
            None => Figure { text: "—".to_owned(), class: "" },
            Some(value) => Figure {
                text: if key.is_empty() { t.number(value / unit) } else { t.with(key, [("count", value / unit)]) },
                class: if value.saturating_abs() > limit { "sh-tag sh-warn" } else { "" },
            },
        };
        Self {
            id: format!("dev-{}", status.id),
            class: match condition {
                Condition::Silent => "sh-row-bad",
                Condition::NeverSeen | Condition::Troubled => "sh-row-warn",
                Condition::Well | Condition::Retired => "",
            },
            href: format!("/support/devices/{}", status.id),
            name: status.name.clone(),
            detail: [status.place.as_str(), status.code.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            school: school_name(t, status).to_owned(),
            dot: dot(t, condition, status),
            event: status.last_event_at.map(|at| Moment::ago(t, at)),
            queue: figure(status.queue, LONG_QUEUE, "", 1),
            latency: figure(status.latency_ms, SLOW_MS, "board-milliseconds", 1),
            offset: figure(status.clock_offset_ms, WRONG_CLOCK_MS, "board-seconds", 1_000),
            labels: Labels::new(t),
            placing: Placing::InPage,
        }
    }

    fn is_out_of_band(&self) -> bool {
        self.placing == Placing::OutOfBand
    }

    /// The same for a live fragment.
    pub fn out_of_band(mut self) -> Self {
        self.placing = Placing::OutOfBand;
        self
    }
}

/// The school's name in the reader's language.
pub fn school_name<'a>(t: &Texts<'_>, status: &'a Status) -> &'a str {
    match t.locale() {
        kernel::Locale::Kk => &status.school_name_kk,
        kernel::Locale::Ru => &status.school_name_ru,
        kernel::Locale::En => &status.school_name_en,
    }
}

fn dot(t: &Texts<'_>, condition: Condition, status: &Status) -> StatusDot {
    let tone = match condition {
        Condition::Silent => Tone::Bad,
        Condition::Troubled => Tone::Warn,
        Condition::Well => Tone::Ok,
        Condition::NeverSeen | Condition::Retired => Tone::Unknown,
    };
    let text = match (condition, status.silent_since()) {
        (Condition::Silent, Some(since)) => t.with("board-silent-since", [("moment", t.moment(since))]),
        _ => t.text(format!("fleet-condition-{}", condition.as_str())),
    };
    StatusDot { tone, text }
}
