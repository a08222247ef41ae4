//! The listener, the HTTP API, apps and their users: what turns the library crates into a service.
//!
//! # Layout
//! - [`Server`] (`server.rs`): starting and stopping it; [`Settings`], [`Parts`], [`Running`], [`ServerError`]
//! - `front`: the threads that accept connections, and the calls of `/proxy` and `/call`, served where they come in
//! - `caller`: who calls, by key or token
//! - `state`: what everything else is served with, on the back runtime
//! - `metrics`: what operators measure; `metrics_listener`: an address of its own for it
//! - `proxies`: whom proxies before us speak for
//! - `problem`: how everything that is not the API's own answer is told
//! - [`registry`]: the connectors, apps and keys that are served now
//! - `signing_in`: what sign-ins over HTTP are served with, by JSON and by pages alike; `callback`: where APIs send back to
//! - `single_sign_on`: identity providers, and who of their people is ours
//! - `looks`: what many look for in the store at once; `waits`: how many may wait for a sign-in at once
//! - `test_run`: a builder's own tests of a definition, in memory only
//! - `screen`: the pages on which an app's users sign in; `signed`: texts that come back from outside as they went out
//! - `page`: the builder's page, built into the binary
//! - [`doctor`]: what is looked at to say whether an installation is sound
//! - `browser_kept`: credentials that an app's pages keep, and how they travel
//! - [`create_app`] (`new_app.rs`): an app with its first key, for who has a shell
//! - `api`: every path but those of `front`

mod api;
mod browser_kept;
mod callback;
mod caller;
pub mod doctor;
mod error;
mod front;
mod looks;
mod metrics;
mod metrics_listener;
mod new_app;
mod page;
mod problem;
mod proxies;
pub mod registry;
mod screen;
mod server;
mod settings;
mod signed;
mod signing_in;
mod single_sign_on;
mod state;
mod test_run;
mod waits;

pub use error::ServerError;
pub use new_app::{NewApp, NewAppError, create_app};
pub use server::{Parts, Running, Server};
pub use settings::{Limits, Settings};
pub use single_sign_on::{Admission, SsoProvider};
