//! The little arithmetic that figures need.

/// A count as a number to divide.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts here stay far below 2^52")]
pub fn float(count: u64) -> f64 {
    count as f64
}

/// How many of a list, as a number to divide.
pub fn len(list: &[impl Sized]) -> f64 {
    float(u64::try_from(list.len()).unwrap_or(u64::MAX))
}

/// The value that so many of a thousand do not exceed. Sorts the list.
pub fn per_mille(values: &mut [i64], per_mille: usize) -> i64 {
    values.sort_unstable();
    let rank = (values.len() * per_mille).div_ceil(1_000).clamp(1, values.len().max(1));
    values.get(rank - 1).copied().unwrap_or(0)
}

/// By how much a series of (time, value) rises over its own length, by least squares.
pub fn rise(series: &[(f64, f64)]) -> f64 {
    let n = len(series);
    let (Some(first), Some(last)) = (series.first(), series.last()) else { return 0.0 };
    let mean = |of: fn(&(f64, f64)) -> f64| series.iter().map(of).sum::<f64>() / n;
    let (t, v) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = series.iter().map(|point| (point.0 - t).powi(2)).sum();
    let together: f64 = series.iter().map(|point| (point.0 - t) * (point.1 - v)).sum();
    if spread > 0.0 { together / spread * (last.0 - first.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_take_a_value_that_was_there() {
        assert_eq!(per_mille(&mut (1..=1_000).rev().collect::<Vec<_>>(), 990), 990);
        assert_eq!((per_mille(&mut [7], 500), per_mille(&mut [], 990)), (7, 0));
    }

    #[test]
    fn a_straight_line_rises_by_what_it_rises() {
        assert!((rise(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]) - 4.0).abs() < 1e-9);
        assert!(rise(&[(0.0, 1.0)]).abs() < 1e-9);
    }
}
