//! The JS code sandbox: QuickJS in killable child processes.
//!
//! A builder's code is hostile until proven otherwise, and some of QuickJS' built-ins cannot be
//! interrupted. So each run has a process of its own: it has an empty environment, no descriptor
//! but its two pipes, limits that it cannot raise, no function that does I/O, and it is killed at
//! its deadline or when it has answered. A pool starts the next process in advance, which takes
//! its start out of the run.
//!
//! The parent calls [`Pool::run`]; the program that it starts, the same binary under a hidden
//! sub-command, does nothing but call [`child_main`]. What a script may use is in [`REFERENCE`].
//!
//! # Layout
//! - `pool`: the parent's story: take a child that waits, give it the job, start the next
//! - `worker`: one child as its parent sees it; how its end is judged
//! - `child`: the child's story: confine, read, answer
//! - `confine`: descriptors and limits
//! - `frame`, `message`: what the two say to each other
//! - `engine`: QuickJS: compile, call, settle promises
//! - `outcome`: the hardened serialiser of results
//! - `console`: what a script says to whoever tests it
//! - `thrown`, `text`: what was thrown, in words; JavaScript's text as Rust's
//! - `builtins`: `URL`, hashes and the rest, with `prelude.js`
//! - `limits`, `error`, `parameter_name`, `reference`: what builders run into

mod builtins;
mod child;
mod confine;
mod console;
mod engine;
mod error;
mod frame;
mod limits;
mod message;
mod outcome;
mod parameter_name;
mod pool;
mod reference;
mod text;
mod thrown;
mod worker;

pub use child::child_main;
pub use console::{ConsoleLevel, ConsoleLine};
pub use error::ScriptError;
pub use limits::Limits;
pub use parameter_name::is_parameter_name;
pub use pool::{Pool, Ran, Settings};
pub use reference::REFERENCE;
