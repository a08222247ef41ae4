//! `oauth1`: OAuth 1.0a (RFC 5849), which signs the method, the address and all parameters of each request.
//!
//! # Layout
//! - `base_string.rs`: what is signed (section 3.4.1)
//! - `key.rs`: with what, by each of the signature methods (sections 3.4.2 to 3.4.4)

mod base_string;
mod key;
#[cfg(test)]
mod vectors;

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use secret::SecretString;

use super::signature::{drop_query, encoded};
use super::{Fresh, Signature, Unsigned};
use crate::error::OutboundError;
use base_string::{base_string, without};
use key::Key;

/// A client and, where there is one, the token it signs for.
#[derive(Clone)]
pub struct OAuth1 {
    consumer_key: String,
    token: Option<SecretString>,
    method: OAuth1Method,
    key: Arc<Key>,
    place: OAuth1Place,
    further: Vec<(&'static str, String)>,
}

/// How a request is signed (RFC 5849, section 3.4; HMAC-SHA256 came to servers later).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuth1Method {
    /// HMAC with SHA-1, keyed with both secrets.
    HmacSha1,
    /// HMAC with SHA-256, keyed with both secrets.
    HmacSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-1. The consumer's secret is a private key.
    RsaSha1,
    /// Both secrets as they are, which only an encrypted connection keeps secret.
    Plaintext,
}

/// Where the protocol's parameters stand (RFC 5849, section 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuth1Place {
    /// In the Authorization header.
    Header,
    /// In the query.
    Query,
    /// In the form-encoded body.
    Body,
}

/// A consumer's secret that does not fit the signature method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuth1KeyError {
    /// It is no PEM at all.
    #[error("is not a private key in PEM, which RSA-SHA1 signs with")]
    NotPem,
    /// It is a public key or a certificate.
    #[error("holds only the public half of a key, and RSA-SHA1 signs with the private one")]
    PublicHalf,
    /// It is locked by a password.
    #[error("is a private key that is locked by a password")]
    Locked,
    /// It is PEM, and no RSA key can be read out of it.
    #[error("is PEM, but no RSA private key of 1024 to 8192 bits can be read out of it")]
    Unreadable,
    /// It is a private key where a shared secret is expected.
    #[error("is a private key, and {} signs with a shared secret", .0.name())]
    NotShared(OAuth1Method),
}

impl OAuth1KeyError {
    /// What to do about it.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::NotPem | Self::Unreadable => {
                "Give the whole file, from `-----BEGIN PRIVATE KEY-----` (PKCS#8) or `-----BEGIN RSA PRIVATE KEY-----` (PKCS#1) to its end, or take another `signature_method`."
            }
            Self::PublicHalf => "Give the private key that belongs to it.",
            Self::Locked => "Unlock it first: `openssl pkey -in locked.pem -out key.pem`.",
            Self::NotShared(_) => {
                "Write `signature_method: RSA-SHA1`, or give the shared secret that the API issued."
            }
        }
    }
}

impl OAuth1Method {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::RsaSha1 => "RSA-SHA1",
            Self::Plaintext => "PLAINTEXT",
        }
    }
}

impl OAuth1 {
    /// A client with its key. `consumer_secret` is the shared secret, or for RSA-SHA1 the private key in PEM (PKCS#8 or
    /// PKCS#1); `token` is a token and its secret, and an empty one counts as none.
    ///
    /// # Errors
    /// A secret that does not fit the method.
    pub fn new(
        consumer_key: impl Into<String>,
        consumer_secret: &SecretString,
        token: Option<(SecretString, SecretString)>,
        method: OAuth1Method,
        place: OAuth1Place,
    ) -> Result<Self, OAuth1KeyError> {
        let token = token.filter(|(token, _)| !token.reveal().is_empty());
        let token_secret = token.as_ref().map_or("", |(_, secret)| secret.reveal());
        let key = Key::read(method, consumer_secret.reveal(), token_secret)?;
        Ok(Self {
            consumer_key: consumer_key.into(),
            token: token.map(|(token, _)| token),
            method,
            key: Arc::new(key),
            place,
            further: Vec::new(),
        })
    }

    /// Adds a parameter of the protocol beside the usual ones, such as `oauth_callback`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.further.push((name, value.into()));
        self
    }

    /// Signs a request. What stands in its query or form under one of the protocol's names goes: never both.
    ///
    /// # Errors
    /// A form that is streamed, or a body that cannot carry the parameters.
    pub(super) fn sign(
        &self,
        request: &Unsigned<'_>,
        fresh: &Fresh,
    ) -> Result<Signature, OutboundError> {
        let mut protocol = self.parameters(fresh);
        let names: Vec<&'static str> = protocol
            .iter()
            .map(|(name, _)| *name)
            .chain([SIGNATURE])
            .collect();
        let mut url = request.url.clone();
        drop_query(&mut url, &names);
        let whole_query = (url.query() != request.url.query())
            .then(|| url.query().unwrap_or_default().to_owned());
        let form = self.form(request)?.map(|form| without(form, &names));
        let base = base_string(request.method, &url, form.as_deref(), &protocol);
        let signature = self.key.signature(&base);
        let signature =
            signature.ok_or_else(|| unusable("consumer_secret", "makes no signature"))?;
        protocol.push((SIGNATURE, signature));

        let mut added = Signature {
            whole_query,
            ..Signature::default()
        };
        match self.place {
            OAuth1Place::Header => {
                added.header("consumer_key", AUTHORIZATION, &header(&protocol))?;
                added.body = form.map(Bytes::from);
            }
            OAuth1Place::Query => {
                let owned = |(name, value): (&str, String)| (name.to_owned(), value);
                added.query = protocol.into_iter().map(owned).collect();
                added.body = form.map(Bytes::from);
            }
            OAuth1Place::Body => {
                added.header("in", CONTENT_TYPE, FORM)?;
                added.body = Some(appended(form.unwrap_or_default(), &protocol).into());
            }
        }
        Ok(added)
    }

    /// The body where it is a form, whose parameters are signed too (RFC 5849, section 3.4.1.3.1).
    fn form<'a>(&self, request: &Unsigned<'a>) -> Result<Option<&'a [u8]>, OutboundError> {
        let said = request.headers.get(CONTENT_TYPE);
        let essence = said
            .and_then(|said| said.to_str().ok()?.split(';').next())
            .map(str::trim);
        if essence.is_some_and(|said| said.eq_ignore_ascii_case(FORM)) {
            return request.body().map(Some);
        }
        let becomes_one = said.is_none()
            && request.body.is_some_and(<[u8]>::is_empty)
            && ![Method::GET, Method::HEAD, Method::DELETE, Method::OPTIONS]
                .contains(request.method);
        match self.place {
            OAuth1Place::Body if !becomes_one => Err(unusable(
                "in",
                "is `body`, but this request has no form-encoded body: write `in: header` or `in: query`, or send a `form`",
            )),
            _ => Ok(None),
        }
    }

    /// The protocol's parameters but for the signature (RFC 5849, section 3.1).
    fn parameters(&self, fresh: &Fresh) -> Vec<(&'static str, String)> {
        let mut parameters = vec![
            ("oauth_consumer_key", self.consumer_key.clone()),
            ("oauth_nonce", fresh.nonce()),
            ("oauth_signature_method", self.method.name().to_owned()),
            ("oauth_timestamp", fresh.since_1970().as_secs().to_string()),
            ("oauth_version", "1.0".to_owned()),
        ];
        let token = self.token.as_ref().map(|token| token.reveal().clone());
        parameters.extend(token.map(|token| ("oauth_token", token)));
        parameters.extend(self.further.iter().cloned());
        parameters
    }
}

impl std::fmt::Debug for OAuth1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth1")
            .field("method", &self.method)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

const SIGNATURE: &str = "oauth_signature";
const FORM: &str = "application/x-www-form-urlencoded";

fn unusable(field: &'static str, problem: &str) -> OutboundError {
    OutboundError::Signing {
        field,
        problem: problem.to_owned(),
    }
}

/// The Authorization header (RFC 5849, section 3.5.1).
fn header(protocol: &[(&'static str, String)]) -> String {
    let parameters: Vec<String> = protocol
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", encoded(value)))
        .collect();
    format!("OAuth {}", parameters.join(", "))
}

/// A form with the parameters at its end (RFC 5849, section 3.5.2).
fn appended(mut form: Vec<u8>, protocol: &[(&'static str, String)]) -> Vec<u8> {
    for (name, value) in protocol {
        if !form.is_empty() {
            form.push(b'&');
        }
        form.extend_from_slice(format!("{name}={}", encoded(value)).as_bytes());
    }
    form
}
