//! Writes cookies behind: what calls brought reaches the store within a second, and at stop.

use crate::connections::Connections;
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
    /// Notes in the store that a call was sent with this connection. Returns at once.
    pub fn note_used(&self, handle: &Handle) {
        let (store, id) = (self.store.clone(), handle.id().to_owned());
        tokio::spawn(async move {
            if let Err(error) = store.mark_used(&id).await {
                tracing::debug!(%id, %error, "the use of a connection could not be noted");
            }
        });
    }

    /// Has the cookies that a call brought written soon. Returns at once.
    pub fn save_jar(&self, handle: &Arc<Handle>) {
        if !handle.jar.is_dirty() || self.writing.swap(true, Ordering::AcqRel) {
            return;
        }
        let connections = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(BEHIND).await;
            connections.writing.store(false, Ordering::Release);
            if let Err(error) = connections.flush().await {
                // Tried again with the next cookie and at stop; until then they are in memory.
                tracing::warn!(%error, "cookies could not be written");
            }
        });
    }

    /// Writes all cookies that are not written yet. To be called at stop.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn flush(&self) -> Result<(), ConnectionError> {
        for handle in self.all_opened() {
            if handle.jar.is_dirty() {
                self.write_jar(&handle).await?;
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
            if handle.jar.misses(record.cookies_generation)
                && let Some(theirs) = self.stored_cookies(&record).await?
            {
                handle.jar.merge(&theirs, record.cookies_generation);
            }
            let jar = handle.jar.snapshot();
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
                        .jar
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
