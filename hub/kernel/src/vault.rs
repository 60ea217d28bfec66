//! The vault: psychology, health and social records are sealed, each realm of each school with a data key of its own (AES-256-GCM).
//!
//! The data keys stand in the database, sealed with a key-encryption key that stands in a file beside it (`secrets.records_key_file`): a
//! stolen dump opens nothing. What is sealed is bound to its school, realm, person and row, so that rows cannot be swapped and no key of
//! another school or realm opens them. A data key is replaced by adding a generation ([`Vault::rotate`]); a job seals the rows anew through
//! [`SealedRows`], and the old generation goes when nothing needs it. The key-encryption key is replaced by writing a new one as the first
//! line of the file: the old line stays until [`Vault::rewrap`] has sealed the data keys with the new one. What is too large to be sealed
//! anew, a file, is an [`Enclosure`]: the realm's key seals its key.
//!
//! Owns `vault_key`.
//! Always true:
//!  1. What is sealed opens for the same school, realm, person and row only; one changed bit, and it does not open.
//!  2. No key and nothing opened is ever shown by `Debug`, logged or put into an error.
//!  3. A generation that a row still needs cannot be removed (foreign keys of the rows' tables).

mod enclosure;

use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
    rand::{SecureRandom, SystemRandom},
};

use crate::{
    Error, Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

pub use enclosure::Enclosure;

/// The least length of a line that a key is made from.
pub const LEAST_SECRET: usize = 32;

/// The job that seals the rows of a realm anew.
pub const RESEAL: &str = "vault.reseal";

/// The first byte of everything sealed: how the rest is laid out.
const LAYOUT: u8 = 1;
const MARK: usize = 4;
const DATA_KEY: usize = 32;

/// What a record is about, and so whose key it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Realm {
    /// What the psychologist writes down.
    Psychology,
    /// What the nurse writes down.
    Health,
    /// What the social pedagogue writes down.
    Social,
}

impl Realm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Psychology, Self::Health, Self::Social];

    /// As in SQL, in addresses and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Psychology => "psychology",
            Self::Health => "health",
            Self::Social => "social",
        }
    }

    /// Reads a stored realm.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|realm| realm.as_str() == text)
    }
}

/// A file that no key can be made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("each line of the file is a key of at least {LEAST_SECRET} random characters, the first is the one in force")]
pub struct NoKey;

/// The key-encryption keys: the first is in force, the others still open what they once sealed.
#[derive(Debug, Clone)]
pub struct Vault {
    masters: Arc<[Master]>,
}

#[derive(Debug)]
struct Master {
    mark: [u8; MARK],
    key: LessSafeKey,
}

/// Where something sealed stands: it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Whose it is.
    pub person: PersonId,
    /// The row.
    pub row: Uuid,
}

/// The opened data keys of a realm of a school, the newest first.
#[derive(Debug)]
pub struct Keys {
    school: SchoolId,
    realm: Realm,
    keys: Vec<(i32, LessSafeKey)>,
}

/// Something sealed, with the generation of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which data key opens it.
    pub generation: i32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A table with sealed rows: its room registers it, so that a rotation reaches them.
pub trait SealedRows: Sync {
    /// How many rows are sealed with an older generation than the newest.
    fn waiting<'a>(&'a self, tx: &'a Tx, keys: &'a Keys) -> LocalBoxFuture<'a, Result<i64>>;
    /// Seals at most so many of them anew and says how many.
    fn reseal<'a>(&'a self, tx: &'a Tx, keys: &'a Keys, most: i64) -> LocalBoxFuture<'a, Result<u64>>;
}

row! {
    /// A data key as stored.
    pub struct StoredKey {
        /// Its generation.
        pub generation: i32,
        /// Sealed with a key-encryption key.
        pub sealed: Vec<u8>,
    }
}

row! {
    /// A data key, without the key.
    pub struct KeyAge {
        /// The school.
        pub school_id: SchoolId,
        /// The realm.
        pub realm: String,
        /// Its generation.
        pub generation: i32,
        /// Sealed with a key-encryption key.
        pub sealed: Vec<u8>,
        /// Since when.
        pub created_at: Timestamp,
    }
}

const KEY_LIST: Query<(SchoolId, &'static str), StoredKey> =
    Query::new("vault.key_list", "select generation, sealed from vault_key where school_id = $1 and realm = $2 order by generation desc");
const KEY_ADD: Command<(SchoolId, &'static str, i32, Vec<u8>, Timestamp)> = Command::new(
    "vault.key_add",
    "insert into vault_key (school_id, realm, generation, sealed, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
);
const KEY_REWRAP: Command<(SchoolId, &'static str, Vec<i32>, Vec<Vec<u8>>)> = Command::new(
    "vault.key_rewrap",
    "update vault_key k set sealed = n.sealed from unnest($3::int[], $4::bytea[]) as n (generation, sealed)
     where k.school_id = $1 and k.realm = $2 and k.generation = n.generation",
);
const KEY_DROP: Command<(SchoolId, &'static str, i32)> =
    Command::new("vault.key_drop", "delete from vault_key where school_id = $1 and realm = $2 and generation < $3");
const KEY_AGES: Query<(), KeyAge> =
    Query::new("vault.key_ages", "select school_id, realm, generation, sealed, created_at from vault_key order by school_id, realm, generation");

/// Every statement of this module, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[&KEY_LIST, &KEY_ADD, &KEY_REWRAP, &KEY_DROP, &KEY_AGES];

impl Vault {
    /// Reads the text of the key file.
    ///
    /// # Errors
    /// When a line is too short to be a key, or there is none.
    pub fn of(text: &str) -> std::result::Result<Self, NoKey> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let masters: Vec<Master> = lines.map(Master::of).collect::<std::result::Result<_, _>>()?;
        if masters.is_empty() { Err(NoKey) } else { Ok(Self { masters: masters.into() }) }
    }

    /// The data keys of a realm, to read with. None yet means that nothing is sealed yet.
    pub async fn keys(&self, tx: &Tx, school: SchoolId, realm: Realm) -> Result<Keys> {
        let stored = KEY_LIST.all(tx, (school, realm.as_str())).await?;
        let open = |key: &StoredKey| Ok((key.generation, self.open_key(school, realm, key.generation, &key.sealed)?));
        Ok(Keys { school, realm, keys: stored.iter().map(open).collect::<Result<_>>()? })
    }

    /// The data keys of a realm, to write with: the first is made at the first need.
    pub async fn keys_to_seal(&self, tx: &Tx, school: SchoolId, realm: Realm, now: Timestamp) -> Result<Keys> {
        let keys = self.keys(tx, school, realm).await?;
        if !keys.keys.is_empty() {
            return Ok(keys);
        }
        self.add(tx, school, realm, 1, now).await?;
        // Of two that make the first key at once one waited for the other, and reads its key here.
        self.keys(tx, school, realm).await
    }

    /// Adds a generation: what is written from now on is sealed with it. Says which; nothing where nothing was ever sealed.
    pub async fn rotate(&self, tx: &Tx, school: SchoolId, realm: Realm, now: Timestamp) -> Result<Option<i32>> {
        let Some(newest) = KEY_LIST.all(tx, (school, realm.as_str())).await?.first().map(|key| key.generation) else { return Ok(None) };
        self.add(tx, school, realm, newest + 1, now).await?;
        Ok(Some(newest + 1))
    }

    /// Seals the data keys of a realm with the key-encryption key in force, and says how many were not.
    pub async fn rewrap(&self, tx: &Tx, school: SchoolId, realm: Realm) -> Result<u64> {
        let stored = KEY_LIST.all(tx, (school, realm.as_str())).await?;
        let (mut generations, mut sealed) = (Vec::new(), Vec::new());
        for key in stored.iter().filter(|key| !self.is_current(&key.sealed)) {
            let plain = self.open_bytes(school, realm, key.generation, &key.sealed)?;
            generations.push(key.generation);
            sealed.push(self.seal_key(school, realm, key.generation, &plain)?);
        }
        if generations.is_empty() { Ok(0) } else { KEY_REWRAP.run(tx, (school, realm.as_str(), generations, sealed)).await }
    }

    /// Whether a stored data key is sealed with the key-encryption key in force.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        self.masters.first().is_some_and(|master| sealed.get(1..=MARK) == Some(master.mark.as_slice()))
    }

    async fn add(&self, tx: &Tx, school: SchoolId, realm: Realm, generation: i32, now: Timestamp) -> Result<()> {
        let mut key = [0_u8; DATA_KEY];
        SystemRandom::new().fill(&mut key).map_err(|_| Error::broken("no randomness"))?;
        let sealed = self.seal_key(school, realm, generation, &key)?;
        KEY_ADD.run(tx, (school, realm.as_str(), generation, sealed, now)).await?;
        Ok(())
    }

    fn seal_key(&self, school: SchoolId, realm: Realm, generation: i32, plain: &[u8]) -> Result<Vec<u8>> {
        let master = self.masters.first().ok_or_else(|| Error::broken("a vault without a key"))?;
        let body = seal(&master.key, &of_key(school, realm, generation), plain)?;
        Ok([&[LAYOUT], master.mark.as_slice(), &body].concat())
    }

    fn open_bytes(&self, school: SchoolId, realm: Realm, generation: i32, sealed: &[u8]) -> Result<Vec<u8>> {
        let (head, body) = sealed.split_at_checked(1 + MARK).ok_or_else(cut_short)?;
        let master = self.masters.iter().find(|master| head == [&[LAYOUT], master.mark.as_slice()].concat());
        let master = master.ok_or_else(|| Error::broken("a data key was sealed with another key than secrets.records_key_file now names"))?;
        open(&master.key, &of_key(school, realm, generation), body)
    }

    fn open_key(&self, school: SchoolId, realm: Realm, generation: i32, sealed: &[u8]) -> Result<LessSafeKey> {
        let plain = self.open_bytes(school, realm, generation, sealed)?;
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &plain).map_err(|_| Error::broken("a data key has another length"))?))
    }
}

impl Keys {
    /// The school they belong to.
    pub fn school(&self) -> SchoolId {
        self.school
    }

    /// The realm they belong to.
    pub fn realm(&self) -> Realm {
        self.realm
    }

    /// The newest generation; nothing before the first.
    pub fn newest(&self) -> Option<i32> {
        self.keys.first().map(|(generation, _)| *generation)
    }

    /// How many generations there are.
    pub fn generations(&self) -> usize {
        self.keys.len()
    }

    /// Seals for a slot with the newest key.
    ///
    /// # Errors
    /// When there is no key, or the operating system gives no randomness.
    pub fn seal(&self, slot: Slot, plain: &[u8]) -> Result<Sealed> {
        let (generation, key) = self.keys.first().ok_or_else(|| Error::broken("nothing can be sealed before there is a key"))?;
        let body = seal(key, &self.of_slot(slot), plain)?;
        Ok(Sealed { generation: *generation, bytes: [&[LAYOUT], body.as_slice()].concat() })
    }

    /// Opens what was sealed for this slot.
    ///
    /// # Errors
    /// When it was sealed for another slot, school or realm, or was changed since.
    pub fn open(&self, slot: Slot, sealed: &Sealed) -> Result<Vec<u8>> {
        let key = self.keys.iter().find(|(generation, _)| *generation == sealed.generation).map(|(_, key)| key);
        let key = key.ok_or_else(|| Error::broken("the key of a sealed record is not there"))?;
        let (layout, body) = sealed.bytes.split_at_checked(1).ok_or_else(cut_short)?;
        if layout != [LAYOUT] {
            return Err(Error::broken("a sealed record is laid out in a way that this version does not know"));
        }
        open(key, &self.of_slot(slot), body)
    }

    fn of_slot(&self, slot: Slot) -> Vec<u8> {
        [b"shanyraq record ".as_slice(), self.school.0.as_bytes(), self.realm.as_str().as_bytes(), b" ", slot.person.0.as_bytes(), slot.row.as_bytes()].concat()
    }
}

impl Master {
    fn of(secret: &str) -> std::result::Result<Self, NoKey> {
        if secret.chars().count() < LEAST_SECRET {
            return Err(NoKey);
        }
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"shanyraq keys of records").extract(secret.as_bytes());
        let key = secret.expand(&[b"key of data keys"], &AES_256_GCM).map_err(|_| NoKey)?;
        let mut mark = [0_u8; MARK];
        secret.expand(&[b"mark of the key"], Length).and_then(|made| made.fill(&mut mark)).map_err(|_| NoKey)?;
        Ok(Self { mark, key: LessSafeKey::new(UnboundKey::from(key)) })
    }
}

/// Removes the generations before the newest. Where a row still needs one, the database refuses.
pub async fn drop_older(tx: &Tx, keys: &Keys) -> Result<u64> {
    match keys.newest() {
        Some(newest) => KEY_DROP.run(tx, (keys.school, keys.realm.as_str(), newest)).await,
        None => Ok(0),
    }
}

/// Every data key in scope, without the keys.
pub async fn ages(tx: &Tx) -> Result<Vec<KeyAge>> {
    KEY_AGES.all(tx, ()).await
}

/// What a data key is bound to.
fn of_key(school: SchoolId, realm: Realm, generation: i32) -> Vec<u8> {
    [b"shanyraq data key ".as_slice(), school.0.as_bytes(), realm.as_str().as_bytes(), b" ", &generation.to_be_bytes()].concat()
}

fn seal(key: &LessSafeKey, bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0_u8; NONCE_LEN];
    SystemRandom::new().fill(&mut nonce).map_err(|_| Error::broken("no randomness"))?;
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to), &mut body).map_err(|_| Error::broken("a record cannot be sealed"))?;
    Ok([nonce.as_slice(), &body].concat())
}

fn open(key: &LessSafeKey, bound_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(cut_short)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| cut_short())?;
    let mut body = body.to_vec();
    Ok(key.open_in_place(nonce, Aad::from(bound_to), &mut body).map_err(|_| Error::broken("something sealed does not open"))?.to_vec())
}

fn cut_short() -> Error {
    Error::broken("something sealed is cut short")
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
    use super::*;

    const SECRET: &str = "a text of more than thirty-two characters";

    fn school(number: u128) -> SchoolId {
        SchoolId(Uuid::from_u128(number))
    }

    fn slot(person: u128, row: u128) -> Slot {
        Slot { person: PersonId(Uuid::from_u128(person)), row: Uuid::from_u128(row) }
    }

    fn keys(vault: &Vault, of: SchoolId, realm: Realm) -> Keys {
        let sealed = vault.seal_key(of, realm, 1, &[7; DATA_KEY]).unwrap();
        Keys { school: of, realm, keys: vec![(1, vault.open_key(of, realm, 1, &sealed).unwrap())] }
    }

    #[test]
    fn inv_1_what_is_sealed_opens_in_its_own_slot_only_and_unchanged() {
        let vault = Vault::of(SECRET).unwrap();
        let own = keys(&vault, school(1), Realm::Health);
        let sealed = own.seal(slot(1, 1), b"a secret of a child").unwrap();
        assert!(!sealed.bytes.windows(6).any(|part| part == b"secret"));
        assert_eq!(own.open(slot(1, 1), &sealed).unwrap(), b"a secret of a child");
        // The same data key even: what it is bound to is what refuses.
        for (why, keys, at) in [
            ("another person", keys(&vault, school(1), Realm::Health), slot(2, 1)),
            ("another row", keys(&vault, school(1), Realm::Health), slot(1, 2)),
            ("another realm", keys(&vault, school(1), Realm::Social), slot(1, 1)),
            ("another school", keys(&vault, school(2), Realm::Health), slot(1, 1)),
        ] {
            assert!(keys.open(at, &sealed).is_err(), "{why}");
        }
        for at in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[at] ^= 1;
            assert!(own.open(slot(1, 1), &changed).is_err(), "byte {at} was changed");
            changed.bytes.truncate(at);
            assert!(own.open(slot(1, 1), &changed).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_data_key_is_bound_to_its_school_realm_and_generation() {
        let vault = Vault::of(SECRET).unwrap();
        let sealed = vault.seal_key(school(1), Realm::Health, 1, &[7; DATA_KEY]).unwrap();
        assert!(vault.open_key(school(2), Realm::Health, 1, &sealed).is_err());
        assert!(vault.open_key(school(1), Realm::Social, 1, &sealed).is_err());
        assert!(vault.open_key(school(1), Realm::Health, 2, &sealed).is_err());
        assert!(Vault::of(&SECRET.to_uppercase()).unwrap().open_key(school(1), Realm::Health, 1, &sealed).is_err());
    }

    #[test]
    fn a_previous_key_opens_what_it_sealed_and_the_first_line_seals() {
        let (old, both) = (Vault::of(SECRET).unwrap(), Vault::of(&format!("{}\n{SECRET}\n", SECRET.to_uppercase())).unwrap());
        let sealed = old.seal_key(school(1), Realm::Health, 1, &[7; DATA_KEY]).unwrap();
        assert!(both.open_key(school(1), Realm::Health, 1, &sealed).is_ok() && !both.is_current(&sealed) && old.is_current(&sealed));
        let anew = both.seal_key(school(1), Realm::Health, 1, &[7; DATA_KEY]).unwrap();
        assert!(both.is_current(&anew) && old.open_key(school(1), Realm::Health, 1, &anew).is_err());
    }

    #[test]
    fn inv_2_neither_a_vault_nor_its_keys_show_themselves() {
        let vault = Vault::of(SECRET).unwrap();
        let shown = format!("{vault:?} {:?} {}", keys(&vault, school(1), Realm::Health), Error::broken("something sealed does not open"));
        assert!(!shown.contains("thirty") && !shown.contains("7, 7") && !shown.contains("0707"));
        assert_eq!(Vault::of("  short  ").unwrap_err(), NoKey);
        assert_eq!(Vault::of(&format!("{SECRET}\nshort")).unwrap_err(), NoKey);
        assert_eq!(Vault::of("\n \n").unwrap_err(), NoKey);
    }
}
