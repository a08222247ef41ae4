//! The threads that accept connections, one for each CPU, and serve calls where they come in: nothing of a call is shared
//! with another thread. Everything but `/proxy` and `/call` is handed to the router on the back runtime.
//!
//! # Layout
//! - `call`: the story of a call: who calls what, with which connection, and what the answer says about it
//! - [`Listeners`]: one socket a thread, all on one port; [`Threads`]: starting them and letting them end
//! - `thread`: what one thread has; `serve`: one connection of it; `activity`, `caller_io`: slow and idle callers
//! - `heads`: what the parser would let pass; `refusal`: what a connection is told that never became a request
//! - `place`: which paths are calls; `elsewhere`: all others, whose bodies have their time (`timely_body`)
//! - `index`: what is prepared for calls; `resolve`: what is not
//! - `own_answer`: problems and preflights; `challenge`: what an API asks of browsers; `named`, `cors`, `preference`, `request_id`, `timing`, `body`: parts of a request and an answer
//! - `counters`: what was counted

mod activity;
mod body;
mod call;
mod caller_io;
mod challenge;
mod cors;
mod counters;
mod elsewhere;
mod heads;
mod index;
mod listeners;
mod named;
mod own_answer;
mod parameters;
mod place;
mod preference;
mod refusal;
mod request_id;
mod resolve;
mod serve;
mod thread;
mod threads;
mod timely_body;
mod timing;

pub(crate) use counters::{BOUNDS, Durations, Tally};
pub(crate) use listeners::Listeners;
pub(crate) use request_id::{REQUEST_ID, RequestId};
pub(crate) use resolve::SoughtConnection;
pub(crate) use threads::Threads;
pub(crate) use timely_body::TooSlow;
