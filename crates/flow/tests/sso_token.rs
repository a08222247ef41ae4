//! Who the user is: asked for once a step, told by whoever drives the run, exchanged where the definition says so.

use flow::{Failure, FailureKind, Input, Progress, Run};
use secret::SecretString;
use serde_json::{Map, Value, json};
use testkit::{Received, Reply, Upstream};

use crate::world::{Expect, NOW, World, connector};

const PLAIN: &str = r#"
connection: { identity: "{{sso1.claims.sub}}", label: "{{sso1.claims.email}}" }
auth_flow: { steps: [ { id: sso1, kind: sso_token } ] }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{sso1.access_token}}" } ]
"#;

const EXCHANGED: &str = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - id: sso1
      kind: sso_token
      exchange: { token_url: "BASE/token", audience: wiki, scope: read, client_id: gate, client_secret: "{{secrets.client_secret}}" }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{sso1.access_token}}" } ]
"#;

fn told(token: &str) -> Input {
    let told = json!({
        "access_token": token, "id_token": "id-1", "expires_in": 300,
        "claims": { "sub": "u-ada", "email": "ada@example.org" },
    });
    let told = told.as_object().cloned().unwrap_or_default();
    Input::Identity(Box::new(Ok(told)))
}

fn output(credential: &flow::Credential, name: &str) -> Value {
    let outputs: Option<&Map<String, Value>> = credential.outputs.of("sso1");
    outputs.unwrap()[name].clone()
}

fn spent(progress: Progress) -> Option<String> {
    match progress {
        Progress::Identify { spent } => spent.map(|spent: SecretString| spent.reveal().clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_run_asks_who_the_user_is_and_ends_with_their_tokens() {
    let connector = connector("https://wiki.example.org", PLAIN);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    assert_eq!(spent(progress), None);
    // Whatever comes instead, it asks again.
    let again = world.advance(&connector, &mut run, Input::Continue).await;
    assert_eq!(spent(again), None);
    let done = world.advance(&connector, &mut run, told("access-1")).await;
    let credential = done.done();
    assert_eq!(output(&credential, "access_token"), "access-1");
    assert_eq!(credential.identity.as_deref(), Some("u-ada"));
    assert_eq!(credential.label.as_deref(), Some("ada@example.org"));
    assert_eq!(credential.expires_at, Some(NOW + 300));
    let shown = world.masker().mask("access-1 id-1 ada@example.org");
    assert!(
        !shown.contains("access-1") && !shown.contains("id-1"),
        "{shown}"
    );

    // The session is over: by the token that it had it would stay so.
    let mut run = Run::refresh(&connector, &credential);
    let asks = world.advance(&connector, &mut run, Input::Begin).await;
    assert_eq!(spent(asks).as_deref(), Some("access-1"));
    let done = world.advance(&connector, &mut run, told("access-2")).await;
    assert_eq!(output(&done.done(), "access_token"), "access-2");
}

#[tokio::test]
async fn a_refresh_flow_may_ask_too() {
    let definition = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, title: Which, fields: [ { key: tenant, label: Tenant } ] }
    - { id: sso1, kind: sso_token }
refresh_flow:
  steps: [ { id: again, kind: sso_token } ]
  update_variables: { sso1.access_token: "{{again.access_token}}" }
request_parameters:
  - { in: header, name: Authorization, value: "Bearer {{sso1.access_token}}" }
  - { in: header, name: X-Tenant, value: "{{form1.tenant}}" }
"#;
    let connector = connector("https://wiki.example.org", definition);
    let mut world = World::new();
    let given = [("form1", "tenant", "north")];
    let (mut run, progress) = world.begin(&connector, &given).await;
    assert_eq!(spent(progress), None);
    let credential = world
        .advance(&connector, &mut run, told("access-1"))
        .await
        .done();
    let mut run = Run::refresh(&connector, &credential);
    let asks = world.advance(&connector, &mut run, Input::Begin).await;
    assert_eq!(spent(asks).as_deref(), Some("access-1"));
    let renewed = world
        .advance(&connector, &mut run, told("access-2"))
        .await
        .done();
    assert_eq!(output(&renewed, "access_token"), "access-2");
    assert_eq!(output(&renewed, "id_token"), "id-1");
}

#[tokio::test]
async fn a_token_is_exchanged_for_another_audience() {
    let upstream = Upstream::start(|request| {
        assert_eq!(request.uri().path(), "/token");
        Reply::json(json!({
            "access_token": "for-the-wiki", "token_type": "Bearer", "expires_in": 60,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        }))
    });
    let connector = connector(&upstream.origin(), EXCHANGED);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let credential = world
        .advance(&connector, &mut run, told("access-1"))
        .await
        .done();
    assert_eq!(output(&credential, "access_token"), "for-the-wiki");
    assert_eq!(output(&credential, "claims")["sub"], "u-ada");
    assert_eq!(credential.expires_at, Some(NOW + 60));
    let sent = upstream.last_request();
    // RFC 8693, section 2.1.
    for (name, expected) in [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token", "access-1"),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("audience", "wiki"),
        ("scope", "read"),
    ] {
        assert_eq!(sent.form_value(name).as_deref(), Some(expected), "{name}");
    }
    // `gate:secret-1`
    assert_eq!(
        sent.header("authorization"),
        Some("Basic Z2F0ZTpzZWNyZXQtMQ==")
    );
}

#[tokio::test]
async fn an_exchange_has_all_that_the_step_of_its_own_has() {
    let upstream = Upstream::start(|request| match request.uri().path() {
        "/.well-known/oauth-authorization-server" => {
            let origin = format!("http://{}", request.header("host").unwrap());
            Reply::json(json!({ "issuer": origin, "token_endpoint": format!("{origin}/t") }))
        }
        "/t" => Reply::json(json!({ "access_token": "for-both", "token_type": "Bearer" })),
        _ => Reply::status(404),
    });
    let definition = r#"
auth_flow:
  steps:
    - id: sso1
      kind: sso_token
      exchange: { issuer: "BASE", audience: [wiki, files], resource: "https://wiki.example.org" }
"#;
    let connector = connector(&upstream.origin(), definition);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let progress = world.advance(&connector, &mut run, told("access-1")).await;
    assert_eq!(output(&progress.done(), "access_token"), "for-both");
    let sent = upstream.last_request();
    assert_eq!(sent.uri().path(), "/t");
    let body = String::from_utf8_lossy(sent.body()).into_owned();
    assert!(body.contains("audience=wiki&audience=files"), "{body}");
    assert!(
        body.contains("resource=https%3A%2F%2Fwiki.example.org"),
        "{body}"
    );
    // A server that wants no client is shown none.
    assert!(sent.header("authorization").is_none() && !body.contains("client_id"));
}

#[tokio::test]
async fn a_server_that_does_not_exchange_refuses_the_sign_in() {
    let upstream =
        Upstream::start(|_| Reply::json(json!({ "error": "invalid_target" })).with_status(400));
    let connector = connector(&upstream.origin(), EXCHANGED);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let failure = world
        .advance(&connector, &mut run, told("access-1"))
        .await
        .failed();
    assert!(
        matches!(failure.kind, FailureKind::Refused { .. }),
        "{failure:?}"
    );
    assert!(failure.message.contains("invalid_target"));
}

#[tokio::test]
async fn why_nobody_can_be_named_is_told_as_it_is() {
    let connector = connector("https://wiki.example.org", PLAIN);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let why = Failure::refused("sso_missing", model::Said::NoSingleSignOn);
    let told = Input::Identity(Box::new(Err(why)));
    let failure = world.advance(&connector, &mut run, told).await.failed();
    assert_eq!(
        (failure.code, failure.step.as_deref()),
        ("sso_missing", Some("sso1"))
    );
}
