//! Members as rows.

use std::collections::HashMap;

use liangnuo_domain::{
    MemberId, RegionId, Timestamp, UnitId,
    members::{Event, Member, MemberFields, PublicCard},
    pinyin, text,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

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
            staff_number: row.staff_number,
            name: row.name,
            name_en: row.name_en,
            reading: row.reading,
            post,
            post_en,
            branch: row.branch_id.map(UnitId),
            is_party_member: row.is_party_member,
        },
        card: PublicCard {
            is_public: row.is_public,
            shows_party: row.shows_party,
        },
        closed_at: row.closed_at.map(Timestamp::from_micros),
        version: row.version,
    }
}

fn changeable(member: &Member) -> members::ActiveModel {
    let fields = &member.fields;
    let words = [
        Some(&fields.name),
        fields.name_en.as_ref(),
        fields.staff_number.as_ref(),
    ];
    let search = words.map(|word| word.map_or("", String::as_str)).join("\n");
    members::ActiveModel {
        unit_id: Set(member.unit.0),
        branch_id: Set(fields.branch.map(|id| id.0)),
        staff_number: Set(fields.staff_number.clone()),
        name: Set(fields.name.clone()),
        name_en: Set(fields.name_en.clone()),
        is_party_member: Set(fields.is_party_member),
        is_public: Set(member.card.is_public),
        shows_party: Set(member.card.shows_party),
        search_text: Set(text::fold(&search)),
        reading: Set(fields.reading.clone()),
        readings: Set(Some(pinyin::lines(&fields.name, fields.reading.as_deref()))),
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

/// Values of a list in one query.
const AT_ONCE: usize = 500;

/// Those who have one of these staff numbers, and those who have not left of these names.
pub(crate) async fn by_keys(
    conn: &impl ConnectionTrait,
    region: RegionId,
    numbers: &[String],
    names: &[String],
) -> Result<Vec<Member>, StoreError> {
    let of_region = || members::Entity::find().filter(members::Column::RegionId.eq(region.0));
    let mut found = HashMap::new();
    for chunk in numbers.chunks(AT_ONCE) {
        let rows = of_region().filter(members::Column::StaffNumber.is_in(chunk)).all(conn);
        found.extend(rows.await?.into_iter().map(|row| (row.id, row)));
    }
    for chunk in names.chunks(AT_ONCE) {
        let rows = of_region()
            .filter(members::Column::Name.is_in(chunk))
            .filter(members::Column::ClosedAt.is_null())
            .all(conn);
        found.extend(rows.await?.into_iter().map(|row| (row.id, row)));
    }
    let ids: Vec<Uuid> = found.keys().copied().collect();
    let mut held = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        held.extend(holdings(conn, region, chunk).await?);
    }
    let known = found.into_values().map(|row| {
        let holding = held.remove(&row.id);
        to_domain(row, holding)
    });
    Ok(known.collect())
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
            .await
            .map_err(taken)?;
    }
    posts::fill(tx, new, at).await?;
    for member in new {
        record(tx, member, &Event::Created);
    }
    Ok(())
}

/// A member has one key beside the id that another one could have the same of.
fn taken(error: sea_orm::DbErr) -> StoreError {
    if StoreError::is_unique_violation(&error) {
        StoreError::Taken {
            pointer: "/staff_number",
        }
    } else {
        error.into()
    }
}

pub(super) fn record(tx: &mut Tx, member: &Member, event: &Event) {
    let detail = match event {
        Event::Created => json!({"unit": member.unit}),
        Event::Edited { fields } => json!({"fields": fields}),
        Event::Moved { from, to } => json!({"from": from, "to": to}),
        Event::CardChanged { card } => json!({"is_public": card.is_public, "shows_party": card.shows_party}),
        Event::HandedOver { to, cases, reason } => json!({"member": to, "cases": cases, "reason": reason}),
        Event::Closed { reason } => json!({"reason": reason}),
    };
    tx.record(NewEvent::new(member.region, Subject::Members, member.id.0, event.code(), detail).in_unit(member.unit));
}

pub(crate) async fn update(tx: &mut Tx, before: &Member, next: &Member, events: &[Event]) -> Result<(), StoreError> {
    let mut row = changeable(next);
    row.version = Set(before.version + 1);
    let changed = members::Entity::update_many()
        .set(row)
        .filter(members::Column::RegionId.eq(before.region.0))
        .filter(members::Column::Id.eq(before.id.0))
        .filter(members::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await
        .map_err(taken)?;
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
