//! A route with a credential: what calls attach, made once and used until the credential or its cookies change.

use crate::attached::{Attached, jar};
use crate::error::CallError;
use crate::route::Route;
use connection::{Connections, Handle};
use http::{HeaderValue, Method};
use outbound::{ReadyCookies, UpstreamId};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// What the calls of one credential have in common, on one thread.
pub struct Prepared {
    route: Arc<Route>,
    handle: Option<Arc<Handle>>,
    /// None where the API is reached by a proxy, or each call is signed by itself.
    pub(crate) upstream: Option<UpstreamId>,
    /// The `Host` field. This thread's own: a value that all threads share is a place where they meet.
    pub(crate) host: Option<HeaderValue>,
    made: RefCell<Option<Rc<Made>>>,
}

/// What is attached, as long as it holds.
pub(crate) struct Made {
    /// The jar's.
    generation: u64,
    /// When a cookie ends, in Unix seconds.
    until: i64,
    pub(crate) attaching: Attaching,
}

/// How a call gets what is attached to it.
pub(crate) enum Attaching {
    /// All get the same.
    Same(Attached),
    /// It hangs on the call: another for each.
    PerCall,
    /// It cannot be made.
    Failed(CallError),
}

impl Prepared {
    pub(crate) fn new(
        route: Arc<Route>,
        handle: Option<Arc<Handle>>,
        upstream: Option<UpstreamId>,
    ) -> Self {
        let host = route.host.as_ref();
        Self {
            host: host.and_then(|host| HeaderValue::from_bytes(host.as_bytes()).ok()),
            route,
            handle,
            upstream,
            made: RefCell::new(None),
        }
    }

    /// Whether the credential is still the one to use: one atomic load.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.handle
            .as_ref()
            .is_none_or(|handle| handle.is_current())
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

    /// What is attached now; made anew only where the cookies have changed or one has ended.
    pub(crate) fn made(&self, connections: &Connections, handle: &Arc<Handle>) -> Rc<Made> {
        let mut made = self.made.borrow_mut();
        if let Some(made) = &*made
            && (made.until == i64::MAX || connections.engine().clock.unix() < made.until)
            && (!self.route.reads_cookies || made.generation == handle.jar_generation())
        {
            return made.clone();
        }
        let fresh = Rc::new(self.make(connections, handle));
        *made = Some(fresh.clone());
        fresh
    }

    fn make(&self, connections: &Connections, handle: &Arc<Handle>) -> Made {
        let route = &*self.route;
        let url = route.base.url();
        let mut made = Made {
            generation: handle.jar_generation(),
            until: i64::MAX,
            attaching: Attaching::PerCall,
        };
        if !route.is_steady {
            return made;
        }
        if route.reads_cookies {
            let now = connections.engine().clock.now();
            match jar(handle).ready_header(url, now) {
                ReadyCookies::DependsOnPath => return made,
                ReadyCookies::Always { until, .. } => made.until = until.unwrap_or(i64::MAX),
            }
        }
        let attached = Attached::make(connections, route.equipped(), handle, &Method::GET, url);
        made.attaching = attached.map_or_else(Attaching::Failed, Attaching::Same);
        made
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Prepared")
            .field("route", &self.route)
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}
