//! A caller's body, kept up to a limit so that the call can be sent a second time, and streamed beyond it.

use crate::error::CallError;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use outbound::{BoxError, OutBody};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout;

/// The most of a body that is kept, changed or judged.
pub const BODY_LIMIT: usize = 1 << 20;

/// How long a caller may pause in a body that is read ahead.
const PAUSE: Duration = Duration::from_secs(30);

/// A call's body as its caller hands it over.
#[derive(Default)]
pub enum CallBody {
    /// None.
    #[default]
    Empty,
    /// In memory.
    Bytes(Bytes),
    /// As it comes.
    Stream(BoxBody<Bytes, BoxError>),
}

impl fmt::Debug for CallBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("Empty"),
            Self::Bytes(bytes) => write!(formatter, "Bytes({} bytes)", bytes.len()),
            Self::Stream(_) => formatter.write_str("Stream"),
        }
    }
}

/// A body of which is known whether it can be sent twice.
pub(crate) enum KeptBody {
    Empty,
    /// At most [`BODY_LIMIT`]: can be added to and sent again, with the trailers that came after it.
    Whole(Bytes, HeaderMap),
    /// Larger: sent once. `None` once it has been.
    Passing(Option<OutBody>),
}

impl KeptBody {
    /// Reads as much ahead as is kept.
    ///
    /// # Errors
    /// Where the caller's stream ends with an error.
    pub(crate) async fn keep(body: CallBody) -> Result<Self, CallError> {
        match body {
            CallBody::Empty => Ok(Self::Empty),
            CallBody::Bytes(bytes) if bytes.is_empty() => Ok(Self::Empty),
            CallBody::Bytes(bytes) if bytes.len() <= BODY_LIMIT => {
                Ok(Self::Whole(bytes, HeaderMap::new()))
            }
            CallBody::Bytes(bytes) => Ok(Self::Passing(Some(OutBody::Bytes(bytes)))),
            CallBody::Stream(stream) => keep_stream(stream, PAUSE).await,
        }
    }

    /// The body for one sending; none for the second sending of one that was passing.
    pub(crate) fn next(&mut self) -> Option<OutBody> {
        match self {
            Self::Empty => Some(OutBody::Empty),
            Self::Whole(bytes, _) => Some(OutBody::Bytes(bytes.clone())),
            Self::Passing(body) => body.take(),
        }
    }

    /// What comes after it, where that is known: what passes brings its own.
    pub(crate) fn trailers(&self) -> HeaderMap {
        match self {
            Self::Whole(_, trailers) => trailers.clone(),
            Self::Empty | Self::Passing(_) => HeaderMap::new(),
        }
    }

    /// Whether it can be sent a second time.
    pub(crate) fn is_kept(&self) -> bool {
        !matches!(self, Self::Passing(_))
    }
}

async fn keep_stream(
    mut stream: BoxBody<Bytes, BoxError>,
    pause: Duration,
) -> Result<KeptBody, CallError> {
    let (mut ahead, mut trailers) = (BytesMut::new(), HeaderMap::new());
    loop {
        let frame = timeout(pause, stream.frame());
        let frame = frame.await.map_err(|_| {
            let seconds = pause.as_secs();
            CallError::BodyBroken(format!("nothing of it came for {seconds} seconds"))
        })?;
        match frame {
            None if ahead.is_empty() => return Ok(KeptBody::Empty),
            None => return Ok(KeptBody::Whole(ahead.freeze(), trailers)),
            Some(Err(error)) => return Err(CallError::BodyBroken(error.to_string())),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => ahead.extend_from_slice(&data),
                Err(frame) => trailers = frame.into_trailers().unwrap_or_default(),
            },
        }
        if ahead.len() > BODY_LIMIT {
            let rest = Continued {
                ahead: Some(ahead.freeze()),
                rest: stream,
            };
            return Ok(KeptBody::Passing(Some(OutBody::Stream(BodyExt::boxed(
                rest,
            )))));
        }
    }
}

/// What was read ahead, then the rest.
pub(crate) struct Continued<B> {
    pub(crate) ahead: Option<Bytes>,
    pub(crate) rest: B,
}

impl<B: Body<Data = Bytes> + Unpin> Body for Continued<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.ahead.take() {
            Some(ahead) if !ahead.is_empty() => Poll::Ready(Some(Ok(Frame::data(ahead)))),
            _ => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ahead.as_ref().is_none_or(Bytes::is_empty) && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let ahead = self.ahead.as_ref().map_or(0, |ahead| ahead.len() as u64);
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(ahead));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(ahead)) {
            hint.set_upper(upper);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, keep_stream};
    use crate::error::CallError;
    use bytes::Bytes;
    use http_body_util::{BodyExt, Full};

    #[tokio::test]
    async fn attack_46_a_caller_who_stops_in_its_body_is_not_waited_for() {
        let behind = std::future::pending::<Option<Result<_, std::convert::Infallible>>>();
        let begun = Full::new(Bytes::from_static(b"begun")).with_trailers(behind);
        let stream = begun.map_err(|never| match never {}).boxed();
        let kept = keep_stream(stream, Duration::from_millis(1)).await;
        assert!(matches!(kept, Err(CallError::BodyBroken(_))));
    }
}
