//! The one event log: audit trail, timeline that people read, and source of what is delivered.
//!
//! `events` holds ids and codes and a hash of the detail; a trigger forbids to change or delete a row. `event_details`
//! holds the detail with its salt and may be deleted by retention: the log still verifies. `log_entries` is what a
//! sealer will fill.

use liangnuo_domain::{RegionId, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    db::Store,
    entity::{event_details, events},
    error::StoreError,
    ids::Ids,
    join::join,
    tx::By,
};

/// What kind of thing an event is about: the plural resource name, also the first part of the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the name of a resource")]
pub enum Subject {
    Accounts,
    Calendars,
    Categories,
    Complaints,
    Exports,
    Imports,
    Members,
    ReplyTemplates,
    SavedViews,
    Settings,
    Statistics,
    Units,
}

impl Subject {
    /// The plural resource name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Calendars => "calendars",
            Self::Categories => "categories",
            Self::Complaints => "complaints",
            Self::Exports => "exports",
            Self::Imports => "imports",
            Self::Members => "members",
            Self::ReplyTemplates => "reply_templates",
            Self::SavedViews => "saved_views",
            Self::Settings => "settings",
            Self::Statistics => "statistics",
            Self::Units => "units",
        }
    }
}

/// Something that happened, about to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    pub region: RegionId,
    pub subject: Subject,
    pub subject_id: Uuid,
    /// Past tense, without the resource: `accepted`.
    pub code: &'static str,
    /// Codes and ids; personal values are referenced, not copied.
    pub detail: serde_json::Value,
    /// When it happened, where that is not now: rows of a ledger, the demo county.
    pub at: Option<Timestamp>,
    /// Who did it, where that is not the transaction's own actor.
    pub by: Option<By>,
}

impl NewEvent {
    pub(crate) const fn new(
        region: RegionId,
        subject: Subject,
        subject_id: Uuid,
        code: &'static str,
        detail: serde_json::Value,
    ) -> Self {
        Self {
            region,
            subject,
            subject_id,
            code,
            detail,
            at: None,
            by: None,
        }
    }
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables in a statement.
const CHUNK: usize = 500;

pub(crate) async fn insert(
    conn: &DatabaseTransaction,
    ids: &Ids,
    by: By,
    now: Timestamp,
    new: Vec<NewEvent>,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(new.len());
    let mut details = Vec::with_capacity(new.len());
    for event in new {
        let at = event.at.unwrap_or(now);
        let id = ids.v7(at);
        let salt: [u8; 16] = ids.bytes();
        // serde_json keeps the keys of an object sorted, so the text is canonical.
        let json = event.detail.to_string();
        let (actor_kind, actor_id) = match event.by.unwrap_or(by) {
            By::Member(member) => ("member", Some(member.0)),
            By::Complainant => ("complainant", None),
            By::System => ("system", None),
        };
        rows.push(events::ActiveModel {
            id: Set(id),
            region_id: Set(event.region.0),
            subject_kind: Set(event.subject.code().to_owned()),
            subject_id: Set(event.subject_id),
            action: Set(format!("{}.{}", event.subject.code(), event.code)),
            actor_kind: Set(actor_kind.to_owned()),
            actor_id: Set(actor_id),
            acting_for: Set(None),
            at: Set(at.micros()),
            position: Set(ids.next_in_order()),
            detail_hash: Set(detail_hash(&salt, &json)),
        });
        details.push(event_details::ActiveModel {
            event_id: Set(id),
            salt: Set(salt.to_vec()),
            json: Set(json),
        });
    }
    for chunk in rows.chunks(CHUNK) {
        events::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(conn)
            .await?;
    }
    for chunk in details.chunks(CHUNK) {
        event_details::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

/// SHA-256 over salt and canonical JSON: without the salt, a short detail could be guessed from its hash.
fn detail_hash(salt: &[u8], json: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(json.as_bytes());
    hash.finalize().to_vec()
}

/// An event as it was written.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: Uuid,
    /// What happened, such as `complaints.accepted`.
    pub action: String,
    /// `member`, `complainant` or `system`.
    pub actor_kind: String,
    /// The member, if one acted.
    pub actor: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// Codes and ids; null after retention has deleted it.
    pub detail: serde_json::Value,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    event: events::Model,
    json: Option<String>,
}

impl Store {
    /// Everything that happened to one thing, oldest first. The caller must have been allowed to see the thing.
    pub(crate) async fn events_of(
        &self,
        region: RegionId,
        subject: Subject,
        subject_id: Uuid,
    ) -> Result<Vec<Recorded>, StoreError> {
        let same = [(event_details::Column::EventId, events::Column::Id)];
        let select = join(events::Entity::find(), event_details::Entity, same);
        let rows = select
            .column(event_details::Column::Json)
            .filter(events::Column::RegionId.eq(region.0))
            .filter(events::Column::SubjectKind.eq(subject.code()))
            .filter(events::Column::SubjectId.eq(subject_id))
            .order_by_asc(events::Column::At)
            .order_by_asc(events::Column::Position)
            .order_by_asc(events::Column::Id)
            .into_model::<Row>()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|Row { event: row, json }| Recorded {
                detail: json
                    .and_then(|json| serde_json::from_str(&json).ok())
                    .unwrap_or(serde_json::Value::Null),
                id: row.id,
                action: row.action,
                actor_kind: row.actor_kind,
                actor: row.actor_id,
                at: Timestamp::from_micros(row.at),
            })
            .collect())
    }
}
