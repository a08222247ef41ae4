//! Runs that wait for a person.

use std::time::Duration;

use store::{Digest, NewRun, StoreError};

use crate::fixture::{Backend, bytes, text};

fn new_run(id: &str) -> NewRun {
    NewRun {
        id: id.to_owned(),
        connector: "wiki".to_owned(),
        environment: Some("staging".to_owned()),
        owner: "app/u1".to_owned(),
        state: None,
        ttl: Duration::from_secs(600),
    }
}

pub(crate) async fn a_run_is_taken_up_again_once(backend: &impl Backend) {
    let store = backend.open();
    let saved = store
        .save_run(new_run("r1"), None, bytes("paused"))
        .await
        .unwrap();
    let (record, content) = store.load_run("r1").await.unwrap().unwrap();
    assert_eq!((&record, text(&content)), (&saved, "paused"));
    assert_eq!(record.expires_at, backend.hand().unix() + 600);
    let mut takers = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let store = store.clone();
        takers.spawn(async move { store.delete_run("r1").await.unwrap() });
    }
    assert_eq!(
        takers
            .join_all()
            .await
            .into_iter()
            .filter(|taken| *taken)
            .count(),
        1
    );
    assert!(store.load_run("r1").await.unwrap().is_none());
}

pub(crate) async fn runs_of_everybody_are_listed(backend: &impl Backend) {
    let store = backend.open();
    for (id, owner, connector, ttl) in [
        ("r1", "app/u1", "wiki", 600),
        ("r2", "app/u2", "wiki", 500),
        ("r3", "app/u1", "mail", 400),
        ("r4", "app/u1", "wiki", 10),
    ] {
        let run = NewRun {
            owner: owner.to_owned(),
            connector: connector.to_owned(),
            ttl: Duration::from_secs(ttl),
            ..new_run(id)
        };
        store.save_run(run, None, bytes("paused")).await.unwrap();
    }
    backend.hand().advance(Duration::from_secs(10));
    for (connector, owner, limit, expected) in [
        (None, None, 9, &["r1", "r2", "r3"] as &[_]),
        (None, None, 2, &["r1", "r2"]),
        (Some("wiki"), None, 9, &["r1", "r2"]),
        (None, Some("app/u1"), 9, &["r1", "r3"]),
        (Some("mail"), Some("app/u2"), 9, &[]),
    ] {
        let found = store.list_runs(connector, owner, limit).await.unwrap();
        let found: Vec<_> = found.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(found, expected, "{connector:?} {owner:?} {limit}");
    }
}

pub(crate) async fn a_run_expires(backend: &impl Backend) {
    let store = backend.open();
    store
        .save_run(new_run("r1"), None, bytes("paused"))
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(599));
    assert!(store.load_run("r1").await.unwrap().is_some());
    backend.hand().advance(Duration::from_secs(1));
    assert!(store.load_run("r1").await.unwrap().is_none());
    let late = store.save_run(new_run("r1"), Some(1), bytes("late")).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
}

pub(crate) async fn a_run_is_saved_over_the_version_that_was_read(backend: &impl Backend) {
    let store = backend.open();
    store
        .save_run(new_run("r1"), None, bytes("one"))
        .await
        .unwrap();
    let taken = store.save_run(new_run("r1"), None, bytes("other")).await;
    assert!(matches!(taken, Err(StoreError::Conflict)));
    let second = store
        .save_run(new_run("r1"), Some(1), bytes("two"))
        .await
        .unwrap();
    assert_eq!(second.version, 2);
    let twice = store.save_run(new_run("r1"), Some(1), bytes("twice")).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    // Somebody else's run under the same id is not this one.
    let stranger = NewRun {
        owner: "app/u2".to_owned(),
        ..new_run("r1")
    };
    let stolen = store.save_run(stranger, Some(2), bytes("stolen")).await;
    assert!(matches!(stolen, Err(StoreError::Conflict)));
    let (_, content) = store.load_run("r1").await.unwrap().unwrap();
    assert_eq!(text(&content), "two");
}

pub(crate) async fn a_run_is_found_by_the_state_it_waits_for(backend: &impl Backend) {
    let store = backend.open();
    let waiting = |id: &str, state: Option<&str>| NewRun {
        state: state.map(|state| Digest::of(state.as_bytes())),
        ..new_run(id)
    };
    let found = async |state: &str| {
        let state = Digest::of(state.as_bytes());
        let found = backend.open().load_run_by_state(state).await.unwrap();
        found.map(|(record, content)| (record.id, text(&content).to_owned()))
    };
    let kept = |id: &str, content: &str| Some((id.to_owned(), content.to_owned()));
    store
        .save_run(waiting("r1", Some("s1")), None, bytes("one"))
        .await
        .unwrap();
    store
        .save_run(waiting("r2", None), None, bytes("two"))
        .await
        .unwrap();
    assert_eq!(found("s1").await, kept("r1", "one"));
    assert_eq!(found("s2").await, None);
    // The next save brings another one, or none.
    store
        .save_run(waiting("r1", Some("s2")), Some(1), bytes("on"))
        .await
        .unwrap();
    assert_eq!(found("s1").await, None);
    assert_eq!(found("s2").await, kept("r1", "on"));
    store
        .save_run(waiting("r1", None), Some(2), bytes("off"))
        .await
        .unwrap();
    assert_eq!(found("s2").await, None);
    store
        .save_run(waiting("r2", Some("s3")), Some(1), bytes("two"))
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(600));
    assert_eq!(found("s3").await, None);
}

pub(crate) async fn runs_are_found_by_whose_they_are(backend: &impl Backend) {
    let store = backend.open();
    let plain = new_run("r1");
    let others = [
        NewRun {
            id: "r2".to_owned(),
            environment: None,
            ..plain.clone()
        },
        NewRun {
            id: "r3".to_owned(),
            owner: "app/u2".to_owned(),
            ..plain.clone()
        },
        NewRun {
            id: "r4".to_owned(),
            connector: "mail".to_owned(),
            ..plain.clone()
        },
        NewRun {
            id: "r5".to_owned(),
            ttl: Duration::from_secs(700),
            ..plain.clone()
        },
        plain,
    ];
    for run in others {
        store.save_run(run, None, bytes("paused")).await.unwrap();
    }
    let found = async |environment| {
        let runs = store.find_runs("wiki", environment, "app/u1").await;
        let ids = runs.unwrap().into_iter().map(|run| run.id);
        ids.collect::<Vec<_>>()
    };
    assert_eq!(found(Some("staging")).await, ["r5", "r1"]);
    assert_eq!(found(None).await, ["r2"]);
    backend.hand().advance(Duration::from_secs(600));
    assert_eq!(found(Some("staging")).await, ["r5"]);
}
