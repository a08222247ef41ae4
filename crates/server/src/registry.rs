//! What the server serves now: connectors, apps and their keys, as one snapshot that changes as a whole.
//!
//! Connectors come from a folder, read again each second, and from the store; a definition that cannot be used leaves
//! its last good version in place and says so. Whoever serves a call holds an `Arc` of a [`Snapshot`] and looks at one
//! number to learn whether there is a newer one.
//!
//! # Layout
//! - [`Registry`]: opening, watching, reloading
//! - [`Snapshot`], [`Entry`], [`Served`]: what is served; [`App`]: to whom
//! - [`Definition`], `folder`, `stored`: where connectors come from
//! - `secret_values`: the values of their secrets
//! - [`Finding`]: what people should know

mod app;
mod definition;
mod finding;
mod folder;
mod secret_values;
mod served;
mod snapshot;
mod stored;

pub use app::{App, Published};
pub use definition::{Definition, Origin};
pub use finding::Finding;
pub use secret_values::{SecretsEnv, variable};
pub use served::{Entry, Served};
pub use snapshot::Snapshot;
pub use stored::AppKey;

use crate::registry::folder::Folder;
use crate::registry::stored::Stored;
use arc_swap::ArcSwap;
use connection::Equipped;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{Store, StoreError};
use tokio::sync::Mutex;
use url::Url;

/// How often the folder and the store are looked at.
const EACH: Duration = Duration::from_secs(1);

/// What a registry reads.
#[derive(Clone)]
pub struct Sources {
    /// The folder of definitions, where there is one.
    pub connectors: Option<PathBuf>,
    /// Definitions, secrets, apps and keys.
    pub store: Store,
    /// Secrets that the environment sets; they win over the store's.
    pub secrets_env: SecretsEnv,
    /// Where the server is reached from outside, for `{{callback_url}}`.
    pub public_url: Url,
}

/// Why a registry cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The folder cannot be read.
    #[error("The folder of connectors {} cannot be read: {error}.", dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Two files name one connector.
    #[error("{} and {} both name the connector `{connector}`: rename one of them.", first.display(), second.display())]
    TwoFiles {
        /// The connector.
        connector: String,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The one source of what is served. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    sources: Sources,
    current: ArcSwap<Snapshot>,
    generation: AtomicU64,
    /// What the next snapshot is made from; held while one is made.
    state: Mutex<State>,
}

struct State {
    folder: Option<Folder>,
    stored: Stored,
    /// Something has changed that no snapshot has yet.
    changed: bool,
}

impl Registry {
    /// Reads everything once.
    ///
    /// # Errors
    /// The folder or the store cannot be read, or two files name one connector. A file that is merely wrong is a
    /// finding, so that it does not take the other connectors along.
    pub async fn open(sources: Sources) -> Result<Self, RegistryError> {
        let state = State {
            folder: sources.connectors.clone().map(Folder::new),
            stored: Stored::default(),
            changed: true,
        };
        let registry = Self(Arc::new(Inner {
            sources,
            current: ArcSwap::from_pointee(Snapshot::default()),
            generation: AtomicU64::new(0),
            state: Mutex::new(state),
        }));
        registry.refresh(true).await?;
        Ok(registry)
    }

    /// What is served now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.current.load_full()
    }

    /// A definition that is not served, with the secrets that its connector has: for a test of it. None where it has no
    /// such environment.
    ///
    /// A connector of the folder gives its secrets to the text of its file alone: who may not change that is not to send
    /// them elsewhere.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn equip(
        &self,
        definition: &Definition,
        environment: Option<&str>,
    ) -> Result<Option<Equipped>, StoreError> {
        let sources = &self.0.sources;
        let mut places = definition.places();
        let place = places.find(|place| place.environment.as_deref() == environment);
        let Some(connector) = place.cloned() else {
            return Ok(None);
        };
        let snapshot = self.snapshot();
        let served = snapshot.entry(&connector.name);
        let may_have = served.is_none_or(|served| match served.definition.origin {
            Origin::File(_) => served.definition.text == definition.text,
            Origin::Store { .. } => true,
        });
        let mut secrets = match may_have {
            true => secret_values::look_up(definition, sources).await?,
            false => BTreeMap::new(),
        };
        let callback_url = served::callback_url(&sources.public_url, &connector.name);
        Ok(Some(Equipped {
            secrets: Arc::new(
                secrets
                    .remove(environment.unwrap_or_default())
                    .unwrap_or_default(),
            ),
            callback_url: callback_url.into(),
            connector,
        }))
    }

    /// Grows with each new snapshot: one atomic load tells whether a held one is the newest.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Looks at folder and store each second, until the runtime ends.
    pub fn watch(&self) {
        let registry = self.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(EACH);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let mut failing = false;
            loop {
                ticks.tick().await;
                let outcome = registry.reload().await;
                // Said once, not each second.
                match &outcome {
                    Err(error) if !failing => {
                        tracing::warn!(%error, "connectors and apps cannot be read; the last ones stay");
                    }
                    Ok(()) if failing => tracing::info!("connectors and apps can be read again"),
                    _ => {}
                }
                failing = outcome.is_err();
            }
        });
    }

    /// Looks at folder and store now: what was written before is served when this returns.
    ///
    /// # Errors
    /// The folder or the store cannot be read; what was served before stays.
    pub async fn reload(&self) -> Result<(), RegistryError> {
        self.refresh(false).await
    }

    async fn refresh(&self, first: bool) -> Result<(), RegistryError> {
        let Inner { sources, .. } = &*self.0;
        let mut state = self.0.state.lock().await;
        if let Some(mut folder) = state.folder.take() {
            let dir = folder.dir().to_owned();
            // Reading and checking definitions takes longer than a task of the runtime should.
            let scanned = tokio::task::spawn_blocking(move || {
                let outcome = folder.scan();
                (folder, outcome)
            });
            let (folder, outcome) = match scanned.await {
                Ok(scanned) => scanned,
                Err(error) => {
                    // What was known went down with the scan: the next one reads all files again.
                    state.folder = Some(Folder::new(dir.clone()));
                    let error = std::io::Error::other(error);
                    return Err(RegistryError::Folder { dir, error });
                }
            };
            let doubles = folder.doubles();
            state.folder = Some(folder);
            state.changed |= outcome.map_err(|error| RegistryError::Folder { dir, error })?;
            if first && let Some(double) = doubles.into_iter().next() {
                return Err(double);
            }
        }
        let fresh = state.stored.refresh(&sources.store).await?;
        state.changed |= fresh;
        // What stands in files that the environment names may change without any of the above.
        state.changed |= first || self.secrets_changed().await;
        if state.changed {
            let next = self.assemble(&state).await?;
            self.publish(next);
            state.changed = false;
        }
        Ok(())
    }

    /// A snapshot of all that is known, taking over from the present one whatever is the same.
    async fn assemble(&self, state: &State) -> Result<Snapshot, RegistryError> {
        let sources = &self.0.sources;
        let before = self.snapshot();
        let mut findings = state.stored.findings();
        let mut definitions: BTreeMap<String, Arc<Definition>> = state.stored.definitions();
        if let Some(folder) = &state.folder {
            findings.extend(folder.findings());
            for definition in folder.definitions() {
                let replaced = definitions.insert(definition.name.clone(), definition.clone());
                if replaced.is_some() {
                    findings.push(Finding::in_both(&definition));
                }
            }
        }
        let mut entries = BTreeMap::new();
        for (name, definition) in definitions {
            let secrets = secret_values::look_up(&definition, sources).await?;
            let entry = Entry::build(
                definition,
                secrets,
                &sources.public_url,
                before.entry(&name),
            );
            entries.insert(name, entry);
        }
        findings.extend(state.stored.not_served(&entries));
        Ok(Snapshot::new(
            before.generation + 1,
            entries,
            state.stored.apps(),
            state.stored.keys(),
            findings,
        ))
    }

    /// Whether the environment has other secrets than are served.
    async fn secrets_changed(&self) -> bool {
        let (snapshot, secrets_env) = (self.snapshot(), self.0.sources.secrets_env.clone());
        let looking = move || secret_values::changed(&snapshot, &secrets_env);
        tokio::task::spawn_blocking(looking).await.unwrap_or(false)
    }

    fn publish(&self, next: Snapshot) {
        let before = self.snapshot();
        for finding in next.findings() {
            if !before.findings().contains(finding) {
                tracing::warn!(connector = finding.connector, "{finding}");
            }
        }
        for definition in next.mended(&before) {
            tracing::info!(
                connector = definition.name,
                "`{}` is good again, version {}",
                definition.name,
                definition.version()
            );
        }
        let generation = next.generation;
        self.0.current.store(Arc::new(next));
        self.0.generation.store(generation, Ordering::Release);
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Registry")
    }
}
