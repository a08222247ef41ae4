//! The best maintainable design measured: thread per core, hyper http1 server without
//! axum, and an own per-thread pool of hyper client connections (nothing is shared or
//! locked per call but the credential cache). No timeouts and one upstream: an anchor.
use anchors::*;
use bytes::Bytes;
use http::{header, uri::PathAndQuery, HeaderValue, Request, Response, StatusCode, Uri};
use http_body::{Body as _, Frame, SizeHint};
use hyper::{
    body::Incoming, client::conn::http1 as client, server::conn::http1 as server,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{
    cell::RefCell,
    convert::Infallible,
    pin::Pin,
    rc::Rc,
    sync::{Arc, OnceLock},
    task::{ready, Context, Poll},
};

type Tx = client::SendRequest<Incoming>;
/// One thread's state. `idle` is last in, first out: the warmest connection goes first.
struct Worker {
    idle: RefCell<Vec<Tx>>,
    cache: Arc<FastCache>,
    addr: String,
    host: HeaderValue,
}

impl Worker {
    fn take(&self) -> Option<Tx> {
        let mut idle = self.idle.borrow_mut();
        loop {
            let tx = idle.pop()?;
            if tx.is_ready() {
                return Some(tx);
            }
        }
    }
    fn give(&self, tx: Tx) {
        let mut idle = self.idle.borrow_mut();
        if !tx.is_closed() && idle.len() < 256 {
            idle.push(tx)
        }
    }
    async fn connect(&self) -> Option<Tx> {
        let io = tokio::net::TcpStream::connect(&self.addr).await.ok()?;
        io.set_nodelay(true).ok()?;
        let (tx, conn) = client::handshake(TokioIo::new(io)).await.ok()?;
        tokio::task::spawn_local(conn);
        Some(tx)
    }
}

/// The upstream's body; gives the connection back after the last frame. Dropped
/// before that, it drops the connection too.
struct Body {
    inner: Option<Incoming>,
    back: Option<(Tx, Rc<Worker>)>,
}
impl Body {
    fn done(&mut self) {
        if let Some((tx, w)) = self.back.take() {
            w.give(tx)
        }
    }
}
impl http_body::Body for Body {
    type Data = Bytes;
    type Error = hyper::Error;
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(b) = self.inner.as_mut() else {
            return Poll::Ready(None);
        };
        let r = ready!(Pin::new(&mut *b).poll_frame(cx));
        match &r {
            Some(Ok(_)) if !b.is_end_stream() => {}
            Some(Err(_)) => self.back = None,
            _ => self.done(),
        }
        Poll::Ready(r)
    }
    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(|b| b.is_end_stream())
    }
    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or(SizeHint::with_exact(0), |b| b.size_hint())
    }
}

fn answer(c: StatusCode) -> Response<Body> {
    let mut r = Response::new(Body {
        inner: None,
        back: None,
    });
    *r.status_mut() = c;
    r
}

async fn proxy(w: Rc<Worker>, mut req: Request<Incoming>) -> Result<Response<Body>, StatusCode> {
    let user = req
        .headers()
        .get("x-user")
        .and_then(|v| v.to_str().ok())
        .unwrap_or("u1");
    let cred = w.cache.get(user).ok_or(StatusCode::UNAUTHORIZED)?;
    let pq = PathAndQuery::from_maybe_shared(Bytes::from(append_query(req.uri(), &cred.query)));
    *req.uri_mut() = Uri::from(pq.map_err(|_| StatusCode::BAD_REQUEST)?);
    let h = req.headers_mut();
    strip_hop_found(h);
    h.insert(header::HOST, w.host.clone());
    h.insert(header::AUTHORIZATION, cred.bearer.clone());
    h.insert(header::COOKIE, cred.cookie.clone());
    loop {
        let pooled = w.take();
        let reused = pooled.is_some();
        let mut tx = match pooled {
            Some(tx) => tx,
            None => w.connect().await.ok_or(StatusCode::BAD_GATEWAY)?,
        };
        match tx.try_send_request(req).await {
            Ok(mut r) => {
                strip_hop_found(r.headers_mut());
                let mut r = r.map(|b| Body {
                    inner: Some(b),
                    back: Some((tx, w)),
                });
                if r.body().is_end_stream() {
                    r.body_mut().done()
                }
                return Ok(r);
            }
            // The kept-alive connection closed before the call was written: take another.
            Err(mut e) => match e.take_message() {
                Some(r) if reused => req = r,
                _ => return Err(StatusCode::BAD_GATEWAY),
            },
        }
    }
}

fn main() {
    static CACHE: OnceLock<Arc<FastCache>> = OnceLock::new();
    per_core(&env("LISTEN", "127.0.0.1:18088"), |l| async move {
        let up = env("UPSTREAM_URL", "http://127.0.0.1:18080");
        let addr = up.trim_start_matches("http://").to_string();
        let cache = CACHE
            .get_or_init(|| Arc::new(FastCache::filled(10_000)))
            .clone();
        let w = Rc::new(Worker {
            idle: Default::default(),
            cache,
            host: HeaderValue::from_str(&addr).unwrap(),
            addr,
        });
        loop {
            let Ok((io, _)) = l.accept().await else {
                continue;
            };
            let _ = io.set_nodelay(true);
            let w = w.clone();
            tokio::task::spawn_local(async move {
                let call = service_fn(move |r| {
                    let w = w.clone();
                    async move { Ok::<_, Infallible>(proxy(w, r).await.unwrap_or_else(answer)) }
                });
                let mut b = server::Builder::new();
                b.header_read_timeout(None);
                let _ = b.serve_connection(TokioIo::new(io), call).await;
            });
        }
    });
}
