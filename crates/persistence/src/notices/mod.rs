//! What a member is told of: a case that was given to them, a date that comes near, a card, an alarm. A notice says which
//! case and why; what the case is about is read with the case, behind the caller's scope.

mod audience;
mod duty;
mod kinds;
mod lists;

use liangnuo_domain::{
    MemberId, RegionId, Timestamp,
    complaints::{Complaint, Step},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use self::{
    audience::{Audience, audiences},
    duty::Duty,
};
pub use self::{
    kinds::NoticeKind,
    lists::{Alarm, Notice, Unread},
};
use crate::{
    entity::notices::{ActiveModel, Column, Entity},
    error::StoreError,
    tx::{By, Tx},
};

/// The topic under which the outbox has an alarm sent on: by whatever ways there are beside the console.
pub const ALARM: &str = "alarm";

/// So many of a kind stand by themselves; further ones of the same hour are counted with the last of them.
const CROWD: u64 = 3;
const CROWD_SECONDS: i64 = 3_600;

/// Tells whoever is to be told of a step, but not the one who took it.
pub(crate) async fn tell(tx: &Tx, before: &Complaint, step: &Step, by: By, at: Timestamp) -> Result<(), StoreError> {
    let next = &step.next;
    let told: Vec<(NoticeKind, Vec<Audience>)> = step
        .events
        .iter()
        .filter_map(|event| audiences(event, before, next))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let duty = Duty::of(tx, next, told.iter().any(|(kind, _)| *kind == NoticeKind::Emergency)).await?;
    let mut rows = Vec::new();
    for (kind, audience) in told {
        // What has ended a supervision is still told to the one who had it.
        let supervisor = before.supervision.as_ref().map(|supervision| supervision.by);
        let mut members: Vec<MemberId> = audience
            .into_iter()
            .flat_map(|one| duty.members(next, one, supervisor))
            .collect();
        members.sort_unstable();
        members.dedup();
        members.retain(|member| by.member() != Some(*member));
        for member in members {
            rows.push(ActiveModel {
                region_id: Set(next.region.0),
                id: Set(tx.ids().v7(at)),
                member_id: Set(member.0),
                complaint_id: Set(next.id.0),
                kind: Set(kind.code().to_owned()),
                created_at: Set(at.micros()),
                read_at: Set(None),
                group_id: Set(crowd_of(tx, next.region, member, kind, at).await?),
            });
        }
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// The notice that a further one of its kind is counted with, if there are many of the last hour that nobody has read.
async fn crowd_of(
    tx: &Tx,
    region: RegionId,
    member: MemberId,
    kind: NoticeKind,
    at: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    if !kind.may_come_in_crowds() {
        return Ok(None);
    }
    let known: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::MemberId.eq(member.0))
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::ReadAt.is_null())
        .filter(Column::GroupId.is_null())
        .filter(Column::CreatedAt.gte(at.plus_seconds(-CROWD_SECONDS).micros()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(CROWD)
        .into_tuple()
        .all(tx.conn())
        .await?;
    let is_crowd = u64::try_from(known.len()).is_ok_and(|found| found >= CROWD);
    Ok(known.first().copied().filter(|_| is_crowd))
}
