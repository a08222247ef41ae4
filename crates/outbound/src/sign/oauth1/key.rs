//! What a request is signed with: two shared secrets, or a private key (RFC 5849, sections 3.4.2
//! to 3.4.4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::PrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use secret::{SecretBytes, SecretString};
use sha1::Sha1;

use super::{OAuth1KeyError, OAuth1Method};
use crate::sign::hmac::{HashKind, mac};
use crate::sign::signature::encoded;

/// A key of one of the methods.
pub(super) enum Key {
    HmacSha1(SecretString),
    HmacSha256(SecretString),
    RsaSha1(Box<SigningKey<Sha1>>),
    Plaintext(SecretString),
}

impl Key {
    pub(super) fn read(
        method: OAuth1Method,
        consumer_secret: &str,
        token_secret: &str,
    ) -> Result<Self, OAuth1KeyError> {
        if method == OAuth1Method::RsaSha1 {
            let key = rsa_key(consumer_secret)?;
            return Ok(Self::RsaSha1(Box::new(SigningKey::new(key))));
        }
        if label(consumer_secret).is_some_and(|label| label.ends_with("PRIVATE KEY")) {
            return Err(OAuth1KeyError::NotShared(method));
        }
        let both = format!("{}&{}", encoded(consumer_secret), encoded(token_secret));
        let both = SecretString::new(both);
        Ok(match method {
            OAuth1Method::HmacSha1 => Self::HmacSha1(both),
            OAuth1Method::HmacSha256 => Self::HmacSha256(both),
            OAuth1Method::Plaintext | OAuth1Method::RsaSha1 => Self::Plaintext(both),
        })
    }

    /// The signature as `oauth_signature` has it; none where a key cannot make one.
    pub(super) fn signature(&self, base_string: &str) -> Option<String> {
        let signed = base_string.as_bytes();
        match self {
            Self::HmacSha1(key) => {
                Some(STANDARD.encode(mac(HashKind::Sha1, key.reveal().as_bytes(), signed)))
            }
            Self::HmacSha256(key) => {
                Some(STANDARD.encode(mac(HashKind::Sha256, key.reveal().as_bytes(), signed)))
            }
            // The library blinds with the system's randomness, which leaves no trace in the result.
            Self::RsaSha1(key) => Some(STANDARD.encode(key.try_sign(signed).ok()?.to_bytes())),
            Self::Plaintext(both) => Some(both.reveal().clone()),
        }
    }
}

/// The private key of a PEM file. Line breaks may have become spaces or `\n`, as they do in
/// environment variables and in JSON.
fn rsa_key(text: &str) -> Result<PrivateKey, OAuth1KeyError> {
    let label = label(text).ok_or(OAuth1KeyError::NotPem)?;
    match label {
        "ENCRYPTED PRIVATE KEY" => return Err(OAuth1KeyError::Locked),
        _ if text.contains("Proc-Type: 4,ENCRYPTED") => return Err(OAuth1KeyError::Locked),
        "PRIVATE KEY" | "RSA PRIVATE KEY" => {}
        label if label.ends_with("PUBLIC KEY") || label.ends_with("CERTIFICATE") => {
            return Err(OAuth1KeyError::PublicHalf);
        }
        _ => return Err(OAuth1KeyError::Unreadable),
    }
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let inner = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once(&end));
    let (inner, _) = inner.ok_or(OAuth1KeyError::Unreadable)?;
    let inner: String = inner
        .replace("\\r", "")
        .replace("\\n", "")
        .split_whitespace()
        .collect();
    let der = STANDARD
        .decode(inner)
        .map_err(|_| OAuth1KeyError::Unreadable)?;
    let der = SecretBytes::new(der);
    let key = match label {
        "PRIVATE KEY" => PrivateKey::from_pkcs8_der(der.reveal()).ok(),
        _ => PrivateKey::from_pkcs1_der(der.reveal()).ok(),
    };
    key.ok_or(OAuth1KeyError::Unreadable)
}

/// What a PEM file says it holds.
fn label(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    rest.split_once("-----").map(|(label, _)| label)
}
