//! The one clock. Tests hold it and move it; nothing else asks the operating system for the time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use liangnuo_domain::Timestamp;

/// What time it is.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The operating system's.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// One that stands until it is moved.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.micros()))))
    }

    /// Now, in whole microseconds.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the operating system's clock"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::from_datetime(&chrono::Utc::now()),
            Some(fixed) => Timestamp::from_micros(fixed.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the operating system's stays as it is.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Some(fixed) = &self.0 {
            fixed.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }
}
