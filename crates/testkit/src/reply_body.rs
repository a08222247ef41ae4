//! The body of a reply, sent piece by piece, with pauses where a test wants them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use crate::gate::Gate;

/// How much of a run of zeros is sent at once.
const ZEROS: &[u8] = &[0; 64 * 1024];

/// One piece of a body.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Bytes(Bytes),
    Zeros(u64),
    Pause(Duration),
    Gate(Gate),
    Forever,
}

/// The pieces on their way.
pub(crate) struct ReplyBody {
    pieces: VecDeque<Piece>,
    waiting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl ReplyBody {
    pub(crate) fn new(pieces: Vec<Piece>) -> ReplyBody {
        ReplyBody {
            pieces: pieces.into(),
            waiting: None,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                match waiting.as_mut().poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => self.waiting = None,
                }
            }
            let bytes = match self.pieces.pop_front() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => bytes,
                Some(Piece::Zeros(left)) => {
                    let now = left.min(ZEROS.len() as u64);
                    if left > now {
                        self.pieces.push_front(Piece::Zeros(left - now));
                    }
                    Bytes::from_static(&ZEROS[..usize::try_from(now).unwrap_or(ZEROS.len())])
                }
                Some(Piece::Pause(time)) => {
                    self.waiting = Some(Box::pin(tokio::time::sleep(time)));
                    continue;
                }
                Some(Piece::Gate(gate)) => {
                    self.waiting = Some(Box::pin(async move { gate.passed().await }));
                    continue;
                }
                Some(Piece::Forever) => {
                    self.waiting = Some(Box::pin(std::future::pending()));
                    continue;
                }
            };
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && self.waiting.is_none()
    }

    /// Exact, so that a Content-Length is sent, only where there is nothing but bytes.
    fn size_hint(&self) -> SizeHint {
        let length = self.pieces.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.len() as u64),
            _ => None,
        });
        match length.sum::<Option<u64>>() {
            Some(length) if self.waiting.is_none() => SizeHint::with_exact(length),
            _ => SizeHint::default(),
        }
    }
}
