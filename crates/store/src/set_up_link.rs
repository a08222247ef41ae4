//! Links by which a person sets a password of their own, once: an admin makes one for somebody who is new, or who has
//! forgotten theirs. A person has one at most, and only its hash is kept.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use secret::SecretString;

use crate::change::{Kind, note};
use crate::database::writing;
use crate::digest::Digest;
use crate::error::{Fault, StoreError};
use crate::person::{PersonRecord, admit, must_enter};
use crate::store::Store;

/// A link that still works, without what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUpLinkRecord {
    /// Whose password it sets.
    pub login: String,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

impl Store {
    /// Keeps a person's link, in the place of the one before.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is no such person, or they are kept out.
    pub async fn put_set_up_link(
        &self,
        login: &str,
        hash: Digest,
        expires_at: i64,
    ) -> Result<SetUpLinkRecord, StoreError> {
        let record = SetUpLinkRecord {
            login: login.to_owned(),
            created_at: self.now(),
            expires_at,
        };
        self.write(move |connection| {
            let transaction = writing(connection)?;
            must_enter(&transaction, &record.login)?;
            let sql = "INSERT INTO set_up_links (login, hash, created_at, expires_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (login) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at, \
                       expires_at = excluded.expires_at";
            let row = (&record.login, hash, record.created_at, record.expires_at);
            transaction.execute(sql, row)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// All links that still work, by login.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_up_links(&self) -> Result<Vec<SetUpLinkRecord>, StoreError> {
        let now = self.now();
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE expires_at > $1 ORDER BY login");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([now], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// A person's link, where one works.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_up_link_of(&self, login: &str) -> Result<Option<SetUpLinkRecord>, StoreError> {
        let key = (login.to_owned(), self.now());
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE login = $1 AND expires_at > $2");
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row(key, read).optional()?)
        })
        .await
    }

    /// The link of this hash, where it still works. It goes on working.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_up_link(&self, hash: Digest) -> Result<Option<SetUpLinkRecord>, StoreError> {
        let now = self.now();
        self.look(move |connection| find(connection, hash, now))
            .await
    }

    /// Uses a link up: gives its person this password, as the hash in PHC form, and ends their sessions. None where the
    /// link works no longer; of all who use it at once, one does.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_set_up_link(
        &self,
        hash: Digest,
        password: SecretString,
    ) -> Result<Option<PersonRecord>, StoreError> {
        let (keyring, now) = (self.keyring(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let Some(link) = find(&transaction, hash, now)? else {
                return Ok(None);
            };
            let person = admit(&transaction, &keyring, &link.login, password)?;
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(person)
        })
        .await
    }

    /// Takes a person's link back; false where none works.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_set_up_link(&self, login: &str) -> Result<bool, StoreError> {
        let key = (login.to_owned(), self.now());
        self.write(move |connection| {
            let sql = "DELETE FROM set_up_links WHERE login = $1 AND expires_at > $2";
            Ok(connection.execute(sql, key)? == 1)
        })
        .await
    }
}

/// Takes back what link a person has: theirs is a new password, or no way in at all.
pub(crate) fn forget_link(transaction: &Transaction<'_>, login: &str) -> Result<(), Fault> {
    transaction.execute("DELETE FROM set_up_links WHERE login = $1", [login])?;
    Ok(())
}

const SELECT: &str = "SELECT login, created_at, expires_at FROM set_up_links";

fn find(connection: &Connection, hash: Digest, now: i64) -> Result<Option<SetUpLinkRecord>, Fault> {
    let sql = format!("{SELECT} WHERE hash = $1 AND expires_at > $2");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row((hash, now), read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<SetUpLinkRecord> {
    Ok(SetUpLinkRecord {
        login: row.get(0)?,
        created_at: row.get(1)?,
        expires_at: row.get(2)?,
    })
}
