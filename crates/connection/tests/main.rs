//! Connections over a real store and a bank that counts: one sign-in, one renewal, nothing lost.

#![allow(
    clippy::unwrap_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod attempt_attacks;
mod attempt_forms;
mod attempt_world;
mod attempts;
mod bank;
mod browser;
mod cookies;
mod oauth1;
mod proving;
mod renewing;
mod selecting;
mod signing_in;
mod signing_out;
mod sso;
mod unattended;
mod watching;
mod world;
