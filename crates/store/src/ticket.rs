//! What works once: tickets that carry something, sealed, and marks of what was used up.

use rusqlite::OptionalExtension;
use secret::SecretBytes;

use crate::database::{unsigned, writing};
use crate::digest::Digest;
use crate::error::StoreError;
use crate::seal::{Place, Sealed};
use crate::store::Store;

impl Store {
    /// Keeps what a ticket carries, under the ticket's hash. A kind is a short word: a ticket of one kind is none of
    /// another.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is a ticket of this hash.
    pub async fn put_ticket(
        &self,
        hash: Digest,
        kind: &str,
        content: SecretBytes,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let (kind, keyring, now) = (kind.to_owned(), self.keyring(), self.now());
        self.write(move |connection| {
            let sealed = keyring.seal(&place(&hash.hex(), &kind, expires_at), &content)?;
            let transaction = writing(connection)?;
            transaction.execute("DELETE FROM tickets WHERE expires_at <= $1", [now])?;
            let sql = "INSERT INTO tickets (hash, kind, sealed, expires_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (hash) DO NOTHING";
            let row = (hash, &kind, sealed.stored(), expires_at);
            crate::connection::written(transaction.execute(sql, row)?)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// What a ticket carries, without taking it.
    ///
    /// # Errors
    /// Where the database fails or the ticket does not open.
    pub async fn ticket(
        &self,
        hash: Digest,
        kind: &str,
    ) -> Result<Option<SecretBytes>, StoreError> {
        let key = (hash, kind.to_owned());
        let found = self
            .look(move |connection| {
                let sql = "SELECT sealed, expires_at FROM tickets WHERE hash = $1 AND kind = $2";
                let row = connection.query_row(sql, key, |row| Ok((row.get(0)?, row.get(1)?)));
                Ok(row.optional()?)
            })
            .await?;
        self.open_ticket(hash, kind, found).await
    }

    /// Takes a ticket: of all who ask for it, one gets what it carries.
    ///
    /// # Errors
    /// Where the database fails or the ticket does not open; it is gone then too.
    pub async fn take_ticket(
        &self,
        hash: Digest,
        kind: &str,
    ) -> Result<Option<SecretBytes>, StoreError> {
        let key = (hash, kind.to_owned());
        let found = self
            .write(move |connection| {
                let sql = "DELETE FROM tickets WHERE hash = $1 AND kind = $2 RETURNING sealed, expires_at";
                let row = connection.query_row(sql, key, |row| Ok((row.get(0)?, row.get(1)?)));
                Ok(row.optional()?)
            })
            .await?;
        self.open_ticket(hash, kind, found).await
    }

    /// Uses something up that holds until `expires_at`: true for the first who does, false ever after, and where it
    /// holds no longer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn spend(&self, hash: Digest, expires_at: i64) -> Result<bool, StoreError> {
        let now = self.now();
        if expires_at <= now {
            return Ok(false);
        }
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let until = now.saturating_sub(ASTRAY);
            transaction.execute("DELETE FROM spent WHERE expires_at <= $1", [until])?;
            let sql = "INSERT INTO spent (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
            let first = transaction.execute(sql, (hash, expires_at))? == 1;
            transaction.commit()?;
            Ok(first)
        })
        .await
    }

    async fn open_ticket(
        &self,
        hash: Digest,
        kind: &str,
        found: Option<(Vec<u8>, i64)>,
    ) -> Result<Option<SecretBytes>, StoreError> {
        let Some((sealed, expires_at)) = found.filter(|(_, expires_at)| *expires_at > self.now())
        else {
            return Ok(None);
        };
        let hash = hash.hex();
        let place = place(&hash, kind, expires_at);
        let what = format!("a ticket ({kind})");
        let sealed = Sealed::from_stored(sealed);
        self.unseal(&place, &sealed, &what).await.map(Some)
    }
}

/// How far a clock may be put back without making what was used up usable again, in seconds.
const ASTRAY: i64 = 60 * 60;

/// The time it expires at stands where a version does, so that nobody makes it last.
fn place<'a>(hash: &'a str, kind: &'a str, expires_at: i64) -> Place<'a> {
    Place {
        column: "tickets.sealed",
        id: hash,
        connector: kind,
        environment: "",
        owner: "",
        origins: "",
        version: unsigned(expires_at),
        generation: 0,
    }
}
