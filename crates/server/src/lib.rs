//! The listener, the HTTP API, apps and their users: what turns the library crates into a service.
//!
//! # Layout
//! - [`registry`]: the connectors, apps and keys that are served now

pub mod registry;
