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
        // Both, in either order and in any spelling.
        (
            400,
            "framed_twice",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            400,
            "framed_twice",
            "Transfer-Encoding: chunked\r\nContent-Length: 55\r\n\r\n0\r\n\r\n",
        ),
        (
            400,
            "framed_twice",
            "TRANSFER-ENCODING:chunked\ncontent-length:5\n\n0\r\n\r\n",
        ),
        (
            400,
            "framed_twice",
            "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        ),
        (
            400,
            "bad_request",
            "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        ),
        (400, "bad_request", "Content-Length: 5, 5\r\n\r\nhello"),
        (400, "bad_request", "Content-Length: +5\r\n\r\nhello"),
        (400, "bad_request", "Content-Length: 0x5\r\n\r\nhello"),
        (400, "bad_request", "Content-Length:\r\n\r\nhello"),
        (
            400,
            "bad_request",
            "Content-Length: 99999999999999999999\r\n\r\nhello",
        ),
        (
            400,
            "bad_request",
            "Content-Length: 5 \r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        ),
        (400, "bad_request", "Transfer-Encoding: gzip\r\n\r\nhello"),
        (
            400,
            "bad_request",
            "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        ),
        (400, "bad_request", "Content-Length : 5\r\n\r\nhello"),
        // A line that goes on in the next (obs-fold), and a bare carriage return.
        (
            400,
            "bad_request",
            "X-Folded: a\r\n Content-Length: 5\r\n\r\nhello",
        ),
        (
            400,
            "bad_request",
            "X-Bare: a\rContent-Length: 5\r\n\r\nhello",
        ),
        (400, "bad_request", "X-Nul: a\0b\r\n\r\n"),
        (
            501,
            "transfer_coding_unknown",
            "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            501,
            "transfer_coding_unknown",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
    ];
    for (status, code, tail) in refused {
        let all = raw(world.address, &format!("{head}{tail}{HIDDEN}")).await;
        assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{tail:?} {all:?}");
        let answer = wire::parse(&all);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{tail:?}"
        );
        assert_eq!(answer.header("connection"), Some("close"), "{tail:?}");
        assert!(answer.header("stepgate-outcome").is_some(), "{tail:?}");
    }
    assert!(world.upstream.requests().is_empty());
    // What is wrong with a body shows only once the call is on its way: the API gets none that is whole.
    for chunks in [
        "zz\r\nhello\r\n0\r\n\r\n",
        "-1\r\nhello\r\n0\r\n\r\n",
        "5;x\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "5\r\nhello!\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
    ] {
        let text = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}{HIDDEN}");
        let all = raw(world.address, &text).await;
        assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{chunks:?} {all:?}");
        let answer = wire::parse(&all);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (400, "body_broken"),
            "{chunks:?}"
        );
    }
    assert!(world.upstream.requests().is_empty());
    // Of a request that has a transfer coding alone nothing that follows becomes a request either.
    let alone = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let all = raw(world.address, &format!("{head}{alone}{HIDDEN}")).await;
    assert!(all.starts_with("HTTP/1.1 200 "), "{all:?}");
    assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{all:?}");
    assert!(world.upstream.requests_to("/api/hidden").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_37_a_framing_in_two_ways_is_seen_behind_other_requests_and_in_pieces() {
    let (world, _) = World::signed_in().await;
    let fine = format!(
        "POST /proxy/echo/x HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\nContent-Length: 27\r\n\r\n\
         Content-Length: 1\r\n\r\nHost: "
    );
    let twice = format!(
        "POST /proxy/echo/twice HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\nContent-Length: 5\r\n\
         Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    );
    // Pipelined, all at once.
    let all = raw(world.address, &format!("{fine}{fine}{twice}{HIDDEN}")).await;
    assert_eq!(all.matches("HTTP/1.1 200 ").count(), 2, "{all}");
    assert_eq!(all.matches("HTTP/1.1 400 ").count(), 1, "{all}");
    assert!(all.contains("\"code\":\"framed_twice\""), "{all}");
    // One after the other, the last in pieces.
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(fine.as_bytes()).await.unwrap();
    assert_eq!(one(&mut stream).await.status, 200);
    stream.set_nodelay(true).unwrap();
    for piece in twice.as_bytes().chunks(50) {
        stream.write_all(piece).await.unwrap();
        tokio::task::yield_now().await;
    }
    let answer = wire::parse(&rest(&mut stream).await);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (400, "framed_twice")
    );
    assert!(world.upstream.requests_to("/api/twice").is_empty());
    assert!(world.upstream.requests_to("/api/hidden").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let (world, _) = World::signed_in().await;
    let call = |version: &str, hosts: &str| {
        format!(
            "GET /proxy/echo/x {version}\r\n{hosts}{SHOP}\r\nStepgate-User: u1\r\nConnection: close\r\n\r\n"
        )
    };
    for (hosts, code) in [
        ("", "host_missing"),
        ("Host: g\r\nHost: g\r\n", "host_repeated"),
        ("Host: g\r\nhost: evil.example\r\n", "host_repeated"),
        ("Host: evil.example/x\r\n", "bad_host"),
        ("Host: user@g\r\n", "bad_host"),
    ] {
        let answer = wire::parse(&raw(world.address, &call("HTTP/1.1", hosts)).await);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (400, code),
            "{hosts:?}"
        );
    }
    assert!(world.upstream.requests().is_empty());
    // HTTP/1.0 knows none; in absolute form the target says it, and Host is not looked at (RFC 9112 section 3.2.2).
    let old = raw(world.address, &call("HTTP/1.0", "")).await;
    assert!(
        old.starts_with("HTTP/1.0 200 ") || old.starts_with("HTTP/1.1 200 "),
        "{old}"
    );
    let absolute = call("HTTP/1.1", "Host: other.example\r\n").replace("/proxy", "http://g/proxy");
    let absolute = raw(world.address, &absolute).await;
    assert!(absolute.starts_with("HTTP/1.1 200 "), "{absolute}");
    assert!(absolute.contains("/api/x?tenant=acme"), "{absolute}");
    assert_eq!(world.upstream.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_told_so_in_our_words() {
    let (world, _) = World::signed_in().await;
    let large = "a".repeat(70 << 10);
    let fields: String = (0..101)
        .map(|number| format!("X-{number}: 1\r\n"))
        .collect();
    for (text, status, code) in [
        ("\x16\x03\x01 hello\r\n\r\n".to_owned(), 400, "bad_request"),
        (
            "GET / HTTP/3.7\r\nHost: g\r\n\r\n".to_owned(),
            400,
            "bad_request",
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: g\r\nX-Large: {large}\r\n\r\n"),
            431,
            "header_too_large",
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: g\r\n{fields}\r\n"),
            431,
            "header_too_large",
        ),
        (
            format!("GET /{large} HTTP/1.1\r\nHost: g\r\n\r\n"),
            431,
            "header_too_large",
        ),
    ] {
        let all = raw(world.address, &text).await;
        let answer = wire::parse(&all);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{all}"
        );
        assert_eq!(answer.header("connection"), Some("close"));
        let outcome = format!("gateway; code={code}");
        assert_eq!(answer.header("stepgate-outcome"), Some(outcome.as_str()));
    }
    // A body that looks like the parser's own words is the API's all the same.
    let bare = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    let line = "POST /proxy/echo/same HTTP/1.1\r\nHost: g\r\nConnection: close";
    let text = format!(
        "{line}\r\n{SHOP}\r\nStepgate-User: u1\r\nContent-Length: {}\r\n\r\n{bare}",
        bare.len()
    );
    let answer = wire::parse(&raw(world.address, &text).await);
    assert_eq!((answer.status, answer.body.as_str()), (200, bare));
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_a_body_that_does_not_come_is_not_waited_for() {
    let world = World::with(|settings| {
        settings.limits.body_time = Duration::from_millis(1);
    })
    .await;
    for (path, status) in [("/api/session", 408), ("/auth/shop/continue", 400)] {
        let kind = match path {
            "/api/session" => "application/json",
            _ => "application/x-www-form-urlencoded",
        };
        let begun = format!(
            "POST {path} HTTP/1.1\r\nHost: g\r\nContent-Type: {kind}\r\nContent-Length: 100\r\n\r\n{{"
        );
        let mut slow = TcpStream::connect(world.address).await.unwrap();
        slow.write_all(begun.as_bytes()).await.unwrap();
        let answer = wire::parse(&rest(&mut slow).await);
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_a_header_that_dribbles_in_and_an_idle_connection_are_ended() {
    let world = World::with(|settings| {
        settings.limits.header_time = Duration::ZERO;
        settings.limits.idle_time = Duration::ZERO;
    })
    .await;
    let late = wire::parse(&said_to(&world, "GET /healthz HTTP/1.1\r\nHost: g").await);
    assert_eq!(
        (late.status, late.problem().as_str()),
        (408, "header_too_slow")
    );
    let answered = said_to(&world, "GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n").await;
    assert_eq!(wire::parse(&answered).body, "ok\n");
    let mut silent = TcpStream::connect(world.address).await.unwrap();
    assert_eq!(rest(&mut silent).await, "");
}

/// What the server says to this until it ends the connection. It looks once a second; where that falls before the first
/// byte, the connection was an idle one, and there is another.
async fn said_to(world: &World, text: &str) -> String {
    for _ in 0..20 {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        if stream.write_all(text.as_bytes()).await.is_ok() {
            let said = rest(&mut stream).await;
            if !said.is_empty() {
                return said;
            }
        }
    }
    panic!("the server ends each connection without a word");
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
        (answer.status, answer.problem().as_str()),
        (503, "too_many_connections")
    );
    assert_eq!(answer.header("retry-after"), Some("1"));
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
