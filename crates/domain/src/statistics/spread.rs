//! How durations are spread: exactly, or counted in bins whose number does not grow with what is counted.

use std::collections::BTreeMap;

use super::percentile;
use crate::time;

/// Bins are named in minutes.
pub const MICROS_PER_MINUTE: i64 = 60_000_000;

/// How fine bins are: of how many each doubling is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// 64 to a doubling: a bin is less than 1.6 % wide.
    Fine,
    /// 16 to a doubling: a bin is less than 6.3 % wide.
    Coarse,
}

impl Grain {
    /// Bits of fineness that are dropped.
    const fn dropped(self) -> u32 {
        match self {
            Self::Fine => 0,
            Self::Coarse => 2,
        }
    }
}

/// Fine bins of one doubling, as a power of two. Below 2 × 64 minutes a bin is a minute.
const FINE_BITS: u32 = 6;

/// The bin of a duration, named by the smallest whole number of minutes that falls into it. What is below nothing counts
/// as nothing.
#[must_use]
pub fn bin(micros: i64, grain: Grain) -> i64 {
    let minutes = (micros / MICROS_PER_MINUTE).max(0);
    let octave = minutes.checked_ilog2().unwrap_or(0).saturating_sub(FINE_BITS);
    let dropped = octave + grain.dropped();
    (minutes >> dropped) << dropped
}

/// The first minute after a bin.
fn end(bin: i64, grain: Grain) -> i64 {
    let octave = bin.checked_ilog2().unwrap_or(0).saturating_sub(FINE_BITS);
    bin + (1 << (octave + grain.dropped()))
}

/// Durations of many.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// Each, in microseconds.
    Exact(Vec<i64>),
    /// How many are in each bin.
    Binned(Grain, BTreeMap<i64, i64>),
    /// Not kept.
    Unknown,
}

impl Spread {
    /// Takes another one in. Exact ones stay exact only among themselves.
    pub fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Exact(all), Self::Exact(more)) => all.extend(more),
            (Self::Binned(grain, bins), Self::Binned(other, more)) if grain == other => {
                for (bin, count) in more {
                    *bins.entry(*bin).or_default() += count;
                }
            }
            _ => *self = Self::Unknown,
        }
    }

    /// Takes one duration away.
    pub fn take_away(&mut self, micros: i64) {
        match self {
            Self::Exact(all) => {
                if let Some(place) = all.iter().position(|known| *known == micros) {
                    all.swap_remove(place);
                }
            }
            Self::Binned(grain, bins) => *bins.entry(bin(micros, *grain)).or_default() -= 1,
            Self::Unknown => {}
        }
    }

    /// Several percentiles at once, in days: exact ones interpolate linearly between neighbours, binned ones within the
    /// bin. `None` of nothing, or where it is not kept.
    #[must_use]
    pub fn percentiles<const N: usize>(&self, wanted: [f64; N]) -> [Option<f64>; N] {
        match self {
            Self::Exact(all) => {
                let mut days: Vec<f64> = all.iter().map(|micros| time::days(*micros)).collect();
                days.sort_unstable_by(f64::total_cmp);
                wanted.map(|p| percentile(&days, p))
            }
            Self::Binned(grain, bins) => wanted.map(|p| binned(*grain, bins, p)),
            Self::Unknown => [None; N],
        }
    }

    /// Where a percentile is to be looked for among the durations themselves; `None` where each is known, or none.
    #[must_use]
    pub fn place(&self, p: f64) -> Option<Place> {
        let Self::Binned(grain, bins) = self else {
            return None;
        };
        let (place, fraction) = position(bins, p)?;
        let (bin, skip) = find(bins, place)?;
        Some(Place {
            // What is below nothing was counted as nothing.
            from: if bin == 0 { i64::MIN } else { bin * MICROS_PER_MINUTE },
            to: end(bin, *grain) * MICROS_PER_MINUTE,
            skip,
            fraction,
        })
    }
}

/// Where a percentile lies: between the durations number `skip` and `skip + 1`, counted from nothing, of those from `from`
/// on, in their order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The least duration of the bin, in microseconds.
    pub from: i64,
    /// The first after the bin.
    pub to: i64,
    /// How many of the bin come before.
    pub skip: i64,
    /// How far between the two, 0 to 1.
    pub fraction: f64,
}

impl Place {
    /// The percentile in days between two neighbours.
    #[must_use]
    pub fn between(&self, low: i64, high: i64) -> f64 {
        let (low, high) = (time::days(low), time::days(high));
        (high - low).mul_add(self.fraction, low)
    }
}

/// Where a percentile lies among so many: after how many, and how far to the next.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "numbers of cases are exact in an f64"
)]
fn position(bins: &BTreeMap<i64, i64>, p: f64) -> Option<(i64, f64)> {
    let total: i64 = bins.values().sum();
    let last = total.checked_sub(1).filter(|last| *last >= 0)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    Some((position.floor() as i64, position.fract()))
}

/// The bin of one of those counted, by its place in the order, and its place in the bin.
fn find(bins: &BTreeMap<i64, i64>, place: i64) -> Option<(i64, i64)> {
    let mut before = 0;
    for (bin, count) in bins {
        if place < before + count {
            return Some((*bin, place - before));
        }
        before += count;
    }
    None
}

/// The one at a place in the order, in days: those of a bin are taken to lie evenly in it.
#[expect(
    clippy::as_conversions,
    reason = "minutes of a lifetime and numbers of cases are exact in an f64"
)]
fn at(grain: Grain, bins: &BTreeMap<i64, i64>, place: i64) -> Option<f64> {
    let (bin, into) = find(bins, place)?;
    let count = bins.get(&bin).copied().unwrap_or(1).max(1) as f64;
    let width = (end(bin, grain) - bin) as f64;
    Some(width.mul_add((into as f64 + 0.5) / count, bin as f64) / 1_440.0)
}

fn binned(grain: Grain, bins: &BTreeMap<i64, i64>, p: f64) -> Option<f64> {
    let (place, fraction) = position(bins, p)?;
    let low = at(grain, bins, place)?;
    let high = at(grain, bins, place + 1).unwrap_or(low);
    Some((high - low).mul_add(fraction, low))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 1_440 * MICROS_PER_MINUTE;

    #[test]
    fn a_bin_holds_what_is_between_its_ends_and_no_other_bin_does() {
        for grain in [Grain::Fine, Grain::Coarse] {
            let mut last = 0;
            for minutes in 0..200_000_i64 {
                let bin = bin(minutes * MICROS_PER_MINUTE, grain);
                assert!(bin <= minutes && minutes < end(bin, grain), "{minutes} in {bin}");
                assert!(bin == last || bin == end(last, grain), "{bin} after {last}");
                last = bin;
            }
        }
        assert_eq!(bin(-5 * DAY, Grain::Fine), 0);
    }

    #[test]
    fn bins_are_as_narrow_as_they_say() {
        for days in [1, 7, 30, 400] {
            for (grain, most) in [(Grain::Fine, 1.0 / 64.0), (Grain::Coarse, 1.0 / 16.0)] {
                let bin = bin(days * DAY, grain);
                let width = f64::from(u32::try_from(end(bin, grain) - bin).unwrap());
                assert!(width / f64::from(u32::try_from(bin).unwrap()) <= most, "{days} days");
            }
        }
    }

    #[test]
    fn binned_percentiles_are_near_the_exact_ones() {
        let durations: Vec<i64> = (1..=5_000).map(|n| n * n % 9_973 * 7 * MICROS_PER_MINUTE).collect();
        let exact = Spread::Exact(durations.clone()).percentiles([0.5, 0.9]);
        for (grain, tolerance) in [(Grain::Fine, 0.008), (Grain::Coarse, 0.03)] {
            let mut bins = BTreeMap::new();
            for micros in &durations {
                *bins.entry(bin(*micros, grain)).or_default() += 1;
            }
            let near = Spread::Binned(grain, bins).percentiles([0.5, 0.9]);
            for (near, exact) in near.into_iter().zip(exact) {
                let (near, exact) = (near.unwrap(), exact.unwrap());
                assert!((near - exact).abs() / exact < tolerance, "{near} {exact}");
            }
        }
    }

    #[test]
    fn a_place_leads_to_the_exact_percentile() {
        let mut durations: Vec<i64> = (0..777)
            .map(|n| (n * n % 9_973 - 3) * 11 * MICROS_PER_MINUTE + n)
            .collect();
        let exact = Spread::Exact(durations.clone());
        let mut bins = BTreeMap::new();
        for micros in &durations {
            *bins.entry(bin(*micros, Grain::Coarse)).or_default() += 1;
        }
        let binned = Spread::Binned(Grain::Coarse, bins);
        durations.sort_unstable();
        for p in [0.0, 0.1, 0.5, 0.9, 1.0] {
            let place = binned.place(p).unwrap();
            let mut from = durations
                .iter()
                .filter(|micros| **micros >= place.from)
                .skip(usize::try_from(place.skip).unwrap());
            let low = *from.next().unwrap();
            let found = place.between(low, from.next().copied().unwrap_or(low));
            let [wanted] = exact.percentiles([p]);
            assert!((found - wanted.unwrap()).abs() < 1e-9, "{p}: {found} {wanted:?}");
        }
        assert_eq!(exact.place(0.5), None);
    }

    #[test]
    fn what_is_taken_away_counts_no_more() {
        let mut spread = Spread::Binned(Grain::Fine, BTreeMap::from([(bin(DAY, Grain::Fine), 1)]));
        spread.take_away(DAY);
        assert_eq!(spread.percentiles([0.5]), [None]);
        let mut exact = Spread::Exact(vec![DAY, 3 * DAY]);
        exact.take_away(DAY);
        assert_eq!(exact.percentiles([0.5]), [Some(3.0)]);
        exact.merge(&spread);
        assert_eq!(exact, Spread::Unknown);
    }
}
