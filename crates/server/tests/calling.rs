//! Calls by path and by endpoint, and what their answers say.

use crate::wire;
use crate::world::{OTHER, SHOP, World};
use serde_json::json;
use testkit::Received;
use tokio::io::AsyncWriteExt;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_goes_through_with_the_credential_and_says_whose_answer_it_is() {
    let (world, _) = World::signed_in().await;
    let headers = [
        SHOP,
        "Stepgate-User: u1",
        "Content-Type: text/plain",
        "X-Own: 1",
    ];
    let line = "POST /proxy/echo/pages/a%2Fb?q=1";
    let answer = world.send(line, &headers, "hello").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let got = answer.json();
    assert_eq!(got["method"], "POST");
    assert_eq!(got["url"], "/api/pages/a%2Fb?q=1&tenant=acme");
    assert_eq!(got["body"], "hello");
    let received = world.upstream.last_request();
    assert_eq!(received.bearer(), Some("t-1"));
    assert_eq!(received.header("x-own"), Some("1"));
    assert_eq!(received.header("stepgate-key"), None);
    assert_eq!(answer.header("stepgate-outcome"), Some("upstream"));
    assert_eq!(answer.header("stepgate-attempts"), Some("1"));
    assert_eq!(answer.header("stepgate-request-id").unwrap().len(), 17);
    let timing = answer.header("server-timing").unwrap();
    assert!(
        timing.starts_with("gateway;dur=") && timing.contains(", upstream;dur="),
        "{timing}"
    );
    // An API's own error passes as it is.
    let missing = world.get("/proxy/echo/missing").await;
    assert_eq!(
        (missing.status, missing.json()),
        (404, json!({ "error": "none" }))
    );
    assert_eq!(missing.header("stepgate-outcome"), Some("upstream"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_called_by_post_with_checked_parameters() {
    let (world, _) = World::signed_in().await;
    let headers = [SHOP, "Stepgate-User: u1", "Content-Type: application/json"];
    let call = |line, body| world.send(line, &headers, body);
    let answer = call("POST /call/echo/read", r#"{"parameters":{"id":"7"}}"#).await;
    assert_eq!(
        (answer.status, answer.json()["url"].clone()),
        (200, json!("/api/pages/7?tenant=acme"))
    );
    for (line, body, status, code) in [
        ("POST /call/echo/read", "", 400, "missing_parameter"),
        ("POST /call/echo/read", "{", 400, "bad_body"),
        (
            "POST /call/echo/read",
            r#"{"parameter":{}}"#,
            400,
            "bad_body",
        ),
        ("POST /call/echo/none", "", 404, "unknown_endpoint"),
        ("GET /call/echo/read", "", 405, "method_not_allowed"),
    ] {
        let answer = call(line, body).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{line} {body}"
        );
    }
    // One that takes no credential along needs no sign-in.
    let nobody = [SHOP, "Stepgate-User: u2"];
    let answer = world.send("POST /call/echo/open", &nobody, "").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(world.upstream.last_request().bearer(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_sign_in_is_told_at_once_or_waited_for() {
    let world = World::start().await;
    let missing = world.get("/proxy/echo/x").await;
    assert_eq!(
        (missing.status, missing.problem().as_str()),
        (409, "sign_in_required")
    );
    let body = missing.json();
    assert_eq!(
        (&body["retry"], &body["whose_fault"]),
        (&json!("after_sign_in"), &json!("caller"))
    );
    let url = body["sign_in_url"].as_str().unwrap();
    assert!(url.contains("/auth/shop?link="), "{url}");
    // A shared connection is not the user's to sign in.
    let team = world.get("/proxy/team/x").await;
    assert_eq!(team.problem(), "sign_in_required");
    assert_eq!(team.json()["sign_in_url"], json!(null));
    let headers = [SHOP, "Stepgate-User: u1", "Prefer: wait=60"];
    let (waited, _) = tokio::join!(
        world.send("GET /proxy/echo/x", &headers, ""),
        world.sign_in("echo", "shop/u1"),
    );
    assert_eq!(waited.status, 200, "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_connection_needs_no_user_and_a_users_own_does() {
    let (world, _) = World::signed_in().await;
    world.sign_in("team", "local").await;
    let shared = world.send("GET /proxy/team/x", &[OTHER], "").await;
    assert_eq!(shared.status, 200, "{shared:?}");
    let nobody = world.send("GET /proxy/echo/x", &[SHOP], "").await;
    assert_eq!(
        (nobody.status, nobody.problem().as_str()),
        (400, "user_required")
    );
    for name in [
        "Stepgate-User: a b",
        "Stepgate-User: \u{200b}",
        "Stepgate-User:",
    ] {
        let answer = world.send("GET /proxy/echo/x", &[SHOP, name], "").await;
        assert_eq!(answer.status, 400, "{name} {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_31_a_callers_path_never_chooses_the_host() {
    let (world, _) = World::signed_in().await;
    for path in [
        "/proxy/echo//evil.example/x",
        "/proxy/echo/../x",
        "/proxy/echo/..%2fx",
        "/proxy/echo/%2e%2e/x",
        "/proxy/echo/a\\..\\b",
    ] {
        let answer = world.get(path).await;
        // hyper refuses by itself what is no target at all.
        assert_eq!(answer.status, 400, "{path} {answer:?}");
    }
    assert!(world.upstream.requests().is_empty());
    for path in [
        "/proxy/echo/@evil.example",
        "/proxy/echo/https://evil.example/",
        "http://evil.example/proxy/echo/x",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 200, "{path} {answer:?}");
        let received = world.upstream.last_request();
        let host = received.header("host").unwrap();
        assert_eq!(format!("http://{host}"), world.upstream.origin());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_32_what_a_caller_says_of_itself_does_not_travel() {
    let (world, _) = World::signed_in().await;
    let headers = [
        SHOP,
        "Stepgate-User: u1",
        "Authorization: Bearer mine",
        "Cookie: sid=mine",
        "X-Forwarded-For: 10.0.0.1",
        "X-Forwarded-Host: evil.example",
        "Forwarded: for=10.0.0.1",
    ];
    let answer = world
        .send("GET /proxy/echo/x?tenant=evil", &headers, "")
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let received = world.upstream.last_request();
    assert_eq!(received.header_all("authorization"), ["Bearer t-1"]);
    for gone in [
        "cookie",
        "x-forwarded-for",
        "x-forwarded-host",
        "forwarded",
        "stepgate-user",
    ] {
        assert_eq!(received.header(gone), None, "{gone}");
    }
    assert_eq!(received.uri().query(), Some("tenant=acme"));
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_36_an_apis_cookie_goes_to_the_jar_and_not_to_the_caller() {
    let (world, _) = World::signed_in().await;
    let answer = world.get("/proxy/echo/cookies").await;
    assert_eq!((answer.status, answer.header("set-cookie")), (200, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_38_naming_a_header_in_connection_does_not_take_the_credential_off() {
    let (world, _) = World::signed_in().await;
    let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
    let text = format!(
        "GET /proxy/echo/x HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: u1\r\n\
         Connection: close, authorization, x-own, stepgate-key\r\nX-Own: 1\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let answer = wire::parse(&wire::rest(&mut stream).await);
    assert_eq!(answer.status, 200, "{answer:?}");
    let received = world.upstream.last_request();
    assert_eq!(
        (received.bearer(), received.header("x-own")),
        (Some("t-1"), None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_by_connector_and_outcome() {
    let (world, _) = World::signed_in().await;
    assert_eq!(world.get("/proxy/echo/x").await.status, 200);
    assert_eq!(world.get("/proxy/made-up/x").await.status, 404);
    let expected = [
        "stepgate_calls_total{connector=\"echo\",outcome=\"upstream\"} 1",
        "stepgate_calls_total{connector=\"_unknown\",outcome=\"not_found\"} 1",
        "stepgate_call_duration_seconds_count{connector=\"echo\",phase=\"gateway\"} 1",
    ];
    let mut text = String::new();
    // Threads hand over once a second.
    while !expected.iter().all(|line| text.contains(line)) {
        text = world.send("GET /metrics", &[], "").await.body;
    }
    assert!(!text.contains("made-up"));
    for path in ["/healthz", "/readyz"] {
        assert_eq!(
            world.send(&format!("GET {path}"), &[], "").await.body,
            "ok\n"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_keeps_travels_both_ways_and_is_of_no_use_to_another() {
    let world = World::start().await;
    world.sign_in("kept", "shop/u1").await;
    let first = world.get("/proxy/kept/x").await;
    assert_eq!(first.status, 200, "{first:?}");
    let blob = first.header("stepgate-credential").unwrap();
    let shown = format!("Stepgate-Credential: {blob}");
    let mine = [SHOP, "Stepgate-User: u1", &shown];
    for _ in 0..2 {
        let answer = world.send("GET /proxy/kept/x", &mine, "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(world.upstream.last_request().bearer(), Some("t-1"));
        assert_eq!(
            world.upstream.last_request().header("stepgate-credential"),
            None
        );
    }
    // The server holds it no more.
    assert_eq!(
        world.get("/proxy/kept/x").await.problem(),
        "sign_in_required"
    );
    for theirs in [
        [SHOP, "Stepgate-User: u2", &shown],
        [OTHER, "Stepgate-User: u1", &shown],
    ] {
        let answer = world.send("GET /proxy/kept/x", &theirs, "").await;
        assert_eq!(answer.problem(), "sign_in_required");
    }
}
