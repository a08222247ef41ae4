//! A lease held across processes: renewed while its work is in flight, and ended on every exit path.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;
use store::{Fence, Store, StoreError};
use tokio::task::JoinHandle;

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
    /// Takes the lease of `key`, or `None` where another has it. It outlives a process that dies with it by `ttl`.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn take(
        store: &Store,
        key: &str,
        holder: &str,
        ttl: Duration,
    ) -> Result<Option<Self>, StoreError> {
        let Some(fence) = store.lease(key, holder, ttl).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            store: store.clone(),
            key: key.to_owned(),
            holder: holder.to_owned(),
            fence,
            keeper: keep(store.clone(), key.to_owned(), holder.to_owned(), fence, ttl),
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
        // A panic, a cancelled task or the end of the process: nobody is left to wait. Asked once, the store has the
        // job in its queue, and does it whether or not it is asked again.
        let release = self.store.release(&self.key, &self.holder, self.fence);
        let _ = pin!(release).poll(&mut Context::from_waker(Waker::noop()));
    }
}

fn keep(store: Store, key: String, holder: String, fence: Fence, ttl: Duration) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(ttl / 3).await;
            match store.renew_lease(&key, &holder, fence, ttl).await {
                Ok(true) => {}
                // Lost: the fence keeps this holder from writing; the work in flight cannot be called back.
                Ok(false) => return,
                // Tried again at the next turn; two more fit into the time to live.
                Err(error) => tracing::warn!(%key, %error, "a lease could not be renewed"),
            }
        }
    })
}
