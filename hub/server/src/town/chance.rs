//! Chance that can be repeated: numbers and ids that follow from a seed, so that the same town grows every time.

use kernel::id::Uuid;
use ring::digest::{SHA256, digest};

/// 25 August 2026, when the synthetic schools took their pupils in: the time inside every id of the town.
const FOUNDED_MS: u64 = 1_787_616_000_000;

/// A sequence of numbers.
#[derive(Debug, Clone)]
pub struct Chance {
    seed: u64,
    drawn: u64,
}

impl Chance {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.wide().first_chunk().copied().map_or(0, u64::from_be_bytes)
    }

    /// A number below `limit`, which is not zero.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.draw() % limit).unwrap_or(0)
    }

    /// True so many times of a hundred.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// An id, UUIDv7 in form.
    pub fn id<T: From<Uuid>>(&mut self) -> T {
        let noise = self.wide().first_chunk().copied().map_or(0, u128::from_be_bytes);
        let [high, low] = [(noise >> 64) & 0xfff, noise & 0x3fff_ffff_ffff_ffff];
        T::from(Uuid::from_u128(u128::from(FOUNDED_MS) << 80 | 7 << 76 | high << 64 | 2 << 62 | low))
    }

    fn wide(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut text = [0_u8; 16];
        let (seed, place) = text.split_at_mut(8);
        seed.copy_from_slice(&self.seed.to_be_bytes());
        place.copy_from_slice(&self.drawn.to_be_bytes());
        digest(&SHA256, &text).as_ref().first_chunk().copied().unwrap_or([0; 32])
    }
}

/// A password of 80 bits that follows from a secret and a name.
pub fn password_of(secret: &str, name: &str) -> String {
    let bytes = digest(&SHA256, format!("{secret}/{name}").as_bytes());
    let bits = bytes.as_ref().first_chunk().copied().map_or(0, u128::from_be_bytes);
    kernel::id::show(Uuid::from_u128(bits)).chars().skip(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_town() {
        let ids = |seed| -> Vec<Uuid> { let mut chance = Chance::new(seed); (0..50).map(|_| chance.id()).collect() };
        assert_eq!(ids(1), ids(1));
        assert!(ids(1).iter().all(|id| id.get_version_num() == 7 && !ids(2).contains(id)));
        assert_eq!(password_of("a", "gate1").len(), 16);
        assert_ne!(password_of("a", "gate1"), password_of("b", "gate1"));
    }
}
