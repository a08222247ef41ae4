//! Flow runs that wait for a person: sealed, for a short time, and taken up again by whoever comes first.

use std::time::Duration;

use rusqlite::OptionalExtension;
use secret::SecretBytes;

use crate::database::{signed, unsigned, writing};
use crate::error::StoreError;
use crate::seal::{Place, Sealed};
use crate::store::Store;

/// A run to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Its id, which the caller made unguessable.
    pub id: String,
    /// The connector.
    pub connector: String,
    /// The environment, where one is named.
    pub environment: Option<String>,
    /// Who signs in.
    pub owner: String,
    /// How long it may wait.
    pub ttl: Duration,
}

/// A run that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its id.
    pub id: String,
    /// The connector.
    pub connector: String,
    /// The environment, where one is named.
    pub environment: Option<String>,
    /// Who signs in.
    pub owner: String,
    /// Raised by each save.
    pub version: u64,
    /// When it is forgotten, in seconds since 1970.
    pub expires_at: i64,
}

impl Store {
    /// Keeps a run: a new one where `version` is none, else the next version of that one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id is taken, or the version is no longer the newest.
    pub async fn save_run(
        &self,
        run: NewRun,
        version: Option<u64>,
        content: SecretBytes,
    ) -> Result<RunRecord, StoreError> {
        let (keyring, now) = (self.keyring(), self.now());
        let ttl = i64::try_from(run.ttl.as_secs()).unwrap_or(i64::MAX);
        let record = RunRecord {
            id: run.id,
            connector: run.connector,
            environment: run.environment,
            owner: run.owner,
            version: version.unwrap_or(0) + 1,
            expires_at: now.saturating_add(ttl),
        };
        self.write(move |connection| {
            let sealed = keyring.seal(&place(&record), &content)?;
            let transaction = writing(connection)?;
            transaction.execute("DELETE FROM runs WHERE expires_at <= $1", [now])?;
            let environment = record.environment.as_deref().unwrap_or_default();
            let next = signed(record.version);
            let written = match version {
                None => {
                    let sql = "INSERT INTO runs (id, connector, environment, owner, version, sealed, expires_at) \
                               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
                    let row = (
                        &record.id,
                        &record.connector,
                        environment,
                        &record.owner,
                        next,
                        sealed.stored(),
                        record.expires_at,
                    );
                    transaction.execute(sql, row)?
                }
                Some(version) => {
                    let sql = "UPDATE runs SET version = $1, sealed = $2, expires_at = $3 \
                               WHERE id = $4 AND connector = $5 AND environment = $6 AND owner = $7 AND version = $8";
                    let row = (
                        next,
                        sealed.stored(),
                        record.expires_at,
                        &record.id,
                        &record.connector,
                        environment,
                        &record.owner,
                        signed(version),
                    );
                    transaction.execute(sql, row)?
                }
            };
            if written != 1 {
                return Err(StoreError::Conflict.into());
            }
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The run of this id, where it has not expired.
    ///
    /// # Errors
    /// Where the database fails or the run does not open.
    pub async fn load_run(&self, id: &str) -> Result<Option<(RunRecord, SecretBytes)>, StoreError> {
        let (id, now) = (id.to_owned(), self.now());
        let found = self
            .look(move |connection| {
                let sql = "SELECT id, connector, environment, owner, version, expires_at, sealed FROM runs \
                           WHERE id = $1 AND expires_at > $2";
                let row = connection.query_row(sql, (id, now), |row| {
                    let environment: String = row.get(2)?;
                    let record = RunRecord {
                        id: row.get(0)?,
                        connector: row.get(1)?,
                        environment: Some(environment).filter(|named| !named.is_empty()),
                        owner: row.get(3)?,
                        version: unsigned(row.get(4)?),
                        expires_at: row.get(5)?,
                    };
                    Ok((record, Sealed::from_stored(row.get(6)?)))
                });
                Ok(row.optional()?)
            })
            .await?;
        let Some((record, sealed)) = found else {
            return Ok(None);
        };
        let content = self
            .unseal(&place(&record), &sealed, &format!("run {}", record.id))
            .await?;
        Ok(Some((record, content)))
    }

    /// Forgets a run; of several who do so at once, one gets true.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_run(&self, id: &str) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.write(move |connection| {
            Ok(connection.execute("DELETE FROM runs WHERE id = $1", [id])? == 1)
        })
        .await
    }
}

fn place(record: &RunRecord) -> Place<'_> {
    Place {
        column: "runs.sealed",
        id: &record.id,
        connector: &record.connector,
        environment: record.environment.as_deref().unwrap_or_default(),
        owner: &record.owner,
        origins: "",
        version: record.version,
        generation: 0,
    }
}
