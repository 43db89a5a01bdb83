//! In which order the rows of a list of units are gone through: a unit before those below it, wherever they stand in the file.

use std::collections::HashMap;

use super::units::{UnitRow, path_key, tail};
use crate::text;

/// The rows with those first that others name as the unit above. The order is the same whenever the file is read. Rows that
/// name each other in a circle are marked.
#[must_use]
pub fn in_order(mut rows: Vec<UnitRow>) -> Vec<UnitRow> {
    let mut walk = Walk::through(&rows);
    for at in 0..rows.len() {
        walk.begin(at);
    }
    let Walk { order, circles, .. } = walk;
    for at in circles {
        if let Some(row) = rows.get_mut(at) {
            row.is_in_circle = true;
        }
    }
    let mut rows: Vec<Option<UnitRow>> = rows.into_iter().map(Some).collect();
    let next = order
        .into_iter()
        .filter_map(|at| rows.get_mut(at).and_then(Option::take));
    next.collect()
}

/// A walk from the rows to what they name. The places on the way are the rows, and behind them one place for each name or
/// code: thousands of rows that go by the same name cost no more than as many steps.
struct Walk {
    ways: Vec<Vec<usize>>,
    rows: usize,
    visits: Vec<Visit>,
    order: Vec<usize>,
    circles: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Ahead,
    /// At this height of the stack.
    Begun(usize),
    Done,
}

/// A place that was begun: how many of its ways were gone, and the lowest place of the stack that they lead back to.
struct Frame {
    place: usize,
    gone: usize,
    back_to: usize,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Code(String),
    Name(String),
}

fn code_key(text: &str) -> Key {
    Key::Code(text.trim().chars().map(text::half_width).collect())
}

fn name_key(text: &str) -> Key {
    let key = path_key(&text::clean(text, false));
    Key::Name(tail(&key).to_owned())
}

impl Walk {
    fn through(rows: &[UnitRow]) -> Self {
        let mut places: HashMap<Key, usize> = HashMap::new();
        let mut ways: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        for (at, row) in rows.iter().enumerate() {
            let keys = [row.code.text().map(code_key), row.name.text().map(name_key)];
            for key in keys.into_iter().flatten() {
                let place = *places.entry(key).or_insert_with(|| {
                    ways.push(Vec::new());
                    ways.len() - 1
                });
                if let Some(named) = ways.get_mut(place) {
                    named.push(at);
                }
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let Some(parent) = row.parent.text() else { continue };
            let named = [code_key(parent), name_key(parent)];
            let named = named.iter().filter_map(|key| places.get(key)).copied();
            if let Some(way) = ways.get_mut(at) {
                way.extend(named);
            }
        }
        Self {
            visits: vec![Visit::Ahead; ways.len()],
            ways,
            rows: rows.len(),
            order: Vec::with_capacity(rows.len()),
            circles: Vec::new(),
        }
    }

    /// Goes all ways from a row, with a stack of its own: a chain of rows may be as long as the file.
    fn begin(&mut self, row: usize) {
        let mut stack = Vec::new();
        self.enter(row, &mut stack);
        while let Some(top) = stack.last_mut() {
            let next = self.ways.get(top.place).and_then(|ways| ways.get(top.gone)).copied();
            match next {
                Some(place) => {
                    top.gone += 1;
                    if let Some(Visit::Begun(height)) = self.visits.get(place) {
                        top.back_to = top.back_to.min(*height);
                    }
                    self.enter(place, &mut stack);
                }
                None => self.leave(&mut stack),
            }
        }
    }

    fn enter(&mut self, place: usize, stack: &mut Vec<Frame>) {
        let Some(visit) = self.visits.get_mut(place).filter(|visit| **visit == Visit::Ahead) else {
            return;
        };
        *visit = Visit::Begun(stack.len());
        stack.push(Frame {
            place,
            gone: 0,
            back_to: usize::MAX,
        });
    }

    fn leave(&mut self, stack: &mut Vec<Frame>) {
        let Some(Frame { place, back_to, .. }) = stack.pop() else {
            return;
        };
        if let Some(visit) = self.visits.get_mut(place) {
            *visit = Visit::Done;
        }
        if place < self.rows {
            self.order.push(place);
            if back_to <= stack.len() {
                self.circles.push(place);
            }
        }
        let height = stack.len();
        if let Some(before) = stack.last_mut().filter(|_| back_to < height) {
            before.back_to = before.back_to.min(back_to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::Said;

    fn row(name: &str, parent: &str) -> UnitRow {
        UnitRow {
            name: Said::read(name),
            parent: Said::read(parent),
            ..UnitRow::default()
        }
    }

    fn ordered(rows: &[(&str, &str)]) -> Vec<(String, bool)> {
        let rows = rows.iter().map(|(name, parent)| row(name, parent)).collect();
        let name = |row: UnitRow| (row.name.text().unwrap_or_default().to_owned(), row.is_in_circle);
        in_order(rows).into_iter().map(name).collect()
    }

    fn named(names: &[&str], is_in_circle: bool) -> Vec<(String, bool)> {
        names.iter().map(|name| ((*name).to_owned(), is_in_circle)).collect()
    }

    #[test]
    fn what_is_above_comes_first_and_the_rest_stays_as_it_stood() {
        let rows = [("甲", "局"), ("办公室", "局/中学"), ("乙", "局"), ("中学", "局")];
        assert_eq!(ordered(&rows), named(&["甲", "中学", "办公室", "乙"], false));
    }

    #[test]
    fn a_circle_is_marked_and_what_leads_to_it_is_not() {
        let rows = [
            ("外", "甲"),
            ("甲", "乙"),
            ("乙", "丙"),
            ("丙", "甲"),
            ("自", "自"),
            ("好", "局"),
        ];
        let found = ordered(&rows);
        let marked: Vec<&str> = found.iter().filter(|row| row.1).map(|row| row.0.as_str()).collect();
        assert_eq!(marked, ["丙", "乙", "甲", "自"]);
        assert_eq!(found.len(), rows.len());
    }

    #[test]
    fn a_chain_as_long_as_a_file_and_a_crowd_of_one_name_take_their_time_and_no_more() {
        let count = 20_000;
        let chain = (0..count)
            .map(|at| row(&format!("n{at}"), &format!("n{}", at + 1)))
            .collect();
        let first = in_order(chain).into_iter().next();
        assert_eq!(
            first.and_then(|row| row.name.text().map(str::to_owned)),
            Some(format!("n{}", count - 1))
        );
        let crowd = vec![row("办公室", "办公室"); count];
        assert!(in_order(crowd).iter().all(|row| row.is_in_circle));
    }
}
