//! Definitions read through the public face.

#![allow(clippy::unwrap_used)]

mod example;
mod fixture;
mod json;
mod reference;
mod schema;
