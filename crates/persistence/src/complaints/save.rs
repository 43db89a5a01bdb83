//! Saving what a step led to: the row by compare-and-set, its parts, the search text, and the events.

use liangnuo_domain::{
    MemberId, Timestamp,
    complaints::{Complaint, Contact, Event, Step},
    text,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;

use super::rows;
use crate::{
    entity::{
        complaint_accused, complaint_contacts, complaint_drafts, complaint_messages, complaint_replies,
        complaint_search, complaints,
    },
    error::StoreError,
    events::{NewEvent, Subject},
    tx::{By, Tx},
};

/// What a new complaint has beside itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    pub receipt_hash: Vec<u8>,
    pub contact: Option<Contact>,
    /// Keyed hash of a ledger's author.
    pub author_hash: Option<Vec<u8>>,
}

/// Writes a new complaint.
pub(crate) async fn insert(tx: &mut Tx, step: &Step, beside: Beside) -> Result<(), StoreError> {
    insert_many(tx, vec![(step, beside)]).await
}

/// Writes a complaint that came in earlier: the demo county.
pub(crate) async fn insert_past(tx: &mut Tx, step: &Step, beside: Beside, at: Timestamp) -> Result<(), StoreError> {
    insert_rows(tx, &[(step, beside)]).await?;
    record(tx, step, Some(at), Some(By::Complainant));
    Ok(())
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables, and a complaint has 32 columns.
const CHUNK: usize = 500;

/// Writes new complaints, many at once.
pub(crate) async fn insert_many(tx: &mut Tx, new: Vec<(&Step, Beside)>) -> Result<(), StoreError> {
    insert_rows(tx, &new).await?;
    for (step, _) in &new {
        record(tx, step, None, None);
    }
    Ok(())
}

async fn insert_rows(tx: &Tx, new: &[(&Step, Beside)]) -> Result<(), StoreError> {
    for chunk in new.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .map(|(step, beside)| rows::insertable(&step.next, beside.receipt_hash.clone()));
        complaints::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
        let contacts: Vec<_> = chunk
            .iter()
            .filter_map(|(step, beside)| contact_row(&step.next, beside))
            .collect();
        if !contacts.is_empty() {
            complaint_contacts::Entity::insert_many(contacts)
                .exec_without_returning(tx.conn())
                .await?;
        }
        let replies: Vec<_> = chunk
            .iter()
            .filter_map(|(step, _)| step.reply.as_ref().map(|reply| rows::reply_row(&step.next, reply)))
            .collect();
        if !replies.is_empty() {
            complaint_replies::Entity::insert_many(replies)
                .exec_without_returning(tx.conn())
                .await?;
        }
        let search = chunk
            .iter()
            .map(|(step, _)| search_row(&step.next, step.reply.as_ref().map(|r| r.body.as_str())));
        complaint_search::Entity::insert_many(search)
            .exec_without_returning(tx.conn())
            .await?;
        for (step, _) in chunk {
            accuse(tx, &step.next, &step.events).await?;
        }
    }
    Ok(())
}

fn contact_row(complaint: &Complaint, beside: &Beside) -> Option<complaint_contacts::ActiveModel> {
    if beside.contact.is_none() && beside.author_hash.is_none() {
        return None;
    }
    let contact = beside.contact.as_ref();
    Some(complaint_contacts::ActiveModel {
        region_id: Set(complaint.region.0),
        complaint_id: Set(complaint.id.0),
        name: Set(contact.map(|contact| contact.name.clone())),
        phone: Set(contact.and_then(|contact| contact.phone.clone())),
        email: Set(contact.and_then(|contact| contact.email.clone())),
        author_hash: Set(beside.author_hash.clone()),
    })
}

/// Keeps who wrote a ledger's row, as the row says now.
pub(crate) async fn set_author(tx: &Tx, complaint: &Complaint, author_hash: Option<Vec<u8>>) -> Result<(), StoreError> {
    use complaint_contacts::Column::{AuthorHash, ComplaintId, RegionId};
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
    if let Some(row) = contact_row(complaint, &beside) {
        complaint_contacts::Entity::insert(row)
            .on_conflict_do_nothing()
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

fn search_row(complaint: &Complaint, reply: Option<&str>) -> complaint_search::ActiveModel {
    let mut content = format!("{}\n{}\n{}", complaint.number, complaint.title, complaint.body);
    if let Some(reply) = reply {
        content.push('\n');
        content.push_str(reply);
    }
    complaint_search::ActiveModel {
        region_id: Set(complaint.region.0),
        complaint_id: Set(complaint.id.0),
        content: Set(text::fold(&content)),
    }
}

/// Saves a step of a known complaint, if nobody else was faster. `at` and `by` are given where the step happened
/// earlier and by somebody else: the demo county.
pub(crate) async fn update(
    tx: &mut Tx,
    before: &Complaint,
    step: &Step,
    at: Option<Timestamp>,
    by: Option<By>,
) -> Result<(), StoreError> {
    let next = &step.next;
    let mut row = rows::changeable(next);
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
    record(tx, step, at, by);
    Ok(())
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
    complaint_search::Entity::insert(search_row(complaint, Some(&bodies.join("\n"))))
        .on_conflict(
            OnConflict::columns([
                complaint_search::Column::RegionId,
                complaint_search::Column::ComplaintId,
            ])
            .update_column(complaint_search::Column::Content)
            .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Keeps who is accused, so that they lose every right in the same transaction.
async fn accuse(tx: &Tx, complaint: &Complaint, events: &[Event]) -> Result<(), StoreError> {
    for event in events {
        let Event::AccusedNamed { members, units } = event else {
            continue;
        };
        let subjects = members
            .iter()
            .map(|id| (id.0, "member"))
            .chain(units.iter().map(|id| (id.0, "unit")))
            .map(|(id, kind)| complaint_accused::ActiveModel {
                region_id: Set(complaint.region.0),
                complaint_id: Set(complaint.id.0),
                subject_id: Set(id),
                subject_kind: Set(kind.to_owned()),
            });
        complaint_accused::Entity::insert_many(subjects)
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
    }
    Ok(())
}

/// Notes a step's events. Texts that a person wrote about the case stay in the case; the log has codes and ids, and the
/// reasons that belong to a decision.
fn record(tx: &mut Tx, step: &Step, at: Option<Timestamp>, by: Option<By>) {
    let next = &step.next;
    for event in &step.events {
        let mut new = NewEvent::new(
            next.region,
            Subject::Complaints,
            next.id.0,
            event.code(),
            detail(event, next),
        );
        new.at = at;
        new.by = by;
        tx.record(new);
    }
}

fn detail(event: &Event, next: &Complaint) -> serde_json::Value {
    let state = next.state.code();
    match event {
        Event::Received | Event::Imported | Event::Amended => {
            json!({"state": state, "kind": next.kind.code(), "channel": next.channel.code(), "unit": next.unit})
        }
        Event::Accepted | Event::Drafted | Event::Submitted | Event::Approved => json!({"state": state}),
        Event::NotAccepted { reason } | Event::Returned { reason } => json!({"state": state, "reason": reason}),
        Event::Assigned { unit, handler, note } => {
            json!({"state": state, "unit": unit, "handler": handler, "note": note})
        }
        Event::Replied { reply } => json!({"state": state, "reply": reply}),
        Event::Messaged { message } | Event::Added { message } => json!({"state": state, "message": message}),
        Event::Rated { level } => json!({"state": state, "level": level}),
        Event::Concluded { reason } => json!({"state": state, "reason": reason}),
        // What a complainant wrote stays in the case.
        Event::Withdrawn { .. } => json!({"state": state}),
        Event::AccusedNamed { members, units } => {
            json!({"state": state, "members": ids(members), "units": units})
        }
    }
}

fn ids(members: &[MemberId]) -> Vec<String> {
    members.iter().map(ToString::to_string).collect()
}
