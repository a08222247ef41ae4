//! The jar that calls share: a cookie that one call brings is seen by the next on every thread, and written behind.

use outbound::Jar;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The cookies of one credential version while it is in use. A new version starts a jar of its own: a reply still on
/// its way to the old one, often the 401 that takes the session cookie back, must not spoil the new session.
pub(crate) struct LiveJar {
    jar: Mutex<Jar>,
    stored: Mutex<Stored>,
}

/// What the store has of it.
struct Stored {
    /// The jar's generation when it was written.
    jar: u64,
    /// The store's own count of writes, by all processes.
    written: u64,
}

impl LiveJar {
    pub(crate) fn new(jar: Jar, written: u64) -> Self {
        let stored = Stored {
            jar: jar.generation(),
            written,
        };
        Self {
            jar: Mutex::new(jar),
            stored: Mutex::new(stored),
        }
    }

    /// For [`outbound::Cookies`], which locks it for moments only.
    pub(crate) fn mutex(&self) -> &Mutex<Jar> {
        &self.jar
    }

    pub(crate) fn snapshot(&self) -> Jar {
        lock(&self.jar).clone()
    }

    /// Whether the store has cookies that are not here.
    pub(crate) fn misses(&self, written: u64) -> bool {
        lock(&self.stored).written < written
    }

    /// Takes in what another process has stored meanwhile, cookie by cookie.
    pub(crate) fn merge(&self, theirs: &Jar, written: u64) {
        let mut jar = lock(&self.jar);
        let mut stored = lock(&self.stored);
        let clean = jar.generation() == stored.jar;
        jar.merge(theirs);
        stored.written = stored.written.max(written);
        if clean {
            stored.jar = jar.generation();
        }
    }

    pub(crate) fn is_dirty(&self) -> bool {
        let generation = lock(&self.jar).generation();
        generation != lock(&self.stored).jar
    }

    /// The store has this generation now.
    pub(crate) fn note_stored(&self, jar: u64, written: u64) {
        *lock(&self.stored) = Stored { jar, written };
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A jar is whole after every call on it, so a panic elsewhere leaves it usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
