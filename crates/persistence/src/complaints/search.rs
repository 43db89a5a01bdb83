//! Finding cases by words: an index of pairs of letters narrows them down, the text decides where the pairs can't.

use liangnuo_domain::{complaints::number::is_number, text};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    Statement, Value,
    sea_query::{Alias, Expr, ExprTrait, LikeExpr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    db::{Database, Store},
    entity::{
        complaint_search::{self, Column, Entity},
        complaints,
    },
    error::StoreError,
    tx::{By, Unlogged},
};

/// Rows of one INSERT.
const CHUNK: usize = 500;

/// Texts that are indexed in one go after an upgrade.
const ROUND: u64 = 500;

/// Writes the pairs of texts into the index, in place of those that were there.
pub(crate) async fn index(conn: &DatabaseTransaction, documents: &[(i64, &str)]) -> Result<(), StoreError> {
    let backend = conn.get_database_backend();
    let is_postgres = backend == sea_orm::DbBackend::Postgres;
    for chunk in documents.chunks(CHUNK) {
        let mut values: Vec<Value> = Vec::with_capacity(chunk.len() * 2);
        let mut rows = Vec::with_capacity(chunk.len());
        for (document, content) in chunk {
            values.push((*document).into());
            let pairs: Vec<String> = text::pairs(content).into_iter().collect();
            values.push(pairs.join(" ").into());
            let at = values.len();
            rows.push(if is_postgres {
                // Without positions, as the pairs come; an empty text has none.
                format!(
                    "(${}, array_to_tsvector(array_remove(string_to_array(${at}, ' '), '')))",
                    at - 1
                )
            } else {
                "(?, ?)".to_owned()
            });
        }
        let rows = rows.join(", ");
        let sql = if is_postgres {
            format!(
                "INSERT INTO complaint_pairs (rowid, pairs) VALUES {rows} \
                 ON CONFLICT (rowid) DO UPDATE SET pairs = EXCLUDED.pairs"
            )
        } else {
            format!("INSERT OR REPLACE INTO complaint_pairs (rowid, pairs) VALUES {rows}")
        };
        conn.execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
    }
    Ok(())
}

/// What a search asks of a case: its number, or that each word stands in its texts. `None` for a search without a word.
pub(super) fn found_by(q: &str, database: Database) -> Option<Condition> {
    let q = text::fold(q);
    let q = q.trim();
    if q.is_empty() {
        return None;
    }
    if is_number(q) {
        return Some(Condition::all().add(complaints::Column::Number.eq(q.to_uppercase())));
    }
    let words = text::search_words(q);
    let pairs: Vec<String> = words.iter().flat_map(|word| word.pairs.iter().cloned()).collect();
    if pairs.is_empty() {
        // A single letter stands nearly everywhere; looking for it would read every text.
        return Some(Condition::all().add(Expr::val(1).eq(0)));
    }
    // The county is asked of the cases around this. Asked here too, it would have SQLite read the texts of all of it.
    let mut condition = Condition::all().add(Column::Document.in_subquery(matching(&pairs, database)));
    for word in words.iter().filter(|word| !word.is_exact) {
        let pattern = format!("%{}%", super::escape_like(&word.folded));
        condition = condition.add(Column::Content.like(LikeExpr::new(pattern).escape('\\')));
    }
    let ids = Entity::find()
        .select_only()
        .column(Column::ComplaintId)
        .filter(condition)
        .into_query();
    Some(Condition::all().add(complaints::Column::Id.in_subquery(ids)))
}

/// The documents that have all of the pairs. Pairs are made of `0-9a-g`: nothing in them means anything to either query
/// language.
fn matching(pairs: &[String], database: Database) -> SelectStatement {
    let condition = match database {
        Database::Sqlite => Expr::cust_with_values("complaint_pairs MATCH ?", [pairs.join(" AND ")]),
        Database::Postgres => Expr::cust_with_values("pairs @@ $1::tsquery", [pairs.join(" & ")]),
    };
    Query::select()
        .column(Alias::new("rowid"))
        .from(Alias::new("complaint_pairs"))
        .and_where(condition)
        .to_owned()
}

/// How well a case fits a search: a word in the title weighs more than one in the text, and more of them weigh more.
pub(super) fn relevance(words: &[text::SearchWord], title: &str, content: &str) -> usize {
    let title = text::fold(title);
    words
        .iter()
        .map(|word| {
            let in_title = usize::from(title.contains(&word.folded));
            in_title * 10 + content.matches(&word.folded).count().min(5)
        })
        .sum()
}

impl Store {
    /// Indexes texts that an earlier version kept without an index, up to five hundred. `false` when there are none left.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn index_pending_texts(&self) -> Result<bool, StoreError> {
        let now = liangnuo_domain::Timestamp::from_micros(0);
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let rows = Entity::find()
                .filter(Column::Document.is_null())
                .limit(ROUND)
                .all(tx.conn())
                .await?;
            if rows.is_empty() {
                tx.rollback().await?;
                return Ok(false);
            }
            for row in rows {
                let document = tx.ids().serial();
                set_document(&tx, row.region_id, row.complaint_id, document).await?;
                index(tx.conn(), &[(document, row.content.as_str())]).await?;
            }
            tx.commit_unlogged(Unlogged::Jobs).await?;
            Ok(true)
        })
        .await
    }
}

async fn set_document(tx: &crate::tx::Tx, region: Uuid, complaint: Uuid, document: i64) -> Result<(), StoreError> {
    complaint_search::Entity::update_many()
        .col_expr(Column::Document, Expr::value(document))
        .filter(Column::RegionId.eq(region))
        .filter(Column::ComplaintId.eq(complaint))
        .filter(Column::Document.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}
