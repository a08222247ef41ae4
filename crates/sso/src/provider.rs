//! An identity provider as an operator names it.

use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use secret::SecretString;

use crate::error::SsoError;

/// An identity provider, and what we are to it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its name here: `[a-z][a-z0-9-]*`.
    pub name: String,
    /// What people read.
    pub title: String,
    /// The issuer, exactly as its tokens name it.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there; none for a public client, which PKCE protects.
    pub client_secret: Option<SecretString>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
}

impl Provider {
    pub(crate) fn issuer_url(&self) -> Result<IssuerUrl, SsoError> {
        IssuerUrl::new(self.issuer.clone())
            .map_err(|error| SsoError::Discovery(format!("the issuer is no URL: {error}")))
    }

    pub(crate) fn client_id(&self) -> ClientId {
        ClientId::new(self.client_id.clone())
    }

    pub(crate) fn client_secret(&self) -> Option<ClientSecret> {
        let secret = self.client_secret.as_ref()?;
        Some(ClientSecret::new(secret.reveal().to_owned()))
    }
}
