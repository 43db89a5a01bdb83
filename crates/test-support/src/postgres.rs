//! Databases on the test server: one template for each test binary, a copy of it for each test.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use liangnuo_persistence::{Settings, Store};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Whoever makes the template holds this lock; others wait for it.
const LOCK: i64 = 7_331_005;
/// What a test leaves behind is of no use to anybody after an hour,
const TEST_KEPT: Duration = Duration::from_secs(3_600);
/// a template after a day.
const TEMPLATE_KEPT: Duration = Duration::from_secs(86_400);

/// The URL of a new database on `server`: an empty one, or a copy of the migrated template.
pub(crate) async fn create(server: &str, is_migrated: bool) -> String {
    let control = connect(&format!("{server}/postgres")).await;
    let name = format!("t_{}", new_id().simple());
    let origin = if is_migrated {
        template(&control, server).await
    } else {
        "template0".to_owned()
    };
    run(&control, &format!("CREATE DATABASE {name} TEMPLATE {origin}")).await;
    control.close().await.expect("the control connection closes");
    format!("{server}/{name}")
}

/// The name of this binary's template, made on the first call of the first of its processes.
async fn template(control: &DatabaseConnection, server: &str) -> String {
    let prefix = format!("tpl_{}_", binary());
    if let Some(known) = find(control, &prefix).await {
        return known;
    }
    run(control, &format!("SELECT pg_advisory_lock({LOCK})")).await;
    let name = match find(control, &prefix).await {
        Some(known) => known,
        None => make(control, server, &prefix).await,
    };
    run(control, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
    name
}

async fn make(control: &DatabaseConnection, server: &str, prefix: &str) -> String {
    sweep(control).await;
    let id = new_id().simple();
    let (making, name) = (format!("t_{id}"), format!("{prefix}{id}"));
    run(control, &format!("CREATE DATABASE {making} TEMPLATE template0")).await;
    let mut settings = Settings::new(format!("{server}/{making}"));
    settings.max_connections = 2;
    let store = Store::open(settings).await.expect("the template opens");
    store.migrate().await.expect("the template is migrated");
    store.close().await.expect("the template closes");
    // Found by its name only once it is whole: a run that was killed half-way leaves nothing that looks like a template.
    run(control, &format!("ALTER DATABASE {making} RENAME TO {name}")).await;
    name
}

/// Drops what earlier runs left behind. The names carry the time.
async fn sweep(control: &DatabaseConnection) {
    let age = |name: &str| {
        let id = Uuid::parse_str(name.rsplit('_').next()?).ok()?;
        let (seconds, _) = id.get_timestamp()?.to_unix();
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .ok()
    };
    for name in names(control, "t").await {
        let kept = if name.starts_with("tpl_") {
            TEMPLATE_KEPT
        } else {
            TEST_KEPT
        };
        if age(&name).is_some_and(|age| age > kept) {
            run(control, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

async fn find(control: &DatabaseConnection, prefix: &str) -> Option<String> {
    names(control, prefix).await.into_iter().next()
}

async fn names(control: &DatabaseConnection, prefix: &str) -> Vec<String> {
    let sql =
        format!("SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, '{prefix}') ORDER BY 1");
    let statement = Statement::from_string(control.get_database_backend(), sql);
    let rows = control
        .query_all_raw(statement)
        .await
        .expect("the server lists its databases");
    rows.iter()
        .map(|row| row.try_get("", "name").expect("a name"))
        .filter(|name: &String| name.starts_with("t_") || name.starts_with("tpl_"))
        .collect()
}

/// Stands for the migrations: they are compiled into the binary, which is linked anew whenever one of them changes.
fn binary() -> String {
    let path = std::env::current_exe().expect("the test binary has a path");
    let modified = Path::new(&path)
        .metadata()
        .and_then(|file| file.modified())
        .expect("the test binary has a date");
    let hash = Sha256::digest(format!("{}\n{modified:?}", path.display()));
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "names of databases are no part of what is tested"
)]
fn new_id() -> Uuid {
    Uuid::now_v7()
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    // One connection: the lock belongs to it.
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the test server answers")
}

async fn run(control: &DatabaseConnection, sql: &str) {
    control.execute_unprepared(sql).await.expect(sql);
}
