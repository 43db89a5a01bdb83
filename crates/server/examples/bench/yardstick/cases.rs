//! One case, lists of cases, and a filing, by the bare driver.

use actix_web::{HttpResponse, web};
use sea_orm::{
    Value,
    sqlx::{self, Row as _},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    Bare, inline,
    replay::{bind, bound},
    run_all,
};

/// The tables that a filing goes into.
pub async fn create_tables(bare: &Bare) {
    match &bare.pool {
        Some(pool) => {
            run_all(
                pool,
                &[
                    "CREATE TABLE bare_cases (id UUID PRIMARY KEY, unit_id UUID, title TEXT, body TEXT, at BIGINT)",
                    "CREATE TABLE bare_events (id UUID PRIMARY KEY, case_id UUID, at BIGINT, detail TEXT)",
                ],
            )
            .await;
        }
        None => inline(bare, |connection| {
            connection.execute_batch(
                "CREATE TABLE bare_cases (id BLOB PRIMARY KEY, unit_id BLOB, title TEXT, body TEXT, at BIGINT);
                 CREATE TABLE bare_events (id BLOB PRIMARY KEY, case_id BLOB, at BIGINT, detail TEXT);",
            )
        }),
    }
}

/// What a case's page needs: the case with its draft, contact and source, the unit's line, replies, messages, events.
const GET: [&str; 5] = [
    "SELECT c.number, c.kind, c.state, c.title, c.body, c.received_at, c.version, d.facts, o.name, s.external_ref, \
     EXISTS (SELECT 1 FROM complaint_accused a WHERE a.region_id = c.region_id AND a.complaint_id = c.id) \
     FROM complaints c \
     LEFT JOIN complaint_drafts d ON d.region_id = c.region_id AND d.complaint_id = c.id \
     LEFT JOIN complaint_contacts o ON o.region_id = c.region_id AND o.complaint_id = c.id \
     LEFT JOIN complaint_sources s ON s.region_id = c.region_id AND s.complaint_id = c.id \
     WHERE c.region_id = $1 AND c.id = $2",
    "SELECT u.name FROM unit_closure l JOIN units u ON u.region_id = l.region_id AND u.id = l.ancestor_id \
     JOIN complaints c ON c.region_id = l.region_id AND c.unit_id = l.descendant_id \
     WHERE c.region_id = $1 AND c.id = $2 ORDER BY l.depth DESC",
    "SELECT body FROM complaint_replies WHERE region_id = $1 AND complaint_id = $2 ORDER BY sent_at, id",
    "SELECT body FROM complaint_messages WHERE region_id = $1 AND complaint_id = $2 ORDER BY created_at, id",
    "SELECT d.json FROM events e LEFT JOIN event_details d ON d.event_id = e.id \
     WHERE e.region_id = $1 AND e.subject_kind = 'complaints' AND e.subject_id = $2 ORDER BY e.at, e.position, e.id",
];

#[derive(Serialize)]
struct Case {
    number: String,
    kind: String,
    state: String,
    title: String,
    body: String,
    received_at: i64,
    version: i64,
    draft: Option<String>,
    name: Option<String>,
    external_ref: Option<String>,
    is_excluded: bool,
    /// The line, the replies, the messages, the events.
    beside: Vec<Vec<Option<String>>>,
}

pub async fn get(bare: web::Data<Bare>, id: web::Path<Uuid>) -> HttpResponse {
    let found = match &bare.pool {
        Some(pool) => {
            let row = sqlx::query(GET[0]).bind(bare.region).bind(*id).fetch_one(pool).await;
            let row = row.unwrap();
            let mut beside = Vec::new();
            for statement in &GET[1..] {
                let rows = sqlx::query(*statement)
                    .bind(bare.region)
                    .bind(*id)
                    .fetch_all(pool)
                    .await;
                beside.push(rows.unwrap().iter().map(|row| row.get(0)).collect());
            }
            Case {
                number: row.get(0),
                kind: row.get(1),
                state: row.get(2),
                title: row.get(3),
                body: row.get(4),
                received_at: row.get(5),
                version: row.get(6),
                draft: row.get(7),
                name: row.get(8),
                external_ref: row.get(9),
                is_excluded: row.get(10),
                beside,
            }
        }
        None => inline(&bare, |connection| {
            let key = [&bare.region.as_bytes()[..], &id.as_bytes()[..]];
            let mut beside = Vec::new();
            for statement in &GET[1..] {
                let mut statement = connection.prepare_cached(statement)?;
                let rows = statement.query_map(key, |row| row.get(0))?;
                beside.push(rows.collect::<Result<_, _>>()?);
            }
            connection.prepare_cached(GET[0])?.query_row(key, |row| {
                Ok(Case {
                    number: row.get(0)?,
                    kind: row.get(1)?,
                    state: row.get(2)?,
                    title: row.get(3)?,
                    body: row.get(4)?,
                    received_at: row.get(5)?,
                    version: row.get(6)?,
                    draft: row.get(7)?,
                    name: row.get(8)?,
                    external_ref: row.get(9)?,
                    is_excluded: row.get(10)?,
                    beside,
                })
            })
        }),
    };
    HttpResponse::Ok().json(found)
}

/// What a list shows, with the names of unit and handler; `$1` is the county. A left join, as the product's: with an inner one
/// SQLite now and then goes through all units first and sorts all cases.
pub const ITEMS: &str = "SELECT c.id, c.number, c.kind, c.state, c.title, c.received_at, c.due_at, c.version, u.name, m.name \
     FROM complaints c LEFT JOIN units u ON u.region_id = c.region_id AND u.id = c.unit_id \
     LEFT JOIN members m ON m.region_id = c.region_id AND m.id = c.handler_id WHERE c.region_id = $1";

/// Without sealed cases, and those that `$2` (who lives at `$3`) is shut out of.
pub const SCOPE: &str = " AND c.is_sealed = FALSE AND NOT EXISTS (SELECT 1 FROM complaint_accused a \
     WHERE a.region_id = c.region_id AND a.complaint_id = c.id AND (a.subject_id = $2 OR a.subject_id IN \
     (SELECT ancestor_id FROM unit_closure WHERE region_id = $1 AND descendant_id = $3)))";

pub const NEWEST: &str = " ORDER BY c.received_at DESC, c.id DESC LIMIT 21";

#[derive(Serialize)]
pub struct Item {
    pub id: Uuid,
    number: String,
    kind: String,
    state: String,
    title: String,
    received_at: i64,
    due_at: Option<i64>,
    version: i64,
    unit: String,
    handler: Option<String>,
}

/// The items of a statement.
pub async fn items(bare: &Bare, sql: String, values: &[Value]) -> Vec<Item> {
    match &bare.pool {
        Some(pool) => {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
            for value in values {
                query = bind(query, value);
            }
            let rows = query.fetch_all(pool).await.unwrap();
            let item = |row: &sqlx::postgres::PgRow| Item {
                id: row.get(0),
                number: row.get(1),
                kind: row.get(2),
                state: row.get(3),
                title: row.get(4),
                received_at: row.get(5),
                due_at: row.get(6),
                version: row.get(7),
                unit: row.get(8),
                handler: row.get(9),
            };
            rows.iter().map(item).collect()
        }
        None => inline(bare, |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values.iter().map(bound)), |row| {
                Ok(Item {
                    id: Uuid::from_slice(row.get_ref(0)?.as_blob()?).unwrap(),
                    number: row.get(1)?,
                    kind: row.get(2)?,
                    state: row.get(3)?,
                    title: row.get(4)?,
                    received_at: row.get(5)?,
                    due_at: row.get(6)?,
                    version: row.get(7)?,
                    unit: row.get(8)?,
                    handler: row.get(9)?,
                })
            })?;
            rows.collect()
        }),
    }
}

pub fn answer(items: &[Item]) -> HttpResponse {
    HttpResponse::Ok().json(json!({"items": items}))
}

/// Who asks, as the first three values.
pub fn who(bare: &Bare, (member, home): (Uuid, Uuid)) -> Vec<Value> {
    vec![bare.region.into(), member.into(), home.into()]
}

pub async fn list_of_school(bare: web::Data<Bare>) -> HttpResponse {
    let below = " AND c.unit_id IN (SELECT descendant_id FROM unit_closure WHERE region_id = $1 AND ancestor_id = $3)";
    let sql = format!("{ITEMS}{SCOPE}{below}{NEWEST}");
    answer(&items(&bare, sql, &who(&bare, bare.school)).await)
}

pub async fn list_of_county(bare: web::Data<Bare>) -> HttpResponse {
    answer(&items(&bare, format!("{ITEMS}{SCOPE}{NEWEST}"), &who(&bare, bare.office)).await)
}

/// Concluded cases from a key on.
pub async fn list_far_down(bare: web::Data<Bare>, from: web::Path<(i64, Uuid)>) -> HttpResponse {
    let (at, id) = from.into_inner();
    let page = " AND c.state = 'concluded' AND c.received_at <= $4 AND (c.received_at < $4 OR c.id < $5)";
    let mut values = who(&bare, bare.office);
    values.extend([at.into(), id.into()]);
    answer(&items(&bare, format!("{ITEMS}{SCOPE}{page}{NEWEST}"), &values).await)
}

/// The same two rows as a filing, in one transaction with a synchronous commit.
pub async fn file(bare: web::Data<Bare>, body: web::Json<serde_json::Value>) -> HttpResponse {
    let (id, event) = (Uuid::from_bytes(rand::random()), Uuid::from_bytes(rand::random()));
    let title = body["title"].as_str().unwrap().to_owned();
    let text = body["body"].as_str().unwrap().to_owned();
    let unit = bare.school.1;
    let (case, log) = (
        "INSERT INTO bare_cases VALUES ($1, $2, $3, $4, $5)",
        "INSERT INTO bare_events VALUES ($1, $2, $3, $4)",
    );
    match &bare.pool {
        Some(pool) => {
            let mut tx = pool.begin().await.unwrap();
            sqlx::query(case)
                .bind(id)
                .bind(unit)
                .bind(title)
                .bind(text)
                .bind(1_i64)
                .execute(&mut *tx)
                .await
                .unwrap();
            sqlx::query(log)
                .bind(event)
                .bind(id)
                .bind(1_i64)
                .bind("{}")
                .execute(&mut *tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        None => inline(&bare, |connection| {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            connection.prepare_cached(case)?.execute(rusqlite::params![
                &id.as_bytes()[..],
                &unit.as_bytes()[..],
                title,
                text,
                1
            ])?;
            connection.prepare_cached(log)?.execute(rusqlite::params![
                &event.as_bytes()[..],
                &id.as_bytes()[..],
                1,
                "{}"
            ])?;
            connection.execute_batch("COMMIT")
        }),
    }
    HttpResponse::Created().json(json!({"id": id}))
}
