//! Signs in by itself where the auth flow needs no person: for a call that finds no credential, or one that cannot be
//! renewed.
//!
//! As with a renewal, the first comer in the process starts a task and everybody only waits for it; across processes the
//! turn of the connection's sign-ins lets one at it, and whoever gets it looks again before it sends anything. A failure
//! is kept in the store, so that it is not repeated by each call.

use crate::connections::{Connections, Equipped};
use crate::drive::{question, rest};
use crate::error::ConnectionError;
use crate::flight::Boarding;
use crate::handle::Handle;
use crate::kept::not_shown;
use crate::learned::Learned;
use crate::lease::Lease;
use crate::relay::Relay;
use crate::select::Selector;
use crate::setback::SetBack;
use crate::sign_in::{SignIn, Stepped};
use flow::{Answers, Credential, Input, Observer, Progress, Run};
use model::{CredentialState, Renewal};
use secret::SecretBytes;
use std::sync::Arc;
use std::time::Duration;
use store::{ConnectionRecord, Digest, SetbackRecord};

/// How long a process that died in such a sign-in stalls the others.
const TTL: Duration = Duration::from_secs(10);
/// How often it is looked whether another process, or a person, is done.
const LOOK: Duration = Duration::from_millis(100);
/// How often before the callers are told to come back: a person may be at it, who takes their time.
const LOOKS: u32 = 300;
/// How soon a credential that a browser keeps and does not show is signed in for anew, in seconds.
const NOT_SHOWN: i64 = 60;

/// One such sign-in.
struct Unattended {
    connections: Connections,
    equipped: Equipped,
    selector: Selector,
    turn: String,
    observer: Learned<Relay>,
}

/// What came of waiting for one's turn.
enum Turn {
    Taken(Lease),
    /// Another sign-in has brought this meanwhile.
    Brought(Arc<Handle>),
}

/// What is there of the connection that is meant.
enum There {
    Nothing,
    Usable(Arc<Handle>),
    /// It has to be signed in to anew.
    Unusable(Box<ConnectionRecord>),
}

/// What there is to do.
enum Task {
    /// Nothing any more: another sign-in has brought this.
    None(Arc<Handle>),
    /// To sign in. What is kept of it is bound to `basis`.
    SignIn {
        basis: Digest,
        earlier: Option<SetBack>,
    },
}

impl Connections {
    /// The credential of a connection, open for use; signed in to anew where it is of no use any more and no person is
    /// needed for that.
    ///
    /// # Errors
    /// As [`Connections::current`] and [`Connections::sign_in_unattended`].
    pub async fn usable(
        &self,
        equipped: &Equipped,
        id: &str,
        observer: &mut dyn Observer,
    ) -> Result<Arc<Handle>, ConnectionError> {
        match self.current(&equipped.connector, id).await {
            Err(error @ ConnectionError::SignInRequired { .. })
                if equipped.connector.may_sign_in_unattended() =>
            {
                match self.store.get(id).await? {
                    Some(record) => {
                        self.sign_in_again_unattended(equipped, &record, error, observer)
                            .await
                    }
                    None => Err(error),
                }
            }
            outcome => outcome,
        }
    }

    /// Signs in to a connection anew without a person. It is refused by `required` where one is needed, or where the
    /// connector has moved: then what would be signed in to is another connection.
    pub(crate) async fn sign_in_again_unattended(
        &self,
        equipped: &Equipped,
        record: &ConnectionRecord,
        required: ConnectionError,
        observer: &mut dyn Observer,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let connector = &equipped.connector;
        if record.origins != connector.origin_set_key() || !connector.may_sign_in_unattended() {
            return Err(required);
        }
        let selector = Selector {
            owner: record.owner.clone(),
            name: Some(record.id.clone()),
        };
        self.sign_in_unattended(equipped, selector, observer).await
    }

    /// The credential that is there, or the result of one sign-in without a person, for all who ask meanwhile.
    ///
    /// Dropping the future takes nothing along: the sign-in goes on.
    ///
    /// # Errors
    /// [`ConnectionError::SignInRequired`] where a person is needed after all; [`ConnectionError::SetBack`] where it
    /// failed, now or not long ago; several connections fit, or the store fails.
    pub async fn sign_in_unattended(
        &self,
        equipped: &Equipped,
        selector: Selector,
        observer: &mut dyn Observer,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let turn = self.turn_of(&equipped.connector, &selector).await?;
        let (waiting, events) = match self.unattended.board(&turn) {
            Boarding::Wait(waiting) => (waiting, None),
            Boarding::Lead(landing) => {
                let (relay, events) = Relay::new();
                let waiting = landing.watch();
                let unattended = Unattended {
                    connections: self.clone(),
                    equipped: equipped.clone(),
                    selector,
                    turn,
                    observer: Learned::new(relay),
                };
                // A task of its own; a panic in it drops `landing`, which tells the waiters.
                self.spawn(async move { landing.land(unattended.run().await) });
                (waiting, Some(events))
            }
        };
        let result = match events {
            Some(events) => events.hand_on(waiting.result(), observer).await,
            None => waiting.result().await,
        };
        result.unwrap_or_else(|| {
            Err(ConnectionError::Ours {
                message: "The sign-in broke off. Nothing was stored.".to_owned(),
            })
        })
    }

    /// What is kept of the last failure in this turn, where it counts: the definition and the secrets are the same.
    async fn setback(&self, turn: &str, basis: Digest) -> Result<Option<SetBack>, ConnectionError> {
        let kept = self.store.setback(turn).await?;
        let kept = kept.filter(|kept| kept.basis == basis);
        // One that cannot be read is of another version of the program.
        Ok(kept.and_then(|kept| serde_json::from_str(&kept.content).ok()))
    }

    /// A hash of what a sign-in is tried with, under a key that only we have: secrets that are easily guessed must not be
    /// found by it.
    async fn basis(&self, equipped: &Equipped, owner: &str) -> Result<Digest, ConnectionError> {
        let key = self.store.server_secret("setbacks").await?;
        let definition = format!("{:?}", equipped.connector);
        let secrets = equipped
            .secrets
            .values()
            .map(|value| value.reveal().as_bytes());
        // Who the user is, where that is asked: a new single sign-on is tried at once.
        let identity = match equipped.connector.asks_who_the_user_is() {
            true => self.store.identity(owner).await?.map(|kept| kept.version),
            false => None,
        };
        let identity = identity.unwrap_or_default().to_be_bytes();
        let mut all = Vec::new();
        for part in [key.reveal(), definition.as_bytes(), &identity]
            .into_iter()
            .chain(secrets)
        {
            all.extend_from_slice(&part.len().to_be_bytes());
            all.extend_from_slice(part);
        }
        let all = SecretBytes::new(all);
        Ok(Digest::of(all.reveal()))
    }
}

impl Unattended {
    async fn run(mut self) -> Result<Arc<Handle>, ConnectionError> {
        // Before anything is written: what is left alone for now is met by every call.
        if let Task::None(handle) = self.task().await? {
            return Ok(handle);
        }
        match self.turn().await? {
            Turn::Brought(handle) => Ok(handle),
            Turn::Taken(lease) => {
                let result = self.in_turn().await;
                lease.end().await;
                result
            }
        }
    }

    /// Waits for the turn, and looks each time round.
    async fn turn(&self) -> Result<Turn, ConnectionError> {
        let connections = &self.connections;
        let holder = connections.engine.random.base64url(12);
        for _ in 0..LOOKS {
            if let Some(lease) = Lease::take(&connections.store, &self.turn, &holder, TTL).await? {
                return Ok(Turn::Taken(lease));
            }
            if let There::Usable(handle) = self.there_is().await? {
                return Ok(Turn::Brought(handle));
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(ConnectionError::Postponed {
            message: "Another sign-in at this connection has been open for half a minute."
                .to_owned(),
            until: None,
        })
    }

    /// Looks whether to sign in.
    ///
    /// # Errors
    /// Where that would help nobody, or is left alone for now.
    async fn task(&self) -> Result<Task, ConnectionError> {
        let connections = &self.connections;
        let now = connections.engine.clock.unix();
        let unusable = match self.there_is().await? {
            There::Usable(handle) => return Ok(Task::None(handle)),
            There::Unusable(record) => {
                refuse_where_it_helps_nobody(&record, now)?;
                Some(record)
            }
            There::Nothing => None,
        };
        let owner = self.selector.owner_at(&self.equipped.connector);
        let basis = connections.basis(&self.equipped, owner).await?;
        let noted = connections.setback(&self.turn, basis).await?;
        let refused = unusable.and_then(|record| self.refused_renewal(&record, noted.as_ref()));
        let earlier = refused.or(noted);
        match earlier {
            Some(setback) if setback.holds_at(now) => Err(setback.told()),
            earlier => Ok(Task::SignIn { basis, earlier }),
        }
    }

    /// With the turn taken: what another has brought, or a sign-in.
    async fn in_turn(&mut self) -> Result<Arc<Handle>, ConnectionError> {
        let connections = self.connections.clone();
        let (basis, earlier) = match self.task().await? {
            Task::None(handle) => return Ok(handle),
            Task::SignIn { basis, earlier } => (basis, earlier),
        };
        let error = match self.sign_in().await {
            Ok(handle) => {
                if let Some(earlier) = earlier
                    && self.equipped.connector.calls_show_a_password()
                    && handle.is_unproven()
                {
                    // The password has still to be taken. Where it is not, the next wait is to be longer.
                    self.note(basis, &earlier).await;
                }
                return Ok(handle);
            }
            Err(error) => error,
        };
        let jitter = connections.engine.random.bytes::<1>()[0];
        let now = connections.engine.clock.unix();
        let masker = self.observer.masker();
        let Some(setback) = SetBack::after(&error, earlier.as_ref(), masker, now, jitter) else {
            return Err(error);
        };
        tracing::warn!(
            connector = %self.equipped.connector.name,
            code = setback.code(),
            until = setback.until,
            "a sign-in that needs no person failed: {}",
            setback.message
        );
        self.note(basis, &setback).await;
        Err(setback.told())
    }

    async fn note(&self, basis: Digest, setback: &SetBack) {
        let kept = SetbackRecord {
            turn: self.turn.clone(),
            basis,
            content: serde_json::to_string(setback).unwrap_or_default(),
            forget_at: setback.forget_at(),
        };
        if let Err(error) = self.connections.store.put_setback(kept).await {
            // Then the next call tries again, which is the lesser evil.
            tracing::warn!(%error, "a failed sign-in could not be noted");
        }
    }

    /// The connection that is meant, and whether it can be used.
    async fn there_is(&self) -> Result<There, ConnectionError> {
        let connector = &self.equipped.connector;
        let Some(record) = self.connections.select(connector, &self.selector).await? else {
            return Ok(There::Nothing);
        };
        match self.connections.current(connector, &record.id).await {
            Ok(handle) => Ok(There::Usable(handle)),
            Err(ConnectionError::SignInRequired { .. }) => Ok(There::Unusable(Box::new(record))),
            Err(error) => Err(error),
        }
    }

    /// What a renewal that was this very flow, and was refused after what is `noted`, says of the sign-in.
    fn refused_renewal(
        &self,
        record: &ConnectionRecord,
        noted: Option<&SetBack>,
    ) -> Option<SetBack> {
        let is_the_same = matches!(
            self.equipped.connector.renewal(),
            Renewal::AuthFlowAgain | Renewal::SameAsAuthFlow(_)
        );
        if self.equipped.connector.asks_who_the_user_is() {
            // Whether they have signed in anew since is quickly told.
            return None;
        }
        let is_refused = matches!(
            record.state.state,
            CredentialState::SignInRequired { asked: false }
        );
        let since = record.state.since;
        let is_newer = noted.is_none_or(|noted| since >= noted.until);
        (is_the_same && is_refused && is_newer)
            .then(|| SetBack::after_renewal(&record.state.reason, since, noted))
    }

    /// The auth flow to its end; the credential is stored once it is proven.
    async fn sign_in(&mut self) -> Result<Arc<Handle>, ConnectionError> {
        let connector = &self.equipped.connector;
        let found = self.connections.select(connector, &self.selector).await?;
        let run = Run::auth(connector, Answers::new());
        let run = self.connections.after(found.as_ref(), connector, run).await;
        let mut sign_in = SignIn::taken_up(
            self.connections.clone(),
            self.equipped.clone(),
            self.selector.clone(),
            run,
            None,
        );
        let credential = self.drive(&mut sign_in).await?;
        sign_in.settle(credential, false).await
    }

    async fn drive(&mut self, sign_in: &mut SignIn) -> Result<Credential, ConnectionError> {
        let mut input = Input::Begin;
        loop {
            match sign_in.step(input, &mut self.observer).await? {
                Stepped::Signed(credential) => return Ok(*credential),
                Stepped::Wait { until, show: None } => rest(&self.connections.engine, until).await,
                Stepped::Wait { until, show } => {
                    return Err(needed(question(&Progress::Wait { until, show })));
                }
                Stepped::Ask(prompt) => return Err(needed(question(&Progress::Ask(prompt)))),
                Stepped::Open(open) => return Err(needed(question(&Progress::Open(open)))),
            }
            input = Input::Continue;
        }
    }
}

/// Where a renewal has stopped at a question, or a browser does not show what it got a moment ago, signing in once more
/// helps nobody.
fn refuse_where_it_helps_nobody(
    record: &ConnectionRecord,
    now: i64,
) -> Result<(), ConnectionError> {
    match record.state.state {
        CredentialState::SignInRequired { asked: true } => Err(needed(record.state.reason.clone())),
        CredentialState::SignInRequired { asked: false } => Ok(()),
        _ if now.saturating_sub(record.state.since).abs() < NOT_SHOWN
            && Connections::is_handed_over(record) =>
        {
            Err(not_shown())
        }
        _ => Ok(()),
    }
}

fn needed(reason: String) -> ConnectionError {
    ConnectionError::SignInRequired { reason }
}
