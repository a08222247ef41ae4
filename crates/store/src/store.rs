//! The store of one data folder: opened once per process, shared by cloning.

use std::path::PathBuf;
use std::sync::Arc;

use model::{Clock, Random};
use rusqlite::Connection;
use secret::{SecretBytes, SecretString};

use crate::data_key::Keyring;
use crate::database::{self, Access};
use crate::error::{Fault, StoreError};
use crate::folder;
use crate::master_key::{KeySource, MasterKey};
use crate::migration;
use crate::notice::Notice;
use crate::seal::{Place, Sealed};
use crate::worker::{Inbox, Worker};

/// The database's name in the data folder.
pub const DATABASE_FILE: &str = "stepgate.db";

/// The name of the master key that is made at the first start.
pub const MASTER_KEY_FILE: &str = "master.key";

/// What a store needs from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder; made where it is missing.
    pub dir: PathBuf,
    /// Where the master key comes from.
    pub key: KeySource,
    /// Tells the time, for leases and expiries.
    pub clock: Clock,
    /// Makes ids, keys and nonces.
    pub random: Random,
}

/// What survives a restart. Every method that writes has written durably when it returns.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    writer: Worker,
    reader: Worker,
    keyring: Arc<Keyring>,
    clock: Clock,
    random: Random,
    /// Tells the marks of this store from those of others.
    instance: u64,
}

impl Store {
    /// Opens the data folder, and makes what is missing in it. With a wrong key nothing is changed.
    ///
    /// # Errors
    /// The key, the folder or the database cannot be used.
    pub fn open(settings: Settings) -> Result<(Self, Vec<Notice>), StoreError> {
        let Settings {
            dir,
            key,
            clock,
            random,
        } = settings;
        let mut notices = Vec::new();
        // Before anything is made: a key that is no key leaves no trace.
        let given = MasterKey::given(&key, &mut notices)?;
        folder::prepare(&dir, &mut notices)?;
        let path = dir.join(DATABASE_FILE);
        folder::prepare_file(&path)?;
        let mut connection = database::open(&path, Access::Write)?;
        let sealed_before = migration::version(&connection, &path)? > 0
            && Keyring::check(&connection, &path, given.as_ref())?;
        let key_file = dir.join(MASTER_KEY_FILE);
        let known = match given {
            None if sealed_before => {
                let master = MasterKey::read(&key_file, &mut notices)?;
                Keyring::check(&connection, &path, Some(&master))?;
                Some(master)
            }
            given => given,
        };
        migration::migrate(&mut connection, &path, clock.unix())?;
        // Last, so that what fails before does not swallow the notice of a key that was made.
        let master = match known {
            Some(master) => master,
            None => MasterKey::read_or_make(&key_file, &random, &mut notices)?,
        };
        let keyring = Arc::new(Keyring::open(
            &mut connection,
            &path,
            master,
            &random,
            clock.unix(),
        )?);
        let looking = database::open(&path, Access::Read)?;
        // Never 0, which is no store's.
        let instance = u64::from_be_bytes(random.bytes()) | 1;
        let writer = Worker::start("store-writer", path.clone(), connection)?;
        let reader = Worker::start("store-reader", path, looking)?;
        Ok((
            Self(Arc::new(Inner {
                writer,
                reader,
                keyring,
                clock,
                random,
                instance,
            })),
            notices,
        ))
    }

    /// Makes a new data key for what is written from now on; what was written before stays readable.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rotate_data_key(&self) -> Result<(), StoreError> {
        let (keyring, now) = (self.keyring(), self.now());
        self.write(move |connection| keyring.rotate(connection, now))
            .await
    }

    /// Puts all data keys under another master key, all or none. From then on the store opens with that one only;
    /// processes that have it open go on.
    ///
    /// # Errors
    /// The key is unusable, or the database fails.
    pub async fn change_master_key(&self, key: &SecretString) -> Result<(), StoreError> {
        let master = MasterKey::parse(key.reveal(), "the new key".to_owned())?;
        let keyring = self.keyring();
        self.write(move |connection| keyring.rewrap(connection, master))
            .await
    }

    /// Runs a job on the one connection that writes.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.writer.run(job).await
    }

    /// A way to leave jobs for the one connection that writes.
    pub(crate) fn inbox(&self) -> Inbox {
        self.0.writer.inbox()
    }

    /// Runs a job on a connection that only reads, and sees all that was written before.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.reader.run(job).await
    }

    /// Opens a sealed value; looks for its data key once more where another process may have made it.
    pub(crate) async fn unseal(
        &self,
        place: &Place<'_>,
        sealed: &Sealed,
        what: &str,
    ) -> Result<SecretBytes, StoreError> {
        match self.0.keyring.unseal(place, sealed, what) {
            Err(StoreError::UnknownDataKey { .. }) => {
                let keyring = self.keyring();
                self.look(move |connection| keyring.reload(connection))
                    .await?;
                self.0.keyring.unseal(place, sealed, what)
            }
            settled => settled,
        }
    }

    pub(crate) fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.0.keyring)
    }

    pub(crate) fn instance(&self) -> u64 {
        self.0.instance
    }

    pub(crate) fn now(&self) -> i64 {
        self.0.clock.unix()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn random(&self) -> &Random {
        &self.0.random
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{
        Clock, DATABASE_FILE, KeySource, Random, SecretString, Settings, Store, StoreError,
    };

    fn store(dir: &tempfile::TempDir) -> Store {
        let settings = Settings {
            dir: dir.path().to_owned(),
            key: KeySource::InDataDir,
            clock: Clock::new(SystemTime::now),
            random: Random::new(|bytes| getrandom::fill(bytes).unwrap()),
        };
        Store::open(settings).unwrap().0
    }

    async fn set(store: &Store, value: &str) -> Result<(), StoreError> {
        let value = SecretString::new(value.to_owned());
        store.set_secret("wiki", None, "s", value).await
    }

    async fn secret(store: &Store) -> String {
        store
            .secret("wiki", None, "s")
            .await
            .unwrap()
            .unwrap()
            .reveal()
            .clone()
    }

    #[tokio::test]
    async fn a_full_disk_is_named_and_leaves_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir);
        set(&store, "old").await.unwrap();
        // A file that may not grow is to SQLite what a full disk is.
        store
            .write(|connection| {
                let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
                Ok(connection
                    .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
            })
            .await
            .unwrap();
        let error = set(&store, &"new".repeat(100_000)).await.unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
        assert_eq!(secret(&store).await, "old");
        set(&store, "now").await.unwrap();
        assert_eq!(secret(&store).await, "now");
    }

    #[tokio::test]
    async fn a_locked_database_is_named_and_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir);
        set(&store, "old").await.unwrap();
        store
            .write(|connection| Ok(connection.busy_timeout(Duration::ZERO)?))
            .await
            .unwrap();
        let other = rusqlite::Connection::open(dir.path().join(DATABASE_FILE)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = set(&store, "new").await.unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
        assert_eq!(secret(&store).await, "old");
        other.execute_batch("ROLLBACK").unwrap();
        set(&store, "new").await.unwrap();
        assert_eq!(secret(&store).await, "new");
    }

    #[tokio::test]
    async fn a_job_that_panics_takes_only_itself_along() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir);
        set(&store, "old").await.unwrap();
        let broken = store.write(|connection| -> Result<(), _> {
            let transaction = crate::database::writing(connection)?;
            transaction.execute("DELETE FROM secrets", [])?;
            panic!("on purpose");
        });
        assert!(matches!(broken.await, Err(StoreError::Stopped)));
        assert_eq!(secret(&store).await, "old");
        set(&store, "new").await.unwrap();
        assert_eq!(secret(&store).await, "new");
    }
}
