//! Calls on a lane: bodies that stream, sessions that end on the way, and what a caller must not be able to do.

use crate::front::{Front, Got, to};
use crate::pieces::Pieces;
use crate::raw_api;
use crate::world::{BEARER, World};
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use std::sync::{Arc, Mutex};
use testkit::{Gate, Received, Reply, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

fn upload(body: Pieces) -> Request<Pieces> {
    Request::post("/proxy/echo/api/upload").body(body).unwrap()
}

/// What the front answers to these bytes, until it has said `end`.
async fn talk(front: &Front, bytes: &str, end: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let told = hear(&mut stream, end).await;
    (stream, told)
}

async fn hear(stream: &mut TcpStream, end: &str) -> String {
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains(end) {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await.unwrap() {
            0 => break,
            length => told.extend_from_slice(&piece[..length]),
        }
    }
    String::from_utf8(told).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_body_is_sent_again_after_a_renewal() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    world.api.ends_session();
    let got = front.got(upload(Pieces::default().of(50))).await;
    assert_eq!((got.status, got.attempts()), (200, 2));
    let calls = world.api.calls("/api/upload");
    assert_eq!(calls.len(), 2);
    for call in calls {
        assert!(call.body() == &Pieces::sum(&[50]));
    }
    assert_eq!(world.api.logins(), 2);
    // The next call begins with the new credential.
    assert_eq!(front.get("/api/x").await.attempts(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_27_a_streamed_body_too_large_to_keep_is_not_sent_twice() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    world.api.ends_session();
    let got = front.got(upload(Pieces::default().of(120))).await;
    assert_eq!(got.code(), Some("not_repeated"));
    assert_eq!(
        (world.api.logins(), world.api.calls("/api/upload").len()),
        (2, 1)
    );
    // The session is fresh now, and the same body goes through.
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    let got = front.got(upload(Pieces::default().of(120))).await;
    assert_eq!((got.status, got.attempts()), (200, 1));
    assert!(world.api.calls("/api/upload")[0].body() == &Pieces::sum(&[120]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_before_the_body_was_sent_leaves_the_rest_for_the_second_sending() {
    let (go_on, gone_on) = oneshot::channel();
    let go_on = Mutex::new(Some(go_on));
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let seen = bodies.clone();
    let origin = raw_api::start(move |line, _| {
        if !line.has_token(2) {
            assert!(!line.read(1000).is_empty());
            return line.reply(401, "", "");
        }
        // Only now comes the rest of what the caller sends.
        go_on.lock().unwrap().take().unwrap().send(()).unwrap();
        seen.lock().unwrap().push(line.read_chunked().0);
        line.reply(200, "", "done");
    });
    let world = World::at(&origin, BEARER).await;
    let front = Front::of(&world).await;
    let body = Pieces::default().of(10).then_wait(gone_on).of(20);
    let got = front.got(upload(body)).await;
    assert_eq!((got.status, got.attempts()), (200, 2));
    assert!(*bodies.lock().unwrap() == [Pieces::sum(&[10, 20])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_17_sixty_four_calls_at_the_end_of_a_session_renew_once_and_none_fails() {
    for ends in [
        (|world: &World| world.api.ends_session()) as fn(&World),
        |world| {
            world.clock.advance(50);
        },
    ] {
        let life = "session: { expires_in: \"{{login.body.expires_in}}\", margin: 60s }\n";
        let world = World::new(&format!("{BEARER}{life}")).await;
        let front = Arc::new(Front::of(&world).await);
        ends(&world);
        let calls: Vec<_> = (0..64)
            .map(|_| {
                let front = front.clone();
                tokio::spawn(async move { front.get("/api/x").await.status })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), 200);
        }
        assert_eq!(world.api.logins(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_arrives_before_the_stream_ends() {
    let over_when =
        "session: { over_when: { value: \"{{response.body.error}}\", equals: expired } }\n";
    for definition in [BEARER.to_owned(), format!("{BEARER}{over_when}")] {
        let world = World::new(&definition).await;
        let front = Front::of(&world).await;
        let gate = Gate::closed();
        world.api.answers(
            Reply::status(200)
                .header("content-type", "text/event-stream")
                .then("data: 1\n\n")
                .then_wait_for(&gate)
                .then("data: 2\n\n"),
        );
        let mut response = front.send(to(Method::GET, "/api/events", &[], "")).await;
        let first = response.frame().await.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "data: 1\n\n");
        gate.open();
        let got = Got::all(response).await;
        assert_eq!(got.body, "data: 2\n\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trailers_travel_both_ways() {
    let (tell, told) = std::sync::mpsc::channel();
    let origin = raw_api::start(move |line, _| {
        let (body, trailers) = line.read_chunked();
        let fields = ["te", "trailer"].map(|name| line.header(name).map(str::to_owned));
        tell.send((body, trailers, fields)).unwrap();
        line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-total\r\n\r\n");
        line.write("2\r\nok\r\n0\r\nX-Total: 1\r\n\r\n");
    });
    let judged =
        "session: { over_when: { value: \"{{response.body.error}}\", equals: expired } }\n";
    for definition in [BEARER.to_owned(), format!("{BEARER}{judged}")] {
        let world = World::at(&origin, &definition).await;
        let front = Front::of(&world).await;
        let mut request = upload(Pieces::default().of(1).then_trailer("x-sum", "7"));
        let headers = request.headers_mut();
        headers.insert("trailer", "x-sum".parse().unwrap());
        headers.insert("te", "trailers, gzip".parse().unwrap());
        let got = front.got(request).await;
        let (body, trailers, fields) = told.recv().unwrap();
        assert_eq!(
            (body.len(), trailers.as_str()),
            (10_000, "x-sum: 7\r\n\r\n")
        );
        assert_eq!(fields.map(Option::unwrap), ["trailers", "x-sum"]);
        assert_eq!(got.body, "ok");
        let trailers = got.trailers.unwrap();
        assert_eq!(trailers["x-total"], "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_gets_the_credential_on_its_handshake_and_passes_bytes() {
    let origin = raw_api::start(|line, _| {
        if !line.has_token(2) {
            return line.reply(401, "Set-Cookie: sid=old; Path=/\r\n", "");
        }
        assert_eq!(line.header("upgrade"), Some("websocket"));
        assert_eq!(line.header("sec-websocket-key"), Some("k"));
        assert!(line.header("x-url").unwrap().ends_with("/api/socket"));
        line.write("HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: a\r\nSet-Cookie: sid=new; Path=/\r\n\r\n");
        loop {
            let heard = line.read(100);
            if heard.is_empty() {
                break;
            }
            line.write(&String::from_utf8(heard).unwrap().to_uppercase());
        }
    });
    let parameters =
        "request_parameters: [ { in: header, name: X-Url, value: \"{{request.url}}\" } ]\n";
    let world = World::at(&origin, &format!("{BEARER}{parameters}")).await;
    let front = Front::of(&world).await;
    let asks = "GET /proxy/echo/api/socket HTTP/1.1\r\nHost: front\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: k\r\nAuthorization: Bearer mine\r\n\r\n";
    let (mut stream, head) = talk(&front, asks, "\r\n\r\n").await;
    let head = head.to_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    for line in [
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-accept: a",
        "x-attempts: 2",
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{line} in {head}");
    }
    assert!(!head.contains("set-cookie"));
    for word in ["hello", "world"] {
        stream.write_all(word.as_bytes()).await.unwrap();
        assert_eq!(
            hear(&mut stream, &word.to_uppercase()).await,
            word.to_uppercase()
        );
    }
    let connector = &world.equipped.connector;
    let handle = world
        .connections
        .current(connector, &world.id)
        .await
        .unwrap();
    let cookies = handle.cookies();
    assert_eq!(cookies.values().collect::<Vec<_>>(), ["new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_waits_for_leave_to_send_its_body_gets_it() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    let asks = "POST /proxy/echo/api/x HTTP/1.1\r\nHost: front\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    let (mut stream, told) = talk(&front, asks, "\r\n\r\n").await;
    assert_eq!(told, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"body").await.unwrap();
    assert!(
        hear(&mut stream, "\"body\":\"body\"")
            .await
            .starts_with("HTTP/1.1 200")
    );
    let call = world.api.upstream.last_request();
    assert_eq!(
        (call.header("expect"), call.text().as_str()),
        (None, "body")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_passes_both_ways() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    world.api.answers(Reply::status(200).then_zeros(8 << 20));
    let got = front.got(upload(Pieces::default().of(250))).await;
    assert_eq!((got.status, got.body.len()), (200, 8 << 20));
    assert_eq!(world.api.upstream.last_request().body().len(), 2_500_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_on_a_connection_that_was_given_up_goes_again_only_if_it_may_act_twice() {
    let (tell, told) = std::sync::mpsc::channel();
    let origin = raw_api::start(move |line, number| {
        tell.send(line.head.split(' ').next().unwrap().to_owned())
            .unwrap();
        if [1, 4].contains(&number) {
            line.close();
        } else {
            line.reply(200, "", "ok");
        }
    });
    let world = World::at(&origin, BEARER).await;
    let front = Front::of(&world).await;
    for _ in 0..2 {
        let got = front.get("/api/x").await;
        assert_eq!((got.status, got.attempts()), (200, 1));
    }
    let post = || front.got(to(Method::POST, "/api/x", &[], ""));
    assert_eq!(post().await.status, 200);
    assert_eq!(post().await.code(), Some("api_broke_off"));
    let received: Vec<String> = told.try_iter().collect();
    assert_eq!(received, ["GET", "GET", "GET", "POST", "POST"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_in_the_middle_of_a_body_reaches_the_caller() {
    let origin = raw_api::start(|line, _| {
        assert!(!line.read(1000).is_empty());
        line.reply(413, "Connection: close\r\n", "too much");
    });
    let world = World::at(&origin, BEARER).await;
    let front = Front::of(&world).await;
    let (_never, gone_on) = oneshot::channel();
    let body = Pieces::default().of(1).then_wait(gone_on).of(1);
    let got = front.got(upload(body)).await;
    assert_eq!((got.status, got.body.as_ref()), (413, &b"too much"[..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_takes_no_renewal_along() {
    let world = World::new(BEARER).await;
    let front = Front::of(&world).await;
    world.api.ends_session();
    let gate = Gate::closed();
    let token = serde_json::json!({ "token": "t-101" });
    world.api.answers_login(Reply::json(token).held_by(&gate));
    let asks = "GET /proxy/echo/api/x HTTP/1.1\r\nHost: front\r\n\r\n";
    let mut stream = TcpStream::connect(front.address).await.unwrap();
    stream.write_all(asks.as_bytes()).await.unwrap();
    // The sign-in, the call and the login of the renewal.
    world.api.upstream.received(3).await;
    drop(stream);
    gate.open();
    let connector = &world.equipped.connector;
    loop {
        let handle = world.connections.current(connector, &world.id).await;
        if handle.unwrap().version() > 1 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(world.api.logins(), 2);
}

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

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_on_a_lane_is_what_it_is_elsewhere() {
    let endpoints = "endpoints:\n  - { name: one, request: { method: POST, url: \"{{base_url}}/api/one\", json: { a: 1 } }, expect: { value: \"{{response.status}}\", equals: 200 } }\n  - { name: pay, request: { method: POST, url: \"{{base_url}}/api/pay\", json: { a: 1 } }, resend: never }\n  - { name: open, request: { method: GET, url: \"{{base_url}}/public\" }, attach: false }\n";
    let world = World::new(&format!("{BEARER}{endpoints}")).await;
    let front = Front::of(&world).await;
    let call = |name: &str| {
        let request = Request::post(format!("/call/{name}"));
        front.got(request.body(Full::<bytes::Bytes>::default()).unwrap())
    };
    assert_eq!(call("one").await.json()["body"], "{\"a\":1}");
    assert!(
        call("open").await.json()["headers"]
            .get("authorization")
            .is_none()
    );
    assert_eq!(call("none").await.code(), Some("unknown_endpoint"));
    assert_eq!(call("one").await.header("x-unexpected"), Some("0"));
    world.api.answers(Reply::text("no").with_status(202));
    let unexpected = call("one").await;
    assert_eq!(
        (unexpected.status, unexpected.header("x-unexpected")),
        (202, Some("1"))
    );
    world.api.ends_session();
    assert_eq!(call("pay").await.code(), Some("not_repeated"));
    assert_eq!(world.api.calls("/api/pay").len(), 1);
    world.api.ends_session();
    let again = call("one").await;
    assert_eq!((again.status, again.attempts()), (200, 2));
}
