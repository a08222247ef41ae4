//! Phase seven, answer: the API's own reply for the caller, less what is not the caller's.

use crate::error::CallError;
use crate::judge::{Finding, Judged};
use crate::kept_body::Continued;
use crate::renew::Credential;
use crate::travel::to_the_caller;
use crate::whole_body::WholeBody;
use bytes::Bytes;
use connection::Handle;
use http::{HeaderMap, StatusCode, Version};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use outbound::{OutboundError, ReplyBody};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use url::Url;

/// What the API answered.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// The protocol it came by.
    pub version: Version,
    /// Its headers, less its cookies and those of the hop.
    pub headers: HeaderMap,
    /// Its body as it was sent, perhaps compressed; [`Answer::read`] decodes it.
    pub body: AnswerBody,
    /// How often the call was sent: once or twice.
    pub attempts: u8,
    /// Whether the session was renewed for it.
    pub renewed: bool,
    /// Whether the API still says that the session is over.
    pub over: bool,
    /// How it misses the endpoint's `expect`, if it does.
    pub unexpected: Option<Unexpected>,
    /// The URL that answered, without what was attached to it.
    pub url: Url,
    /// The credential it was sent with last; none where nothing was attached.
    pub handle: Option<Arc<Handle>>,
}

/// An answer that is not what the endpoint expects.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unexpected {
    /// The `else` text, where the definition has one.
    pub message: Option<String>,
}

/// The body of an answer, which streams unless it had to be read to judge it.
pub enum AnswerBody {
    /// Read already.
    Whole(Whole),
    /// As it comes.
    Passing(Box<ReplyBody>),
    /// Read in part, the rest as it comes.
    Begun(Box<Begun>),
}

/// A body read to its end.
pub struct Whole(WholeBody);

/// A body read in part.
pub struct Begun(Continued<ReplyBody>);

pub(crate) fn answer(
    judged: Judged,
    finding: Finding,
    attempts: u8,
    credential: &Credential,
) -> Answer {
    let Judged { parts, body } = judged;
    if let (Some(handle), false) = (&credential.handle, matches!(finding, Finding::Over)) {
        handle.note_taken();
    }
    Answer {
        status: parts.status,
        version: parts.version,
        headers: to_the_caller(&parts.headers),
        body,
        attempts,
        renewed: credential.renewed,
        over: matches!(finding, Finding::Over),
        unexpected: match finding {
            Finding::Unexpected(message) => Some(Unexpected { message }),
            Finding::StepUp(_) | Finding::Over | Finding::Good => None,
        },
        url: parts.url,
        handle: credential.handle.clone(),
    }
}

impl Answer {
    /// The whole body, decoded, where it is at most `limit` bytes.
    ///
    /// # Errors
    /// Where the body breaks off, is larger or cannot be decoded.
    pub async fn read(self, limit: usize) -> Result<Bytes, CallError> {
        let headers = self.headers;
        let whole = match self.body {
            AnswerBody::Whole(whole) => whole.0.into_bytes(),
            mut passing => {
                let mut whole = bytes::BytesMut::new();
                while let Some(frame) = passing.frame().await {
                    if let Ok(data) = frame?.into_data() {
                        whole.extend_from_slice(&data);
                    }
                    if whole.len() > limit {
                        return Err(OutboundError::BodyTooLarge { limit }.into());
                    }
                }
                whole.freeze()
            }
        };
        Ok(outbound::decode(&headers, &whole, limit)?)
    }
}

impl AnswerBody {
    /// From now on only the pause between two pieces is bounded: an event stream rightly outlasts the call's time.
    pub fn bound_pauses(&mut self, between: Duration) {
        match self {
            Self::Whole(_) => {}
            Self::Passing(body) => body.bound_pauses(between),
            Self::Begun(begun) => begun.0.rest.bound_pauses(between),
        }
    }

    pub(crate) fn whole(bytes: Bytes, trailers: Option<HeaderMap>) -> Self {
        Self::Whole(Whole(WholeBody::new(bytes, trailers)))
    }

    pub(crate) fn begun(ahead: Bytes, rest: ReplyBody) -> Self {
        Self::Begun(Box::new(Begun(Continued {
            ahead: Some(ahead),
            rest,
        })))
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = OutboundError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OutboundError>>> {
        match &mut *self {
            Self::Whole(whole) => Poll::Ready(whole.0.next().map(Ok)),
            Self::Passing(body) => Pin::new(&mut **body).poll_frame(context),
            Self::Begun(begun) => Pin::new(&mut begun.0).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.0.is_over(),
            Self::Passing(body) => body.is_end_stream(),
            Self::Begun(begun) => begun.0.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.0.size_hint(),
            Self::Passing(body) => body.size_hint(),
            Self::Begun(begun) => begun.0.size_hint(),
        }
    }
}

impl fmt::Debug for AnswerBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Whole(_) => "Whole",
            Self::Passing(_) => "Passing",
            Self::Begun(_) => "Begun",
        })
    }
}
