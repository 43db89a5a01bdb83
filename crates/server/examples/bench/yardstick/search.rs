//! Search by hand: the index of pairs, the scope, the order. By hand one knows whether a word is rare, and goes either
//! from the word to the cases or through the cases in their order.

use std::{cmp::Reverse, collections::HashMap};

use actix_web::{HttpResponse, web};
use liangnuo_domain::text;
use sea_orm::{
    Value,
    sqlx::{self, Row as _},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Bare,
    cases::{ITEMS, NEWEST, SCOPE, answer, items, who},
    inline,
    replay::{bind, bound},
};

/// From where a search goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    FromWord,
    FromTime,
}

/// The documents that have the pairs `$4`.
const fn matching(bare: &Bare) -> &'static str {
    if bare.pool.is_some() {
        "p.pairs @@ $4::tsquery"
    } else {
        "complaint_pairs MATCH $4"
    }
}

fn found(bare: &Bare, way: Way) -> String {
    let matching = matching(bare);
    match way {
        Way::FromWord => format!(
            " AND c.id IN (SELECT s.complaint_id FROM complaint_search s WHERE s.document IN \
             (SELECT p.rowid FROM complaint_pairs p WHERE {matching}))"
        ),
        Way::FromTime if bare.pool.is_some() => format!(
            " AND EXISTS (SELECT 1 FROM complaint_search s WHERE s.region_id = c.region_id AND s.complaint_id = c.id \
             AND EXISTS (SELECT 1 FROM complaint_pairs p WHERE p.rowid = s.document AND {matching}))"
        ),
        // To ask SQLite's index for one document takes longer than to read it.
        Way::FromTime => " AND (SELECT s.content LIKE '%' || $4 || '%' FROM complaint_search s \
             WHERE s.region_id = c.region_id AND s.complaint_id = c.id)"
            .to_owned(),
    }
}

fn values(bare: &Bare, way: Way, word: &str) -> Vec<Value> {
    let pairs: Vec<String> = text::pairs(word).into_iter().collect();
    let mut values = who(bare, bare.office);
    values.push(match (way, bare.pool.is_some()) {
        (_, true) => pairs.join(" & ").into(),
        (Way::FromWord, false) => pairs.join(" AND ").into(),
        (Way::FromTime, false) => word.into(),
    });
    values
}

pub async fn by_date(bare: web::Data<Bare>, asked: web::Path<(Way, String)>) -> HttpResponse {
    let (way, word) = asked.into_inner();
    let sql = format!("{ITEMS}{SCOPE}{}{NEWEST}", found(&bare, way));
    answer(&items(&bare, sql, &values(&bare, way, &word)).await)
}

/// The newest five hundred that fit, ranked by their texts; the best two hundred.
pub async fn by_relevance(bare: web::Data<Bare>, word: web::Path<String>) -> HttpResponse {
    let way = if word.as_str() == crate::county::RARE {
        Way::FromWord
    } else {
        Way::FromTime
    };
    let sql = format!(
        "SELECT c.id, c.title, t.content FROM complaints c \
         JOIN complaint_search t ON t.region_id = c.region_id AND t.complaint_id = c.id \
         WHERE c.region_id = $1{SCOPE}{} ORDER BY c.received_at DESC, c.id DESC LIMIT 500",
        found(&bare, way)
    );
    let values = values(&bare, way, &word);
    let candidates = texts(&bare, &sql, &values).await;
    let mut ranked: Vec<(usize, usize, Uuid)> = candidates
        .into_iter()
        .enumerate()
        .map(|(age, (id, title, content))| {
            let in_title = usize::from(text::fold(&title).contains(word.as_str()));
            let score = in_title * 10 + content.matches(word.as_str()).count().min(5);
            (score, age, id)
        })
        .collect();
    ranked.sort_by_key(|(score, age, _)| (Reverse(*score), *age));
    ranked.truncate(200);
    let place: HashMap<Uuid, usize> = ranked.iter().enumerate().map(|(at, (_, _, id))| (*id, at)).collect();
    let marks: Vec<String> = (2..ranked.len() + 2).map(|at| format!("${at}")).collect();
    let sql = format!("{ITEMS} AND c.id IN ({})", marks.join(", "));
    let values: Vec<Value> = std::iter::once(bare.region.into())
        .chain(ranked.iter().map(|(_, _, id)| (*id).into()))
        .collect();
    let mut best = items(&bare, sql, &values).await;
    best.sort_by_key(|item| place.get(&item.id).copied());
    answer(&best)
}

async fn texts(bare: &Bare, sql: &str, values: &[Value]) -> Vec<(Uuid, String, String)> {
    match &bare.pool {
        Some(pool) => {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()));
            for value in values {
                query = bind(query, value);
            }
            let rows = query.fetch_all(pool).await.unwrap();
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
        }
        None => inline(bare, |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values.iter().map(bound)), |row| {
                let id = Uuid::from_slice(row.get_ref(0)?.as_blob()?).unwrap();
                Ok((id, row.get(1)?, row.get(2)?))
            })?;
            rows.collect()
        }),
    }
}
