//! Ordinary replies, recording, routes.

use serde_json::json;
use testkit::{Gate, Received, Reply, Routes, Upstream, redirect, set_cookie};

use crate::ask::{get, post, send};

#[test]
fn answers_by_closure_and_records_what_it_got() {
    let upstream = Upstream::start(|request| match request.uri().path() {
        "/login" => {
            Reply::json(json!({"user": request.form_value("user")})).cookie("sid=1; Path=/")
        }
        _ => Reply::status(404),
    });
    let reply = post(
        upstream.address(),
        "/login?next=%2Fa",
        "user=al+ice&pass=%C3%BC",
    );
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    assert!(reply.contains("set-cookie: sid=1; Path=/\r\n"));
    assert!(reply.ends_with("\r\n\r\n{\"user\":\"al ice\"}"));
    assert!(get(upstream.address(), "/other").starts_with("HTTP/1.1 404"));
    let requests = upstream.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].query_value("next").as_deref(), Some("/a"));
    assert_eq!(requests[0].form_value("pass").as_deref(), Some("ü"));
    assert_eq!(upstream.requests_to("/other").len(), 1);
    assert_eq!(upstream.last_request().uri().path(), "/other");
    assert_eq!(upstream.connections(), 2);
    upstream.forget_requests();
    assert!(upstream.requests().is_empty());
}

#[test]
fn reads_cookies_and_tokens() {
    let upstream = Upstream::start(|request| {
        json!([
            request.cookie("b"),
            request.cookie("c"),
            request.bearer(),
            request.header_all("x")
        ])
    });
    let rest =
        "cookie: a=1; b=2\r\nauthorization: Bearer t\r\nx: 1\r\nx: 2\r\nconnection: close\r\n\r\n";
    let reply = crate::ask::read_all(&mut send(upstream.address(), "GET", "/", rest));
    assert!(reply.ends_with(r#"["2",null,"t",["1","2"]]"#), "{reply}");
}

#[test]
fn routes_answer_by_method_and_path_and_in_turn() {
    let upstream = Upstream::serve(
        Routes::new()
            .get("/a", Reply::text("A"))
            .post("/a", 204)
            .on("GET", "/echo", |request| {
                Reply::text(request.query_value("q").unwrap_or_default())
            })
            .in_turn(
                "GET",
                "/turn",
                [
                    Reply::status(503),
                    Reply::ok_with_error("expired"),
                    Reply::text("ok"),
                ],
            )
            .serve("GET", "/0", redirect::to(307, "/a")),
    );
    let address = upstream.address();
    for (target, start, end) in [
        ("/a", "HTTP/1.1 200", "A"),
        ("/echo?q=x", "HTTP/1.1 200", "x"),
        ("/turn", "HTTP/1.1 503", ""),
        (
            "/turn",
            "HTTP/1.1 200",
            r#"{"ok":false,"error":{"code":"expired"}}"#,
        ),
        ("/turn", "HTTP/1.1 200", "ok"),
        ("/turn", "HTTP/1.1 200", "ok"),
        ("/0", "HTTP/1.1 307", ""),
        ("/none", "HTTP/1.1 404", r#"{"error":"no such route"}"#),
    ] {
        let reply = get(address, target);
        assert!(
            reply.starts_with(start) && reply.ends_with(end),
            "{target}: {reply}"
        );
    }
    assert!(post(address, "/a", "").starts_with("HTTP/1.1 204"));
}

#[test]
fn redirects_form_chains() {
    let upstream = Upstream::serve(redirect::chain(2));
    assert!(get(upstream.address(), "/1").contains("location: /2\r\n"));
    assert!(get(upstream.address(), "/2").ends_with("\r\n\r\n2"));
    let endless = Upstream::serve(redirect::endless());
    assert!(get(endless.address(), "/x").contains("location: /x\r\n"));
}

#[test]
fn cookies_come_by_the_dozen() {
    let upstream = Upstream::serve(set_cookie::refused_and_one_kept());
    let reply = get(upstream.address(), "/");
    assert_eq!(
        reply.matches("set-cookie:").count(),
        set_cookie::REFUSED.len() + 1
    );
}

#[tokio::test]
async fn a_gate_holds_a_reply_back() {
    let gate = Gate::closed();
    let upstream = Upstream::serve(Reply::text("late").held_by(&gate));
    let address = upstream.address();
    let caller = tokio::task::spawn_blocking(move || get(address, "/"));
    upstream.received(1).await;
    assert!(!caller.is_finished());
    gate.open();
    assert!(caller.await.unwrap().ends_with("late"));
}

#[test]
fn stops_when_dropped_and_starts_again_on_its_port() {
    let upstream = Upstream::serve(Reply::text("1"));
    let (address, port) = (upstream.address(), upstream.port());
    drop(upstream);
    assert!(std::net::TcpStream::connect(address).is_err());
    let again = Upstream::builder().port(port).serve(Reply::text("2"));
    assert!(get(again.address(), "/").ends_with('2'));
}
