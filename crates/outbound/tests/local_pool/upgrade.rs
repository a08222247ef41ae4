//! Connections that go on in another protocol.

use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use outbound::OutboundError;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::{Pool, empty, here, request, until};
use crate::server::{Server, answer, raw, read_head};
use crate::tls::Authority;

const WITHIN: Duration = Duration::from_secs(60);
const AGREED: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nearly,";

/// Agrees to everything, and then gives back what it gets.
async fn echo(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    assert!(head.starts_with(b"GET /chat HTTP/1.1\r\n"));
    let _ = stream.write_all(AGREED).await;
    let (mut from, mut to) = tokio::io::split(stream);
    let _ = tokio::io::copy(&mut from, &mut to).await;
    let _ = to.shutdown().await;
}

async fn talk(pool: &Pool, url: &Url) {
    let mut request = request(url, Method::GET, empty());
    for (name, value) in [("connection", "upgrade"), ("upgrade", "echo")] {
        let value = HeaderValue::from_static(value);
        request.headers_mut().insert(name, value);
    }
    let sent = pool.pool.upgrade(pool.id(url), request, WITHIN).await;
    let (response, upgraded) = sent.expect("a reply");
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(response.headers()["upgrade"], "echo");
    let mut stream = TokioIo::new(upgraded.expect("a stream"));
    // A tick after the call's time does not end what is no call any more.
    pool.at(1000);
    stream.write_all(b"there and back").await.expect("a stream");
    stream.shutdown().await.expect("an end");
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.expect("text");
    assert_eq!(heard, "early,there and back");
}

#[tokio::test]
async fn a_connection_that_switches_is_handed_out() {
    here(async {
        let (address, task) = raw(|_, stream| echo(stream)).await;
        let pool = Pool::new();
        let url = Url::parse(&format!("http://{address}/chat")).expect("a URL");
        talk(&pool, &url).await;
        assert_eq!(pool.pool.counts().idle, 0);
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn http_1_1_is_asked_for_even_where_http_2_is_offered() {
    here(async {
        let authority = Authority::new();
        let config = authority.server(&["api.test"], &[b"h2", b"http/1.1"]);
        let acceptor = TlsAcceptor::from(config);
        let (address, task) = raw(move |_, stream| {
            let acceptor = acceptor.clone();
            async move { echo(acceptor.accept(stream).await.expect("TLS")).await }
        })
        .await;
        let pool = Pool::with(&authority.settings());
        let url = Url::parse(&format!("https://api.test:{}/chat", address.port()));
        talk(&pool, &url.expect("a URL")).await;
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn a_host_that_does_not_agree_is_heard() {
    here(async {
        let server = Server::start(|_| answer(401, &[("x-why", "expired")], "no")).await;
        let pool = Pool::new();
        let url = server.url("/chat");
        let request = request(&url, Method::GET, empty());
        let sent = pool.pool.upgrade(pool.id(&url), request, WITHIN).await;
        let (response, upgraded) = sent.expect("a reply");
        assert!(upgraded.is_none());
        assert_eq!(
            (response.status().as_u16(), &response.headers()["x-why"]),
            (401, &HeaderValue::from_static("expired"))
        );
        let body = response.into_body().collect().await.expect("a body");
        assert_eq!(body.to_bytes(), "no");
        until(|| pool.pool.counts().open == 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_host_that_switches_unasked_is_refused() {
    here(async {
        let (address, task) = raw(|_, mut stream| async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(AGREED).await;
        })
        .await;
        let pool = Pool::new();
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        let error = super::error_of(pool.get(&url).await);
        assert!(matches!(error, OutboundError::Protocol { .. }), "{error:?}");
        task.abort();
    })
    .await;
}
