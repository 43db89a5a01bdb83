//! The load: a few connections that each send a request, wait for the answer, and send the next.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Connections at once.
const CONNECTIONS: usize = 16;

/// Makes the next request.
pub type Requests = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// Answers a second, on a thread of its own.
pub async fn run(to: SocketAddr, requests: Requests, seconds: f64) -> f64 {
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let counter = Arc::new(AtomicU64::new(0));
            let done = Arc::new(AtomicU64::new(0));
            let until = Instant::now() + Duration::from_secs_f64(seconds);
            let mut tasks = Vec::new();
            for _ in 0..CONNECTIONS {
                let (requests, counter, done) = (requests.clone(), counter.clone(), done.clone());
                tasks.push(tokio::spawn(async move {
                    let mut stream = TcpStream::connect(to).await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    let mut buffer = vec![0; 256 * 1024];
                    while Instant::now() < until {
                        let request = requests(counter.fetch_add(1, Ordering::Relaxed));
                        stream.write_all(&request).await.unwrap();
                        answer(&mut stream, &mut buffer).await;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
            done.load(Ordering::Relaxed) as f64 / seconds
        })
    })
    .await
    .unwrap()
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
