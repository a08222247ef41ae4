//! The server over HTTP, against upstreams on loopback.

#![allow(
    clippy::unwrap_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod answers;
mod api;
mod browser;
mod calling;
mod connections;
mod cors;
mod framing;
mod http2;
mod identifying;
mod kept;
mod operating;
mod registry;
mod shop;
mod sign_in_attacks;
mod signing_in;
mod step_up;
mod stopping;
mod streaming;
mod unattended;
mod waiting;
mod websockets;
mod wire;
mod world;
