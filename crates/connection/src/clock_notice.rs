//! That this machine's clock is wrong, said in the log once an hour for each connector: calls write no lines of their own.

use std::collections::HashMap;
use std::sync::Mutex;

use model::Connector;

use crate::connections::{Connections, lock};

/// After so many seconds it is said again.
const QUIET: i64 = 60 * 60;

/// When it was last said, by connector.
#[derive(Debug, Default)]
pub(crate) struct ClockNotices(Mutex<HashMap<String, i64>>);

impl ClockNotices {
    /// Whether it is to be said now; who is told so says it.
    fn is_due(&self, connector: &str, now: i64) -> bool {
        let mut said = lock(&self.0);
        let quiet = said
            .get(connector)
            // Said later than now: the clock was put right, and is wrong again.
            .is_some_and(|at| (*at..at.saturating_add(QUIET)).contains(&now));
        if !quiet {
            said.insert(connector.to_owned(), now);
        }
        !quiet
    }
}

impl Connections {
    /// Says in the log what a refusal tells of this machine's clock, unless that was said of this connector within the hour.
    pub fn warn_of_clock(&self, connector: &Connector, advice: &str) {
        if self
            .clock_notices
            .is_due(&connector.name, self.engine.clock.unix())
        {
            tracing::warn!(connector = connector.name, "{advice}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClockNotices, QUIET};

    #[test]
    fn a_wrong_clock_is_said_once_an_hour_for_each_connector() {
        let notices = ClockNotices::default();
        for (connector, now, due) in [
            ("wiki", 1_000, true),
            ("wiki", 1_000, false),
            ("mail", 1_001, true),
            ("wiki", 999 + QUIET, false),
            ("wiki", 1_000 + QUIET, true),
            ("wiki", 1_001 + QUIET, false),
            ("wiki", 10, true),
        ] {
            assert_eq!(notices.is_due(connector, now), due, "{connector} {now}");
        }
    }
}
