//! How often something may be asked for that costs others work: a letter, a question to a passkey, a look whether a number is taken.
//! So many times in a stretch of time for each asker, right or wrong. In memory and bounded; a restart forgives. Wrong passwords have a
//! slower brake of their own ([`super::throttle`]).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use kernel::id::AccountId;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MOST: usize = 50_000;

/// What is asked for, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asking {
    /// A question to a passkey at the sign-in.
    Passkey(IpAddr),
    /// A letter with a link for who forgot the password.
    Recovery(IpAddr),
    /// Another phone or e-mail for an account.
    Identifier(AccountId),
    /// A token in exchange for an app's code.
    AppCode(IpAddr),
    /// Whether a paper that was shown is genuine.
    Paper(IpAddr),
}

impl Asking {
    /// So many times in so long. A school's hall stands behind one address.
    fn allowance(self) -> (u32, SignedDuration) {
        match self {
            Self::Passkey(_) => (300, HOUR),
            Self::Recovery(_) => (20, HOUR),
            Self::Identifier(_) => (10, HOUR),
            Self::AppCode(_) => (30, HOUR),
            Self::Paper(_) => (60, HOUR),
        }
    }
}

/// What was asked for lately.
#[derive(Default)]
pub struct Limits {
    counts: Mutex<HashMap<Asking, (Timestamp, u32)>>,
}

impl Limits {
    /// Counts one more time.
    ///
    /// # Errors
    /// How many seconds to wait, when it was asked too often.
    pub fn take(&self, asking: Asking, now: Timestamp) -> Result<(), u32> {
        let (most, stretch) = asking.allowance();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (since, _)| now.duration_since(*since) < HOUR);
        }
        if counts.len() >= MOST {
            counts.clear();
        }
        let (since, count) = counts.entry(asking).or_insert((now, 0));
        if now.duration_since(*since) >= stretch {
            (*since, *count) = (now, 0);
        }
        if *count >= most {
            let left = (stretch - now.duration_since(*since)).as_secs().max(1);
            return Err(u32::try_from(left).unwrap_or(u32::MAX));
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn who_asks_too_often_waits_and_a_neighbour_does_not() {
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).unwrap();
        let from = |last| Asking::Recovery(IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)));
        let limits = Limits::default();
        for second in 0..20 {
            assert_eq!(limits.take(from(1), at(second)), Ok(()));
        }
        assert_eq!(limits.take(from(1), at(600)), Err(3_000));
        assert_eq!(limits.take(from(2), at(600)), Ok(()));
        assert_eq!(limits.take(from(1), at(3_600)), Ok(()), "a new hour");
    }
}
