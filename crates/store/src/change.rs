//! The journal: what was written since somebody last looked, by whichever process.
//!
//! Every write raises a counter in its own transaction, so that asking costs next to nothing where nothing happened.
//! Connections are told one by one; of the rest it is told only which kind to read again. Noting a use raises nothing.

use rusqlite::{Connection, ToSql, Transaction};

use crate::database::{next_number, signed, unsigned};
use crate::error::{Fault, StoreError};
use crate::store::Store;

/// What somebody has seen so far. It belongs to the store that gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    store: u64,
    data_version: i64,
    counters: Counters,
}

/// What was written since a mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What is seen now: the next mark to ask with.
    pub mark: Mark,
    /// Too much or too long ago to be told one by one: whatever is held of connections has to be read again.
    pub missed: bool,
    /// Connections that were made or written, each as it is now.
    pub connections: Vec<ChangedConnection>,
    /// Ids of connections that are no more.
    pub gone: Vec<String>,
    /// Whether apps or their keys changed.
    pub apps: bool,
    /// Whether people or their tokens changed.
    pub people: bool,
    /// Whether sessions were made or ended.
    pub sessions: bool,
    /// Whether definitions changed.
    pub definitions: bool,
    /// Whether secrets of connectors changed.
    pub secrets: bool,
}

/// A connection that was written; its state may have changed although the numbers have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedConnection {
    /// Its id.
    pub id: String,
    /// The connector.
    pub connector: String,
    /// The environment, where one is named.
    pub environment: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// The version of the credential.
    pub version: u64,
    /// How often its cookies were written.
    pub cookies_generation: u64,
}

/// What a counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Connections,
    Apps,
    People,
    Sessions,
    Definitions,
    Secrets,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counters {
    connections: u64,
    /// The greatest number of a connection that is gone and no longer remembered.
    forgotten: u64,
    apps: u64,
    people: u64,
    sessions: u64,
    definitions: u64,
    secrets: u64,
}

impl Changes {
    /// Whether there is nothing to be told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !(self.missed
            || self.apps
            || self.people
            || self.sessions
            || self.definitions
            || self.secrets)
            && self.connections.is_empty()
            && self.gone.is_empty()
    }
}

impl Store {
    /// What is seen now: take it before reading what is to be kept in memory.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark(&self) -> Result<Mark, StoreError> {
        let store = self.instance();
        self.look(move |connection| {
            let data_version = data_version(connection)?;
            Ok(Mark {
                store,
                data_version,
                counters: counters(connection)?,
            })
        })
        .await
    }

    /// What was written since the mark was made, here or by another process. With a mark of another store, or the
    /// default one, all is told to have changed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn changes_since(&self, mark: Mark) -> Result<Changes, StoreError> {
        let store = self.instance();
        self.look(move |connection| {
            let data_version = data_version(connection)?;
            if mark.store == store && mark.data_version == data_version {
                return Ok(Changes {
                    mark,
                    ..Changes::default()
                });
            }
            // One look at all, so that the counters and the rows tell of the same moment.
            let transaction = connection.transaction()?;
            let now = counters(&transaction)?;
            let stranger = mark.store != store;
            let then = mark.counters;
            let mut changes = Changes {
                missed: stranger || then.connections < now.forgotten,
                apps: stranger || then.apps != now.apps,
                people: stranger || then.people != now.people,
                sessions: stranger || then.sessions != now.sessions,
                definitions: stranger || then.definitions != now.definitions,
                secrets: stranger || then.secrets != now.secrets,
                ..Changes::default()
            };
            if !changes.missed && then.connections != now.connections {
                changes.connections = written_since(&transaction, then.connections)?;
                changes.gone = gone_since(&transaction, then.connections)?;
                if changes.connections.len() + changes.gone.len() > MANY {
                    changes.missed = true;
                    changes.connections = Vec::new();
                    changes.gone = Vec::new();
                }
            }
            changes.mark = Mark {
                store,
                data_version,
                counters: now,
            };
            Ok(changes)
        })
        .await
    }
}

/// Notes in the transaction of a write what it wrote; gives the number of this change.
pub(crate) fn note(transaction: &Transaction<'_>, kind: Kind) -> Result<u64, Fault> {
    next_number(transaction, kind.counter())
}

/// Forgets connections, by a condition on their columns, and leaves word of each; says how many. Not more than `limit`
/// of them: as long as this takes nobody else writes.
pub(crate) fn remove_connections(
    transaction: &Transaction<'_>,
    condition: &str,
    parameters: &[&dyn ToSql],
    limit: usize,
    now: i64,
) -> Result<usize, Fault> {
    let listed = format!("SELECT id FROM connections WHERE {condition} LIMIT {limit}");
    let ids: Vec<String> = transaction
        .prepare_cached(&listed)?
        .query_map(parameters, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    forget_old(transaction, now)?;
    let number = signed(note(transaction, Kind::Connections)?);
    let mut removal = transaction.prepare_cached("DELETE FROM connections WHERE id = $1")?;
    let sql = "INSERT INTO gone_connections (id, changed, gone_at) VALUES ($1, $2, $3) \
               ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, gone_at = excluded.gone_at";
    let mut word = transaction.prepare_cached(sql)?;
    for id in &ids {
        removal.execute([id])?;
        word.execute((id, number, now))?;
    }
    Ok(ids.len())
}

/// More than this is not told one by one.
const MANY: usize = 10_000;

/// How long a connection that is gone is remembered, in seconds.
const REMEMBERED: i64 = 60 * 60;

/// How many are forgotten at once: more than go at once, so that they never pile up.
const FORGOTTEN_AT_ONCE: i64 = 2_000;

/// The counter of what is no longer remembered.
const FORGOTTEN: &str = "change.forgotten";

impl Kind {
    fn counter(self) -> &'static str {
        match self {
            Self::Connections => "change.connections",
            Self::Apps => "change.apps",
            Self::People => "change.people",
            Self::Sessions => "change.sessions",
            Self::Definitions => "change.definitions",
            Self::Secrets => "change.secrets",
        }
    }
}

/// The other question that is put in SQLite's own words: a number that changes when another connection has written.
/// Elsewhere the counters are read at once.
fn data_version(connection: &Connection) -> Result<i64, Fault> {
    let mut statement = connection.prepare_cached("PRAGMA data_version")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn counters(connection: &Connection) -> Result<Counters, Fault> {
    let sql = "SELECT name, value FROM counters WHERE name IN ('change.connections', 'change.forgotten', \
               'change.apps', 'change.people', 'change.sessions', 'change.definitions', 'change.secrets')";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut counters = Counters::default();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let value = unsigned(row.get(1)?);
        match name.as_str() {
            "change.connections" => counters.connections = value,
            FORGOTTEN => counters.forgotten = value,
            "change.apps" => counters.apps = value,
            "change.people" => counters.people = value,
            "change.sessions" => counters.sessions = value,
            "change.definitions" => counters.definitions = value,
            _ => counters.secrets = value,
        }
    }
    Ok(counters)
}

fn written_since(connection: &Connection, number: u64) -> Result<Vec<ChangedConnection>, Fault> {
    let sql = "SELECT id, connector, environment, owner, version, cookies_generation FROM connections \
               WHERE changed > $1 ORDER BY changed LIMIT $2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((signed(number), MANY as i64 + 1), |row| {
        let environment: String = row.get(2)?;
        Ok(ChangedConnection {
            id: row.get(0)?,
            connector: row.get(1)?,
            environment: Some(environment).filter(|named| !named.is_empty()),
            owner: row.get(3)?,
            version: unsigned(row.get(4)?),
            cookies_generation: unsigned(row.get(5)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn gone_since(connection: &Connection, number: u64) -> Result<Vec<String>, Fault> {
    let sql = "SELECT id FROM gone_connections WHERE changed > $1 ORDER BY changed LIMIT $2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((signed(number), MANY as i64 + 1), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Drops word of connections that went long ago, some at a time. Whoever has not looked since is told that they missed
/// something.
fn forget_old(transaction: &Transaction<'_>, now: i64) -> Result<(), Fault> {
    let until = now.saturating_sub(REMEMBERED);
    let sql =
        "SELECT id, changed FROM gone_connections WHERE gone_at < $1 ORDER BY changed LIMIT $2";
    let old: Vec<(String, i64)> = transaction
        .prepare_cached(sql)?
        .query_map((until, FORGOTTEN_AT_ONCE), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let Some((_, newest)) = old.last() else {
        return Ok(());
    };
    let sql = "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE \
               SET value = excluded.value WHERE counters.value < excluded.value";
    transaction.execute(sql, (FORGOTTEN, newest))?;
    let mut removal = transaction.prepare_cached("DELETE FROM gone_connections WHERE id = $1")?;
    for (id, _) in &old {
        removal.execute([id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use model::{Clock, Random};

    use super::{MANY, Store, signed};
    use crate::{KeySource, Settings};

    /// Connections of users of an app, written as one transaction.
    async fn make_many(store: &Store, app: &'static str, count: usize) {
        let job = move |connection: &mut rusqlite::Connection| {
            let transaction = crate::database::writing(connection)?;
            let number = super::note(&transaction, super::Kind::Connections)?;
            let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                       INSERT INTO connections (id, connector, environment, owner, origins, version, sealed, \
                       cookies_generation, state, fence, created_at, updated_at, changed) \
                       SELECT $2 || i, 'wiki', '', $2 || '/' || i, 'o', 1, x'00', 0, '{}', 0, 0, 0, $3 FROM n";
            transaction.execute(sql, (signed(count as u64), app, signed(number)))?;
            Ok(transaction.commit()?)
        };
        store.write(job).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_too_much_is_not_told_one_by_one() {
        let dir = tempfile::tempdir().unwrap();
        let settings = || Settings {
            dir: dir.path().to_owned(),
            key: KeySource::InDataDir,
            clock: Clock::new(SystemTime::now),
            random: Random::new(|bytes| getrandom::fill(bytes).unwrap()),
        };
        let (store, _) = Store::open(settings()).unwrap();
        for (app, count) in [("few", MANY), ("many", MANY + 1)] {
            let plain = crate::AppSettings::default();
            store.create_app(app, plain).await.unwrap();
            let before = store.mark().await.unwrap();
            make_many(&store, app, count).await;
            let told = store.changes_since(before).await.unwrap();
            let few = if count > MANY { 0 } else { count };
            assert_eq!((told.missed, told.connections.len()), (few == 0, few));
            let before = told.mark;
            assert!(store.delete_app(app, None).await.unwrap().is_some());
            let told = store.changes_since(before).await.unwrap();
            assert_eq!((told.missed, told.gone.len()), (few == 0, few));
            assert!(store.changes_since(told.mark).await.unwrap().is_empty());
        }
    }
}
