//! What joins flow and store: the connections that one process has in use, and what they share.

use crate::clock_notice::ClockNotices;
use crate::error::ConnectionError;
use crate::flight::Flights;
use crate::handle::Handle;
use crate::identities::Identities;
use crate::kept::Kept;
use crate::paused::{Paused, PausedRenewals};
use crate::proof::Prover;
use crate::table::{CAPACITY, Epoch, Table};
use crate::watch::Following;
use flow::{Context, Credential, Engine, Progress, Run, Secrets};
use model::Connector;
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{ConnectionRecord, Store};

/// The connections of this process. Cheap to clone; all clones share one table of open handles and of renewals under way.
#[derive(Clone)]
pub struct Connections {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) renewals: Arc<Flights<Result<Arc<Handle>, ConnectionError>>>,
    /// Sign-ins under way that need no person, by their turn.
    pub(crate) unattended: Arc<Flights<Result<Arc<Handle>, ConnectionError>>>,
    /// The newest handle of each connection in use.
    pub(crate) open: Arc<Table>,
    /// Handles whose cookies are to be written.
    pub(crate) dirty: Arc<Mutex<Vec<Arc<Handle>>>>,
    /// Whether what others write to the store is followed, and on which runtime.
    pub(crate) following: Arc<Following>,
    /// Renewals that stopped at a question.
    paused: Arc<Mutex<PausedRenewals>>,
    /// Renewed credentials that the store could not take, with the version they replace.
    unstored: Arc<Mutex<HashMap<String, (u64, Credential)>>>,
    pub(crate) prover: Prover,
    pub(crate) identities: Identities,
    /// Whether cookies are about to be written.
    pub(crate) writing: Arc<AtomicBool>,
    pub(crate) clock_notices: Arc<ClockNotices>,
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
            unattended: Arc::new(Flights::new()),
            open: Arc::new(Table::new(CAPACITY)),
            dirty: Arc::default(),
            following: Arc::default(),
            paused: Arc::default(),
            unstored: Arc::default(),
            prover: Prover::default(),
            identities: Identities::default(),
            writing: Arc::default(),
            clock_notices: Arc::default(),
        }
    }

    /// What flows run on, for calls to send with.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The same with at most so many handles open; fewer that are being renewed, or have cookies to be written.
    #[must_use]
    pub fn with_capacity(mut self, handles: usize) -> Self {
        self.open = Arc::new(Table::new(handles));
        self
    }

    /// The open handle of this connection, if one is in use.
    pub(crate) fn opened(&self, id: &str) -> Option<Arc<Handle>> {
        self.open.get(id)
    }

    /// Makes a stored version the one that calls see; `since` is from before it was read or written.
    pub(crate) fn show(
        &self,
        record: ConnectionRecord,
        credential: Credential,
        kept: Kept,
        since: Epoch,
    ) -> Arc<Handle> {
        let handle = Handle::new(record, credential, kept, self.engine.clock.unix());
        let busy = |id: &str| self.renewals.is_under_way(id);
        self.open.show(handle, since, &busy)
    }

    pub(crate) fn forget_opened(&self, id: &str) {
        self.open.close(id);
        lock(&self.paused).take(id);
        lock(&self.unstored).remove(id);
    }

    /// Keeps a run that stopped at a question: whoever can answer goes on from there, and is asked for that alone.
    pub(crate) fn pause(&self, record: &ConnectionRecord, run: Run, asks: Progress) {
        let version = record.version;
        let paused = Paused { version, run, asks };
        lock(&self.paused).put(&record.id, paused);
    }

    /// The run that stopped at a question, once.
    pub(crate) fn resume(&self, record: &ConnectionRecord) -> Option<(Run, Progress)> {
        let paused = lock(&self.paused).take(&record.id)?;
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

    /// Starts work that nobody waits for, on the runtime that follows the store where there is one: a server's front
    /// threads are not for it.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        match self.following.runtime() {
            Some(runtime) => drop(runtime.spawn(work)),
            None => drop(tokio::spawn(work)),
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A table is whole after every statement, so a panic elsewhere leaves it usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
