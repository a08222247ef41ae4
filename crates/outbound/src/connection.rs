//! One connection on which requests can be sent.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::combinators::BoxBody;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::error::{BoxError, OutboundError};
use crate::place::Place;
use crate::settings::Limits;

/// A request's body as hyper gets it.
pub(crate) type Payload = BoxBody<Bytes, BoxError>;

/// Headers of one reply.
pub(crate) const MOST_HEADERS: usize = 512;

/// A shared connection is asked now and then whether it is alive, for one that silently died
/// would take every exchange on it along.
const ALIVE_ASKED: Duration = Duration::from_secs(15);
const ALIVE_ANSWERED: Duration = Duration::from_secs(10);

/// A connection, to a host or to the proxy before it.
pub(crate) struct Connection {
    sender: Sender,
    /// What was dialled.
    pub(crate) remote: SocketAddr,
    /// Where a proxy is asked in absolute form: what it is asked with.
    pub(crate) via_proxy: Option<ViaProxy>,
    received: Arc<AtomicU64>,
}

/// Plain http through a proxy.
#[derive(Clone)]
pub(crate) struct ViaProxy {
    /// `Proxy-Authorization`.
    pub(crate) authorization: Option<HeaderValue>,
}

enum Sender {
    Http1(http1::SendRequest<Payload>),
    Http2(http2::SendRequest<Payload>),
}

/// Why a request got no reply.
pub(crate) struct Unanswered {
    /// The request, where none of it was written.
    pub(crate) unsent: Option<Request<Payload>>,
    /// Whether not one byte came back on this connection since the request was given to it.
    pub(crate) silent: bool,
    pub(crate) error: hyper::Error,
}

impl Connection {
    /// Starts HTTP on a stream.
    pub(crate) async fn start<S>(
        stream: S,
        http2: bool,
        remote: SocketAddr,
        via_proxy: Option<ViaProxy>,
        place: &Place,
        limits: &Limits,
    ) -> Result<Self, OutboundError>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let received = Arc::new(AtomicU64::new(0));
        let io = TokioIo::new(Counted {
            stream,
            received: received.clone(),
        });
        let failed = |error: hyper::Error| OutboundError::Protocol {
            host: place.shown(),
            detail: error.to_string(),
        };
        let sender = if http2 {
            let (sender, driver) = http2_builder(TokioExecutor::new(), limits)
                .handshake(io)
                .await
                .map_err(failed)?;
            tokio::spawn(drive(driver));
            Sender::Http2(sender)
        } else {
            let starting = http1_builder(limits)
                .max_headers(MOST_HEADERS)
                .handshake(io);
            let (sender, driver) = starting.await.map_err(failed)?;
            tokio::spawn(drive(driver));
            Sender::Http1(sender)
        };
        Ok(Self {
            sender,
            remote,
            via_proxy,
            received,
        })
    }

    /// Sends a request and waits for the header of its reply.
    pub(crate) async fn send(
        &mut self,
        request: Request<Payload>,
    ) -> Result<Response<Incoming>, Unanswered> {
        let before = self.received.load(Ordering::Acquire);
        let outcome = match &mut self.sender {
            Sender::Http1(sender) => {
                // A connection just made, or just taken from the pool, is ready at once
                // unless it is closed, and then it hands the request back.
                sender.try_send_request(request).await
            }
            Sender::Http2(sender) => sender.try_send_request(request).await,
        };
        outcome.map_err(|mut failure: TrySendError<Request<Payload>>| Unanswered {
            unsent: failure.take_message(),
            silent: self.received.load(Ordering::Acquire) == before,
            error: failure.into_error(),
        })
    }

    /// Whether another request can be sent now.
    pub(crate) fn is_ready(&self) -> bool {
        match &self.sender {
            Sender::Http1(sender) => sender.is_ready() && !sender.is_closed(),
            Sender::Http2(sender) => sender.is_ready() && !sender.is_closed(),
        }
    }

    /// Waits until the last exchange is wholly over; `false` where the connection is too.
    pub(crate) async fn settle(&mut self) -> bool {
        match &mut self.sender {
            Sender::Http1(sender) => sender.ready().await.is_ok(),
            Sender::Http2(sender) => sender.ready().await.is_ok(),
        }
    }

    pub(crate) fn is_http2(&self) -> bool {
        matches!(self.sender, Sender::Http2(_))
    }

    /// A second handle on the same connection, which only HTTP/2 has room for.
    pub(crate) fn share(&self) -> Option<Self> {
        match &self.sender {
            Sender::Http1(_) => None,
            Sender::Http2(sender) => Some(Self {
                sender: Sender::Http2(sender.clone()),
                remote: self.remote,
                via_proxy: self.via_proxy.clone(),
                received: self.received.clone(),
            }),
        }
    }
}

/// HTTP/1.1 as it is spoken here. Unless more are asked for, a reply has room for 100 headers.
pub(crate) fn http1_builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .max_header_size(header_bytes(limits))
        .max_buf_size(header_bytes(limits));
    builder
}

/// HTTP/2 as it is spoken here; `executor` runs what it does beside.
pub(crate) fn http2_builder<E: Clone>(executor: E, limits: &Limits) -> http2::Builder<E> {
    let mut builder = http2::Builder::new(executor);
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(ALIVE_ASKED)
        .keep_alive_timeout(ALIVE_ANSWERED)
        .max_header_list_size(u32::try_from(header_bytes(limits)).unwrap_or(u32::MAX));
    builder
}

fn header_bytes(limits: &Limits) -> usize {
    limits.header_bytes.max(8192)
}

/// Runs a connection to its end; what breaks it is told to whoever waits on a request.
async fn drive(driver: impl Future<Output = hyper::Result<()>>) {
    if let Err(error) = driver.await {
        tracing::debug!(%error, "a connection ended");
    }
}

/// A stream that counts what comes in, to tell a silent end from a broken reply.
struct Counted<S> {
    stream: S,
    received: Arc<AtomicU64>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        let read = buffer.filled().len() - before;
        if read > 0 {
            self.received.fetch_add(read as u64, Ordering::AcqRel);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
