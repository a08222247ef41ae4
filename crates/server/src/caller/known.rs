//! Who calls, as one thread remembers it: a key is looked up and a token verified once, until the registry changes.

use crate::caller::{Refused, Shown, UserTokens};
use crate::problem::Problem;
use crate::registry::{App, Snapshot};
use hashbrown::HashMap;
use http::StatusCode;
use model::Random;
use sha2::{Digest, Sha256};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::cell::Cell;
use std::hash::Hasher;
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

/// Those that a thread remembers, by a keyed hash of what they show, under a secret that nobody else has: what is kept, and
/// how long it takes to compare, tell nothing about a key. It costs a tenth of SHA-256, by which the registry knows keys.
pub(crate) struct Callers {
    tokens: UserTokens,
    secret: [u8; 16],
    known: HashMap<u128, Rc<Known>>,
    /// Keys that were used and are no longer remembered.
    forgotten: Vec<Arc<str>>,
    generation: u64,
}

/// What was shown.
#[derive(Clone, Copy)]
enum Kind {
    Key,
    UserToken,
}

impl Callers {
    /// Nobody yet.
    pub(crate) fn new(tokens: UserTokens, random: &Random) -> Self {
        Self {
            tokens,
            secret: random.bytes(),
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
            Shown::Key(key) => self.by_key(key, snapshot),
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

    fn by_key(&mut self, shown: &[u8], snapshot: &Snapshot) -> Result<Rc<Known>, Problem> {
        let mark = self.mark(shown, Kind::Key);
        if let Some(known) = self.known.get(&mark) {
            known.used.set(true);
            return Ok(known.clone());
        }
        let hash: [u8; 32] = Sha256::digest(shown).into();
        let key = snapshot.key(&hash).ok_or_else(unknown_key)?;
        let known = Known {
            app: key.app.clone(),
            user: None,
            key: Some(key.id.clone()),
            used: Cell::new(true),
            until: i64::MAX,
        };
        Ok(self.remember(mark, known))
    }

    fn by_token(
        &mut self,
        token: &str,
        snapshot: &Snapshot,
        now: i64,
    ) -> Result<Rc<Known>, Problem> {
        let mark = self.mark(token.as_bytes(), Kind::UserToken);
        if let Some(known) = self.known.get(&mark) {
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
        Ok(self.remember(mark, known))
    }

    /// By what a caller is remembered. A token that is shown as a key must not be taken for one.
    fn mark(&self, shown: &[u8], kind: Kind) -> u128 {
        let mut hasher = SipHasher24::new_with_key(&self.secret);
        hasher.write(shown);
        hasher.write_u8(kind as u8);
        hasher.finish128().as_u128()
    }

    fn remember(&mut self, mark: u128, known: Known) -> Rc<Known> {
        if self.known.len() >= MOST {
            // Keys last, tokens come and go.
            self.known.retain(|_, known| known.key.is_some());
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let known = Rc::new(known);
        self.known.insert(mark, known.clone());
        known
    }
}

/// The session of the managed auth screen signs in and sees connections, and no more: browsers send a cookie along with
/// what another site asks for, too.
pub(crate) fn only_at_screen() -> Problem {
    Problem::unauthenticated(
        "no_credentials",
        "The session of the managed auth screen is no proof for a call.",
    )
    .help("Send Authorization: Bearer sg_user_…, which your backend gets by POST /api/user-tokens.")
}

/// Nothing shows who calls.
pub(crate) fn nobody() -> Problem {
    Problem::unauthenticated(
        "no_credentials",
        "Nothing shows who calls: neither an app's key nor a user token.",
    )
    .help("Send Stepgate-Key: sg_app_… from a backend, or Authorization: Bearer sg_user_… from a browser.")
}

/// The token is one user's, and the header says another.
pub(crate) fn other_user() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "other_user",
        "The token is one user's, and the header Stepgate-User names another.",
    )
    .help("Leave Stepgate-User out: the token says whose it is.")
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
