//! Holds a reply back until a test lets it go, so that tests never sleep.

use std::sync::Arc;

use tokio::sync::watch;

/// Closed until it is opened; clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn closed() -> Gate {
        Gate(Arc::new(watch::Sender::new(false)))
    }

    /// Lets everything through, now and later.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Holds back what comes from now on.
    pub fn close(&self) {
        self.0.send_replace(false);
    }

    /// Returns once the gate is open.
    pub async fn passed(&self) {
        // The sender lives as long as this gate, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
