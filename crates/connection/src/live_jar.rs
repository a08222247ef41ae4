//! The jar that calls share: a cookie that one call brings is seen by the next on every thread, and written behind.

use outbound::Jar;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The cookies of one credential version while it is in use. A new version starts a jar of its own: a reply still on
/// its way to the old one, often the 401 that takes the session cookie back, must not spoil the new session.
pub(crate) struct LiveJar {
    jar: Mutex<Jar>,
    /// The jar's generation, for those who only ask whether what they made of it still holds.
    generation: AtomicU64,
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
    pub(crate) fn new(jar: &Jar, written: u64) -> Self {
        // A copy is exactly as large as its cookies. What a sign-in has collected has room for more, and thousands are kept.
        let jar = jar.clone();
        let stored = Stored {
            jar: jar.generation(),
            written,
        };
        Self {
            generation: AtomicU64::new(jar.generation()),
            jar: Mutex::new(jar),
            stored: Mutex::new(stored),
        }
    }

    /// For [`outbound::Cookies`], which locks it for moments only. Whoever changes the jar by this calls
    /// [`LiveJar::publish`].
    pub(crate) fn mutex(&self) -> &Mutex<Jar> {
        &self.jar
    }

    /// Changes the jar, and lets everybody know.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Jar) -> T) -> T {
        let mut jar = lock(&self.jar);
        let result = change(&mut jar);
        self.generation.store(jar.generation(), Ordering::Release);
        result
    }

    /// Lets everybody know of a change made by the mutex.
    pub(crate) fn publish(&self) {
        self.change(|_| ());
    }

    /// As of the last change that was made known: one atomic load.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
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
        self.change(|jar| {
            let mut stored = lock(&self.stored);
            let clean = jar.generation() == stored.jar;
            jar.merge(theirs);
            stored.written = stored.written.max(written);
            if clean {
                stored.jar = jar.generation();
            }
        });
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
