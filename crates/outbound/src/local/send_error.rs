//! Why a request got no reply, and what the caller may do about it.

use http::Request;

use crate::error::OutboundError;

/// A request that got no reply.
pub struct SendError<B> {
    /// What went wrong.
    pub error: OutboundError,
    /// The request, where nothing of it was written.
    pub unsent: Option<Box<Request<B>>>,
    /// One that is idempotent and can be replayed may go again, once, on a new connection: it
    /// was written to a connection that had been in use before, and which then ended without a
    /// byte of an answer, so that the other side had most likely given it up. Or it is of a safe
    /// method, and the reply had more headers than there was room for: there is more room now.
    pub silent: bool,
}

impl<B> SendError<B> {
    pub(super) fn unsent(error: OutboundError, request: Request<B>) -> Self {
        Self {
            error,
            unsent: Some(Box::new(request)),
            silent: false,
        }
    }

    pub(super) fn sent(error: OutboundError) -> Self {
        Self {
            error,
            unsent: None,
            silent: false,
        }
    }
}

// A request may hold credentials.
impl<B> std::fmt::Debug for SendError<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendError")
            .field("error", &self.error)
            .field("unsent", &self.unsent.is_some())
            .field("silent", &self.silent)
            .finish()
    }
}

impl<B> std::fmt::Display for SendError<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl<B> std::error::Error for SendError<B> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl<B> From<SendError<B>> for OutboundError {
    fn from(error: SendError<B>) -> Self {
        error.error
    }
}
