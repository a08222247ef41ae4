//! Marks: what a person has noted for themselves by a word, such as that they need no first steps any more.

use rusqlite::Transaction;

use crate::database::writing;
use crate::error::{Fault, StoreError};
use crate::person::must_enter;
use crate::store::Store;

impl Store {
    /// Notes this for a person; what is noted already stays as it was.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is no such person, or they are kept out.
    pub async fn put_mark(&self, login: &str, name: &str) -> Result<(), StoreError> {
        let (login, name, now) = (login.to_owned(), name.to_owned(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            must_enter(&transaction, &login)?;
            let sql = "INSERT INTO marks (login, name, made_at) VALUES ($1, $2, $3) ON CONFLICT (login, name) DO NOTHING";
            transaction.execute(sql, (&login, &name, now))?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Takes it back; false where it was not noted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_mark(&self, login: &str, name: &str) -> Result<bool, StoreError> {
        let key = (login.to_owned(), name.to_owned());
        self.write(move |connection| {
            let sql = "DELETE FROM marks WHERE login = $1 AND name = $2";
            Ok(connection.execute(sql, key)? == 1)
        })
        .await
    }

    /// Who has noted this, by login.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn marked_by(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let name = name.to_owned();
        self.look(move |connection| {
            let sql = "SELECT login FROM marks WHERE name = $1 ORDER BY login";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([name], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// Forgets all that a person has noted.
pub(crate) fn forget_marks(transaction: &Transaction<'_>, login: &str) -> Result<(), Fault> {
    transaction.execute("DELETE FROM marks WHERE login = $1", [login])?;
    Ok(())
}
