//! The worker of a serving process: it delivers what the outbox holds, does what has come due, keeps the sums, seals the log,
//! writes down who read what, and throws away what is past its time. What is due does not wait for what takes long: a ledger
//! of a hundred thousand rows holds up no reminder and no new date.

use std::{
    ops::ControlFlow,
    pin::pin,
    sync::atomic::{AtomicI64, AtomicU8, Ordering},
    time::{Duration, Instant},
};

use liangnuo_domain::{
    AttachmentId, ComplaintId, ImportId, RegionId, Timestamp,
    attachments::{FileId, FileRefusal},
};
use liangnuo_http::{
    AppState,
    attachment_run::{self, Looked},
    import_run::{self, Outcome},
};
use liangnuo_persistence::{
    StoreError, attachments,
    complaints::Failure,
    imports, log, notices,
    outbox::{Delivery, Lane},
    settings,
};
use tokio::{sync::watch, task::JoinHandle};

/// How often the outbox is asked when nobody rings.
const POLL: Duration = Duration::from_secs(1);
/// How often the readings of cases are written: well within the second that is promised.
const READINGS: Duration = Duration::from_millis(500);
/// How often somebody may have made a new key for contact data.
const KEYS: Duration = Duration::from_secs(10);
/// How often what is past its time is thrown away.
const CLEANING: Duration = Duration::from_secs(3_600);
/// Seconds of a lease: a worker that is killed is replaced after so long.
const LEASE: i64 = 30;
/// How often the lease of a file is kept for longer while it is looked at.
const RENEWAL: Duration = Duration::from_secs(10);
/// Tries after which a delivery is given up. One that was handed back does not count as a try.
const PATIENCE: i32 = 5;
/// Why a run failed that was given up: each try failed, or took the process down with it.
const GIVEN_UP: &str = "given_up";

/// A running worker.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Lets each task of the worker finish the batch it is at and write what was read until now, and waits for all.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

/// Starts a worker.
#[must_use]
pub fn start(state: AppState) -> Worker {
    let (stop, stopping) = watch::channel(false);
    let tasks = vec![
        tokio::spawn(keep_sums(state.clone(), stopping.clone())),
        tokio::spawn(seal(state.clone(), stopping.clone())),
        tokio::spawn(check_log(state.clone(), stopping.clone())),
        tokio::spawn(keep_watch(state.clone(), stopping.clone())),
        tokio::spawn(write_readings(state.clone(), stopping.clone())),
        tokio::spawn(index_texts(state.clone(), stopping.clone())),
        tokio::spawn(pass_contacts_on(state.clone(), stopping.clone())),
        tokio::spawn(look_at_files(state.clone(), stopping.clone())),
        tokio::spawn(take_in(state, stopping)),
    ];
    Worker { stop, tasks }
}

/// Writes who read which case: a moment after, and once more when everything else has ended.
async fn write_readings(state: AppState, mut stopping: watch::Receiver<bool>) {
    loop {
        let is_last = *stopping.borrow();
        match state.store.flush_readings(state.clock.now()).await {
            // There may be more.
            Ok(1..) => continue,
            Ok(0) => {}
            // They wait on.
            Err(error) if !is_last => tracing::warn!(error = %error, "worker.readings"),
            Err(error) => tracing::error!(error = %error, "worker.readings_lost"),
        }
        if is_last {
            break;
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = tokio::time::sleep(READINGS) => {}
        }
    }
}

/// Indexes the texts that an older version left with less in the index of words, or with none, and reads the names that it could
/// not; ends with the last of them.
async fn index_texts(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let pending = async {
            let has_read = state.store.read_pending_names().await?;
            Ok::<_, StoreError>(state.store.index_pending_texts().await? || has_read)
        };
        match pending.await {
            // There may be more.
            Ok(true) => continue,
            Ok(false) => return,
            Err(error) => tracing::warn!(error = %error, "worker.index"),
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Has contact data and files sealed with the newest key, once there is a newer one.
async fn pass_contacts_on(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match state.store.pass_contacts_on().await {
            Ok(passed) => {
                for complaint in &passed.broken {
                    tracing::error!(%complaint, "worker.contact");
                }
                // There may be more.
                if passed.rows > 0 {
                    tracing::info!(rows = passed.rows, "worker.passed_on");
                    continue;
                }
            }
            Err(error) => tracing::warn!(error = %error, "worker.vault"),
        }
        match state.store.pass_files_on().await {
            Ok(passed) => {
                for file in &passed.broken {
                    tracing::error!(%file, "worker.file");
                }
                if passed.rows > 0 {
                    tracing::info!(files = passed.rows, "worker.passed_on");
                    continue;
                }
            }
            Err(error) => tracing::warn!(error = %error, "worker.vault"),
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = tokio::time::sleep(KEYS) => {}
        }
    }
}

/// Looks at files that have come whole: one at a time, since a picture takes much memory.
async fn look_at_files(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match work(&state, Lane::Files, &stopping).await {
            // There may be more.
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "worker.files"),
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = state.upload_bell.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Looks at a file. Whoever takes over begins again, and what was settled stays so.
async fn look_at(
    state: &AppState,
    region: RegionId,
    id: AttachmentId,
    lease: &Lease<'_>,
) -> Result<Outcome, StoreError> {
    let mut looking = pin!(attachment_run::run(state, region, id));
    loop {
        let looked = tokio::select! {
            looked = &mut looking => looked?,
            () = tokio::time::sleep(RENEWAL) => {
                match lease.renew().await? {
                    ControlFlow::Break(outcome) => return Ok(outcome),
                    ControlFlow::Continue(()) => continue,
                }
            }
        };
        return Ok(match looked {
            Looked::Done => Outcome::Finished,
            Looked::Again(pause) => Outcome::Later(pause),
        });
    }
}

/// Takes ledgers in, and cleans up between them.
async fn take_in(state: AppState, mut stopping: watch::Receiver<bool>) {
    let mut cleaned: Option<Instant> = None;
    while !*stopping.borrow() {
        if cleaned.is_none_or(|at| at.elapsed() > CLEANING) {
            cleaned = Some(Instant::now());
            clean(&state).await;
        }
        match work(&state, Lane::Imports, &stopping).await {
            // There may be more.
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "worker.imports"),
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = state.worker_bell.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Does what has come due, and delivers what is no ledger.
async fn keep_watch(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let has_woken = wake(&state).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "worker.wake");
            false
        });
        // Between two rounds, so that an alarm does not wait for all reminders after a long pause.
        let has_delivered = work(&state, Lane::Rest, &stopping).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "worker.outbox");
            false
        });
        // There may be more.
        if has_woken || has_delivered {
            continue;
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
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

/// Gives places in the sealed log to what happened, and makes the day's checkpoint.
async fn seal(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match state.store.seal_events(state.clock.now()).await {
            // There may be more.
            Ok(1..) => continue,
            Ok(0) => {}
            Err(error) => tracing::warn!(error = %error, "worker.seal"),
        }
        tokio::select! {
            _ = stopping.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Verifies the log where somebody asked for it: beside everything else, since it reads all that ever happened.
async fn check_log(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match work(&state, Lane::Log, &stopping).await {
            // There may be more.
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = %error, "worker.log"),
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
    if let Err(error) = erase_identities(state).await {
        tracing::warn!(error = %error, "worker.erase");
    }
    if let Err(error) = erase_files(state).await {
        tracing::warn!(error = %error, "worker.files");
    }
    if let Err(error) = state.store.keep_analyzed().await {
        tracing::warn!(error = %error, "worker.analyze");
    }
    state.limits.shrink();
}

/// Erases files that nobody attached to anything, and what a process that died has left over.
async fn erase_files(state: &AppState) -> Result<(), StoreError> {
    let now = state.clock.now();
    let erased = state.store.erase_unbound(now).await?;
    let orphans = state.store.delete_orphans(now).await?;
    if erased + orphans > 0 {
        tracing::info!(erased, orphans, "worker.files_erased");
    }
    Ok(())
}

/// Erases contact data whose time is over, round by round.
async fn erase_identities(state: &AppState) -> Result<(), StoreError> {
    loop {
        let erased = state.store.erase_identities(state.clock.now()).await?;
        if erased == 0 {
            return Ok(());
        }
        tracing::info!(erased, "worker.erased");
    }
}

/// What is wrong with single cases: for somebody to look at, while the others go on.
fn report(failed: &[Failure]) {
    for Failure { complaint, error } in failed {
        tracing::error!(%complaint, %error, "worker.case");
    }
}

/// Does what has come due, a round of up to a hundred cases: reminders, held clocks, answers that nobody rated. `false` if
/// there was nothing.
async fn wake(state: &AppState) -> Result<bool, StoreError> {
    let woken = state.store.wake_cases(state.clock.now()).await?;
    if woken.found == 0 {
        return Ok(false);
    }
    report(&woken.failed);
    tracing::info!(
        reminded = woken.reminded,
        asked = woken.asked,
        failed = woken.failed.len(),
        resumed = woken.resumed,
        concluded = woken.concluded,
        "worker.woken"
    );
    Ok(true)
}

/// Delivers one thing of a lane. `false` if there is none.
async fn work(state: &AppState, lane: Lane, stopping: &watch::Receiver<bool>) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let held_until = now.plus_seconds(LEASE);
    let Some(delivery) = state.store.lease_deliveries(lane, 1, now, held_until).await?.pop() else {
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
        attachments::TOPIC => look_at(state, delivery.region, AttachmentId(delivery.subject), &lease).await,
        log::TOPIC => verify_log(state, delivery.region, &lease).await,
        settings::TOPIC => recompute(state, delivery.region, &lease).await,
        notices::ALARM => alarm(state, delivery.region, ComplaintId(delivery.subject)).await,
        _ => Err(StoreError::Bug("an unknown topic in the outbox")),
    };
    lease.settle(outcome).await?;
    Ok(true)
}

/// Somebody may be in danger. Whoever is told stands in the console already; here is where messages by telephone and the
/// like begin. Until there are some, the log says so, loudly enough for an alert on it.
async fn alarm(state: &AppState, region: RegionId, complaint: ComplaintId) -> Result<Outcome, StoreError> {
    let alarm = state.store.alarm(region, complaint).await?;
    tracing::warn!(number = %alarm.number, told = alarm.told.len(), "worker.alarm");
    Ok(Outcome::Finished)
}

/// Reads the whole log again for a county. Whoever takes over begins again.
async fn verify_log(state: &AppState, region: RegionId, lease: &Lease<'_>) -> Result<Outcome, StoreError> {
    let percent = AtomicU8::new(0);
    let progress = |done: u64, of: u64| {
        let reached = done.saturating_mul(100) / of.max(1);
        percent.store(u8::try_from(reached).unwrap_or(100), Ordering::Relaxed);
    };
    let mut verifying = pin!(state.store.verify_log(None, state.clock.now(), progress));
    loop {
        if let ControlFlow::Break(outcome) = lease.renew().await? {
            return Ok(outcome);
        }
        let reached = percent.load(Ordering::Relaxed);
        state
            .store
            .note_log_verification(region, reached, state.clock.now())
            .await?;
        let report = tokio::select! {
            report = &mut verifying => report?,
            () = tokio::time::sleep(POLL) => continue,
        };
        if !report.is_whole() {
            tracing::error!(faults = report.faults(), kinds = ?report.kinds, "worker.log_is_not_whole");
        }
        let now = state.clock.now();
        state.store.finish_log_verification(region, Some(&report), now).await?;
        return Ok(Outcome::Finished);
    }
}

/// Computes the dates of a county's open cases anew, after its calendar or settings have changed. Whoever takes over
/// begins again: a date that is right stays.
async fn recompute(state: &AppState, region: RegionId, lease: &Lease<'_>) -> Result<Outcome, StoreError> {
    let mut after = None;
    loop {
        if let ControlFlow::Break(outcome) = lease.renew().await? {
            return Ok(outcome);
        }
        let done = state.store.recompute_dues(region, after, state.clock.now()).await?;
        report(&done.failed);
        match done.last {
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
            Ok(Outcome::Later(pause)) => {
                let later = now.plus_seconds(i64::try_from(pause.as_secs()).unwrap_or(LEASE));
                store.return_delivery(*id, self.held_until(), later).await?;
            }
            // Not the delivery's fault: it stays, however long the database is away.
            Err(error @ (StoreError::Busy(_) | StoreError::Objects(_))) => {
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
        } else if topic == log::TOPIC {
            store.finish_log_verification(*region, None, now).await?;
            store.finish_delivery(*id, self.held_until(), now).await?;
        } else if topic == attachments::TOPIC {
            let file = FileId {
                region: *region,
                id: AttachmentId(*subject),
            };
            store.settle_file(file, Err(FileRefusal::Broken), false, now).await?;
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
