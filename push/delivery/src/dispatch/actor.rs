//! The actor: the dispatcher's door and the owner of its tasks. It lives on an arbiter, that is a thread, of its own.

use std::{panic::AssertUnwindSafe, rc::Rc, sync::Arc, time::Duration};

use actix::{Actor, Addr, Context, Handler, Message, ResponseFuture};
use actix_rt::{ArbiterHandle, task::JoinHandle};
use futures_util::FutureExt;
use kernel::{clock::Clock, db::Db};

use super::{Settings, gauges, sender::Sender};
use crate::{Push, channels::Channel};

/// A task that panicked is started again after this long.
const BEFORE_RESTART: Duration = Duration::from_millis(200);
/// How often the length of the queue is told.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Pushes of a committed batch. Give it by `try_send`: when the mailbox is full the rows bring them back.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Dispatch(pub Vec<Push>);

/// Take nothing more, finish what is under way within this time, write what is known. The answer comes when that is done.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Stop {
    /// How long at most.
    pub within: Duration,
}

/// Sends pushes. See [`dispatch`](crate::dispatch).
pub struct Dispatcher {
    sender: Rc<Sender>,
    tasks: Vec<JoinHandle<()>>,
    stopping: bool,
}

impl Dispatcher {
    /// Starts the dispatcher on an arbiter. `db` acts under [`DbRole::Jobs`](kernel::db::DbRole).
    pub fn launch(arbiter: &ArbiterHandle, settings: Settings, db: Db, clock: Clock, channel: Arc<dyn Channel>) -> Addr<Self> {
        Self::start_in_arbiter(arbiter, move |ctx| {
            ctx.set_mailbox_capacity(settings.mailbox);
            Self { sender: Rc::new(Sender::new(&settings, db, clock, channel)), tasks: Vec::new(), stopping: false }
        })
    }
}

impl Actor for Dispatcher {
    type Context = Context<Self>;

    fn started(&mut self, _: &mut Self::Context) {
        gauges::describe();
        let sender = &self.sender;
        let feed = Rc::clone(sender);
        let ledger = Rc::clone(sender);
        let gauge = Rc::clone(sender);
        self.tasks = vec![
            keep_running("feed", move || Rc::clone(&feed).feed()),
            keep_running("ledger", move || keep_ledger(Rc::clone(&ledger))),
            keep_running("gauge", move || tell_queue(Rc::clone(&gauge))),
        ];
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.tasks.drain(..).for_each(|task| task.abort());
    }
}

impl Handler<Dispatch> for Dispatcher {
    type Result = ();

    fn handle(&mut self, Dispatch(pushes): Dispatch, _: &mut Self::Context) {
        if self.stopping {
            return gauges::left_to_rows(pushes.len());
        }
        gauges::left_to_rows(self.sender.queue.add(pushes));
    }
}

impl Handler<Stop> for Dispatcher {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, Stop { within }: Stop, _: &mut Self::Context) -> Self::Result {
        self.stopping = true;
        self.tasks.drain(..).for_each(|task| task.abort());
        let sender = Rc::clone(&self.sender);
        Box::pin(async move { sender.finish(within).await })
    }
}

async fn keep_ledger(sender: Rc<Sender>) {
    sender.ledger.keep(&sender.queue).await;
}

async fn tell_queue(sender: Rc<Sender>) {
    loop {
        notice::Lane::ALL.into_iter().for_each(|lane| gauges::waiting(lane, sender.queue.len(lane)));
        tokio::time::sleep(TELL_EVERY).await;
    }
}

/// Runs a task and runs it again when it panics. actix itself would neither notice nor mend.
fn keep_running<F: Future<Output = ()> + 'static>(name: &'static str, task: impl Fn() -> F + 'static) -> JoinHandle<()> {
    actix_rt::spawn(async move {
        while AssertUnwindSafe(task()).catch_unwind().await.is_err() {
            gauges::restarted(name);
            tokio::time::sleep(BEFORE_RESTART).await;
        }
    })
}
