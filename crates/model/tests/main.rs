//! Definitions read through the public face.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod connector;
mod drift;
mod example;
mod fixture;
mod hostile;
mod json;
mod overriding;
mod position;
mod recipes;
mod reference;
mod schema;
