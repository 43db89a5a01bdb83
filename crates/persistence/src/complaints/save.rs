//! Saving what a step led to: the row by compare-and-set, its parts, the search text, and the events.

use std::collections::BTreeSet;

use liangnuo_domain::{
    MemberId, Timestamp,
    attachments::AttachmentKind,
    clocks::Rules,
    complaints::{Complaint, Contact, Event, Message, SentReply, Step},
    statistics::Clock,
    text,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;

use super::{rows, search};
use crate::{
    entity::{
        complaint_accused, complaint_contacts, complaint_drafts, complaint_messages, complaint_replies,
        complaint_search, complaints,
    },
    error::StoreError,
    events::{NewEvent, Subject},
    notices,
    statistics::{
        authors,
        keeping::{self, Counted},
    },
    tx::{By, Tx},
    vault::{self, keys::Ready},
};

/// What a new complaint has beside itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    pub receipt_hash: Vec<u8>,
    pub contact: Option<Contact>,
    /// When contact data that were left were erased.
    pub contact_erased_at: Option<Timestamp>,
    /// Keyed hash of a ledger's author.
    pub author_hash: Option<Vec<u8>>,
}

/// Writes a new complaint.
pub(crate) async fn insert(tx: &mut Tx, rules: &Rules, step: &Step, beside: Beside) -> Result<(), StoreError> {
    insert_many(tx, rules, vec![(step, beside)]).await
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables, and a complaint has 48 columns.
const CHUNK: usize = 500;

/// A complaint that is new to the database, with all that it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<'a> {
    pub case: &'a Complaint,
    pub beside: &'a Beside,
    pub replies: &'a [SentReply],
    pub messages: &'a [Message],
    /// What happened to it: only who is accused is read from them.
    pub events: &'a [Event],
}

/// Writes new complaints, many at once.
pub(crate) async fn insert_many(tx: &mut Tx, rules: &Rules, new: Vec<(&Step, Beside)>) -> Result<(), StoreError> {
    let wholes: Vec<Whole<'_>> = new
        .iter()
        .map(|(step, beside)| Whole {
            case: &step.next,
            beside,
            replies: step.reply.as_slice(),
            messages: step.message.as_slice(),
            events: &step.events,
        })
        .collect();
    insert_whole(tx, rules, &wholes).await?;
    let changes: Vec<_> = new
        .iter()
        .map(|(step, beside)| {
            let counted = Counted {
                case: &step.next,
                clock: rows::clock(&step.next, rules),
                author: beside.author_hash.as_deref(),
            };
            (None, counted)
        })
        .collect();
    keeping::note(tx, &changes).await?;
    for (step, _) in &new {
        record(tx, step);
    }
    Ok(())
}

/// Writes complaints with all that they have, but their events and what they count as.
pub(crate) async fn insert_whole(tx: &Tx, rules: &Rules, wholes: &[Whole<'_>]) -> Result<(), StoreError> {
    for chunk in wholes.chunks(CHUNK) {
        let has_contact = chunk.iter().any(|whole| whole.beside.contact.is_some());
        let key = if has_contact {
            Some(vault::newest(tx).await?)
        } else {
            None
        };
        let rows = Rows::of(chunk, rules, tx, key.as_deref())?;
        write(tx, rows.complaints).await?;
        write(tx, rows.contacts).await?;
        write(tx, rows.replies).await?;
        write(tx, rows.messages).await?;
        write(tx, rows.drafts).await?;
        write(tx, rows.accused).await?;
        write(tx, rows.search).await?;
        index(tx, &rows.texts).await?;
    }
    Ok(())
}

/// The rows that complaints are made of.
#[derive(Default)]
struct Rows {
    complaints: Vec<complaints::ActiveModel>,
    contacts: Vec<complaint_contacts::ActiveModel>,
    replies: Vec<complaint_replies::ActiveModel>,
    messages: Vec<complaint_messages::ActiveModel>,
    drafts: Vec<complaint_drafts::ActiveModel>,
    accused: Vec<complaint_accused::ActiveModel>,
    search: Vec<complaint_search::ActiveModel>,
    texts: Vec<(i64, String)>,
}

impl Rows {
    /// `key` seals the contact data: without one there are none.
    fn of(wholes: &[Whole<'_>], rules: &Rules, tx: &Tx, key: Option<&Ready>) -> Result<Self, StoreError> {
        let mut rows = Self::default();
        for whole in wholes {
            let case = whole.case;
            let hash = whole.beside.receipt_hash.clone();
            rows.complaints.push(rows::insertable(case, hash, rules));
            rows.contacts.extend(contact_row(tx, case, whole.beside, key)?);
            rows.replies
                .extend(whole.replies.iter().map(|reply| rows::reply_row(case, reply)));
            rows.messages
                .extend(whole.messages.iter().map(|message| rows::message_row(case, message)));
            rows.drafts
                .extend(case.draft.as_ref().map(|draft| rows::draft_row(case, draft)));
            rows.accused.extend(accused_rows(case, whole.events));
            let bodies: Vec<&str> = whole.replies.iter().map(|reply| reply.body.as_str()).collect();
            let replies = (!bodies.is_empty()).then(|| bodies.join("\n"));
            let (document, text) = (tx.ids().serial(), search_text(case, replies.as_deref()));
            rows.search.push(search_row(case, document, text.clone()));
            rows.texts.push((document, text));
        }
        Ok(rows)
    }
}

/// Writes rows of one table, as many as one INSERT takes.
async fn write<A>(tx: &Tx, mut rows: Vec<A>) -> Result<(), StoreError>
where
    A: ActiveModelTrait,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        A::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
        rows = rest;
    }
    Ok(())
}

fn contact_row(
    tx: &Tx,
    complaint: &Complaint,
    beside: &Beside,
    key: Option<&Ready>,
) -> Result<Option<complaint_contacts::ActiveModel>, StoreError> {
    if beside.contact.is_none() && beside.contact_erased_at.is_none() && beside.author_hash.is_none() {
        return Ok(None);
    }
    let at = (complaint.region.0, complaint.id.0);
    let sealed = match (&beside.contact, key) {
        (Some(contact), Some(key)) => vault::columns(key.seal(tx.ids(), at, contact)?),
        (None, _) => vault::no_columns(),
        (Some(_), None) => return Err(StoreError::Bug("contact data without a key")),
    };
    Ok(Some(complaint_contacts::ActiveModel {
        region_id: Set(at.0),
        complaint_id: Set(at.1),
        author_hash: Set(beside.author_hash.clone()),
        erased_at: Set(beside.contact_erased_at.map(Timestamp::micros)),
        ..sealed
    }))
}

/// Keeps who wrote a ledger's row, as the row says now.
pub(crate) async fn set_author(tx: &Tx, complaint: &Complaint, author_hash: Option<Vec<u8>>) -> Result<(), StoreError> {
    use complaint_contacts::Column::{AuthorHash, ComplaintId, RegionId};
    let known = authors::author_of(tx, complaint.region.0, complaint.id.0).await?;
    let counted = |author| Counted {
        case: complaint,
        clock: None,
        author,
    };
    authors::note_author(tx, counted(known.as_deref()), counted(author_hash.as_deref())).await?;
    complaint_contacts::Entity::update_many()
        .col_expr(AuthorHash, Expr::value(author_hash.clone()))
        .filter(RegionId.eq(complaint.region.0))
        .filter(ComplaintId.eq(complaint.id.0))
        .exec(tx.conn())
        .await?;
    let beside = Beside {
        author_hash,
        ..Beside::default()
    };
    if let Some(row) = contact_row(tx, complaint, &beside, None)? {
        complaint_contacts::Entity::insert(row)
            .on_conflict_do_nothing()
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// All that a case is found by, folded.
fn search_text(complaint: &Complaint, replies: Option<&str>) -> String {
    let mut content = format!("{}\n{}\n{}", complaint.number, complaint.title, complaint.body);
    if let Some(replies) = replies {
        content.push('\n');
        content.push_str(replies);
    }
    text::fold(&content)
}

fn search_row(complaint: &Complaint, document: i64, content: String) -> complaint_search::ActiveModel {
    complaint_search::ActiveModel {
        region_id: Set(complaint.region.0),
        complaint_id: Set(complaint.id.0),
        content: Set(content),
        document: Set(Some(document)),
        index_version: Set(search::INDEX_VERSION),
    }
}

async fn index(tx: &Tx, texts: &[(i64, String)]) -> Result<(), StoreError> {
    let documents: Vec<(i64, &str)> = texts
        .iter()
        .map(|(document, content)| (*document, content.as_str()))
        .collect();
    search::index(tx.conn(), &documents).await
}

/// Saves a step of a known complaint, if nobody else was faster. New rules that have moved its date meanwhile leave an event
/// of their own, of nobody's making.
pub(crate) async fn update(tx: &mut Tx, rules: &Rules, before: &Complaint, step: &Step) -> Result<(), StoreError> {
    let next = &step.next.clone().on_its_ladder(before, rules);
    let saved = saved_clock(tx, before).await?;
    let mut row = rows::changeable(next, rules);
    row.version = Set(before.version + 1);
    let changed = complaints::Entity::update_many()
        .set(row)
        .filter(complaints::Column::RegionId.eq(next.region.0))
        .filter(complaints::Column::Id.eq(next.id.0))
        .filter(complaints::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale {
            current: before.version + 1,
        });
    }
    save_draft(tx, before, next).await?;
    if let Some(message) = &step.message {
        complaint_messages::Entity::insert(rows::message_row(next, message))
            .exec_without_returning(tx.conn())
            .await?;
    }
    if let Some(reply) = &step.reply {
        complaint_replies::Entity::insert(rows::reply_row(next, reply))
            .exec_without_returning(tx.conn())
            .await?;
    }
    if step.reply.is_some() || before.title != next.title || before.body != next.body {
        refresh_search(tx, next).await?;
    }
    accuse(tx, next, &step.events).await?;
    // Only where something else changes about an author's case does it matter whose it is.
    let author = if before.is_sealed != next.is_sealed || before.received_at != next.received_at {
        authors::author_of(tx, next.region.0, next.id.0).await?
    } else {
        None
    };
    let counted = |case, clock| Counted {
        case,
        clock,
        author: author.as_deref(),
    };
    let change = (Some(counted(before, saved)), counted(next, rows::clock(next, rules)));
    keeping::note(tx, &[change]).await?;
    if let Some(moved) = before.moved(rules).filter(|_| next.is_due_as(before, rules)) {
        let event = event_of(&moved, before);
        tx.record(NewEvent {
            by: Some(By::System),
            ..event
        });
    }
    record(tx, step);
    notices::tell(tx, before, step, tx.by(), tx.now()).await
}

/// The clock that a case was saved with: the rules may have changed since.
pub(crate) async fn saved_clock(tx: &Tx, case: &Complaint) -> Result<Option<Clock>, StoreError> {
    use complaints::Column::{DueAt, Id, RegionId, SoonAt};
    let row: Option<(Option<i64>, Option<i64>)> = complaints::Entity::find()
        .select_only()
        .columns([DueAt, SoonAt])
        .filter(RegionId.eq(case.region.0))
        .filter(Id.eq(case.id.0))
        .into_tuple()
        .one(tx.conn())
        .await?;
    let clock = row.and_then(|(due, soon)| due.zip(soon));
    Ok(clock.map(|(due, soon)| Clock { due, soon }))
}

/// Notes in the sums that a case which is otherwise as it was has another clock than `before`.
pub(crate) async fn note_clock(
    tx: &Tx,
    case: &Complaint,
    before: Option<Clock>,
    rules: &Rules,
) -> Result<(), StoreError> {
    // Whose case it is does not matter where nothing but the clock changes.
    let counted = |clock| Counted {
        case,
        clock,
        author: None,
    };
    let change = (Some(counted(before)), counted(rows::clock(case, rules)));
    keeping::note(tx, &[change]).await
}

async fn save_draft(tx: &Tx, before: &Complaint, next: &Complaint) -> Result<(), StoreError> {
    if before.draft == next.draft {
        return Ok(());
    }
    complaint_drafts::Entity::delete_by_id((next.region.0, next.id.0))
        .exec(tx.conn())
        .await?;
    if let Some(draft) = &next.draft {
        complaint_drafts::Entity::insert(rows::draft_row(next, draft))
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Writes the search text anew from the case and all its replies.
pub(crate) async fn refresh_search(tx: &Tx, complaint: &Complaint) -> Result<(), StoreError> {
    let replies = complaint_replies::Entity::find()
        .filter(complaint_replies::Column::RegionId.eq(complaint.region.0))
        .filter(complaint_replies::Column::ComplaintId.eq(complaint.id.0))
        .all(tx.conn())
        .await?;
    let bodies: Vec<String> = replies.into_iter().map(|reply| reply.body).collect();
    let content = search_text(complaint, Some(&bodies.join("\n")));
    let known = complaint_search::Entity::find_by_id((complaint.region.0, complaint.id.0))
        .one(tx.conn())
        .await?
        .and_then(|row| row.document);
    let document = known.unwrap_or_else(|| tx.ids().serial());
    complaint_search::Entity::insert(search_row(complaint, document, content.clone()))
        .on_conflict(
            OnConflict::columns([
                complaint_search::Column::RegionId,
                complaint_search::Column::ComplaintId,
            ])
            .update_columns([
                complaint_search::Column::Content,
                complaint_search::Column::Document,
                complaint_search::Column::IndexVersion,
            ])
            .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    index(tx, &[(document, content)]).await
}

/// Who is accused by events, each once.
fn accused_rows(complaint: &Complaint, events: &[Event]) -> Vec<complaint_accused::ActiveModel> {
    let mut subjects = BTreeSet::new();
    for event in events {
        let Event::AccusedNamed { members, units } = event else {
            continue;
        };
        subjects.extend(members.iter().map(|id| (id.0, "member")));
        subjects.extend(units.iter().map(|id| (id.0, "unit")));
    }
    subjects
        .into_iter()
        .map(|(id, kind)| complaint_accused::ActiveModel {
            region_id: Set(complaint.region.0),
            complaint_id: Set(complaint.id.0),
            subject_id: Set(id),
            subject_kind: Set(kind.to_owned()),
        })
        .collect()
}

/// Keeps who is accused, so that they lose every right in the same transaction.
async fn accuse(tx: &Tx, complaint: &Complaint, events: &[Event]) -> Result<(), StoreError> {
    let rows = accused_rows(complaint, events);
    if rows.is_empty() {
        return Ok(());
    }
    complaint_accused::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                complaint_accused::Column::RegionId,
                complaint_accused::Column::ComplaintId,
                complaint_accused::Column::SubjectId,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Notes a step's events. Texts that a person wrote about the case stay in the case; the log has codes and ids, and the
/// reasons that belong to a decision.
pub(crate) fn record(tx: &mut Tx, step: &Step) {
    for event in log_of(step) {
        tx.record(event);
    }
    if step
        .events
        .iter()
        .any(|event| matches!(event, Event::EmergencyMarked { .. }))
    {
        tx.deliver(step.next.region, notices::ALARM, step.next.id.0);
    }
}

/// A step's events as the log has them.
pub(crate) fn log_of(step: &Step) -> impl Iterator<Item = NewEvent> {
    step.events.iter().map(|event| event_of(event, &step.next))
}

fn event_of(event: &Event, case: &Complaint) -> NewEvent {
    NewEvent::new(
        case.region,
        Subject::Complaints,
        case.id.0,
        event.code(),
        detail(event, case),
    )
    .in_unit(case.unit)
}

fn detail(event: &Event, next: &Complaint) -> serde_json::Value {
    let state = next.state.code();
    match event {
        Event::Received | Event::Imported | Event::Amended => {
            json!({"state": state, "kind": next.kind.code(), "channel": next.channel.code(), "unit": next.unit})
        }
        Event::Accepted | Event::Drafted | Event::Submitted | Event::Approved | Event::Unmerged | Event::Resumed => {
            json!({"state": state})
        }
        Event::NotAccepted { reason }
        | Event::Returned { reason }
        | Event::Referred { reason }
        | Event::Objected { reason }
        | Event::ExtensionRefused { reason }
        | Event::LongerHoldRefused { reason }
        | Event::SupervisionLifted { reason }
        | Event::EmergencyMarked { reason } => json!({"state": state, "reason": reason}),
        Event::Assigned {
            unit,
            handler,
            note,
            objection_upheld,
        } => {
            json!({"state": state, "unit": unit, "handler": handler, "note": note, "objection_upheld": objection_upheld})
        }
        Event::Merged { into } => json!({"state": state, "into": into}),
        Event::Classified { kind, category } => json!({"state": state, "kind": kind.code(), "category": category}),
        Event::Held { message, until } => json!({"state": state, "message": message, "until": until}),
        Event::ExtensionAsked { clock, days, reason } | Event::Extended { clock, days, reason } => {
            json!({"state": state, "clock": clock.code(), "days": days, "reason": reason})
        }
        Event::LongerHoldAsked { days, reason } => json!({"state": state, "days": days, "reason": reason}),
        Event::LongerHoldGranted { days, reason, until } => {
            json!({"state": state, "days": days, "reason": reason, "until": until})
        }
        Event::Noted { note } => json!({"state": state, "note": note}),
        Event::Supervised {
            reason,
            due_on,
            report_days,
        } => json!({"state": state, "reason": reason, "due_on": due_on, "report_days": report_days}),
        Event::Reported { report } => json!({"state": state, "note": report}),
        Event::ReportMissed { missed, due_on } => json!({"state": state, "missed": missed.code(), "due_on": due_on}),
        Event::Reminded { rung, due_on } => json!({"state": state, "rung": rung.code(), "due_on": due_on}),
        Event::CardAppealed { card, reason } | Event::CardDecided { card, reason, .. } => {
            json!({"state": state, "rung": card.code(), "reason": reason})
        }
        Event::IdentityAsked {
            opening,
            category,
            reason,
        } => {
            json!({"opening": opening, "reason_category": category.code(), "reason": reason})
        }
        Event::IdentityAnswered { opening, reason, .. } => json!({"opening": opening, "reason": reason}),
        Event::IdentityHeld { reason } | Event::IdentityReleased { reason } => json!({"reason": reason}),
        Event::IdentityErased => json!({}),
        Event::OriginalsErased { files } | Event::Attached { files } => json!({"files": files}),
        Event::AttachmentRemoved {
            attachment,
            kind,
            reason,
        } => json!({"attachment": attachment, "file_kind": kind.map(AttachmentKind::code), "reason": reason}),
        Event::IdentityWithdrawn { opening } | Event::IdentityRead { opening } => json!({"opening": opening}),
        Event::DueMoved { from, to } | Event::DueBound { from, to } => json!({"state": state, "from": from, "to": to}),
        Event::Replied { reply } => json!({"state": state, "reply": reply}),
        Event::Messaged { message } | Event::Added { message } => json!({"state": state, "message": message}),
        Event::Rated { level } => json!({"state": state, "level": level}),
        Event::Concluded { reason } => json!({"state": state, "reason": reason}),
        // What a complainant wrote stays in the case.
        Event::Withdrawn { .. } | Event::RedoAsked | Event::SupervisionEnded => json!({"state": state}),
        Event::AccusedNamed { members, units } => {
            json!({"state": state, "members": ids(members), "units": units})
        }
    }
}

fn ids(members: &[MemberId]) -> Vec<String> {
    members.iter().map(ToString::to_string).collect()
}
