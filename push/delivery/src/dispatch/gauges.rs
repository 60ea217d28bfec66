//! What the dispatcher tells: each event is a metric, and a log line where somebody should read it.

use jiff::Timestamp;
use kernel::Error;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use notice::Lane;

use crate::{Push, channels::Verdict};

/// Says what the metrics mean.
pub fn describe() {
    describe_counter!("push_attempts_total", "Attempts to push, by how they ended");
    describe_counter!("push_left_to_rows_total", "Pushes dropped from memory, to be taken from their rows later");
    describe_counter!("push_gathered_total", "Pushes that waited and went out as one with another");
    describe_counter!("push_taken_total", "Pushes taken from rows: retries, and those of an instance that died");
    describe_counter!("push_task_restarts_total", "Tasks of the dispatcher that panicked and were started again");
    describe_counter!("push_replayed_total", "Dead letters that support dealt with: sent again, or given up as too old");
    describe_gauge!("push_in_flight", "Attempts under way");
    describe_gauge!("push_queue", "Pushes waiting in memory, by lane");
    describe_gauge!("deliveries_oldest_open_seconds", Unit::Seconds, "Age of the oldest delivery that is not over");
    describe_histogram!("push_latency_seconds", Unit::Seconds, "Until the provider took it, since it happened and since it was committed");
}

/// An attempt is over.
pub fn attempted(push: &Push, verdict: &Verdict, now: Timestamp) {
    counter!("push_attempts_total", "outcome" => verdict.word()).increment(1);
    match verdict {
        Verdict::Accepted => {
            histogram!("push_latency_seconds", "since" => "occurred").record(now.duration_since(push.occurred_at).as_secs_f64());
            histogram!("push_latency_seconds", "since" => "committed").record(now.duration_since(push.created_at).as_secs_f64());
            tracing::debug!(notice = %push.notice, token = %push.token, "push taken by the provider");
        }
        Verdict::Unregistered(detail) => tracing::info!(notice = %push.notice, token = %push.token, %detail, "the app is gone from a phone"),
        Verdict::Refused(detail) => tracing::warn!(notice = %push.notice, token = %push.token, %detail, "push refused for good"),
        Verdict::Later { after: _, detail } => tracing::debug!(notice = %push.notice, token = %push.token, attempts = push.attempts, %detail, "push failed for now"),
        Verdict::Paused { after, detail } => tracing::warn!(?after, %detail, "the push provider asks to wait"),
    }
}

/// An attempt is under way for as long as this lives.
pub fn under_way() -> UnderWay {
    gauge!("push_in_flight").increment(1.0);
    UnderWay(())
}

/// See [`under_way`].
pub struct UnderWay(());

impl Drop for UnderWay {
    fn drop(&mut self) {
        gauge!("push_in_flight").decrement(1.0);
    }
}

/// So many pushes wait in a lane now.
pub fn waiting(lane: Lane, pushes: usize) {
    let name = match lane {
        Lane::Urgent => "urgent",
        Lane::Normal => "normal",
        Lane::Bulk => "bulk",
    };
    gauge!("push_queue", "lane" => name).set(u32::try_from(pushes).map_or(f64::MAX, f64::from));
}

/// So many pushes were dropped from memory.
pub fn left_to_rows(pushes: usize) {
    if pushes > 0 {
        counter!("push_left_to_rows_total").increment(u64::try_from(pushes).unwrap_or(u64::MAX));
    }
}

/// So many rows were taken.
pub fn taken(rows: usize) {
    counter!("push_taken_total").increment(u64::try_from(rows).unwrap_or(u64::MAX));
}

/// So many went into the banner of another.
pub fn gathered(rows: u64) {
    counter!("push_gathered_total").increment(rows);
}

/// Support dealt with dead letters.
pub fn replayed(again: i64, old: i64) {
    for (what, letters) in [("again", again), ("given_up", old)] {
        counter!("push_replayed_total", "what" => what).increment(u64::try_from(letters).unwrap_or(0));
    }
}

/// The age of the oldest open delivery, or none open.
pub fn oldest_open(oldest: Option<Timestamp>, now: Timestamp) {
    gauge!("deliveries_oldest_open_seconds").set(oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64()));
}

/// The database said no; it will be asked again.
pub fn database_trouble(error: &Error) {
    counter!("push_database_errors_total").increment(1);
    tracing::error!(%error, "delivery cannot reach its rows; will try again");
}

/// A task panicked and is started again.
pub fn restarted(task: &'static str) {
    counter!("push_task_restarts_total", "task" => task).increment(1);
    tracing::error!(task, "a task of the dispatcher panicked and is started again");
}
