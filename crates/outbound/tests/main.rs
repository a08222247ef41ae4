//! What leaves and what comes back, against servers on the loopback interface.

#![allow(
    clippy::expect_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod bounds;
mod connections;
mod cookies;
mod egress;
mod local_pool;
mod ntlm;
mod proxies;
mod redirects;
mod requests;
mod server;
mod tls;
