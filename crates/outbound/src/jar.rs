//! The cookie jar of one connection, by RFC 6265bis.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use http::{HeaderMap, HeaderValue};
use url::Url;

/// The cookies of one connection. Never shared between connections.
#[derive(Clone, Default)]
pub struct Jar {
    generation: u64,
}

/// What one `Set-Cookie` that was accepted did.
#[derive(Clone, PartialEq, Eq)]
pub struct CookieChange {
    /// The cookie's name.
    pub name: String,
    /// Its value; `None` where it was taken back.
    pub value: Option<String>,
}

impl Jar {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps what the `Set-Cookie` headers of a reply from `url` say, and tells what changed.
    pub fn store(
        &mut self,
        _url: &Url,
        _headers: &HeaderMap,
        _now: SystemTime,
    ) -> Vec<CookieChange> {
        Vec::new()
    }

    /// The `Cookie` header for a request to `url`.
    pub fn header(&self, _url: &Url, _now: SystemTime) -> Option<HeaderValue> {
        None
    }

    /// The value of the cookie of this name that would be sent to `url` first.
    pub fn get(&self, _url: &Url, _name: &str, _now: SystemTime) -> Option<String> {
        None
    }

    /// Every value, so that a masker may know them.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// Whether there is no cookie.
    pub fn is_empty(&self) -> bool {
        true
    }

    /// Grows with every change.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Takes over from another state of the same jar what is newer there, cookie by cookie.
    pub fn merge(&mut self, _other: &Jar) {}

    /// Everything in the clear, for sealing and nothing else.
    pub fn reveal_for_sealing(&self) -> serde_json::Value {
        serde_json::Value::Null
    }

    /// A jar from what [`Jar::reveal_for_sealing`] gave.
    pub fn from_sealed(_value: &serde_json::Value) -> Option<Self> {
        None
    }

    /// The jar behind a lock. A panic elsewhere leaves no half-made change behind, so a
    /// poisoned lock is as good as any.
    pub(crate) fn lock(jar: &Mutex<Self>) -> MutexGuard<'_, Self> {
        jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// Values are credentials, and names tell which accounts.
impl std::fmt::Debug for Jar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jar([secret])")
    }
}

impl std::fmt::Debug for CookieChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CookieChange")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
