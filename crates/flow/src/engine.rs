//! What every run needs from outside: a way out, a sandbox, a clock and randomness.

use indexmap::IndexMap;
use model::{Clock, Connector, Random};
use secret::SecretString;

/// The means by which runs act on the world. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// Sends every request.
    pub client: outbound::Client,
    /// Runs the code of JS Code steps.
    pub scripts: script::Pool,
    /// Tells the time.
    pub clock: Clock,
    /// Makes `state`, verifiers and the like.
    pub random: Random,
}

/// What one run is about. The same for every [`crate::Run::advance`] of it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The connector whose flow it is.
    pub connector: &'a Connector,
    /// The connector's secrets in its environment.
    pub secrets: &'a Secrets,
    /// Where APIs redirect back to.
    pub callback_url: &'a str,
    /// The means.
    pub engine: &'a Engine,
}

/// The values of a connector's secrets, by name.
#[derive(Clone, Default)]
pub struct Secrets(IndexMap<String, SecretString>);

impl Secrets {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn insert(&mut self, name: impl Into<String>, value: SecretString) {
        self.0.insert(name.into(), value);
    }

    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }

    /// Every value, so that a masker may know them.
    pub fn values(&self) -> impl Iterator<Item = &SecretString> {
        self.0.values()
    }
}

impl FromIterator<(String, SecretString)> for Secrets {
    fn from_iter<T: IntoIterator<Item = (String, SecretString)>>(entries: T) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
