//! A reply's body as it arrives.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::error::{OutboundError, Phase};
use crate::exchange::say;

use super::held::Held;

/// The body, streamed. It gives its connection back after the last frame; dropped before that,
/// it closes it. It ends with [`OutboundError::Timeout`] when the call's time is up.
pub struct LocalBody<B> {
    /// None once there is nothing more to come.
    incoming: Option<Incoming>,
    held: Option<Held<B>>,
    /// Only the pause between two pieces is bounded.
    pauses: bool,
}

impl<B> LocalBody<B> {
    pub(super) fn new(incoming: Incoming, held: Held<B>) -> Self {
        let mut body = Self {
            incoming: Some(incoming),
            held: Some(held),
            pauses: false,
        };
        if body.is_end_stream() {
            body.give_back();
        }
        body
    }

    /// From now on only the pause between two pieces is bounded, not the whole: for event
    /// streams and downloads that rightly outlast the call's time.
    pub fn bound_pauses(&mut self, between: Duration) {
        self.pauses = true;
        if let Some(held) = &mut self.held {
            held.allow(between);
        }
    }

    fn give_back(&mut self) {
        if let Some(held) = self.held.take() {
            held.give_back();
        }
    }
}

impl<B> Body for LocalBody<B> {
    type Data = Bytes;
    type Error = OutboundError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OutboundError>>> {
        let this = &mut *self;
        let Some(incoming) = &mut this.incoming else {
            return Poll::Ready(None);
        };
        match Pin::new(&mut *incoming).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                if incoming.is_end_stream() {
                    this.give_back();
                } else if this.pauses
                    && let Some(held) = &this.held
                {
                    held.renew();
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.incoming = None;
                let host = this.held.take().map(|held| held.upstream.place.shown());
                let error = say(&error, host.unwrap_or_default(), Phase::Receive);
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(None) => {
                this.incoming = None;
                this.give_back();
                Poll::Ready(None)
            }
            Poll::Pending => match &this.held {
                Some(held) if held.is_late(context) => {
                    let error = held.timeout();
                    this.incoming = None;
                    this.held = None;
                    Poll::Ready(Some(Err(error)))
                }
                _ => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let incoming = self.incoming.as_ref();
        incoming.map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B> std::fmt::Debug for LocalBody<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalBody")
    }
}
