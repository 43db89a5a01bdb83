//! The worker of a serving process: it delivers what the outbox holds, and throws away what is past its time.

use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use liangnuo_domain::{ImportId, RegionId, Timestamp};
use liangnuo_http::{
    AppState,
    import_run::{self, Outcome},
};
use liangnuo_persistence::{StoreError, imports, outbox::Delivery, settings};
use tokio::{sync::watch, task::JoinHandle};

/// How often the outbox is asked when nobody rings.
const POLL: Duration = Duration::from_secs(1);
/// How often what is past its time is thrown away.
const CLEANING: Duration = Duration::from_secs(3_600);
/// Seconds of a lease: a worker that is killed is replaced after so long.
const LEASE: i64 = 30;
/// Tries after which a delivery is given up. One that was handed back does not count as a try.
const PATIENCE: i32 = 5;
/// Why a run failed that was given up: each try failed, or took the process down with it.
const GIVEN_UP: &str = "given_up";

/// A running worker.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    keeper: JoinHandle<()>,
}

impl Worker {
    /// Lets the worker finish the batch it is at, and waits for it.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
        let _ = self.keeper.await;
    }
}

/// Starts a worker.
#[must_use]
pub fn start(state: AppState) -> Worker {
    let (stop, mut stopping) = watch::channel(false);
    let keeper = tokio::spawn(keep_sums(state.clone(), stopping.clone()));
    let task = tokio::spawn(async move {
        let mut cleaned: Option<Instant> = None;
        // After an upgrade from a version with less in its index of words, or none.
        let mut is_indexed = false;
        while !*stopping.borrow() {
            if cleaned.is_none_or(|at| at.elapsed() > CLEANING) {
                cleaned = Some(Instant::now());
                clean(&state).await;
            }
            match wake(&state, &stopping).await {
                Ok(()) => {}
                Err(error) => tracing::warn!(error = %error, "worker.wake"),
            }
            if !is_indexed {
                is_indexed = !matches!(state.store.index_pending_texts().await, Ok(true));
            }
            match work(&state, &stopping).await {
                // There may be more.
                Ok(true) => continue,
                Ok(false) if !is_indexed => continue,
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
    Worker { stop, task, keeper }
}

/// Folds what commands have noted into the kept sums: beside the other work, so that a long import is counted as it goes.
async fn keep_sums(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match state.store.fold_sums(state.clock.now()).await {
            // There may be more.
            Ok(1..) => continue,
            Ok(0) => {}
            Err(error) => tracing::warn!(error = %error, "worker.sums"),
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn clean(state: &AppState) {
    if let Err(error) = state.store.delete_expired(state.clock.now()).await {
        tracing::warn!(error = %error, "worker.delete_expired");
    }
    if let Err(error) = state.store.keep_analyzed().await {
        tracing::warn!(error = %error, "worker.analyze");
    }
    state.limits.shrink();
}

/// Does what has come due: reminders, held clocks, answers that nobody rated. Rounds of a hundred, until none is left.
async fn wake(state: &AppState, stopping: &watch::Receiver<bool>) -> Result<(), StoreError> {
    while !*stopping.borrow() {
        let woken = state.store.wake_cases(state.clock.now()).await?;
        if woken.found == 0 {
            break;
        }
        tracing::info!(
            reminded = woken.reminded,
            resumed = woken.resumed,
            concluded = woken.concluded,
            "worker.woken"
        );
    }
    Ok(())
}

/// Delivers one thing. `false` if there is none.
async fn work(state: &AppState, stopping: &watch::Receiver<bool>) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let held_until = now.plus_seconds(LEASE);
    let Some(delivery) = state.store.lease_deliveries(1, now, held_until).await?.pop() else {
        return Ok(false);
    };
    let lease = Lease {
        state,
        stopping,
        delivery: &delivery,
        held_until: AtomicI64::new(held_until.micros()),
    };
    // What took the process down each time never gets as far as an error.
    if delivery.attempts >= PATIENCE {
        lease.give_up().await?;
        return Ok(true);
    }
    let outcome = match delivery.topic.as_str() {
        imports::TOPIC => {
            let region = delivery.region;
            import_run::run(state, region, ImportId(delivery.subject), || lease.renew()).await
        }
        settings::TOPIC => recompute(state, delivery.region, &lease).await,
        _ => Err(StoreError::Bug("an unknown topic in the outbox")),
    };
    lease.settle(outcome).await?;
    Ok(true)
}

/// Computes the dates of a county's open cases anew, after its calendar or settings have changed. Whoever takes over
/// begins again: a date that is right stays.
async fn recompute(state: &AppState, region: RegionId, lease: &Lease<'_>) -> Result<Outcome, StoreError> {
    let mut after = None;
    loop {
        if let ControlFlow::Break(outcome) = lease.renew().await? {
            return Ok(outcome);
        }
        match state.store.recompute_dues(region, after, state.clock.now()).await? {
            None => return Ok(Outcome::Finished),
            last => after = last,
        }
    }
}

/// A lease that is kept for longer while the work goes on.
struct Lease<'a> {
    state: &'a AppState,
    stopping: &'a watch::Receiver<bool>,
    delivery: &'a Delivery,
    held_until: AtomicI64,
}

impl Lease<'_> {
    fn held_until(&self) -> Timestamp {
        Timestamp::from_micros(self.held_until.load(Ordering::SeqCst))
    }

    /// Whether the work may go on. An error is no answer: the work then ends, and is taken up again by its lease.
    async fn renew(&self) -> Result<ControlFlow<Outcome>, StoreError> {
        if *self.stopping.borrow() {
            return Ok(ControlFlow::Break(Outcome::Stopping));
        }
        let until = self.state.clock.now().plus_seconds(LEASE);
        let store = &self.state.store;
        if !store.renew_lease(self.delivery.id, self.held_until(), until).await? {
            return Ok(ControlFlow::Break(Outcome::LostLease));
        }
        self.held_until.store(until.micros(), Ordering::SeqCst);
        Ok(ControlFlow::Continue(()))
    }

    /// Marks the delivery by what became of the work.
    async fn settle(&self, outcome: Result<Outcome, StoreError>) -> Result<(), StoreError> {
        let Delivery {
            id, topic, attempts, ..
        } = self.delivery;
        let (store, now) = (&self.state.store, self.state.clock.now());
        match outcome {
            Ok(Outcome::Finished) => {
                store.finish_delivery(*id, self.held_until(), now).await?;
            }
            Ok(Outcome::LostLease) => tracing::warn!(topic, "worker.lost_lease"),
            // The next worker may begin at once.
            Ok(Outcome::Stopping) => {
                store.return_delivery(*id, self.held_until(), now).await?;
            }
            // Not the delivery's fault: it stays, however long the database is away.
            Err(error @ StoreError::Busy(_)) => {
                tracing::warn!(error = %error, topic, "worker.busy");
                let later = now.plus_seconds(LEASE);
                store.return_delivery(*id, self.held_until(), later).await?;
            }
            Err(error) => {
                tracing::error!(error = %error, topic, attempts, "worker.delivery");
                if attempts + 1 >= PATIENCE {
                    self.give_up().await?;
                }
            }
        }
        Ok(())
    }

    /// Ends what fails each time, so that whoever asked for it learns of it.
    async fn give_up(&self) -> Result<(), StoreError> {
        let Delivery {
            id,
            region,
            topic,
            subject,
            attempts,
        } = self.delivery;
        let (store, now) = (&self.state.store, self.state.clock.now());
        tracing::error!(topic, %subject, attempts, "worker.given_up");
        if topic == imports::TOPIC {
            let failure = Some(GIVEN_UP.to_owned());
            store.finish_run(*region, ImportId(*subject), failure, now).await?;
            store.finish_delivery(*id, self.held_until(), now).await?;
        } else {
            // Another version of this program may know the topic.
            let later = now.plus_seconds(3_600);
            store.renew_lease(*id, self.held_until(), later).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
