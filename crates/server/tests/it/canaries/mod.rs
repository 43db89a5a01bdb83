//! Canaries: every personal value and every secret is marked, planted by the API on the real server, and looked for in all that
//! the server says and leaves: lists, errors, exports, logs, the database with its WAL, backups, the folder of attached files.
//!
//! Where each may be found is the table of the snapshot, which is read like code in a review: what is found elsewhere fails, and
//! so does what is no longer found. What no table may allow is said by [`refused`].

mod asking;
mod planting;
mod searcher;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use liangnuo_test_support::{TestDb, database::dump};
use planting::{Crowd, ERRORS, Heard};
use searcher::{Mark, Searcher};
use serde_json::Value;

use crate::binary::{Served, command};

/// What the marks are that stand in the clear in the database, since staff write and read them: everything else is sealed,
/// hashed or not kept.
const IN_THE_CLEAR: [&str; 22] = [
    "title",
    "text",
    "title of a report",
    "text of a report",
    "title of a call",
    "text of a call",
    "what was added",
    "question to the complainant",
    "reply",
    "comment of a rating",
    "reason to open an identity",
    "reason of the second person",
    "reason to keep contact data",
    "name of a member",
    "login",
    "reason of a role",
    "phone in a saved view",
    "author in a ledger",
    "text in a ledger",
    "name of a ledger",
    // The file of a ledger with faults is kept for thirty days, so that they can be mended.
    "author of a bad row",
    "text of a bad row",
];

fn configured(data: &Path, url: &str) -> Command {
    let mut command = command(data);
    command
        .env("LIANGNUO_DATABASE_URL", url)
        .env("LIANGNUO_LOG_FILTER", "debug")
        .env("LIANGNUO_TRUSTED_PROXIES", "[\"127.0.0.1\"]")
        .env("LIANGNUO_RATE_LIMITS", "off")
        .env("LIANGNUO_CHALLENGE_DIFFICULTY", "1000");
    command
}

/// What is kept, by where: each file of the database and a copy of it, or each table.
async fn kept(db: &TestDb, data: &Path, found: &mut Vec<Heard>) {
    let nth = found.len();
    let mut keep = |place: &str, who: String, bytes: Vec<u8>| {
        found.push(Heard {
            place: place.to_owned(),
            who,
            bytes,
        });
    };
    if let Some(file) = db.url.strip_prefix("sqlite://") {
        let backup = data.join(format!("backup-{nth}.db"));
        db.run(&format!("VACUUM INTO '{}'", backup.display())).await;
        for (name, path) in [
            ("file", file.into()),
            ("WAL", format!("{file}-wal")),
            ("backup", backup.display().to_string()),
        ] {
            // The last one to leave takes the WAL along.
            keep("database", name.to_owned(), fs::read(path).unwrap_or_default());
        }
    }
    for (table, rows) in dump(&db.url).await {
        keep("database", format!("table {table}"), rows.join("\n").into_bytes());
    }
    for file in ["secret.key", "vault.keys"] {
        keep(file, "operator".to_owned(), fs::read(data.join(file)).unwrap());
    }
    for (name, bytes) in files(&data.join("attachments")) {
        keep(
            "attached files",
            "operator".to_owned(),
            [name.into_bytes(), bytes].concat(),
        );
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let of = |entry: fs::DirEntry| match entry.file_type().unwrap().is_dir() {
        true => files(&entry.path()),
        false => vec![(entry.path().display().to_string(), fs::read(entry.path()).unwrap())],
    };
    entries.flat_map(of).collect()
}

/// By mark and place, who finds it there.
type Table = BTreeMap<(&'static str, String), BTreeSet<String>>;

fn searched(marks: &[Mark], heard: &[Heard]) -> Table {
    let searcher = Searcher::new(marks);
    let mut table = Table::new();
    for one in heard {
        for mark in searcher.find(&one.bytes) {
            table
                .entry((mark, one.place.clone()))
                .or_default()
                .insert(one.who.clone());
        }
    }
    table
}

/// Why a mark may not be in a place, whatever the table says.
fn refused(mark: &str, place: &str, who: &BTreeSet<String>) -> Option<&'static str> {
    let is_contact = |kind: &&str| mark == *kind || mark.starts_with(&format!("{kind} of who "));
    let are_inspectors = who.iter().all(|one| one.starts_with("inspector"));
    let is_sealed = mark.ends_with("of a report") && !mark.starts_with("receipt");
    match place {
        "log" | ERRORS | "attached files" | "searches" => Some("nothing marked belongs there"),
        "database" if !IN_THE_CLEAR.contains(&mark) => Some("it stands in the clear"),
        "database" => None,
        "read_identity" => None,
        _ if ["name", "phone", "e-mail"].iter().any(is_contact) => Some("contact data are for two who open them"),
        _ if is_sealed && !are_inspectors => Some("a report is for inspectors"),
        _ => None,
    }
}

/// What may not be, with what stands around it.
fn leaks(marks: &[Mark], heard: &[Heard], table: &Table) -> Vec<String> {
    let is_leak =
        |((mark, place), who): &(&(&'static str, String), &BTreeSet<String>)| refused(mark, place, who).is_some();
    let told = |((mark, place), who): (&(&'static str, String), &BTreeSet<String>)| {
        let searcher = Searcher::new(marks.iter().filter(|one| one.name == *mark));
        let of_place = heard.iter().filter(|one| one.place == *place);
        let around: Vec<_> = of_place.filter_map(|one| searcher.around(&one.bytes)).take(3).collect();
        let why = refused(mark, place, who).unwrap_or_default();
        format!("{mark} in {place} of {who:?}: {why}: {}", around.join(" ... "))
    };
    table.iter().filter(is_leak).map(told).collect()
}

fn written(table: &Table) -> String {
    let mut text = String::from("mark: place (who finds it there)\n");
    for ((mark, place), who) in table {
        let who = match place.as_str() {
            // Which file or table it is depends on the database, and on when it was last tidied up.
            "database" => "operator".to_owned(),
            _ => who.iter().cloned().collect::<Vec<_>>().join(", "),
        };
        let _ = writeln!(text, "{mark}: {place} ({who})");
    }
    text
}

#[actix_web::test]
async fn what_is_marked_is_found_where_it_belongs_and_nowhere_else() {
    let db = TestDb::unmigrated().await;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    let made = configured(&data, &db.url)
        .args(["demo", "--json", "--cases", "0"])
        .output()
        .unwrap();
    let accounts: Vec<Value> = serde_json::from_slice(&made.stdout).unwrap();
    let log = dir.path().join("log");
    let mut serve = configured(&data, &db.url);
    serve.arg("serve").stderr(Stdio::from(fs::File::create(&log).unwrap()));
    let mut served = Served::start_as(serve);

    let mut crowd = Crowd::new(served.port, accounts);
    planting::plant(&mut crowd);
    let document: Value = serde_json::from_str(include_str!("../../../../../openapi/openapi.json")).unwrap();
    assert!(asking::everything(&mut crowd, &document) > 50);
    let marks = crowd.marks.clone();
    assert!(asking::wrongly(&mut crowd, &marks) > marks.len() * 40);
    let keys = fs::read_to_string(data.join("vault.keys")).unwrap();
    let key = keys.lines().last().unwrap().split_once(' ').unwrap().1;
    crowd.marks.push(Mark::new("key of the vault", key));
    let secret = fs::read(data.join("secret.key")).unwrap();
    crowd.marks.push(Mark {
        name: "secret of the server",
        values: vec![secret],
    });

    let Crowd { marks, mut heard, .. } = crowd;
    kept(&db, &data, &mut heard).await;
    assert_eq!(served.terminate(), 0);
    kept(&db, &data, &mut heard).await;
    let lines = fs::read(&log).unwrap();
    assert!(
        lines.len() > 100_000 && heard.len() > 5_000,
        "{} {}",
        lines.len(),
        heard.len()
    );
    heard.push(Heard {
        place: "log".to_owned(),
        who: "operator".to_owned(),
        bytes: lines,
    });

    let names: BTreeSet<_> = marks.iter().map(|mark| mark.name).collect();
    assert_eq!(names.len(), marks.len(), "each mark has a name of its own");
    assert!(marks.len() >= 60);
    let table = searched(&marks, &heard);
    let leaks = leaks(&marks, &heard, &table);
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
    insta::assert_snapshot!("canaries", written(&table));
}
