//! Connections that wait for their next request.
//!
//! An HTTP/1.1 connection is taken out for each exchange and the last one put back is taken
//! first; an HTTP/2 connection stays and is shared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::client_certificate::Fingerprint;
use crate::connection::Connection;
use crate::place::Place;
use crate::sign::ntlm::Owner;

/// What makes two exchanges able to share a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) place: Place,
    /// The proxy's place.
    pub(crate) proxy: Option<Place>,
    /// Whose connection it is, where it is signed in as somebody.
    pub(crate) owner: Option<Arc<Owner>>,
    /// The client certificate that was shown on it.
    pub(crate) shows: Option<Fingerprint>,
}

/// The pool; clones are the same pool.
#[derive(Clone)]
pub(crate) struct Pool {
    state: Arc<Mutex<State>>,
    idle_timeout: Duration,
    per_host: usize,
}

#[derive(Default)]
struct State {
    idle: HashMap<Key, Vec<Idle>>,
    swept: bool,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(idle_timeout: Duration, per_host: usize) -> Self {
        Self {
            state: Arc::default(),
            idle_timeout,
            per_host,
        }
    }

    /// A connection that has not been idle for longer than `fresh`.
    pub(crate) fn take(&self, key: &Key, fresh: Duration) -> Option<Connection> {
        let mut state = lock(&self.state);
        let idle = state.idle.get_mut(key)?;
        idle.retain(|idle| idle.is_good(self.idle_timeout));
        let last = idle.last_mut()?;
        if let Some(shared) = last.connection.share() {
            last.since = Instant::now();
            return Some(shared);
        }
        if last.since.elapsed() > fresh {
            return None;
        }
        idle.pop().map(|idle| idle.connection)
    }

    /// Drops all connections to a place, for one that is shared did not answer.
    pub(crate) fn forget(&self, key: &Key) {
        lock(&self.state).idle.remove(key);
    }

    /// Keeps a connection for the next exchange.
    pub(crate) fn put(&self, key: Key, connection: Connection) {
        if !connection.is_ready() {
            return;
        }
        let mut state = lock(&self.state);
        let idle = state.idle.entry(key).or_default();
        if connection.is_http2() && idle.iter().any(|idle| idle.connection.is_http2()) {
            return;
        }
        idle.push(Idle {
            connection,
            since: Instant::now(),
        });
        if idle.len() > self.per_host {
            idle.remove(0);
        }
        if !state.swept {
            state.swept = true;
            tokio::spawn(sweep(Arc::downgrade(&self.state), self.idle_timeout));
        }
    }
}

impl Idle {
    fn is_good(&self, idle_timeout: Duration) -> bool {
        self.connection.is_ready() && self.since.elapsed() <= idle_timeout
    }
}

/// Closes what has been idle for too long, until nothing is left or the pool is gone.
async fn sweep(state: Weak<Mutex<State>>, idle_timeout: Duration) {
    loop {
        tokio::time::sleep(idle_timeout).await;
        let Some(state) = state.upgrade() else { return };
        let mut state = lock(&state);
        state.idle.retain(|_, idle| {
            idle.retain(|idle| idle.is_good(idle_timeout));
            !idle.is_empty()
        });
        if state.idle.is_empty() {
            state.swept = false;
            return;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
