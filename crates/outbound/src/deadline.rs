//! The moment by which something has to be done, and who says so when it was not.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::error::{OutboundError, Phase};

/// A moment, and the time that was allowed up to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) after: Duration,
}

impl Deadline {
    /// This long from now.
    pub(crate) fn after(after: Duration) -> Self {
        // A timeout beyond what a clock can hold means no timeout that anybody will meet.
        let far = Duration::from_secs(86_400 * 365);
        Self {
            at: Instant::now() + after.min(far),
            after,
        }
    }

    /// The sooner of this one and one that long from now.
    pub(crate) fn or_after(self, after: Duration) -> Self {
        let other = Self::after(after);
        if other.at < self.at { other } else { self }
    }

    /// Waits for `work` no longer than this.
    pub(crate) async fn hold<T>(
        self,
        phase: Phase,
        host: &str,
        work: impl Future<Output = Result<T, OutboundError>>,
    ) -> Result<T, OutboundError> {
        match timeout_at(self.at, work).await {
            Ok(done) => done,
            Err(_) => Err(OutboundError::Timeout {
                host: host.to_owned(),
                phase,
                after: self.after,
            }),
        }
    }
}
