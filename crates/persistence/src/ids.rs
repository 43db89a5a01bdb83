//! Identifiers and randomness, as a parameter: the running product takes them from the operating system, a test from a
//! seed.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI32, AtomicI64, Ordering},
};

use liangnuo_domain::Timestamp;
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

/// Where identifiers and random bytes come from.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    seeded: Option<Arc<Mutex<StdRng>>>,
    sequence: Arc<AtomicI32>,
    serials: Arc<AtomicI64>,
}

impl Ids {
    /// From the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// The same sequence each time: for tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            seeded: Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))),
            ..Self::default()
        }
    }

    /// Random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.seeded {
            None => rand::rng().fill_bytes(&mut bytes),
            // A panic in another thread can't leave a generator in a bad state.
            Some(rng) => rng
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .fill_bytes(&mut bytes),
        }
        bytes
    }

    /// A number larger than the last one: the order of what happens within one microsecond of this process.
    #[must_use]
    pub fn next_in_order(&self) -> i32 {
        self.sequence.fetch_add(1, Ordering::Relaxed) & i32::MAX
    }

    /// A number that is larger than any that this process gave before, and in the order of time among processes: for
    /// rows that an index of the database's own wants numbered.
    #[must_use]
    pub fn serial(&self) -> i64 {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_micros()).ok())
            .unwrap_or(0);
        // Ten bits for what falls into one microsecond.
        let next = |last: i64| Some((now << 10).max(last + 1));
        self.serials
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
            .map_or(now << 10, |last| (now << 10).max(last + 1))
    }

    /// A time-ordered id.
    #[must_use]
    pub fn v7(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A random id, for what must not tell its time.
    #[must_use]
    pub fn v4(&self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}
