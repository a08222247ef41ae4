//! The master key: how it is written, where it comes from, what happens with the wrong one.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::Barrier;

use secret::SecretString;
use store::{KeySource, MASTER_KEY_FILE, Notice, StoreError, generate_key};

use crate::fixture::{Backend, Sqlite, bytes, new_connection, random, text};

fn env(text: &str) -> KeySource {
    KeySource::Env(SecretString::new(text.to_owned()))
}

const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

#[tokio::test]
async fn one_key_in_every_writing() {
    let backend = Sqlite::new();
    let (store, notices) = backend.open_with(env(HEX)).unwrap();
    assert_eq!(notices, []);
    let made = store
        .create(new_connection("local"), bytes("credential"))
        .await
        .unwrap();
    let writings = [
        HEX.to_uppercase(),
        format!("  {HEX}\n"),
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=".to_owned(),
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8".to_owned(),
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=\r\n".to_owned(),
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8"
            .replace('/', "_")
            .replace('+', "-"),
    ];
    for writing in writings {
        let (store, _) = backend.open_with(env(&writing)).unwrap();
        assert_eq!(
            text(&store.open_sealed(&made).await.unwrap()),
            "credential",
            "{writing}"
        );
        let file = backend.dir().join("given.key");
        fs::write(&file, &writing).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(backend.open_with(KeySource::File(file)).unwrap().1, []);
    }
    assert!(
        !backend.dir().join(MASTER_KEY_FILE).exists(),
        "a key that is given is written nowhere"
    );
}

#[test]
fn attack_60_a_key_that_is_none_is_refused_before_anything_is_made() {
    let backend = Sqlite::new();
    let long = format!("{HEX}00");
    let same = "41".repeat(32);
    let cases = [
        ("", "is empty"),
        (" \n", "is empty"),
        ("changeme", "has 8 characters"),
        (&HEX[..62], "has 62 characters"),
        (&long, "has 66 characters"),
        ("correct horse battery staple", "has 28 characters"),
        (&same, "over and over"),
    ];
    for (key, why) in cases {
        let error = backend.open_with(env(key)).err().unwrap();
        assert!(matches!(error, StoreError::UnusableKey { .. }), "{key}");
        let line = error.to_string();
        assert!(
            line.contains(why) && line.contains("stepgate keygen") && line.contains("STEPGATE_KEY"),
            "{line}"
        );
        assert!(
            !line.contains('\n') && (key.trim().is_empty() || !line.contains(key)),
            "{line}"
        );
        assert!(!backend.dir().exists());
    }
}

#[tokio::test]
async fn attack_60_a_wrong_key_says_so_and_changes_nothing() {
    let backend = Sqlite::new();
    let (store, _) = backend.open_with(env(HEX)).unwrap();
    let made = store
        .create(new_connection("local"), bytes("credential"))
        .await
        .unwrap();
    drop(store);
    let before = fs::read(backend.database()).unwrap();
    let wrong = generate_key(&random());
    let error = backend
        .open_with(KeySource::Env(wrong.clone()))
        .err()
        .unwrap();
    let line = error.to_string();
    assert!(matches!(error, StoreError::WrongKey { .. }), "{line}");
    assert!(
        line.contains("STEPGATE_KEY")
            && line.contains("stepgate.db")
            && line.contains("nothing was changed")
    );
    assert!(!line.contains('\n') && !line.contains(wrong.reveal()) && !line.contains(HEX));
    assert_eq!(fs::read(backend.database()).unwrap(), before);
    // Nor is a key made where the folder's own is asked for and missing.
    let error = backend.open_with(KeySource::InDataDir).err().unwrap();
    assert!(
        matches!(error, StoreError::KeyFile { doing: "read", .. }),
        "{error}"
    );
    assert!(!backend.dir().join(MASTER_KEY_FILE).exists());
    assert_eq!(fs::read(backend.database()).unwrap(), before);
    let (store, _) = backend.open_with(env(HEX)).unwrap();
    assert_eq!(text(&store.open_sealed(&made).await.unwrap()), "credential");
}

#[tokio::test]
async fn attack_60_under_a_new_master_key_old_rows_are_readable() {
    let backend = Sqlite::new();
    let (store, _) = backend.open_with(env(HEX)).unwrap();
    let made = store
        .create(new_connection("local"), bytes("credential"))
        .await
        .unwrap();
    store.rotate_data_key().await.unwrap();
    let new_key = generate_key(&random());
    store.change_master_key(&new_key).await.unwrap();
    // The store that is open goes on, also with keys made later.
    store.rotate_data_key().await.unwrap();
    assert_eq!(text(&store.open_sealed(&made).await.unwrap()), "credential");
    drop(store);
    let old = backend.open_with(env(HEX)).err().unwrap();
    assert!(matches!(old, StoreError::WrongKey { .. }), "{old}");
    let (store, _) = backend.open_with(KeySource::Env(new_key)).unwrap();
    assert_eq!(text(&store.open_sealed(&made).await.unwrap()), "credential");
    let unusable = store
        .change_master_key(&SecretString::new("short".to_owned()))
        .await;
    assert!(matches!(unusable, Err(StoreError::UnusableKey { .. })));
}

#[test]
fn a_key_is_made_at_the_first_start_and_said_once() {
    let backend = Sqlite::new();
    let path = backend.dir().join(MASTER_KEY_FILE);
    let (_store, notices) = backend.open_with(KeySource::InDataDir).unwrap();
    assert_eq!(notices, [Notice::KeyMade { path: path.clone() }]);
    assert!(notices[0].to_string().contains(&path.display().to_string()));
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    let key = fs::read_to_string(&path).unwrap();
    assert!(!notices[0].to_string().contains(key.trim()));
    assert_eq!(backend.open_with(KeySource::InDataDir).unwrap().1, []);
    // The same key, given another way.
    backend.open_with(env(&key)).unwrap();
    backend.open_with(KeySource::File(path)).unwrap();
    let drafts = fs::read_dir(backend.dir()).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with(".master")
    });
    assert_eq!(drafts.count(), 0);
}

#[test]
fn two_first_starts_at_once_make_one_key() {
    for _ in 0..10 {
        let backend = Sqlite::new();
        let start = Barrier::new(4);
        let made: usize = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        backend.open_with(KeySource::InDataDir).unwrap().1.len()
                    })
                })
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).sum()
        });
        assert_eq!(made, 1);
        let keys: i64 = backend
            .raw()
            .query_row("SELECT count(*) FROM data_keys", [], |row| row.get(0))
            .unwrap();
        assert_eq!(keys, 1);
    }
}

#[test]
fn a_key_file_that_others_can_read_is_warned_of() {
    let backend = Sqlite::new();
    drop(backend.open());
    let path = backend.dir().join(MASTER_KEY_FILE);
    for mode in [0o640, 0o604, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let (_, notices) = backend.open_with(KeySource::InDataDir).unwrap();
        assert_eq!(
            notices,
            [Notice::KeyFileOpenToOthers {
                path: path.clone(),
                mode
            }]
        );
        let line = notices[0].to_string();
        assert!(
            line.contains(&format!("{mode:04o}")) && line.contains("chmod 600"),
            "{line}"
        );
    }
}

#[test]
fn a_key_file_that_cannot_be_read_is_named() {
    let backend = Sqlite::new();
    let missing = backend.dir().join("nowhere.key");
    let error = backend
        .open_with(KeySource::File(missing.clone()))
        .err()
        .unwrap();
    assert!(matches!(error, StoreError::KeyFile { doing: "read", .. }));
    assert!(
        error.to_string().contains(&missing.display().to_string()),
        "{error}"
    );
    assert!(!backend.dir().exists());
    let folder = KeySource::File(std::env::temp_dir());
    assert!(matches!(
        backend.open_with(folder),
        Err(StoreError::KeyFile { .. })
    ));
    let endless = KeySource::File("/dev/zero".into());
    assert!(matches!(
        backend.open_with(endless),
        Err(StoreError::UnusableKey { .. })
    ));
}

#[test]
fn keygen_makes_keys_that_open() {
    let backend = Sqlite::new();
    let (one, other) = (generate_key(&random()), generate_key(&random()));
    assert_ne!(one.reveal(), other.reveal());
    assert_eq!(one.reveal().len(), 43);
    backend.open_with(KeySource::Env(one)).unwrap();
}
