//! What this instance remembers of sessions, so that a page does not ask the database who its reader is. Bounded and short-lived:
//! what another instance changed is heard of at once ([`crate::changes`]), or seen after [`FRESH_FOR`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use kernel::id::{AccountId, PersonId, SchoolId};

use super::{Identity, token::TokenHash};

/// How long an answer may be repeated.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_secs(30);

const MOST: usize = 20_000;

/// Recently recognised sessions.
#[derive(Default)]
pub struct Recognised {
    by_token: Mutex<HashMap<TokenHash, (Timestamp, Arc<Identity>)>>,
}

impl Recognised {
    /// Who this token was a moment ago.
    pub fn find(&self, token: TokenHash, now: Timestamp) -> Option<Arc<Identity>> {
        let (since, identity) = self.lock().get(&token).cloned()?;
        let age = now.duration_since(since);
        (age < FRESH_FOR && !age.is_negative()).then_some(identity)
    }

    /// Remembers.
    pub fn keep(&self, token: TokenHash, identity: Arc<Identity>, now: Timestamp) {
        let mut by_token = self.lock();
        if by_token.len() >= MOST {
            by_token.retain(|_, (since, _)| now.duration_since(*since) < FRESH_FOR);
        }
        if by_token.len() < MOST {
            by_token.insert(token, (now, identity));
        }
    }

    /// Forgets one session.
    pub fn forget(&self, token: TokenHash) {
        self.lock().remove(&token);
    }

    /// Forgets all sessions of an account: it was blocked, or what it may do has changed.
    pub fn forget_account(&self, account: AccountId) {
        self.lock().retain(|_, (_, identity)| !identity.is_of_account(account));
    }

    /// Forgets all sessions of those who belong to an organisation: what its roles open has changed.
    pub fn forget_school(&self, school: SchoolId) {
        self.lock().retain(|_, (_, identity)| !identity.belongs_to(school));
    }

    /// Forgets all sessions that a person's rights decide about: their own, those that look with their eyes or in whose place they look,
    /// and those of colleagues who stand in for them.
    pub fn forget_person(&self, person: PersonId) {
        self.lock().retain(|_, (_, identity)| !identity.depends_on(person));
    }

    /// Forgets everything: nobody knows what was missed.
    pub fn forget_all(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TokenHash, (Timestamp, Arc<Identity>)>> {
        self.by_token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
