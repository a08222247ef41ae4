//! Small servers with behaviour given by the test, and clients that may reach them.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use outbound::{Client, Egress, Limits, Outgoing, Resolver, Settings};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
    tls: bool,
}

pub(crate) type Reply = Response<Full<Bytes>>;

impl Server {
    pub(crate) async fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::begin(handler, None).await
    }

    pub(crate) async fn secure(
        config: Arc<rustls::ServerConfig>,
        handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::begin(handler, Some(TlsAcceptor::from(config))).await
    }

    async fn begin(
        handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let connections = Arc::new(AtomicUsize::new(0));
        let handler = Arc::new(handler);
        let secure = tls.is_some();
        let (log, count) = (seen.clone(), connections.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (log, handler, tls) = (log.clone(), handler.clone(), tls.clone());
                tokio::spawn(async move {
                    let service = service_fn(move |request: Request<Incoming>| {
                        let (log, handler) = (log.clone(), handler.clone());
                        async move {
                            let (head, body) = request.into_parts();
                            let body = body
                                .collect()
                                .await
                                .map(|body| body.to_bytes())
                                .unwrap_or_default();
                            let seen = Seen {
                                method: head.method,
                                target: head.uri.to_string(),
                                version: head.version,
                                headers: head.headers,
                                body,
                            };
                            log.lock().expect("a lock").push(seen.clone());
                            Ok::<_, Infallible>(handler(&seen))
                        }
                    });
                    let Some(tls) = tls else {
                        let io = TokioIo::new(stream);
                        let _ = hyper::server::conn::http1::Builder::new()
                            .serve_connection(io, service)
                            .await;
                        return;
                    };
                    let Ok(stream) = tls.accept(stream).await else {
                        return;
                    };
                    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                    let io = TokioIo::new(stream);
                    let _ = if http2 {
                        hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                            .serve_connection(io, service)
                            .await
                    } else {
                        hyper::server::conn::http1::Builder::new()
                            .serve_connection(io, service)
                            .await
                    };
                });
            }
        });
        Self {
            address,
            seen,
            connections,
            task,
            tls: secure,
        }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.named("127.0.0.1", path)
    }

    pub(crate) fn named(&self, host: &str, path: &str) -> Url {
        let scheme = if self.tls { "https" } else { "http" };
        Url::parse(&format!("{scheme}://{host}:{}{path}", self.address.port())).expect("a URL")
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a lock").clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A server without any HTTP of its own: `serve` gets each stream and its number.
pub(crate) async fn raw<F, R>(serve: F) -> (SocketAddr, JoinHandle<()>)
where
    F: Fn(usize, TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let task = tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(number, stream));
            number += 1;
        }
    });
    (address, task)
}

/// Reads one request without a body.
pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    use tokio::io::AsyncReadExt;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).expect("text")
}

pub(crate) fn ok(text: &str) -> Reply {
    Response::new(Full::new(Bytes::copy_from_slice(text.as_bytes())))
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut reply = Response::builder().status(status);
    for (name, value) in headers {
        reply = reply.header(*name, *value);
    }
    reply
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .expect("a reply")
}

/// Settings that open the loopback range, with every `*.test` name on this machine.
pub(crate) fn settings() -> Settings {
    Settings {
        egress: Egress::new(vec!["127.0.0.1/32".parse().expect("a range")]),
        resolver: Resolver::from_fn(|host| {
            let known = host.ends_with(".test");
            async move {
                if known {
                    Ok(vec![IpAddr::from([127, 0, 0, 1])])
                } else {
                    Err(std::io::Error::other("no such name"))
                }
            }
        }),
        limits: Limits {
            connect_timeout: Duration::from_secs(5),
            // However slow the machine that runs the tests.
            fresh: Duration::from_secs(30),
            ..Limits::default()
        },
        ..Settings::default()
    }
}

pub(crate) fn client() -> Client {
    Client::new(settings()).expect("a client")
}

pub(crate) fn get(url: Url) -> Outgoing {
    Outgoing::new(Method::GET, url)
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}
