//! What survives a restart, sealed: connections, leases, secrets and paused runs.
//!
//! # Layout
//! - [`Store`], [`Settings`]: opening the data folder; start here
//! - [`ConnectionRecord`] in `record`: what is known of a connection
//! - `connection`, `cookies`: reading and writing them, compared by version and fence at each write
//! - `lease`: who may do a piece of work, across processes, with a fencing number that only grows
//! - `secret_value`: the secrets of a connector, per environment
//! - `run`: flow runs that wait for a person
//! - `seal`: values under a data key, bound to the row and version they stand in
//! - `data_key`, `master_key`: the keys that seal, and the one key that wraps them
//! - `folder`, `database`, `migration`, `worker`: the files, and the threads that touch them
//! - [`StoreError`], [`Notice`]: what went wrong, and what people should know

mod connection;
mod cookies;
mod data_key;
mod database;
mod error;
mod folder;
mod lease;
mod master_key;
mod migration;
mod notice;
mod record;
mod run;
mod seal;
mod secret_value;
mod store;
mod worker;

pub use error::StoreError;
pub use lease::Fence;
pub use master_key::{KeySource, generate_key};
pub use notice::Notice;
pub use record::{ConnectionRecord, Filter, NewConnection, Update};
pub use run::{NewRun, RunRecord};
pub use seal::Sealed;
pub use store::{DATABASE_FILE, MASTER_KEY_FILE, Settings, Store};
