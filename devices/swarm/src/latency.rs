//! A histogram of latencies with about 3 per cent of error: cheap to add to, small, and mergeable by nobody but its owner.

/// Counts by logarithmic buckets with 32 steps each.
#[derive(Debug, Default)]
pub struct Latency {
    buckets: Vec<u64>,
    total: u64,
    most_us: u64,
}

impl Latency {
    /// Adds one.
    pub fn add(&mut self, us: u64) {
        let bucket = bucket_of(us);
        if self.buckets.len() <= bucket {
            self.buckets.resize(bucket + 1, 0);
        }
        if let Some(count) = self.buckets.get_mut(bucket) {
            *count += 1;
        }
        self.total += 1;
        self.most_us = self.most_us.max(us);
    }

    /// How many were added.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The largest.
    pub fn most_us(&self) -> u64 {
        self.most_us
    }

    /// The latency that so many of a thousand do not exceed; 0 when there is none.
    pub fn per_mille_us(&self, per_mille: u64) -> u64 {
        let rank = (self.total * per_mille).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return top_of(bucket).min(self.most_us);
            }
        }
        self.most_us
    }
}

fn bucket_of(us: u64) -> usize {
    if us < 64 {
        return usize::try_from(us).unwrap_or(0);
    }
    let shift = us.ilog2() - 5;
    usize::try_from(u64::from(shift) * 32 + (us >> shift)).unwrap_or(0)
}

fn top_of(bucket: usize) -> u64 {
    let bucket = u64::try_from(bucket).unwrap_or(0);
    if bucket < 64 {
        return bucket;
    }
    let shift = bucket / 32 - 1;
    ((bucket - shift * 32 + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_their_values() {
        for us in (0..100_000).chain([1_000_000, 123_456_789, u64::from(u32::MAX)]) {
            let (bucket, top) = (bucket_of(us), top_of(bucket_of(us)));
            assert!(top >= us && top - us <= us / 32 && bucket_of(top) == bucket, "{us} {top}");
        }
    }

    #[test]
    fn percentiles_are_where_they_belong() {
        let mut latency = Latency::default();
        (1..=1_000).for_each(|ms| latency.add(ms * 1_000));
        assert!((500_000..=517_000).contains(&latency.per_mille_us(500)));
        assert!((990_000..=1_000_000).contains(&latency.per_mille_us(990)));
        assert_eq!((latency.most_us(), Latency::default().per_mille_us(500)), (1_000_000, 0));
    }
}
