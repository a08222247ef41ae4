//! The upstreams, seen by callers that speak plain bytes.

mod ask;
mod authorization_server;
mod awkward;
mod proxy;
mod session_site;
mod tls;
mod upstream;
