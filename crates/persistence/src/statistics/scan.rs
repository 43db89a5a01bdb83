//! Figures counted from the cases themselves.

use std::collections::{BTreeMap, HashMap};

use liangnuo_domain::{
    CategoryId, Timestamp, UnitId,
    clocks::Phase,
    complaints::{Channel, Kind, State},
    statistics::{Clock, Count, Fact, Spread, Sums, month},
};
use sea_orm::{FromQueryResult, QuerySelect, Select};
use uuid::Uuid;

use super::kept::empty;
use crate::{
    entity::complaints::{Column, Entity},
    error::StoreError,
};

/// What the figures are computed of: one row a case, and no text.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    is_sealed: bool,
    state: String,
    kind: String,
    channel: String,
    pub unit_id: Uuid,
    category_id: Option<Uuid>,
    received_month: String,
    replied_month: Option<String>,
    replied_at: Option<i64>,
    ended_at: Option<i64>,
    reply_micros: Option<i64>,
    rating_level: Option<i16>,
    redo_asked_at: Option<i64>,
    due_at: Option<i64>,
    soon_at: Option<i64>,
}

/// A clock as a row has it.
pub(super) fn clock(due_at: Option<i64>, soon_at: Option<i64>) -> Option<Clock> {
    due_at.zip(soon_at).map(|(due, soon)| Clock { due, soon })
}

/// A row with the case's key.
#[derive(Debug, FromQueryResult)]
pub(super) struct Named {
    pub region_id: Uuid,
    pub id: Uuid,
    pub received_at: i64,
    #[sea_orm(nested)]
    pub row: Row,
}

impl Named {
    /// The instant by which it is sorted.
    pub fn at(&self, by: Column) -> Option<i64> {
        match by {
            Column::RepliedAt => self.row.replied_at,
            Column::EndedAt => self.row.ended_at,
            _ => Some(self.received_at),
        }
    }
}

/// Only the columns of a [`Row`].
pub(super) fn rows(select: Select<Entity>) -> Select<Entity> {
    select.select_only().columns([
        Column::IsSealed,
        Column::State,
        Column::Kind,
        Column::Channel,
        Column::UnitId,
        Column::CategoryId,
        Column::ReceivedMonth,
        Column::RepliedMonth,
        Column::RepliedAt,
        Column::EndedAt,
        Column::ReplyMicros,
        Column::RatingLevel,
        Column::RedoAskedAt,
        Column::DueAt,
        Column::SoonAt,
    ])
}

impl Row {
    pub fn fact(&self) -> Result<Fact, StoreError> {
        let nonsense = |column| StoreError::Inconsistent {
            table: "complaints",
            column,
        };
        Ok(Fact {
            is_sealed: self.is_sealed,
            unit: UnitId(self.unit_id),
            category: self.category_id.map(CategoryId),
            channel: Channel::from_code(&self.channel).ok_or(nonsense("channel"))?,
            kind: Kind::from_code(&self.kind).ok_or(nonsense("kind"))?,
            state: State::from_code(&self.state).ok_or(nonsense("state"))?,
            received: self.received_month.clone(),
            replied: self.replied_month.clone(),
            ended: self.ended_at.map(|at| month(Timestamp::from_micros(at))),
            reply_micros: self.reply_micros,
            rating: self.rating_level,
            is_redone: self.redo_asked_at.is_some(),
            clock: clock(self.due_at, self.soon_at),
        })
    }
}

/// One group of cases, or all of them.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub sums: Sums,
    pub spread: Spread,
    /// Of those whose clock runs.
    pub phases: BTreeMap<Phase, i64>,
}

impl Part {
    pub fn new(spread: Spread) -> Self {
        Self {
            sums: Sums::default(),
            spread,
            phases: BTreeMap::new(),
        }
    }

    /// Takes another group in.
    pub fn merge(&mut self, other: &Self) {
        self.sums.add(&other.sums, 1);
        self.spread.merge(&other.spread);
        for (phase, count) in &other.phases {
            *self.phases.entry(*phase).or_default() += count;
        }
    }

    /// Counts a case, with how it stands against its clock.
    fn count(&mut self, fact: &Fact, sums: &Sums, phase: Option<Phase>) {
        self.sums.add(sums, 1);
        if let Some(micros) = fact.reply_micros {
            self.spread.add(micros);
        }
        if let Some(phase) = phase {
            *self.phases.entry(phase).or_default() += 1;
        }
    }

    fn take_away(&mut self, fact: &Fact, sums: &Sums, phase: Option<Phase>) {
        self.sums.add(sums, -1);
        if let Some(micros) = fact.reply_micros {
            self.spread.take_away(micros);
        }
        if let Some(phase) = phase {
            *self.phases.entry(phase).or_default() -= 1;
        }
    }
}

impl Default for Part {
    fn default() -> Self {
        Self::new(Spread::Exact(Vec::new()))
    }
}

/// All figures of a selection before names are put to them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub all: Part,
    pub units: HashMap<UnitId, Part>,
    pub categories: HashMap<Option<CategoryId>, Part>,
    pub channels: HashMap<Channel, Part>,
    pub kinds: HashMap<Kind, Part>,
    pub months: BTreeMap<String, Part>,
    /// Durations are counted in bins, so that it does not grow with what is counted.
    is_binned: bool,
}

impl Tally {
    /// One whose durations are counted in bins.
    pub fn binned() -> Self {
        Self {
            all: empty(),
            is_binned: true,
            ..Self::default()
        }
    }

    /// Every group that a case belongs to.
    fn parts(&mut self, fact: &Fact) -> [&mut Part; 6] {
        let new = if self.is_binned { empty } else { Part::default };
        [
            &mut self.all,
            self.units.entry(fact.unit).or_insert_with(new),
            self.categories.entry(fact.category).or_insert_with(new),
            self.channels.entry(fact.channel).or_insert_with(new),
            self.kinds.entry(fact.kind).or_insert_with(new),
            self.months.entry(fact.received.clone()).or_insert_with(new),
        ]
    }

    /// Counts a case by its receipt.
    pub fn count(&mut self, fact: &Fact, now: Timestamp) {
        let (sums, phase) = (Sums::of(fact), fact.clock.map(|clock| clock.phase(now)));
        for part in self.parts(fact) {
            part.count(fact, &sums, phase);
        }
    }

    /// Counts an answer and an end in their months, where these are among those wanted, so many times.
    pub fn count_flow(&mut self, row: &Row, is_wanted: impl Fn(i64) -> bool + Copy, times: i64) {
        for count in [Count::RepliedIn, Count::EndedIn] {
            self.count_flow_of(row, count, is_wanted, times);
        }
    }

    /// Counts one of the two.
    pub fn count_flow_of(&mut self, row: &Row, count: Count, is_wanted: impl Fn(i64) -> bool, times: i64) {
        let new = if self.is_binned { empty } else { Part::default };
        let at = if count == Count::EndedIn {
            row.ended_at
        } else {
            row.replied_at
        };
        if let Some(at) = at.filter(|at| is_wanted(*at)) {
            let month = month(Timestamp::from_micros(at));
            let part = self.months.entry(month).or_insert_with(new);
            part.sums.add_to(count, times);
        }
    }

    /// Takes a case out that the sums have in them.
    pub fn take_away(&mut self, fact: &Fact, now: Timestamp) {
        let (sums, phase) = (Sums::of(fact), fact.clock.map(|clock| clock.phase(now)));
        for part in self.parts(fact) {
            part.take_away(fact, &sums, phase);
        }
    }
}
