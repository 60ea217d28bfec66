//! The chain, purely: how a link follows from the one before, and what a walk along a chain can find.

use jiff::{SignedDuration, Timestamp};
use kernel::id::{SchoolId, Uuid};
use ring::digest;

/// How far a row may be older than one chained before it: clocks of two instances differ, transactions take their time.
const OUT_OF_TIME: SignedDuration = SignedDuration::from_mins(15);

/// SHA-256 of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands before the first link of a school: no chain can be passed off as another school's.
    pub fn of_nothing(school: SchoolId) -> Self {
        digest_of(&[b"shanyraq audit chain of ", school.0.as_bytes()])
    }

    /// The link with this number, after this one, for this content.
    #[must_use]
    pub fn next(self, n: i64, content: &str) -> Self {
        digest_of(&[b"shanyraq audit link ", &self.0, &n.to_be_bytes(), content.as_bytes()])
    }

    /// As the database and the log keep it.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Hash {
    type Err = kernel::id::NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: Option<Vec<u8>> = (0..text.len().min(64)).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
        digits.filter(|_| text.len() == 64).and_then(|bytes| Self::read(&bytes)).ok_or(kernel::id::NotAnId)
    }
}

fn digest_of(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut hash = [0; 32];
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    Hash(hash)
}

/// Where a chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The number of its last link; 0 for a chain without any.
    pub n: i64,
    /// The hash of that link.
    pub hash: Hash,
}

/// A link as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub n: i64,
    /// The hash that was kept.
    pub hash: Option<Hash>,
    /// When its row says it was done.
    pub at: Timestamp,
    /// The row as it stands now; nothing when it is gone.
    pub content: Option<String>,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A link is missing; the number that should come.
    LinkMissing(i64),
    /// The row of this link is gone.
    RowGone(i64),
    /// The row of this link, or the link itself, is not what was chained: edited, moved or exchanged.
    Changed(i64),
    /// The row of this link was slipped in: it says a time long before rows that were chained earlier.
    OutOfTime(i64),
    /// The chain ends before its head, which is at this number.
    CutShort(i64),
    /// The head, or the end that the log told of, does not fit the link of this number.
    HeadDiffers(i64),
    /// A row stands outside the chain and does not wait to be chained.
    Outside(Uuid),
}

/// A walk along a chain, link by link.
#[derive(Debug)]
pub struct Walk {
    end: End,
    newest: Option<Timestamp>,
}

impl Walk {
    /// From the beginning.
    pub fn of(school: SchoolId) -> Self {
        Self::after(End { n: 0, hash: Hash::of_nothing(school) })
    }

    /// From behind a link.
    pub fn after(end: End) -> Self {
        Self { end, newest: None }
    }

    /// How far it came.
    pub fn end(&self) -> End {
        self.end
    }

    /// Takes the next link.
    ///
    /// # Errors
    /// The first thing that is wrong with it; the walk ends there.
    pub fn step(&mut self, found: &Found) -> Result<(), Fault> {
        let n = self.end.n + 1;
        if found.n != n {
            return Err(Fault::LinkMissing(n));
        }
        let content = found.content.as_deref().ok_or(Fault::RowGone(n))?;
        let hash = self.end.hash.next(n, content);
        if found.hash != Some(hash) {
            return Err(Fault::Changed(n));
        }
        if self.newest.is_some_and(|newest| newest.duration_since(found.at) > OUT_OF_TIME) {
            return Err(Fault::OutOfTime(n));
        }
        self.newest = self.newest.max(Some(found.at));
        self.end = End { n, hash };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(7));

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn chain(contents: &[&str]) -> Vec<Found> {
        let mut hash = Hash::of_nothing(SCHOOL);
        let link = |(n, content): (i64, &&str)| {
            hash = hash.next(n, content);
            Found { n, hash: Some(hash), at: at(n), content: Some((*content).to_owned()) }
        };
        (1..).zip(contents).map(link).collect()
    }

    fn walk(links: &[Found]) -> Result<i64, Fault> {
        let mut walk = Walk::of(SCHOOL);
        links.iter().try_for_each(|link| walk.step(link)).map(|()| walk.end().n)
    }

    #[test]
    fn inv_3_each_kind_of_tampering_breaks_the_walk_where_it_was_done() {
        let sound = chain(&["a", "b", "c", "d"]);
        assert_eq!(walk(&sound), Ok(4));
        let tampered = |how: &dyn Fn(&mut Vec<Found>)| {
            let mut links = sound.clone();
            how(&mut links);
            walk(&links)
        };
        assert_eq!(tampered(&|links| links[1].content = Some("B".into())), Err(Fault::Changed(2)));
        assert_eq!(tampered(&|links| links[1].content = None), Err(Fault::RowGone(2)));
        assert_eq!(tampered(&|links| drop(links.remove(1))), Err(Fault::LinkMissing(2)));
        assert_eq!(
            tampered(&|links| {
                let (one, other) = (links[1].content.clone(), links[2].content.clone());
                (links[1].content, links[2].content) = (other, one);
            }),
            Err(Fault::Changed(2))
        );
        // The forger even computes the hash of what they slip in, and counts on.
        assert_eq!(
            tampered(&|links| {
                let slipped = Found { n: 3, hash: links[1].hash.map(|hash| hash.next(3, "x")), at: at(3), content: Some("x".into()) };
                links.insert(2, slipped);
                (1..).zip(links.iter_mut()).for_each(|(n, link)| link.n = n);
            }),
            Err(Fault::Changed(4))
        );
    }

    #[test]
    fn a_row_that_was_backdated_stands_out() {
        let mut links = chain(&["a", "b", "c"]);
        links[1].at = at(60);
        assert_eq!(walk(&links), Err(Fault::OutOfTime(3)));
    }

    #[test]
    fn a_hash_reads_back_as_shown_and_each_school_begins_elsewhere() {
        let hash = Hash::of_nothing(SCHOOL);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
        }
        assert_ne!(hash, Hash::of_nothing(SchoolId(Uuid::from_u128(8))));
    }

    proptest! {
        #[test]
        fn no_exchange_of_one_letter_goes_unnoticed(contents in proptest::collection::vec("[a-z]{1,8}", 1..12), place in any::<prop::sample::Index>(), letter in "[A-Z]") {
            let borrowed: Vec<&str> = contents.iter().map(String::as_str).collect();
            let mut links = chain(&borrowed);
            let broken = place.index(links.len());
            let edited = format!("{letter}{}", links[broken].content.as_ref().unwrap().get(1..).unwrap());
            links[broken].content = Some(edited);
            prop_assert_eq!(walk(&links), Err(Fault::Changed(i64::try_from(broken).unwrap() + 1)));
        }
    }
}
