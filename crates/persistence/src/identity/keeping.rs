//! How long contact data are kept: erased when their time is over, unless an inspector holds them.

use liangnuo_domain::{
    ComplaintId, RegionId, Timestamp, UnitId,
    complaints::{Complaint, Event},
    identity::{held_already, hold_reason, no_contact},
    policy::Action,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{contact_row, here, originals, record, visible_case};
use crate::{
    callers::Caller,
    complaints::{CaseDetail, rows as cases},
    db::{Database, Store},
    entity::{
        complaint_contacts::{self, Column, Entity},
        complaints, units,
    },
    error::StoreError,
    join::join_in_order,
    names::unit_path,
    tx::{By, Tx},
    vault,
};

/// Cases that are looked at in one round.
const ROUND: u64 = 100;

impl Store {
    /// Keeps the contact data of a case although their time may be over, or lets them go again.
    ///
    /// # Errors
    /// Not found, forbidden, stale, a reason that is missing, [`no_contact`], held already or not held.
    pub async fn hold_identity(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        (is_held, reason): (bool, String),
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let case = visible_case(&tx, &by, id).await?;
            let path = unit_path(tx.conn(), case.region, case.unit).await?;
            tx.must(&by, Action::HoldIdentity, here(&path, &case))?;
            if case.version != expected {
                return Err(StoreError::Stale { current: case.version });
            }
            let reason = hold_reason(&reason)?;
            let row = contact_row(&tx, &case).await?;
            let has_contact = row.as_ref().is_some_and(|row| row.name.is_some());
            let originals = originals::lock(&tx, &case).await?;
            if !has_contact && originals.is_empty() {
                return Err(no_contact().into());
            }
            // Of a case without a name, the originals of its pictures can be held.
            if row.is_none() {
                insert_empty(&tx, &case).await?;
            }
            let held = is_held.then_some(by.actor.member.0);
            // Who comes first, holds: the condition decides, whatever was read before.
            let free = if is_held {
                Column::HeldAt.is_null()
            } else {
                Column::HeldAt.is_not_null()
            };
            let changed = Entity::update_many()
                .col_expr(Column::HeldAt, Expr::value(held.map(|_| now.micros())))
                .col_expr(Column::HeldBy, Expr::value(held))
                .col_expr(Column::HoldReason, Expr::value(held.map(|_| reason.clone())))
                .filter(of(&case))
                .filter(free)
                .exec(tx.conn())
                .await?;
            if changed.rows_affected != 1 {
                return Err(held_already(is_held).into());
            }
            let event = if is_held {
                Event::IdentityHeld { reason }
            } else {
                Event::IdentityReleased { reason }
            };
            record(&mut tx, &case, event).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }

    /// Erases what tells who filed a case, contact data and the originals of pictures, where its time is over: of cases that
    /// ended so many days ago as their county has set, and are not held. Up to a hundred of each county; how many there were.
    /// Each is erased once, whoever comes first, in a transaction of its own.
    ///
    /// # Errors
    /// When the database does not answer; what was erased until then stays so.
    pub async fn erase_identities(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut erased = 0;
        for region in self.counties().await? {
            let rules = self.rules(region).await?;
            let settings = &rules.settings;
            // A child's go no later than others', whatever is set.
            let childs = std::cmp::min(settings.minor_identity_days, settings.identity_days);
            for (is_minor, days) in [(false, settings.identity_days), (true, childs)] {
                let over = now.plus_seconds(-i64::from(days) * 86_400);
                let mut cases = self.past_their_time(region, is_minor, over).await?;
                cases.extend(self.originals_past_their_time(region, is_minor, over, ROUND).await?);
                for id in cases {
                    erased += usize::from(self.erase(region, id, over, now).await?);
                }
            }
        }
        if erased > 0 && self.database() == Database::Sqlite {
            self.empty_wal().await?;
        }
        Ok(erased)
    }

    async fn counties(&self) -> Result<Vec<RegionId>, StoreError> {
        let roots: Vec<Uuid> = units::Entity::find()
            .select_only()
            .column(units::Column::Id)
            .filter(Expr::col(units::Column::Id).eq(Expr::col(units::Column::RegionId)))
            .order_by_asc(units::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(roots.into_iter().map(UnitId).collect())
    }

    /// Looked for among the rows that hold contact data, not among all cases that ever ended: those are ever more.
    async fn past_their_time(
        &self,
        region: RegionId,
        is_minor: bool,
        over: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let same = [
            (complaints::Column::RegionId, Column::RegionId),
            (complaints::Column::Id, Column::ComplaintId),
        ];
        Ok(join_in_order(Entity::find(), complaints::Entity, same)
            .select_only()
            .column(Column::ComplaintId)
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::KeyId.is_not_null())
            .filter(Column::HeldAt.is_null())
            .filter(if is_minor {
                Column::Guardian.is_not_null()
            } else {
                Column::Guardian.is_null()
            })
            .filter(complaints::Column::EndedAt.lt(over.micros()))
            .limit(ROUND)
            .into_tuple()
            .all(self.read())
            .await?)
    }

    async fn erase(&self, region: RegionId, id: Uuid, over: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let gone = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::System, now).await?;
                let case = cases::load(tx.conn(), region.0, id)
                    .await?
                    .ok_or(StoreError::NotFound)?;
                // Whoever holds them waits for this lock, or is seen.
                let originals = originals::lock(&tx, &case).await?;
                let is_held = contact_row(&tx, &case).await?.is_some_and(|row| row.held_at.is_some());
                // Taken up again meanwhile: its time begins anew when it ends.
                if is_held || case.ended_at.is_none_or(|ended| ended >= over) {
                    tx.rollback().await?;
                    return Ok(None);
                }
                let changed = Entity::update_many()
                    .set(vault::no_columns())
                    .col_expr(Column::ErasedAt, Expr::value(now.micros()))
                    .filter(of(&case))
                    .filter(Column::Name.is_not_null())
                    .filter(Column::HeldAt.is_null())
                    .exec(tx.conn())
                    .await?;
                if changed.rows_affected == 0 && originals.is_empty() {
                    tx.rollback().await?;
                    return Ok(None);
                }
                if changed.rows_affected > 0 {
                    record(&mut tx, &case, Event::IdentityErased).await?;
                }
                if !originals.is_empty() {
                    originals::forget(&tx, &case).await?;
                    let files = originals.len();
                    record(&mut tx, &case, Event::OriginalsErased { files }).await?;
                }
                tx.commit().await?;
                Ok(Some(originals))
            })
            .await?;
        let Some(originals) = gone else { return Ok(false) };
        let objects = originals.iter().filter_map(|row| row.original_object);
        self.delete_unnamed(objects).await;
        Ok(true)
    }

    /// When the contact data of a case were erased.
    pub(crate) async fn erased_at(&self, region: RegionId, case: ComplaintId) -> Result<Option<Timestamp>, StoreError> {
        let row = Entity::find_by_id((region.0, case.0)).one(self.read()).await?;
        Ok(row.and_then(|row| row.erased_at).map(Timestamp::from_micros))
    }
}

/// A row for a case whose complainant left nothing, so that somebody can hold what there is else.
async fn insert_empty(tx: &Tx, case: &Complaint) -> Result<(), StoreError> {
    let row = complaint_contacts::ActiveModel {
        region_id: Set(case.region.0),
        complaint_id: Set(case.id.0),
        ..vault::no_columns()
    };
    Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

fn of(case: &Complaint) -> Condition {
    Condition::all()
        .add(Column::RegionId.eq(case.region.0))
        .add(Column::ComplaintId.eq(case.id.0))
}
