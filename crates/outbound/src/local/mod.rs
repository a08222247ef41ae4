//! Connections of one thread, for calls.
//!
//! [`LocalPool`] and everything it hands out stay on their thread, so that a call takes no
//! lock, sets no timer and shares nothing: idle connections are a stack per upstream, time
//! limits are looked at once a second ([`LocalPool::tick`]).
//!
//! # Layout
//! - [`LocalPool`] (`local_pool.rs`): upstreams by number, the tick, counts
//! - `upstream.rs`: one upstream's connections: take and give back
//! - `sending.rs`: a request on one of them, or on the next
//! - `dialling.rs`: how an upstream gets a new connection, over HTTP/1.1 or HTTP/2
//! - `upgrade.rs`: a connection that stops speaking HTTP
//! - `held.rs`, [`LocalBody`] (`local_body.rs`): a connection in use, up to the end of its reply
//! - `deadlines.rs`: time limits without timers
//! - [`CallBody`], [`Terms`], [`SendError`], [`Counts`], `line.rs`: what is asked for, what goes wrong, what is counted

mod call_body;
mod counts;
mod deadlines;
mod dialling;
mod held;
mod line;
mod local_body;
mod local_pool;
mod send_error;
mod sending;
mod terms;
mod upgrade;
mod upstream;

pub use call_body::CallBody;
pub use counts::Counts;
pub use local_body::LocalBody;
pub use local_pool::{LocalPool, PoolLimits, UpstreamId};
pub use send_error::SendError;
pub use terms::{Reuse, Terms};
