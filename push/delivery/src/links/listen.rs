//! The listener: reads what is written to the bot, one instance at a time, and answers.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::SignedDuration;
use kernel::{
    Ctx, Locale, Result,
    clock::Clock,
    db::{Db, Scope, Tx},
    id::{Uuid, fresh},
};
use metrics::{counter, describe_counter};
use notice::Lane;
use tokio::time::sleep;
use web::Catalog;

use super::{
    rules::{self, Tries, Wish},
    service, store,
};
use crate::channels::telegram::{Bot, Trouble, Update};

/// The service holds the line for so long when nothing is written.
const HOLD: Duration = Duration::from_secs(25);
/// The bot's ear is ours for so long: longer than an answer may take.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// A code that is over is forgotten after this long: more than clocks of two instances may differ by.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After a week without a message the service numbers anew, at random: a number older than this says nothing of where to read on.
const NUMBERS_HOLD: SignedDuration = SignedDuration::from_hours(6 * 24);
/// The wait before asking again, where another instance listens or something went wrong.
const PAUSE: Duration = Duration::from_secs(5);

/// So many answers a chat gets at a time: at one a second the next look is not long in coming.
const MOST_ANSWERS: usize = 5;

/// Listens to a bot.
pub struct Listener {
    bot: Arc<Bot>,
    name: String,
    db: Db,
    clock: Clock,
    catalog: Arc<Catalog>,
    home: String,
    me: Uuid,
    tries: Tries,
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Round {
    /// So many messages were read.
    Read(usize),
    /// Another instance listens.
    Elsewhere,
    /// The service gave nothing.
    Trouble(Trouble),
}

/// What to say after the transaction.
struct Reply {
    chat: i64,
    locale: Locale,
    key: &'static str,
}

impl Listener {
    /// A listener. `db` acts under [`DbRole::Jobs`](kernel::db::DbRole), `home` is the installation's address.
    pub fn new(bot: Arc<Bot>, name: String, db: Db, clock: Clock, catalog: Arc<Catalog>, home: String) -> Self {
        describe_counter!("telegram_rounds_total", "Looks for what was written to the bot, by how they ended");
        describe_counter!("telegram_updates_total", "What was written to the bot, by what followed");
        let me = fresh(clock.now());
        Self { bot, name, db, clock, catalog, home, me, tries: Tries::default() }
    }

    /// Listens until it is asked to stop; then another instance may go on at once.
    pub async fn work(mut self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = self.listen() => {}
            () = stop => {}
        }
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "the bot's ear could not be given back; its lease will run out");
        }
    }

    async fn listen(&mut self) {
        loop {
            match self.round(HOLD).await {
                Ok(Round::Read(_)) => {}
                Ok(Round::Elsewhere) => sleep(PAUSE).await,
                Ok(Round::Trouble(trouble)) => {
                    tracing::warn!(detail = %trouble.detail, "Telegram cannot be listened to; trying again");
                    sleep(trouble.after.unwrap_or_default().max(PAUSE)).await;
                }
                Err(error) => {
                    counter!("telegram_rounds_total", "outcome" => "database").increment(1);
                    tracing::error!(%error, "what was written to the bot could not be taken; trying again");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Looks once; the service holds the line for so long when there is nothing.
    ///
    /// # Errors
    /// The database's; what was read is then read again.
    pub async fn round(&mut self, hold: Duration) -> Result<Round> {
        let now = self.clock.now();
        let place = self
            .db
            .run(&Scope::nothing(), async |tx| {
                store::CODE_SWEEP.run(tx, (now - KEPT,)).await?;
                store::BOT_LEASE.opt(tx, (self.name.clone(), self.me, now + LEASE, now)).await
            })
            .await?;
        let Some(place) = place else { return Ok(counted(Round::Elsewhere)) };
        let from = place.heard_at.filter(|heard| *heard >= now - NUMBERS_HOLD).map(|_| place.next_update);
        let updates = match self.bot.updates(from, hold).await {
            Ok(updates) => updates,
            Err(trouble) => return Ok(counted(Round::Trouble(trouble))),
        };
        if updates.is_empty() {
            return Ok(counted(Round::Read(0)));
        }
        let scope = Scope::schools(identity::schools::all(&self.db).await?);
        let read = updates.len();
        let (mut replies, mut taken) = (Vec::new(), Ok(()));
        // One by one, as if each had come alone: one that fails must not undo those before it.
        for (number, update) in updates {
            match self.take(&scope, number, &update).await {
                Ok(reply) => replies.extend(reply),
                Err(error) => {
                    taken = Err(error);
                    break;
                }
            }
        }
        self.answer(replies).await;
        taken.map(|()| counted(Round::Read(read)))
    }

    /// Each chat at its own pace, all at once: whoever writes a hundred lines makes nobody else wait, and is answered a few times.
    async fn answer(&self, replies: Vec<Reply>) {
        let mut by_chat: BTreeMap<i64, Vec<Reply>> = BTreeMap::new();
        for reply in replies {
            by_chat.entry(reply.chat).or_default().push(reply);
        }
        let each = by_chat.into_values().map(|replies| async move {
            for reply in replies.iter().take(MOST_ANSWERS) {
                self.say(reply).await;
            }
        });
        futures_util::future::join_all(each).await;
    }

    /// Gives the bot's ear back, so that another instance need not wait until the lease is over.
    ///
    /// # Errors
    /// The database's.
    pub async fn leave(&self) -> Result<()> {
        self.db.run(&Scope::nothing(), async |tx| store::BOT_LEAVE.run(tx, (self.name.clone(), self.me, self.clock.now())).await).await.map(drop)
    }

    /// One update and all that follows from it, in one transaction with the place to go on from.
    async fn take(&mut self, scope: &Scope, number: i64, update: &Update) -> Result<Option<Reply>> {
        let ctx = Ctx::system("telegram", scope.clone(), self.clock.clone());
        let (db, name, me, tries, now) = (&self.db, self.name.clone(), self.me, &self.tries, self.clock.now());
        let (reply, outcome) = db
            .run(scope, async |tx| {
                if store::BOT_MOVE.run(tx, (name, me, number + 1, now, now - NUMBERS_HOLD)).await? == 0 {
                    return Ok((None, "known"));
                }
                follow(tx, &ctx, update, tries).await
            })
            .await?;
        counter!("telegram_updates_total", "outcome" => outcome).increment(1);
        if let (Update::Said { chat, .. }, "wrong_code") = (update, outcome) {
            self.tries.wrong(*chat, self.clock.now());
        }
        Ok(reply)
    }

    /// An answer is a courtesy: one that does not arrive changes nothing.
    async fn say(&self, reply: &Reply) {
        let page = format!("{}/my/phones", self.home);
        let text = self.catalog.texts(reply.locale).with(reply.key, [("page", page.as_str())]);
        let verdict = self.bot.say(reply.chat, &text, Lane::Normal).await;
        tracing::debug!(outcome = verdict.word(), "answered in a chat");
    }
}

/// What follows from an update: what to say, and what it was.
async fn follow(tx: &Tx, ctx: &Ctx, update: &Update, tries: &Tries) -> Result<(Option<Reply>, &'static str)> {
    let (chat, text, language) = match update {
        Update::Said { chat, text, language } => (*chat, text, rules::language(language.as_deref())),
        Update::Blocked { chat } => {
            let ended = service::end(tx, ctx, *chat, "unregistered").await?;
            return Ok((None, if ended.is_some() { "blocked" } else { "other" }));
        }
        Update::Other => return Ok((None, "other")),
    };
    let say = |locale: Option<Locale>, key| Some(Reply { chat, locale: locale.unwrap_or(language), key });
    match rules::wish(text) {
        Wish::Link(_) | Wish::LinkBy(_) if tries.too_many(chat, ctx.now()) => Ok((None, "too_many_codes")),
        Wish::Link(code) => match service::link(tx, ctx, chat, &code).await? {
            Some(locale) => Ok((say(Some(locale), "links-said-linked"), "linked")),
            None => Ok((say(None, "links-said-wrong-code"), "wrong_code")),
        },
        Wish::LinkBy(rules::Unread) => Ok((say(None, "links-said-wrong-code"), "wrong_code")),
        Wish::Stop => {
            let ended = service::end(tx, ctx, chat, "removed").await?;
            Ok((say(ended, "links-said-stopped"), "stopped"))
        }
        Wish::Help => Ok((say(None, "links-said-help"), "help")),
    }
}

fn counted(round: Round) -> Round {
    let outcome = match &round {
        Round::Read(_) => "read",
        Round::Elsewhere => "elsewhere",
        Round::Trouble(_) => "trouble",
    };
    counter!("telegram_rounds_total", "outcome" => outcome).increment(1);
    round
}
