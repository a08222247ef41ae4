//! `digest`: HTTP Digest (RFC 7616), which answers the API's challenge with a hash of the password.
//!
//! # Layout
//! - [`Digest`]: who answers, and one answer
//! - `digest/session.rs`: what a challenge said, kept and counted for as long as it is taken
//! - `digest/uses.rs`: that session and the nonces before its own, so that no count is given twice
//! - `digest/hash.rs`: the hashes, by the names that challenges have for them

mod hash;
mod session;
#[cfg(test)]
mod tests;
mod uses;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secret::SecretString;
use url::Position;

use super::Unsigned;
use crate::error::OutboundError;

use hash::Hash;
pub(super) use session::Session;
pub(super) use uses::Uses;

/// Who answers challenges.
#[derive(Clone, Debug)]
pub struct Digest {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: SecretString,
}

/// The quality of protection (RFC 7616, section 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Qop {
    /// Method and target.
    Auth,
    /// The body too.
    AuthInt,
}

impl Digest {
    /// The `Authorization` value for a request, with the `count`-th use of the session's nonce.
    ///
    /// # Errors
    /// A user name that cannot be said, or a streamed body that is to be hashed.
    pub(super) fn answer(
        &self,
        session: &Session,
        request: &Unsigned<'_>,
        count: u32,
        cnonce: &str,
    ) -> Result<String, OutboundError> {
        let target = &request.url[Position::BeforePath..Position::AfterQuery];
        let hash = session.hash;
        let (realm, nonce) = (&session.realm, &session.nonce);
        // One nonce of ours for the whole session there, so that every reading of the RFC comes to the same.
        let cnonce = match &session.session_cnonce {
            Some(first) => first.as_str(),
            None => cnonce,
        };
        let name_and_realm = format!("{}:{realm}", self.username);
        let mut a1 = hash.hex(format!("{name_and_realm}:{}", self.password.reveal()).as_bytes());
        if session.session_cnonce.is_some() {
            a1 = hash.hex(format!("{a1}:{nonce}:{cnonce}").as_bytes());
        }
        let a2 = match session.qop {
            Some(Qop::AuthInt) => {
                let body = hash.hex(request.body()?);
                hash.hex(format!("{}:{target}:{body}", request.method).as_bytes())
            }
            Some(Qop::Auth) | None => hash.hex(format!("{}:{target}", request.method).as_bytes()),
        };
        let count = format!("{count:08x}");
        let response = match session.qop {
            Some(qop) => format!("{a1}:{nonce}:{count}:{cnonce}:{}:{a2}", qop.word()),
            None => format!("{a1}:{nonce}:{a2}"),
        };
        let response = hash.hex(response.as_bytes());
        let username = match session.userhash {
            true => format!("username=\"{}\"", hash.hex(name_and_realm.as_bytes())),
            false => self.said_username(session.utf8)?,
        };
        let mut value = format!(
            "Digest {username}, realm=\"{}\", nonce=\"{}\", uri=\"{target}\", response=\"{response}\"",
            quoted(realm),
            quoted(nonce),
        );
        if let Some(algorithm) = &session.algorithm {
            value.push_str(&format!(", algorithm={algorithm}"));
        }
        if let Some(opaque) = &session.opaque {
            value.push_str(&format!(", opaque=\"{}\"", quoted(opaque)));
        }
        if let Some(qop) = session.qop {
            let qop = qop.word();
            value.push_str(&format!(", qop={qop}, nc={count}, cnonce=\"{cnonce}\""));
        }
        if session.userhash {
            value.push_str(", userhash=true");
        }
        Ok(value)
    }

    /// The user name as a parameter (RFC 7616, section 3.4).
    fn said_username(&self, utf8: bool) -> Result<String, OutboundError> {
        let name = &self.username;
        if name.chars().any(char::is_control) {
            return Err(OutboundError::Signing {
                field: "username",
                problem: "holds a control character, which Digest cannot say".to_owned(),
            });
        }
        if !name.is_ascii() && utf8 {
            let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
            return Ok(format!("username*=UTF-8''{encoded}"));
        }
        Ok(format!("username=\"{}\"", quoted(name)))
    }
}

impl Qop {
    fn word(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
