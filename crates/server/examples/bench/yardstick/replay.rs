//! Statements as our side has sent them, sent again by the bare driver: the work of the database, without what is made
//! of it.

use actix_web::{HttpResponse, web};
use sea_orm::{
    Statement, Value,
    sqlx::{self, Column as _, PgPool, Row as _, TypeInfo as _, postgres::PgArguments},
};
use uuid::Uuid;

use super::{Bare, inline};

/// What is run, and how long the answer is.
#[derive(Clone)]
pub struct Replay {
    statements: Vec<Statement>,
    body: web::Bytes,
}

impl Replay {
    pub fn new(statements: Vec<Statement>, body: Vec<u8>) -> Self {
        let reads = statements.into_iter().filter(|sent| sent.sql.starts_with("SELECT"));
        Self {
            statements: reads.collect(),
            body: body.into(),
        }
    }
}

pub async fn replay(bare: web::Data<Bare>, at: web::Path<usize>) -> HttpResponse {
    let replay = &bare.replays[*at];
    for sent in &replay.statements {
        match &bare.pool {
            Some(pool) => postgres(pool, sent).await,
            None => sqlite(&bare, sent),
        }
    }
    HttpResponse::Ok()
        .content_type("application/json")
        .body(replay.body.clone())
}

fn values(sent: &Statement) -> &[Value] {
    sent.values.as_ref().map_or(&[], |values| &values.0)
}

pub type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, PgArguments>;

pub fn bind<'q>(query: Query<'q>, value: &Value) -> Query<'q> {
    match value.clone() {
        Value::Bool(is) => query.bind(is),
        Value::SmallInt(number) => query.bind(number),
        Value::Int(number) => query.bind(number),
        Value::BigInt(number) => query.bind(number),
        Value::BigUnsigned(number) => query.bind(number.map(|number| i64::try_from(number).unwrap())),
        Value::String(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::Uuid(id) => query.bind(id),
        other => panic!("{other:?} was not sent before"),
    }
}

/// Runs it and reads every value of every row.
async fn postgres(pool: &PgPool, sent: &Statement) {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sent.sql.clone()));
    for value in values(sent) {
        query = bind(query, value);
    }
    let rows = query.fetch_all(pool).await.unwrap();
    for row in &rows {
        for column in row.columns() {
            let at = column.ordinal();
            match column.type_info().name() {
                "BOOL" => drop(row.get::<Option<bool>, _>(at)),
                "INT2" => drop(row.get::<Option<i16>, _>(at)),
                "INT4" => drop(row.get::<Option<i32>, _>(at)),
                "INT8" => drop(row.get::<Option<i64>, _>(at)),
                "UUID" => drop(row.get::<Option<Uuid>, _>(at)),
                "TEXT" => drop(row.get::<Option<String>, _>(at)),
                "BYTEA" => drop(row.get::<Option<Vec<u8>>, _>(at)),
                other => panic!("{other} was not read before"),
            }
        }
    }
}

/// A value as the other driver takes it.
pub fn bound(value: &Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Bound;
    match value {
        Value::Bool(Some(is)) => Bound::from(*is),
        Value::SmallInt(Some(number)) => Bound::from(*number),
        Value::Int(Some(number)) => Bound::from(*number),
        Value::BigInt(Some(number)) => Bound::from(*number),
        Value::BigUnsigned(Some(number)) => Bound::from(i64::try_from(*number).unwrap()),
        Value::String(Some(text)) => Bound::from(text.clone()),
        Value::Bytes(Some(bytes)) => Bound::from(bytes.clone()),
        Value::Uuid(Some(id)) => Bound::from(id.as_bytes().to_vec()),
        _ => Bound::Null,
    }
}

fn sqlite(bare: &Bare, sent: &Statement) {
    inline(bare, |connection| {
        let mut statement = connection.prepare_cached(&sent.sql)?;
        for (at, value) in values(sent).iter().enumerate() {
            statement.raw_bind_parameter(at + 1, bound(value))?;
        }
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for at in 0..columns {
                drop(row.get::<_, rusqlite::types::Value>(at)?);
            }
        }
        Ok(())
    });
}
