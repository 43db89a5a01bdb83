//! Posts and who holds them, with their past.

use std::collections::HashMap;

use liangnuo_domain::{RegionId, Timestamp, UnitId, members::Member};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    entity::{post_holders, posts},
    error::StoreError,
    tx::Tx,
};

/// The post that somebody holds now.
#[derive(Clone, Debug, Default)]
pub(super) struct Holding {
    pub post: Option<String>,
    pub post_en: Option<String>,
}

/// The posts that members hold now.
pub(super) async fn holdings(
    conn: &impl ConnectionTrait,
    region: RegionId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Holding>, StoreError> {
    let held = post_holders::Entity::find()
        .filter(post_holders::Column::RegionId.eq(region.0))
        .filter(post_holders::Column::MemberId.is_in(ids.iter().copied()))
        .filter(post_holders::Column::ValidTo.is_null())
        .all(conn)
        .await?;
    let named: HashMap<Uuid, posts::Model> = posts::Entity::find()
        .filter(posts::Column::RegionId.eq(region.0))
        .filter(posts::Column::Id.is_in(held.iter().map(|row| row.post_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    Ok(held
        .into_iter()
        .filter_map(|row| {
            let post = named.get(&row.post_id)?;
            Some((
                row.member_id,
                Holding {
                    post: Some(post.name.clone()),
                    post_en: post.name_en.clone(),
                },
            ))
        })
        .collect())
}

async fn open_post(tx: &Tx, region: RegionId, unit: UnitId, name: &str) -> Result<Option<Uuid>, StoreError> {
    let row = posts::Entity::find()
        .filter(posts::Column::RegionId.eq(region.0))
        .filter(posts::Column::UnitId.eq(unit.0))
        .filter(posts::Column::Name.eq(name))
        .filter(posts::Column::ClosedAt.is_null())
        .one(tx.conn())
        .await?;
    Ok(row.map(|row| row.id))
}

async fn held_post(conn: &impl ConnectionTrait, member: &Member) -> Result<Option<Uuid>, StoreError> {
    let row = post_holders::Entity::find()
        .filter(post_holders::Column::RegionId.eq(member.region.0))
        .filter(post_holders::Column::MemberId.eq(member.id.0))
        .filter(post_holders::Column::ValidTo.is_null())
        .one(conn)
        .await?;
    Ok(row.map(|row| row.post_id))
}

/// The English name is the post's, not the holder's: the last one who wrote it wins.
async fn name_post(tx: &Tx, region: RegionId, post: Uuid, name_en: Option<String>) -> Result<(), StoreError> {
    posts::Entity::update_many()
        .col_expr(posts::Column::NameEn, Expr::value(name_en))
        .filter(posts::Column::RegionId.eq(region.0))
        .filter(posts::Column::Id.eq(post))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The open post of a name in the member's unit: the one that is there, or a new one.
async fn take_post(tx: &Tx, member: &Member, name: &str, at: Timestamp) -> Result<Uuid, StoreError> {
    let (region, name_en) = (member.region, &member.fields.post_en);
    if let Some(post) = open_post(tx, region, member.unit, name).await? {
        // Who says nothing takes nothing away from the others who hold it.
        if name_en.is_some() {
            name_post(tx, region, post, name_en.clone()).await?;
        }
        return Ok(post);
    }
    let row = posts::ActiveModel {
        region_id: Set(region.0),
        id: Set(tx.ids().v7(at)),
        unit_id: Set(member.unit.0),
        name: Set(name.to_owned()),
        name_en: Set(name_en.clone()),
        closed_at: Set(None),
    };
    posts::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    // Somebody else may have been quicker.
    open_post(tx, region, member.unit, name)
        .await?
        .ok_or(StoreError::Bug("a post vanished"))
}

fn holder_row(tx: &Tx, member: &Member, post: Uuid, at: Timestamp) -> post_holders::ActiveModel {
    post_holders::ActiveModel {
        region_id: Set(member.region.0),
        id: Set(tx.ids().v7(at)),
        post_id: Set(post),
        member_id: Set(member.id.0),
        valid_from: Set(at.micros()),
        valid_to: Set(None),
    }
}

/// Ends the present holding and begins the one that the member has now.
pub(super) async fn change_post(tx: &Tx, before: &Member, member: &Member, at: Timestamp) -> Result<(), StoreError> {
    if before.fields.post == member.fields.post {
        // The same post goes on under another name in English.
        return match held_post(tx.conn(), before).await? {
            Some(post) => name_post(tx, before.region, post, member.fields.post_en.clone()).await,
            None => Ok(()),
        };
    }
    post_holders::Entity::update_many()
        .col_expr(post_holders::Column::ValidTo, Expr::value(at.micros()))
        .filter(post_holders::Column::RegionId.eq(member.region.0))
        .filter(post_holders::Column::MemberId.eq(member.id.0))
        .filter(post_holders::Column::ValidTo.is_null())
        .exec(tx.conn())
        .await?;
    let Some(name) = &member.fields.post else { return Ok(()) };
    let post = take_post(tx, member, name, at).await?;
    post_holders::Entity::insert(holder_row(tx, member, post, at))
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Ends what members hold.
pub(super) async fn end_all(tx: &Tx, region: RegionId, ids: &[Uuid]) -> Result<(), StoreError> {
    post_holders::Entity::update_many()
        .col_expr(post_holders::Column::ValidTo, Expr::value(tx.now().micros()))
        .filter(post_holders::Column::RegionId.eq(region.0))
        .filter(post_holders::Column::MemberId.is_in(ids.iter().copied()))
        .filter(post_holders::Column::ValidTo.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Has new members hold their posts.
pub(super) async fn fill(tx: &Tx, new: &[Member], at: Timestamp) -> Result<(), StoreError> {
    let mut known: HashMap<(UnitId, &str), Uuid> = HashMap::new();
    let mut holders = Vec::new();
    for member in new {
        let Some(name) = member.fields.post.as_deref() else {
            continue;
        };
        let post = match known.get(&(member.unit, name)) {
            Some(post) => *post,
            None => take_post(tx, member, name, at).await?,
        };
        known.insert((member.unit, name), post);
        holders.push(holder_row(tx, member, post, at));
    }
    for chunk in holders.chunks(1_000) {
        post_holders::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}
