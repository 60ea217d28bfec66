//! What a registry entry may say, and how a broker password is hashed.

use std::num::NonZeroU32;

use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{
    Error, Result,
    error::FieldError,
    id::{Uuid, show},
};
use ring::{digest::SHA512_OUTPUT_LEN, pbkdf2};

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Lets people in and out.
    Turnstile,
    /// Sells meals.
    Till,
    /// Shows and takes in, in a hall.
    Kiosk,
    /// A card reader at a door or desk.
    Reader,
    /// A school's own server.
    Server,
    /// Somebody's own program that speaks our protocol.
    Link,
}

impl Kind {
    /// All kinds, in the order in which forms offer them.
    pub const ALL: [Self; 6] = [Self::Turnstile, Self::Till, Self::Reader, Self::Kiosk, Self::Server, Self::Link];

    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Turnstile => "turnstile",
            Self::Till => "till",
            Self::Kiosk => "kiosk",
            Self::Reader => "reader",
            Self::Server => "server",
            Self::Link => "link",
        }
    }

    /// Reads a form's or a row's text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// How codes of this kind begin, so that support recognises one on the telephone.
    fn code_prefix(self) -> &'static str {
        match self {
            Self::Turnstile => "gate",
            Self::Till => "till",
            Self::Kiosk => "hall",
            Self::Reader => "read",
            Self::Server => "host",
            Self::Link => "link",
        }
    }
}

/// A device to register, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// What it is.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Where it stands; may be empty.
    pub place: String,
}

impl NewDevice {
    /// Reads the fields of a form; all that is wrong with them is said at once.
    pub fn parse(kind: &str, name: &str, place: &str) -> Result<Self> {
        let (kind, name, place) = (Kind::parse(kind), name.trim(), place.trim());
        let mut wrong = Vec::new();
        if kind.is_none() {
            wrong.push(FieldError { field: "kind", message: "fleet-field-kind-missing" });
        }
        if name.is_empty() || !is_short(name) {
            wrong.push(FieldError { field: "name", message: "fleet-field-name-length" });
        }
        if !is_short(place) {
            wrong.push(FieldError { field: "place", message: "fleet-field-place-length" });
        }
        match kind {
            Some(kind) if wrong.is_empty() => Ok(Self { kind, name: name.to_owned(), place: place.to_owned() }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= 80 && !text.chars().any(char::is_control)
}

/// A code for a new device: the kind and six random characters.
pub fn code_of(kind: Kind, random: Uuid) -> String {
    format!("{}{}", kind.code_prefix(), tail(random, 6))
}

/// A password of twenty characters with 100 random bits, which no shell needs to quote.
pub fn password_of(one: Uuid, other: Uuid) -> String {
    format!("{}{}", tail(one, 10), tail(other, 10))
}

/// The last characters of a shown UUIDv7 are its random ones.
fn tail(random: Uuid, characters: usize) -> String {
    show(random).chars().skip(26 - characters).collect()
}

/// What `mosquitto_passwd` itself uses. Few, because a device's password is long and random.
const ITERATIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(100);

/// Hashes a broker password as Mosquitto stores it: `$7$101$salt$hash`, PBKDF2 with HMAC-SHA-512.
/// The salt is the random end of a fresh id: it need not be secret, only never the same twice.
pub fn broker_password_hash(password: &str, fresh: Uuid) -> String {
    let [_, _, _, _, salt @ ..] = fresh.into_bytes();
    let mut hash = [0_u8; SHA512_OUTPUT_LEN];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, ITERATIONS, &salt, password.as_bytes(), &mut hash);
    format!("$7${ITERATIONS}${}${}", STANDARD.encode(salt), STANDARD.encode(hash))
}

#[cfg(test)]
mod tests {
    use kernel::clock::Clock;

    use super::*;

    fn fresh() -> Uuid {
        kernel::id::fresh(Clock::System.now())
    }

    #[test]
    fn inv_1_every_kind_makes_a_code_that_a_topic_can_carry() {
        for kind in Kind::ALL {
            let code = code_of(kind, fresh());
            assert!(protocol::topic::Code::parse(&code).is_ok(), "{code}");
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn inv_2_passwords_differ_and_hashes_are_in_the_brokers_form() {
        let (one, other) = (password_of(fresh(), fresh()), password_of(fresh(), fresh()));
        assert!(one != other && one.len() == 20);
        let hash = broker_password_hash(&one, fresh());
        let parts: Vec<&str> = hash.split('$').collect();
        assert_eq!((parts[1], parts[2], parts.len()), ("7", "101", 5));
        assert_eq!(STANDARD.decode(parts[3]).unwrap().len(), 12);
        let salt = STANDARD.decode(parts[3]).unwrap();
        let digest = STANDARD.decode(parts[4]).unwrap();
        assert!(pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA512, ITERATIONS, &salt, one.as_bytes(), &digest).is_ok());
        assert_ne!(hash, broker_password_hash(&one, fresh()));
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let long = "ұ".repeat(81);
        for (kind, name, place, fields) in [
            ("turnstile", "Бас кіреберіс", "1-қабат", vec![]),
            ("turnstile", "  ", "", vec!["name"]),
            ("", "x", &long, vec!["kind", "place"]),
            ("door", &long, "a\nb", vec!["kind", "name", "place"]),
        ] {
            let wrong = match NewDevice::parse(kind, name, place) {
                Ok(_) => vec![],
                Err(Error::Invalid(wrong)) => wrong.into_iter().map(|field| field.field).collect(),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(wrong, fields, "{kind} {name}");
        }
    }
}
