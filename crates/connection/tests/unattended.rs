//! Sign-ins that need no person: once for all who ask, in a process and across processes, and left alone where they fail.

use crate::world::{NOW, Process, World, done, selector, token};
use connection::{
    Begun, ConnectionError, Equipped, Handle, Proof, ProofFn, Purpose, SetBack, SetBackKind,
};
use flow::{Answers, Input, Secrets, Silent, Source};
use secret::SecretString;
use std::sync::Arc;
use testkit::{Gate, Reply};

/// A machine's own account, whose session is renewed by signing in again.
const MACHINE: &str = r#"
connection: { identity: "{{login.body.user}}" }
secrets: [pass]
auth_flow:
  steps:
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{secrets.pass}}" } } }
session: { expires_in: "{{login.body.expires_in}}" }
"#;

/// The same with a token that renews it.
const RENEWED: &str = r#"
refresh_flow:
  steps:
    - { id: renew, kind: api_request, request: { method: POST, url: "{{base_url}}/renew", json: { refresh: "{{login.body.refresh}}" } } }
  update_variables: { login.body.access: "{{renew.body.access}}", login.body.refresh: "{{renew.body.refresh}}" }
"#;

/// The same with a code where the API asks for one.
const CODE: &str = r#"
secrets: [pass]
auth_flow:
  steps:
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{secrets.pass}}" } } }
    - { id: form2, kind: form, when: { value: "{{login.body.code}}", equals: asked }, title: Enter the code, fields: [ { key: otp, type: otp, label: Code } ] }
"#;

fn world(definition: &str, pass: &str) -> World {
    let mut world = World::new(definition);
    world.equipped = with_secret(&world, pass);
    world
}

fn with_secret(world: &World, pass: &str) -> Equipped {
    let connector = (*world.equipped.connector).clone();
    let secrets = [("pass".to_owned(), SecretString::new(pass.to_owned()))];
    let secrets = Secrets::from_iter(secrets);
    Equipped::new(connector, secrets, "http://127.0.0.1:8914/callback")
}

async fn sign_in(world: &World, process: &Process) -> Result<Arc<Handle>, ConnectionError> {
    process
        .connections
        .sign_in_unattended(&world.equipped, selector(None), &mut Silent)
        .await
}

async fn usable(
    world: &World,
    process: &Process,
    id: &str,
) -> Result<Arc<Handle>, ConnectionError> {
    process
        .connections
        .usable(&world.equipped, id, &mut Silent)
        .await
}

fn signing_in(
    world: &Arc<World>,
    process: &Arc<Process>,
) -> tokio::task::JoinHandle<Result<Arc<Handle>, ConnectionError>> {
    let (world, process) = (world.clone(), process.clone());
    tokio::spawn(async move { sign_in(&world, &process).await })
}

fn set_back(outcome: Result<Arc<Handle>, ConnectionError>) -> Arc<SetBack> {
    match outcome {
        Err(ConnectionError::SetBack(setback)) => setback,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_callers_who_find_nothing_sign_in_once() {
    let world = Arc::new(world(MACHINE, "open"));
    let process = Arc::new(world.process(1));
    let gate = Gate::closed();
    world.bank.holds_logins(&gate);
    let callers: Vec<_> = (0..100).map(|_| signing_in(&world, &process)).collect();
    world.bank.upstream.received(1).await;
    gate.open();
    for caller in callers {
        let handle = caller.await.unwrap().unwrap();
        assert_eq!(token(&handle, "access"), "access-1");
    }
    // Who comes later finds it.
    assert_eq!(sign_in(&world, &process).await.unwrap().version(), 1);
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_sign_in_once() {
    let world = Arc::new(world(MACHINE, "open"));
    let (one, other) = (Arc::new(world.process(1)), Arc::new(world.process(2)));
    let gate = Gate::closed();
    world.bank.holds_logins(&gate);
    let first = signing_in(&world, &one);
    world.bank.upstream.received(1).await;
    let second = signing_in(&world, &other);
    gate.open();
    for task in [first, second] {
        assert_eq!(token(&task.await.unwrap().unwrap(), "access"), "access-1");
    }
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_takes_nothing_along() {
    let world = Arc::new(world(MACHINE, "open"));
    let process = Arc::new(world.process(1));
    let gate = Gate::closed();
    world.bank.holds_logins(&gate);
    let first = signing_in(&world, &process);
    world.bank.upstream.received(1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.open();
    assert_eq!(sign_in(&world, &process).await.unwrap().version(), 1);
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test]
async fn a_passing_fault_is_not_met_by_each_call_and_is_over_when_it_is() {
    let world = world(MACHINE, "open");
    let (process, other) = (world.process(1), world.process(2));
    let busy = || Reply::status(503).header("Retry-After", "30");
    world.bank.answers_login(busy());
    let first = set_back(sign_in(&world, &process).await);
    assert_eq!(
        (first.kind, first.code()),
        (SetBackKind::Passing, "sign_in_postponed")
    );
    assert!((NOW + 30..NOW + 33).contains(&first.until), "{first:?}");
    for process in [&process, &other] {
        assert_eq!(set_back(sign_in(&world, process).await), first);
    }
    assert_eq!(world.bank.requests("/login"), 1);
    world.clock.set(first.until);
    world.bank.answers_login(busy());
    let second = set_back(sign_in(&world, &other).await);
    assert_eq!(second.attempts, 2);
    world.clock.set(second.until);
    assert_eq!(sign_in(&world, &process).await.unwrap().version(), 1);
    assert_eq!(world.bank.requests("/login"), 3);
}

#[tokio::test]
async fn who_is_left_alone_costs_nothing_that_is_written() {
    let world = world(MACHINE, "a-wrong-password");
    let process = world.process(1);
    let number = async || {
        let ttl = std::time::Duration::from_secs(1);
        let fence = process.store.lease("probe", "test", ttl).await;
        fence.unwrap().unwrap().number()
    };
    set_back(sign_in(&world, &process).await);
    let before = number().await;
    for _ in 0..5 {
        set_back(sign_in(&world, &process).await);
    }
    world.clock.advance(2);
    assert_eq!(number().await, before + 1);
}

#[tokio::test]
async fn a_clock_that_is_put_back_prolongs_no_wait() {
    let world = world(MACHINE, "open");
    let (process, other) = (world.process(1), world.process(2));
    let busy = Reply::status(503).header("Retry-After", "30");
    world.bank.answers_login(busy);
    let first = set_back(sign_in(&world, &process).await);
    world.clock.set(NOW - 30);
    assert_eq!(set_back(sign_in(&world, &process).await), first);
    world.clock.set(NOW - 3_600);
    assert_eq!(sign_in(&world, &other).await.unwrap().version(), 1);
}

#[tokio::test]
async fn what_is_refused_is_left_alone_until_it_is_mended() {
    let mut world = world(MACHINE, "a-wrong-password");
    let process = world.process(1);
    let refused = set_back(sign_in(&world, &process).await);
    assert_eq!(
        (refused.kind, refused.whose_fault().name()),
        (SetBackKind::Refused, "builder")
    );
    assert!(
        (NOW + 60..=NOW + 90).contains(&refused.until),
        "{refused:?}"
    );
    assert_eq!(set_back(sign_in(&world, &process).await), refused);
    assert_eq!(world.bank.requests("/login"), 1);
    // Nothing of what was tried is to be read in the store.
    let kept = format!("{refused:?}");
    assert!(!kept.contains("a-wrong-password"), "{kept}");
    // Another secret is another matter, at once; and the wait of the first is forgotten.
    let wrong = world.equipped.clone();
    world.equipped = with_secret(&world, "open");
    let handle = sign_in(&world, &process).await.unwrap();
    process.connections.clear(handle.record()).await.unwrap();
    world.equipped = wrong;
    let again = set_back(sign_in(&world, &process).await);
    assert_eq!(again.attempts, 1);
    assert_eq!(world.bank.requests("/login"), 3);
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_is_signed_in_to_again_for_the_very_call() {
    let world = world(&format!("{MACHINE}{RENEWED}"), "open");
    let process = world.process(1);
    let first = sign_in(&world, &process).await.unwrap();
    world
        .bank
        .answers_renewal(Reply::json(serde_json::json!({})).with_status(400));
    let second = world.renew(&process, &first).await.unwrap();
    assert_eq!((second.id(), second.version()), (first.id(), 2));
    assert_eq!(token(&second, "access"), "access-2");
    assert!(second.is_current());
    let found = usable(&world, &process, first.id()).await.unwrap();
    assert_eq!(found.version(), 2);
}

#[tokio::test]
async fn a_renewal_that_is_the_sign_in_is_not_repeated_as_one() {
    let world = world(MACHINE, "open");
    let process = world.process(1);
    let first = sign_in(&world, &process).await.unwrap();
    world.bank.changes_password();
    let refused = set_back(world.renew(&process, &first).await);
    assert_eq!(
        (refused.kind, refused.until),
        (SetBackKind::Refused, NOW + 60)
    );
    let again = usable(&world, &process, first.id()).await;
    assert_eq!(set_back(again), refused);
    assert_eq!(world.bank.requests("/login"), 2);
    world.clock.advance(60);
    let later = set_back(usable(&world, &process, first.id()).await);
    assert_eq!((later.attempts, world.bank.requests("/login")), (2, 3));
}

#[tokio::test]
async fn a_person_who_is_needed_after_all_is_asked_for_and_the_flow_is_not_run_again() {
    let world = world(CODE, "open");
    let process = world.process(1);
    let asks = || Reply::json(serde_json::json!({ "code": "asked" }));
    world.bank.answers_login(asks());
    for _ in 0..2 {
        let error = sign_in(&world, &process).await.unwrap_err();
        let ConnectionError::SignInRequired { reason } = error else {
            panic!("{error:?}");
        };
        assert!(reason.contains("Enter the code"), "{reason}");
    }
    assert_eq!(world.bank.requests("/login"), 1);
    // Once a person has signed in, it is tried by itself again.
    world.bank.answers_login(asks());
    let mut answers = Answers::new();
    answers.put("form2", "otp", "123456", Source::Given);
    let begun = process
        .connections
        .sign_in(&world.equipped, selector(None), answers, Purpose::Needed)
        .await;
    let Ok(Begun::Started(mut sign_in_by_person)) = begun else {
        panic!("{begun:?}");
    };
    let handle = done(sign_in_by_person.advance(Input::Begin, &mut Silent).await);
    drop(sign_in_by_person);
    process.connections.clear(handle.record()).await.unwrap();
    assert_eq!(sign_in(&world, &process).await.unwrap().version(), 1);
}

#[tokio::test]
async fn a_flow_that_needs_a_person_is_not_run_and_a_connector_that_moved_is_another() {
    let elsewhere = world(MACHINE, "open");
    let mut world = world(MACHINE, "open");
    let process = world.process(1);
    let handle = sign_in(&world, &process).await.unwrap();
    world.equipped = elsewhere.equipped.clone();
    let moved = usable(&world, &process, handle.id()).await.unwrap_err();
    assert!(
        matches!(moved, ConnectionError::SignInRequired { .. }),
        "{moved:?}"
    );
    assert_eq!(elsewhere.bank.requests("/login"), 0);

    let people = World::new(crate::world::TOKENS);
    assert!(!people.equipped.connector.may_sign_in_unattended());
    let process = people.process(1);
    let first = people.sign_in(&process).await;
    people
        .bank
        .answers_renewal(Reply::json(serde_json::json!({})).with_status(400));
    let error = people.renew(&process, &first).await.unwrap_err();
    assert!(
        matches!(error, ConnectionError::SignInRequired { .. }),
        "{error:?}"
    );
    assert_eq!(people.bank.requests("/login"), 1);
}

#[tokio::test]
async fn what_the_test_api_refuses_is_not_stored_and_is_left_alone_too() {
    let world = world(MACHINE, "open");
    let mut process = world.process(1);
    let refuses: ProofFn = Arc::new(|_, _, _| {
        let message = "Who am I answered with status 401.".to_owned();
        Box::pin(async move { Proof::Refused { message } })
    });
    process.connections = process.connections.with_proof(refuses);
    let refused = set_back(sign_in(&world, &process).await);
    assert_eq!(
        (refused.kind, refused.cause.as_str()),
        (SetBackKind::Refused, "not_proven")
    );
    assert_eq!(world.record(&process).await, None);
    set_back(sign_in(&world, &process).await);
    assert_eq!(world.bank.requests("/login"), 1);
}

#[tokio::test]
async fn another_account_than_before_is_never_taken_without_a_person() {
    let world = world(&format!("{MACHINE}{RENEWED}"), "open");
    let process = world.process(1);
    let first = sign_in(&world, &process).await.unwrap();
    world.bank.signs_in("bob");
    world
        .bank
        .answers_renewal(Reply::json(serde_json::json!({})).with_status(400));
    for _ in 0..2 {
        let error = world.renew(&process, &first).await.unwrap_err();
        let ConnectionError::SignInRequired { reason } = error else {
            panic!("{error:?}");
        };
        assert!(
            reason.contains("alice") && reason.contains("bob"),
            "{reason}"
        );
    }
    assert_eq!(world.bank.requests("/login"), 2);
    let record = world.record(&process).await.unwrap();
    assert_eq!(
        (record.version, record.identity.as_deref()),
        (1, Some("alice"))
    );
}
