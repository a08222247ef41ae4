//! Signing out forgets, whatever the API says to it.

use crate::world::{TOKENS, World};
use connection::SignedOut;
use flow::Silent;

#[tokio::test]
async fn a_sign_out_tells_the_api_and_forgets() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let out = process
        .connections
        .sign_out(&world.equipped, handle.record(), &mut Silent)
        .await
        .unwrap();
    assert!(matches!(out, SignedOut::AtTheApi), "{out:?}");
    assert_eq!(world.bank.requests("/logout"), 1);
    assert!(world.record(&process).await.is_none());
}

#[tokio::test]
async fn a_logout_that_fails_forgets_all_the_same_and_says_so() {
    let world = World::new(&TOKENS.replace("/logout", "/nowhere"));
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let out = process
        .connections
        .sign_out(&world.equipped, handle.record(), &mut Silent)
        .await
        .unwrap();
    assert!(matches!(out, SignedOut::LogoutFailed(_)), "{out:?}");
    assert!(world.record(&process).await.is_none());
    assert!(world.current(&process, handle.id()).await.is_err());
}

#[tokio::test]
async fn clearing_sends_nothing() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    process.connections.clear(handle.record()).await.unwrap();
    assert_eq!(world.bank.requests("/logout"), 0);
    assert!(world.record(&process).await.is_none());
}

/// Tokens of an authorization server, and where they are revoked.
const OAUTH: &str = r#"
auth_flow:
  steps:
    - { id: login, kind: oauth2_client_credentials, client_id: client-1, client_secret: secret-1, token_url: "{{base_url}}/token", revocation_url: "{{base_url}}/REVOKE" }
"#;

#[tokio::test]
async fn tokens_are_revoked_and_where_they_are_not_that_is_said() {
    for (path, revoked) in [("revoke", true), ("nowhere", false)] {
        let world = World::new(&OAUTH.replace("REVOKE", path));
        let process = world.process(1);
        let handle = world.sign_in(&process).await;
        let out = process
            .connections
            .sign_out(&world.equipped, handle.record(), &mut Silent)
            .await
            .unwrap();
        assert_eq!(matches!(out, SignedOut::AtTheApi), revoked, "{out:?}");
        assert_eq!(matches!(out, SignedOut::NotRevoked(_)), !revoked, "{out:?}");
        assert!(world.record(&process).await.is_none());
    }
}
