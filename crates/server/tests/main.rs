//! The server over HTTP, against upstreams on loopback.

#![allow(
    clippy::unwrap_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod api;
mod registry;
