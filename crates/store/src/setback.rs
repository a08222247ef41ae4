//! Sign-ins that need no person and failed: kept, so that no process tries one again before its time.
//!
//! Apart from the connections, because there may be none yet. Nothing secret is in them.

use rusqlite::OptionalExtension;

use crate::database::writing;
use crate::digest::Digest;
use crate::error::StoreError;
use crate::store::Store;

/// A sign-in that failed, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetbackRecord {
    /// The turn that the sign-in takes: whose, at which connector.
    pub turn: String,
    /// A hash of what it was tried with. Whoever tries with something else begins anew.
    pub basis: Digest,
    /// What is known of the failure, as its writer has put it.
    pub content: String,
    /// When it is of no use any more, in seconds since 1970.
    pub forget_at: i64,
}

impl Store {
    /// The failure that is kept for this turn.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn setback(&self, turn: &str) -> Result<Option<SetbackRecord>, StoreError> {
        let (turn, now) = (turn.to_owned(), self.now());
        self.look(move |connection| {
            let sql = "SELECT basis, content, forget_at FROM sign_in_setbacks \
                       WHERE turn = $1 AND forget_at > $2";
            let row = connection.query_row(sql, (&turn, now), |row| {
                Ok(SetbackRecord {
                    turn: turn.clone(),
                    basis: row.get(0)?,
                    content: row.get(1)?,
                    forget_at: row.get(2)?,
                })
            });
            Ok(row.optional()?)
        })
        .await
    }

    /// Keeps a failure in the place of the one before, and forgets those that are of no use any more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_setback(&self, setback: SetbackRecord) -> Result<(), StoreError> {
        let now = self.now();
        self.write(move |connection| {
            let transaction = writing(connection)?;
            transaction.execute("DELETE FROM sign_in_setbacks WHERE forget_at <= $1", [now])?;
            let sql = "INSERT INTO sign_in_setbacks (turn, basis, content, forget_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (turn) DO UPDATE SET basis = excluded.basis, content = excluded.content, \
                       forget_at = excluded.forget_at";
            let row = (
                &setback.turn,
                setback.basis,
                &setback.content,
                setback.forget_at,
            );
            transaction.execute(sql, row)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Forgets the failure of this turn; false where none was kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn clear_setback(&self, turn: &str) -> Result<bool, StoreError> {
        if self.setback(turn).await?.is_none() {
            return Ok(false);
        }
        let turn = turn.to_owned();
        self.write(move |connection| {
            let sql = "DELETE FROM sign_in_setbacks WHERE turn = $1";
            Ok(connection.execute(sql, [&turn])? == 1)
        })
        .await
    }
}
