//! Why a server does not start.

use crate::registry::RegistryError;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use store::StoreError;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}; {}", advice(error, setting))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The flag that chooses another.
        setting: &'static str,
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
    /// The folder with the builder's page cannot be read.
    #[error("cannot read the page in {}: {source}; build it by `make web`", folder.display())]
    Page {
        /// The folder.
        folder: PathBuf,
        /// The system's words.
        source: std::io::Error,
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

/// What to do about an address that cannot be had.
fn advice(error: &std::io::Error, setting: &str) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            format!("end what listens there, or choose another by {setting}")
        }
        ErrorKind::PermissionDenied => format!(
            "ports below 1024 need a privilege: choose a higher one by {setting}, or a proxy before it"
        ),
        ErrorKind::AddrNotAvailable => format!(
            "this machine does not have that address: choose another by {setting}, 0.0.0.0 for all"
        ),
        _ => format!("choose another by {setting}"),
    }
}
