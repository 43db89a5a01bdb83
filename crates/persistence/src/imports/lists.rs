//! One batch of a list's rows. The rules of the domain go through them one after the other, over the county as it stands and
//! as the rows before have left it; a dry run remembers the latter, a run finds it in the database. So both come to the same.

use std::collections::HashMap;

use liangnuo_domain::{
    ImportId, Invalid, MemberId, Timestamp, UnitId,
    imports::{
        Change, ImportKind, RowOutcome,
        members::{MemberRow, Roll},
        units::{UnitRow, Units},
    },
    members::{self as member_rules, Member},
    text,
    units::{self as unit_rules, Unit},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Run,
    batch::{Tally, claim, save_failures, save_tally},
    rows::{Columns, RowFailure, Rows},
};
use crate::{
    callers::Caller,
    db::Store,
    entity::import_changes,
    error::StoreError,
    members,
    tx::{Tx, Unlogged},
    units,
};

/// Rows of a run whose changes are kept, to be shown.
const CHANGES_KEPT: u64 = 200;

/// How often a batch is begun again because somebody edited by hand what it was about to write.
const TRIES: usize = 5;

/// What a worker remembers of the batches before.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// The tree as a dry run would have left it.
    units: Option<Units>,
    /// The members as a dry run would have left them.
    roll: Option<Roll>,
    taken_units: HashMap<UnitId, i64>,
    taken_members: HashMap<MemberId, i64>,
}

/// What a row of a list does, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportChange {
    /// As a person counts in the file.
    pub row: i64,
    /// New or changed.
    pub outcome: RowOutcome,
    /// What it is about, by name.
    pub name: String,
    /// The names of the fields that change; `parent` or `unit` where it moves.
    pub fields: Vec<String>,
}

/// The county while a list is gone through.
struct County {
    units: Units,
    roll: Roll,
}

impl County {
    /// As it stands, and as a dry run would have left it.
    async fn load(conn: &impl ConnectionTrait, run: &Run, memory: Memory, rows: &Rows) -> Result<Self, StoreError> {
        let units = match memory.units {
            Some(units) => units,
            None => Units::new(units::all(conn, run.region).await?, memory.taken_units),
        };
        let mut roll = memory.roll.unwrap_or_else(|| Roll::new(memory.taken_members));
        if let Rows::Members(rows) = rows {
            let (numbers, names) = keys(rows);
            roll.know(members::by_keys(conn, run.region, &numbers, &names).await?);
        }
        Ok(Self { units, roll })
    }

    /// What the next batch must know of it.
    fn remember(self, run: &Run) -> Memory {
        match (run.kind, run.is_dry_run) {
            (ImportKind::Units, true) => Memory {
                units: Some(self.units),
                ..Memory::default()
            },
            (ImportKind::Members, true) => Memory {
                roll: Some(self.roll),
                ..Memory::default()
            },
            (_, _) => Memory {
                taken_units: self.units.into_taken(),
                taken_members: self.roll.into_taken(),
                ..Memory::default()
            },
        }
    }
}

/// What members are looked up by: staff numbers and names.
fn keys(rows: &[MemberRow]) -> (Vec<String>, Vec<String>) {
    let mut numbers = Vec::new();
    let mut names = Vec::new();
    for row in rows {
        let number = text::parse_key("", row.staff_number.text());
        numbers.extend(number.ok().flatten());
        names.extend(row.name.text().map(|name| text::clean(name, false)));
    }
    for keys in [&mut numbers, &mut names] {
        keys.sort_unstable();
        keys.dedup();
    }
    (numbers, names)
}

impl Store {
    /// Takes a batch of a list in; see [`Store::import_batch`].
    pub(super) async fn list_batch(
        &self,
        run: &mut Run,
        rows: Rows,
        columns: Columns,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = rows.len();
        for again in 1.. {
            // What a dry run remembers is large, and nothing disturbs it: it goes along and comes back.
            let memory = if run.is_dry_run {
                std::mem::take(&mut run.memory)
            } else {
                run.memory.clone()
            };
            let (job, rows, columns) = (run.clone(), rows.clone(), columns.clone());
            let taken = self.write(move |writer| async move {
                let mut tx = writer.begin_write(job.by.into(), now).await?;
                if !claim(&tx, &job, done).await? {
                    tx.rollback().await?;
                    return Ok(None);
                }
                // Nobody changes the tree meanwhile, closes a unit, or takes another list in.
                units::lock_tree(&tx, job.region).await?;
                let mut county = County::load(tx.conn(), &job, memory, &rows).await?;
                let mut batch = Batch::of(&job, columns);
                match &rows {
                    Rows::Units(rows) => batch.take_units(&mut tx, &mut county, rows).await?,
                    Rows::Members(rows) => batch.take_members(&mut tx, &mut county, rows).await?,
                    Rows::Complaints(_) => return Err(StoreError::Bug("a ledger's rows in a list")),
                }
                batch.save(&tx).await?;
                if tx.has_events() {
                    tx.commit().await?;
                } else {
                    tx.commit_unlogged(Unlogged::Jobs).await?;
                }
                Ok(Some(county.remember(&job)))
            });
            match taken.await {
                Err(StoreError::Stale { .. } | StoreError::Taken { .. }) if again < TRIES => {}
                Err(error) => return Err(error),
                Ok(None) => return Ok(false),
                Ok(Some(memory)) => {
                    run.memory = memory;
                    run.rows_done += done;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Goes through rows again that an earlier worker has done, and writes nothing: which of them were about what, and how a
    /// dry run would have left the county, is in nobody's memory any more. Of a ledger nothing has to be remembered.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recall_rows(&self, run: &mut Run, rows: Rows, now: Timestamp) -> Result<(), StoreError> {
        let memory = std::mem::take(&mut run.memory);
        let mut county = County::load(self.read(), run, memory, &rows).await?;
        match rows {
            Rows::Complaints(_) => {}
            Rows::Units(rows) => {
                for row in rows {
                    let id = UnitId(self.ids().v7(now));
                    let _ = county.units.take(&row, run.region, id);
                }
            }
            Rows::Members(rows) => {
                for row in rows {
                    let id = MemberId(self.ids().v7(now));
                    let _ = county.roll.take(&county.units, &row, run.region, id);
                }
            }
        }
        run.memory = county.remember(run);
        Ok(())
    }

    /// What the first rows of a list do, or would do, in their order. Nothing for a ledger.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`], [`StoreError::NotFound`].
    pub async fn import_changes(&self, caller: &Caller, id: ImportId) -> Result<Vec<ImportChange>, StoreError> {
        self.import_job(caller, id).await?;
        let rows = import_changes::Entity::find()
            .filter(import_changes::Column::RegionId.eq(caller.actor.region.0))
            .filter(import_changes::Column::ImportId.eq(id.0))
            .order_by_asc(import_changes::Column::RowNumber)
            .limit(CHANGES_KEPT)
            .all(self.read())
            .await?;
        let changes = rows.into_iter().map(|row| {
            Ok(ImportChange {
                row: row.row_number,
                outcome: RowOutcome::from_code(&row.outcome).ok_or(StoreError::Inconsistent {
                    table: "import_changes",
                    column: "outcome",
                })?,
                name: row.name,
                fields: row.fields.split_whitespace().map(str::to_owned).collect(),
            })
        });
        changes.collect()
    }
}

/// A batch on its way in.
struct Batch<'a> {
    run: &'a Run,
    columns: Columns,
    tally: Tally,
    failures: Vec<RowFailure>,
    changes: Vec<ImportChange>,
}

impl<'a> Batch<'a> {
    fn of(run: &'a Run, columns: Columns) -> Self {
        Self {
            run,
            columns,
            tally: Tally::default(),
            failures: Vec::new(),
            changes: Vec::new(),
        }
    }

    fn refuse(&mut self, row: i64, invalid: Invalid) {
        self.tally.failed += 1;
        for field in invalid.0 {
            let column = self.columns.of(field.pointer.trim_start_matches('/')).cloned();
            self.failures.push(RowFailure {
                row,
                column,
                code: field.code.to_owned(),
                detail_zh: field.detail.zh,
                detail_en: field.detail.en,
            });
        }
    }

    fn count(&mut self, row: i64, outcome: RowOutcome, name: &str, fields: Vec<&'static str>) {
        self.tally.count(outcome);
        if outcome != RowOutcome::Unchanged {
            self.changes.push(ImportChange {
                row,
                outcome,
                name: name.to_owned(),
                fields: fields.into_iter().map(str::to_owned).collect(),
            });
        }
    }

    async fn take_units(&mut self, tx: &mut Tx, county: &mut County, rows: &[UnitRow]) -> Result<(), StoreError> {
        let mut new: Vec<Unit> = Vec::new();
        for row in rows {
            let id = UnitId(tx.ids().v7(tx.now()));
            let change = match county.units.take(row, self.run.region, id) {
                Ok(change) => change,
                Err(invalid) => {
                    self.refuse(row.row, invalid);
                    continue;
                }
            };
            let outcome = change.outcome();
            match change {
                Change::Unchanged => self.count(row.row, outcome, "", Vec::new()),
                Change::Created(unit) => {
                    self.count(row.row, outcome, &unit.fields.name, Vec::new());
                    new.push(unit);
                }
                Change::Updated { before, next, events } => {
                    let fields = events.iter().flat_map(fields_of_unit).collect();
                    self.count(row.row, outcome, &next.fields.name, fields);
                    if !self.run.is_dry_run {
                        insert_units(tx, &mut new).await?;
                        units::update(tx, &before, &next, &events).await?;
                        if let Some(parent) = next.parent.filter(|_| next.parent != before.parent) {
                            units::relocate_closure(tx, next.region, next.id, &county.units.path(parent)).await?;
                        }
                    }
                }
            }
        }
        if self.run.is_dry_run {
            Ok(())
        } else {
            insert_units(tx, &mut new).await
        }
    }

    async fn take_members(&mut self, tx: &mut Tx, county: &mut County, rows: &[MemberRow]) -> Result<(), StoreError> {
        let mut new: Vec<Member> = Vec::new();
        for row in rows {
            let id = MemberId(tx.ids().v7(tx.now()));
            let change = match county.roll.take(&county.units, row, self.run.region, id) {
                Ok(change) => change,
                Err(invalid) => {
                    self.refuse(row.row, invalid);
                    continue;
                }
            };
            let outcome = change.outcome();
            match change {
                Change::Unchanged => self.count(row.row, outcome, "", Vec::new()),
                Change::Created(member) => {
                    self.count(row.row, outcome, &member.fields.name, Vec::new());
                    new.push(member);
                }
                Change::Updated { before, next, events } => {
                    let fields = events.iter().flat_map(fields_of_member).collect();
                    self.count(row.row, outcome, &next.fields.name, fields);
                    if !self.run.is_dry_run {
                        insert_members(tx, &mut new).await?;
                        members::update(tx, &before, &next, &events).await?;
                    }
                }
            }
        }
        if self.run.is_dry_run {
            Ok(())
        } else {
            insert_members(tx, &mut new).await
        }
    }

    /// Keeps what became of the rows.
    async fn save(self, tx: &Tx) -> Result<(), StoreError> {
        save_failures(tx, self.run, self.failures).await?;
        save_changes(tx, self.run, self.changes).await?;
        save_tally(tx, self.run, &self.tally).await
    }
}

/// In their order, before anything that may stand on them: posts are called as the last row says.
async fn insert_units(tx: &mut Tx, new: &mut Vec<Unit>) -> Result<(), StoreError> {
    let (batch, now) = (std::mem::take(new), tx.now());
    if batch.is_empty() {
        return Ok(());
    }
    units::insert_many(tx, &batch, now).await
}

async fn insert_members(tx: &mut Tx, new: &mut Vec<Member>) -> Result<(), StoreError> {
    let (batch, now) = (std::mem::take(new), tx.now());
    if batch.is_empty() {
        return Ok(());
    }
    members::insert_many(tx, &batch, now).await
}

fn fields_of_unit(event: &unit_rules::Event) -> Vec<&'static str> {
    match event {
        unit_rules::Event::Edited { fields } => fields.clone(),
        unit_rules::Event::Moved { .. } => vec!["parent"],
        unit_rules::Event::Created | unit_rules::Event::Succeeded { .. } | unit_rules::Event::Closed { .. } => {
            Vec::new()
        }
    }
}

fn fields_of_member(event: &member_rules::Event) -> Vec<&'static str> {
    match event {
        member_rules::Event::Edited { fields } => {
            let column = |name: &&'static str| if *name == "branch_id" { "branch" } else { *name };
            fields.iter().map(column).collect()
        }
        member_rules::Event::Moved { .. } => vec!["unit"],
        member_rules::Event::Created
        | member_rules::Event::CardChanged { .. }
        | member_rules::Event::HandedOver { .. }
        | member_rules::Event::Closed { .. } => Vec::new(),
    }
}

async fn save_changes(tx: &Tx, run: &Run, changes: Vec<ImportChange>) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let kept = import_changes::Entity::find()
        .filter(import_changes::Column::RegionId.eq(run.region.0))
        .filter(import_changes::Column::ImportId.eq(run.id.0))
        .count(tx.conn())
        .await?;
    let room = usize::try_from(CHANGES_KEPT.saturating_sub(kept)).unwrap_or(0);
    let rows: Vec<_> = changes
        .into_iter()
        .take(room)
        .map(|change| import_changes::ActiveModel {
            region_id: Set(run.region.0),
            import_id: Set(run.id.0),
            row_number: Set(change.row),
            outcome: Set(change.outcome.code().to_owned()),
            name: Set(change.name),
            fields: Set(change.fields.join(" ")),
        })
        .collect();
    if !rows.is_empty() {
        import_changes::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}
