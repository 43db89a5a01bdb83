//! Lists of cards, and what is shown of each.

use std::collections::HashMap;

use liangnuo_domain::{
    CardId, ComplaintId, Doer, MemberId, RegionId, Timestamp, UnitId,
    cards::{Card, CardKind, CardVerb},
    clocks::Rules,
    policy::{Action, Resource},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::{CardCount, CardFilter, CardView, decisions::Homes, rows::nonsense};
use crate::{
    callers::Caller,
    db::Store,
    entity::{
        cards::{Column, Entity, Model},
        complaints,
    },
    error::StoreError,
    names::unit_paths,
    page::{self, Key, Page, PageRequest, Sort},
    visible::below,
};

/// Units in the table of counts, those with most cards first.
const MOST_UNITS: usize = 200;

/// What is shown of a card's case.
#[derive(Clone, Debug, FromQueryResult)]
struct CaseRow {
    id: Uuid,
    number: String,
    title: String,
    is_sealed: bool,
}

#[derive(Debug, FromQueryResult)]
struct CountRow {
    unit_id: Uuid,
    kind: String,
    cards: i64,
}
/// Cards of the cases that the caller may see.
fn visible(caller: &Caller) -> Select<Entity> {
    Entity::find()
        .filter(Column::RegionId.eq(caller.actor.region.0))
        .filter(caller.visible.case((Entity, Column::ComplaintId)))
}

fn narrowed(region: RegionId, filter: &CardFilter) -> Condition {
    let unit = filter
        .unit
        .filter(|unit| *unit != region || filter.is_unit_alone)
        .map(|unit| {
            if filter.is_unit_alone {
                Column::UnitId.eq(unit.0)
            } else {
                Column::UnitId.in_subquery(below(region, &[unit]))
            }
        });
    let kinds = (!filter.kinds.is_empty()).then(|| Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.code())));
    let states = (!filter.states.is_empty()).then(|| Column::State.is_in(filter.states.iter().map(|at| at.code())));
    Condition::all()
        .add_option(unit)
        .add_option(kinds)
        .add_option(states)
        .add_option(
            filter
                .given_from
                .map(|day| Column::GivenAt.gte(Timestamp::start_of(day).micros())),
        )
        .add_option(
            filter
                .given_to
                .map(|day| Column::GivenAt.lte(Timestamp::end_of(day).micros())),
        )
}

impl Store {
    /// A page of the cards that the caller's units got, of cases that the caller may see, newest first.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no cases at all; [`StoreError::BadCursor`].
    pub async fn list_cards(
        &self,
        caller: &Caller,
        filter: CardFilter,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<CardView>, StoreError> {
        caller.must(Action::ListComplaints, Resource::Any)?;
        let select = self.scoped(caller, &filter);
        let sort = Sort {
            column: Column::GivenAt,
            id: Column::Id,
            is_descending: true,
        };
        let key = |row: &Model| (Key::Number(row.given_at), row.id);
        let page = page::fetch(self, select, request, sort, &filter, key).await?;
        Ok(Page {
            items: self.card_views(caller, page.items, now).await?,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// How many cards each of the caller's units got, those with most first.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no cases at all.
    pub async fn count_cards(&self, caller: &Caller, filter: CardFilter) -> Result<Vec<CardCount>, StoreError> {
        caller.must(Action::ListComplaints, Resource::Any)?;
        let rows = self
            .scoped(caller, &filter)
            .select_only()
            .columns([Column::UnitId, Column::Kind])
            .column_as(Column::Id.count(), "cards")
            .group_by(Column::UnitId)
            .group_by(Column::Kind)
            .into_model::<CountRow>()
            .all(self.read())
            .await?;
        let mut by_unit: HashMap<UnitId, Vec<(CardKind, i64)>> = HashMap::new();
        for row in rows {
            let kind = CardKind::from_code(&row.kind).ok_or(nonsense("kind"))?;
            by_unit.entry(UnitId(row.unit_id)).or_default().push((kind, row.cards));
        }
        let names = self.unit_names(caller.actor.region, by_unit.keys().copied()).await?;
        let mut counted: Vec<CardCount> = by_unit
            .into_iter()
            .filter_map(|(unit, counts)| {
                let unit = names.get(&unit)?.clone();
                Some(CardCount { unit, counts })
            })
            .collect();
        let total = |count: &CardCount| count.counts.iter().map(|(_, cards)| cards).sum::<i64>();
        counted.sort_by(|one, other| {
            total(other)
                .cmp(&total(one))
                .then_with(|| one.unit.name.cmp(&other.unit.name))
        });
        counted.truncate(MOST_UNITS);
        Ok(counted)
    }

    fn scoped(&self, caller: &Caller, filter: &CardFilter) -> Select<Entity> {
        let region = caller.actor.region;
        let select = visible(caller).filter(narrowed(region, filter));
        // What another unit got before the case came here is shown with the case; the list is of one's own units.
        match caller.visible.units_if_not_all() {
            Some(units) => select.filter(Column::UnitId.in_subquery(below(region, units))),
            None => select,
        }
    }

    /// The cards of a case that the caller may see, oldest first.
    pub(crate) async fn cards_of(
        &self,
        caller: &Caller,
        case: ComplaintId,
        now: Timestamp,
    ) -> Result<Vec<CardView>, StoreError> {
        let rows = visible(caller)
            .filter(Column::ComplaintId.eq(case.0))
            .order_by_asc(Column::GivenAt)
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        self.card_views(caller, rows, now).await
    }

    async fn card_views(&self, caller: &Caller, rows: Vec<Model>, now: Timestamp) -> Result<Vec<CardView>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let region = caller.actor.region;
        let rules = self.rules(region).await?;
        let homes = Homes::of(self.read(), &caller.actor).await?;
        let cards: Vec<Card> = rows.into_iter().map(Card::try_from).collect::<Result<_, _>>()?;
        let units: Vec<UnitId> = cards.iter().map(|card| card.unit).collect();
        let paths = unit_paths(self.read(), region, units.iter().copied()).await?;
        let names = self.unit_names(region, units).await?;
        let people = self.member_names(region, cards.iter().flat_map(mentioned)).await?;
        let cases = self.cases_of(region, &cards).await?;
        cards
            .into_iter()
            .map(|card| {
                let case = cases.get(&card.complaint).ok_or(nonsense("complaint_id"))?;
                let seat = Seat {
                    caller,
                    path: paths.get(&card.unit).map_or(&[][..], Vec::as_slice),
                    homes: &homes,
                    is_sealed: case.is_sealed,
                };
                let ends_on = card.appeal_ends_on(&rules);
                Ok(CardView {
                    allowed: seat.allowed(&card, &rules, now),
                    appeal_ends_on: card.can_appeal(&rules, now).is_ok().then_some(ends_on),
                    unit: names.get(&card.unit).cloned().ok_or(nonsense("unit_id"))?,
                    members: mentioned(&card)
                        .filter_map(|id| Some((id, people.get(&id)?.clone())))
                        .collect(),
                    number: case.number.clone(),
                    title: case.title.clone(),
                    card,
                })
            })
            .collect()
    }

    /// The cases of cards that the caller may see.
    async fn cases_of(&self, region: RegionId, cards: &[Card]) -> Result<HashMap<ComplaintId, CaseRow>, StoreError> {
        use complaints::Column as Case;
        let rows = complaints::Entity::find()
            .select_only()
            .columns([Case::Id, Case::Number, Case::Title, Case::IsSealed])
            .filter(Case::RegionId.eq(region.0))
            .filter(Case::Id.is_in(cards.iter().map(|card| card.complaint.0)))
            .into_model::<CaseRow>()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| (ComplaintId(row.id), row)).collect())
    }

    pub(super) async fn card(&self, caller: &Caller, id: CardId, now: Timestamp) -> Result<CardView, StoreError> {
        let rows = visible(caller).filter(Column::Id.eq(id.0)).all(self.read()).await?;
        self.card_views(caller, rows, now)
            .await?
            .pop()
            .ok_or(StoreError::NotFound)
    }
}

/// How a caller stands to a card.
struct Seat<'a> {
    caller: &'a Caller,
    /// From the root to the unit that got the card.
    path: &'a [UnitId],
    homes: &'a Homes,
    is_sealed: bool,
}

impl Seat<'_> {
    /// As whom the caller may do something with the card, if they may.
    fn may(&self, action: Action) -> Option<Doer> {
        let resource = Resource::Complaint {
            path: self.path,
            is_sealed: self.is_sealed,
            is_excluded: false,
        };
        self.caller.must(action, resource).ok()
    }

    fn allowed(&self, card: &Card, rules: &Rules, now: Timestamp) -> Vec<CardVerb> {
        let is_possible = |verb: CardVerb| match verb {
            CardVerb::Appeal => self.may(Action::AppealCard).is_some() && card.can_appeal(rules, now).is_ok(),
            CardVerb::Uphold | CardVerb::Lift | CardVerb::Issue | CardVerb::Drop => self
                .may(Action::DecideCard)
                .is_some_and(|doer| card.can_decide(verb, self.homes.judge(doer, card)).is_ok()),
        };
        CardVerb::ALL
            .iter()
            .copied()
            .filter(|verb| is_possible(*verb))
            .collect()
    }
}
fn mentioned(card: &Card) -> impl Iterator<Item = MemberId> {
    let said = [&card.proposal, &card.appeal, &card.decision];
    let by: Vec<MemberId> = said.into_iter().flatten().map(|ruling| ruling.by).collect();
    card.handler.into_iter().chain(by)
}
