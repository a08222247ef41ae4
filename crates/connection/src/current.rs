//! The credential that calls use now: read from the store, opened once, and opened again when another process has stored a newer version.

use crate::connections::Connections;
use crate::error::ConnectionError;
use crate::handle::Handle;
use flow::{Credential, SealError, open_credential, seal_credential};
use model::{Connector, CredentialState, StateRecord};
use outbound::Jar;
use std::sync::Arc;
use store::{ConnectionRecord, Fence, Update};

impl Connections {
    /// The newest version of this connection's credential, open for use.
    ///
    /// # Errors
    /// A person is needed: nothing is stored (any more), it cannot be renewed, or the connector has other origins now
    /// than those that were signed in to.
    pub async fn current(
        &self,
        connector: &Connector,
        id: &str,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let record = self.read(id).await?;
        if record.origins != connector.origin_set_key() {
            return Err(ConnectionError::SignInRequired {
                reason: "The connector's addresses have changed, and the credential goes only to those it was made for."
                    .to_owned(),
            });
        }
        if matches!(record.state.state, CredentialState::SignInRequired { .. }) {
            return Err(ConnectionError::SignInRequired {
                reason: record.state.reason,
            });
        }
        self.open(record).await
    }

    /// The connection as the store has it now.
    pub(crate) async fn read(&self, id: &str) -> Result<ConnectionRecord, ConnectionError> {
        self.store
            .get(id)
            .await?
            .ok_or_else(|| ConnectionError::SignInRequired {
                reason: "This connection was signed out or cleared.".to_owned(),
            })
    }

    /// The handle of this version.
    pub(crate) async fn open(
        &self,
        record: ConnectionRecord,
    ) -> Result<Arc<Handle>, ConnectionError> {
        if let Some(handle) = self.opened(&record.id)
            && handle.version() == record.version
        {
            if handle.jar.misses(record.cookies_generation)
                && let Some(jar) = self.stored_cookies(&record).await?
            {
                handle.jar.merge(&jar, record.cookies_generation);
            }
            return Ok(handle);
        }
        let credential = self.unseal(&record).await?;
        Ok(self.show(Handle::new(record, credential)))
    }

    /// The stored credential of this version, with the cookies that calls of this process brought since.
    pub(crate) async fn newest_credential(
        &self,
        record: &ConnectionRecord,
    ) -> Result<Credential, ConnectionError> {
        let mut credential = self.unseal(record).await?;
        if let Some(handle) = self.opened(&record.id)
            && handle.version() == record.version
        {
            credential.jar.merge(&handle.jar.snapshot());
        }
        Ok(credential)
    }

    /// Stores a new version over `record`'s, then shows it.
    pub(crate) async fn replace(
        &self,
        record: &ConnectionRecord,
        fence: Option<Fence>,
        state: StateRecord,
        credential: Credential,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let update = Update {
            sealed: seal_credential(&credential).map_err(unsealable)?,
            state,
            identity: credential.identity.clone(),
            label: credential.label.clone(),
            expires_at: credential.expires_at,
        };
        let stored = self
            .store
            .put_if(&record.id, record.version, fence, update)
            .await?;
        Ok(self.show(Handle::new(stored, credential)))
    }

    /// The cookies that calls have had stored since the credential was.
    pub(crate) async fn stored_cookies(
        &self,
        record: &ConnectionRecord,
    ) -> Result<Option<Jar>, ConnectionError> {
        let Some(bytes) = self.store.open_cookies(record).await? else {
            return Ok(None);
        };
        let jar = serde_json::from_slice(bytes.reveal())
            .ok()
            .and_then(|value| Jar::from_sealed(&value));
        jar.map(Some).ok_or_else(|| ConnectionError::Ours {
            message: "The stored cookies are not what they should be: sign in again.".to_owned(),
        })
    }

    async fn unseal(&self, record: &ConnectionRecord) -> Result<Credential, ConnectionError> {
        let sealed = self.store.open_sealed(record).await?;
        let mut credential = open_credential(&sealed).map_err(unsealable)?;
        if let Some(jar) = self.stored_cookies(record).await? {
            credential.jar.merge(&jar);
        }
        Ok(credential)
    }
}

pub(crate) fn unsealable(error: SealError) -> ConnectionError {
    ConnectionError::Ours {
        message: format!("The credential cannot be read or written: {error}."),
    }
}
