//! What the registry knows from the store: definitions, apps and the hashes of their keys.

use crate::registry::app::App;
use crate::registry::definition::Definition;
use crate::registry::finding::Finding;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Store, StoreError};

/// What was last read from the store.
#[derive(Default)]
pub(super) struct Stored {
    definitions: BTreeMap<String, Arc<Definition>>,
    apps: HashMap<String, Arc<App>>,
    keys: HashMap<[u8; 32], Arc<App>>,
    findings: Vec<Finding>,
}

impl Stored {
    /// Reads what has changed; true where anything has.
    pub(super) async fn refresh(&mut self, _store: &Store) -> Result<bool, StoreError> {
        Ok(false)
    }

    pub(super) fn definitions(&self) -> BTreeMap<String, Arc<Definition>> {
        self.definitions.clone()
    }

    pub(super) fn apps(&self) -> HashMap<String, Arc<App>> {
        self.apps.clone()
    }

    pub(super) fn keys(&self) -> HashMap<[u8; 32], Arc<App>> {
        self.keys.clone()
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        self.findings.clone()
    }
}
