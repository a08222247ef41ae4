//! Who answers for an upstream.

use bytes::Bytes;
use http::Request;

use crate::reply::Reply;

/// Answers requests: a closure, a [`Reply`] that is always the same, or [`crate::Routes`].
pub trait Handler: Send + Sync + 'static {
    /// The answer to one request.
    fn answer(&self, request: &Request<Bytes>) -> Reply;
}

impl<F, R> Handler for F
where
    F: Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
    R: Into<Reply>,
{
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        self(request).into()
    }
}

impl Handler for Reply {
    fn answer(&self, _: &Request<Bytes>) -> Reply {
        self.clone()
    }
}
