//! Lists of cases: one filter for the queue, the statistics and whatever else narrows cases down, always behind the
//! caller's scope.

use liangnuo_domain::{
    CategoryId, Day, MemberId, RegionId, Timestamp, UnitId,
    clocks::{LONG_OVERDUE_SECONDS, Phase},
    complaints::{Channel, Kind, State},
    policy::{Action, Resource},
    statistics::SATISFIED_FROM,
    time::MICROS_PER_DAY,
    units::UnitKind,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::{
    search::{Place, found_by},
    summary::{CaseSummary, Row},
};
use crate::{
    callers::Caller,
    db::{Database, Store},
    entity::{
        categories,
        complaints::{Column, Entity},
        units,
    },
    error::StoreError,
    page::{self, Key, Page, PageRequest, Sort, Source},
    visible::{Visible, below},
};

/// What a list of cases is narrowed down to. Everything left out means "any".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseFilter {
    /// A word in title, text, replies or number.
    pub q: Option<String>,
    /// Any of these states.
    pub states: Vec<State>,
    /// Any of these phases.
    pub phases: Vec<Phase>,
    /// Any of these channels.
    pub channels: Vec<Channel>,
    /// Any of these kinds.
    pub kinds: Vec<Kind>,
    /// Held in this unit's subtree.
    pub unit: Option<UnitId>,
    /// Handled by this member.
    pub handler: Option<MemberId>,
    /// In this category or one below it.
    pub category: Option<CategoryId>,
    /// Received on or after this day.
    pub received_from: Option<Day>,
    /// Received on or before this day.
    pub received_to: Option<Day>,
    /// First answered on or after this day.
    pub replied_from: Option<Day>,
    /// First answered on or before this day.
    pub replied_to: Option<Day>,
    /// Due before this instant.
    pub due_before: Option<Timestamp>,
    /// Answered after more than so many days.
    pub days_to_reply_over: Option<f64>,
    /// Rated as not satisfied, or rated as satisfied.
    pub is_rated_unsatisfied: Option<bool>,
    /// Rated, or not.
    pub is_rated: Option<bool>,
    /// Answered at least once, or not.
    pub is_replied: Option<bool>,
    /// Whose work ended on or after this day.
    pub ended_from: Option<Day>,
    /// Whose work ended on or before this day.
    pub ended_to: Option<Day>,
    /// Of `unit` the unit itself alone, not those below it.
    pub is_unit_alone: bool,
    /// Held by a unit of this kind.
    pub unit_kind: Option<UnitKind>,
    /// Of `category` the category itself alone, not those below it.
    pub is_category_alone: bool,
    /// In any category, or in none.
    pub has_category: Option<bool>,
    /// Received in this year.
    pub year: Option<i32>,
    /// Marked as an emergency, or not.
    pub is_emergency: Option<bool>,
    /// Under supervision, or not.
    pub is_supervised: Option<bool>,
    /// Done again, or not.
    pub is_redone: Option<bool>,
    /// Waiting for a decision on more time, or not.
    pub is_extension_asked: Option<bool>,
    /// Under the supervision of this member.
    pub supervisor: Option<MemberId>,
    /// Whose next report to the supervisor is due before this instant.
    pub report_due_before: Option<Timestamp>,
    /// Handled by somebody, or by nobody yet.
    pub has_handler: Option<bool>,
    /// Without contact data, or with them.
    pub is_anonymous: Option<bool>,
    /// Rated with any of these levels, 5 to 1.
    pub satisfaction: Vec<i16>,
    /// Due at this instant or later.
    pub due_from: Option<Timestamp>,
}

/// How a list of cases is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseSort {
    /// Newest first.
    #[default]
    NewestFirst,
    /// Oldest first.
    OldestFirst,
    /// Due first; cases without a clock are left out.
    DueFirst,
    /// Due last; cases without a clock are left out.
    DueLast,
    /// What fits the search best first: the best two hundred, in one piece.
    Relevance,
}

impl CaseSort {
    pub(super) const fn sort(self) -> Sort<Column> {
        let (column, is_descending) = match self {
            Self::NewestFirst | Self::Relevance => (Column::ReceivedAt, true),
            Self::OldestFirst => (Column::ReceivedAt, false),
            Self::DueFirst => (Column::DueAt, false),
            Self::DueLast => (Column::DueAt, true),
        };
        Sort {
            column,
            id: Column::Id,
            is_descending,
        }
    }
}

/// The cases that the caller may see and that fit the filter. The only way to begin a query over cases.
pub(crate) fn filtered(visible: &Visible, filter: &CaseFilter, database: Database, now: Timestamp) -> Select<Entity> {
    Entity::find().filter(
        visible
            .condition()
            .add(narrowed(visible.region(), filter, database, now)),
    )
}

/// What a filter asks for, without any right to see it.
pub(crate) fn narrowed(region: RegionId, filter: &CaseFilter, database: Database, now: Timestamp) -> Condition {
    let mut condition = Condition::all();
    if let Some(found) = filter.q.as_deref().and_then(|q| found_by(q, region, database)) {
        condition = condition.add(found);
    }
    if !filter.states.is_empty() {
        condition = condition.add(Column::State.is_in(filter.states.iter().map(|state| state.code())));
    }
    if !filter.phases.is_empty() {
        condition = condition.add(
            filter
                .phases
                .iter()
                .fold(Condition::any(), |any, phase| any.add(in_phase(*phase, now))),
        );
    }
    if let Some(units) = units_of(region, filter, Expr::col((Entity, Column::UnitId))) {
        condition = condition.add(units);
    }
    if let Some(categories) = categories_of(region, filter, Expr::col((Entity, Column::CategoryId))) {
        condition = condition.add(categories);
    }
    let not_before = |column: Column, day: Option<Day>| day.map(|day| column.gte(Timestamp::start_of(day).micros()));
    let not_after = |column: Column, day: Option<Day>| day.map(|day| column.lte(Timestamp::end_of(day).micros()));
    condition = condition
        .add_option(any_of(
            Column::Channel,
            filter.channels.iter().map(|channel| channel.code()),
        ))
        .add_option(any_of(Column::Kind, filter.kinds.iter().map(|kind| kind.code())))
        .add_option(any_of(Column::RatingLevel, filter.satisfaction.iter().copied()))
        .add_option(all_unsatisfied(&filter.satisfaction))
        .add_option(filter.has_handler.map(|has| set_or_not(Column::HandlerId, has)))
        .add_option(filter.is_anonymous.map(|is| Column::IsAnonymous.eq(is)))
        .add_option(filter.due_from.map(|at| Column::DueAt.gte(at.micros())))
        .add_option(filter.handler.map(|member| Column::HandlerId.eq(member.0)))
        .add_option(not_before(Column::ReceivedAt, filter.received_from))
        .add_option(not_after(Column::ReceivedAt, filter.received_to))
        .add_option(not_before(Column::RepliedAt, filter.replied_from))
        .add_option(not_after(Column::RepliedAt, filter.replied_to))
        .add_option(filter.due_before.map(|at| Column::DueAt.lt(at.micros())))
        .add_option(
            filter
                .days_to_reply_over
                .map(|days| Column::ReplyMicros.gt(micros_of(days))),
        )
        .add_option(not_before(Column::EndedAt, filter.ended_from))
        .add_option(not_after(Column::EndedAt, filter.ended_to))
        .add_option(filter.is_rated_unsatisfied.map(|is| {
            let level = Expr::col((Entity, Column::RatingLevel));
            let limit = literal(SATISFIED_FROM);
            if is { level.lt(limit) } else { level.gte(limit) }
        }))
        .add_option(filter.has_category.map(|has| set_or_not(Column::CategoryId, has)))
        .add_option(filter.is_rated.map(|is| set_or_not(Column::RatingLevel, is)))
        .add_option(filter.is_replied.map(|is| set_or_not(Column::ReplyMicros, is)))
        .add_option(filter.year.map(in_year))
        .add_option(
            filter
                .is_emergency
                .map(|is| Expr::col((Entity, Column::IsEmergency)).eq(literal(is))),
        )
        .add_option(
            filter
                .is_extension_asked
                .map(|is| Expr::col((Entity, Column::IsExtensionAsked)).eq(literal(is))),
        )
        .add_option(filter.is_supervised.map(|is| set_or_not(Column::SupervisedAt, is)))
        .add_option(filter.is_redone.map(|is| set_or_not(Column::RedoAskedAt, is)))
        .add_option(filter.supervisor.map(|member| Column::SupervisedBy.eq(member.0)))
        .add_option(filter.report_due_before.map(|at| Column::ReportDueAt.lt(at.micros())));
    condition
}

/// What a filter asks of the unit, as a condition on a column that holds one.
pub(crate) fn units_of(region: RegionId, filter: &CaseFilter, column: Expr) -> Option<Condition> {
    // Below the root is everything: to ask it of each case would only mislead the database.
    let asked = filter.unit.filter(|unit| *unit != region || filter.is_unit_alone);
    let unit = asked.map(|unit| {
        if filter.is_unit_alone {
            column.clone().eq(unit.0)
        } else {
            column.clone().in_subquery(below(region, &[unit]))
        }
    });
    let of_kind = filter.unit_kind;
    let of_kind = of_kind.map(|kind| column.in_subquery(units_of_kind(region, kind)));
    (unit.is_some() || of_kind.is_some()).then(|| Condition::all().add_option(unit).add_option(of_kind))
}

pub(super) fn units_of_kind(region: RegionId, kind: UnitKind) -> SelectStatement {
    units::Entity::find()
        .select_only()
        .column(units::Column::Id)
        .filter(units::Column::RegionId.eq(region.0))
        .filter(units::Column::Kind.eq(kind.code()))
        .into_query()
}

/// What a filter asks of the category, as a condition on a column that holds one.
pub(crate) fn categories_of(region: RegionId, filter: &CaseFilter, column: Expr) -> Option<Condition> {
    let category = filter.category.map(|category| {
        if filter.is_category_alone {
            column.eq(category.0)
        } else {
            column.in_subquery(categories_below(region, category))
        }
    })?;
    Some(Condition::all().add(category))
}

/// A category and those below it: there are three levels.
pub(super) fn categories_below(region: RegionId, category: CategoryId) -> SelectStatement {
    use categories::Column::{Id, ParentId, RegionId as Region};
    let children = categories::Entity::find()
        .select_only()
        .column(Id)
        .filter(Region.eq(region.0))
        .filter(ParentId.eq(category.0))
        .into_query();
    categories::Entity::find()
        .select_only()
        .column(Id)
        .filter(Region.eq(region.0))
        .filter(
            Condition::any()
                .add(Id.eq(category.0))
                .add(ParentId.eq(category.0))
                .add(ParentId.in_subquery(children)),
        )
        .into_query()
}

/// A value that stands in the statement itself: only from that does a database know that an index over some rows will do.
fn literal(value: impl Into<Value>) -> Expr {
    Expr::Constant(value.into())
}

/// Received in a year of the county's time. A year that is none has no cases.
fn in_year(year: i32) -> Condition {
    let day = |year| Day::from_ymd_opt(year, 1, 1).map(|day| Timestamp::start_of(day).micros());
    match (day(year), day(year.saturating_add(1))) {
        (Some(from), Some(until)) => Condition::all()
            .add(Column::ReceivedAt.gte(from))
            .add(Column::ReceivedAt.lt(until)),
        _ => Condition::all().add(Expr::val(1).eq(0)),
    }
}

/// One of a few values; nothing for none.
fn any_of<V: Into<Value>>(column: Column, values: impl ExactSizeIterator<Item = V>) -> Option<Expr> {
    let mut values = values.map(Into::into);
    match values.len() {
        0 => None,
        1 => values.next().map(|value: Value| column.eq(value)),
        _ => Some(column.is_in(values)),
    }
}

/// For levels that mean not satisfied, what the index over those is told by.
fn all_unsatisfied(levels: &[i16]) -> Option<Expr> {
    let are_all = !levels.is_empty() && levels.iter().all(|level| *level < SATISFIED_FROM);
    are_all.then(|| Expr::col((Entity, Column::RatingLevel)).lt(literal(SATISFIED_FROM)))
}

fn set_or_not(column: Column, is_set: bool) -> Expr {
    if is_set { column.is_not_null() } else { column.is_null() }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "saturates; days are bounded by the API"
)]
fn micros_of(days: f64) -> i64 {
    (days * MICROS_PER_DAY as f64) as i64
}

/// Takes their meaning from the characters that LIKE gives one.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn in_phase(phase: Phase, now: Timestamp) -> Condition {
    let now_micros = now.micros();
    let long_ago = now.plus_seconds(-LONG_OVERDUE_SECONDS).micros();
    match phase {
        Phase::None => Condition::all().add(Column::DueAt.is_null()),
        Phase::LongOverdue => Condition::all().add(Column::DueAt.lt(long_ago)),
        Phase::Overdue => Condition::all()
            .add(Column::DueAt.lt(now_micros))
            .add(Column::DueAt.gte(long_ago)),
        Phase::DueSoon => Condition::all()
            .add(Column::DueAt.gte(now_micros))
            .add(Column::SoonAt.lte(now_micros)),
        Phase::OnTime => Condition::all()
            .add(Column::DueAt.gte(now_micros))
            .add(Column::SoonAt.gt(now_micros)),
    }
}

impl Store {
    /// A page of the cases that the caller may see.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no cases at all.
    pub async fn list_cases(
        &self,
        caller: &Caller,
        filter: CaseFilter,
        sort: CaseSort,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<CaseSummary>, StoreError> {
        caller.must(Action::ListComplaints, Resource::Any)?;
        let rules = self.rules(caller.actor.region).await?;
        let visible = &caller.visible;
        let places = self.named_places(visible, &filter).await?;
        let others = CaseFilter {
            q: None,
            ..filter.clone()
        };
        let mut select = filtered(visible, &others, self.database(), now).filter(places.condition());
        if let (CaseSort::Relevance, Some(q)) = (sort, &filter.q) {
            return Box::pin(self.most_relevant(select, (visible.region(), q), &rules, now)).await;
        }
        let by_due = matches!(sort, CaseSort::DueFirst | CaseSort::DueLast);
        if by_due {
            select = select.filter(Column::DueAt.is_not_null());
        }
        let source = match &filter.q {
            Some(q) => self.search(select, (q, Place::Text), visible.region()),
            // PostgreSQL sorts a school's cases faster than it puts two lists together, for which it may go through all cases.
            None if !by_due && self.database() == Database::Sqlite => Source::any(select, places.each_unit()),
            None => select.into(),
        };
        let key = |row: &Row| {
            let value = if by_due {
                row.due_at.unwrap_or_default()
            } else {
                row.received_at
            };
            (Key::Number(value), row.id)
        };
        let page = Box::pin(page::fetch_as(
            self,
            source,
            Row::select,
            request,
            sort.sort(),
            &filter,
            key,
        ))
        .await?;
        let items = page
            .items
            .into_iter()
            .map(|row| row.summary(&rules, now))
            .collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }
}
