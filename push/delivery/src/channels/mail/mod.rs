//! E-mail: the channel for what is read later. A letter says what kind of news there is and leads to its page; who reads it signs in there.
//!
//! The server gives a [`Post`] that speaks SMTP. An address is that of an account: a letter goes where its confirmed e-mail is at that moment.
//! [`letter`] writes it; what the mail server's answer means is [`Refusal::verdict`] (pure).
//! Always true:
//!  1. Nothing is sent but to a confirmed e-mail of an account that is not blocked; who has none any more gets no letters from then on.
//!  2. Only a server's word that there is no such mailbox costs an account its letters; for every other lasting no this one letter ends.
//!  3. A letter holds the title of a notice and nothing of its body: no mark, no dish, nothing of health; it says how to be rid of it (`List-Unsubscribe`).
//!  4. No address gets into a log, a row of delivery or the text of an error.

mod letter;

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt, future::BoxFuture};
use identity::Policy;
use kernel::{db::Db, id::AccountId};
use tokio::time::{Instant, sleep};
use web::Catalog;

use crate::{
    Push,
    channels::{
        Channel, Detail, Verdict,
        bucket::{Bucket, Turn},
    },
};

pub use letter::Letter;

/// Sends letters.
pub trait Post: Send + Sync {
    /// Sends one; resolves when the next server has taken it.
    fn send(&self, to: String, letter: Letter) -> BoxFuture<'static, Result<(), Refusal>>;
}

/// Why a letter did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What the server answered; nothing where it did not.
    pub code: Option<u16>,
    /// The second of the three numbers of an enhanced code (`5.1.1`): 1 and 2 speak of the mailbox, 7 of rules.
    pub subject: Option<u8>,
}

impl Refusal {
    /// What it means.
    fn verdict(self) -> Verdict {
        let Self { code, subject } = self;
        let Some(code) = code else { return Verdict::Later { after: None, detail: "no answer of the mail server".into() } };
        let detail: Detail = match subject {
            Some(subject) => format!("{code} {}.{subject}", code / 100).into(),
            None => code.to_string().into(),
        };
        let of_the_mailbox = match subject {
            Some(subject) => matches!(subject, 1 | 2),
            None => matches!(code, 550 | 551 | 553),
        };
        match code {
            500..=599 if of_the_mailbox => Verdict::Unregistered(detail),
            500..=599 => Verdict::Refused(detail),
            _ => Verdict::Later { after: None, detail },
        }
    }
}

/// The channel.
pub struct Mail {
    post: Arc<dyn Post>,
    /// Acts under [`DbRole::Jobs`](kernel::db::DbRole).
    db: Db,
    policy: Policy,
    catalog: Arc<Catalog>,
    /// The installation's public address.
    home: String,
    bucket: Mutex<Bucket>,
}

impl Mail {
    /// A channel that sends so many letters a second at most.
    pub fn new(post: Arc<dyn Post>, db: Db, policy: Policy, catalog: Arc<Catalog>, home: String, per_second: u32) -> Self {
        Self { post, db, policy, catalog, home, bucket: Mutex::new(Bucket::new(per_second, Instant::now())) }
    }

    async fn attempt(&self, push: &Push) -> Verdict {
        let Ok(account) = push.device_token.parse::<AccountId>() else { return Verdict::Refused("no account".into()) };
        let turn = self.bucket.lock().unwrap_or_else(PoisonError::into_inner).turn(push.kind.urgency.lane(), Instant::now());
        match turn {
            Turn::In(wait) => sleep(wait).await,
            Turn::Again(after) => return Verdict::Later { after: Some(after), detail: "many at once".into() },
        }
        let to = match identity::confirmed_email(&self.db, &self.policy, account).await {
            Ok(Some(to)) => to,
            Ok(None) => return Verdict::Unregistered("no confirmed e-mail".into()),
            Err(_) => return Verdict::Later { after: None, detail: "the address could not be read".into() },
        };
        match self.post.send(to, letter::of(push, &self.catalog, &self.home)).await {
            Ok(()) => Verdict::Accepted,
            Err(refusal) => refusal.verdict(),
        }
    }
}

impl Channel for Mail {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        self.attempt(push).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_2_only_a_word_about_the_mailbox_costs_an_account_its_letters() {
        for (code, subject, expected) in [
            (Some(550), None, "unregistered"),
            (Some(550), Some(1), "unregistered"),
            (Some(552), Some(2), "unregistered"),
            (Some(550), Some(7), "refused"),
            (Some(554), None, "refused"),
            (Some(530), None, "refused"),
            (Some(450), Some(2), "later"),
            (Some(421), None, "later"),
            (None, None, "later"),
        ] {
            assert_eq!(Refusal { code, subject }.verdict().word(), expected, "{code:?} {subject:?}");
        }
    }
}
