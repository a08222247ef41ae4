//! Proving a new credential before it takes the place of one that worked.

use crate::connections::{Connections, Equipped};
use crate::error::ConnectionError;
use crate::handle::Handle;
use flow::Credential;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use store::ConnectionRecord;

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
    /// Nothing: there is no test, or the API has a passing fault. That does not count against the credential.
    Open,
}

/// Tries a credential out at the API, renewing nothing. Given by whoever knows how calls are sent.
pub type ProofFn = Arc<dyn Fn(Connections, Equipped, Arc<Handle>) -> ProofFuture + Send + Sync>;

/// The test under way.
pub type ProofFuture = Pin<Box<dyn Future<Output = Proof> + Send>>;

/// How new credentials are proven; not at all where nobody said how.
#[derive(Clone, Default)]
pub(crate) struct Prover(Option<ProofFn>);

impl Connections {
    /// The same with new credentials proven by `proof` before they replace another.
    #[must_use]
    pub fn with_proof(mut self, proof: ProofFn) -> Self {
        self.prover = Prover(Some(proof));
        self
    }

    /// The credential with the cookies that its test brought, or [`ConnectionError::NotProven`].
    pub(crate) async fn prove(
        &self,
        equipped: &Equipped,
        record: &ConnectionRecord,
        mut credential: Credential,
    ) -> Result<Credential, ConnectionError> {
        let Some(proof) = &self.prover.0 else {
            return Ok(credential);
        };
        let handle = Handle::on_trial(record.clone(), credential.clone());
        match proof(self.clone(), equipped.clone(), handle.clone()).await {
            Proof::Refused { message } => Err(ConnectionError::NotProven { message }),
            Proof::Accepted | Proof::Open => {
                credential.jar.merge(&handle.cookies());
                Ok(credential)
            }
        }
    }
}

impl fmt::Debug for Prover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Prover")
    }
}
