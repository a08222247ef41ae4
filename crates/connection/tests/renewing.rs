//! One renewal for all who need one, in a process and across processes, whatever comes in between.

use crate::world::{CODE, NOW, PASSWORD, Process, TOKENS, World, done, token};
use connection::{Begun, ConnectionError, Handle, Purpose, SignInProgress, Why};
use flow::{Answers, Input, Silent};
use model::{CredentialState, Event, StateRecord, transition};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use testkit::{Gate, Reply};

fn renewing(
    world: &Arc<World>,
    process: &Arc<Process>,
    handle: &Arc<Handle>,
) -> tokio::task::JoinHandle<Result<Arc<Handle>, ConnectionError>> {
    let (world, process, handle) = (world.clone(), process.clone(), handle.clone());
    tokio::spawn(async move { world.renew(&process, &handle).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_17_a_hundred_callers_on_an_expired_session_refresh_once() {
    let world = Arc::new(World::new(TOKENS));
    let process = Arc::new(world.process(1));
    let handle = world.sign_in(&process).await;
    let gate = Gate::closed();
    world.bank.holds_renewals(&gate);
    let callers: Vec<_> = (0..100)
        .map(|_| renewing(&world, &process, &handle))
        .collect();
    world.bank.upstream.received(2).await;
    gate.open();
    for caller in callers {
        let renewed = caller.await.unwrap().unwrap();
        assert_eq!(
            (renewed.version(), token(&renewed, "access").as_str()),
            (2, "access-2")
        );
    }
    assert_eq!(world.bank.requests("/renew"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_18_two_processes_on_one_store_refresh_once() {
    let world = Arc::new(World::new(TOKENS));
    let (one, other) = (Arc::new(world.process(1)), Arc::new(world.process(2)));
    let handle = world.sign_in(&one).await;
    let theirs = world.current(&other, handle.id()).await.unwrap();
    let gate = Gate::closed();
    world.bank.holds_renewals(&gate);
    let first = renewing(&world, &one, &handle);
    world.bank.upstream.received(2).await;
    let second = renewing(&world, &other, &theirs);
    gate.open();
    for task in [first, second] {
        assert_eq!(token(&task.await.unwrap().unwrap(), "access"), "access-2");
    }
    assert_eq!(world.bank.requests("/renew"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_cancelled_caller_takes_nothing_along() {
    let world = Arc::new(World::new(TOKENS));
    let process = Arc::new(world.process(1));
    let handle = world.sign_in(&process).await;
    let gate = Gate::closed();
    world.bank.holds_renewals(&gate);
    let leader = renewing(&world, &process, &handle);
    world.bank.upstream.received(2).await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    gate.open();
    let renewed = world.renew(&process, &handle).await.unwrap();
    assert_eq!((renewed.version(), world.bank.requests("/renew")), (2, 1));
}

#[tokio::test]
async fn attack_19_a_holder_that_died_stalls_nobody_once_its_lease_has_ended() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let begun = dies_in_renewal(&world, &process).await;
    assert!(matches!(begun.state, CredentialState::Renewing { .. }));
    world.clock.advance(60);
    let renewed = world.renew(&process, &handle).await.unwrap();
    assert_eq!(token(&renewed, "access"), "access-2");
    assert!(matches!(
        world.record(&process).await.unwrap().state.state,
        CredentialState::Fresh
    ));
}

#[tokio::test]
async fn attack_21_a_token_that_may_be_spent_is_tried_once_and_never_in_a_loop() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    dies_in_renewal(&world, &process).await;
    world.clock.advance(60);
    world
        .bank
        .answers_renewal(Reply::json(json!({ "error": "invalid_grant" })).with_status(400));
    for _ in 0..3 {
        let error = world.renew(&process, &handle).await.unwrap_err();
        assert!(
            matches!(error, ConnectionError::SignInRequired { .. }),
            "{error:?}"
        );
    }
    assert_eq!(world.bank.requests("/renew"), 1);
    let error = world.current(&process, handle.id()).await.unwrap_err();
    assert_eq!(error.code(), "sign_in_required");
}

/// What a process leaves behind that is killed in the middle of a renewal.
async fn dies_in_renewal(world: &World, process: &Process) -> StateRecord {
    let record = world.record(process).await.unwrap();
    let lease = format!("renew/{}", record.id);
    let fence = process
        .store
        .lease(&lease, "dead", Duration::from_secs(10))
        .await
        .unwrap()
        .unwrap();
    let event = Event::RenewalStarted {
        holder: "dead".to_owned(),
        fence: fence.number(),
        spends_version: record.version,
    };
    let begun = transition(&record.state, event, NOW).unwrap();
    process
        .store
        .set_state(&record.id, record.version, Some(fence), begun.clone())
        .await
        .unwrap();
    begun
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_22_a_loser_whose_token_is_refused_takes_the_winners() {
    let world = Arc::new(World::new(TOKENS));
    let (loser, winner) = (Arc::new(world.process(1)), world.process(2));
    let handle = world.sign_in(&loser).await;
    let gate = Gate::closed();
    world.bank.holds_renewals(&gate);
    world
        .bank
        .answers_renewal(Reply::json(json!({ "error": "invalid_grant" })).with_status(400));
    let losing = renewing(&world, &loser, &handle);
    world.bank.upstream.received(2).await;
    let won = world.sign_in(&winner).await;
    gate.open();
    let renewed = losing.await.unwrap().unwrap();
    assert_eq!((renewed.id(), renewed.version()), (won.id(), 2));
    assert_eq!(token(&renewed, "access"), token(&won, "access"));
    let record = world.record(&loser).await.unwrap();
    assert!(
        matches!(record.state.state, CredentialState::Fresh),
        "{:?}",
        record.state
    );
}

#[tokio::test]
async fn attack_23_a_reply_without_a_refresh_token_keeps_the_old_one() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world
        .bank
        .answers_renewal(Reply::json(json!({ "access": "access-x" })));
    let renewed = world.renew(&process, &handle).await.unwrap();
    assert_eq!(token(&renewed, "access"), "access-x");
    assert_eq!(token(&renewed, "refresh"), "refresh-1");
}

#[tokio::test]
async fn attack_25_a_passing_fault_keeps_the_credential_and_backs_off() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world
        .bank
        .answers_renewal(Reply::status(429).header("Retry-After", "40"));
    for _ in 0..5 {
        let error = world.renew(&process, &handle).await.unwrap_err();
        let ConnectionError::Postponed {
            until: Some(until), ..
        } = error
        else {
            panic!("{error:?}")
        };
        assert!((NOW + 40..=NOW + 50).contains(&until), "{until}");
    }
    assert_eq!(world.bank.requests("/renew"), 1);
    assert_eq!(
        token(
            &world.current(&process, handle.id()).await.unwrap(),
            "access"
        ),
        "access-1"
    );
    world.clock.advance(60);
    assert_eq!(
        token(&world.renew(&process, &handle).await.unwrap(), "access"),
        "access-2"
    );
}

#[tokio::test]
async fn a_clock_that_is_put_back_prolongs_no_backoff() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world
        .bank
        .answers_renewal(Reply::status(503).header("Retry-After", "40"));
    let error = world.renew(&process, &handle).await.unwrap_err();
    assert!(matches!(error, ConnectionError::Postponed { .. }));
    world.clock.set(NOW - 7_200);
    // What is stored counts, in a process that was not there.
    let other = world.process(2);
    let handle = world.current(&other, handle.id()).await.unwrap();
    assert_eq!(
        token(&world.renew(&other, &handle).await.unwrap(), "access"),
        "access-2"
    );
}

#[tokio::test]
async fn attack_25_an_api_that_hangs_up_is_a_passing_fault_too() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world.bank.answers_renewal(Reply::hang_up());
    let error = world.renew(&process, &handle).await.unwrap_err();
    assert!(
        matches!(error, ConnectionError::Postponed { .. }),
        "{error:?}"
    );
    // A person who asks does not wait.
    let asked = process
        .connections
        .renew(
            &world.equipped,
            &handle,
            connection::Why::Asked,
            &mut Silent,
        )
        .await;
    assert_eq!(token(&asked.unwrap(), "access"), "access-2");
}

#[tokio::test]
async fn attack_24_a_reply_that_makes_no_sense_changes_nothing() {
    for reply in [
        Reply::html("<p>maintenance"),
        Reply::json(json!([])),
        Reply::text(""),
    ] {
        let world = World::new(TOKENS);
        let process = world.process(1);
        let handle = world.sign_in(&process).await;
        world.bank.answers_renewal(reply);
        let after = match world.renew(&process, &handle).await {
            // An absent source leaves its target as it was.
            Ok(renewed) => renewed,
            Err(_) => world.current(&process, handle.id()).await.unwrap(),
        };
        assert_eq!(token(&after, "access"), "access-1");
        assert_eq!(token(&after, "refresh"), "refresh-1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_30_a_connection_cleared_meanwhile_does_not_come_back() {
    let world = Arc::new(World::new(TOKENS));
    let process = Arc::new(world.process(1));
    let handle = world.sign_in(&process).await;
    let gate = Gate::closed();
    world.bank.holds_renewals(&gate);
    let under_way = renewing(&world, &process, &handle);
    world.bank.upstream.received(2).await;
    process.connections.clear(handle.record()).await.unwrap();
    gate.open();
    let error = under_way.await.unwrap().unwrap_err();
    assert!(
        matches!(error, ConnectionError::SignInRequired { .. }),
        "{error:?}"
    );
    assert!(world.record(&process).await.is_none());
}

#[tokio::test]
async fn a_stored_password_that_was_refused_is_never_tried_again_by_itself() {
    let world = World::new(PASSWORD);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world.bank.changes_password();
    for _ in 0..3 {
        let error = world.renew(&process, &handle).await.unwrap_err();
        assert!(
            matches!(error, ConnectionError::SignInRequired { .. }),
            "{error:?}"
        );
    }
    assert_eq!(world.bank.requests("/login"), 2);
    // The person is asked for everything: what is stored is not put forward again.
    let Begun::Started(mut sign_in) = world
        .try_begin(&process, &[], Purpose::Needed, None)
        .await
        .unwrap()
    else {
        panic!("nothing is usable");
    };
    assert!(matches!(
        sign_in.advance(Input::Begin, &mut Silent).await,
        Ok(SignInProgress::Ask(_))
    ));
    assert_eq!(world.bank.requests("/login"), 2);
}

#[tokio::test]
async fn what_is_not_kept_is_asked_for_alone() {
    let world = World::new(CODE);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    for _ in 0..2 {
        let error = world.renew(&process, &handle).await.unwrap_err();
        assert!(
            matches!(&error, ConnectionError::SignInRequired { reason } if reason.contains("Code")),
            "{error:?}"
        );
    }
    let Begun::Started(mut sign_in) = world
        .try_begin(&process, &[], Purpose::Needed, None)
        .await
        .unwrap()
    else {
        panic!("nothing is usable");
    };
    let Ok(SignInProgress::Ask(prompt)) = sign_in.advance(Input::Begin, &mut Silent).await else {
        panic!("a code is needed");
    };
    assert_eq!((prompt.step.as_str(), prompt.fields.len()), ("form2", 1));
    let typed = Answers::typed("form2", [("otp", "123456")]);
    let renewed = done(sign_in.advance(Input::Answers(typed), &mut Silent).await);
    assert_eq!((renewed.id(), renewed.version()), (handle.id(), 2));
    assert_eq!(world.bank.requests("/login"), 2);
}

#[tokio::test]
async fn what_is_not_kept_is_asked_for_alone_also_by_another_process() {
    let world = World::new(CODE);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world.renew(&process, &handle).await.unwrap_err();
    let other = world.process(2);
    let Begun::Started(mut sign_in) = world
        .try_begin(&other, &[], Purpose::Needed, None)
        .await
        .unwrap()
    else {
        panic!("nothing is usable");
    };
    let Ok(SignInProgress::Ask(prompt)) = sign_in.advance(Input::Begin, &mut Silent).await else {
        panic!("a code is needed");
    };
    assert_eq!((prompt.step.as_str(), prompt.fields.len()), ("form2", 1));
    let typed = Answers::typed("form2", [("otp", "123456")]);
    let renewed = done(sign_in.advance(Input::Answers(typed), &mut Silent).await);
    assert_eq!((renewed.id(), renewed.version()), (handle.id(), 2));
}

#[tokio::test]
async fn a_password_refused_while_the_rest_is_asked_for_is_not_tried_again() {
    let world = World::new(CODE);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    world.renew(&process, &handle).await.unwrap_err();
    world.bank.changes_password();
    for number in 2..5 {
        let other = world.process(number);
        let Begun::Started(mut sign_in) = world
            .try_begin(&other, &[], Purpose::Needed, None)
            .await
            .unwrap()
        else {
            panic!("nothing is usable");
        };
        let _ = sign_in.advance(Input::Begin, &mut Silent).await;
    }
    // At the sign-in, at the renewal, and once more with what was kept.
    assert_eq!(world.bank.requests("/login"), 3);
}

#[tokio::test]
async fn asking_to_renew_what_only_a_person_can_renew_ends_no_session() {
    let alone = PASSWORD.lines().filter(|line| !line.starts_with("refresh"));
    let world = World::new(&alone.collect::<Vec<_>>().join("\n"));
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let connections = &process.connections;
    for (why, left) in [
        (Why::Asked, CredentialState::Fresh),
        (Why::Over, CredentialState::SignInRequired { asked: false }),
    ] {
        let refused = connections
            .renew(&world.equipped, &handle, why, &mut Silent)
            .await;
        assert!(matches!(
            refused,
            Err(ConnectionError::SignInRequired { .. })
        ));
        assert_eq!(world.record(&process).await.unwrap().state.state, left);
    }
}
