//! attack_46: replies without end, in size or in time.

use std::io::Write;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use http_body_util::Full;
use outbound::{Client, Cookies, Limits, OutboundError, Phase, Settings};
use tokio::io::AsyncWriteExt;
use url::Url;

use crate::server::{Server, answer, client, get, now, ok, raw, read_head, settings};

fn at(address: std::net::SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/?s3cret")).expect("a URL")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

#[tokio::test]
async fn attack_46_headers_without_end() {
    let (address, task) = raw(|_, mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream
            .write_all(b"x-more: and more and more and more\r\n")
            .await
            .is_ok()
        {}
    })
    .await;
    let error = client()
        .send(get(at(address)), Cookies::None, None, now())
        .await
        .expect_err("bounded");
    assert!(
        matches!(error, OutboundError::HeaderTooLarge { .. }),
        "{error:?}"
    );
    assert!(!error.to_string().contains("s3cret"));
    task.abort();
}

#[tokio::test]
async fn attack_46_one_header_that_is_too_long() {
    let server = Server::start(|_| answer(200, &[("x-long", &"x".repeat(70_000))], "")).await;
    let error = client()
        .send(get(server.url("/")), Cookies::None, None, now())
        .await
        .expect_err("bounded");
    assert!(
        matches!(error, OutboundError::HeaderTooLarge { .. }),
        "{error:?}"
    );
    let limits = Limits {
        header_bytes: 100_000,
        ..Limits::default()
    };
    let wider = Client::new(Settings {
        limits,
        ..settings()
    })
    .expect("a client");
    wider
        .send(get(server.url("/")), Cookies::None, None, now())
        .await
        .expect("a reply");
}

#[tokio::test]
async fn attack_46_a_body_without_end() {
    let (address, task) = raw(|_, mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    })
    .await;
    let reply = client()
        .send(get(at(address)), Cookies::None, None, now())
        .await
        .expect("a reply");
    let error = reply.read(100_000).await.expect_err("bounded");
    assert!(
        matches!(error, OutboundError::BodyTooLarge { limit: 100_000 }),
        "{error}"
    );
    task.abort();
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_read() {
    let server = Server::start(|_| ok("12345")).await;
    for (limit, fits) in [(5, true), (4, false), (0, false)] {
        let reply = client()
            .send(get(server.url("/")), Cookies::None, None, now())
            .await
            .expect("a reply");
        assert_eq!(reply.read(limit).await.is_ok(), fits, "{limit}");
    }
}

#[tokio::test]
async fn every_encoding_is_undone() {
    let plain = "stepgate ".repeat(100);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(plain.as_bytes()).expect("written");
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
    deflate.write_all(plain.as_bytes()).expect("written");
    let mut br = Vec::new();
    brotli::CompressorWriter::new(&mut br, 4096, 5, 20)
        .write_all(plain.as_bytes())
        .expect("written");
    let gz = gzip(plain.as_bytes());
    let twice = gzip(&gz);
    for (coding, bytes) in [
        ("gzip", gz.clone()),
        ("X-Gzip", gz),
        ("deflate", zlib.finish().expect("finished")),
        ("deflate", deflate.finish().expect("finished")),
        ("br", br),
        ("gzip, identity, gzip", twice),
        ("identity", plain.clone().into_bytes()),
    ] {
        let body = Bytes::from(bytes);
        let server = Server::start(move |_| {
            http::Response::builder()
                .header("content-encoding", coding)
                .body(Full::new(body.clone()))
                .expect("a reply")
        })
        .await;
        let reply = client()
            .send(get(server.url("/")), Cookies::None, None, now())
            .await
            .expect("a reply");
        let (parts, text) = reply.read(10_000).await.expect(coding);
        assert_eq!(text, plain, "{coding}");
        assert!(!parts.headers.contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn attack_46_a_small_reply_that_decodes_to_a_large_one() {
    let bomb = gzip(&vec![0; 4_000_000]);
    let nested = gzip(&bomb);
    let mut br = Vec::new();
    brotli::CompressorWriter::new(&mut br, 4096, 5, 20)
        .write_all(&vec![0; 4_000_000])
        .expect("written");
    for (coding, bytes) in [("gzip", bomb), ("gzip, gzip", nested), ("br", br)] {
        let body = Bytes::from(bytes);
        let server = Server::start(move |_| {
            http::Response::builder()
                .header("content-encoding", coding)
                .body(Full::new(body.clone()))
                .expect("a reply")
        })
        .await;
        let reply = client()
            .send(get(server.url("/")), Cookies::None, None, now())
            .await
            .expect("a reply");
        let error = reply.read(200_000).await.expect_err(coding);
        assert!(
            matches!(error, OutboundError::BodyTooLarge { .. }),
            "{coding}: {error}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_decoded_is_said() {
    for (coding, body) in [
        ("zstd", "xx"),
        ("gzip", "not gzip at all"),
        ("gzip, gzip, gzip, gzip", "x"),
    ] {
        let server =
            Server::start(move |_| answer(200, &[("content-encoding", coding)], body)).await;
        let reply = client()
            .send(get(server.url("/")), Cookies::None, None, now())
            .await
            .expect("a reply");
        let error = reply.read(1000).await.expect_err(coding);
        assert!(matches!(error, OutboundError::Encoding { .. }), "{error}");
    }
}

#[tokio::test]
async fn attack_46_a_server_that_never_answers_or_never_ends() {
    let (address, task) = raw(|number, mut stream| async move {
        read_head(&mut stream).await;
        if number > 0 {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")
                .await;
        }
        // Held open until the client gives up.
        read_head(&mut stream).await;
    })
    .await;
    let client = client();
    let mut outgoing = get(at(address));
    outgoing.timeout = Duration::from_millis(200);
    let error = client
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect_err("bounded");
    assert!(
        matches!(
            error,
            OutboundError::Timeout {
                phase: Phase::Receive,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.is_passing() && error.may_have_arrived());
    assert_eq!(
        error.to_string(),
        format!("{address} took too long: given up after 200 ms while waiting for the reply")
    );

    let mut outgoing = get(at(address));
    outgoing.timeout = Duration::from_secs(1);
    let reply = client
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect("a reply");
    let error = reply.read(1000).await.expect_err("bounded");
    assert!(matches!(error, OutboundError::Timeout { .. }), "{error}");

    let mut reply = client
        .send(get(at(address)), Cookies::None, None, now())
        .await
        .expect("a reply");
    reply.body.bound_pauses(Duration::from_millis(100));
    let error = reply.read(1000).await.expect_err("bounded");
    assert!(matches!(error, OutboundError::Timeout { .. }), "{error}");
    task.abort();
}

#[tokio::test]
async fn what_is_not_http_is_said() {
    for (said, protocol) in [
        ("SSH-2.0-OpenSSH_9.9\r\n\r\n", true),
        ("", false),
        ("HTTP/1.1 200 OK\r\nconte", false),
    ] {
        let (address, task) = raw(move |_, mut stream| async move {
            read_head(&mut stream).await;
            let _ = stream.write_all(said.as_bytes()).await;
        })
        .await;
        let error = client()
            .send(get(at(address)), Cookies::None, None, now())
            .await
            .expect_err("no reply");
        let as_expected = match error {
            OutboundError::Protocol { .. } => protocol,
            OutboundError::Broken {
                phase: Phase::Receive,
                ..
            } => !protocol,
            _ => false,
        };
        assert!(as_expected, "{said:?}: {error:?}");
        task.abort();
    }
    let (address, task) = raw(|_, mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
            .await;
    })
    .await;
    let reply = client()
        .send(get(at(address)), Cookies::None, None, now())
        .await
        .expect("a reply");
    let error = reply.read(1000).await.expect_err("half a body");
    assert!(
        matches!(error, OutboundError::Broken { .. }) && error.is_passing(),
        "{error:?}"
    );
    task.abort();
}
