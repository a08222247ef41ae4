//! Calls on a lane: bodies that stream, sessions that end on the way, and hosts that hang up.

use crate::front::{Front, Got, to};
use crate::pieces::Pieces;
use crate::raw_api;
use crate::talk::{hear, talk};
use crate::world::{BEARER, World};
use hmac::{KeyInit, Mac};
use http::{Method, Request, Version};
use http_body_util::{BodyExt, Full};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use testkit::{Authority, Gate, Received, Reply, Upstream};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

fn upload(body: Pieces) -> Request<Pieces> {
    Request::post("/proxy/echo/api/upload").body(body).unwrap()
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
async fn trailers_travel_behind_a_reply_that_was_judged_where_calls_are_signed() {
    let origin = raw_api::start(|line, _| {
        line.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: x-total\r\n\r\n");
        line.write("2\r\n{}\r\n0\r\nX-Total: 1\r\n\r\n");
    });
    let signed = "sign_in: { kind: hmac, key: k, string_to_sign: \"{{request.target}}\", name: X-Signature }\n\
        session: { over_when: { value: \"{{response.body.error}}\", equals: expired } }\n";
    let world = World::at(&origin, signed).await;
    let front = Front::of(&world).await;
    let got = front
        .got(to(Method::GET, "/api/x", &[("te", "trailers")], ""))
        .await;
    assert_eq!(got.body, "{}");
    assert_eq!(got.trailers.unwrap()["x-total"], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn trailers_travel_with_the_second_sending_too() {
    let digest = "sign_in: { kind: digest, username: me, password: p }\n";
    for definition in [BEARER, digest] {
        let (tell, told) = std::sync::mpsc::channel();
        let origin = raw_api::start(move |line, call| {
            let got = line.read_chunked();
            match call {
                0 => line.reply(401, "WWW-Authenticate: Digest realm=x, nonce=n\r\n", ""),
                _ => {
                    tell.send(got).unwrap();
                    line.reply(200, "", "ok");
                }
            }
        });
        let world = World::at(&origin, definition).await;
        let front = Front::of(&world).await;
        let mut request = upload(Pieces::default().of(1).then_trailer("x-sum", "7"));
        let headers = request.headers_mut();
        headers.insert("trailer", "x-sum".parse().unwrap());
        assert_eq!(front.got(request).await.body, "ok");
        let (body, trailers) = told.recv().unwrap();
        assert_eq!(
            (body.len(), trailers.as_str()),
            (10_000, "x-sum: 7\r\n\r\n")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trailers_travel_behind_a_body_that_gets_a_key_too() {
    let (tell, told) = std::sync::mpsc::channel();
    let origin = raw_api::start(move |line, _| {
        tell.send(line.read_chunked()).unwrap();
        line.reply(200, "", "ok");
    });
    let adds = "request_parameters: [ { in: body, name: key, value: added } ]\n";
    let world = World::at(&origin, &format!("{BEARER}{adds}")).await;
    let front = Front::of(&world).await;
    let body = Pieces::default().of(1).then_trailer("x-sum", "7");
    let mut request = upload(body);
    let headers = request.headers_mut();
    headers.insert("trailer", "x-sum".parse().unwrap());
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    headers.insert("content-type", form);
    assert_eq!(front.got(request).await.body, "ok");
    let (body, trailers) = told.recv().unwrap();
    assert!(body.ends_with(b"key=added"));
    assert_eq!(trailers, "x-sum: 7\r\n\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_over_http_2_gets_the_same() {
    let authority = Authority::new();
    let logins = AtomicU32::new(0);
    let api = Upstream::builder()
        .tls(&authority)
        .http2()
        .start(move |request| {
            if request.uri().path() == "/login" {
                let token = logins.fetch_add(1, Ordering::SeqCst) + 1;
                return Reply::json(serde_json::json!({ "token": format!("t-{token}") }));
            }
            Reply::status(if request.bearer() == Some("t-2") {
                200
            } else {
                401
            })
        });
    let world = World::trusting(&authority, &api.origin(), BEARER).await;
    let front = Front::of(&world).await;
    let mut request = upload(Pieces::default().of(3));
    let headers = request.headers_mut();
    headers.insert("te", "trailers".parse().unwrap());
    headers.insert("x-own", "1".parse().unwrap());
    let got = front.got(request).await;
    assert_eq!((got.status, got.attempts()), (200, 2));
    let call = api.last_request();
    assert_eq!(call.version(), Version::HTTP_2);
    assert!(call.body() == &Pieces::sum(&[3]));
    let host = api.address().to_string();
    assert_eq!(call.uri().authority().unwrap().as_str(), host);
    for (name, value) in [
        ("te", "trailers"),
        ("x-own", "1"),
        ("authorization", "Bearer t-2"),
    ] {
        assert_eq!(call.header(name), Some(value));
    }
    for gone in ["connection", "host", "transfer-encoding"] {
        assert_eq!(call.header(gone), None);
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
async fn a_websocket_is_signed_where_its_handshake_can_be_and_else_refused() {
    let asks = "GET /proxy/echo/api/socket?a=1 HTTP/1.1\r\nHost: front\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nX-Signature: theirs\r\n\r\n";
    let (tell, told) = std::sync::mpsc::channel();
    let origin = raw_api::start(move |line, _| {
        let fields = ["upgrade", "sec-websocket-key", "x-signature"];
        let said = fields.map(|name| line.header(name).unwrap_or_default().to_owned());
        tell.send((line.head.lines().next().unwrap().to_owned(), said))
            .unwrap();
        line.write("HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        line.read(1);
        line.write("hello");
    });
    let signed = "request_parameters: [ { in: query, name: b, value: c d } ]\nsign_in: { kind: hmac, key: k, string_to_sign: \"{{request.method}} {{request.target}}\", name: X-Signature }\n";
    let world = World::at(&origin, signed).await;
    let front = Front::of(&world).await;
    let (mut stream, head) = talk(&front, asks, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    stream.write_all(b"x").await.unwrap();
    assert_eq!(hear(&mut stream, "hello").await, "hello");
    let (line, said) = told.recv().unwrap();
    let target = "/api/socket?a=1&b=c+d";
    assert_eq!(line, format!("GET {target} HTTP/1.1"));
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"k").unwrap();
    mac.update(format!("GET {target}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    assert_eq!(said, ["websocket", "k", &signature]);

    for kind in ["ntlm", "digest"] {
        let definition = format!("sign_in: {{ kind: {kind}, username: me, password: p }}\n");
        let world = World::at(&origin, &definition).await;
        let front = Front::of(&world).await;
        let (_, head) = talk(&front, asks, "\r\n\r\n").await;
        assert!(head.contains("x-code: websocket_unsupported"), "{head}");
    }
    assert!(told.try_recv().is_err());
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
