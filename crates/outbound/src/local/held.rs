//! A call's hold on an upstream: its time limit, and the connection it has.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::client::conn::http1;

use crate::error::{OutboundError, Phase};

use super::deadlines::Slot;
use super::line::Line;
use super::upstream::Upstream;

/// Dropped, it closes the connection; [`Held::give_back`] keeps it for the next call.
pub(super) struct Held<B> {
    pub(super) upstream: Rc<Upstream<B>>,
    /// None before there is one, and where it is shared.
    pub(super) line: Option<Box<Line<B>>>,
    /// A connection that only this call can use.
    pub(super) alone: Option<Box<http1::SendRequest<B>>>,
    slot: Slot,
    /// The time that is allowed.
    within: Duration,
}

impl<B> Held<B> {
    pub(super) fn new(upstream: Rc<Upstream<B>>, within: Duration) -> Self {
        let slot = upstream.shared.deadlines.enter(within);
        Self {
            upstream,
            line: None,
            alone: None,
            slot,
            within,
        }
    }

    /// Allows so much from now on.
    pub(super) fn allow(&mut self, within: Duration) {
        self.within = within;
        self.renew();
    }

    /// Allows the same again, from now on.
    pub(super) fn renew(&self) {
        let deadlines = &self.upstream.shared.deadlines;
        deadlines.renew(self.slot, self.within);
    }

    /// Whether the time is over; if not, the task is woken once it is.
    pub(super) fn is_late(&self, context: &Context<'_>) -> bool {
        self.upstream.shared.deadlines.is_over(self.slot, context)
    }

    /// Waits for `work`, but not beyond the limit.
    pub(super) async fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, OutboundError> {
        let mut work = pin!(work);
        std::future::poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Ok(done)),
            Poll::Pending if self.is_late(context) => Poll::Ready(Err(self.timeout())),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    pub(super) fn timeout(&self) -> OutboundError {
        OutboundError::Timeout {
            host: self.upstream.place.shown(),
            phase: Phase::Receive,
            after: self.within,
        }
    }

    /// Ends the hold; the connection may serve another call.
    pub(super) fn give_back(mut self) {
        if let Some(line) = self.line.take() {
            self.upstream.give(line);
        }
    }
}

impl<B> Drop for Held<B> {
    fn drop(&mut self) {
        self.upstream.shared.deadlines.leave(self.slot);
    }
}
