//! How long a session lives. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::right::{Place, Role};

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Unused for so long, it is over.
    pub idle: SignedDuration,
    /// After so long it is over in any case.
    pub absolute: SignedDuration,
}

/// A parent's phone stays signed in through the holidays.
const FAMILY: Lifetime = Lifetime { idle: SignedDuration::from_hours(60 * 24), absolute: SignedDuration::from_hours(180 * 24) };
/// Who works with other people's children signs in every day.
const WORK: Lifetime = Lifetime { idle: SignedDuration::from_hours(12), absolute: SignedDuration::from_hours(7 * 24) };
/// Who sees many schools signs in every day, and after every long break.
const EVERYWHERE: Lifetime = Lifetime { idle: SignedDuration::from_hours(4), absolute: SignedDuration::from_hours(24) };

/// How long a session of somebody with these roles lives: as long as the strictest of them allows.
pub fn lifetime(roles: impl IntoIterator<Item = Role>) -> Lifetime {
    let strictest = |one: Lifetime, other: Lifetime| Lifetime { idle: one.idle.min(other.idle), absolute: one.absolute.min(other.absolute) };
    roles.into_iter().map(of_role).fold(FAMILY, strictest)
}

fn of_role(role: Role) -> Lifetime {
    match (role, role.place()) {
        (Role::Guardian, _) => FAMILY,
        (_, Place::Supplier | Place::Authority) => EVERYWHERE,
        // A pupil too: they sit at a computer of the school, where the next pupil sits in an hour.
        (_, Place::School | Place::Home) => WORK,
    }
}

/// Where somebody may go who needs a second factor and has none: to switch it on, or away.
pub fn may_go_without(path: &str) -> bool {
    matches!(path, "/sign-out" | "/locale") || ["/account/second-factor", "/account/passkeys"].iter().any(|page| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
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
        let (guardian, teacher, support) = (lifetime([Role::Guardian]), lifetime([Role::Guardian, Role::Teacher]), lifetime([Role::Support, Role::Guardian]));
        assert_eq!((lifetime([Role::SupplierAdministrator]), lifetime([Role::Ministry]), lifetime([Role::Pupil])), (EVERYWHERE, EVERYWHERE, WORK));
        for (life, seen_at, expires_at, alive) in [
            (guardian, ago(24 * 59), in_hours(1), true),
            (guardian, ago(24 * 61), in_hours(1), false),
            (guardian, ago(0), now, false),
            (teacher, ago(11), in_hours(1), true),
            (teacher, ago(13), in_hours(1), false),
            (support, ago(3), in_hours(1), true),
            (support, ago(5), in_hours(1), false),
        ] {
            assert_eq!(is_alive(life, seen_at, expires_at, now), alive);
        }
    }

    #[test]
    fn without_a_needed_second_factor_only_its_own_pages_are_open() {
        for (path, open) in [
            ("/account/second-factor", true),
            ("/account/second-factor/confirm", true),
            ("/account/passkeys", true),
            ("/account/passkeys/options", true),
            ("/account/passkeyst", false),
            ("/sign-out", true),
            ("/account", false),
            ("/account/second-factory", false),
            ("/my", false),
            ("/", false),
        ] {
            assert_eq!(may_go_without(path), open, "{path}");
        }
    }
}
