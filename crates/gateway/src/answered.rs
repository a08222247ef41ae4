//! What comes of a call on a lane.

use crate::answer::{Answer, Unexpected};
use crate::error::CallError;
use crate::lane_body::LaneBody;
use crate::route::Route;
use connection::Handle;
use http::{Response, Version};
use std::sync::Arc;
use std::time::Duration;

/// The API's answer, ready to be handed to the caller.
#[derive(Debug)]
pub struct Answered {
    /// Status, headers (less the API's cookies and those of the hop) and body.
    pub response: Response<LaneBody>,
    /// How often the call was sent: once or twice.
    pub attempts: u8,
    /// Whether the session was renewed for it.
    pub renewed: bool,
    /// Whether the API still says that the session is over.
    pub over: bool,
    /// How it misses the endpoint's `expect`, if it does.
    pub unexpected: Option<Unexpected>,
    /// Where the time went.
    pub timings: Timings,
    /// The credential that a renewal for this call gave.
    pub fresh: Option<Arc<Handle>>,
}

/// Why a call has no answer of the API's own, and how far it had come.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Unanswered {
    /// Why.
    pub error: CallError,
    /// How often the call was sent: not at all, once or twice.
    pub attempts: u8,
    /// Where the time went.
    pub timings: Timings,
}

/// Where the time of a call went, up to the header of the API's reply.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Timings {
    /// Waiting for the API, in all sendings of the call; a call that took the general path has all
    /// its time here.
    pub upstream: Duration,
    /// Waiting for a renewal.
    pub renewal: Duration,
    /// All of it, those two included.
    pub total: Duration,
}

impl From<CallError> for Unanswered {
    /// Before anything was sent.
    fn from(error: CallError) -> Self {
        Self {
            error,
            attempts: 0,
            timings: Timings::default(),
        }
    }
}

impl Answered {
    /// From the general path.
    pub(crate) fn from_answer(mut answer: Answer, route: &Route, timings: Timings) -> Self {
        route.rewrite_pointers(&mut answer.headers, &answer.url);
        let mut response = Response::new(LaneBody::general(&answer.headers, answer.body));
        *response.status_mut() = answer.status;
        // The caller's own connection decides on the version.
        *response.version_mut() = Version::HTTP_11;
        *response.headers_mut() = answer.headers;
        Self {
            response,
            attempts: answer.attempts,
            renewed: answer.renewed,
            over: answer.over,
            unexpected: answer.unexpected,
            timings,
            fresh: answer.handle.filter(|_| answer.renewed),
        }
    }
}
