//! The JS code sandbox: QuickJS in killable child processes. For now only the face of it that
//! flows are built on.

use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::{Map, Value};

/// What the pool starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// This binary.
    pub program: PathBuf,
    /// The hidden sub-command.
    pub arguments: Vec<String>,
}

/// Child processes that run a builder's code.
#[derive(Clone, Debug)]
pub struct Pool(Settings);

/// Why code gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The child could not do its work.
    #[error("the code could not be run with {}: {problem}", program.display())]
    ChildFailed {
        /// What was started.
        program: PathBuf,
        /// What happened.
        problem: String,
    },
}

impl Pool {
    /// A pool; nothing is started before it is needed.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(settings)
    }

    /// Runs code that sees `parameters` by name, and gives the fields of the object it returns.
    ///
    /// # Errors
    /// The code failed, or went over a limit.
    pub async fn run(
        &self,
        _code: &str,
        _parameters: &Map<String, Value>,
        _now: SystemTime,
    ) -> Result<Map<String, Value>, ScriptError> {
        Err(ScriptError::ChildFailed {
            program: self.0.program.clone(),
            problem: "it has no sandbox yet".to_owned(),
        })
    }
}
