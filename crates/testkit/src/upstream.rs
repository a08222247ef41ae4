//! An upstream: a server on a free port that a handler answers for, and that records requests.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::connection::{ConnectionNumber, Peer, Shared, serve_http1, serve_http2};
use crate::handler::Handler;
use crate::reply::Reply;

/// How long a test waits for something that must happen before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; dropping it stops it.
pub struct Upstream {
    address: SocketAddr,
    scheme: &'static str,
    seen: Arc<Seen>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An upstream before it starts.
#[derive(Default)]
pub struct UpstreamBuilder {
    tls: Option<TlsAcceptor>,
    certificate: Option<Vec<u8>>,
    http2: bool,
    port: u16,
}

/// What an upstream has seen so far.
pub(crate) struct Seen {
    requests: Mutex<Vec<Request<Bytes>>>,
    count: watch::Sender<usize>,
    connections: AtomicUsize,
}

impl Upstream {
    /// Starts a plain HTTP/1.1 server that a closure answers for.
    #[must_use]
    pub fn start<F, R>(answer: F) -> Upstream
    where
        F: Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
        R: Into<Reply>,
    {
        Upstream::serve(answer)
    }

    /// Starts a plain HTTP/1.1 server that a [`Reply`], [`crate::Routes`] or any other handler
    /// answers for.
    #[must_use]
    pub fn serve(handler: impl Handler) -> Upstream {
        Upstream::builder().serve(handler)
    }

    /// For TLS or HTTP/2.
    #[must_use]
    pub fn builder() -> UpstreamBuilder {
        UpstreamBuilder::default()
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The URL of a path that starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far, whole, in the order of their arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.seen.all()
    }

    /// The requests for one path.
    #[must_use]
    pub fn requests_to(&self, path: &str) -> Vec<Request<Bytes>> {
        let mut requests = self.requests();
        requests.retain(|request| request.uri().path() == path);
        requests
    }

    /// The last request.
    ///
    /// # Panics
    /// When there was none.
    #[must_use]
    pub fn last_request(&self) -> Request<Bytes> {
        self.requests().pop().expect("a request")
    }

    /// How many connections were opened so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.seen.clear();
    }

    /// Returns once `count` requests have arrived.
    ///
    /// # Panics
    /// When they do not arrive within 20 seconds.
    pub async fn received(&self, count: usize) {
        let mut counter = self.seen.count.subscribe();
        let reached = counter.wait_for(|seen| *seen >= count);
        let reached = tokio::time::timeout(PATIENCE, reached).await;
        assert!(reached.is_ok(), "{count} requests within {PATIENCE:?}");
    }
}

impl UpstreamBuilder {
    /// Speaks TLS with a certificate of `authority` for 127.0.0.1 and localhost.
    #[must_use]
    pub fn tls(self, authority: &Authority) -> UpstreamBuilder {
        self.tls_for(authority, &["127.0.0.1", "localhost"])
    }

    /// Speaks TLS with a certificate of `authority` for these names and addresses.
    #[must_use]
    pub fn tls_for(mut self, authority: &Authority, names: &[&str]) -> UpstreamBuilder {
        let (acceptor, certificate) = authority.acceptor(names, false, None);
        self.tls = Some(acceptor);
        self.certificate = Some(certificate);
        self
    }

    /// Speaks TLS as [`UpstreamBuilder::tls`], to clients that show a certificate of `clients` alone. Whose it is, each
    /// request says: [`crate::Received::client`].
    #[must_use]
    pub fn tls_between(mut self, authority: &Authority, clients: &Authority) -> UpstreamBuilder {
        let names = ["127.0.0.1", "localhost"];
        let (acceptor, certificate) = authority.acceptor(&names, false, Some(clients));
        self.tls = Some(acceptor);
        self.certificate = Some(certificate);
        self
    }

    /// Speaks TLS with a certificate of `authority` that has expired.
    #[must_use]
    pub fn tls_expired(mut self, authority: &Authority) -> UpstreamBuilder {
        self.tls = Some(
            authority
                .acceptor(&["127.0.0.1", "localhost"], true, None)
                .0,
        );
        self
    }

    /// The certificate it will show, where it speaks TLS.
    pub(crate) fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Speaks HTTP/2 only: over TLS to a caller that offers it there, else from the first byte.
    #[must_use]
    pub fn http2(mut self) -> UpstreamBuilder {
        self.http2 = true;
        self
    }

    /// Listens on this port, for tests that start an upstream again where it was.
    #[must_use]
    pub fn port(mut self, port: u16) -> UpstreamBuilder {
        self.port = port;
        self
    }

    /// Starts the server; a closure answers for it.
    #[must_use]
    pub fn start<F, R>(self, answer: F) -> Upstream
    where
        F: Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
        R: Into<Reply>,
    {
        self.serve(answer)
    }

    /// Starts the server; any handler answers for it.
    ///
    /// # Panics
    /// When it cannot listen on 127.0.0.1.
    #[must_use]
    pub fn serve(self, handler: impl Handler) -> Upstream {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.port);
        let listener = TcpListener::bind(address).expect("a free port on 127.0.0.1");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let seen = Arc::new(Seen::new());
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            seen: Arc::clone(&seen),
        });
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || run(listener, self, shared, stopped));
        Upstream {
            address,
            scheme,
            seen,
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A handler that panicked has said so on its own thread.
            let _ = thread.join();
        }
    }
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen {
            requests: Mutex::default(),
            count: watch::Sender::new(0),
            connections: AtomicUsize::new(0),
        }
    }

    pub(crate) fn push(&self, request: Request<Bytes>) {
        let mut requests = self
            .requests
            .lock()
            .expect("nothing panics while recording");
        requests.push(request);
        self.count.send_replace(requests.len());
    }

    pub(crate) fn all(&self) -> Vec<Request<Bytes>> {
        let requests = self
            .requests
            .lock()
            .expect("nothing panics while recording");
        requests.clone()
    }

    fn clear(&self) {
        let mut requests = self
            .requests
            .lock()
            .expect("nothing panics while recording");
        requests.clear();
        self.count.send_replace(0);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn run(
    listener: TcpListener,
    builder: UpstreamBuilder,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        tokio::select! {
            result = accept(listener, builder, shared) => result.expect("a working listener"),
            _ = stopped => {}
        }
    });
}

async fn accept(
    listener: TcpListener,
    builder: UpstreamBuilder,
    shared: Arc<Shared>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let builder = Arc::new(builder);
    let mut connections = JoinSet::new();
    loop {
        let (socket, _) = listener.accept().await?;
        let number = shared.seen.connections.fetch_add(1, Ordering::SeqCst) + 1;
        let number = ConnectionNumber(number);
        connections.spawn(greet(
            socket,
            Arc::clone(&builder),
            Arc::clone(&shared),
            number,
        ));
        while connections.try_join_next().is_some() {}
    }
}

async fn greet(
    socket: TcpStream,
    builder: Arc<UpstreamBuilder>,
    shared: Arc<Shared>,
    number: ConnectionNumber,
) {
    match &builder.tls {
        None if builder.http2 => serve_http2(socket, shared, Peer::of(number)).await,
        None => serve_http1(socket, shared, Peer::of(number)).await,
        Some(tls) => {
            let config = Authority::with_protocol(tls.config(), builder.http2);
            // Some callers refuse the certificate, as their tests want it.
            let Ok(socket) = TlsAcceptor::from(config).accept(socket).await else {
                return;
            };
            let shown = socket.get_ref().1.peer_certificates();
            let shown = shown.and_then(|chain| chain.first());
            let client = shown.map(|shown| hex(&Sha256::digest(shown)));
            let peer = Peer { number, client };
            match builder.http2 {
                true => serve_http2(socket, shared, peer).await,
                false => serve_http1(socket, shared, peer).await,
            }
        }
    }
}
