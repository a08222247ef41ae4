//! Definitions read through the public face.

#![allow(clippy::unwrap_used)]

mod fixture;
