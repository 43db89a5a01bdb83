//! The log as people look at it: narrowed down, page by page, always behind the caller's scope.

use liangnuo_domain::{
    ComplaintId, Day, MemberId, RegionId, Timestamp, UnitId,
    complaints::number::is_number,
    events::{Action, ActorKind, Subject},
    policy::{self, EVENT_DETAIL_READERS, EVENT_READERS, Resource},
    text,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{
    facts::{Fact, facts},
    names::EventNames,
    scope::Scope,
};
use crate::{
    callers::Caller,
    db::Store,
    entity::{
        complaints, event_details,
        events::{self, Column, Entity},
        members,
    },
    error::StoreError,
    join::join,
    page::{self, Key, Page, PageRequest, Sort, Source},
    visible::below,
};

/// What the log is narrowed down to. Everything left out means "any".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// The number of a case, or the whole name of who acted.
    pub q: Option<String>,
    /// About things of this kind.
    pub subject_kind: Option<Subject>,
    /// About this thing.
    pub subject: Option<Uuid>,
    /// Any of these actions.
    pub actions: Vec<Action>,
    /// Done by this member.
    pub actor: Option<MemberId>,
    /// Done by such a one.
    pub actor_kind: Option<ActorKind>,
    /// Done in this member's place.
    pub acting_for: Option<MemberId>,
    /// On this day or later.
    pub from: Option<Day>,
    /// On this day or before.
    pub to: Option<Day>,
}

/// How the log is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventSort {
    /// Newest first.
    #[default]
    NewestFirst,
    /// Oldest first.
    OldestFirst,
}

impl EventSort {
    fn sort(self) -> Sort<Column> {
        Sort {
            column: Column::ListedAt,
            id: Column::Id,
            is_descending: self == Self::NewestFirst,
        }
    }
}

/// An event as a caller is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub action: Action,
    /// The id of the thing that it happened to.
    pub subject: Uuid,
    /// Who did it.
    pub actor_kind: ActorKind,
    /// The member, if one did.
    pub actor: Option<MemberId>,
    /// In whose place.
    pub acting_for: Option<MemberId>,
    /// On which day.
    pub on: Day,
    /// The moment; of what a complainant did, nobody is told.
    pub at: Option<Timestamp>,
    /// The unit that held the thing; none where it is the county as a whole, or the caller is not told.
    pub unit: Option<UnitId>,
    /// Whether the caller is told everything, and not only what happened, when, to what and by whom.
    pub is_told_all: bool,
    /// What else there is to say, as far as the caller is told.
    pub facts: Vec<Fact>,
}

/// A page of the log, with the names of what is mentioned on it.
#[derive(Clone, Debug)]
pub struct EventList {
    /// The events.
    pub page: Page<LoggedEvent>,
    /// The names.
    pub names: EventNames,
}

/// What a page reads of an event.
#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    event: events::Model,
    json: Option<String>,
    is_told_all: bool,
}

impl TryFrom<Row> for LoggedEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const fn nonsense(column: &'static str) -> StoreError {
            StoreError::Inconsistent {
                table: "events",
                column,
            }
        }
        let Row {
            event,
            json,
            is_told_all,
        } = row;
        let action = Action::from_code(&event.action).ok_or(nonsense("action"))?;
        let actor_kind = ActorKind::from_code(&event.actor_kind).ok_or(nonsense("actor_kind"))?;
        let at = Timestamp::from_micros(event.at);
        // Deleted by retention, it says nothing.
        let detail = json
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        // Which unit held a case is already something of the case.
        let is_place_told = is_told_all || action.subject() != Subject::Complaints;
        Ok(Self {
            id: event.id,
            action,
            subject: event.subject_id,
            actor_kind,
            actor: event.actor_id.map(MemberId),
            acting_for: event.acting_for.map(MemberId),
            on: at.day(),
            at: (actor_kind != ActorKind::Complainant).then_some(at),
            unit: event.unit_id.map(UnitId).filter(|_| is_place_told),
            is_told_all,
            facts: facts(action, &detail, is_told_all),
        })
    }
}

/// Values each of which is looked up by itself.
const FEW: usize = 40;

impl Store {
    /// A page of the events that the caller may know of.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no part in the log.
    pub async fn list_events(
        &self,
        caller: &Caller,
        filter: EventFilter,
        sort: EventSort,
        request: &PageRequest,
    ) -> Result<EventList, StoreError> {
        caller.must(policy::Action::ReadEvents, Resource::Any)?;
        let log = Log::of(caller);
        let source = self.narrowed_log(&log, &filter).await?;
        let key = |row: &Row| (Key::Number(row.event.listed_at), row.event.id);
        let shape = |select| log.shaped(select);
        let page = page::fetch_as(self, source, shape, request, sort.sort(), &filter, key).await?;
        let items: Vec<LoggedEvent> = page
            .items
            .into_iter()
            .map(LoggedEvent::try_from)
            .collect::<Result<_, _>>()?;
        Ok(EventList {
            names: self.names_in_log(log.region, &log.told, &items).await?,
            page: Page {
                items,
                next_cursor: page.next_cursor,
                total: page.total,
            },
        })
    }

    /// One event.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no part in the log; [`StoreError::NotFound`] if there is none, or the caller
    /// may not know of it.
    pub async fn event(&self, caller: &Caller, id: Uuid) -> Result<(LoggedEvent, EventNames), StoreError> {
        caller.must(policy::Action::ReadEvents, Resource::Any)?;
        let log = Log::of(caller);
        let row = log
            .shaped(Entity::find_by_id(id))
            .filter(log.scope.condition())
            .into_model::<Row>()
            .one(self.read())
            .await?;
        let event = LoggedEvent::try_from(row.ok_or(StoreError::NotFound)?)?;
        let names = self
            .names_in_log(log.region, &log.told, std::slice::from_ref(&event))
            .await?;
        Ok((event, names))
    }

    /// The events of a log that a filter leaves. What may be one of several (units, actions, people) is looked up by each of
    /// them: each has an index in the order of the list.
    async fn narrowed_log(&self, log: &Log, filter: &EventFilter) -> Result<Source<Entity>, StoreError> {
        let in_scope = || Entity::find().filter(log.scope.condition()).filter(simple(filter));
        let actions = actions_of(filter);
        let of_actions = |actions: Option<Vec<Action>>| {
            Condition::all()
                .add_option(actions.map(|some| Column::Action.is_in(some.iter().map(|action| action.code()))))
        };
        if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            let found = in_scope().filter(of_actions(actions));
            return Ok(match self.looked_up(log, q).await? {
                LookedUp::Case(case) => found.filter(Column::SubjectId.eq(case.0)).into(),
                LookedUp::Members(members) if members.len() <= FEW => Source::any(
                    found,
                    members.into_iter().map(|id| only(Column::ActorId.eq(id))).collect(),
                ),
                LookedUp::Members(members) => found.filter(Column::ActorId.is_in(members)).into(),
                LookedUp::Nothing => found.filter(Expr::val(1).eq(0)).into(),
            });
        }
        // One thing, or what one member did, is little.
        if filter.subject.is_some() || filter.actor.is_some() || filter.acting_for.is_some() {
            return Ok(in_scope().filter(of_actions(actions)).into());
        }
        if let Some(units) = log.scope.units() {
            let rows = self.read().query_all(&below(log.region, units)).await?;
            let ids = rows.iter().map(|row| row.try_get_by_index(0));
            let ids: Vec<Uuid> = ids.collect::<Result<_, _>>()?;
            if (1..=FEW).contains(&ids.len()) {
                let anywhere = Entity::find().filter(log.scope.anywhere()).filter(simple(filter));
                let in_each = ids.into_iter().map(|id| only(Column::UnitId.eq(id))).collect();
                return Ok(Source::any(anywhere.filter(of_actions(actions)), in_each));
            }
        }
        Ok(match actions {
            None => in_scope().into(),
            Some(actions) if (1..=FEW).contains(&actions.len()) => {
                let of_each = actions.iter().map(|action| only(Column::Action.eq(action.code())));
                Source::any(in_scope(), of_each.collect())
            }
            actions => in_scope().filter(of_actions(actions)).into(),
        })
    }

    /// What is typed into the log's search: the number of a case that the caller is told of, else who has exactly this name.
    async fn looked_up(&self, log: &Log, q: &str) -> Result<LookedUp, StoreError> {
        let number = text::fold(q);
        if is_number(&number) {
            let case = complaints::Entity::find()
                .select_only()
                .column(complaints::Column::Id)
                .filter(log.told.cases())
                .filter(complaints::Column::Number.eq(number.to_uppercase()))
                .into_tuple::<Uuid>()
                .one(self.read())
                .await?;
            return Ok(case.map_or(LookedUp::Nothing, |id| LookedUp::Case(ComplaintId(id))));
        }
        let mut found = self.of_name(log.region, members::Column::Name, q).await?;
        found.extend(self.of_name(log.region, members::Column::NameEn, q).await?);
        found.sort_unstable();
        found.dedup();
        Ok(if found.is_empty() {
            LookedUp::Nothing
        } else {
            LookedUp::Members(found)
        })
    }

    async fn of_name(&self, region: RegionId, name: members::Column, q: &str) -> Result<Vec<Uuid>, StoreError> {
        Ok(members::Entity::find()
            .select_only()
            .column(members::Column::Id)
            .filter(members::Column::RegionId.eq(region.0))
            .filter(name.eq(q))
            .into_tuple()
            .all(self.read())
            .await?)
    }
}

enum LookedUp {
    Case(ComplaintId),
    Members(Vec<Uuid>),
    Nothing,
}

/// The log as it is for a caller.
struct Log {
    region: RegionId,
    /// What they may know of.
    scope: Scope,
    /// That of it of which they are told everything.
    told: Scope,
}

impl Log {
    fn of(caller: &Caller) -> Self {
        Self {
            region: caller.actor.region,
            scope: Scope::of(&caller.actor, EVENT_READERS),
            told: Scope::of(&caller.actor, EVENT_DETAIL_READERS),
        }
    }

    fn shaped(&self, select: Select<Entity>) -> Select<Entity> {
        let same = [(event_details::Column::EventId, Column::Id)];
        join(select, event_details::Entity, same)
            .column(event_details::Column::Json)
            .expr_as(self.told.has(&self.scope), "is_told_all")
    }
}

fn only(condition: Expr) -> Condition {
    Condition::all().add(condition)
}

/// The parts of a filter that have one value.
fn simple(filter: &EventFilter) -> Condition {
    Condition::all()
        .add_option(filter.subject_kind.map(|kind| Column::SubjectKind.eq(kind.code())))
        .add_option(filter.subject.map(|subject| Column::SubjectId.eq(subject)))
        .add_option(filter.actor.map(|actor| Column::ActorId.eq(actor.0)))
        .add_option(filter.actor_kind.map(of_kind))
        .add_option(filter.acting_for.map(|member| Column::ActingFor.eq(member.0)))
        .add_option(
            filter
                .from
                .map(|day| Column::ListedAt.gte(Timestamp::start_of(day).micros())),
        )
        .add_option(
            filter
                .to
                .map(|day| Column::ListedAt.lte(Timestamp::end_of(day).micros())),
        )
}

/// Most of what happens is done by members. The rest has an index that holds only that, which a database takes once the
/// statement itself says that it is not a member's.
fn of_kind(kind: ActorKind) -> Condition {
    let column = || Expr::col((Entity, Column::ActorKind));
    let code = |kind: ActorKind| Expr::Constant(kind.code().into());
    let no_member = (kind != ActorKind::Member).then(|| column().ne(code(ActorKind::Member)));
    Condition::all().add(column().eq(code(kind))).add_option(no_member)
}

/// The actions that a filter leaves; none for all. Things of a kind are looked up by what can happen to them: but for cases,
/// of which nearly everything is.
fn actions_of(filter: &EventFilter) -> Option<Vec<Action>> {
    let fits = |action: &Action| filter.subject_kind.is_none_or(|kind| kind == action.subject());
    match filter.subject_kind {
        _ if !filter.actions.is_empty() => Some(filter.actions.iter().copied().filter(fits).collect()),
        Some(kind) if kind != Subject::Complaints => Some(Action::of_subject(kind).collect()),
        _ => None,
    }
}
