//! Passwords: argon2id, computed on few threads at once so that a crowd at the door cannot take the machine's memory.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use kernel::{Error, Result};
use tokio::sync::Semaphore;

/// How much work a hash costs its guesser, and us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// For people: 19 MiB, two passes.
    Full,
    /// For the synthetic people of a demo town, who have nothing to lose: 1 MiB, one pass.
    Demo,
}

/// A hash of nobody's password, of full cost: what an unknown login is compared with.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2hhbnlyYXEtbm9ib2R5$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAphArZWZ2GRPPc8";

/// Hashes of one process running at once.
pub const AT_ONCE: usize = 2;

/// Hashes a password with a fresh salt. Takes tens of milliseconds: not on an actix worker.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn hash_password(password: &str, cost: Cost) -> Result<String> {
    let params = match cost {
        Cost::Full => Params::new(19_456, 2, 1, None),
        Cost::Demo => Params::new(1_024, 1, 1, None),
    };
    let params = params.map_err(|error| Error::broken(error.to_string()))?;
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes()).map_err(|error| Error::broken(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether it is the password of this hash. Without one, the same work for the same answer: no. Not on an actix worker.
pub fn password_matches(password: &str, hash: Option<&str>) -> bool {
    let matches = Argon2::default().verify_password(password.as_bytes(), hash.unwrap_or(NOBODYS)).is_ok();
    matches && hash.is_some()
}

/// The threads that compare and hash passwords; kept in [`web::Memory`].
pub struct Counter {
    free: Semaphore,
}

impl Default for Counter {
    fn default() -> Self {
        Self { free: Semaphore::new(AT_ONCE) }
    }
}

impl Counter {
    /// Whether the password is the account's; without an account, the same work for the same answer: no.
    ///
    /// # Errors
    /// When the work cannot be done now.
    pub async fn verify(&self, password: String, account_hash: Option<String>) -> Result<bool> {
        let _permit = self.free.acquire().await.map_err(|_| Error::Busy)?;
        actix_web::web::block(move || password_matches(&password, account_hash.as_deref())).await.map_err(|_| Error::Busy)
    }

    /// Hashes a new password, on the same few threads.
    ///
    /// # Errors
    /// When the work cannot be done now.
    pub async fn hash(&self, password: String) -> Result<String> {
        let _permit = self.free.acquire().await.map_err(|_| Error::Busy)?;
        actix_web::web::block(move || hash_password(&password, Cost::Full)).await.map_err(|_| Error::Busy)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_1_a_password_is_kept_as_argon2id() {
        for (cost, params) in [(Cost::Full, "$argon2id$v=19$m=19456,t=2,p=1$"), (Cost::Demo, "$argon2id$v=19$m=1024,t=1,p=1$")] {
            let hash = hash_password("құпия сөз", cost).unwrap();
            assert!(hash.starts_with(params), "{hash}");
            assert_ne!(hash, hash_password("құпия сөз", cost).unwrap());
        }
    }

    #[actix_web::test]
    async fn the_right_password_and_no_other() {
        let counter = Counter::default();
        let hash = hash_password("құпия", Cost::Demo).unwrap();
        assert!(counter.verify("құпия".into(), Some(hash.clone())).await.unwrap());
        assert!(!counter.verify("Құпия".into(), Some(hash)).await.unwrap());
        assert!(!counter.verify("құпия".into(), Some("not a hash".into())).await.unwrap());
    }

    #[actix_web::test]
    async fn inv_2_an_unknown_login_costs_a_full_comparison() {
        let nobody = PasswordHash::new(NOBODYS).unwrap();
        assert_eq!(nobody.params.to_string(), "m=19456,t=2,p=1");
        assert!(!Counter::default().verify("any".into(), None).await.unwrap());
    }
}
