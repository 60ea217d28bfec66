//! What is open to somebody else's eyes. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result,
    id::{AccountId, PersonId, SchoolId, Uuid},
};

use crate::{
    sessions::Identity,
    standing::{Held, Switched},
};

/// How long somebody looks at most.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(30);

/// Rights that nobody has through another's eyes: what the nurse, the social pedagogue and the psychologist write down, and doctors' papers.
pub const CLOSED: [&str; 8] = [
    "people.see_health",
    "people.write_health",
    "people.see_social",
    "people.write_social",
    "people.see_psychology",
    "people.write_psychology",
    "people.count_confidential",
    "safety.see_absence_documents",
];

/// Who looks with whose eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seer {
    /// The row.
    pub id: Uuid,
    /// Where they help.
    pub school: SchoolId,
    /// Who looks.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
    /// Until when.
    pub until: Timestamp,
}

/// Whether a request may be made with another's eyes.
///
/// # Errors
/// What would change something, and what is only the person's own.
pub fn may_ask(method: &str, path: &str) -> Result<()> {
    let ends = matches!(path, "/see-as/end" | "/sign-out");
    let below = |place: &str| path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    let own = ["/account", "/live", "/sign-in", "/join"].into_iter().any(below);
    let reads = matches!(method, "GET" | "HEAD");
    if ends || (reads && !own) { Ok(()) } else { Err(Error::Refused("identity.see_as_only_looks")) }
}

/// Why somebody looks, as typed.
pub fn reason(typed: &str) -> Result<String> {
    let reason = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if (5..=300).contains(&reason.chars().count()) { Ok(reason) } else { Err(Error::invalid("reason", "see-as-field-reason")) }
}

/// The person seen, without what is closed to other eyes.
pub fn dimmed(seen: Identity) -> Identity {
    let is_open = |right: &String| !CLOSED.contains(&right.as_str());
    let roles = seen.grants.iter().copied().chain(seen.limited.iter().map(|held| (held.school, held.role)));
    let off = roles.flat_map(|(school, role)| CLOSED.into_iter().map(move |right| Switched { school, role, right: right.to_owned(), is_on: false }));
    let switched: Vec<Switched> = off.chain(seen.switched.iter().filter(|switched| is_open(&switched.right)).cloned()).collect();
    let limited = seen.limited.iter().map(|held| Held { rights: held.rights.iter().filter(|right| is_open(right)).cloned().collect(), ..held.clone() }).collect();
    let own_rights = seen.own_rights.iter().filter(|(_, right)| is_open(right)).cloned().collect();
    Identity { switched, limited, own_rights, ..seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_1_another_ones_eyes_change_nothing() {
        for (method, path) in [("GET", "/my"), ("HEAD", "/s001/pupils"), ("GET", "/s001/accounts/1"), ("GET", "/"), ("POST", "/see-as/end"), ("POST", "/sign-out"), ("GET", "/accountant")] {
            assert!(may_ask(method, path).is_ok(), "{method} {path}");
        }
        for (method, path) in [
            ("POST", "/my/switches"),
            ("PUT", "/my"),
            ("DELETE", "/api/v1/push-tokens/1"),
            ("PATCH", "/my"),
            ("OPTIONS", "/my"),
            ("POST", "/locale"),
            ("GET", "/account"),
            ("GET", "/account/second-factor/enrol"),
            ("GET", "/live/my"),
            ("GET", "/see-as/end/"),
        ] {
            assert_eq!(may_ask(method, path).is_err(), path != "/see-as/end/", "{method} {path}");
        }
    }

    #[test]
    fn a_reason_is_more_than_a_letter() {
        assert_eq!(reason("  Ата-ана   өтініші ").unwrap(), "Ата-ана өтініші");
        assert!(reason("көру").is_err() && reason("").is_err() && reason(&"x".repeat(301)).is_err());
    }
}
