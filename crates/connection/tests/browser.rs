//! What a browser keeps: the store has none of it once the browser has shown it, and it opens for nobody else.

use crate::cookies::{brings, cookie};
use crate::world::{Process, TOKENS, World, done, token};
use connection::{Begun, Binding, ConnectionError, Handle, Purpose, Selector, Shown};
use flow::{Answers, Input, Silent, Source};
use std::sync::Arc;

const ALICE: Binding<'static> = Binding {
    app: "crm",
    user: "alice",
    connector: "bank",
};

fn world() -> World {
    World::new(&TOKENS.replace("connection: {", "connection: { keep_in: browser,"))
}

async fn sign_in(world: &World, process: &Process, user: &str) -> Arc<Handle> {
    sign_in_named(world, process, user, None).await
}

async fn sign_in_named(
    world: &World,
    process: &Process,
    user: &str,
    name: Option<&str>,
) -> Arc<Handle> {
    let mut answers = Answers::new();
    answers.put("form1", "password", "open", Source::Given);
    let selector = Selector {
        owner: format!("crm/{user}"),
        name: name.map(str::to_owned),
    };
    let begun = process
        .connections
        .sign_in(&world.equipped, selector, answers, Purpose::Asked)
        .await;
    let Ok(Begun::Started(mut sign_in)) = begun else {
        panic!("{user}");
    };
    done(sign_in.advance(Input::Begin, &mut Silent).await)
}

async fn shows(
    world: &World,
    process: &Process,
    binding: Binding<'_>,
    blob: Option<&str>,
) -> Result<Shown, ConnectionError> {
    let connector = &world.equipped.connector;
    process
        .connections
        .open_from_browser(connector, binding, blob, None)
        .await
}

fn seal(process: &Process, handle: &Handle) -> String {
    process.connections.seal_for_browser(handle, ALICE).unwrap()
}

/// What the answer to a call carries.
fn answered(process: &Process, shown: &Shown) -> Option<String> {
    process.connections.answer_to_browser(shown, ALICE).unwrap()
}

/// Whether the row holds a credential or cookies.
async fn row_holds(process: &Process, id: &str) -> bool {
    let record = process.store.get(id).await.unwrap().unwrap();
    record.sealed != store::Sealed::default() || record.cookies.is_some()
}

fn is_refused(shown: &Result<Shown, ConnectionError>) -> bool {
    matches!(shown, Err(ConnectionError::SignInRequired { .. }))
}

#[tokio::test]
async fn the_row_is_empty_once_the_browser_has_shown_what_it_keeps() {
    let world = world();
    let process = world.process(1);
    let handle = sign_in(&world, &process, "alice").await;
    let id = handle.id();
    assert!(row_holds(&process, id).await);
    // A first call without a blob is answered with one, and so is the next.
    let first = shows(&world, &process, ALICE, None).await.unwrap();
    let blob = answered(&process, &first).unwrap();
    assert!(!blob.contains("access-1"));
    let second = shows(&world, &process, ALICE, Some(&blob)).await.unwrap();
    assert_eq!(token(&second.handle, "access"), "access-1");
    assert_eq!(answered(&process, &second), None);
    assert!(!row_holds(&process, id).await);
    // From here on nobody gets it without.
    assert!(is_refused(&shows(&world, &process, ALICE, None).await));
    assert!(world.current(&process, id).await.is_err());
    // After a restart it opens too, and alone.
    let restarted = world.process(2);
    assert!(is_refused(&shows(&world, &restarted, ALICE, None).await));
    assert!(world.current(&restarted, id).await.is_err());
    let shown = shows(&world, &restarted, ALICE, Some(&blob)).await.unwrap();
    assert_eq!(token(&shown.handle, "access"), "access-1");
    assert!(!row_holds(&restarted, id).await);
}

#[tokio::test]
async fn a_renewed_one_waits_sealed_until_the_browser_shows_it() {
    let world = world();
    let process = world.process(1);
    let handle = sign_in(&world, &process, "alice").await;
    let old = seal(&process, &handle);
    let shown = shows(&world, &process, ALICE, Some(&old)).await.unwrap();
    assert!(!row_holds(&process, handle.id()).await);
    let renewed = world.renew(&process, &shown.handle).await.unwrap();
    assert_eq!(renewed.version(), 2);
    assert!(row_holds(&process, handle.id()).await);
    // The answer to the call that had it renewed may be lost: the old one is answered with the new one, in any process.
    assert!(answered(&process, &shown).is_some());
    let restarted = world.process(2);
    assert!(is_refused(&shows(&world, &restarted, ALICE, None).await));
    assert!(world.current(&restarted, handle.id()).await.is_err());
    let shown = shows(&world, &restarted, ALICE, Some(&old)).await.unwrap();
    assert_eq!(token(&shown.handle, "access"), "access-2");
    let new = answered(&restarted, &shown).unwrap();
    assert!(row_holds(&restarted, handle.id()).await);
    let shown = shows(&world, &restarted, ALICE, Some(&new)).await.unwrap();
    assert_eq!(
        (shown.handle.version(), answered(&restarted, &shown)),
        (2, None)
    );
    assert!(!row_holds(&restarted, handle.id()).await);
    // Another window with the old one gets the new one as long as this process knows it.
    let late = shows(&world, &restarted, ALICE, Some(&old)).await.unwrap();
    assert!(answered(&restarted, &late).is_some());
    let third = world.process(3);
    assert!(is_refused(&shows(&world, &third, ALICE, Some(&old)).await));
}

#[tokio::test]
async fn cookies_go_to_the_browser_and_not_to_the_store() {
    let world = world();
    let process = world.process(1);
    let handle = sign_in(&world, &process, "alice").await;
    let blob = seal(&process, &handle);
    let shown = shows(&world, &process, ALICE, Some(&blob)).await.unwrap();
    brings(&world, &shown.handle, "a=1; Path=/");
    process.connections.save_jar(&shown.handle);
    process.connections.flush().await.unwrap();
    assert!(!row_holds(&process, handle.id()).await);
    let blob = answered(&process, &shown).unwrap();
    let restarted = world.process(2);
    let shown = shows(&world, &restarted, ALICE, Some(&blob)).await.unwrap();
    assert_eq!(cookie(&world, &shown.handle, "a").as_deref(), Some("1"));
    assert_eq!(answered(&restarted, &shown), None);
}

#[tokio::test]
async fn a_blob_of_somebody_else_counts_as_none() {
    let world = world();
    let process = world.process(1);
    let alice = sign_in(&world, &process, "alice").await;
    let blob = seal(&process, &alice);
    shows(&world, &process, ALICE, Some(&blob)).await.unwrap();
    let none = shows(&world, &process, ALICE, None).await.unwrap_err();
    let mut altered = blob.clone().into_bytes();
    let last = altered.len() - 5;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    for bad in [
        altered.as_str(),
        "",
        "sb1.x.1.AA",
        &blob.replace(".1.", ".2."),
    ] {
        let refused = shows(&world, &process, ALICE, Some(bad)).await.unwrap_err();
        assert_eq!(refused.to_string(), none.to_string(), "{bad}");
    }
    let others = [
        Binding {
            user: "bob",
            ..ALICE
        },
        Binding {
            app: "shop",
            ..ALICE
        },
        Binding {
            connector: "other",
            ..ALICE
        },
    ];
    for other in others {
        let without = shows(&world, &process, other, None).await.unwrap_err();
        let with = shows(&world, &process, other, Some(&blob))
            .await
            .unwrap_err();
        assert_eq!(with.to_string(), without.to_string(), "{other:?}");
    }
}

#[tokio::test]
async fn a_blob_does_not_stand_in_for_another_connection_that_is_named() {
    let world = world();
    let process = world.process(1);
    let home = sign_in_named(&world, &process, "alice", Some("home")).await;
    let work = sign_in_named(&world, &process, "alice", Some("work")).await;
    let (of_home, of_work) = (seal(&process, &home), seal(&process, &work));
    let opens = async |blob: &str, name: Option<&str>| {
        let connector = &world.equipped.connector;
        let shown = process
            .connections
            .open_from_browser(connector, ALICE, Some(blob), name)
            .await;
        shown.map(|shown| shown.handle.id().to_owned())
    };
    // What is shown says which is meant, where nothing else does.
    assert_eq!(opens(&of_home, None).await.unwrap(), home.id());
    assert_eq!(opens(&of_work, Some("work")).await.unwrap(), work.id());
    let refused = opens(&of_work, Some(home.id())).await;
    assert!(matches!(
        refused,
        Err(ConnectionError::SignInRequired { .. })
    ));
    assert_eq!(opens(&of_home, Some("home")).await.unwrap(), home.id());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_windows_at_once_all_end_with_the_newest() {
    let world = Arc::new(world());
    let process = Arc::new(world.process(1));
    process.connections.watch();
    let handle = sign_in(&world, &process, "alice").await;
    let old = seal(&process, &handle);
    let windows: Vec<_> = (0..8)
        .map(|_| {
            let (world, process, old) = (world.clone(), process.clone(), old.clone());
            tokio::spawn(async move {
                let shown = shows(&world, &process, ALICE, Some(&old)).await.unwrap();
                let renewed = world.renew(&process, &shown.handle).await.unwrap();
                let blob = answered(&process, &shown).unwrap();
                let shown = shows(&world, &process, ALICE, Some(&blob)).await.unwrap();
                assert!(shown.handle.version() >= renewed.version());
            })
        })
        .collect();
    for window in windows {
        window.await.unwrap();
    }
}

#[tokio::test]
async fn what_a_call_holds_is_renewed_although_it_is_open_nowhere_else() {
    let world = world();
    let mut process = world.process(1);
    process.connections = process.connections.with_capacity(1);
    let bob = sign_in(&world, &process, "bob").await;
    let handle = sign_in(&world, &process, "alice").await;
    let blob = seal(&process, &handle);
    let shown = shows(&world, &process, ALICE, Some(&blob)).await.unwrap();
    assert!(!row_holds(&process, handle.id()).await);
    // There is room for one, and now it is another's.
    world.current(&process, bob.id()).await.unwrap();
    assert!(!shown.handle.is_current());
    let renewed = world.renew(&process, &shown.handle).await.unwrap();
    assert_eq!(token(&renewed, "access"), "access-3");
    assert_eq!((renewed.id(), renewed.version()), (handle.id(), 2));
}

#[tokio::test]
async fn the_terminal_keeps_its_own_here() {
    let world = world();
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    let restarted = world.process(2);
    let found = world.current(&restarted, handle.id()).await.unwrap();
    world.renew(&restarted, &found).await.unwrap();
    assert!(world.current(&process, handle.id()).await.is_ok());
}
