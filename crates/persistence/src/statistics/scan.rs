//! Figures counted from the cases themselves.

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

use liangnuo_domain::{
    CategoryId, Timestamp, UnitId,
    clocks::{self, Phase},
    complaints::{Channel, Kind, State},
    statistics::{Count, Fact, Spread, Sums, month},
};
use sea_orm::{FromQueryResult, QuerySelect, Select};
use uuid::Uuid;

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
    unit_id: Uuid,
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

/// A row with the case's key.
#[derive(Debug, FromQueryResult)]
pub(super) struct Named {
    pub region_id: Uuid,
    pub id: Uuid,
    #[sea_orm(nested)]
    pub row: Row,
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
        })
    }

    pub fn phase(&self, now: Timestamp) -> Phase {
        let instant = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        clocks::phase(instant(self.due_at), instant(self.soon_at), now)
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

    fn count(&mut self, fact: &Fact, sums: &Sums) {
        self.sums.add(sums, 1);
        if let (Some(micros), Spread::Exact(all)) = (fact.reply_micros, &mut self.spread) {
            all.push(micros);
        }
    }

    fn take_away(&mut self, fact: &Fact, sums: &Sums) {
        self.sums.add(sums, -1);
        if let Some(micros) = fact.reply_micros {
            self.spread.take_away(micros);
        }
    }
}

impl Default for Part {
    fn default() -> Self {
        Self::new(Spread::Exact(Vec::new()))
    }
}

/// All figures of a selection before names are put to them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub all: Part,
    pub units: HashMap<UnitId, Part>,
    pub categories: HashMap<Option<CategoryId>, Part>,
    pub channels: HashMap<Channel, Part>,
    pub kinds: HashMap<Kind, Part>,
    pub months: BTreeMap<String, Part>,
}

impl Tally {
    /// Every group that a case belongs to.
    fn parts(&mut self, fact: &Fact) -> [&mut Part; 6] {
        [
            &mut self.all,
            self.units.entry(fact.unit).or_default(),
            self.categories.entry(fact.category).or_default(),
            self.channels.entry(fact.channel).or_default(),
            self.kinds.entry(fact.kind).or_default(),
            self.months.entry(fact.received.clone()).or_default(),
        ]
    }

    /// Counts a case by its receipt.
    pub fn count(&mut self, fact: &Fact) {
        let sums = Sums::of(fact);
        for part in self.parts(fact) {
            part.count(fact, &sums);
        }
    }

    /// Counts an answer and an end in their months, where they are between two instants, so many times.
    pub fn count_flow(&mut self, row: &Row, between: &RangeInclusive<i64>, times: i64) {
        for (at, count) in [(row.replied_at, Count::RepliedIn), (row.ended_at, Count::EndedIn)] {
            if let Some(at) = at.filter(|at| between.contains(at)) {
                let month = month(Timestamp::from_micros(at));
                self.months.entry(month).or_default().sums.add_to(count, times);
            }
        }
    }

    /// Takes a case out that the sums have in them.
    pub fn take_away(&mut self, fact: &Fact) {
        let sums = Sums::of(fact);
        for part in self.parts(fact) {
            part.take_away(fact, &sums);
        }
    }

    /// Notes how an open case stands against its clock.
    pub fn count_phase(&mut self, fact: &Fact, phase: Phase) {
        for part in self.parts(fact) {
            *part.phases.entry(phase).or_default() += 1;
        }
    }
}
