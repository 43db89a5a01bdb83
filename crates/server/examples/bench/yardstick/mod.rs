//! The yardstick: actix and the bare driver, with the same rows and nothing around them. No rights but what the query
//! itself says, no events, no limits, no idempotency.

mod cases;
pub mod replay;
pub mod search;

use std::{cell::RefCell, net::SocketAddr};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use sea_orm::sqlx::{self, PgPool, postgres::PgPoolOptions};
use uuid::Uuid;

use self::replay::Replay;
use crate::{
    county::{County, Engine},
    load::Answer,
};

/// Whose cases are asked for, and where they are.
#[derive(Clone)]
pub struct Bare {
    pool: Option<PgPool>,
    sqlite: String,
    region: Uuid,
    /// The office's member and its home.
    office: (Uuid, Uuid),
    /// The school's member and its home.
    school: (Uuid, Uuid),
    replays: Vec<Replay>,
    files: Vec<Bytes>,
}

/// An answer that is given as it is.
#[derive(Clone)]
struct Bytes {
    headers: Vec<(String, String)>,
    body: web::Bytes,
}

thread_local! {
    static CONNECTION: RefCell<Option<rusqlite::Connection>> = const { RefCell::new(None) };
}

impl Bare {
    pub fn new(county: &County, office: (Uuid, Uuid), school: (Uuid, Uuid), region: Uuid) -> Self {
        let connect = || {
            PgPoolOptions::new()
                .max_connections(10)
                .connect_lazy(&county.url)
                .unwrap()
        };
        let pool = (county.engine == Engine::Postgres).then(connect);
        Self {
            pool,
            sqlite: county.url.trim_start_matches("sqlite://").to_owned(),
            region,
            office,
            school,
            replays: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Has an answer given as it is: the same bytes with the same headers. Gives the path.
    pub fn file(&mut self, answer: &Answer) -> String {
        let made = ["content-length", "date", "connection"];
        let headers = answer
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .filter(|(name, _)| !made.contains(&name.to_ascii_lowercase().as_str()))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.files.push(Bytes {
            headers: headers.collect(),
            body: answer.body.clone().into(),
        });
        format!("/file/{}", self.files.len() - 1)
    }

    /// Has statements run one after the other, and answered with so many bytes. Gives the path.
    pub fn replay(&mut self, replay: Replay) -> String {
        self.replays.push(replay);
        format!("/replay/{}", self.replays.len() - 1)
    }

    /// Serves on one worker.
    pub async fn serve(self) -> SocketAddr {
        cases::create_tables(&self).await;
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(self.clone()))
                .route("/cases/{id}", web::get().to(cases::get))
                .route("/school", web::get().to(cases::list_of_school))
                .route("/county", web::get().to(cases::list_of_county))
                .route("/far/{at}/{id}", web::get().to(cases::list_far_down))
                .route("/search/{way}/{word}", web::get().to(search::by_date))
                .route("/relevance/{word}", web::get().to(search::by_relevance))
                .route("/replay/{at}", web::get().to(replay::replay))
                .route("/file/{at}", web::get().to(file))
                .route("/filing", web::post().to(cases::file))
        })
        .workers(1)
        .bind(("127.0.0.1", 0))
        .unwrap();
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        address
    }
}

async fn file(bare: web::Data<Bare>, at: web::Path<usize>, request: HttpRequest) -> HttpResponse {
    let bytes = &bare.files[*at];
    let known = bytes.headers.iter().find(|(name, _)| name == "etag");
    let asked = request.headers().get("if-none-match");
    let is_known = known
        .zip(asked)
        .is_some_and(|((_, tag), asked)| asked.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    for (name, value) in &bytes.headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    if is_known {
        response.finish()
    } else {
        response.body(bytes.body.clone())
    }
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
            connection.set_prepared_statement_cache_capacity(256);
            connection
        });
        work(connection).unwrap()
    })
}

async fn run_all(pool: &PgPool, statements: &[&'static str]) {
    for statement in statements {
        sqlx::query(*statement).execute(pool).await.unwrap();
    }
}
