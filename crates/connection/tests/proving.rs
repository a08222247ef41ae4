//! What a sign-in brought is stored only where the API takes it, or cannot tell.

use crate::world::{Process, TOKENS, World, done, token};
use connection::{ConnectionError, Handle, Proof, ProofFn, SignInProgress};
use flow::{Input, Silent};
use model::CredentialState;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// A process whose test API answers as told.
struct Tested {
    process: Process,
    proof: Arc<Mutex<Proof>>,
    /// How often it was asked.
    asked: Arc<AtomicU32>,
}

impl Tested {
    fn of(world: &World, proof: Proof) -> Self {
        let (proof, asked) = (Arc::new(Mutex::new(proof)), Arc::new(AtomicU32::new(0)));
        let (answer, count) = (proof.clone(), asked.clone());
        let proving: ProofFn = Arc::new(move |connections, _, handle| {
            count.fetch_add(1, Ordering::Relaxed);
            assert!(!handle.is_current());
            handle.note_taken();
            connections.note_used(&handle);
            let proof = answer.lock().unwrap().clone();
            Box::pin(async move { proof })
        });
        let mut process = world.process(1);
        process.connections = process.connections.with_proof(proving);
        Self {
            process,
            proof,
            asked,
        }
    }

    fn answers(&self, proof: Proof) {
        *self.proof.lock().unwrap() = proof;
    }

    async fn sign_in(&self, world: &World) -> Result<Arc<Handle>, ConnectionError> {
        let given = [("form1", "password", "open")];
        let mut sign_in = world.begin(&self.process, &given).await;
        match sign_in.advance(Input::Begin, &mut Silent).await {
            Ok(SignInProgress::Done(handle)) => Ok(handle),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        }
    }
}

fn refused() -> Proof {
    Proof::Refused {
        message: "401".to_owned(),
    }
}

#[tokio::test]
async fn what_the_test_api_refuses_is_not_stored_and_replaces_nothing() {
    let world = World::new(TOKENS);
    let tested = Tested::of(&world, refused());
    let error = tested.sign_in(&world).await.unwrap_err();
    assert_eq!(error.code(), "not_proven");
    let text = error.to_string();
    assert!(
        text.contains("401") && text.contains("Nothing was stored."),
        "{text}"
    );
    assert_eq!(world.record(&tested.process).await, None);

    tested.answers(Proof::Accepted);
    let first = tested.sign_in(&world).await.unwrap();
    tested.answers(refused());
    let error = tested.sign_in(&world).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("The credential from before stays."), "{text}");
    let kept = world.current(&tested.process, first.id()).await.unwrap();
    assert!(kept.is_current());
    assert_eq!(
        (kept.version(), token(&kept, "access").as_str()),
        (1, "access-2")
    );
    assert_eq!(tested.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn what_the_test_api_takes_replaces_the_old_one() {
    for proof in [Proof::Accepted, Proof::Open] {
        let world = World::new(TOKENS);
        let tested = Tested::of(&world, proof);
        let first = tested.sign_in(&world).await.unwrap();
        let second = tested.sign_in(&world).await.unwrap();
        assert_eq!((second.id(), second.version()), (first.id(), 2));
        assert_eq!(second.record().state.reason, "signed in");
        assert!(second.is_current() && !first.is_current());
    }
}

#[tokio::test]
async fn a_passing_fault_of_the_test_api_throws_no_sign_in_away_and_is_told() {
    let world = World::new(TOKENS);
    let message = "Who am I answered with status 503.".to_owned();
    let tested = Tested::of(&world, Proof::Postponed { message });
    for version in [1, 2] {
        let handle = tested.sign_in(&world).await.unwrap();
        let state = &handle.record().state;
        assert_eq!(
            (handle.version(), &state.state),
            (version, &CredentialState::Fresh)
        );
        assert_eq!(
            state.reason,
            "signed in, and not tested yet: Who am I answered with status 503."
        );
    }
    assert_eq!(tested.asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_process_that_tests_nothing_stores_what_it_gets() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let mut sign_in = world
        .begin(&process, &[("form1", "password", "open")])
        .await;
    let handle = done(sign_in.advance(Input::Begin, &mut Silent).await);
    assert_eq!(handle.version(), 1);
}
