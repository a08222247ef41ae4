//! A connector ready for use in each of its environments, kept across reloads while nothing of it changes.

use crate::registry::definition::Definition;
use connection::Equipped;
use flow::Secrets;
use gateway::Route;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// A connector, in all its environments.
#[derive(Clone)]
pub struct Entry {
    /// What it was made from.
    pub definition: Arc<Definition>,
    /// By environment; the empty name is none.
    served: BTreeMap<String, Arc<Served>>,
}

/// A connector in one environment.
pub struct Served {
    /// The connector with its secrets, for flows.
    pub equipped: Equipped,
    /// The same, compiled for calls.
    pub route: Arc<Route>,
}

impl Entry {
    /// The connector in an environment, or without one.
    #[must_use]
    pub fn in_environment(&self, environment: Option<&str>) -> Option<&Arc<Served>> {
        match environment {
            // An environment's name is never empty, so that this one is no name for "none".
            Some("") => None,
            named => self.served.get(named.unwrap_or_default()),
        }
    }

    /// The connector in all its environments.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.served.values()
    }

    /// What is the same as before is taken over, and with it all that calls have prepared for it.
    pub(super) fn build(
        definition: Arc<Definition>,
        mut secrets: BTreeMap<String, Secrets>,
        public_url: &Url,
        before: Option<&Entry>,
    ) -> Self {
        let before = before.filter(|before| before.definition.text == definition.text);
        let mut served = BTreeMap::new();
        for connector in definition.places() {
            let environment = connector.environment.clone().unwrap_or_default();
            let secrets = secrets.remove(&environment).unwrap_or_default();
            let kept = before
                .and_then(|before| before.served.get(&environment))
                .filter(|served| same(&served.equipped.secrets, &secrets, &connector.secrets));
            let one = match kept {
                Some(kept) => kept.clone(),
                None => Arc::new(Served::new(Equipped {
                    connector: connector.clone(),
                    secrets: Arc::new(secrets),
                    callback_url: callback_url(public_url, &connector.name).into(),
                })),
            };
            served.insert(environment, one);
        }
        Self { definition, served }
    }
}

impl Served {
    fn new(equipped: Equipped) -> Self {
        let route = Arc::new(Route::new(equipped.clone()));
        Self { equipped, route }
    }
}

/// Where APIs redirect back to for this connector.
pub(super) fn callback_url(public_url: &Url, connector: &str) -> String {
    format!(
        "{}/callback/{connector}",
        public_url.as_str().trim_end_matches('/')
    )
}

fn same(one: &Secrets, other: &Secrets, names: &[String]) -> bool {
    let value =
        |secrets: &Secrets, name: &str| secrets.get(name).map(|value| value.reveal().clone());
    names
        .iter()
        .all(|name| value(one, name) == value(other, name))
}

impl std::fmt::Debug for Served {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Served")
            .field("connector", &self.equipped.connector.name)
            .finish_non_exhaustive()
    }
}
