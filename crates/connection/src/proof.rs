//! Proving a new credential before it is stored.

use crate::connections::{Connections, Equipped};
use crate::error::ConnectionError;
use crate::handle::Handle;
use flow::{Credential, Failure};
use model::StateRecord;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use store::{ConnectionRecord, Sealed};

/// What a test of a new credential showed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Proof {
    /// The API takes it.
    Accepted,
    /// The API does not.
    Refused {
        /// What it said, for people.
        message: String,
    },
    /// Nothing, as the definition does not let it be tried: a key that cannot be read, a scheme that the API does not speak.
    Unusable {
        /// A stable word for machines.
        code: &'static str,
        /// What, for people.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// Nothing, as there is no test.
    Open,
    /// Nothing, as the API has a passing fault. That does not count against the credential.
    Postponed {
        /// Which one, for people.
        message: String,
    },
}

/// Tries a credential out at the API, renewing nothing. Given by whoever knows how calls are sent.
pub type ProofFn = Arc<dyn Fn(Connections, Equipped, Arc<Handle>) -> ProofFuture + Send + Sync>;

/// The test under way.
pub type ProofFuture = Pin<Box<dyn Future<Output = Proof> + Send>>;

/// How new credentials are proven; not at all where nobody said how.
#[derive(Clone, Default)]
pub(crate) struct Prover(Option<ProofFn>);

impl Connections {
    /// A credential opened for a test: no connection has it, and nothing of it is ever written.
    #[must_use]
    pub fn on_trial(&self, equipped: &Equipped, credential: Credential) -> Arc<Handle> {
        let record = to_be(equipped, &credential, self.engine.clock.unix());
        Handle::on_trial(record, credential)
    }

    /// The same with the credentials of sign-ins proven by `proof` before they are stored.
    #[must_use]
    pub fn with_proof(mut self, proof: ProofFn) -> Self {
        self.prover = Prover(Some(proof));
        self
    }

    /// The credential with the cookies that its test brought and what the test showed, or
    /// [`ConnectionError::NotProven`], or the definition's fault. `record` is that of the connection, or of the one that is to be.
    pub(crate) async fn prove(
        &self,
        equipped: &Equipped,
        record: ConnectionRecord,
        mut credential: Credential,
    ) -> Result<(Credential, Proof), ConnectionError> {
        let Some(proof) = &self.prover.0 else {
            return Ok((credential, Proof::Open));
        };
        let first = record.version == 0;
        let handle = Handle::on_trial(record, credential.clone());
        let proof = proof(self.clone(), equipped.clone(), handle.clone()).await;
        match &proof {
            Proof::Refused { message } => {
                return Err(ConnectionError::NotProven {
                    message: message.clone(),
                    first,
                });
            }
            Proof::Unusable {
                code,
                message,
                help,
            } => {
                let failure = Failure::definition(code, message.as_str()).with_help(help.as_str());
                return Err(ConnectionError::Flow(Arc::new(failure)));
            }
            Proof::Postponed { message } => {
                let connector = &equipped.connector.name;
                tracing::warn!(%connector, "a new credential could not be tested: {message}");
            }
            Proof::Accepted | Proof::Open => {}
        }
        credential.jar.merge(&handle.cookies());
        Ok((credential, proof))
    }
}

/// A connection that there is not, for its credential.
pub(crate) fn to_be(equipped: &Equipped, credential: &Credential, now: i64) -> ConnectionRecord {
    let connector = &equipped.connector;
    ConnectionRecord {
        id: String::new(),
        connector: connector.name.clone(),
        environment: connector.environment.clone(),
        owner: String::new(),
        origins: connector.origin_set_key(),
        identity: credential.identity.clone(),
        label: credential.label.clone(),
        name: None,
        version: 0,
        state: StateRecord::signed_in(now),
        expires_at: credential.expires_at,
        created_at: now,
        updated_at: now,
        last_used_at: None,
        renewed_at: None,
        cookies_generation: 0,
        sealed: Sealed::default(),
        cookies: None,
    }
}

impl fmt::Debug for Prover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Prover")
    }
}
