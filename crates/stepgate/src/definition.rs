//! Reads a definition from disk and says all that is wrong with it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use model::{Connector, Overrides, Problem, Reading, Severity, Source};
use serde_json::json;

use crate::arguments::{Everywhere, Format};
use crate::command::unprintable;
use crate::ending::Complaint;
use crate::terminal::Terminal;

/// One byte more than the reader takes, so that it refuses what is larger without our reading all of it.
const READ_AT_MOST: u64 = (1 << 20) + 1;

/// A definition that is fit to run, and its warnings. What makes it unfit is said.
pub(crate) fn load(
    everywhere: &Everywhere,
    terminal: Terminal,
    file: &Path,
) -> Result<(Connector, Vec<String>), Complaint> {
    let (source, reading) = read(everywhere, file)?;
    let said: Vec<String> = reading
        .problems
        .iter()
        .map(|problem| model::render(problem, &source))
        .collect();
    if let Some(connector) = reading.connector {
        return Ok((connector, said));
    }
    if terminal.format == Format::Text {
        for problem in &said {
            terminal.say(problem);
        }
    }
    let errors = reading
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let all = if errors == 1 {
        "one error".to_owned()
    } else {
        format!("{errors} errors")
    };
    let complaint = Complaint::usage(
        "definition",
        format!("{} has {all} and was not run", file.display()),
    );
    Err(match terminal.format {
        Format::Text => complaint,
        Format::Json => complaint.help(format!("stepgate check --format json {}", file.display())),
    })
}

/// Checks one file and prints what was found. True where it has no error.
pub(crate) fn check(
    everywhere: &Everywhere,
    terminal: Terminal,
    file: &Path,
) -> Result<bool, Complaint> {
    let (source, reading) = read(everywhere, file)?;
    let sound = reading.connector.is_some();
    let printed = match terminal.format {
        Format::Text => terminal.out(&text(file, &source, &reading)),
        Format::Json => terminal.out(
            &json!({
                "file": file,
                "ok": sound,
                "problems": reading.problems,
                "kept": reading.connector.as_ref().map(kept),
            })
            .to_string(),
        ),
    };
    printed.map_err(unprintable)?;
    Ok(sound)
}

fn read(everywhere: &Everywhere, file: &Path) -> Result<(Source, Reading), Complaint> {
    let name = file.display().to_string();
    let mut bytes = Vec::new();
    let outcome = if file.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(READ_AT_MOST)
            .read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|open| open.take(READ_AT_MOST).read_to_end(&mut bytes))
    };
    outcome
        .map_err(|error| Complaint::usage("unreadable", format!("cannot read {name}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Complaint::usage(
            "not_utf8",
            format!(
                "{name} is not UTF-8 text: byte {} is not",
                error.utf8_error().valid_up_to() + 1
            ),
        )
    })?;
    let source = Source::new(name, text);
    let overrides = Overrides {
        environment: everywhere.environment.clone(),
        set: everywhere.set.clone(),
    };
    let reading = model::read_with(&source, &overrides);
    Ok((source, reading))
}

fn text(file: &Path, source: &Source, reading: &Reading) -> String {
    let mut lines: Vec<String> = reading
        .problems
        .iter()
        .map(|problem| model::render(problem, source))
        .collect();
    let count = |severity: Severity| {
        reading
            .problems
            .iter()
            .filter(|problem: &&Problem| problem.severity == severity)
            .count()
    };
    lines.push(match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => format!("{}: ok", file.display()),
        (0, warnings) => format!("{}: ok, warnings: {warnings}", file.display()),
        (errors, warnings) => format!("{}: errors: {errors}, warnings: {warnings}", file.display()),
    });
    if let Some(connector) = &reading.connector {
        let kept = kept(connector);
        if !kept.is_empty() {
            lines.push(format!("  kept after sign-in: {}", kept.join(", ")));
        }
    }
    lines.join("\n")
}

/// The form fields that are stored after a sign-in.
fn kept(connector: &Connector) -> Vec<String> {
    connector
        .kept_fields()
        .iter()
        .map(|(step, field)| format!("{step}.{field}"))
        .collect()
}
