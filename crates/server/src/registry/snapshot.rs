//! All that is served at one moment, never changed once it is made.

use crate::registry::app::App;
use crate::registry::definition::Definition;
use crate::registry::finding::{Finding, Place};
use crate::registry::served::{Entry, Served};
use crate::registry::stored::AppKey;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is served at one moment.
#[derive(Default)]
pub struct Snapshot {
    /// Which snapshot it is, growing.
    pub generation: u64,
    entries: BTreeMap<String, Entry>,
    apps: HashMap<String, Arc<App>>,
    /// By the SHA-256 of a key: comparing hashes tells nothing about a key by the time it takes.
    keys: HashMap<[u8; 32], AppKey>,
    findings: Vec<Finding>,
}

impl Snapshot {
    pub(super) fn new(
        generation: u64,
        entries: BTreeMap<String, Entry>,
        apps: HashMap<String, Arc<App>>,
        keys: HashMap<[u8; 32], AppKey>,
        findings: Vec<Finding>,
    ) -> Self {
        Self {
            generation,
            entries,
            apps,
            keys,
            findings,
        }
    }

    /// The connector of this name, in all its environments.
    #[must_use]
    pub fn entry(&self, connector: &str) -> Option<&Entry> {
        self.entries.get(connector)
    }

    /// The connector of this name in an environment, or without one.
    #[must_use]
    pub fn served(&self, connector: &str, environment: Option<&str>) -> Option<&Arc<Served>> {
        self.entry(connector)?.in_environment(environment)
    }

    /// All connectors, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The app of this name.
    #[must_use]
    pub fn app(&self, name: &str) -> Option<&Arc<App>> {
        self.apps.get(name)
    }

    /// The app that has a key with this SHA-256.
    #[must_use]
    pub fn app_of_key(&self, hash: &[u8; 32]) -> Option<&Arc<App>> {
        self.key(hash).map(|key| &key.app)
    }

    /// The key with this SHA-256.
    #[must_use]
    pub fn key(&self, hash: &[u8; 32]) -> Option<&AppKey> {
        self.keys.get(hash)
    }

    /// All apps, in no order.
    pub fn apps(&self) -> impl Iterator<Item = &Arc<App>> {
        self.apps.values()
    }

    /// Definitions that are served now, and could not be used at that time.
    pub(super) fn mended(&self, before: &Snapshot) -> Vec<&Definition> {
        let broken = |snapshot: &Snapshot, place: &Place| {
            let mut findings = snapshot.findings.iter();
            findings.any(|finding| finding.broken.as_ref() == Some(place))
        };
        let definitions = self.entries.values().map(|entry| &*entry.definition);
        definitions
            .filter(|definition| {
                let place = definition.place();
                broken(before, &place) && !broken(self, &place)
            })
            .collect()
    }

    /// What people should know about the connectors.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Snapshot")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
