//! The file of an allow-list: what is read, and what is written for it.
//!
//! `SHYLIST1`, school (length, text), version u64, issued and expires i64 (seconds since 1970), offset of the school's time from UTC in
//! minutes i16, salt of 16 bytes, schedules (count u8; each a count u8 of stretches of days u8, directions u8, from u16, to u16), cards
//! (count u32; each the digest of 16 bytes and its standing u8), sorted; then the Ed25519 signature of all that. Numbers are little-endian.

use protocol::{topic::Code, up::Direction};
use ring::{digest, signature};

/// What every list begins with.
pub(super) const MAGIC: &[u8; 8] = b"SHYLIST1";
const SIGNATURE_BYTES: usize = 64;
const DIGEST_BYTES: usize = 16;
const CARD_BYTES: usize = DIGEST_BYTES + 1;
const MINUTES_OF_DAY: u16 = 24 * 60;
/// Standings below this are not the number of a schedule.
const FIRST_SCHEDULE: u8 = 2;

/// Why a list is not taken. The text is for support staff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Not signed with our key, or changed since.
    #[error("the signature is not of the key this terminal was given")]
    Forged,
    /// Signed, but not a list.
    #[error("not an allow-list: {0}")]
    Malformed(&'static str),
    /// Of somebody else.
    #[error("a list of school {0}")]
    OtherSchool(String),
    /// Not newer than the one in force.
    #[error("version {offered} is not newer than version {present}, which is in force")]
    Old {
        /// In force.
        present: u64,
        /// On offer.
        offered: u64,
    },
    /// Over before it began.
    #[error("its time is over")]
    Over,
}

/// A card's digest within one list.
pub type Digest = [u8; DIGEST_BYTES];

/// What a card may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Opens nowhere: lost, stolen, returned.
    Barred,
    /// Opens at any time.
    Always,
    /// Opens in the hours of that schedule.
    Hours(u8),
}

impl Standing {
    /// As in the file.
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Barred => 0,
            Self::Always => 1,
            Self::Hours(schedule) => schedule.saturating_add(FIRST_SCHEDULE),
        }
    }

    fn of(byte: u8) -> Self {
        match byte {
            0 => Self::Barred,
            1 => Self::Always,
            schedule => Self::Hours(schedule - FIRST_SCHEDULE),
        }
    }
}

/// A stretch of some weekdays in which a gate opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Bit 0 is Monday.
    pub days: u8,
    /// Bit 0 is in, bit 1 is out.
    pub directions: u8,
    /// First minute of the day.
    pub from: u16,
    /// First minute that is too late.
    pub to: u16,
}

impl Hours {
    /// Whether a moment of the school's week falls into it.
    pub fn hold(&self, weekday: u8, minute: u16, direction: Direction) -> bool {
        let way = match direction {
            Direction::In => 1,
            Direction::Out => 2,
        };
        self.days & (1 << weekday.min(7)) != 0 && self.directions & way != 0 && (self.from..self.to).contains(&minute)
    }
}

/// A list that was whole and signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowList {
    /// Whose.
    pub school: String,
    /// Grows with each list of a school.
    pub version: u64,
    /// When it was made. It says so from the moment it is taken.
    pub issued_ms: i64,
    /// Until when.
    pub expires_ms: i64,
    /// The school's time, in minutes from UTC.
    pub utc_offset_minutes: i16,
    salt: [u8; 16],
    schedules: Vec<Vec<Hours>>,
    cards: Vec<[u8; CARD_BYTES]>,
}

impl AllowList {
    /// Reads a list, if it is signed with that key.
    pub fn read(bytes: &[u8], key: &[u8]) -> Result<Self, ListError> {
        let (signed, signature) = bytes.len().checked_sub(SIGNATURE_BYTES).and_then(|end| bytes.split_at_checked(end)).ok_or(ListError::Malformed("too short"))?;
        signature::UnparsedPublicKey::new(&signature::ED25519, key).verify(signed, signature).map_err(|_| ListError::Forged)?;
        Reading { rest: signed }.list().map_err(ListError::Malformed)
    }

    /// How many cards it names.
    pub fn cards(&self) -> usize {
        self.cards.len()
    }

    /// What it says of a card.
    pub fn standing(&self, card: &str) -> Option<Standing> {
        let wanted = digest_of(&self.salt, card);
        let place = self.cards.binary_search_by(|entry| entry.split_at(DIGEST_BYTES).0.cmp(wanted.as_slice())).ok()?;
        self.cards.get(place).and_then(|entry| entry.last()).map(|byte| Standing::of(*byte))
    }

    /// The hours of a schedule; of none that is not there.
    pub fn hours(&self, schedule: u8) -> &[Hours] {
        self.schedules.get(usize::from(schedule)).map_or(&[], Vec::as_slice)
    }
}

/// A card's digest under the salt of a list. The card is as `protocol::up::card` writes it.
pub(super) fn digest_of(salt: &[u8; 16], card: &str) -> Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(salt);
    context.update(card.as_bytes());
    let digest = context.finish();
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

/// Takes a file apart from its beginning.
struct Reading<'a> {
    rest: &'a [u8],
}

impl Reading<'_> {
    fn list(mut self) -> Result<AllowList, &'static str> {
        if self.take::<8>()? != *MAGIC {
            return Err("another beginning");
        }
        let list = AllowList {
            school: self.school()?,
            version: u64::from_le_bytes(self.take()?),
            issued_ms: self.seconds()?,
            expires_ms: self.seconds()?,
            utc_offset_minutes: i16::from_le_bytes(self.take()?),
            salt: self.take()?,
            schedules: self.schedules()?,
            cards: self.cards()?,
        };
        if !self.rest.is_empty() {
            return Err("more than a list");
        }
        let schedules = list.schedules.len();
        let known = |entry: &[u8; CARD_BYTES]| entry.last().is_some_and(|byte| usize::from(byte.saturating_sub(FIRST_SCHEDULE)) < schedules || *byte < FIRST_SCHEDULE);
        if list.cards.iter().all(known) { Ok(list) } else { Err("a card of no schedule") }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or("it ends too early")?;
        self.rest = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, &'static str> {
        self.take().map(|[byte]| byte)
    }

    fn school(&mut self) -> Result<String, &'static str> {
        let length = usize::from(self.byte()?);
        let (text, rest) = self.rest.split_at_checked(length).ok_or("it ends too early")?;
        self.rest = rest;
        let text = std::str::from_utf8(text).map_err(|_| "no text")?;
        Code::parse(text).map(|code| code.to_string()).map_err(|_| "no school's code")
    }

    fn seconds(&mut self) -> Result<i64, &'static str> {
        i64::from_le_bytes(self.take()?).checked_mul(1_000).ok_or("a time beyond all times")
    }

    fn schedules(&mut self) -> Result<Vec<Vec<Hours>>, &'static str> {
        let count = self.byte()?;
        (0..count).map(|_| self.schedule()).collect()
    }

    fn schedule(&mut self) -> Result<Vec<Hours>, &'static str> {
        let count = self.byte()?;
        (0..count).map(|_| self.stretch()).collect()
    }

    fn stretch(&mut self) -> Result<Hours, &'static str> {
        let hours = Hours { days: self.byte()?, directions: self.byte()?, from: u16::from_le_bytes(self.take()?), to: u16::from_le_bytes(self.take()?) };
        if hours.to <= MINUTES_OF_DAY { Ok(hours) } else { Err("a day has 1440 minutes") }
    }

    fn cards(&mut self) -> Result<Vec<[u8; CARD_BYTES]>, &'static str> {
        let count = usize::try_from(u32::from_le_bytes(self.take()?)).map_err(|_| "too many cards")?;
        let (entries, rest) = count.checked_mul(CARD_BYTES).and_then(|bytes| self.rest.split_at_checked(bytes)).ok_or("it ends too early")?;
        self.rest = rest;
        let cards = entries.as_chunks::<CARD_BYTES>().0.to_vec();
        let digest = |entry: &[u8; CARD_BYTES]| entry.first_chunk::<DIGEST_BYTES>().copied();
        if cards.is_sorted_by(|a, b| digest(a) < digest(b)) { Ok(cards) } else { Err("its cards are not in order") }
    }
}
