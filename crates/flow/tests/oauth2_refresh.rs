//! The refresh token grant: a reply that cannot be used changes nothing.

use flow::{Credential, Input, Run};
use model::Connector;
use serde_json::json;
use testkit::{AuthorizationServer, Reply};

use crate::world::{Expect, World, connector, value};

const DEFINITION: &str = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - { id: login, kind: oauth2_pkce, client_id: client-1, client_secret: "{{secrets.client_secret}}", authorization_url: "BASE/authorize", token_url: "BASE/token" }
refresh_flow:
  steps:
    - { id: renew, kind: oauth2_refresh, of: login }
"#;

async fn signed_in(world: &mut World, server: &AuthorizationServer) -> (Connector, Credential) {
    let connector = connector(&server.issuer(), DEFINITION);
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let back = Input::Callback(server.approve(&progress.open().url));
    let credential = world.advance(&connector, &mut run, back).await.done();
    (connector, credential)
}

#[tokio::test]
async fn attack_23_a_reply_without_a_refresh_token_keeps_the_old_one() {
    let server = AuthorizationServer::start();
    let mut world = World::new();
    let (connector, first) = signed_in(&mut world, &server).await;
    for body in [
        json!({ "access_token": "new" }),
        json!({ "access_token": "new", "refresh_token": null }),
        json!({ "access_token": "new", "refresh_token": "" }),
    ] {
        server.next_token_reply(Reply::json(body.clone()));
        let second = world.refresh(&connector, &first).await.done();
        assert_eq!(value(&second, "login", "/access_token"), json!("new"));
        assert_eq!(
            value(&second, "login", "/refresh_token"),
            value(&first, "login", "/refresh_token"),
            "{body}"
        );
    }
    server.next_token_reply(Reply::json(
        json!({ "access_token": "new", "refresh_token": "rotated" }),
    ));
    let second = world.refresh(&connector, &first).await.done();
    assert_eq!(value(&second, "login", "/refresh_token"), json!("rotated"));
}

#[tokio::test]
async fn attack_24_a_reply_that_cannot_be_used_is_passing_and_not_a_dead_grant() {
    let server = AuthorizationServer::start();
    let mut world = World::new();
    let (connector, first) = signed_in(&mut world, &server).await;
    let replies = [
        Reply::html("<html>Sign in to the hotel's network</html>"),
        Reply::status(200),
        Reply::json(json!([])),
        Reply::json(json!("token")),
        Reply::json(json!({})),
        Reply::json(json!({ "access_token": 7 })),
        Reply::json(json!({ "access_token": "" })),
        Reply::json(json!({ "access_token": "a", "refresh_token": 7 })),
        Reply::text("{\"access_token\": "),
        Reply::html("<html>Blocked</html>").with_status(403),
        Reply::redirect("/elsewhere"),
        Reply::status(404),
    ];
    for reply in replies {
        server.next_token_reply(reply);
        let failure = world.refresh(&connector, &first).await.failed();
        assert_eq!(failure.code, "token_reply_unusable", "{failure:?}");
        assert!(
            failure.is_passing() && !failure.outcome_unknown,
            "{failure:?}"
        );
    }
    for expires_in in [json!(-5), json!("x"), json!(1e18)] {
        let body = json!({ "access_token": "a", "expires_in": expires_in });
        server.next_token_reply(Reply::json(body));
        let warnings = world.warnings().len();
        let second = world.refresh(&connector, &first).await.done();
        assert_eq!(second.expires_at, None, "{expires_in}");
        assert_eq!(world.warnings().len(), warnings + 1);
    }
}

#[tokio::test]
async fn attack_25_only_an_answer_of_the_protocol_ends_a_grant() {
    let server = AuthorizationServer::start();
    let mut world = World::new();
    let (connector, first) = signed_in(&mut world, &server).await;
    let refused = [
        Reply::json(json!({ "error": "invalid_grant" })).with_status(400),
        Reply::ok_with_error("invalid_grant"),
        Reply::form(&[
            ("error", "bad_refresh_token"),
            ("error_description", "Used up"),
        ]),
        Reply::status(401),
        Reply::json(json!({ "error": { "message": "Session gone" } })),
    ];
    for reply in refused {
        server.next_token_reply(reply);
        let failure = world.refresh(&connector, &first).await.failed();
        assert!(failure.is_refused(), "{failure:?}");
    }
    let passing = [
        Reply::status(500),
        Reply::status(429).header("Retry-After", "30"),
        Reply::json(json!({ "error": "invalid_grant" })).with_status(503),
        Reply::json(json!({ "error": "temporarily_unavailable" })).with_status(400),
        Reply::hang_up(),
    ];
    for reply in passing {
        server.next_token_reply(reply);
        let failure = world.refresh(&connector, &first).await.failed();
        assert!(failure.is_passing(), "{failure:?}");
    }
    server.end_grants();
    let failure = world.refresh(&connector, &first).await.failed();
    assert!(
        failure.message.contains("invalid_grant"),
        "{}",
        failure.message
    );
}

#[tokio::test]
async fn attack_21_a_reply_that_was_lost_leaves_the_outcome_unknown() {
    let server = AuthorizationServer::start();
    let mut world = World::new();
    let (connector, first) = signed_in(&mut world, &server).await;
    server.lose_next_token_reply();
    let failure = world.refresh(&connector, &first).await.failed();
    assert!(
        failure.is_passing() && failure.outcome_unknown,
        "{failure:?}"
    );
}

#[tokio::test]
async fn tokens_that_were_renewed_outlive_a_later_step_that_fails() {
    let server = AuthorizationServer::start();
    let mut world = World::new();
    let (before, first) = signed_in(&mut world, &server).await;
    let more = r#"
    - { id: later, kind: api_request, request: { method: GET, url: "{{base_url}}/nowhere" } }
"#;
    let connector = connector(
        &server.issuer(),
        &format!("{}{more}", DEFINITION.trim_end()),
    );
    let mut run = Run::refresh(&connector, &first);
    assert!(run.salvage().is_none());
    let failure = world
        .advance(&connector, &mut run, Input::Begin)
        .await
        .failed();
    assert_eq!(failure.step.as_deref(), Some("later"));
    let salvaged = run.salvage().unwrap();
    world.refresh(&before, &salvaged).await.done();
    assert_eq!(server.replays(), 0);
}

#[tokio::test]
async fn without_a_refresh_token_the_person_is_asked() {
    let server = AuthorizationServer::builder().refresh_tokens(false).start();
    let mut world = World::new();
    let (connector, first) = signed_in(&mut world, &server).await;
    let failure = world.refresh(&connector, &first).await.failed();
    assert_eq!(failure.code, "no_refresh_token");
    assert!(failure.is_refused());
    assert_eq!(server.token_requests().len(), 1);
}
