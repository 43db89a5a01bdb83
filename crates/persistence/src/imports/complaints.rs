//! One batch of a ledger's rows: looked up together, written together, in one transaction with their events and the progress.

use std::{collections::HashMap, sync::Arc};

use liangnuo_domain::{
    ComplaintId, Timestamp, UnitId,
    clocks::Rules,
    complaints::{self, Complaint, Event, Filing, Kind, State, Step},
    imports::RowOutcome,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    Run,
    batch::{Tally, claim, distinct_rows, save_failures, save_tally},
    rows::{Columns, Names, RowFailure, RowToImport},
};
use crate::{
    categories,
    complaints::{rows as case_rows, save},
    db::Store,
    entity::{self, complaint_messages, complaint_replies, complaint_sources},
    error::StoreError,
    numbers,
    tx::{Tx, Unlogged},
    units,
};

/// A row that is known from an earlier import.
struct Known {
    complaint: Uuid,
    row_hash: Vec<u8>,
}

impl Store {
    /// Takes a batch of a ledger's rows in; see [`Store::import_batch`].
    pub(super) async fn complaint_batch(
        &self,
        run: &mut Run,
        rows: Vec<RowToImport>,
        failures: Vec<RowFailure>,
        columns: Columns,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let region = run.region;
        let rules = self.rules(region).await?;
        let names = Names {
            units: self.units_by_name(&rows, run).await?,
            categories: categories::by_name(self.read(), region).await?,
        };
        let years: Vec<i32> = rows.iter().map(|row| row.received_at.year()).collect();
        // Some rows may turn out to be known: a few numbers are then left out, which is allowed.
        let serials = if run.is_dry_run {
            Vec::new()
        } else {
            numbers::take_all(self, region, years.into_iter()).await?
        };
        // Several failures may belong to one row.
        let done = i64::try_from(rows.len()).unwrap_or(i64::MAX) + distinct_rows(&failures);
        let job = run.clone();
        let is_ours = self.write(move |writer| async move {
            let mut tx = writer.begin_write(job.by.into(), now).await?;
            if !claim(&tx, &job, done).await? {
                tx.rollback().await?;
                return Ok(false);
            }
            let mut batch = Batch {
                run: &job,
                rules,
                names,
                columns,
                tally: Tally::default(),
                failures,
            };
            batch.tally.failed = distinct_rows(&batch.failures);
            batch.take(&mut tx, rows, serials).await?;
            let Batch { tally, failures, .. } = batch;
            save_failures(&tx, &job, failures).await?;
            save_tally(&tx, &job, &tally).await?;
            if tx.has_events() {
                tx.commit().await?;
            } else {
                tx.commit_unlogged(Unlogged::Jobs).await?;
            }
            Ok(true)
        });
        let is_ours = is_ours.await?;
        if is_ours {
            run.rows_done += done;
        }
        Ok(is_ours)
    }

    /// Units by name, where the name is one open unit's alone.
    async fn units_by_name(
        &self,
        rows: &[RowToImport],
        run: &Run,
    ) -> Result<HashMap<String, Option<UnitId>>, StoreError> {
        let mut wanted: Vec<&str> = rows.iter().filter_map(|row| row.unit.as_deref()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut found: HashMap<String, Option<UnitId>> = HashMap::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        let known = entity::units::Entity::find()
            .filter(entity::units::Column::RegionId.eq(run.region.0))
            .filter(entity::units::Column::Name.is_in(wanted))
            .filter(entity::units::Column::ClosedAt.is_null())
            .all(self.read())
            .await?;
        for unit in known {
            found
                .entry(unit.name)
                .and_modify(|id| *id = None)
                .or_insert(Some(UnitId(unit.id)));
        }
        Ok(found)
    }
}

/// A batch on its way in.
struct Batch<'a> {
    run: &'a Run,
    rules: Arc<Rules>,
    names: Names,
    columns: Columns,
    tally: Tally,
    failures: Vec<RowFailure>,
}

impl Batch<'_> {
    async fn take(&mut self, tx: &mut Tx, rows: Vec<RowToImport>, serials: Vec<String>) -> Result<(), StoreError> {
        // A unit may have closed since its name was looked up; from here on it can't.
        let wanted: Vec<UnitId> = self.names.units.values().flatten().copied().collect();
        let open = units::hold_all_open(tx, self.run.region, &wanted).await?;
        for unit in self.names.units.values_mut() {
            *unit = unit.filter(|id| open.contains(id));
        }
        let known = known_rows(tx.conn(), self.run, &rows).await?;
        let mut serials = serials.into_iter();
        let mut new = Vec::new();
        let mut sources = Vec::new();
        for row in rows {
            let serial = serials.next();
            let filing = match row.filing(&self.names, &self.columns, self.run.is_order) {
                Ok(filing) => filing,
                Err(failure) => {
                    self.failures.push(failure);
                    self.tally.failed += 1;
                    continue;
                }
            };
            match known.get(&row.external_ref) {
                Some(known) if known.row_hash == row.row_hash => self.tally.count(RowOutcome::Unchanged),
                Some(known) => self.change(tx, &row, filing, known).await?,
                None => {
                    self.tally.count(RowOutcome::Created);
                    if let Some(number) = serial.filter(|_| !self.run.is_dry_run) {
                        let (step, source) = self.create(tx, &row, filing, number);
                        let receipt_hash = tx.ids().bytes::<32>().to_vec();
                        let author_hash = row.author_hash.clone();
                        new.push((
                            step,
                            save::Beside {
                                receipt_hash,
                                contact: None,
                                contact_erased_at: None,
                                author_hash,
                            },
                        ));
                        sources.push(source);
                    }
                }
            }
        }
        save::insert_many(
            tx,
            &self.rules,
            new.iter().map(|(step, beside)| (step, beside.clone())).collect(),
        )
        .await?;
        for chunk in sources.chunks(1_000) {
            complaint_sources::Entity::insert_many(chunk.to_vec())
                .exec_without_returning(tx.conn())
                .await?;
        }
        Ok(())
    }

    fn create(
        &self,
        tx: &Tx,
        row: &RowToImport,
        filing: Filing,
        number: String,
    ) -> (Step, complaint_sources::ActiveModel) {
        let region = self.run.region;
        let id = ComplaintId(tx.ids().v4());
        let source = complaint_sources::ActiveModel {
            region_id: Set(region.0),
            source: Set(self.run.source.clone()),
            external_ref: Set(row.external_ref.clone()),
            complaint_id: Set(id.0),
            row_hash: Set(row.row_hash.clone()),
        };
        (self.imported(tx, row, filing, id, number), source)
    }

    /// The case that a row stands for.
    fn imported(&self, tx: &Tx, row: &RowToImport, filing: Filing, id: ComplaintId, number: String) -> Step {
        let region = self.run.region;
        let desk = filing.about.unwrap_or(region);
        let filed = complaints::file(filing, id, region, desk, number, row.received_at);
        let reply = row.reply(tx.ids().v4(), filed.next.unit);
        complaints::import(filed, reply, &self.rules, tx.now())
    }

    /// A known row says something new: the case follows it, unless the staff have worked on it since.
    async fn change(
        &mut self,
        tx: &mut Tx,
        row: &RowToImport,
        filing: Filing,
        known: &Known,
    ) -> Result<(), StoreError> {
        let region = self.run.region;
        let before = case_rows::load(tx.conn(), region.0, known.complaint)
            .await?
            .ok_or(StoreError::Bug("a ledger row's case vanished"))?;
        if !is_as_left(tx, &before).await? || before.kind != filing.kind {
            self.failures.push(row.failure(
                self.columns.of("external_ref"),
                "changed_since_import",
                "这一行的来件导入后已在平台上办理，不能再用台账覆盖。",
                "The case of this row was worked on since it was imported; the ledger does not overwrite it.",
            ));
            self.tally.failed += 1;
            return Ok(());
        }
        self.tally.count(RowOutcome::Updated);
        if self.run.is_dry_run {
            return Ok(());
        }
        complaint_replies::Entity::delete_many()
            .filter(complaint_replies::Column::RegionId.eq(region.0))
            .filter(complaint_replies::Column::ComplaintId.eq(known.complaint))
            .exec(tx.conn())
            .await?;
        let imported = self.imported(tx, row, filing, before.id, before.number.clone());
        let mut events = vec![Event::Amended];
        if imported.next.about != before.about {
            // Whoever a report is about now is accused from now on; who was, stays so.
            let accused = imported.events.into_iter();
            events.extend(accused.filter(|event| matches!(event, Event::AccusedNamed { .. })));
        }
        let step = Step {
            next: Complaint {
                version: before.version,
                ..imported.next
            },
            events,
            reply: imported.reply,
            message: None,
        };
        save::update(tx, &self.rules, &before, &step).await?;
        save::refresh_search(tx, &step.next).await?;
        save::set_author(tx, &step.next, row.author_hash.clone()).await?;
        complaint_sources::Entity::update_many()
            .col_expr(complaint_sources::Column::RowHash, Expr::value(row.row_hash.clone()))
            .filter(complaint_sources::Column::RegionId.eq(region.0))
            .filter(complaint_sources::Column::Source.eq(self.run.source.clone()))
            .filter(complaint_sources::Column::ExternalRef.eq(row.external_ref.clone()))
            .exec(tx.conn())
            .await?;
        Ok(())
    }
}

/// Whether nobody has worked on an imported case: what the ledger says anew then overwrites nothing of theirs.
async fn is_as_left(tx: &Tx, case: &Complaint) -> Result<bool, StoreError> {
    let is_where_it_came_in = case.unit == case.about.filter(|_| !case.is_sealed).unwrap_or(case.region);
    let is_untouched = case.handler.is_none() && case.draft.is_none() && case.rating.is_none();
    let is_in_its_first_state = match case.state {
        State::Received => true,
        State::Concluded => case.ended_at == case.replied_at,
        _ => false,
    };
    if !(is_where_it_came_in && is_untouched && is_in_its_first_state && case.is_sealed == (case.kind == Kind::Report))
    {
        return Ok(false);
    }
    let message = complaint_messages::Entity::find()
        .filter(complaint_messages::Column::RegionId.eq(case.region.0))
        .filter(complaint_messages::Column::ComplaintId.eq(case.id.0))
        .one(tx.conn())
        .await?;
    Ok(message.is_none())
}

async fn known_rows(
    conn: &impl ConnectionTrait,
    run: &Run,
    rows: &[RowToImport],
) -> Result<HashMap<String, Known>, StoreError> {
    let found = complaint_sources::Entity::find()
        .filter(complaint_sources::Column::RegionId.eq(run.region.0))
        .filter(complaint_sources::Column::Source.eq(run.source.clone()))
        .filter(complaint_sources::Column::ExternalRef.is_in(rows.iter().map(|row| row.external_ref.as_str())))
        .all(conn)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| {
            (
                row.external_ref,
                Known {
                    complaint: row.complaint_id,
                    row_hash: row.row_hash,
                },
            )
        })
        .collect())
}
