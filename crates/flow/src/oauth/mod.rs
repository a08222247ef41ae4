//! OAuth 2 beneath its step kinds: the client, the servers' metadata and the token endpoint.

mod client;
mod exchange;
mod metadata;
mod pushed;
mod revoke;
mod token;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::prompt::Show;

pub(crate) use client::{Client, inherit, resolve_pairs, resolve_text};
pub(crate) use exchange::{Exchange, Token, exchange};
pub(crate) use metadata::{Metadata, metadata};
pub(crate) use pushed::{push, pushed_to};
pub use revoke::{Revocation, revoke};
pub(crate) use token::{
    ask, error_of, granted, post, request, send, token_url, wants_nonce, warn_of_narrower_scope,
};

/// A device authorization that waits for its person (RFC 8628, section 3.2).
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    pub(crate) device_code: String,
    pub(crate) show: Show,
    /// Seconds between two questions.
    pub(crate) interval: i64,
    /// The token endpoint of the issuer's metadata.
    pub(crate) token_endpoint: Option<Url>,
    /// What was asked for.
    pub(crate) scope: Option<String>,
}

/// What an authorization that was sent out needs when the browser comes back.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// The PKCE verifier (RFC 7636).
    pub(crate) verifier: Option<String>,
    pub(crate) redirect_uri: String,
    /// The token endpoint of the issuer's metadata.
    pub(crate) token_endpoint: Option<Url>,
    /// Whom the redirect must come from (RFC 9207), where that is known.
    pub(crate) issuer: Option<String>,
    /// The issuer says that it always names itself.
    pub(crate) names_itself: bool,
    /// What was asked for.
    pub(crate) scope: Option<String>,
}
