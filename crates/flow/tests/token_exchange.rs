//! A token for another one (RFC 8693).

use serde_json::json;
use testkit::{Received, Reply, Upstream};

use crate::world::{Expect, World, connector, value};

const DEFINITION: &str = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - { id: first, kind: oauth2_client_credentials, token_url: "BASE/first", client_id: c-1, client_secret: "{{secrets.client_secret}}" }
    - { id: whole, kind: oauth2_token_exchange, token_url: "BASE/token", client_id: c-1, client_secret: "{{secrets.client_secret}}", subject_token: "{{first.access_token}}", subject_token_type: "urn:x:own", actor_token: "{{first.id_token}}", actor_token_type: jwt, requested_token_type: id_token, audience: [a, b], resource: "https://r.example", scope: "read write" }
    - { id: least, kind: oauth2_token_exchange, token_url: "BASE/token", client_id: c-1, subject_token: "{{first.access_token}}" }
"#;

#[tokio::test]
async fn what_is_given_is_named_by_its_uri() {
    let upstream = Upstream::start(|request| match request.uri().path() {
        "/first" => Reply::json(json!({ "access_token": "a-1", "id_token": "i-1" })),
        _ => Reply::json(json!({
            "access_token": "a-2", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "N_A", "scope": "read",
        })),
    });
    let connector = connector(&upstream.origin(), DEFINITION);
    let mut world = World::new();
    let credential = world.sign_in(&connector, &[]).await;
    assert_eq!(value(&credential, "whole", "/access_token"), json!("a-2"));
    assert_eq!(value(&credential, "whole", "/token_type"), json!("N_A"));
    assert!(
        world.warnings()[0].contains("without write"),
        "{:?}",
        world.warnings()
    );
    let requests = upstream.requests_to("/token");
    let pairs = |at: usize| {
        let pairs = requests[at].form_pairs();
        pairs
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
    };
    let grant = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange";
    assert_eq!(
        pairs(0),
        [
            grant,
            "subject_token=a-1",
            "subject_token_type=urn:x:own",
            "actor_token=i-1",
            "actor_token_type=urn:ietf:params:oauth:token-type:jwt",
            "requested_token_type=urn:ietf:params:oauth:token-type:id_token",
            "audience=a",
            "audience=b",
            "scope=read write",
            "resource=https://r.example",
        ]
    );
    assert!(
        requests[0]
            .header("authorization")
            .unwrap()
            .starts_with("Basic ")
    );
    assert_eq!(
        pairs(1),
        [
            grant,
            "subject_token=a-1",
            "subject_token_type=urn:ietf:params:oauth:token-type:access_token",
            "client_id=c-1"
        ]
    );
}

#[tokio::test]
async fn what_the_server_says_of_a_token_that_it_does_not_take_is_told() {
    let refused =
        json!({ "error": "invalid_request", "error_description": "the subject token is over" });
    let upstream = Upstream::start(move |request| match request.uri().path() {
        "/first" => Reply::json(json!({ "access_token": "a-1", "id_token": "i-1" })),
        _ => Reply::json(refused.clone()).with_status(400),
    });
    let connector = connector(&upstream.origin(), DEFINITION);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!(
        (failure.code, failure.step.as_deref()),
        ("token_refused", Some("whole"))
    );
    assert!(
        failure.message.contains("the subject token is over"),
        "{}",
        failure.message
    );
}
