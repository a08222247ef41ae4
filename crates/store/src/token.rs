//! Personal API tokens, for automation: only their hashes.

use rusqlite::{OptionalExtension, Row};

use crate::change::{Kind, note};
use crate::database::writing;
use crate::digest::Digest;
use crate::error::StoreError;
use crate::person::may_enter;
use crate::record::new_id;
use crate::store::Store;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// `t_` and something random; it names the token and opens nothing.
    pub id: String,
    /// Whose it is.
    pub login: String,
    /// What they call it.
    pub name: String,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// When it was last used, to a minute.
    pub last_used_at: Option<i64>,
    /// When it ends, where it does.
    pub expires_at: Option<i64>,
}

impl Store {
    /// Keeps a token under its hash.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the person is gone or kept out.
    pub async fn create_token(
        &self,
        hash: Digest,
        login: &str,
        name: &str,
        expires_at: Option<i64>,
    ) -> Result<TokenRecord, StoreError> {
        let record = TokenRecord {
            id: new_id(self.random(), "t_"),
            login: login.to_owned(),
            name: name.to_owned(),
            created_at: self.now(),
            last_used_at: None,
            expires_at,
        };
        self.write(move |connection| {
            let transaction = writing(connection)?;
            if !may_enter(&transaction, &record.login)? {
                let name = record.login;
                let what = "person";
                return Err(StoreError::Missing { what, name }.into());
            }
            let sql = "INSERT INTO tokens (id, hash, login, name, created_at, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
            let row = (
                &record.id,
                hash,
                &record.login,
                &record.name,
                record.created_at,
                record.expires_at,
            );
            transaction.execute(sql, row)?;
            note(&transaction, Kind::People)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The token of this hash, where it has not ended and its person is not kept out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn token(&self, hash: Digest) -> Result<Option<TokenRecord>, StoreError> {
        let now = self.now();
        self.look(move |connection| {
            let sql = format!(
                "{SELECT} WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2) AND EXISTS \
                 (SELECT 1 FROM people WHERE people.login = tokens.login AND people.disabled = 0)"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row((hash, now), read).optional()?)
        })
        .await
    }

    /// The tokens of a person, oldest first, those that have ended too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tokens_of(&self, login: &str) -> Result<Vec<TokenRecord>, StoreError> {
        let login = login.to_owned();
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE login = $1 ORDER BY created_at, id");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([login], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Deletes a token of a person; false where they have none of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_token(&self, login: &str, id: &str) -> Result<bool, StoreError> {
        let key = (login.to_owned(), id.to_owned());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql = "DELETE FROM tokens WHERE login = $1 AND id = $2";
            let deleted = transaction.execute(sql, key)? == 1;
            if deleted {
                note(&transaction, Kind::People)?;
            }
            transaction.commit()?;
            Ok(deleted)
        })
        .await
    }
}

const SELECT: &str = "SELECT id, login, name, created_at, last_used_at, expires_at FROM tokens";

fn read(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    Ok(TokenRecord {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        created_at: row.get(3)?,
        last_used_at: row.get(4)?,
        expires_at: row.get(5)?,
    })
}
