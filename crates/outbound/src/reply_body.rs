//! A reply's body as it arrives, bounded in time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};

use crate::deadline::Deadline;
use crate::error::{OutboundError, Phase};
use crate::exchange::{Lent, say};

/// The body, streamed. It ends with [`OutboundError::Timeout`] when the exchange's time is up.
pub struct ReplyBody {
    incoming: Incoming,
    host: String,
    bound: Bound,
    sleep: Pin<Box<Sleep>>,
    /// Goes back to the pool once all has been read; dropped, and so closed, otherwise.
    lent: Option<Lent>,
}

/// How long the body may take.
#[derive(Clone, Copy)]
enum Bound {
    Whole { after: Duration },
    Idle { between: Duration },
}

impl ReplyBody {
    pub(crate) fn new(incoming: Incoming, host: String, deadline: Deadline, lent: Lent) -> Self {
        let mut body = Self {
            incoming,
            host,
            bound: Bound::Whole {
                after: deadline.after,
            },
            sleep: Box::pin(tokio::time::sleep_until(deadline.at)),
            lent: Some(lent),
        };
        if body.incoming.is_end_stream() {
            body.give_back();
        }
        body
    }

    fn give_back(&mut self) {
        if let Some(lent) = self.lent.take() {
            lent.give_back();
        }
    }

    /// From now on only the pause between two pieces is bounded, not the whole: for event
    /// streams and downloads that rightly outlast the exchange's timeout.
    pub fn bound_pauses(&mut self, between: Duration) {
        self.bound = Bound::Idle { between };
        self.sleep.as_mut().reset(Instant::now() + between);
    }

    /// The whole body, of at most `limit` bytes.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, OutboundError> {
        if self.incoming.size_hint().lower() > limit as u64 {
            return Err(OutboundError::BodyTooLarge { limit });
        }
        let mut whole = Vec::new();
        while let Some(frame) = self.frame().await {
            if let Ok(data) = frame?.into_data() {
                if data.len() > limit - whole.len() {
                    return Err(OutboundError::BodyTooLarge { limit });
                }
                whole.extend_from_slice(&data);
            }
        }
        Ok(Bytes::from(whole))
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = OutboundError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OutboundError>>> {
        let this = &mut *self;
        match Pin::new(&mut this.incoming).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Bound::Idle { between } = this.bound {
                    this.sleep.as_mut().reset(Instant::now() + between);
                }
                if this.incoming.is_end_stream() {
                    this.give_back();
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.lent = None;
                Poll::Ready(Some(Err(say(&error, this.host.clone(), Phase::Receive))))
            }
            Poll::Ready(None) => {
                this.give_back();
                Poll::Ready(None)
            }
            Poll::Pending => {
                if this.sleep.as_mut().poll(context).is_ready() {
                    this.lent = None;
                    let (Bound::Whole { after } | Bound::Idle { between: after }) = this.bound;
                    return Poll::Ready(Some(Err(OutboundError::Timeout {
                        host: this.host.clone(),
                        phase: Phase::Receive,
                        after,
                    })));
                }
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl std::fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReplyBody")
    }
}
