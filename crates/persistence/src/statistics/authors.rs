//! How many different authors imported cases have. Such a number is no sum: how many cases each author has is kept, by
//! year and over all time, and how many authors that makes.

use std::collections::BTreeMap;

use liangnuo_domain::{
    RegionId, Timestamp,
    complaints::Channel,
    statistics::{Count, Month},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, OnConflict},
};
use uuid::Uuid;

use super::{
    cells::{EVER, month_of},
    keeping::{CHUNK, Counted, ROUND},
    kept::Kept,
    scan::Tally,
};
use crate::{
    complaints::{CaseFilter, filtered, narrowed},
    db::Store,
    entity::{
        complaint_author_changes::{ActiveModel, Column, Entity},
        complaint_author_sums as sums, complaint_authors as authors, complaint_contacts, complaints,
    },
    error::StoreError,
    join::join_in_order,
    tx::Tx,
    visible::Visible,
};

/// An author's case as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    is_sealed: bool,
    year: String,
    author: Vec<u8>,
}

impl Mark {
    fn of(counted: Counted<'_>) -> Option<Self> {
        Some(Self {
            is_sealed: counted.case.is_sealed,
            year: Month::of(counted.case.received_at.day()).year().to_string(),
            author: counted.author?.to_vec(),
        })
    }
}

/// Adds what changes of a case's author, if anything does.
pub(super) fn changed(tx: &Tx, before: Option<Counted<'_>>, after: Counted<'_>, rows: &mut Vec<ActiveModel>) {
    let region = after.case.region;
    let (was, is) = (before.and_then(Mark::of), Mark::of(after));
    if was == is {
        return;
    }
    for (mark, sign) in [(was, -1), (is, 1)] {
        rows.extend(mark.map(|mark| ActiveModel {
            id: Set(tx.ids().v7(tx.now())),
            region_id: Set(region.0),
            sign: Set(sign),
            is_sealed: Set(mark.is_sealed),
            received_year: Set(mark.year),
            author_hash: Set(mark.author),
        }));
    }
}

/// Notes such changes.
pub(super) async fn note(tx: &Tx, rows: Vec<ActiveModel>) -> Result<(), StoreError> {
    for chunk in rows.chunks(CHUNK) {
        Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Notes that a case has another author.
pub(crate) async fn note_author(tx: &Tx, was: Counted<'_>, is: Counted<'_>) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    changed(tx, Some(was), is, &mut rows);
    note(tx, rows).await
}

/// Who wrote a case, as a keyed hash.
pub(crate) async fn author_of(tx: &Tx, region: Uuid, case: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let row = complaint_contacts::Entity::find_by_id((region, case))
        .one(tx.conn())
        .await?;
    Ok(row.and_then(|row| row.author_hash))
}

/// Whether changes wait to be folded.
pub(super) async fn has_changes(conn: &DatabaseConnection) -> Result<bool, StoreError> {
    let waiting = Entity::find().select_only().column(Column::Id).limit(1);
    Ok(waiting.into_tuple::<Uuid>().one(conn).await?.is_some())
}

/// Open and sealed cases of an author in a period.
type Cases = [i64; 2];

/// What is to be added, by county, period and author.
#[derive(Default)]
struct Additions(BTreeMap<(Uuid, String), BTreeMap<Vec<u8>, Cases>>);

impl Additions {
    fn add(&mut self, region: Uuid, mark: Mark, number: i64) {
        for period in [EVER.to_owned(), mark.year] {
            let authors = self.0.entry((region, period)).or_default();
            let [open, sealed] = authors.entry(mark.author.clone()).or_default();
            *if mark.is_sealed { sealed } else { open } += number;
        }
    }

    async fn write(self, tx: &Tx) -> Result<(), StoreError> {
        for ((region, period), added) in self.0 {
            let added: Vec<(Vec<u8>, Cases)> = added.into_iter().collect();
            let mut more = [0, 0];
            for chunk in added.chunks(CHUNK) {
                let [either, open] = add_to(tx, region, &period, chunk).await?;
                more = [more[0] + either, more[1] + open];
            }
            add_to_sum(tx, region, period, more).await?;
        }
        Ok(())
    }
}

/// Adds cases to authors; gives how many authors there are more for it, and how many of open cases.
async fn add_to(tx: &Tx, region: Uuid, period: &str, added: &[(Vec<u8>, Cases)]) -> Result<[i64; 2], StoreError> {
    let hashes = added.iter().map(|(author, _)| author.clone()).collect();
    let known = known(tx.conn(), region, period, hashes).await?;
    let is_any = |number: i64| i64::from(number > 0);
    let (mut more, mut rows, mut gone) = ([0, 0], Vec::new(), Vec::new());
    for (author, [more_open, more_sealed]) in added {
        let [had_open, had_sealed] = known.get(author).copied().unwrap_or_default();
        let (open, sealed) = (had_open + more_open, had_sealed + more_sealed);
        more[0] += is_any(open + sealed) - is_any(had_open + had_sealed);
        more[1] += is_any(open) - is_any(had_open);
        if (open, sealed) == (0, 0) {
            gone.push(author.clone());
            continue;
        }
        rows.push(authors::ActiveModel {
            region_id: Set(region),
            period: Set(period.to_owned()),
            author_hash: Set(author.clone()),
            open_cases: Set(open),
            sealed_cases: Set(sealed),
        });
    }
    if !gone.is_empty() {
        authors::Entity::delete_many()
            .filter(of(region, period).add(authors::Column::AuthorHash.is_in(gone)))
            .exec(tx.conn())
            .await?;
    }
    if !rows.is_empty() {
        use authors::Column::{AuthorHash, OpenCases, Period, RegionId as Region, SealedCases};
        let mut key = OnConflict::columns([Region, Period, AuthorHash]);
        authors::Entity::insert_many(rows)
            .on_conflict(key.update_columns([OpenCases, SealedCases]).to_owned())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(more)
}

fn of(region: Uuid, period: &str) -> Condition {
    Condition::all()
        .add(authors::Column::RegionId.eq(region))
        .add(authors::Column::Period.eq(period))
}

async fn known(
    conn: &impl ConnectionTrait,
    region: Uuid,
    period: &str,
    hashes: Vec<Vec<u8>>,
) -> Result<BTreeMap<Vec<u8>, Cases>, StoreError> {
    let rows = authors::Entity::find()
        .filter(of(region, period).add(authors::Column::AuthorHash.is_in(hashes)))
        .all(conn)
        .await?;
    let cases = rows
        .into_iter()
        .map(|row| (row.author_hash, [row.open_cases, row.sealed_cases]));
    Ok(cases.collect())
}

async fn add_to_sum(tx: &Tx, region: Uuid, period: String, [either, open]: [i64; 2]) -> Result<(), StoreError> {
    use sums::Column::{Authors, OpenAuthors, Period, RegionId as Region};
    let row = sums::ActiveModel {
        region_id: Set(region),
        period: Set(period),
        authors: Set(either),
        open_authors: Set(open),
    };
    let mut conflict = OnConflict::columns([Region, Period]);
    for column in [Authors, OpenAuthors] {
        let added = Expr::col(("excluded", column));
        conflict.value(column, Expr::col((sums::Entity, column)).add(added));
    }
    sums::Entity::insert(row)
        .on_conflict(conflict)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Folds the oldest changes; gives how many there were. Only who holds the keeper's row may.
pub(super) async fn fold(tx: &Tx) -> Result<usize, StoreError> {
    let changes = Entity::find()
        .order_by_asc(Column::Id)
        .limit(ROUND)
        .all(tx.conn())
        .await?;
    let ids: Vec<Uuid> = changes.iter().map(|change| change.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let mut additions = Additions::default();
    for change in changes {
        let mark = Mark {
            is_sealed: change.is_sealed,
            year: change.received_year,
            author: change.author_hash,
        };
        additions.add(change.region_id, mark, i64::from(change.sign));
    }
    additions.write(tx).await?;
    let folded = ids.len();
    Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .exec(tx.conn())
        .await?;
    Ok(folded)
}

#[derive(FromQueryResult)]
struct Row {
    region_id: Uuid,
    id: Uuid,
    is_sealed: bool,
    received_month: String,
    author_hash: Vec<u8>,
}

/// Cases with their authors, where they have one.
fn with_author(select: Select<complaints::Entity>) -> Select<complaints::Entity> {
    let same = [
        (complaint_contacts::Column::RegionId, complaints::Column::RegionId),
        (complaint_contacts::Column::ComplaintId, complaints::Column::Id),
    ];
    let select = join_in_order(select, complaint_contacts::Entity, same);
    select.filter(complaint_contacts::Column::AuthorHash.is_not_null())
}

/// Counts the authors of all cases anew.
pub(super) async fn count_all(tx: &Tx) -> Result<(), StoreError> {
    use complaints::Column::{Id, IsSealed, ReceivedMonth, RegionId as Region};
    Entity::delete_many().exec(tx.conn()).await?;
    authors::Entity::delete_many().exec(tx.conn()).await?;
    sums::Entity::delete_many().exec(tx.conn()).await?;
    let mut after: Option<(Uuid, Uuid)> = None;
    loop {
        let mut select = with_author(complaints::Entity::find().select_only())
            .columns([Region, Id, IsSealed, ReceivedMonth])
            .column(complaint_contacts::Column::AuthorHash)
            .order_by_asc(Region)
            .order_by_asc(Id)
            .limit(ROUND);
        if let Some((region, id)) = after {
            let key = Expr::tuple([Region, Id].map(|column| Expr::col((complaints::Entity, column))));
            select = select.filter(ExprTrait::gt(key, Expr::tuple([Expr::value(region), Expr::value(id)])));
        }
        let rows = select.into_model::<Row>().all(tx.conn()).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some((last.region_id, last.id));
        let mut additions = Additions::default();
        for row in rows {
            let mark = Mark {
                is_sealed: row.is_sealed,
                year: month_of(&row.received_month)?.year().to_string(),
                author: row.author_hash,
            };
            additions.add(row.region_id, mark, 1);
        }
        additions.write(tx).await?;
    }
}

#[derive(FromQueryResult)]
struct Hidden {
    author_hash: Vec<u8>,
    cases: i64,
}

impl Store {
    /// How many different authors the imported cases of a selection have. `None` where it has so many imported cases that
    /// they are not counted, and is not the whole county, of a year or of all time, for which the number is kept.
    pub(super) async fn distinct_authors(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        tally: &Tally,
        counted_up_to: i64,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let imported = tally.channels.get(&Channel::Import);
        if imported.is_none_or(|part| part.sums.get(Count::Cases) == 0) {
            return Ok(Some(0));
        }
        let kept = Kept::of(visible, filter);
        if tally.all.sums.get(Count::Cases) <= counted_up_to || self.imported(visible.region()).await? <= counted_up_to
        {
            return self.counted_authors(visible, filter, now).await.map(Some);
        }
        let period = kept.as_ref().and_then(Kept::authors_period);
        match period {
            Some(period) if self.has_sums().await? => self.kept_authors(visible, filter, period, now).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn counted_authors(&self, visible: &Visible, filter: &CaseFilter, now: Timestamp) -> Result<i64, StoreError> {
        let region = visible.region().0;
        // From the authors to the cases: neither database would find that by itself.
        let with_one = complaint_contacts::Entity::find()
            .select_only()
            .column(complaint_contacts::Column::ComplaintId)
            .filter(complaint_contacts::Column::RegionId.eq(region))
            .filter(complaint_contacts::Column::AuthorHash.is_not_null());
        let select = filtered(visible, filter, self.database(), now)
            .filter(complaints::Column::Id.in_subquery(with_one.into_query()));
        let hash = Expr::col((complaint_contacts::Entity, complaint_contacts::Column::AuthorHash));
        let query = with_author(select.select_only())
            .expr_as(Func::count_distinct(hash), "authors")
            .into_query();
        let row = self.read().query_one(&query).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get("", "authors"))?)
    }

    /// The kept number, without authors all of whose cases the caller may not know of.
    async fn kept_authors(
        &self,
        visible: &Visible,
        filter: &CaseFilter,
        period: String,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let region = visible.region().0;
        let sums = sums::Entity::find_by_id((region, period.clone()))
            .one(self.read())
            .await?;
        let authors = sums.map_or(0, |sums| {
            if visible.sees_sealed() {
                sums.authors
            } else {
                sums.open_authors
            }
        });
        let hidden = narrowed(visible.region(), filter, self.database(), now);
        let select = complaints::Entity::find().filter(visible.excluded().add(hidden));
        let hash = Expr::col((complaint_contacts::Entity, complaint_contacts::Column::AuthorHash));
        let hidden: Vec<Hidden> = with_author(select.select_only())
            .column(complaint_contacts::Column::AuthorHash)
            .expr_as(Expr::col((complaints::Entity, complaints::Column::Id)).count(), "cases")
            .group_by(hash)
            .into_model()
            .all(self.read())
            .await?;
        let mut gone = 0;
        for chunk in hidden.chunks(CHUNK) {
            let hashes = chunk.iter().map(|hidden| hidden.author_hash.clone()).collect();
            let known = known(self.read(), region, &period, hashes).await?;
            for hidden in chunk {
                let [open, sealed] = known.get(&hidden.author_hash).copied().unwrap_or_default();
                let seen = open + if visible.sees_sealed() { sealed } else { 0 };
                gone += i64::from(seen > 0 && hidden.cases >= seen);
            }
        }
        Ok(authors - gone)
    }

    /// How many imported cases a county has; as many as can be where that is not kept.
    async fn imported(&self, region: RegionId) -> Result<i64, StoreError> {
        if !self.has_sums().await? {
            return Ok(i64::MAX);
        }
        self.kept_of_channel(region, Channel::Import).await
    }
}
