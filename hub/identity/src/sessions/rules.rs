//! How long a session lives. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::right::Role;

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Unused for so long, it is over.
    pub idle: SignedDuration,
    /// After so long it is over in any case.
    pub absolute: SignedDuration,
}

/// A parent's phone stays signed in through the holidays; who works with other people's children signs in every day.
pub fn lifetime(roles: impl IntoIterator<Item = Role>) -> Lifetime {
    let works_here = roles.into_iter().any(|role| role != Role::Guardian);
    if works_here {
        Lifetime { idle: SignedDuration::from_hours(12), absolute: SignedDuration::from_hours(7 * 24) }
    } else {
        Lifetime { idle: SignedDuration::from_hours(60 * 24), absolute: SignedDuration::from_hours(180 * 24) }
    }
}

/// Whether a session is still good.
pub fn is_alive(lifetime: Lifetime, seen_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && now.duration_since(seen_at) < lifetime.idle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_2_a_session_ends_by_idleness_or_on_its_last_day() {
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let ago = |hours| now - SignedDuration::from_hours(hours);
        let in_hours = |hours| now + SignedDuration::from_hours(hours);
        let (guardian, teacher) = (lifetime([Role::Guardian]), lifetime([Role::Guardian, Role::Teacher]));
        for (life, seen_at, expires_at, alive) in [
            (guardian, ago(24 * 59), in_hours(1), true),
            (guardian, ago(24 * 61), in_hours(1), false),
            (guardian, ago(0), now, false),
            (teacher, ago(11), in_hours(1), true),
            (teacher, ago(13), in_hours(1), false),
        ] {
            assert_eq!(is_alive(life, seen_at, expires_at, now), alive);
        }
    }
}
