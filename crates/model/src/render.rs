//! A problem as plain text with the place underlined, for snapshots and logs.

use std::fmt::Write;

use crate::problem::{Problem, Severity};
use crate::read::Source;
use crate::text::Text;

/// The problem in words: code and message, place, the line with the place underlined, help.
#[must_use]
pub fn render(problem: &Problem, source: &Source) -> String {
    let text = Text::new(&source.text);
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let number = problem.line.to_string();
    let margin = " ".repeat(number.len());
    let line = text.line_at(problem.span.start);
    let indent: String = line
        .chars()
        .take(problem.column - 1)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let width = text
        .source()
        .get(problem.span.clone())
        .and_then(|place| place.lines().next())
        .map_or(1, |place| place.chars().count().max(1));
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{severity}[{}]: {}", problem.code, problem.message);
    let _ = writeln!(
        out,
        "{margin}--> {}:{}:{}",
        source.name, problem.line, problem.column
    );
    if line.len() <= LONGEST_LINE {
        let _ = writeln!(out, "{margin} |");
        let _ = writeln!(out, "{number} | {line}");
        let _ = writeln!(out, "{margin} | {indent}{}", "^".repeat(width));
    }
    let _ = writeln!(out, "{margin} = help: {}", problem.help);
    out
}

/// A longer line would hide the message rather than show the place.
const LONGEST_LINE: usize = 400;
