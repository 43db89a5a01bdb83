//! The load: a few connections that each send a request, wait for the answer, and send the next. A process of its own,
//! on a core of its own where there are two, so that it takes nothing from the side that is measured.

use std::{
    cell::Cell,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::{LocalSet, spawn_local},
};

/// Connections at once.
const CONNECTIONS: usize = 16;

/// What a load process did.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// Answers a second.
    pub rate: f64,
    /// Requests that were sent: the next round begins after them.
    pub sent: usize,
}

/// Keeps requests for [`run`], one JSON text a line.
pub fn keep(file: &Path, requests: &[String]) {
    let lines: Vec<String> = requests
        .iter()
        .map(|request| serde_json::to_string(request).unwrap())
        .collect();
    std::fs::write(file, lines.join("\n")).unwrap();
}

/// Sends the kept requests, from `first` on and round and round, to a server of this process.
pub async fn run(to: SocketAddr, requests: &Path, first: usize, seconds: f64) -> Done {
    let program = std::env::current_exe().unwrap();
    let mut command = if std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) || has_second_core() {
        let mut command = Command::new("taskset");
        command.args(["-c", "1"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .arg("load")
        .args([&to.to_string(), &first.to_string(), &seconds.to_string()])
        .arg(requests)
        .stdout(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.spawn().unwrap().wait_with_output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "the load failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let (rate, sent) = text.trim().split_once(' ').unwrap();
    Done {
        rate: rate.parse().unwrap(),
        sent: sent.parse().unwrap(),
    }
}

/// The process itself may be held to the first core.
fn has_second_core() -> bool {
    Path::new("/sys/devices/system/cpu/cpu1").exists()
}

/// The load process: `load ADDRESS FIRST SECONDS FILE`.
pub fn main(arguments: &[String]) {
    let [to, first, seconds, file] = arguments else {
        panic!("load ADDRESS FIRST SECONDS FILE")
    };
    let (to, first, seconds): (SocketAddr, usize, f64) =
        (to.parse().unwrap(), first.parse().unwrap(), seconds.parse().unwrap());
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
    let (sent, done) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0_usize)));
    local.block_on(&runtime, async {
        let until = Instant::now() + Duration::from_secs_f64(seconds);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (requests, sent, done) = (requests.clone(), sent.clone(), done.clone());
            tasks.push(spawn_local(async move {
                let mut stream = TcpStream::connect(to).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut buffer = vec![0; 256 * 1024];
                while Instant::now() < until {
                    let request = &requests[(first + sent.get()) % requests.len()];
                    sent.set(sent.get() + 1);
                    stream.write_all(request.as_bytes()).await.unwrap();
                    answer(&mut stream, &mut buffer).await;
                    done.set(done.get() + 1);
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    println!("{} {}", done.get() as f64 / seconds, sent.get());
}

/// Reads one answer; anything but a 2xx ends the measurement.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the connection was closed");
        filled += read;
        let text = &buffer[..filled];
        let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&text[..end]).to_lowercase();
        assert!(head.starts_with("http/1.1 2"), "{}", String::from_utf8_lossy(text));
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.trim().parse().unwrap());
        if filled >= end + 4 + length {
            return;
        }
    }
}
