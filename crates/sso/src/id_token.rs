//! Whether a token may be believed: signature, issuer, audience, authorized party, times, nonce (OpenID Connect Core 1.0,
//! section 3.1.3.7; ASVS 10.5).
//!
//! The algorithms are a list of ours, never what the token names. Keys that are public verify by public-key algorithms
//! alone, and a shared key by HMAC alone, so that neither can be taken for the other.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm,
};
use openidconnect::{
    ClaimsVerificationError, ClientId, ClientSecret, IssuerUrl, Nonce, SignatureVerificationError,
};
use serde_json::{Map, Value};

/// What may verify by a public key.
const BY_PUBLIC_KEY: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What may verify by a shared key.
const BY_SHARED_KEY: [Algorithm; 3] = [
    Algorithm::HmacSha256,
    Algorithm::HmacSha384,
    Algorithm::HmacSha512,
];

/// How far another clock may be ahead of ours, in seconds.
const AHEAD: i64 = 60;

/// By what a token is judged.
pub(crate) struct Judge<'a> {
    pub(crate) keys: Keys<'a>,
    pub(crate) issuer: IssuerUrl,
    pub(crate) audience: ClientId,
    pub(crate) now: i64,
    /// What went out, where that has to come back.
    pub(crate) nonce: Option<&'a str>,
}

/// With which keys.
pub(crate) enum Keys<'a> {
    Public(&'a CoreJsonWebKeySet),
    Shared(ClientSecret),
}

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The key that it names is not there: others may have been added.
    UnknownKey,
    Other(String),
}

impl Judge<'_> {
    /// What the token claims, once it is believed.
    pub(crate) fn claims(&self, token: &str) -> Result<Map<String, Value>, Doubt> {
        let read = CoreIdToken::from_str(token)
            .map_err(|_| Doubt::Other("it is no signed JSON Web Token".to_owned()))?;
        let verifier = self.verifier();
        let nonce = |shown: Option<&Nonce>| match (self.nonce, shown) {
            (None, _) => Ok(()),
            (Some(sent), Some(shown)) if shown.secret() == sent => Ok(()),
            _ => Err("it is not the one that was sent".to_owned()),
        };
        read.claims(&verifier, nonce).map_err(doubt)?;
        let claims =
            payload(token).ok_or_else(|| Doubt::Other("its payload cannot be read".to_owned()))?;
        self.authorized_party(&claims)?;
        self.not_before(&claims)?;
        Ok(claims)
    }

    fn verifier(&self) -> CoreIdTokenVerifier<'static> {
        let now = self.now;
        let (id, issuer) = (self.audience.clone(), self.issuer.clone());
        let verifier = match &self.keys {
            Keys::Public(keys) => {
                CoreIdTokenVerifier::new_public_client(id, issuer, (*keys).clone())
                    .set_allowed_algs(BY_PUBLIC_KEY)
            }
            Keys::Shared(secret) => {
                let none = CoreJsonWebKeySet::new(Vec::new());
                CoreIdTokenVerifier::new_confidential_client(id, secret.clone(), issuer, none)
                    .set_allowed_algs(BY_SHARED_KEY)
            }
        };
        verifier
            .set_time_fn(move || moment(now))
            .set_issue_time_verifier_fn(move |issued| {
                match issued > moment(now.saturating_add(AHEAD)) {
                    true => Err("it was issued in the future; is a clock wrong?".to_owned()),
                    false => Ok(()),
                }
            })
            // Further audiences are for `authorized_party` to judge.
            .set_other_audience_verifier_fn(|_| true)
    }

    /// Where others may have it too, it must say that it was made for us (section 3.1.3.7, 4 and 5).
    fn authorized_party(&self, claims: &Map<String, Value>) -> Result<(), Doubt> {
        let several = claims
            .get("aud")
            .and_then(Value::as_array)
            .is_some_and(|all| all.len() > 1);
        match claims.get("azp").map(Value::as_str) {
            Some(Some(party)) if party == self.audience.as_str() => Ok(()),
            None if !several => Ok(()),
            None => Err(Doubt::Other(
                "it is for several audiences and names no authorized party".to_owned(),
            )),
            Some(_) => Err(Doubt::Other("it was made for another party".to_owned())),
        }
    }

    /// RFC 7519, section 4.1.5.
    fn not_before(&self, claims: &Map<String, Value>) -> Result<(), Doubt> {
        match claims.get("nbf").map(Value::as_f64) {
            None => Ok(()),
            Some(Some(from)) if from <= self.now.saturating_add(AHEAD) as f64 => Ok(()),
            Some(Some(_)) => Err(Doubt::Other("it does not hold yet".to_owned())),
            Some(None) => Err(Doubt::Other("its `nbf` is no number".to_owned())),
        }
    }
}

fn doubt(error: ClaimsVerificationError) -> Doubt {
    match error {
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        ) => Doubt::UnknownKey,
        ClaimsVerificationError::SignatureVerification(error) => Doubt::Other(error.to_string()),
        other => Doubt::Other(other.to_string()),
    }
}

/// The claims of a token whose signature was checked.
fn payload(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn moment(unix: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(unix, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
