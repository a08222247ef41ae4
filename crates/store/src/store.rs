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
        let master = match given {
            Some(master) => master,
            None if sealed_before => {
                let master = MasterKey::read(&dir.join(MASTER_KEY_FILE), &mut notices)?;
                Keyring::check(&connection, &path, Some(&master))?;
                master
            }
            None => MasterKey::read_or_make(&dir.join(MASTER_KEY_FILE), &random, &mut notices)?,
        };
        migration::migrate(&mut connection, &path, clock.unix())?;
        let keyring = Arc::new(Keyring::open(
            &mut connection,
            &path,
            master,
            &random,
            clock.unix(),
        )?);
        let looking = database::open(&path, Access::Read)?;
        let writer = Worker::start("store-writer", path.clone(), connection)?;
        let reader = Worker::start("store-reader", path, looking)?;
        Ok((
            Self(Arc::new(Inner {
                writer,
                reader,
                keyring,
                clock,
                random,
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
