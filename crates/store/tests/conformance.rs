//! What every backend must do. Each case gets a backend whose data is empty; `main.rs` runs them all on SQLite, and
//! another backend needs only a [`Backend`](crate::fixture::Backend) of its own.

pub(crate) mod connection;
pub(crate) mod lease;
pub(crate) mod run;
pub(crate) mod secret;
