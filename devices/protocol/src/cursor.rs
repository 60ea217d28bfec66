//! The cursor of one store: which sequence numbers are durable (or declared lost), and what that lets us acknowledge.
//! The hub decides "fresh or duplicate" with it under the row lock of the device's cursor; the terminal frees its flash by it.

use serde::{Deserialize, Serialize};

/// The most separate stretches a cursor keeps above its gap-free prefix. A device with more holes than this is broken:
/// its further events above the holes are not admitted until some hole is closed, so it keeps them and nothing is lost.
pub const MOST_STRETCHES: usize = 400;

/// A closed range of sequence numbers.
pub type Stretch = (i64, i64);

/// Durable numbers of one `(device, store)`.
///
/// Always true: `upto >= 0`; the stretches ahead are sorted, disjoint, not adjacent, and all begin above `upto + 1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    upto: i64,
    ahead: Vec<Stretch>,
}

/// What the cursor says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not seen: now taken.
    Fresh,
    /// Durable (or declared lost) before.
    Duplicate,
    /// Beyond what may be kept ahead of open gaps; the device must keep it.
    TooFarAhead,
}

impl Cursor {
    /// A cursor from its stored parts; the stretches may come in any order and overlap.
    pub fn from_parts(upto: i64, ahead: impl IntoIterator<Item = Stretch>) -> Self {
        let mut cursor = Self { upto: upto.max(0), ahead: Vec::new() };
        for (from, to) in ahead {
            cursor.cover(from, to);
        }
        cursor
    }

    /// The last number of the gap-free prefix; 0 when there is none.
    pub fn upto(&self) -> i64 {
        self.upto
    }

    /// Stretches above the first open gap.
    pub fn ahead(&self) -> &[Stretch] {
        &self.ahead
    }

    /// Open gaps, lowest first.
    pub fn gaps(&self) -> Vec<Stretch> {
        let mut next = self.upto.saturating_add(1);
        let mut gaps = Vec::with_capacity(self.ahead.len());
        for &(from, to) in &self.ahead {
            gaps.push((next, from - 1));
            next = to.saturating_add(1);
        }
        gaps
    }

    /// Whether the number is covered.
    pub fn has(&self, seq: i64) -> bool {
        seq <= self.upto || self.ahead.iter().any(|&(from, to)| from <= seq && seq <= to)
    }

    /// Takes one number.
    pub fn take(&mut self, seq: i64) -> Verdict {
        if self.has(seq) {
            return Verdict::Duplicate;
        }
        let mut after = self.clone();
        after.cover(seq, seq);
        if after.ahead.len() > MOST_STRETCHES {
            return Verdict::TooFarAhead;
        }
        *self = after;
        Verdict::Fresh
    }

    /// Marks a whole stretch as covered: the device declared it lost. Only numbers below `before` count,
    /// so that no declaration reaches into the future.
    pub fn declare_lost(&mut self, from: i64, to: i64, before: i64) {
        self.cover(from, to.min(before.saturating_sub(1)));
    }

    fn cover(&mut self, from: i64, to: i64) {
        let from = from.max(self.upto.saturating_add(1));
        if to < from {
            return;
        }
        let mut merged = (from, to);
        let mut kept = Vec::with_capacity(self.ahead.len() + 1);
        for &(a, b) in &self.ahead {
            if b.saturating_add(1) < merged.0 || merged.1.saturating_add(1) < a {
                kept.push((a, b));
            } else {
                merged = (merged.0.min(a), merged.1.max(b));
            }
        }
        kept.push(merged);
        kept.sort_unstable();
        self.ahead = kept;
        if let Some(&(first, last)) = self.ahead.first()
            && first == self.upto.saturating_add(1)
        {
            self.upto = last;
            self.ahead.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The cursor against the plain set it stands for.
        #[test]
        fn inv_3_upto_never_passes_an_open_gap(seqs in prop::collection::vec(1_i64..120, 0..300)) {
            let mut cursor = Cursor::default();
            let mut set = BTreeSet::new();
            for seq in seqs {
                let fresh = set.insert(seq);
                prop_assert_eq!(cursor.take(seq), if fresh { Verdict::Fresh } else { Verdict::Duplicate });
                let prefix = (1..).take_while(|n| set.contains(n)).last().unwrap_or(0);
                prop_assert_eq!(cursor.upto(), prefix);
                for n in 1..125 {
                    prop_assert_eq!(cursor.has(n), set.contains(&n));
                }
                prop_assert!(cursor.gaps().iter().all(|&(a, b)| a <= b && (a..=b).all(|n| !set.contains(&n))));
            }
        }

        #[test]
        fn stored_parts_give_the_same_cursor(seqs in prop::collection::vec(1_i64..500, 0..200)) {
            let mut cursor = Cursor::default();
            for seq in seqs { cursor.take(seq); }
            let again = Cursor::from_parts(cursor.upto(), cursor.ahead().iter().copied());
            prop_assert_eq!(again, cursor);
        }
    }

    #[test]
    fn only_a_declaration_closes_a_gap() {
        let mut cursor = Cursor::default();
        for seq in [1, 2, 6, 7] {
            cursor.take(seq);
        }
        assert_eq!((cursor.upto(), cursor.gaps()), (2, vec![(3, 5)]));
        cursor.declare_lost(3, 5, 8);
        assert_eq!((cursor.upto(), cursor.gaps()), (7, vec![]));
        cursor.declare_lost(8, 1_000, 10);
        assert_eq!(cursor.upto(), 9);
    }

    #[test]
    fn a_device_full_of_holes_is_told_to_keep() {
        let mut cursor = Cursor::default();
        for n in 0..i64::try_from(MOST_STRETCHES).unwrap() {
            assert_eq!(cursor.take(2 + 2 * n), Verdict::Fresh);
        }
        assert_eq!(cursor.take(100_000), Verdict::TooFarAhead);
        assert_eq!(cursor.take(1), Verdict::Fresh);
        assert_eq!(cursor.take(100_000), Verdict::Fresh);
    }
}
