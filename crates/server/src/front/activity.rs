//! What a connection is doing and since when, written where bytes move and read once a second: so that slow and idle
//! callers are found without a timer for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering::Relaxed};

/// Seconds since the thread began, counted by its tick.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seconds(Arc<AtomicU32>);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Phase {
    /// Nothing: the caller may send the next request, or not.
    Waiting,
    /// A request has begun, and its header is not whole.
    Reading,
    /// A request is being answered.
    Serving,
}

/// A connection's state. Only its own thread writes it; it is shared because an upgraded connection may move.
#[derive(Debug)]
pub(crate) struct Activity {
    seconds: Seconds,
    phase: AtomicU8,
    since: AtomicU32,
    serving: AtomicU32,
    /// Since when the caller takes nothing of what is written; 0 where it does.
    blocked: AtomicU32,
    open: Open,
}

/// How many connections are open, over all threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open(Arc<AtomicUsize>);

/// A request that is being answered, until its answer has been handed over.
#[derive(Debug)]
pub(crate) struct Serving(Arc<Activity>);

impl Seconds {
    /// Another second has passed.
    pub(crate) fn tick(&self) {
        self.0.store(self.now() + 1, Relaxed);
    }

    /// Never 0 after the first tick.
    pub(crate) fn now(&self) -> u32 {
        self.0.load(Relaxed)
    }
}

impl Open {
    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.load(Relaxed)
    }
}

impl Activity {
    /// Of a new connection.
    pub(crate) fn new(seconds: &Seconds, open: &Open) -> Arc<Self> {
        open.0.fetch_add(1, Relaxed);
        Arc::new(Self {
            phase: AtomicU8::new(Phase::Waiting as u8),
            since: AtomicU32::new(seconds.now()),
            serving: AtomicU32::new(0),
            blocked: AtomicU32::new(0),
            seconds: seconds.clone(),
            open: open.clone(),
        })
    }

    /// What it is doing.
    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            0 => Phase::Waiting,
            1 => Phase::Reading,
            _ => Phase::Serving,
        }
    }

    /// For how many seconds.
    pub(crate) fn lasting(&self) -> u32 {
        self.seconds.now().saturating_sub(self.since.load(Relaxed))
    }

    /// For how many seconds the caller has taken nothing.
    pub(crate) fn blocked(&self) -> u32 {
        match self.blocked.load(Relaxed) {
            0 => 0,
            since => self.seconds.now().saturating_sub(since),
        }
    }

    /// Bytes came in.
    pub(crate) fn received(&self) {
        if self.phase.load(Relaxed) == Phase::Waiting as u8 {
            self.enter(Phase::Reading);
        }
    }

    /// The caller took bytes, or did not.
    pub(crate) fn written(&self, taken: bool) {
        let blocked = self.blocked.load(Relaxed);
        if taken && blocked != 0 {
            self.blocked.store(0, Relaxed);
        } else if !taken && blocked == 0 {
            self.blocked.store(self.seconds.now().max(1), Relaxed);
        }
    }

    /// A request is whole and gets its answer until what is returned is dropped.
    pub(crate) fn serve(self: &Arc<Self>) -> Serving {
        self.serving.store(self.serving.load(Relaxed) + 1, Relaxed);
        self.enter(Phase::Serving);
        Serving(self.clone())
    }

    fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Relaxed);
        self.since.store(self.seconds.now(), Relaxed);
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let left = self.0.serving.load(Relaxed).saturating_sub(1);
        self.0.serving.store(left, Relaxed);
        if left == 0 {
            self.0.enter(Phase::Waiting);
        }
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        self.open.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Activity, Open, Phase, Seconds};

    #[test]
    fn a_header_that_dribbles_in_counts_from_its_first_byte() {
        let (seconds, open) = (Seconds::default(), Open::default());
        let activity = Activity::new(&seconds, &open);
        assert_eq!((activity.phase(), open.count()), (Phase::Waiting, 1));
        seconds.tick();
        activity.received();
        seconds.tick();
        activity.received();
        seconds.tick();
        assert_eq!((activity.phase(), activity.lasting()), (Phase::Reading, 2));
        let (first, second) = (activity.serve(), activity.serve());
        activity.received();
        drop(first);
        assert_eq!(activity.phase(), Phase::Serving);
        drop(second);
        assert_eq!((activity.phase(), activity.lasting()), (Phase::Waiting, 0));
        drop(activity);
        assert_eq!(open.count(), 0);
    }

    #[test]
    fn a_caller_that_takes_nothing_is_known_until_it_does() {
        let (seconds, open) = (Seconds::default(), Open::default());
        let activity = Activity::new(&seconds, &open);
        seconds.tick();
        activity.written(false);
        seconds.tick();
        activity.written(false);
        assert_eq!(activity.blocked(), 1);
        activity.written(true);
        assert_eq!(activity.blocked(), 0);
    }
}
