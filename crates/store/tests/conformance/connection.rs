//! Connections: made, found, replaced over the version that was read, and deleted.

use std::time::Duration;

use model::{CredentialState, StateRecord};
use store::{ConnectionRecord, Filter, NewConnection, StoreError};

use crate::fixture::{Backend, bytes, new_connection, text, update};

const TTL: Duration = Duration::from_secs(10);

pub(crate) async fn a_connection_comes_back_as_it_was_made(backend: &impl Backend) {
    let store = backend.open();
    let new = NewConnection {
        environment: Some("staging".to_owned()),
        name: Some("work".to_owned()),
        ..new_connection("local")
    };
    let made = store
        .create(new.clone(), bytes("credential"))
        .await
        .unwrap();
    assert!(
        made.id.starts_with("c_") && made.id.len() == 26,
        "{}",
        made.id
    );
    assert_eq!((made.version, made.cookies_generation), (1, 0));
    assert_eq!(
        (made.created_at, made.last_used_at),
        (backend.hand().unix(), None)
    );
    let found = store.get(&made.id).await.unwrap().unwrap();
    assert_eq!(found, made);
    let again = NewConnection {
        connector: found.connector.clone(),
        environment: found.environment.clone(),
        owner: found.owner.clone(),
        origins: found.origins.clone(),
        name: found.name.clone(),
        identity: found.identity.clone(),
        label: found.label.clone(),
        state: found.state.clone(),
        expires_at: found.expires_at,
    };
    assert_eq!(again, new);
    assert_eq!(
        text(&store.open_sealed(&found).await.unwrap()),
        "credential"
    );
    assert!(store.open_cookies(&found).await.unwrap().is_none());
    assert_eq!(store.get("c_nobody").await.unwrap(), None);
}

pub(crate) async fn connections_are_found_by_whose_they_are(backend: &impl Backend) {
    let store = backend.open();
    let plain = new_connection("local");
    let news = [
        plain.clone(),
        NewConnection {
            environment: Some("staging".to_owned()),
            ..plain.clone()
        },
        NewConnection {
            owner: "app/u1".to_owned(),
            ..plain.clone()
        },
        NewConnection {
            connector: "mail".to_owned(),
            ..plain.clone()
        },
        NewConnection {
            origins: "https://other.example.org".to_owned(),
            ..plain.clone()
        },
    ];
    let mut ids = Vec::new();
    for new in news {
        ids.push(store.create(new, bytes("x")).await.unwrap().id);
    }
    let filter = Filter {
        connector: "wiki".to_owned(),
        environment: None,
        owner: "local".to_owned(),
        origins: Some("https://wiki.example.org".to_owned()),
    };
    let cases = [
        (filter.clone(), vec![0]),
        (
            Filter {
                environment: Some("staging".to_owned()),
                ..filter.clone()
            },
            vec![1],
        ),
        (
            Filter {
                environment: Some("nowhere".to_owned()),
                ..filter.clone()
            },
            vec![],
        ),
        (
            Filter {
                owner: "app/u1".to_owned(),
                ..filter.clone()
            },
            vec![2],
        ),
        (
            Filter {
                connector: "mail".to_owned(),
                ..filter.clone()
            },
            vec![3],
        ),
        (
            Filter {
                origins: None,
                ..filter
            },
            vec![0, 4],
        ),
    ];
    for (filter, expected) in cases {
        let found = store.find(filter.clone()).await.unwrap();
        let mut found: Vec<_> = found.iter().map(|record| &record.id).collect();
        let mut expected: Vec<_> = expected
            .into_iter()
            .map(|index: usize| &ids[index])
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{filter:?}");
    }
}

pub(crate) async fn a_listing_shows_every_owner_and_environment(backend: &impl Backend) {
    let store = backend.open();
    let mail = NewConnection {
        connector: "mail".to_owned(),
        ..new_connection("local")
    };
    let staging = NewConnection {
        environment: Some("staging".to_owned()),
        ..new_connection("app/u1")
    };
    for new in [new_connection("local"), mail, staging] {
        store.create(new, bytes("x")).await.unwrap();
        backend.hand().advance(Duration::from_secs(1));
    }
    let owners = |records: Vec<ConnectionRecord>| -> Vec<String> {
        records.into_iter().map(|r| r.owner).collect()
    };
    assert_eq!(
        owners(store.list(Some("wiki")).await.unwrap()),
        ["local", "app/u1"]
    );
    assert_eq!(
        owners(store.list(None).await.unwrap()),
        ["local", "local", "app/u1"]
    );
    assert!(store.list(Some("nothing")).await.unwrap().is_empty());
}

pub(crate) async fn a_new_credential_takes_the_old_ones_place_once(backend: &impl Backend) {
    let store = backend.open();
    let old = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    backend.hand().advance(Duration::from_secs(5));
    let new = store.put_if(&old.id, 1, None, update("new")).await.unwrap();
    assert_eq!((new.version, new.expires_at), (2, None));
    assert_eq!(new.updated_at, old.updated_at + 5);
    assert_eq!(new, store.get(&old.id).await.unwrap().unwrap());
    assert_eq!(text(&store.open_sealed(&new).await.unwrap()), "new");
    // A record that was read earlier still opens as what it was.
    assert_eq!(text(&store.open_sealed(&old).await.unwrap()), "old");
}

pub(crate) async fn a_renewal_is_remembered_by_what_comes_after(backend: &impl Backend) {
    let store = backend.open();
    let made = store.create(new_connection("local"), bytes("x")).await;
    let made = made.unwrap();
    assert_eq!(made.renewed_at, None);
    backend.hand().advance(Duration::from_secs(5));
    let renewed_at = backend.hand().unix();
    let update_of = |renewed| store::Update {
        renewed,
        ..update("x")
    };
    for (version, renewed) in [(1, true), (2, false)] {
        let update = update_of(renewed);
        let written = store.put_if(&made.id, version, None, update).await.unwrap();
        assert_eq!(written.renewed_at, Some(renewed_at));
        backend.hand().advance(Duration::from_secs(5));
    }
    let state = StateRecord {
        state: CredentialState::SignInRequired { asked: false },
        reason: "refused".to_owned(),
        said: None,
        since: 0,
    };
    store.set_state(&made.id, 3, None, state).await.unwrap();
    let found = backend.open().get(&made.id).await.unwrap().unwrap();
    assert_eq!(found.renewed_at, Some(renewed_at));
}

pub(crate) async fn attack_22_a_loser_changes_nothing(backend: &impl Backend) {
    let store = backend.open();
    let seen = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let winner = store
        .put_if(&seen.id, seen.version, None, update("winner"))
        .await
        .unwrap();
    let lost = store
        .put_if(&seen.id, seen.version, None, update("loser"))
        .await;
    assert!(matches!(lost, Err(StoreError::Conflict)));
    let dead = StateRecord {
        state: CredentialState::SignInRequired { asked: false },
        reason: "refused".to_owned(),
        said: None,
        since: 0,
    };
    let marked = store.set_state(&seen.id, seen.version, None, dead).await;
    assert!(matches!(marked, Err(StoreError::Conflict)));
    assert_eq!(store.get(&seen.id).await.unwrap().unwrap(), winner);
}

pub(crate) async fn attack_30_a_deleted_connection_is_not_brought_back(backend: &impl Backend) {
    let store = backend.open();
    let seen = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let fence = store.lease("renew", "a", TTL).await.unwrap().unwrap();
    assert!(store.delete(&seen.id).await.unwrap());
    assert!(!store.delete(&seen.id).await.unwrap());
    let written = store
        .put_if(&seen.id, 1, Some(fence), update("renewed"))
        .await;
    assert!(matches!(written, Err(StoreError::Conflict)));
    let cookies = store.put_cookies(&seen.id, 1, 0, bytes("jar")).await;
    assert!(matches!(cookies, Err(StoreError::Conflict)));
    assert_eq!(store.list(None).await.unwrap(), []);
}

pub(crate) async fn a_state_is_noted_for_its_version_only(backend: &impl Backend) {
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    let states = [
        CredentialState::Renewing {
            holder: "h".to_owned(),
            fence: 7,
            spends_version: 1,
            after_uncertain: false,
            attempts: 0,
        },
        CredentialState::Uncertain { spent_version: 1 },
        CredentialState::Backoff {
            until: 9,
            attempts: 2,
        },
        CredentialState::SignInRequired { asked: false },
        CredentialState::Fresh,
    ];
    for state in states {
        let state = StateRecord {
            state,
            reason: "because „so“".to_owned(),
            said: None,
            since: 5,
        };
        store
            .set_state(&made.id, 1, None, state.clone())
            .await
            .unwrap();
        let found = store.get(&made.id).await.unwrap().unwrap();
        assert_eq!((found.state, found.version), (state.clone(), 1));
        let other = store.set_state(&made.id, 2, None, state).await;
        assert!(matches!(other, Err(StoreError::Conflict)));
    }
    assert_eq!(text(&store.open_sealed(&made).await.unwrap()), "x");
}

pub(crate) async fn of_many_writers_one_wins_each_version(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let made = stores[0]
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..20 {
        let (store, id) = (stores[writer % 2].clone(), made.id.clone());
        writers.spawn(async move {
            store
                .put_if(&id, 1, None, update(&writer.to_string()))
                .await
        });
    }
    let results = writers.join_all().await;
    let won: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().ok())
        .collect();
    assert_eq!(won.len(), 1);
    assert!(
        results
            .iter()
            .all(|r| matches!(r, Ok(_) | Err(StoreError::Conflict)))
    );
    assert_eq!(&stores[1].get(&made.id).await.unwrap().unwrap(), won[0]);
}

pub(crate) async fn cookies_have_a_generation_of_their_own(backend: &impl Backend) {
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    let first = store
        .put_cookies(&made.id, 1, 0, bytes("jar 1"))
        .await
        .unwrap();
    assert_eq!((first.version, first.cookies_generation), (1, 1));
    assert_eq!(first, store.get(&made.id).await.unwrap().unwrap());
    assert_eq!(
        text(&store.open_cookies(&first).await.unwrap().unwrap()),
        "jar 1"
    );
    assert_eq!(text(&store.open_sealed(&first).await.unwrap()), "x");
    for (version, generation) in [(1, 0), (1, 2), (2, 1), (0, 1)] {
        let lost = store
            .put_cookies(&made.id, version, generation, bytes("lost"))
            .await;
        assert!(
            matches!(lost, Err(StoreError::Conflict)),
            "{version} {generation}"
        );
    }
    store
        .put_cookies(&made.id, 1, 1, bytes("jar 2"))
        .await
        .unwrap();
    // A new credential brings its own jar, and whoever holds the old one cannot write over it.
    let new = store
        .put_if(&made.id, 1, None, update("new"))
        .await
        .unwrap();
    assert!(store.open_cookies(&new).await.unwrap().is_none());
    assert!(new.cookies_generation > 2);
    let late = store.put_cookies(&made.id, 1, 2, bytes("late")).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
}

pub(crate) async fn use_is_noted_once_a_minute(backend: &impl Backend) {
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    let start = backend.hand().unix();
    for (wait, expected) in [(0, 0), (30, 0), (31, 61), (60, 61), (1, 122)] {
        backend.hand().advance(Duration::from_secs(wait));
        store.mark_used(&made.id).await.unwrap();
        let found = store.get(&made.id).await.unwrap().unwrap();
        assert_eq!(found.last_used_at, Some(start + expected));
        assert_eq!((found.version, found.updated_at), (1, made.updated_at));
    }
}

pub(crate) async fn another_instance_sees_what_was_written(backend: &impl Backend) {
    let (one, other) = (backend.open(), backend.open());
    let made = one
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    for version in 1..20 {
        let (writer, reader) = if version % 2 == 0 {
            (&one, &other)
        } else {
            (&other, &one)
        };
        writer
            .put_if(&made.id, version, None, update(&version.to_string()))
            .await
            .unwrap();
        let found = reader.get(&made.id).await.unwrap().unwrap();
        assert_eq!(found.version, version + 1);
        assert_eq!(
            text(&reader.open_sealed(&found).await.unwrap()),
            version.to_string()
        );
    }
}

pub(crate) async fn texts_of_any_kind_survive(backend: &impl Backend) {
    let store = backend.open();
    let odd = [
        "",
        "'; DROP TABLE connections; --",
        "äöü 漢字 🗝",
        "a\nb\tc",
        "%_[]\\",
        "NULL",
    ];
    for text in odd {
        let new = NewConnection {
            name: Some(text.to_owned()),
            label: Some(text.to_owned()),
            identity: None,
            owner: text.to_owned(),
            ..new_connection("")
        };
        let made = store.create(new, bytes(text)).await.unwrap();
        let found = store.get(&made.id).await.unwrap().unwrap();
        assert_eq!(
            (found.name.as_deref(), found.owner.as_str(), &found.identity),
            (Some(text), text, &None)
        );
        assert_eq!(
            store.open_sealed(&found).await.unwrap().reveal(),
            text.as_bytes()
        );
    }
    let binary: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    let large = store
        .create(
            new_connection("large"),
            secret::SecretBytes::new(binary.clone()),
        )
        .await
        .unwrap();
    assert_eq!(store.open_sealed(&large).await.unwrap().reveal(), binary);
}

pub(crate) async fn uses_are_noted_for_many_at_once(backend: &impl Backend) {
    let store = backend.open();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let made = store
            .create(new_connection("local"), bytes("x"))
            .await
            .unwrap();
        ids.push(made.id);
    }
    let uses = |first: i64, second: i64| {
        vec![
            (ids[0].clone(), first),
            ("c_nobody".to_owned(), 1),
            (ids[1].clone(), second),
        ]
    };
    store.mark_used_many(uses(1_000, 2_000)).await.unwrap();
    store.mark_used_many(uses(1_061, 1_000)).await.unwrap();
    store.mark_used_many(Vec::new()).await.unwrap();
    for (id, expected) in ids.iter().zip([Some(1_061), Some(2_000), None]) {
        let found = store.get(id).await.unwrap().unwrap();
        assert_eq!((found.last_used_at, found.version), (expected, 1));
    }
}
