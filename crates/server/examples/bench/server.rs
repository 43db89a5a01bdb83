//! The release binary as a process of its own, and what the system says of it.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{county::County, load};

/// Whether the load has a core of its own. This process itself may be held to the first.
pub fn has_second_core() -> bool {
    Path::new("/sys/devices/system/cpu/cpu1").exists()
}

/// The binary, which lies beside the folder of this example.
pub fn binary() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().parent().unwrap().join("liangnuo")
}

/// How many threads serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// One, as the yardstick has.
    One,
    /// One a core, as it comes.
    Usual,
}

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From its start until it said that it was ready.
    pub ready: Duration,
}

/// Memory in MB.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub now: f64,
    /// Since the last [`Server::forget_peak`].
    pub peak: f64,
}

impl Server {
    /// Starts one on a county, as an operator would, with its log in a file. Only the limits on tries are off, since
    /// here everybody has the same address.
    pub async fn start(county: &County, workers: Workers) -> Self {
        let address = free_address();
        let log = File::create(county.dir.join("server.log")).unwrap();
        let mut command = Command::new(binary());
        county.configure(&mut command);
        command
            .arg("serve")
            .env("LIANGNUO_LISTEN", address.to_string())
            .env("LIANGNUO_RATE_LIMITS", "off")
            .env("LIANGNUO_CHALLENGE_DIFFICULTY", crate::work::DIFFICULTY.to_string())
            .env("LIANGNUO_WORKERS", if workers == Workers::One { "1" } else { "0" })
            .stdout(Stdio::null())
            .stderr(log);
        let started = Instant::now();
        let mut server = Self {
            child: command.spawn().unwrap(),
            address,
            ready: Duration::ZERO,
        };
        while TcpStream::connect(address).is_err() {
            assert!(server.child.try_wait().unwrap().is_none(), "the server did not start");
            assert!(started.elapsed() < Duration::from_secs(60), "the server did not listen");
            std::thread::sleep(Duration::from_millis(2));
        }
        load::fetch(address, b"GET /readyz HTTP/1.1\r\nHost: bench\r\n\r\n").await;
        server.ready = started.elapsed();
        server
    }

    pub fn memory(&self) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = |name: &str| -> f64 {
            let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            let kilobytes: f64 = value.trim().trim_end_matches(" kB").parse().unwrap();
            kilobytes / 1_024.0
        };
        Memory {
            now: line("VmRSS:"),
            peak: line("VmHWM:"),
        }
    }

    /// Begins the peak of the memory anew.
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    /// Time on a core since its start, in seconds.
    pub fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // The name may hold spaces; what follows it does not. A tick is a hundredth of a second.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<f64>().unwrap();
        (ticks(11) + ticks(12)) / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap()
}
