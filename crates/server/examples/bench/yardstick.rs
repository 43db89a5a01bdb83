//! The yardstick: actix and the bare driver, with the same rows and nothing around them. No rights, no events, no
//! limits, no idempotency.

use std::{cell::RefCell, net::SocketAddr};

use actix_web::{App, HttpResponse, HttpServer, web};
use sea_orm::sqlx::{self, PgPool, Row as _, postgres::PgPoolOptions};
use serde_json::json;
use uuid::Uuid;

use crate::rows::Prepared;

#[derive(Clone)]
struct Bare {
    pool: Option<PgPool>,
    sqlite: String,
    unit: Uuid,
    region: Uuid,
}

thread_local! {
    static CONNECTION: RefCell<Option<rusqlite::Connection>> = const { RefCell::new(None) };
}

/// Serves the yardstick on one worker.
pub async fn serve(url: &str, prepared: &Prepared) -> SocketAddr {
    let pool = if url.starts_with("postgres") {
        Some(PgPoolOptions::new().max_connections(10).connect(url).await.unwrap())
    } else {
        None
    };
    let bare = Bare {
        pool,
        sqlite: url.trim_start_matches("sqlite://").to_owned(),
        unit: prepared.county.own.0,
        region: prepared.county.root.0,
    };
    if let Some(pool) = &bare.pool {
        sqlx::query("CREATE TABLE bare_cases (id UUID PRIMARY KEY, unit_id UUID, title TEXT, body TEXT, at BIGINT)")
            .execute(pool)
            .await
            .unwrap();
        sqlx::query("CREATE TABLE bare_events (id UUID PRIMARY KEY, case_id UUID, at BIGINT, detail TEXT)")
            .execute(pool)
            .await
            .unwrap();
    } else {
        let connection = rusqlite::Connection::open(&bare.sqlite).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE bare_cases (id BLOB PRIMARY KEY, unit_id BLOB, title TEXT, body TEXT, at BIGINT);
                 CREATE TABLE bare_events (id BLOB PRIMARY KEY, case_id BLOB, at BIGINT, detail TEXT);",
            )
            .unwrap();
    }
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(bare.clone()))
            .route("/api/v1/complaints/{id}", web::get().to(get))
            .route("/api/v1/complaints", web::get().to(list))
            .route("/api/v1/public/complaints", web::post().to(file))
    })
    .workers(1)
    .bind(("127.0.0.1", 0))
    .unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    address
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
/// A list with the names of unit and handler, and without the cases that somebody is accused in.
const LIST: &str = "SELECT c.id, c.number, c.kind, c.state, c.title, c.received_at, c.due_at, c.version, u.name, m.name \
    FROM complaints c JOIN units u ON u.region_id = c.region_id AND u.id = c.unit_id \
    LEFT JOIN members m ON m.region_id = c.region_id AND m.id = c.handler_id \
    WHERE c.region_id = $1 AND c.is_sealed = FALSE AND c.unit_id IN \
    (SELECT descendant_id FROM unit_closure WHERE region_id = $1 AND ancestor_id = $2) AND NOT EXISTS \
    (SELECT 1 FROM complaint_accused a WHERE a.region_id = c.region_id AND a.complaint_id = c.id) \
    ORDER BY c.received_at DESC, c.id DESC LIMIT 21";

#[derive(serde::Serialize)]
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

#[derive(serde::Serialize)]
struct Item {
    id: Uuid,
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

/// A connection of this worker's own: no hop to another thread.
fn inline<T>(bare: &Bare, work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>) -> T {
    CONNECTION.with(|kept| {
        let mut kept = kept.borrow_mut();
        let connection = kept.get_or_insert_with(|| {
            let connection = rusqlite::Connection::open(&bare.sqlite).unwrap();
            connection
                .execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000")
                .unwrap();
            connection
        });
        work(connection).unwrap()
    })
}

async fn get(bare: web::Data<Bare>, id: web::Path<Uuid>) -> HttpResponse {
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

async fn list(bare: web::Data<Bare>) -> HttpResponse {
    let rows: Vec<Item> = match &bare.pool {
        Some(pool) => {
            let rows = sqlx::query(LIST)
                .bind(bare.region)
                .bind(bare.unit)
                .fetch_all(pool)
                .await;
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
            rows.unwrap().iter().map(item).collect()
        }
        None => inline(&bare, |connection| {
            let mut statement = connection.prepare_cached(LIST)?;
            let rows = statement.query_map([&bare.region.as_bytes()[..], &bare.unit.as_bytes()[..]], |row| {
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
    };
    HttpResponse::Ok().json(json!({"items": rows}))
}

/// The same two rows as a filing, in one transaction with a synchronous commit.
async fn file(bare: web::Data<Bare>, body: web::Json<serde_json::Value>) -> HttpResponse {
    let (id, event) = (Uuid::from_bytes(rand::random()), Uuid::from_bytes(rand::random()));
    let title = body["title"].as_str().unwrap().to_owned();
    let text = body["body"].as_str().unwrap().to_owned();
    let (case, log) = (
        "INSERT INTO bare_cases VALUES ($1, $2, $3, $4, $5)",
        "INSERT INTO bare_events VALUES ($1, $2, $3, $4)",
    );
    match &bare.pool {
        Some(pool) => {
            let mut tx = pool.begin().await.unwrap();
            sqlx::query(case)
                .bind(id)
                .bind(bare.unit)
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
                &bare.unit.as_bytes()[..],
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
