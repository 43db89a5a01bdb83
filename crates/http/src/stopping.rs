//! The end of a process, for those who take long: what is not done when its time of grace is over is given up while the
//! runtime still is there, since a connection to the database can't be handed back after it.

use std::sync::Arc;

use tokio::sync::watch;

/// Whether the time is over. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stopping(Arc<watch::Sender<bool>>);

impl Default for Stopping {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stopping {
    /// Ends all that waits for [`Stopping::unless_over`].
    pub fn end(&self) {
        self.0.send_replace(true);
    }

    /// What `work` gives; nothing if the time is over before. `work` is then dropped.
    pub async fn unless_over<F: Future>(&self, work: F) -> Option<F::Output> {
        let mut over = self.0.subscribe();
        tokio::select! {
            biased;
            _ = over.wait_for(|is_over| *is_over) => None,
            output = work => Some(output),
        }
    }
}
