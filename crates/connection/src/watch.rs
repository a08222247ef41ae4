//! Follows what is written to the store, by whichever process, so that an open handle can be used without reading it:
//! what is renewed, cleared, renamed or joined by a sibling elsewhere stops being current here within a second.

use crate::connections::Connections;
use crate::current::fit;
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::table::Siblings;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::{Changes, ConnectionRecord, Mark};
use tokio::runtime::Handle as Runtime;

/// How often the store is asked what is new.
const LOOK: Duration = Duration::from_millis(300);
/// After how many looks cookies that could not be written are tried again, and uses are written.
const WRITE: u32 = 16;

/// Whether the store is followed.
#[derive(Default)]
pub(crate) struct Following {
    on: AtomicBool,
    runtime: OnceLock<Runtime>,
}

impl Following {
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }

    pub(crate) fn runtime(&self) -> Option<&Runtime> {
        self.runtime.get()
    }
}

impl Connections {
    /// Follows the store from now on, on the current runtime, until that ends or nobody else has these connections any
    /// more. Once it does, [`Connections::current`] reads the store no more for what is open.
    pub fn watch(&self) {
        let runtime = Runtime::current();
        if self.following.runtime.set(runtime.clone()).is_err() {
            return;
        }
        let connections = self.clone();
        runtime.spawn(async move {
            let _end = End(connections.following.clone());
            connections.follow().await;
        });
    }

    async fn follow(&self) {
        let mut mark = Mark::default();
        let mut looks = 0;
        // Held by nobody but this task: then there is nobody to tell.
        while Arc::strong_count(&self.open) > 1 {
            match self.look(&mut mark).await {
                Ok(()) => self.following.on.store(true, Ordering::Release),
                Err(error) => {
                    // What is open may be old: the store is read for each call until it can be followed again.
                    self.following.on.store(false, Ordering::Release);
                    tracing::warn!(%error, "the store cannot be followed");
                }
            }
            looks += 1;
            if looks % WRITE == 0
                && let Err(error) = self.write_behind().await
            {
                tracing::warn!(%error, "cookies or uses could not be written");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn write_behind(&self) -> Result<(), ConnectionError> {
        self.write_dirty().await?;
        self.write_uses().await
    }

    /// Takes in what was written since the mark, which moves on once all of it is taken in.
    async fn look(&self, mark: &mut Mark) -> Result<(), ConnectionError> {
        let changes = self.store.changes_since(mark.clone()).await?;
        if changes.missed {
            // Taken before anything is read, so nothing is missed again.
            for handle in self.open.all() {
                self.look_at(&handle).await?;
            }
        }
        self.take_in(&changes).await?;
        *mark = changes.mark;
        Ok(())
    }

    async fn take_in(&self, changes: &Changes) -> Result<(), ConnectionError> {
        for id in &changes.gone {
            self.forget_opened(id);
        }
        let mut joined = HashSet::new();
        for change in &changes.connections {
            match self.opened(&change.id) {
                Some(handle) => self.look_at(&handle).await?,
                None => {
                    joined.insert(Siblings {
                        connector: change.connector.clone(),
                        environment: change.environment.clone(),
                        owner: change.owner.clone(),
                    });
                }
            }
        }
        if !joined.is_empty() {
            self.open.refresh(&joined);
        }
        Ok(())
    }

    /// Compares an open handle with what the store has now.
    async fn look_at(&self, handle: &Arc<Handle>) -> Result<(), ConnectionError> {
        let Some(record) = self.store.get(handle.id()).await? else {
            self.forget_opened(handle.id());
            return Ok(());
        };
        if record.version > handle.version() || fit(&record, &record.origins).is_err() {
            self.open.close(&record.id);
            return Ok(());
        }
        self.take_in_cookies(handle, &record).await?;
        if !is_known_alike(handle.record(), &record) {
            self.open.refresh(&HashSet::from([Siblings::of(&record)]));
            self.open.relabel(record);
        }
        Ok(())
    }
}

/// Whether a call would mean the same connection by what is known of it.
fn is_known_alike(one: &ConnectionRecord, other: &ConnectionRecord) -> bool {
    (&one.name, &one.label, &one.identity) == (&other.name, &other.label, &other.identity)
}

/// Nobody follows the store once this is gone, however the task ended.
struct End(Arc<Following>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.on.store(false, Ordering::Release);
    }
}
