//! What an app's users have of each connector: how many are connected, and when one was last called. It is told of the
//! connections that are there; what was cleared is forgotten with them.

use crate::app::SHARED;
use crate::database::unsigned;
use crate::error::StoreError;
use crate::page::owners_of;
use crate::store::Store;

/// What is known of one connector's use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUse {
    /// The connector.
    pub connector: String,
    /// How many of the app's users have a connection.
    pub users: u64,
    /// When one of these connections was last called with, in seconds since 1970.
    pub last_used_at: Option<i64>,
}

impl Store {
    /// What the users of an app have, by connector.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn uses_of_app(&self, app: &str) -> Result<Vec<AppUse>, StoreError> {
        self.uses(owners_of(app)).await
    }

    /// When the connections that are everybody's were last used, by connector. By which app is not kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn uses_of_shared(&self) -> Result<Vec<AppUse>, StoreError> {
        // The range of one owner, whose name is the least in it.
        self.uses((SHARED.to_owned(), format!("{SHARED}\u{1}")))
            .await
    }

    async fn uses(&self, owners: (String, String)) -> Result<Vec<AppUse>, StoreError> {
        self.look(move |connection| {
            let sql = "SELECT connector, count(DISTINCT owner), max(last_used_at) FROM connections \
                       WHERE owner >= $1 AND owner < $2 GROUP BY connector ORDER BY connector";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(owners, |row| {
                Ok(AppUse {
                    connector: row.get(0)?,
                    users: unsigned(row.get(1)?),
                    last_used_at: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
