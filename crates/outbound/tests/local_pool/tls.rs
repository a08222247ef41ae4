//! HTTP/2 and TLS sessions.

use std::sync::{Arc, Mutex};

use http::{Method, Version};
use outbound::{Client, Cookies, OutboundError, PoolLimits, Reuse};
use rustls::HandshakeKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::{Pool, empty, full, here, until};
use crate::server::{Server, get, now, ok, raw};
use crate::tls::Authority;

#[tokio::test]
async fn speaks_http_2_where_the_host_does_and_1_1_where_not() {
    here(async {
        let authority = Authority::new();
        let http2 = vec![b"h2".as_slice(), b"http/1.1".as_slice()];
        for (alpn, version) in [
            (http2, Version::HTTP_2),
            (vec![b"http/1.1".as_slice()], Version::HTTP_11),
            (vec![], Version::HTTP_11),
        ] {
            let config = authority.server(&["api.test"], &alpn);
            let server = Server::secure(config, |seen| ok(&seen.target)).await;
            let pool = Pool::with(&authority.settings());
            let url = server.named("api.test", "/x?y=z");
            for body in [empty(), full("in"), full("in")] {
                let sent = pool.send(&url, Method::POST, body, Reuse::Fresh).await;
                assert_eq!(sent.expect("a reply").version, version);
            }
            assert_eq!(server.connections(), 1, "{version:?}");
            let seen = &server.seen()[1];
            assert_eq!((seen.version, &*seen.body), (version, b"in".as_slice()));
            if version == Version::HTTP_2 {
                assert_eq!(seen.target, url.as_str());
                assert_eq!(seen.header("host"), "");
            } else {
                assert_eq!(seen.target, "/x?y=z");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn http_2_calls_share_one_connection_and_bound_headers() {
    here(async {
        let authority = Authority::new();
        let config = authority.server(&["api.test"], &[b"h2"]);
        let server = Server::secure(config, |seen| match seen.target.ends_with("/long") {
            true => crate::server::answer(200, &[("x-long", &"x".repeat(100_000))], ""),
            false => ok(&seen.target),
        })
        .await;
        let pool = Pool::with(&authority.settings());
        pool.get(&server.named("api.test", "/")).await.expect("one");
        let calls = (0..50).map(|index| {
            let url = server.named("api.test", &format!("/{index}"));
            let pool = &pool;
            async move {
                let got = pool.get(&url).await.expect("a reply");
                assert_eq!(got.body, url.as_str());
            }
        });
        futures_util::future::join_all(calls).await;
        assert_eq!(server.connections(), 1);
        assert_eq!(pool.pool.counts().reused, 50);
        let long = pool.get(&server.named("api.test", "/long")).await;
        long.expect_err("too long a header");
    })
    .await;
}

#[tokio::test]
async fn an_http_2_connection_that_is_gone_is_replaced_by_one() {
    here(async {
        let authority = Authority::new();
        let acceptor = TlsAcceptor::from(authority.server(&["api.test"], &[b"h2"]));
        let hang_up = Arc::new(tokio::sync::Notify::new());
        let told = hang_up.clone();
        let (address, task) = raw(move |_, stream| {
            let (acceptor, told) = (acceptor.clone(), told.clone());
            async move {
                let stream = acceptor.accept(stream).await.expect("TLS");
                let io = hyper_util::rt::TokioIo::new(stream);
                let service = hyper::service::service_fn(|_| async {
                    Ok::<_, std::convert::Infallible>(ok("x"))
                });
                let executor = hyper_util::rt::TokioExecutor::new();
                let serving = hyper::server::conn::http2::Builder::new(executor)
                    .serve_connection(io, service);
                tokio::select! {
                    _ = serving => {}
                    () = told.notified() => {}
                }
            }
        })
        .await;
        let pool = Pool::with(&authority.settings());
        let url = Url::parse(&format!("https://api.test:{}/", address.port())).expect("a URL");
        pool.get(&url).await.expect("a reply");
        hang_up.notify_waiters();
        until(|| pool.pool.counts().open == 0).await;
        let calls = (0..20).map(|_| pool.get(&url));
        for got in futures_util::future::join_all(calls).await {
            assert_eq!(got.expect("a reply").body, "x");
        }
        assert_eq!(pool.pool.counts().dialled, 2);
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn a_tls_session_is_resumed_also_from_flows_to_calls() {
    here(async {
        let authority = Authority::new();
        let acceptor = TlsAcceptor::from(authority.server(&["api.test"], &[]));
        let kinds: Arc<Mutex<Vec<HandshakeKind>>> = Arc::default();
        let noted = kinds.clone();
        let (address, task) = raw(move |_, stream| {
            let (acceptor, noted) = (acceptor.clone(), noted.clone());
            async move {
                let mut stream = acceptor.accept(stream).await.expect("TLS");
                let kind = stream.get_ref().1.handshake_kind().expect("a handshake");
                noted.lock().expect("a lock").push(kind);
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await;
                let reply = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                let _ = stream.write_all(reply).await;
                let _ = stream.shutdown().await;
            }
        })
        .await;
        let client = Client::new(authority.settings()).expect("a client");
        let url = Url::parse(&format!("https://api.test:{}/", address.port())).expect("a URL");
        let reply = client.send(get(url.clone()), Cookies::None, None, now());
        reply
            .await
            .expect("a reply")
            .read(10)
            .await
            .expect("a body");
        let pool = Pool::of(client.dialer(), PoolLimits::default());
        for _ in 0..2 {
            pool.get(&url).await.expect("a reply");
        }
        assert_eq!(
            *kinds.lock().expect("a lock"),
            [
                HandshakeKind::Full,
                HandshakeKind::Resumed,
                HandshakeKind::Resumed
            ]
        );
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn a_certificate_that_is_not_good_stops_the_call() {
    here(async {
        let authority = Authority::new();
        let config = authority.server(&["other.test"], &[b"h2"]);
        let server = Server::secure(config, |_| ok("")).await;
        let pool = Pool::with(&authority.settings());
        let failed = pool.get(&server.named("api.test", "/")).await;
        let failed = failed.expect_err("another's certificate");
        assert!(
            matches!(failed.error, OutboundError::Tls { .. }),
            "{failed:?}"
        );
        assert!(failed.unsent.is_some() && server.seen().is_empty());
    })
    .await;
}
