//! What the tests open stores with: a folder that goes away, a clock that stands until it is moved, real randomness.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use model::{Clock, Random, StateRecord};
use secret::SecretBytes;
use store::{KeySource, NewConnection, Notice, Settings, Store, StoreError, Update};
use tempfile::TempDir;

/// A clock that stands until it is moved.
#[derive(Clone)]
pub(crate) struct Hand(Arc<AtomicU64>);

impl Hand {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_800_000_000_000)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_millis() as u64, Ordering::SeqCst);
    }

    pub(crate) fn put_back(&self, by: Duration) {
        self.0.fetch_sub(by.as_millis() as u64, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Clock {
        let millis = self.0.clone();
        Clock::new(move || UNIX_EPOCH + Duration::from_millis(millis.load(Ordering::SeqCst)))
    }

    pub(crate) fn unix(&self) -> i64 {
        self.clock().unix()
    }
}

/// A backend with data of its own, of which any number of stores can be opened.
pub(crate) trait Backend {
    /// A store on the backend's data.
    fn open(&self) -> Store;
    /// The clock of all stores.
    fn hand(&self) -> &Hand;
}

/// A data folder.
pub(crate) struct Sqlite {
    dir: TempDir,
    hand: Hand,
}

impl Sqlite {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            hand: Hand::new(),
        }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir().join(store::DATABASE_FILE)
    }

    pub(crate) fn open_with(&self, key: KeySource) -> Result<(Store, Vec<Notice>), StoreError> {
        open(&self.dir(), key, &self.hand)
    }

    /// A plain connection to the file, as somebody who tampers with it has.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }
}

impl Backend for Sqlite {
    fn open(&self) -> Store {
        self.open_with(KeySource::InDataDir).unwrap().0
    }

    fn hand(&self) -> &Hand {
        &self.hand
    }
}

pub(crate) fn open(
    dir: &Path,
    key: KeySource,
    hand: &Hand,
) -> Result<(Store, Vec<Notice>), StoreError> {
    Store::open(Settings {
        dir: dir.to_owned(),
        key,
        clock: hand.clock(),
        random: random(),
    })
}

pub(crate) fn random() -> Random {
    Random::new(|bytes| getrandom::fill(bytes).unwrap())
}

pub(crate) fn bytes(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

pub(crate) fn text(bytes: &SecretBytes) -> &str {
    std::str::from_utf8(bytes.reveal()).unwrap()
}

pub(crate) fn new_connection(owner: &str) -> NewConnection {
    NewConnection {
        connector: "wiki".to_owned(),
        environment: None,
        owner: owner.to_owned(),
        origins: "https://wiki.example.org".to_owned(),
        name: None,
        identity: Some("42".to_owned()),
        label: Some("Alice".to_owned()),
        state: StateRecord::signed_in(1_800_000_000),
        expires_at: Some(1_800_003_600),
    }
}

pub(crate) fn update(credential: &str) -> Update {
    Update {
        sealed: bytes(credential),
        state: StateRecord::signed_in(1_800_000_001),
        identity: Some("42".to_owned()),
        label: Some("Alice".to_owned()),
        expires_at: None,
        renewed: false,
    }
}
