//! Nothing that was sealed can be found on the disk in any writing.

use std::fs;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secret::SecretString;
use store::{BlobPlace, Digest, KeySource, NewRun, Role};

use crate::fixture::{Backend, Sqlite, bytes, new_connection, update};

const CANARY: &str = "canary-7f3b/+secret?value";

/// The canary plain, percent-encoded, in hex, in UTF-16, and in base64 at every alignment.
fn writings() -> Vec<Vec<u8>> {
    let percent = CANARY
        .replace('/', "%2F")
        .replace('+', "%2B")
        .replace('?', "%3F");
    let mut all = vec![
        CANARY.as_bytes().to_vec(),
        percent.into_bytes(),
        hex::encode(CANARY).into_bytes(),
        hex::encode_upper(CANARY).into_bytes(),
        CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        CANARY.bytes().rev().collect(),
    ];
    for skip in 0..3 {
        // Less what a neighbour would change.
        let part = &CANARY.as_bytes()[skip..skip + (CANARY.len() - skip) / 3 * 3];
        all.extend([STANDARD.encode(part), URL_SAFE_NO_PAD.encode(part)].map(String::into_bytes));
    }
    all
}

fn find(backend: &Sqlite, needles: &[Vec<u8>]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(backend.dir()).unwrap() {
        let path = entry.unwrap().path();
        let content = fs::read(&path).unwrap();
        for needle in needles {
            if content
                .windows(needle.len())
                .any(|window| window == needle.as_slice())
            {
                found.push(format!(
                    "{} in {}",
                    String::from_utf8_lossy(needle),
                    path.display()
                ));
            }
        }
    }
    found
}

#[tokio::test]
async fn attack_61_no_file_holds_a_secret_in_the_clear() {
    let backend = Sqlite::new();
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8";
    let (store, _) = backend
        .open_with(KeySource::Env(SecretString::new(key.to_owned())))
        .unwrap();
    let made = store
        .create(new_connection("local"), bytes(CANARY))
        .await
        .unwrap();
    store
        .put_cookies(&made.id, 1, 0, bytes(CANARY))
        .await
        .unwrap();
    store
        .put_if(&made.id, 1, None, update(CANARY))
        .await
        .unwrap();
    store
        .set_secret("wiki", None, "s", SecretString::new(CANARY.to_owned()))
        .await
        .unwrap();
    let run = NewRun {
        id: "r".to_owned(),
        connector: "wiki".to_owned(),
        environment: None,
        owner: "local".to_owned(),
        state: None,
        ttl: Duration::from_secs(600),
    };
    store.save_run(run, None, bytes(CANARY)).await.unwrap();
    let hash = Digest::of(CANARY.as_bytes());
    let end = backend.hand().unix() + 600;
    store
        .put_ticket(hash, "link", bytes(CANARY), end)
        .await
        .unwrap();
    let password = SecretString::new(CANARY.to_owned());
    store
        .create_person("ann", Role::Admin, password)
        .await
        .unwrap();
    store.create_token(hash, "ann", "ci", None).await.unwrap();
    let server_secret = store.server_secret("links").await.unwrap();
    let names: Vec<_> = fs::read_dir(backend.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    for file in ["stepgate.db", "stepgate.db-wal", "stepgate.db-shm"] {
        assert!(
            names.iter().any(|name| name == file),
            "{file} is looked at while it is there: {names:?}"
        );
    }
    let mut needles = writings();
    needles.push(server_secret.reveal().to_vec());
    let key_bytes = STANDARD_NO_PAD.decode(key).unwrap();
    needles.extend([
        key.as_bytes().to_vec(),
        hex::encode(&key_bytes).into_bytes(),
        key_bytes,
    ]);
    assert_eq!(find(&backend, &needles), [""; 0]);
    // What is no secret is there, so the search does search.
    assert!(!find(&backend, &[b"https://wiki.example.org".to_vec()]).is_empty());
    drop(store);
    assert_eq!(find(&backend, &needles), [""; 0]);
}

#[tokio::test]
async fn attack_61_nothing_that_prints_shows_a_secret() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes(CANARY))
        .await
        .unwrap();
    let update = update(CANARY);
    let opened = store.open_sealed(&made).await.unwrap();
    let key = KeySource::Env(SecretString::new(CANARY.to_owned()));
    let password = SecretString::new(CANARY.to_owned());
    let person = store
        .create_person("ann", Role::Admin, password)
        .await
        .unwrap();
    let place = BlobPlace {
        app: "shop",
        user: "u1",
        connector: "wiki",
        connection: &made.id,
        version: 1,
    };
    let blob = store.seal_blob(place, &bytes(CANARY)).unwrap();
    let printed =
        format!("{made:?} {update:?} {opened:?} {key:?} {store:?} {person:?} {place:?} {blob}");
    assert!(
        !printed.contains(CANARY) && printed.contains("[sealed]"),
        "{printed}"
    );
}

#[tokio::test]
async fn what_was_deleted_is_not_left_in_the_file() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    let sealed: Vec<u8> = backend
        .raw()
        .query_row("SELECT sealed FROM connections", [], |row| row.get(0))
        .unwrap();
    store.delete(&made.id).await.unwrap();
    drop(store);
    assert_eq!(find(&backend, &[sealed]), [""; 0]);
}
