//! What every backend must do. Each case gets a backend whose data is empty; `main.rs` runs them all on SQLite, and
//! another backend needs only a [`Backend`](crate::fixture::Backend) of its own.

pub(crate) mod app;
pub(crate) mod app_sso;
pub(crate) mod app_use;
pub(crate) mod blob;
pub(crate) mod change;
pub(crate) mod connection;
pub(crate) mod definition;
pub(crate) mod draft;
pub(crate) mod identity;
pub(crate) mod lease;
pub(crate) mod mark;
pub(crate) mod page;
pub(crate) mod person;
pub(crate) mod run;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod set_up_link;
pub(crate) mod setback;
pub(crate) mod ticket;
