//! DPoP: proofs that a request comes from who holds the key that its token is bound to (RFC 9449).
//!
//! A server may want a nonce of its own in proofs. It is remembered for its origin, and asked for at most once in a
//! sending.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{AUTHORIZATION, HeaderName, WWW_AUTHENTICATE};
use http::{HeaderMap, Method, StatusCode};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use secret::SecretBytes;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::{Position, Url};

use super::challenge::Challenge;
use super::{Fresh, Signature, Unsigned};
use crate::error::OutboundError;

/// How many nonces are remembered. Who is the one too many is told it once more.
const KEPT: usize = 10_000;

/// By what a server says that a proof lacks its nonce (RFC 9449, sections 8 and 9).
pub const USE_DPOP_NONCE: &str = "use_dpop_nonce";

static DPOP: HeaderName = HeaderName::from_static("dpop");
static DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The scheme by which a bound token is shown (RFC 9449, section 7.1).
const SCHEME: &str = "DPoP ";

/// A key on P-256 that tokens are bound to. Cheap to clone.
#[derive(Clone)]
pub struct DpopKey(Arc<Inner>);

struct Inner {
    key: SigningKey,
    x: String,
    y: String,
    thumbprint: String,
}

/// A key, and what is to be proved with it.
#[derive(Clone, Debug)]
pub struct Dpop {
    /// The key.
    pub key: DpopKey,
    /// What is proved.
    pub proves: Proves,
}

/// What a proof is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proves {
    /// That the key is held, to have a token bound to it (RFC 9449, section 5).
    Key,
    /// That the token in `Authorization` is ours, where it is of the scheme `DPoP` (section 7).
    Token,
}

impl DpopKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 32]) -> Self {
        let mut bytes = random;
        loop {
            if let Some(key) = Self::from_bytes(&bytes) {
                return key;
            }
            // Of 2^32 numbers one is none of the curve's.
            bytes = Sha256::digest(bytes).into();
        }
    }

    /// The key that [`Self::reveal_for_sealing`] gave; none where it is no key.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let key = SigningKey::from_slice(bytes).ok()?;
        let point = key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.as_bytes().get(1..33)?, point.as_bytes().get(33..65)?);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        Some(Self(Arc::new(Inner {
            thumbprint: thumbprint(&x, &y),
            key,
            x,
            y,
        })))
    }

    /// The private key, to be sealed and for nothing else.
    #[must_use]
    pub fn reveal_for_sealing(&self) -> SecretBytes {
        SecretBytes::new(self.0.key.to_bytes().to_vec())
    }

    /// The public key's SHA-256 thumbprint (RFC 7638), by which a server knows it: `dpop_jkt`.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }
}

impl Dpop {
    /// The proof for a request; nothing where it shows no bound token.
    ///
    /// # Errors
    /// A URL without a host.
    pub(super) fn sign(
        &self,
        request: &Unsigned<'_>,
        fresh: &Fresh,
        nonce: Option<&str>,
    ) -> Result<Signature, OutboundError> {
        let mut signature = Signature::default();
        let ath = match self.proves {
            Proves::Key => None,
            Proves::Token => match bound_token(request.headers) {
                Some(token) => Some(URL_SAFE_NO_PAD.encode(Sha256::digest(token))),
                None => return Ok(signature),
            },
        };
        let jti = URL_SAFE_NO_PAD.encode(&fresh.random[..16]);
        let url = target(request.url);
        let claims = Claims {
            jti: &jti,
            htm: request.method,
            htu: &url,
            iat: fresh.since_1970().as_secs(),
            ath: ath.as_deref(),
            nonce,
        };
        let input = signing_input(&self.key, &claims)?;
        let made: Result<p256::ecdsa::Signature, _> = self.key.0.key.try_sign(input.as_bytes());
        let made = made.map_err(|_| unsigned("the key did not sign"))?;
        let proof = format!("{input}.{}", URL_SAFE_NO_PAD.encode(made.to_bytes()));
        signature.header("dpop", DPOP.clone(), &proof)?;
        Ok(signature)
    }
}

/// What a proof says, in the order of RFC 9449's examples.
#[derive(Serialize)]
struct Claims<'a> {
    jti: &'a str,
    #[serde(serialize_with = "method")]
    htm: &'a Method,
    htu: &'a str,
    iat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    jwk: Jwk<'a>,
}

#[derive(Serialize)]
struct Jwk<'a> {
    kty: &'static str,
    x: &'a str,
    y: &'a str,
    crv: &'static str,
}

/// The nonces that servers want in proofs: by origin, and there for token endpoints and for the API apart.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<HashMap<Key, String>>);

type Key = [u8; 32];

impl Nonces {
    /// The newest one for this origin.
    pub(super) fn of(&self, dpop: &Dpop, url: &Url) -> Option<String> {
        self.lock().get(&place(dpop, url)).cloned()
    }

    /// Remembers the nonce that came with a reply, and gives it.
    pub(super) fn keep(&self, dpop: &Dpop, url: &Url, reply: &HeaderMap) -> Option<String> {
        let nonce = reply.get(&DPOP_NONCE)?.to_str().ok()?.trim();
        if nonce.is_empty() {
            return None;
        }
        let mut nonces = self.lock();
        let place = place(dpop, url);
        if nonces.len() >= KEPT
            && !nonces.contains_key(&place)
            && let Some(one) = nonces.keys().next().copied()
        {
            nonces.remove(&one);
        }
        nonces.insert(place, nonce.to_owned());
        Some(nonce.to_owned())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, String>> {
        // It is whole after every call on it, so a panic elsewhere leaves it usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a resource server asks for its nonce, which says nothing about the token (RFC 9449, section 9).
#[must_use]
pub fn wants_dpop_nonce(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::UNAUTHORIZED
        && headers.contains_key(&DPOP_NONCE)
        && Challenge::all(headers, WWW_AUTHENTICATE)
            .iter()
            .any(|it| it.is("DPoP") && it.parameter("error") == Some(USE_DPOP_NONCE))
}

/// The token of an `Authorization` field of the scheme `DPoP`.
fn bound_token(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(SCHEME.len())?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(SCHEME.as_bytes()) && !token.is_empty()).then_some(token)
}

/// The URL as proofs have it: without query, fragment and user (RFC 9449, section 4.2).
fn target(url: &Url) -> String {
    let mut target = url[..Position::BeforeUsername].to_owned();
    target.push_str(&url[Position::BeforeHost..Position::AfterPath]);
    target
}

fn signing_input(key: &DpopKey, claims: &Claims<'_>) -> Result<String, OutboundError> {
    let header = Header {
        typ: "dpop+jwt",
        alg: "ES256",
        jwk: Jwk {
            kty: "EC",
            x: &key.0.x,
            y: &key.0.y,
            crv: "P-256",
        },
    };
    let written = |it: serde_json::Result<Vec<u8>>| {
        it.map(|json| URL_SAFE_NO_PAD.encode(json))
            .map_err(|_| unsigned("the proof cannot be written"))
    };
    let header = written(serde_json::to_vec(&header))?;
    let claims = written(serde_json::to_vec(claims))?;
    Ok(format!("{header}.{claims}"))
}

/// RFC 7638, section 3: the required members in the order of their names.
fn thumbprint(x: &str, y: &str) -> String {
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

fn place(dpop: &Dpop, url: &Url) -> Key {
    let mut hasher = Sha256::new();
    hasher.update(dpop.key.thumbprint());
    hasher.update([u8::from(dpop.proves == Proves::Key)]);
    hasher.update(&url[..Position::BeforeUsername]);
    hasher.update(&url[Position::BeforeHost..Position::BeforePath]);
    hasher.finalize().into()
}

fn method<S: serde::Serializer>(method: &&Method, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(method.as_str())
}

fn unsigned(problem: &str) -> OutboundError {
    OutboundError::Signing {
        field: "dpop",
        problem: problem.to_owned(),
    }
}

// Nothing of the private key is shown.
impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DpopKey").field(&self.thumbprint()).finish()
    }
}

impl PartialEq for DpopKey {
    fn eq(&self, other: &Self) -> bool {
        self.thumbprint() == other.thumbprint()
    }
}

#[cfg(test)]
mod tests;
