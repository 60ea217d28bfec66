//! Faults by chance, and the time an answer takes. Seeded: the same seed and the
//! same order of arrivals give the same outcomes.

use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::verdict::Verdict;

/// The standard normal quantile of 0.99: how many sigmas the p99 lies above the median.
const P99_SIGMAS: f64 = 2.326_347_9;

/// An answer never takes longer than this many times the p99.
const TAIL_CAP: f64 = 10.0;

/// Settings that cannot be meant.
#[derive(Debug, Error, PartialEq)]
pub enum SettingsError {
    /// A probability outside 0…1, or a sum above 1.
    #[error("the probabilities of faults must each be within 0 and 1 and sum up to at most 1")]
    Probability,
    /// A latency that is negative, or a p99 below the median.
    #[error("latency must be 0 ms or more, and its p99 not below its median")]
    Latency,
}

/// Probabilities of each fault for an otherwise good send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// 503 without Retry-After
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub unavailable: f64,
    /// 503 with Retry-After
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub unavailable_later: f64,
    /// 429 with Retry-After
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub quota: f64,
    /// 500
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub internal: f64,
    /// never answered
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub stall: f64,
    /// the TCP connection is reset
    #[arg(long, default_value_t = 0.0, value_name = "P")]
    pub reset: f64,
}

impl Faults {
    /// Refuses probabilities that cannot be meant.
    ///
    /// # Errors
    /// [`SettingsError::Probability`].
    pub fn checked(self) -> Result<Self, SettingsError> {
        let all = self.all();
        let each = all.iter().all(|p| (0.0..=1.0).contains(p));
        // A hair above 1, because 0.1 + 0.2 + 0.7 is one in decimal only.
        let sum = all.iter().sum::<f64>() <= 1.0 + 1e-9;
        if each && sum {
            Ok(self)
        } else {
            Err(SettingsError::Probability)
        }
    }

    /// Throws the dice once for one send.
    pub fn draw(&self, dice: &mut Dice, retry_after: Duration) -> Verdict {
        let mut left = dice.unit();
        for (probability, kind) in self.all().into_iter().zip(KINDS) {
            if left < probability {
                return kind.verdict(retry_after);
            }
            left -= probability;
        }
        Verdict::Accepted
    }

    fn all(&self) -> [f64; 6] {
        [
            self.unavailable,
            self.unavailable_later,
            self.quota,
            self.internal,
            self.stall,
            self.reset,
        ]
    }
}

/// A passing fault, whether by chance or by script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 503 without Retry-After.
    Unavailable,
    /// 503 with Retry-After.
    UnavailableLater,
    /// 429 with Retry-After.
    Quota,
    /// 500.
    Internal,
    /// Never answered.
    Stall,
    /// Connection reset.
    Reset,
}

/// In the order of [`Faults::all`].
const KINDS: [Kind; 6] = [
    Kind::Unavailable,
    Kind::UnavailableLater,
    Kind::Quota,
    Kind::Internal,
    Kind::Stall,
    Kind::Reset,
];

impl Kind {
    /// The verdict of this fault.
    #[must_use]
    pub fn verdict(self, retry_after: Duration) -> Verdict {
        match self {
            Self::Unavailable => Verdict::Unavailable { retry_after: None },
            Self::UnavailableLater => Verdict::Unavailable {
                retry_after: Some(retry_after),
            },
            Self::Quota => Verdict::Quota { retry_after },
            Self::Internal => Verdict::Internal,
            Self::Stall => Verdict::Stall,
            Self::Reset => Verdict::Reset,
        }
    }
}

/// How long an answer takes: fixed, or log-normal around a median with a given p99.
#[derive(Debug, Clone, Copy, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// time from receipt to answer; the median if a p99 is given
    #[arg(
        id = "latency_ms",
        long = "latency-ms",
        default_value_t = 0.0,
        value_name = "MS"
    )]
    #[serde(rename = "latency_ms")]
    pub median_ms: f64,
    /// makes the latency log-normal with this 99th percentile
    #[arg(id = "latency_p99_ms", long = "latency-p99-ms", value_name = "MS")]
    #[serde(rename = "latency_p99_ms", default)]
    pub p99_ms: Option<f64>,
}

impl Latency {
    /// Refuses times that cannot be meant.
    ///
    /// # Errors
    /// [`SettingsError::Latency`].
    pub fn checked(self) -> Result<Self, SettingsError> {
        let limit = 0.0..=3_600_000.0;
        let tail = self
            .p99_ms
            .is_none_or(|p99| limit.contains(&p99) && p99 >= self.median_ms);
        if limit.contains(&self.median_ms) && tail {
            Ok(self)
        } else {
            Err(SettingsError::Latency)
        }
    }

    /// The time for one answer.
    pub fn draw(&self, dice: &mut Dice) -> Duration {
        let ms = match self.p99_ms {
            Some(p99) if self.median_ms > 0.0 => {
                let sigma = (p99 / self.median_ms).ln() / P99_SIGMAS;
                (self.median_ms * (sigma * dice.normal()).exp()).min(p99 * TAIL_CAP)
            }
            _ => self.median_ms,
        };
        Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default()
    }
}

/// A small seeded generator (SplitMix64): faults need repeatable, not secret, randomness.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in 0 (included) … 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        let high = u32::try_from(self.bits() >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// Standard normal (Box-Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_follows_the_probabilities_and_the_seed() {
        let faults = Faults {
            unavailable: 0.2,
            reset: 0.1,
            ..Faults::default()
        };
        let run = |seed| {
            let mut dice = Dice::new(seed);
            (0..10_000)
                .map(|_| faults.draw(&mut dice, Duration::from_secs(1)).word())
                .collect::<Vec<_>>()
        };
        let first = run(7);
        let count = |word| first.iter().filter(|w| **w == word).count();
        assert!(
            (1_800..2_200).contains(&count("unavailable")),
            "{}",
            count("unavailable")
        );
        assert!((850..1_150).contains(&count("reset")), "{}", count("reset"));
        assert_eq!(count("quota") + count("stall") + count("internal"), 0);
        assert_eq!(first, run(7));
        assert_ne!(first, run(8));
    }

    #[test]
    fn latency_has_its_median_and_its_tail() {
        let latency = Latency {
            median_ms: 50.0,
            p99_ms: Some(400.0),
        };
        let mut dice = Dice::new(1);
        let mut drawn: Vec<u128> = (0..20_000)
            .map(|_| latency.draw(&mut dice).as_millis())
            .collect();
        drawn.sort_unstable();
        assert!((47..=53).contains(&drawn[10_000]), "{}", drawn[10_000]);
        assert!((350..=460).contains(&drawn[19_800]), "{}", drawn[19_800]);
        assert!(drawn[19_999] <= 4_000);
    }

    #[test]
    fn settings_that_cannot_be_meant_are_refused() {
        let twice = Faults {
            unavailable: 0.6,
            quota: 0.6,
            ..Faults::default()
        };
        assert_eq!(twice.checked(), Err(SettingsError::Probability));
        let nan = Faults {
            stall: f64::NAN,
            ..Faults::default()
        };
        assert_eq!(nan.checked(), Err(SettingsError::Probability));
        let whole = Faults {
            unavailable: 0.1,
            quota: 0.2,
            internal: 0.7,
            ..Faults::default()
        };
        assert_eq!(whole.checked(), Ok(whole));
        let upside_down = Latency {
            median_ms: 50.0,
            p99_ms: Some(10.0),
        };
        assert_eq!(upside_down.checked(), Err(SettingsError::Latency));
    }
}
