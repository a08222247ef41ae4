//! The demonstration API that the binary carries, and the definition that signs in to it.

mod api;
mod tokens;

pub(crate) use api::{DemoApi, start};
pub(crate) use tokens::{PASSWORD, USER};

/// What a builder writes for the demonstration API.
pub(crate) const DEFINITION: &str = include_str!("connector.yaml");
