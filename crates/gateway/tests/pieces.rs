//! A caller's body that comes piece by piece, of a length that nobody announced.

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::oneshot;

#[derive(Default)]
pub(crate) struct Pieces {
    pieces: VecDeque<Piece>,
}

enum Piece {
    Data(Bytes),
    Wait(oneshot::Receiver<()>),
    Trailers(HeaderMap),
}

impl Pieces {
    /// So many times 10 kB; each piece says which it is.
    pub(crate) fn of(mut self, count: u8) -> Self {
        for number in 0..count {
            self.pieces
                .push_back(Piece::Data(vec![number; 10_000].into()));
        }
        self
    }

    /// What [`Pieces::of`] comes to.
    pub(crate) fn sum(counts: &[u8]) -> Vec<u8> {
        let pieces = counts.iter().flat_map(|count| 0..*count);
        pieces.flat_map(|number| vec![number; 10_000]).collect()
    }

    pub(crate) fn then_wait(mut self, for_it: oneshot::Receiver<()>) -> Self {
        self.pieces.push_back(Piece::Wait(for_it));
        self
    }

    pub(crate) fn then_trailer(mut self, name: &'static str, value: &'static str) -> Self {
        let mut trailers = HeaderMap::new();
        trailers.insert(name, value.parse().unwrap());
        self.pieces.push_back(Piece::Trailers(trailers));
        self
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(Piece::Wait(for_it)) = self.pieces.front_mut() {
            let _ = ready!(Pin::new(for_it).poll(context));
            self.pieces.pop_front();
        }
        Poll::Ready(match self.pieces.pop_front() {
            None | Some(Piece::Wait(_)) => None,
            Some(Piece::Data(data)) => Some(Ok(Frame::data(data))),
            Some(Piece::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
        })
    }
}
