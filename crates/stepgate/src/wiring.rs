//! Joins the crates into what a command on a definition works with.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use connection::{Connections, Equipped, Identities, Selector};
use flow::{Engine, Secrets};
use model::{Clock, Connector, Random};
use outbound::{Client, Egress, Limits, ProxyEnv};
use secret::SecretString;
use sso::RelyingParty;
use store::{KeySource, Notice, Store, StoreError};

use crate::SCRIPT_CHILD;
use crate::arguments::Everywhere;
use crate::definition;
use crate::ending::{Complaint, Ending};
use crate::secrets::{from_environment, variable};
use crate::sso_settings;
use crate::sso_token_file;
use crate::terminal::Terminal;

/// The owner of connections made in the terminal, whom no app reaches.
const LOCAL: &str = "local";

/// A definition with all that a command needs around it.
pub(crate) struct Wiring {
    pub(crate) terminal: Terminal,
    pub(crate) file: PathBuf,
    /// What is doubtful about the definition. Said where a builder tries it, not at each call.
    pub(crate) warnings: Vec<String>,
    pub(crate) store: Store,
    pub(crate) connections: Connections,
    /// The identity providers of the settings, where the connector asks who the user is.
    pub(crate) parties: Vec<RelyingParty>,
    pub(crate) equipped: Equipped,
    pub(crate) selector: Selector,
}

impl Wiring {
    /// Reads the definition, opens the store and builds the engine.
    pub(crate) async fn open(
        everywhere: &Everywhere,
        terminal: Terminal,
        file: &Path,
    ) -> Result<Self, Complaint> {
        let (connector, warnings) = definition::load(everywhere, terminal, file)?;
        let store = open_store(everywhere, terminal)?;
        let secrets = secrets(&connector, &store).await?;
        let engine = engine(everywhere)?;
        let (identities, parties) = match &everywhere.sso_token_file {
            Some(path) => (Identities::given(sso_token_file::read(path)?), Vec::new()),
            None => {
                let parties = parties(everywhere, &connector, &engine)?;
                (Identities::kept(parties.clone()), parties)
            }
        };
        Ok(Wiring {
            terminal,
            file: file.to_owned(),
            warnings,
            connections: Connections::new(store.clone(), engine)
                .with_proof(gateway::proof())
                .with_identities(identities),
            store,
            parties,
            equipped: Equipped::new(connector, secrets, DEFAULT_CALLBACK),
            selector: Selector {
                owner: everywhere.user.clone().unwrap_or_else(|| LOCAL.to_owned()),
                name: everywhere.connection.clone(),
            },
        })
    }

    pub(crate) fn connector(&self) -> &Connector {
        &self.equipped.connector
    }
}

/// What `{{callback_url}}` is where no browser step waits.
const DEFAULT_CALLBACK: &str = "http://127.0.0.1:8914/callback";

/// The system's clock.
pub(crate) fn clock() -> Clock {
    Clock::new(SystemTime::now)
}

/// The system's randomness.
pub(crate) fn random() -> Random {
    Random::new(|bytes| {
        if getrandom::fill(bytes).is_err() {
            // Going on with guessable tokens would be worse than ending here.
            std::process::abort();
        }
    })
}

/// Opens the data folder and says what opening it made.
pub(crate) fn open_store(everywhere: &Everywhere, terminal: Terminal) -> Result<Store, Complaint> {
    let (store, notices) = make_store(everywhere)?;
    for notice in notices {
        terminal.say(&notice.to_string());
    }
    Ok(store)
}

/// Opens the data folder; what opening it made is for the caller to say.
pub(crate) fn make_store(everywhere: &Everywhere) -> Result<(Store, Vec<Notice>), StoreError> {
    Store::open(store::Settings {
        dir: everywhere.data_dir.clone(),
        key: key_source(),
        clock: clock(),
        random: random(),
    })
}

/// Where the master key comes from: `STEPGATE_KEY`, `STEPGATE_KEY_FILE`, or the data folder.
pub(crate) fn key_source() -> KeySource {
    match (
        std::env::var_os("STEPGATE_KEY"),
        std::env::var_os("STEPGATE_KEY_FILE"),
    ) {
        // What is not text is no key, and the store says so; going on with another key would seal data under it.
        (Some(key), _) => KeySource::Env(SecretString::new(key.to_string_lossy().into_owned())),
        (None, Some(path)) => KeySource::File(PathBuf::from(path)),
        (None, None) => KeySource::InDataDir,
    }
}

/// Everything that acts on the world.
pub(crate) fn engine(everywhere: &Everywhere) -> Result<Engine, Complaint> {
    Ok(Engine {
        client: client(everywhere)?,
        scripts: scripts()?,
        clock: clock(),
        random: random(),
    })
}

/// What may reach the server's own address, perhaps a private one.
pub(crate) fn own_client(everywhere: &Everywhere) -> Result<Client, Complaint> {
    let anywhere = ["0.0.0.0/0", "::/0"];
    client(&Everywhere {
        allow_private: anywhere.iter().filter_map(|all| all.parse().ok()).collect(),
        ..everywhere.clone()
    })
}

/// The identity providers of the settings; none where the connector does not ask who the user is.
fn parties(
    everywhere: &Everywhere,
    connector: &Connector,
    engine: &Engine,
) -> Result<Vec<RelyingParty>, Complaint> {
    if !connector.asks_who_the_user_is() {
        return Ok(Vec::new());
    }
    let providers = sso_settings::providers(everywhere.config.as_deref())?.into_iter();
    let parties = providers.map(|given| {
        let (client, clock, random) = (
            engine.client.clone(),
            engine.clock.clone(),
            engine.random.clone(),
        );
        RelyingParty::new(given.provider, client, clock, random)
    });
    Ok(parties.collect())
}

fn client(everywhere: &Everywhere) -> Result<Client, Complaint> {
    let ca_file_pem = match &everywhere.ca_file {
        None => None,
        Some(path) => Some(std::fs::read(path).map_err(|error| {
            Complaint::usage(
                "ca_file",
                format!(
                    "cannot read the certificates in {}: {error}",
                    path.display()
                ),
            )
        })?),
    };
    let value = |name: &str| {
        let either = std::env::var(name).or_else(|_| std::env::var(name.to_ascii_lowercase()));
        either.ok().filter(|value| !value.is_empty())
    };
    Client::new(outbound::Settings {
        egress: Egress::new(everywhere.allow_private.clone()),
        ca_file_pem,
        proxy: ProxyEnv {
            https: value("HTTPS_PROXY"),
            http: value("HTTP_PROXY"),
            no_proxy: value("NO_PROXY"),
        },
        limits: Limits {
            body_bytes: usize::try_from(everywhere.reply_limit).unwrap_or(usize::MAX),
            ..Limits::default()
        },
        ..outbound::Settings::default()
    })
    .map_err(|error| Complaint::usage("outbound", error.to_string()))
}

fn scripts() -> Result<script::Pool, Complaint> {
    let program = std::env::current_exe().map_err(|error| {
        Complaint::ours(
            "script",
            format!(
                "cannot find this program's own path, which the script sandbox starts: {error}"
            ),
        )
    })?;
    Ok(script::Pool::new(script::Settings {
        program,
        arguments: vec![SCRIPT_CHILD.to_owned()],
        warm: 1,
        limits: script::Limits::default(),
    }))
}

/// The environment's value wins over the stored one.
async fn secrets(connector: &Connector, store: &Store) -> Result<Secrets, Complaint> {
    let mut secrets = Secrets::new();
    for name in &connector.secrets {
        let given = from_environment(&variable(&connector.name, name))
            .map_err(|why| Complaint::usage("secret_unreadable", why))?;
        let value = match given {
            Some(value) => Some(value),
            None => {
                store
                    .secret(&connector.name, connector.environment.as_deref(), name)
                    .await?
            }
        };
        if let Some(value) = value {
            secrets.insert(name.clone(), value);
        }
    }
    Ok(secrets)
}

impl From<StoreError> for Complaint {
    fn from(error: StoreError) -> Self {
        Complaint::new(Ending::Ours, "store", error.to_string())
    }
}

impl From<Arc<StoreError>> for Complaint {
    fn from(error: Arc<StoreError>) -> Self {
        Complaint::new(Ending::Ours, "store", error.to_string())
    }
}
