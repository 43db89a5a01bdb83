//! Finding cases by words: an index of pairs of letters narrows them down, the text decides where the pairs can't.

use liangnuo_domain::{RegionId, complaints::number::is_number, text};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    Select, Statement, Value,
    sea_query::{Alias, Expr, ExprTrait, LikeExpr, LockType, Query, SelectStatement, UnionType},
};

use crate::{
    db::{Database, Store},
    entity::{
        complaint_search::{Column, Entity},
        complaints,
    },
    error::StoreError,
    page::{Sieve, Source},
    tx::{By, Unlogged},
};

/// Rows of one INSERT.
const CHUNK: usize = 500;

/// What the index keeps of a text, counted up when that becomes more: texts with a lower one are indexed anew.
pub(crate) const INDEX_VERSION: i16 = 2;

/// As the index over such texts has it.
const OUTDATED: &str = "index_version < 2";

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
            values.push(terms_of(content).into());
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

/// What the index keeps of a search text: see [`super::save`] for how one is made up.
fn terms_of(content: &str) -> String {
    let title = content.split('\n').nth(1).unwrap_or_default();
    let terms: Vec<String> = text::terms(title, content).into_iter().collect();
    terms.join(" ")
}

/// Where the words of a search are to stand, as far as the index can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere in the texts of a case.
    Text,
    /// So, and all of them in its title.
    Title,
    /// So, and one of them at least in its title.
    PartOfTitle,
}

/// What a search asks of a case: that each word stands in its texts, or is its number. `None` for a search without a word.
pub(super) fn found_by(q: &str, region: RegionId, database: Database) -> Option<Condition> {
    let words = text::search_words(q);
    if words.is_empty() {
        return None;
    }
    let Some(sought) = sought(&words, Place::Text, database) else {
        return Some(nothing());
    };
    let ids = ids(&words, Place::Text, region, matching(sought, database));
    Some(Condition::all().add(complaints::Column::Id.in_subquery(ids)))
}

/// A single letter stands nearly everywhere; looking for it would read every text.
fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// That a case is one of those found, for a page of them: on PostgreSQL of a list that is made once. Of a subquery it thinks that
/// it finds a page soon, goes through the cases in their order, and asks it of each.
fn one_of(ids: SelectStatement, database: Database) -> Condition {
    let id = Expr::col((complaints::Entity, complaints::Column::Id));
    Condition::all().add(match database {
        Database::Sqlite => id.in_subquery(ids),
        Database::Postgres => Expr::cust_with_exprs("$1 = ANY(ARRAY $2)", [id, Expr::from(ids)]),
    })
}

/// The ids of the cases that have the words, out of the documents that match.
fn ids(words: &[text::SearchWord], place: Place, region: RegionId, matching: SelectStatement) -> SelectStatement {
    // The county is asked of the cases around this. Asked here too, it would have SQLite read the texts of all of it.
    let condition = Condition::all()
        .add(Column::Document.in_subquery(matching))
        .add(beyond_pairs(words));
    let mut ids = Entity::find()
        .select_only()
        .column(Column::ComplaintId)
        .filter(condition)
        .into_query();
    if let [word] = words
        && place == Place::Text
        && is_number(&word.folded)
    {
        // The case itself, even before its text is indexed anew after an upgrade.
        let own = complaints::Entity::find()
            .select_only()
            .column(complaints::Column::Id)
            .filter(complaints::Column::RegionId.eq(region.0))
            .filter(complaints::Column::Number.eq(word.folded.to_uppercase()))
            .into_query();
        ids.union(UnionType::All, own);
    }
    ids
}

/// What the index is asked for; `None` where it can't say anything.
fn sought(words: &[text::SearchWord], place: Place, database: Database) -> Option<String> {
    let signs = Signs::of(database);
    let terms: Vec<String> = words.iter().flat_map(|word| word.terms.iter().cloned()).collect();
    let titles: Vec<String> = words.iter().filter_map(|word| signs.titled(word)).collect();
    let sought = match place {
        Place::Text => Some(terms.join(signs.and)),
        Place::Title => Some([terms, titles].concat().join(signs.and)),
        Place::PartOfTitle if titles.is_empty() => None,
        Place::PartOfTitle => Some(format!(
            "{}{}({})",
            terms.join(signs.and),
            signs.and,
            titles.join(signs.or)
        )),
    };
    sought.filter(|sought| !sought.is_empty())
}

/// That a word stands in a folded text.
fn has(text: &Expr, word: &text::SearchWord) -> Expr {
    let pattern = format!("%{}%", super::escape_like(&word.folded));
    text.clone().like(LikeExpr::new(pattern).escape('\\'))
}

/// That the words stand in a text which has their pairs, as far as that does not follow.
fn beyond_pairs(words: &[text::SearchWord]) -> Condition {
    let inexact = words.iter().filter(|word| !word.is_exact);
    let content = Expr::col((Entity, Column::Content));
    inexact.fold(Condition::all(), |all, word| all.add(has(&content, word)))
}

/// The same as [`found_by`] as the index gives it, one case after another.
fn from_index(
    mut select: Select<complaints::Entity>,
    words: &[text::SearchWord],
    matching: SelectStatement,
) -> Select<complaints::Entity> {
    let hits = Alias::new("hits");
    QueryTrait::query(&mut select)
        .from_clear()
        .from_subquery(matching, hits.clone())
        // Of which SQLite keeps the order: the texts of what was found, then the cases.
        .cross_join(Entity)
        .cross_join(complaints::Entity)
        .and_where(Expr::col((Entity, Column::Document)).equals((hits, Alias::new("rowid"))))
        .and_where(Expr::col((complaints::Entity, complaints::Column::RegionId)).equals((Entity, Column::RegionId)))
        .and_where(Expr::col((complaints::Entity, complaints::Column::Id)).equals((Entity, Column::ComplaintId)));
    select.filter(beyond_pairs(words))
}

/// The same as [`found_by`], asked of one case after another by its texts. A value instead of `EXISTS`: of that the database
/// may begin with the texts.
fn looked_at(words: &[text::SearchWord], place: Place, database: Database) -> Condition {
    let each = |text: &Expr, any: bool| {
        let all = if any { Condition::any() } else { Condition::all() };
        words.iter().fold(all, |all, word| all.add(has(text, word)))
    };
    let mut fits = Condition::all().add(each(&Expr::col(Column::Content), false));
    // The second line of a folded text is the title.
    let title = Expr::cust(match database {
        Database::Sqlite => {
            "substr(content, instr(content, char(10)) + 1, \
             instr(substr(content, instr(content, char(10)) + 1), char(10)))"
        }
        Database::Postgres => "split_part(content, chr(10), 2)",
    });
    match place {
        Place::Text => {}
        Place::Title => fits = fits.add(each(&title, false)),
        Place::PartOfTitle => fits = fits.add(each(&title, true)),
    }
    let own = Query::select()
        .expr(Expr::from(fits))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::RegionId)).equals((complaints::Entity, complaints::Column::RegionId)))
        .and_where(Expr::col((Entity, Column::ComplaintId)).equals((complaints::Entity, complaints::Column::Id)))
        .to_owned();
    Condition::all().add(Expr::from(own))
}

/// How a database's query language for the index joins terms.
#[derive(Clone, Copy, Debug)]
struct Signs {
    and: &'static str,
    or: &'static str,
}

impl Signs {
    const fn of(database: Database) -> Self {
        match database {
            Database::Sqlite => Self {
                and: " AND ",
                or: " OR ",
            },
            Database::Postgres => Self { and: " & ", or: " | " },
        }
    }

    /// That a word stands in the title; `None` for a single character.
    fn titled(self, word: &text::SearchWord) -> Option<String> {
        let terms: Vec<String> = word.pairs.iter().map(|pair| text::title_term(pair)).collect();
        (!terms.is_empty()).then(|| format!("({})", terms.join(self.and)))
    }
}

/// The documents that have the terms, joined by the database's signs. Terms are made of `0-9a-z`: nothing in them means
/// anything to either query language.
fn matching(sought: String, database: Database) -> SelectStatement {
    let condition = match database {
        Database::Sqlite => Expr::cust_with_values("complaint_pairs MATCH ?", [sought]),
        Database::Postgres => Expr::cust_with_values("pairs @@ $1::tsquery", [sought]),
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
    /// The cases of a selection that a search finds. Either index gives all cases that have the words before one of them is
    /// looked at; of words that many have, the list is read in its order instead. PostgreSQL left to itself chooses by an estimate
    /// that is wrong for words of several pairs, which do not come by chance together.
    pub(super) fn search(
        &self,
        select: Select<complaints::Entity>,
        (q, place): (&str, Place),
        region: RegionId,
    ) -> Source<complaints::Entity> {
        let database = self.database();
        let words = text::search_words(q);
        if words.is_empty() {
            return select.into();
        }
        let Some(sought) = sought(&words, place, database) else {
            return Source::found(select.filter(nothing()), None);
        };
        let matching = matching(sought, database);
        let by_index = one_of(ids(&words, place, region, matching.clone()), database);
        let from_index = from_index(select.clone(), &words, matching.clone());
        let sieve = Sieve::new(looked_at(&words, place, database), by_index, from_index, matching);
        Source::found(select, Some(sieve))
    }

    /// Indexes texts that an earlier version kept without an index or with less in it, up to five hundred. Until then they are
    /// found as that version found them. `false` when there are none left.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn index_pending_texts(&self) -> Result<bool, StoreError> {
        let now = liangnuo_domain::Timestamp::from_micros(0);
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, now).await?;
            let rows = Entity::find()
                .filter(Expr::cust(OUTDATED))
                .limit(ROUND)
                .lock(LockType::Update)
                .all(tx.conn())
                .await?;
            if rows.is_empty() {
                tx.rollback().await?;
                return Ok(false);
            }
            for row in rows {
                let document = row.document.unwrap_or_else(|| tx.ids().serial());
                index(tx.conn(), &[(document, row.content.as_str())]).await?;
                Entity::update_many()
                    .col_expr(Column::Document, Expr::value(document))
                    .col_expr(Column::IndexVersion, Expr::value(INDEX_VERSION))
                    .filter(Column::RegionId.eq(row.region_id))
                    .filter(Column::ComplaintId.eq(row.complaint_id))
                    .exec(tx.conn())
                    .await?;
            }
            tx.commit_unlogged(Unlogged::Jobs).await?;
            Ok(true)
        })
        .await
    }
}
