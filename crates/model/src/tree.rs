//! A definition as a tree whose every node knows its place in the text, built from YAML events.
//!
//! Built by hand rather than through serde, because every problem must name a line and column,
//! and because a text that unfolds (aliases) or nests without end must stop early.

use crate::code::Code;
use crate::report::Report;
use builder::{Builder, Stopped};

mod builder;
mod fault;
mod json;
mod node;
mod scalar;

pub(crate) use node::{Entry, Node, NodeValue};

/// The largest text that is read, in bytes.
pub(crate) const LARGEST_TEXT: usize = 1024 * 1024;
/// How deep maps and lists may nest.
pub(crate) const DEEPEST: usize = 64;
/// How many nodes a text may unfold to, aliases included.
pub(crate) const MOST_NODES: usize = 100_000;

/// Reads a text into its tree; none where it has no readable one. Duplicate keys are problems
/// that leave a tree behind, with the first of them.
pub(crate) fn parse(report: &mut Report<'_>) -> Option<Node> {
    match Builder::new(report).document() {
        Ok(Some(node)) => Some(node),
        Ok(None) => {
            let (code, what) = (Code::EmptyDefinition, Code::EmptyDefinition.what());
            report.add(code, 0..0, "", what, code.help());
            None
        }
        Err(Stopped) => None,
    }
}
