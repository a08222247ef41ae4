//! A caller's body that streams and is kept on the way, so that the call can be sent again: the pieces are shared, not copied.

use crate::kept_body::BODY_LIMIT;
use crate::travel::frame_for_the_api;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use outbound::BoxError;
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// A body in more pieces than this is not kept: one in single bytes would cost many times its length.
const MOST_PIECES: usize = 16 * 1024;

/// A caller's body, for as many sendings as are needed.
pub(crate) struct Tee<B>(Rc<RefCell<Source<B>>>);

/// The body of one sending.
pub(crate) enum SentBody<B> {
    /// None.
    Empty,
    /// In memory. Boxed: what only endpoints have must not make every request larger, which is passed on many times.
    Whole(Box<Bytes>),
    /// The caller's.
    Teed(Teed<B>),
}

/// One reading of a caller's body, from its start.
pub(crate) struct Teed<B> {
    source: Rc<RefCell<Source<B>>>,
    /// Which sending this is.
    turn: u8,
    /// The next of the pieces that are kept.
    next: usize,
    /// The trailers have been passed.
    trailed: bool,
}

struct Source<B> {
    rest: B,
    kept: Vec<Bytes>,
    length: usize,
    /// Whether pieces are to be kept.
    keeps: bool,
    /// A piece has passed that was not kept.
    lost: bool,
    /// Bytes that have passed, in all sendings.
    passed: u64,
    /// Nothing more comes of `rest`.
    ended: bool,
    trailers: Option<HeaderMap>,
    /// The newest sending. Older ones end: there is one stream to read from.
    turn: u8,
}

impl<B: Body<Data = Bytes>> Tee<B> {
    pub(crate) fn new(body: B) -> Self {
        Self(Rc::new(RefCell::new(Source {
            rest: body,
            kept: Vec::new(),
            length: 0,
            keeps: true,
            lost: false,
            passed: 0,
            ended: false,
            trailers: None,
            turn: 0,
        })))
    }

    /// The body from its start, for the next sending. The one before it ends here and now.
    pub(crate) fn next(&self) -> Teed<B> {
        let mut source = self.0.borrow_mut();
        source.turn += 1;
        Teed {
            source: self.0.clone(),
            turn: source.turn,
            next: 0,
            trailed: false,
        }
    }

    /// Whether all of it that has been read is still there.
    pub(crate) fn is_kept(&self) -> bool {
        !self.0.borrow().lost
    }

    /// Ends the sending that is under way, so that what is still to come is left for the next.
    pub(crate) fn stop(&self) {
        self.0.borrow_mut().turn += 1;
    }

    /// Returns once nothing has passed for so long, be it that the caller pauses, that the API does not read, or that all
    /// was sent and no answer comes. Whoever sends a large body is bounded by this rather than in total.
    pub(crate) fn stalled(&self, pause: Duration) -> impl Future<Output = ()> + use<B> {
        let source = self.0.clone();
        async move {
            loop {
                let before = source.borrow().passed;
                tokio::time::sleep(pause).await;
                if source.borrow().passed == before {
                    return;
                }
            }
        }
    }

    /// No further sending is to come: what passes from now on need not be kept.
    pub(crate) fn keep_no_more(&self) {
        self.0.borrow_mut().keeps = false;
    }
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin> Body for Teed<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let mut source = this.source.borrow_mut();
        if source.turn != this.turn {
            return Poll::Ready(Some(Err("the call is sent again".into())));
        }
        if let Some(piece) = source.kept.get(this.next).cloned() {
            this.next += 1;
            source.passed += piece.len() as u64;
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if source.ended {
            let trailers = source.trailers.clone().filter(|_| !this.trailed);
            this.trailed = true;
            return Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers))));
        }
        let frame = match ready!(Pin::new(&mut source.rest).poll_frame(context)) {
            Some(frame) => frame.map_err(Into::into)?,
            None => {
                source.ended = true;
                return Poll::Ready(None);
            }
        };
        match frame.into_data() {
            Ok(piece) => {
                source.keep(&piece);
                source.passed += piece.len() as u64;
                this.next = source.kept.len();
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Err(frame) => {
                let frame = frame_for_the_api(frame);
                source.ended = true;
                this.trailed = true;
                source.trailers = frame.trailers_ref().cloned();
                Poll::Ready(Some(Ok(frame)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let source = self.source.borrow();
        let replayed = self.next >= source.kept.len();
        let trailed = self.trailed || source.trailers.is_none();
        replayed && trailed && (source.ended || source.rest.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let source = self.source.borrow();
        let replayed = source.kept.get(self.next..).unwrap_or_default();
        let ahead: u64 = replayed.iter().map(|piece| piece.len() as u64).sum();
        if source.ended {
            let mut hint = SizeHint::with_exact(ahead);
            if source.trailers.is_some() {
                // A body of a known length has no room for trailers.
                hint = SizeHint::new();
                hint.set_lower(ahead);
            }
            return hint;
        }
        let rest = source.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(ahead));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(ahead)) {
            hint.set_upper(upper);
        }
        hint
    }
}

impl<B> Source<B> {
    fn keep(&mut self, piece: &Bytes) {
        let has_room = self.length + piece.len() <= BODY_LIMIT && self.kept.len() < MOST_PIECES;
        if self.keeps && has_room {
            self.length += piece.len();
            self.kept.push(piece.clone());
            return;
        }
        self.keeps = false;
        self.lost = true;
        self.kept = Vec::new();
    }
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin> Body for SentBody<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Whole(bytes) => {
                let bytes = std::mem::take(&mut **bytes);
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Self::Teed(teed) => Pin::new(teed).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Teed(teed) => teed.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Teed(teed) => teed.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BODY_LIMIT, Tee};
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};
    use http_body::Body;
    use http_body_util::{BodyExt, Full};

    #[tokio::test]
    async fn a_second_sending_begins_anew_and_goes_on_where_the_first_had_come() {
        let tee = Tee::new(Full::new(Bytes::from_static(b"body")));
        let mut first = tee.next();
        assert_eq!(first.size_hint().exact(), Some(4));
        let piece = first.frame().await.unwrap().unwrap();
        assert_eq!(piece.into_data().unwrap(), "body");
        assert!(tee.is_kept());
        let second = tee.next();
        assert!(first.frame().await.unwrap().is_err());
        assert_eq!(second.size_hint().exact(), Some(4));
        assert_eq!(second.collect().await.unwrap().to_bytes(), "body");
    }

    #[tokio::test]
    async fn trailers_have_room_in_a_second_sending_too() {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", HeaderValue::from_static("7"));
        let behind = std::future::ready(Some(Ok(trailers.clone())));
        let tee = Tee::new(Full::new(Bytes::from_static(b"body")).with_trailers(behind));
        for _ in 0..2 {
            let sending = tee.next();
            let whole = sending.collect().await.unwrap();
            assert_eq!(whole.trailers(), Some(&trailers));
            // A length would leave no room for them.
            assert_eq!(tee.next().size_hint().exact(), None);
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_move_is_noticed() {
        let tee = Tee::new(Full::new(Bytes::from_static(b"body")));
        let mut sending = tee.next();
        let mut stalled = Box::pin(tee.stalled(std::time::Duration::ZERO));
        // The first look is taken before the piece passes, the next ones after it.
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert!(stalled.as_mut().poll(context).is_pending());
        sending.frame().await.unwrap().unwrap();
        stalled.await;
        assert!(sending.frame().await.is_none());
    }

    #[tokio::test]
    async fn what_is_larger_than_the_limit_passes_and_is_not_kept() {
        let whole = Bytes::from(vec![b'x'; BODY_LIMIT + 1]);
        let tee = Tee::new(Full::new(whole.clone()));
        assert_eq!(tee.next().collect().await.unwrap().to_bytes(), whole);
        assert!(!tee.is_kept());
    }
}
