//! Reading: the row of a page that shows personal data is durable before the page is answered.
//!
//! Requests hand their rows to a group writer, one a [`Site`]: while one insert is under way the next rows gather, and go together.
//! So a page waits for one insert at most twice, and a busy hour costs few transactions. The queue is bounded, and who finds it full,
//! or whose insert fails, shows nothing.
//!
//! A page that keeps itself fresh asks for its own parts again every few seconds, or opens a live socket whenever it is loaded. Such a
//! fragment or socket that shows the same as ten minutes ago or less to the same person is one look; opening a page always is another.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use actix_web::{HttpRequest, http::header::UPGRADE};
use jiff::SignedDuration;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Entry, Whose},
    db::{Db, Scope},
    id::{PersonId, SchoolId},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use web::Site;

use crate::sessions::Child;

/// Rows that may wait for their insert.
const MOST_WAITING: usize = 2_000;
/// Rows of one insert.
const AT_ONCE: usize = 500;
/// How long a fragment shown again is the same look.
const ONE_LOOK: SignedDuration = SignedDuration::from_mins(10);
/// How many looks are remembered; forgetting them costs a few rows more.
const MOST_LOOKS: usize = 10_000;

/// What a page is about to show.
#[derive(Debug, Clone)]
pub struct Sight {
    /// The school whose data it is.
    pub school: SchoolId,
    /// `room.verb`, never renamed; in words it is the message `trail-action-room-verb`.
    pub action: &'static str,
    /// Whose data.
    pub whose: Whose,
    /// The filter, in ids and days. Never what was typed: people type names.
    pub detail: Value,
}

impl Sight {
    /// Data of these persons, without a filter.
    pub fn of(school: SchoolId, action: &'static str, whose: Whose) -> Self {
        Self { school, action, whose, detail: json!({}) }
    }

    /// What a guardian sees of their own children, school by school.
    pub fn of_children(action: &'static str, children: &[Child]) -> Vec<Self> {
        let schools: BTreeSet<SchoolId> = children.iter().map(|child| child.school).collect();
        let own = |school| Whose::persons(children.iter().filter(|child| child.school == school).map(|child| child.person));
        schools.into_iter().map(|school| Self::of(school, action, own(school))).collect()
    }

    /// With the filter that was set.
    #[must_use]
    pub fn filtered(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

/// Writes down what a page is about to show. To be awaited before the page is answered; its failure is the page's.
///
/// # Errors
/// [`Error::Busy`] when the rows could not be made durable.
pub async fn read(req: &HttpRequest, ctx: &Ctx, sights: impl IntoIterator<Item = Sight>) -> Result<()> {
    let site = Site::of(req)?;
    let deed = |sight: Sight| (Deed { school: sight.school, action: sight.action, subject_kind: "page", subject: None, detail: sight.detail }, sight.whose);
    let entries: Vec<Entry> = sights.into_iter().map(deed).map(|(deed, whose)| Entry::of(ctx, deed, whose)).collect();
    let refreshes = web::page::is_fragment(req) || req.headers().contains_key(UPGRADE);
    let look = if refreshes { Look::Refreshed } else { Look::Opened };
    site.memory.of::<Writer>().write(&site.db, ctx.person().ok(), look, entries).await
}

/// How a page came to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Opened,
    Refreshed,
}

/// Who looked at what of which school.
type LookKey = (Option<PersonId>, SchoolId, &'static str);

#[derive(Default)]
struct Writer {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<(Vec<Entry>, oneshot::Sender<Durable>)>,
    rows: usize,
    at_work: bool,
    looks: HashMap<LookKey, Entry>,
}

/// What a request waits for.
struct Durable;

impl Writer {
    async fn write(self: Arc<Self>, db: &Db, person: Option<PersonId>, look: Look, entries: Vec<Entry>) -> Result<()> {
        let new: Vec<Entry> = if look == Look::Refreshed { self.unseen(person, entries) } else { entries };
        if new.is_empty() {
            return Ok(());
        }
        let told = self.line_up(db, new.clone())?;
        if told.await.is_err() {
            metrics::counter!("trail_reads_refused_total").increment(1);
            return Err(Error::Busy);
        }
        metrics::counter!("trail_reads_total").increment(1);
        self.remember(person, new);
        Ok(())
    }

    fn unseen(&self, person: Option<PersonId>, entries: Vec<Entry>) -> Vec<Entry> {
        let state = self.lock();
        let seen = |entry: &Entry| {
            let before = state.looks.get(&(person, entry.school(), entry.action()));
            before.is_some_and(|before| entry.says_the_same(before) && entry.at().duration_since(before.at()) < ONE_LOOK)
        };
        entries.into_iter().filter(|entry| !seen(entry)).collect()
    }

    fn remember(&self, person: Option<PersonId>, entries: Vec<Entry>) {
        let mut state = self.lock();
        if state.looks.len() >= MOST_LOOKS {
            state.looks.clear();
        }
        state.looks.extend(entries.into_iter().map(|entry| ((person, entry.school(), entry.action()), entry)));
    }

    /// Puts rows into the queue, and somebody to work if nobody is.
    fn line_up(self: &Arc<Self>, db: &Db, entries: Vec<Entry>) -> Result<oneshot::Receiver<Durable>> {
        let (tell, told) = oneshot::channel();
        let mut state = self.lock();
        if state.rows + entries.len() > MOST_WAITING {
            metrics::counter!("trail_reads_refused_total").increment(1);
            return Err(Error::Busy);
        }
        state.rows += entries.len();
        state.waiting.push((entries, tell));
        let somebody_works = std::mem::replace(&mut state.at_work, true);
        drop(state);
        if !somebody_works {
            // A task of its own: the request that started it may be given up at any moment, those behind it may not.
            actix_web::rt::spawn(work(Shift { writer: Arc::clone(self), over: Over::Interrupted }, db.clone()));
        }
        Ok(told)
    }

    /// The next rows, or the end of the shift when there are none.
    fn take(&self) -> Option<Vec<(Vec<Entry>, oneshot::Sender<Durable>)>> {
        let mut state = self.lock();
        if state.waiting.is_empty() {
            state.at_work = false;
            return None;
        }
        let mut rows = 0;
        let fits = state.waiting.iter().take_while(|(entries, _)| {
            rows += entries.len();
            rows <= AT_ONCE
        });
        let many = fits.count().max(1);
        let taken: Vec<_> = state.waiting.drain(..many).collect();
        state.rows -= taken.iter().map(|(entries, _)| entries.len()).sum::<usize>();
        Some(taken)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody at work. When the runtime ends in the middle, those who wait are refused and the next request begins anew.
struct Shift {
    writer: Arc<Writer>,
    over: Over,
}

/// How a shift ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// By the queue's own lock, with nothing left to do; another may have begun already and is not to be disturbed.
    Done,
    /// In the middle.
    Interrupted,
}

impl Drop for Shift {
    fn drop(&mut self) {
        if self.over == Over::Interrupted {
            let mut state = self.writer.lock();
            state.at_work = false;
            state.rows = 0;
            state.waiting.clear();
        }
    }
}

async fn work(mut shift: Shift, db: Db) {
    while let Some(taken) = shift.writer.take() {
        let (rows, tell): (Vec<Vec<Entry>>, Vec<oneshot::Sender<Durable>>) = taken.into_iter().unzip();
        match insert(&db, &rows.concat()).await {
            // Who gave up waiting needs no answer.
            Ok(()) => tell.into_iter().for_each(|tell| {
                tell.send(Durable).ok();
            }),
            Err(error) => tracing::error!(%error, "what pages are about to show could not be written down; they are refused"),
        }
    }
    shift.over = Over::Done;
}

async fn insert(db: &Db, entries: &[Entry]) -> Result<()> {
    let scope = Scope::schools(entries.iter().map(Entry::school).collect::<BTreeSet<_>>());
    db.run(&scope, async |tx| audit::write(tx, entries).await).await
}
