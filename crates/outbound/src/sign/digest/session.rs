//! What a challenge said, kept and counted for as long as its nonce is taken.

use super::{Hash, Qop};
use crate::error::OutboundError;
use crate::sign::Challenge;

/// A challenge that can be answered, and how often it has been.
#[derive(Clone, Debug)]
pub(in crate::sign) struct Session {
    pub(in crate::sign) realm: String,
    pub(in crate::sign) nonce: String,
    pub(in crate::sign) opaque: Option<String>,
    /// As the challenge names it; some servers compare letters.
    pub(in crate::sign) algorithm: Option<String>,
    pub(in crate::sign) hash: Hash,
    /// Our own nonce of a `-sess` algorithm.
    pub(in crate::sign) session_cnonce: Option<String>,
    /// None as servers had it before RFC 2617.
    pub(in crate::sign) qop: Option<Qop>,
    pub(in crate::sign) userhash: bool,
    pub(in crate::sign) utf8: bool,
    /// How often the nonce has been used.
    pub(in crate::sign) count: u32,
}

impl Session {
    /// What the best of some challenges asks for: SHA-256 before SHA-512/256 before MD5, whatever their order, so that
    /// nobody on the way can choose the weakest.
    ///
    /// # Errors
    /// No challenge that can be answered; says what there is, and what would be needed.
    pub(in crate::sign) fn of(
        challenges: &[Challenge],
        host: &str,
        cnonce: &str,
    ) -> Result<Self, OutboundError> {
        let digests = || challenges.iter().filter(|challenge| challenge.is("Digest"));
        let mut found: Vec<Self> = digests()
            .filter_map(|challenge| Self::answerable(challenge, cnonce))
            .collect();
        found.sort_by_key(|session| session.hash);
        if let Some(best) = found.pop() {
            return Ok(best);
        }
        let named = |name: &str, otherwise: &str| -> String {
            let values = digests().map(|challenge| challenge.parameter(name).unwrap_or(otherwise));
            let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
            values.join(", ")
        };
        let problem = if digests().next().is_none() {
            let schemes: Vec<String> = challenges
                .iter()
                .map(|challenge| format!("`{}`", challenge.scheme))
                .collect();
            format!(
                "is `digest`, but {host} asks for {}: take the sign-in type of one of these",
                schemes.join(", ")
            )
        } else if digests().any(|challenge| hash_of(challenge).is_some()) {
            format!(
                "is `digest`, and {host} asks for it with the protection {}, where `auth` or `auth-int` and a nonce were expected: ask the API for one of these",
                named("qop", "none")
            )
        } else {
            format!(
                "is `digest`, and {host} asks for it with the hash {}, where SHA-256, SHA-512-256 or MD5 was expected: have the API offer one of these",
                named("algorithm", "MD5")
            )
        };
        Err(OutboundError::Signing {
            field: "kind",
            problem,
        })
    }

    fn answerable(challenge: &Challenge, cnonce: &str) -> Option<Self> {
        let (hash, is_session) = hash_of(challenge)?;
        let qop = match challenge.parameter("qop") {
            None => None,
            Some(offered) => Some(qop_of(offered)?),
        };
        let owned = |name: &str| challenge.parameter(name).map(str::to_owned);
        let is = |name: &str, word: &str| {
            challenge
                .parameter(name)
                .is_some_and(|value| value.eq_ignore_ascii_case(word))
        };
        Some(Self {
            realm: owned("realm").unwrap_or_default(),
            nonce: owned("nonce")?,
            opaque: owned("opaque"),
            algorithm: owned("algorithm"),
            hash,
            session_cnonce: is_session.then(|| cnonce.to_owned()),
            qop,
            userhash: is("userhash", "true"),
            utf8: is("charset", "utf-8"),
            count: 0,
        })
    }
}

/// The hash that a challenge asks for, and whether for a session; MD5 where it names none.
fn hash_of(challenge: &Challenge) -> Option<(Hash, bool)> {
    Hash::named(challenge.parameter("algorithm").unwrap_or("MD5"))
}

/// The protection to take: without the body where that is enough, since bodies may be streamed.
fn qop_of(offered: &str) -> Option<Qop> {
    let has = |word: &str| {
        offered
            .split(',')
            .any(|offer| offer.trim().eq_ignore_ascii_case(word))
    };
    match (has("auth"), has("auth-int")) {
        (true, _) => Some(Qop::Auth),
        (false, true) => Some(Qop::AuthInt),
        (false, false) => None,
    }
}
