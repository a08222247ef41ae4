//! Calls against an API that says what it got: what goes along, what does not, and what happens when the session is over.

#![allow(
    clippy::unwrap_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod api;
mod attaching;
mod front;
mod graphql;
mod judging;
mod lane;
mod lane_attacks;
mod ntlm;
mod oauth1;
mod parity;
mod passwords;
mod pieces;
mod raw_api;
mod renewing;
mod signing;
mod signing_clock;
mod signing_digest;
mod signing_dpop;
mod step_up;
mod talk;
mod websocket_signing;
mod world;
