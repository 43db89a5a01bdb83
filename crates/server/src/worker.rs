//! The worker of a serving process: it delivers what the outbox holds, and throws away what is past its time.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use liangnuo_domain::{ImportId, Timestamp};
use liangnuo_http::{AppState, import_run};
use liangnuo_persistence::{StoreError, imports, outbox::Delivery};
use tokio::{sync::watch, task::JoinHandle};

/// How often the outbox is asked when nobody rings.
const POLL: Duration = Duration::from_secs(1);
/// How often what is past its time is thrown away.
const CLEANING: Duration = Duration::from_secs(3_600);
/// Seconds of a lease: a worker that is killed is replaced after so long.
const LEASE: i64 = 30;
/// Tries after which a delivery that fails each time waits an hour between tries.
const PATIENCE: i32 = 5;

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
        let mut cleaned: Option<Instant> = None;
        while !*stopping.borrow() {
            if cleaned.is_none_or(|at| at.elapsed() > CLEANING) {
                cleaned = Some(Instant::now());
                clean(&state).await;
            }
            match work(&state).await {
                // There may be more.
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(error = %error, "worker.outbox"),
            }
            tokio::select! {
                _ = stopping.changed() => {}
                () = state.worker_bell.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    });
    Worker { stop, task }
}

async fn clean(state: &AppState) {
    if let Err(error) = state.store.delete_expired(state.clock.now()).await {
        tracing::warn!(error = %error, "worker.delete_expired");
    }
    state.limits.shrink();
}

/// Delivers one thing. `false` if there is none.
async fn work(state: &AppState) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let held_until = now.plus_seconds(LEASE);
    let Some(delivery) = state.store.lease_deliveries(1, now, held_until).await?.pop() else {
        return Ok(false);
    };
    let lease = Lease {
        state,
        delivery: &delivery,
        held_until: AtomicI64::new(held_until.micros()),
    };
    let outcome = match delivery.topic.as_str() {
        imports::TOPIC => {
            let alive = || lease.renew();
            import_run::run(state, delivery.region, ImportId(delivery.subject), alive).await
        }
        _ => Err(StoreError::Bug("an unknown topic in the outbox")),
    };
    match outcome {
        Ok(()) => {
            state
                .store
                .finish_delivery(delivery.id, lease.held_until(), state.clock.now())
                .await?;
        }
        Err(error) => {
            tracing::error!(error = %error, topic = delivery.topic, attempts = delivery.attempts, "worker.delivery");
            if delivery.attempts >= PATIENCE {
                let later = state.clock.now().plus_seconds(3_600);
                state.store.renew_lease(delivery.id, lease.held_until(), later).await?;
            }
        }
    }
    Ok(true)
}

/// A lease that is kept for longer while the work goes on.
struct Lease<'a> {
    state: &'a AppState,
    delivery: &'a Delivery,
    held_until: AtomicI64,
}

impl Lease<'_> {
    fn held_until(&self) -> Timestamp {
        Timestamp::from_micros(self.held_until.load(Ordering::SeqCst))
    }

    /// `false` if another worker has taken over.
    async fn renew(&self) -> bool {
        let until = self.state.clock.now().plus_seconds(LEASE);
        let renewed = self
            .state
            .store
            .renew_lease(self.delivery.id, self.held_until(), until)
            .await;
        let is_ours = renewed.unwrap_or(false);
        if is_ours {
            self.held_until.store(until.micros(), Ordering::SeqCst);
        }
        is_ours
    }
}
