//! The outbox: what must happen after a commit, at least once, whichever process is alive then.
//!
//! A worker leases a few rows for a while, does the work, and marks them done; a worker that dies lets its lease run
//! out, and another takes over. The condition on the lease stands in the inner and in the outer query: without the
//! outer one PostgreSQL hands a row to several workers.

use liangnuo_domain::{RegionId, Timestamp, UnitId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    attachments,
    db::Store,
    entity::outbox::{Column, Entity},
    error::StoreError,
    imports, log,
    tx::{By, Unlogged},
};

/// Something to deliver, leased to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id: the consumer's key against doing it twice.
    pub id: Uuid,
    /// The county.
    pub region: RegionId,
    /// What is to be done.
    pub topic: String,
    /// With what.
    pub subject: Uuid,
    /// How often it was tried before.
    pub attempts: i32,
}

/// Which deliveries a worker takes: a long one holds up no short one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Ledgers, which may take hours.
    Imports,
    /// Verifications of the log, which may take minutes.
    Log,
    /// Files that are looked at, which take seconds and memory.
    Files,
    /// Everything else.
    Rest,
}

impl Lane {
    fn condition(self) -> Condition {
        Condition::all().add(match self {
            Self::Imports => Column::Topic.eq(imports::TOPIC),
            Self::Log => Column::Topic.eq(log::TOPIC),
            Self::Files => Column::Topic.eq(attachments::TOPIC),
            Self::Rest => Column::Topic.is_not_in([imports::TOPIC, log::TOPIC, attachments::TOPIC]),
        })
    }
}

fn leasable(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::DoneAt.is_null())
        .add(Column::AvailableAt.lte(now.micros()))
        .add(Column::LeasedUntil.lt(now.micros()))
}

impl Store {
    /// Leases up to `limit` deliveries of a lane until `until`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lease_deliveries(
        &self,
        lane: Lane,
        limit: u64,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let open = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(leasable(now))
                .filter(lane.condition())
                .order_by_id(sea_orm::Order::Asc)
                .limit(limit)
                .into_query();
            let update = Query::update()
                .table(Entity)
                .value(Column::LeasedUntil, until.micros())
                .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
                .cond_where(Condition::all().add(Column::Id.in_subquery(open)).add(leasable(now)))
                .returning_all()
                .to_owned();
            let rows = tx.conn().query_all(&update).await?;
            let mut leased = Vec::with_capacity(rows.len());
            for row in rows {
                leased.push(Delivery {
                    id: row.try_get("", "id")?,
                    region: UnitId(row.try_get("", "region_id")?),
                    topic: row.try_get("", "topic")?,
                    subject: row.try_get("", "subject_id")?,
                    attempts: row.try_get::<i32>("", "attempts")? - 1,
                });
            }
            tx.commit_unlogged(Unlogged::Leases).await?;
            Ok(leased)
        })
        .await
    }

    /// Keeps a lease for longer, while the work goes on. `false` if it was lost to another worker.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew_lease(&self, id: Uuid, held_until: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let values = vec![(Column::LeasedUntil, Expr::value(until.micros()))];
        self.set_lease(id, held_until, values).await
    }

    /// Marks a delivery as done. `false` if the lease was lost: somebody else may have done it too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish_delivery(&self, id: Uuid, held_until: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let values = vec![(Column::DoneAt, Expr::value(now.micros()))];
        self.set_lease(id, held_until, values).await
    }

    /// Hands a delivery back undone: it may be leased again after `until`, and this try does not count. `false` if the
    /// lease was lost.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn return_delivery(&self, id: Uuid, held_until: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        // One before, so that whoever asks at `until` gets it.
        let free = Expr::value(until.micros() - 1);
        let fewer = Expr::col(Column::Attempts).sub(1);
        let values = vec![(Column::LeasedUntil, free), (Column::Attempts, fewer)];
        self.set_lease(id, held_until, values).await
    }

    async fn set_lease(
        &self,
        id: Uuid,
        held_until: Timestamp,
        values: Vec<(Column, Expr)>,
    ) -> Result<bool, StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, held_until).await?;
            let update = values
                .into_iter()
                .fold(Entity::update_many(), |update, (column, value)| {
                    update.col_expr(column, value)
                });
            let result = update
                .filter(Column::Id.eq(id))
                .filter(Column::LeasedUntil.eq(held_until.micros()))
                .filter(Column::DoneAt.is_null())
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::Leases).await?;
            Ok(result.rows_affected == 1)
        })
        .await
    }
}
