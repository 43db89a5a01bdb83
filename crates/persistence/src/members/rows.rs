//! Members as rows.

use liangnuo_domain::{
    MemberId, RegionId, Timestamp, UnitId,
    members::{Event, Member, MemberFields},
    text,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::posts::{self, Holding, holdings};
use crate::{
    entity::members,
    error::StoreError,
    events::{NewEvent, Subject},
    tx::Tx,
};

pub(super) fn to_domain(row: members::Model, holding: Option<Holding>) -> Member {
    let Holding { post, post_en } = holding.unwrap_or_default();
    Member {
        id: MemberId(row.id),
        region: UnitId(row.region_id),
        unit: UnitId(row.unit_id),
        fields: MemberFields {
            name: row.name,
            name_en: row.name_en,
            post,
            post_en,
            branch: row.branch_id.map(UnitId),
            is_party_member: row.is_party_member,
        },
        closed_at: row.closed_at.map(Timestamp::from_micros),
        version: row.version,
    }
}

fn changeable(member: &Member) -> members::ActiveModel {
    let fields = &member.fields;
    let search = format!("{}\n{}", fields.name, fields.name_en.as_deref().unwrap_or_default());
    members::ActiveModel {
        unit_id: Set(member.unit.0),
        branch_id: Set(fields.branch.map(|id| id.0)),
        name: Set(fields.name.clone()),
        name_en: Set(fields.name_en.clone()),
        is_party_member: Set(fields.is_party_member),
        search_text: Set(text::fold(&search)),
        closed_at: Set(member.closed_at.map(Timestamp::micros)),
        version: Set(member.version),
        ..members::ActiveModel::default()
    }
}

pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    region: RegionId,
    id: MemberId,
) -> Result<Option<Member>, StoreError> {
    let Some(row) = members::Entity::find_by_id((region.0, id.0)).one(conn).await? else {
        return Ok(None);
    };
    let holding = holdings(conn, region, &[id.0]).await?.remove(&id.0);
    Ok(Some(to_domain(row, holding)))
}

/// Writes new members with their posts.
pub(crate) async fn insert_many(tx: &mut Tx, new: &[Member], at: Timestamp) -> Result<(), StoreError> {
    for chunk in new.chunks(1_000) {
        let rows = chunk.iter().map(|member| members::ActiveModel {
            region_id: Set(member.region.0),
            id: Set(member.id.0),
            created_at: Set(at.micros()),
            ..changeable(member)
        });
        members::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    posts::fill(tx, new, at).await?;
    for member in new {
        record(tx, member, &Event::Created);
    }
    Ok(())
}

fn record(tx: &mut Tx, member: &Member, event: &Event) {
    let detail = match event {
        Event::Created => json!({"unit": member.unit}),
        Event::Edited { fields } => json!({"fields": fields}),
        Event::Moved { from, to } => json!({"from": from, "to": to}),
        Event::Closed { reason } => json!({"reason": reason}),
    };
    tx.record(NewEvent::new(member.region, Subject::Members, member.id.0, event.code(), detail).in_unit(member.unit));
}

pub(super) async fn update(tx: &mut Tx, before: &Member, next: &Member, events: &[Event]) -> Result<(), StoreError> {
    let mut row = changeable(next);
    row.version = Set(before.version + 1);
    let changed = members::Entity::update_many()
        .set(row)
        .filter(members::Column::RegionId.eq(before.region.0))
        .filter(members::Column::Id.eq(before.id.0))
        .filter(members::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected != 1 {
        return Err(StoreError::Stale {
            current: before.version + 1,
        });
    }
    if (&before.fields.post, &before.fields.post_en) != (&next.fields.post, &next.fields.post_en) {
        posts::change_post(tx, before, next, tx.now()).await?;
    }
    for event in events {
        record(tx, next, event);
    }
    Ok(())
}
