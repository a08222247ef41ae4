//! `stepgate keygen`: a new master key.

use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::terminal::Terminal;
use crate::wiring;

pub(crate) fn keygen(terminal: Terminal) -> Result<Ending, Complaint> {
    let key = store::generate_key(&wiring::random());
    terminal.out(key.reveal()).map_err(unprintable)?;
    Ok(Ending::Done)
}
