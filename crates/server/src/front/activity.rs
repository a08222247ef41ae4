//! What a connection is doing and since when, written where bytes move and read once a second: so that slow and idle
//! callers are found without a timer for each.

use crate::front::heads::Mark;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed,
};

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

/// What comes in on a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Course {
    /// Requests.
    Requests = 0,
    /// A request that has taken too long: reading ends.
    Late = 1,
    /// What is no HTTP any more.
    Tunnel = 2,
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
    /// How many requests have come.
    requests: AtomicU32,
    /// Which of them is marked, and how: its number, then eight bits of mark; 0 where none is.
    marked: AtomicU64,
    /// Whether all answers so far have been written to their end, so that none of ours is owed.
    settled: AtomicBool,
    /// What reading has to know.
    course: AtomicU8,
    /// With which status the connection itself was refused; 0 where it was not.
    refused: AtomicU16,
    /// Whether what was refused may still be on its way, so that closing waits for it.
    lingers: AtomicBool,
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
            requests: AtomicU32::new(0),
            marked: AtomicU64::new(0),
            settled: AtomicBool::new(true),
            course: AtomicU8::new(Course::Requests as u8),
            refused: AtomicU16::new(0),
            lingers: AtomicBool::new(false),
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
        self.requests
            .store(self.requests.load(Relaxed).wrapping_add(1), Relaxed);
        self.settled.store(false, Relaxed);
        self.enter(Phase::Serving);
        Serving(self.clone())
    }

    /// The head of a request that is to come, or has just come, is marked.
    pub(crate) fn mark(&self, request: u32, mark: Mark) {
        self.marked
            .store((u64::from(request) << 8) | mark as u64, Relaxed);
    }

    /// How the head of the request that came last is marked.
    pub(crate) fn marked(&self) -> Option<Mark> {
        let marked = self.marked.load(Relaxed);
        if marked == 0 || marked >> 8 != u64::from(self.requests.load(Relaxed)) {
            return None;
        }
        Mark::numbered((marked & 0xff) as u8)
    }

    /// Everything that was to be written has been.
    pub(crate) fn flushed(&self) {
        if self.serving.load(Relaxed) == 0 {
            self.settled.store(self.course() != Course::Tunnel, Relaxed);
        }
    }

    /// Whether no answer of ours is owed, or on its way.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled.load(Relaxed)
    }

    /// What reading has to know.
    pub(crate) fn course(&self) -> Course {
        match self.course.load(Relaxed) {
            0 => Course::Requests,
            1 => Course::Late,
            _ => Course::Tunnel,
        }
    }

    /// Goes on like this.
    pub(crate) fn take(&self, course: Course) {
        self.course.store(course as u8, Relaxed);
    }

    /// The connection itself is refused.
    pub(crate) fn refuse(&self, status: u16) {
        self.refused.store(status, Relaxed);
        self.linger();
    }

    /// Closing waits for what the caller still sends.
    pub(crate) fn linger(&self) {
        self.lingers.store(true, Relaxed);
    }

    /// Whether it does.
    pub(crate) fn lingers(&self) -> bool {
        self.lingers.load(Relaxed)
    }

    /// Whatever has come so far was no request that is late.
    pub(crate) fn wait(&self) {
        self.enter(Phase::Waiting);
    }

    /// With which status the connection itself was refused.
    pub(crate) fn refused(&self) -> Option<u16> {
        Some(self.refused.load(Relaxed)).filter(|status| *status != 0)
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
