//! What a request looks like on the wire.

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderValue, Method};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use outbound::{Cookies, OutBody, OutboundError, Outgoing, Phase};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use url::Url;

use crate::server::{Server, client, get, now, ok, raw, read_head};

#[tokio::test]
async fn headers_that_belong_to_the_url_and_the_body_are_made_here() {
    let server = Server::start(|_| ok("")).await;
    let mut outgoing = Outgoing::new(Method::POST, server.named("api.test", "/p a?q=ä#frag"));
    for (name, value) in [
        ("host", "evil.test"),
        ("content-length", "99"),
        ("transfer-encoding", "chunked"),
        ("proxy-authorization", "x"),
    ] {
        outgoing
            .headers
            .insert(name, HeaderValue::from_static(value));
    }
    outgoing.body = OutBody::Bytes(Bytes::from_static(b"four"));
    client()
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect("a reply");
    let seen = &server.seen()[0];
    assert_eq!(seen.target, "/p%20a?q=%C3%A4");
    assert_eq!(
        seen.header("host"),
        format!("api.test:{}", server.address.port())
    );
    assert_eq!(
        (
            seen.header("content-length"),
            seen.header("transfer-encoding")
        ),
        ("4", "")
    );
    assert_eq!(seen.header("proxy-authorization"), "");
    assert_eq!(
        seen.header("user-agent"),
        concat!("stepgate/", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(seen.header("accept-encoding"), "gzip, deflate, br");
    assert_eq!(seen.body, "four");
}

#[tokio::test]
async fn what_the_caller_says_of_itself_stands() {
    let server = Server::start(|_| ok("")).await;
    let mut outgoing = get(server.url("/"));
    outgoing
        .headers
        .insert("user-agent", HeaderValue::from_static("mine/1"));
    outgoing
        .headers
        .insert("accept-encoding", HeaderValue::from_static("zstd"));
    client()
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect("a reply");
    let mut plain = get(server.url("/"));
    plain.accept_encoding = false;
    client()
        .send(plain, Cookies::None, None, now())
        .await
        .expect("a reply");
    let seen = server.seen();
    assert_eq!(
        (
            seen[0].header("user-agent"),
            seen[0].header("accept-encoding")
        ),
        ("mine/1", "zstd")
    );
    assert_eq!(seen[1].header("accept-encoding"), "");
}

#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let server = Server::start(|_| ok("")).await;
    for (method, length) in [
        (Method::POST, "0"),
        (Method::PUT, "0"),
        (Method::GET, ""),
        (Method::DELETE, ""),
    ] {
        client()
            .send(
                Outgoing::new(method.clone(), server.url("/")),
                Cookies::None,
                None,
                now(),
            )
            .await
            .expect("a reply");
        assert_eq!(
            server
                .seen()
                .last()
                .expect("a request")
                .header("content-length"),
            length,
            "{method}"
        );
    }
}

#[tokio::test]
async fn bodies_stream_both_ways() {
    let server = Server::start(|seen| ok(std::str::from_utf8(&seen.body).expect("text"))).await;
    let pieces = ["one,", "two,", "three"]
        .map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes()))));
    let mut outgoing = Outgoing::new(Method::POST, server.url("/"));
    outgoing.body = OutBody::Stream(BodyExt::boxed(StreamBody::new(futures_util::stream::iter(
        pieces,
    ))));
    let mut reply = client()
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect("a reply");
    assert_eq!(server.seen()[0].header("transfer-encoding"), "chunked");
    let mut whole = Vec::new();
    while let Some(frame) = reply.body.frame().await {
        whole.extend_from_slice(&frame.expect("a frame").into_data().expect("data"));
    }
    assert_eq!(whole, b"one,two,three");
}

#[tokio::test]
async fn a_body_that_fails_is_the_callers_matter() {
    let server = Server::start(|_| ok("")).await;
    let pieces = [
        Ok(Frame::data(Bytes::from_static(b"some"))),
        Err("the disk is gone".into()),
    ];
    let mut outgoing = Outgoing::new(Method::POST, server.url("/"));
    outgoing.body = OutBody::Stream(BodyExt::boxed(StreamBody::new(futures_util::stream::iter(
        pieces,
    ))));
    let error = client()
        .send(outgoing, Cookies::None, None, now())
        .await
        .expect_err("failed");
    assert!(
        matches!(&error, OutboundError::RequestBody { detail, .. } if detail == "the disk is gone"),
        "{error:?}"
    );
    assert_eq!((error.phase(), error.is_passing()), (Phase::Send, false));
}

#[tokio::test]
async fn a_body_takes_as_long_as_it_moves() {
    let timeout = Duration::from_millis(250);
    let mut tries = 0;
    while let Err((error, stood)) = upload_for_longer_than(timeout).await {
        // A busy machine may stand still itself; the body is not to be blamed for less.
        let is_still = stood + Duration::from_millis(2) >= timeout;
        let is_late = matches!(error, OutboundError::Timeout { .. });
        assert!(is_late && is_still, "{error:?} after {stood:?}");
        tries += 1;
        assert!(tries < 20, "this machine stands still");
    }
}

#[tokio::test]
async fn a_body_does_not_stand_still() {
    let (address, task, _hears) = hearing().await;
    let begins = Ok(Frame::data(Bytes::from_static(b"piece")));
    let stops = futures_util::stream::iter([begins]).chain(futures_util::stream::pending());
    let body = BodyExt::boxed(StreamBody::new(stops));
    let upload = upload(address, Duration::from_millis(20), body);
    let error = client().send(upload, Cookies::None, None, now()).await;
    assert!(
        matches!(error, Err(OutboundError::Timeout { .. })),
        "{error:?}"
    );
    task.abort();
}

/// Sends a body whose pieces go once the one before was heard, for twice as long as a call may take. Else why it ended, and
/// how long after the last piece.
async fn upload_for_longer_than(timeout: Duration) -> Result<(), (OutboundError, Duration)> {
    let (address, task, mut hears) = hearing().await;
    let moved = Arc::new(Mutex::new(Instant::now()));
    let (begun, mut first, last) = (Instant::now(), true, moved.clone());
    let pieces = futures_util::stream::poll_fn(move |context| {
        if begun.elapsed() > timeout * 2 {
            return Poll::Ready(None);
        }
        if !std::mem::take(&mut first) {
            ready!(hears.poll_recv(context));
        }
        *last.lock().expect("a moment") = Instant::now();
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"piece")))))
    });
    let upload = upload(address, timeout, BodyExt::boxed(StreamBody::new(pieces)));
    let sent = client().send(upload, Cookies::None, None, now()).await;
    task.abort();
    let reply = sent.map_err(|error| (error, moved.lock().expect("a moment").elapsed()))?;
    assert_eq!(reply.status, 200);
    Ok(())
}

/// A server that tells of each piece of a body that it has read.
async fn hearing() -> (SocketAddr, JoinHandle<()>, UnboundedReceiver<()>) {
    let (heard, hears) = unbounded_channel();
    let (address, task) = raw(move |_, mut stream| {
        let heard = heard.clone();
        async move {
            read_head(&mut stream).await;
            let (mut whole, mut piece) = (Vec::new(), [0; 1024]);
            while !whole.ends_with(b"0\r\n\r\n") {
                match stream.read(&mut piece).await {
                    Ok(0) | Err(_) => return,
                    Ok(length) => whole.extend_from_slice(&piece[..length]),
                }
                let _ = heard.send(());
            }
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await;
        }
    })
    .await;
    (address, task, hears)
}

fn upload(
    address: SocketAddr,
    timeout: Duration,
    body: BoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>,
) -> Outgoing {
    let url = Url::parse(&format!("http://{address}/")).expect("a URL");
    Outgoing {
        timeout,
        body: OutBody::Stream(body),
        ..Outgoing::new(Method::POST, url)
    }
}
