//! What a caller of a lane must not be able to do, and what an API must not be able to give away.

use crate::front::{Front, Got, to};
use crate::talk::talk;
use crate::world::{BEARER, World};
use http::Method;
use std::sync::{Arc, Mutex};
use testkit::{Received, Reply, Upstream};

#[tokio::test(flavor = "multi_thread")]
async fn attack_31_no_path_changes_the_host_on_a_lane() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    for (target, expected) in [
        ("/proxy/echo//evil.example/x", None),
        ("/proxy/echo/..%2f..%2fx", None),
        ("/proxy/echo/%2e%2e/x", None),
        ("/proxy/echo/\\evil.example", None),
        ("/proxy/echo@evil.example/x", Some("/@evil.example/x")),
        ("/proxy/echo:8443/x", Some("/:8443/x")),
        ("/proxy/echo.evil.example/x", Some("/.evil.example/x")),
        ("http://evil.example/proxy/echo/api/x", Some("/api/x")),
    ] {
        world.api.upstream.forget_requests();
        let asks = format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        let (_, told) = talk(&front, &asks, "\r\n\r\n").await;
        let received = world.api.upstream.requests();
        let paths: Vec<_> = received.iter().map(|call| call.uri().path()).collect();
        assert_eq!(paths, Vec::from_iter(expected), "{target}");
        assert_eq!(
            told.contains("x-code: bad_path"),
            expected.is_none() && !told.starts_with("HTTP/1.1 400"),
            "{told}"
        );
        for call in received {
            let host = world.api.upstream.address().to_string();
            assert_eq!(call.header("host"), Some(host.as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_32_of_an_attached_query_key_only_ours_arrives_on_a_lane() {
    let parameters =
        "request_parameters: [ { in: query, name: api_key, value: \"{{login.body.token}}\" } ]\n";
    let world = World::new(&format!("{BEARER}{parameters}")).await;
    let front = Front::of(&world).await;
    let headers = [
        ("Authorization", "Bearer mine"),
        ("Cookie", "sid=mine"),
        ("X-Forwarded-Host", "evil.example"),
    ];
    let path = "/api/x?api_key=mine&b=1&api%5Fkey=again";
    let got = front.got(to(Method::GET, path, &headers, "")).await.json();
    assert_eq!(got["query"], "b=1&api_key=t-1");
    assert_eq!(got["headers"]["authorization"], "Bearer t-1");
    assert!(got["headers"].get("cookie").is_none());
    assert!(got["headers"].get("x-forwarded-host").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_38_what_is_attached_survives_a_connection_header_on_a_lane() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    let headers = [
        ("Connection", "authorization, host, x-drop"),
        ("X-Drop", "1"),
    ];
    let got = front
        .got(to(Method::GET, "/api/x", &headers, ""))
        .await
        .json();
    assert_eq!(got["headers"]["authorization"], "Bearer t-1");
    assert!(got["headers"].get("x-drop").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_34_a_redirect_is_not_followed_and_nothing_reaches_where_it_leads() {
    let other = Upstream::start(|_| 200_u16);
    let parameters = "request_parameters: [ { in: query, name: api_key, value: secret } ]\n";
    let world = World::new(&format!("{BEARER}{parameters}")).await;
    let front = Front::of(&world).await;
    let own = world.api.upstream.origin();
    for (location, expected) in [
        (other.url("/next"), other.url("/next")),
        (format!("{own}/a/b?x=1"), "/proxy/echo/a/b?x=1".to_owned()),
        ("/a/b#f".to_owned(), "/proxy/echo/a/b#f".to_owned()),
        ("next?x=1".to_owned(), "/proxy/echo/api/next?x=1".to_owned()),
        ("next".to_owned(), "next".to_owned()),
        // An API that repeats the query with its redirect must not give away what was attached to it.
        (
            "/api/x/?a=1&api_key=secret".to_owned(),
            "/proxy/echo/api/x/?a=1".to_owned(),
        ),
        ("?api_key=secret".to_owned(), "/proxy/echo/api/x".to_owned()),
    ] {
        world.api.answers(Reply::redirect(&location));
        let got = front.get("/api/x").await;
        assert_eq!(
            (got.status, got.header("location")),
            (302, Some(expected.as_str())),
            "{location}"
        );
    }
    assert!(other.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_36_an_apis_cookies_stay_in_the_jar_and_go_with_the_next_call() {
    let world = World::new(&format!("{BEARER}cookies: {{ forward_all: true }}\n")).await;
    let front = Front::of(&world).await;
    world.api.answers(Reply::text("ok").cookie("sid=1; Path=/"));
    let got = front.get("/api/x").await;
    assert!(got.header("set-cookie").is_none());
    let sent = |got: Got| got.json()["headers"]["cookie"].as_str().unwrap().to_owned();
    assert_eq!(sent(front.get("/api/x").await), "csrftoken=c-1; sid=1");
    // One that goes to some paths only, one that ends, and one that is taken back.
    let reply = Reply::text("ok")
        .cookie("deep=1; Path=/api/deep")
        .cookie("brief=1; Path=/; Max-Age=5");
    world.api.answers(reply.cookie("sid=; Path=/; Max-Age=0"));
    front.get("/api/x").await;
    assert_eq!(
        sent(front.get("/api/deep/x").await),
        "deep=1; csrftoken=c-1; brief=1"
    );
    assert_eq!(sent(front.get("/api/x").await), "csrftoken=c-1; brief=1");
    world.clock.advance(6);
    assert_eq!(sent(front.get("/api/x").await), "csrftoken=c-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_35_a_token_that_an_api_echoes_passes_on_and_is_in_no_log() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let writer = Log(log.clone());
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    let echoed = front.get("/api/x").await;
    // The API's answer is the API's: what it gives away is for its builder to know.
    assert_eq!(echoed.json()["headers"]["authorization"], "Bearer t-1");
    world.api.answers(Reply::raw(
        "HTTP/1.1 200 OK\r\nx-token: Bearer t-1\r\nbroken t-1\r\n\r\n",
    ));
    let broken = front.get("/api/x").await;
    assert!(broken.code().is_some());
    assert!(!String::from_utf8_lossy(&broken.body).contains("t-1"));
    world.api.ends_session();
    front.get("/api/x").await;
    tracing::info!("the end");
    let log = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the end"));
    for secret in ["t-1", "t-102"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[derive(Clone)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
