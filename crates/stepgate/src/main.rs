//! The stepgate binary: wiring and command line only.
//!
//! Layout:
//! - `arguments`: the command line; `ending`: exit statuses and what is said of a failure;
//! - `terminal`, `timeline`, `asking`, `exhibit`, `callback`: what a person sees and answers;
//! - `answers`, `secrets`, `definition`, `typed_body`: what is read before a command begins;
//! - `wiring`: joins the crates; `signing_in`, `calling`, `failing`: a sign-in and a call at the
//!   terminal, and their failures; `moment`: points in time as they are written;
//! - `sso_sign_in`, `sso_token_file`: who the user is, for flows that ask;
//! - `interrupt`: what Ctrl-C leaves behind; `command`: one file for each sub-command;
//! - `settings_file`, `sso_settings`, `logging`: what a server reads and writes beside its work; `served_folder`: which connectors it serves;
//!   `open_files`: how many connections the system lets it have; `variables`: slips in the environment;
//! - `demo`: the demonstration API that the binary carries; `demonstration`: that API behind a server.

mod answers;
mod arguments;
mod asking;
mod callback;
mod calling;
mod command;
mod definition;
mod demo;
mod demonstration;
mod ending;
mod exhibit;
mod failing;
mod interrupt;
mod logging;
mod moment;
mod open_files;
mod person;
mod secrets;
mod served_folder;
mod settings_file;
mod signing_in;
mod sso_settings;
mod sso_sign_in;
mod sso_token_file;
mod stepping_up;
mod terminal;
mod timeline;
mod typed_body;
mod variables;
mod wiring;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::arguments::{Arguments, Command, Format};
use crate::ending::Complaint;
use crate::interrupt::{PATIENCE, Screen, unless_stopped};
use crate::settings_file::SettingsFile;
use crate::terminal::Terminal;

/// Credentials stay for long among what each call needs for a moment: by the system's allocator on some platforms, half of
/// the memory is then gaps that many threads have left.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The hidden sub-command that is the script sandbox's child process.
pub(crate) const SCRIPT_CHILD: &str = "script-child";

fn main() -> ExitCode {
    // The sandbox's child must not start a runtime, or read anything, before it has limited itself.
    // It is no command of a person's, so neither help nor completions know it.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == SCRIPT_CHILD)
    {
        return script::child_main();
    }
    let arguments = match parse() {
        Ok(arguments) => arguments,
        Err(complaint) => return said(Terminal::new(Format::Text), complaint),
    };
    let terminal = Terminal::new(arguments.everywhere.format);
    let failed = |error| Complaint::ours("runtime", format!("cannot start: {error}"));
    let serves = matches!(arguments.command, Command::Serve(_));
    let json =
        matches!(&arguments.command, Command::Serve(serve) if serve.log_format == Format::Json);
    let runtime = match runtime(serves) {
        Ok(runtime) => runtime,
        Err(error) => return said(terminal, failed(error)),
    };
    if serves {
        // A server stops by itself when it is told to: calls under way come first.
        let outcome = runtime.block_on(command::run(arguments, terminal));
        runtime.shutdown_timeout(PATIENCE);
        return outcome.map_or_else(|complaint| logged(terminal, json, complaint), Into::into);
    }
    let screen = Screen::now();
    let outcome = runtime.block_on(unless_stopped(&screen, command::run(arguments, terminal)));
    // A look-up or a read that hangs must not hold up the end.
    runtime.shutdown_timeout(PATIENCE);
    match outcome {
        Ok(Ok(Ok(ending))) => ending.into(),
        Ok(Ok(Err(complaint))) => said(terminal, complaint),
        Ok(Err(stopped)) => {
            screen.restore();
            stopped.into()
        }
        Err(error) => said(terminal, failed(error)),
    }
}

/// Two threads do for a command; a server has one for each CPU.
fn runtime(serves: bool) -> std::io::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if !serves {
        builder.worker_threads(2);
    }
    builder.enable_all().build()
}

/// The command line, over what the settings file says. Mistakes of usage and `--help` end the process here.
fn parse() -> Result<Arguments, Complaint> {
    let arguments = Arguments::parse();
    let Some(path) = &arguments.everywhere.config else {
        return Ok(arguments);
    };
    let command = SettingsFile::read(path)?.defaults_of(Arguments::command());
    // Without the file the line was right, so what is wrong now is the file's.
    let matches = command
        .try_get_matches()
        .map_err(|error| settings_file::complaint(path, &error))?;
    Ok(Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()))
}

/// Why a server has ended, in the form of its log.
fn logged(terminal: Terminal, json: bool, complaint: Complaint) -> ExitCode {
    let ours = terminal.format == Format::Json || !json || !tracing::dispatcher::has_been_set();
    if ours {
        return said(terminal, complaint);
    }
    let help = complaint.help.as_deref().unwrap_or_default();
    tracing::error!(code = complaint.code, help, "{}", complaint.message);
    complaint.ending.into()
}

fn said(terminal: Terminal, complaint: Complaint) -> ExitCode {
    terminal.complain(&complaint);
    complaint.ending.into()
}
