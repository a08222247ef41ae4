//! The body of every answer: one concrete type, wherever it comes from.

use crate::front::activity::Serving;
use bytes::Bytes;
use gateway::LaneBody;
use http_body::{Body, Frame, SizeHint};
use outbound::BoxError;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body, and the note that its request is being answered.
pub(crate) struct FrontBody {
    kind: Kind,
    serving: Option<Serving>,
}

enum Kind {
    /// Of a call.
    Lane(LaneBody),
    /// Of the router.
    Router(axum::body::Body),
    /// In memory.
    Whole(Option<Bytes>),
}

impl FrontBody {
    /// Of a call.
    pub(crate) fn lane(body: LaneBody) -> Self {
        Kind::Lane(body).into()
    }

    /// Of the router.
    pub(crate) fn router(body: axum::body::Body) -> Self {
        Kind::Router(body).into()
    }

    /// In memory.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Kind::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())).into()
    }

    /// The request counts as being answered for as long as the body lives.
    pub(crate) fn serving(&mut self, serving: Serving) {
        self.serving = Some(serving);
    }
}

impl From<Kind> for FrontBody {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            serving: None,
        }
    }
}

impl Body for FrontBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.kind {
            Kind::Lane(body) => {
                let frame = ready!(Pin::new(body).poll_frame(context));
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Kind::Router(body) => {
                let frame = ready!(Pin::new(body).poll_frame(context));
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Kind::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Lane(body) => body.is_end_stream(),
            Kind::Router(body) => body.is_end_stream(),
            Kind::Whole(bytes) => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Lane(body) => body.size_hint(),
            Kind::Router(body) => body.size_hint(),
            Kind::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
        }
    }
}
