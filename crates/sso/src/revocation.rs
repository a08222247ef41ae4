//! Giving a token back (RFC 7009), so that it is of no use to whoever may still find it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openidconnect::{HttpRequest, HttpResponse, http};
use secret::SecretString;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::error::SsoError;
use crate::provider::Provider;

/// What a server says that revokes refresh tokens alone.
const UNSUPPORTED: &str = "unsupported_token_type";

/// A token that is given back.
pub(crate) struct Given<'a> {
    pub(crate) provider: &'a Provider,
    /// Whether the client shows itself in the body, in the place of a header.
    pub(crate) in_body: bool,
    pub(crate) kind: Kind,
    pub(crate) token: &'a SecretString,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing new can be had without it.
    Refresh,
    /// It goes with the refresh token at most servers.
    Access,
}

impl Given<'_> {
    /// The request (section 2.1).
    pub(crate) fn request(&self, url: &Url) -> Result<HttpRequest, SsoError> {
        let hint = match self.kind {
            Kind::Refresh => "refresh_token",
            Kind::Access => "access_token",
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", self.token.reveal())
            .append_pair("token_type_hint", hint);
        let mut request = http::Request::post(url.as_str())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json");
        let id = &self.provider.client_id;
        match (&self.provider.client_secret, self.in_body) {
            (Some(secret), false) => {
                // Both halves form-encoded (RFC 6749, section 2.3.1).
                let encoded = |text: &str| {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                };
                let pair = format!("{}:{}", encoded(id), encoded(secret.reveal()));
                let value = format!("Basic {}", STANDARD.encode(pair));
                request = request.header("authorization", value);
            }
            (Some(secret), true) => {
                form.append_pair("client_id", id)
                    .append_pair("client_secret", secret.reveal());
            }
            (None, _) => {
                form.append_pair("client_id", id);
            }
        }
        request
            .body(form.finish().into_bytes())
            .map_err(|error| SsoError::Discovery(error.to_string()))
    }

    /// What the reply says (section 2.2).
    pub(crate) fn judge(&self, reply: &HttpResponse) -> Result<(), SsoError> {
        let status = reply.status();
        if status.is_success() {
            return Ok(());
        }
        let body: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
        let error = body.get("error").and_then(Value::as_str);
        match error {
            Some(UNSUPPORTED) if self.kind == Kind::Access => Ok(()),
            _ if status.is_server_error() => Err(SsoError::Passing(format!(
                "its revocation endpoint answered {status}"
            ))),
            Some(error) => Err(SsoError::Refused(error.to_owned())),
            None => Err(SsoError::Refused(format!(
                "its revocation endpoint answered {status}"
            ))),
        }
    }
}
