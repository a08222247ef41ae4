//! A new sign-in takes the old one's place only where the API takes what it brought.

use crate::world::{Process, TOKENS, World, done, token};
use connection::{ConnectionError, Proof, ProofFn};
use flow::{Input, Silent};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A process whose test API answers so, and how often it was asked.
fn process(world: &World, proof: Proof) -> (Process, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    let answer: ProofFn = Arc::new(move |connections, _, handle| {
        count.fetch_add(1, Ordering::Relaxed);
        assert!(!handle.is_current());
        handle.note_taken();
        connections.note_used(&handle);
        let proof = proof.clone();
        Box::pin(async move { proof })
    });
    let mut process = world.process(1);
    process.connections = process.connections.with_proof(answer);
    (process, asked)
}

#[tokio::test]
async fn what_the_test_api_refuses_replaces_nothing() {
    let world = World::new(TOKENS);
    let message = "401".to_owned();
    let (process, asked) = process(&world, Proof::Refused { message });
    let first = world.sign_in(&process).await;
    // Nothing was there to be replaced.
    assert_eq!((first.version(), asked.load(Ordering::Relaxed)), (1, 0));
    let mut sign_in = world
        .begin(&process, &[("form1", "password", "open")])
        .await;
    let error = sign_in
        .advance(Input::Begin, &mut Silent)
        .await
        .unwrap_err();
    assert!(matches!(&error, ConnectionError::NotProven { message } if message == "401"));
    assert_eq!(error.code(), "not_proven");
    let kept = world.current(&process, first.id()).await.unwrap();
    assert!(kept.is_current());
    assert_eq!(
        (kept.version(), token(&kept, "access").as_str()),
        (1, "access-1")
    );
}

#[tokio::test]
async fn what_the_test_api_takes_or_cannot_tell_replaces_the_old_one() {
    for proof in [Proof::Accepted, Proof::Open] {
        let world = World::new(TOKENS);
        let (process, asked) = process(&world, proof);
        let first = world.sign_in(&process).await;
        let mut sign_in = world
            .begin(&process, &[("form1", "password", "open")])
            .await;
        let second = done(sign_in.advance(Input::Begin, &mut Silent).await);
        assert_eq!((second.id(), second.version()), (first.id(), 2));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert!(second.is_current() && !first.is_current());
    }
}
