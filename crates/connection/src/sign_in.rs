//! Signs an owner in: a run that may pause for a person, and a credential that is stored only once it works.

use crate::connections::{Connections, Equipped};
use crate::counters;
use crate::current::unsealable;
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::identities::MISSING;
use crate::kept::Kept;
use crate::lease::Lease;
use crate::proof::{self, Proof};
use crate::select::Selector;
use crate::table::Siblings;
use flow::{Answers, Credential, Failure, Input, Observer, Open, Progress, Prompt, Run, Show};
use model::{CredentialState, Event, StateRecord, transition};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use store::{ConnectionRecord, NewConnection, StoreError};

/// How long a sign-in that died at its prompt stalls the next.
const TTL: Duration = Duration::from_secs(3);
/// How often a second sign-in looks whether the first is done.
const LOOK: Duration = Duration::from_millis(100);
/// How often a new credential is written over a connection that others write to at the same time.
const ATTEMPTS: u32 = 5;

/// Why somebody signs in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// A call needs a credential: one that another sign-in has brought meanwhile will do.
    Needed,
    /// The person asked to sign in, whatever is stored.
    Asked,
}

/// What a sign-in begins with.
#[derive(Debug)]
pub enum Begun {
    /// A sign-in to advance.
    Started(Box<SignIn>),
    /// Another sign-in, perhaps of another process, was under way and has brought this.
    Elsewhere(Arc<Handle>),
}

/// A sign-in under way: the only one of its owner at its connector, until it is dropped.
pub struct SignIn {
    connections: Connections,
    equipped: Equipped,
    selector: Selector,
    run: Run,
    /// The question a renewal stopped at, asked first.
    pending: Option<Progress>,
    /// Answers given ahead, for the questions of a renewal.
    given: Answers,
    /// The connection whose renewal goes on here, with what is kept of its sign-in.
    renews: Option<Box<ConnectionRecord>>,
    /// A credential that works, but is another account's.
    other: Option<Box<Credential>>,
    /// None where the turn is held elsewhere, as an attempt does.
    _turn: Option<Lease>,
}

/// Where a sign-in is.
#[derive(Debug)]
pub enum SignInProgress {
    /// Fill in a form.
    Ask(Prompt),
    /// Open a page.
    Open(Open),
    /// Advance again then.
    Wait {
        /// When.
        until: SystemTime,
        /// What a person has to see meanwhile.
        show: Option<Box<Show>>,
    },
    /// Signed in, and stored.
    Done(Arc<Handle>),
}

impl Connections {
    /// Begins a sign-in for `selector`, with answers given ahead. Waits while another one for the same owner is under
    /// way: two prompts for one connection at once would be one too many.
    ///
    /// # Errors
    /// Where the store fails, or several connections fit.
    pub async fn sign_in(
        &self,
        equipped: &Equipped,
        selector: Selector,
        given: Answers,
        purpose: Purpose,
    ) -> Result<Begun, ConnectionError> {
        let holder = self.engine.random.base64url(12);
        let key = self.turn_of(&equipped.connector, &selector).await?;
        let turn = loop {
            match Lease::take(&self.store, &key, &holder, TTL).await? {
                Some(turn) => break turn,
                None => tokio::time::sleep(LOOK).await,
            }
        };
        match self.prepare(equipped, &selector, &given, purpose).await {
            Ok(Prepared::Elsewhere(handle)) => {
                turn.end().await;
                Ok(Begun::Elsewhere(handle))
            }
            Ok(Prepared::Run {
                run,
                pending,
                renews,
            }) => Ok(Begun::Started(Box::new(SignIn {
                connections: self.clone(),
                equipped: equipped.clone(),
                selector,
                run: *run,
                pending: pending.map(|pending| *pending),
                given,
                renews,
                other: None,
                _turn: Some(turn),
            }))),
            Err(error) => {
                turn.end().await;
                Err(error)
            }
        }
    }

    pub(crate) async fn prepare(
        &self,
        equipped: &Equipped,
        selector: &Selector,
        given: &Answers,
        purpose: Purpose,
    ) -> Result<Prepared, ConnectionError> {
        // Also where a person asked for it: with several that fit, there would be no telling whose place it takes.
        let found = self.select(&equipped.connector, selector).await?;
        if purpose == Purpose::Needed
            && let Some(record) = found.clone()
        {
            if let Ok(handle) = self.current(&equipped.connector, &record.id).await {
                return Ok(Prepared::Elsewhere(handle));
            }
            if let Some((run, pending)) = self.resume(&record) {
                return Ok(Prepared::Run {
                    run: Box::new(run),
                    pending: Some(Box::new(pending)),
                    renews: Some(Box::new(record)),
                });
            }
            // Another process was asked. Its run is gone, but what is kept answers all the rest again.
            if matches!(
                record.state.state,
                CredentialState::SignInRequired { asked: true }
            ) && record.origins == equipped.connector.origin_set_key()
                // Not in a browser that has not shown it: then nothing of it is known here.
                && let Some(credential) = self.known_credential(&record).await?
            {
                return Ok(Prepared::Run {
                    run: Box::new(Run::refresh(&equipped.connector, &credential)),
                    pending: None,
                    renews: Some(Box::new(record)),
                });
            }
        }
        let run = Run::auth(&equipped.connector, given.clone());
        let run = self.after(found.as_ref(), &equipped.connector, run).await;
        Ok(Prepared::Run {
            run: Box::new(run),
            pending: None,
            renews: None,
        })
    }
}

/// What a sign-in begins with, its turn being taken.
pub(crate) enum Prepared {
    Run {
        run: Box<Run>,
        /// The question that `run` has stopped at.
        pending: Option<Box<Progress>>,
        /// The connection whose renewal `run` is.
        renews: Option<Box<ConnectionRecord>>,
    },
    Elsewhere(Arc<Handle>),
}

/// How far a sign-in came, before anything of it is stored.
pub(crate) enum Stepped {
    Ask(Prompt),
    Open(Open),
    Wait {
        until: SystemTime,
        show: Option<Box<Show>>,
    },
    Signed(Box<Credential>),
}

impl SignIn {
    /// Goes on until a person or a time is needed, or to the end.
    ///
    /// # Errors
    /// The sign-in failed, or [`ConnectionError::IdentityDiffers`]: then [`SignIn::accept_identity`] takes it all the same.
    pub async fn advance(
        &mut self,
        input: Input,
        observer: &mut dyn Observer,
    ) -> Result<SignInProgress, ConnectionError> {
        match self.step(input, observer).await? {
            Stepped::Ask(prompt) => Ok(SignInProgress::Ask(prompt)),
            Stepped::Open(open) => Ok(SignInProgress::Open(open)),
            Stepped::Wait { until, show } => Ok(SignInProgress::Wait { until, show }),
            Stepped::Signed(credential) => self
                .settle(*credential, false)
                .await
                .map(SignInProgress::Done),
        }
    }

    /// A sign-in that was put aside, to go on with. Its turn is held elsewhere.
    pub(crate) fn taken_up(
        connections: Connections,
        equipped: Equipped,
        selector: Selector,
        run: Run,
        renews: Option<Box<ConnectionRecord>>,
    ) -> Self {
        Self {
            connections,
            equipped,
            selector,
            run,
            pending: None,
            given: Answers::new(),
            renews,
            other: None,
            _turn: None,
        }
    }

    /// The run, to be put aside.
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    /// The credential of another account that waits for a person to agree.
    pub(crate) fn other(&self) -> Option<&Credential> {
        self.other.as_deref()
    }

    /// Goes on like [`SignIn::advance`], and stores no credential: dropped half-way, nothing has changed.
    pub(crate) async fn step(
        &mut self,
        input: Input,
        observer: &mut dyn Observer,
    ) -> Result<Stepped, ConnectionError> {
        let mut progress = match (input, self.pending.take()) {
            (Input::Begin, Some(pending)) => pending,
            (input, _) => self.push(input, observer).await,
        };
        // An auth flow's run has the answers given ahead from its start; a renewal's run has to be handed them.
        if let Progress::Ask(prompt) = &progress
            && self.renews.is_some()
            && self.given.keys().any(|(step, _)| step == prompt.step)
        {
            let given = Input::Answers(std::mem::take(&mut self.given));
            progress = self.push(given, observer).await;
        }
        match progress {
            Progress::Ask(prompt) => Ok(Stepped::Ask(prompt)),
            Progress::Open(open) => Ok(Stepped::Open(open)),
            Progress::Wait { until, show } => Ok(Stepped::Wait { until, show }),
            Progress::Done(credential) => Ok(Stepped::Signed(credential)),
            Progress::Identify { .. } => Err(ConnectionError::Ours {
                message: "The sign-in asked who its user is, and nobody told it.".to_owned(),
            }),
            // What is missing is not the API's to refuse.
            Progress::Failed(failure) if failure.code == MISSING => {
                Err(ConnectionError::SignInRequired {
                    reason: failure.message.into(),
                })
            }
            Progress::Failed(failure) => {
                if failure.stored_password_refused {
                    self.note_refused(&failure).await?;
                }
                let failed = Err(ConnectionError::Flow(failure.into()));
                counters::sign_in(&self.equipped.connector.name, &failed);
                failed
            }
        }
    }

    /// Advances the run, as its owner.
    async fn push(&mut self, input: Input, observer: &mut dyn Observer) -> Progress {
        let (connections, equipped) = (self.connections.clone(), self.equipped.clone());
        let owner = self.selector.owner_at(&equipped.connector).to_owned();
        connections
            .advance(&mut self.run, &equipped, &owner, input, observer)
            .await
    }

    /// Stores that what is kept was refused, so that nobody puts it forward again by itself.
    async fn note_refused(&self, failure: &Failure) -> Result<(), ConnectionError> {
        let Some(record) = &self.renews else {
            return Ok(());
        };
        let refused = Event::StoredPasswordRefused {
            reason: failure.message.clone(),
        };
        // The renewal has noted a state of its own since this record was read.
        let Ok(newest) = self.connections.read(&record.id).await else {
            return Ok(());
        };
        let now = self.connections.engine.clock.unix();
        let Ok(state) = transition(&newest.state, refused, now) else {
            return Ok(());
        };
        let stored = &self.connections.store;
        match stored
            .set_state(&newest.id, newest.version, None, state)
            .await
        {
            // Somebody has signed in meanwhile: then nothing that was refused is kept any more.
            Err(StoreError::Conflict) => Ok(()),
            outcome => outcome.map(drop).map_err(ConnectionError::from),
        }
    }

    /// Takes the credential of another account in the old one's place, which a person has agreed to.
    ///
    /// # Errors
    /// Where the store fails, or there is nothing to accept.
    pub async fn accept_identity(&mut self) -> Result<Arc<Handle>, ConnectionError> {
        match self.other.take() {
            Some(credential) => self.settle(*credential, true).await,
            None => Err(ConnectionError::Ours {
                message: "There is no other account to accept.".to_owned(),
            }),
        }
    }

    /// Stores what the sign-in brought, over the connection it is for or as a new one.
    pub(crate) async fn settle(
        &mut self,
        credential: Credential,
        other_is_fine: bool,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let settled = self.put_in_place(credential, other_is_fine).await;
        counters::sign_in(&self.equipped.connector.name, &settled);
        if settled.is_ok() {
            // Whatever failed before does not hold up the next sign-in that needs no person.
            self.forget_setback().await;
        }
        settled
    }

    async fn forget_setback(&self) {
        let connections = &self.connections;
        let forgotten = async {
            let turn = connections.turn_of(&self.equipped.connector, &self.selector);
            Ok::<_, ConnectionError>(connections.store.clear_setback(&turn.await?).await?)
        };
        if let Err(error) = forgotten.await {
            tracing::warn!(%error, "a failed sign-in could not be forgotten");
        }
    }

    async fn put_in_place(
        &mut self,
        mut credential: Credential,
        other_is_fine: bool,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let connector = &self.equipped.connector;
        let kept = Kept::after_sign_in(connector, self.selector.owner_at(connector));
        let mut proof = None;
        for _ in 0..ATTEMPTS {
            let found = self
                .connections
                .select(&self.equipped.connector, &self.selector)
                .await?;
            if !other_is_fine
                && let Some(record) = &found
                && let Some(difference) = difference(record, &credential)
            {
                self.other = Some(Box::new(credential));
                return Err(difference);
            }
            let Some(proof) = &proof else {
                let record = found.unwrap_or_else(|| self.to_be(&credential));
                let proven = self.connections.prove(&self.equipped, record, credential);
                let (proven, shown) = proven.await?;
                (credential, proof) = (proven, Some(shown));
                // The test took its time, and the connection may have changed.
                continue;
            };
            let told_taken = |handle: &Arc<Handle>| {
                if matches!(proof, Proof::Accepted) {
                    handle.note_taken();
                }
            };
            let now = self.connections.engine.clock.unix();
            let told = |mut state: StateRecord| {
                if let Proof::Postponed { message } = proof {
                    state.reason = format!("signed in, and not tested yet: {message}");
                }
                state
            };
            let Some(record) = found else {
                let state = told(StateRecord::signed_in(now));
                let created = self.create(credential, state).await;
                return created.inspect(told_taken);
            };
            let state = transition(&record.state, Event::SignedIn, now).map(told);
            let state = state.map_err(|error| ConnectionError::Ours {
                message: error.to_string(),
            })?;
            match self
                .connections
                .replace(&record, None, state, credential.clone(), kept, false)
                .await
            {
                // A renewal has landed in between. What a person just did is newer.
                Err(ConnectionError::Store(error)) if matches!(*error, StoreError::Conflict) => {}
                settled => return settled.inspect(told_taken),
            }
        }
        Err(ConnectionError::Ours {
            message: "The connection kept changing while the sign-in was stored.".to_owned(),
        })
    }

    /// The connection that a first sign-in would make, for its test.
    fn to_be(&self, credential: &Credential) -> ConnectionRecord {
        let connector = &self.equipped.connector;
        let now = self.connections.engine.clock.unix();
        ConnectionRecord {
            owner: self.selector.owner_at(connector).to_owned(),
            name: self.selector.name.clone(),
            ..proof::to_be(&self.equipped, credential, now)
        }
    }

    async fn create(
        &self,
        credential: Credential,
        state: StateRecord,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let connector = &self.equipped.connector;
        let new = NewConnection {
            connector: connector.name.clone(),
            environment: connector.environment.clone(),
            owner: self.selector.owner_at(connector).to_owned(),
            origins: connector.origin_set_key(),
            name: self.selector.name.clone(),
            identity: credential.identity.clone(),
            label: credential.label.clone(),
            state,
            expires_at: credential.expires_at,
        };
        let kept = Kept::after_sign_in(connector, &new.owner);
        let sealed = kept.mark(flow::seal_credential(&credential).map_err(unsealable)?);
        let since = self.connections.open.epoch();
        let record = self.connections.store.create(new, sealed).await?;
        // Which connection a call means may be another one now.
        let siblings = Siblings::of(&record);
        self.connections.open.refresh(&HashSet::from([siblings]));
        Ok(self.connections.show(record, credential, kept, since))
    }
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SignIn")
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

/// The error that names both accounts, where they are known to differ.
fn difference(record: &ConnectionRecord, credential: &Credential) -> Option<ConnectionError> {
    let (old, new) = (record.identity.as_ref()?, credential.identity.as_ref()?);
    let named = |identity: &str, label: Option<&String>| match label {
        Some(label) if label != identity => format!("{label} ({identity})"),
        _ => identity.to_owned(),
    };
    (old != new).then(|| ConnectionError::IdentityDiffers {
        old: named(old, record.label.as_ref()),
        new: named(new, credential.label.as_ref()),
    })
}
