//! What the registry knows from the store: definitions, apps and the hashes of their keys.

use crate::registry::app::{App, Published};
use crate::registry::definition::{Definition, Origin};
use crate::registry::finding::{Finding, Place};
use crate::registry::served::Entry;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{AppRecord, DefinitionRecord, Mark, Store, StoreError};

/// What was last read from the store.
#[derive(Default)]
pub(super) struct Stored {
    mark: Mark,
    definitions: BTreeMap<String, Arc<Definition>>,
    apps: HashMap<String, Arc<App>>,
    keys: HashMap<[u8; 32], AppKey>,
    findings: Vec<Finding>,
}

/// A key of an app, known by its hash alone.
#[derive(Clone)]
pub struct AppKey {
    /// Its id, by which its use is noted.
    pub id: Arc<str>,
    /// Whose it is.
    pub app: Arc<App>,
}

impl Stored {
    /// Reads what has changed; true where anything has, the secrets of connectors included. Where that fails nothing
    /// is taken as seen, so that the next time reads it again.
    pub(super) async fn refresh(&mut self, store: &Store) -> Result<bool, StoreError> {
        let changes = store.changes_since(self.mark.clone()).await?;
        if changes.definitions {
            self.read_definitions(store).await?;
        }
        if changes.apps {
            self.read_apps(store).await?;
        }
        self.mark = changes.mark;
        Ok(changes.apps || changes.definitions || changes.secrets)
    }

    pub(super) fn definitions(&self) -> BTreeMap<String, Arc<Definition>> {
        self.definitions.clone()
    }

    pub(super) fn apps(&self) -> HashMap<String, Arc<App>> {
        self.apps.clone()
    }

    pub(super) fn keys(&self) -> HashMap<[u8; 32], AppKey> {
        self.keys.clone()
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    /// What apps may use that is not there, in the order of their names.
    pub(super) fn not_served(&self, entries: &BTreeMap<String, Entry>) -> Vec<Finding> {
        let mut apps: Vec<_> = self.apps.values().collect();
        apps.sort_by(|one, other| one.name.cmp(&other.name));
        let missing = apps.into_iter().flat_map(|app| {
            let connectors = app.connectors.iter().map(|published| &published.connector);
            connectors
                .filter(|connector| !entries.contains_key(*connector))
                .map(|connector| (&app.name, connector))
        });
        missing
            .map(|(app, connector)| {
                Finding::not_served(app, connector, entries.keys().map(String::as_str))
            })
            .collect()
    }

    async fn read_definitions(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut findings = Vec::new();
        let mut definitions = BTreeMap::new();
        for newest in store.definitions().await? {
            let before = self.definitions.remove(&newest.connector);
            let name = newest.connector.clone();
            if let Some(same) = before.as_ref().filter(|it| *it.text == newest.text) {
                let version = newest.version;
                let mut same = Definition::clone(same);
                same.origin = Origin::Store { version };
                definitions.insert(name, Arc::new(same));
                continue;
            }
            let problems = match read(newest.clone()).await {
                Ok(definition) => {
                    definitions.insert(name, Arc::new(definition));
                    continue;
                }
                Err(problems) => problems,
            };
            let good = match before {
                Some(good) => Some(good),
                None => last_good(store, &newest).await?,
            };
            let named = format!("Version {} of `{name}`", newest.version);
            let kept = good.as_ref().map(|good| good.name.as_str());
            let place = Place::Store(name.clone());
            findings.push(Finding::broken(place, &named, kept, problems));
            if let Some(good) = good {
                definitions.insert(name, good);
            }
        }
        (self.definitions, self.findings) = (definitions, findings);
        Ok(())
    }

    async fn read_apps(&mut self, store: &Store) -> Result<(), StoreError> {
        let apps: HashMap<String, Arc<App>> = store
            .apps()
            .await?
            .into_iter()
            .map(|record| (record.name.clone(), Arc::new(App::from(record))))
            .collect();
        let keys = store.all_app_keys().await?.into_iter();
        self.keys = keys
            .filter_map(|(hash, record)| {
                let key = AppKey {
                    id: record.id.into(),
                    app: apps.get(&record.app)?.clone(),
                };
                Some((*hash.bytes(), key))
            })
            .collect();
        self.apps = apps;
        Ok(())
    }
}

/// The newest version before this one that can be used, after a start with a broken one.
async fn last_good(
    store: &Store,
    newest: &DefinitionRecord,
) -> Result<Option<Arc<Definition>>, StoreError> {
    for record in store.definition_versions(&newest.connector).await? {
        if record.version < newest.version
            && let Ok(definition) = read(record).await
        {
            return Ok(Some(Arc::new(definition)));
        }
    }
    Ok(None)
}

async fn read(record: DefinitionRecord) -> Result<Definition, Vec<String>> {
    let origin = Origin::Store {
        version: record.version,
    };
    let named = record.connector;
    // Checking a large definition takes longer than a task of the runtime should.
    let reading = tokio::task::spawn_blocking(move || Definition::read(origin, record.text.into()));
    let definition = reading.await.map_err(|error| vec![error.to_string()])??;
    match definition.name == named {
        true => Ok(definition),
        false => Err(vec![format!(
            "It names the connector `{}`, and is stored as `{named}`.",
            definition.name
        )]),
    }
}

impl From<AppRecord> for App {
    fn from(record: AppRecord) -> Self {
        Self {
            name: record.name,
            title: record.title,
            origins: record.origins,
            return_addresses: record.return_addresses,
            connectors: record
                .connectors
                .into_iter()
                .map(|published| Published {
                    connector: published.connector,
                    selected: published.selected,
                })
                .collect(),
            screen_at_start: record.screen_at_start,
            created_at: record.created_at,
        }
    }
}
