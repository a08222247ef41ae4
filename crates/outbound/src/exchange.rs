//! One hop: a request on a connection, and the header of its reply.
//!
//! A connection from the pool may have been closed by the other side in the same moment. A
//! request of which nothing was written goes to another connection; one that was written is
//! sent again, once, only if it is idempotent, can be replayed, and not a byte was answered.
//! Anything else could act twice.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderValue, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::Incoming;
use url::{Position, Url};

use crate::client_certificate::ClientCertificate;
use crate::connection::{Connection, Payload, Unanswered};
use crate::deadline::Deadline;
use crate::dialer::Dialer;
use crate::error::{OutboundError, Phase};
use crate::outgoing::OutBody;
use crate::place::Place;
use crate::pool::{Key, Pool};
use crate::progress::{Moving, Progress};

/// How long a connection may take to be ready again after its reply has been read.
const SETTLING: Duration = Duration::from_secs(1);

/// What every hop is sent with.
pub(crate) struct Exchanger {
    pub(crate) dialer: Dialer,
    pub(crate) pool: Pool,
}

/// A request for one hop, complete.
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: OutBody,
    /// What comes after a body that is in memory.
    pub(crate) trailers: HeaderMap,
    /// Of a body that takes long.
    pub(crate) progress: Option<Progress>,
    /// What is shown to whom it goes.
    pub(crate) client_certificate: Option<ClientCertificate>,
}

/// A connection in use, which goes back to the pool when the reply has been read.
pub(crate) struct Lent {
    pub(crate) connection: Connection,
    /// Under what it is kept; none: it is closed.
    key: Option<Key>,
    pool: Pool,
}

impl Exchanger {
    /// Sends one hop.
    pub(crate) async fn exchange(
        &self,
        message: Message,
        deadline: Deadline,
    ) -> Result<(Response<Incoming>, Lent), OutboundError> {
        let place = Place::of(&message.url)?;
        let proxy = self.dialer.proxy_to(&place);
        let key = Key {
            place: place.clone(),
            proxy: proxy.as_ref().map(|proxy| proxy.place.clone()),
            owner: None,
            shows: message
                .client_certificate
                .as_ref()
                .map(ClientCertificate::fingerprint),
        };
        let Message {
            method,
            url,
            headers,
            body,
            trailers,
            progress,
            client_certificate,
        } = message;
        let spare = match &body {
            OutBody::Empty => Some(None),
            OutBody::Bytes(bytes) => Some(Some(bytes.clone())),
            OutBody::Stream(_) => None,
        };
        let repeatable = method.is_idempotent() && spare.is_some();
        let progress = progress.as_ref();
        let mut payload = payload(body, trailers.clone(), progress);
        let lent = |connection| self.lend(connection, Some(&key));

        let fresh = if repeatable {
            Duration::MAX
        } else {
            self.dialer.limits().fresh
        };
        if let Some(mut connection) = self.pool.take(&key, fresh) {
            let request = shape(&method, &url, &headers, payload, &place, &connection)?;
            match deliver(&mut connection, request, &place, deadline, progress).await {
                Ok(response) => return Ok((response, lent(connection))),
                Err(Failed::Unanswered(Unanswered {
                    unsent: Some(request),
                    ..
                })) => {
                    payload = request.into_body();
                }
                Err(failed) if !connection.is_http2() && failed.may_be_sent_again(repeatable) => {
                    payload = spare
                        .flatten()
                        .map_or_else(empty, |bytes| moving(whole(bytes, trailers), progress));
                }
                Err(failed) => {
                    if connection.is_http2() {
                        self.pool.forget(&key);
                    }
                    return Err(failed.say(&place));
                }
            }
        }
        let shown = client_certificate.as_ref();
        let opening = self.dialer.open(&place, proxy.as_deref(), shown, deadline);
        let mut connection = opening.await?;
        let request = shape(&method, &url, &headers, payload, &place, &connection)?;
        let response = deliver(&mut connection, request, &place, deadline, progress)
            .await
            .map_err(|failed| failed.say(&place))?;
        if let Some(shared) = connection.share() {
            self.pool.put(key.clone(), shared);
        }
        Ok((response, lent(connection)))
    }

    /// A connection in use, to be kept under `key` afterwards.
    pub(crate) fn lend(&self, connection: Connection, key: Option<&Key>) -> Lent {
        Lent {
            connection,
            key: key.cloned(),
            pool: self.pool.clone(),
        }
    }
}

impl Lent {
    /// Gives the connection back once the other side is done with the exchange.
    pub(crate) fn give_back(mut self) {
        // An HTTP/2 connection never left the pool.
        if self.connection.is_http2() {
            return;
        }
        let Some(key) = self.key else { return };
        if self.connection.is_ready() {
            return self.pool.put(key, self.connection);
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let settled = tokio::time::timeout(SETTLING, self.connection.settle()).await;
                if matches!(settled, Ok(true)) {
                    self.pool.put(key, self.connection);
                }
            });
        }
    }
}

/// Why a connection gave no reply.
pub(crate) enum Failed {
    Unanswered(Unanswered),
    Late(OutboundError),
}

impl Failed {
    /// Whether a kept connection was closed before it said anything, so that another may be
    /// asked: always where nothing was written, else for a request that may act twice.
    pub(crate) fn may_be_sent_again(&self, repeatable: bool) -> bool {
        match self {
            Self::Unanswered(failure) if failure.unsent.is_some() => true,
            Self::Unanswered(failure) => repeatable && failure.silent && broke_off(&failure.error),
            Self::Late(_) => false,
        }
    }

    pub(crate) fn say(self, place: &Place) -> OutboundError {
        match self {
            Self::Late(error) => error,
            Self::Unanswered(failure) => {
                let phase = if failure.unsent.is_some() {
                    Phase::Connect
                } else {
                    Phase::Receive
                };
                say(&failure.error, place.shown(), phase)
            }
        }
    }
}

pub(crate) async fn deliver(
    connection: &mut Connection,
    request: Request<Payload>,
    place: &Place,
    deadline: Deadline,
    progress: Option<&Progress>,
) -> Result<Response<Incoming>, Failed> {
    let mut sending = pin!(connection.send(request));
    let until = || progress.map_or(deadline.at, |progress| progress.until(deadline));
    let mut end = until();
    loop {
        if let Ok(outcome) = tokio::time::timeout_at(end, sending.as_mut()).await {
            return outcome.map_err(Failed::Unanswered);
        }
        let before = std::mem::replace(&mut end, until());
        if end <= before {
            return Err(Failed::Late(OutboundError::Timeout {
                host: place.shown(),
                phase: Phase::Receive,
                after: deadline.after,
            }));
        }
    }
}

/// The request as this connection takes it.
pub(crate) fn shape(
    method: &Method,
    url: &Url,
    headers: &HeaderMap,
    payload: Payload,
    place: &Place,
    connection: &Connection,
) -> Result<Request<Payload>, OutboundError> {
    let bad = |problem: String| OutboundError::Request {
        host: place.shown(),
        problem,
    };
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let absolute = connection.is_http2() || connection.via_proxy.is_some();
    let target = if absolute {
        let scheme = if place.tls { "https" } else { "http" };
        format!("{scheme}://{}{path}", place.shown())
    } else {
        path.to_owned()
    };
    let mut headers = headers.clone();
    for made_here in [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, PROXY_AUTHORIZATION] {
        headers.remove(made_here);
    }
    if !connection.is_http2() {
        let host = HeaderValue::from_str(&place.shown()).map_err(|error| bad(error.to_string()))?;
        headers.insert(HOST, host);
        if headers.contains_key(TE) {
            // It is for this hop alone, and has to say so (RFC 9110 section 10.1.4).
            headers.append(CONNECTION, HeaderValue::from_static("te"));
        }
    }
    let bodiless = http_body::Body::is_end_stream(&payload);
    if bodiless && [Method::POST, Method::PUT, Method::PATCH].contains(method) {
        // Some servers insist on hearing that there is nothing (RFC 9110 8.6).
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(via) = &connection.via_proxy
        && let Some(authorization) = &via.authorization
    {
        headers.insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    let mut request = Request::new(payload);
    *request.method_mut() = method.clone();
    *request.uri_mut() = target
        .parse()
        .map_err(|error: http::uri::InvalidUri| bad(format!("its URL cannot be sent ({error})")))?;
    *request.headers_mut() = headers;
    Ok(request)
}

pub(crate) fn payload(body: OutBody, trailers: HeaderMap, progress: Option<&Progress>) -> Payload {
    match body {
        OutBody::Empty => empty(),
        OutBody::Bytes(bytes) => moving(whole(bytes, trailers), progress),
        OutBody::Stream(stream) => moving(stream, progress),
    }
}

/// The same body, which tells when its pieces go.
pub(crate) fn moving(body: Payload, progress: Option<&Progress>) -> Payload {
    match progress {
        None => body,
        Some(progress) => BodyExt::boxed(Moving::new(body, progress.clone())),
    }
}

pub(crate) fn empty() -> Payload {
    Empty::new().map_err(|never| match never {}).boxed()
}

/// Where trailers follow, the length is not told: a body that has one has no room for them (RFC 9112 section 6.2).
pub(crate) fn whole(bytes: Bytes, trailers: HeaderMap) -> Payload {
    if trailers.is_empty() {
        return Full::new(bytes).map_err(|never| match never {}).boxed();
    }
    let frames = [Frame::data(bytes), Frame::trailers(trailers)];
    StreamBody::new(futures_util::stream::iter(frames.map(Ok))).boxed()
}

/// Whether the connection ended, as against an answer that could not be read.
pub(crate) fn broke_off(error: &hyper::Error) -> bool {
    error.is_incomplete_message()
        || error.is_closed()
        || error.is_canceled()
        || std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// Hyper's error in our words.
pub(crate) fn say(error: &hyper::Error, host: String, phase: Phase) -> OutboundError {
    let detail = deepest(error);
    // Hyper keeps the predicate for this to servers.
    if error.is_parse() && error.to_string() == "message head is too large" {
        return OutboundError::HeaderTooLarge { host };
    }
    if error.is_user() {
        return OutboundError::RequestBody { host, detail };
    }
    if error.is_parse() {
        return OutboundError::Protocol { host, detail };
    }
    OutboundError::Broken {
        host,
        phase,
        detail,
    }
}

/// The innermost cause says most.
fn deepest(error: &hyper::Error) -> String {
    let mut current: &dyn std::error::Error = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}
