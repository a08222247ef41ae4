//! The child's side: confine yourself, read one job, answer it, end.

use std::process::ExitCode;

/// What the hidden sub-command calls, before anything else in the process opens a file or starts a
/// thread.
#[must_use]
pub fn child_main() -> ExitCode {
    ExitCode::FAILURE
}
