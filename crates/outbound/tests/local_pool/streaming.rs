//! Bodies that stream, and replies that come before they have ended.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderValue, Method};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use outbound::{Reuse, Terms};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use url::Url;

use super::{Pool, Sent, here, request, until};
use crate::server::{Server, raw, read_head};

const TERMS: Terms = Terms {
    within: Duration::from_secs(60),
    reuse: Reuse::Fresh,
};

/// A body that is what is put into it.
fn fed() -> (mpsc::UnboundedSender<Frame<Bytes>>, Sent) {
    let (feed, given) = mpsc::unbounded_channel();
    let frames = futures_util::stream::unfold(given, |mut given| async move {
        let frame = given.recv().await?;
        Some((Ok::<_, Infallible>(frame), given))
    });
    (feed, Box::pin(StreamBody::new(frames.boxed_local())))
}

fn data(text: &'static str) -> Frame<Bytes> {
    Frame::data(Bytes::from_static(text.as_bytes()))
}

#[tokio::test]
async fn a_reply_may_come_and_end_while_the_request_is_still_being_sent() {
    here(async {
        let (address, task) = raw(|_, mut stream| async move {
            for _ in 0..2 {
                read_head(&mut stream).await;
                let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                let _ = stream.write_all(reply).await;
                let mut body = Vec::new();
                while !body.ends_with(b"0\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => body.push(byte),
                        Err(_) => return,
                    }
                }
            }
        })
        .await;
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        let pool = Pool::new();
        let (feed, body) = fed();
        feed.send(data("begun")).expect("a body");
        let request_ = request(&url, Method::POST, body);
        let reply = pool.pool.send(pool.id(&url), request_, TERMS).await;
        let body = reply.expect("a reply").into_body().collect().await;
        assert_eq!(body.expect("a body").to_bytes(), "ok");
        let counts = pool.pool.counts();
        assert_eq!((counts.open, counts.idle), (1, 0), "it is not free yet");
        feed.send(data("ended")).expect("a body still wanted");
        drop(feed);
        // Once the request is wholly written, the connection serves another.
        until(|| {
            pool.at(0);
            pool.pool.counts().idle == 1
        })
        .await;
        let (feed, body) = fed();
        drop(feed);
        let request_ = request(&url, Method::POST, body);
        let reply = pool.pool.send(pool.id(&url), request_, TERMS).await;
        reply.expect("a reply");
        assert_eq!(pool.pool.counts().dialled, 1);
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_outlasts_its_reply_for_long_is_given_up() {
    here(async {
        let (address, task) = raw(|_, mut stream| async move {
            read_head(&mut stream).await;
            let reply = b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n";
            let _ = stream.write_all(reply).await;
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
        })
        .await;
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        let pool = Pool::new();
        let (feed, body) = fed();
        let request = request(&url, Method::POST, body);
        let reply = pool.pool.send(pool.id(&url), request, TERMS).await;
        assert_eq!(reply.expect("a reply").status(), 413);
        pool.at(2);
        assert_eq!(pool.pool.counts().open, 1);
        pool.at(3);
        drop(feed);
        until(|| pool.pool.counts().open == 0).await;
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn bodies_and_trailers_stream_both_ways() {
    here(async {
        let (address, task) = raw(|_, mut stream| async move {
            let head = read_head(&mut stream).await;
            assert!(head.contains("trailer: x-sum"), "{head}");
            let reply = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n";
            let _ = stream.write_all(reply).await;
            // What comes in goes out, chunk by chunk, trailers and all.
            let mut echoed = vec![0; 1024];
            loop {
                match stream.read(&mut echoed).await {
                    Ok(0) | Err(_) => return,
                    Ok(read) => {
                        let _ = stream.write_all(&echoed[..read]).await;
                    }
                }
            }
        })
        .await;
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        let pool = Pool::new();
        let (feed, body) = fed();
        let mut request = request(&url, Method::POST, body);
        let headers = request.headers_mut();
        headers.insert("trailer", HeaderValue::from_static("x-sum"));
        let reply = pool.pool.send(pool.id(&url), request, TERMS).await;
        let mut reply = reply.expect("a reply").into_body();
        for text in ["one", "two"] {
            feed.send(data(text)).expect("a body");
            let frame = reply.frame().await.expect("a frame").expect("no error");
            assert_eq!(frame.into_data().expect("data"), text);
        }
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", HeaderValue::from_static("42"));
        feed.send(Frame::trailers(trailers.clone()))
            .expect("a body");
        drop(feed);
        let frame = reply.frame().await.expect("a frame").expect("no error");
        assert_eq!(frame.into_trailers().expect("trailers"), trailers);
        assert!(reply.frame().await.is_none());
        until(|| {
            pool.at(0);
            pool.pool.counts().idle == 1
        })
        .await;
        task.abort();
    })
    .await;
}

#[tokio::test]
async fn a_large_body_arrives_whole_and_frees_its_connection() {
    here(async {
        let server = Server::start(|seen| crate::server::ok(&"x".repeat(seen.body.len()))).await;
        let pool = Pool::new();
        let large: &'static str = Box::leak("y".repeat(3_000_000).into_boxed_str());
        let url = server.url("/");
        for _ in 0..3 {
            let sent = pool
                .send(&url, Method::PUT, super::full(large), Reuse::Any)
                .await;
            assert_eq!(sent.expect("a reply").body.len(), large.len());
        }
        assert_eq!(server.connections(), 1);
    })
    .await;
}
