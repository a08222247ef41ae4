//! Why a server does not start.

use crate::registry::RegistryError;
use std::net::SocketAddr;
use store::StoreError;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {error}; end what listens there, or choose another by --listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        error: std::io::Error,
    },
    /// The public URL is not one that paths can be put below.
    #[error("the public URL {url} is not taken: {why}")]
    PublicUrl {
        /// The URL.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A thread cannot be started.
    #[error("cannot start a thread for calls: {0}")]
    Thread(std::io::Error),
    /// The connectors cannot be read.
    #[error("{0}")]
    Registry(#[from] RegistryError),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}
