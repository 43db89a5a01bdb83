//! The event log as inspectors and the administrator of the log look at it.

pub mod export;
pub mod query;

use std::borrow::Cow;

use actix_web::{get, web};
use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    CategoryId, ComplaintId, MemberId, UnitId,
    events::{Action, ActorKind, Subject},
};
use liangnuo_persistence::events::{EventList, EventNames, Fact, FactValue, LoggedEvent, Named};
use query::ListEventsQuery;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::{MemberRef, UnitRef, instant, mirror};
use crate::{
    caller::Caller,
    paging::{self, page},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_events)
        // Before the id that would match it.
        .service(export::export_events)
        .service(get_event);
}

mirror! {
    /// What kind of thing an event is about.
    EventSubjectKind = Subject {
        Accounts, Calendars, Categories, Complaints, Exports, Imports, LogVerifications, Members, PhoneLookUps, ReplyTemplates,
        RoleGrants, SavedViews, Settings, Units, VaultKeys,
    }
}

mirror! {
    /// Who did something: a member, somebody of the public, or the product itself.
    EventActorKind = ActorKind { Member, Complainant, System }
}

/// What happened to something, by its code. A closed list, the same that the log is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventAction(Action);

impl Serialize for EventAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl<'de> Deserialize<'de> for EventAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = Cow::<str>::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom("unknown action");
        Action::from_code(&code).map(Self).ok_or_else(unknown)
    }
}

impl PartialSchema for EventAction {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "What happened: the plural name of the resource and the past tense.",
            ))
            .enum_values(Some(Action::ALL.iter().map(|action| action.code())))
            .into()
    }
}

impl ToSchema for EventAction {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("EventAction")
    }
}

/// What something happened to. Beside the id it has the name that such a thing has, as far as the caller is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventSubject {
    /// What kind of thing.
    pub kind: EventSubjectKind,
    /// Its id.
    pub id: Uuid,
    /// Of a case: its number.
    #[schema(required, example = "2026-000123-K")]
    pub number: Option<String>,
    /// The unit.
    #[schema(required)]
    pub unit: Option<UnitRef>,
    /// The member, or whose account it is.
    #[schema(required)]
    pub member: Option<MemberRef>,
    /// Of a category, a template or a ledger: its name.
    #[schema(required)]
    pub name: Option<String>,
    /// The name in English.
    #[schema(required)]
    pub name_en: Option<String>,
}

/// A case by id and number.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventCase {
    /// Its id.
    pub id: Uuid,
    /// The number for people.
    #[schema(example = "2026-000123-K")]
    pub number: String,
}

/// A category by id and name.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventCategory {
    /// Its id.
    pub id: Uuid,
    /// In Chinese.
    pub name: String,
    /// In English.
    #[schema(required)]
    pub name_en: Option<String>,
}

/// A line of what an event says. Of `value`, `unit`, `member`, `complaint` and `category` one is there at most.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventFact {
    /// Which: a code; of a change of settings, the setting. Several of a name stand one after the other.
    #[schema(example = "hold_days")]
    pub name: String,
    /// What it was before, of a change: a code, a number, a name.
    #[schema(required, example = "10")]
    pub before: Option<String>,
    /// A code, a number, a day, or words that somebody wrote.
    #[schema(required, example = "7")]
    pub value: Option<String>,
    /// A unit.
    #[schema(required)]
    pub unit: Option<UnitRef>,
    /// The unit that it was before.
    #[schema(required)]
    pub unit_before: Option<UnitRef>,
    /// A member.
    #[schema(required)]
    pub member: Option<MemberRef>,
    /// Another case.
    #[schema(required)]
    pub complaint: Option<EventCase>,
    /// A category.
    #[schema(required)]
    pub category: Option<EventCategory>,
}

/// Something that happened, as it stands in the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogEvent {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub action: EventAction,
    /// To what.
    pub subject: EventSubject,
    /// Who.
    pub by_kind: EventActorKind,
    /// Which member, if one did.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// In whose place.
    #[schema(required)]
    pub acting_for: Option<MemberRef>,
    /// On which day.
    pub on: NaiveDate,
    /// When; null of what a complainant did. Such events stand at the beginning of their day, in no order.
    #[schema(required)]
    pub at: Option<DateTime<Utc>>,
    /// The unit that held the thing then; null where it was the county as a whole, or the caller is not told.
    #[schema(required)]
    pub unit: Option<UnitRef>,
    /// Whether `facts` and names are everything that there is. Who administers the log is told of no case and no words.
    pub is_told_all: bool,
    /// What else there is to say. Empty, too, once it was deleted for its age.
    pub facts: Vec<EventFact>,
}

impl LogEvent {
    fn new(event: LoggedEvent, names: &EventNames) -> Self {
        let member = |id: MemberId| names.members.get(&id).cloned().map(MemberRef::from);
        let unit = |id: UnitId| names.units.get(&id).cloned().map(UnitRef::from);
        let kind = event.action.subject();
        let is_about = |wanted: Subject| kind == wanted;
        let named = names.others.get(&event.subject).cloned();
        let holder = names.holders.get(&event.subject).copied();
        let subject_member = holder.or(is_about(Subject::Members).then_some(MemberId(event.subject)));
        Self {
            id: event.id,
            action: EventAction(event.action),
            subject: EventSubject {
                kind: kind.into(),
                id: event.subject,
                number: names.cases.get(&ComplaintId(event.subject)).cloned(),
                unit: is_about(Subject::Units).then(|| unit(UnitId(event.subject))).flatten(),
                member: subject_member.and_then(member),
                name: named.as_ref().map(|named| named.name.clone()),
                name_en: named.and_then(|named| named.name_en),
            },
            by_kind: event.actor_kind.into(),
            by: event.actor.and_then(member),
            acting_for: event.acting_for.and_then(member),
            on: event.on,
            at: event.at.map(instant),
            unit: event.unit.and_then(unit),
            is_told_all: event.is_told_all,
            facts: event
                .facts
                .into_iter()
                .filter_map(|fact| EventFact::new(fact, names))
                .collect(),
        }
    }
}

impl EventFact {
    /// `None` for what has no name that the caller is told.
    fn new(fact: Fact, names: &EventNames) -> Option<Self> {
        let mut line = Self {
            name: fact.name,
            before: None,
            value: None,
            unit: None,
            unit_before: None,
            member: None,
            complaint: None,
            category: None,
        };
        match fact.before {
            Some(FactValue::Text(text)) => line.before = Some(text),
            Some(FactValue::Unit(id)) => line.unit_before = names.units.get(&id).cloned().map(Into::into),
            // Nothing else has changed in any event.
            Some(FactValue::Member(_) | FactValue::Case(_) | FactValue::Category(_)) | None => {}
        }
        match fact.value {
            Some(FactValue::Text(text)) => line.value = Some(text),
            Some(FactValue::Unit(id)) => line.unit = names.units.get(&id).cloned().map(Into::into),
            Some(FactValue::Member(id)) => line.member = names.members.get(&id).cloned().map(Into::into),
            Some(FactValue::Case(id)) => {
                let number = names.cases.get(&id).cloned();
                line.complaint = number.map(|number| EventCase { id: id.0, number });
            }
            Some(FactValue::Category(id)) => line.category = category(id, names.others.get(&id.0)),
            None => {}
        }
        let says_something = line.before.is_some()
            || line.value.is_some()
            || line.unit.is_some()
            || line.unit_before.is_some()
            || line.member.is_some()
            || line.complaint.is_some()
            || line.category.is_some();
        says_something.then_some(line)
    }
}

fn category(id: CategoryId, named: Option<&Named>) -> Option<EventCategory> {
    named.cloned().map(|Named { name, name_en }| EventCategory {
        id: id.0,
        name,
        name_en,
    })
}

page! {
    /// A page of the event log.
    LogEventPage of LogEvent
}

/// List events
///
/// The event log by keyset, newest first: what happened in the caller's subtree to what they may know of. An auditor is told
/// what happened, when, to what and by whom, and nothing of cases beside; sealed cases are not in the log for them. Of what
/// a complainant did, the day is told. Permissions: inspector and audit_admin, each over their subtree.
#[utoipa::path(
    tag = "events",
    params(ListEventsQuery),
    responses((status = 200, description = "A page of the log", body = LogEventPage)),
    security(("bearer" = []))
)]
#[get("/events")]
pub async fn list_events(
    caller: Caller,
    query: web::Query<ListEventsQuery>,
    state: web::Data<AppState>,
) -> Result<LogEventPage, Problem> {
    let request = paging::request(query.limit, query.cursor.clone(), query.count)?;
    let EventList { page, names } = state
        .store
        .list_events(
            &caller,
            query.filter()?,
            query.sort.unwrap_or_default().into(),
            &request,
        )
        .await?;
    Ok(page.map(|event| LogEvent::new(event, &names)).into())
}

/// Get an event
///
/// One entry of the log. Permissions: as the list.
#[utoipa::path(
    tag = "events",
    params(("event_id" = Uuid, Path, description = "The event")),
    responses((status = 200, description = "The event", body = LogEvent)),
    security(("bearer" = []))
)]
#[get("/events/{event_id}")]
pub async fn get_event(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<LogEvent>, Problem> {
    let (event, names) = state.store.event(&caller, *id).await?;
    Ok(web::Json(LogEvent::new(event, &names)))
}
