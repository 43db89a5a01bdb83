//! A ledger's file, kept in pieces: it comes before its run, and goes when nobody needs it any more.

use std::collections::HashSet;

use liangnuo_domain::{ImportId, RegionId, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use super::FILE_KEPT_DAYS;
use crate::{
    callers::Caller,
    db::Store,
    entity::{
        import_changes,
        import_file_pieces::{ActiveModel, Column, Entity},
        imports,
    },
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// Most bytes of a piece.
pub const PIECE_BYTES: usize = 1 << 20;

/// Seconds after which pieces whose run never came are thrown away: whoever handed them in has gone.
const ORPHANED_AFTER: i64 = 86_400;

impl Store {
    /// Keeps a piece of the file of a run that is about to be asked for ([`Store::create_import`]).
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub async fn keep_import_piece(
        &self,
        caller: &Caller,
        id: ImportId,
        position: i64,
        content: Vec<u8>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        caller.imports()?;
        let region = caller.actor.region;
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let piece = ActiveModel {
                region_id: Set(region.0),
                import_id: Set(id.0),
                position: Set(position),
                kept_at: Set(now.micros()),
                content: Set(content),
            };
            Entity::insert(piece).exec_without_returning(tx.conn()).await?;
            tx.commit_unlogged(Unlogged::Jobs).await
        })
        .await
    }

    /// A piece of a run's file, from 0; `None` after the last. For the worker, and for who was shown the run.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn import_piece(
        &self,
        region: RegionId,
        id: ImportId,
        position: i64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let piece = Entity::find_by_id((region.0, id.0, position)).one(self.read()).await?;
        Ok(piece.map(|piece| piece.content))
    }

    /// Throws the pieces away of a run that was not taken in.
    pub(super) async fn discard_import_file(
        &self,
        region: RegionId,
        id: ImportId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            delete(tx.conn(), region, id).await?;
            tx.commit_unlogged(Unlogged::Jobs).await
        })
        .await
    }

    /// Those of these runs whose file is kept.
    pub(super) async fn kept_files(&self, region: RegionId, ids: Vec<Uuid>) -> Result<HashSet<Uuid>, StoreError> {
        let kept: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::ImportId)
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::ImportId.is_in(ids))
            .filter(Column::Position.eq(0))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(kept.into_iter().collect())
    }
}

/// Throws a run's file away.
pub(super) async fn delete(conn: &DatabaseTransaction, region: RegionId, id: ImportId) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::ImportId.eq(id.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes the files that were kept long enough, and those whose run never came.
pub(crate) async fn delete_old_files(tx: &Tx) -> Result<(), StoreError> {
    use imports::Column::{FinishedAt, Id, RegionId};
    let before = |seconds: i64| tx.now().plus_seconds(-seconds).micros();
    // Few files are kept, and many runs: each piece looks its own run up.
    let run = || {
        Query::select()
            .expr(Expr::value(1))
            .from(imports::Entity)
            .and_where(Expr::col((imports::Entity, RegionId)).equals((Entity, Column::RegionId)))
            .and_where(Expr::col((imports::Entity, Id)).equals((Entity, Column::ImportId)))
            .take()
    };
    let ended = run().and_where(FinishedAt.lt(before(FILE_KEPT_DAYS * 86_400))).take();
    let orphaned = Condition::all()
        .add(Column::KeptAt.lt(before(ORPHANED_AFTER)))
        .add(Expr::exists(run()).not());
    Entity::delete_many()
        .filter(Condition::any().add(Expr::exists(ended)).add(orphaned))
        .exec(tx.conn())
        .await?;
    delete_old_changes(tx).await
}

/// What a list did is shown as long as its file may be kept: it names people.
async fn delete_old_changes(tx: &Tx) -> Result<(), StoreError> {
    use imports::Column::{FinishedAt, Id, RegionId};
    let kept_since = tx.now().plus_seconds(-FILE_KEPT_DAYS * 86_400).micros();
    let ended = Query::select()
        .expr(Expr::value(1))
        .from(imports::Entity)
        .and_where(
            Expr::col((imports::Entity, RegionId)).equals((import_changes::Entity, import_changes::Column::RegionId)),
        )
        .and_where(Expr::col((imports::Entity, Id)).equals((import_changes::Entity, import_changes::Column::ImportId)))
        .and_where(FinishedAt.lt(kept_since))
        .take();
    import_changes::Entity::delete_many()
        .filter(Expr::exists(ended))
        .exec(tx.conn())
        .await?;
    Ok(())
}
