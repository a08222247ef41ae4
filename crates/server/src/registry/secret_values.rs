//! The values of a connector's secrets: from the environment first, else from the store.

use crate::registry::Sources;
use crate::registry::definition::Definition;
use crate::registry::snapshot::Snapshot;
use flow::Secrets;
use secret::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::StoreError;

/// Answers with the value of an environment variable, or of the file that its `_FILE` names.
pub type SecretsEnv = Arc<dyn Fn(&str) -> Option<SecretString> + Send + Sync>;

/// The variable that holds a secret: `STEPGATE_SECRET_WIKI_CLIENT_SECRET`.
#[must_use]
pub fn variable(connector: &str, name: &str) -> String {
    format!("STEPGATE_SECRET_{}_{}", shout(connector), shout(name))
}

/// The secrets of a connector without an environment (the empty name) and in each.
pub(super) async fn look_up(
    definition: &Definition,
    sources: &Sources,
) -> Result<BTreeMap<String, Secrets>, StoreError> {
    let mut all = BTreeMap::new();
    for connector in definition.places() {
        let environment = connector.environment.as_deref();
        let mut secrets = Secrets::new();
        for name in &connector.secrets {
            let value = match (sources.secrets_env)(&variable(&connector.name, name)) {
                Some(value) => Some(value),
                None => {
                    sources
                        .store
                        .secret(&connector.name, environment, name)
                        .await?
                }
            };
            if let Some(value) = value {
                secrets.insert(name.clone(), value);
            }
        }
        all.insert(environment.unwrap_or_default().to_owned(), secrets);
    }
    Ok(all)
}

/// Whether the environment gives a connector another secret than it is served with. One that the environment has no more
/// is not asked for here: it may be the store's.
pub(super) fn changed(snapshot: &Snapshot, secrets_env: &SecretsEnv) -> bool {
    let mut changed = BTreeSet::new();
    for served in snapshot.entries().flat_map(|entry| entry.all()) {
        let connector = &served.equipped.connector;
        for name in &connector.secrets {
            let Some(now) = secrets_env(&variable(&connector.name, name)) else {
                continue;
            };
            let before = served.equipped.secrets.get(name);
            if before.is_none_or(|before| before.reveal() != now.reveal()) {
                changed.insert((&connector.name, name));
            }
        }
    }
    for (connector, secret) in &changed {
        tracing::info!(connector, secret, "a secret has changed");
    }
    !changed.is_empty()
}

fn shout(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect()
}
