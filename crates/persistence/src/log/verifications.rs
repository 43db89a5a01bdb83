//! Verifications that somebody asked for: one at a time for a county, by a worker, with what came of the last one.

use std::collections::BTreeMap;

use liangnuo_domain::{
    Doer, MemberId, RegionId, Timestamp,
    log::{FaultKind, VerificationState},
    policy::{Action, Resource},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde_json::json;

use super::Report;
use crate::{
    callers::Caller,
    db::Store,
    entity::log_verifications::{ActiveModel, Column, Entity, Model},
    error::StoreError,
    events::{NewEvent, Subject},
    tx::{By, Tx, Unlogged},
};

/// The outbox's topic for a verification.
pub const TOPIC: &str = "log.verification";

/// A verification, under way or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Where it stands.
    pub state: VerificationState,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// How much of the log was read, in percent.
    pub percent: u8,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What is wrong, and how often; nothing while it is under way.
    pub faults: BTreeMap<FaultKind, u64>,
}

impl TryFrom<Model> for Verification {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let nonsense = |column| StoreError::Inconsistent {
            table: "log_verifications",
            column,
        };
        Ok(Self {
            state: VerificationState::from_code(&row.state).ok_or(nonsense("state"))?,
            requested_at: Timestamp::from_micros(row.requested_at),
            percent: u8::try_from(row.percent).map_err(|_outside| nonsense("percent"))?,
            finished_at: row.finished_at.map(Timestamp::from_micros),
            faults: serde_json::from_str(&row.faults).map_err(|_broken| nonsense("faults"))?,
        })
    }
}

impl Store {
    /// The county's last verification.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no part in the log.
    pub async fn log_verification(&self, caller: &Caller) -> Result<Option<Verification>, StoreError> {
        caller.must(Action::VerifyLog, Resource::Any)?;
        let row = Entity::find_by_id(caller.actor.region.0).one(self.read()).await?;
        row.map(Verification::try_from).transpose()
    }

    /// Has the log verified by a worker. While one of the county's is under way, it stays at that.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who has no part in the log.
    pub async fn request_log_verification(&self, caller: Caller, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let region = caller.actor.region;
            let mut tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let doer = tx.must(&caller, Action::VerifyLog, Resource::Any)?;
            if !queue(&tx, region, doer).await? {
                return tx.rollback().await;
            }
            tx.record(event(region, "requested", json!({})));
            tx.deliver(region, TOPIC, region.0);
            tx.commit().await
        })
        .await
    }

    /// Notes how far a county's verification has come.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_log_verification(&self, region: RegionId, percent: u8, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            Entity::update_many()
                .col_expr(Column::State, Expr::value(VerificationState::Running.code()))
                .col_expr(Column::Percent, Expr::value(i16::from(percent)))
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::FinishedAt.is_null())
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::Jobs).await
        })
        .await
    }

    /// Writes down what a county's verification came to; without a report that it could not be brought to an end. Once: a worker
    /// that was given up and goes on all the same changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish_log_verification(
        &self,
        region: RegionId,
        report: Option<&Report>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = match report {
            Some(_) => VerificationState::Finished,
            None => VerificationState::Failed,
        };
        let faults = report.map(|report| report.kinds.clone()).unwrap_or_default();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let Some(row) = Entity::find_by_id(region.0).one(tx.conn()).await? else {
                return tx.rollback().await;
            };
            let update = Entity::update_many()
                .col_expr(Column::State, Expr::value(state.code()))
                .col_expr(Column::Percent, Expr::value(100_i16))
                .col_expr(Column::FinishedAt, Expr::value(now.micros()))
                .col_expr(Column::Faults, Expr::value(json!(faults).to_string()))
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::FinishedAt.is_null());
            if update.exec(tx.conn()).await?.rows_affected == 0 {
                return tx.rollback().await;
            }
            let count: u64 = faults.values().sum();
            let detail = json!({"state": state.code(), "faults": count});
            tx.record(NewEvent {
                by: Some(requester(&row).into()),
                ..event(region, "finished", detail)
            });
            tx.commit().await
        })
        .await
    }
}

fn requester(row: &Model) -> Doer {
    Doer {
        member: MemberId(row.requested_by),
        acting_for: row.requested_for.map(MemberId),
    }
}

fn event(region: RegionId, code: &'static str, detail: serde_json::Value) -> NewEvent {
    NewEvent::new(region, Subject::LogVerifications, region.0, code, detail)
}

/// Puts a new verification in the place of the one before, unless that is under way.
async fn queue(tx: &Tx, region: RegionId, doer: Doer) -> Result<bool, StoreError> {
    let row = ActiveModel {
        region_id: Set(region.0),
        state: Set(VerificationState::Queued.code().to_owned()),
        requested_by: Set(doer.member.0),
        requested_for: Set(doer.acting_for.map(|holder| holder.0)),
        requested_at: Set(tx.now().micros()),
        percent: Set(0),
        finished_at: Set(None),
        faults: Set("{}".to_owned()),
    };
    let instead = OnConflict::column(Column::RegionId)
        .update_columns([
            Column::State,
            Column::RequestedBy,
            Column::RequestedFor,
            Column::RequestedAt,
            Column::Percent,
            Column::FinishedAt,
            Column::Faults,
        ])
        .action_and_where(Expr::col((Entity, Column::FinishedAt)).is_not_null())
        .to_owned();
    let written = Entity::insert(row)
        .on_conflict(instead)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(written > 0)
}
