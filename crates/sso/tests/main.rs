//! Signing in at an identity provider, and what an app signs, over the public API.

#![allow(
    clippy::unwrap_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod assertion;
mod id_token;
mod sign_in;
mod world;
