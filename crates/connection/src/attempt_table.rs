//! The attempts that are open in this process: what their watchers see, and that one thing at a time is done to each.

use crate::attempt_record::AttemptRecord;
use crate::attempt_view::{AttemptState, AttemptView};
use crate::attempts::AttemptLimits;
use crate::step_up::SteppedUp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// All of them, by id.
#[derive(Default)]
pub(crate) struct AttemptTable {
    open: Mutex<HashMap<String, Arc<LiveAttempt>>>,
}

/// One that is open.
pub(crate) struct LiveAttempt {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) expires_at: i64,
    views: watch::Sender<AttemptView>,
    /// One permit, held by whoever does something to it.
    turn: Arc<Semaphore>,
    /// Whether it was given up; never taken back.
    pub(crate) given_up: watch::Sender<bool>,
    /// What a step-up gave, for the calls that wait for it.
    given: watch::Sender<Option<SteppedUp>>,
}

impl AttemptTable {
    /// The one of this record, open here from now on.
    pub(crate) fn enter(&self, record: &AttemptRecord) -> Arc<LiveAttempt> {
        let mut open = self.lock();
        let live = open.entry(record.id.clone());
        live.or_insert_with(|| Arc::new(LiveAttempt::of(record)))
            .clone()
    }

    /// A new one, unless too many are open already.
    pub(crate) fn admit(
        &self,
        record: &AttemptRecord,
        limits: &AttemptLimits,
    ) -> Option<Arc<LiveAttempt>> {
        let mut open = self.lock();
        let count = |is_theirs: &dyn Fn(&LiveAttempt) -> bool| {
            open.values().filter(|live| is_theirs(live)).count()
        };
        let app = app(&record.owner);
        if open.len() >= limits.open
            || count(&|live| live.owner == record.owner) >= limits.per_owner
            || count(&|live| self::app(&live.owner) == app) >= limits.per_app
        {
            return None;
        }
        let live = Arc::new(LiveAttempt::of(record));
        open.insert(record.id.clone(), live.clone());
        Some(live)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<LiveAttempt>> {
        self.lock().get(id).cloned()
    }

    pub(crate) fn forget(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Shows a view to the watchers of its attempt, and lets go of one that is over.
    pub(crate) fn show(&self, view: AttemptView) {
        let mut open = self.lock();
        let Some(live) = open.get(&view.id).cloned() else {
            return;
        };
        if view.state.has_ended() {
            open.remove(&view.id);
        }
        drop(open);
        live.show(view);
    }

    pub(crate) fn all(&self) -> Vec<Arc<LiveAttempt>> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<LiveAttempt>>> {
        // The table is whole after every statement, so a panic elsewhere leaves it usable.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The app in an owner's text; of what belongs to no app, nothing.
fn app(owner: &str) -> Option<&str> {
    owner.split_once('/').map(|(app, _)| app)
}

impl LiveAttempt {
    fn of(record: &AttemptRecord) -> Self {
        Self {
            id: record.id.clone(),
            owner: record.owner.clone(),
            expires_at: record.kept.expires_at,
            views: watch::Sender::new(record.view()),
            turn: Arc::new(Semaphore::new(1)),
            given_up: watch::Sender::new(false),
            given: watch::Sender::new(None),
        }
    }

    /// The right to do something to it, where nobody else here has it.
    pub(crate) fn try_turn(&self) -> Option<OwnedSemaphorePermit> {
        self.turn.clone().try_acquire_owned().ok()
    }

    /// The right to do something to it, once nobody else here has it.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed.
        self.turn.clone().acquire_owned().await.ok()
    }

    /// Hears what a step-up gives, unless so many hear it already.
    pub(crate) fn given(&self, most: usize) -> Option<watch::Receiver<Option<SteppedUp>>> {
        (self.waiting() < most).then(|| self.given.subscribe())
    }

    /// How many hear it.
    pub(crate) fn waiting(&self) -> usize {
        self.given.receiver_count()
    }

    /// Gives it to all who wait; whether there was anybody.
    pub(crate) fn give(&self, stepped: SteppedUp) -> bool {
        self.given.send(Some(stepped)).is_ok()
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.turn.available_permits() == 0
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.views.receiver_count() > 0
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<AttemptView> {
        self.views.subscribe()
    }

    /// Shows what is kept, where nobody here is at it: a view of work that broke off goes too.
    pub(crate) fn show_kept(&self, view: AttemptView) {
        self.views.send_if_modified(|shown| {
            let newer = view.version > shown.version;
            let broken_off = view.version == shown.version
                && matches!(shown.state, AttemptState::Working)
                && !matches!(view.state, AttemptState::Working);
            // Asked in here: who is at it has the turn before it shows anything.
            let kept = !self.is_busy() && (newer || broken_off);
            if kept {
                *shown = view;
            }
            kept
        });
    }

    /// Shows a newer view. Those of two who show at once come in any order, and the older one is left out.
    pub(crate) fn show(&self, view: AttemptView) {
        self.views.send_if_modified(|shown| {
            // At work with what was read last, of which nothing is kept yet.
            let begins = matches!(view.state, AttemptState::Working);
            let newer = view.version > shown.version || (begins && view.version == shown.version);
            if newer {
                *shown = view;
            }
            newer
        });
    }
}
