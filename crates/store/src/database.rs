//! One connection to the SQLite file, set up so that several processes can share it.
//!
//! Statements keep to what PostgreSQL has as well, parameters included: `$1`, `$2`, ... To SQLite these are names,
//! which it numbers as they first appear, so they must first appear in order.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Fault, StoreError};

/// How long a statement waits for another process's write.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The one that writes.
    Write,
    /// One that only looks.
    Read,
}

/// Opens the file, which must be there.
pub(crate) fn open(path: &Path, access: Access) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let failed = |error: rusqlite::Error| StoreError::from_sqlite(path, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    // SQLite opens a file that it may not write to all the same.
    if connection.is_readonly("main").map_err(failed)? {
        return Err(StoreError::ReadOnly {
            path: path.to_owned(),
        });
    }
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    // Turning WAL on does not wait for others by itself.
    patiently(|| set_up(&connection, access).map_err(failed))?;
    Ok(connection)
}

/// Tries again while another process holds the database, as long as a statement would wait.
pub(crate) fn patiently<T>(
    mut attempt: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let until = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Err(StoreError::Locked { .. }) if Instant::now() < until => {
                thread::sleep(Duration::from_millis(20))
            }
            settled => return settled,
        }
    }
}

/// A transaction that writes: it takes the write lock first, so that what it reads stays true until it ends.
pub(crate) fn writing(connection: &mut Connection) -> Result<Transaction<'_>, Fault> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// The next number of a counter that only grows.
pub(crate) fn next_number(transaction: &Transaction<'_>, counter: &str) -> Result<u64, Fault> {
    let sql = "INSERT INTO counters (name, value) VALUES ($1, 1) \
               ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";
    let number: i64 = transaction.query_row(sql, [counter], |row| row.get(0))?;
    Ok(unsigned(number))
}

/// A count as SQL has it. Counts here start at 0 and grow by 1, so they never get near the end.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as it was stored.
pub(crate) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

fn set_up(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A renewed credential must outlive a power cut: the old one may be spent.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    // Sorting must not spill rows into files elsewhere.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if access == Access::Read {
        // In KiB: single rows by their index. The pages are in the system's cache already.
        connection.pragma_update(None, "cache_size", -512)?;
        connection.pragma_update(None, "query_only", "ON")?;
    }
    Ok(())
}
