//! A clock that only a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// A clock that stands still until it is advanced; clones show the same time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows `unix` seconds.
    #[must_use]
    pub fn at(unix: i64) -> FixedClock {
        FixedClock(Arc::new(AtomicI64::new(unix)))
    }

    /// Moves the clock on.
    pub fn advance(&self, seconds: i64) -> &FixedClock {
        self.0.fetch_add(seconds, Ordering::SeqCst);
        self
    }

    /// Sets the clock, backwards too.
    pub fn set(&self, unix: i64) -> &FixedClock {
        self.0.store(unix, Ordering::SeqCst);
        self
    }

    /// What it shows, in Unix seconds.
    #[must_use]
    pub fn unix(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let seconds = Duration::from_secs(self.unix().unsigned_abs());
        if self.unix() < 0 {
            SystemTime::UNIX_EPOCH - seconds
        } else {
            SystemTime::UNIX_EPOCH + seconds
        }
    }

    /// The clock as a closure, for whatever takes one.
    pub fn source(&self) -> impl Fn() -> SystemTime + Send + Sync + Clone + 'static {
        let clock = self.clone();
        move || clock.now()
    }
}

#[cfg(test)]
mod tests {
    use super::FixedClock;
    use std::time::{Duration, SystemTime};

    #[test]
    fn moves_only_when_told() {
        let clock = FixedClock::at(1_000);
        let source = clock.source();
        clock.advance(60).advance(1);
        assert_eq!(
            source(),
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_061)
        );
        clock.set(5);
        assert_eq!(source(), clock.now());
        assert_eq!(clock.unix(), 5);
    }
}
