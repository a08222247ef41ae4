//! Owners that were deleted: a sign-in that ends after its app or person is gone stores nothing, lest it fall to the
//! next one of that name.

use rusqlite::{OptionalExtension, Transaction};

use crate::error::{Fault, StoreError};

/// Notes that an owner is gone; one that ends with `/` means all that begin so.
pub(crate) fn bury(transaction: &Transaction<'_>, owner: &str, now: i64) -> Result<(), Fault> {
    let sql = "INSERT INTO gone_owners (owner, gone_at) VALUES ($1, $2) \
               ON CONFLICT (owner) DO UPDATE SET gone_at = excluded.gone_at";
    transaction.execute(sql, (owner, now))?;
    Ok(())
}

/// Notes that there is an owner of this name again.
pub(crate) fn welcome(transaction: &Transaction<'_>, owner: &str) -> Result<(), Fault> {
    transaction.execute("DELETE FROM gone_owners WHERE owner = $1", [owner])?;
    Ok(())
}

/// Refuses an owner that is gone. One that was never heard of is let in: the command line names owners before there
/// are apps.
pub(crate) fn refuse_gone(transaction: &Transaction<'_>, owner: &str) -> Result<(), Fault> {
    let app = owner.split_inclusive('/').next().unwrap_or_default();
    let sql = "SELECT 1 FROM gone_owners WHERE owner IN ($1, $2)";
    let gone = transaction.query_row(sql, (owner, app), |_| Ok(()));
    match gone.optional()? {
        Some(()) => Err(StoreError::OwnerGone {
            owner: owner.to_owned(),
        }
        .into()),
        None => Ok(()),
    }
}
