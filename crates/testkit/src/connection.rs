//! One connection of an upstream: hyper reads the requests, and lets go of the socket when a
//! reply wants it for itself.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use crate::handler::Handler;
use crate::reply_body::ReplyBody;
use crate::takeover::Takeover;
use crate::upstream::Seen;

type Answer = Pin<Box<dyn Future<Output = Result<Response<ReplyBody>, Infallible>> + Send>>;

/// What every connection of an upstream shares.
pub(crate) struct Shared {
    pub(crate) handler: Box<dyn Handler>,
    pub(crate) seen: Arc<Seen>,
}

/// The number of a connection, as the requests on it know it.
#[derive(Clone, Copy)]
pub(crate) struct ConnectionNumber(pub(crate) usize);

/// Who is on a connection.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) number: ConnectionNumber,
    /// The SHA-256 of the certificate that it has shown, in hex.
    pub(crate) client: Option<String>,
}

impl Peer {
    pub(crate) fn of(number: ConnectionNumber) -> Self {
        let client = None;
        Self { number, client }
    }
}

/// The certificate that a request's connection was made with.
#[derive(Clone)]
pub(crate) struct ClientShown(pub(crate) String);

/// Serves HTTP/1.1 until either side has had enough.
pub(crate) async fn serve_http1<S>(socket: S, shared: Arc<Shared>, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (orders, mut ordered) = mpsc::channel(1);
    let service = service_fn(move |request| -> Answer {
        Box::pin(answer(
            request,
            Arc::clone(&shared),
            orders.clone(),
            peer.clone(),
        ))
    });
    let mut connection = http1::Builder::new()
        .max_buf_size(4 * 1024 * 1024)
        .serve_connection(TokioIo::new(socket), service);
    let takeover = tokio::select! {
        _ = std::future::poll_fn(|context| connection.poll_without_shutdown(context)) => None,
        takeover = ordered.recv() => takeover,
    };
    let mut socket = connection.into_parts().io.into_inner();
    // The other side may be gone already; that is its right.
    let _ = match takeover {
        Some(takeover) => takeover.run(&mut socket).await,
        None => socket.shutdown().await,
    };
}

/// Serves HTTP/2; replies that take the socket over become an empty reply that never ends.
pub(crate) async fn serve_http2<S>(socket: S, shared: Arc<Shared>, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (orders, _ordered) = mpsc::channel(1);
    let service = service_fn(move |request| -> Answer {
        Box::pin(answer(
            request,
            Arc::clone(&shared),
            orders.clone(),
            peer.clone(),
        ))
    });
    let connection = http2::Builder::new(TokioExecutor::new());
    // The other side may go away at any time.
    let _ = connection
        .serve_connection(TokioIo::new(socket), service)
        .await;
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    orders: mpsc::Sender<Takeover>,
    peer: Peer,
) -> Result<Response<ReplyBody>, Infallible> {
    let (head, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        // The caller went away in the middle of its request: nobody is left to answer.
        Err(_) => return std::future::pending().await,
    };
    let mut request: Request<Bytes> = Request::from_parts(head, body);
    request.extensions_mut().insert(peer.number);
    if let Some(client) = peer.client {
        request.extensions_mut().insert(ClientShown(client));
    }
    shared.seen.push(request.clone());
    let reply = shared.handler.answer(&request);
    if let Some(gate) = &reply.held_by {
        gate.passed().await;
    }
    if let Some(takeover) = reply.takeover {
        // Only fails when the connection is gone.
        let _ = orders.send(takeover).await;
        return std::future::pending().await;
    }
    Ok(reply.into_response())
}
