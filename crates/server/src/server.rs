//! Starting and stopping the server.

use crate::api::{self, Api};
use crate::caller::UserTokens;
use crate::error::ServerError;
use crate::front::{Listeners, Threads};
use crate::looks::Looks;
use crate::metrics::Metrics;
use crate::metrics_listener::MetricsListener;
use crate::page::Site;
use crate::proxies::Proxies;
use crate::registry::{Registry, SecretsEnv, Sources};
use crate::screen::AuthLinks;
use crate::settings::Settings;
use crate::signed::Signer;
use crate::single_sign_on::SingleSignOn;
use crate::state::{Shared, State};
use crate::test_run::TestRuns;
use crate::waits::Waits;
use connection::{AttemptLimits, Attempts, Connections, ConnectorSource, Identities};
use flow::Engine;
use std::net::SocketAddr;
use std::sync::Arc;
use store::Store;
use url::Url;

/// What a server is made from.
#[derive(Clone)]
pub struct Parts {
    /// What survives a restart.
    pub store: Store,
    /// The means of flows and calls; its clock and randomness are the server's.
    pub engine: Engine,
    /// Secrets that the environment sets; they win over the store's.
    pub secrets_env: SecretsEnv,
}

/// The server.
#[derive(Debug)]
pub struct Server;

/// A server that serves. Dropped, it stops without waiting for anybody.
#[must_use]
pub struct Running {
    address: SocketAddr,
    state: State,
    threads: Threads,
    metrics: Option<MetricsListener>,
}

impl Server {
    /// Starts a server: when this returns, it serves. The runtime that this is called on, which has to be one of several
    /// threads, serves all but calls.
    ///
    /// # Errors
    /// Where the address cannot be listened on, or what is to be served cannot be read.
    pub async fn start(settings: Settings, parts: Parts) -> Result<Running, ServerError> {
        let listeners = Listeners::bind(&settings)?;
        let address = listeners.address();
        let site = Site::open(settings.web.as_deref())?;
        let metrics = Metrics::new();
        let metrics_listener = match settings.metrics_listen {
            Some(address) => Some(MetricsListener::start(address, metrics.clone()).await?),
            None => None,
        };
        let public_url = public_url(settings.public_url.as_ref(), address)?;
        let Parts {
            store,
            engine,
            secrets_env,
        } = parts;
        let registry = Registry::open(Sources {
            connectors: settings.connectors.clone(),
            store: store.clone(),
            secrets_env: secrets_env.clone(),
            public_url: public_url.clone(),
        })
        .await?;
        registry.watch();
        let user_tokens = UserTokens::new(store.server_secret("user-tokens").await?);
        let (clock, random) = (engine.clock.clone(), engine.random.clone());
        let links =
            AuthLinks::open(&store, clock.clone(), random.clone(), public_url.clone()).await?;
        let sso = SingleSignOn::new(&settings.sso, &engine);
        let connections = Connections::new(store.clone(), engine)
            .with_proof(gateway::proof())
            .with_identities(Identities::kept(sso.parties()));
        let served = registry.clone();
        let connectors: ConnectorSource = Arc::new(move |connector, environment| {
            let snapshot = served.snapshot();
            let served = snapshot.served(connector, environment)?;
            Some(served.equipped.clone())
        });
        let limits = settings.limits;
        let attempt_limits = AttemptLimits {
            per_owner: limits.sign_ins_per_user,
            per_app: limits.sign_ins_per_app,
            ..AttemptLimits::default()
        };
        let state = State::new(Shared {
            attempts: Attempts::new(connections.clone(), connectors, attempt_limits),
            signer: Signer::new(store.server_secret("sign-in").await?),
            test_runs: TestRuns::new(clock.clone(), random.clone()),
            looks: Looks::default(),
            waits: Waits::new(limits.waits_per_user, limits.waits_per_app),
            connections,
            clock,
            random,
            store,
            registry,
            secrets_env,
            public_url,
            public_url_is_set: settings.public_url.is_some(),
            installation: settings.installation.clone(),
            user_tokens,
            links,
            sso,
            metrics,
            site,
            proxies: Proxies::new(settings.trusted_proxies.clone()),
            shows_metrics: settings.metrics_listen.is_none() && settings.public_url.is_none(),
        });
        state.connections.watch();
        let router = api::router(&state).await?;
        let api = Api::new(&state).await?;
        let threads = Threads::start(listeners, &settings, &state, &api, &router)?;
        Ok(Running {
            address,
            state,
            threads,
            metrics: metrics_listener,
        })
    }
}

impl Running {
    /// The address listened on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are read, where that is an address of its own.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(MetricsListener::address)
    }

    /// Where browsers reach it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.state.public_url
    }

    /// Takes no more connections, lets the calls under way come to their end, and returns.
    pub async fn stop(self) {
        self.threads.stop().await;
        // Cookies and uses that calls brought are written behind; this is the end of it.
        if let Err(error) = self.state.connections.flush().await {
            tracing::error!(%error, "what calls brought at the end could not be stored");
        }
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Running")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn public_url(given: Option<&Url>, address: SocketAddr) -> Result<Url, ServerError> {
    let refused = |url: String, why| Err(ServerError::PublicUrl { url, why });
    let Some(url) = given else {
        let text = format!("http://{address}");
        return match Url::parse(&text) {
            Ok(url) => Ok(url),
            Err(_) => refused(text, "it is no URL"),
        };
    };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return refused(url.to_string(), "it must be http or https with a host");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return refused(
            url.to_string(),
            "it must have no path: the server owns the whole of its origin",
        );
    }
    Ok(url.clone())
}
