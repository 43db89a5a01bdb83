//! What the public does: file, follow, add, rate, withdraw. Nobody signs in; a receipt code opens one case.

use std::sync::Arc;

use liangnuo_domain::{
    ComplaintId, Invalid, MessageId, RegionId, Timestamp, UnitId,
    attachments::AttachedBy,
    clocks::{Due, Rules},
    complaints::{self, Complaint, Contact, Filing, Message, SentReply, Step},
    error::Refusal,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, OnConflict},
};

use super::{duplicates, rows, save};
use crate::{
    attachments::{self, Attachment, Claim},
    db::Store,
    entity::{categories, complaint_messages, complaint_replies, complaints as table, spent_challenges},
    error::StoreError,
    events::{Recorded, Subject},
    idempotency::{IdempotencyKey, Replay},
    identity::Opened,
    names::UnitName,
    notices,
    tx::{By, Tx},
    units,
};

/// A solved proof of work, to be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which challenge.
    pub challenge: String,
    /// Until when it would count.
    pub expires_at: Timestamp,
}

impl Proof {
    /// Spends the proof; each counts once.
    pub(crate) async fn spend(proof: Option<Self>, tx: &Tx) -> Result<(), StoreError> {
        let Some(Self { challenge, expires_at }) = proof else {
            return Err(StoreError::ChallengeSpent);
        };
        let row = spent_challenges::ActiveModel {
            challenge: Set(challenge),
            expires_at: Set(expires_at.plus_seconds(3_600).micros()),
        };
        let written = spent_challenges::Entity::insert(row)
            .on_conflict(
                OnConflict::column(spent_challenges::Column::Challenge)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
        if written == 1 {
            Ok(())
        } else {
            Err(StoreError::ChallengeSpent)
        }
    }
}

/// A new case: its id is made beforehand, since the receipt code is derived from it.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// The county.
    pub region: RegionId,
    /// Its id.
    pub id: ComplaintId,
    /// How its receipt code is looked up.
    pub receipt_hash: Vec<u8>,
    /// What was filed.
    pub filing: Filing,
    /// How to reach the complainant.
    pub contact: Option<Contact>,
    /// Files that come with it.
    pub files: Vec<Claim>,
}

/// A case that was filed, now or by the same request before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its id, from which the receipt code follows.
    pub id: ComplaintId,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: complaints::Kind,
    /// The unit that holds it.
    pub unit: UnitName,
    /// When it came in.
    pub received_at: Timestamp,
    /// By when an answer can be expected.
    pub due: Option<Due>,
    /// The same request was done before.
    pub is_replay: bool,
}

/// A case as its complainant sees it.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// The case.
    pub complaint: Complaint,
    /// The unit that holds it; for a report the root.
    pub unit: UnitName,
    /// The clock that runs: its own, whatever binds it beside.
    pub due: Option<Due>,
    /// What the complainant may do now.
    pub allowed: Vec<complaints::Verb>,
    /// Until when the answer can be rated.
    pub rating_ends_at: Option<Timestamp>,
    /// Everything that happened.
    pub events: Vec<Recorded>,
    /// Names of units that the events mention.
    pub units: std::collections::HashMap<UnitId, UnitName>,
    /// What was written to and fro.
    pub messages: Vec<Message>,
    /// The answers.
    pub replies: Vec<SentReply>,
    /// When somebody read who filed it.
    pub opened: Vec<Opened>,
    /// When the contact data were erased since their time was over.
    pub erased_at: Option<Timestamp>,
    /// What is attached to it by its complainant.
    pub attachments: Vec<Attachment>,
}

impl Store {
    /// Files a complaint: rights, idempotency, proof, number, row, parts, events in one transaction.
    ///
    /// # Errors
    /// [`StoreError::ChallengeSpent`], [`StoreError::KeyReused`], fields that can't be taken.
    pub async fn file_complaint(
        &self,
        new: NewCase,
        key: IdempotencyKey,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<Filed, StoreError> {
        let region = new.region;
        // Without a proof nobody gets a number or a turn at writing; but a repeat may come after its proof ran out.
        if proof.is_none() && !key.is_known(self.read()).await? {
            return Err(StoreError::ChallengeSpent);
        }
        let number = self.next_number(region, now.year()).await?;
        let rules = self.rules(region).await?;
        let known_rules = Arc::clone(&rules);
        let filed = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Complainant, now).await?;
                // A repeat finds its case even after the proof has run out: the key is looked up first.
                if let Replay::Done(id) = key.claim(&tx, new.id.0).await? {
                    tx.rollback().await?;
                    return Ok(Err(ComplaintId(id)));
                }
                Proof::spend(proof, &tx).await?;
                let desk = check_place(&tx, region, &new.filing).await?;
                let filed = complaints::file(new.filing, new.id, region, desk, number, now);
                let step = Step {
                    next: filed.next.promised(&known_rules),
                    ..filed
                };
                let beside = save::Beside {
                    receipt_hash: new.receipt_hash,
                    contact: new.contact,
                    contact_erased_at: None,
                    author_hash: None,
                };
                save::insert(&mut tx, &known_rules, &step, beside).await?;
                attachments::bind(&mut tx, &step.next, &new.files, None).await?;
                notices::tell(&tx, &step.next, &step, tx.by(), now).await?;
                tx.commit().await?;
                Ok(Ok(step.next))
            })
            .await?;
        self.filed(region, filed, &rules).await
    }

    /// What came of a filing: the case that it made, or the one that the same request had made before.
    pub(super) async fn filed(
        &self,
        region: RegionId,
        filed: Result<Complaint, ComplaintId>,
        rules: &Rules,
    ) -> Result<Filed, StoreError> {
        let is_replay = filed.is_err();
        let complaint = match filed {
            Ok(complaint) => complaint,
            Err(known) => rows::load(self.read(), region.0, known.0)
                .await?
                .ok_or(StoreError::NotFound)?,
        };
        Ok(Filed {
            id: complaint.id,
            due: complaint.expected(rules),
            unit: self.unit_name(region, complaint.unit).await?,
            number: complaint.number,
            kind: complaint.kind,
            received_at: complaint.received_at,
            is_replay,
        })
    }

    async fn unit_name(&self, region: RegionId, unit: UnitId) -> Result<UnitName, StoreError> {
        self.unit_names(region, [unit])
            .await?
            .remove(&unit)
            .ok_or(StoreError::Inconsistent {
                table: "complaints",
                column: "unit_id",
            })
    }

    async fn id_by_receipt(&self, region: RegionId, receipt_hash: Vec<u8>) -> Result<ComplaintId, StoreError> {
        table::Entity::find()
            .filter(table::Column::RegionId.eq(region.0))
            .filter(table::Column::ReceiptHash.eq(receipt_hash))
            .one(self.read())
            .await?
            .map(|row| ComplaintId(row.id))
            .ok_or(StoreError::NotFound)
    }

    /// A case by its receipt code.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn track_complaint(
        &self,
        region: RegionId,
        receipt_hash: Vec<u8>,
        now: Timestamp,
    ) -> Result<Tracked, StoreError> {
        let id = self.id_by_receipt(region, receipt_hash).await?;
        let complaint = rows::load(self.read(), region.0, id.0)
            .await?
            .ok_or(StoreError::NotFound)?;
        let rules = self.rules(region).await?;
        let events = self.events_of(region, Subject::Complaints, id.0).await?;
        let mentioned = events
            .iter()
            .filter_map(|event| event.detail.get("unit")?.as_str()?.parse().ok())
            .chain([complaint.unit]);
        let units = self.unit_names(region, mentioned.collect::<Vec<UnitId>>()).await?;
        Ok(Tracked {
            unit: units.get(&complaint.unit).cloned().ok_or(StoreError::Inconsistent {
                table: "complaints",
                column: "unit_id",
            })?,
            due: complaint.own_due(&rules),
            messages: self.messages_of(region, id).await?,
            replies: self.replies_of(region, id).await?,
            opened: self.opened(region, id).await?,
            erased_at: self.erased_at(region, id).await?,
            attachments: self.complainants_own(region, id).await?,
            allowed: complaint.allowed_to_complainant(&rules, now),
            rating_ends_at: complaint.rating_ends_at(&rules),
            complaint,
            events,
            units,
        })
    }

    /// One step of one case by its complainant. No version is asked for: the public has one way forward.
    async fn complainant_step<F>(
        &self,
        region: RegionId,
        receipt_hash: Vec<u8>,
        key: Option<IdempotencyKey>,
        proof: Option<Proof>,
        now: Timestamp,
        (files, decide): (Vec<Claim>, F),
    ) -> Result<Tracked, StoreError>
    where
        F: FnOnce(&Complaint, &Rules, &crate::ids::Ids) -> Result<Step, Refusal> + Send + 'static,
    {
        let id = self.id_by_receipt(region, receipt_hash.clone()).await?;
        let rules = self.rules(region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Complainant, now).await?;
            if let Some(key) = key
                && let Replay::Done(_) = key.claim(&tx, id.0).await?
            {
                return tx.rollback().await;
            }
            // The public has no version to compare: a member who saves at this moment is waited for.
            table::Entity::find_by_id((region.0, id.0))
                .lock(LockType::Update)
                .one(tx.conn())
                .await?;
            let before = rows::load(tx.conn(), region.0, id.0)
                .await?
                .ok_or(StoreError::NotFound)?;
            let step = decide(&before, &rules, tx.ids())?;
            Proof::spend(proof, &tx).await?;
            duplicates::save(&mut tx, &rules, &before, &step).await?;
            attachments::bind(&mut tx, &step.next, &files, None).await?;
            tx.commit().await
        })
        .await?;
        self.track_complaint(region, receipt_hash, now).await
    }

    /// The files that the complainant attached.
    async fn complainants_own(&self, region: RegionId, id: ComplaintId) -> Result<Vec<Attachment>, StoreError> {
        let mut files = self.attachments_of(region, id).await?;
        files.retain(|file| file.source == AttachedBy::Complainant);
        Ok(files)
    }

    /// The complainant adds something, and files with it.
    ///
    /// # Errors
    /// Not found, refused by the state, a proof that was spent.
    pub async fn add_to_complaint(
        &self,
        region: RegionId,
        receipt_hash: Vec<u8>,
        (body, files): (String, Vec<Claim>),
        key: IdempotencyKey,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<Tracked, StoreError> {
        let decide = move |case: &Complaint, _: &Rules, ids: &crate::ids::Ids| {
            complaints::add(case, &body, MessageId(ids.v4()), now)
        };
        self.complainant_step(region, receipt_hash, Some(key), proof, now, (files, decide))
            .await
    }

    /// The complainant rates the answer.
    ///
    /// # Errors
    /// Not found, refused by the state, a proof that was spent.
    pub async fn rate_complaint(
        &self,
        region: RegionId,
        receipt_hash: Vec<u8>,
        level: i16,
        comment: Option<String>,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<Tracked, StoreError> {
        let decide =
            move |case: &Complaint, rules: &Rules, _: &_| complaints::rate(case, level, comment.as_deref(), rules, now);
        self.complainant_step(region, receipt_hash, None, proof, now, (Vec::new(), decide))
            .await
    }

    /// The complainant takes the complaint back.
    ///
    /// # Errors
    /// Not found, refused by the state, a proof that was spent.
    pub async fn withdraw_complaint(
        &self,
        region: RegionId,
        receipt_hash: Vec<u8>,
        reason: Option<String>,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<Tracked, StoreError> {
        let decide =
            move |case: &Complaint, _: &Rules, _: &_| complaints::withdraw(case, reason.as_deref(), false, now);
        self.complainant_step(region, receipt_hash, None, proof, now, (Vec::new(), decide))
            .await
    }

    /// The complainant is not satisfied: the case is done again by another handler.
    ///
    /// # Errors
    /// Not found, refused by the state, a reason that is missing, a proof that was spent.
    pub async fn redo_complaint(
        &self,
        region: RegionId,
        receipt_hash: Vec<u8>,
        reason: String,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<Tracked, StoreError> {
        let id = self.id_by_receipt(region, receipt_hash.clone()).await?;
        // An answer is never taken back: the last one stays the last one until the case is done again.
        let last = self.replies_of(region, id).await?.pop();
        let decide = move |case: &Complaint, rules: &Rules, _: &_| {
            let not_by = last.and_then(|reply| reply.drafted_by);
            complaints::redo(case, &reason, not_by, rules, now)
        };
        self.complainant_step(region, receipt_hash, None, proof, now, (Vec::new(), decide))
            .await
    }

    pub(crate) async fn messages_of(&self, region: RegionId, id: ComplaintId) -> Result<Vec<Message>, StoreError> {
        Ok(complaint_messages::Entity::find()
            .filter(complaint_messages::Column::RegionId.eq(region.0))
            .filter(complaint_messages::Column::ComplaintId.eq(id.0))
            .order_by_asc(complaint_messages::Column::CreatedAt)
            .order_by_asc(complaint_messages::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(rows::message_to_domain)
            .collect())
    }

    pub(crate) async fn replies_of(&self, region: RegionId, id: ComplaintId) -> Result<Vec<SentReply>, StoreError> {
        Ok(complaint_replies::Entity::find()
            .filter(complaint_replies::Column::RegionId.eq(region.0))
            .filter(complaint_replies::Column::ComplaintId.eq(id.0))
            .order_by_asc(complaint_replies::Column::SentAt)
            .order_by_asc(complaint_replies::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(rows::reply_to_domain)
            .collect())
    }
}

/// Nothing is filed about a unit that is not there; where others came in its place they are named.
fn no_open_unit(successors: &[String]) -> Invalid {
    if successors.is_empty() {
        return Invalid::one(
            "/unit_id",
            "unknown_unit",
            "找不到这个单位，请重新选择。",
            "There is no such unit. Choose another one.",
        );
    }
    Invalid::one(
        "/unit_id",
        "closed_unit",
        format!("这个单位已经并入或拆分为{}，请重新选择。", successors.join("、")),
        format!(
            "This unit was merged or split: {} came in its place. Choose again.",
            successors.join(", ")
        ),
    )
}

/// The desk that a filing goes to: the unit it is about, or the root. The unit and the category must exist.
pub(super) async fn check_place(tx: &Tx, region: RegionId, filing: &Filing) -> Result<UnitId, StoreError> {
    let mut found = Invalid::default();
    if let Some(unit) = filing.about
        && units::hold_open(tx, region, unit).await?.is_none()
    {
        let next = units::successor_names(tx.conn(), region, unit).await?;
        found.take::<()>(Err(no_open_unit(&next)));
    }
    if let Some(category) = filing.category
        && categories::Entity::find_by_id((region.0, category.0))
            .one(tx.conn())
            .await?
            .is_none_or(|row| row.closed_at.is_some())
    {
        found.take::<()>(Err(Invalid::one(
            "/category_id",
            "unknown_category",
            "找不到这个分类，请重新选择。",
            "There is no such category. Choose another one.",
        )));
    }
    found.finish()?;
    Ok(filing.about.unwrap_or(region))
}
