//! Who somebody is, with the tokens that say so.

use secret::{SecretBytes, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An identity: what was checked, and what goes along with it.
#[derive(Clone)]
pub struct Identity {
    /// The provider's name, or how else it came.
    pub source: String,
    /// For APIs of the same provider.
    pub access_token: Option<SecretString>,
    /// The token that was checked, as it came.
    pub id_token: Option<SecretString>,
    /// Gets new tokens.
    pub refresh_token: Option<SecretString>,
    /// When the tokens are over, in seconds since 1970, where that is known.
    pub expires_at: Option<i64>,
    /// What the token claims.
    pub claims: Map<String, Value>,
}

/// The same as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    source: String,
    access_token: Option<String>,
    id_token: Option<String>,
    refresh_token: Option<String>,
    expires_at: Option<i64>,
    claims: Map<String, Value>,
}

impl Identity {
    /// A claim that is a text; an empty one is none.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims
            .get(name)?
            .as_str()
            .filter(|text| !text.is_empty())
    }

    /// Who it is at its issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.claim("sub").unwrap_or_default()
    }

    /// Who says so.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.claim("iss").unwrap_or_default()
    }

    /// To bytes, which are to be sealed.
    #[must_use]
    pub fn to_bytes(&self) -> SecretBytes {
        let text = |secret: &Option<SecretString>| secret.as_ref().map(|s| s.reveal().to_owned());
        let stored = Stored {
            source: self.source.clone(),
            access_token: text(&self.access_token),
            id_token: text(&self.id_token),
            refresh_token: text(&self.refresh_token),
            expires_at: self.expires_at,
            claims: self.claims.clone(),
        };
        // Texts and JSON: there is nothing in it that JSON cannot hold.
        SecretBytes::new(serde_json::to_vec(&stored).unwrap_or_default())
    }

    /// From what [`Identity::to_bytes`] gave; none where it is something else.
    #[must_use]
    pub fn from_bytes(bytes: &SecretBytes) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(bytes.reveal()).ok()?;
        Some(Self {
            source: stored.source,
            access_token: stored.access_token.map(SecretString::new),
            id_token: stored.id_token.map(SecretString::new),
            refresh_token: stored.refresh_token.map(SecretString::new),
            expires_at: stored.expires_at,
            claims: stored.claims,
        })
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Identity")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
