//! A member's saved views of the queue: a name and the filters, as they stand in the address bar. Nobody else sees them.

use liangnuo_domain::{Invalid, Timestamp, ViewId, text};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::{
    callers::Caller,
    db::Store,
    entity::saved_views::{ActiveModel, Column, Entity},
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    tx::By,
};

/// Views of a member, at most.
const MOST: u64 = 30;

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// How the member calls it.
    pub name: String,
    /// The filters, as a query string.
    pub query: String,
}

impl Store {
    /// The caller's views, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn saved_views(&self, caller: &Caller) -> Result<Vec<SavedView>, StoreError> {
        let rows = Entity::find()
            .filter(Column::RegionId.eq(caller.actor.region.0))
            .filter(Column::MemberId.eq(caller.actor.member.0))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| SavedView {
                id: ViewId(row.id),
                name: row.name,
                query: row.query,
            })
            .collect())
    }

    /// Saves a view. `query` must be one that the list of cases takes.
    ///
    /// # Errors
    /// A name that is taken, too many views, fields that can't be taken.
    pub async fn save_view(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        name: String,
        query: String,
        now: Timestamp,
    ) -> Result<Vec<SavedView>, StoreError> {
        let by = caller.clone();
        self.write(move |writer| async move {
            let (region, member) = (by.actor.region, by.actor.member);
            let mut tx = writer.begin_write(By::Member(member), now).await?;
            let id = tx.ids().v7(now);
            if let Replay::Done(_) = key.claim(&tx, id).await? {
                return tx.rollback().await;
            }
            let mut found = Invalid::default();
            let name = found.take(text::parse("/name", &name, text::line(1, 30)));
            let query = found.take(text::parse("/query", &query, text::line(0, 1_000)));
            found.finish()?;
            let kept = Entity::find()
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::MemberId.eq(member.0))
                .count(tx.conn())
                .await?;
            if kept >= MOST {
                return Err(Invalid::one(
                    "/name",
                    "too_many",
                    format!("最多保存{MOST}个视图，请先删除不用的。"),
                    format!("There are {MOST} views at most. Delete one that is not used."),
                )
                .into());
            }
            let row = ActiveModel {
                region_id: Set(region.0),
                id: Set(id),
                member_id: Set(member.0),
                name: Set(name.unwrap_or_default()),
                query: Set(query.unwrap_or_default()),
                created_at: Set(now.micros()),
            };
            let inserted = Entity::insert(row).exec_without_returning(tx.conn()).await;
            inserted.map_err(|error| {
                if StoreError::is_unique_violation(&error) {
                    StoreError::Taken { pointer: "/name" }
                } else {
                    error.into()
                }
            })?;
            let saved = NewEvent::new(region, Subject::SavedViews, id, "saved", json!({}));
            tx.record(saved.in_unit(by.actor.home_unit));
            tx.commit().await
        })
        .await?;
        self.saved_views(&caller).await
    }

    /// Throws a view away.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if the caller has no such view.
    pub async fn delete_view(&self, caller: Caller, id: ViewId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let (region, member) = (caller.actor.region, caller.actor.member);
            let mut tx = writer.begin_write(By::Member(member), now).await?;
            let deleted = Entity::delete_many()
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::Id.eq(id.0))
                .filter(Column::MemberId.eq(member.0))
                .exec(tx.conn())
                .await?;
            if deleted.rows_affected == 0 {
                return Err(StoreError::NotFound);
            }
            let deleted = NewEvent::new(region, Subject::SavedViews, id.0, "deleted", json!({}));
            tx.record(deleted.in_unit(caller.actor.home_unit));
            tx.commit().await
        })
        .await
    }
}
