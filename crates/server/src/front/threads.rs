//! Starting the threads and letting them end.

use crate::api::Api;
use crate::error::ServerError;
use crate::front::Listeners;
use crate::front::activity::Open;
use crate::front::thread::Front;
use crate::settings::Settings;
use crate::state::State;
use axum::Router;
use gateway::{TunnelLimits, Tunnels};
use std::io;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Handle, LocalOptions};
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

/// How often it is looked, at a stop, whether all calls have ended.
const LOOK: Duration = Duration::from_millis(20);

/// How long accepting pauses where the system has no room for another connection.
const PAUSE: Duration = Duration::from_millis(50);

/// The threads of a server.
pub(crate) struct Threads {
    stop: watch::Sender<()>,
    ended: Vec<oneshot::Receiver<()>>,
}

/// What each thread is started with.
#[derive(Clone)]
struct Start {
    settings: Settings,
    state: State,
    api: Api,
    router: Router,
    back: Handle,
    open: Open,
    tunnels: Tunnels,
    stop: watch::Receiver<()>,
}

impl Threads {
    /// Starts one for each socket.
    pub(crate) fn start(
        listeners: Listeners,
        settings: &Settings,
        state: &State,
        api: &Api,
        router: &Router,
    ) -> Result<Self, ServerError> {
        let (stop, stopping) = watch::channel(());
        let start = Start {
            settings: settings.clone(),
            state: state.clone(),
            api: api.clone(),
            router: router.clone(),
            back: Handle::current(),
            open: Open::default(),
            tunnels: Tunnels::new(TunnelLimits {
                of_an_app: settings.limits.websockets,
                // Others than those who keep connections for long need some too.
                of_all: settings.limits.connections / 2,
                idle: settings.limits.websocket_idle_time,
            }),
            stop: stopping,
        };
        let mut ended = Vec::new();
        for (number, socket) in listeners.into_sockets().into_iter().enumerate() {
            let start = start.clone();
            let (end, seen) = oneshot::channel::<()>();
            ended.push(seen);
            std::thread::Builder::new()
                .name(format!("front-{number}"))
                .spawn(move || {
                    let _end = end;
                    if let Err(error) = run(start, socket) {
                        tracing::error!(%error, "a thread for calls has ended");
                    }
                })
                .map_err(ServerError::Thread)?;
        }
        Ok(Self { stop, ended })
    }

    /// Lets them end and waits until they have.
    pub(crate) async fn stop(self) {
        // Threads that have ended do not hear it.
        let _ = self.stop.send(());
        for end in self.ended {
            // Told by its sender being dropped.
            let _ = end.await;
        }
    }
}

fn run(start: Start, socket: std::net::TcpListener) -> io::Result<()> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())?;
    runtime.block_on(accept(start, socket))
}

async fn accept(mut start: Start, socket: std::net::TcpListener) -> io::Result<()> {
    let listener = TcpListener::from_std(socket)?;
    let front = Front::new(
        start.state,
        start.api,
        start.router,
        start.back,
        start.settings.limits,
        start.open,
        start.tunnels,
    );
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    let stopped = loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if std::mem::take(&mut failing) {
                        tracing::info!("connections are accepted again");
                    }
                    front.take(stream, peer);
                }
                // Whoever wanted to connect has gone.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    // Said once, not each time: it comes back until others end.
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(%error, "no more connections can be accepted; raise the limit of open files (ulimit -n) where that is what is short");
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            },
            _ = ticks.tick() => front.tick(),
            stopped = start.stop.changed() => break stopped,
        }
    };
    // Without anybody who waits there is nothing to be let end.
    if stopped.is_ok() {
        front.draining.set(true);
        take_the_rest(&front, listener)?;
        drain(&front, start.settings.drain, ticks).await;
    }
    // Where the other runtime has ended there is nowhere to hand it to.
    let _ = front.hand_over_all().await;
    Ok(())
}

/// Connections that wait to be accepted belong to callers who got through: they are served before the socket closes.
fn take_the_rest(front: &Rc<Front>, listener: TcpListener) -> io::Result<()> {
    let listener = listener.into_std()?;
    while let Ok((stream, peer)) = listener.accept() {
        stream.set_nonblocking(true)?;
        front.take(TcpStream::from_std(stream)?, peer);
    }
    Ok(())
}

async fn drain(front: &Rc<Front>, most: Duration, mut ticks: Interval) {
    let until = Instant::now() + most;
    while !front.end_all() {
        tokio::select! {
            _ = ticks.tick() => front.tick(),
            () = tokio::time::sleep(LOOK) => {}
            () = tokio::time::sleep_until(until) => break,
        }
    }
}
