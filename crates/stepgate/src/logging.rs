//! What a server logs: lines on stderr, for people or for programs.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::arguments::Format;
use crate::ending::Complaint;

/// From here on warnings and what else `level` lets through are written.
///
/// # Errors
/// `level` is no level and no filter.
pub(crate) fn start(level: &str, format: Format) -> Result<(), Complaint> {
    let filter = EnvFilter::try_new(level).map_err(|error| {
        Complaint::usage("log_level", format!("cannot log at “{level}”: {error}"))
            .help("write error, warn, info, debug or trace, or a filter such as info,server=debug")
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let begun = match format {
        Format::Json => lines.json().flatten_event(true).try_init(),
        Format::Text => lines
            .with_target(false)
            .with_ansi(std::io::stderr().is_terminal())
            .try_init(),
    };
    begun.map_err(|error| Complaint::ours("log", format!("cannot log: {error}")))
}
