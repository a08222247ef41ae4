//! Drafts of definitions: what a person is writing, kept for that person alone until it is saved.

use rusqlite::{Connection, OptionalExtension, Row};
use secret::SecretBytes;

use crate::database::{signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::seal::{Place, Sealed};
use crate::store::Store;

/// A draft, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRecord {
    /// What its person calls it, mostly the connector's name.
    pub name: String,
    /// 1 and up, raised by each write; begins anew once it was deleted.
    pub version: u64,
    /// The version of the connector that it was begun from.
    pub based_on: Option<u64>,
    /// When it was last written, in seconds since 1970.
    pub updated_at: i64,
}

/// The most drafts of one person.
const MOST: i64 = 100;

impl Store {
    /// A person's drafts, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drafts(&self, login: &str) -> Result<Vec<DraftRecord>, StoreError> {
        let login = login.to_owned();
        self.look(move |connection| {
            let sql = "SELECT name, version, based_on, updated_at FROM drafts WHERE login = $1 ORDER BY name";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([login], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// A person's draft with its text.
    ///
    /// # Errors
    /// Where the database fails or the draft does not open.
    pub async fn draft(
        &self,
        login: &str,
        name: &str,
    ) -> Result<Option<(DraftRecord, SecretBytes)>, StoreError> {
        let key = (login.to_owned(), name.to_owned());
        let found = self
            .look(move |connection| {
                let sql = "SELECT name, version, based_on, updated_at, sealed FROM drafts WHERE login = $1 AND name = $2";
                let row = connection.query_row(sql, key, |row| {
                    Ok((read(row)?, row.get::<_, Vec<u8>>(4)?))
                });
                Ok(row.optional()?)
            })
            .await?;
        let Some((record, sealed)) = found else {
            return Ok(None);
        };
        let sealed = Sealed::from_stored(sealed);
        let place = place(login, name, record.version);
        let text = self.unseal(&place, &sealed, "a draft").await?;
        Ok(Some((record, text)))
    }

    /// Writes a draft: a new one where `version` is none, else over that version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the version is no longer the newest, [`StoreError::Taken`] where a new one has the
    /// name of one that is there, [`StoreError::TooManyDrafts`] where there are so many.
    pub async fn put_draft(
        &self,
        login: &str,
        name: &str,
        text: SecretBytes,
        based_on: Option<u64>,
        version: Option<u64>,
    ) -> Result<DraftRecord, StoreError> {
        let (login, name, now) = (login.to_owned(), name.to_owned(), self.now());
        let keyring = self.keyring();
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let next = match (newest(&transaction, &login, &name)?, version) {
                (Some(newest), Some(seen)) if newest == seen => newest + 1,
                (None, None) => {
                    let sql = "SELECT count(*) FROM drafts WHERE login = $1";
                    let all: i64 = transaction.query_row(sql, [&login], |row| row.get(0))?;
                    if all >= MOST {
                        return Err(StoreError::TooManyDrafts.into());
                    }
                    1
                }
                (Some(_), None) => {
                    return Err(StoreError::Taken {
                        what: "a draft",
                        name,
                    }
                    .into());
                }
                _ => return Err(StoreError::Conflict.into()),
            };
            let sealed = keyring.seal(&place(&login, &name, next), &text)?;
            let sql = "INSERT INTO drafts (login, name, sealed, version, based_on, updated_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login, name) DO UPDATE SET \
                       sealed = excluded.sealed, version = excluded.version, based_on = excluded.based_on, \
                       updated_at = excluded.updated_at";
            let row = (
                &login,
                &name,
                sealed.stored(),
                signed(next),
                based_on.map(signed),
                now,
            );
            transaction.execute(sql, row)?;
            transaction.commit()?;
            Ok(DraftRecord {
                name,
                version: next,
                based_on,
                updated_at: now,
            })
        })
        .await
    }

    /// Deletes a draft; false where there was none.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a version is named and it is no longer the newest.
    pub async fn delete_draft(
        &self,
        login: &str,
        name: &str,
        version: Option<u64>,
    ) -> Result<bool, StoreError> {
        let (login, name) = (login.to_owned(), name.to_owned());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            match newest(&transaction, &login, &name)? {
                None => return Ok(false),
                Some(newest) if version.is_some_and(|seen| seen != newest) => {
                    return Err(StoreError::Conflict.into());
                }
                Some(_) => {}
            }
            let sql = "DELETE FROM drafts WHERE login = $1 AND name = $2";
            transaction.execute(sql, (&login, &name))?;
            transaction.commit()?;
            Ok(true)
        })
        .await
    }
}

fn newest(connection: &Connection, login: &str, name: &str) -> Result<Option<u64>, Fault> {
    let sql = "SELECT version FROM drafts WHERE login = $1 AND name = $2";
    let row = connection.query_row(sql, (login, name), |row| Ok(unsigned(row.get(0)?)));
    Ok(row.optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<DraftRecord> {
    Ok(DraftRecord {
        name: row.get(0)?,
        version: unsigned(row.get(1)?),
        based_on: row.get::<_, Option<i64>>(2)?.map(unsigned),
        updated_at: row.get(3)?,
    })
}

fn place<'a>(login: &'a str, name: &'a str, version: u64) -> Place<'a> {
    Place {
        column: "drafts.sealed",
        id: name,
        connector: "",
        environment: "",
        owner: login,
        origins: "",
        version,
        generation: 0,
    }
}
