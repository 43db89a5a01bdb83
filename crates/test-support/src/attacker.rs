//! Somebody who has every public answer and wants to know a number from one to four: knows which numbers add up to which,
//! solves the equations, and closes in on what is left.

use std::collections::BTreeMap;

/// What the attacker knows.
#[derive(Debug, Default)]
pub struct Attacker {
    names: BTreeMap<String, usize>,
    sums: Vec<(usize, Vec<usize>)>,
    known: BTreeMap<usize, i128>,
}

/// Coefficients of the unknowns that are not nothing, and what they add up to.
#[derive(Clone, Debug, PartialEq)]
struct Equation {
    of: BTreeMap<usize, i128>,
    total: i128,
}

const NO_END: i128 = 1 << 60;

impl Attacker {
    fn cell(&mut self, name: &str) -> usize {
        let next = self.names.len();
        *self.names.entry(name.to_owned()).or_insert(next)
    }

    /// An answer: a number, or none.
    pub fn is_told(&mut self, name: &str, value: Option<i64>) {
        let cell = self.cell(name);
        if let Some(value) = value {
            let before = self.known.insert(cell, i128::from(value));
            assert!(
                before.is_none_or(|before| before == i128::from(value)),
                "two answers for {name}"
            );
        }
    }

    /// What anybody knows: that numbers add up to another one.
    pub fn knows_sum<'a>(&mut self, whole: &str, parts: impl IntoIterator<Item = &'a str>) {
        let parts = parts.into_iter().map(|part| self.cell(part)).collect();
        let whole = self.cell(whole);
        self.sums.push((whole, parts));
    }

    /// What is found out: numbers from one to four, or groups of numbers that have so many together.
    #[must_use]
    pub fn finds(&self) -> Vec<String> {
        let sums: Vec<Equation> = self.sums.iter().map(|sum| self.equation(sum)).collect();
        let mut equations = sums.clone();
        equations.extend(solved(sums.clone()));
        let bounds = self.close_in(&equations);
        let of = |cell: usize| bounds.get(cell).copied().unwrap_or((0, NO_END));
        let is_small = |(low, high): (i128, i128)| low >= 1 && high <= 4;
        let singles = self.names.iter().filter(|(_, cell)| is_small(of(**cell)));
        let mut found: Vec<String> = singles
            .map(|(name, cell)| format!("{name} is {:?}", of(*cell)))
            .collect();
        for equation in &equations {
            let unknown = equation.of.iter().filter(|(cell, _)| of(**cell).0 != of(**cell).1);
            let left: i128 = equation.total
                - equation
                    .of
                    .iter()
                    .filter(|(cell, _)| of(**cell).0 == of(**cell).1)
                    .map(|(cell, factor)| factor * of(*cell).0)
                    .sum::<i128>();
            let factors: Vec<i128> = unknown.map(|(_, factor)| *factor).collect();
            let sign = factors.first().copied().unwrap_or_default();
            if sign.abs() == 1 && factors.iter().all(|factor| *factor == sign) && (1..=4).contains(&(left * sign)) {
                found.push(format!("{} together are {}: {equation:?}", factors.len(), left * sign));
            }
        }
        found
    }

    /// What is known put into a sum.
    fn equation(&self, (whole, parts): &(usize, Vec<usize>)) -> Equation {
        let mut of: BTreeMap<usize, i128> = BTreeMap::new();
        *of.entry(*whole).or_default() -= 1;
        for part in parts {
            *of.entry(*part).or_default() += 1;
        }
        let mut total = 0;
        of.retain(|cell, factor| {
            if let Some(value) = self.known.get(cell) {
                total -= *factor * value;
                return false;
            }
            *factor != 0
        });
        Equation { of, total }
    }

    fn close_in(&self, equations: &[Equation]) -> Vec<(i128, i128)> {
        let bounds =
            (0..self.names.len()).map(|cell| self.known.get(&cell).map_or((0, NO_END), |value| (*value, *value)));
        let mut bounds: Vec<(i128, i128)> = bounds.collect();
        loop {
            let before = bounds.clone();
            for equation in equations {
                for (cell, factor) in &equation.of {
                    let (mut least, mut most) = (equation.total, equation.total);
                    let mut has_end = [true, true];
                    for (other, weight) in equation.of.iter().filter(|(other, _)| *other != cell) {
                        let (low, high) = bounds[*other];
                        let (down, up) = if *weight > 0 { (high, low) } else { (low, high) };
                        least -= weight * down;
                        most -= weight * up;
                        has_end[0] &= down < NO_END;
                        has_end[1] &= up < NO_END;
                    }
                    let (least, most) = (
                        if has_end[0] { least } else { -NO_END },
                        if has_end[1] { most } else { NO_END },
                    );
                    let (low, high) = if *factor > 0 { (least, most) } else { (-most, -least) };
                    let size = factor.abs();
                    let (low, high) = (
                        low.div_euclid(size) + i128::from(low.rem_euclid(size) != 0),
                        high.div_euclid(size),
                    );
                    bounds[*cell] = (bounds[*cell].0.max(low), bounds[*cell].1.min(high));
                    assert!(bounds[*cell].0 <= bounds[*cell].1, "the answers contradict each other");
                }
            }
            if bounds == before {
                return bounds;
            }
        }
    }
}

/// The equations solved for as many unknowns as can be: each of these stands in one equation only.
fn solved(mut equations: Vec<Equation>) -> Vec<Equation> {
    let mut done: Vec<Equation> = Vec::new();
    while let Some(next) = equations.pop() {
        let Some((pivot, _)) = next.of.first_key_value() else {
            continue;
        };
        let pivot = *pivot;
        for other in equations.iter_mut().chain(&mut done) {
            *other = without(other, &next, pivot);
        }
        done.push(next);
    }
    done
}

/// An equation without an unknown, by another one that has it.
fn without(one: &Equation, other: &Equation, pivot: usize) -> Equation {
    let (Some(mine), Some(theirs)) = (one.of.get(&pivot), other.of.get(&pivot)) else {
        return one.clone();
    };
    let mut of: BTreeMap<usize, i128> = one.of.iter().map(|(cell, factor)| (*cell, factor * theirs)).collect();
    for (cell, factor) in &other.of {
        *of.entry(*cell).or_default() -= factor * mine;
    }
    of.retain(|_, factor| *factor != 0);
    let total = one.total * theirs - other.total * mine;
    let divisor = of.values().fold(total, |all, factor| gcd(all, *factor)).max(1);
    Equation {
        of: of.into_iter().map(|(cell, factor)| (cell, factor / divisor)).collect(),
        total: total / divisor,
    }
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 { one.abs() } else { gcd(other, one % other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_is_left_and_what_is_squeezed() {
        let mut attacker = Attacker::default();
        attacker.knows_sum("all", ["a", "b", "c"]);
        attacker.is_told("all", Some(28));
        attacker.is_told("a", Some(20));
        assert_eq!(attacker.finds(), Vec::<String>::new());
        attacker.is_told("b", Some(5));
        assert!(attacker.finds()[0].starts_with("c is (3, 3)"));

        let mut attacker = Attacker::default();
        for (whole, parts) in [("row", ["x", "y"]), ("other", ["z", "w"]), ("column", ["x", "z"])] {
            attacker.knows_sum(whole, parts);
        }
        attacker.knows_sum("rest", ["y", "w"]);
        for (name, value) in [("row", 12), ("other", 30), ("column", 9), ("rest", 33)] {
            attacker.is_told(name, Some(value));
        }
        // x may be anything from nothing to nine: nothing is certain.
        assert_eq!(attacker.finds(), Vec::<String>::new());
        attacker.is_told("z", Some(7));
        assert!(attacker.finds().iter().any(|found| found.starts_with("x is (2, 2)")));
    }

    #[test]
    fn it_finds_that_two_have_one_together() {
        let mut attacker = Attacker::default();
        attacker.knows_sum("all", ["a", "b", "c"]);
        attacker.is_told("all", Some(21));
        attacker.is_told("a", Some(20));
        assert!(
            attacker
                .finds()
                .iter()
                .any(|found| found.starts_with("2 together are 1"))
        );
    }
}
