//! What joins flow and store: the connections that one process has in use, and what they share.

use crate::error::ConnectionError;
use crate::flight::Flights;
use crate::handle::Handle;
use flow::{Context, Credential, Engine, Progress, Run, Secrets};
use model::Connector;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{ConnectionRecord, Store};

/// The connections of this process. Cheap to clone; all clones share one table of open handles and of renewals under way.
#[derive(Clone)]
pub struct Connections {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) renewals: Arc<Flights<Result<Arc<Handle>, ConnectionError>>>,
    /// The newest handle of each connection in use.
    open: Arc<Mutex<HashMap<String, Arc<Handle>>>>,
    /// Renewals that stopped at a question, with the version they were to replace.
    paused: Arc<Mutex<HashMap<String, Paused>>>,
    /// Renewed credentials that the store could not take, with the version they replace.
    unstored: Arc<Mutex<HashMap<String, (u64, Credential)>>>,
    /// Whether cookies are about to be written.
    pub(crate) writing: Arc<AtomicBool>,
}

/// A run that waits for somebody to answer.
struct Paused {
    version: u64,
    run: Run,
    asks: Progress,
}

/// A connector with what its templates read beside it. Shared, because a renewal outlives the call that asked for it.
#[derive(Clone)]
pub struct Equipped {
    /// The connector, its environment applied.
    pub connector: Arc<Connector>,
    /// Its secrets.
    pub secrets: Arc<Secrets>,
    /// Where APIs redirect back to.
    pub callback_url: Arc<str>,
}

impl Equipped {
    /// Puts the three together.
    #[must_use]
    pub fn new(connector: Connector, secrets: Secrets, callback_url: &str) -> Self {
        Self {
            connector: Arc::new(connector),
            secrets: Arc::new(secrets),
            callback_url: callback_url.into(),
        }
    }

    /// What a flow run reads.
    #[must_use]
    pub fn context<'a>(&'a self, engine: &'a Engine) -> Context<'a> {
        Context {
            connector: &self.connector,
            secrets: &self.secrets,
            callback_url: &self.callback_url,
            engine,
        }
    }
}

impl Connections {
    /// The connections kept in `store`, whose flows run on `engine`.
    #[must_use]
    pub fn new(store: Store, engine: Engine) -> Self {
        Self {
            store,
            engine,
            renewals: Arc::new(Flights::new()),
            open: Arc::default(),
            paused: Arc::default(),
            unstored: Arc::default(),
            writing: Arc::default(),
        }
    }

    /// What flows run on, for calls to send with.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The open handle of this connection, if one is in use.
    pub(crate) fn opened(&self, id: &str) -> Option<Arc<Handle>> {
        self.table().get(id).cloned()
    }

    /// Makes a stored version the one that calls see. An older one never replaces a newer one.
    pub(crate) fn show(&self, handle: Handle) -> Arc<Handle> {
        let mut table = self.table();
        if let Some(present) = table.get(handle.id())
            && present.version() >= handle.version()
        {
            return present.clone();
        }
        let handle = Arc::new(handle);
        table.insert(handle.id().to_owned(), handle.clone());
        handle
    }

    pub(crate) fn forget_opened(&self, id: &str) {
        self.table().remove(id);
        lock(&self.paused).remove(id);
        lock(&self.unstored).remove(id);
    }

    pub(crate) fn all_opened(&self) -> Vec<Arc<Handle>> {
        self.table().values().cloned().collect()
    }

    /// Keeps a run that stopped at a question: whoever can answer goes on from there, and is asked for that alone.
    pub(crate) fn pause(&self, record: &ConnectionRecord, run: Run, asks: Progress) {
        lock(&self.paused).insert(
            record.id.clone(),
            Paused {
                version: record.version,
                run,
                asks,
            },
        );
    }

    /// The run that stopped at a question, once.
    pub(crate) fn resume(&self, record: &ConnectionRecord) -> Option<(Run, Progress)> {
        let paused = lock(&self.paused).remove(&record.id)?;
        (paused.version == record.version).then_some((paused.run, paused.asks))
    }

    /// Keeps in memory what the store could not take.
    pub(crate) fn keep_unstored(&self, record: &ConnectionRecord, renewed: Credential) {
        lock(&self.unstored).insert(record.id.clone(), (record.version, renewed));
    }

    /// What the store could not take, once.
    pub(crate) fn unstored(&self, record: &ConnectionRecord) -> Option<Credential> {
        let (version, renewed) = lock(&self.unstored).remove(&record.id)?;
        (version == record.version).then_some(renewed)
    }

    fn table(&self) -> MutexGuard<'_, HashMap<String, Arc<Handle>>> {
        lock(&self.open)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A table is whole after every statement, so a panic elsewhere leaves it usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
