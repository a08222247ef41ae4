//! Starting an attempt, or joining the one that is open for the same connection: whoever gets the turn starts it, and
//! everybody else finds it.

use crate::attempt::Attempt;
use crate::attempt_error::AttemptError;
use crate::attempt_record::{AttemptRecord, Kept, Stage};
use crate::attempt_work::{Push, Seized};
use crate::attempts::{Attempts, Opener};
use crate::connections::Equipped;
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::select::Selector;
use crate::sign_in::{Prepared, Purpose};
use crate::step_up::turn_key;
use flow::{Answers, Input, Progress, Run};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use store::{ConnectionRecord, Fence};

/// Length of an id in bytes: who guesses one must still be its owner, but shall not learn that it is there.
const ID_BYTES: usize = 16;
/// How long a process that dies while it starts one stalls the next.
const TAKING: Duration = Duration::from_secs(10);
/// How often, and how many times, it is looked whether another process has come so far.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 20;
/// How many attempts at one connection are remembered after their end.
const ENDS: usize = 4;

/// What an attempt is for.
pub(crate) enum What {
    /// A credential.
    SignIn(Purpose),
    /// More proof for a call whose reply asked for it.
    StepUp {
        handle: Arc<Handle>,
        response: Value,
    },
}

/// What an attempt begins with.
struct Beginning {
    stage: Stage,
    run: Option<Run>,
    renews: Option<Box<ConnectionRecord>>,
}

impl Attempts {
    pub(crate) async fn begin(
        &self,
        equipped: Equipped,
        selector: Selector,
        what: What,
        opener: Opener,
    ) -> Result<Attempt, AttemptError> {
        let connections = &self.inner.connections;
        let turn = match &what {
            What::SignIn(_) => connections.turn_of(&equipped.connector, &selector).await?,
            What::StepUp { handle, .. } => turn_key(handle),
        };
        let id = connections.engine.random.base64url(ID_BYTES);
        let mut looks = 0;
        let fence = loop {
            // Whoever ended the last one may have died before it gave the turn back.
            let stuck = looks > 0;
            if let Some(record) = self.open_at(&equipped, &selector, &turn, stuck).await? {
                return self.see(record).await;
            }
            if let Some(fence) = connections.store.lease(&turn, &id, TAKING).await? {
                break fence;
            }
            if looks == LOOKS {
                return Err(AttemptError::Elsewhere);
            }
            looks += 1;
            tokio::time::sleep(LOOK).await;
        };
        // One whose process died just after it was started is open all the same.
        if let Some(record) = self.open_at(&equipped, &selector, &turn, false).await? {
            connections.store.release(&turn, &id, fence).await?;
            return self.see(record).await;
        }
        let begun = self
            .begin_in_turn(&id, &turn, fence, equipped, selector, what, opener)
            .await;
        if begun.is_err()
            && let Err(error) = connections.store.release(&turn, &id, fence).await
        {
            tracing::warn!(%error, "the turn of a sign-in could not be given back");
        }
        begun
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "what was decided so far, and what was asked for"
    )]
    async fn begin_in_turn(
        &self,
        id: &str,
        turn: &str,
        fence: Fence,
        equipped: Equipped,
        selector: Selector,
        what: What,
        opener: Opener,
    ) -> Result<Attempt, AttemptError> {
        let inner = &self.inner;
        let store = &inner.connections.store;
        let connector = &equipped.connector;
        let steps_up = match &what {
            What::SignIn(_) => None,
            What::StepUp { handle, .. } => Some(handle.id().to_owned()),
        };
        let beginning = match what {
            What::SignIn(purpose) => self.prepared(&equipped, &selector, purpose).await?,
            What::StepUp { handle, response } => Beginning {
                stage: Stage::Begin,
                run: Some(Run::step_up(connector, &handle.credential(), response)),
                renews: None,
            },
        };
        let life = inner.limits.life;
        let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        let record = AttemptRecord {
            id: id.to_owned(),
            connector: connector.name.clone(),
            environment: connector.environment.clone(),
            owner: selector.owner_at(connector).to_owned(),
            version: None,
            kept: Kept {
                name: selector.name,
                turn: turn.to_owned(),
                fence: fence.number(),
                browser: opener.browser.map(|browser| *browser.bytes()),
                renews: beginning.renews.map(|renewed| renewed.id),
                steps_up,
                expires_at: self.now().saturating_add(seconds),
                stage: beginning.stage,
            },
            run: beginning.run,
            other: None,
        };
        let lease = self.lease_of(id).await?;
        let live = inner
            .table
            .admit(&record, &inner.limits)
            .ok_or(AttemptError::TooMany)?;
        self.keep_swept();
        let held = live.try_turn().ok_or(AttemptError::Busy)?;
        let attempt = Attempt::new(live.subscribe());
        let mut seized = Seized {
            record,
            live,
            turn: held,
            lease,
        };
        let begins = matches!(seized.record.kept.stage, Stage::Begin);
        let kept = match begins {
            true => seized
                .record
                .save(store, self.now())
                .await
                .map(|()| Some(seized)),
            false => seized.put_down(self).await.map(|()| None),
        };
        let seized = kept.inspect_err(|_| inner.table.forget(id))?;
        if let Err(error) = store.renew_lease(turn, id, fence, life).await {
            // Who comes next joins it all the same; only the command line does not know.
            tracing::warn!(%error, "the turn of a sign-in could not be kept");
        }
        if let Some(seized) = seized {
            seized.go_on(self, equipped, Push::Step(Input::Begin));
        }
        Ok(attempt)
    }

    async fn prepared(
        &self,
        equipped: &Equipped,
        selector: &Selector,
        purpose: Purpose,
    ) -> Result<Beginning, ConnectionError> {
        let connections = &self.inner.connections;
        let nothing = Answers::new();
        let prepared = connections.prepare(equipped, selector, &nothing, purpose);
        Ok(match prepared.await? {
            Prepared::Elsewhere(handle) => Beginning {
                stage: Stage::SignedIn {
                    connection: handle.id().to_owned(),
                },
                run: None,
                renews: None,
            },
            Prepared::Run {
                run,
                pending,
                renews,
            } => Beginning {
                stage: match pending.map(|pending| *pending) {
                    Some(Progress::Ask(prompt)) => Stage::Form(prompt),
                    Some(Progress::Open(open)) => Stage::Open(open),
                    _ => Stage::Begin,
                },
                run: Some(*run),
                renews,
            },
        })
    }

    /// The attempt that is open in this turn. Where that is `stuck`, those that are over give it back once more.
    async fn open_at(
        &self,
        equipped: &Equipped,
        selector: &Selector,
        turn: &str,
        stuck: bool,
    ) -> Result<Option<AttemptRecord>, AttemptError> {
        let store = &self.inner.connections.store;
        let connector = &equipped.connector;
        let runs = store.find_runs(
            &connector.name,
            connector.environment.as_deref(),
            selector.owner_at(connector),
        );
        let mut ended = 0;
        for run in runs.await? {
            let record = match AttemptRecord::load(store, &run.id).await {
                Ok(Some(record)) if record.kept.turn == turn => record,
                Ok(_) => continue,
                Err(error) => {
                    // Of a later version of the program, perhaps: it goes away when its time is over.
                    tracing::warn!(id = %run.id, %error, "a sign-in cannot be read");
                    continue;
                }
            };
            if !record.kept.stage.has_ended() && !record.is_over_at(self.now()) {
                return Ok(Some(record));
            }
            if !record.kept.stage.has_ended() {
                self.see(record).await?;
                continue;
            }
            if stuck {
                let fence = Fence::of(record.kept.fence);
                store.release(turn, &record.id, fence).await?;
            }
            ended += 1;
            if ended > ENDS {
                store.delete_run(&record.id).await?;
            }
        }
        Ok(None)
    }
}
