//! Slows guessing. Failures are counted by login *and* address: who guesses a parent's password from elsewhere waits alone, and the
//! parent at home does not. An address that fails with many logins waits too; its limit is generous, since a school stands behind one.
//! Codes of the second factor are counted by account and address, and by account alone: only who has the password gets so far.
//! In memory and bounded: a restart forgives.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use kernel::id::AccountId;

const FREE_TRIES: u32 = 5;
const FREE_TRIES_OF_ADDRESS: u32 = 100;
const FREE_CODES: u32 = 20;
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(15);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(15 * 60);
const FORGET_AFTER: SignedDuration = SignedDuration::from_secs(30 * 60);
const MOST: usize = 50_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    LoginAt(String, IpAddr),
    Address(IpAddr),
    CodeAt(AccountId, IpAddr),
    CodeOf(AccountId),
}

impl Key {
    fn free_tries(&self) -> u32 {
        match self {
            Self::LoginAt(..) | Self::CodeAt(..) => FREE_TRIES,
            Self::Address(_) => FREE_TRIES_OF_ADDRESS,
            Self::CodeOf(_) => FREE_CODES,
        }
    }
}

/// What somebody tries to guess, and from where.
#[derive(Debug, Clone)]
pub struct Guess([Key; 2]);

impl Guess {
    /// A password.
    pub fn password(login: &str, address: IpAddr) -> Self {
        Self([Key::LoginAt(login.to_owned(), address), Key::Address(address)])
    }

    /// A code of the second factor.
    pub fn code(account: AccountId, address: IpAddr) -> Self {
        Self([Key::CodeAt(account, address), Key::CodeOf(account)])
    }
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: Timestamp,
}

/// Recent failures.
#[derive(Default)]
pub struct Throttle {
    counts: Mutex<HashMap<Key, Count>>,
}

impl Throttle {
    /// How many seconds to wait before another try; none when it may be now.
    pub fn wait(&self, guess: &Guess, now: Timestamp) -> Option<u32> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let until = guess.0.iter().filter_map(|key| counts.get(key).map(|count| count.last + pause(key, count.failures))).max()?;
        let left = until.duration_since(now).as_secs();
        (left > 0).then(|| u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// One more failure.
    pub fn failed(&self, guess: &Guess, now: Timestamp) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, count| now.duration_since(count.last) < LONGEST_WAIT);
        }
        if counts.len() >= MOST {
            counts.clear();
        }
        for key in &guess.0 {
            let count = counts.entry(key.clone()).or_insert(Count { failures: 0, last: now });
            if now.duration_since(count.last) > FORGET_AFTER {
                count.failures = 0;
            }
            *count = Count { failures: count.failures.saturating_add(1), last: now };
        }
    }

    /// It worked: the failures of this login or account are forgiven. Of an address with all its logins only this try is taken back, which
    /// was counted before its outcome was known: a school where everybody signs in at eight is not one that guesses.
    pub fn succeeded(&self, guess: &Guess) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &guess.0 {
            match key {
                Key::Address(_) => {
                    if let Some(count) = counts.get_mut(key) {
                        count.failures = count.failures.saturating_sub(1);
                    }
                }
                Key::LoginAt(..) | Key::CodeAt(..) | Key::CodeOf(_) => {
                    counts.remove(key);
                }
            }
        }
    }
}

/// Nothing for the free tries, then doubling.
fn pause(key: &Key, failures: u32) -> SignedDuration {
    let Some(beyond) = failures.checked_sub(key.free_tries()) else { return SignedDuration::ZERO };
    let doubled = FIRST_WAIT.checked_mul(1_i32.checked_shl(beyond.min(10)).unwrap_or(1)).unwrap_or(LONGEST_WAIT);
    doubled.min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    #[test]
    fn inv_3_guessing_waits_longer_each_time_and_only_where_it_happens() {
        let throttle = Throttle::default();
        for _ in 0..FREE_TRIES {
            assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(0)), None);
            throttle.failed(&Guess::password("mother", HERE), at(0));
        }
        assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(0)), Some(15));
        assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(15)), None);
        throttle.failed(&Guess::password("mother", HERE), at(15));
        assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(15)), Some(30));
        assert_eq!(throttle.wait(&Guess::password("mother", ELSEWHERE), at(15)), None, "the mother at home is not locked out");
        assert_eq!(throttle.wait(&Guess::password("father", HERE), at(15)), None);
    }

    #[test]
    fn success_forgives_and_no_wait_exceeds_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        for _ in 0..50 {
            throttle.failed(&Guess::password("mother", HERE), at(0));
        }
        assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(0)), Some(900));
        throttle.succeeded(&Guess::password("mother", HERE));
        assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(0)), None);
    }

    #[test]
    fn an_address_that_tries_many_logins_waits() {
        let throttle = Throttle::default();
        for login in 0..=FREE_TRIES_OF_ADDRESS {
            throttle.failed(&Guess::password(&login.to_string(), HERE), at(0));
        }
        assert!(throttle.wait(&Guess::password("another", HERE), at(0)).is_some());
    }

    #[test]
    fn a_school_that_signs_in_behind_one_address_does_not_wait_and_forgives_no_guesser() {
        let throttle = Throttle::default();
        let arrive = |login: u32| {
            let guess = Guess::password(&login.to_string(), HERE);
            let waits = throttle.wait(&guess, at(0));
            throttle.failed(&guess, at(0));
            throttle.succeeded(&guess);
            waits
        };
        assert!((0..10 * FREE_TRIES_OF_ADDRESS).all(|login| arrive(login).is_none()));
        for login in 0..FREE_TRIES_OF_ADDRESS {
            throttle.failed(&Guess::password(&format!("guessed {login}"), HERE), at(0));
            arrive(login);
        }
        assert!(throttle.wait(&Guess::password("another", HERE), at(0)).is_some(), "who guesses is not forgiven for signing in as themselves");
    }

    #[test]
    fn codes_are_slowed_at_an_address_and_in_the_end_everywhere() {
        let (throttle, account) = (Throttle::default(), AccountId(kernel::id::Uuid::from_u128(7)));
        let from = |last: u32| Guess::code(account, IpAddr::V4(std::net::Ipv4Addr::from(last)));
        for _ in 0..FREE_TRIES {
            throttle.failed(&from(0), at(0));
        }
        assert_eq!((throttle.wait(&from(0), at(0)), throttle.wait(&from(1), at(0))), (Some(15), None));
        for last in 1..=FREE_CODES - FREE_TRIES {
            throttle.failed(&from(last), at(0));
        }
        assert_eq!(throttle.wait(&from(1_000), at(0)), Some(15), "a guesser who has many addresses");
        assert_eq!(throttle.wait(&Guess::password("mother", HERE), at(0)), None);
        throttle.succeeded(&from(0));
        assert_eq!(throttle.wait(&from(1_000), at(0)), None);
    }
}
