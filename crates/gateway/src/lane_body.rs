//! The body of an answer on a lane: one concrete type, whichever way it comes.

use crate::answer::AnswerBody;
use crate::judge::Ahead;
use crate::kept_body::Continued;
use crate::teed_body::SentBody;
use crate::travel::frame_for_the_caller;
use crate::whole_body::WholeBody;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use outbound::{LocalBody, OutboundError};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// The longest pause of a body that is too large to be there within the time of its call.
const PAUSE: Duration = Duration::from_secs(60);
/// The longest pause of an event stream, which may have nothing to tell for a while.
const EVENT_PAUSE: Duration = Duration::from_secs(600);
/// A body of at most so many bytes comes within the call's time.
const SMALL: u64 = 64 * 1024;

/// What a lane's own connections give.
pub(crate) type Streamed = LocalBody<SentBody<Incoming>>;

/// The API's body as it comes.
pub struct LaneBody(Kind);

enum Kind {
    /// As it comes.
    Streamed(Streamed),
    /// Read already. Boxed, here and below: what is seldom must not make every answer larger.
    Whole(Box<WholeBody>),
    /// Read in part, the rest as it comes.
    Begun(Box<Continued<Streamed>>),
    /// Of a call that took the general path.
    General(Box<AnswerBody>),
}

/// A body that may outlast the call's time has its pauses bounded instead.
pub(crate) fn bound_pauses(reply: &mut Response<Streamed>) {
    let body = reply.body();
    if body.size_hint().upper().is_none_or(|upper| upper > SMALL) && !body.is_end_stream() {
        let pause = longest_pause(reply.headers());
        reply.body_mut().bound_pauses(pause);
    }
}

/// The longest pause of a body.
fn longest_pause(headers: &HeaderMap) -> Duration {
    let is_event_stream = headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
    if is_event_stream { EVENT_PAUSE } else { PAUSE }
}

impl LaneBody {
    pub(crate) fn streamed(body: Streamed) -> Self {
        Self(Kind::Streamed(body))
    }

    pub(crate) fn read(ahead: Ahead<Streamed>) -> Self {
        Self(match ahead {
            Ahead::Whole { bytes, trailers } => {
                Kind::Whole(Box::new(WholeBody::new(bytes, trailers)))
            }
            Ahead::Begun { ahead, rest } => Kind::Begun(Box::new(Continued {
                ahead: Some(ahead),
                rest,
            })),
        })
    }

    pub(crate) fn general(headers: &HeaderMap, mut body: AnswerBody) -> Self {
        if body.size_hint().upper().is_none_or(|upper| upper > SMALL) {
            body.bound_pauses(longest_pause(headers));
        }
        Self(Kind::General(Box::new(body)))
    }
}

impl Body for LaneBody {
    type Data = Bytes;
    type Error = OutboundError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OutboundError>>> {
        let polled = match &mut self.0 {
            Kind::Streamed(body) => Pin::new(body).poll_frame(context),
            Kind::Whole(whole) => Poll::Ready(whole.next().map(Ok)),
            Kind::Begun(body) => Pin::new(&mut **body).poll_frame(context),
            Kind::General(body) => Pin::new(&mut **body).poll_frame(context),
        };
        polled.map_ok(frame_for_the_caller)
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Streamed(body) => body.is_end_stream(),
            Kind::Whole(whole) => whole.is_over(),
            Kind::Begun(body) => body.is_end_stream(),
            Kind::General(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Streamed(body) => body.size_hint(),
            Kind::Whole(whole) => whole.size_hint(),
            Kind::Begun(body) => body.size_hint(),
            Kind::General(body) => body.size_hint(),
        }
    }
}

impl fmt::Debug for LaneBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LaneBody")
    }
}
