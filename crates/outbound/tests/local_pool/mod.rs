//! Calls on connections of one thread.

mod deadlines;
mod egress;
mod reuse;
mod streaming;
mod tls;
mod upgrade;

use std::convert::Infallible;
use std::pin::Pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Version};
use http_body::Body;
use http_body_util::{BodyExt, Empty, Full};
use outbound::{
    Dialer, LocalPool, OutboundError, PoolLimits, Reuse, SendError, Settings, Terms, UpstreamId,
};
use tokio::runtime::Handle;
use tokio::task::LocalSet;
use url::{Position, Url};

use crate::server::settings;

/// A body that cannot leave its thread.
type Sent = Pin<Box<dyn Body<Data = Bytes, Error = Infallible>>>;

/// A pool, and the moment it was made at.
struct Pool {
    pool: LocalPool<Sent>,
    start: Instant,
}

/// A reply that was read to its end.
#[derive(Debug)]
struct Got {
    version: Version,
    headers: HeaderMap,
    body: Bytes,
}

impl Pool {
    fn new() -> Self {
        Self::with(&settings())
    }

    fn with(settings: &Settings) -> Self {
        Self::limited(settings, PoolLimits::default())
    }

    fn limited(settings: &Settings, limits: PoolLimits) -> Self {
        Self::of(Dialer::new(settings).expect("a dialer"), limits)
    }

    fn of(dialer: Dialer, limits: PoolLimits) -> Self {
        let start = Instant::now();
        Self {
            pool: LocalPool::new(dialer, Handle::current(), limits, start),
            start,
        }
    }

    fn id(&self, url: &Url) -> UpstreamId {
        self.pool.upstream(url).expect("an upstream")
    }

    /// Ticks as if it were so long after the start.
    fn at(&self, seconds: u64) {
        self.pool.tick(self.start + Duration::from_secs(seconds));
    }

    async fn send(
        &self,
        url: &Url,
        method: Method,
        body: Sent,
        reuse: Reuse,
    ) -> Result<Got, SendError<Sent>> {
        let terms = Terms {
            within: Duration::from_secs(60),
            reuse,
        };
        let request = request(url, method, body);
        let response = self.pool.send(self.id(url), request, terms).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| SendError {
            error,
            unsent: None,
            silent: false,
        })?;
        Ok(Got {
            version: head.version,
            headers: head.headers,
            body: body.to_bytes(),
        })
    }

    async fn get(&self, url: &Url) -> Result<Got, SendError<Sent>> {
        self.send(url, Method::GET, empty(), Reuse::Any).await
    }
}

fn request(url: &Url, method: Method, body: Sent) -> Request<Sent> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", host);
    request.body(body).expect("a request")
}

fn empty() -> Sent {
    Box::pin(Empty::new())
}

fn full(text: &'static str) -> Sent {
    Box::pin(Full::new(Bytes::from_static(text.as_bytes())))
}

/// Runs a test on a thread that can spawn what must stay on it.
async fn here<T>(test: impl Future<Output = T>) -> T {
    LocalSet::new().run_until(test).await
}

/// Waits for a condition.
async fn until(mut met: impl FnMut() -> bool) {
    while !met() {
        tokio::task::yield_now().await;
    }
}

fn error_of<T>(sent: Result<T, SendError<Sent>>) -> OutboundError {
    match sent {
        Ok(_) => panic!("it was answered"),
        Err(failed) => failed.error,
    }
}
