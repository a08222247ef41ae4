//! Step-ups over HTTP: one prompt for all calls of a connection that ask for more proof.
//!
//! What it gave goes to the calls that wait for it. Where none does, it is kept, sealed and for a minute, for the next
//! call that asks, and that one alone.

use crate::attempt_error::AttemptError;
use crate::attempt_record::AttemptRecord;
use crate::attempt_start::What;
use crate::attempt_view::AttemptState;
use crate::attempts::{Attempts, Opener, undisturbed};
use crate::connections::Equipped;
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::select::Selector;
use crate::step_up::SteppedUp;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;

/// How long a step-up may take that needs nobody, before its call is told that it goes on.
const BY_ITSELF: Duration = Duration::from_secs(30);
/// How many calls wait for one step-up. Who is the one too many is told at once.
const WAITING: usize = 64;

/// What came of asking for more proof.
#[derive(Debug)]
pub enum SteppingUp {
    /// The call can be sent again.
    Done(SteppedUp),
    /// A person is needed.
    Needed {
        /// The attempt in which they go on; none where it failed.
        run: Option<String>,
        /// What is missing, for people.
        reason: String,
    },
}

impl Attempts {
    /// Gets more proof for a call of this connection whose reply asked for it: what a step-up before has left, else by the
    /// one that is open or is begun now. Waits for a person as long as `wait`.
    ///
    /// # Errors
    /// Too many are open, the command line is at it, or the store fails.
    pub async fn step_up(
        &self,
        equipped: &Equipped,
        handle: &Arc<Handle>,
        response: &Value,
        wait: Duration,
    ) -> Result<SteppingUp, AttemptError> {
        if let Some(given) = self.take_given(equipped, handle).await? {
            return Ok(SteppingUp::Done(given));
        }
        let selector = Selector {
            owner: handle.record().owner.clone(),
            name: Some(handle.id().to_owned()),
        };
        let what = What::StepUp {
            handle: handle.clone(),
            response: response.clone(),
        };
        let (attempts, asked) = (self.clone(), equipped.clone());
        let opener = Opener::default();
        let beginning = async move { attempts.begin(asked, selector, what, opener).await };
        let mut attempt = undisturbed(beginning).await?;
        let live = self.inner.table.find(&attempt.id());
        let given = live.and_then(|live| live.given(WAITING));
        // Some need nobody, and then nobody is told.
        let view = match tokio::time::timeout(BY_ITSELF, attempt.settled()).await {
            Ok(view) => view,
            Err(_) => attempt.view(),
        };
        if !view.state.has_ended() && given.is_some() && !wait.is_zero() {
            let mut views = attempt.watch();
            let ended = views.wait_for(|view| view.state.has_ended());
            // Whether it ended in time is told by the view below.
            let _ = tokio::time::timeout(wait, ended).await;
        }
        if let Some(given) = &given
            && let Some(stepped) = given.borrow().clone()
        {
            return Ok(SteppingUp::Done(stepped));
        }
        let view = attempt.view();
        let reason = match &view.state {
            AttemptState::SteppedUp { .. } => match self.take_given(equipped, handle).await? {
                Some(given) => return Ok(SteppingUp::Done(given)),
                None => "another call has used what was proven".to_owned(),
            },
            AttemptState::Failed(failure) => failure.message.to_string(),
            AttemptState::Expired | AttemptState::Cancelled => "nobody has confirmed it".to_owned(),
            AttemptState::Working | AttemptState::Waiting(_) | AttemptState::SignedIn { .. } => {
                "somebody has to confirm it".to_owned()
            }
        };
        let run = (!view.state.has_ended()).then_some(view.id);
        Ok(SteppingUp::Needed { run, reason })
    }

    /// How many calls wait, in this process, for what a step-up gives.
    #[must_use]
    pub fn waiting_calls(&self, run: &str) -> usize {
        let live = self.inner.table.find(run);
        live.map_or(0, |live| live.waiting())
    }

    /// What a step-up has left for the next call, which is gone then.
    async fn take_given(
        &self,
        equipped: &Equipped,
        handle: &Handle,
    ) -> Result<Option<SteppedUp>, AttemptError> {
        let store = &self.inner.connections.store;
        let connector = &equipped.connector;
        let environment = connector.environment.as_deref();
        let owner = &handle.record().owner;
        for run in store.find_runs(&connector.name, environment, owner).await? {
            let Ok(Some(mut record)) = AttemptRecord::load(store, &run.id).await else {
                continue;
            };
            if record.kept.steps_up.as_deref() != Some(handle.id())
                || !record.kept.stage.has_ended()
            {
                continue;
            }
            let Some(given) = record.other.take() else {
                continue;
            };
            match record.save(store, self.now()).await {
                Ok(()) => return Ok(Some(SteppedUp::new(given))),
                // Another call was faster.
                Err(ConnectionError::Store(error)) if matches!(*error, StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}
