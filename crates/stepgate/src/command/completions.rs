//! `stepgate completions`: what a shell needs to complete this command line.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::terminal::Terminal;

pub(crate) fn completions(terminal: Terminal, shell: Shell) -> Result<Ending, Complaint> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "stepgate", &mut script);
    terminal.out_bytes(&script).map_err(unprintable)?;
    Ok(Ending::Done)
}
