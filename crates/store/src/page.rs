//! Connections a page at a time, however many there are.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::ToSql;

use crate::error::StoreError;
use crate::record::{ConnectionRecord, SELECT, read};
use crate::store::Store;

/// Which connections are listed; the default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFilter {
    /// Of this connector.
    pub connector: Option<String>,
    /// In this environment; the empty text means in none that is named.
    pub environment: Option<String>,
    /// Whose they are.
    pub owners: Owners,
}

/// Whose connections are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Owners {
    /// Everybody's.
    #[default]
    All,
    /// This owner's.
    One(String),
    /// Those of all users of this app.
    App(String),
}

/// A page of connections, those of one owner together, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The connections.
    pub records: Vec<ConnectionRecord>,
    /// Where the next page begins, where there is one.
    pub next: Option<Cursor>,
}

/// Where a page begins: a place in the order, not a number, so that what is made or deleted meanwhile shifts nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    owner: String,
    created_at: i64,
    id: String,
}

/// The most that one page holds.
pub const PAGE_LIMIT: usize = 1_000;

impl Cursor {
    /// From the text that [`fmt::Display`] makes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (owner, created_at, id) = serde_json::from_slice(&bytes).ok()?;
        Some(Self {
            owner,
            created_at,
            id,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = serde_json::json!([self.owner, self.created_at, self.id]);
        f.write_str(&URL_SAFE_NO_PAD.encode(parts.to_string()))
    }
}

impl Store {
    /// A page of the connections that fit, from the beginning or from where the page before ended; at most
    /// [`PAGE_LIMIT`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list_page(
        &self,
        filter: PageFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        self.look(move |connection| {
            let (sql, parameters) = question(&filter, after.as_ref(), limit);
            let parameters = rusqlite::params_from_iter(parameters.iter());
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(parameters, read)?;
            let mut records = rows.collect::<Result<Vec<_>, _>>()?;
            let more = records.len() > limit;
            records.truncate(limit);
            let next = records.last().filter(|_| more).map(|last| Cursor {
                owner: last.owner.clone(),
                created_at: last.created_at,
                id: last.id.clone(),
            });
            Ok(Page { records, next })
        })
        .await
    }
}

/// The range of all owners of an app: `/` is followed by `0`.
pub(crate) fn owners_of(app: &str) -> (String, String) {
    (format!("{app}/"), format!("{app}0"))
}

/// The statement and its parameters. Only what is asked for is in it, so that an index fits.
fn question(
    filter: &PageFilter,
    after: Option<&Cursor>,
    limit: usize,
) -> (String, Vec<Box<dyn ToSql>>) {
    let mut conditions = Vec::new();
    let mut parameters: Vec<Box<dyn ToSql>> = Vec::new();
    let mut bind = |value: Box<dyn ToSql>| {
        parameters.push(value);
        format!("${}", parameters.len())
    };
    if let Some(connector) = &filter.connector {
        conditions.push(format!("connector = {}", bind(Box::new(connector.clone()))));
    }
    if let Some(environment) = &filter.environment {
        let environment = bind(Box::new(environment.clone()));
        conditions.push(format!("environment = {environment}"));
    }
    match &filter.owners {
        Owners::All => {}
        Owners::One(owner) => {
            conditions.push(format!("owner = {}", bind(Box::new(owner.clone()))));
        }
        Owners::App(app) => {
            let (from, below) = owners_of(app);
            let (from, below) = (bind(Box::new(from)), bind(Box::new(below)));
            conditions.push(format!("owner >= {from} AND owner < {below}"));
        }
    }
    if let Some(after) = after {
        let owner = bind(Box::new(after.owner.clone()));
        let created_at = bind(Box::new(after.created_at));
        let id = bind(Box::new(after.id.clone()));
        conditions.push(format!(
            "(owner, created_at, id) > ({owner}, {created_at}, {id})"
        ));
    }
    let chosen = match conditions.is_empty() {
        true => String::new(),
        false => format!("WHERE {} ", conditions.join(" AND ")),
    };
    let limit = bind(Box::new(limit as i64 + 1));
    let sql = format!("{SELECT} {chosen}ORDER BY owner, created_at, id LIMIT {limit}");
    (sql, parameters)
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Owners, PageFilter, question};

    /// The schema in memory.
    fn schema() -> rusqlite::Connection {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let steps = [
            include_str!("migrations/0001_first.sql"),
            include_str!("migrations/0002_server.sql"),
            include_str!("migrations/0003_sign_in.sql"),
        ];
        for step in steps {
            connection.execute_batch(step).unwrap();
        }
        connection
    }

    #[test]
    fn an_index_finds_and_sorts_each_page() {
        let connection = schema();
        let some = |text: &str| Some(text.to_owned());
        let cursor = Cursor {
            owner: "shop/u1".to_owned(),
            created_at: 1,
            id: "c_1".to_owned(),
        };
        for connector in [None, some("wiki")] {
            for environment in [None, some("staging")] {
                for owners in [
                    Owners::All,
                    Owners::One("shop/u1".to_owned()),
                    Owners::App("shop".to_owned()),
                ] {
                    for after in [None, Some(&cursor)] {
                        let filter = PageFilter {
                            connector: connector.clone(),
                            environment: environment.clone(),
                            owners: owners.clone(),
                        };
                        let (sql, parameters) = question(&filter, after, 10);
                        let plan: Vec<String> = connection
                            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                            .unwrap()
                            .query_map(rusqlite::params_from_iter(parameters.iter()), |row| {
                                row.get(3)
                            })
                            .unwrap()
                            .collect::<Result<_, _>>()
                            .unwrap();
                        let [plan] = plan.as_slice() else {
                            panic!("{filter:?}: {plan:?}");
                        };
                        let chosen = filter != PageFilter::default() || after.is_some();
                        let searched = plan.starts_with("SEARCH");
                        assert!(plan.contains("USING INDEX connections_paged"), "{plan}");
                        assert_eq!(searched, chosen, "{filter:?}: {plan}");
                    }
                }
            }
        }
    }
}
