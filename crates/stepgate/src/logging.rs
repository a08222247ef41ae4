//! What a server logs: lines on stderr, for people or for programs.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::arguments::Format;
use crate::ending::Complaint;

/// The crates whose lines are written at every level. Libraries that parse and send log what passes through them, tokens
/// included, when they are asked for details: of theirs only warnings are.
const OURS: [&str; 11] = [
    "secret",
    "template",
    "model",
    "outbound",
    "script",
    "flow",
    "store",
    "connection",
    "gateway",
    "server",
    "stepgate",
];

/// From here on warnings and what else `level` lets through are written.
///
/// # Errors
/// `level` is no level and no filter.
pub(crate) fn start(level: &str, format: Format) -> Result<(), Complaint> {
    let filter = EnvFilter::try_new(level).map_err(|error| {
        Complaint::usage("log_level", format!("cannot log at “{level}”: {error}"))
            .help("write error, warn, info, debug or trace, or a filter such as info,server=debug")
    })?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let ours = filter_fn(|event| *event.level() <= Level::WARN || is_ours(event.target()));
    let registry = tracing_subscriber::registry().with(filter);
    let begun = match format {
        Format::Json => registry
            .with(lines.json().flatten_event(true).with_filter(ours))
            .try_init(),
        Format::Text => registry
            .with(
                lines
                    .with_target(false)
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_filter(ours),
            )
            .try_init(),
    };
    begun.map_err(|error| Complaint::ours("log", format!("cannot log: {error}")))?;
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// A panic becomes a line as any other. Only words that stand in the program are written: others may hold a secret.
fn panicked(info: &PanicHookInfo<'_>) {
    let words = info.payload().downcast_ref::<&'static str>();
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().map(str::to_owned);
    tracing::error!(
        place,
        thread,
        words,
        "a task has failed, which is a mistake in Stepgate; the others go on"
    );
}

fn is_ours(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or_default();
    OURS.contains(&name)
}
