//! Connections as people see them: an owner's, page by page, under the names that people give them.

use crate::connections::Connections;
use crate::error::ConnectionError;
use crate::table::Siblings;
use std::collections::HashSet;
use store::{ConnectionRecord, Cursor, Owners, Page, PageFilter};

impl Connections {
    /// A page of this owner's connections at all connectors, from the beginning or from where the page before ended.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn list_of(
        &self,
        owner: &str,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, ConnectionError> {
        let filter = PageFilter {
            owners: Owners::One(owner.to_owned()),
            ..PageFilter::default()
        };
        Ok(self.store.list_page(filter, after, limit).await?)
    }

    /// Gives a connection another name, or none; `None` where the connection is gone. Calls that name it by the old one
    /// no longer find it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn relabel(
        &self,
        id: &str,
        name: Option<String>,
    ) -> Result<Option<ConnectionRecord>, ConnectionError> {
        let renamed = self.store.rename(id, name).await?;
        if let Some(record) = &renamed {
            self.open.relabel(record.clone());
            let siblings = Siblings::of(record);
            self.open.refresh(&HashSet::from([siblings]));
        }
        Ok(renamed)
    }
}
