//! Credentials that a browser keeps: a sealed blob that goes to and fro with calls, and that only we open.

use crate::connections::Connections;
use crate::current::{fit, unsealable};
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::kept::{Kept, not_shown};
use crate::select::Selector;
use flow::{Credential, open_credential, seal_credential};
use model::Connector;
use std::sync::Arc;
use store::{BlobLabel, BlobPlace, ConnectionRecord, StoreError};

/// Whose browser it is. It comes from how the caller has shown who it is, never from a blob.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Binding<'a> {
    /// The app.
    pub app: &'a str,
    /// The app's user.
    pub user: &'a str,
    /// The connector.
    pub connector: &'a str,
}

/// A credential that a browser has shown, or that is waiting for it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Open, for the call.
    pub handle: Arc<Handle>,
    /// What the browser keeps of it: the version and the generation of the cookies; nothing where it keeps none, or an
    /// older one.
    kept: Option<(u64, u64)>,
}

impl Connections {
    /// The blob for the browser: this credential with its cookies as they are now.
    ///
    /// # Errors
    /// Where it cannot be sealed.
    pub fn seal_for_browser(
        &self,
        handle: &Handle,
        binding: Binding<'_>,
    ) -> Result<String, ConnectionError> {
        let content = seal_credential(&handle.credential()).map_err(unsealable)?;
        let place = binding.place(handle.id(), handle.version());
        Ok(self.store.seal_blob(place, &content)?)
    }

    /// Opens what the caller's browser has shown, or what waits for it. `name` says which connection is meant; left out, the
    /// blob does. A blob that is altered, or of another user, app, connector or connection, counts as none.
    ///
    /// # Errors
    /// A person has to sign in: there is no connection, or nothing was shown that it takes.
    pub async fn open_from_browser(
        &self,
        connector: &Connector,
        binding: Binding<'_>,
        blob: Option<&str>,
        name: Option<&str>,
    ) -> Result<Shown, ConnectionError> {
        let mut named = None;
        if let Some(name) = name {
            named = Some(self.theirs(connector, binding, Some(name)).await?);
        }
        let shown = match blob.and_then(|text| Some((text, BlobLabel::read(text)?))) {
            Some((text, label)) => self.open_blob(connector, binding, text, label).await?,
            None => None,
        };
        // So does the blob of another connection than the one that is named.
        let shown = shown.filter(|(record, ..)| named.as_ref().is_none_or(|it| it.id == record.id));
        let (record, shown) = match (shown, named) {
            (Some((record, version, credential)), _) => (record, Some((version, credential))),
            (None, Some(named)) => (named, None),
            (None, None) => (self.theirs(connector, binding, None).await?, None),
        };
        fit(&record, &connector.origin_set_key())?;
        match shown {
            Some((version, credential)) if version == record.version => {
                self.take_shown(record, credential).await
            }
            shown => self.take_waiting(record, shown.is_some()).await,
        }
    }

    /// The blob that the answer to a call carries, where the browser does not keep this already: a newer credential, or
    /// other cookies.
    ///
    /// # Errors
    /// Where it cannot be sealed.
    pub fn answer_to_browser(
        &self,
        shown: &Shown,
        binding: Binding<'_>,
    ) -> Result<Option<String>, ConnectionError> {
        let handle = match self.opened(shown.handle.id()) {
            Some(newest) if newest.version() > shown.handle.version() => newest,
            _ => shown.handle.clone(),
        };
        if shown.kept == Some((handle.version(), handle.jar_generation())) {
            return Ok(None);
        }
        self.seal_for_browser(&handle, binding).map(Some)
    }

    /// The caller's connection of this name, or their only one.
    async fn theirs(
        &self,
        connector: &Connector,
        binding: Binding<'_>,
        name: Option<&str>,
    ) -> Result<ConnectionRecord, ConnectionError> {
        let selector = Selector {
            owner: binding.owner(),
            name: name.map(str::to_owned),
        };
        let found = self.select(connector, &selector).await?;
        found.ok_or_else(nobody)
    }

    /// What a blob holds, where it is this caller's and of one of its connections.
    async fn open_blob(
        &self,
        connector: &Connector,
        binding: Binding<'_>,
        text: &str,
        label: BlobLabel,
    ) -> Result<Option<(ConnectionRecord, u64, Credential)>, ConnectionError> {
        let place = binding.place(&label.connection, label.version);
        let content = match self.store.open_blob(place, text).await {
            Ok(content) => content,
            Err(StoreError::BlobRefused) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some(record) = self.store.get(&label.connection).await? else {
            return Ok(None);
        };
        let is_theirs = record.owner == binding.owner()
            && record.connector == connector.name
            && record.environment == connector.environment
            && label.version <= record.version;
        if !is_theirs {
            return Ok(None);
        }
        let credential = open_credential(&content).map_err(unsealable)?;
        Ok(Some((record, label.version, credential)))
    }

    /// The browser keeps the newest: from here on the row holds none.
    async fn take_shown(
        &self,
        record: ConnectionRecord,
        credential: Credential,
    ) -> Result<Shown, ConnectionError> {
        if !Self::is_handed_over(&record) {
            self.store.hand_over(&record.id, record.version).await?;
        }
        let jar = credential.jar.clone();
        let handle = match self.opened(&record.id) {
            Some(handle) if handle.version() == record.version => handle,
            _ => {
                let since = self.open.epoch();
                self.show(record, credential, Kept::Renewed, since)
            }
        };
        // Another of its windows may keep other cookies. Both have the same generation only if nothing was merged.
        let kept = jar.generation();
        handle.live_jar().change(|live| live.merge(&jar));
        Ok(Shown {
            kept: Some((handle.version(), kept)),
            handle,
        })
    }

    /// The browser keeps an older one, or none.
    async fn take_waiting(
        &self,
        record: ConnectionRecord,
        has_shown: bool,
    ) -> Result<Shown, ConnectionError> {
        let opened = self
            .opened(&record.id)
            .filter(|handle| handle.version() == record.version);
        if Self::is_handed_over(&record) {
            // Another of its windows has shown the newest already: this one gets it too, as long as it is known here.
            return match opened.filter(|_| has_shown) {
                Some(handle) => Ok(Shown { handle, kept: None }),
                None => Err(not_shown()),
            };
        }
        let since = self.open.epoch();
        let (credential, kept) = self.unseal(&record).await?;
        if kept == Kept::Renewed && !has_shown {
            return Err(not_shown());
        }
        let handle = match opened {
            Some(handle) => handle,
            // Not `Here`: the row is on its way out, and cookies are not written to it.
            None => self.show(record, credential, Kept::SignedIn, since),
        };
        Ok(Shown { handle, kept: None })
    }
}

impl<'a> Binding<'a> {
    fn place(self, connection: &'a str, version: u64) -> BlobPlace<'a> {
        BlobPlace {
            app: self.app,
            user: self.user,
            connector: self.connector,
            connection,
            version,
        }
    }

    fn owner(self) -> String {
        format!("{}/{}", self.app, self.user)
    }
}

fn nobody() -> ConnectionError {
    ConnectionError::SignInRequired {
        reason: "Nobody has signed in yet.".to_owned(),
    }
}
