//! One renewal from the lease to the stored result: what the task behind [`Connections::renew`] does.

use crate::connections::{Connections, Equipped};
use crate::counters;
use crate::drive::{Driven, drive, question};
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::kept::Kept;
use crate::learned::Learned;
use crate::lease::Lease;
use crate::relay::Relay;
use crate::renew::Why;
use flow::{Credential, Failure, FailureKind, Run};
use model::{CredentialState, Event, Renewal as How, Said, StateRecord, Words, transition};
use std::sync::Arc;
use std::time::Duration;
use store::{ConnectionRecord, StoreError};

/// How long a process that died in a renewal stalls the others.
const TTL: Duration = Duration::from_secs(10);
/// How often a waiter looks whether another process is done.
const LOOK: Duration = Duration::from_millis(50);
/// How often a waiter looks before it tells its caller to come back: a lease is renewed as long as its work lasts.
const LOOKS: u32 = 2400;

pub(crate) struct Renewal {
    connections: Connections,
    equipped: Equipped,
    /// The connection as whoever asked saw it.
    seen: ConnectionRecord,
    /// The credential that whoever asked holds: what a browser keeps may be open nowhere else by now.
    held: Arc<Handle>,
    why: Why,
    observer: Learned<Relay>,
}

/// What came of waiting for one's turn.
enum Turn {
    /// Ours: nobody else renews while the lease is held.
    Taken(Lease, Box<ConnectionRecord>),
    /// Another has renewed meanwhile.
    Overtaken,
}

impl Renewal {
    pub(crate) fn new(
        connections: Connections,
        equipped: Equipped,
        held: Arc<Handle>,
        why: Why,
        observer: Relay,
    ) -> Self {
        Self {
            connections,
            equipped,
            seen: held.record().clone(),
            held,
            why,
            observer: Learned::new(observer),
        }
    }

    pub(crate) async fn run(mut self) -> Result<Arc<Handle>, ConnectionError> {
        match self.turn().await? {
            Turn::Overtaken => self.connections.newest(&self.seen.id).await,
            Turn::Taken(lease, record) => {
                let result = self.spend(&lease, *record).await;
                lease.end().await;
                counters::renewal(&self.equipped.connector.name, &result);
                let Err(error) = result else {
                    return result;
                };
                // A loser never invalidates: whatever went wrong here, a newer version that another has stored counts.
                match self.connections.read(&self.seen.id).await {
                    Ok(record) if record.version > self.seen.version => {
                        self.connections.newest(&record.id).await
                    }
                    Ok(_) => Err(error),
                    Err(gone) => Err(gone),
                }
            }
        }
    }

    /// Waits for the lease, and reads again each time round.
    async fn turn(&self) -> Result<Turn, ConnectionError> {
        let holder = self.connections.engine.random.base64url(12);
        for _ in 0..LOOKS {
            let lease = Lease::take(
                &self.connections.store,
                &lease_key(&self.seen.id),
                &holder,
                TTL,
            )
            .await?;
            let record = self.connections.read(&self.seen.id).await;
            match (lease, record) {
                (Some(lease), Ok(record)) if record.version > self.seen.version => {
                    lease.end().await;
                    return Ok(Turn::Overtaken);
                }
                (Some(lease), Ok(record)) => return Ok(Turn::Taken(lease, Box::new(record))),
                (Some(lease), Err(error)) => {
                    lease.end().await;
                    return Err(error);
                }
                (None, record) => {
                    let record = record?;
                    if record.version > self.seen.version {
                        return Ok(Turn::Overtaken);
                    }
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
        Err(ConnectionError::Postponed {
            message: "Another process has been renewing this connection for two minutes."
                .to_owned(),
            until: None,
        })
    }

    /// With the lease held: says what it is about to do, does it, and stores what came of it.
    async fn spend(
        &mut self,
        lease: &Lease,
        record: ConnectionRecord,
    ) -> Result<Arc<Handle>, ConnectionError> {
        // Before anything is noted: a credential that cannot be read is no renewal that broke off.
        let held = Some(&self.held);
        let credential = self.connections.newest_credential(&record, held).await?;
        if matches!(record.state.state, CredentialState::Renewing { .. })
            && let Some(renewed) = self.connections.unstored(&record)
        {
            let begun = record.state.clone();
            return self.commit(lease, &record, &begun, renewed).await;
        }
        let connector = self.equipped.connector.clone();
        let asks = matches!(connector.renewal(), How::Ask);
        if asks && self.why == Why::Asked && record.state.state == CredentialState::Fresh {
            // Nobody has found this session over: what cannot be renewed is not to be lost by asking.
            return Err(ConnectionError::SignInRequired {
                reason: "This connector cannot renew a session without a person. The one there is stays as it is."
                    .to_owned(),
            });
        }
        let begun = self.begin(lease, &record).await?;
        if self.why == Why::PasswordRefused {
            let reason = Words::from(Said::PasswordRefused);
            let event = Event::StoredPasswordRefused {
                reason: reason.clone(),
            };
            self.note(lease, &record, &begun, event).await?;
            return Err(ConnectionError::SignInRequired {
                reason: reason.into(),
            });
        }
        if asks {
            let reason = self.with_clock(
                "The session is over, and this connector cannot renew it without a person.",
            );
            return self.need(lease, &record, &begun, reason).await;
        }
        let run = Run::refresh(&connector, &credential);
        let driven = drive(
            run,
            &self.connections,
            &self.equipped,
            &record.owner,
            &mut self.observer,
        )
        .await;
        match driven {
            Driven::Done(renewed) => self.commit(lease, &record, &begun, *renewed).await,
            Driven::Asks(run, asks) => {
                let reason = self.with_clock(&question(&asks));
                self.connections.pause(&record, *run, *asks);
                let event = Event::PersonAsked {
                    reason: reason.as_str().into(),
                };
                self.note(lease, &record, &begun, event).await?;
                Err(ConnectionError::SignInRequired { reason })
            }
            Driven::Failed(failure, salvage) => {
                Err(self.fail(lease, &record, &begun, *failure, salvage).await?)
            }
        }
    }

    /// Stores that this renewal spends this version; from here on a crash leaves a trace.
    async fn begin(
        &self,
        lease: &Lease,
        record: &ConnectionRecord,
    ) -> Result<StateRecord, ConnectionError> {
        let now = self.connections.engine.clock.unix();
        let mut state = record.state.clone();
        if let Some(until) = state.put_off_until(now)
            && self.why != Why::Asked
        {
            return Err(ConnectionError::Postponed {
                message: state.reason,
                until: Some(until),
            });
        }
        if matches!(state.state, CredentialState::SignInRequired { .. }) {
            return Err(ConnectionError::SignInRequired {
                reason: state.reason,
            });
        }
        if matches!(state.state, CredentialState::Renewing { .. }) {
            // Its holder is gone without a word, for the lease is ours: whether the API took its token nobody knows.
            state = self.note(lease, record, &state, Event::LeaseLost).await?;
            if matches!(state.state, CredentialState::SignInRequired { .. }) {
                return Err(ConnectionError::SignInRequired {
                    reason: state.reason,
                });
            }
        }
        let started = Event::RenewalStarted {
            holder: lease.holder().to_owned(),
            fence: lease.fence().number(),
            spends_version: record.version,
        };
        // A person who asks does not wait a backoff out.
        let at = state.put_off_until(now).unwrap_or(now);
        let mut begun = transition(&state, started, at).map_err(misstep)?;
        begun.since = now;
        self.write(lease, record, &begun).await?;
        Ok(begun)
    }

    /// Stores that only a person can help.
    async fn need(
        &self,
        lease: &Lease,
        record: &ConnectionRecord,
        begun: &StateRecord,
        reason: String,
    ) -> Result<Arc<Handle>, ConnectionError> {
        self.note(
            lease,
            record,
            begun,
            Event::RenewalRefused {
                reason: reason.as_str().into(),
            },
        )
        .await?;
        Err(ConnectionError::SignInRequired { reason })
    }

    /// Durable before visible: stored under the fence, then shown.
    async fn commit(
        &self,
        lease: &Lease,
        record: &ConnectionRecord,
        begun: &StateRecord,
        mut renewed: Credential,
    ) -> Result<Arc<Handle>, ConnectionError> {
        if let (Some(old), Some(new)) = (&record.identity, &renewed.identity)
            && old != new
        {
            let reason = format!("The renewal came back as {new}, and this connection is {old}.");
            return self.need(lease, record, begun, reason).await;
        }
        if matches!(self.equipped.connector.renewal(), How::Steps(_))
            && let Some(handle) = self.connections.open_at(record, Some(&self.held))
        {
            // The session goes on, and calls may have brought cookies while the steps ran.
            renewed.jar.merge(&handle.cookies());
        }
        let now = self.connections.engine.clock.unix();
        let state = transition(begun, Event::RenewalStored, now).map_err(misstep)?;
        let stored = self
            .connections
            .replace(
                record,
                Some(lease.fence()),
                state,
                renewed.clone(),
                self.kept(record),
                true,
            )
            .await;
        if let Err(ConnectionError::Store(error)) = &stored
            && !matches!(**error, StoreError::Conflict | StoreError::LeaseLost)
        {
            // The API has given this out and may take nothing older: the next renewal stores it and spends nothing.
            self.connections.keep_unstored(record, renewed);
        }
        stored
    }

    /// Stores what a failure means for the credential, and says it to the waiters.
    async fn fail(
        &mut self,
        lease: &Lease,
        record: &ConnectionRecord,
        begun: &StateRecord,
        mut failure: Failure,
        salvage: Option<Box<Credential>>,
    ) -> Result<ConnectionError, ConnectionError> {
        // It is kept and shown, and an API may put into its words what it was sent.
        let masker = self.observer.masker();
        failure.message = failure.message.masked(&|text| masker.mask(text));
        let reason = failure.message.to_string();
        let passing = |retry_after: Option<Duration>| Event::PassingFault {
            reason: reason.clone(),
            retry_after: retry_after.map(|wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)),
            jitter: self.connections.engine.random.bytes::<1>()[0],
        };
        let event = match &failure.kind {
            _ if failure.stored_password_refused => Event::StoredPasswordRefused {
                reason: failure.message.clone(),
            },
            FailureKind::Refused { .. } => Event::RenewalRefused {
                reason: failure.message.clone(),
            },
            FailureKind::Passing { retry_after } => passing(*retry_after),
            // Something was sent and what came back makes no sense: keep the credential, and do not ask again at once.
            FailureKind::Definition | FailureKind::Ours | FailureKind::Cancelled
                if failure.outcome_unknown =>
            {
                passing(None)
            }
            FailureKind::Definition | FailureKind::Ours | FailureKind::Cancelled => {
                Event::Abandoned {
                    reason: reason.clone(),
                }
            }
        };
        let after = match salvage {
            None => self.note(lease, record, begun, event).await?,
            Some(credential) => {
                let now = self.connections.engine.clock.unix();
                let after = transition(begun, event, now).map_err(misstep)?;
                let fence = Some(lease.fence());
                let kept = self.connections.replace(
                    record,
                    fence,
                    after.clone(),
                    *credential,
                    self.kept(record),
                    false,
                );
                // A newer version, yet not a renewed one: whoever waits is told of the failure.
                self.seen = kept.await?.record().clone();
                after
            }
        };
        Ok(match (after.state, failure.kind.clone()) {
            (CredentialState::SignInRequired { .. }, _) => {
                ConnectionError::SignInRequired { reason }
            }
            (CredentialState::Backoff { until, .. }, FailureKind::Passing { .. }) => {
                ConnectionError::Postponed {
                    message: reason,
                    until: Some(until),
                }
            }
            _ => ConnectionError::Flow(Arc::new(failure)),
        })
    }

    /// A reason, and that it may be the clock: who reads it then signs in for nothing, until that is mended.
    fn with_clock(&self, reason: &str) -> String {
        match self.why {
            Why::OverOrWrongTime(difference) => {
                let advice = difference.advice(&self.equipped.connector.base_url);
                format!(
                    "{reason} It may also be the time that was refused: {}",
                    lower(&advice)
                )
            }
            Why::Due | Why::Over | Why::PasswordRefused | Why::Asked => reason.to_owned(),
        }
    }

    fn kept(&self, record: &ConnectionRecord) -> Kept {
        Kept::after_renewal(&self.equipped.connector, &record.owner)
    }

    async fn note(
        &self,
        lease: &Lease,
        record: &ConnectionRecord,
        from: &StateRecord,
        event: Event,
    ) -> Result<StateRecord, ConnectionError> {
        let state =
            transition(from, event, self.connections.engine.clock.unix()).map_err(misstep)?;
        self.write(lease, record, &state).await?;
        Ok(state)
    }

    /// A state is written only for the version it is about, and only with the newest fence: a loser changes nothing.
    async fn write(
        &self,
        lease: &Lease,
        record: &ConnectionRecord,
        state: &StateRecord,
    ) -> Result<(), ConnectionError> {
        self.connections
            .store
            .set_state(
                &record.id,
                record.version,
                Some(lease.fence()),
                state.clone(),
            )
            .await?;
        if matches!(state.state, CredentialState::SignInRequired { .. }) {
            // Calls hear of it here, and not from the API.
            self.connections.open.close(&record.id);
        }
        Ok(())
    }
}

/// A sentence as it stands after a colon.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn misstep(error: model::TransitionError) -> ConnectionError {
    ConnectionError::Ours {
        message: error.to_string(),
    }
}

pub(crate) fn lease_key(id: &str) -> String {
    format!("renew/{id}")
}
