//! Writes cookies behind: what calls brought reaches the store within a second, and at stop.

use crate::connections::{Connections, lock};
use crate::error::ConnectionError;
use crate::handle::Handle;
use secret::SecretBytes;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::StoreError;

/// How long cookies may be in memory alone.
const BEHIND: Duration = Duration::from_millis(500);
/// How often a jar is written while other processes write to it too.
const ATTEMPTS: u32 = 5;

impl Connections {
    /// Notes that a call was sent with this connection: one atomic store, written behind.
    pub fn note_used(&self, handle: &Handle) {
        handle.note_used(self.engine.clock.unix());
    }

    /// Makes the cookies that a call brought known to all threads, and has them written soon. Returns at once.
    pub fn save_jar(&self, handle: &Arc<Handle>) {
        handle.live_jar().publish();
        if !handle.is_dirty() || !handle.queue() {
            return;
        }
        lock(&self.dirty).push(handle.clone());
        if self.writing.swap(true, Ordering::AcqRel) {
            return;
        }
        let connections = self.clone();
        self.spawn(async move {
            tokio::time::sleep(BEHIND).await;
            connections.writing.store(false, Ordering::Release);
            if let Err(error) = connections.write_dirty().await {
                // Tried again with the next cookie and at stop; until then they are in memory.
                tracing::warn!(%error, "cookies could not be written");
            }
        });
    }

    /// Writes all that is written behind and is not written yet: cookies, and when connections were used. To be called
    /// at stop.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn flush(&self) -> Result<(), ConnectionError> {
        self.write_dirty().await?;
        for handle in self.open.all() {
            if handle.is_dirty() {
                self.write_jar(&handle).await?;
            }
        }
        self.write_uses().await
    }

    /// Writes when connections were used, in one statement for all.
    pub(crate) async fn write_uses(&self) -> Result<(), ConnectionError> {
        let uses = self.open.take_uses();
        let written = self.store.mark_used_many(uses.clone()).await;
        if written.is_err() {
            self.open.give_back(uses);
        }
        Ok(written?)
    }

    /// Writes the cookies that calls brought.
    pub(crate) async fn write_dirty(&self) -> Result<(), ConnectionError> {
        let mut handles = std::mem::take(&mut *lock(&self.dirty)).into_iter();
        while let Some(handle) = handles.next() {
            // Before it is read: what comes meanwhile is written the next time.
            handle.unqueue();
            if let Err(error) = self.write_jar(&handle).await {
                handle.queue();
                let mut dirty = lock(&self.dirty);
                dirty.push(handle);
                dirty.extend(handles);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn write_jar(&self, handle: &Handle) -> Result<(), ConnectionError> {
        for _ in 0..ATTEMPTS {
            let Some(record) = self.store.get(handle.id()).await? else {
                return Ok(());
            };
            if record.version != handle.version() {
                // What these cookies belonged to is not in use any more.
                return Ok(());
            }
            self.take_in_cookies(handle, &record).await?;
            let jar = handle.cookies();
            let sealed = SecretBytes::new(jar.reveal_for_sealing().to_string().into_bytes());
            match self
                .store
                .put_cookies(
                    &record.id,
                    record.version,
                    record.cookies_generation,
                    sealed,
                )
                .await
            {
                Ok(written) => {
                    handle
                        .live_jar()
                        .note_stored(jar.generation(), written.cookies_generation);
                    return Ok(());
                }
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Others keep writing, and each of them merges: the next write has another chance.
        Ok(())
    }
}
