//! Whether a body that takes long still moves: such a sending is bounded by how long it stands still, not as a whole.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use crate::connection::Payload;
use crate::deadline::Deadline;
use crate::error::BoxError;

/// A body in memory of more than this takes long.
pub(crate) const LONG: usize = 1 << 20;

/// Pieces of a body in memory are no larger, so that it is seen to move.
const PIECE: usize = 64 * 1024;

/// When a piece of the body last went. Clones tell of the same body.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    begun: Instant,
    /// Milliseconds after that.
    moved: Arc<AtomicU64>,
}

/// A body that tells when its pieces go.
pub(crate) struct Moving {
    body: Payload,
    /// Of a piece that was too large.
    rest: Bytes,
    progress: Progress,
}

impl Progress {
    pub(crate) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            moved: Arc::default(),
        }
    }

    /// Until when to wait, as things stand now: the deadline, or as much time as it allows after the last piece.
    pub(crate) fn until(&self, deadline: Deadline) -> Instant {
        let moved = Duration::from_millis(self.moved.load(Ordering::Relaxed));
        let end = self.begun.checked_add(moved.saturating_add(deadline.after));
        end.map_or(deadline.at, |end| end.max(deadline.at))
    }

    fn note(&self) {
        let passed = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.moved.store(passed, Ordering::Relaxed);
    }
}

impl Moving {
    pub(crate) fn new(body: Payload, progress: Progress) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            progress,
        }
    }

    fn piece(&mut self) -> Frame<Bytes> {
        let length = self.rest.len().min(PIECE);
        Frame::data(self.rest.split_to(length))
    }
}

impl Body for Moving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(context)) else {
                return Poll::Ready(None);
            };
            this.progress.note();
            match frame?.into_data() {
                Ok(data) => this.rest = data,
                Err(frame) => return Poll::Ready(Some(Ok(frame))),
            }
        }
        this.progress.note();
        Poll::Ready(Some(Ok(this.piece())))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (hint, here) = (self.body.size_hint(), self.rest.len() as u64);
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower().saturating_add(here));
        if let Some(upper) = hint.upper().and_then(|upper| upper.checked_add(here)) {
            whole.set_upper(upper);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use bytes::Bytes;
    use http_body::Body;
    use http_body_util::{BodyExt, Full};
    use tokio::time::Instant;

    use super::{Moving, PIECE, Progress};
    use crate::deadline::Deadline;

    #[tokio::test]
    async fn a_body_in_memory_goes_in_pieces_and_the_first_moves_the_end_on() {
        let (minute, after) = (Duration::from_secs(60), Duration::from_secs(30));
        let begun = Instant::now().checked_sub(minute).expect("a minute ago");
        let deadline = Deadline {
            at: begun + after,
            after,
        };
        let progress = Progress {
            begun,
            moved: Arc::default(),
        };
        let whole = Full::new(Bytes::from(vec![b'x'; PIECE * 2 + 1]));
        let whole = whole.map_err(|never| match never {}).boxed();
        let mut moving = Moving::new(whole, progress.clone());
        assert_eq!(progress.until(deadline), deadline.at);
        for left in [PIECE + 1, 1, 0] {
            assert!(!moving.is_end_stream());
            let piece = moving.frame().await.expect("a piece").expect("no error");
            assert!(piece.data_ref().is_some_and(|data| data.len() <= PIECE));
            assert_eq!(moving.size_hint().exact(), Some(left as u64));
            // To the millisecond.
            assert!(progress.until(deadline) + Duration::from_millis(1) >= begun + minute + after);
        }
        assert!(moving.is_end_stream());
        assert!(moving.frame().await.is_none());
    }
}
