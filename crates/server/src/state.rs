//! What requests are served with on the back runtime, made once at the start. Cheap to clone.

use crate::caller::UserTokens;
use crate::doctor::Installation;
use crate::front::SoughtConnection;
use crate::looks::Looks;
use crate::metrics::Metrics;
use crate::page::Site;
use crate::proxies::Proxies;
use crate::registry::{Registry, SecretsEnv};
use crate::screen::AuthLinks;
use crate::signed::Signer;
use crate::single_sign_on::SingleSignOn;
use crate::test_run::TestRuns;
use crate::waits::Waits;
use connection::{Attempts, Connections, Handle};
use model::{Clock, Random};
use std::ops::Deref;
use std::sync::Arc;
use store::Store;
use url::Url;

/// The state of the server.
#[derive(Clone)]
pub(crate) struct State(Arc<Shared>);

/// What all clones have in common.
pub(crate) struct Shared {
    /// What survives a restart.
    pub(crate) store: Store,
    /// The signed-in connections.
    pub(crate) connections: Connections,
    /// What is served now.
    pub(crate) registry: Registry,
    /// Secrets that the environment sets.
    pub(crate) secrets_env: SecretsEnv,
    /// Where the server is reached from outside, without a slash at its end.
    pub(crate) public_url: Url,
    /// Whether an operator has set that address.
    pub(crate) public_url_is_set: bool,
    /// What an operator set that the server only tells of.
    pub(crate) installation: Installation,
    /// Proxies that are trusted to say whom they speak for.
    pub(crate) proxies: Proxies,
    /// Whether this machine may read metrics on the public port.
    pub(crate) shows_metrics: bool,
    /// Tells the time.
    pub(crate) clock: Clock,
    /// Makes tokens and ids.
    pub(crate) random: Random,
    /// Makes and recognises user tokens.
    pub(crate) user_tokens: UserTokens,
    /// Sign-ins over HTTP.
    pub(crate) attempts: Attempts,
    /// Builders' tests of definitions.
    pub(crate) test_runs: TestRuns,
    /// Looks into the store for calls whose credential is not at hand.
    pub(crate) looks: Looks<SoughtConnection, Arc<Handle>>,
    /// Those that wait for a sign-in.
    pub(crate) waits: Waits,
    /// Signs what pages send back.
    pub(crate) signer: Signer,
    /// Makes links to the managed auth screen and takes them back.
    pub(crate) links: AuthLinks,
    /// Identity providers that people sign in at.
    pub(crate) sso: SingleSignOn,
    /// What operators measure.
    pub(crate) metrics: Metrics,
    /// The builder's page.
    pub(crate) site: Site,
}

impl State {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("State")
    }
}
