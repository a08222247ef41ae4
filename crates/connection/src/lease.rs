//! A lease held across processes: renewed while its work is in flight, and ended on every exit path.

use std::time::Duration;
use store::{Fence, Store, StoreError};
use tokio::task::JoinHandle;

/// How long a lease outlives a process that died with it; a crash stalls the others no longer than this.
pub(crate) const TTL: Duration = Duration::from_secs(10);

/// A lease and the task that keeps it. Work slower than the time to live stays the only one.
pub(crate) struct Lease {
    store: Store,
    key: String,
    holder: String,
    fence: Fence,
    keeper: JoinHandle<()>,
    ended: bool,
}

impl Lease {
    /// Takes the lease of `key`, or `None` where another has it.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn take(
        store: &Store,
        key: &str,
        holder: &str,
    ) -> Result<Option<Self>, StoreError> {
        let Some(fence) = store.lease(key, holder, TTL).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            store: store.clone(),
            key: key.to_owned(),
            holder: holder.to_owned(),
            fence,
            keeper: keep(store.clone(), key.to_owned(), holder.to_owned(), fence),
            ended: false,
        }))
    }

    /// The number that a write shows, so that a holder who lost its lease unawares writes nothing.
    pub(crate) fn fence(&self) -> Fence {
        self.fence
    }

    /// Who holds it.
    pub(crate) fn holder(&self) -> &str {
        &self.holder
    }

    /// Gives the lease back and waits until others can have it.
    pub(crate) async fn end(mut self) {
        self.keeper.abort();
        self.ended = true;
        if let Err(error) = self
            .store
            .release(&self.key, &self.holder, self.fence)
            .await
        {
            // It ends by itself after its time to live.
            tracing::warn!(key = %self.key, %error, "a lease could not be given back");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.keeper.abort();
        if self.ended {
            return;
        }
        // A panic or a cancelled task: nobody is left to wait, so the runtime is asked to.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (store, key, holder, fence) = (
                self.store.clone(),
                self.key.clone(),
                self.holder.clone(),
                self.fence,
            );
            runtime.spawn(async move {
                if let Err(error) = store.release(&key, &holder, fence).await {
                    tracing::warn!(%key, %error, "a lease could not be given back");
                }
            });
        }
    }
}

fn keep(store: Store, key: String, holder: String, fence: Fence) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(TTL / 3).await;
            match store.renew_lease(&key, &holder, fence, TTL).await {
                Ok(true) => {}
                // Lost: the fence keeps this holder from writing; the work in flight cannot be called back.
                Ok(false) => return,
                // Tried again at the next turn; two more fit into the time to live.
                Err(error) => tracing::warn!(%key, %error, "a lease could not be renewed"),
            }
        }
    })
}
