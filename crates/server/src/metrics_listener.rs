//! An address of its own for metrics, so that the public port tells nobody how the server is used.

use crate::error::ServerError;
use crate::metrics::{MEDIA_TYPE, Metrics};
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Scrapers are few; more connections than this wait.
const CONNECTIONS: usize = 32;

/// How long a scraper may take to send its request, or wait between two.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long accepting pauses where the system has no room for another connection.
const PAUSE: Duration = Duration::from_millis(50);

/// The listener. Dropped, it closes.
pub(crate) struct MetricsListener {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl MetricsListener {
    /// Listens there, on the runtime that this is called on.
    pub(crate) async fn start(address: SocketAddr, metrics: Metrics) -> Result<Self, ServerError> {
        let refused = |error| ServerError::Listen {
            address,
            setting: "--metrics-listen",
            error,
        };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let accepting = tokio::spawn(accept(listener, metrics));
        Ok(Self { address, accepting })
    }

    /// The address listened on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for MetricsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, metrics: Metrics) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Never closed, so that there always comes one.
        let Ok(place) = room.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let metrics = metrics.clone();
                tokio::spawn(async move {
                    serve(stream, metrics).await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, metrics: Metrics) {
    let service = service_fn(move |request: Request<Incoming>| {
        let response = answer(&request, &metrics);
        async move { Ok::<_, Infallible>(response) }
    });
    // How a connection ends is the scraper's affair.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn answer(request: &Request<Incoming>, metrics: &Metrics) -> Response<Full<Bytes>> {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = Response::default();
    match (request.uri().path(), looks) {
        ("/metrics", true) => {
            let kind = HeaderValue::from_static(MEDIA_TYPE);
            response.headers_mut().insert(CONTENT_TYPE, kind);
            *response.body_mut() = metrics.text().into();
        }
        ("/metrics", false) => {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
        }
        _ => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    response
}
