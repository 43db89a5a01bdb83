//! Figures over many records.

mod fact;
mod period;
mod spread;

pub use fact::{COUNTS, Count, Fact, SATISFIED_FROM, Sums, count_names, month};
pub use period::{Period, months_between};
pub use spread::{Grain, MICROS_PER_MINUTE, Place, Spread, bin};

/// The `p`th percentile (0 to 1) of sorted values, interpolated linearly between neighbours (the "type 7" of the
/// statistics literature, which spreadsheets and PostgreSQL's `percentile_cont` use). `None` of nothing.
#[must_use]
#[expect(
    clippy::as_conversions,
    reason = "positions in a list that fits in memory are exact in an f64"
)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a floor of a position is a position"
)]
pub fn percentile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    let low = *sorted.get(below as usize)?;
    let high = *sorted.get((below as usize + 1).min(last))?;
    Some((high - low).mul_add(position - below, low))
}

/// A figure that may be shown in public: none below five, so that nobody is found out by it.
#[must_use]
pub const fn suppressed(count: i64) -> Option<i64> {
    if count < SUPPRESSED_BELOW { None } else { Some(count) }
}

/// Figures that add up to one that is shown: where only one of them is too small, the next smallest is not shown
/// either, since the one would be what is left.
#[must_use]
pub fn suppressed_parts(counts: &[i64]) -> Vec<Option<i64>> {
    let mut shown: Vec<Option<i64>> = counts.iter().copied().map(suppressed).collect();
    let small: i64 = counts.iter().filter(|count| **count < SUPPRESSED_BELOW).sum();
    let hidden = shown.iter().filter(|count| count.is_none()).count();
    // None at all is no secret: nothing is found out by what is not there.
    if hidden == 1 && small > 0 {
        let next = shown.iter().flatten().min().copied();
        if let Some(place) = shown.iter_mut().find(|count| count.is_some() && **count == next) {
            *place = None;
        }
    }
    shown
}

/// Public figures below this are not shown.
pub const SUPPRESSED_BELOW: i64 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_interpolate() {
        let values = [1.0, 2.0, 3.0, 10.0];
        assert_eq!(percentile(&values, 0.5), Some(2.5));
        assert_eq!(percentile(&values, 0.0), Some(1.0));
        assert_eq!(percentile(&values, 1.0), Some(10.0));
        assert!((percentile(&values, 0.9).unwrap() - 7.9).abs() < 1e-9);
        assert_eq!(percentile(&[7.0], 0.9), Some(7.0));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn a_single_small_part_takes_another_one_with_it() {
        assert_eq!(suppressed_parts(&[20, 3, 9, 9]), [Some(20), None, None, Some(9)]);
        assert_eq!(suppressed_parts(&[20, 3, 4]), [Some(20), None, None]);
        assert_eq!(suppressed_parts(&[20, 0, 9]), [Some(20), None, Some(9)]);
        assert_eq!(suppressed_parts(&[2]), [None]);
        assert_eq!(suppressed_parts(&[]), []);
    }

    #[test]
    fn small_counts_are_not_shown() {
        assert_eq!([0, 4, 5].map(suppressed), [None, None, Some(5)]);
    }
}
