//! Flow runs that wait for a person: sealed, for a short time, and taken up again by whoever comes first.

use std::time::Duration;

use rusqlite::{OptionalExtension, Row, ToSql};
use secret::SecretBytes;

use crate::database::{signed, unsigned, writing};
use crate::digest::Digest;
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
    /// The hash of the `state` that brings its answer back, where it waits for one.
    pub state: Option<Digest>,
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
            let state = run.state;
            let next = signed(record.version);
            let written = match version {
                None => {
                    let sql = "INSERT INTO runs (id, connector, environment, owner, version, sealed, expires_at, state_hash) \
                               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
                    let row = (
                        &record.id,
                        &record.connector,
                        environment,
                        &record.owner,
                        next,
                        sealed.stored(),
                        record.expires_at,
                        state,
                    );
                    transaction.execute(sql, row)?
                }
                Some(version) => {
                    let sql = "UPDATE runs SET version = $1, sealed = $2, expires_at = $3, state_hash = $4 \
                               WHERE id = $5 AND connector = $6 AND environment = $7 AND owner = $8 AND version = $9";
                    let row = (
                        next,
                        sealed.stored(),
                        record.expires_at,
                        state,
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
        let condition = "id = $1 AND expires_at > $2";
        let found = self.find_run(condition, id.to_owned()).await?;
        self.open_run(found).await
    }

    /// The run that waits for this `state`, where it has not expired.
    ///
    /// # Errors
    /// Where the database fails or the run does not open.
    pub async fn load_run_by_state(
        &self,
        state: Digest,
    ) -> Result<Option<(RunRecord, SecretBytes)>, StoreError> {
        let condition = "state_hash = $1 AND expires_at > $2";
        let found = self.find_run(condition, state).await?;
        self.open_run(found).await
    }

    /// The runs of an owner at a connector that have not expired, the one that expires last first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn find_runs(
        &self,
        connector: &str,
        environment: Option<&str>,
        owner: &str,
    ) -> Result<Vec<RunRecord>, StoreError> {
        let key = (
            owner.to_owned(),
            connector.to_owned(),
            environment.unwrap_or_default().to_owned(),
            self.now(),
        );
        self.look(move |connection| {
            let sql = format!(
                "{SELECT} WHERE owner = $1 AND connector = $2 AND environment = $3 AND expires_at > $4 \
                 ORDER BY expires_at DESC, id"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(key, |row| Ok(read(row)?.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The runs of everybody that have not expired, at one connector and of one owner where those are named; those that
    /// expire last first, and no more than `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list_runs(
        &self,
        connector: Option<&str>,
        owner: Option<&str>,
        limit: usize,
    ) -> Result<Vec<RunRecord>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (connector, owner) = (connector.map(str::to_owned), owner.map(str::to_owned));
        let now = self.now();
        self.look(move |connection| {
            let sql = format!(
                "{SELECT} WHERE expires_at > $1 AND ($2 IS NULL OR connector = $2) AND ($3 IS NULL OR owner = $3) \
                 ORDER BY expires_at DESC, id LIMIT $4"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let key = (now, connector, owner, limit);
            let rows = statement.query_map(key, |row| Ok(read(row)?.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
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

    async fn find_run(
        &self,
        condition: &'static str,
        key: impl ToSql + Send + 'static,
    ) -> Result<Option<(RunRecord, Sealed)>, StoreError> {
        let now = self.now();
        self.look(move |connection| {
            let mut statement =
                connection.prepare_cached(&format!("{SELECT} WHERE {condition}"))?;
            Ok(statement.query_row((key, now), read).optional()?)
        })
        .await
    }

    async fn open_run(
        &self,
        found: Option<(RunRecord, Sealed)>,
    ) -> Result<Option<(RunRecord, SecretBytes)>, StoreError> {
        let Some((record, sealed)) = found else {
            return Ok(None);
        };
        let what = format!("run {}", record.id);
        let content = self.unseal(&place(&record), &sealed, &what).await?;
        Ok(Some((record, content)))
    }
}

const SELECT: &str =
    "SELECT id, connector, environment, owner, version, expires_at, sealed FROM runs";

fn read(row: &Row<'_>) -> rusqlite::Result<(RunRecord, Sealed)> {
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
