//! The WebSockets of a server, over all its threads: how many an app may have, and how long one may be silent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What WebSockets may cost.
#[derive(Clone, Copy, Debug)]
pub struct TunnelLimits {
    /// The most of one app at once.
    pub of_an_app: usize,
    /// The most of all at once.
    pub of_all: usize,
    /// How long nothing may pass in either direction.
    pub idle: Duration,
}

/// The WebSockets that are open. Cheap to clone; clones are the same.
#[derive(Clone, Debug)]
pub struct Tunnels(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: TunnelLimits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_app: HashMap<String, usize>,
}

/// One that is open, until this is dropped.
#[derive(Debug)]
pub(crate) struct Entered {
    tunnels: Tunnels,
    app: String,
}

impl Tunnels {
    /// None yet.
    #[must_use]
    pub fn new(limits: TunnelLimits) -> Self {
        Self(Arc::new(Shared {
            limits,
            open: Mutex::default(),
        }))
    }

    /// How long nothing may pass.
    pub(crate) fn idle(&self) -> Duration {
        self.0.limits.idle
    }

    /// One more of an app's; none where there are too many.
    pub(crate) fn enter(&self, app: &str) -> Option<Entered> {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_app = open.by_app.get(app).copied().unwrap_or_default();
        if of_app >= self.0.limits.of_an_app || open.all >= self.0.limits.of_all {
            return None;
        }
        open.all += 1;
        open.by_app.insert(app.to_owned(), of_app + 1);
        Some(Entered {
            tunnels: self.clone(),
            app: app.to_owned(),
        })
    }
}

impl Default for TunnelLimits {
    fn default() -> Self {
        Self {
            of_an_app: 1000,
            of_all: 5000,
            idle: Duration::from_secs(600),
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let open = &self.tunnels.0.open;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(count) = open.by_app.get_mut(&self.app) {
            *count -= 1;
            if *count == 0 {
                open.by_app.remove(&self.app);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TunnelLimits, Tunnels};

    #[test]
    fn attack_46_one_app_takes_no_more_than_its_own() {
        let tunnels = Tunnels::new(TunnelLimits {
            of_an_app: 2,
            of_all: 3,
            ..TunnelLimits::default()
        });
        let (first, second) = (tunnels.enter("a"), tunnels.enter("a"));
        assert!(first.is_some() && second.is_some());
        assert!(tunnels.enter("a").is_none());
        let other = tunnels.enter("b");
        assert!(other.is_some());
        assert!(tunnels.enter("c").is_none());
        drop(first);
        assert!(tunnels.enter("a").is_some());
    }
}
