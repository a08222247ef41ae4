//! The threads that accept connections, one for each CPU, and serve calls where they come in: nothing of a call is shared
//! with another thread. Everything but `/proxy` and `/call` is handed to the router on the back runtime.
//!
//! # Layout
//! - [`Listeners`]: one socket a thread, all on one port
//! - [`Threads`]: starting them and letting them end

mod listeners;
mod threads;

pub(crate) use listeners::Listeners;
pub(crate) use threads::Threads;
