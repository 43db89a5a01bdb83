//! Numbers for people, unique per county and year. They are taken from the database in blocks, so that no counter row
//! makes filings wait for each other; what a process does not use up is a gap.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use liangnuo_domain::{RegionId, complaints::number::number};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, OnConflict, Query},
};

use crate::{
    db::Store,
    entity::number_blocks::{Column, Entity},
    error::StoreError,
    tx::{By, Unlogged},
};

/// Numbers in a block: so few that a restart leaves no big gap, so many that a busy day seldom waits for one.
const BLOCK: i64 = 100;

type Open = HashMap<(RegionId, i32), std::ops::Range<i64>>;

/// What is left of the blocks that this process has taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    open: Arc<Mutex<Open>>,
    /// Held while a block is taken: filings that meet an empty one would otherwise each take one.
    taking: Arc<tokio::sync::Mutex<()>>,
}

impl Blocks {
    fn pop(&self, region: RegionId, year: i32) -> Option<i64> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get_mut(&(region, year))?.next()
    }

    fn put(&self, region: RegionId, year: i32, block: std::ops::Range<i64>) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((region, year), block);
    }
}

impl Store {
    /// The next number of a year. Taken before the transaction that uses it, never inside: the block's row would
    /// otherwise be locked until that transaction ends.
    pub(crate) async fn next_number(&self, region: RegionId, year: i32) -> Result<String, StoreError> {
        if let Some(serial) = self.numbers().pop(region, year) {
            return Ok(number(year, serial));
        }
        let _taking = self.numbers().taking.lock().await;
        if let Some(serial) = self.numbers().pop(region, year) {
            return Ok(number(year, serial));
        }
        let block = self.take_numbers(region, year, BLOCK).await?;
        let serial = block.start;
        self.numbers().put(region, year, serial + 1..block.end);
        Ok(number(year, serial))
    }

    /// Takes `count` serials of a year at once.
    pub(crate) async fn take_numbers(
        &self,
        region: RegionId,
        year: i32,
        count: i64,
    ) -> Result<std::ops::Range<i64>, StoreError> {
        self.write(move |writer| async move {
            // No clock is asked: the row says nothing about time.
            let tx = writer
                .begin_write(By::System, liangnuo_domain::Timestamp::from_micros(0))
                .await?;
            let next = Expr::col((Entity, Column::NextSerial)).add(count);
            let statement = Query::insert()
                .into_table(Entity)
                .columns([Column::RegionId, Column::Year, Column::NextSerial])
                .values_panic([region.0.into(), year.into(), (1 + count).into()])
                .on_conflict(
                    OnConflict::columns([Column::RegionId, Column::Year])
                        .value(Column::NextSerial, next)
                        .to_owned(),
                )
                .returning_col(Column::NextSerial)
                .to_owned();
            let row = tx
                .conn()
                .query_one(&statement)
                .await?
                .ok_or(StoreError::Bug("no block of numbers"))?;
            let end: i64 = row.try_get("", "next_serial")?;
            tx.commit_unlogged(Unlogged::Numbers).await?;
            Ok(end - count..end)
        })
        .await
    }
}

/// A number for each of these years, in their order; each year's serials are taken at once.
pub(crate) async fn take_all(
    store: &Store,
    region: RegionId,
    years: impl Iterator<Item = i32>,
) -> Result<Vec<String>, StoreError> {
    let years: Vec<i32> = years.collect();
    let mut counts: HashMap<i32, i64> = HashMap::new();
    for year in &years {
        *counts.entry(*year).or_default() += 1;
    }
    let mut blocks = HashMap::new();
    for (year, count) in counts {
        blocks.insert(year, store.take_numbers(region, year, count).await?);
    }
    years
        .into_iter()
        .map(|year| {
            let serial = blocks.get_mut(&year).and_then(Iterator::next);
            serial
                .map(|serial| number(year, serial))
                .ok_or(StoreError::Bug("a block of numbers ran out"))
        })
        .collect()
}
