//! `stepgate schema`: the JSON Schema of definitions, for editors.

use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::terminal::Terminal;

pub(crate) fn schema(terminal: Terminal) -> Result<Ending, Complaint> {
    terminal
        .out(&format!("{:#}", model::schema()))
        .map_err(unprintable)?;
    Ok(Ending::Done)
}
