//! How patiently something is tried again.

/// Doubling pauses with up to a quarter of jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The first pause.
    pub first_ms: i64,
    /// Never longer than this, but for the jitter.
    pub most_ms: i64,
}

impl Default for Patience {
    /// As the protocol has it.
    fn default() -> Self {
        Self { first_ms: 2_000, most_ms: 300_000 }
    }
}

impl Patience {
    /// The pause after so many attempts before this one.
    pub fn pause_ms(self, attempts: u32, chance: &mut Chance) -> i64 {
        let doubled = self.first_ms.saturating_mul(1 << attempts.min(20)).min(self.most_ms).max(1);
        doubled.saturating_add(chance.below(doubled / 4 + 1))
    }
}

/// Jitter: thousands of terminals that lost one hub must not come back in step. Nobody has to be surprised by it.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Begins anywhere.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 and below that bound (SplitMix64).
    pub fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or(0).checked_rem(bound).unwrap_or(0)
    }
}
