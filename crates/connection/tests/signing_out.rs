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
