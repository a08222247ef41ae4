//! Signing: what a scheme adds to one request, made last, when nothing else of it changes any more.
//!
//! Signers are pure: the request, the keys, the time and the randomness come in, and what is to be added comes out.
//! The client calls them for each hop, and only for origins that may have the credential.
//!
//! # Layout
//! - [`Unsigned`], [`Fresh`]: what a signer sees of the request, the time and the randomness
//! - [`Signing`], [`Signer`]: a scheme with its keys, as it hangs on an [`Outgoing`](crate::Outgoing)
//! - [`Signature`] (`sign/signature.rs`): what is added, and how it is put on
//! - [`Hmac`] (`sign/hmac.rs`): a scheme that a definition declares
//! - [`Ntlm`] (`sign/ntlm.rs`): signs connections in rather than requests; `sign/end_point.rs`: to which certificate
//! - [`OAuth1`] (`sign/oauth1.rs`): OAuth 1.0a
//! - [`Hawk`] (`sign/hawk.rs`), [`AwsSigV4`] (`sign/aws_sigv4.rs`), [`Digest`] (`sign/digest.rs`): those of others
//! - [`Dpop`] (`sign/dpop.rs`): proofs for tokens that are bound to a key
//! - [`Challenge`] (`sign/challenge.rs`), `sign/dialogue.rs`: what an API asks for, and one hop's way with it
//! - [`AssumeRole`] (`sign/assume_role.rs`): temporary credentials of AWS

mod assume_role;
mod aws_sigv4;
mod challenge;
mod dialogue;
mod digest;
mod dpop;
mod end_point;
mod hawk;
mod hmac;
pub(crate) mod ntlm;
mod oauth1;
mod signature;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, Method};
use url::Url;

use crate::error::OutboundError;
use crate::place::shown;

pub use assume_role::AssumeRole;
pub(crate) use assume_role::{ANSWER, Roles, Temporary, assume_role_request, read_assumed_role};
pub use aws_sigv4::AwsSigV4;
pub use challenge::Challenge;
pub(crate) use dialogue::{Dialogue, Kept};
pub use digest::Digest;
pub use dpop::{Dpop, DpopKey, Proves, USE_DPOP_NONCE, wants_dpop_nonce};
pub(crate) use end_point::channel_binding;
pub use hawk::Hawk;
pub use hmac::{Encoding, Facts, HashKind, Hmac, SignedPlace, Text};
pub use ntlm::{Account, Ntlm};
pub use oauth1::{OAuth1, OAuth1KeyError, OAuth1Method, OAuth1Place};
pub use signature::Signature;

/// A request that is final but for its signature.
#[derive(Clone, Copy)]
pub struct Unsigned<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its URL, with the query as it will be sent.
    pub url: &'a Url,
    /// Its headers, but for `Host` and those that frame the body.
    pub headers: &'a HeaderMap,
    /// Its body; none where it is streamed, so that nobody can read it ahead.
    pub body: Option<&'a [u8]>,
}

impl<'a> Unsigned<'a> {
    /// The `Host` field as it will be sent: with a port where it is not the scheme's own.
    #[must_use]
    pub fn host(&self) -> String {
        shown(self.url)
    }

    /// The body, for a scheme that cannot do without.
    ///
    /// # Errors
    /// [`OutboundError::BodyNotKept`] where it is streamed.
    pub fn body(&self) -> Result<&'a [u8], OutboundError> {
        self.body.ok_or(OutboundError::BodyNotKept)
    }
}

/// A clock reading and random bytes for one signature, never used for a second one.
#[derive(Clone, Copy)]
pub struct Fresh {
    /// The time.
    pub at: SystemTime,
    /// What nonces are made of.
    pub random: [u8; 32],
}

impl Fresh {
    /// The time since 1970; nothing before.
    #[must_use]
    pub fn since_1970(&self) -> Duration {
        self.at.duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    /// A nonce: 16 of the bytes in hex.
    #[must_use]
    pub fn nonce(&self) -> String {
        hex::encode(&self.random[..16])
    }
}

/// A scheme with its keys, and where it has time and randomness from.
#[derive(Clone)]
pub struct Signing {
    signer: Signer,
    fresh: Arc<dyn Fn() -> Fresh + Send + Sync>,
}

/// A scheme with its keys.
#[derive(Clone, Debug)]
pub enum Signer {
    /// As a definition declares it.
    Hmac(Hmac),
    /// NTLMv2 (MS-NLMP), which signs the connection in and leaves the request as it is.
    Ntlm(Ntlm),
    /// OAuth 1.0a.
    OAuth1(OAuth1),
    /// Hawk.
    Hawk(Hawk),
    /// AWS Signature Version 4.
    AwsSigV4(AwsSigV4),
    /// HTTP Digest: nothing until the API asks.
    Digest(Digest),
    /// DPoP: a proof beside a token that is bound to a key.
    Dpop(Dpop),
}

impl Signing {
    /// Signs each hop anew, with what `fresh` gives then.
    pub fn new(signer: Signer, fresh: impl Fn() -> Fresh + Send + Sync + 'static) -> Self {
        Self {
            signer,
            fresh: Arc::new(fresh),
        }
    }

    /// Names the credential, so that a scheme which keeps something between two sendings keeps it for this one alone.
    pub fn keep_for(&mut self, credential: &str) {
        match &mut self.signer {
            Signer::Ntlm(ntlm) => ntlm.keep_for(credential),
            Signer::Hmac(_)
            | Signer::OAuth1(_)
            | Signer::Hawk(_)
            | Signer::AwsSigV4(_)
            | Signer::Digest(_)
            | Signer::Dpop(_) => {}
        }
    }

    /// Signs a request that is sent by other means than a [`Client`](crate::Client); none where the scheme cannot sign
    /// before it has asked somebody: the API (NTLM, Digest, DPoP), or AWS for a role.
    ///
    /// # Errors
    /// A request that the scheme cannot sign.
    pub fn sign_alone(&self, request: &Unsigned<'_>) -> Option<Result<Signature, OutboundError>> {
        let fresh = self.fresh();
        match &self.signer {
            Signer::Hmac(hmac) => Some(hmac.sign(request, &fresh)),
            Signer::OAuth1(oauth1) => Some(oauth1.sign(request, &fresh)),
            Signer::Hawk(hawk) => Some(hawk.sign(request, &fresh)),
            Signer::AwsSigV4(aws) if aws.assume_role.is_none() => Some(aws.sign(request, &fresh)),
            Signer::AwsSigV4(_) | Signer::Ntlm(_) | Signer::Digest(_) | Signer::Dpop(_) => None,
        }
    }

    /// Whether what it adds is good for a time only, by this machine's clock.
    #[must_use]
    pub fn signs_the_time(&self) -> bool {
        match &self.signer {
            Signer::Hmac(hmac) => hmac.reads_time,
            Signer::OAuth1(_) | Signer::Hawk(_) | Signer::AwsSigV4(_) | Signer::Dpop(_) => true,
            Signer::Ntlm(_) | Signer::Digest(_) => false,
        }
    }

    /// NTLM, where that is the scheme.
    pub(crate) fn ntlm(&self) -> Option<&Ntlm> {
        match &self.signer {
            Signer::Ntlm(ntlm) => Some(ntlm),
            Signer::Hmac(_)
            | Signer::OAuth1(_)
            | Signer::Hawk(_)
            | Signer::AwsSigV4(_)
            | Signer::Digest(_)
            | Signer::Dpop(_) => None,
        }
    }

    /// Time and randomness for the next signature.
    pub(crate) fn fresh(&self) -> Fresh {
        (self.fresh)()
    }

    /// The scheme and the role that it has to take on before it can sign.
    pub(crate) fn role(&self) -> Option<(&AwsSigV4, &AssumeRole)> {
        match &self.signer {
            Signer::AwsSigV4(scheme) => Some((scheme, scheme.assume_role.as_ref()?)),
            Signer::Hmac(_)
            | Signer::OAuth1(_)
            | Signer::Ntlm(_)
            | Signer::Hawk(_)
            | Signer::Digest(_)
            | Signer::Dpop(_) => None,
        }
    }

    /// The same with another scheme.
    pub(crate) fn with(&self, signer: Signer) -> Self {
        Self {
            signer,
            fresh: self.fresh.clone(),
        }
    }

    /// The time now.
    pub(crate) fn now(&self) -> SystemTime {
        self.fresh().at
    }
}

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Signing").field(&self.signer).finish()
    }
}
