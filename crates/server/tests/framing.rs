//! How requests are framed on a connection, and what a connection may cost.

use crate::wire::{self, one, raw, rest};
use crate::world::{SHOP, World};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// The request that an attacker hides behind another.
const HIDDEN: &str = "GET /proxy/echo/hidden HTTP/1.1\r\nHost: g\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn attack_37_a_request_framed_in_two_ways_hides_no_other() {
    let (world, _) = World::signed_in().await;
    let head = format!("POST /proxy/echo/x HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n");
    let refused = [
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!".to_owned(),
        "Content-Length: 5, 6\r\n\r\nhello!".to_owned(),
        "Content-Length: +5\r\n\r\nhello".to_owned(),
        "Content-Length: 5 \r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n".to_owned(),
        "Transfer-Encoding: gzip\r\n\r\nhello".to_owned(),
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n".to_owned(),
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n".to_owned(),
    ];
    for tail in refused {
        let all = raw(world.address, &format!("{head}{tail}{HIDDEN}")).await;
        assert!(all.starts_with("HTTP/1.1 400 "), "{tail:?} {all:?}");
        assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{tail:?} {all:?}");
    }
    assert!(world.upstream.requests_to("/api/hidden").is_empty());
    world.upstream.forget_requests();
    // Both: the transfer coding counts, and the connection ends before what follows could become a request.
    for both in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 55\r\n\r\n0\r\n\r\n",
    ] {
        let all = raw(world.address, &format!("{head}{both}{HIDDEN}")).await;
        assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{both:?} {all:?}");
    }
    assert!(world.upstream.requests_to("/api/hidden").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_is_too_large_is_refused() {
    let (world, _) = World::signed_in().await;
    let large = "a".repeat(70 << 10);
    let text = format!("GET /proxy/echo/x HTTP/1.1\r\nHost: g\r\nX-Large: {large}\r\n\r\n");
    let all = raw(world.address, &text).await;
    assert!(
        all.is_empty() || all.starts_with("HTTP/1.1 431 "),
        "{all:?}"
    );
    assert!(world.upstream.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_a_header_that_dribbles_in_and_an_idle_connection_are_ended() {
    let world = World::with(|settings| {
        settings.limits.header_time = Duration::ZERO;
        settings.limits.idle_time = Duration::ZERO;
    })
    .await;
    let mut slow = TcpStream::connect(world.address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: g")
        .await
        .unwrap();
    assert_eq!(rest(&mut slow).await, "");
    let mut idle = TcpStream::connect(world.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(one(&mut idle).await.body, "ok\n");
    assert_eq!(rest(&mut idle).await, "");
    let mut silent = TcpStream::connect(world.address).await.unwrap();
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_allowed_are_turned_away() {
    let world = World::with(|settings| settings.limits.connections = 1).await;
    let mut first = TcpStream::connect(world.address).await.unwrap();
    first
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(one(&mut first).await.status, 200);
    let mut second = TcpStream::connect(world.address).await.unwrap();
    let answer = wire::parse(&rest(&mut second).await);
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (503, Some("too_many_connections"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_with_prior_knowledge_is_served_on_the_same_port() {
    let (world, _) = World::signed_in().await;
    let stream = TcpStream::connect(world.address).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io)
        .await
        .unwrap();
    tokio::spawn(connection);
    let mut call = |path: &str| {
        let request = http::Request::get(format!("http://{}{path}", world.address))
            .header("stepgate-key", "sg_app_shop")
            .header("stepgate-user", "u1")
            .body(String::new());
        sender.send_request(request.unwrap())
    };
    let answer = call("/proxy/echo/x").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.version()),
        (200, http::Version::HTTP_2)
    );
    assert_eq!(answer.headers()["stepgate-outcome"], "upstream");
}
