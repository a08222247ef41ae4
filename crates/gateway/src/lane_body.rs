//! The body of an answer on a lane: one concrete type, whichever way it comes.

use crate::answer::AnswerBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use outbound::OutboundError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The API's body as it comes.
pub struct LaneBody(Kind);

enum Kind {
    /// Of a call that took the general path.
    General(Box<AnswerBody>),
}

impl LaneBody {
    pub(crate) fn general(body: AnswerBody) -> Self {
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
        match &mut self.0 {
            Kind::General(body) => Pin::new(&mut **body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::General(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::General(body) => body.size_hint(),
        }
    }
}

impl fmt::Debug for LaneBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LaneBody")
    }
}
