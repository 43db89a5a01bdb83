//! Figures over many records.

mod cell;
mod fact;
mod period;
pub mod secrecy;
mod spread;

pub use cell::{Cell, GroupKey, Packed, groups, layout};
pub use fact::{Clock, Count, Fact, SATISFIED_FROM, Sums, month};
pub use period::{Month, Period};
pub use secrecy::SUPPRESSED_BELOW;
pub use spread::{BIN_WIDTH, MICROS_PER_MINUTE, Place, Seat, Spread, bin};

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
}
