//! Definitions read through the public face.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod connector;
mod example;
mod fixture;
mod hostile;
mod json;
mod overriding;
mod reference;
mod schema;
