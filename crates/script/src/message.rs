//! What parent and child say to each other. The parent trusts nothing that a child says beyond its
//! shape: text is cut and cleaned, and numbers are only shown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::console::ConsoleLine;
use crate::{Limits, ScriptError};

/// What the child holds itself to; the first frame, before any of the builder's.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Orders {
    /// Bytes that JavaScript may use.
    pub(crate) memory: u64,
    /// Seconds of processor time for the whole process.
    pub(crate) processor_seconds: u64,
    /// Bytes of JSON that the result may have.
    pub(crate) output: u64,
    /// Bytes that each later frame may have.
    pub(crate) input: u64,
}

/// The one job of a child. The builder's function body and its parameters follow as frames of their
/// own.
#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    /// The names under which the code sees its parameters.
    pub(crate) names: Vec<String>,
    /// What `Date.now()` gives.
    pub(crate) now_millis: f64,
    /// What `Math.random()` starts from.
    pub(crate) seed: [u32; 4],
    /// Only read the code, run nothing.
    pub(crate) only_read: bool,
}

/// What the child answers to its job, and what the script said meanwhile.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) console: Vec<ConsoleLine>,
}

/// What the child answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    /// It has confined itself and waits for its job.
    Ready,
    /// The code can be read.
    Readable,
    /// The object that the script returned.
    Returned(Map<String, Value>),
    /// See [`ScriptError`] for these.
    OutOfMemory,
    OutputTooLarge,
    Thrown {
        message: String,
        line: Option<u32>,
    },
    Syntax {
        message: String,
        line: u32,
        column: u32,
    },
    NotAnObject {
        what: String,
    },
    NotJson {
        path: String,
        what: String,
    },
    TooDeep,
    NeverSettles,
    Broken {
        how: String,
    },
}

/// How many levels a result may be nested: fewer than the JSON reader of the parent takes.
pub(crate) const MAX_DEPTH: usize = 64;

impl Reply {
    /// What the caller of the pool gets to see.
    pub(crate) fn into_result(self, limits: &Limits) -> Result<Map<String, Value>, ScriptError> {
        Err(match self {
            Self::Returned(object) => return Ok(object),
            Self::Readable => return Ok(Map::new()),
            Self::OutOfMemory => ScriptError::MemoryLimit {
                limit: limits.memory,
            },
            Self::OutputTooLarge => ScriptError::OutputTooLarge {
                limit: limits.output,
            },
            Self::Thrown { message, line } => ScriptError::Thrown {
                message: shown(&message),
                line,
            },
            Self::Syntax {
                message,
                line,
                column,
            } => ScriptError::Syntax {
                message: shown(&message),
                line,
                column,
            },
            Self::NotAnObject { what } => ScriptError::NotAnObject { what: shown(&what) },
            Self::NotJson { path, what } => ScriptError::NotJson {
                path: shown(&path),
                what: shown(&what),
            },
            Self::TooDeep => ScriptError::TooDeep { limit: MAX_DEPTH },
            Self::NeverSettles => ScriptError::NeverSettles,
            Self::Broken { how } => ScriptError::ChildFailed { how: shown(&how) },
            Self::Ready => ScriptError::ChildFailed {
                how: "it answered out of turn".to_owned(),
            },
        })
    }
}

/// How many characters of a script's own words are shown.
const SHOWN: usize = 1000;

/// A script's own words, short enough for a message and unable to steer a terminal.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_script_are_cut_and_cleaned() {
        assert_eq!(shown("a\u{1b}[31mb\nc"), "a [31mb c");
        assert_eq!(shown(&"x".repeat(5000)).chars().count(), SHOWN + 1);
    }
}
