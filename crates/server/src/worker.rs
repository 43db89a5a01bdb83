//! The worker of a serving process: it delivers what the outbox holds, and throws away what is past its time.

use std::time::Duration;

use liangnuo_http::AppState;
use tokio::{sync::watch, task::JoinHandle};

/// How often the outbox is asked when nobody rings.
const POLL: Duration = Duration::from_millis(500);
/// Polls between two rounds of throwing away.
const POLLS_AN_HOUR: u32 = 7_200;

/// A running worker.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Lets the worker finish what it is at, and waits for it.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// Starts a worker.
#[must_use]
pub fn start(state: AppState) -> Worker {
    let (stop, mut stopping) = watch::channel(false);
    let task = tokio::spawn(async move {
        let mut polls = 0_u32;
        while !*stopping.borrow() {
            if polls % POLLS_AN_HOUR == 0 {
                if let Err(error) = state.store.delete_expired(state.clock.now()).await {
                    tracing::warn!(%error, "worker.delete_expired");
                }
                state.limits.shrink();
            }
            polls = polls.wrapping_add(1);
            tokio::select! {
                _ = stopping.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    });
    Worker { stop, task }
}
