//! What works once, and what is made once.

use std::time::Duration;

use store::{Digest, StoreError};

use crate::fixture::{Backend, bytes, text};

pub(crate) async fn a_ticket_is_taken_once(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let hash = Digest::of(b"ticket");
    let end = backend.hand().unix() + 300;
    stores[0]
        .put_ticket(hash, "link", bytes("content"), end)
        .await
        .unwrap();
    let twice = stores[0]
        .put_ticket(hash, "link", bytes("other"), end)
        .await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    // One of another kind, or of another hash, is another ticket.
    let other = stores[0].take_ticket(hash, "setup").await;
    assert!(other.unwrap().is_none());
    let other = stores[0].take_ticket(Digest::of(b"other"), "link").await;
    assert!(other.unwrap().is_none());
    let seen = stores[1].ticket(hash, "link").await.unwrap().unwrap();
    assert_eq!(text(&seen), "content");
    let mut takers = tokio::task::JoinSet::new();
    for number in 0..10 {
        let store = stores[number % 2].clone();
        takers.spawn(async move { store.take_ticket(hash, "link").await.unwrap() });
    }
    let taken = takers.join_all().await;
    let taken: Vec<_> = taken.iter().flatten().map(text).collect();
    assert_eq!(taken, ["content"]);
    assert!(stores[0].ticket(hash, "link").await.unwrap().is_none());
}

pub(crate) async fn a_ticket_expires(backend: &impl Backend) {
    let store = backend.open();
    let hash = Digest::of(b"ticket");
    let end = backend.hand().unix() + 300;
    store
        .put_ticket(hash, "link", bytes("content"), end)
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(299));
    assert!(store.ticket(hash, "link").await.unwrap().is_some());
    backend.hand().advance(Duration::from_secs(1));
    assert!(store.ticket(hash, "link").await.unwrap().is_none());
    assert!(store.take_ticket(hash, "link").await.unwrap().is_none());
}

pub(crate) async fn a_nonce_is_spent_once(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let nonce = Digest::of(b"nonce");
    let end = backend.hand().unix() + 300;
    let mut spending = tokio::task::JoinSet::new();
    for number in 0..10 {
        let store = stores[number % 2].clone();
        spending.spawn(async move { store.spend(nonce, end).await.unwrap() });
    }
    let spent = spending.join_all().await;
    assert_eq!(spent.into_iter().filter(|first| *first).count(), 1);
    backend.hand().advance(Duration::from_secs(300));
    assert!(!stores[0].spend(nonce, end).await.unwrap(), "it is over");
    let late = stores[0].spend(Digest::of(b"late"), end).await;
    assert!(
        !late.unwrap(),
        "what is over was never spent, and is not now"
    );
    // Not even where the clock is put back a little, after others were spent.
    backend.hand().advance(Duration::from_secs(600));
    let next = stores[0].spend(Digest::of(b"next"), end + 900).await;
    assert!(next.unwrap());
    backend.hand().put_back(Duration::from_secs(700));
    assert!(!stores[0].spend(nonce, end).await.unwrap());
}

pub(crate) async fn a_secret_of_the_server_is_made_once(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..10 {
        let store = stores[number % 2].clone();
        asking.spawn(async move {
            let secret = store.server_secret("user_tokens").await.unwrap();
            secret.reveal().to_vec()
        });
    }
    let mut secrets = asking.join_all().await;
    assert_eq!(secrets[0].len(), 32);
    secrets.dedup();
    assert_eq!(secrets.len(), 1);
    let again = backend.open().server_secret("user_tokens").await.unwrap();
    assert_eq!(again.reveal(), secrets[0]);
    let other = stores[0].server_secret("links").await.unwrap();
    assert_ne!(other.reveal(), secrets[0]);
}
