//! `stepgate check`: all that is wrong with definitions, in one pass.

use std::path::PathBuf;

use crate::arguments::Everywhere;
use crate::definition;
use crate::ending::{Complaint, Ending};
use crate::terminal::Terminal;

pub(crate) fn check(
    everywhere: &Everywhere,
    terminal: Terminal,
    files: &[PathBuf],
) -> Result<Ending, Complaint> {
    let mut ending = Ending::Done;
    for file in files {
        // One file that cannot be read does not hide what is wrong with the next.
        let sound = definition::check(everywhere, terminal, file).unwrap_or_else(|complaint| {
            terminal.complain(&complaint);
            false
        });
        if !sound {
            ending = Ending::Usage;
        }
    }
    Ok(ending)
}
