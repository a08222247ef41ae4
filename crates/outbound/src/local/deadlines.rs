//! Time limits without timers: a table that is looked through once a second.
//!
//! A timer for each call would cost more than the rest of the pool does. The price is that a
//! limit is met up to two seconds late, and never early.

use std::cell::{Cell, RefCell};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

/// Seconds since the table was made, as the last tick had them.
pub(super) type Seconds = u32;

/// Whose number this is in the table.
#[derive(Clone, Copy)]
pub(super) struct Slot(u32);

/// The table.
pub(super) struct Deadlines {
    start: Instant,
    now: Cell<Seconds>,
    table: RefCell<Table>,
}

#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    free: Vec<u32>,
}

struct Entry {
    due: Seconds,
    waker: Option<Waker>,
}

/// No time at all is as late as this.
const NEVER: Seconds = Seconds::MAX;

impl Deadlines {
    pub(super) fn new(start: Instant) -> Self {
        Self {
            start,
            now: Cell::new(0),
            table: RefCell::default(),
        }
    }

    pub(super) fn now(&self) -> Seconds {
        self.now.get()
    }

    /// Sets a limit.
    pub(super) fn enter(&self, within: Duration) -> Slot {
        let due = self.due(within);
        let mut table = self.table.borrow_mut();
        let Table { entries, free } = &mut *table;
        if let Some(number) = free.pop()
            && let Some(entry) = entries.get_mut(number as usize)
        {
            entry.due = due;
            return Slot(number);
        }
        // More calls at once than fit a u32 do not fit the memory either.
        let number = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        entries.push(Entry { due, waker: None });
        Slot(number)
    }

    /// Sets the limit anew.
    pub(super) fn renew(&self, slot: Slot, within: Duration) {
        let due = self.due(within);
        if let Some(entry) = self.table.borrow_mut().entries.get_mut(slot.0 as usize) {
            entry.due = due;
        }
    }

    /// Whether the time is over; if not, the task is woken once it is.
    pub(super) fn is_over(&self, slot: Slot, context: &Context<'_>) -> bool {
        let mut table = self.table.borrow_mut();
        let Some(entry) = table.entries.get_mut(slot.0 as usize) else {
            return false;
        };
        if entry.due <= self.now.get() {
            return true;
        }
        match &mut entry.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        false
    }

    /// Takes the limit away.
    pub(super) fn leave(&self, slot: Slot) {
        let mut table = self.table.borrow_mut();
        if let Some(entry) = table.entries.get_mut(slot.0 as usize) {
            entry.due = NEVER;
            let waker = entry.waker.take();
            table.free.push(slot.0);
            drop(table);
            drop(waker);
        }
    }

    /// Moves the time on, and wakes those whose time is over.
    pub(super) fn tick(&self, now: Instant) {
        let passed = now.saturating_duration_since(self.start).as_secs();
        let now = Seconds::try_from(passed).unwrap_or(NEVER - 1);
        self.now.set(now);
        let mut over = Vec::new();
        for entry in &mut self.table.borrow_mut().entries {
            if entry.due <= now {
                over.extend(entry.waker.take());
            }
        }
        over.into_iter().for_each(Waker::wake);
    }

    fn due(&self, within: Duration) -> Seconds {
        let whole = Seconds::try_from(within.as_secs()).unwrap_or(NEVER);
        // Up to a second of the present one is over, and up to one of `within` was cut off.
        let more = if within.subsec_nanos() == 0 { 1 } else { 2 };
        self.now.get().saturating_add(whole).saturating_add(more)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake, Waker};
    use std::time::{Duration, Instant};

    use super::Deadlines;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn never_early_and_woken_once() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        for (within, kept, over) in [
            (Duration::from_secs(3), 3, 4),
            (Duration::from_millis(2500), 3, 4),
            (Duration::ZERO, 0, 1),
        ] {
            let deadlines = Deadlines::new(start);
            let woken = Arc::new(Woken::default());
            let waker = Waker::from(woken.clone());
            let context = Context::from_waker(&waker);
            let slot = deadlines.enter(within);
            deadlines.tick(start + second * kept);
            assert!(!deadlines.is_over(slot, &context), "{within:?}");
            deadlines.tick(start + second * over);
            deadlines.tick(start + second * over);
            assert!(deadlines.is_over(slot, &context), "{within:?}");
            assert_eq!(woken.0.load(Ordering::SeqCst), 1);
        }
    }

    #[test]
    fn a_place_is_used_again_and_knows_nothing_of_who_had_it() {
        let start = Instant::now();
        let deadlines = Deadlines::new(start);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let context = Context::from_waker(&waker);
        let first = deadlines.enter(Duration::ZERO);
        assert!(!deadlines.is_over(first, &context));
        deadlines.leave(first);
        let second = deadlines.enter(Duration::MAX);
        assert_eq!(first.0, second.0);
        deadlines.tick(start + Duration::from_secs(1_000_000));
        assert!(!deadlines.is_over(second, &context));
        assert_eq!(woken.0.load(Ordering::SeqCst), 0);
    }
}
