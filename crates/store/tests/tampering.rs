//! Somebody who can write to the file, but has no key, moves sealed values about.

use rusqlite::Connection;
use secret::SecretString;
use store::{Digest, NewConnection, NewRun, Role, Store, StoreError};

use crate::fixture::{Backend, Sqlite, bytes, new_connection, text, update};

async fn open_connection(store: &Store, id: &str) -> Result<String, StoreError> {
    let record = store.get(id).await?.unwrap();
    store
        .open_sealed(&record)
        .await
        .map(|bytes| text(&bytes).to_owned())
}

fn sealed(raw: &Connection, id: &str) -> Vec<u8> {
    raw.query_row(
        "SELECT sealed FROM connections WHERE id = $1",
        [id],
        |row| row.get(0),
    )
    .unwrap()
}

fn put(raw: &Connection, id: &str, sealed: &[u8]) {
    assert_eq!(
        raw.execute(
            "UPDATE connections SET sealed = $1 WHERE id = $2",
            (sealed, id)
        )
        .unwrap(),
        1
    );
}

#[tokio::test]
async fn attack_58_a_credential_does_not_open_in_another_row() {
    let backend = Sqlite::new();
    let store = backend.open();
    let victim = store
        .create(new_connection("app/victim"), bytes("victim's"))
        .await
        .unwrap();
    let attacker = store
        .create(new_connection("app/attacker"), bytes("attacker's"))
        .await
        .unwrap();
    let raw = backend.raw();
    let own = sealed(&raw, &attacker.id);
    put(&raw, &attacker.id, &sealed(&raw, &victim.id));
    let moved = open_connection(&store, &attacker.id).await;
    assert!(
        matches!(moved, Err(StoreError::Unreadable { .. })),
        "{moved:?}"
    );
    put(&raw, &attacker.id, &own);
    assert_eq!(
        open_connection(&store, &attacker.id).await.unwrap(),
        "attacker's"
    );
}

#[tokio::test]
async fn attack_58_a_credential_does_not_open_once_its_row_is_said_to_be_another_ones() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("app/victim"), bytes("victim's"))
        .await
        .unwrap();
    let raw = backend.raw();
    // Each of these would hand the credential to somebody, or send it somewhere, else.
    for (column, other, own) in [
        ("owner", "app/attacker", "app/victim"),
        ("connector", "evil", "wiki"),
        ("environment", "staging", ""),
        (
            "origins",
            "https://evil.example.org",
            "https://wiki.example.org",
        ),
    ] {
        let sql = format!("UPDATE connections SET {column} = $1 WHERE id = $2");
        raw.execute(&sql, (other, &made.id)).unwrap();
        let opened = open_connection(&store, &made.id).await;
        assert!(
            matches!(opened, Err(StoreError::Unreadable { .. })),
            "{column}"
        );
        raw.execute(&sql, (own, &made.id)).unwrap();
        assert_eq!(open_connection(&store, &made.id).await.unwrap(), "victim's");
    }
    raw.execute(
        "UPDATE connections SET id = 'c_other' WHERE id = $1",
        [&made.id],
    )
    .unwrap();
    assert!(open_connection(&store, "c_other").await.is_err());
}

#[tokio::test]
async fn attack_59_an_older_credential_does_not_open_under_a_newer_version() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let raw = backend.raw();
    let old = sealed(&raw, &made.id);
    store
        .put_if(&made.id, 1, None, update("new"))
        .await
        .unwrap();
    let new = sealed(&raw, &made.id);
    put(&raw, &made.id, &old);
    assert!(matches!(
        open_connection(&store, &made.id).await,
        Err(StoreError::Unreadable { .. })
    ));
    put(&raw, &made.id, &new);
    for version in [1, 3] {
        raw.execute("UPDATE connections SET version = $1", [version])
            .unwrap();
        assert!(
            matches!(
                open_connection(&store, &made.id).await,
                Err(StoreError::Unreadable { .. })
            ),
            "{version}"
        );
    }
}

#[tokio::test]
async fn attack_59_older_cookies_secrets_and_runs_do_not_open_either() {
    let backend = Sqlite::new();
    let store = backend.open();
    let raw = backend.raw();
    let made = store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    store
        .put_cookies(&made.id, 1, 0, bytes("jar 1"))
        .await
        .unwrap();
    let value = |text: &str| SecretString::new(text.to_owned());
    store
        .set_secret("wiki", None, "s", value("1"))
        .await
        .unwrap();
    let run = NewRun {
        id: "r".to_owned(),
        connector: "wiki".to_owned(),
        environment: None,
        owner: "local".to_owned(),
        state: None,
        ttl: std::time::Duration::from_secs(600),
    };
    store.save_run(run.clone(), None, bytes("1")).await.unwrap();
    let read = |sql: &str| -> Vec<u8> { raw.query_row(sql, [], |row| row.get(0)).unwrap() };
    let cookies = read("SELECT cookies FROM connections");
    let secret = read("SELECT sealed FROM secrets");
    let paused = read("SELECT sealed FROM runs");
    store
        .put_cookies(&made.id, 1, 1, bytes("jar 2"))
        .await
        .unwrap();
    // Removed and set again: also then it is a newer one.
    store.delete_secret("wiki", None, "s").await.unwrap();
    store
        .set_secret("wiki", None, "s", value("2"))
        .await
        .unwrap();
    store.save_run(run, Some(1), bytes("2")).await.unwrap();
    raw.execute("UPDATE connections SET cookies = $1", [&cookies])
        .unwrap();
    raw.execute("UPDATE secrets SET sealed = $1", [&secret])
        .unwrap();
    raw.execute("UPDATE runs SET sealed = $1", [&paused])
        .unwrap();
    let record = store.get(&made.id).await.unwrap().unwrap();
    assert!(matches!(
        store.open_cookies(&record).await,
        Err(StoreError::Unreadable { .. })
    ));
    assert!(matches!(
        store.secret("wiki", None, "s").await,
        Err(StoreError::Unreadable { .. })
    ));
    assert!(matches!(
        store.load_run("r").await,
        Err(StoreError::Unreadable { .. })
    ));
    // Nor does a jar open as a credential.
    raw.execute("UPDATE connections SET sealed = cookies", [])
        .unwrap();
    assert!(open_connection(&store, &made.id).await.is_err());
}

#[tokio::test]
async fn attack_58_a_secret_does_not_open_under_another_name_or_environment() {
    let backend = Sqlite::new();
    let store = backend.open();
    let raw = backend.raw();
    store
        .set_secret(
            "wiki",
            None,
            "s",
            SecretString::new("production".to_owned()),
        )
        .await
        .unwrap();
    raw.execute("UPDATE secrets SET environment = 'staging'", [])
        .unwrap();
    assert!(matches!(
        store.secret("wiki", Some("staging"), "s").await,
        Err(StoreError::Unreadable { .. })
    ));
    raw.execute("UPDATE secrets SET environment = '', name = 'shown'", [])
        .unwrap();
    assert!(matches!(
        store.secret("wiki", None, "shown").await,
        Err(StoreError::Unreadable { .. })
    ));
}

#[tokio::test]
async fn every_bit_of_a_sealed_value_counts() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    let raw = backend.raw();
    let own = sealed(&raw, &made.id);
    for index in 0..own.len() {
        let mut altered = own.clone();
        altered[index] ^= 1;
        put(&raw, &made.id, &altered);
        let error = open_connection(&store, &made.id).await.unwrap_err();
        let known = matches!(
            error,
            StoreError::Unreadable { .. } | StoreError::UnknownDataKey { .. }
        );
        assert!(known, "{index}: {error}");
    }
    for length in 0..own.len() {
        put(&raw, &made.id, &own[..length]);
        assert!(open_connection(&store, &made.id).await.is_err(), "{length}");
    }
    let line = open_connection(&store, &made.id)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        line.contains(&made.id) && line.contains("stepgate.db"),
        "{line}"
    );
}

#[tokio::test]
async fn two_sealings_of_one_value_look_nothing_alike() {
    let backend = Sqlite::new();
    let store = backend.open();
    let new = || NewConnection {
        ..new_connection("local")
    };
    let one = store
        .create(new(), bytes("the same credential"))
        .await
        .unwrap();
    let other = store
        .create(new(), bytes("the same credential"))
        .await
        .unwrap();
    let raw = backend.raw();
    let (one, other) = (sealed(&raw, &one.id), sealed(&raw, &other.id));
    assert_eq!(one.len(), other.len());
    // Only the header, which names the format and the data key, is the same.
    let alike = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    assert!(alike < 24, "{alike}");
    assert!(
        !one.windows(8)
            .skip(24)
            .any(|window| other.windows(8).skip(24).any(|w| w == window))
    );
}

#[tokio::test]
async fn attack_58_a_ticket_opens_only_as_what_it_was_put_for() {
    let backend = Sqlite::new();
    let store = backend.open();
    let raw = backend.raw();
    let (one, other) = (Digest::of(b"one"), Digest::of(b"other"));
    let end = backend.hand().unix() + 600;
    let swaps = [
        "UPDATE tickets SET kind = 'setup'",
        "UPDATE tickets SET expires_at = expires_at + 1",
        "UPDATE tickets SET sealed = (SELECT sealed FROM tickets ORDER BY hash DESC LIMIT 1)",
    ];
    for swap in swaps {
        for (hash, content) in [(one, "one"), (other, "other")] {
            let put = store.put_ticket(hash, "link", bytes(content), end);
            put.await.unwrap();
        }
        raw.execute(swap, []).unwrap();
        let mut unreadable = 0;
        for (hash, content) in [(one, "one"), (other, "other")] {
            for kind in ["link", "setup"] {
                match store.take_ticket(hash, kind).await {
                    Ok(taken) => assert!(taken.is_none_or(|taken| text(&taken) == content)),
                    Err(StoreError::Unreadable { .. }) => unreadable += 1,
                    Err(error) => panic!("{error}"),
                }
            }
        }
        assert!(unreadable > 0, "{swap}");
    }
}

#[tokio::test]
async fn attack_58_a_password_does_not_open_for_another_person_or_version() {
    let backend = Sqlite::new();
    let store = backend.open();
    let raw = backend.raw();
    for login in ["ann", "eve"] {
        let password = SecretString::new(login.to_owned());
        let made = store.create_person(login, Role::Admin, password);
        made.await.unwrap();
    }
    let swaps = [
        "UPDATE people SET version = 2 WHERE login = 'ann'",
        "UPDATE people SET version = 1, password = \
         (SELECT password FROM people WHERE login = 'eve') WHERE login = 'ann'",
    ];
    for swap in swaps {
        raw.execute(swap, []).unwrap();
        let opened = store.person("ann").await;
        assert!(
            matches!(opened, Err(StoreError::Unreadable { .. })),
            "{swap}"
        );
    }
}

#[tokio::test]
async fn attack_58_a_secret_of_the_server_does_not_open_under_another_name() {
    let backend = Sqlite::new();
    let store = backend.open();
    for name in ["links", "user_tokens"] {
        store.server_secret(name).await.unwrap();
    }
    let swap = "UPDATE server_secrets SET sealed = \
                (SELECT sealed FROM server_secrets WHERE name = 'links')";
    backend.raw().execute(swap, []).unwrap();
    assert!(store.server_secret("links").await.is_ok());
    let moved = store.server_secret("user_tokens").await;
    assert!(matches!(moved, Err(StoreError::Unreadable { .. })));
}
