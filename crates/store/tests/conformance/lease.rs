//! Leases: one holder at a time, and no write by one who was overtaken.

use std::time::Duration;

use model::StateRecord;
use store::StoreError;

use crate::fixture::{Backend, bytes, new_connection, text, update};

const TTL: Duration = Duration::from_secs(10);

pub(crate) async fn a_lease_is_held_by_one(backend: &impl Backend) {
    let (one, other) = (backend.open(), backend.open());
    let fence = one.lease("renew/c_1", "a", TTL).await.unwrap().unwrap();
    assert_eq!(other.lease("renew/c_1", "b", TTL).await.unwrap(), None);
    assert_eq!(
        one.lease("renew/c_1", "a", TTL).await.unwrap(),
        None,
        "not even by the same name"
    );
    assert!(other.lease("renew/c_2", "b", TTL).await.unwrap().is_some());
    assert!(one.release("renew/c_1", "a", fence).await.unwrap());
    assert!(other.lease("renew/c_1", "b", TTL).await.unwrap().is_some());
}

pub(crate) async fn attack_19_a_lease_ends_by_itself(backend: &impl Backend) {
    let store = backend.open();
    let first = store.lease("k", "killed", TTL).await.unwrap().unwrap();
    backend.hand().advance(TTL - Duration::from_millis(1));
    assert_eq!(store.lease("k", "b", TTL).await.unwrap(), None);
    backend.hand().advance(Duration::from_millis(1));
    let second = store.lease("k", "b", TTL).await.unwrap().unwrap();
    assert!(second > first);
    assert!(!store.renew_lease("k", "killed", first, TTL).await.unwrap());
    assert!(!store.release("k", "killed", first).await.unwrap());
    assert_eq!(
        store.lease("k", "c", TTL).await.unwrap(),
        None,
        "the second holder has it still"
    );
}

pub(crate) async fn attack_20_a_renewed_lease_outlives_its_time(backend: &impl Backend) {
    let store = backend.open();
    let fence = store.lease("k", "a", TTL).await.unwrap().unwrap();
    for _ in 0..5 {
        backend.hand().advance(TTL / 2);
        assert!(store.renew_lease("k", "a", fence, TTL).await.unwrap());
        assert_eq!(store.lease("k", "b", TTL).await.unwrap(), None);
    }
}

pub(crate) async fn a_lease_is_given_back_by_its_holder_only(backend: &impl Backend) {
    let store = backend.open();
    let fence = store.lease("k", "a", TTL).await.unwrap().unwrap();
    let elsewhere = store.lease("other", "a", TTL).await.unwrap().unwrap();
    assert!(!store.release("k", "b", fence).await.unwrap());
    assert!(!store.release("k", "a", elsewhere).await.unwrap());
    assert!(!store.renew_lease("k", "b", fence, TTL).await.unwrap());
    assert_eq!(store.lease("k", "b", TTL).await.unwrap(), None);
    assert!(store.release("k", "a", fence).await.unwrap());
    assert!(!store.release("k", "a", fence).await.unwrap());
}

pub(crate) async fn fences_only_grow(backend: &impl Backend) {
    let mut last = 0;
    for round in 0..6 {
        // Opened anew each time: a restart does not begin again.
        let store = backend.open();
        let fence = store.lease("k", "a", TTL).await.unwrap().unwrap();
        assert!(fence.number() > last);
        last = fence.number();
        if round % 2 == 0 {
            store.release("k", "a", fence).await.unwrap();
        } else {
            backend
                .hand()
                .advance(Duration::from_secs(7 * 24 * 60 * 60));
        }
    }
}

pub(crate) async fn a_fence_that_was_overtaken_writes_nothing(backend: &impl Backend) {
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let first = store.lease("k", "a", TTL).await.unwrap().unwrap();
    backend.hand().advance(TTL);
    let second = store.lease("k", "b", TTL).await.unwrap().unwrap();
    let state = StateRecord::signed_in(0);
    // Before the second holder has written, and after: the version alone would not tell.
    let late = store.put_if(&made.id, 1, Some(first), update("late")).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    store
        .set_state(&made.id, 1, Some(second), state.clone())
        .await
        .unwrap();
    let late = store.set_state(&made.id, 1, Some(first), state).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    let new = store
        .put_if(&made.id, 1, Some(second), update("new"))
        .await
        .unwrap();
    assert_eq!(text(&store.open_sealed(&new).await.unwrap()), "new");
    store.release("k", "b", second).await.unwrap();
    let after = store
        .put_if(&made.id, 2, Some(second), update("after"))
        .await;
    assert!(matches!(after, Err(StoreError::LeaseLost)));
}

pub(crate) async fn a_lease_that_ran_out_but_was_not_taken_still_writes(backend: &impl Backend) {
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let fence = store.lease("k", "a", TTL).await.unwrap().unwrap();
    // A laptop that slept during a renewal holds the only copy of a rotated token.
    backend.hand().advance(TTL * 100);
    store
        .put_if(&made.id, 1, Some(fence), update("rotated"))
        .await
        .unwrap();
}

pub(crate) async fn of_many_comers_one_gets_the_lease(backend: &impl Backend) {
    let stores = [backend.open(), backend.open(), backend.open()];
    let mut comers = tokio::task::JoinSet::new();
    for comer in 0..30 {
        let store = stores[comer % 3].clone();
        comers.spawn(async move { store.lease("k", &comer.to_string(), TTL).await.unwrap() });
    }
    assert_eq!(comers.join_all().await.into_iter().flatten().count(), 1);
}

pub(crate) async fn a_lease_that_nobody_waits_for_is_given_back(backend: &impl Backend) {
    let store = backend.open();
    {
        let mut asking = Box::pin(store.lease("k", "a", TTL));
        let waker = std::task::Waker::noop();
        // Polled once, which sends it off, and dropped.
        let _ = asking
            .as_mut()
            .poll(&mut std::task::Context::from_waker(waker));
    }
    // Jobs run in order: this one comes after the lease was taken, the next after it was given back.
    store.mark_used("c_nobody").await.unwrap();
    assert!(store.lease("k", "b", TTL).await.unwrap().is_some());
}

pub(crate) async fn a_lease_of_a_clock_that_went_astray_stalls_nobody(backend: &impl Backend) {
    let store = backend.open();
    let day = Duration::from_secs(24 * 60 * 60);
    backend.hand().advance(day);
    let astray = store.lease("k", "a", TTL).await.unwrap().unwrap();
    // A little late is what clocks are.
    backend.hand().put_back(Duration::from_secs(60));
    assert_eq!(store.lease("k", "b", TTL).await.unwrap(), None);
    backend.hand().put_back(day);
    let next = store.lease("k", "b", TTL).await.unwrap().unwrap();
    assert!(next > astray);
    assert!(!store.renew_lease("k", "a", astray, TTL).await.unwrap());
}
