//! Apps: registered callers, each with origins, return addresses and a published set of connectors.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::change::{Kind, note, remove_connections};
use crate::database::{signed, unsigned, writing};
use crate::error::{Fault, StoreError};
use crate::gone_owner::{bury, welcome};
use crate::identity::{Forgotten, Taken, take_between};
use crate::page::owners_of;
use crate::store::Store;

/// An app as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRecord {
    /// Its name: lower-case letters, digits and hyphens.
    pub name: String,
    /// What people read.
    pub title: String,
    /// Origins that may call from a browser.
    pub origins: Vec<String>,
    /// Where the managed auth screen may send a browser back to, each exactly.
    pub return_addresses: Vec<String>,
    /// The published connectors, in the order in which they are shown.
    pub connectors: Vec<Published>,
    /// Whether a host page shows the managed auth screen at its start.
    pub screen_at_start: bool,
    /// Raised by each write.
    pub version: u64,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// When it was last written.
    pub updated_at: i64,
}

/// What may be set of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSettings {
    /// What people read.
    pub title: String,
    /// Origins that may call from a browser.
    pub origins: Vec<String>,
    /// Where the managed auth screen may send a browser back to, each exactly.
    pub return_addresses: Vec<String>,
    /// The published connectors, in the order in which they are shown.
    pub connectors: Vec<Published>,
    /// Whether a host page shows the managed auth screen at its start; it does where nothing is said.
    pub screen_at_start: bool,
}

/// A connector that an app publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The connector.
    pub connector: String,
    /// Whether the managed auth screen asks to sign in to it.
    pub selected: bool,
}

/// Names that mean other owners than an app's users.
const RESERVED: [&str; 3] = ["people", "local", SHARED];

/// The owner of connections that are everybody's. No app has this name.
pub const SHARED: &str = "shared";

/// Whether an app may be called so: `[a-z][a-z0-9-]*`, at most 63, and no word that means other owners.
#[must_use]
pub fn is_app_name(name: &str) -> bool {
    let mut letters = name.bytes();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && name.len() <= 63
        && !RESERVED.contains(&name)
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            title: String::new(),
            origins: Vec::new(),
            return_addresses: Vec::new(),
            connectors: Vec::new(),
            screen_at_start: true,
        }
    }
}

impl Store {
    /// Makes an app.
    ///
    /// # Errors
    /// [`StoreError::NameRefused`] for a name that no app may have, [`StoreError::Taken`] where there is one.
    pub async fn create_app(
        &self,
        name: &str,
        settings: AppSettings,
    ) -> Result<AppRecord, StoreError> {
        if !is_app_name(name) {
            return Err(StoreError::NameRefused {
                what: "an app",
                name: name.to_owned(),
                rule: "a lower-case letter, then at most 62 of a-z, 0-9 and -; not people, local or shared",
            });
        }
        let now = self.now();
        let record = settings.named(name.to_owned(), 1, now, now);
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql = "INSERT INTO apps (name, title, origins, return_addresses, connectors, screen_at_start, version, \
                       created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                       ON CONFLICT (name) DO NOTHING";
            let row = (
                &record.name,
                &record.title,
                json(&record.origins)?,
                json(&record.return_addresses)?,
                json(&record.connectors)?,
                record.screen_at_start,
                signed(record.version),
                record.created_at,
                record.updated_at,
            );
            if transaction.execute(sql, row)? != 1 {
                return Err(StoreError::Taken {
                    what: "an app",
                    name: record.name,
                }
                .into());
            }
            welcome(&transaction, &format!("{}/", record.name))?;
            note(&transaction, Kind::Apps)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The app of this name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn app(&self, name: &str) -> Result<Option<AppRecord>, StoreError> {
        let name = name.to_owned();
        self.look(move |connection| find(connection, &name)).await
    }

    /// All apps, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn apps(&self) -> Result<Vec<AppRecord>, StoreError> {
        self.look(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY name"))?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Puts other settings in the place of those of this version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the app has another version or is gone.
    pub async fn update_app(
        &self,
        name: &str,
        version: u64,
        settings: AppSettings,
    ) -> Result<AppRecord, StoreError> {
        let (name, now) = (name.to_owned(), self.now());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let old = find(&transaction, &name)?
                .filter(|old| old.version == version)
                .ok_or(StoreError::Conflict)?;
            let record = settings.named(name, version + 1, old.created_at, now);
            let sql = "UPDATE apps SET title = $1, origins = $2, return_addresses = $3, connectors = $4, \
                       screen_at_start = $5, version = $6, updated_at = $7 WHERE name = $8 AND version = $9";
            let row = (
                &record.title,
                json(&record.origins)?,
                json(&record.return_addresses)?,
                json(&record.connectors)?,
                record.screen_at_start,
                signed(record.version),
                record.updated_at,
                &record.name,
                signed(version),
            );
            crate::connection::written(transaction.execute(sql, row)?)?;
            note(&transaction, Kind::Apps)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// Deletes an app with its keys, and with its users' sessions, waiting runs, identities and connections, in one
    /// transaction, and tells what was forgotten of its users, of at most 10,000 who signed in last; none where there
    /// was none. Where connections or identities are very many, they go in parts before the rest, once the keys and
    /// sessions are gone, so that others get to write; what is left, should that be cut short, is an app that nobody
    /// can use, to be deleted again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a version is named and the app has another.
    pub async fn delete_app(
        &self,
        name: &str,
        version: Option<u64>,
    ) -> Result<Option<Vec<Forgotten>>, StoreError> {
        let mut version = version;
        let mut taken = Vec::new();
        loop {
            let (name, now) = (name.to_owned(), self.now());
            let part = self.write(move |connection| delete(connection, &name, version, now));
            let (more, is_all) = match part.await? {
                Deleted::Nothing => return Ok(None),
                Deleted::Part(more) => (more, false),
                Deleted::All(more) => (more, true),
            };
            let room = MOST_FORGOTTEN.saturating_sub(taken.len());
            taken.extend(more.into_iter().take(room));
            if is_all {
                break;
            }
            version = None;
        }
        let mut forgotten = Vec::new();
        for (owner, taken) in taken {
            forgotten.push(self.forgotten(&owner, Some(taken)).await);
        }
        Ok(Some(forgotten))
    }
}

/// How much of an app was deleted.
enum Deleted {
    /// There was none.
    Nothing,
    /// Its keys, its users' sessions and runs, and some of their connections and identities: these.
    Part(Vec<(String, Taken)>),
    /// All, with the last of the identities.
    All(Vec<(String, Taken)>),
}

/// The most connections, and the most identities, that go in one transaction.
const AT_ONCE: usize = 1_000;

/// Of how many users at most it is told what was forgotten: all of it is in memory at once.
const MOST_FORGOTTEN: usize = 10_000;

fn delete(
    connection: &mut Connection,
    name: &str,
    version: Option<u64>,
    now: i64,
) -> Result<Deleted, Fault> {
    let transaction = writing(connection)?;
    let Some(app) = find(&transaction, name)? else {
        return Ok(Deleted::Nothing);
    };
    if version.is_some_and(|version| version != app.version) {
        return Err(StoreError::Conflict.into());
    }
    transaction.execute("DELETE FROM app_keys WHERE app = $1", [name])?;
    let sql = "DELETE FROM sessions WHERE kind = 'user' AND app = $1";
    if transaction.execute(sql, [name])? > 0 {
        note(&transaction, Kind::Sessions)?;
    }
    let theirs = "owner >= $1 AND owner < $2";
    let (from, below) = owners_of(name);
    let sql = format!("DELETE FROM runs WHERE {theirs}");
    transaction.execute(&sql, (&from, &below))?;
    let taken = take_between(&transaction, &from, &below, AT_ONCE)?;
    let removed = remove_connections(&transaction, theirs, &[&from, &below], AT_ONCE, now)?;
    let is_all = removed < AT_ONCE && taken.len() < AT_ONCE;
    if is_all {
        transaction.execute("DELETE FROM app_sso WHERE app = $1", [name])?;
        transaction.execute("DELETE FROM apps WHERE name = $1", [name])?;
        bury(&transaction, &from, now)?;
    }
    note(&transaction, Kind::Apps)?;
    transaction.commit()?;
    Ok(match is_all {
        true => Deleted::All(taken),
        false => Deleted::Part(taken),
    })
}

impl AppSettings {
    fn named(self, name: String, version: u64, created_at: i64, updated_at: i64) -> AppRecord {
        AppRecord {
            name,
            title: self.title,
            origins: self.origins,
            return_addresses: self.return_addresses,
            connectors: self.connectors,
            screen_at_start: self.screen_at_start,
            version,
            created_at,
            updated_at,
        }
    }
}

/// The app, as a transaction sees it.
pub(crate) fn find(connection: &Connection, name: &str) -> Result<Option<AppRecord>, Fault> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE name = $1"))?;
    Ok(statement.query_row([name], read).optional()?)
}

const SELECT: &str = "SELECT name, title, origins, return_addresses, connectors, screen_at_start, version, created_at, \
                      updated_at FROM apps";

fn read(row: &Row<'_>) -> rusqlite::Result<AppRecord> {
    Ok(AppRecord {
        name: row.get(0)?,
        title: row.get(1)?,
        origins: list(row, 2)?,
        return_addresses: list(row, 3)?,
        connectors: list(row, 4)?,
        screen_at_start: row.get(5)?,
        version: unsigned(row.get(6)?),
        created_at: row.get(7)?,
        updated_at: row.get(8)?,
    })
}

fn json<T: Serialize>(list: &[T]) -> Result<String, Fault> {
    serde_json::to_string(list)
        .map_err(|error| Fault::Sql(rusqlite::Error::ToSqlConversionFailure(Box::new(error))))
}

fn list<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<T>> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use model::{Clock, Random};

    use super::{AT_ONCE, AppSettings, MOST_FORGOTTEN, Store, is_app_name, signed};
    use crate::{KeySource, Settings};

    #[test]
    fn a_name_can_never_mean_another_owner() {
        for name in ["a", "shop", "shop-2", "a1", "locals", &"a".repeat(63)] {
            assert!(is_app_name(name), "{name}");
        }
        for name in [
            "",
            "people",
            "local",
            "shared",
            "Shop",
            "1a",
            "-a",
            "a/b",
            "a.b",
            "a b",
            "ä",
            "a\n",
            &"a".repeat(64),
        ] {
            assert!(!is_app_name(name), "{name}");
        }
    }

    #[tokio::test]
    async fn very_many_identities_go_in_parts_and_not_all_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings {
            dir: dir.path().to_owned(),
            key: KeySource::InDataDir,
            clock: Clock::new(SystemTime::now),
            random: Random::new(|bytes| getrandom::fill(bytes).unwrap()),
        };
        let (store, _) = Store::open(settings).unwrap();
        for (app, count) in [
            ("few", 0),
            ("many", 2 * AT_ONCE + 1),
            ("all", MOST_FORGOTTEN + 1),
        ] {
            let plain = AppSettings::default();
            store.create_app(app, plain).await.unwrap();
            let job = move |connection: &mut rusqlite::Connection| {
                let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                           INSERT INTO identities (owner, version, sealed, updated_at) \
                           SELECT $2 || '/' || i, 1, x'00', i FROM n WHERE i <= $1";
                connection.execute(sql, (signed(count as u64), app))?;
                Ok(())
            };
            store.write(job).await.unwrap();
            let gone = store.delete_app(app, None).await.unwrap().unwrap();
            assert_eq!(gone.len(), count.min(MOST_FORGOTTEN), "{app}");
            let left = store.look(|connection| {
                let sql = "SELECT count(*) FROM identities";
                Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            });
            assert_eq!(left.await.unwrap(), 0, "{app}");
            assert!(store.delete_app(app, None).await.unwrap().is_none());
        }
    }
}
