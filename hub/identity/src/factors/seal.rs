//! Secrets at rest are sealed with a key outside the database (AES-256-GCM): a stolen dump opens nothing. What is sealed for one account
//! does not open for another, nor for another purpose, so that rows cannot be swapped. What must be found again without being opened
//! (phone, e-mail, IIN) is looked for by a hash with a key of its own (HMAC-SHA256): without the key nobody can try all numbers.

use kernel::{
    Error, Result,
    id::{AccountId, PersonId, Uuid},
    iin::Iin,
};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};

/// The least length of the text that the key is made from.
pub const LEAST_SECRET: usize = 32;

/// How the sealed bytes are laid out: this byte, the key's mark, the nonce, then what was sealed with its tag.
const LAYOUT: u8 = 1;
const MARK: usize = 4;
const HEAD: usize = 1 + MARK + NONCE_LEN;

/// A text too short to make a key from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is made from at least {LEAST_SECRET} random characters")]
pub struct TooShort;

/// What is sealed; each has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The secret of an authenticator.
    SecondFactor,
    /// A phone, e-mail or IIN of an account.
    Identifier,
    /// The IIN of a person, who may have no account.
    Iin,
    /// A row of a list that is being brought in.
    List,
}

impl Purpose {
    fn of_key(self) -> &'static [u8] {
        match self {
            Self::SecondFactor => b"key of second factors",
            Self::Identifier => b"key of identifiers",
            Self::Iin => b"key of iins of persons",
            Self::List => b"key of lists brought in",
        }
    }
}

/// Seals and opens.
#[derive(Debug, Clone)]
pub struct Sealer {
    secret: hkdf::Prk,
}

impl Sealer {
    /// A sealer whose key is made from this text.
    ///
    /// # Errors
    /// When the text is too short to be a key.
    pub fn of(secret: &str) -> std::result::Result<Self, TooShort> {
        let secret = secret.trim();
        if secret.chars().count() < LEAST_SECRET {
            return Err(TooShort);
        }
        Ok(Self { secret: hkdf::Salt::new(hkdf::HKDF_SHA256, b"shanyraq sealed secrets").extract(secret.as_bytes()) })
    }

    /// Seals for an account.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn seal(&self, purpose: Purpose, account: AccountId, plain: &[u8]) -> Result<Vec<u8>> {
        self.seal_for(purpose, account.0, plain)
    }

    /// Seals a person's IIN. It does not open for another person.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn seal_iin(&self, person: PersonId, iin: &Iin) -> Result<Vec<u8>> {
        self.seal_for(Purpose::Iin, person.0, iin.reveal().as_bytes())
    }

    /// Opens what was sealed as this person's IIN.
    ///
    /// # Errors
    /// When it was sealed with another key or for another person, or was changed since.
    pub fn open_iin(&self, person: PersonId, sealed: &[u8]) -> Result<Iin> {
        let plain = self.open_for(Purpose::Iin, person.0, sealed)?;
        std::str::from_utf8(&plain).ok().and_then(|text| Iin::parse(text).ok()).ok_or_else(|| Error::broken("a sealed IIN is none"))
    }

    /// By what a person is found: another hash than that of an account's IIN, so that the two tables cannot be joined without the key.
    ///
    /// # Errors
    /// Never, with a key of the right length.
    pub fn lookup_iin(&self, iin: &Iin) -> Result<Vec<u8>> {
        Ok(self.lookup("person_iin", iin.reveal())?.to_vec())
    }

    /// Seals a part of a list. It does not open as part of another.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn seal_list(&self, list: Uuid, plain: &[u8]) -> Result<Vec<u8>> {
        self.seal_for(Purpose::List, list, plain)
    }

    /// Opens what was sealed as a part of this list.
    ///
    /// # Errors
    /// When it was sealed with another key or for another list, or was changed since.
    pub fn open_list(&self, list: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        self.open_for(Purpose::List, list, sealed)
    }

    fn seal_for(&self, purpose: Purpose, owner: Uuid, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Error::broken("no randomness"))?;
        let mut body = plain.to_vec();
        let sealed = self.key(purpose)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner.as_bytes()), &mut body);
        sealed.map_err(|_| Error::broken("a secret cannot be sealed"))?;
        Ok([&[LAYOUT], self.mark()?.as_slice(), &nonce, &body].concat())
    }

    /// Opens what was sealed for this account.
    ///
    /// # Errors
    /// When it was sealed with another key or for another account, or was changed since.
    pub fn open(&self, purpose: Purpose, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>> {
        self.open_for(purpose, account.0, sealed)
    }

    fn open_for(&self, purpose: Purpose, owner: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        let (head, body) = sealed.split_at_checked(HEAD).ok_or_else(|| Error::broken("a sealed secret is cut short"))?;
        let (mark, nonce) = head.split_at_checked(1 + MARK).ok_or_else(|| Error::broken("a sealed secret is cut short"))?;
        if mark != [&[LAYOUT], self.mark()?.as_slice()].concat() {
            return Err(Error::broken("a secret was sealed with another key than secrets.key_file now names"));
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::broken("a sealed secret is cut short"))?;
        let mut body = body.to_vec();
        let plain = self.key(purpose)?.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut body);
        Ok(plain.map_err(|_| Error::broken("a sealed secret does not open"))?.to_vec())
    }

    /// By what a value is found again: the same for the same kind and value, and nothing that can be computed without the key.
    ///
    /// # Errors
    /// Never, with a key of the right length.
    pub fn lookup(&self, kind: &str, value: &str) -> Result<[u8; 32]> {
        let made = self.secret.expand(&[b"key of lookups"], hmac::HMAC_SHA256).map_err(|_| Error::broken("no key can be made"))?;
        let tag = hmac::sign(&hmac::Key::from(made), format!("{kind}:{value}").as_bytes());
        tag.as_ref().try_into().map_err(|_| Error::broken("a hash of another length"))
    }

    fn key(&self, purpose: Purpose) -> Result<LessSafeKey> {
        let of_key = [purpose.of_key()];
        let made = self.secret.expand(&of_key, &AES_256_GCM).map_err(|_| Error::broken("no key can be made"))?;
        Ok(LessSafeKey::new(UnboundKey::from(made)))
    }

    /// Tells one key from another without telling the key.
    fn mark(&self) -> Result<[u8; MARK]> {
        let mut mark = [0_u8; MARK];
        let made = self.secret.expand(&[b"mark of the key"], Length).map_err(|_| Error::broken("no mark can be made"))?;
        made.fill(&mut mark).map_err(|_| Error::broken("no mark can be made"))?;
        Ok(mark)
    }
}

/// As long as a mark.
struct Length;

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        MARK
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::Uuid;

    use super::*;

    const SECRET: &str = "a text of more than thirty-two characters";

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    #[test]
    fn inv_2_what_is_sealed_opens_with_the_same_key_for_the_same_account_only() {
        let (sealer, other) = (Sealer::of(SECRET).unwrap(), Sealer::of(&SECRET.to_uppercase()).unwrap());
        let purpose = Purpose::SecondFactor;
        let sealed = sealer.seal(purpose, account(1), b"twenty secret bytes!").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(sealed, sealer.seal(purpose, account(1), b"twenty secret bytes!").unwrap());
        assert_eq!(sealer.open(purpose, account(1), &sealed).unwrap(), b"twenty secret bytes!");
        assert!(sealer.open(purpose, account(2), &sealed).is_err(), "another account's row");
        assert!(other.open(purpose, account(1), &sealed).is_err(), "another key");
        assert!(sealer.open(Purpose::Identifier, account(1), &sealed).is_err(), "another purpose");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(purpose, account(1), &changed).is_err(), "byte {at} was changed");
            assert!(sealer.open(purpose, account(1), &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_value_is_found_by_the_same_key_and_kind_only() {
        let (sealer, other) = (Sealer::of(SECRET).unwrap(), Sealer::of(&SECRET.to_uppercase()).unwrap());
        let lookup = sealer.lookup("iin", "790308457443").unwrap();
        assert_eq!(lookup, sealer.lookup("iin", "790308457443").unwrap());
        assert_ne!(lookup, sealer.lookup("iin", "790308457444").unwrap());
        assert_ne!(lookup, sealer.lookup("phone", "790308457443").unwrap());
        assert_ne!(lookup, other.lookup("iin", "790308457443").unwrap());
    }

    #[test]
    fn the_iin_of_a_person_opens_for_that_person_only() {
        let sealer = Sealer::of(SECRET).unwrap();
        let (one, other, iin) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)), Iin::parse("790308457443").unwrap());
        let sealed = sealer.seal_iin(one, &iin).unwrap();
        assert_eq!(sealer.open_iin(one, &sealed).unwrap(), iin);
        assert!(sealer.open_iin(other, &sealed).is_err() && sealer.open(Purpose::Identifier, account(1), &sealed).is_err());
        assert_ne!(sealer.lookup_iin(&iin).unwrap(), sealer.lookup("iin", iin.reveal()).unwrap().to_vec());
    }

    #[test]
    fn a_short_text_is_no_key() {
        assert_eq!(Sealer::of("   short   ").unwrap_err(), TooShort);
        assert!(!format!("{:?}", Sealer::of(SECRET).unwrap()).contains("thirty"));
    }
}
