//! What can go wrong with a script, said so that the builder who wrote it can put it right.

use std::path::PathBuf;
use std::time::Duration;

/// Why a script gave no result.
///
/// A message that came out of the script may quote what it was given: whoever shows one masks it
/// first.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The script was still running at its time limit and was killed.
    #[error("The script ran longer than {} and was stopped", in_words(*limit))]
    TimeLimit {
        /// How long it may run.
        limit: Duration,
    },
    /// The script asked for more memory than it may have.
    #[error("The script needed more than {} of memory and was stopped", size_in_words(*limit))]
    MemoryLimit {
        /// How many bytes it may have.
        limit: u64,
    },
    /// The parameters and the code are too large to hand to a script.
    #[error("The script's parameters are larger than {}", size_in_words(*limit))]
    InputTooLarge {
        /// How many bytes they may have as JSON.
        limit: u64,
    },
    /// The result is too large.
    #[error("The script's result is larger than {}", size_in_words(*limit))]
    OutputTooLarge {
        /// How many bytes it may have as JSON.
        limit: u64,
    },
    /// The script threw, or a promise that it returned was rejected.
    #[error("The script failed{}: {message}", at_line(*line))]
    Thrown {
        /// What was thrown, as text.
        message: String,
        /// The line of the builder's code, counted from 1, where it is known.
        line: Option<u32>,
    },
    /// The code is not JavaScript.
    #[error("The script cannot be read, line {line}, column {column}: {message}")]
    Syntax {
        /// What the engine says about it.
        message: String,
        /// The line of the builder's code, counted from 1.
        line: u32,
        /// The column in that line, counted from 1.
        column: u32,
    },
    /// The script returned something other than a plain object.
    #[error(
        "The script must return an object, such as `return {{ token: body.token }}`; it returned {what}"
    )]
    NotAnObject {
        /// What it returned, such as `a list`.
        what: String,
    },
    /// A value inside the result has no JSON form.
    #[error("`{path}` in the script's result is {what}, which has no JSON form")]
    NotJson {
        /// Where in the result it stands.
        path: String,
        /// What stands there, such as `a function`.
        what: String,
    },
    /// The result is nested too deeply, or contains itself.
    #[error("The script's result is nested deeper than {limit} levels, or contains itself")]
    TooDeep {
        /// How many levels it may have.
        limit: usize,
    },
    /// The script returned a promise that nothing is left to settle.
    #[error(
        "The script returned a promise that never settles: a script has no timers and no I/O to wait for"
    )]
    NeverSettles,
    /// A parameter has a name that JavaScript does not take.
    #[error(
        "`{name}` cannot be the name of a script's parameter, because JavaScript reserves it or does not allow it"
    )]
    ParameterName {
        /// The name.
        name: String,
    },
    /// The child process could not be started.
    #[error("The script's process could not be started from {}: {source}", program.display())]
    Start {
        /// The program that was to run.
        program: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The child process ended or answered in a way that it never should.
    #[error("The script's process failed: {how}")]
    ChildFailed {
        /// How it failed.
        how: String,
    },
}

impl ScriptError {
    /// Whether the fault lies with this program or its machine, and not with the script.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Start { .. } | Self::ChildFailed { .. })
    }
}

fn at_line(line: Option<u32>) -> String {
    line.map(|line| format!(" at line {line}"))
        .unwrap_or_default()
}

fn in_words(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        format!("{} ms", time.as_millis())
    }
}

fn size_in_words(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    match bytes {
        _ if bytes >= MIB && bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ if bytes >= KIB && bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_limit_in_words() {
        let cases = [
            (
                ScriptError::TimeLimit {
                    limit: Duration::from_secs(2),
                },
                "The script ran longer than 2 s and was stopped",
            ),
            (
                ScriptError::TimeLimit {
                    limit: Duration::from_millis(300),
                },
                "The script ran longer than 300 ms and was stopped",
            ),
            (
                ScriptError::MemoryLimit { limit: 64 << 20 },
                "The script needed more than 64 MiB of memory and was stopped",
            ),
            (
                ScriptError::OutputTooLarge { limit: 1500 },
                "The script's result is larger than 1500 bytes",
            ),
            (
                ScriptError::Thrown {
                    message: "no token".into(),
                    line: Some(3),
                },
                "The script failed at line 3: no token",
            ),
            (
                ScriptError::Thrown {
                    message: "no token".into(),
                    line: None,
                },
                "The script failed: no token",
            ),
        ];
        for (error, words) in cases {
            assert_eq!(error.to_string(), words);
        }
    }
}
