//! Seeded chance: the same seed gives the same decisions, so that a bad run can be replayed. Not for secrets.

/// A stream of pseudo-random numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed; `stream` tells apart the many users of one seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut chance = Self(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        chance.next();
        chance
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next().checked_rem(n).unwrap_or(0)
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        u32::try_from(self.next() >> 32).map_or(0.0, |high| f64::from(high) / 4_294_967_296.0)
    }

    /// True in so many cases of a hundred.
    pub fn percent(&mut self, percent: f64) -> bool {
        percent > 0.0 && self.unit() * 100.0 < percent
    }

    /// A waiting time of a Poisson process.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -(1.0 - self.unit()).ln() * mean
    }

    /// Bell-shaped around 0 with deviation 1, never beyond 6.
    pub fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let n = u64::try_from(items.len()).ok()?;
        items.get(usize::try_from(self.below(n)).ok()?)
    }

    /// Any order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = u64::try_from(last + 1).ok().and_then(|n| usize::try_from(self.below(n)).ok());
            items.swap(last, other.unwrap_or(last));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_streams_differ() {
        let take = |stream| { let mut c = Chance::new(7, stream); (0..4).map(|_| c.next()).collect::<Vec<_>>() };
        assert_eq!(take(1), take(1));
        assert_ne!(take(1), take(2));
    }

    #[test]
    fn per_cent_means_per_cent() {
        let mut chance = Chance::new(1, 1);
        let hits = (0..100_000).filter(|_| chance.percent(3.0)).count();
        assert!((2_700..3_300).contains(&hits), "{hits}");
        assert!(!chance.percent(0.0));
    }

    #[test]
    fn waiting_times_have_their_mean() {
        let mut chance = Chance::new(1, 2);
        let mean = (0..50_000).map(|_| chance.exponential(10.0)).sum::<f64>() / 50_000.0;
        assert!((9.7..10.3).contains(&mean), "{mean}");
    }
}
