//! The listener, the HTTP API, apps and their users: what turns the library crates into a service.
//!
//! # Layout
//! - [`registry`]: the connectors, apps and keys that are served now
//! - `screen`: the pages on which an app's users sign in; `signed`: texts that come back from outside as they went out

pub mod registry;
#[allow(dead_code, unused_imports, reason = "what is served by it comes next")]
mod screen;
#[allow(dead_code, reason = "what is signed by it comes next")]
mod signed;
