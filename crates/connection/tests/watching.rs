//! The store is followed: what others write is heard of, and what is open is used without reading it.

use crate::cookies::{brings, cookie};
use crate::world::{Process, TOKENS, World, done, selector};
use connection::{Begun, ConnectionError, Handle, Purpose};
use flow::{Input, Silent};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Waits for a condition.
async fn until(mut met: impl FnMut() -> bool) {
    while !met() {
        tokio::task::yield_now().await;
    }
}

async fn sign_in_as(world: &World, process: &Process, name: &str) -> Arc<Handle> {
    let given = [("form1", "password", "open")];
    let begun = world
        .try_begin(process, &given, Purpose::Asked, Some(name))
        .await;
    let Ok(Begun::Started(mut sign_in)) = begun else {
        panic!("{name}");
    };
    done(sign_in.advance(Input::Begin, &mut Silent).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_clears_is_used_no_more() {
    let world = World::new(TOKENS);
    let (one, other) = (world.process(1), world.process(2));
    let handle = world.sign_in(&one).await;
    one.connections.watch();
    assert!(handle.is_current());
    other.connections.clear(handle.record()).await.unwrap();
    until(|| !handle.is_current()).await;
    let gone = world.current(&one, handle.id()).await;
    assert!(matches!(gone, Err(ConnectionError::SignInRequired { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_renews_is_opened_anew() {
    let world = World::new(TOKENS);
    let (one, other) = (world.process(1), world.process(2));
    let handle = world.sign_in(&one).await;
    one.connections.watch();
    let theirs = world.current(&other, handle.id()).await.unwrap();
    world.renew(&other, &theirs).await.unwrap();
    assert!(!theirs.is_current());
    until(|| !handle.is_current()).await;
    let newest = world.current(&one, handle.id()).await.unwrap();
    assert_eq!((newest.version(), newest.is_current()), (2, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_of_another_process_arrive_and_show_in_the_generation() {
    let world = World::new(TOKENS);
    let (one, other) = (world.process(1), world.process(2));
    let handle = world.sign_in(&one).await;
    one.connections.watch();
    let theirs = world.current(&other, handle.id()).await.unwrap();
    let before = handle.jar_generation();
    brings(&world, &theirs, "a=1; Path=/");
    other.connections.flush().await.unwrap();
    until(|| handle.jar_generation() != before).await;
    assert_eq!(cookie(&world, &handle, "a").as_deref(), Some("1"));
    assert!(handle.is_current());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sibling_makes_its_owner_choose_again() {
    let world = World::new(TOKENS);
    let (one, other) = (world.process(1), world.process(2));
    let first = sign_in_as(&world, &one, "work").await;
    one.connections.watch();
    let second = sign_in_as(&world, &one, "home").await;
    assert!(!first.is_current() && second.is_current());
    let first = world.current(&one, first.id()).await.unwrap();
    assert!(first.is_current());
    sign_in_as(&world, &other, "club").await;
    until(|| !first.is_current() && !second.is_current()).await;
    let error = one
        .connections
        .select(&world.equipped.connector, &selector(None))
        .await;
    assert!(matches!(error, Err(ConnectionError::Ambiguous { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_is_heard_of_and_the_jar_goes_on() {
    let world = World::new(TOKENS);
    let (one, other) = (world.process(1), world.process(2));
    let handle = world.sign_in(&one).await;
    one.connections.watch();
    let renamed = |name: &str| Some(name.to_owned());
    let relabel = other.connections.relabel(handle.id(), renamed("work"));
    assert!(relabel.await.unwrap().is_some());
    until(|| !handle.is_current()).await;
    let newest = world.current(&one, handle.id()).await.unwrap();
    assert_eq!(newest.record().name.as_deref(), Some("work"));
    // A reply that was on its way to the handle of before.
    brings(&world, &handle, "a=1; Path=/");
    assert_eq!(cookie(&world, &newest, "a").as_deref(), Some("1"));
    let relabel = one.connections.relabel(handle.id(), renamed("home"));
    assert!(relabel.await.unwrap().is_some());
    assert!(!newest.is_current());
    let page = one.connections.list_of("local", None, 10).await.unwrap();
    assert_eq!(page.records[0].name.as_deref(), Some("home"));
    assert!(
        one.connections
            .relabel("c_none", None)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_least_recently_used_goes_and_what_is_not_written_stays() {
    let world = World::new(TOKENS);
    let mut process = world.process(1);
    process.connections = process.connections.with_capacity(3);
    let mut handles = Vec::new();
    for name in ["a", "b", "c"] {
        let id = sign_in_as(&world, &process, name).await.id().to_owned();
        world.clock.advance(1);
        handles.push(id);
    }
    // Siblings made the first ones new.
    let mut open = Vec::new();
    for id in &handles {
        open.push(world.current(&process, id).await.unwrap());
    }
    brings(&world, &open[0], "a=1; Path=/");
    process.connections.note_used(&open[0]);
    sign_in_as(&world, &process, "d").await;
    let again = world.current(&process, open[0].id()).await.unwrap();
    assert_eq!(cookie(&world, &again, "a").as_deref(), Some("1"));
    let evicted = world.current(&process, open[1].id()).await.unwrap();
    assert!(!open[1].is_current() && evicted.is_current());
    assert_eq!(evicted.version(), 1);
}

#[tokio::test]
async fn uses_are_written_behind() {
    let world = World::new(TOKENS);
    let process = world.process(1);
    let handle = world.sign_in(&process).await;
    process.connections.note_used(&handle);
    assert_eq!(world.record(&process).await.unwrap().last_used_at, None);
    process.connections.flush().await.unwrap();
    let used = world.record(&process).await.unwrap().last_used_at;
    assert_eq!(used, Some(crate::world::NOW));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_many_callers_nobody_is_left_with_a_credential_that_was_cleared() {
    let world = Arc::new(World::new(TOKENS));
    let (one, other) = (world.process(1), world.process(2));
    one.connections.watch();
    let one = Arc::new(one);
    for _ in 0..5 {
        let handle = world.sign_in(&one).await;
        let id = handle.id().to_owned();
        let stop = Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (0..4)
            .map(|_| {
                let (world, one, id, stop) = (world.clone(), one.clone(), id.clone(), stop.clone());
                tokio::spawn(async move {
                    let mut calls = 0;
                    while !stop.load(Ordering::Relaxed) {
                        calls += u32::from(world.current(&one, &id).await.is_ok());
                        tokio::task::yield_now().await;
                    }
                    calls
                })
            })
            .collect();
        let theirs = world.current(&other, &id).await.unwrap();
        let renewed = world.renew(&other, &theirs).await.unwrap();
        other.connections.clear(renewed.record()).await.unwrap();
        until(|| !handle.is_current()).await;
        stop.store(true, Ordering::Relaxed);
        for caller in callers {
            caller.await.unwrap();
        }
        // One that read it just before may have opened it just after: that is heard of too.
        while world.current(&one, &id).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(world.current(&one, &id).await.is_err());
    }
}
