//! The binary: configured, loaded, served, stopped.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use liangnuo_test_support::database::texts;

const BINARY: &str = env!("CARGO_BIN_EXE_liangnuo");

pub(crate) fn command(data: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command
        .env("LIANGNUO_DATA_DIR", data)
        .env("LIANGNUO_LOG_FILTER", "warn")
        .env_remove("LIANGNUO_TEST_DATA");
    command
}

pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A served process that ends with the test.
pub(crate) struct Served {
    child: Child,
    pub(crate) port: u16,
}

impl Served {
    fn start(data: &Path, arguments: &[&str]) -> Self {
        let mut serve = command(data);
        serve.arg("serve").args(arguments).stderr(Stdio::null());
        Self::start_as(serve)
    }

    pub(crate) fn start_as(mut command: Command) -> Self {
        let port = free_port();
        let child = command
            .env("LIANGNUO_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let served = Self { child, port };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the server did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        served
    }

    pub(crate) fn request(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let text = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn terminate(&mut self) -> i32 {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_demo_county_loads_once_serves_and_stops_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["demo", "--json", "--cases", "20"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let accounts: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let roles: Vec<&str> = accounts
        .iter()
        .map(|account| account["role"].as_str().unwrap())
        .collect();
    let wanted = [
        "handler",
        "handler",
        "unit_head",
        "member",
        "supervisor",
        "leader",
        "campaign_office",
        "inspector",
        "inspector",
        "admin",
        "audit_admin",
    ];
    assert_eq!(roles, wanted);
    let again = run(dir.path(), &["demo", "--cases", "0"]);
    assert!(!again.status.success(), "a second county would bury the first");
    assert!(!run(dir.path(), &["admin", "bootstrap"]).status.success());

    let mut served = Served::start(dir.path(), &[]);
    assert!(served.request("GET /readyz", "").contains("\"ok\""));
    let login = serde_json::json!({"login": accounts[0]["login"], "password": accounts[0]["password"]}).to_string();
    assert!(
        served
            .request("POST /api/v1/auth/login", &login)
            .contains("access_token")
    );
    assert!(served.request("GET /openapi.json", "").contains("\"3.1.0\""));
    assert!(served.request("GET /docs/", "").contains("swagger"));
    assert_eq!(served.terminate(), 0);
}

#[test]
fn two_processes_that_start_together_on_nothing_migrate_once() {
    let dir = tempfile::tempdir().unwrap();
    let children: Vec<Child> = (0..4)
        .map(|_| {
            command(dir.path())
                .arg("migrate")
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn mistakes_in_the_configuration_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let output = command(dir.path())
        .arg("migrate")
        .env("LIANGNUO_LISTN", "x")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("listn"));
    let file = dir.path().join("bad.toml");
    std::fs::write(&file, "databse_url = \"x\"\n").unwrap();
    let output = command(dir.path())
        .args(["migrate", "--config"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("databse_url"));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let output = command(dir.path())
        .arg("serve")
        .env("LIANGNUO_LISTEN", &listen)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("can't listen"));
}

#[test]
fn the_link_for_the_first_administrator_is_printed_for_an_empty_database() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["admin", "bootstrap"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let token = text.split("#token=").nth(1).unwrap().trim();
    let served = Served::start(dir.path(), &[]);
    let body = serde_json::json!({
        "token": token, "region_name": "清河县教育局", "member_name": "管理员", "login": "first",
        "password": "桥头第2家铺子，后面那口老井",
    });
    assert!(
        served
            .request("POST /api/v1/auth/bootstrap", &body.to_string())
            .contains("201 Created")
    );
    assert!(
        served
            .request("POST /api/v1/auth/bootstrap", &body.to_string())
            .contains("bootstrap_closed")
    );
}

#[test]
fn it_listens_with_tls() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let served = Served::start(
        dir.path(),
        &["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()],
    );
    let url = format!("https://localhost:{}/readyz", served.port);
    let output = Command::new("curl")
        .args(["-sS", "--cacert"])
        .arg(&cert)
        .arg(&url)
        .output()
        .unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("\"ok\""),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Copies of the cases of a demo county, past the product: through it so many would take minutes.
fn multiply_cases(data: &Path, times: u32) {
    let file = rusqlite::Connection::open(data.join("liangnuo.db")).unwrap();
    let mut names = file
        .prepare("SELECT name FROM pragma_table_info('complaints')")
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let values: Vec<String> = names
        .iter()
        .map(|name| match name.as_str() {
            "id" => "randomblob(16)".to_owned(),
            "receipt_hash" => "randomblob(32)".to_owned(),
            "number" => "c.number || '-' || n.i".to_owned(),
            name => format!("c.{name}"),
        })
        .collect();
    let sql = format!(
        "INSERT INTO complaints ({}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})
         SELECT {} FROM n, complaints c",
        names.join(", "),
        values.join(", ")
    );
    file.execute(&sql, []).unwrap();
}

#[test]
fn an_export_that_runs_when_the_process_ends_is_broken_off_and_nothing_panics() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["demo", "--json", "--cases", "40"]);
    let accounts: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let office = accounts
        .iter()
        .find(|account| account["role"] == "campaign_office")
        .unwrap();
    multiply_cases(dir.path(), 1_000);
    let log = dir.path().join("log");
    let mut serve = command(dir.path());
    serve
        .arg("serve")
        .env("LIANGNUO_SHUTDOWN_SECONDS", "1")
        .env("LIANGNUO_WORKERS", "2")
        .stderr(std::fs::File::create(&log).unwrap());
    let mut served = Served::start_as(serve);
    let login = serde_json::json!({"login": office["login"], "password": office["password"]}).to_string();
    let answer = served.request("POST /api/v1/auth/login", &login);
    let body: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let bearer = format!("Authorization: Bearer {}", body["access_token"].as_str().unwrap());
    let begin = |format: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
        let head =
            format!("GET /api/v1/complaints/export?format={format} HTTP/1.1\r\nHost: localhost\r\n{bearer}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    // One that is sent as it is read, to somebody who takes nothing of it but the beginning; and a workbook.
    let mut text = begin("csv");
    let mut beginning = [0_u8; 64];
    text.read_exact(&mut beginning).unwrap();
    assert!(beginning.starts_with(b"HTTP/1.1 200 OK"), "{beginning:?}");
    let mut book = begin("xlsx");
    std::thread::sleep(Duration::from_millis(500));
    let asked = Instant::now();
    assert_eq!(served.terminate(), 0);
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
    let mut rest = Vec::new();
    let _ = text.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "what was broken off looks whole");
    let mut rest = Vec::new();
    let _ = book.read_to_end(&mut rest);
    assert!(
        !rest.starts_with(b"HTTP/1.1 200"),
        "the workbook was done too early to prove anything"
    );
    let log = std::fs::read_to_string(log).unwrap();
    assert!(!log.contains("panicked"), "{log}");
}

#[actix_web::test]
async fn the_log_is_verified_from_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    assert!(run(dir.path(), &["demo", "--cases", "0"]).status.success());
    let url = format!("sqlite://{}", dir.path().join("liangnuo.db").display());
    let verify = |outside: &[&str]| {
        let output = run(dir.path(), &[&["verify-log"], outside].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.success(), said)
    };
    let (is_whole, said) = verify(&[]);
    assert!(is_whole && said.contains("the log is whole"), "{said}");

    // As the API tells it, as the note alone, and as an editor of another system leaves it.
    let note = texts(&url, "SELECT note FROM log_checkpoints").await.pop().unwrap();
    let kept = dir.path().join("checkpoint");
    let path = kept.to_str().unwrap();
    let answer = serde_json::json!({"tree_size": 1, "note": note}).to_string();
    for form in [answer, note.clone(), note.trim_end().replace('\n', "\r\n")] {
        std::fs::write(&kept, form).unwrap();
        let (is_whole, said) = verify(&["--checkpoint", path]);
        assert!(is_whole, "{said}");
    }
    std::fs::write(&kept, note.replacen("at 1", "at 2", 1)).unwrap();
    let (is_whole, said) = verify(&["--checkpoint", path]);
    assert!(
        !is_whole && said.contains("checkpoint from outside does not fit: 签名 / signature"),
        "{said}"
    );

    let first = "SELECT hex(e.id) || ' ' || lower(hex(l.leaf_hash)) FROM events e JOIN log_entries l ON l.event_id = e.id LIMIT 1";
    let first = texts(&url, first).await.remove(0);
    let (event, leaf) = first.split_once(' ').unwrap();
    let shown = run(dir.path(), &["log-leaf", event]);
    assert!(
        String::from_utf8(shown.stdout)
            .unwrap()
            .ends_with(&format!("}}\n{leaf}\n"))
    );

    for sql in [
        "DROP TRIGGER events_are_never_changed",
        "UPDATE events SET at = at + 1 WHERE action = 'units.created'",
    ] {
        texts(&url, sql).await;
    }
    let (is_whole, said) = verify(&[]);
    assert!(!is_whole && said.contains("事件被改 / event changed"), "{said}");
}
