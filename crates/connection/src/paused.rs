//! Renewals that stopped at a question, kept in memory until somebody answers: a bounded number, the oldest out.
//!
//! Who is not in here any more loses little: what is kept of the sign-in answers all the rest again, or, where only a
//! browser has that, the person signs in anew.

use flow::{Progress, Run};
use std::collections::{HashMap, VecDeque};

/// How many are kept. A run has what its steps left behind, some kilobytes.
const MOST: usize = 1_000;

/// Those that are paused, by connection.
#[derive(Default)]
pub(crate) struct PausedRenewals {
    runs: HashMap<String, (u64, Paused)>,
    /// In the order in which they came, with the number by which one that came again is told from the first.
    order: VecDeque<(u64, String)>,
    number: u64,
}

/// A run that waits for somebody to answer.
pub(crate) struct Paused {
    /// The version of the credential that it renews.
    pub(crate) version: u64,
    pub(crate) run: Run,
    pub(crate) asks: Progress,
}

impl PausedRenewals {
    pub(crate) fn put(&mut self, id: &str, paused: Paused) {
        self.number += 1;
        self.runs.insert(id.to_owned(), (self.number, paused));
        self.order.push_back((self.number, id.to_owned()));
        let Self { runs, order, .. } = self;
        let is_there = |(number, id): &(u64, String), runs: &HashMap<String, (u64, Paused)>| {
            runs.get(id).is_some_and(|(newest, _)| newest == number)
        };
        if order.len() > 2 * MOST {
            order.retain(|entry| is_there(entry, runs));
        }
        while runs.len() > MOST
            && let Some(oldest) = order.pop_front()
        {
            if is_there(&oldest, runs) {
                runs.remove(&oldest.1);
            }
        }
    }

    pub(crate) fn take(&mut self, id: &str) -> Option<Paused> {
        self.runs.remove(id).map(|(_, paused)| paused)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Paused, PausedRenewals};
    use flow::{Answers, Progress, Run};
    use std::time::UNIX_EPOCH;

    fn paused(version: u64) -> Paused {
        let text =
            "stepgate: 1\nconnector: a\nbase_url: https://a.example\nauth_flow: { steps: [] }\n";
        let reading = model::read(&model::Source::new("a.yaml", text.to_owned()));
        let connector = reading.connector.unwrap();
        Paused {
            version,
            run: Run::auth(&connector, Answers::new()),
            asks: Progress::Wait {
                until: UNIX_EPOCH,
                show: None,
            },
        }
    }

    #[test]
    fn the_oldest_make_room() {
        let mut all = PausedRenewals::default();
        all.put("first", paused(1));
        all.put("second", paused(1));
        // One that stops again is as new as its last question.
        all.put("first", paused(2));
        for number in 0..MOST - 1 {
            all.put(&number.to_string(), paused(1));
        }
        assert_eq!(all.runs.len(), MOST);
        assert!(all.take("second").is_none());
        assert_eq!(all.take("first").map(|paused| paused.version), Some(2));
        assert!(all.take("first").is_none());
    }

    #[test]
    fn what_comes_and_goes_leaves_nothing_behind() {
        let mut all = PausedRenewals::default();
        all.put("first", paused(1));
        for version in 0..3 * MOST as u64 {
            all.put("one", paused(version));
            if version % 2 == 0 {
                assert!(all.take("one").is_some());
            }
        }
        assert!(all.order.len() <= 2 * MOST, "{}", all.order.len());
        assert!(all.take("first").is_some());
    }
}
