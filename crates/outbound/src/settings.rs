//! What the operator decides about the traffic that leaves.

use std::time::Duration;

use crate::egress::Egress;
use crate::proxy::ProxyEnv;
use crate::resolver::Resolver;

/// Everything a client is made from. Nothing is read from the environment here.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which addresses may be dialled.
    pub egress: Egress,
    /// Further certificate authorities, as PEM, beside the system's and the built-in ones.
    pub ca_file_pem: Option<Vec<u8>>,
    /// The proxies to go through.
    pub proxy: ProxyEnv,
    /// Bounds.
    pub limits: Limits,
    /// Who looks names up.
    pub resolver: Resolver,
    /// Sent where the caller sets no `User-Agent`.
    pub user_agent: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            egress: Egress::default(),
            ca_file_pem: None,
            proxy: ProxyEnv::default(),
            limits: Limits::default(),
            resolver: Resolver::default(),
            user_agent: concat!("stepgate/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Bounds on what one exchange may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a reply's header (at least 8 KiB).
    pub header_bytes: usize,
    /// Bytes of a reply's body that a flow reads; what to give to [`crate::Reply::read`].
    pub body_bytes: usize,
    /// Time to reach a host: look-up, connection and encryption together.
    pub connect_timeout: Duration,
    /// Redirects followed.
    pub redirects: usize,
    /// How long an unused connection is kept.
    pub idle_timeout: Duration,
    /// How recently a connection must have been in use to take a request that must not act
    /// twice: the other side may give up an older one in the very moment.
    pub fresh: Duration,
    /// Unused connections kept for one host.
    pub idle_per_host: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes: 64 * 1024,
            body_bytes: 8 * 1024 * 1024,
            connect_timeout: Duration::from_secs(10),
            redirects: 10,
            idle_timeout: Duration::from_secs(30),
            fresh: Duration::from_secs(1),
            idle_per_host: 32,
        }
    }
}
