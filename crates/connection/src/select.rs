//! Which connection is meant: by its owner, and by its id, label or name where an owner has several.

use crate::connections::Connections;
use crate::error::ConnectionError;
use model::{Connector, Owner};
use store::{ConnectionRecord, Filter, SHARED};

/// Whose connection is meant, and which.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Selector {
    /// `local`, or `APP/USER`. A shared connector's connections have one owner for all.
    pub owner: String,
    /// An id, a label or a name.
    pub name: Option<String>,
}

impl Selector {
    /// The owner as it is stored.
    pub(crate) fn owner_at(&self, connector: &Connector) -> &str {
        match connector.connection.owner {
            Owner::Shared => SHARED,
            Owner::User => &self.owner,
        }
    }
}

impl Connections {
    /// The connection meant, if there is one.
    ///
    /// # Errors
    /// [`ConnectionError::Ambiguous`] where several fit and none is named, or the name fits several.
    pub async fn select(
        &self,
        connector: &Connector,
        selector: &Selector,
    ) -> Result<Option<ConnectionRecord>, ConnectionError> {
        let all = self.list(connector, &selector.owner).await?;
        let mut fitting = match &selector.name {
            None => all,
            Some(name) => named(all, name),
        };
        match fitting.len() {
            0 | 1 => Ok(fitting.pop()),
            _ => Err(ConnectionError::Ambiguous {
                labels: fitting.iter().map(describe).collect(),
            }),
        }
    }

    /// The connections of this owner at this connector, in its environment and for its origins.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn list(
        &self,
        connector: &Connector,
        owner: &str,
    ) -> Result<Vec<ConnectionRecord>, ConnectionError> {
        let selector = Selector {
            owner: owner.to_owned(),
            name: None,
        };
        Ok(self
            .store
            .find(Filter {
                connector: connector.name.clone(),
                environment: connector.environment.clone(),
                owner: selector.owner_at(connector).to_owned(),
                origins: Some(connector.origin_set_key()),
            })
            .await?)
    }
}

/// An id is one connection's own; a name comes before a label, which an API may have given to two.
fn named(all: Vec<ConnectionRecord>, name: &str) -> Vec<ConnectionRecord> {
    let by = |fits: &dyn Fn(&ConnectionRecord) -> bool| -> Vec<ConnectionRecord> {
        all.iter().filter(|record| fits(record)).cloned().collect()
    };
    let ways: [&dyn Fn(&ConnectionRecord) -> bool; 4] = [
        &|record| record.id == name,
        &|record| record.name.as_deref() == Some(name),
        &|record| record.label.as_deref() == Some(name),
        &|record| record.identity.as_deref() == Some(name),
    ];
    ways.into_iter()
        .map(by)
        .find(|fitting| !fitting.is_empty())
        .unwrap_or_default()
}

/// What tells a connection apart, for people, and can be given as its name.
pub(crate) fn describe(record: &ConnectionRecord) -> String {
    let words = record
        .name
        .as_ref()
        .or(record.label.as_ref())
        .or(record.identity.as_ref());
    match words {
        Some(words) => format!("{words} ({})", record.id),
        None => record.id.clone(),
    }
}
