//! Which of a family of numbers the public may see, so that none below five can be worked out from those that it sees.
//!
//! A number below five is not shown. That alone hides nothing: what is shown of a sum and of its other parts gives the
//! hidden part away. So whoever publishes says which numbers add up to which, also those that are shown nowhere but are
//! what is left between two that are; and numbers are hidden until what can be worked out is none of one to four.

/// Public figures below this are not shown.
pub const SUPPRESSED_BELOW: i64 = 5;

/// A number of a [`Family`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(usize);

/// Numbers that belong together, and which of them add up to which.
#[derive(Clone, Debug, Default)]
pub struct Family {
    values: Vec<i64>,
    shown: Vec<bool>,
    sums: Vec<Sum>,
}

#[derive(Clone, Debug)]
struct Sum {
    whole: usize,
    parts: Vec<usize>,
}

/// What a number must be at least and can be at most, by what is shown.
type Bounds = (i64, i64);

/// More than any number of cases, and far from where adding up would run over.
const NO_END: i64 = 1 << 50;

impl Family {
    /// A number that the public asks for.
    pub fn asked(&mut self, value: i64) -> Cell {
        self.cell(value, value >= SUPPRESSED_BELOW)
    }

    /// A number that is shown nowhere, but is a part of one that is.
    pub fn unasked(&mut self, value: i64) -> Cell {
        self.cell(value, false)
    }

    fn cell(&mut self, value: i64, is_shown: bool) -> Cell {
        self.values.push(value);
        self.shown.push(is_shown);
        Cell(self.values.len() - 1)
    }

    /// Says that a number is the sum of others; none of them may be below nothing.
    pub fn sum(&mut self, whole: Cell, parts: impl IntoIterator<Item = Cell>) {
        let parts = parts.into_iter().map(|part| part.0).collect();
        self.sums.push(Sum { whole: whole.0, parts });
    }

    /// A number and what of it is not in another one: the two make the whole.
    pub fn rest(&mut self, whole: Cell, part: Cell) -> Cell {
        let rest = self.unasked(self.value(whole) - self.value(part));
        self.sum(whole, [part, rest]);
        rest
    }

    fn value(&self, cell: Cell) -> i64 {
        self.values.get(cell.0).copied().unwrap_or_default()
    }

    /// Hides what has to be hidden.
    #[must_use]
    pub fn kept_secret(mut self) -> Shown {
        while self.hide_what_tells() {}
        let numbers = self.values.iter().zip(&self.shown);
        Shown(numbers.map(|(value, is_shown)| is_shown.then_some(*value)).collect())
    }

    /// Hides a number beside each that could be worked out. Gives whether there were any.
    fn hide_what_tells(&mut self) -> bool {
        let (bounds, at_least) = (self.bounds(), self.added_up());
        let is_known = |cell: &usize| !self.is_shown(*cell) && bounds.get(*cell).is_some_and(|of| is_small(*of));
        let tells = |sum: &Sum| {
            // What all those have together of which nothing is shown, at whatever depth.
            let shown: i64 = sum.parts.iter().filter_map(|part| at_least.get(*part)).sum();
            let (low, high) = bounds.get(sum.whole).copied().unwrap_or((0, NO_END));
            is_small((low - shown, high - shown)) || is_known(&sum.whole) || sum.parts.iter().any(is_known)
        };
        let numbers = self.sums.iter().enumerate().filter(|(_, sum)| tells(sum));
        let told: Vec<usize> = numbers.map(|(number, _)| number).collect();
        if told.is_empty() {
            return false;
        }
        let mut has_hidden = false;
        for number in told {
            has_hidden |= self.hide_least_of(number);
        }
        // What told it stands further off: hide the least of all there is.
        has_hidden || self.hide_least(0..self.values.len())
    }

    /// Hides the least of a sum that is shown, of its parts or their parts, or else the whole.
    fn hide_least_of(&mut self, number: usize) -> bool {
        let Some(Sum { whole, parts }) = self.sums.get(number).cloned() else {
            return false;
        };
        let mut below = Vec::new();
        let mut open = parts;
        // No deeper than there are sums.
        for _ in 0..=self.sums.len() {
            let (shown, hidden): (Vec<usize>, Vec<usize>) = open.into_iter().partition(|cell| self.is_shown(*cell));
            below.extend(shown);
            let inner = self.sums.iter().filter(|sum| hidden.contains(&sum.whole));
            open = inner.flat_map(|sum| sum.parts.iter().copied()).collect();
            if open.is_empty() {
                break;
            }
        }
        self.hide_least(below) || self.hide_least([whole])
    }

    fn hide_least(&mut self, among: impl IntoIterator<Item = usize>) -> bool {
        let shown = among.into_iter().filter(|cell| self.is_shown(*cell));
        let least = shown.min_by_key(|cell| self.value(Cell(*cell)));
        if let Some(is_shown) = least.and_then(|cell| self.shown.get_mut(cell)) {
            *is_shown = false;
        }
        least.is_some()
    }

    fn is_shown(&self, cell: usize) -> bool {
        self.shown.get(cell).copied().unwrap_or_default()
    }

    /// What each number must be at least by what is shown of its parts, and of theirs.
    fn added_up(&self) -> Vec<i64> {
        let numbers = self.values.iter().zip(&self.shown);
        let mut least: Vec<i64> = numbers
            .map(|(value, is_shown)| if *is_shown { *value } else { 0 })
            .collect();
        for _ in 0..MOST_ROUNDS {
            let before = least.clone();
            for sum in self.sums.iter().filter(|sum| !self.is_shown(sum.whole)) {
                let parts = sum.parts.iter().filter_map(|part| least.get(*part)).sum();
                if let Some(known) = least.get_mut(sum.whole) {
                    *known = (*known).max(parts);
                }
            }
            if least == before {
                break;
            }
        }
        least
    }

    /// What can be worked out of each number: no sum narrows it down any further.
    fn bounds(&self) -> Vec<Bounds> {
        let numbers = self.values.iter().zip(&self.shown);
        let mut bounds: Vec<Bounds> = numbers
            .map(|(value, is_shown)| if *is_shown { (*value, *value) } else { (0, NO_END) })
            .collect();
        // Bounds of parts only ever close in; how often is bounded by how long a chain of sums is.
        for _ in 0..MOST_ROUNDS {
            let mut has_narrowed = false;
            for sum in &self.sums {
                has_narrowed |= narrow(sum, &mut bounds);
            }
            if !has_narrowed {
                break;
            }
        }
        bounds
    }
}

const MOST_ROUNDS: usize = 64;

/// Closes in on a sum and its parts by each other. Gives whether anything got narrower.
fn narrow(sum: &Sum, bounds: &mut [Bounds]) -> bool {
    let of = |cell: usize, bounds: &[Bounds]| bounds.get(cell).copied().unwrap_or((0, NO_END));
    let (mut lows, mut highs, mut endless) = (0, 0, 0);
    for part in &sum.parts {
        let (low, high) = of(*part, bounds);
        lows += low;
        if high >= NO_END {
            endless += 1;
        } else {
            highs += high;
        }
    }
    let (low, high) = of(sum.whole, bounds);
    let most = if endless > 0 { NO_END } else { highs };
    let whole = (low.max(lows), high.min(most));
    let mut has_narrowed = set(sum.whole, whole, bounds);
    for part in &sum.parts {
        let (low, high) = of(*part, bounds);
        // Where another part has no end, the others say nothing of where this one begins.
        let others = match (endless, high >= NO_END) {
            (0, _) => highs - high,
            (1, true) => highs,
            _ => NO_END,
        };
        let narrowed = (low.max(whole.0 - others), high.min(whole.1 - (lows - low)));
        has_narrowed |= set(*part, narrowed, bounds);
    }
    has_narrowed
}

fn set(cell: usize, (low, high): Bounds, bounds: &mut [Bounds]) -> bool {
    match bounds.get_mut(cell) {
        // Of numbers that contradict each other nothing is worked out.
        Some(known) if (low, high) != *known && low <= high => {
            *known = (low, high);
            true
        }
        _ => false,
    }
}

/// Whether it can only be one to four: nothing at all is no secret.
const fn is_small((low, high): Bounds) -> bool {
    low > 0 && high < SUPPRESSED_BELOW
}

/// The numbers of a family as the public may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(Vec<Option<i64>>);

impl Shown {
    /// A number, if it may be seen.
    #[must_use]
    pub fn get(&self, cell: Cell) -> Option<i64> {
        self.0.get(cell.0).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(values: &[i64]) -> Vec<Option<i64>> {
        let mut family = Family::default();
        let whole = family.asked(values.iter().sum());
        let cells: Vec<Cell> = values.iter().map(|value| family.asked(*value)).collect();
        family.sum(whole, cells.clone());
        let shown = family.kept_secret();
        cells.into_iter().map(|cell| shown.get(cell)).collect()
    }

    #[test]
    fn a_small_part_takes_the_next_one_with_it() {
        assert_eq!(parts(&[20, 3, 9, 10]), [Some(20), None, None, Some(10)]);
        assert_eq!(parts(&[20, 3, 4]), [Some(20), None, None]);
        assert_eq!(parts(&[20, 0, 9]), [Some(20), None, Some(9)]);
        assert_eq!(parts(&[2]), [None]);
        assert_eq!(parts(&[20, 0, 1]), [None, None, None]);
        assert_eq!(parts(&[20, 8, 0, 1, 1]), [Some(20), None, None, None, None]);
    }

    #[test]
    fn what_is_left_between_two_is_a_number_too() {
        let mut family = Family::default();
        let (received, replied) = (family.asked(20), family.asked(18));
        let rest = family.rest(received, replied);
        let shown = family.kept_secret();
        assert_eq!(
            (shown.get(received), shown.get(replied), shown.get(rest)),
            (Some(20), None, None)
        );
    }

    #[test]
    fn a_whole_that_is_hidden_can_be_added_up() {
        let mut family = Family::default();
        let top = family.asked(30);
        let (school, other) = (family.asked(27), family.asked(3));
        family.sum(top, [school, other]);
        let (boys, girls) = (family.asked(13), family.asked(14));
        family.sum(school, [boys, girls]);
        let shown = family.kept_secret();
        assert_eq!(
            [top, school, boys, girls].map(|cell| shown.get(cell)),
            [Some(30), None, None, Some(14)]
        );
    }

    #[test]
    fn numbers_that_contradict_each_other_end() {
        let mut family = Family::default();
        let whole = family.asked(7);
        let part = family.asked(9);
        let rest = family.rest(whole, part);
        assert_eq!(family.kept_secret().get(rest), None);
    }
}
