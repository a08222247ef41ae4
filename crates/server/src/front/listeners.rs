//! One listening socket for each thread, all on one port, so that the kernel spreads connections and no lock does.

use crate::error::ServerError;
use crate::settings::Settings;
use std::net::SocketAddr;
use tokio::net::TcpSocket;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4096;

/// The sockets, listening.
pub(crate) struct Listeners {
    address: SocketAddr,
    sockets: Vec<std::net::TcpListener>,
}

impl Listeners {
    /// Listens with as many sockets as there will be threads.
    pub(crate) fn bind(settings: &Settings) -> Result<Self, ServerError> {
        let count = settings
            .threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
            .max(1);
        let refused = |error| ServerError::Listen {
            address: settings.listen,
            setting: "--listen",
            error,
        };
        // Another server on this port would share its callers with us, unseen: a socket that shares nothing finds out.
        let alone = open(settings.listen, false).map_err(refused)?;
        let address = alone.local_addr().map_err(refused)?;
        drop(alone);
        let sockets = (0..count).map(|_| open(address, true));
        let sockets = sockets.collect::<Result<_, _>>().map_err(refused)?;
        Ok(Self { address, sockets })
    }

    /// The address listened on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The sockets, non-blocking.
    pub(crate) fn into_sockets(self) -> Vec<std::net::TcpListener> {
        self.sockets
    }
}

fn open(address: SocketAddr, shared: bool) -> std::io::Result<std::net::TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(shared)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}
