//! The client: one exchange over all its redirects.

use std::sync::Arc;
use std::time::SystemTime;

use crate::attach::Attach;
use crate::error::OutboundError;
use crate::outgoing::{Cookies, Outgoing};
use crate::reply::Reply;
use crate::settings::{Limits, Settings};

/// Sends requests. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Settings>,
}

impl Client {
    /// A client. Fails where the certificates or the proxies given cannot be used.
    pub fn new(settings: Settings) -> Result<Self, OutboundError> {
        Ok(Self {
            shared: Arc::new(settings),
        })
    }

    /// The bounds it keeps to.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Sends a request, follows redirects if it is to, and returns once the header of the last
    /// reply is there.
    pub async fn send(
        &self,
        outgoing: Outgoing,
        _cookies: Cookies<'_>,
        _attach: Option<&dyn Attach>,
        _now: SystemTime,
    ) -> Result<Reply, OutboundError> {
        Err(OutboundError::Scheme {
            scheme: outgoing.url.scheme().to_owned(),
        })
    }
}
