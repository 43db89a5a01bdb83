//! Rows as the domain's complaint, and back.

use liangnuo_domain::{
    CategoryId, ComplaintId, Doer, MemberId, MessageId, ReplyId, Timestamp, UnitId,
    clocks::Rules,
    complaints::{
        Channel, Complaint, Draft, Kind, Message, Pace, Rating, Redo, ReplyParts, Sender, SentReply, State, Supervision,
    },
    statistics::Clock,
};
use sea_orm::{
    ActiveValue::{self, Set},
    ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use crate::{
    entity::{complaint_drafts, complaint_messages, complaint_replies, complaints},
    error::StoreError,
    join::join,
    visible::Visible,
};

const fn nonsense(column: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table: "complaints",
        column,
    }
}

/// A complaint's row and its draft's, which are read at once.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Loaded {
    #[sea_orm(nested)]
    complaint: complaints::Model,
    #[sea_orm(nested(prefix = "draft_"))]
    draft: Option<DraftRow>,
}

/// A draft's row. Not the entity's model: in a LEFT JOIN that one is taken for present once it has a nullable column.
#[derive(Clone, Debug, FromQueryResult)]
struct DraftRow {
    request: String,
    facts: String,
    decision: String,
    basis: String,
    drafted_by: Uuid,
    is_submitted: bool,
    approved_by: Option<Uuid>,
    returned_reason: Option<String>,
    updated_at: i64,
    drafted_for: Option<Uuid>,
    earlier_authors: Option<String>,
}

impl Loaded {
    /// Selects one case with its draft.
    pub(crate) fn select(region: Uuid, id: Uuid) -> Select<complaints::Entity> {
        use complaint_drafts::{Column, Entity};
        let same = [
            (Column::RegionId, complaints::Column::RegionId),
            (Column::ComplaintId, complaints::Column::Id),
        ];
        let select = join(complaints::Entity::find_by_id((region, id)), Entity, same);
        Column::iter().fold(select, |select, column| {
            select.column_as(column, format!("draft_{}", column.as_str()))
        })
    }
}

impl TryFrom<Loaded> for Complaint {
    type Error = StoreError;

    fn try_from(Loaded { complaint, draft }: Loaded) -> Result<Self, StoreError> {
        to_domain(complaint, draft)
    }
}

/// One complaint that the caller may know of, with its draft. One that is hidden costs the same as one that is missing.
pub(crate) async fn load_visible(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    id: Uuid,
) -> Result<Option<Complaint>, StoreError> {
    let found = Loaded::select(visible.region().0, id)
        .filter(visible.condition())
        .into_model::<Loaded>()
        .one(conn)
        .await?;
    found.map(Complaint::try_from).transpose()
}

/// One complaint with its draft, or `None`.
pub(crate) async fn load(conn: &impl ConnectionTrait, region: Uuid, id: Uuid) -> Result<Option<Complaint>, StoreError> {
    let found = Loaded::select(region, id).into_model::<Loaded>().one(conn).await?;
    found.map(Complaint::try_from).transpose()
}

/// A complaint without its draft, where nothing is asked of that.
pub(super) fn without_draft(row: complaints::Model) -> Result<Complaint, StoreError> {
    to_domain(row, None)
}

fn to_domain(row: complaints::Model, draft: Option<DraftRow>) -> Result<Complaint, StoreError> {
    let rating = match (row.rating_level, row.rated_at) {
        (Some(level), Some(at)) => Some(Rating {
            level,
            comment: row.rating_comment,
            at: Timestamp::from_micros(at),
        }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(nonsense("rated_at")),
    };
    let supervision = match (row.supervised_by, row.supervised_at) {
        (Some(by), Some(since)) => Some(Supervision {
            by: MemberId(by),
            reason: row.supervised_reason.unwrap_or_default(),
            since: Timestamp::from_micros(since),
            due_on: row.supervised_due_at.map(|at| Timestamp::from_micros(at).day()),
            report_days: row.supervised_report_days.and_then(|days| u32::try_from(days).ok()),
            reported_at: row.supervised_reported_at.map(Timestamp::from_micros),
        }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(nonsense("supervised_at")),
    };
    let complaint = Complaint {
        id: ComplaintId(row.id),
        region: UnitId(row.region_id),
        number: row.number,
        kind: Kind::from_code(&row.kind).ok_or(nonsense("kind"))?,
        channel: Channel::from_code(&row.channel).ok_or(nonsense("channel"))?,
        state: State::from_code(&row.state).ok_or(nonsense("state"))?,
        is_sealed: row.is_sealed,
        is_anonymous: row.is_anonymous,
        is_order: row.is_order,
        is_emergency: row.is_emergency,
        about: row.about_unit_id.map(UnitId),
        unit: UnitId(row.unit_id),
        handler: row.handler_id.map(MemberId),
        category: row.category_id.map(CategoryId),
        title: row.title,
        body: row.body,
        received_at: Timestamp::from_micros(row.received_at),
        accepted_at: row.accepted_at.map(Timestamp::from_micros),
        assigned_at: row.assigned_at.map(Timestamp::from_micros),
        is_dispatch_final: row.is_dispatch_final,
        replied_at: row.replied_at.map(Timestamp::from_micros),
        last_replied_at: row.last_replied_at.map(Timestamp::from_micros),
        ended_at: row.ended_at.map(Timestamp::from_micros),
        ended_reason: row.ended_reason,
        where_to_go: row.where_to_go,
        draft: draft.map(draft_to_domain).transpose()?,
        rating,
        duplicate_of: row.duplicate_of_id.map(ComplaintId),
        supervision,
        redo: row.redo_asked_at.map(|at| Redo {
            asked_at: Timestamp::from_micros(at),
            reason: row.redo_reason.unwrap_or_default(),
            not_by: row.redo_not_by.map(MemberId),
        }),
        pace: serde_json::from_str(&row.pace).map_err(|_malformed| nonsense("pace"))?,
        version: row.version,
    };
    Ok(match row.due_at {
        // Written before dates were kept with what they were computed from: the date itself is all that is known.
        Some(at) if complaint.pace.told_dates.is_empty() => complaint.told_on(Timestamp::from_micros(at).day()),
        _ => complaint,
    })
}

fn draft_to_domain(row: DraftRow) -> Result<Draft, StoreError> {
    let earlier = row.earlier_authors.as_deref().map(serde_json::from_str);
    let earlier_authors = earlier.transpose().map_err(|_malformed| StoreError::Inconsistent {
        table: "complaint_drafts",
        column: "earlier_authors",
    })?;
    Ok(Draft {
        parts: ReplyParts {
            request: row.request,
            facts: row.facts,
            decision: row.decision,
            basis: row.basis,
        },
        drafted_by: MemberId(row.drafted_by),
        drafted_for: row.drafted_for.map(MemberId),
        earlier_authors: earlier_authors.unwrap_or_default(),
        is_submitted: row.is_submitted,
        approved_by: row.approved_by.map(MemberId),
        returned_reason: row.returned_reason,
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}

/// A month of the county's time, such as `2026-03`.
fn month(at: Timestamp) -> String {
    at.day().format("%Y-%m").to_string()
}

/// The clock that a case is saved with.
pub(crate) fn clock(complaint: &Complaint, rules: &Rules) -> Option<Clock> {
    complaint.due(rules).map(|due| Clock {
        due: due.at().micros(),
        soon: due.soon_at(rules).micros(),
    })
}

/// The columns that a step may change; the others are set once, by [`insertable`]. Nothing else writes a date: with it goes
/// what it was computed from, so that it is held to.
pub(crate) fn changeable(complaint: &Complaint, rules: &Rules) -> complaints::ActiveModel {
    let clock = clock(complaint, rules);
    let rating = complaint.rating.as_ref();
    let supervision = complaint.supervision.as_ref();
    let redo = complaint.redo.as_ref();
    complaints::ActiveModel {
        state: Set(complaint.state.code().to_owned()),
        kind: Set(complaint.kind.code().to_owned()),
        is_sealed: Set(complaint.is_sealed),
        // These two only when an imported row says so anew.
        is_anonymous: Set(complaint.is_anonymous),
        about_unit_id: Set(complaint.about.map(|id| id.0)),
        unit_id: Set(complaint.unit.0),
        handler_id: Set(complaint.handler.map(|id| id.0)),
        category_id: Set(complaint.category.map(|id| id.0)),
        title: Set(complaint.title.clone()),
        body: Set(complaint.body.clone()),
        received_at: Set(complaint.received_at.micros()),
        received_month: Set(month(complaint.received_at)),
        accepted_at: Set(complaint.accepted_at.map(Timestamp::micros)),
        replied_at: Set(complaint.replied_at.map(Timestamp::micros)),
        replied_month: Set(complaint.replied_at.map(month)),
        reply_micros: Set(complaint.reply_micros()),
        ended_at: Set(complaint.ended_at.map(Timestamp::micros)),
        ended_reason: Set(complaint.ended_reason.clone()),
        where_to_go: Set(complaint.where_to_go.clone()),
        due_at: Set(clock.map(|clock| clock.due)),
        soon_at: Set(clock.map(|clock| clock.soon)),
        rating_level: Set(rating.map(|rating| rating.level)),
        rating_comment: Set(rating.and_then(|rating| rating.comment.clone())),
        rated_at: Set(rating.map(|rating| rating.at.micros())),
        is_order: Set(complaint.is_order),
        is_emergency: Set(complaint.is_emergency),
        assigned_at: Set(complaint.assigned_at.map(Timestamp::micros)),
        is_dispatch_final: Set(complaint.is_dispatch_final),
        last_replied_at: Set(complaint.last_replied_at.map(Timestamp::micros)),
        duplicate_of_id: Set(complaint.duplicate_of.map(|id| id.0)),
        supervised_by: Set(supervision.map(|supervision| supervision.by.0)),
        supervised_at: Set(supervision.map(|supervision| supervision.since.micros())),
        supervised_reason: Set(supervision.map(|supervision| supervision.reason.clone())),
        supervised_due_at: Set(supervision
            .and_then(|supervision| supervision.due_on)
            .map(|day| Timestamp::end_of(day).micros())),
        supervised_report_days: Set(supervision
            .and_then(|supervision| supervision.report_days)
            .and_then(|days| i32::try_from(days).ok())),
        supervised_reported_at: Set(supervision
            .and_then(|supervision| supervision.reported_at)
            .map(Timestamp::micros)),
        report_due_at: Set(report_due_at(complaint, rules)),
        redo_asked_at: Set(redo.map(|redo| redo.asked_at.micros())),
        redo_reason: Set(redo.map(|redo| redo.reason.clone())),
        redo_not_by: Set(redo.and_then(|redo| redo.not_by).map(|id| id.0)),
        pace: Set(pace_json(&complaint.pace_as_told(rules))),
        is_extension_asked: Set(complaint.open_extension().is_some() || complaint.open_longer_hold().is_some()),
        wake_at: Set(complaint.next_wake(rules).map(|(at, _)| at.micros())),
        wake_failures: Set(0),
        ..complaints::ActiveModel::default()
    }
}

/// The last instant for the next report to the supervisor.
pub(crate) fn report_due_at(complaint: &Complaint, rules: &Rules) -> Option<i64> {
    Some(Timestamp::end_of(complaint.report_due_on(rules)?).micros())
}

/// What held, extended or bound the clocks, as one document. Codes and numbers alone: it can't fail to be written.
pub(crate) fn pace_json(pace: &Pace) -> String {
    serde_json::to_string(pace).unwrap_or_else(|_unlikely| "{}".to_owned())
}

/// All columns of a new row.
pub(crate) fn insertable(complaint: &Complaint, receipt_hash: Vec<u8>, rules: &Rules) -> complaints::ActiveModel {
    complaints::ActiveModel {
        region_id: Set(complaint.region.0),
        id: Set(complaint.id.0),
        number: Set(complaint.number.clone()),
        receipt_hash: Set(receipt_hash),
        channel: Set(complaint.channel.code().to_owned()),
        version: Set(complaint.version),
        ..changeable(complaint, rules)
    }
}

pub(crate) fn draft_row(complaint: &Complaint, draft: &Draft) -> complaint_drafts::ActiveModel {
    complaint_drafts::ActiveModel {
        region_id: Set(complaint.region.0),
        complaint_id: Set(complaint.id.0),
        request: Set(draft.parts.request.clone()),
        facts: Set(draft.parts.facts.clone()),
        decision: Set(draft.parts.decision.clone()),
        basis: Set(draft.parts.basis.clone()),
        drafted_by: Set(draft.drafted_by.0),
        is_submitted: Set(draft.is_submitted),
        approved_by: Set(draft.approved_by.map(|id| id.0)),
        returned_reason: Set(draft.returned_reason.clone()),
        updated_at: Set(draft.updated_at.micros()),
        drafted_for: Set(draft.drafted_for.map(|id| id.0)),
        earlier_authors: Set(authors_json(&draft.earlier_authors)),
    }
}

/// Those who wrote at a draft before, as one document: they are never looked for. Ids alone: it can't fail to be written.
fn authors_json(authors: &[Doer]) -> Option<String> {
    (!authors.is_empty()).then(|| serde_json::to_string(authors).unwrap_or_else(|_unlikely| "[]".to_owned()))
}

pub(crate) fn reply_row(complaint: &Complaint, reply: &SentReply) -> complaint_replies::ActiveModel {
    let part = |pick: fn(&ReplyParts) -> &String| -> ActiveValue<Option<String>> {
        Set(reply.parts.as_ref().map(|parts| pick(parts).clone()))
    };
    complaint_replies::ActiveModel {
        region_id: Set(complaint.region.0),
        id: Set(reply.id.0),
        complaint_id: Set(complaint.id.0),
        unit_id: Set(reply.unit.0),
        request: part(|parts| &parts.request),
        facts: part(|parts| &parts.facts),
        decision: part(|parts| &parts.decision),
        basis: part(|parts| &parts.basis),
        body: Set(reply.body.clone()),
        drafted_by: Set(reply.drafted_by.map(|id| id.0)),
        approved_by: Set(reply.approved_by.map(|id| id.0)),
        sent_at: Set(reply.at.micros()),
    }
}

pub(crate) fn reply_to_domain(row: complaint_replies::Model) -> SentReply {
    let parts = match (row.request, row.facts, row.decision, row.basis) {
        (Some(request), Some(facts), Some(decision), Some(basis)) => Some(ReplyParts {
            request,
            facts,
            decision,
            basis,
        }),
        _ => None,
    };
    SentReply {
        id: ReplyId(row.id),
        parts,
        body: row.body,
        unit: UnitId(row.unit_id),
        drafted_by: row.drafted_by.map(MemberId),
        approved_by: row.approved_by.map(MemberId),
        at: Timestamp::from_micros(row.sent_at),
    }
}

pub(crate) fn message_row(complaint: &Complaint, message: &Message) -> complaint_messages::ActiveModel {
    complaint_messages::ActiveModel {
        region_id: Set(complaint.region.0),
        id: Set(message.id.0),
        complaint_id: Set(complaint.id.0),
        member_id: Set(match message.from {
            Sender::Complainant => None,
            Sender::Staff(member) => Some(member.0),
        }),
        body: Set(message.body.clone()),
        created_at: Set(message.at.micros()),
    }
}

pub(crate) fn message_to_domain(row: complaint_messages::Model) -> Message {
    Message {
        id: MessageId(row.id),
        from: row
            .member_id
            .map_or(Sender::Complainant, |id| Sender::Staff(MemberId(id))),
        body: row.body,
        at: Timestamp::from_micros(row.created_at),
    }
}
