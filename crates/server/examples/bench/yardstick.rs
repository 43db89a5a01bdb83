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

const GET: &str =
    "SELECT number, kind, state, title, body, received_at, version FROM complaints WHERE region_id = $1 AND id = $2";
const LIST: &str = "SELECT id, number, kind, state, title, received_at, due_at, version FROM complaints \
    WHERE region_id = $1 AND unit_id = $2 ORDER BY received_at DESC, id DESC LIMIT 20";

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
            let row = sqlx::query(GET)
                .bind(bare.region)
                .bind(*id)
                .fetch_one(pool)
                .await
                .unwrap();
            json!({"number": row.get::<String, _>(0), "kind": row.get::<String, _>(1), "state": row.get::<String, _>(2),
                "title": row.get::<String, _>(3), "body": row.get::<String, _>(4), "received_at": row.get::<i64, _>(5),
                "version": row.get::<i64, _>(6)})
        }
        None => inline(&bare, |connection| {
            connection
                .prepare_cached(GET)?
                .query_row([&bare.region.as_bytes()[..], &id.as_bytes()[..]], |row| {
                    Ok(
                        json!({"number": row.get::<_, String>(0)?, "kind": row.get::<_, String>(1)?,
                    "state": row.get::<_, String>(2)?, "title": row.get::<_, String>(3)?,
                    "body": row.get::<_, String>(4)?, "received_at": row.get::<_, i64>(5)?,
                    "version": row.get::<_, i64>(6)?}),
                    )
                })
        }),
    };
    HttpResponse::Ok().json(found)
}

async fn list(bare: web::Data<Bare>) -> HttpResponse {
    let rows: Vec<serde_json::Value> = match &bare.pool {
        Some(pool) => sqlx::query(LIST)
            .bind(bare.region)
            .bind(bare.unit)
            .fetch_all(pool)
            .await
            .unwrap()
            .iter()
            .map(|row| {
                json!({"id": row.get::<Uuid, _>(0), "number": row.get::<String, _>(1), "kind": row.get::<String, _>(2),
                    "state": row.get::<String, _>(3), "title": row.get::<String, _>(4),
                    "received_at": row.get::<i64, _>(5), "due_at": row.get::<Option<i64>, _>(6),
                    "version": row.get::<i64, _>(7)})
            })
            .collect(),
        None => inline(&bare, |connection| {
            let mut statement = connection.prepare_cached(LIST)?;
            let rows = statement.query_map([&bare.region.as_bytes()[..], &bare.unit.as_bytes()[..]], |row| {
                let id = Uuid::from_slice(row.get_ref(0)?.as_blob()?).unwrap();
                Ok(
                    json!({"id": id, "number": row.get::<_, String>(1)?, "kind": row.get::<_, String>(2)?,
                    "state": row.get::<_, String>(3)?, "title": row.get::<_, String>(4)?,
                    "received_at": row.get::<_, i64>(5)?, "due_at": row.get::<_, Option<i64>>(6)?,
                    "version": row.get::<_, i64>(7)?}),
                )
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
