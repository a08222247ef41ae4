//! Connections kept and used again, and what happens when one has gone away meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Method;
use outbound::{Client, Cookies, OutBody, OutboundError, Outgoing};
use tokio::io::AsyncWriteExt;
use url::Url;

use crate::server::{Server, client, get, now, ok, raw, read_head};

async fn fetch(client: &Client, outgoing: Outgoing) -> Result<Bytes, OutboundError> {
    let reply = client.send(outgoing, Cookies::None, None, now()).await?;
    Ok(reply.read(10_000).await?.1)
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::start(|_| ok("x")).await;
    let client = client();
    for method in [Method::GET, Method::POST, Method::HEAD, Method::PUT] {
        fetch(&client, Outgoing::new(method, server.url("/")))
            .await
            .expect("a reply");
    }
    assert_eq!((server.connections(), server.seen().len()), (1, 4));
    // A host by another name is another host.
    fetch(&client, get(server.named("other.test", "/")))
        .await
        .expect("a reply");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_whose_reply_was_not_read_is_not_used_again() {
    let server = Server::start(|_| ok("unread")).await;
    let client = client();
    drop(
        client
            .send(get(server.url("/")), Cookies::None, None, now())
            .await
            .expect("a reply"),
    );
    assert_eq!(
        fetch(&client, get(server.url("/"))).await.expect("a reply"),
        "unread"
    );
    assert_eq!(server.connections(), 2);
}

/// Answers one request on each connection, then reads the next one and hangs up.
async fn hanging_up(answer: &'static [u8]) -> (Url, Arc<AtomicUsize>, tokio::task::JoinHandle<()>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let (address, task) = raw(move |_, mut stream| {
        let count = count.clone();
        async move {
            read_head(&mut stream).await;
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                .await;
            if !read_head(&mut stream).await.is_empty() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(answer).await;
            }
        }
    })
    .await;
    (
        Url::parse(&format!("http://{address}/")).expect("a URL"),
        requests,
        task,
    )
}

#[tokio::test]
async fn an_idempotent_request_is_sent_again_once_where_an_old_connection_was_silent() {
    let (url, requests, task) = hanging_up(b"").await;
    let client = client();
    fetch(&client, get(url.clone())).await.expect("the first");
    let mut put = Outgoing::new(Method::PUT, url.clone());
    put.body = OutBody::Empty;
    assert_eq!(fetch(&client, put).await.expect("sent again"), "ok");
    assert_eq!(requests.load(Ordering::SeqCst), 3);
    task.abort();
}

#[tokio::test]
async fn attack_27_what_could_act_twice_is_not_sent_again() {
    let (url, requests, task) = hanging_up(b"").await;
    let client = client();
    fetch(&client, get(url.clone())).await.expect("the first");
    let error = fetch(&client, Outgoing::new(Method::POST, url))
        .await
        .expect_err("not sent again");
    assert!(
        matches!(error, OutboundError::Broken { .. }) && error.may_have_arrived(),
        "{error:?}"
    );
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    task.abort();
}

#[tokio::test]
async fn a_request_that_was_partly_answered_is_not_sent_again() {
    let (url, requests, task) = hanging_up(b"HTTP/1.1 2").await;
    let client = client();
    fetch(&client, get(url.clone())).await.expect("the first");
    fetch(&client, get(url)).await.expect_err("not sent again");
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    task.abort();
}

#[tokio::test]
async fn a_connection_the_other_side_closed_is_replaced_for_any_request() {
    let closed = Arc::new(tokio::sync::Semaphore::new(0));
    let signal = closed.clone();
    let (address, task) = raw(move |_, mut stream| {
        let signal = signal.clone();
        async move {
            read_head(&mut stream).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                .await;
            drop(stream);
            signal.add_permits(1);
        }
    })
    .await;
    let client = client();
    let url = Url::parse(&format!("http://{address}/")).expect("a URL");
    for _ in 0..5 {
        assert_eq!(
            fetch(&client, Outgoing::new(Method::POST, url.clone()))
                .await
                .expect("a reply"),
            "ok"
        );
        closed.acquire().await.expect("closed").forget();
        // The end of the stream has to be seen before the next request can know of it.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
    task.abort();
}

#[tokio::test]
async fn exchanges_at_the_same_time_have_connections_of_their_own() {
    let server = Server::start(|seen| ok(&seen.target)).await;
    let client = client();
    let fetches = (0..20).map(|index| {
        let (client, url) = (client.clone(), server.url(&format!("/{index}")));
        tokio::spawn(async move { fetch(&client, get(url)).await })
    });
    for (index, fetched) in fetches.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(
            fetched.await.expect("no panic").expect("a reply"),
            format!("/{index}")
        );
    }
}
