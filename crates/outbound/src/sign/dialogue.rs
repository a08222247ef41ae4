//! The dialogue of one hop with its API: signed, challenged, and signed again. It belongs to one sending.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::header::{AUTHORIZATION, HeaderName, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use url::{Position, Url};

use super::challenge::{Challenge, parameters};
use super::digest::{Digest, Session, Uses};
use super::dpop::{Dpop, Nonces, Proves, wants_dpop_nonce};
use super::{Fresh, Signature, Signer, Signing, Unsigned};
use crate::error::OutboundError;
use crate::place::shown;

/// How often one hop answers: a nonce that was kept may be stale, and so may the one given next.
const ANSWERS: u8 = 2;
/// How many challenges are kept. Who is the one too many is asked once more.
const KEPT: usize = 10_000;

static AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

/// What APIs gave for further requests, by origin and by who sends them.
#[derive(Default)]
pub(crate) struct Kept {
    sessions: Mutex<HashMap<Key, Uses>>,
    nonces: Nonces,
}

type Key = [u8; 32];

/// A hop on its way.
pub(crate) struct Dialogue<'a> {
    signing: &'a Signing,
    kept: &'a Kept,
    /// The nonce of the last answer.
    answered: Option<String>,
    answers: u8,
}

impl Kept {
    fn sessions(&self) -> MutexGuard<'_, HashMap<Key, Uses>> {
        // It is whole after every call on it, so a panic elsewhere leaves it usable.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session, counted up by one use.
    fn next_use(&self, key: &Key) -> Option<Session> {
        self.sessions().get_mut(key).map(Uses::next)
    }

    fn keep(&self, key: Key, session: Session) {
        let mut sessions = self.sessions();
        if let Some(uses) = sessions.get_mut(&key) {
            uses.challenged(session);
            return;
        }
        if sessions.len() >= KEPT
            && let Some(one) = sessions.keys().next().copied()
        {
            sessions.remove(&one);
        }
        sessions.insert(key, Uses::new(session));
    }

    /// A nonce that the API gives for the requests from now on (RFC 7616, section 3.5).
    fn renew(&self, key: &Key, nonce: &str) {
        if let Some(uses) = self.sessions().get_mut(key) {
            uses.renew(nonce);
        }
    }

    fn forget(&self, key: &Key) {
        self.sessions().remove(key);
    }
}

impl<'a> Dialogue<'a> {
    pub(crate) fn new(signing: &'a Signing, kept: &'a Kept) -> Self {
        Self {
            signing,
            kept,
            answered: None,
            answers: 0,
        }
    }

    /// What is to be added to the hop as it is now.
    ///
    /// # Errors
    /// A request that the scheme cannot sign.
    pub(crate) fn sign(&mut self, request: &Unsigned<'_>) -> Result<Signature, OutboundError> {
        let fresh = self.signing.fresh();
        match &self.signing.signer {
            Signer::Hmac(hmac) => hmac.sign(request, &fresh),
            Signer::OAuth1(oauth1) => oauth1.sign(request, &fresh),
            Signer::Hawk(hawk) => hawk.sign(request, &fresh),
            Signer::AwsSigV4(aws) => aws.sign(request, &fresh),
            Signer::Digest(digest) => self.answer(digest, request, &fresh),
            Signer::Dpop(dpop) => {
                let nonce = self.kept.nonces.of(dpop, request.url);
                let signature = dpop.sign(request, &fresh, nonce.as_deref())?;
                let proved = !signature.headers.is_empty() && dpop.proves == Proves::Token;
                self.answered = proved.then(|| nonce.unwrap_or_default());
                Ok(signature)
            }
            // It is the connection that is signed in.
            Signer::Ntlm(_) => Ok(Signature::default()),
        }
    }

    /// Whether the same hop is to be sent once more, now that its reply has begun. `is_kept` is whether its body can be.
    ///
    /// # Errors
    /// A challenge that cannot be answered.
    pub(crate) fn goes_on(
        &mut self,
        url: &Url,
        status: StatusCode,
        reply: &HeaderMap,
        is_kept: bool,
    ) -> Result<bool, OutboundError> {
        let digest = match &self.signing.signer {
            Signer::Digest(digest) => digest,
            Signer::Dpop(dpop) => return Ok(self.wants_nonce(dpop, url, status, reply) && is_kept),
            Signer::Hmac(_)
            | Signer::OAuth1(_)
            | Signer::Hawk(_)
            | Signer::AwsSigV4(_)
            | Signer::Ntlm(_) => return Ok(false),
        };
        let key = key(digest, url);
        if status != StatusCode::UNAUTHORIZED {
            if let Some(nonce) = next_nonce(reply) {
                self.kept.renew(&key, &nonce);
            }
            return Ok(false);
        }
        let challenges = Challenge::all(reply, WWW_AUTHENTICATE);
        if challenges.is_empty() {
            return Ok(false);
        }
        let is_stale = |challenge: &Challenge| {
            let stale = challenge.parameter("stale");
            stale.is_some_and(|stale| stale.eq_ignore_ascii_case("true"))
        };
        // An answer to a nonce that is good was refused: it is the password that is not.
        let given =
            |challenge: &Challenge| challenge.parameter("nonce") == self.answered.as_deref();
        let refused = self.answered.is_some()
            && !challenges.iter().any(is_stale)
            && (self.answers > 0 || challenges.iter().any(given));
        if refused {
            self.kept.forget(&key);
            return Ok(false);
        }
        let cnonce = self.signing.fresh().nonce();
        let session = Session::of(&challenges, &shown(url), &cnonce)?;
        self.kept.keep(key, session);
        self.answers += 1;
        Ok(is_kept && self.answers <= ANSWERS)
    }

    /// Whether the API asks for another nonce than the proof had, once in a sending. Token endpoints ask by their
    /// body, which is not for here.
    fn wants_nonce(
        &mut self,
        dpop: &Dpop,
        url: &Url,
        status: StatusCode,
        reply: &HeaderMap,
    ) -> bool {
        let given = self.kept.nonces.keep(dpop, url, reply);
        let is_new = self.answered.is_some() && given.is_some() && given != self.answered;
        let asked = is_new && self.answers == 0 && wants_dpop_nonce(status, reply);
        self.answers += u8::from(asked);
        asked
    }

    fn answer(
        &mut self,
        digest: &Digest,
        request: &Unsigned<'_>,
        fresh: &Fresh,
    ) -> Result<Signature, OutboundError> {
        let mut signature = Signature::default();
        let Some(session) = self.kept.next_use(&key(digest, request.url)) else {
            // It will be asked for again, and a streamed body cannot be given twice.
            request.body()?;
            return Ok(signature);
        };
        let value = digest.answer(&session, request, session.count, &fresh.nonce())?;
        signature.header("username", AUTHORIZATION, &value)?;
        self.answered = Some(session.nonce);
        Ok(signature)
    }
}

/// A protection space of an origin has no more than one answerer of these words, whoever sends.
fn key(digest: &Digest, url: &Url) -> Key {
    let mut hasher = Sha256::new();
    for part in [
        &url[..Position::BeforePath],
        &digest.username,
        digest.password.reveal(),
    ] {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

fn next_nonce(reply: &HeaderMap) -> Option<String> {
    let value = reply.get(&AUTHENTICATION_INFO)?.to_str().ok()?;
    let mut all = parameters(value).into_iter();
    all.find(|(name, _)| name == "nextnonce")
        .map(|(_, nonce)| nonce)
}
