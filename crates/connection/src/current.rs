//! The credential that calls use now: read from the store, opened once, and opened again when another process has stored a newer version.
//!
//! Where the store's news are followed (`watch`), an open handle is the newest, and the store is not read for it.

use crate::connections::Connections;
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::kept::{Kept, not_shown};
use crate::table::Epoch;
use flow::{Credential, Run, SealError, open_credential, seal_credential};
use model::{Connector, CredentialState, StateRecord, StepKind};
use outbound::Jar;
use std::sync::Arc;
use store::{ConnectionRecord, Fence, Update};

/// How often a connection is read again that others keep closing.
const ATTEMPTS: u32 = 5;

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
        let origins = connector.origin_set_key();
        if self.following.is_on()
            && let Some(handle) = self.opened(id)
            && handle.record().origins == origins
            && !handle.is_in_browser()
        {
            return Ok(handle);
        }
        let handle = self.newest_if(id, |record| fit(record, &origins)).await?;
        if handle.is_in_browser() {
            self.waits_for_anybody(id).await?;
        }
        Ok(handle)
    }

    /// What a browser keeps is open for those who show it; nobody has to for what a sign-in has just brought.
    async fn waits_for_anybody(&self, id: &str) -> Result<(), ConnectionError> {
        let (_, kept) = self.unseal(&self.read(id).await?).await?;
        match kept {
            Kept::Renewed => Err(not_shown()),
            Kept::Here | Kept::SignedIn => Ok(()),
        }
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

    /// The handle of the newest version, whatever it is fit for.
    pub(crate) async fn newest(&self, id: &str) -> Result<Arc<Handle>, ConnectionError> {
        self.newest_if(id, |_| Ok(())).await
    }

    async fn newest_if(
        &self,
        id: &str,
        fit: impl Fn(&ConnectionRecord) -> Result<(), ConnectionError>,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let mut left = ATTEMPTS;
        loop {
            let since = self.open.epoch();
            let record = self.read(id).await?;
            fit(&record)?;
            let handle = self.open_record(record, since).await?;
            left -= 1;
            // Something was closed while this was read. It may have been this, so it is read again.
            if handle.is_current() || left == 0 {
                return Ok(handle);
            }
        }
    }

    /// The handle of this version.
    async fn open_record(
        &self,
        record: ConnectionRecord,
        since: Epoch,
    ) -> Result<Arc<Handle>, ConnectionError> {
        if let Some(handle) = self.opened(&record.id)
            && handle.version() == record.version
        {
            self.take_in_cookies(&handle, &record).await?;
            return Ok(handle);
        }
        let (credential, kept) = self.unseal(&record).await?;
        Ok(self.show(record, credential, kept, since))
    }

    /// Merges the cookies that other processes have stored.
    pub(crate) async fn take_in_cookies(
        &self,
        handle: &Handle,
        record: &ConnectionRecord,
    ) -> Result<(), ConnectionError> {
        if handle.live_jar().misses(record.cookies_generation)
            && let Some(jar) = self.stored_cookies(record).await?
        {
            handle.live_jar().merge(&jar, record.cookies_generation);
        }
        Ok(())
    }

    /// The handle of exactly this version: the one that is open here, else the one that somebody holds.
    pub(crate) fn open_at(
        &self,
        record: &ConnectionRecord,
        held: Option<&Arc<Handle>>,
    ) -> Option<Arc<Handle>> {
        let is_it =
            |handle: &Arc<Handle>| handle.id() == record.id && handle.version() == record.version;
        let opened = self.opened(&record.id).filter(is_it);
        opened.or_else(|| held.cloned().filter(is_it))
    }

    /// The stored credential of this version, with the cookies that calls of this process brought since. What is not in
    /// the row, as a browser keeps it, is taken from the handle that is open or `held`.
    pub(crate) async fn newest_credential(
        &self,
        record: &ConnectionRecord,
        held: Option<&Arc<Handle>>,
    ) -> Result<Credential, ConnectionError> {
        let opened = self.open_at(record, held);
        let mut credential = match &opened {
            Some(handle) if Self::is_handed_over(record) => handle.credential(),
            _ => self.unseal(record).await?.0,
        };
        if let Some(handle) = opened {
            credential.jar.merge(&handle.cookies());
        }
        Ok(credential)
    }

    /// The run, made to send no one-time password that the connection's credential was had with.
    pub(crate) async fn after(
        &self,
        found: Option<&ConnectionRecord>,
        connector: &Connector,
        run: Run,
    ) -> Run {
        let mut steps = connector.auth_flow.steps.iter();
        let makes_codes = steps.any(|step| matches!(step.kind, StepKind::Totp(_)));
        match found.filter(|_| makes_codes) {
            Some(record) => match self.known_credential(record).await {
                Ok(Some(credential)) => run.after(&credential),
                Ok(None) | Err(_) => run,
            },
            None => run,
        }
    }

    /// The same, or none where only a browser has it.
    pub(crate) async fn known_credential(
        &self,
        record: &ConnectionRecord,
    ) -> Result<Option<Credential>, ConnectionError> {
        if Self::is_handed_over(record) && self.open_at(record, None).is_none() {
            return Ok(None);
        }
        self.newest_credential(record, None).await.map(Some)
    }

    /// Stores a new version over `record`'s, then shows it. `renewed` is whether a renewal brought it.
    pub(crate) async fn replace(
        &self,
        record: &ConnectionRecord,
        fence: Option<Fence>,
        state: StateRecord,
        credential: Credential,
        kept: Kept,
        renewed: bool,
    ) -> Result<Arc<Handle>, ConnectionError> {
        let update = Update {
            sealed: kept.mark(seal_credential(&credential).map_err(unsealable)?),
            state,
            identity: credential.identity.clone(),
            label: credential.label.clone(),
            expires_at: credential.expires_at,
            renewed,
        };
        let since = self.open.epoch();
        let stored = self
            .store
            .put_if(&record.id, record.version, fence, update)
            .await?;
        Ok(self.show(stored, credential, kept, since))
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

    /// The credential in the row, and where it is kept.
    pub(crate) async fn unseal(
        &self,
        record: &ConnectionRecord,
    ) -> Result<(Credential, Kept), ConnectionError> {
        if Self::is_handed_over(record) {
            return Err(not_shown());
        }
        let (kept, sealed) = Kept::read(self.store.open_sealed(record).await?);
        let mut credential = open_credential(&sealed).map_err(unsealable)?;
        if let Some(jar) = self.stored_cookies(record).await? {
            credential.jar.merge(&jar);
        }
        Ok((credential, kept))
    }
}

/// Whether calls may use it: nobody has to sign in first, and it was made for these origins.
pub(crate) fn fit(record: &ConnectionRecord, origins: &str) -> Result<(), ConnectionError> {
    if record.origins != origins {
        return Err(ConnectionError::SignInRequired {
            reason: "The connector's addresses have changed, and the credential goes only to those it was made for."
                .to_owned(),
        });
    }
    if matches!(record.state.state, CredentialState::SignInRequired { .. }) {
        return Err(ConnectionError::SignInRequired {
            reason: record.state.reason.clone(),
        });
    }
    Ok(())
}

pub(crate) fn unsealable(error: SealError) -> ConnectionError {
    ConnectionError::Ours {
        message: format!("The credential cannot be read or written: {error}."),
    }
}
