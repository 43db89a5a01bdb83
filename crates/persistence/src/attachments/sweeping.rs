//! What belongs to nothing is erased: files that nobody attached to anything within a day, and objects that no row names.

use liangnuo_domain::{Timestamp, attachments::UNBOUND_SECONDS};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::uploads::delete;
use crate::{
    db::Store,
    entity::attachments::{Column, Entity, Model},
    error::StoreError,
    tx::{By, Unlogged},
};

/// Files of one transaction, and objects of one question.
const BATCH: usize = 200;

impl Store {
    /// Erases the files that nobody attached to anything within a day. How many there were.
    ///
    /// # Errors
    /// When the database does not answer; what was erased until then stays so.
    pub async fn erase_unbound(&self, now: Timestamp) -> Result<usize, StoreError> {
        let over = now.plus_seconds(-UNBOUND_SECONDS).micros();
        let mut erased = 0;
        loop {
            let gone = self.erase_some(over, now).await?;
            if gone.is_empty() {
                return Ok(erased);
            }
            erased += gone.len();
            for row in &gone {
                self.delete_objects(row).await;
            }
        }
    }

    async fn erase_some(&self, over: i64, now: Timestamp) -> Result<Vec<Model>, StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let rows = Entity::find()
                .filter(Column::SubjectId.is_null())
                .filter(Column::CreatedAt.lte(over))
                .order_by_asc(Column::CreatedAt)
                .limit(u64::try_from(BATCH).unwrap_or(1))
                .lock(sea_orm::sea_query::LockType::Update)
                .all(tx.conn())
                .await?;
            for row in &rows {
                delete(&tx, row).await?;
            }
            tx.commit_unlogged(Unlogged::Expiry).await?;
            Ok(rows)
        })
        .await
    }

    /// Deletes the objects that are older than a day and that no row names: a process died between the one and the other. How
    /// many there were.
    ///
    /// # Errors
    /// When database or store do not answer.
    pub async fn delete_orphans(&self, now: Timestamp) -> Result<usize, StoreError> {
        let old = self.objects().kept_before(now.plus_seconds(-UNBOUND_SECONDS)).await?;
        let mut deleted = 0;
        for some in old.chunks(BATCH) {
            let named = self.named(some).await?;
            for orphan in some.iter().filter(|object| !named.contains(object)) {
                self.objects().delete(*orphan).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    async fn named(&self, objects: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        let either = Condition::any()
            .add(Column::Object.is_in(objects.iter().copied()))
            .add(Column::OriginalObject.is_in(objects.iter().copied()));
        let rows = Entity::find().filter(either).all(self.read()).await?;
        Ok(rows
            .into_iter()
            .flat_map(|row| [row.object, row.original_object])
            .flatten()
            .collect())
    }
}
