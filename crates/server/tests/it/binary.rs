//! The binary: configured, loaded, served, stopped.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

const BINARY: &str = env!("CARGO_BIN_EXE_liangnuo");

fn command(data: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command
        .env("LIANGNUO_DATA_DIR", data)
        .env("LIANGNUO_LOG_FILTER", "warn")
        .env_remove("LIANGNUO_TEST_DATA");
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A served process that ends with the test.
struct Served {
    child: Child,
    port: u16,
}

impl Served {
    fn start(data: &Path, arguments: &[&str]) -> Self {
        let port = free_port();
        let child = command(data)
            .arg("serve")
            .args(arguments)
            .env("LIANGNUO_LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
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

    fn request(&self, head: &str, body: &str) -> String {
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

    fn terminate(&mut self) -> i32 {
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
        "password": "桥头第二家铺子后面的那口老井",
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
