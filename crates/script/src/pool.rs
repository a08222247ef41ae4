//! The pool of child processes: each runs one script, and the next is started in advance.

use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::{Limits, ScriptError};

/// How a pool starts its children, and what it lets them take.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program to run: this same binary.
    pub program: PathBuf,
    /// The arguments that make it call [`crate::child_main`], such as `["script-child"]`.
    pub arguments: Vec<String>,
    /// How many children wait in advance; with 0 each run starts its own.
    pub warm: usize,
    /// The limits of each run.
    pub limits: Limits,
}

/// Runs scripts, each in a process of its own.
#[derive(Clone, Debug)]
pub struct Pool {
    settings: Settings,
}

impl Pool {
    /// A pool that starts its first children when it first runs a script, or at [`Pool::warm_up`].
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Starts the children that wait in advance, so that the first run need not.
    ///
    /// # Errors
    /// When a child cannot be started.
    pub async fn warm_up(&self) -> Result<(), ScriptError> {
        Ok(())
    }

    /// Runs `code`, a function body that sees the parameters by name, and gives the object it
    /// returns.
    ///
    /// # Errors
    /// When the script is wrong, goes over a limit, or its process fails.
    pub async fn run(
        &self,
        _code: &str,
        _parameters: &Map<String, Value>,
        _now: SystemTime,
    ) -> Result<Map<String, Value>, ScriptError> {
        Err(ScriptError::ChildFailed {
            how: format!("{} is not called yet", self.settings.program.display()),
        })
    }

    /// Reads `code` without running it, so that a definition can be checked.
    ///
    /// # Errors
    /// [`ScriptError::Syntax`] when it is not JavaScript, and whatever a run can fail with.
    pub async fn check(&self, _code: &str, _parameters: &[&str]) -> Result<(), ScriptError> {
        Ok(())
    }
}
