//! The work on an attempt: a task of its own, so that a caller who leaves takes nothing along. It goes on until a person
//! is needed or the attempt is over, and keeps each stage before anybody sees it.

use crate::attempt_record::{AttemptRecord, Stage};
use crate::attempt_table::LiveAttempt;
use crate::attempt_view::{AttemptFailure, AttemptState};
use crate::attempts::Attempts;
use crate::connections::Equipped;
use crate::error::ConnectionError;
use crate::learned::Learned;
use crate::lease::Lease;
use crate::select::Selector;
use crate::sign_in::{SignIn, Stepped};
use crate::step_up::SteppedUp;
use flow::{Credential, Input, Silent};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::{Fence, StoreError};
use tokio::sync::OwnedSemaphorePermit;

/// An attempt, and the right to do something to it: in this process, and across processes.
pub(crate) struct Seized {
    pub(crate) record: AttemptRecord,
    pub(crate) live: Arc<LiveAttempt>,
    /// Goes before the turn: whoever gets that finds the lease free.
    pub(crate) lease: Lease,
    pub(crate) turn: OwnedSemaphorePermit,
}

/// How an advance begins.
pub(crate) enum Push {
    /// The run goes on with this.
    Step(Input),
    /// The other account is taken.
    AcceptIdentity,
}

impl Seized {
    /// Keeps how it stands, gives everything back, and shows it: whoever sees it can act on it at once.
    pub(crate) async fn put_down(mut self, attempts: &Attempts) -> Result<(), ConnectionError> {
        let inner = &attempts.inner;
        let store = &inner.connections.store;
        let saved = self.record.save(store, attempts.now()).await;
        if saved.is_ok() && self.record.kept.stage.has_ended() {
            let fence = Fence::of(self.record.kept.fence);
            let released = store.release(&self.record.kept.turn, &self.record.id, fence);
            if let Err(error) = released.await {
                // It ends by itself when the attempt would have.
                tracing::warn!(%error, "the turn of a sign-in could not be given back");
            }
        }
        self.lease.end().await;
        drop(self.turn);
        if saved.is_ok() {
            inner.table.show(self.record.view());
        }
        saved
    }

    /// Goes on in a task of its own. Whoever watches sees that it is at work.
    pub(crate) fn go_on(mut self, attempts: &Attempts, equipped: Equipped, push: Push) {
        let mut view = self.record.view();
        view.state = AttemptState::Working;
        self.live.show(view);
        let attempts = attempts.clone();
        tokio::spawn(async move {
            let mut learned = Learned::new(Silent);
            let work = self.advance(&attempts, equipped, push, &mut learned);
            if let Err(error) = work.await {
                let failure = AttemptFailure::of(&error, learned.masker());
                self.record.end(Stage::Failed(failure));
            }
            let (id, live, mut last) = (
                self.record.id.clone(),
                self.live.clone(),
                self.record.view(),
            );
            let Err(error) = self.put_down(&attempts).await else {
                return;
            };
            tracing::warn!(%id, %error, "a sign-in could not be kept");
            if matches!(&error, ConnectionError::Store(error) if matches!(**error, StoreError::Conflict))
            {
                // Another process has gone on with it meanwhile: theirs counts.
                return attempts.look_again(&id).await;
            }
            last.version += 1;
            last.state = AttemptState::Failed(AttemptFailure::of(&error, learned.masker()));
            live.show(last);
            // What is kept is as it was: whoever looks again sees that.
            attempts.inner.table.forget(&id);
        });
    }

    /// Gives what a step-up brought to the calls that wait, or keeps it for the next one.
    fn stepped_up(&mut self, attempts: &Attempts, credential: Credential) {
        let connections = &attempts.inner.connections;
        let Some(connection) = self.record.kept.steps_up.clone() else {
            return;
        };
        if let Some(handle) = connections.opened(&connection) {
            connections.take_cookies(&handle, &credential);
        }
        self.record.end(Stage::SteppedUp { connection });
        if self.record.is_over_at(attempts.now()) {
            self.record.end(Stage::Expired);
        } else if !self.live.give(SteppedUp::new(credential.clone())) {
            self.record.other = Some(credential);
        }
    }

    /// As far as it goes; the stage it came to is in the record, and not kept yet.
    async fn advance(
        &mut self,
        attempts: &Attempts,
        equipped: Equipped,
        push: Push,
        learned: &mut Learned<Silent>,
    ) -> Result<(), ConnectionError> {
        let connections = attempts.inner.connections.clone();
        let record = &mut self.record;
        let mut given_up = self.live.given_up.subscribe();
        let mut given_up = pin!(given_up.wait_for(|given_up| *given_up));
        let renews = match &record.kept.renews {
            Some(id) => connections.store.get(id).await?.map(Box::new),
            None => None,
        };
        let run = record.run.take().ok_or_else(nothing_kept)?;
        let selector = Selector {
            owner: record.owner.clone(),
            name: record.kept.name.clone(),
        };
        let mut sign_in = SignIn::taken_up(connections.clone(), equipped, selector, run, renews);
        let (credential, agreed) = match push {
            Push::AcceptIdentity => (record.other.take().ok_or_else(nothing_kept)?, true),
            Push::Step(mut input) => loop {
                let stepped = tokio::select! {
                    biased;
                    stepped = sign_in.step(input, learned) => stepped?,
                    _ = &mut given_up => {
                        record.end(Stage::Cancelled);
                        return Ok(());
                    }
                };
                record.run = Some(sign_in.run().clone());
                record.kept.stage = match stepped {
                    Stepped::Signed(credential) if record.kept.steps_up.is_some() => {
                        self.stepped_up(attempts, *credential);
                        return Ok(());
                    }
                    Stepped::Signed(credential) => break (*credential, false),
                    Stepped::Ask(mut prompt) => {
                        prompt.error = prompt
                            .error
                            .map(|error| error.masked(&|text| learned.masker().mask(text)));
                        Stage::Form(prompt)
                    }
                    Stepped::Open(open) => Stage::Open(open),
                    Stepped::Wait { until, show } => Stage::Wait {
                        until: millis(until),
                        show,
                    },
                };
                if !matches!(record.kept.stage, Stage::Wait { .. }) {
                    return Ok(());
                }
                record.save(&connections.store, attempts.now()).await?;
                self.live.show(record.view());
                tokio::select! {
                    () = attempts.rest(record) => {}
                    _ = &mut given_up => {
                        record.end(Stage::Cancelled);
                        return Ok(());
                    }
                }
                if record.is_over_at(attempts.now()) {
                    record.end(Stage::Expired);
                    return Ok(());
                }
                input = Input::Continue;
            },
        };
        if record.is_over_at(attempts.now()) {
            record.end(Stage::Expired);
            return Ok(());
        }
        // From here on nobody gives it up: it is being stored.
        match sign_in.settle(credential, agreed).await {
            Ok(handle) => record.end(Stage::SignedIn {
                connection: handle.id().to_owned(),
            }),
            Err(ConnectionError::IdentityDiffers { old, new }) => {
                record.other = sign_in.other().cloned();
                record.kept.stage = Stage::Confirm { old, new };
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Attempts {
    /// Waits as long as the clock says it is to the time that a run goes on at, or to the attempt's end.
    pub(crate) async fn rest(&self, record: &AttemptRecord) {
        let Stage::Wait { until, .. } = record.kept.stage else {
            return;
        };
        let end = Duration::from_secs(record.kept.expires_at.max(0).unsigned_abs());
        let until = UNIX_EPOCH + Duration::from_millis(until).min(end);
        let now = self.inner.connections.engine.clock.now();
        if let Ok(left) = until.duration_since(now) {
            tokio::time::sleep(left).await;
        }
    }
}

fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn nothing_kept() -> ConnectionError {
    ConnectionError::Ours {
        message: "There is nothing to go on with: start the sign-in again.".to_owned(),
    }
}
