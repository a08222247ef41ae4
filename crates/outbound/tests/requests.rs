//! What a request looks like on the wire.

use bytes::Bytes;
use http::{HeaderValue, Method};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use outbound::{Cookies, OutBody, OutboundError, Outgoing, Phase};

use crate::server::{Server, client, get, now, ok};

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
