//! Ids: UUIDv7, typed per kind so that a pupil's id cannot stand where a device's belongs; shown as 26 characters of
//! Crockford's base32 (lower case; i, l, o read as 1, 1, 0).

pub use serde;
pub use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A fresh UUIDv7 of the given time. Call through [`crate::Ctx::id`] or [`crate::clock::Clock`]'s owner, never for business time.
pub fn fresh(at: jiff::Timestamp) -> Uuid {
    let mut noise = [0_u8; 10];
    let filled = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut noise);
    debug_assert!(filled.is_ok(), "the operating system gives randomness");
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &noise).into_uuid()
}

/// An id as people and URLs see it.
pub fn show(id: Uuid) -> String {
    let bits = id.as_u128();
    (0..26).rev().map(|place| letter(bits >> (5 * place))).collect()
}

/// Reads what [`show`] wrote, forgiving case and look-alikes.
pub fn read(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    let mut bits: u128 = 0;
    for byte in text.bytes() {
        let byte = match byte.to_ascii_lowercase() {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        };
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        if bits >> 123 != 0 {
            return None;
        }
        bits = (bits << 5) | u128::try_from(digit).ok()?;
    }
    Some(Uuid::from_u128(bits))
}

fn letter(bits: u128) -> char {
    let place = usize::try_from(bits & 31).unwrap_or(0);
    ALPHABET.get(place).copied().map_or('0', char::from)
}

/// Declares id types: `ids! { /// A person. PersonId }`.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $Name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Name(pub $crate::id::Uuid);

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::id::show(self.0))
            }
        }
        impl std::str::FromStr for $Name {
            type Err = $crate::id::NotAnId;
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                $crate::id::read(text).map(Self).ok_or($crate::id::NotAnId)
            }
        }
        impl From<$crate::id::Uuid> for $Name { fn from(id: $crate::id::Uuid) -> Self { Self(id) } }
        impl From<$Name> for $crate::id::Uuid { fn from(id: $Name) -> Self { id.0 } }
        impl $crate::id::serde::Serialize for $Name {
            fn serialize<S: $crate::id::serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> $crate::id::serde::Deserialize<'de> for $Name {
            fn deserialize<D: $crate::id::serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
                let text = <String as $crate::id::serde::Deserialize>::deserialize(d)?;
                text.parse().map_err($crate::id::serde::de::Error::custom)
            }
        }
        impl $crate::sql::types::ToSql for $Name {
            fn to_sql(&self, ty: &$crate::sql::types::Type, out: &mut $crate::sql::types::BytesMut)
                -> Result<$crate::sql::types::IsNull, Box<dyn std::error::Error + Sync + Send>> { self.0.to_sql(ty, out) }
            fn accepts(ty: &$crate::sql::types::Type) -> bool { <$crate::id::Uuid as $crate::sql::types::ToSql>::accepts(ty) }
            $crate::sql::types::to_sql_checked!();
        }
        impl<'a> $crate::sql::types::FromSql<'a> for $Name {
            fn from_sql(ty: &$crate::sql::types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                <$crate::id::Uuid as $crate::sql::types::FromSql>::from_sql(ty, raw).map(Self)
            }
            fn accepts(ty: &$crate::sql::types::Type) -> bool { <$crate::id::Uuid as $crate::sql::types::FromSql>::accepts(ty) }
        }
    )* };
}

/// A text that is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;


ids! {
    /// An organisation, of whatever kind; also the tenant of a row.
    SchoolId,
    /// A person: pupil, guardian, staff.
    PersonId,
    /// A class of a school.
    ClassId,
    /// A device.
    DeviceId,
    /// A card.
    CardId,
    /// An account.
    AccountId,
    /// A notice to one person.
    NoticeId,
    /// A phone or browser to push to.
    TokenId,
    /// An incident.
    IncidentId,
    /// A kept file.
    FileId,
    /// A job in the background.
    JobId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_reads_back_as_shown(bits in any::<u128>()) {
            let id = Uuid::from_u128(bits);
            prop_assert_eq!(read(&show(id)), Some(id));
            prop_assert_eq!(read(&show(id).to_uppercase()), Some(id));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") { read(&text); }
    }

    #[test]
    fn ids_sort_by_time() {
        let early = fresh(jiff::Timestamp::from_millisecond(1_700_000_000_000).unwrap());
        let late = fresh(jiff::Timestamp::from_millisecond(1_700_000_000_001).unwrap());
        assert!(early < late && show(early) < show(late));
    }
}
