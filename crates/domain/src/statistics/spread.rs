//! How durations are spread: exactly, or counted in bins whose number does not grow with what is counted.

use super::percentile;
use crate::time;

/// Bins are measured in minutes.
pub const MICROS_PER_MINUTE: i64 = 60_000_000;

/// Bins of one doubling, as a power of two.
const BITS: u32 = 6;
/// Bins of one minute each, before they widen.
const SINGLE: i64 = 2 << BITS;
/// Longer durations than two thousand years count as that.
const MOST_MINUTES: i64 = 1 << 30;

/// There are no bins after this one.
const MOST_BINS: usize = 2_000;

/// The most by which a percentile from bins is off: a bin is no wider than that share of its durations, or a minute.
pub const BIN_WIDTH: f64 = 1.0 / 64.0;

/// The number of the bin of a duration. Each doubling is made of 64 bins, so that a bin is less than 1.6 % wide, or a
/// minute. What is below nothing counts as nothing.
#[must_use]
pub fn bin(micros: i64) -> usize {
    let minutes = (micros / MICROS_PER_MINUTE).clamp(0, MOST_MINUTES);
    let octave = minutes.checked_ilog2().unwrap_or(0).saturating_sub(BITS);
    let number = if octave == 0 {
        minutes
    } else {
        SINGLE + (i64::from(octave) - 1) * (SINGLE / 2) + (minutes >> octave) - SINGLE / 2
    };
    usize::try_from(number).unwrap_or_default()
}

/// The first minute of a bin, and the first after it.
fn ends(bin: usize) -> (i64, i64) {
    let number = i64::try_from(bin).unwrap_or(i64::MAX);
    if number < SINGLE {
        return (number, number + 1);
    }
    let (octave, into) = ((number - SINGLE) / (SINGLE / 2) + 1, (number - SINGLE) % (SINGLE / 2));
    let start = (SINGLE / 2 + into) << octave;
    (start, start + (1 << octave))
}

/// Durations of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Each, in microseconds.
    Exact(Vec<i64>),
    /// How many are in each bin, by its number.
    Binned(Vec<i64>),
}

impl Spread {
    /// Takes one duration in.
    pub fn add(&mut self, micros: i64) {
        match self {
            Self::Exact(all) => all.push(micros),
            Self::Binned(_) => self.add_bin(bin(micros), 1),
        }
    }

    /// Takes so many durations of a bin in. Exact ones become counts in bins by it.
    pub fn add_bin(&mut self, bin: usize, count: i64) {
        let bin = bin.min(MOST_BINS);
        let bins = self.bins_mut();
        if bins.len() <= bin {
            bins.resize(bin + 1, 0);
        }
        if let Some(cases) = bins.get_mut(bin) {
            *cases += count;
        }
    }

    fn bins_mut(&mut self) -> &mut Vec<i64> {
        if let Self::Exact(all) = self {
            let mut binned = Self::Binned(Vec::new());
            for micros in std::mem::take(all) {
                binned.add(micros);
            }
            *self = binned;
        }
        match self {
            Self::Binned(bins) => bins,
            Self::Exact(all) => all,
        }
    }

    /// Takes another one in. Exact ones stay exact only among themselves.
    pub fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Exact(all), Self::Exact(more)) => all.extend(more),
            (_, Self::Exact(more)) => more.iter().for_each(|micros| self.add(*micros)),
            (_, Self::Binned(more)) => {
                for (bin, count) in more.iter().enumerate().filter(|(_, count)| **count != 0) {
                    self.add_bin(bin, *count);
                }
            }
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
            Self::Binned(_) => self.add_bin(bin(micros), -1),
        }
    }

    /// Whether percentiles of it are near: off by [`BIN_WIDTH`] at most.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        matches!(self, Self::Binned(bins) if bins.iter().any(|count| *count > 0))
    }

    /// Several percentiles at once, in days: exact ones interpolate linearly between neighbours, binned ones within the
    /// bin. `None` of nothing.
    #[must_use]
    pub fn percentiles<const N: usize>(&self, wanted: [f64; N]) -> [Option<f64>; N] {
        match self {
            Self::Exact(all) => {
                let mut days: Vec<f64> = all.iter().map(|micros| time::days(*micros)).collect();
                days.sort_unstable_by(f64::total_cmp);
                wanted.map(|p| percentile(&days, p))
            }
            Self::Binned(bins) => wanted.map(|p| binned(bins, p)),
        }
    }

    /// Where a percentile is to be looked for among the durations themselves; `None` where each is known, or none.
    #[must_use]
    pub fn place(&self, p: f64) -> Option<Place> {
        let Self::Binned(bins) = self else {
            return None;
        };
        let (place, fraction) = position(bins, p)?;
        let low = seat(bins, place)?;
        Some(Place {
            low,
            high: seat(bins, place + 1).unwrap_or(low),
            fraction,
        })
    }

    /// How many are in a bin.
    #[must_use]
    pub fn in_bin(&self, number: usize) -> i64 {
        match self {
            Self::Exact(all) => {
                let count = all.iter().filter(|micros| bin(**micros) == number).count();
                i64::try_from(count).unwrap_or(i64::MAX)
            }
            Self::Binned(bins) => bins.get(number).copied().unwrap_or_default(),
        }
    }
}

/// Where a percentile lies: between two neighbours in the order of the durations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The lower one.
    pub low: Seat,
    /// The next one; of the last, itself.
    pub high: Seat,
    /// How far between the two, 0 to 1.
    pub fraction: f64,
}

/// One of many durations: number `skip`, counted from nothing, of those of its bin in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The number of the bin.
    pub bin: usize,
    /// The least duration of the bin, in microseconds.
    pub from: i64,
    /// The first after the bin.
    pub to: i64,
    /// How many of the bin come before.
    pub skip: i64,
}

impl Seat {
    /// Whether another one is the next of the same bin.
    #[must_use]
    pub const fn is_just_before(self, other: Self) -> bool {
        self.bin == other.bin && self.skip + 1 == other.skip
    }
}

impl Place {
    /// The percentile in days between two neighbours.
    #[must_use]
    pub fn between(&self, low: i64, high: i64) -> f64 {
        let (low, high) = (time::days(low), time::days(high));
        (high - low).mul_add(self.fraction, low)
    }
}

fn seat(bins: &[i64], place: i64) -> Option<Seat> {
    let (bin, skip) = find(bins, place)?;
    let (from, to) = ends(bin);
    Some(Seat {
        bin,
        // What is below nothing was counted as nothing.
        from: if from == 0 { i64::MIN } else { from * MICROS_PER_MINUTE },
        to: to * MICROS_PER_MINUTE,
        skip,
    })
}

/// Where a percentile lies among so many: after how many, and how far to the next.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "numbers of cases are exact in an f64"
)]
fn position(bins: &[i64], p: f64) -> Option<(i64, f64)> {
    let total: i64 = bins.iter().sum();
    let last = total.checked_sub(1).filter(|last| *last >= 0)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    Some((position.floor() as i64, position.fract()))
}

/// The bin of one of those counted, by its place in the order, and its place in the bin.
fn find(bins: &[i64], place: i64) -> Option<(usize, i64)> {
    let mut before = 0;
    for (bin, count) in bins.iter().enumerate() {
        if place < before + count {
            return Some((bin, place - before));
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
fn at(bins: &[i64], place: i64) -> Option<f64> {
    let (bin, into) = find(bins, place)?;
    let (from, to) = ends(bin);
    let count = bins.get(bin).copied().unwrap_or(1).max(1) as f64;
    Some(((to - from) as f64).mul_add((into as f64 + 0.5) / count, from as f64) / 1_440.0)
}

fn binned(bins: &[i64], p: f64) -> Option<f64> {
    let (place, fraction) = position(bins, p)?;
    let low = at(bins, place)?;
    let high = at(bins, place + 1).unwrap_or(low);
    Some((high - low).mul_add(fraction, low))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 1_440 * MICROS_PER_MINUTE;

    fn binned_of(durations: &[i64]) -> Spread {
        let mut spread = Spread::Binned(Vec::new());
        durations.iter().for_each(|micros| spread.add(*micros));
        spread
    }

    #[test]
    fn a_bin_holds_what_is_between_its_ends_and_no_other_bin_does() {
        let mut last = 0;
        for minutes in 0..200_000_i64 {
            let bin = bin(minutes * MICROS_PER_MINUTE);
            let (from, to) = ends(bin);
            assert!(from <= minutes && minutes < to, "{minutes} in {bin}");
            assert!(bin == last || bin == last + 1, "{bin} after {last}");
            last = bin;
        }
        assert_eq!(bin(-5 * DAY), 0);
        assert_eq!(bin(i64::MAX), bin((MOST_MINUTES + 1) * MICROS_PER_MINUTE));
    }

    #[test]
    fn bins_are_as_narrow_as_they_say() {
        for days in [1, 7, 30, 400] {
            let (from, to) = ends(bin(days * DAY));
            let (from, width) = (u32::try_from(from).unwrap(), u32::try_from(to - from).unwrap());
            assert!(f64::from(width) / f64::from(from) <= BIN_WIDTH, "{days} days");
        }
    }

    #[test]
    fn binned_percentiles_are_near_the_exact_ones() {
        let durations: Vec<i64> = (1..=5_000).map(|n| n * n % 9_973 * 7 * MICROS_PER_MINUTE).collect();
        let wanted = [0.01, 0.1, 0.5, 0.9, 0.99];
        let exact = Spread::Exact(durations.clone()).percentiles(wanted);
        let near = binned_of(&durations).percentiles(wanted);
        for (near, exact) in near.into_iter().zip(exact) {
            let (near, exact) = (near.unwrap(), exact.unwrap());
            assert!((near - exact).abs() / exact < BIN_WIDTH, "{near} {exact}");
        }
    }

    #[test]
    fn a_place_leads_to_the_exact_percentile() {
        let mut durations: Vec<i64> = (0..777)
            .map(|n| (n * n % 9_973 - 3) * 11 * MICROS_PER_MINUTE + n)
            .collect();
        let exact = Spread::Exact(durations.clone());
        let binned = binned_of(&durations);
        durations.sort_unstable();
        let taken = |seat: Seat| {
            let of_bin = durations.iter().filter(|micros| (seat.from..seat.to).contains(*micros));
            *of_bin.clone().nth(usize::try_from(seat.skip).unwrap()).unwrap()
        };
        for p in [0.0, 0.1, 0.5, 0.9, 1.0] {
            let place = binned.place(p).unwrap();
            let found = place.between(taken(place.low), taken(place.high));
            let [wanted] = exact.percentiles([p]);
            assert!((found - wanted.unwrap()).abs() < 1e-9, "{p}: {found} {wanted:?}");
        }
        assert_eq!(exact.place(0.5), None);
    }

    #[test]
    fn what_is_taken_away_counts_no_more() {
        let mut spread = binned_of(&[DAY]);
        assert!(spread.is_approximate());
        spread.take_away(DAY);
        assert_eq!(spread.percentiles([0.5]), [None]);
        assert!(!spread.is_approximate());
        let mut exact = Spread::Exact(vec![DAY, 3 * DAY]);
        exact.take_away(DAY);
        assert_eq!(exact.percentiles([0.5]), [Some(3.0)]);
        exact.merge(&binned_of(&[5 * DAY]));
        assert_eq!((exact.in_bin(bin(3 * DAY)), exact.in_bin(bin(5 * DAY))), (1, 1));
    }
}
