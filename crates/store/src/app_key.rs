//! Keys of apps: only their hashes, and at most two of each app, so that one can take the other's place.

use rusqlite::Row;

use crate::app::find;
use crate::change::{Kind, note};
use crate::database::writing;
use crate::digest::Digest;
use crate::error::StoreError;
use crate::record::new_id;
use crate::store::Store;

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppKeyRecord {
    /// `k_` and something random.
    pub id: String,
    /// The app.
    pub app: String,
    /// What people tell keys apart by: a few letters of it.
    pub hint: String,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// When it was last used, to a minute.
    pub last_used_at: Option<i64>,
}

/// The most keys that an app has at a time.
pub const KEYS_PER_APP: usize = 2;

impl Store {
    /// Adds a key to an app.
    ///
    /// # Errors
    /// [`StoreError::TooManyKeys`] where it has two, [`StoreError::Missing`] where there is no such app.
    pub async fn add_app_key(
        &self,
        app: &str,
        hash: Digest,
        hint: &str,
    ) -> Result<AppKeyRecord, StoreError> {
        let record = AppKeyRecord {
            id: new_id(self.random(), "k_"),
            app: app.to_owned(),
            hint: hint.to_owned(),
            created_at: self.now(),
            last_used_at: None,
        };
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let app = record.app.clone();
            if find(&transaction, &app)?.is_none() {
                return Err(StoreError::Missing {
                    what: "app",
                    name: app,
                }
                .into());
            }
            let sql = "SELECT count(*) FROM app_keys WHERE app = $1";
            let count: i64 = transaction.query_row(sql, [&app], |row| row.get(0))?;
            if count >= KEYS_PER_APP as i64 {
                return Err(StoreError::TooManyKeys { app }.into());
            }
            let sql = "INSERT INTO app_keys (id, app, hash, hint, created_at) VALUES ($1, $2, $3, $4, $5)";
            let row = (&record.id, &app, hash, &record.hint, record.created_at);
            transaction.execute(sql, row)?;
            note(&transaction, Kind::Apps)?;
            transaction.commit()?;
            Ok(record)
        })
        .await
    }

    /// The keys of an app, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn app_keys(&self, app: &str) -> Result<Vec<AppKeyRecord>, StoreError> {
        let app = app.to_owned();
        self.look(move |connection| {
            let sql = format!("{SELECT} WHERE app = $1 ORDER BY created_at, id");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([app], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The hashes of all keys of all apps, each with what is known of the key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn all_app_keys(&self) -> Result<Vec<(Digest, AppKeyRecord)>, StoreError> {
        self.look(|connection| {
            let mut statement = connection.prepare_cached(SELECT)?;
            let rows = statement.query_map([], |row| Ok((row.get(5)?, read(row)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Takes a key from an app; false where it had none of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_app_key(&self, app: &str, id: &str) -> Result<bool, StoreError> {
        let key = (app.to_owned(), id.to_owned());
        self.write(move |connection| {
            let transaction = writing(connection)?;
            let sql = "DELETE FROM app_keys WHERE app = $1 AND id = $2";
            let removed = transaction.execute(sql, key)? == 1;
            if removed {
                note(&transaction, Kind::Apps)?;
            }
            transaction.commit()?;
            Ok(removed)
        })
        .await
    }
}

const SELECT: &str = "SELECT id, app, hint, created_at, last_used_at, hash FROM app_keys";

fn read(row: &Row<'_>) -> rusqlite::Result<AppKeyRecord> {
    Ok(AppKeyRecord {
        id: row.get(0)?,
        app: row.get(1)?,
        hint: row.get(2)?,
        created_at: row.get(3)?,
        last_used_at: row.get(4)?,
    })
}
