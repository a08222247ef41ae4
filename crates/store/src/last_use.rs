//! When something was last used: written behind and seldom, and no change that anybody has to hear of.

use crate::database::writing;
use crate::error::StoreError;
use crate::store::Store;

/// What was used: its id, and when, in seconds since 1970.
pub type Use = (String, i64);

impl Store {
    /// Notes that a call was sent with the connection; written at most once a minute.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_used(&self, id: &str) -> Result<(), StoreError> {
        self.note_uses("connections", vec![(id.to_owned(), self.now())])
            .await
    }

    /// Notes for many connections at once when a call was last sent with each; an earlier time changes nothing.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_used_many(&self, uses: Vec<Use>) -> Result<(), StoreError> {
        self.note_uses("connections", uses).await
    }

    /// Notes for app keys when each was last used, as [`Store::mark_used_many`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_app_keys_used(&self, uses: Vec<Use>) -> Result<(), StoreError> {
        self.note_uses("app_keys", uses).await
    }

    /// Notes for tokens when each was last used, as [`Store::mark_used_many`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_tokens_used(&self, uses: Vec<Use>) -> Result<(), StoreError> {
        self.note_uses("tokens", uses).await
    }

    async fn note_uses(&self, table: &'static str, uses: Vec<Use>) -> Result<(), StoreError> {
        let mut uses = uses.into_iter().peekable();
        while uses.peek().is_some() {
            let some: Vec<Use> = uses.by_ref().take(AT_ONCE).collect();
            self.write(move |connection| {
                let transaction = writing(connection)?;
                let sql = format!(
                    "UPDATE {table} SET last_used_at = $1 \
                     WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)"
                );
                let mut statement = transaction.prepare_cached(&sql)?;
                for (id, at) in &some {
                    statement.execute((at, id, at.saturating_sub(EACH)))?;
                }
                drop(statement);
                Ok(transaction.commit()?)
            })
            .await?;
        }
        Ok(())
    }
}

/// How many are written before others get their turn: a renewal must not wait for what nobody waits for.
const AT_ONCE: usize = 500;

/// How much later a use has to be to be written, in seconds.
const EACH: i64 = 60;
