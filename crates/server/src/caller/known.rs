//! Who calls, as one thread remembers it: a key is looked up and a token verified once, until the registry changes.

use crate::caller::{Refused, Shown, UserTokens};
use crate::problem::Problem;
use crate::registry::{App, Snapshot};
use hashbrown::HashMap;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

/// The most keys and tokens that a thread remembers.
const MOST: usize = 10_000;

/// Somebody who may call.
pub(crate) struct Known {
    /// The app.
    pub(crate) app: Arc<App>,
    /// Its user, where a token has settled it.
    pub(crate) user: Option<String>,
    /// The key's id, for noting its use.
    key: Option<Arc<str>>,
    used: Cell<bool>,
    /// Until when, in seconds since 1970.
    until: i64,
}

/// Those that a thread remembers, by the SHA-256 of what they show: comparing that tells nothing about a key.
pub(crate) struct Callers {
    tokens: UserTokens,
    known: HashMap<[u8; 32], Rc<Known>>,
    /// Keys that were used and are no longer remembered.
    forgotten: Vec<Arc<str>>,
    generation: u64,
}

impl Callers {
    /// Nobody yet.
    pub(crate) fn new(tokens: UserTokens) -> Self {
        Self {
            tokens,
            known: HashMap::new(),
            forgotten: Vec::new(),
            generation: 0,
        }
    }

    /// Who shows this.
    pub(crate) fn identify(
        &mut self,
        shown: &Shown<'_>,
        snapshot: &Snapshot,
        now: impl FnOnce() -> i64,
    ) -> Result<Rc<Known>, Problem> {
        if self.generation != snapshot.generation {
            self.forgotten = self.used_keys();
            self.known.clear();
            self.generation = snapshot.generation;
        }
        match shown {
            Shown::Key(key) => self.by_key(Sha256::digest(key).into(), snapshot),
            Shown::UserToken(token) => self.by_token(token, snapshot, now()),
            Shown::Other | Shown::Nothing => Err(nobody()),
        }
    }

    /// The ids of the keys used since this was last asked.
    pub(crate) fn used_keys(&mut self) -> Vec<Arc<str>> {
        let mut used = std::mem::take(&mut self.forgotten);
        let known = self.known.values();
        used.extend(
            known
                .filter(|known| known.used.replace(false))
                .filter_map(|known| known.key.clone()),
        );
        used
    }

    fn by_key(&mut self, hash: [u8; 32], snapshot: &Snapshot) -> Result<Rc<Known>, Problem> {
        if let Some(known) = self.known.get(&hash) {
            known.used.set(true);
            return Ok(known.clone());
        }
        let key = snapshot.key(&hash).ok_or_else(unknown_key)?;
        let known = Known {
            app: key.app.clone(),
            user: None,
            key: Some(key.id.clone()),
            used: Cell::new(true),
            until: i64::MAX,
        };
        Ok(self.remember(hash, known))
    }

    fn by_token(
        &mut self,
        token: &str,
        snapshot: &Snapshot,
        now: i64,
    ) -> Result<Rc<Known>, Problem> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(known) = self.known.get(&hash) {
            return match known.until > now {
                true => Ok(known.clone()),
                false => Err(expired()),
            };
        }
        let token = self.tokens.verify(token, now).map_err(|why| match why {
            Refused::Expired => expired(),
            Refused::Forged => unknown_token(),
        })?;
        // The app may be gone since the token was minted, and another of its name be there.
        let app = snapshot
            .app(&token.app)
            .filter(|app| app.issued(token.issued_at))
            .ok_or_else(unknown_token)?;
        let known = Known {
            app: app.clone(),
            user: Some(token.user),
            key: None,
            used: Cell::new(false),
            until: token.expires_at,
        };
        Ok(self.remember(hash, known))
    }

    fn remember(&mut self, hash: [u8; 32], known: Known) -> Rc<Known> {
        if self.known.len() >= MOST {
            // Keys last, tokens come and go.
            self.known.retain(|_, known| known.key.is_some());
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let known = Rc::new(known);
        self.known.insert(hash, known.clone());
        known
    }
}

/// Nothing shows who calls.
pub(crate) fn nobody() -> Problem {
    Problem::unauthenticated(
        "no_credentials",
        "Nothing shows who calls: neither an app's key nor a user token.",
    )
    .help("Send Stepgate-Key: sg_app_… from a backend, or Authorization: Bearer sg_user_… from a browser.")
}

fn unknown_key() -> Problem {
    Problem::unauthenticated("unknown_key", "No app has this key.")
        .help("Make a new key for the app, and send that.")
}

fn unknown_token() -> Problem {
    Problem::unauthenticated("unknown_token", "This user token is not one of ours.")
        .help("Ask the app's backend for a new one.")
}

fn expired() -> Problem {
    Problem::unauthenticated("token_expired", "This user token has ended.")
        .help("Ask the app's backend for a new one.")
}
