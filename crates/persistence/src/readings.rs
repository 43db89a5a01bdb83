//! Finding units and members by name: as it is written, or as it is read.

use liangnuo_domain::{Timestamp, pinyin, text};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Condition, Expr, LikeExpr, LockType},
};

use crate::{
    complaints::escape_like,
    db::Store,
    entity::{members, units},
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// Rows in one transaction.
const ROUND: u64 = 500;

/// That a name is what somebody typed: a part of what it is written with, or pinyin or initials from one of its characters on.
pub(crate) fn named(written: impl ColumnTrait, readings: impl ColumnTrait, q: &str) -> Condition {
    let pattern = format!("%{}%", escape_like(text::fold(q).trim()));
    let mut found = Condition::any().add(written.like(LikeExpr::new(pattern).escape('\\')));
    if let Some(letters) = pinyin::typed(q) {
        // Nothing in it needs an escape.
        found = found.add(readings.like(format!("%\n{letters}%")));
    }
    found
}

impl Store {
    /// Reads the names of units and members whose rows an earlier version wrote, up to five hundred of each. Until then they are
    /// found as they are written. `false` when there are none left.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_pending_names(&self) -> Result<bool, StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, Timestamp::from_micros(0)).await?;
            let read = read_units(&tx).await? + read_members(&tx).await?;
            if read == 0 {
                tx.rollback().await?;
                return Ok(false);
            }
            tx.commit_unlogged(Unlogged::Jobs).await?;
            Ok(true)
        })
        .await
    }
}

/// Declares how the names of a table are read: both have the same columns for it.
macro_rules! read {
    ($name:ident, $table:ident) => {
        async fn $name(tx: &Tx) -> Result<usize, StoreError> {
            use $table::{Column, Entity};
            let rows = Entity::find()
                .filter(Column::Readings.is_null())
                .order_by_asc(Column::RegionId)
                .order_by_asc(Column::Id)
                .limit(ROUND)
                .lock(LockType::NoKeyUpdate)
                .all(tx.conn())
                .await?;
            for row in &rows {
                let lines = pinyin::lines(&row.name, row.reading.as_deref());
                Entity::update_many()
                    .col_expr(Column::Readings, Expr::value(lines))
                    .filter(Column::RegionId.eq(row.region_id))
                    .filter(Column::Id.eq(row.id))
                    .exec(tx.conn())
                    .await?;
            }
            Ok(rows.len())
        }
    };
}

read!(read_units, units);
read!(read_members, members);
