//! Test runs: a builder tries a definition out and sees what happens, step by step. Held in memory alone, for half an hour,
//! and only by the person who started them: nothing of one is stored, and none becomes a connection.
//!
//! # Layout
//! - [`TestRuns`]: the test runs that there are, and whose
//! - [`TestRun`] (`run.rs`): one of them; [`Stage`]: where it stands
//! - `drive.rs`: what it does, from beginning to end; `renewed.rs`: what a renewal in it changed; `told.rs`: how it fails
//! - `record.rs`: what it has heard, in the clear; [`Veil`] (`veil.rs`): the only way from there to what is shown;
//!   `revealed.rs`: one value, for who asked

mod drive;
mod record;
mod renewed;
mod revealed;
mod run;
mod told;
mod veil;

use model::{Clock, Random};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::Url;

pub(crate) use drive::{Beginning, Plan, start};
pub(crate) use record::{CookieChange, Entry, Heard, is_typed, leaves};
pub(crate) use revealed::value_at;
pub(crate) use run::{Outcome, Stage, TestRun, Tested, Waiting};
pub(crate) use told::Told;
pub(crate) use veil::Veil;

/// How long one is held, from its start.
pub(crate) const HELD: Duration = Duration::from_secs(30 * 60);

/// The most that one person has at once, and that there are in all.
const MOST_PER_PERSON: usize = 8;
const MOST: usize = 64;

/// Length of an id in bytes.
const ID_BYTES: usize = 16;

/// The test runs that there are. Cheap to clone.
#[derive(Clone)]
pub(crate) struct TestRuns {
    held: Arc<Mutex<BTreeMap<String, Arc<TestRun>>>>,
    clock: Clock,
    random: Random,
}

/// There are too many, and none of them has ended.
pub(crate) struct TooMany;

impl TestRuns {
    pub(crate) fn new(clock: Clock, random: Random) -> Self {
        Self {
            held: Arc::default(),
            clock,
            random,
        }
    }

    /// An id for a new one.
    pub(crate) fn new_id(&self) -> String {
        self.random.base64url(ID_BYTES)
    }

    /// Holds a new one. Where its person has as many as may be, the oldest that has ended goes.
    ///
    /// # Errors
    /// Where none has ended.
    pub(crate) fn hold(&self, run: &Arc<TestRun>) -> Result<(), TooMany> {
        let mut held = self.lock();
        let theirs = held.values().filter(|other| other.person == run.person);
        if theirs.clone().count() >= MOST_PER_PERSON {
            let ended = theirs.filter(|other| other.has_ended());
            let oldest = ended.min_by_key(|other| other.started_at).ok_or(TooMany)?;
            let oldest = oldest.id.clone();
            held.remove(&oldest);
        }
        if held.len() >= MOST {
            return Err(TooMany);
        }
        held.insert(run.id.clone(), run.clone());
        drop(held);
        // However long nobody asks for it, it goes when its time is over.
        let (runs, id) = (self.clone(), run.id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(HELD).await;
            runs.drop_one(&id);
        });
        Ok(())
    }

    /// The one of this id, where it is this person's: another's is as unknown as one that does not exist.
    pub(crate) fn of(&self, person: &str, id: &str) -> Option<Arc<TestRun>> {
        let run = self.lock().get(id).cloned()?;
        (run.person == person).then_some(run)
    }

    /// Those of this person, newest first.
    pub(crate) fn all_of(&self, person: &str) -> Vec<Arc<TestRun>> {
        let held = self.lock();
        let mut theirs: Vec<_> = held
            .values()
            .filter(|run| run.person == person)
            .cloned()
            .collect();
        theirs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
        theirs
    }

    /// Ends one and forgets it.
    pub(crate) fn drop_one(&self, id: &str) {
        if let Some(run) = self.lock().remove(id) {
            run.cancel();
        }
    }

    /// The test run that waits for this redirect.
    pub(crate) fn awaiting(&self, connector: &str, back: &Url) -> Option<Arc<TestRun>> {
        let held = self.lock();
        let mut of_connector = held
            .values()
            .filter(|run| run.equipped.connector.name == connector);
        of_connector.find(|run| run.awaits(back)).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<TestRun>>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.unix();
        held.retain(|_, run| {
            let keep = run.expires_at > now;
            if !keep {
                run.cancel();
            }
            keep
        });
        held
    }
}

impl std::fmt::Debug for TestRuns {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TestRuns")
    }
}
