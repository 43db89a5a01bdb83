//! The load: a few connections that each send a request, wait for the answer, and send the next. A process of its own,
//! on a core of its own where there are two, so that it takes nothing from the side that is measured.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::{LocalSet, spawn_local},
};

use crate::server;

/// What a load process did.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Done {
    /// Answers a second.
    pub rate: f64,
    /// Requests that were sent: the next round begins after them.
    pub sent: usize,
    /// Half were answered within so many milliseconds.
    pub p50: f64,
    /// 99 of a hundred were.
    pub p99: f64,
}

/// How hard is asked.
#[derive(Clone, Copy, Debug)]
pub struct Pressure {
    pub connections: usize,
    pub seconds: f64,
}

/// Keeps requests for [`run`], one JSON text a line.
pub fn keep(file: &Path, requests: &[String]) {
    let lines: Vec<String> = requests
        .iter()
        .map(|request| serde_json::to_string(request).unwrap())
        .collect();
    std::fs::write(file, lines.join("\n")).unwrap();
}

/// Sends the kept requests, from `first` on and round and round.
pub async fn run(to: SocketAddr, requests: &Path, first: usize, pressure: Pressure) -> Done {
    let mut command = Command::new("nice");
    command.args(["-n", "0"]);
    if server::has_second_core() {
        command = Command::new("taskset");
        command.args(["-c", "1"]);
    }
    command
        .arg(std::env::current_exe().unwrap())
        .arg("load")
        .args([&to.to_string(), &first.to_string()])
        .args([pressure.connections.to_string(), pressure.seconds.to_string()])
        .arg(requests)
        .stdout(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.spawn().unwrap().wait_with_output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "the load failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The load process: `load ADDRESS FIRST CONNECTIONS SECONDS FILE`.
pub fn main(arguments: &[String]) {
    let [to, first, connections, seconds, file] = arguments else {
        panic!("load ADDRESS FIRST CONNECTIONS SECONDS FILE")
    };
    let (to, first): (SocketAddr, usize) = (to.parse().unwrap(), first.parse().unwrap());
    let (connections, seconds): (usize, f64) = (connections.parse().unwrap(), seconds.parse().unwrap());
    let requests: Rc<[String]> = std::fs::read_to_string(file)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let local = LocalSet::new();
    let (sent, waits) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::new())));
    let started = Instant::now();
    local.block_on(&runtime, async {
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let (requests, sent, waits) = (requests.clone(), sent.clone(), waits.clone());
            tasks.push(spawn_local(async move {
                let mut stream = connect(to).await;
                let mut buffer = vec![0; 1024 * 1024];
                while started.elapsed().as_secs_f64() < seconds {
                    let request = &requests[(first + sent.get()) % requests.len()];
                    sent.set(sent.get() + 1);
                    let asked = Instant::now();
                    stream.write_all(request.as_bytes()).await.unwrap();
                    answer(&mut stream, &mut buffer).await;
                    waits.borrow_mut().push(asked.elapsed());
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    let took = started.elapsed().as_secs_f64();
    let mut waits = waits.take();
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let done = Done {
        rate: waits.len() as f64 / took,
        sent: sent.get(),
        p50: at(0.5),
        p99: at(0.99),
    };
    println!("{}", serde_json::to_string(&done).unwrap());
}

async fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Reads one answer; anything but a 2xx or a 304 ends the measurement. Gives where the body begins and where it ends.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> (usize, usize) {
    let mut filled = 0;
    let mut head: Option<(usize, Body)> = None;
    loop {
        if let Some((begin, body)) = &head {
            let is_whole = match body {
                Body::Length(length) => filled >= begin + length,
                Body::Chunks => buffer[..filled].ends_with(END),
            };
            if is_whole {
                return (*begin, filled);
            }
        }
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the connection was closed");
        filled += read;
        if head.is_none() {
            let end = buffer[..filled].windows(4).position(|window| window == b"\r\n\r\n");
            head = end.map(|end| (end + 4, Body::of(&buffer[..end])));
        }
    }
}

/// How long the body of an answer is.
enum Body {
    Length(usize),
    Chunks,
}

impl Body {
    fn of(head: &[u8]) -> Self {
        let head = String::from_utf8_lossy(head).to_lowercase();
        if head.starts_with("http/1.1 304") {
            return Self::Length(0);
        }
        assert!(head.starts_with("http/1.1 2"), "{head}");
        if head.contains("transfer-encoding: chunked") {
            return Self::Chunks;
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        Self::Length(length.map_or(0, |length| length.trim().parse().unwrap()))
    }
}

/// One answer: its head and its body.
pub struct Answer {
    pub head: String,
    pub body: Vec<u8>,
}

/// Asks once.
pub async fn fetch(to: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = connect(to).await;
    stream.write_all(request).await.unwrap();
    let mut buffer = vec![0; 4 * 1024 * 1024];
    let (begin, end) = answer(&mut stream, &mut buffer).await;
    Answer {
        head: String::from_utf8_lossy(&buffer[..begin]).into_owned(),
        body: buffer[begin..end].to_vec(),
    }
}

/// A file that was taken out and thrown away.
pub struct Drained {
    pub bytes: usize,
    pub seconds: f64,
}

/// Asks once for something too long to be kept.
pub async fn drain(to: SocketAddr, request: &[u8]) -> Drained {
    let started = Instant::now();
    let mut stream = connect(to).await;
    stream.write_all(request).await.unwrap();
    let mut buffer = vec![0; 256 * 1024];
    let (mut bytes, mut body, mut tail) = (0, None::<Body>, Vec::<u8>::new());
    loop {
        let read = tokio::time::timeout(Duration::from_secs(600), stream.read(&mut buffer)).await;
        let read = read.unwrap().unwrap();
        assert!(read > 0, "the connection was closed after {bytes} bytes");
        let mut part = &buffer[..read];
        if body.is_none() {
            let end = part.windows(4).position(|window| window == b"\r\n\r\n");
            let end = end.expect("a head in one piece");
            body = Some(Body::of(&part[..end]));
            part = &part[end + 4..];
        }
        bytes += part.len();
        tail.extend(&part[part.len().saturating_sub(END.len())..]);
        tail.drain(..tail.len().saturating_sub(END.len()));
        let is_whole = match &body {
            Some(Body::Length(length)) => bytes >= *length,
            Some(Body::Chunks) => tail == END,
            None => false,
        };
        if is_whole {
            return Drained {
                bytes,
                seconds: started.elapsed().as_secs_f64(),
            };
        }
    }
}

/// How the last chunk of a body ends.
const END: &[u8] = b"\r\n0\r\n\r\n";
