//! The stepgate binary: wiring and command line only.
//!
//! Layout:
//! - `arguments`: the command line; `ending`: exit statuses and what is said of a failure;
//! - `terminal`, `timeline`, `asking`, `callback`: what a person sees and answers;
//! - `answers`, `secrets`, `definition`, `typed_body`: what is read before a command begins;
//! - `wiring`: joins the crates; `signing_in`, `calling`, `failing`: a sign-in and a call at the
//!   terminal, and their failures; `moment`: points in time as they are written;
//! - `interrupt`: what Ctrl-C leaves behind; `command`: one file for each sub-command; `demo`: the demonstration API that the binary carries.

mod answers;
mod arguments;
mod asking;
mod callback;
mod calling;
mod command;
mod definition;
mod demo;
mod ending;
mod failing;
mod interrupt;
mod moment;
mod secrets;
mod signing_in;
mod terminal;
mod timeline;
mod typed_body;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::ending::Complaint;
use crate::interrupt::{PATIENCE, Screen, unless_stopped};
use crate::terminal::Terminal;

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
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.everywhere.format);
    let failed = |error| Complaint::ours("runtime", format!("cannot start: {error}"));
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return said(terminal, failed(error)),
    };
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

fn said(terminal: Terminal, complaint: Complaint) -> ExitCode {
    terminal.complain(&complaint);
    complaint.ending.into()
}
