//! Leases: who may do a piece of work, across processes, until when.
//!
//! Every lease that is given out has a fencing number of its own, greater than all before it. A
//! write that shows the number of a lease that another has taken over is refused, however late its
//! holder notices.

use std::time::{Duration, UNIX_EPOCH};

use model::Clock;
use rusqlite::{Connection, OptionalExtension};

use crate::database::{next_number, signed, writing};
use crate::error::{Fault, StoreError};
use crate::store::Store;
use crate::worker::Inbox;

/// The fencing number of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fence(u64);

impl Fence {
    /// The fence of this number, for a lease that outlives the process that took it.
    #[must_use]
    pub fn of(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl Store {
    /// Takes the lease of `key` for `ttl`, or nothing where somebody holds it, `holder` itself included.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn lease(
        &self,
        key: &str,
        holder: &str,
        ttl: Duration,
    ) -> Result<Option<Fence>, StoreError> {
        let (key, holder, clock) = (key.to_owned(), holder.to_owned(), self.clock().clone());
        let inbox = self.inbox();
        let taken = self.write(move |connection| {
            let fence = take(connection, &key, &holder, ttl, &clock)?;
            Ok(fence.map(|fence| Taken {
                fence,
                inbox: Some(inbox),
            }))
        });
        Ok(taken.await?.map(Taken::claim))
    }

    /// Holds the lease for `ttl` more from now on; false where it is lost. One that ended but that nobody has
    /// taken since is held again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn renew_lease(
        &self,
        key: &str,
        holder: &str,
        fence: Fence,
        ttl: Duration,
    ) -> Result<bool, StoreError> {
        let (key, holder, clock) = (key.to_owned(), holder.to_owned(), self.clock().clone());
        self.write(move |connection| {
            let sql =
                "UPDATE leases SET expires_at = $1 WHERE key = $2 AND holder = $3 AND fence = $4";
            let until = millis(&clock).saturating_add(span(ttl));
            Ok(connection.execute(sql, (until, &key, &holder, signed(fence.0)))? == 1)
        })
        .await
    }

    /// Gives the lease back; false where it was no longer this holder's.
    ///
    /// # Errors
    /// Where the database fails: the lease then ends by itself.
    pub async fn release(&self, key: &str, holder: &str, fence: Fence) -> Result<bool, StoreError> {
        let (key, holder) = (key.to_owned(), holder.to_owned());
        self.write(move |connection| {
            let sql = "DELETE FROM leases WHERE key = $1 AND holder = $2 AND fence = $3";
            Ok(connection.execute(sql, (&key, &holder, signed(fence.0)))? == 1)
        })
        .await
    }
}

/// Whether the lease with this number has not been given back or taken over. It may have run out: as long as nobody
/// has taken it, its holder's write harms nobody, and what it brings may be the only copy.
pub(crate) fn holds(connection: &Connection, fence: Fence) -> Result<bool, Fault> {
    let row = connection.query_row(
        "SELECT 1 FROM leases WHERE fence = $1",
        [signed(fence.0)],
        |_| Ok(()),
    );
    Ok(row.optional()?.is_some())
}

/// A lease on its way to whoever asked for it. If that one has gone away meanwhile, nobody else could give it back.
struct Taken {
    fence: Fence,
    inbox: Option<Inbox>,
}

impl Taken {
    fn claim(mut self) -> Fence {
        self.inbox = None;
        self.fence
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(inbox) = self.inbox.take() {
            let fence = signed(self.fence.0);
            inbox.leave(move |connection| {
                // Where this fails, the lease ends by itself.
                let _ = connection.execute("DELETE FROM leases WHERE fence = $1", [fence]);
            });
        }
    }
}

/// How long a lease that ran out is remembered, in milliseconds.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;

/// How much later than a lease of our own another may end, in milliseconds. One that ends later still was taken by a
/// clock that has been put back since, and would stall everybody.
const ASTRAY: i64 = 60 * 60 * 1000;

fn take(
    connection: &mut Connection,
    key: &str,
    holder: &str,
    ttl: Duration,
    clock: &Clock,
) -> Result<Option<Fence>, Fault> {
    let transaction = writing(connection)?;
    // Asked only now: waiting for the write lock may have taken a while.
    let now = millis(clock);
    transaction.execute(
        "DELETE FROM leases WHERE expires_at < $1",
        [now.saturating_sub(REMEMBERED)],
    )?;
    let ends = transaction.query_row(
        "SELECT expires_at FROM leases WHERE key = $1",
        [key],
        |row| row.get(0),
    );
    let ends: Option<i64> = ends.optional()?;
    let until = now.saturating_add(span(ttl));
    if ends.is_some_and(|ends| now < ends && ends < until.saturating_add(ASTRAY)) {
        return Ok(None);
    }
    let fence = next_number(&transaction, "fence")?;
    let sql = "INSERT INTO leases (key, holder, fence, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE \
               SET holder = excluded.holder, fence = excluded.fence, expires_at = excluded.expires_at";
    transaction.execute(sql, (key, holder, signed(fence), until))?;
    transaction.commit()?;
    Ok(Some(Fence(fence)))
}

fn millis(clock: &Clock) -> i64 {
    let since = clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
    span(since)
}

fn span(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
