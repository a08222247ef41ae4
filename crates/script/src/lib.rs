//! The JS code sandbox: QuickJS in killable child processes.

mod child;
mod error;
mod limits;
mod pool;

pub use child::child_main;
pub use error::ScriptError;
pub use limits::Limits;
pub use pool::{Pool, Settings};
