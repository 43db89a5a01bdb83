//! The scanner, which is the real clamd with a signature of our own: what it finds, and what becomes of files while it is stopped
//! or hangs.

use std::{
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use liangnuo_domain::{AttachmentId, Role};
use liangnuo_http::{
    HttpSettings, attachment_run,
    attachment_run::Looked,
    scanner::{Scanner, ScannerState},
};
use liangnuo_test_support::{
    api::test_app_with,
    files::{archive, docx, pdf},
};
use serde_json::json;

use super::only_case;

/// What the signature below finds; as Debian's clamd has no others here, nothing else is found.
const MARK: &str = "LIANGNUO-TEST-VIRUS";

struct Clamd {
    process: Option<Child>,
    folder: tempfile::TempDir,
}

impl Clamd {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().to_str().unwrap();
        let hex: String = MARK.bytes().map(|byte| format!("{byte:02x}")).collect();
        std::fs::create_dir(folder.path().join("db")).unwrap();
        std::fs::write(folder.path().join("db/own.ndb"), format!("Liangnuo.Test:0:*:{hex}\n")).unwrap();
        let config = format!(
            "LocalSocket {at}/clamd.sock\nDatabaseDirectory {at}/db\nForeground yes\nMaxThreads 2\nConcurrentDatabaseReload no\n\
             LogFile {at}/clamd.log\nTemporaryDirectory {at}\n"
        );
        std::fs::write(folder.path().join("clamd.conf"), config).unwrap();
        Self { process: None, folder }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("clamd.sock")
    }

    /// `script/bootstrap test` installs it.
    async fn start(&mut self) {
        let mut command = Command::new("/usr/sbin/clamd");
        command.arg("-c").arg(self.folder.path().join("clamd.conf"));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        for _ in 0..600 {
            if UnixStream::connect(self.socket()).is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("clamd did not begin: {}", log(self.folder.path()));
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = std::fs::remove_file(self.socket());
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.stop();
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("clamd.log")).unwrap_or_default()
}

fn settings(clamd: &Clamd) -> HttpSettings {
    HttpSettings {
        has_limits: false,
        challenge_difficulty: 1_000,
        scanner: Some(Scanner::Socket(clamd.socket())),
        ..HttpSettings::default()
    }
}

#[actix_web::test]
async fn a_file_is_read_once_clamd_has_said_yes_and_waits_while_it_is_stopped() {
    let mut clamd = Clamd::new();
    let app = test_app_with(|_| Vec::new(), settings(&clamd)).await;
    let (id, token) = app.upload("通知.pdf", &pdf(), false).await;
    let look = || attachment_run::run(&app.state, app.county.root, AttachmentId(id));
    // Nobody listens: it waits, later and later.
    assert_eq!(look().await.unwrap(), Looked::Again(Duration::from_secs(10)));
    assert_eq!(look().await.unwrap(), Looked::Again(Duration::from_secs(20)));
    let claim = json!({"id": id, "token": token});
    let filed = app
        .file_with("grievance", Some(app.county.own.0), &[claim])
        .await
        .ok(201);
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let content = format!("/complaints/{case}/attachments/{id}/content");
    app.get_as(&handler, &content).await.refused(404, "not_found");
    let list = app
        .get_as(&handler, &format!("/complaints/{case}/attachments"))
        .await
        .ok(200);
    assert_eq!(list["items"][0]["state"], "quarantined");
    // An administrator of the county sees both, and nobody else.
    let admin = app.root_token(Role::Admin).await;
    let told = app.get_as(&admin, "/system").await.ok(200);
    assert_eq!(
        (&told["scanner"], &told["files_waiting"]),
        (&json!("silent"), &json!(1))
    );
    let schools = app.token(Role::Admin).await;
    app.get_as(&schools, "/system").await.refused(403, "forbidden");

    clamd.start().await;
    let told = app.get_as(&admin, "/system").await.ok(200);
    assert_eq!((&told["scanner"], &told["files_waiting"]), (&json!("ready"), &json!(1)));
    assert_eq!(look().await.unwrap(), Looked::Done, "{}", log(clamd.folder.path()));
    assert_eq!(app.get_as(&handler, &content).await.status, 200);
    let followed = app
        .post(
            "/public/complaints/track",
            json!({"receipt_code": filed["receipt_code"]}),
        )
        .await
        .ok(200);
    assert_eq!(followed["attachments"][0]["state"], "ready");
    // Once it was scanned, clamd may go.
    clamd.stop();
    assert_eq!(look().await.unwrap(), Looked::Done);
    assert_eq!(app.get_as(&handler, &content).await.status, 200);
}

#[actix_web::test]
async fn what_clamd_finds_is_erased_and_told() {
    let mut clamd = Clamd::new();
    clamd.start().await;
    let app = test_app_with(|_| Vec::new(), settings(&clamd)).await;
    let marked = pdf().into_iter().chain(MARK.bytes()).collect::<Vec<_>>();
    let within = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<document/>"),
        ("word/media/a.bin", MARK.as_bytes()),
    ]);
    let mut claims = Vec::new();
    for (name, content) in [("a.pdf", &marked), ("b.docx", &within), ("c.docx", &docx())] {
        let (id, token) = app.upload(name, content, false).await;
        claims.push(json!({"id": id, "token": token}));
    }
    let filed = app
        .file_with("grievance", Some(app.county.own.0), &claims)
        .await
        .ok(201);
    for claim in &claims {
        let id = AttachmentId(claim["id"].as_str().unwrap().parse().unwrap());
        assert_eq!(
            attachment_run::run(&app.state, app.county.root, id).await.unwrap(),
            Looked::Done
        );
    }
    let followed = app
        .post(
            "/public/complaints/track",
            json!({"receipt_code": filed["receipt_code"]}),
        )
        .await
        .ok(200);
    let states: Vec<_> = followed["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["state"].as_str().unwrap())
        .collect();
    assert_eq!(
        states,
        ["infected", "infected", "ready"],
        "{}",
        log(clamd.folder.path())
    );
    let handler = app.token(Role::Handler).await;
    let case = only_case!(app, &handler);
    let content = format!(
        "/complaints/{case}/attachments/{}/content",
        claims[0]["id"].as_str().unwrap()
    );
    app.get_as(&handler, &content).await.refused(404, "not_found");
    let detail = app.get_as(&handler, &format!("/complaints/{case}")).await.ok(200);
    let told = detail["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["action"] == "attachment_infected")
        .count();
    assert_eq!(told, 2);
    let ever = app.state.clock.now().plus_seconds(864_000_000);
    assert_eq!(app.state.store.objects().kept_before(ever).await.unwrap().len(), 1);
}

#[actix_web::test]
async fn a_clamd_that_hangs_says_neither_yes_nor_no() {
    let mut clamd = Clamd::new();
    clamd.start().await;
    let pid = clamd.process.as_ref().unwrap().id().to_string();
    let signal = |name: &str| assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    let scanner = Scanner::Socket(clamd.socket());
    signal("-STOP");
    let hung = scanner.scan_within(&pdf(), Duration::from_millis(1_500)).await;
    let state = scanner.state().await;
    signal("-CONT");
    assert_eq!(state, ScannerState::Silent);
    assert_eq!(hung, liangnuo_persistence::attachments::Scan::Silent);
    let awake = scanner.scan(&pdf()).await;
    assert_eq!(
        awake,
        liangnuo_persistence::attachments::Scan::Clean,
        "{}",
        log(clamd.folder.path())
    );
}
