//! How long contact data are kept: erased when their time is over, unless an inspector holds them.

use liangnuo_domain::{
    ComplaintId, RegionId, Timestamp, UnitId,
    complaints::{Complaint, Event},
    identity::{held_already, hold_reason, no_contact},
    policy::Action,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{contact_row, here, record, visible_case};
use crate::{
    callers::Caller,
    complaints::{CaseDetail, rows as cases},
    db::{Database, Store},
    entity::{
        complaint_contacts::{Column, Entity},
        complaints, units,
    },
    error::StoreError,
    join::join_in_order,
    names::unit_path,
    tx::By,
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
            if contact_row(&tx, &case).await?.is_none_or(|row| row.name.is_none()) {
                return Err(no_contact().into());
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
                .filter(Column::Name.is_not_null())
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

    /// Erases contact data whose time is over: of cases that ended so many days ago as their county has set, and are not held.
    /// Up to a hundred of each county; how many there were. Each is erased once, whoever comes first, in a transaction of its
    /// own.
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
                for id in self.past_their_time(region, is_minor, over).await? {
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
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let case = cases::load(tx.conn(), region.0, id)
                .await?
                .ok_or(StoreError::NotFound)?;
            // Taken up again meanwhile: its time begins anew when it ends.
            if case.ended_at.is_none_or(|ended| ended >= over) {
                tx.rollback().await?;
                return Ok(false);
            }
            let changed = Entity::update_many()
                .set(vault::no_columns())
                .col_expr(Column::ErasedAt, Expr::value(now.micros()))
                .filter(of(&case))
                .filter(Column::Name.is_not_null())
                .filter(Column::HeldAt.is_null())
                .exec(tx.conn())
                .await?;
            if changed.rows_affected != 1 {
                tx.rollback().await?;
                return Ok(false);
            }
            record(&mut tx, &case, Event::IdentityErased).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// When the contact data of a case were erased.
    pub(crate) async fn erased_at(&self, region: RegionId, case: ComplaintId) -> Result<Option<Timestamp>, StoreError> {
        let row = Entity::find_by_id((region.0, case.0)).one(self.read()).await?;
        Ok(row.and_then(|row| row.erased_at).map(Timestamp::from_micros))
    }
}

fn of(case: &Complaint) -> Condition {
    Condition::all()
        .add(Column::RegionId.eq(case.region.0))
        .add(Column::ComplaintId.eq(case.id.0))
}
