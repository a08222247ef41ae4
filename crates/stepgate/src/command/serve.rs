//! `stepgate serve`: the gateway, the API and the sign-in pages, until a signal ends it.

use std::sync::Arc;

use server::doctor::{self, Installation, KeyPlace};
use server::{Limits, Parts, Server, ServerError, Settings, SsoProvider};
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::{Everywhere, Serve};
use crate::command::unprintable;
use crate::demonstration::Demonstration;
use crate::ending::{Complaint, Ending};
use crate::logging;
use crate::open_files;
use crate::secrets::Environment;
use crate::served_folder;
use crate::sso_settings;
use crate::terminal::Terminal;
use crate::variables;
use crate::wiring;

pub(crate) async fn serve(
    everywhere: &Everywhere,
    terminal: Terminal,
    mut serve: Serve,
) -> Result<Ending, Complaint> {
    logging::start(&serve.log_level, serve.log_format)?;
    variables::warn();
    let sso = sso_settings::providers(everywhere.config.as_deref())?;
    open_files::raise(serve.max_connections);
    // Before anything is announced: a stop that comes early must not be missed.
    let mut stop = Stop::listen().map_err(unheard)?;
    let mut everywhere = everywhere.clone();
    let demonstration = if serve.demo {
        Some(Demonstration::start(&mut everywhere, &mut serve).await?)
    } else {
        None
    };
    let store = match &demonstration {
        // The folder goes with the demonstration, so nobody needs to hear of its key.
        Some(_) => wiring::make_store(&everywhere)?.0,
        None => {
            let (store, notices) = wiring::make_store(&everywhere)?;
            for notice in notices {
                tracing::warn!("{notice}");
            }
            served_folder::remember(&everywhere.data_dir, serve.connectors.as_deref());
            store
        }
    };
    let environment = Environment::default();
    let parts = Parts {
        store: store.clone(),
        engine: wiring::engine(&everywhere)?,
        secrets_env: Arc::new(move |variable| environment.secret(variable)),
    };
    let installation = Installation {
        data_dir: Some(everywhere.data_dir.clone()),
        key: KeyPlace::from(&wiring::key_source()),
        allow_private: everywhere.allow_private.clone(),
        proxies: doctor::proxies(),
        own: Some(wiring::own_client(&everywhere)?),
        demonstration: demonstration.as_ref().map(Demonstration::told),
    };
    let running = Server::start(settings(&serve, sso, installation), parts).await?;
    let address = format!("http://{}", running.address());
    terminal
        .out(&format!("Stepgate serves at {address}"))
        .map_err(unprintable)?;
    if let Some(address) = running.metrics_address() {
        tracing::info!("metrics are at http://{address}/metrics");
    }
    if let Some(demonstration) = &demonstration {
        let lines = demonstration.lines(&store, &address).await?;
        terminal.out(&lines).map_err(unprintable)?;
    }
    stop.asked().await;
    tracing::info!("stopping: calls under way come to their end first");
    tokio::select! {
        () = running.stop() => Ok(Ending::Done),
        () = stop.asked() => Err(Complaint::ours("stopped_twice", "stopped before all calls had ended")),
    }
}

fn settings(serve: &Serve, sso: Vec<SsoProvider>, installation: Installation) -> Settings {
    Settings {
        listen: serve.listen,
        public_url: serve.public_url.clone(),
        trusted_proxies: serve.trusted_proxies.clone(),
        metrics_listen: serve.metrics_listen,
        connectors: serve.connectors.clone(),
        web: serve.web.clone(),
        threads: serve.threads.map(usize::from),
        drain: serve.drain,
        limits: Limits {
            connections: serve.max_connections as usize,
            header_bytes: serve.header_bytes as usize,
            header_time: serve.header_time,
            idle_time: serve.idle_time,
            sign_ins_per_user: serve.sign_ins_per_user.into(),
            sign_ins_per_app: serve.sign_ins_per_app.into(),
            waits_per_user: serve.waits_per_user.into(),
            waits_per_app: serve.waits_per_app.into(),
            websockets: serve.max_websockets as usize,
            websocket_idle_time: serve.websocket_idle_time,
            ..Limits::default()
        },
        sso,
        installation,
    }
}

/// The signals that ask a server to stop.
struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn unheard(error: std::io::Error) -> Complaint {
    Complaint::ours("signals", format!("cannot listen for signals: {error}"))
}

impl From<ServerError> for Complaint {
    fn from(error: ServerError) -> Self {
        let ending = match &error {
            ServerError::Listen { .. }
            | ServerError::PublicUrl { .. }
            | ServerError::Page { .. }
            | ServerError::Registry(_) => Ending::Usage,
            ServerError::Thread(_) | ServerError::Store(_) => Ending::Ours,
        };
        Complaint::new(ending, "serve", error.to_string())
    }
}
