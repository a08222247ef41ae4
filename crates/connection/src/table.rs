//! The open handles of this process: the newest of each connection, no more than a bound, the least recently used out.
//!
//! A handle is current exactly as long as it is in here. Whoever reads a connection from the store to put it in takes
//! the table's [`Epoch`] before: where something was taken out meanwhile, what was read may be what was taken out.

use crate::handle::Handle;
use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{ConnectionRecord, Use};

/// How many handles are kept open.
pub(crate) const CAPACITY: usize = 20_000;

/// A moment in the life of a table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Epoch(u64);

/// The table; see the file's beginning.
pub(crate) struct Table {
    capacity: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    handles: HashSet<Entry>,
    epoch: u64,
    /// When the handles that are no longer in here were last used, where that is not written yet.
    uses: Vec<Use>,
}

/// A handle, found by its connection's id without keeping that twice.
struct Entry(Arc<Handle>);

impl Table {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            open: Mutex::default(),
        }
    }

    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.lock().epoch)
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Handle>> {
        self.lock().handles.get(id).map(|entry| entry.0.clone())
    }

    pub(crate) fn all(&self) -> Vec<Arc<Handle>> {
        let open = self.lock();
        open.handles.iter().map(|entry| entry.0.clone()).collect()
    }

    /// Makes a stored version the one that calls see. An older one never replaces a newer one; one that was read in an
    /// epoch that is over is good for its caller alone, and is not current.
    pub(crate) fn show(
        &self,
        handle: Handle,
        since: Epoch,
        busy: &dyn Fn(&str) -> bool,
    ) -> Arc<Handle> {
        let mut open = self.lock();
        if let Some(present) = open.handles.get(handle.id())
            && present.0.version() >= handle.version()
        {
            return present.0.clone();
        }
        if let Some(old) = open.handles.take(handle.id()) {
            // The same connection goes on: its last use is the new handle's.
            handle.take_use_from(&old.0);
            old.0.supersede();
        }
        let handle = Arc::new(handle);
        if open.epoch == since.0 {
            if open.handles.len() >= self.capacity {
                open.evict(self.capacity, busy);
            }
            handle.make_current();
            open.handles.insert(Entry(handle.clone()));
        }
        handle
    }

    /// Takes a connection's handle out: the next call reads the store.
    pub(crate) fn close(&self, id: &str) {
        let mut open = self.lock();
        open.epoch += 1;
        if let Some(entry) = open.handles.take(id) {
            open.part_with(&entry.0);
        }
    }

    /// Makes the handles of connections beside these ones new, as which of them is meant may have changed.
    pub(crate) fn refresh(&self, beside: &HashSet<Siblings>) {
        let mut open = self.lock();
        let found: Vec<_> = open
            .handles
            .iter()
            .filter(|entry| beside.contains(&Siblings::of(entry.0.record())))
            .map(|entry| entry.0.clone())
            .collect();
        for handle in found {
            let record = handle.record().clone();
            open.renew(&handle, record);
        }
    }

    /// Makes a connection's handle new, with what is known of it now. The credential and the jar stay the same.
    pub(crate) fn relabel(&self, record: ConnectionRecord) {
        let mut open = self.lock();
        let found = open.handles.get(record.id.as_str());
        if let Some(handle) = found.map(|entry| entry.0.clone())
            && handle.version() == record.version
        {
            open.renew(&handle, record);
        }
    }

    /// When connections were last used, as far as that is not written yet.
    pub(crate) fn take_uses(&self) -> Vec<Use> {
        let mut open = self.lock();
        let mut uses = std::mem::take(&mut open.uses);
        uses.extend(open.handles.iter().filter_map(|entry| entry.0.take_use()));
        uses
    }

    /// Uses that could not be written: for the next time.
    pub(crate) fn give_back(&self, uses: Vec<Use>) {
        self.lock().uses.extend(uses);
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        // A table is whole after every statement, so a panic elsewhere leaves it usable.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Takes out a part of the least recently used at once, so that it is not gone through for each that comes.
    /// What is not written yet, or is being renewed, stays.
    fn evict(&mut self, capacity: usize, busy: &dyn Fn(&str) -> bool) {
        let mut found: Vec<_> = self
            .handles
            .iter()
            .filter(|entry| !entry.0.is_dirty() && !busy(entry.0.id()))
            .map(|entry| (entry.0.last_touched(), entry.0.clone()))
            .collect();
        let many = (capacity / 16).max(1) + self.handles.len().saturating_sub(capacity);
        if found.len() > many {
            found.select_nth_unstable_by_key(many, |(touched, _)| *touched);
            found.truncate(many);
        }
        self.epoch += 1;
        for (_, handle) in found {
            self.handles.remove(handle.id());
            self.part_with(&handle);
        }
    }

    fn renew(&mut self, old: &Arc<Handle>, record: ConnectionRecord) {
        let new = Arc::new(old.again(record));
        old.supersede();
        new.make_current();
        self.handles.replace(Entry(new));
    }

    fn part_with(&mut self, handle: &Handle) {
        handle.supersede();
        self.uses.extend(handle.take_use());
    }
}

/// Connections of one owner at one connector in one environment: which of them a call means hangs on all of them.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Siblings {
    pub(crate) connector: String,
    pub(crate) environment: Option<String>,
    pub(crate) owner: String,
}

impl Siblings {
    pub(crate) fn of(record: &ConnectionRecord) -> Self {
        Self {
            connector: record.connector.clone(),
            environment: record.environment.clone(),
            owner: record.owner.clone(),
        }
    }
}

impl Borrow<str> for Entry {
    fn borrow(&self) -> &str {
        self.0.id()
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.0.id() == other.0.id()
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id().hash(state);
    }
}
