//! The binary as a person or a script uses it, against upstreams that record what reaches them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test stands on must fail it, loudly and at once"
)]

mod api;
mod asked;
mod check;
mod ending;
mod graphql;
mod program;
mod sandbox;
mod secrecy;
mod server;
mod serving;
mod session;
mod sso;
mod step_up;
mod together;
