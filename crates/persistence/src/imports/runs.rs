//! The runs: asked for by a member, taken up by a worker.

use liangnuo_domain::{
    Doer, ImportId, MemberId, RegionId, Timestamp, UnitId,
    imports::{Event, ImportKind, JobState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde_json::json;

use super::{files, lists::Memory};
use crate::{
    callers::Caller,
    db::Store,
    entity::{import_errors, imports},
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    names::MemberName,
    page::{self, Key, Page, PageRequest, Sort},
    tx::{By, Tx, Unlogged},
};

/// The outbox's topic for a run.
pub const TOPIC: &str = "imports.run";

/// A file that is handed in.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// What its rows are.
    pub kind: ImportKind,
    /// The file's name, for people.
    pub file_name: String,
    /// Which ledger: rows are unique within it. Of a list its kind.
    pub source: String,
    /// Nothing is to be written.
    pub is_dry_run: bool,
    /// The rows are a hotline's orders: its clock runs on those that are not answered yet.
    pub is_order: bool,
    /// Heading to field, as JSON.
    pub mapping: String,
    /// Rows in the file.
    pub rows_total: i64,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportJob {
    /// Its id.
    pub id: ImportId,
    /// What its rows are.
    pub kind: ImportKind,
    /// Where it stands.
    pub state: JobState,
    /// Nothing is written.
    pub is_dry_run: bool,
    /// The rows are a hotline's orders.
    pub is_order: bool,
    /// Which ledger.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// Heading to field, as JSON.
    pub mapping: String,
    /// Rows in the file.
    pub rows_total: i64,
    /// Rows that were looked at.
    pub rows_done: i64,
    /// New cases.
    pub rows_created: i64,
    /// Changed cases.
    pub rows_updated: i64,
    /// Known rows, as before.
    pub rows_unchanged: i64,
    /// Rows that could not be read.
    pub rows_failed: i64,
    /// Why the run as a whole failed.
    pub failure: Option<String>,
    /// Who asked for it.
    pub created_by: Option<MemberName>,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The file is still kept.
    pub has_file: bool,
}

/// Why a row could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// As a person counts in the workbook.
    pub row: i64,
    /// The letter of the column.
    pub column: Option<String>,
    /// Stable code.
    pub code: String,
    /// In Chinese.
    pub detail_zh: String,
    /// In English.
    pub detail_en: String,
}

/// What a worker needs to go on with a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The county.
    pub region: RegionId,
    /// Its id.
    pub id: ImportId,
    /// What its rows are.
    pub kind: ImportKind,
    /// Who asked for it: the actor of the events.
    pub by: Doer,
    /// Nothing is written.
    pub is_dry_run: bool,
    /// The rows are a hotline's orders.
    pub is_order: bool,
    /// Which ledger.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// Heading to field, as JSON.
    pub mapping: String,
    /// Rows that are done, by earlier workers and by this one.
    pub rows_done: i64,
    pub(super) memory: Memory,
}

fn kind_of(row: &imports::Model) -> Result<ImportKind, StoreError> {
    ImportKind::from_code(&row.kind).ok_or(StoreError::Inconsistent {
        table: "imports",
        column: "kind",
    })
}

fn to_job(row: imports::Model) -> Result<ImportJob, StoreError> {
    Ok(ImportJob {
        id: ImportId(row.id),
        kind: kind_of(&row)?,
        state: JobState::from_code(&row.state).ok_or(StoreError::Inconsistent {
            table: "imports",
            column: "state",
        })?,
        is_dry_run: row.is_dry_run,
        is_order: row.is_order,
        source: row.source,
        file_name: row.file_name,
        mapping: row.mapping,
        rows_total: row.rows_total,
        rows_done: row.rows_done,
        rows_created: row.rows_created,
        rows_updated: row.rows_updated,
        rows_unchanged: row.rows_unchanged,
        rows_failed: row.rows_failed,
        failure: row.failure,
        created_by: None,
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
        has_file: false,
    })
}

fn record(tx: &mut Tx, region: RegionId, id: ImportId, event: &Event) {
    let detail = match event {
        Event::Requested { kind, is_dry_run } => json!({"kind": kind.code(), "dry_run": is_dry_run}),
        Event::Finished {
            state,
            created,
            updated,
            failed,
        } => {
            json!({"state": state.code(), "created": created, "updated": updated, "failed": failed})
        }
    };
    tx.record(NewEvent::new(region, Subject::Imports, id.0, event.code(), detail));
}

impl Store {
    /// Takes a ledger in, to be gone through by a worker. Its file is kept under `id` already.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`], [`StoreError::KeyReused`]; the file is then thrown away.
    pub async fn create_import(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        id: ImportId,
        new: NewImport,
        now: Timestamp,
    ) -> Result<(ImportJob, bool), StoreError> {
        let doer = caller.must_import(new.kind)?;
        let by = caller.clone();
        let created = self
            .write(move |writer| async move {
                let region = by.actor.region;
                let mut tx = writer.begin_write(doer.into(), now).await?;
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((ImportId(known), true));
                }
                let event = Event::Requested {
                    kind: new.kind,
                    is_dry_run: new.is_dry_run,
                };
                insert(&tx, region, id, doer, new).await?;
                record(&mut tx, region, id, &event);
                tx.deliver(region, TOPIC, id.0);
                tx.commit().await?;
                Ok((id, false))
            })
            .await;
        if !matches!(created, Ok((_, false))) {
            self.discard_import_file(caller.actor.region, id, now).await?;
        }
        let (id, is_replay) = created?;
        Ok((self.import_job(&caller, id).await?, is_replay))
    }

    /// One run.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`], [`StoreError::NotFound`].
    pub async fn import_job(&self, caller: &Caller, id: ImportId) -> Result<ImportJob, StoreError> {
        let kinds = caller.imports()?;
        let region = caller.actor.region;
        let row = imports::Entity::find_by_id((region.0, id.0)).one(self.read()).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        if !kinds.contains(&kind_of(&row)?) {
            return Err(StoreError::NotFound);
        }
        let by = MemberId(row.created_by);
        let mut job = to_job(row)?;
        job.created_by = self.member_names(region, [by]).await?.remove(&by);
        job.has_file = self.kept_files(region, vec![id.0]).await?.contains(&id.0);
        Ok(job)
    }

    /// The runs that the caller sees, newest first; of one kind where it is given.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`], [`StoreError::BadCursor`].
    pub async fn list_imports(
        &self,
        caller: &Caller,
        kind: Option<ImportKind>,
        request: &PageRequest,
    ) -> Result<Page<ImportJob>, StoreError> {
        let mut kinds = caller.imports()?;
        if let Some(kind) = kind {
            caller.must_import(kind)?;
            kinds = vec![kind];
        }
        let region = caller.actor.region;
        let mut select = imports::Entity::find().filter(imports::Column::RegionId.eq(region.0));
        if kinds.len() < ImportKind::ALL.len() {
            select = select.filter(imports::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())));
        }
        let sort = Sort {
            column: imports::Column::CreatedAt,
            id: imports::Column::Id,
            is_descending: true,
        };
        let key = |row: &imports::Model| (Key::Number(row.created_at), row.id);
        let page = page::fetch(self, select, request, sort, &("imports", kind), key).await?;
        let names = self
            .member_names(region, page.items.iter().map(|row| MemberId(row.created_by)))
            .await?;
        let kept = self
            .kept_files(region, page.items.iter().map(|row| row.id).collect())
            .await?;
        let items = page
            .items
            .into_iter()
            .map(|row| {
                let by = MemberId(row.created_by);
                Ok(ImportJob {
                    created_by: names.get(&by).cloned(),
                    has_file: kept.contains(&row.id),
                    ..to_job(row)?
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// The rows of a run that could not be read, in their order.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`], [`StoreError::NotFound`].
    pub async fn import_errors(
        &self,
        caller: &Caller,
        id: ImportId,
        limit: u64,
    ) -> Result<Vec<ImportError>, StoreError> {
        self.import_job(caller, id).await?;
        let rows = import_errors::Entity::find()
            .filter(import_errors::Column::RegionId.eq(caller.actor.region.0))
            .filter(import_errors::Column::ImportId.eq(id.0))
            .order_by_asc(import_errors::Column::Position)
            .limit(limit)
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| ImportError {
                row: row.row_number,
                column: row.column_letter,
                code: row.code,
                detail_zh: row.detail_zh,
                detail_en: row.detail_en,
            })
            .collect())
    }

    /// Takes a run up, from the start or where an earlier worker left it. `None` if it has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_run(&self, region: RegionId, id: ImportId, now: Timestamp) -> Result<Option<Run>, StoreError> {
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let row = imports::Entity::find_by_id((region.0, id.0)).one(tx.conn()).await?;
            let Some(row) = row.filter(|row| row.finished_at.is_none()) else {
                return Ok(None);
            };
            imports::Entity::update_many()
                .col_expr(imports::Column::State, Expr::value(JobState::Running.code()))
                .filter(imports::Column::RegionId.eq(region.0))
                .filter(imports::Column::Id.eq(id.0))
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::Jobs).await?;
            let kind = kind_of(&row)?;
            let run = Run {
                region: UnitId(row.region_id),
                id,
                kind,
                memory: Memory::default(),
                by: doer_of(&row),
                is_dry_run: row.is_dry_run,
                is_order: row.is_order,
                source: row.source,
                file_name: row.file_name,
                mapping: row.mapping,
                rows_done: row.rows_done,
            };
            Ok(Some(run))
        })
        .await
    }

    /// Ends a run. `failure` is a code where the run as a whole failed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish_run(
        &self,
        region: RegionId,
        id: ImportId,
        failure: Option<String>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let select = move || imports::Entity::find_by_id((region.0, id.0));
        let vanished = || StoreError::Bug("a run vanished");
        let by = doer_of(&select().one(self.read()).await?.ok_or_else(vanished)?);
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(by.into(), now).await?;
            let row = select().lock_exclusive().one(tx.conn()).await?.ok_or_else(vanished)?;
            if row.finished_at.is_some() {
                return tx.rollback().await;
            }
            let state = if failure.is_some() {
                JobState::Failed
            } else {
                JobState::Succeeded
            };
            imports::Entity::update_many()
                .col_expr(imports::Column::State, Expr::value(state.code()))
                .col_expr(imports::Column::Failure, Expr::value(failure))
                .col_expr(imports::Column::FinishedAt, Expr::value(now.micros()))
                .filter(imports::Column::RegionId.eq(region.0))
                .filter(imports::Column::Id.eq(id.0))
                .exec(tx.conn())
                .await?;
            // It was needed for the workbook of the rows that failed, and holds people's names.
            if row.rows_failed == 0 {
                files::delete(tx.conn(), region, id).await?;
            }
            let event = Event::Finished {
                state,
                created: row.rows_created,
                updated: row.rows_updated,
                failed: row.rows_failed,
            };
            record(&mut tx, region, id, &event);
            tx.commit().await
        })
        .await
    }
}

/// By whose right a run writes: that of who asked for it.
fn doer_of(row: &imports::Model) -> Doer {
    Doer {
        member: MemberId(row.created_by),
        acting_for: row.acting_for.map(MemberId),
    }
}

async fn insert(tx: &Tx, region: RegionId, id: ImportId, by: Doer, new: NewImport) -> Result<(), StoreError> {
    let row = imports::ActiveModel {
        region_id: Set(region.0),
        id: Set(id.0),
        kind: Set(new.kind.code().to_owned()),
        state: Set(JobState::Queued.code().to_owned()),
        is_dry_run: Set(new.is_dry_run),
        is_order: Set(new.is_order),
        source: Set(new.source),
        file_name: Set(new.file_name),
        mapping: Set(new.mapping),
        rows_total: Set(new.rows_total),
        rows_done: Set(0),
        rows_created: Set(0),
        rows_updated: Set(0),
        rows_unchanged: Set(0),
        rows_failed: Set(0),
        failure: Set(None),
        created_by: Set(by.member.0),
        acting_for: Set(by.acting_for.map(|id| id.0)),
        created_at: Set(tx.now().micros()),
        finished_at: Set(None),
    };
    imports::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}
