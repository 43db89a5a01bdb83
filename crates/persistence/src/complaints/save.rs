//! Saving what a step led to: the row by compare-and-set, its parts, the search text, and the events.

use liangnuo_domain::{
    MemberId, Timestamp,
    clocks::Rules,
    complaints::{Complaint, Contact, Event, Step},
    text,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
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
    statistics::keeping,
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
pub(crate) async fn insert(tx: &mut Tx, rules: &Rules, step: &Step, beside: Beside) -> Result<(), StoreError> {
    insert_many(tx, rules, vec![(step, beside)]).await
}

/// Writes a complaint that came in earlier: the demo county.
pub(crate) async fn insert_past(
    tx: &mut Tx,
    rules: &Rules,
    step: &Step,
    beside: Beside,
    at: Timestamp,
) -> Result<(), StoreError> {
    insert_rows(tx, rules, &[(step, beside)]).await?;
    record(tx, step, Some(at), Some(By::Complainant));
    Ok(())
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables, and a complaint has 48 columns.
const CHUNK: usize = 500;

/// Writes new complaints, many at once.
pub(crate) async fn insert_many(tx: &mut Tx, rules: &Rules, new: Vec<(&Step, Beside)>) -> Result<(), StoreError> {
    insert_rows(tx, rules, &new).await?;
    for (step, _) in &new {
        record(tx, step, None, None);
    }
    Ok(())
}

async fn insert_rows(tx: &Tx, rules: &Rules, new: &[(&Step, Beside)]) -> Result<(), StoreError> {
    for chunk in new.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .map(|(step, beside)| rows::insertable(&step.next, beside.receipt_hash.clone(), rules));
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
        let texts: Vec<(i64, String)> = chunk
            .iter()
            .map(|(step, _)| {
                let reply = step.reply.as_ref().map(|reply| reply.body.as_str());
                (tx.ids().serial(), search_text(&step.next, reply))
            })
            .collect();
        let rows = chunk
            .iter()
            .zip(&texts)
            .map(|((step, _), (document, content))| search_row(&step.next, *document, content.clone()));
        complaint_search::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
        index(tx, &texts).await?;
        for (step, _) in chunk {
            accuse(tx, &step.next, &step.events).await?;
        }
        let changes: Vec<_> = chunk.iter().map(|(step, _)| (None, &step.next)).collect();
        keeping::note(tx, &changes).await?;
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
    }
}

async fn index(tx: &Tx, texts: &[(i64, String)]) -> Result<(), StoreError> {
    let documents: Vec<(i64, &str)> = texts
        .iter()
        .map(|(document, content)| (*document, content.as_str()))
        .collect();
    search::index(tx.conn(), &documents).await
}

/// When and by whom a step was taken, where that is not now and by the transaction's own actor: the demo county.
pub(crate) type Past = Option<(Timestamp, By)>;

/// Saves a step of a known complaint, if nobody else was faster.
pub(crate) async fn update(
    tx: &mut Tx,
    rules: &Rules,
    before: &Complaint,
    step: &Step,
    past: Past,
) -> Result<(), StoreError> {
    let (at, by) = past.map_or((None, None), |(at, by)| (Some(at), Some(by)));
    let next = &step.next.clone().on_its_ladder(before, rules);
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
    keeping::note(tx, &[(Some(before), next)]).await?;
    record(tx, step, at, by);
    // Of what lies in the past nobody is told any more.
    if past.is_none() {
        notices::tell(tx, before, step, tx.by(), tx.now()).await?;
    }
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
            .update_columns([complaint_search::Column::Content, complaint_search::Column::Document])
            .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    index(tx, &[(document, content)]).await
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
pub(crate) fn record(tx: &mut Tx, step: &Step, at: Option<Timestamp>, by: Option<By>) {
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
        Event::Accepted | Event::Drafted | Event::Submitted | Event::Approved | Event::Unmerged | Event::Resumed => {
            json!({"state": state})
        }
        Event::NotAccepted { reason }
        | Event::Returned { reason }
        | Event::Referred { reason }
        | Event::Objected { reason }
        | Event::ExtensionRefused { reason }
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
        Event::Noted { note } => json!({"state": state, "note": note}),
        Event::Supervised { reason, due_on } => json!({"state": state, "reason": reason, "due_on": due_on}),
        Event::Reminded { rung, due_on } => json!({"state": state, "rung": rung.code(), "due_on": due_on}),
        Event::DueMoved { from, to } => json!({"state": state, "from": from, "to": to}),
        Event::Replied { reply } => json!({"state": state, "reply": reply}),
        Event::Messaged { message } | Event::Added { message } => json!({"state": state, "message": message}),
        Event::Rated { level } => json!({"state": state, "level": level}),
        Event::Concluded { reason } => json!({"state": state, "reason": reason}),
        // What a complainant wrote stays in the case.
        Event::Withdrawn { .. } | Event::RedoAsked => json!({"state": state}),
        Event::AccusedNamed { members, units } => {
            json!({"state": state, "members": ids(members), "units": units})
        }
    }
}

fn ids(members: &[MemberId]) -> Vec<String> {
    members.iter().map(ToString::to_string).collect()
}
