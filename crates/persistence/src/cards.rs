//! Cards of the ladder: given by the worker, listed for those who see the case, appealed and decided.

use std::collections::HashMap;

use liangnuo_domain::{
    CardId, ComplaintId, Day, Doer, MemberId, Refusal, RegionId, Timestamp, UnitId,
    cards::{Card, CardKind, CardState, CardVerb, Judge, Ruling},
    clocks::{Rules, Rung},
    complaints::{Complaint, Event, Step},
    policy::{Action, Resource},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    callers::Caller,
    complaints::{rows as cases, save},
    db::Store,
    entity::{
        cards::{ActiveModel, Column, Entity, Model},
        complaints,
    },
    error::StoreError,
    names::{MemberName, UnitName, unit_path, unit_paths},
    notices,
    page::{self, Key, Page, PageRequest, Sort},
    tx::{By, Tx},
    visible::below,
};

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

const fn nonsense(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: "cards", column }
}

fn ruling(by: Option<Uuid>, at: Option<i64>, reason: Option<String>) -> Option<Ruling> {
    Some(Ruling {
        by: MemberId(by?),
        at: Timestamp::from_micros(at?),
        reason: reason?,
    })
}

impl TryFrom<Model> for Card {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: CardId(row.id),
            region: UnitId(row.region_id),
            complaint: ComplaintId(row.complaint_id),
            unit: UnitId(row.unit_id),
            handler: row.handler_id.map(MemberId),
            kind: CardKind::from_code(&row.kind).ok_or(nonsense("kind"))?,
            due_on: row.due_on.parse().map_err(|_malformed| nonsense("due_on"))?,
            given_at: Timestamp::from_micros(row.given_at),
            state: CardState::from_code(&row.state).ok_or(nonsense("state"))?,
            proposal: ruling(row.proposal_by, row.proposal_at, row.proposal_reason),
            appeal: ruling(row.appealed_by, row.appealed_at, row.appeal_reason),
            decision: ruling(row.decided_by, row.decided_at, row.decision_reason),
            version: row.version,
        })
    }
}

/// The columns that a decision may change.
fn changeable(card: &Card) -> ActiveModel {
    let by = |ruling: &Option<Ruling>| ruling.as_ref().map(|ruling| ruling.by.0);
    let at = |ruling: &Option<Ruling>| ruling.as_ref().map(|ruling| ruling.at.micros());
    let reason = |ruling: &Option<Ruling>| ruling.as_ref().map(|ruling| ruling.reason.clone());
    ActiveModel {
        state: Set(card.state.code().to_owned()),
        proposal_by: Set(by(&card.proposal)),
        proposal_at: Set(at(&card.proposal)),
        proposal_reason: Set(reason(&card.proposal)),
        appealed_by: Set(by(&card.appeal)),
        appealed_at: Set(at(&card.appeal)),
        appeal_reason: Set(reason(&card.appeal)),
        decided_by: Set(by(&card.decision)),
        decided_at: Set(at(&card.decision)),
        decision_reason: Set(reason(&card.decision)),
        ..ActiveModel::default()
    }
}

/// Gives the card of a rung, if the rung has one. Called once for each date and rung.
pub(crate) async fn give(tx: &Tx, case: &Complaint, rung: Rung, due_on: Day) -> Result<(), StoreError> {
    let Some(kind) = CardKind::of(rung) else {
        return Ok(());
    };
    let card = Card::new(CardId(tx.ids().v7(tx.now())), case, kind, due_on, tx.now());
    let row = ActiveModel {
        region_id: Set(card.region.0),
        id: Set(card.id.0),
        complaint_id: Set(card.complaint.0),
        unit_id: Set(card.unit.0),
        handler_id: Set(card.handler.map(|id| id.0)),
        kind: Set(card.kind.code().to_owned()),
        due_on: Set(card.due_on.to_string()),
        given_at: Set(card.given_at.micros()),
        version: Set(card.version),
        ..changeable(&card)
    };
    Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Cards of the cases that the caller may see. A subquery, not a join: a database would rather begin with all cases than
/// with the newest cards.
fn visible(caller: &Caller) -> Select<Entity> {
    let case = complaints::Entity::find()
        .select_only()
        .column(complaints::Column::Id)
        .filter(Expr::col((complaints::Entity, complaints::Column::Id)).equals((Entity, Column::ComplaintId)))
        .filter(caller.visible.condition())
        .into_query();
    Entity::find()
        .filter(Column::RegionId.eq(caller.actor.region.0))
        .filter(Expr::exists(case))
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
        let home = unit_path(self.read(), region, caller.actor.home_unit).await?;
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
                    home: &home,
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

    /// The unit says why a card is wrong.
    ///
    /// # Errors
    /// Not found, forbidden, stale, refused by where the card stands or by the time, a reason that is missing.
    pub async fn appeal_card(
        &self,
        caller: Caller,
        id: CardId,
        expected: i64,
        reason: String,
        now: Timestamp,
    ) -> Result<CardView, StoreError> {
        caller.must_somewhere(Action::AppealCard)?;
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (card, case, _) = open_card(&mut tx, &by, id, Action::AppealCard, expected).await?;
            let next = card.appeal(&reason, by.actor.member, &rules, now)?;
            let event = Event::CardAppealed {
                card: card.kind,
                reason,
            };
            finish(&mut tx, &card, &next, case, event).await?;
            tx.commit().await
        })
        .await?;
        self.card(&caller, id, now).await
    }

    /// An appeal is decided, or whether a proposed notice is issued.
    ///
    /// # Errors
    /// As [`Store::appeal_card`]; [`liangnuo_domain::Refusal::OwnWork`] for whoever is of the unit.
    pub async fn decide_card(
        &self,
        caller: Caller,
        id: CardId,
        expected: i64,
        (verb, reason): (CardVerb, String),
        now: Timestamp,
    ) -> Result<CardView, StoreError> {
        caller.must_somewhere(Action::DecideCard)?;
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (card, case, doer) = open_card(&mut tx, &by, id, Action::DecideCard, expected).await?;
            // Whoever stands in for the one who appealed would decide on their work.
            if card
                .appeal
                .as_ref()
                .is_some_and(|appeal| doer.acting_for == Some(appeal.by))
            {
                return Err(Refusal::OwnWork.into());
            }
            let home = unit_path(tx.conn(), card.region, by.actor.home_unit).await?;
            let next = card.decide(verb, &reason, judge(&by, &card, &home), now)?;
            let event = Event::CardDecided {
                card: card.kind,
                verb,
                reason,
                appealed_by: card.appeal.as_ref().map(|appeal| appeal.by),
            };
            finish(&mut tx, &card, &next, case, event).await?;
            tx.commit().await
        })
        .await?;
        self.card(&caller, id, now).await
    }

    async fn card(&self, caller: &Caller, id: CardId, now: Timestamp) -> Result<CardView, StoreError> {
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
    /// From the root to the caller's home.
    home: &'a [UnitId],
    is_sealed: bool,
}

impl Seat<'_> {
    fn may(&self, action: Action) -> bool {
        let resource = Resource::Complaint {
            path: self.path,
            is_sealed: self.is_sealed,
            is_excluded: false,
        };
        self.caller.must(action, resource).is_ok()
    }

    fn allowed(&self, card: &Card, rules: &Rules, now: Timestamp) -> Vec<CardVerb> {
        let is_possible = |verb: CardVerb| match verb {
            CardVerb::Appeal => self.may(Action::AppealCard) && card.can_appeal(rules, now).is_ok(),
            CardVerb::Uphold | CardVerb::Lift | CardVerb::Issue | CardVerb::Drop => {
                let judge = judge(self.caller, card, self.home);
                self.may(Action::DecideCard) && card.can_decide(verb, judge).is_ok()
            }
        };
        CardVerb::ALL
            .iter()
            .copied()
            .filter(|verb| is_possible(*verb))
            .collect()
    }
}

fn judge(caller: &Caller, card: &Card, home: &[UnitId]) -> Judge {
    Judge {
        member: caller.actor.member,
        is_of_the_unit: card.unit != card.region && home.contains(&card.unit),
    }
}

fn mentioned(card: &Card) -> impl Iterator<Item = MemberId> {
    let said = [&card.proposal, &card.appeal, &card.decision];
    let by: Vec<MemberId> = said.into_iter().flatten().map(|ruling| ruling.by).collect();
    card.handler.into_iter().chain(by)
}

/// Loads a card for a change, with its case: hidden with the case, refused to whoever may not do this at the unit that got
/// it, stale if it has changed.
async fn open_card(
    tx: &mut Tx,
    caller: &Caller,
    id: CardId,
    action: Action,
    expected: i64,
) -> Result<(Card, Complaint, Doer), StoreError> {
    let row = Entity::find_by_id((caller.actor.region.0, id.0))
        .one(tx.conn())
        .await?
        .ok_or(StoreError::NotFound)?;
    let card = Card::try_from(row)?;
    let case = cases::load_visible(tx.conn(), &caller.visible, card.complaint.0)
        .await?
        .ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), card.region, card.unit).await?;
    let resource = Resource::Complaint {
        path: &path,
        is_sealed: case.is_sealed,
        is_excluded: false,
    };
    // The case is known: of a card that another unit got before, the caller may know, too.
    let doer = tx
        .must(caller, action, resource)
        .map_err(|_hidden| StoreError::Forbidden)?;
    if card.version != expected {
        return Err(StoreError::Stale { current: card.version });
    }
    Ok((card, case, doer))
}

/// Saves what became of a card if nobody was faster, and notes it in its case, whose version stays.
async fn finish(tx: &mut Tx, before: &Card, next: &Card, case: Complaint, event: Event) -> Result<(), StoreError> {
    let row = ActiveModel {
        version: Set(before.version + 1),
        ..changeable(next)
    };
    let changed = Entity::update_many()
        .set(row)
        .filter(Column::RegionId.eq(before.region.0))
        .filter(Column::Id.eq(before.id.0))
        .filter(Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale {
            current: before.version + 1,
        });
    }
    let step = Step {
        next: case.clone(),
        events: vec![event],
        reply: None,
        message: None,
    };
    save::record(tx, &step);
    notices::tell(tx, &case, &step, tx.by(), tx.now()).await
}
