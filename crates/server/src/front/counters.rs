//! What a thread counts of its calls, without a lock, until its tick hands it over.

use hashbrown::HashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// The upper bounds of a histogram's buckets, in microseconds; one more has none.
pub(crate) const BOUNDS: [u64; 17] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 10_000_000, 30_000_000,
];

/// Of all connectors.
#[derive(Default)]
pub(crate) struct Counters(RefCell<HashMap<String, Rc<Counted>>>);

/// Of one connector.
#[derive(Default)]
pub(crate) struct Counted {
    answered: Cell<u64>,
    repeated: Cell<u64>,
    renewed: Cell<u64>,
    problems: RefCell<HashMap<&'static str, u64>>,
    gateway: Histogram,
    upstream: Histogram,
}

/// Durations, by bucket.
#[derive(Default)]
struct Histogram {
    buckets: [Cell<u64>; BOUNDS.len() + 1],
    micros: Cell<u64>,
}

/// Durations, taken out of a thread.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Durations {
    /// How many, by bucket.
    pub(crate) buckets: [u64; BOUNDS.len() + 1],
    /// Their sum.
    pub(crate) micros: u64,
}

/// What was counted since the last time.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Calls that the API answered.
    pub(crate) answered: u64,
    /// Of these, sent twice.
    pub(crate) repeated: u64,
    /// Of these, after a renewal.
    pub(crate) renewed: u64,
    /// Calls that it did not, by code.
    pub(crate) problems: Vec<(&'static str, u64)>,
    /// Time spent here.
    pub(crate) gateway: Durations,
    /// Time waited for the API.
    pub(crate) upstream: Durations,
}

impl Counters {
    /// Of a connector that there is.
    pub(crate) fn of(&self, connector: &str) -> Rc<Counted> {
        if let Some(counted) = self.0.borrow().get(connector) {
            return counted.clone();
        }
        let counted = Rc::new(Counted::default());
        let mut all = self.0.borrow_mut();
        all.insert(connector.to_owned(), counted.clone());
        counted
    }

    /// Takes out what was counted, by connector.
    pub(crate) fn take(&self) -> Vec<(String, Tally)> {
        let all = self.0.borrow();
        all.iter()
            .map(|(name, counted)| (name.clone(), counted.take()))
            .filter(|(_, tally)| tally.answered > 0 || !tally.problems.is_empty())
            .collect()
    }
}

impl Counted {
    /// The API answered.
    pub(crate) fn answered(
        &self,
        gateway: Duration,
        upstream: Duration,
        twice: bool,
        renewed: bool,
    ) {
        self.answered.set(self.answered.get() + 1);
        self.repeated.set(self.repeated.get() + u64::from(twice));
        self.renewed.set(self.renewed.get() + u64::from(renewed));
        self.gateway.record(gateway);
        self.upstream.record(upstream);
    }

    /// It did not.
    pub(crate) fn problem(&self, code: &'static str) {
        *self.problems.borrow_mut().entry(code).or_default() += 1;
    }

    fn take(&self) -> Tally {
        Tally {
            answered: self.answered.take(),
            repeated: self.repeated.take(),
            renewed: self.renewed.take(),
            problems: self.problems.borrow_mut().drain().collect(),
            gateway: self.gateway.take(),
            upstream: self.upstream.take(),
        }
    }
}

impl Histogram {
    fn record(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let fits = BOUNDS.iter().position(|bound| micros <= *bound);
        if let Some(bucket) = self.buckets.get(fits.unwrap_or(BOUNDS.len())) {
            bucket.set(bucket.get() + 1);
        }
        self.micros.set(self.micros.get().saturating_add(micros));
    }

    fn take(&self) -> Durations {
        Durations {
            buckets: std::array::from_fn(|at| self.buckets[at].take()),
            micros: self.micros.take(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counters;
    use std::time::Duration;

    #[test]
    fn what_is_taken_out_is_not_counted_again() {
        let counters = Counters::default();
        let wiki = counters.of("wiki");
        let micros = Duration::from_micros;
        wiki.answered(micros(50), micros(51), true, false);
        wiki.answered(micros(90_000_000), micros(0), false, false);
        counters.of("wiki").problem("sign_in_required");
        let taken = counters.take();
        let [(name, tally)] = &taken[..] else {
            panic!("{taken:?}")
        };
        assert_eq!(
            (name.as_str(), tally.answered, tally.repeated),
            ("wiki", 2, 1)
        );
        assert_eq!(tally.problems, [("sign_in_required", 1)]);
        assert_eq!(
            (tally.gateway.buckets[0], tally.gateway.buckets[17]),
            (1, 1)
        );
        assert_eq!(
            (tally.upstream.buckets[0], tally.upstream.buckets[1]),
            (1, 1)
        );
        assert_eq!(tally.gateway.micros, 90_000_050);
        assert!(counters.take().is_empty());
    }
}
