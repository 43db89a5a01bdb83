//! Cards of the ladder: given by the worker, listed for those who see the case, appealed and decided.

mod decisions;
mod lists;
mod rows;

use std::collections::HashMap;

use liangnuo_domain::{
    Day, MemberId, UnitId,
    cards::{Card, CardKind, CardState, CardVerb},
};

pub(crate) use rows::give;

use crate::names::{MemberName, UnitName};

/// What a list of cards is narrowed down to. Everything left out means "any".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardFilter {
    /// Given to a unit of this subtree.
    pub unit: Option<UnitId>,
    /// Of `unit` the unit itself alone.
    pub is_unit_alone: bool,
    /// Any of these.
    pub kinds: Vec<CardKind>,
    /// In any of these states.
    pub states: Vec<CardState>,
    /// Given on or after this day.
    pub given_from: Option<Day>,
    /// Given on or before this day.
    pub given_to: Option<Day>,
}

/// A card with what is shown beside it.
#[derive(Clone, Debug)]
pub struct CardView {
    /// The card.
    pub card: Card,
    /// The number of its case.
    pub number: String,
    /// Its case in one line.
    pub title: String,
    /// The unit that got it.
    pub unit: UnitName,
    /// Who handled the case, appealed and decided.
    pub members: HashMap<MemberId, MemberName>,
    /// The last day on which it can be appealed; none where it can't be any more, or not yet.
    pub appeal_ends_on: Option<Day>,
    /// What the caller may do with it now.
    pub allowed: Vec<CardVerb>,
}

/// How many cards of each kind a unit got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardCount {
    /// The unit.
    pub unit: UnitName,
    /// How many of which.
    pub counts: Vec<(CardKind, i64)>,
}
