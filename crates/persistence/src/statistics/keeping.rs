//! How the kept sums are fed: each command appends what a case counted as before and after, and a keeper folds that into
//! the sums a moment later, so that no command waits for a sum that others change, too.

use liangnuo_domain::{
    CategoryId, RegionId, Timestamp, UnitId,
    complaints::{Channel, Complaint, Kind, State},
    statistics::{Clock, Fact, layout},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::{authors, cells::Additions, scan};
use crate::{
    db::{Database, Store},
    entity::{
        complaint_cells,
        complaint_sum_changes::{ActiveModel, Column, Entity, Model},
        complaint_sum_keepers as keepers, complaints,
    },
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// A case as it counts: with the clock that it is saved with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted<'a> {
    pub case: &'a Complaint,
    pub clock: Option<Clock>,
    /// Keyed hash of a ledger's author.
    pub author: Option<&'a [u8]>,
}

impl Counted<'_> {
    fn fact(&self) -> Fact {
        Fact::of(self.case, self.clock)
    }
}

/// Notes that a case counts differently from now on: as it did before (`None` for a new one), and as it does now.
pub(crate) async fn note(tx: &Tx, changes: &[(Option<Counted<'_>>, Counted<'_>)]) -> Result<(), StoreError> {
    let (mut rows, mut written_by) = (Vec::new(), Vec::new());
    for (before, after) in changes {
        let (was, is) = (before.map(|before| before.fact()), after.fact());
        if was.as_ref() == Some(&is) {
            continue;
        }
        if let Some(was) = was {
            rows.push(row(tx, after.case.region, was, -1));
        }
        rows.push(row(tx, after.case.region, is, 1));
        authors::changed(tx, *before, *after, &mut written_by);
    }
    for chunk in rows.chunks(CHUNK) {
        Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    authors::note(tx, written_by).await
}

/// Has the sums built anew, since there is more to count than is worth noting case by case.
pub(crate) async fn start_over(tx: &Tx) -> Result<(), StoreError> {
    set_built(tx, false).await
}

async fn set_built(tx: &Tx, is_built: bool) -> Result<(), StoreError> {
    keepers::Entity::update_many()
        .col_expr(keepers::Column::IsBuilt, Expr::value(is_built))
        .col_expr(keepers::Column::Layout, Expr::value(layout()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Rows of one INSERT: SQLite takes at most 32,766 variables.
pub(super) const CHUNK: usize = 1_000;

fn row(tx: &Tx, region: RegionId, fact: Fact, sign: i16) -> ActiveModel {
    ActiveModel {
        id: Set(tx.ids().v7(tx.now())),
        region_id: Set(region.0),
        sign: Set(sign),
        is_sealed: Set(fact.is_sealed),
        unit_id: Set(fact.unit.0),
        category_id: Set(fact.category.map(|category| category.0)),
        channel: Set(fact.channel.code().to_owned()),
        kind: Set(fact.kind.code().to_owned()),
        state: Set(fact.state.code().to_owned()),
        received_month: Set(fact.received),
        replied_month: Set(fact.replied),
        ended_month: Set(fact.ended),
        reply_micros: Set(fact.reply_micros),
        rating_level: Set(fact.rating),
        is_redone: Set(fact.is_redone),
        due_at: Set(fact.clock.map(|clock| clock.due)),
        soon_at: Set(fact.clock.map(|clock| clock.soon)),
    }
}

fn fact(row: Model) -> Result<Fact, StoreError> {
    let nonsense = |column| StoreError::Inconsistent {
        table: "complaint_sum_changes",
        column,
    };
    Ok(Fact {
        is_sealed: row.is_sealed,
        unit: UnitId(row.unit_id),
        category: row.category_id.map(CategoryId),
        channel: Channel::from_code(&row.channel).ok_or(nonsense("channel"))?,
        kind: Kind::from_code(&row.kind).ok_or(nonsense("kind"))?,
        state: State::from_code(&row.state).ok_or(nonsense("state"))?,
        received: row.received_month,
        replied: row.replied_month,
        ended: row.ended_month,
        reply_micros: row.reply_micros,
        rating: row.rating_level,
        is_redone: row.is_redone,
        clock: scan::clock(row.due_at, row.soon_at),
    })
}

/// Changes folded at once.
pub(super) const ROUND: u64 = 2_000;
/// Cases read at once when the sums are built anew.
const PAGE: u64 = 5_000;
/// Cases held in memory before what they add is written.
const HELD: usize = 20_000;
/// The one row that says who keeps the sums.
const KEEPER: i16 = 1;

impl Store {
    /// Folds what has changed into the kept sums, and builds them if they never were: up to two thousand changes. Gives
    /// how many there were; called again while there are some. Of several processes one does it.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is folded.
    pub async fn fold_sums(&self, now: Timestamp) -> Result<usize, StoreError> {
        let waiting = Entity::find().select_only().column(Column::Id).limit(1);
        let has_changes = waiting.into_tuple::<Uuid>().one(self.read()).await?.is_some();
        if !self.has_sums().await? {
            self.rebuild_sums(now).await?;
            return Ok(1);
        }
        if !has_changes && !authors::has_changes(self.read()).await? {
            return Ok(0);
        }
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let keeper = keepers::Entity::find_by_id(KEEPER)
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .one(tx.conn())
                .await?;
            // Without it another process is at it.
            let folded = match keeper {
                None => 0,
                Some(_) => fold_changes(&tx).await? + authors::fold(&tx).await?,
            };
            tx.commit_unlogged(Unlogged::Sums).await?;
            Ok(folded)
        })
        .await
    }

    /// Whether the sums were built, and mean what this version takes them for. Before that figures are counted.
    pub(super) async fn has_sums(&self) -> Result<bool, StoreError> {
        let keeper = keepers::Entity::find_by_id(KEEPER).one(self.read()).await?;
        Ok(keeper.is_some_and(|keeper| keeper.is_built && keeper.layout == layout()))
    }

    /// Builds the kept sums of all counties anew from the cases themselves. On SQLite nothing else is written meanwhile.
    ///
    /// # Errors
    /// When the database does not answer; the sums then stay as they were.
    pub async fn rebuild_sums(&self, now: Timestamp) -> Result<u64, StoreError> {
        let is_postgres = self.database() == Database::Postgres;
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            if is_postgres {
                // The cases and the changes must be of one moment: what is committed after it is a change yet to be
                // folded. The lock comes first, since the moment is that of the first query after it. Building takes
                // longer than any other statement may.
                tx.conn()
                    .execute_unprepared(
                        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
                         SET LOCAL statement_timeout = 0; \
                         LOCK TABLE complaint_sum_keepers IN EXCLUSIVE MODE",
                    )
                    .await?;
            }
            Entity::delete_many().exec(tx.conn()).await?;
            complaint_cells::Entity::delete_many().exec(tx.conn()).await?;
            let counted = count_all(&tx).await?;
            authors::count_all(&tx).await?;
            set_built(&tx, true).await?;
            tx.commit_unlogged(Unlogged::Sums).await?;
            Ok(counted)
        })
        .await
    }
}

/// Folds the oldest changes; gives how many there were.
async fn fold_changes(tx: &Tx) -> Result<usize, StoreError> {
    let changes = Entity::find()
        .order_by_asc(Column::Id)
        .limit(ROUND)
        .all(tx.conn())
        .await?;
    let ids: Vec<Uuid> = changes.iter().map(|change| change.id).collect();
    let mut additions = Additions::default();
    for change in changes {
        let (region, sign) = (UnitId(change.region_id), i64::from(change.sign));
        additions.add(region, &fact(change)?, sign)?;
    }
    additions.write(tx).await?;
    let folded = ids.len();
    // Exactly those: one with a lower id may have been committed since.
    Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .exec(tx.conn())
        .await?;
    Ok(folded)
}

/// Adds every case to the sums: unit by unit, so that most cells are written once.
async fn count_all(tx: &Tx) -> Result<u64, StoreError> {
    use complaints::Column::{Id, ReceivedAt, RegionId as Region, UnitId as Unit};
    let mut additions = Additions::default();
    let mut counted = 0;
    let mut after: Option<(Uuid, Uuid, i64, Uuid)> = None;
    loop {
        let mut select = scan::rows(complaints::Entity::find())
            .columns([Region, Id, ReceivedAt])
            .order_by_asc(Region)
            .order_by_asc(Unit)
            .order_by_asc(ReceivedAt)
            .order_by_asc(Id)
            .limit(PAGE);
        if let Some((region, unit, at, id)) = after {
            let key = Expr::tuple([Region, Unit, ReceivedAt, Id].map(Expr::col));
            let last = Expr::tuple([Expr::value(region), Expr::value(unit), Expr::value(at), Expr::value(id)]);
            select = select.filter(sea_orm::sea_query::ExprTrait::gt(key, last));
        }
        let rows = select.into_model::<scan::Named>().all(tx.conn()).await?;
        let Some(last) = rows.last() else {
            break;
        };
        after = Some((last.region_id, last.row.unit_id, last.received_at, last.id));
        for named in rows {
            counted += 1;
            additions.add(UnitId(named.region_id), &named.row.fact()?, 1)?;
        }
        if additions.len() > HELD {
            std::mem::take(&mut additions).write(tx).await?;
        }
    }
    additions.write(tx).await?;
    Ok(counted)
}
