//! Signing out.

use flow::{Input, Run};
use testkit::{AuthorizationServer, Received};

use crate::world::{Expect, World, connector};

#[tokio::test]
async fn a_logout_is_sent_and_tokens_are_revoked() {
    let server = AuthorizationServer::start();
    let definition = r#"
secrets: [client_secret]
auth_flow:
  steps:
    - { id: login, kind: oauth2_pkce, client_id: client-1, client_secret: "{{secrets.client_secret}}", authorization_url: "BASE/authorize", token_url: "BASE/token", revocation_url: "BASE/revoke" }
logout_flow:
  steps:
    - { id: bye, kind: api_request, request: { method: GET, url: "{{base_url}}/resource", headers: { Authorization: "Bearer {{login.access_token}}" } }, expect: { value: "{{response.status}}", exists: true } }
"#;
    let connector = connector(&server.issuer(), definition);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let back = Input::Callback(server.approve(&progress.open().url));
    let credential = world.advance(&connector, &mut run, back).await.done();
    assert_eq!(server.live_grants(), 1);
    let mut run = Run::logout(&connector, &credential);
    world
        .advance(&connector, &mut run, Input::Begin)
        .await
        .done();
    assert!(
        server.upstream().requests_to("/resource")[0]
            .bearer()
            .is_some()
    );
    assert_eq!(server.live_grants(), 1);
    let context = flow::Context {
        connector: &connector,
        secrets: &world.secrets,
        callback_url: "http://127.0.0.1:8914/callback",
        engine: &world.engine,
    };
    let revocation = flow::revoke(&context, &credential, &mut flow::Silent).await;
    assert_eq!((revocation.revoked, revocation.failures.len()), (2, 0));
    assert_eq!(server.live_grants(), 0);
    // The refresh token first, and the client says who it is as it does for tokens.
    let sent = server.upstream().requests_to("/revoke");
    let hints: Vec<_> = sent
        .iter()
        .map(|one| one.form_value("token_type_hint").unwrap())
        .collect();
    assert_eq!(hints, ["refresh_token", "access_token"]);
    assert!(sent.iter().all(|one| one.header("authorization").is_some()));
}
