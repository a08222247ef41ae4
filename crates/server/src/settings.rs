//! How a server is set up.

use crate::doctor::Installation;
use crate::single_sign_on::SsoProvider;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address and port to listen on; port 0 picks one.
    pub listen: SocketAddr,
    /// Where browsers reach the server; left out: the address listened on, over plain http.
    pub public_url: Option<Url>,
    /// Peers whose `X-Forwarded-For` or `Forwarded` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where metrics are read; left out: on `listen`, by this machine alone, and only where `public_url` is left out too.
    pub metrics_listen: Option<SocketAddr>,
    /// A folder of definitions.
    pub connectors: Option<PathBuf>,
    /// A folder to serve the builder's page from; left out: what is in the binary.
    pub web: Option<PathBuf>,
    /// Threads that take calls; left out: one for each CPU.
    pub threads: Option<usize>,
    /// How long calls under way may take to end at a stop.
    pub drain: Duration,
    /// What a caller may cost.
    pub limits: Limits,
    /// Identity providers that people sign in at.
    pub sso: Vec<SsoProvider>,
    /// What the server only tells of.
    pub installation: Installation,
}

/// What a caller may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most connections from callers at once, over all threads.
    pub connections: usize,
    /// The most bytes of a request's header.
    pub header_bytes: usize,
    /// How long a caller may take to send a header.
    pub header_time: Duration,
    /// How long a caller may take to send the body of what is no call.
    pub body_time: Duration,
    /// How long a connection may wait for its next call.
    pub idle_time: Duration,
    /// The most sign-ins of one user that may be open at once.
    pub sign_ins_per_user: usize,
    /// The most sign-ins of one app that may be open at once.
    pub sign_ins_per_app: usize,
    /// The most calls and event streams of one user that may wait for a sign-in at once.
    pub waits_per_user: usize,
    /// The most calls and event streams of one app that may wait for sign-ins at once.
    pub waits_per_app: usize,
    /// The most WebSockets of one app at once; all together have at most half of the connections.
    pub websockets: usize,
    /// How long nothing may pass on a WebSocket.
    pub websocket_idle_time: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: None,
            trusted_proxies: Vec::new(),
            metrics_listen: None,
            connectors: None,
            web: None,
            threads: None,
            drain: Duration::from_secs(30),
            limits: Limits::default(),
            sso: Vec::new(),
            installation: Installation::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_bytes: 64 << 10,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(75),
            sign_ins_per_user: 16,
            sign_ins_per_app: 1_000,
            waits_per_user: 32,
            waits_per_app: 500,
            websockets: 1000,
            websocket_idle_time: Duration::from_secs(600),
        }
    }
}
