//! A cell of the kept sums: what the cases of a county, of a unit, of a category or of both count, packed into bytes.
//!
//! A cell tells apart by month, channel, kind and state; each such group has its counts, the spread of its durations and
//! the clocks of its open cases. What is packed has the places of codes in their lists; [`layout`] says which these were.

use std::collections::BTreeMap;

use super::{
    fact::{Clock, Count, Fact, Sums},
    period::Month,
    spread::bin,
};
use crate::{
    clocks::LONG_OVERDUE_SECONDS,
    complaints::{Channel, Kind, State},
    time::Timestamp,
};

/// Of which cases of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// The number of the month in the year of the cell; 0 in a cell over all time.
    pub month: u8,
    /// How they came in.
    pub channel: Channel,
    /// What is wanted.
    pub kind: Kind,
    /// Where they stand.
    pub state: State,
}

/// What the cases of a group add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    counts: [i64; Count::ALL.len()],
    bins: BTreeMap<usize, i64>,
    clocks: BTreeMap<Clock, i64>,
}

/// What a cell counts, or what is to be added to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell(BTreeMap<GroupKey, Group>);

/// What the packed cells mean: where this is another, they have to be made anew.
#[must_use]
pub fn layout() -> String {
    let codes = [
        Count::ALL.iter().map(|code| code.code()).collect::<Vec<_>>(),
        Channel::ALL.iter().map(|code| code.code()).collect(),
        Kind::ALL.iter().map(|code| code.code()).collect(),
        State::ALL.iter().map(|code| code.code()).collect(),
    ];
    format!("1:{}", codes.map(|codes| codes.join(",")).join(";"))
}

impl Cell {
    /// Takes a case in, by its receipt, or out with a `sign` of -1: in a cell over all time, or in that of the year.
    pub fn add(&mut self, fact: &Fact, month: Option<Month>, sign: i64) {
        let group = self.0.entry(key(fact, month)).or_default();
        let sums = Sums::of(fact);
        for (value, count) in group.counts.iter_mut().zip(Count::ALL) {
            *value += sums.get(*count) * sign;
        }
        if let Some(micros) = fact.reply_micros {
            *group.bins.entry(bin(micros)).or_default() += sign;
        }
        if let Some(clock) = fact.clock {
            *group.clocks.entry(clock).or_default() += sign;
        }
    }

    /// Counts what was done to a case in a month.
    pub fn add_flow(&mut self, fact: &Fact, month: Month, count: Count, sign: i64) {
        let group = self.0.entry(key(fact, Some(month))).or_default();
        let counts = group.counts.iter_mut().zip(Count::ALL);
        for (value, _) in counts.filter(|(_, known)| **known == count) {
            *value += sign;
        }
    }

    /// How many groups it has.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.0.len()
    }

    /// Adds a packed cell. `None` where the bytes are none; then it is broken.
    pub fn add_packed(&mut self, bytes: &[u8]) -> Option<()> {
        for packed in groups(bytes) {
            let packed = packed?;
            let group = self.0.entry(packed.key).or_default();
            for (place, count) in packed.counts() {
                if let Some(value) = group.counts.get_mut(place) {
                    *value = value.saturating_add(count);
                }
            }
            for (bin, count) in packed.bins() {
                let value = group.bins.entry(bin).or_default();
                *value = value.saturating_add(count);
            }
            for (clock, count) in packed.clocks() {
                let value = group.clocks.entry(clock).or_default();
                *value = value.saturating_add(count);
            }
        }
        Some(())
    }

    /// The cell as bytes; none at all where it counts nothing. Clocks that ran out long before `now` become one: they
    /// only get later.
    #[must_use]
    pub fn pack(mut self, now: Timestamp) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (key, group) in &mut self.0 {
            group.forget_long_ago(now);
            group.bins.retain(|_, count| *count != 0);
            if group.counts.iter().any(|count| *count != 0) || !group.bins.is_empty() || !group.clocks.is_empty() {
                group.pack(*key, &mut bytes);
            }
        }
        bytes
    }
}

fn key(fact: &Fact, month: Option<Month>) -> GroupKey {
    GroupKey {
        month: month.map_or(0, Month::number),
        channel: fact.channel,
        kind: fact.kind,
        state: fact.state,
    }
}

/// The clock of all cases that are long overdue.
const LONG_AGO: Clock = Clock { due: 0, soon: 0 };

impl Group {
    fn forget_long_ago(&mut self, now: Timestamp) {
        let limit = now.plus_seconds(-LONG_OVERDUE_SECONDS).micros();
        let kept = self.clocks.split_off(&Clock {
            due: limit,
            soon: i64::MIN,
        });
        let long_ago: i64 = self.clocks.values().sum();
        self.clocks = kept;
        self.clocks.insert(LONG_AGO, long_ago);
        self.clocks.retain(|_, count| *count != 0);
    }

    fn pack(&self, key: GroupKey, bytes: &mut Vec<u8>) {
        bytes.extend([
            key.month,
            place(Channel::ALL, key.channel),
            place(Kind::ALL, key.kind),
            place(State::ALL, key.state),
        ]);
        let counts = self.counts.iter().copied().enumerate().filter(|(_, count)| *count != 0);
        let mut part = Vec::new();
        for (place, count) in counts {
            part.push(u8::try_from(place).unwrap_or_default());
            write_number(count, &mut part);
        }
        write_part(&mut part, bytes);
        let mut last = 0;
        for (bin, count) in &self.bins {
            write_number(i64::try_from(bin - last).unwrap_or_default(), &mut part);
            write_number(*count, &mut part);
            last = *bin;
        }
        write_part(&mut part, bytes);
        let mut last = 0;
        for (clock, count) in &self.clocks {
            write_number(clock.due - last, &mut part);
            write_number(clock.due - clock.soon, &mut part);
            write_number(*count, &mut part);
            last = clock.due;
        }
        write_part(&mut part, bytes);
    }
}

fn place<T: PartialEq>(all: &[T], one: T) -> u8 {
    let place = all.iter().position(|known| *known == one);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

/// Writes how long a part is, and the part, and empties it.
fn write_part(part: &mut Vec<u8>, bytes: &mut Vec<u8>) {
    write_number(i64::try_from(part.len()).unwrap_or_default(), bytes);
    bytes.append(part);
}

/// Seven bits a byte, the lowest first; small numbers of either sign are short.
#[expect(clippy::as_conversions, reason = "the bits of the number, not its value")]
fn write_number(number: i64, bytes: &mut Vec<u8>) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

#[expect(clippy::as_conversions, reason = "the bits of the number, not its value")]
fn read_number(bytes: &mut &[u8]) -> Option<i64> {
    let mut bits = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        bits |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some((bits >> 1) as i64 ^ -((bits & 1) as i64));
        }
    }
    None
}

fn read_part<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(read_number(bytes)?).ok()?;
    let (part, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}

/// A group as it stands in a packed cell: what is not asked for is not unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a> {
    /// Of which cases.
    pub key: GroupKey,
    counts: &'a [u8],
    bins: &'a [u8],
    clocks: &'a [u8],
}

/// The groups of a packed cell; `None` where the bytes are none, and then no more.
pub fn groups(mut bytes: &[u8]) -> impl Iterator<Item = Option<Packed<'_>>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let packed = read_group(&mut bytes);
        if packed.is_none() {
            bytes = &[];
        }
        Some(packed)
    })
}

fn read_group<'a>(bytes: &mut &'a [u8]) -> Option<Packed<'a>> {
    let ([month, channel, kind, state], rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    let key = GroupKey {
        month: *month,
        channel: *Channel::ALL.get(usize::from(*channel))?,
        kind: *Kind::ALL.get(usize::from(*kind))?,
        state: *State::ALL.get(usize::from(*state))?,
    };
    Some(Packed {
        key,
        counts: read_part(bytes)?,
        bins: read_part(bytes)?,
        clocks: read_part(bytes)?,
    })
}

impl<'a> Packed<'a> {
    fn counts(self) -> impl Iterator<Item = (usize, i64)> + use<'a> {
        let mut rest = self.counts;
        std::iter::from_fn(move || {
            let (place, more) = rest.split_first()?;
            rest = more;
            Some((usize::from(*place), read_number(&mut rest)?))
        })
    }

    /// The counts, its state among them.
    #[must_use]
    pub fn sums(self) -> Sums {
        let mut sums = Sums::default();
        for (place, number) in self.counts() {
            sums.add_at(place, number);
        }
        sums.add_state(self.key.state, sums.get(Count::Cases));
        sums
    }

    /// How many cases there are in each bin of durations.
    pub fn bins(self) -> impl Iterator<Item = (usize, i64)> + use<'a> {
        let (mut rest, mut last) = (self.bins, 0);
        std::iter::from_fn(move || {
            last = usize::saturating_add(last, usize::try_from(read_number(&mut rest)?).ok()?);
            Some((last, read_number(&mut rest)?))
        })
    }

    /// How many open cases there are by each clock.
    pub fn clocks(self) -> impl Iterator<Item = (Clock, i64)> + use<'a> {
        let (mut rest, mut last) = (self.clocks, 0);
        std::iter::from_fn(move || {
            last = i64::saturating_add(last, read_number(&mut rest)?);
            let soon = last.saturating_sub(read_number(&mut rest)?);
            Some((Clock { due: last, soon }, read_number(&mut rest)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        clocks::Phase,
        ids::UnitId,
        time::{Day, MICROS_PER_DAY},
    };

    fn now() -> Timestamp {
        Timestamp::end_of("2026-03-10".parse::<Day>().unwrap())
    }

    fn facts() -> impl Strategy<Value = Vec<Fact>> {
        let fact = (
            0..8_usize,
            0..5_usize,
            0..19_usize,
            1..=12_i32,
            0..2_i64,
            -90..60_i64,
            any::<bool>(),
        );
        let fact = fact.prop_map(|(channel, kind, state, month, days, due, is_open)| Fact {
            is_sealed: false,
            unit: UnitId(uuid::Uuid::nil()),
            category: None,
            channel: Channel::ALL[channel],
            kind: Kind::ALL[kind],
            state: State::ALL[state],
            received: format!("2026-{month:02}"),
            replied: None,
            ended: None,
            reply_micros: (!is_open).then_some(days * MICROS_PER_DAY + 17),
            rating: None,
            is_redone: is_open,
            clock: is_open.then(|| {
                let due = now().micros() + due * MICROS_PER_DAY;
                Clock {
                    due,
                    soon: due - 3 * MICROS_PER_DAY,
                }
            }),
        });
        prop::collection::vec(fact, 0..60)
    }

    fn cell(facts: &[Fact]) -> Cell {
        let mut cell = Cell::default();
        for fact in facts {
            cell.add(fact, Month::named(&fact.received), 1);
            cell.add_flow(fact, Month::new(2_026, 12), Count::EndedIn, 1);
        }
        cell
    }

    fn phases(bytes: &[u8]) -> BTreeMap<Phase, i64> {
        let mut phases = BTreeMap::new();
        for (clock, count) in groups(bytes).flat_map(|packed| packed.unwrap().clocks()) {
            *phases.entry(clock.phase(now())).or_default() += count;
        }
        phases
    }

    proptest! {
        #[test]
        fn what_is_packed_is_what_was_counted(facts in facts(), more in facts()) {
            let bytes = cell(&facts).pack(now());
            let total: i64 = groups(&bytes).map(|packed| packed.unwrap().sums().get(Count::Cases)).sum();
            prop_assert_eq!(total, i64::try_from(facts.len()).unwrap());
            let bins: i64 = groups(&bytes).flat_map(|packed| packed.unwrap().bins()).map(|(_, count)| count).sum();
            prop_assert_eq!(bins, i64::try_from(facts.iter().filter(|fact| fact.reply_micros.is_some()).count()).unwrap());
            let mut by_phase = BTreeMap::new();
            for clock in facts.iter().filter_map(|fact| fact.clock) {
                *by_phase.entry(clock.phase(now())).or_default() += 1;
            }
            prop_assert_eq!(phases(&bytes), by_phase);

            // In two steps and in one, there and back.
            let mut grown = cell(&more);
            grown.add_packed(&bytes).unwrap();
            let all: Vec<Fact> = facts.iter().chain(&more).cloned().collect();
            prop_assert_eq!(grown.pack(now()), cell(&all).pack(now()));
            let mut shrunk = Cell::default();
            shrunk.add_packed(&bytes).unwrap();
            for fact in &facts {
                shrunk.add(fact, Month::named(&fact.received), -1);
                shrunk.add_flow(fact, Month::new(2_026, 12), Count::EndedIn, -1);
            }
            prop_assert_eq!(shrunk.pack(now()), Vec::<u8>::new());
        }

        #[test]
        fn bytes_that_are_none_are_refused_or_read_but_never_more(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut cell = Cell::default();
            let _is_one = cell.add_packed(&bytes);
            prop_assert!(cell.groups() <= bytes.len());
        }
    }
}
