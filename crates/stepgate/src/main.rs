//! The stepgate binary: wiring and command line only.
//!
//! Layout:
//! - `arguments`: the command line; `ending`: exit statuses and what is said of a failure;
//! - `terminal`, `timeline`, `asking`, `callback`: what a person sees and answers;
//! - `answers`, `secrets`, `definition`: what is read before a command begins;
//! - `wiring`: joins the crates; `signing_in`, `calling`, `failing`: a sign-in and a call at the
//!   terminal, and their failures; `moment`: points in time as they are written;
//! - `command`: one file for each sub-command; `demo`: the demonstration API that the binary carries.

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
mod moment;
mod secrets;
mod signing_in;
mod terminal;
mod timeline;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::ending::{Complaint, Ending};
use crate::terminal::Terminal;

/// The hidden sub-command that is the script sandbox's child process.
pub(crate) const SCRIPT_CHILD: &str = "script-child";
/// The customary status of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

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
    let outcome = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(until_interrupted(arguments, terminal)),
        Err(error) => Err(Complaint::ours("runtime", format!("cannot start: {error}"))),
    };
    match outcome {
        Ok(None) => ExitCode::from(INTERRUPTED),
        Ok(Some(ending)) => ending.into(),
        Err(complaint) => {
            terminal.complain(&complaint);
            complaint.ending.into()
        }
    }
}

/// Runs the command; `None` where Ctrl-C ended it. What is half done is dropped, and so undone.
async fn until_interrupted(
    arguments: Arguments,
    terminal: Terminal,
) -> Result<Option<Ending>, Complaint> {
    tokio::select! {
        outcome = command::run(arguments, terminal) => outcome.map(Some),
        _ = tokio::signal::ctrl_c() => Ok(None),
    }
}
