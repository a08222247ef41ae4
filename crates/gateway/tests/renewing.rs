//! A session that is over is renewed once, and the call is sent once more or says why not.

use crate::world::{BEARER, World, echo, json_body, request};
use bytes::Bytes;
use gateway::CallBody;
use http::Method;
use http_body_util::{BodyExt, Full};
use std::sync::Arc;
use testkit::{Received, Reply};

const LIFE: &str = "session: { expires_in: \"{{login.body.expires_in}}\", margin: 60s }\n";
const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

#[tokio::test]
async fn a_call_on_an_ended_session_is_rebuilt_with_the_new_credential_and_sent_once_more() {
    let world = World::new(BEARER).await;
    world.api.ends_session();
    let answer = world
        .call(request(
            Method::POST,
            "/api/x",
            &JSON,
            json_body("{\"a\":1}"),
        ))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.attempts, answer.renewed),
        (200, 2, true)
    );
    let got = echo(answer).await;
    assert_eq!(
        (
            got["headers"]["authorization"].as_str(),
            got["body"].as_str()
        ),
        (Some("Bearer t-102"), Some("{\"a\":1}"))
    );
    assert_eq!(world.api.calls("/api/x")[0].bearer(), Some("t-1"));
    assert_eq!(world.api.logins(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_17_a_hundred_calls_on_an_ended_session_renew_once() {
    let world = Arc::new(World::new(BEARER).await);
    world.api.ends_session();
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { world.get("/api/x").await.unwrap().status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(world.api.logins(), 2);
}

#[tokio::test]
async fn attack_26_an_api_that_never_takes_a_token_gets_no_storm() {
    let world = World::new(BEARER).await;
    world.api.refuses_all();
    let answer = world.get("/api/x").await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.attempts, answer.over),
        (401, 2, true)
    );
    for _ in 0..5 {
        let answer = world.get("/api/x").await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.attempts), (401, 1));
    }
    assert_eq!(
        (world.api.logins(), world.api.calls("/api/x").len()),
        (2, 7)
    );
    // A while later one more try is due.
    world.clock.advance(61);
    assert_eq!(world.get("/api/x").await.unwrap().attempts, 2);
    assert_eq!(world.get("/api/x").await.unwrap().attempts, 1);
    assert_eq!(world.api.logins(), 3);
}

#[tokio::test]
async fn attack_27_a_body_too_large_to_keep_is_not_sent_twice_and_that_is_said() {
    let world = World::new(BEARER).await;
    world.api.ends_session();
    let large = Full::new(Bytes::from(vec![b'x'; (1 << 20) + 1])).map_err(|never| match never {});
    let body = CallBody::Stream(BodyExt::boxed(large));
    let error = world
        .call(request(Method::POST, "/api/x", &[], body))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.retry().word()),
        ("not_repeated", "later")
    );
    assert!(error.to_string().contains("larger"), "{error}");
    assert_eq!(
        (world.api.logins(), world.api.calls("/api/x").len()),
        (2, 1)
    );
    assert_eq!(world.get("/api/x").await.unwrap().attempts, 1);
}

#[tokio::test]
async fn a_streamed_body_that_can_be_kept_is_sent_twice() {
    let world = World::new(BEARER).await;
    world.api.ends_session();
    let small = Full::new(Bytes::from_static(b"small")).map_err(|never| match never {});
    let answer = world
        .call(request(
            Method::POST,
            "/api/x",
            &[],
            CallBody::Stream(BodyExt::boxed(small)),
        ))
        .await
        .unwrap();
    assert_eq!(answer.attempts, 2);
    assert_eq!(echo(answer).await["body"], "small");
}

#[tokio::test]
async fn an_endpoint_that_may_not_be_resent_is_not() {
    let endpoints = "endpoints:\n  - { name: pay, request: { method: POST, url: \"{{base_url}}/api/pay\", json: { a: 1 } }, resend: never }\n";
    let world = World::new(&format!("{BEARER}{endpoints}")).await;
    world.api.ends_session();
    assert_eq!(
        world.endpoint("pay").await.unwrap_err().code(),
        "not_repeated"
    );
    assert_eq!(world.api.calls("/api/pay").len(), 1);
    assert_eq!(world.endpoint("pay").await.unwrap().attempts, 1);
}

#[tokio::test]
async fn an_end_that_is_known_renews_ahead_by_the_margin_or_half_the_life() {
    let world = World::new(&format!("{BEARER}{LIFE}")).await;
    world.clock.advance(49);
    let answer = world.get("/api/x").await.unwrap();
    assert_eq!(
        (answer.attempts, answer.renewed, world.api.logins()),
        (1, false, 1)
    );
    world.clock.advance(1);
    let answer = world.get("/api/x").await.unwrap();
    assert_eq!(
        (answer.attempts, answer.renewed, world.api.logins()),
        (1, true, 2)
    );
    assert!(!world.get("/api/x").await.unwrap().renewed);
}

#[tokio::test]
async fn attack_29_a_token_known_to_be_over_is_not_sent_where_it_cannot_be_renewed() {
    let world = World::new(&format!("{BEARER}{LIFE}")).await;
    world.api.answers_login(Reply::status(503));
    world.clock.advance(60);
    // Not over yet: the passing fault does not end it early.
    let answer = world.get("/api/x").await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.renewed), (200, false));
    world.api.answers_login(Reply::status(503));
    world.clock.advance(60);
    let error = world.get("/api/x").await.unwrap_err();
    assert_eq!(
        (
            error.code(),
            error.whose_fault().word(),
            error.retry().word()
        ),
        ("renewal_postponed", "api", "later")
    );
    assert_eq!(world.api.calls("/api/x").len(), 1);
    world.clock.advance(60);
    assert!(world.get("/api/x").await.unwrap().renewed);
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_says_so_and_does_not_ask_the_api_again() {
    let world = World::new(BEARER).await;
    world.api.ends_session();
    world.api.answers_login(Reply::status(403));
    for _ in 0..3 {
        let error = world.get("/api/x").await.unwrap_err();
        assert_eq!(
            (error.code(), error.retry().word()),
            ("sign_in_refused", "later")
        );
    }
    assert_eq!(
        (world.api.logins(), world.api.calls("/api/x").len()),
        (2, 1)
    );
}

#[tokio::test]
async fn a_refusal_right_after_a_sign_in_passes_on_and_later_asks_for_another() {
    let form = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: name, type: text, label: Name, required: false } ] }
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } }
sign_in: { kind: bearer, token: "{{login.body.token}}" }
"#;
    let world = World::new(form).await;
    world.api.ends_session();
    let answer = world.get("/api/x").await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.over), (401, true));
    world.clock.advance(60);
    let error = world.get("/api/x").await.unwrap_err();
    assert_eq!(error.code(), "sign_in_required");
    assert_eq!(world.api.logins(), 1);
}

#[tokio::test]
async fn attack_33_a_line_break_in_what_is_attached_is_refused_before_anything_is_sent() {
    let world = World::new(
        &BEARER
            .replace("{{login.body.token}}", "{{variables.broken}}")
            .replacen(
                "auth_flow",
                "variables: { broken: \"a\\r\\nX-Evil: 1\" }\nauth_flow",
                1,
            ),
    )
    .await;
    let error = world.get("/api/x").await.unwrap_err();
    assert_eq!(
        (error.code(), error.whose_fault().word()),
        ("value_unusable", "builder")
    );
    assert!(world.api.calls("/api/x").is_empty());
}

#[tokio::test]
async fn what_a_call_is_sent_with_is_told_to_whoever_masks() {
    let endpoints = "endpoints:\n  - { name: keyed, request: { method: GET, url: \"{{base_url}}/api/x?key={{login.body.token}}\" } }\n";
    let world = World::new(&format!("{BEARER}{endpoints}")).await;
    let mut heard = Vec::new();
    let target = gateway::Target::Endpoint {
        name: "keyed".to_owned(),
        parameters: Vec::new(),
    };
    let call = gateway::Call {
        target,
        body: CallBody::Empty,
    };
    gateway::call(
        &world.connections,
        &world.equipped,
        Some(&world.id),
        call,
        &mut |event: flow::Event| heard.push(event),
    )
    .await
    .unwrap();
    let learned = heard.iter().position(
        |event| matches!(event, flow::Event::Learned(secret) if secret.reveal() == "t-1"),
    );
    let sent = heard
        .iter()
        .position(|event| matches!(event, flow::Event::RequestSent { .. }));
    assert!(learned.unwrap() < sent.unwrap());
}
