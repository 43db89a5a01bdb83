//! The real binary, started, killed and started again on one port.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::client;

const BINARY: &str = env!("CARGO_BIN_EXE_liangnuo");

fn command(data: &Path, url: &str) -> Command {
    let mut command = Command::new(BINARY);
    command
        .env("LIANGNUO_DATA_DIR", data)
        .env("LIANGNUO_DATABASE_URL", url)
        .env("LIANGNUO_LOG_FILTER", "error")
        .env("LIANGNUO_RATE_LIMITS", "off")
        .env("LIANGNUO_CHALLENGE_DIFFICULTY", "1000")
        .env_remove("LIANGNUO_TEST_DATA");
    command
}

/// Loads the demo county; gives its accounts.
pub(super) fn demo(data: &Path, url: &str) -> Vec<Value> {
    let output = command(data, url).args(["demo", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Verifies the sealed log; gives what was said, which is an error where anything is wrong.
pub(super) fn verify_log(data: &Path, url: &str) -> Result<String, String> {
    let output = command(data, url).arg("verify-log").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// A served process that ends with the test.
pub(super) struct Served {
    child: Child,
    pub(super) port: u16,
    data: PathBuf,
    url: String,
}

impl Served {
    pub(super) fn start(data: &Path, url: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = spawn(data, url, port);
        let (data, url) = (data.to_owned(), url.to_owned());
        let served = Self { child, port, data, url };
        served.wait_until_ready();
        served
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Gives the time until it was ready.
    pub(super) fn start_again(&mut self) -> Duration {
        self.child = spawn(&self.data, &self.url, self.port);
        self.wait_until_ready()
    }

    fn wait_until_ready(&self) -> Duration {
        let began = Instant::now();
        let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        while client::exchange(self.port, request).map(|(status, _)| status).ok() != Some(200) {
            assert!(began.elapsed() < Duration::from_secs(60), "the server is not ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        began.elapsed()
    }
}

fn spawn(data: &Path, url: &str, port: u16) -> Child {
    command(data, url)
        .arg("serve")
        .env("LIANGNUO_LISTEN", format!("127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
