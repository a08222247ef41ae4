//! Definitions of connectors as text, all versions of each.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::change::{Kind, note};
use crate::database::{signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::store::Store;

/// One version of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionRecord {
    /// The connector.
    pub connector: String,
    /// 1 and up; never given twice, not even after a deletion.
    pub version: u64,
    /// The definition as it was written, comments included.
    pub text: String,
    /// Who saved it.
    pub author: String,
    /// When it was saved, in seconds since 1970.
    pub created_at: i64,
    /// Why, where the author said.
    pub note: Option<String>,
}

/// A definition to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDefinition {
    /// The connector.
    pub connector: String,
    /// The definition as it was written.
    pub text: String,
    /// Who saves it.
    pub author: String,
    /// Why, where the author says.
    pub note: Option<String>,
}

impl Store {
    /// The newest version of each definition, by connector; deleted ones left out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn definitions(&self) -> Result<Vec<DefinitionRecord>, StoreError> {
        self.look(|connection| {
            let sql = format!("{NEWEST} WHERE d.deleted_at IS NULL ORDER BY d.connector");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The newest version of a definition, unless it was deleted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn definition(
        &self,
        connector: &str,
    ) -> Result<Option<DefinitionRecord>, StoreError> {
        let connector = connector.to_owned();
        self.look(move |connection| {
            let sql = format!("{NEWEST} WHERE d.connector = $1 AND d.deleted_at IS NULL");
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row([connector], read).optional()?)
        })
        .await
    }

    /// Saves a definition: a new one where `version` is none, else the next version of that one.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where a new one has the name of one that is there, [`StoreError::Conflict`] where the
    /// version is no longer the newest.
    pub async fn save_definition(
        &self,
        new: NewDefinition,
        version: Option<u64>,
    ) -> Result<DefinitionRecord, StoreError> {
        let now = self.now();
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let newest = match (newest(&transaction, &new.connector)?, version) {
                (Some((newest, false)), Some(version)) if newest == version => newest,
                (Some((_, false)), None) => {
                    return Err(StoreError::Taken {
                        what: "a connector",
                        name: new.connector,
                    }
                    .into());
                }
                (Some((newest, true)), None) => newest,
                (None, None) => 0,
                _ => return Err(StoreError::Conflict.into()),
            };
            let record = DefinitionRecord {
                connector: new.connector,
                version: newest + 1,
                text: new.text,
                author: new.author,
                created_at: now,
                note: new.note,
            };
            let sql = "INSERT INTO definitions (connector, version) VALUES ($1, $2) ON CONFLICT (connector) DO UPDATE \
                       SET version = excluded.version, deleted_at = NULL";
            transaction.execute(sql, (&record.connector, signed(record.version)))?;
            let sql = "INSERT INTO definition_versions (connector, version, content, author, note, created_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
            let row = (
                &record.connector,
                signed(record.version),
                &record.text,
                &record.author,
                &record.note,
                record.created_at,
            );
            transaction.execute(sql, row)?;
            note(&transaction, Kind::Definitions)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// All versions of a definition, newest first; those of a deleted one too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn definition_versions(
        &self,
        connector: &str,
    ) -> Result<Vec<DefinitionRecord>, StoreError> {
        let connector = connector.to_owned();
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE v.connector = $1 ORDER BY v.version DESC");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([connector], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// One version of a definition, that of a deleted one too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn definition_version(
        &self,
        connector: &str,
        version: u64,
    ) -> Result<Option<DefinitionRecord>, StoreError> {
        let key = (connector.to_owned(), signed(version));
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE v.connector = $1 AND v.version = $2");
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement.query_row(key, read).optional()?)
        })
        .await
    }

    /// Deletes a definition; its versions stay readable, and saving it anew goes on with their numbers. False where
    /// there was none.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a version is named and it is no longer the newest.
    pub async fn delete_definition(
        &self,
        connector: &str,
        version: Option<u64>,
    ) -> Result<bool, StoreError> {
        let (connector, now) = (connector.to_owned(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            match newest(&transaction, &connector)? {
                None | Some((_, true)) => return Ok(false),
                Some((newest, false)) if version.is_some_and(|version| version != newest) => {
                    return Err(StoreError::Conflict.into());
                }
                Some(_) => {}
            }
            let sql = "UPDATE definitions SET deleted_at = $1 WHERE connector = $2";
            transaction.execute(sql, (now, connector))?;
            note(&transaction, Kind::Definitions)?;
            transaction.commit()?;
            Ok(true)
        })
        .await
    }
}

const SELECT: &str = "SELECT v.connector, v.version, v.content, v.author, v.created_at, v.note \
                      FROM definition_versions v";

const NEWEST: &str = "SELECT v.connector, v.version, v.content, v.author, v.created_at, v.note FROM definitions d \
                      JOIN definition_versions v ON v.connector = d.connector AND v.version = d.version";

/// The number of the newest version, and whether it was deleted.
fn newest(connection: &Connection, connector: &str) -> Result<Option<(u64, bool)>, Fault> {
    let sql = "SELECT version, deleted_at FROM definitions WHERE connector = $1";
    let row = connection.query_row(sql, [connector], |row| {
        Ok((
            unsigned(row.get(0)?),
            row.get::<_, Option<i64>>(1)?.is_some(),
        ))
    });
    Ok(row.optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<DefinitionRecord> {
    Ok(DefinitionRecord {
        connector: row.get(0)?,
        version: unsigned(row.get(1)?),
        text: row.get(2)?,
        author: row.get(3)?,
        created_at: row.get(4)?,
        note: row.get(5)?,
    })
}
