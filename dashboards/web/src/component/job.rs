//! A job as its page shows it: how far it is, and in the end what came of it and what to do next.

use askama::{Template, filters::HtmlSafe};
use kernel::job::Standing;

use crate::i18n::Texts;

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    /// In the queue: nothing is done yet.
    Waiting,
    /// Under way.
    Working,
    /// Failed for now; it is tried again.
    Retried,
    /// Over and well.
    Done,
    /// Over; it will not be tried again.
    Failed,
}

/// The progress of a job. While the job is open, the part asks for itself again every two seconds; without script a link does.
#[derive(Template)]
#[template(path = "component/job.html")]
pub struct JobProgress<'a> {
    t: Texts<'a>,
    id: String,
    address: String,
    title: String,
    phase: Phase,
    done: i64,
    total: Option<i64>,
    result: Option<(String, String)>,
    failure: String,
    again: Option<(String, String)>,
}
impl HtmlSafe for JobProgress<'_> {}

impl<'a> JobProgress<'a> {
    /// The progress of a job, shown on the page at `address`.
    pub fn of(t: Texts<'a>, standing: &Standing, address: impl Into<String>, title: String) -> Self {
        let phase = match standing.outcome.as_deref() {
            Some("done") => Phase::Done,
            Some(_) => Phase::Failed,
            None if standing.error.is_some() => Phase::Retried,
            None if standing.done > 0 || standing.total.is_some() => Phase::Working,
            None => Phase::Waiting,
        };
        Self { failure: t.text("job-failed-body"), t, id: format!("job-{}", standing.id), address: address.into(), title, phase, done: standing.done, total: standing.total, result: None, again: None }
    }

    /// Where its result is, and in which words.
    #[must_use]
    pub fn result(self, href: String, text: String) -> Self {
        Self { result: Some((href, text)), ..self }
    }

    /// Why it failed, in words, and what to do about it.
    #[must_use]
    pub fn failure(self, failure: String) -> Self {
        Self { failure, ..self }
    }

    /// Where it is begun anew, and in which words.
    #[must_use]
    pub fn again(self, href: String, text: String) -> Self {
        Self { again: Some((href, text)), ..self }
    }

    fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Waiting | Phase::Working | Phase::Retried)
    }

    /// In words.
    fn said(&self) -> String {
        match (&self.phase, self.total) {
            (Phase::Waiting, _) => self.t.text("job-waiting"),
            (Phase::Retried, _) => self.t.text("job-retried"),
            (Phase::Working, Some(total)) => self.t.with("job-done-of", (("done", self.t.number(self.done)), ("total", self.t.number(total)))),
            (Phase::Working, None) => self.t.with("job-done-so-far", [("done", self.t.number(self.done))]),
            (Phase::Done, _) => self.t.text("job-done"),
            (Phase::Failed, _) => self.t.text("job-failed"),
        }
    }
}
