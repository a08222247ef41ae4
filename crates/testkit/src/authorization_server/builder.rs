//! How an authorization server behaves.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{AuthorizationServer, Desk, State};
use crate::authority::Authority;
use crate::upstream::{Upstream, UpstreamBuilder};

/// An authorization server before it starts.
#[derive(Default)]
pub struct AuthorizationServerBuilder {
    settings: Settings,
    upstream: UpstreamBuilder,
}

/// How the client must show who it is at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// `Authorization: Basic`, both halves form-encoded (RFC 6749, section 2.3.1).
    Basic,
    /// `client_id` and `client_secret` in the body.
    Post,
    /// `client_id` in the body: a public client.
    None,
}

/// What the server says about PKCE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkce {
    /// It must be there, with S256.
    S256,
    /// It must be there, S256 or plain.
    Any,
    /// It is checked where it is there.
    Optional,
}

/// How the token endpoint writes its replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFormat {
    /// JSON, as RFC 6749 wants it.
    Json,
    /// Form-encoded, and it says so.
    Form,
    /// Form-encoded like a query, and it says `text/plain`.
    QueryString,
}

/// What the builder has been told.
pub(super) struct Settings {
    pub(super) client: (String, String),
    pub(super) client_auth: ClientAuth,
    pub(super) pkce: Pkce,
    pub(super) format: TokenFormat,
    pub(super) redirect_uri: Option<String>,
    pub(super) refresh_tokens: bool,
    pub(super) rotate: bool,
    pub(super) expires_in: Value,
    pub(super) scope: Option<String>,
    pub(super) iss: bool,
    pub(super) redirect_issuer: Option<String>,
    pub(super) discovery_issuer: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            client: ("client-1".into(), "secret-1".into()),
            client_auth: ClientAuth::Basic,
            pkce: Pkce::S256,
            format: TokenFormat::Json,
            redirect_uri: None,
            refresh_tokens: true,
            rotate: true,
            expires_in: json!(3600),
            scope: None,
            iss: false,
            redirect_issuer: None,
            discovery_issuer: None,
        }
    }
}

impl AuthorizationServerBuilder {
    /// The one client.
    #[must_use]
    pub fn client(mut self, id: &str, secret: &str) -> Self {
        self.settings.client = (id.into(), secret.into());
        self
    }

    /// How the client shows who it is.
    #[must_use]
    pub fn client_auth(mut self, client_auth: ClientAuth) -> Self {
        self.settings.client_auth = client_auth;
        self
    }

    /// What is demanded about PKCE.
    #[must_use]
    pub fn pkce(mut self, pkce: Pkce) -> Self {
        self.settings.pkce = pkce;
        self
    }

    /// How token replies are written.
    #[must_use]
    pub fn token_format(mut self, format: TokenFormat) -> Self {
        self.settings.format = format;
        self
    }

    /// The one redirect URI; left out, any will do.
    #[must_use]
    pub fn redirect_uri(mut self, uri: &str) -> Self {
        self.settings.redirect_uri = Some(uri.into());
        self
    }

    /// Whether there are refresh tokens.
    #[must_use]
    pub fn refresh_tokens(mut self, given: bool) -> Self {
        self.settings.refresh_tokens = given;
        self
    }

    /// Whether each refresh gives a new refresh token, and ends the old one.
    #[must_use]
    pub fn rotate(mut self, rotate: bool) -> Self {
        self.settings.rotate = rotate;
        self
    }

    /// `expires_in` of token replies, of whatever type; null leaves it out. Nothing expires by
    /// itself: see [`AuthorizationServer::expire_access_tokens`].
    #[must_use]
    pub fn expires_in(mut self, expires_in: Value) -> Self {
        self.settings.expires_in = expires_in;
        self
    }

    /// The scope that is granted whatever was asked for.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.settings.scope = Some(scope.into());
        self
    }

    /// Adds `iss` to the redirect, and says so in the discovery document.
    #[must_use]
    pub fn iss(mut self) -> Self {
        self.settings.iss = true;
        self
    }

    /// Adds this `iss` to the redirect, which is another server's: a mix-up.
    #[must_use]
    pub fn redirect_issuer(mut self, issuer: &str) -> Self {
        self.settings.redirect_issuer = Some(issuer.into());
        self
    }

    /// The issuer that the discovery document names in place of the right one.
    #[must_use]
    pub fn discovery_issuer(mut self, issuer: &str) -> Self {
        self.settings.discovery_issuer = Some(issuer.into());
        self
    }

    /// Speaks TLS.
    #[must_use]
    pub fn tls(mut self, authority: &Authority) -> Self {
        self.upstream = self.upstream.tls(authority);
        self
    }

    /// Starts the server.
    #[must_use]
    pub fn start(self) -> AuthorizationServer {
        let desk = Desk {
            settings: Arc::new(self.settings),
            state: Arc::new(Mutex::new(State {
                user: "alice".into(),
                ..State::default()
            })),
        };
        let upstream: Upstream = self.upstream.serve(desk.clone());
        desk.state().origin = upstream.origin();
        AuthorizationServer { upstream, desk }
    }
}
