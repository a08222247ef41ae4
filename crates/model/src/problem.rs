//! A problem of a definition: what is wrong, where, and what to do.

use std::ops::Range;

use serde::Serialize;

/// One problem of a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether the definition can be used all the same.
    pub severity: Severity,
    /// A stable name, listed in the definition reference.
    pub code: &'static str,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Where the place ends: its line.
    pub end_line: usize,
    /// The column after its last character.
    pub end_column: usize,
    /// The place in the text, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The name that was probably meant, where one is near.
    pub nearest: Option<String>,
    /// The place in the definition: `auth_flow.steps[2].request.url`.
    pub path: String,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The definition cannot be used.
    Error,
    /// It can, but probably not as it was meant.
    Warning,
}
