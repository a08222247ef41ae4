//! What a sign-in needs when the browser comes back. It is kept sealed, and taken once.

use secret::{SecretBytes, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

/// A sign-in that went out to an identity provider.
#[derive(Clone)]
pub struct Pending {
    pub(crate) provider: String,
    pub(crate) state: SecretString,
    pub(crate) nonce: SecretString,
    pub(crate) verifier: SecretString,
    pub(crate) redirect_uri: Url,
}

/// The same as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    redirect_uri: Url,
}

impl Pending {
    /// The provider's name.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// What the browser brings back, by which this is found.
    #[must_use]
    pub fn state(&self) -> &SecretString {
        &self.state
    }

    /// To bytes, which are to be sealed.
    #[must_use]
    pub fn to_bytes(&self) -> SecretBytes {
        let stored = Stored {
            provider: self.provider.clone(),
            state: self.state.reveal().to_owned(),
            nonce: self.nonce.reveal().to_owned(),
            verifier: self.verifier.reveal().to_owned(),
            redirect_uri: self.redirect_uri.clone(),
        };
        // Texts and a URL: there is nothing in it that JSON cannot hold.
        SecretBytes::new(serde_json::to_vec(&stored).unwrap_or_default())
    }

    /// From what [`Pending::to_bytes`] gave; none where it is something else.
    #[must_use]
    pub fn from_bytes(bytes: &SecretBytes) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(bytes.reveal()).ok()?;
        Some(Self {
            provider: stored.provider,
            state: SecretString::new(stored.state),
            nonce: SecretString::new(stored.nonce),
            verifier: SecretString::new(stored.verifier),
            redirect_uri: stored.redirect_uri,
        })
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pending")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
